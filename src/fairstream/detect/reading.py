"""One reading of one text, with the literals that stand in it: what a rule is evaluated against."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from fairstream.text.fold import CLAUSE_MARKS, SENTENCE_MARKS

_BREAKS = {
    "clause": re.compile(f"[{re.escape(CLAUSE_MARKS + SENTENCE_MARKS)}]"),
    "sentence": re.compile(f"[{re.escape(SENTENCE_MARKS)}]"),
}


Spans = list[tuple[int, int]]
Known = tuple[int, int, frozenset[int]]
"""A literal that was found already: begin, end, groups."""


class Hit(NamedTuple):
    """A match: half-open offsets into the reading and the concepts that made it.

    `parts` are (group, start, end): which lexicon or phrase list stood where.
    """

    start: int
    end: int
    parts: tuple[tuple[int, int, int], ...]


class Reading:
    """Folded text of one reading, and what was already found in it.

    `known` are the literals of the groups in `covered`; `search` tells where the literals of any other group
    stand. `white` is the group of white-list phrases: a shorter hit inside one does not count. `found`
    remembers the result of every shared finder, so that ten rules pay once for a guard.
    """

    __slots__ = ("_covered", "_known", "_search", "_shield", "_spans", "_white", "found", "text")

    def __init__(
        self,
        text: str,
        search: Callable[[str, int], Spans],
        white: int,
        known: Sequence[Known] = (),
        covered: frozenset[int] = frozenset(),
    ) -> None:
        self.text = text
        self.found: dict[int, list[Hit]] = {}
        self._search = search
        self._known = known
        self._covered = covered
        self._spans: dict[int, Spans] = {}
        self._white = white
        self._shield: Spans | None = None

    def spans(self, group: int) -> Spans:
        """Where the literals of a group stand, in order of their start."""
        found = self._spans.get(group)
        if found is None:
            found = self._all(group)
            if found:
                found = self._unshielded(found)
            self._spans[group] = found
        return found

    def _all(self, group: int) -> Spans:
        if group in self._covered:
            return [(start, end) for start, end, groups in self._known if group in groups]
        return self._search(self.text, group)

    def _unshielded(self, spans: Spans) -> Spans:
        if self._shield is None:
            self._shield = longest(self._all(self._white))
        shield = self._shield
        if not shield:
            return spans
        return [span for span in spans if _cover(*span, shield) in (None, span)]

    def broken(self, start: int, end: int, scope: str) -> bool:
        """Whether a mark that ends the scope stands between two offsets."""
        return start < end and scope != "text" and _BREAKS[scope].search(self.text, start, end) is not None


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
    kept = longest(outer)
    return [span for span in spans if _cover(*span, kept) is None]


def _cover(start: int, end: int, outer: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """The span of `outer` that a span lies in; `outer` are in order and not inside one another."""
    at = bisect_left(outer, end, key=itemgetter(1))
    return outer[at] if at < len(outer) and outer[at][0] <= start else None


def around(hits: Sequence[Hit], low: int, high: int) -> Iterator[Hit]:
    """Hits that end at `low` or later and start at `high` or earlier.

    Hits of a finder never lie inside one another, so their ends are in order as their starts are.
    """
    for index in range(bisect_left(hits, low, key=itemgetter(1)), len(hits)):
        if hits[index].start > high:
            return
        yield hits[index]


class Taken:
    """Spans that do not overlap; a further one is taken only where it is free."""

    def __init__(self) -> None:
        self._spans: list[tuple[int, int]] = []

    def take(self, start: int, end: int) -> bool:
        """Take the span; False when a part of it is taken already."""
        at = bisect_left(self._spans, (start, end))
        if at and self._spans[at - 1][1] > start:
            return False
        if at < len(self._spans) and self._spans[at][0] < end:
            return False
        self._spans.insert(at, (start, end))
        return True
