"""The gate: which rules may match in which readings, decided for a whole batch at once.

The automaton's hits become a table of groups × readings; a rule is a candidate for a reading when
each of its needs has one group there. Python then touches only candidates.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import numpy.typing as npt

from fairstream.detect.compile import Compiled

Int = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Hits:
    """Hits of the automaton over a folded batch, in order of reading: literal, begin, end (in the batch)."""

    literal: Int
    start: Int
    end: Int
    reading: Int

    @classmethod
    def of(cls, matches: Sequence[tuple[int, int, int]], bounds: Int) -> "Hits":
        """From the automaton's (start, end, literal) and the readings' bounds."""
        flat = np.fromiter(chain.from_iterable(matches), dtype=np.int64, count=3 * len(matches))
        table = flat.reshape(-1, 3)
        reading = np.searchsorted(bounds, table[:, 0], side="right") - 1
        return cls(table[:, 2], table[:, 0], table[:, 1], reading)


class Gate:
    """Candidate (rule, reading) pairs of a batch."""

    def __init__(self, compiled: Compiled) -> None:
        needed = sorted({group for rule in compiled.rules for clause in rule.needs for group in clause})
        self._row_of = {group: row for row, group in enumerate(needed)}
        pairs = [
            (literal, self._row_of[group])
            for literal, groups in enumerate(compiled.groups_of)
            for group in groups
            if group in self._row_of
        ]
        counts = np.bincount([literal for literal, _ in pairs], minlength=len(compiled.literals))
        self._begin = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        self._rows = np.array([row for _, row in pairs], dtype=np.int64)
        self._needs = [
            [np.array([self._row_of[group] for group in clause], dtype=np.int64) for clause in rule.needs]
            for rule in compiled.rules
        ]

    def candidates(self, hits: Hits, readings: int, takes: Bool) -> list[tuple[int, int]]:
        """(reading, rule) pairs to evaluate, in order of reading; `takes` is rules × readings."""
        present = self._presence(hits, readings)
        any_hit = present.any(axis=0)
        found = []
        for number, clauses in enumerate(self._needs):
            open_ = takes[number] & any_hit if clauses else takes[number].copy()
            for rows in clauses:
                open_ &= present[rows[0]] if len(rows) == 1 else present[rows].any(axis=0)
            found += [(int(reading), number) for reading in np.flatnonzero(open_)]
        found.sort()
        return found

    def _presence(self, hits: Hits, readings: int) -> Bool:
        present = np.zeros((max(len(self._row_of), 1), readings), dtype=np.bool_)
        begin, end = self._begin[hits.literal], self._begin[hits.literal + 1]
        many = end - begin
        total = int(many.sum())
        if total:
            first = np.repeat(begin - np.concatenate([[0], np.cumsum(many)[:-1]]), many)
            present[self._rows[first + np.arange(total)], np.repeat(hits.reading, many)] = True
        return present
