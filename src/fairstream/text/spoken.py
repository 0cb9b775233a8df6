"""Extra readings with spoken numbers in digits (三十天 → 30天, 九块九 → 9.9块, 百分之百 → 100%)."""

from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints, Stream
from fairstream.text.kinds import FoldKind
from fairstream.text.numbers import MEASURES, NUMERALS, UNITS, FoundNumber, spoken_numbers
from fairstream.text.rewrite import Edit, rewrite
from fairstream.text.view import View

_NUMERAL, _MEASURE, _COUNTER, _AFTER_COUNTER, _UNIT = 1, 2, 4, 8, 16
_CONTEXT = 12


def numeral_readings(view: View) -> Stream | None:
    """A reading in digits for every segment with a spoken number before a unit, None when there is none."""
    at = _places(view)
    if not len(at):
        return None
    by_segment: dict[int, list[Edit]] = {}
    done = -1
    text, positions = view.text, at.tolist()
    for position, number in zip(positions, view.segments_of(positions), strict=True):
        if position < done:
            continue
        low = _first(text, position)
        for found in spoken_numbers(text[low : position + _CONTEXT]):
            if found.start + low < done or found.start + low > position + 1:
                continue
            by_segment.setdefault(number, []).append(_edit(found, low))
            done = found.end + low
    if not by_segment:
        return None
    return rewrite(view.stream, view.segments(list(by_segment)), list(by_segment.values())).stream


def _first(text: str, position: int) -> int:
    while position > 0 and (text[position - 1] in _SIGNS or text[position - 1] in "0123456789.点"):
        position -= 1
    return position


_SIGNS = frozenset(NUMERALS)


def _edit(found: FoundNumber, low: int) -> Edit:
    holds_unit = found.number_end == found.end
    digits = found.digits + found.unit if holds_unit else found.digits
    return Edit(found.start + low, found.number_end + low, digits, FoldKind.DIGIT, 0.0)


def _places(view: View) -> Ints:
    """Where a numeral stands before a unit; 一, 两 … alone only before units of time and measure."""
    flags = _flags()[view.narrow]
    at = np.flatnonzero(flags[:-1] & (flags[1:] >> 4) & _NUMERAL)
    if not len(at):
        return at
    units = flags[at + 1]
    counted = (units & _COUNTER) > 0  # 个 alone is no unit here, 个月 is one
    fits = ~counted | ((flags[np.minimum(at + 2, len(flags) - 1)] & _AFTER_COUNTER) > 0)
    alone = (flags[at - 1] & _NUMERAL) == 0
    return np.asarray(at[fits & (~alone | ((units & _MEASURE) > 0))])


@cache
def _flags() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    table[[ord(c) for c in NUMERALS]] |= _NUMERAL
    table[[ord(unit[0]) for unit in UNITS.split("|")]] |= _UNIT
    table[[ord(unit[0]) for unit in MEASURES]] |= _MEASURE
    table[ord("个")] |= _COUNTER
    table[[ord(unit[1]) for unit in UNITS.split("|") if unit[0] == "个"]] |= _AFTER_COUNTER
    table[ord("分")] |= _UNIT | _MEASURE
    return table
