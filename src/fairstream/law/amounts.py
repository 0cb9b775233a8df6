"""Reads figures in words of law: 二十万元以上一百万元以下, 百分之五十以上三倍以下, 20%以上, 等值以下."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from fairstream.law.numerals import NUMERAL, parse_numeral

Unit = Literal["fen", "times"]
Bounds = tuple[Fraction | None, Fraction | None]

_QUANTITY = (
    rf"(?:(?P<money{{n}}>[{NUMERAL}]+)元|(?P<times{{n}}>[{NUMERAL}]+)倍"
    rf"|百分之(?P<percent{{n}}>[{NUMERAL}]+)|(?P<sign{{n}}>[{NUMERAL}]+)[%％]|(?P<equal{{n}}>等值))"
)
_FIRST, _SECOND = _QUANTITY.format(n=1), _QUANTITY.format(n=2)
# 三千元至一万元以上 (a range the provinces fix) reads as a range too.
_RANGE = re.compile(
    rf"(?P<most>不超过|不足)?{_FIRST}(?P<side>以上|以下|至)?(?:(?<=以上|元至){_SECOND}(?:以下|以上))?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure or range as it stands in the words; None where it has no lower or upper bound."""

    unit: Unit
    low: Fraction | None
    high: Fraction | None


def figures(words: str) -> Iterator[Figure]:
    """Every sum of money (in fen) and every multiple in an article's words, in their order."""
    for match in _RANGE.finditer(words):
        first, second = _quantity(match, 1), _quantity(match, 2)
        if first is None:
            continue
        unit, value = first
        if second is not None:
            # 百分之五十以上三倍以下 mixes a percentage with a multiple; both are multiples of the base.
            yield Figure(unit, value, second[1]) if second[0] == unit else Figure(unit, value, None)
        elif match["side"] == "以下" or match["most"]:
            yield Figure(unit, None, value)
            if match["most"]:
                yield Figure(unit, value, value)
        elif match["side"] == "以上":
            yield Figure(unit, value, None)
        else:
            yield Figure(unit, value, value)


def stands_in(words: str, unit: Unit, low: float | None, high: float | None) -> bool:
    """Whether a range of the data stands in the words as one range, not merely as two numbers."""
    bounds = (_exact(low), _exact(high))
    return any(figure.unit == unit and (figure.low, figure.high) == bounds for figure in figures(words))


def names_amount(words: str, fen: int) -> bool:
    """Whether a sum stands in the words at all, as a threshold does (五万元以上, 不足五万元)."""
    return any(figure.unit == "fen" and fen in (figure.low, figure.high) for figure in figures(words))


def _exact(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(str(value))


def _quantity(match: re.Match[str], index: int) -> tuple[Unit, Fraction] | None:
    groups = match.groupdict()
    if groups[f"equal{index}"]:
        return "times", Fraction(1)
    for name, unit, scale in (
        ("money", "fen", Fraction(100)),
        ("times", "times", Fraction(1)),
        ("percent", "times", Fraction(1, 100)),
        ("sign", "times", Fraction(1, 100)),
    ):
        written = groups[f"{name}{index}"]
        if written:
            try:
                number = parse_numeral(written)
            except ValueError:
                return None
            return ("fen" if unit == "fen" else "times"), number * scale
    return None
