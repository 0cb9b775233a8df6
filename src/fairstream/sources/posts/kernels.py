"""Passes over the bytes of whole columns, where one Python call per row would cost more than the reading.

Strings are UTF-8 bytes and 32-bit offsets, as Arrow keeps them.
"""

from typing import Any

import numpy as np
from numba import njit

_FNV_OFFSET = np.uint64(0xCBF29CE484222325)
_FNV_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0xFF51AFD7ED558CCD)


@njit(cache=True, nogil=True)
def telling(data: Any, offsets: Any, run: int) -> Any:
    """bool[n]: rows worth a closer look for personal numbers.

    True when a row has `run` digits (ASCII or full width) with gaps of at most three bytes between them, an
    "@", or a digit right before 号, 室, 栋, 幢 or 弄.
    """
    n = len(offsets) - 1
    found = np.zeros(n, np.bool_)
    for row in range(n):
        at, end = offsets[row], offsets[row + 1]
        digits, gap = 0, 0
        while at < end:
            byte = data[at]
            if 48 <= byte <= 57:
                digits, gap = digits + 1, 0
                at += 1
            elif byte == 0xEF and at + 2 < end and data[at + 1] == 0xBC and 0x90 <= data[at + 2] <= 0x99:
                digits, gap = digits + 1, 0
                at += 3
            else:
                if byte == 64 or (
                    digits > 0
                    and gap == 0
                    and at + 2 < end
                    and 0xE5 <= byte <= 0xE6
                    and _unit(byte, data[at + 1], data[at + 2])
                ):
                    found[row] = True
                    break
                gap += 1
                if gap > 3:
                    digits = 0
                at += 1
            if digits >= run:
                found[row] = True
                break
    return found


@njit(cache=True, nogil=True, inline="always")
def _unit(first: int, second: int, third: int) -> bool:
    """Whether three bytes are 号, 室, 幢, 弄 or 栋."""
    if first == 0xE5:
        return (
            (second == 0x8F and third == 0xB7)
            or (second == 0xAE and third == 0xA4)
            or (second == 0xB9 and third == 0xA2)
            or (second == 0xBC and third == 0x84)
        )
    return second == 0xA0 and third == 0x8B


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
