"""Character n-grams of folded texts as hashed buckets, and sums of small weights over them.

A bucket is the upper `bits` bits of a 64-bit multiplicative hash of the n-gram. A text counts each of its
buckets once, however often it occurs. The line end after a text belongs to its n-grams, so that the end of a
text is a feature.
"""

from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt

__all__ = ["Evidence", "distinct_buckets", "weigh"]

_SEED = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


class Evidence(NamedTuple):
    """Sums of weights of the distinct buckets of each text, int64[n, 2], and how many buckets, int32[n]."""

    sums: npt.NDArray[np.int64]
    distinct: npt.NDArray[np.int32]


def distinct_buckets(
    codes: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64], *, longest: int, bits: int
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64]]:
    """Distinct buckets of each text one after another, and where each text's begin (n + 1 offsets)."""
    room = np.empty(len(codes) * longest, dtype=np.int32)
    starts = np.zeros(len(bounds), dtype=np.int64)
    count = _distinct(codes, bounds, longest, 64 - bits, _slots(bounds, longest), room, starts)
    return room[:count].copy(), starts


def weigh(
    codes: npt.NDArray[np.uint32], bounds: npt.NDArray[np.int64], table: npt.NDArray[np.int8], *, longest: int
) -> Evidence:
    """Sums of the two columns of `table`, int8[2 ** bits, 2], over the distinct buckets of each text."""
    texts = len(bounds) - 1
    sums, distinct = np.zeros((texts, 2), np.int64), np.zeros(texts, np.int32)
    shift = 64 - (len(table).bit_length() - 1)
    _weigh(codes, bounds, longest, shift, table, _slots(bounds, longest), sums, distinct)
    return Evidence(sums, distinct)


def _slots(bounds: npt.NDArray[np.int64], longest: int) -> npt.NDArray[np.uint64]:
    """An empty set for the n-grams of any one text, at most half full: small enough for the nearest cache."""
    most = longest * int(np.diff(bounds).max(initial=1))
    return np.zeros(1 << (2 * most - 1).bit_length(), np.uint64)


@numba.njit(cache=True, nogil=True)
def _new(slots, text, bucket):  # type: ignore[no-untyped-def]
    """Whether the text has not had this bucket; entries of earlier texts count as empty."""
    mark = np.uint64(text + 1) << np.uint64(32)
    key = mark | np.uint64(bucket)
    last = np.uint64(len(slots) - 1)
    at = np.uint64(bucket) & last
    while slots[at] >= mark:
        if slots[at] == key:
            return False
        at = (at + np.uint64(1)) & last
    slots[at] = key
    return True


@numba.njit(cache=True, nogil=True)
def _distinct(codes, bounds, longest, shift, slots, room, starts):  # type: ignore[no-untyped-def]
    count = 0
    for text in range(len(bounds) - 1):
        end = bounds[text + 1]
        for begin in range(bounds[text], end):
            gram = _SEED
            for at in range(begin, min(begin + longest, end)):
                gram = (gram ^ np.uint64(codes[at])) * _STEP
                gram ^= gram >> _HALF
                bucket = np.int64((gram * _SEED) >> np.uint64(shift))
                if _new(slots, text, bucket):
                    room[count] = bucket
                    count += 1
        starts[text + 1] = count
    return count


@numba.njit(cache=True, nogil=True)
def _weigh(codes, bounds, longest, shift, table, slots, sums, distinct):  # type: ignore[no-untyped-def]
    for text in range(len(bounds) - 1):
        end = bounds[text + 1]
        first, second, count = np.int64(0), np.int64(0), np.int32(0)
        for begin in range(bounds[text], end):
            gram = _SEED
            for at in range(begin, min(begin + longest, end)):
                gram = (gram ^ np.uint64(codes[at])) * _STEP
                gram ^= gram >> _HALF
                bucket = np.int64((gram * _SEED) >> np.uint64(shift))
                if _new(slots, text, bucket):
                    first += table[bucket, 0]
                    second += table[bucket, 1]
                    count += 1
        sums[text, 0], sums[text, 1], distinct[text] = first, second, count
