"""The words that a row of syllables may be, and the likeliest way through them (Viterbi 1967)."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from fairstream.text.wordsounds import BITS, LONGEST, TONE_COST, word_sounds

UNREAD = 12.0
"""What a token that is no syllable costs, in nats: about as much as a rare character."""


class Lattice:
    """Words over syllables given by number (0 is no syllable) and tone (0–4).

    `forward[i]` is the cost in nats of the best way to read the syllables before i, `backward[i]` of
    those from i on. The whole costs `forward[-1]`.
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

    @cached_property
    def _by_end(self) -> list[list[tuple[int, float, int]]]:
        """For each position the words that end there: start, cost, row."""
        found: list[list[tuple[int, float, int]]] = [[] for _ in range(self.size + 1)]
        for start, length, row, cost in zip(
            self._starts.tolist(),
            self._lengths.tolist(),
            self._rows.tolist(),
            self._costs.tolist(),
            strict=True,
        ):
            found[start + length].append((start, cost, row))
        return found

    @cached_property
    def _ways(self) -> tuple[list[float], list[int], list[int]]:
        """Per position the cost of the best way there, where its last word begins, and its row (-1: one
        character)."""
        costs, begins, rows = [0.0], [0], [-1]
        for end, (single, words) in enumerate(
            zip(self._single.tolist(), self._by_end[1:], strict=True), start=1
        ):
            best, begin, row = costs[end - 1] + single, end - 1, -1
            for start, cost, number in words:
                if costs[start] + cost < best:
                    best, begin, row = costs[start] + cost, start, number
            costs.append(best)
            begins.append(begin)
            rows.append(row)
        return costs, begins, rows

    @property
    def forward(self) -> list[float]:
        return self._ways[0]

    @cached_property
    def backward(self) -> list[float]:
        by_start: list[list[tuple[int, float]]] = [[] for _ in range(self.size)]
        for end, words in enumerate(self._by_end):
            for start, cost, _ in words:
                by_start[start].append((end, cost))
        costs = [0.0] * (self.size + 1)
        for start in range(self.size - 1, -1, -1):
            best = costs[start + 1] + float(self._single[start])
            for end, cost in by_start[start]:
                best = min(best, costs[end] + cost)
            costs[start] = best
        return costs

    def best(self) -> list[int]:
        """The code point of each syllable on the best way; 0 where there is no syllable."""
        table = word_sounds()
        codes = table.single_codes[self._numbers, self._tones].tolist()
        _, begins, rows = self._ways
        end = self.size
        while end > 0:
            begin = begins[end]
            if rows[end] >= 0:
                codes[begin:end] = table.codes[rows[end], : end - begin].tolist()
            end = begin
        return [int(code) for code in codes]
