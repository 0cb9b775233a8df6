"""The gate: which rules may match in which readings, decided for a whole batch at once.

Only literals that tell something are looked for here: of what a rule cannot do without, the groups
with no one-character literal, if there are any. Their hits become positions per group; a rule is a
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
    """Candidate (rule, reading) pairs of a batch."""

    def __init__(self, compiled: Compiled) -> None:
        common = _common_groups(compiled)
        self._units = [(r, a) for r, rule in enumerate(compiled.rules) for a in range(len(rule.needs))]
        whole = [compiled.rules[rule].needs[alternative] for rule, alternative in self._units]
        self._needs = [[_telling(need, common) for need in needs] for needs in whole]
        self._common = Common(compiled, common, whole)
        needed = sorted(
            {compiled.white, *_groups(requirement for needs in self._needs for requirement in needs)}
        )
        self.groups = frozenset(needed)
        self._row_of = {group: row for row, group in enumerate(needed)}
        rows = {
            literal: own
            for literal, groups in zip(compiled.literals, compiled.groups_of, strict=True)
            if (own := [self._row_of[group] for group in groups if group in self._row_of])
        }
        self._groups_of = [frozenset(needed[row] for row in own) for own in rows.values()]
        self._begin = np.concatenate([[0], np.cumsum([len(own) for own in rows.values()])]).astype(np.int64)
        self._rows = np.array([row for own in rows.values() for row in own], dtype=np.uint16)
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(rows)) if rows else None

    def hits(self, batch: FoldedBatch) -> Hits:
        """Where the telling literals of the rules stand in a batch."""
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
        places = _Places(hits, self._begin, self._rows, self._row_of, len(batch))
        common = self._common.present(batch)
        found: list[tuple[int, int, int]] = []
        for number, (rule, alternative) in enumerate(self._units):
            open_ = np.zeros(len(batch), dtype=np.bool_)
            for index, need in enumerate(self._needs[number]):
                open_ |= common.meets(number, index, places.meets(need))
            open_ &= takes[rule]
            found += [(reading, rule, alternative) for reading in np.flatnonzero(open_).tolist()]
        found.sort()
        return found


class Common:
    """Whether a literal of a common group can stand in a reading: told by characters alone.

    Each common group has a bit; a character has the bits of the groups of which it begins a literal. The
    bits of all characters of a reading together tell which groups may stand there.
    """

    def __init__(
        self, compiled: Compiled, common: frozenset[int], needs: Sequence[Sequence[Requirement]]
    ) -> None:
        used = sorted({g for own in needs for need in own for groups in need.groups for g in groups} & common)
        self._bit = {group: bit for bit, group in enumerate(used)}
        self._tables = np.zeros((max(1, -(-len(used) // 64)), 0x10000), dtype=np.uint64)
        for literal, groups in zip(compiled.literals, compiled.groups_of, strict=True):
            for group in groups:
                if group in self._bit:
                    word, bit = divmod(self._bit[group], 64)
                    self._tables[word, min(ord(literal[0]), 0xFFFF)] |= np.uint64(1 << bit)
        self._needs = [[self._masks(need, common) for need in own] for own in needs]

    def _masks(self, need: Requirement, common: frozenset[int]) -> list[list[tuple[int, np.uint64]]]:
        """For each clause of common groups only: the words and bits of which one must be set."""
        clauses = [groups for groups in need.groups if groups <= common]
        return [[self._word(groups, word) for word in self._words(groups)] for groups in clauses]

    def _words(self, groups: Groups) -> list[int]:
        return sorted({self._bit[group] // 64 for group in groups})

    def _word(self, groups: Groups, word: int) -> tuple[int, np.uint64]:
        bits = (self._bit[group] % 64 for group in groups if self._bit[group] // 64 == word)
        return word, np.uint64(sum(1 << bit for bit in bits))

    def present(self, batch: FoldedBatch) -> "CommonPresent":
        """The bits of every reading of a batch."""
        codes = np.minimum(batch.codes, np.uint32(0xFFFF))
        begins = batch.bounds[:-1]
        masks = [np.bitwise_or.reduceat(table[codes], begins) for table in self._tables]
        return CommonPresent(masks, self._needs)


@dataclass(frozen=True)
class CommonPresent:
    """Bits of the readings of one batch, and what the alternatives of the rules need of them."""

    masks: list[npt.NDArray[np.uint64]]
    needs: list[list[list[list[tuple[int, np.uint64]]]]]

    def meets(self, unit: int, index: int, open_: Bool) -> Bool:
        """Of the readings open so far those in which every common clause of the requirement may stand."""
        for clause in self.needs[unit][index]:
            at = np.flatnonzero(open_)
            if not len(at):
                return open_
            held = np.zeros(len(at), dtype=np.bool_)
            for word, bits in clause:
                held |= (self.masks[word][at] & bits) != 0
            open_[at[~held]] = False
        return open_


def _common_groups(compiled: Compiled) -> frozenset[int]:
    """Groups with a one-character literal: they stand in almost every text."""
    pairs = zip(compiled.literals, compiled.groups_of, strict=True)
    return frozenset(group for literal, groups in pairs if len(literal) < 2 for group in groups)


def _telling(requirement: Requirement, common: frozenset[int]) -> Requirement:
    """The part of a requirement that tells something; all of it when no part does."""
    telling = frozenset(groups for groups in requirement.groups if not groups & common)
    if not telling:
        return requirement
    pairs = (pair for pair in requirement.pairs if not (pair.first | pair.second) & common)
    return Requirement(telling, frozenset(pairs))


class _Places:
    """Where the needed groups stand in one batch; answers are remembered while the batch lasts."""

    def __init__(
        self, hits: Hits, begin: Int, rows: npt.NDArray[np.uint16], row_of: dict[int, int], readings: int
    ):
        first, last = begin[hits.literal], begin[hits.literal + 1]
        many = last - first
        offset = np.repeat(first - np.concatenate([[0], np.cumsum(many)[:-1]]) if len(many) else many, many)
        row = rows[offset + np.arange(len(offset))]
        order = np.argsort(row, kind="stable")
        hit = np.repeat(np.arange(len(many)), many)[order]
        self._start, self._end, self._reading = hits.start[hit], hits.end[hit], hits.reading[hit]
        self._bounds = np.searchsorted(row[order], np.arange(len(row_of) + 1))
        self._row_of = row_of
        self._readings = readings
        self._present: dict[Groups, Bool] = {}
        self._close: dict[Pair, Bool] = {}

    def meets(self, requirement: Requirement) -> Bool:
        """Readings in which a requirement holds."""
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
