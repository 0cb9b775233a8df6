"""The gate: which rules may match in which readings, decided for a whole batch at once.

Literals of two or more characters are found by one automaton, those of one character by a table of
characters: they stand in almost every text and would drown the rest. An alternative of a rule is a
candidate for a reading when one of its requirements holds there: a literal of each needed group, and
the neighbours close enough. Python then touches only candidates.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

import daachorse
import numpy as np
import numpy.typing as npt

from fairstream.detect.compile import Compiled
from fairstream.detect.needs import Groups, Pair, Requirement
from fairstream.detect.reading import Known
from fairstream.text.fold import FoldedBatch

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hits:
    """Hits of the automaton over a folded batch in order of begin: literal, begin, end, reading."""

    literal: Int
    start: Int
    end: Int
    reading: Int

    @classmethod
    def of(cls, matches: Sequence[tuple[int, int, int]], bounds: Int) -> "Hits":
        """From the automaton's (start, end, literal) and the readings' bounds."""
        flat = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches))
        table = flat.reshape(-1, 3)
        table = table[np.argsort(table[:, 0], kind="stable")]
        reading = np.searchsorted(bounds, table[:, 0], side="right") - 1
        return cls(table[:, 2].copy(), table[:, 0].copy(), table[:, 1].copy(), reading)


class Gate:
    """Candidate (rule, alternative) of the readings of a batch.

    `groups` are those whose literals the gate finds completely: none of them has one character.
    """

    def __init__(self, compiled: Compiled) -> None:
        short = _short_groups(compiled)
        self._units = [(r, a) for r, rule in enumerate(compiled.rules) for a in range(len(rule.needs))]
        self._needs = [
            [_gated(need, short) for need in compiled.rules[rule].needs[alternative]]
            for rule, alternative in self._units
        ]
        needed = sorted({compiled.white, *_groups(need for needs in self._needs for need in needs)})
        self.groups = frozenset(needed) - short
        self._row_of = {group: row for row, group in enumerate(needed)}
        rows = {
            literal: own
            for literal, groups in zip(compiled.literals, compiled.groups_of, strict=True)
            if len(literal) > 1 and (own := [self._row_of[g] for g in groups if g in self._row_of])
        }
        self._groups_of = [frozenset(needed[row] for row in own) for own in rows.values()]
        self._begin = np.concatenate([[0], np.cumsum([len(own) for own in rows.values()])]).astype(np.int64)
        self._rows = np.array([row for own in rows.values() for row in own], dtype=np.uint16)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(rows)) if rows else None
        self._characters = Characters(compiled, short & frozenset(needed))

    def hits(self, batch: FoldedBatch) -> Hits:
        """Where the longer literals of the rules stand in a batch."""
        matches = self._automaton.find_overlapping(batch.text) if self._automaton else []
        return Hits.of(matches, batch.bounds)

    def known(self, hits: Hits, part: slice, offset: int) -> list[Known]:
        """The hits of one reading, in order of begin; `offset` is where the reading begins."""
        starts, ends = (hits.start[part] - offset).tolist(), (hits.end[part] - offset).tolist()
        groups_of = self._groups_of
        groups = [groups_of[literal] for literal in hits.literal[part].tolist()]
        return list(zip(starts, ends, groups, strict=True))

    def candidates(self, batch: FoldedBatch, hits: Hits, takes: Bool) -> list[tuple[int, int, int]]:
        """(reading, rule, alternative) to evaluate, in this order; `takes` is rules × readings."""
        places = _Places(hits, self._begin, self._rows, self._row_of, self._characters.present(batch))
        found: list[tuple[int, int, int]] = []
        for number, (rule, alternative) in enumerate(self._units):
            open_ = places.meet(self._needs[number])
            if open_ is None:
                continue
            open_ &= takes[rule]
            found += [(reading, rule, alternative) for reading in np.flatnonzero(open_).tolist()]
        found.sort()
        return found


class Characters:
    """Which groups have a one-character literal in a reading: each group is a bit, each character a mask."""

    def __init__(self, compiled: Compiled, groups: frozenset[int]) -> None:
        self._bit = {group: bit for bit, group in enumerate(sorted(groups))}
        self._tables = np.zeros((max(1, -(-len(groups) // 64)), 0x10000), dtype=np.uint64)
        for literal, own in zip(compiled.literals, compiled.groups_of, strict=True):
            for group in own if len(literal) == 1 and ord(literal) < 0x10000 else ():
                if group in self._bit:
                    word, bit = divmod(self._bit[group], 64)
                    self._tables[word, ord(literal)] |= np.uint64(1 << bit)

    def present(self, batch: FoldedBatch) -> "Present":
        """The masks of every reading of a batch."""
        codes = np.minimum(batch.codes, np.uint32(0xFFFF))
        masks = [np.bitwise_or.reduceat(table[codes], batch.bounds[:-1]) for table in self._tables]
        return Present(masks, self._bit)


@dataclass(frozen=True)
class Present:
    """Masks of the readings of one batch."""

    masks: list[npt.NDArray[np.uint64]]
    bit: dict[int, int]

    def groups(self) -> set[int]:
        """The groups that have a one-character literal somewhere in the batch."""
        whole = [int(np.bitwise_or.reduce(mask)) if len(mask) else 0 for mask in self.masks]
        return {group for group, bit in self.bit.items() if whole[bit // 64] >> (bit % 64) & 1}

    def mark(self, table: Bool, groups: Groups) -> None:
        """Mark the readings that hold a one-character literal of one of the groups."""
        for group in groups:
            if group in self.bit:
                word, bit = divmod(self.bit[group], 64)
                table |= (self.masks[word] & np.uint64(1 << bit)) != 0


def _short_groups(compiled: Compiled) -> frozenset[int]:
    """Groups with a one-character literal."""
    pairs = zip(compiled.literals, compiled.groups_of, strict=True)
    return frozenset(group for literal, groups in pairs if len(literal) < 2 for group in groups)


def _gated(requirement: Requirement, short: frozenset[int]) -> Requirement:
    """A requirement without the pairs whose places the gate does not know."""
    pairs = (pair for pair in requirement.pairs if not (pair.first | pair.second) & short)
    return Requirement(requirement.groups, frozenset(pairs))


class _Places:
    """Where the needed groups stand in one batch; answers are remembered while the batch lasts."""

    def __init__(
        self,
        hits: Hits,
        begin: Int,
        rows: npt.NDArray[np.uint16],
        row_of: dict[int, int],
        characters: Present,
    ) -> None:
        first, last = begin[hits.literal], begin[hits.literal + 1]
        many = last - first
        offset = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]) if len(many) else many, many)
        row = rows[offset + np.arange(len(offset))]
        order = np.argsort(row, kind="stable")
        hit = np.repeat(np.arange(len(many)), many)[order]
        self._start, self._end, self._reading = hits.start[hit], hits.end[hit], hits.reading[hit]
        self._bounds = np.searchsorted(row[order], np.arange(len(row_of) + 1))
        self._row_of = row_of
        self._characters = characters
        self._readings = len(characters.masks[0])
        counts = np.diff(self._bounds)
        self._live = {group for group, at in row_of.items() if counts[at]} | characters.groups()
        self._present: dict[Groups, Bool] = {}
        self._close: dict[Pair, Bool] = {}

    def meet(self, needs: Iterable[Requirement]) -> Bool | None:
        """Readings in which one of the requirements holds; None when the batch lacks what they need."""
        open_: Bool | None = None
        for requirement in needs:
            if any(groups.isdisjoint(self._live) for groups in requirement.groups):
                continue
            met = self._meets(requirement)
            open_ = met if open_ is None else open_ | met
        return open_

    def _meets(self, requirement: Requirement) -> Bool:
        open_ = np.ones(self._readings, dtype=np.bool_)
        for groups in requirement.groups:
            open_ &= self.present(groups)
            if not open_.any():
                return open_
        for pair in requirement.pairs:
            open_ &= self.close(pair)
        return open_

    def present(self, groups: Groups) -> Bool:
        """Readings in which a literal of one of the groups stands."""
        if groups not in self._present:
            table = np.zeros(self._readings, dtype=np.bool_)
            for part in self._parts(groups):
                table[self._reading[part]] = True
            self._characters.mark(table, groups)
            self._present[groups] = table
        return self._present[groups]

    def close(self, pair: Pair) -> Bool:
        """Readings in which the pair stands close enough."""
        if pair not in self._close:
            table = np.zeros(self._readings, dtype=np.bool_)
            for first in self._parts(pair.first):
                for second in self._parts(pair.second):
                    self._mark(table, first, second, pair.gap)
                    if not pair.ordered:
                        self._mark(table, second, first, pair.gap)
            self._close[pair] = table
        return self._close[pair]

    def _mark(self, table: Bool, first: slice, second: slice, gap: int) -> None:
        ends, starts = self._end[first], self._start[second]
        if not len(ends) or not len(starts):
            return
        following = np.searchsorted(starts, ends)
        inside = following < len(starts)
        near = starts[np.minimum(following, len(starts) - 1)] - ends <= gap
        table[self._reading[first][inside & near]] = True

    def _parts(self, groups: Groups) -> list[slice]:
        rows = [self._row_of[group] for group in groups]
        return [slice(int(self._bounds[row]), int(self._bounds[row + 1])) for row in rows]


def _groups(requirements: Iterable[Requirement]) -> Iterable[int]:
    for requirement in requirements:
        for groups in requirement.groups:
            yield from groups
        for pair in requirement.pairs:
            yield from pair.first
            yield from pair.second
