"""Where the literals of a group stand in a text, searched only when a candidate rule asks."""

from collections.abc import Callable, Sequence

import daachorse

from fairstream.detect.compile import Compiled
from fairstream.detect.reading import Known, Reading, Spans

FEW = 6
"""Up to so many literals are searched one by one; more get an automaton."""


class Lookup:
    """Searches for every group of literals, each made ready when it is first asked for."""

    def __init__(self, compiled: Compiled) -> None:
        self._literals: list[list[str]] = [[] for _ in compiled.names]
        for literal, groups in zip(compiled.literals, compiled.groups_of, strict=True):
            for group in groups:
                self._literals[group].append(literal)
        self._searches: dict[int, Callable[[str], Spans]] = {}
        self._white = compiled.white

    def reading(self, text: str, known: Sequence[Known], covered: frozenset[int]) -> Reading:
        """The text, ready to be asked where groups of literals stand; those of `covered` are known."""
        return Reading(text, self._spans, self._white, known, covered)

    def _spans(self, text: str, group: int) -> Spans:
        search = self._searches.get(group)
        if search is None:
            search = self._searches[group] = _search(self._literals[group])
        return search(text)


def _search(literals: Sequence[str]) -> Callable[[str], Spans]:
    if len(literals) <= FEW:
        return lambda text: sorted(span for literal in literals for span in _each(text, literal))
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(literals))

    def search(text: str) -> Spans:
        return sorted((start, end) for start, end, _ in automaton.find_overlapping(text))

    return search


def _each(text: str, literal: str) -> Spans:
    found: Spans = []
    at = text.find(literal)
    while at >= 0:
        found.append((at, at + len(literal)))
        at = text.find(literal, at + 1)
    return found
