"""One reading of one text, with the literals that stand in it: what a rule is evaluated against."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from fairstream.text.fold import CLAUSE_MARKS, SENTENCE_MARKS

_CLAUSE_ENDS = frozenset(CLAUSE_MARKS) | frozenset(SENTENCE_MARKS)
_SENTENCE_ENDS = frozenset(SENTENCE_MARKS)
BREAKS = {"clause": _CLAUSE_ENDS, "sentence": _SENTENCE_ENDS, "text": frozenset[str]()}


class Hit(NamedTuple):
    """A match: half-open offsets into the reading and the concepts that made it.

    `parts` are (group, start, end): which lexicon or phrase list stood where.
    """

    start: int
    end: int
    parts: tuple[tuple[int, int, int], ...]


@dataclass(slots=True)
class Reading:
    """Folded text of one reading, where the groups of literals stand, and what was already found.

    `spans` are in order of their start. `found` remembers the result of every shared finder, so that
    ten rules pay once for a guard.
    """

    text: str
    spans: Mapping[int, Sequence[tuple[int, int]]]
    found: dict[int, list[Hit]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, text: str, literals: Iterable[tuple[int, int, Sequence[int]]], white: Sequence[tuple[int, int]]
    ) -> "Reading":
        """From literals (start, end, groups) in order of start.

        `white` are spans of white-list phrases: a shorter hit inside one does not count.
        """
        spans: dict[int, list[tuple[int, int]]] = {}
        for start, end, groups in literals:
            if white and any(s <= start and end <= e and end - start < e - s for s, e in white):
                continue
            for group in groups:
                spans.setdefault(group, []).append((start, end))
        return cls(text, spans)

    def broken(self, start: int, end: int, scope: str) -> bool:
        """Whether a mark that ends the scope stands between two offsets."""
        ends = BREAKS[scope]
        return bool(ends) and any(character in ends for character in self.text[start:end])


def longest(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that do not lie inside another one, in order, once each."""
    kept: list[tuple[int, int]] = []
    for start, end in sorted(set(spans), key=lambda span: (span[0], -span[1])):
        if not kept or end > kept[-1][1]:
            kept.append((start, end))
    return kept


def without_inside(
    spans: Sequence[tuple[int, int]], outer: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Spans that do not lie inside a span of `outer`."""
    return [span for span in spans if not any(o[0] <= span[0] and span[1] <= o[1] for o in outer)]
