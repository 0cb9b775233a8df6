"""Passes over the bytes of whole columns, where one Python call per row would cost more than the reading.

Strings are UTF-8 bytes and 32-bit offsets, as Arrow keeps them.
"""

from typing import Any

import numpy as np
from numba import njit

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0xFF51AFD7ED558CCD)


NUMBER, MAIL, DOOR = 1, 2, 4
"""What `telling` found: a long number, an "@", a house number."""


def _codes(characters: str) -> Any:
    """Three-byte characters as the numbers their bytes make."""
    return np.array([int.from_bytes(character.encode(), "big") for character in characters], np.int64)


_GAPS = _codes("–—－（）＋")
_UNITS = _codes("号弄栋幢座室")
_ROADS = _codes("路街道巷弄同区苑园村寓厦场")
_HAO = int.from_bytes("号".encode(), "big")


@njit(cache=True, nogil=True)
def telling(data: Any, offsets: Any, run: int) -> Any:
    """uint8[n]: what each row has that is worth a closer look for personal numbers, as bits.

    `NUMBER`: `run` digits (ASCII or full width) with at most two separators between neighbours. `MAIL`: an
    "@". `DOOR`: digits before 弄, 栋, 幢, 座 or 室, or between the
    last character of a road or estate and 号.
    """
    n = len(offsets) - 1
    found = np.zeros(n, np.uint8)
    for row in range(n):
        at, end = offsets[row], offsets[row + 1]
        first, last, digits, bits = at, at, 0, 0
        while at < end:
            byte = data[at]
            if byte >= 0xE0:
                wide = byte == 0xEF and at + 2 < end and data[at + 1] == 0xBC and 0x90 <= data[at + 2] <= 0x99
                if not wide:
                    if digits and at == last and bits & 4 == 0 and at + 2 < end:
                        bits |= _door(data, offsets[row], first, at)
                    at += 3
                    continue
                step = 3
            elif 48 <= byte <= 57:
                step = 1
            else:
                if byte == 64:
                    bits |= 2
                at += 1
                continue
            if at != last or digits == 0:
                if digits == 0 or not _separates(data, last, at):
                    digits = 0
                first = at
            digits += 1
            at += step
            last = at
            if digits >= run:
                bits |= 1
        found[row] = bits
    return found


@njit(cache=True, nogil=True)
def _door(data: Any, begin: int, first: int, at: int) -> int:
    """4 when the digits from `first` up to the character at `at` are a house number."""
    code = (np.int64(data[at]) << 16) | (np.int64(data[at + 1]) << 8) | np.int64(data[at + 2])
    if not (code == _UNITS).any():
        return 0
    if code != _HAO:
        return 4
    before = first
    while before > begin and data[before - 1] == 32:
        before -= 1
    if before - begin < 3:
        return 0
    road = (np.int64(data[before - 3]) << 16) | (np.int64(data[before - 2]) << 8) | np.int64(data[before - 1])
    return 4 if (road == _ROADS).any() else 0


@njit(cache=True, nogil=True)
def _separates(data: Any, start: int, end: int) -> bool:
    """Whether the bytes are one or two separators as people write them inside numbers."""
    count = 0
    while start < end:
        byte = data[start]
        if byte == 32 or byte == 45 or byte == 46 or byte == 40 or byte == 41 or byte == 43:
            start += 1
        elif byte == 0xC2 and start + 1 < end and data[start + 1] == 0xB7:
            start += 2
        elif byte >= 0xE0 and start + 2 < end:
            code = (np.int64(byte) << 16) | (np.int64(data[start + 1]) << 8) | np.int64(data[start + 2])
            if not (code == _GAPS).any():
                return False
            start += 3
        else:
            return False
        count += 1
    return count <= 2


@njit(cache=True, nogil=True)
def blank(data: Any, offsets: Any) -> Any:
    """bool[n]: rows without any character but ASCII white space, U+3000 and U+00A0."""
    n = len(offsets) - 1
    found = np.ones(n, np.bool_)
    for row in range(n):
        at, end = offsets[row], offsets[row + 1]
        while at < end:
            byte = data[at]
            if byte == 32 or 9 <= byte <= 13:
                at += 1
            elif byte == 0xE3 and at + 2 < end and data[at + 1] == 0x80 and data[at + 2] == 0x80:
                at += 3
            elif byte == 0xC2 and at + 1 < end and data[at + 1] == 0xA0:
                at += 2
            else:
                found[row] = False
                break
    return found


@njit(cache=True, nogil=True)
def hashes(data: Any, offsets: Any) -> Any:
    """uint64[n], never 0: FNV-1a of every row, mixed once more. Stable between machines and versions."""
    n = len(offsets) - 1
    out = np.empty(n, np.uint64)
    for row in range(n):
        value = _FNV_OFFSET
        for at in range(offsets[row], offsets[row + 1]):
            value = (value ^ np.uint64(data[at])) * _FNV_PRIME
        value ^= value >> np.uint64(33)
        value *= _MIX
        value ^= value >> np.uint64(33)
        out[row] = value if value else np.uint64(1)
    return out


@njit(cache=True, nogil=True)
def insert(table: Any, keys: Any) -> Any:
    """bool[n]: whether each key is new to `table`, an open hash table of uint64 with 0 for free; adds them.

    The length of the table is a power of two and it must have room.
    """
    mask = np.uint64(len(table) - 1)
    fresh = np.zeros(len(keys), np.bool_)
    for at in range(len(keys)):
        key = keys[at]
        place = key & mask
        while table[place] != 0 and table[place] != key:
            place = (place + np.uint64(1)) & mask
        if table[place] == 0:
            table[place] = key
            fresh[at] = True
    return fresh
