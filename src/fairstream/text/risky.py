"""Risky terms compiled for the search for their evasive spellings."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import product

import numpy as np
import numpy.typing as npt

from fairstream.text.phonetic import SoundTable, sound_table

_HASH_BITS = 20
_LIMIT = 0x10000
#: Longest term whose homophones are looked for.
LONGEST = 12
#: At most this many ways to read a term aloud are followed.
_WAYS = 4

Codes = npt.NDArray[np.uint32]


def _hash(left: Codes, right: Codes) -> Codes:
    mixed = (left * np.uint32(0x9E3779B1)) ^ (right * np.uint32(0x85EBCA6B))
    return mixed >> np.uint32(32 - _HASH_BITS)


class RiskyTerms:
    """Folded terms of two or more characters, with the indexes the evasive passes use."""

    def __init__(self, terms: Iterable[str], white: Iterable[str] = ()) -> None:
        self.terms = tuple(dict.fromkeys(term for term in terms if len(term) > 1))
        self.longest = max(map(len, self.terms), default=0)
        self.characters = frozenset("".join(self.terms))
        self.by_start = _by_start(self.terms)
        self.white = _by_start([phrase for phrase in white if len(phrase) > 1])
        self.longest_white = max((len(p) for phrases in self.white.values() for p in phrases), default=0)
        pairs = {term[i : i + 2] for term in self.terms for i in range(len(term) - 1)}
        codes = np.array([[ord(c) for c in pair] for pair in pairs], dtype=np.uint32).reshape(-1, 2)
        self._pairs = np.sort(codes[:, 0].astype(np.uint64) << np.uint64(32) | codes[:, 1])
        self._bitmap = np.zeros(1 << _HASH_BITS, dtype=np.bool_)
        self._bitmap[_hash(codes[:, 0], codes[:, 1])] = True

    def __bool__(self) -> bool:
        return bool(self.terms)

    def adjacent(self, left: Codes, right: Codes) -> npt.NDArray[np.bool_]:
        """Which pairs of code points stand side by side in a term; a bitmap first, then exactly."""
        found = self._bitmap[_hash(left, right)]
        at = np.flatnonzero(found)
        if len(at):
            keys = left[at].astype(np.uint64) << np.uint64(32) | right[at]
            places = np.minimum(np.searchsorted(self._pairs, keys), len(self._pairs) - 1)
            found[at] = self._pairs[places] == keys
        return found

    def covering(self, text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
        """Spans of terms in `text` that hold all of the characters `first` to `last`."""
        for begin in range(max(0, last - self.longest + 1), first + 1):
            for term in self.by_start.get(text[begin : begin + 2], ()):
                if begin + len(term) > last and text.startswith(term, begin):
                    yield begin, begin + len(term)

    def is_white(self, text: str, begin: int, end: int) -> bool:
        """Whether a white-list phrase overlaps the characters `begin` to `end` of `text`."""
        for at in range(max(0, begin - self.longest_white + 1), end):
            for phrase in self.white.get(text[at : at + 2], ()):
                if at + len(phrase) > begin and text.startswith(phrase, at):
                    return True
        return False

    @cached_property
    def sounds(self) -> "SoundIndex":
        """The terms by sound; built when first asked for."""
        return SoundIndex(self.terms, sound_table())


def _by_start(terms: Iterable[str]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for term in terms:
        index.setdefault(term[:2], []).append(term)
    return index


class SoundIndex:
    """Terms by the confusable groups of their first two syllables.

    Variant v of a term is one way to read it aloud: `term[v]`, `lengths[v]`, `codes[v]`, `groups[v]` and
    `syllables[v]`. The variants of the pair (a, b) are `order[first[a * 256 + b] : first[a * 256 + b + 1]]`.
    """

    def __init__(self, terms: tuple[str, ...], sounds: SoundTable) -> None:
        self.table = sounds
        variants = [
            (number, way)
            for number, term in enumerate(terms)
            for way in _ways(term, sounds)
            if all(sounds.group_of[syllable] for syllable in way)
        ]
        width = max((len(way) for _, way in variants), default=2)
        self.term = [terms[number] for number, _ in variants]
        self.lengths = np.array([len(way) for _, way in variants], dtype=np.int64)
        padded = [list(way) + [0] * (width - len(way)) for _, way in variants]
        self.syllables = np.array(padded, dtype=np.uint16).reshape(-1, width)
        spelled = [[ord(c) for c in terms[n].ljust(width, "\0")] for n, _ in variants]
        self.codes = np.array(spelled, dtype=np.uint32).reshape(-1, width)
        self.groups = sounds.group_of[self.syllables]
        keys = self.groups[:, 0].astype(np.int64) * 256 + self.groups[:, 1]
        self.order = np.argsort(keys, kind="stable")
        counts = np.bincount(keys, minlength=_LIMIT) if len(keys) else np.zeros(_LIMIT, dtype=np.int64)
        self.first = np.concatenate(([0], np.cumsum(counts)))
        self.present = counts > 0
        self.adjacent = self._adjacent()

    def _adjacent(self) -> npt.NDArray[np.bool_]:
        """Which pairs of groups stand side by side anywhere in a term."""
        bitmap = np.zeros(_LIMIT, dtype=np.bool_)
        for column in range(self.groups.shape[1] - 1):
            used = self.lengths > column + 1
            left = self.groups[used, column].astype(np.int64)
            bitmap[left * 256 + self.groups[used, column + 1]] = True
        return bitmap


def _ways(term: str, sounds: SoundTable) -> Iterator[tuple[int, ...]]:
    """Ways to read a term aloud, as syllables; none when a character has no sound."""
    if len(term) > LONGEST:
        return
    readings = [sounds.readings(character) for character in term]
    for number, way in enumerate(product(*readings)):
        if number == _WAYS:
            return
        yield way
