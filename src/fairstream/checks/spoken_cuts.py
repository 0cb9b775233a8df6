"""Numbers cut across subtitle cues: 今天只要三百 | 九十八 is 398, neither 300 nor 98."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from fairstream.checks.scene import Hit, Scene, Wording
from fairstream.records import Span, Utterance

MOST_GAP_MS: Final = 1500
"""A cue that begins so long after the one before does not go on with its number: a design choice."""
_NUMERALS: Final = "0-9０-９零〇一二两兩三四五六七八九十百千万萬点點"
_TAIL: Final = re.compile(rf"[{_NUMERALS}]+(?=\s*\Z)")
_HEAD: Final = re.compile(rf"\s*[{_NUMERALS}块塊元]+")
_DIGIT: Final = re.compile("[0-9０-９]")
_ENDED: Final = re.compile("[一二三四五六七八九]")
"""What a number said in full may end in; after 百 or 点 more is to come."""


@dataclass(frozen=True, slots=True)
class _Chain:
    """Utterances of one breath whose numbers run on; `starts` is where each begins in `text`."""

    pieces: tuple[Wording, ...]
    starts: tuple[int, ...]
    text: str


class Cuts:
    """The places of a broadcast where a number may run on from one utterance into the next.

    `amount` is the pattern of a number with what belongs to it.
    """

    def __init__(self, scene: Scene, amount: re.Pattern[str]) -> None:
        self._scene = scene
        self._amount = amount
        self._chains = tuple(_chains(scene))
        self._of_unit = {piece.unit: chain for chain in self._chains for piece in chain.pieces}

    def whole(self, hit: Hit) -> bool:
        """Whether the words found are a number by themselves, not a piece of one that is cut."""
        chain = self._of_unit.get(hit.wording.unit) if hit.wording.medium == "speech" else None
        if chain is None:
            return True
        number = chain.pieces.index(hit.wording)
        text = hit.wording.text
        head = _HEAD.match(text) if number else None
        if head and hit.span.start < head.end():
            return False
        tail = _TAIL.search(text) if number < len(chain.pieces) - 1 else None
        if not tail or hit.span.end <= tail.start():
            return True
        seam = chain.starts[number + 1]
        crossed = any(at is chain and span.start < seam < span.end for at, _, span in self._found)
        return not crossed and _ENDED.match(chain.text[seam - 1]) is not None

    def joined(self) -> Iterator[tuple[Hit, tuple[Hit, ...]]]:
        """Numbers that join: where they begin, to be read in the text as one, and where they go on.

        Two figures side by side may be two prices, so they are not joined.
        """
        for chain, hit, span in self._found:
            seams = [start for start in chain.starts if span.start < start < span.end]
            if seams and not any(_figures(chain.text, seam) for seam in seams):
                first, *rest = _pieces(hit, chain, span)
                yield first, tuple(rest)

    @cached_property
    def _found(self) -> list[tuple[_Chain, Hit, Span]]:
        """The numbers in the texts as one."""
        texts = tuple(Utterance(str(number), chain.text) for number, chain in enumerate(self._chains))
        joint = Scene(replace(self._scene.broadcast, utterances=texts, screen=(), listings=()))
        found = joint.find(self._amount) if texts else ()
        return [(self._chains[int(hit.wording.unit)], hit, hit.span) for hit in found]


def _chains(scene: Scene) -> Iterator[_Chain]:
    """The stretches of utterances whose numbers may run on, customers' words left out."""
    said = iter([wording for wording in scene.wordings if wording.medium == "speech"])
    before: Utterance | None = None
    pieces: list[Wording] = []
    for utterance in scene.broadcast.utterances:
        if before is None or not _runs_on(before, utterance):
            if len(pieces) > 1:
                yield _chain(pieces)
            pieces = []
        pieces += [next(said)] if utterance.speaker != "customer" else []
        before = utterance
    if len(pieces) > 1:
        yield _chain(pieces)


def _runs_on(before: Utterance, after: Utterance) -> bool:
    """Whether the number at the end of an utterance may go on in the next."""
    if before.end_ms is None or after.start_ms is None or after.start_ms - before.end_ms >= MOST_GAP_MS:
        return False
    same = (before.speaker, before.speaker_name) == (after.speaker, after.speaker_name)
    return same and bool(_TAIL.search(before.text)) and bool(_HEAD.match(after.text))


def _chain(pieces: list[Wording]) -> _Chain:
    starts, text = [], ""
    for piece in pieces:
        starts.append(len(text))
        text += piece.text.strip()
    return _Chain(tuple(pieces), tuple(starts), text)


def _figures(text: str, seam: int) -> bool:
    return all(_DIGIT.fullmatch(text[at]) for at in (seam - 1, seam))


def _pieces(hit: Hit, chain: _Chain, span: Span) -> Iterator[Hit]:
    """The words of a joined number in each utterance, as published."""
    ends = (*chain.starts[1:], len(chain.text))
    for wording, start, end in zip(chain.pieces, chain.starts, ends, strict=True):
        low, high = max(span.start, start), min(span.end, end)
        if low < high:
            shift = len(wording.text) - len(wording.text.lstrip()) - start
            here = Span(low + shift, high + shift)
            yield Hit(wording, hit.match, here, wording.text[here.start : here.end])
