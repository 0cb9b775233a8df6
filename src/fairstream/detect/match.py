"""Finders: the nodes of the rule language, made ready to run on a reading."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any, Protocol, TypeVar

from fairstream.detect.needs import Groups, Pair, Requirement, Requirements, both, either
from fairstream.detect.reading import Hit, Reading, Taken, longest, without_inside

Key = TypeVar("Key")


class Finder(Protocol):
    """A node made ready: where it stands in a reading."""

    def find(self, reading: Reading) -> list[Hit]:
        """Hits in order of their start."""
        ...

    def needs(self) -> Requirements:
        """What must stand in a reading for it to match; one requirement for each alternative."""
        ...

    def anchor(self) -> Groups | None:
        """The groups whose literals are exactly its hits, or None when hits are made otherwise."""
        ...


@dataclass(frozen=True, slots=True)
class Terms:
    """Literals of some groups, those inside `outer` phrases left out, and pattern terms."""

    groups: tuple[int, ...]
    outer: tuple[int, ...] = ()
    patterns: tuple["Pattern", ...] = ()

    def find(self, reading: Reading) -> list[Hit]:
        group_of: dict[tuple[int, int], int] = {}
        for group in self.groups:
            for span in reading.spans(group):
                group_of.setdefault(span, group)
        for pattern in self.patterns:
            for hit in pattern.find(reading):
                group_of.setdefault((hit.start, hit.end), self.groups[0])
        if not group_of:
            return []
        kept = longest(list(group_of))
        outer = [span for group in self.outer for span in reading.spans(group)]
        if outer:
            kept = without_inside(kept, outer)
        return [Hit(start, end, ((group_of[start, end], start, end),)) for start, end in kept]

    def needs(self) -> Requirements:
        if len(self.patterns) == 1:
            return either([(Requirement(frozenset({frozenset(self.groups)})),), self.patterns[0].needs()])
        groups = (*self.groups, *(pattern.needed[0] for pattern in self.patterns))
        return (Requirement(frozenset({frozenset(groups)})),)

    def anchor(self) -> Groups | None:
        return None if self.patterns else frozenset(self.groups)


@dataclass(frozen=True, slots=True)
class Pattern:
    """An RE2 pattern, run only where a literal of each of the groups `needed` stands, rarest first."""

    regex: Any
    group: int
    needed: tuple[int, ...]

    def find(self, reading: Reading) -> list[Hit]:
        if not all(reading.spans(group) for group in self.needed):
            return []
        found = []
        for match in self.regex.finditer(reading.text):
            start, end = match.span()
            if end > start:
                found.append(Hit(start, end, ((self.group, start, end),)))
        return found

    def needs(self) -> Requirements:
        return (Requirement(frozenset(frozenset({group}) for group in self.needed)),)

    def anchor(self) -> Groups | None:
        return None


@dataclass(frozen=True, slots=True)
class InOrder:
    """Nodes in order; `gaps[i]` is the room between part i and i + 1 and whether it may cross a clause.

    `rarest` are the parts asked first, because they seldom stand anywhere.
    """

    parts: tuple[Finder, ...]
    gaps: tuple[tuple[int, bool], ...]
    rarest: tuple[Finder, ...] = ()

    def find(self, reading: Reading) -> list[Hit]:
        if not all(part.find(reading) for part in self.rarest):
            return []
        chains = self.parts[0].find(reading)
        for part, (gap, across) in zip(self.parts[1:], self.gaps, strict=True):
            if not chains:
                return []
            chains = _joined(chains, part.find(reading), gap, "sentence" if across else "clause", reading)
        return shortest(chains)

    def needs(self) -> Requirements:
        pairs = zip(pairwise(self.parts), self.gaps, strict=True)
        return _together(self.parts, [(a, b, gap, True) for (a, b), (gap, _) in pairs])

    def anchor(self) -> Groups | None:
        return None


@dataclass(frozen=True, slots=True)
class Near:
    """All nodes in any order, at most `within` characters between neighbours, in one scope."""

    parts: tuple[Finder, ...]
    within: int
    scope: str
    rarest: tuple[Finder, ...] = ()

    def find(self, reading: Reading) -> list[Hit]:
        if not all(part.find(reading) for part in self.rarest):
            return []
        found = [part.find(reading) for part in self.parts]
        if not all(found):
            return []
        return shortest(_gathered(found, self.within, self.scope, reading))

    def needs(self) -> Requirements:
        two = [(*self.parts, self.within, False)] if len(self.parts) == 2 else []
        return _together(self.parts, two)

    def anchor(self) -> Groups | None:
        return None


@dataclass(frozen=True, slots=True)
class Either:
    """One of the nodes; of overlapping hits the longest."""

    parts: tuple[Finder, ...]

    def find(self, reading: Reading) -> list[Hit]:
        hits = [hit for part in self.parts for hit in part.find(reading)]
        return widest(hits) if len(self.parts) > 1 else hits

    def needs(self) -> Requirements:
        return either(part.needs() for part in self.parts)

    def anchor(self) -> Groups | None:
        anchors = [part.anchor() for part in self.parts]
        return frozenset().union(*(a for a in anchors if a)) if all(a is not None for a in anchors) else None


@dataclass(frozen=True, slots=True)
class All:
    """All nodes anywhere in the reading; the hits are those of the first."""

    parts: tuple[Finder, ...]

    def find(self, reading: Reading) -> list[Hit]:
        if any(not part.find(reading) for part in self.parts[1:]):
            return []
        return self.parts[0].find(reading)

    def needs(self) -> Requirements:
        return _together(self.parts, [])

    def anchor(self) -> Groups | None:
        return self.parts[0].anchor()


@dataclass(frozen=True, slots=True)
class Edged:
    """A node that may not stand directly after or before another."""

    inner: Finder
    not_after: Finder | None
    not_before: Finder | None

    def find(self, reading: Reading) -> list[Hit]:
        hits = self.inner.find(reading)
        if hits and self.not_after is not None:
            ends = {hit.end for hit in self.not_after.find(reading)}
            hits = [hit for hit in hits if hit.start not in ends]
        if hits and self.not_before is not None:
            starts = {hit.start for hit in self.not_before.find(reading)}
            hits = [hit for hit in hits if hit.end not in starts]
        return hits

    def needs(self) -> Requirements:
        return self.inner.needs()

    def anchor(self) -> Groups | None:
        return self.inner.anchor()


@dataclass(frozen=True, slots=True)
class Shared:
    """A finder whose result is kept in the reading, because several rules ask for it."""

    number: int
    inner: Finder

    def find(self, reading: Reading) -> list[Hit]:
        found = reading.found.get(self.number)
        if found is None:
            found = reading.found[self.number] = self.inner.find(reading)
        return found

    def needs(self) -> Requirements:
        return self.inner.needs()

    def anchor(self) -> Groups | None:
        return self.inner.anchor()


def alternatives_of(finder: Finder) -> tuple[Finder, ...]:
    """The nodes of which one must match, so that each can be gated for itself."""
    inner = finder.inner if isinstance(finder, Shared) else finder
    return inner.parts if isinstance(inner, Either) else (finder,)


def _together(parts: Sequence[Finder], close: Sequence[tuple[Finder, Finder, int, bool]]) -> Requirements:
    """All parts must match, and neighbours whose hits are plain literals must stand close."""
    found: Requirements = (Requirement(),)
    for part in parts:
        found = both(found, part.needs())
    pairs = []
    for first, second, gap, ordered in close:
        a, b = first.anchor(), second.anchor()
        if a is not None and b is not None:
            pairs.append(Pair(a, b, gap, ordered))
    return both(found, (Requirement(pairs=frozenset(pairs)),))


def _joined(chains: list[Hit], nexts: list[Hit], gap: int, scope: str, reading: Reading) -> list[Hit]:
    """Each chain with each hit that may follow it; of those that end together only the shortest."""
    joined: dict[int, Hit] = {}
    for chain in chains:
        for index in range(bisect_left(nexts, chain.end, key=itemgetter(0)), len(nexts)):
            hit = nexts[index]
            if hit.start - chain.end > gap:
                break
            if not reading.broken(chain.end, hit.start, scope):
                _keep_shortest(joined, hit.end, chain, hit)
    return list(joined.values())


def _gathered(found: Sequence[list[Hit]], within: int, scope: str, reading: Reading) -> list[Hit]:
    """One hit of each list, in any order, neighbours close; of those that end together only the shortest."""
    every = (1 << len(found)) - 1
    places = sorted((hit, 1 << part) for part, hits in enumerate(found) for hit in hits)
    open_: dict[tuple[int, int], Hit] = {}
    whole: dict[int, Hit] = {}
    for hit, bit in places:
        open_ = {key: chain for key, chain in open_.items() if chain.end >= hit.start - within}
        longer: dict[tuple[int, int], Hit] = {(bit, hit.end): hit}
        for (parts, end), chain in open_.items():
            if parts & bit or end > hit.start or reading.broken(end, hit.start, scope):
                continue
            if parts | bit == every:
                _keep_shortest(whole, hit.end, chain, hit)
            else:
                _keep_shortest(longer, (parts | bit, hit.end), chain, hit)
        for key, chain in longer.items():
            if key not in open_ or open_[key].start < chain.start:
                open_[key] = chain
    return list(whole.values())


def _keep_shortest(kept: dict[Key, Hit], key: Key, chain: Hit, hit: Hit) -> None:
    """Of chains that end together keep the one that begins last: a longer one is never chosen over it."""
    if key not in kept or kept[key].start < chain.start:
        kept[key] = _merged((chain, hit))


def _merged(hits: Iterable[Hit]) -> Hit:
    ordered = list(hits)
    parts = tuple(part for hit in ordered for part in hit.parts)
    return Hit(ordered[0].start, max(hit.end for hit in ordered), parts)


def shortest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits that do not overlap, the shortest first chosen; in order of start."""
    return _apart(sorted(hits, key=lambda h: (h.end - h.start, h.start)))


def widest(hits: Iterable[Hit]) -> list[Hit]:
    """Hits that do not overlap, the longest first chosen; in order of start."""
    return _apart(sorted(hits, key=lambda h: (h.start - h.end, h.start)))


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    taken = Taken()
    return sorted(hit for hit in hits if taken.take(hit.start, hit.end))
