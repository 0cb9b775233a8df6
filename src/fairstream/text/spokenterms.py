"""Terms indexed by how they sound, for a search in heard syllables that tolerates what is misheard."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.text.confusions import NEVER, confusion_costs
from fairstream.text.phonetic import confusable
from fairstream.text.syllables import parse, sounds_of
from fairstream.text.wordsounds import BITS, LONGEST, TONE_COST, WordSounds, word_sounds

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

WIDEST = 12
"""Longer terms are not looked for."""
KNOWN_WORD = 13.0
"""A term costs at most this, in nats: words of the trade are not rare where goods are sold, whatever news
and novels say."""
_SEED_REACH = 6
"""Pairs of syllables beyond so many of a term are not looked up: a longer term has enough of them."""
_SEPARATOR = "\n"


class Candidates(NamedTuple):
    """Terms that may have been said: the position of the first syllable, the term, what it costs to have
    misheard it so."""

    position: Ints
    term: Ints
    cost: Floats


class SpokenTerms:
    """Terms of two to `WIDEST` Chinese characters, by sound.

    `lengths`, `numbers`, `tones` (columns padded with 0), `rarity` (negative log probability of the term's
    own words) and `costs` (the same, but at most `KNOWN_WORD`) are by term. `most[n]` is how much mishearing
    a term of n syllables may need.
    """

    def __init__(self, terms: Iterable[str], most: Sequence[float]) -> None:
        table = word_sounds()
        read = _read([term for term in dict.fromkeys(terms) if 2 <= len(term) <= WIDEST], table)
        self.terms = tuple(term for term, _, _ in read)
        self.lengths = np.array([len(term) for term in self.terms], dtype=np.int64)
        size, width = len(read), int(self.lengths.max(initial=2))
        self.numbers = np.zeros((size, width), dtype=np.int64)
        self.tones = np.zeros((size, width), dtype=np.int64)
        self.codes = np.zeros((size, width), dtype=np.uint16)
        for row, (term, numbers, tones) in enumerate(read):
            self.numbers[row, : len(term)], self.tones[row, : len(term)] = numbers, tones
            self.codes[row, : len(term)] = [ord(character) for character in term]
        self.rarity = word_costs(self.codes, self.numbers, self.lengths)
        self.costs = np.minimum(self.rarity, np.float32(KNOWN_WORD))
        self._most = np.array([most[min(n, len(most) - 1)] for n in range(width + 1)], dtype=np.float32)
        self._seed()

    def _seed(self) -> None:
        """Index the terms by pairs of syllables, right but for the accent; in terms of two, nearly right."""
        groups = _accent_groups()
        count = int(groups.max()) + 1
        keys, terms, offsets, skips = [], [], [], []
        for first, second in [(k, k + 1) for k in range(_SEED_REACH - 1)] + [(0, 2)]:
            has = np.flatnonzero(self.lengths > second) if self.lengths.size else np.zeros(0, dtype=np.int64)
            if second >= self.numbers.shape[1] or not len(has):
                continue
            keys.append(groups[self.numbers[has, first]] * count + groups[self.numbers[has, second]])
            terms.append(has)
            offsets.append(np.full(len(has), first))
            skips.append(np.full(len(has), second - first))
        for column in (0, 1):
            own, heard = self._misheard(column)
            pair = [self.numbers[own, 0], self.numbers[own, 1]]
            pair[column] = heard
            keys.append(groups[pair[0]] * count + groups[pair[1]])
            terms.append(own)
            offsets.append(np.zeros(len(own), dtype=np.int64))
            skips.append(np.ones(len(own), dtype=np.int64))
        key, term, offset, skip = (
            np.concatenate(part).astype(np.int64) for part in (keys, terms, offsets, skips)
        )
        self._indexes = [
            _Seeds(key[skip == wide], term[skip == wide], offset[skip == wide], count, wide)
            for wide in (1, 2)
        ]

    def _misheard(self, column: int) -> tuple[Ints, Ints]:
        """Terms of two syllables, each with the syllables that its syllable may be misheard as."""
        short = np.flatnonzero(self.lengths == 2)
        costs = confusion_costs()[:, self.numbers[short, column]]
        heard, own = np.nonzero((costs > 0) & (costs <= self._most[2]))
        return short[own], heard

    def candidates(self, numbers: Ints, tones: Ints) -> Candidates:
        """Where a term may stand among heard syllables; number 0 separates, and no term runs across it."""
        numbers = np.asarray(numbers, dtype=np.int64)
        groups = _accent_groups()[numbers]
        found = [index.met(groups) for index in self._indexes]
        position = np.concatenate([at for at, _ in found])
        term = np.concatenate([which for _, which in found])
        inside = (position >= 0) & (position + self.lengths[term] <= len(numbers))
        both = np.unique(position[inside] * max(1, len(self.terms)) + term[inside])
        position, term = np.divmod(both, max(1, len(self.terms)))
        return self._affordable(numbers, tones, position, term)

    def _affordable(self, numbers: Ints, tones: Ints, position: Ints, term: Ints) -> Candidates:
        cost = np.zeros(len(term), dtype=np.float32)
        matrix = confusion_costs()
        for column in range(self.numbers.shape[1]):
            used = np.flatnonzero(self.lengths[term] > column)
            if not len(used):
                break
            at, own = position[used] + column, term[used]
            cost[used] += matrix[numbers[at], self.numbers[own, column]]
            cost[used] += TONE_COST[tones[at], self.tones[own, column]]
            keep = cost <= self._most[self.lengths[term]]
            position, term, cost = position[keep], term[keep], cost[keep]
        return Candidates(position, term, cost)


class _Seeds:
    """Terms by a pair of syllables `skip` apart."""

    def __init__(self, keys: Ints, terms: Ints, offsets: Ints, count: int, skip: int) -> None:
        order = np.argsort(keys, kind="stable")
        self._terms, self._offsets = terms[order], offsets[order]
        self._first = np.searchsorted(keys[order], np.arange(count * count + 1))
        self._count, self._skip = count, skip

    def met(self, groups: Ints) -> tuple[Ints, Ints]:
        """Positions at which a term would begin, and the term."""
        pairs = groups[: -self._skip] * self._count + groups[self._skip :]
        low, many = self._first[pairs], np.diff(self._first)[pairs]
        begins = np.cumsum(many) - many
        rows = np.arange(int(many.sum())) + np.repeat(low - begins, many)
        return np.repeat(np.arange(len(pairs)), many) - self._offsets[rows], self._terms[rows]


@cache
def _accent_groups() -> Ints:
    """By the numbers of `wordsounds`: syllables that accents do not tell apart share a group; 0 is none."""
    groups: dict[str, int] = {"": 0}
    return np.array([groups.setdefault(confusable(name), len(groups)) for name in word_sounds().names])


def _read(terms: list[str], table: WordSounds) -> list[tuple[str, list[int], list[int]]]:
    """The terms of which every character has a sound, with syllables and tones."""
    joined = _SEPARATOR.join(terms)
    sounds = sounds_of(joined)
    found, at = [], 0
    for term in terms:
        own = [parse(sound) for sound in sounds[at : at + len(term)]]
        at += len(term) + 1
        parsed = [syllable for syllable in own if syllable]
        if len(parsed) == len(term):
            found.append((term, [table.numbers[s.base] for s in parsed], [s.tone for s in parsed]))
    return found


def word_costs(codes: npt.NDArray[np.uint16], numbers: Ints, lengths: Ints) -> Floats:
    """Negative log probability of each term as the likeliest row of words with exactly its characters."""
    table = word_sounds()
    size, width = codes.shape
    best = np.full((size, width + 1), NEVER * width, dtype=np.float32)
    best[:, 0] = 0
    for end in range(1, width + 1):
        best[:, end] = best[:, end - 1] + table.character_costs[codes[:, end - 1]]
        for start in range(max(0, end - LONGEST), end - 1):
            word = _exact(codes[:, start:end], numbers[:, start:end], table)
            best[:, end] = np.minimum(best[:, end], best[:, start] + word)
    return best[np.arange(size), lengths]


def _exact(codes: npt.NDArray[np.uint16], numbers: Ints, table: WordSounds) -> Floats:
    """What the word with exactly these characters costs; infinity when there is none."""
    shifts = np.arange(codes.shape[1]) * BITS
    keys = (numbers.astype(np.uint64) << shifts.astype(np.uint64)).sum(axis=1, dtype=np.uint64)
    low = np.searchsorted(table.keys, keys, side="left")
    many = np.searchsorted(table.keys, keys, side="right") - low
    found = np.full(len(keys), np.inf, dtype=np.float32)
    for step in range(int(many.max(initial=0))):
        at = np.flatnonzero(many > step)
        rows = low[at] + step
        same = (table.codes[rows, : codes.shape[1]] == codes[at]).all(axis=1)
        found[at[same]] = table.costs[rows[same]]
    return found
