"""The words that a row of syllables may be, and the likeliest way through them (Viterbi 1967)."""

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


class _Words(NamedTuple):
    """Words with the syllables they begin and end at, cost and row (of further words `_FURTHER` and less)."""

    begin: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    cost: npt.NDArray[np.float32]
    row: npt.NDArray[np.int64]

    def kept(self, which: npt.NDArray[np.bool_] | npt.NDArray[np.int64]) -> "_Words":
        """Some of the words."""
        return _Words(self.begin[which], self.end[which], self.cost[which], self.row[which])


class Lattice:
    """Words over syllables given by number (0 is no syllable) and tone (0–4).

    A way through it costs the negative log probability of its words, in nats, and what their tones cost.
    """

    def __init__(self, numbers: npt.ArrayLike, tones: npt.ArrayLike) -> None:
        self._numbers = np.asarray(numbers, dtype=np.int64)
        self._tones = np.asarray(tones, dtype=np.uint8)
        self.size = len(self._numbers)
        self._words = self._listed()
        single = word_sounds().single_costs[self._numbers, self._tones]
        self._single = np.where(np.isfinite(single), single, np.float32(UNREAD))

    def _listed(self) -> _Words:
        """The best word of the dictionary for each start and length that has one."""
        table = word_sounds()
        known = self._numbers > 0
        at = np.flatnonzero(known[:-1] & known[1:])
        keys = self._numbers[at] + (self._numbers[at + 1] << BITS)
        reach = table.reach[keys]
        low, many = table.pair_first[keys], table.pair_first[keys + 1] - table.pair_first[keys]
        met = many > 0
        starts, firsts, counts = [at[met]], [low[met]], [many[met]]
        lengths = [np.full(len(starts[0]), 2)]
        for length in range(3, min(LONGEST, self.size) + 1):
            # Of the words that go on so far only those are looked up that may have this length or more.
            more = (at + length <= self.size) & (reach >> np.uint8(length) > 0)
            at, keys, reach = at[more], keys[more], reach[more]
            following = self._numbers[at + length - 1]
            keys = keys + (following << (BITS * (length - 1)))
            asked = (following > 0) & (reach >> np.uint8(length) & 1 > 0)
            low = np.searchsorted(table.keys, keys[asked].astype(np.uint64), side="left")
            many = np.searchsorted(table.keys, keys[asked].astype(np.uint64), side="right") - low
            met = many > 0
            starts.append(at[asked][met])
            firsts.append(low[met])
            counts.append(many[met])
            lengths.append(np.full(len(starts[-1]), length))
        return self._cheapest(*map(np.concatenate, (starts, lengths, firsts, counts)))

    def _cheapest(
        self,
        starts: npt.NDArray[np.int64],
        lengths: npt.NDArray[np.int64],
        firsts: npt.NDArray[np.int64],
        counts: npt.NDArray[np.int64],
    ) -> _Words:
        """Of words with the same syllables the one whose frequency and tones fit best."""
        if not len(starts):
            none = np.zeros(0, dtype=np.int64)
            return _Words(none, none, none.astype(np.float32), none)
        table = word_sounds()
        begins = np.cumsum(counts) - counts
        rows = np.arange(int(counts.sum())) + np.repeat(firsts - begins, counts)
        start, length = np.repeat(starts, counts), np.repeat(lengths, counts)
        costs = table.costs[rows]
        for column in range(int(lengths.max())):
            used = slice(None) if column < 2 else np.flatnonzero(length > column)
            costs[used] += TONE_COST[self._tones[start[used] + column], table.tones[rows[used], column]]
        best = np.minimum.reduceat(costs, begins)
        chosen = np.flatnonzero(costs == np.repeat(best, counts))
        word = np.repeat(np.arange(len(counts)), counts)[chosen]
        kept = np.flatnonzero(np.diff(word, prepend=-1))
        return _Words(starts, starts + lengths, best, rows[chosen[kept]])

    def best(self, further: Further | None = None) -> Way:
        """The cheapest way, with the further words where they make it cheaper."""
        begins, rows = _steps(self._single, self._with(further))
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

    def taken(self, further: Further) -> list[int]:
        """The further words of the best way, as `best` has them, sooner: words that lose against those of
        the dictionary in their own place are dropped, and only where others are left is a way looked for.
        """
        words = self._with(further)
        listed = len(self._words.row)
        worth = np.ones(len(words.row), dtype=np.bool_)
        worth[listed:] = self._is_worth(further)
        if not worth[listed:].any():
            return []
        words = words.kept(worth)
        stretch = self._stretches(words)
        within = np.zeros(self.size + 1, dtype=np.bool_)
        within[stretch[words.begin[words.row <= _FURTHER]]] = True
        open_ = within[stretch]
        words = words.kept(open_[words.begin])
        place = np.concatenate(([0], np.cumsum(open_)))
        single = self._single[open_]
        begins, rows = _steps(single, words._replace(begin=place[words.begin], end=place[words.end - 1] + 1))
        used, end = [], len(single)
        while end > 0:
            if rows[end] <= _FURTHER:
                used.append(_FURTHER - rows[end])
            end = begins[end]
        return used[::-1]

    def _is_worth(self, further: Further) -> npt.NDArray[np.bool_]:
        """Which further words cost less than any way of dictionary words over the same syllables."""
        lengths = further.end - further.begin
        longest = int(lengths.max(initial=0))
        words: list[npt.NDArray[np.float64] | None] = [None, self._single.astype(np.float64)]
        own = self._words.end - self._words.begin
        for length in range(2, LONGEST + 1):
            which = own == length
            dense = np.full(self.size, np.inf) if which.any() else None
            if dense is not None:
                dense[self._words.begin[which]] = self._words.cost[which]
            words.append(dense)
        ways = [np.zeros(self.size + 1)]
        least = np.full(len(lengths), np.inf)
        for length in range(1, longest + 1):
            count = max(0, self.size - length + 1)
            way = np.full(count, np.inf)
            for last in range(1, min(length, LONGEST) + 1):
                word = words[last]
                if word is not None:
                    np.minimum(way, ways[length - last][:count] + word[length - last :][:count], out=way)
            ways.append(way)
            which = np.flatnonzero(lengths == length)
            least[which] = way[further.begin[which]]
        return further.cost < least

    def _stretches(self, words: _Words) -> npt.NDArray[np.int64]:
        """The number of the stretch each syllable is in: no word runs from one stretch into the next."""
        size = self.size + 2
        opened = np.bincount(words.begin + 1, minlength=size) - np.bincount(words.end, minlength=size)
        return np.cumsum(np.cumsum(opened)[: self.size] == 0)

    def _with(self, further: Further | None) -> _Words:
        if further is None:
            return self._words
        own = self._words
        return _Words(
            np.concatenate((own.begin, further.begin)),
            np.concatenate((own.end, further.end)),
            np.concatenate((own.cost, further.cost)),
            np.concatenate((own.row, _FURTHER - np.arange(len(further.begin)))),
        )


def _steps(single: npt.NDArray[np.float32], words: _Words) -> tuple[list[int], list[int]]:
    """Per position where the last word of the best way there begins, and its row (-1: one character).

    Of equally cheap words the first counts.
    """
    ordered = words.kept(np.argsort(words.end, kind="stable"))
    first = np.searchsorted(ordered.end, np.arange(1, len(single) + 2)).tolist()
    starts, own, numbers = ordered.begin.tolist(), ordered.cost.tolist(), ordered.row.tolist()
    costs, begins, rows = [0.0], [0], [-1]
    for end, alone in enumerate(single.tolist(), start=1):
        best, begin, row = costs[-1] + alone, end - 1, -1
        for word in range(first[end - 1], first[end]):
            cost = costs[starts[word]] + own[word]
            if cost < best:
                best, begin, row = cost, starts[word], numbers[word]
        costs.append(best)
        begins.append(begin)
        rows.append(row)
    return begins, rows
