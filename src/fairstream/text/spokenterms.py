"""Terms indexed by how they sound, for a search in heard syllables that tolerates what is misheard."""

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.text.confusions import NEVER, confusion_costs
from fairstream.text.phonetic import confusable
from fairstream.text.store import Arrays, cached_arrays, packages_key
from fairstream.text.syllables import parse, sounds_of
from fairstream.text.wordsounds import BITS, LONGEST, PACKAGES, TONE_COST, WordSounds, word_sounds
from fairstream.text.wordsounds import VERSION as SOUNDS_VERSION

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
_VERSION = 1
WORTH_KEEPING = 2000
"""What is derived from fewer terms is derived about as fast as a file is found."""


class Candidates(NamedTuple):
    """Terms that may have been said: the position of the first syllable, the term, what it costs to have
    misheard it so."""

    position: Ints
    term: Ints
    cost: Floats


class SpokenTerms:
    """Terms of two to `WIDEST` Chinese characters, by sound.

    `lengths`, `rarity` (negative log probability of the term's own words) and `costs` (the same, but at most
    `KNOWN_WORD`) are by term. `most[n]` is how much mishearing a term of n syllables may need.
    """

    def __init__(self, terms: Iterable[str], most: Sequence[float]) -> None:
        wanted = [term for term in dict.fromkeys(terms) if 2 <= len(term) <= WIDEST]
        read = _known(wanted)
        self.terms = tuple(wanted[number] for number in read["kept"].tolist())
        self.lengths = np.array([len(term) for term in self.terms], dtype=np.int64)
        self.rarity: Floats = read["rarity"].astype(np.float32)
        self.costs = np.minimum(self.rarity, np.float32(KNOWN_WORD))
        width = int(self.lengths.max(initial=2))
        self._numbers = np.ascontiguousarray(read["numbers"][:, :width].T.astype(np.int64))
        self._tones = np.ascontiguousarray(read["tones"][:, :width].T.astype(np.int64))
        self._most = np.array([most[min(n, len(most) - 1)] for n in range(width + 1)], dtype=np.float32)
        self._indexes = self._seeds()

    def _seeds(self) -> list["_Seeds"]:
        """The terms by pairs of syllables, right but for the accent; in terms of two, nearly right."""
        groups = _accent_groups()
        count = int(groups.max()) + 1
        keys, terms, offsets, skips = [], [], [], []
        for first, second in [(k, k + 1) for k in range(_SEED_REACH - 1)] + [(0, 2)]:
            has = np.flatnonzero(self.lengths > second)
            if not len(has):
                continue
            keys.append(groups[self._numbers[first, has]] * count + groups[self._numbers[second, has]])
            terms.append(has)
            offsets.append(np.full(len(has), first))
            skips.append(np.full(len(has), second - first))
        for column in (0, 1):
            own, heard = self._misheard(column)
            pair = [self._numbers[0, own], self._numbers[1, own]]
            pair[column] = heard
            keys.append(groups[pair[0]] * count + groups[pair[1]])
            terms.append(own)
            offsets.append(np.zeros(len(own), dtype=np.int64))
            skips.append(np.ones(len(own), dtype=np.int64))
        key, term, offset, skip = (
            np.concatenate(part).astype(np.int64) for part in (keys, terms, offsets, skips)
        )
        return [
            _Seeds(key[skip == wide], term[skip == wide], offset[skip == wide], count, wide)
            for wide in (1, 2)
        ]

    def _misheard(self, column: int) -> tuple[Ints, Ints]:
        """Terms of two syllables, each with the syllables that its syllable may be misheard as."""
        short = np.flatnonzero(self.lengths == 2)
        costs = confusion_costs()[:, self._numbers[column, short]]
        heard, own = np.nonzero((costs > 0) & (costs <= self._most[2]))
        return short[own], heard

    def candidates(self, numbers: Ints, tones: Ints) -> Candidates:
        """Where a term may stand among heard syllables; number 0 separates, and no term runs across it."""
        # No syllable stands before the first and behind the last, so that no term fits there.
        heard = np.pad(np.asarray(numbers, dtype=np.int64), WIDEST)
        groups = _accent_groups()[heard]
        found = [index.met(groups) for index in self._indexes]
        position = np.concatenate([at for at, _ in found])
        term = np.concatenate([which for _, which in found])
        met = self._affordable(heard, np.pad(np.asarray(tones, dtype=np.int64), WIDEST), position, term)
        # A longer term is met by several of its pairs.
        _, once = np.unique(met.position * max(1, len(self.terms)) + met.term, return_index=True)
        return Candidates(met.position[once] - WIDEST, met.term[once], met.cost[once])

    def _affordable(self, numbers: Ints, tones: Ints, position: Ints, term: Ints) -> Candidates:
        cost = np.zeros(len(term), dtype=np.float32)
        lengths = self.lengths[term]
        matrix = confusion_costs()
        rows, tone_rows = numbers * len(matrix), tones * len(TONE_COST)
        for column in range(len(self._numbers)):
            used = slice(None) if column < 2 else np.flatnonzero(lengths > column)
            at, own = position[used] + column, term[used]
            if not len(own):
                break
            cost[used] += matrix.take(rows.take(at) + self._numbers[column].take(own))
            cost[used] += TONE_COST.take(tone_rows.take(at) + self._tones[column].take(own))
            keep = np.flatnonzero(cost <= self._most.take(lengths))
            position, term, cost = position.take(keep), term.take(keep), cost.take(keep)
            lengths = lengths.take(keep)
        return Candidates(position, term, cost)


