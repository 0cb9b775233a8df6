"""The words that a row of syllables may be, and the likeliest way through them (Viterbi 1967)."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.text.wordsounds import BITS, LONGEST, TONE_COST, word_sounds

_FURTHER = -2
UNREAD = 12.0
"""What a token that is no syllable costs, in nats: about as much as a rare character."""


class Further(NamedTuple):
    """Words beside those of the dictionary: the syllables `begin` to `end` of each, and its cost in nats."""

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float32]


class Way(NamedTuple):
    """The best way through a lattice.

    `codes` is the code point of each syllable by the dictionary, 0 where there is no syllable and where one
    of the further words stands; those are in `further`, by number, in order.
    """

    codes: list[int]
    further: list[int]


class Lattice:
    """Words over syllables given by number (0 is no syllable) and tone (0–4).

    A way through it costs the negative log probability of its words, in nats, and what their tones cost.
    """

    def __init__(self, numbers: Sequence[int], tones: Sequence[int]) -> None:
        self.size = len(numbers)
        self._numbers = np.asarray(numbers, dtype=np.uint64)
        self._tones = np.asarray(tones, dtype=np.uint8)
        self._starts, self._lengths, self._rows, self._costs = self._words()
        single = word_sounds().single_costs[self._numbers, self._tones]
        self._single = np.where(np.isfinite(single), single, np.float32(UNREAD))

    def _words(self) -> tuple[npt.NDArray[np.int64], ...]:
        """The best word of the dictionary for each start and length that has one."""
        table = word_sounds()
        starts, lengths, firsts, counts = [], [], [], []
        keys = self._numbers.copy()
        known = self._numbers > 0
        for length in range(2, min(LONGEST, self.size) + 1):
            shift = np.uint64(BITS * (length - 1))
            keys = keys[:-1] + (self._numbers[length - 1 :] << shift)
            known = known[:-1] & (self._numbers[length - 1 :] > 0)
            at = np.flatnonzero(known)
            low = np.searchsorted(table.keys, keys[at], side="left")
            many = np.searchsorted(table.keys, keys[at], side="right") - low
            met = many > 0
            starts.append(at[met])
            lengths.append(np.full(int(met.sum()), length))
            firsts.append(low[met])
            counts.append(many[met])
        if not starts or not sum(map(len, starts)):
            none = np.zeros(0, dtype=np.int64)
            return none, none, none, none.astype(np.float32)
        return self._cheapest(*map(np.concatenate, (starts, lengths, firsts, counts)))

    def _cheapest(
        self,
        starts: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        firsts: npt.NDArray[np.int64],
        counts: npt.NDArray[np.int64],
    ) -> tuple[npt.NDArray[np.int64], ...]:
        """Of words with the same syllables the one whose frequency and tones fit best."""
        table = word_sounds()
        begins = np.cumsum(counts) - counts
        rows = np.arange(int(counts.sum())) + np.repeat(firsts - begins, counts)
        start, length = np.repeat(starts, counts), np.repeat(lengths, counts)
        costs = table.costs[rows].copy()
        for column in range(int(lengths.max())):
            used = length > column
            costs[used] += TONE_COST[self._tones[start[used] + column], table.tones[rows[used], column]]
        best = np.minimum.reduceat(costs, begins)
        chosen = np.flatnonzero(costs == np.repeat(best, counts))
        word = np.repeat(np.arange(len(counts)), counts)[chosen]
        _, kept = np.unique(word, return_index=True)
        return starts, lengths, rows[chosen[kept]], best

    def best(self, further: Further | None = None) -> Way:
        """The cheapest way, with the further words where they make it cheaper."""
        begins, rows = self._steps(self._by_end(further))
        table = word_sounds()
        codes = table.single_codes[self._numbers, self._tones].tolist()
        used: list[int] = []
        end = self.size
        while end > 0:
            begin, row = begins[end], rows[end]
            if row <= _FURTHER:
                used.append(_FURTHER - row)
                codes[begin:end] = [0] * (end - begin)
            elif row >= 0:
                codes[begin:end] = table.codes[row, : end - begin].tolist()
            end = begin
        return Way([int(code) for code in codes], used[::-1])

    def _by_end(self, further: Further | None) -> list[list[tuple[int, float, int]]]:
        """For each position the words that end there: begin, cost, row (further: `_FURTHER` and less)."""
        found: list[list[tuple[int, float, int]]] = [[] for _ in range(self.size + 1)]
        columns = (self._starts, self._starts + self._lengths, self._costs, self._rows)
        for begin, end, cost, row in zip(*(column.tolist() for column in columns), strict=True):
            found[end].append((begin, cost, row))
        if further is not None:
            ends = zip(*(column.tolist() for column in further), strict=True)
            for number, (begin, end, cost) in enumerate(ends):
                found[end].append((begin, cost, _FURTHER - number))
        return found

    def _steps(self, by_end: list[list[tuple[int, float, int]]]) -> tuple[list[int], list[int]]:
        """Per position where the last word of the best way there begins, and its row (-1: one character)."""
        costs, begins, rows = [0.0], [0], [-1]
        for end, (single, words) in enumerate(zip(self._single.tolist(), by_end[1:], strict=True), start=1):
            best, begin, row = costs[end - 1] + single, end - 1, -1
            for start, cost, number in words:
                if costs[start] + cost < best:
                    best, begin, row = costs[start] + cost, start, number
            costs.append(best)
            begins.append(begin)
            rows.append(row)
        return begins, rows
