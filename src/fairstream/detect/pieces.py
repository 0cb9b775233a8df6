"""Very long texts in pieces, so that memory stays bounded whatever comes in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from fairstream.records import Finding, Sound, Span, Text

MOST_CHARACTERS = 100_000
"""Longer texts are cut at the last sentence end before this many characters."""

OVERLAP = 400
"""Where there is no sentence end, pieces overlap so that no phrase is cut in two."""

_SENTENCE_END = re.compile(r"[。！？；!?;\n]")


def pieces(text: Text) -> Iterator[tuple[int, Text]]:
    """The text in pieces, each with its offset; one piece when it is short.

    Conditions over the whole text see only their piece.
    """
    words = text.text
    if len(words) <= MOST_CHARACTERS:
        yield 0, text
        return
    begin = 0
    while begin < len(words):
        end = min(begin + MOST_CHARACTERS, len(words))
        following = end
        if end < len(words):
            ends = [match.end() for match in _SENTENCE_END.finditer(words, end - MOST_CHARACTERS // 10, end)]
            end = ends[-1] if ends else end
            following = end if ends else max(end - OVERLAP, begin + 1)
        yield begin, _piece(text, begin, end)
        if end >= len(words):
            return
        begin = following


def _piece(text: Text, begin: int, end: int) -> Text:
    """A stretch of a text with what was heard in it, on its own offsets."""
    return replace(
        text,
        text=text.text[begin:end],
        sounds=_moved(text.sounds, begin, end),
        spotted=_moved(text.spotted, begin, end),
    )


def _moved(sounds: Sequence[Sound], begin: int, end: int) -> tuple[Sound, ...]:
    return tuple(
        sound._replace(span=Span(sound.span.start - begin, sound.span.end - begin))
        for sound in sounds
        if begin <= sound.span.start <= sound.span.end <= end
    )


def joined(parts: Sequence[tuple[int, Text, list[Finding]]]) -> list[Finding]:
    """Findings of the pieces of one text, moved to its offsets.

    Of two pieces that overlap the first answers for the first half of the overlap, the second for the
    rest, so that each finding was judged with the words on both sides of it.
    """
    found = []
    begins = [0, *(_border(left, right) for left, right in pairwise(parts)), None]
    for (offset, _, findings), (begin, end) in zip(parts, pairwise(begins), strict=True):
        for finding in findings:
            start = finding.span.start + offset
            if start >= (begin or 0) and (end is None or start < end):
                found.append(replace(finding, span=Span(start, finding.span.end + offset)))
    return sorted(found, key=lambda finding: (finding.span, finding.rule))


def _border(left: tuple[int, Text, list[Finding]], right: tuple[int, Text, list[Finding]]) -> int:
    """Where the answer passes from one piece to the next."""
    return (left[0] + len(left[1].text) + right[0]) // 2