class _Seeds:
    """Terms by a pair of syllables `skip` apart."""

    def __init__(self, keys: Ints, terms: Ints, offsets: Ints, count: int, skip: int) -> None:
        whole = (keys * (int(terms.max(initial=0)) + 1) + terms) * WIDEST + offsets
        _, order = np.unique(whole, return_index=True)
        self._terms, self._offsets = terms[order], offsets[order]
        self._first = np.searchsorted(keys[order], np.arange(count * count + 1))
        self._count, self._skip = count, skip

    def met(self, groups: Ints) -> tuple[Ints, Ints]:
        """Positions at which a term would begin, and the term."""
        pairs = groups[: -self._skip] * self._count + groups[self._skip :]
        low = self._first[pairs]
        many = self._first[pairs + 1] - low
        begins = np.cumsum(many) - many
        rows = np.arange(int(many.sum())) + np.repeat(low - begins, many)
        return np.repeat(np.arange(len(pairs)), many) - self._offsets[rows], self._terms[rows]


@cache
def _accent_groups() -> Ints:
    """By the numbers of `wordsounds`: syllables that accents do not tell apart share a group; 0 is none."""
    groups: dict[str, int] = {"": 0}
    return np.array([groups.setdefault(confusable(name), len(groups)) for name in word_sounds().names])


def _known(terms: list[str]) -> Arrays:
    """`_read`, kept from one process to the next for terms as many as those of a rule set."""
    if len(terms) < WORTH_KEEPING:
        return _read(terms)
    own = hashlib.sha256(_SEPARATOR.join(terms).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    name = f"spokenterms-{own}"
    return cached_arrays(packages_key(name, _VERSION + 100 * SOUNDS_VERSION, PACKAGES), lambda: _read(terms))


def _read(terms: list[str]) -> Arrays:
    """The terms of which every character has a sound, by number (`kept`), with their syllables' `numbers` and
    `tones` (columns padded with 0) and their `rarity`."""
    table = word_sounds()
    sounds = sounds_of(_SEPARATOR.join(terms))
    numbers, tones, codes = (np.zeros((len(terms), WIDEST), dtype=np.uint16) for _ in range(3))
    known = np.zeros(len(terms), dtype=np.bool_)
    at = 0
    for row, term in enumerate(terms):
        own = [parse(sound) for sound in sounds[at : at + len(term)]]
        at += len(term) + 1
        parsed = [syllable for syllable in own if syllable]
        if len(parsed) == len(term):
            known[row] = True
            numbers[row, : len(term)] = [table.numbers[syllable.base] for syllable in parsed]
            tones[row, : len(term)] = [syllable.tone for syllable in parsed]
            codes[row, : len(term)] = [ord(character) for character in term]
    kept = np.flatnonzero(known)
    lengths = np.array([len(term) for term in terms], dtype=np.int64)[kept]
    width = int(lengths.max(initial=2))
    rarity = word_costs(codes[kept, :width], numbers[kept, :width].astype(np.int64), lengths)
    return {"kept": kept, "numbers": numbers[kept], "tones": tones[kept].astype(np.uint8), "rarity": rarity}


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
