"""Very long texts in pieces, so that memory stays bounded whatever comes in."""

import re
from collections.abc import Iterator
from dataclasses import replace

from fairstream.records import Finding, Span, Text

MOST_CHARACTERS = 100_000
"""Longer texts are cut at the last sentence end before this many characters."""

OVERLAP = 200
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
            following = end if ends else end - OVERLAP
        yield begin, replace(text, text=words[begin:end])
        if end >= len(words):
            return
        begin = following


def joined(parts: list[tuple[int, list[Finding]]]) -> list[Finding]:
    """Findings of the pieces of one text, moved to its offsets, those of the overlaps once."""
    found: dict[tuple[str, int, int], Finding] = {}
    for offset, findings in parts:
        for finding in findings:
            span = Span(finding.span.start + offset, finding.span.end + offset)
            found.setdefault((finding.rule, span.start, span.end), replace(finding, span=span))
    return sorted(found.values(), key=lambda finding: (finding.span, finding.rule))
