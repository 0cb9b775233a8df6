"""Whether a stretch of text is ordinary language rather than an evasive spelling.

Rests on rjieba's dictionary (without its guessing of unknown words) and on how often characters stand
alone as words (`data/free.tsv`).
"""

from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from fairstream.text.lists import listed

#: Characters on either side of a span that the dictionary sees.
_REACH = 10
_MEMORY_BITS = 18

Narrow = npt.NDArray[np.uint16]


@cache
def levels() -> npt.NDArray[np.uint8]:
    """Per code point below 0x10000: log2 of its rate as a one-character word, per million characters."""
    table = np.zeros(0x10000, dtype=np.uint8)
    for level, characters in listed("free.tsv"):
        table[[ord(character) for character in characters]] = int(level)
    return table


@cache
def _dictionary() -> Any:
    import rjieba

    return rjieba


@lru_cache(maxsize=1 << 16)
def is_word(text: str) -> bool:
    """Whether the characters are a word of the dictionary."""
    return bool(_dictionary().has_word(text))


def are_words(left: Narrow, right: Narrow) -> npt.NDArray[np.bool_]:
    """Which pairs of characters are words, answered from memory for pairs met before.

    An entry of the memory is a pair and its answer in one number, so that threads may share it.
    """
    memory = _memory()
    pairs = left.astype(np.uint64) << np.uint64(17) | right.astype(np.uint64) << np.uint64(1)
    places = (pairs * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _MEMORY_BITS)
    known = memory[places]
    unknown = (known & ~np.uint64(1)) != pairs
    if unknown.any():
        asked, inverse = np.unique(pairs[unknown], return_inverse=True)
        answers = [is_word(chr(pair >> 17) + chr(pair >> 1 & 0xFFFF)) for pair in asked.tolist()]
        known[unknown] = (asked | np.array(answers, dtype=np.uint64))[inverse]
        memory[places[unknown]] = known[unknown]
    return np.asarray(known & np.uint64(1), dtype=np.bool_)


@cache
def _memory() -> npt.NDArray[np.uint64]:
    return np.zeros(1 << _MEMORY_BITS, dtype=np.uint64)


def is_ordinary(text: str, begin: int, end: int, unchanged: frozenset[int] = frozenset()) -> bool:
    """Whether a word of two or more characters lies in the span or crosses its ends.

    Words whose part in the span is `unchanged` (positions where text and term agree) do not speak against
    an evasive spelling, unless they take one of only two characters away.
    """
    last = max(0, begin - _REACH)
    for word in _dictionary().cut(text[last : end + _REACH], hmm=False):
        first, last = last, last + len(word)
        if last <= begin or len(word) < 2:
            continue
        if first >= end:
            return False
        if end - begin == 2 and (first < begin or last > end):
            return True
        if not unchanged.issuperset(range(max(first, begin), min(last, end))):
            return True
    return False


def crosses(text: str, at: int) -> bool:
    """Whether any dictionary word of two to four characters could run across the border before `at`."""
    for size in (2, 3, 4):
        for begin in range(max(0, at - size + 1), at):
            if begin + size <= len(text) and is_word(text[begin : begin + size]):
                return True
    return False
