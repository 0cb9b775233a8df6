"""Numbers as Chinese sales talk writes them, and the readings that put them in ASCII digits.

Understood: 三十, 一百二 (120), 两万五, 零壹 (01), 二零二六, 三点五, 20万, 百分之三十, 千分之五, 九块九,
八五折; 半 is left alone. Numbers are exact (`decimal.Decimal`).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_DIGITS = {
    **{
        c: n
        for n, chars in enumerate(
            ("零〇", "一壹幺", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖")
        )
        for c in chars
    },
    **{str(n): n for n in range(10)},
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_D = "零〇一壹二贰两三叁四肆五伍六陆七柒八捌九玖"
_U = "十拾百佰千仟"
#: Characters a number written in Chinese may consist of.
NUMERALS = _D + _U + "万亿"
_NUMBER = rf"[{_D}{_U}0-9][{_D}{_U}万亿0-9]*(?:[.点][{_D}0-9]+)?[{_U}万亿]*"
#: Units after which a number is read in digits.
UNITS = (
    "个月|个小时|个工作日|个疗程|个星期|小时|分钟|秒钟|工作日|疗程|星期|公斤|千克|毫克|毫升|平米|年|月|周|天|日|夜|秒|岁|元|块|毛|角|折|倍|"
    "斤|克|升|成|度|件|盒|瓶|袋|单|套|片|粒|支|名|位|人|次|层|代|款|家|城|国|亩|米"
)
_FIRSTS = "".join(sorted({unit[0] for unit in UNITS.split("|")}))
_CENTS = rf"[{_D}]{{1,2}}(?![{_D}])|[0-9]{{1,2}}(?![0-9])"
_MEASURED = re.compile(
    rf"(?P<ratio>[百千]分之)(?P<part>百|{_NUMBER})"
    rf"|(?P<whole>{_NUMBER})(?P<coin>[块元])(?P<cents>{_CENTS})[毛角]?(?![{_U}万亿.点%{_FIRSTS}])"
    rf"|(?P<number>{_NUMBER})(?P<unit>{UNITS})(?!之)"
)
_PLAIN = frozenset("一两二三四五六七八九十半几")
#: Units of time, money and measure: before these 一 and 两 are read as numbers too.
MEASURES = frozenset(unit for unit in UNITS.split("|") if unit[-1] in "月时日程期钟年周天元块折倍斤克升岁")


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """A number with its unit; offsets into the text, half open.

    `unit` is "%" and "‰" for 百分之 and 千分之; `digits` is the number as ASCII digits (01 keeps its zero).
    `number_end` is where the number ends and its unit begins (equal to `end` when the number holds the unit).
    """

    start: int
    end: int
    number_end: int
    value: Decimal
    digits: str
    unit: str


def parse_number(text: str) -> Decimal:
    """The value of a number written in Chinese or ASCII digits or both; ValueError when it is none."""
    plain = text.strip().replace(",", "").replace("，", "")
    ratio = {"百分之": 100, "千分之": 1000}.get(plain[:3])
    if ratio:
        return (Decimal(100) if plain[3:] == "百" else parse_number(plain[3:])) / ratio
    if not re.fullmatch(_NUMBER, plain):
        raise ValueError(f"{text!r} is not a number")
    return _value(plain)


def find_numbers(text: str) -> list[FoundNumber]:
    """Numbers followed by a unit or written as a ratio, in order."""
    found = (_found(match.group(), match.start()) for match in _MEASURED.finditer(text))
    return [number for number in found if number]


@lru_cache(maxsize=1 << 14)
def _read(written: str) -> tuple[int, Decimal, str, str] | None:
    """Length of the number, its value, digits and unit."""
    match = _MEASURED.fullmatch(written)
    if match is None:
        return None
    if match["ratio"]:
        value = Decimal(100) if match["part"] == "百" else _value(match["part"])
        return len(written), value, _shown(value), "%" if match["ratio"][0] == "百" else "‰"
    if match["coin"]:
        cents = "".join(str(_DIGITS[c]) for c in match["cents"])
        value = _value(match["whole"]) + Decimal(f"0.{cents}")
        return len(written), value, _shown(value), match["coin"]
    value, number = _value(match["number"]), match["number"]
    if match["unit"] == "折" and len(number) == 2 and value >= 10 and set(number) <= set(_D):
        value /= 10
    digits = _shown(value)
    if _is_positional(number):
        digits = "".join(str(_DIGITS[c]) for c in number) if match["unit"] != "折" else digits
    return len(number), value, digits, match["unit"]


def _found(written: str, start: int) -> FoundNumber | None:
    read = _read(written)
    if read is None:
        return None
    length, value, digits, unit = read
    return FoundNumber(start, start + len(written), start + length, value, digits, unit)


def _is_positional(number: str) -> bool:
    return len(number) > 1 and all(c in _DIGITS for c in number) and number[0] in _D


def _shown(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _value(number: str) -> Decimal:
    whole, _, rest = number.replace("点", ".").partition(".")
    if rest:
        tail = rest.lstrip(_D + "0123456789")
        fraction = rest[: len(rest) - len(tail)]
        factor = 1
        for unit in tail:
            factor *= _SMALL.get(unit) or _LARGE.get(unit, 1)
        digits = "".join(str(_DIGITS[c]) for c in fraction)
        return (_whole(whole) + Decimal(f"0.{digits}")) * factor
    return _whole(whole)


def _whole(number: str) -> Decimal:
    """一百二 is 120 and 两万五 25,000: a last digit after a unit counts for the next lower one."""
    for unit, size in (("亿", 10**8), ("億", 10**8), ("万", 10**4), ("萬", 10**4)):
        above, found, below = number.rpartition(unit)
        if found:
            rest = _DIGITS[below] * size // 10 if len(below) == 1 and below in _DIGITS else _whole(below)
            return (_whole(above) if above else Decimal(1)) * size + rest
    total, digits, unit_before = 0, "", 1
    for sign in number:
        if sign in _DIGITS:
            digits += str(_DIGITS[sign])
        else:
            total += (int(digits) if digits else 1) * _SMALL[sign]
            digits, unit_before = "", _SMALL[sign]
    rest = int(digits or 0)
    return Decimal(total + (rest * unit_before // 10 if len(digits) == 1 and unit_before > 10 else rest))


def spoken_numbers(text: str) -> Iterator[FoundNumber]:
    """Numbers worth a reading in digits: not in ASCII already, and not 一个, 一次 and the like."""
    for match in _MEASURED.finditer(text):
        number = match["number"]
        if number and (number.isascii() or (number in _PLAIN and match["unit"] not in MEASURES)):
            continue
        found = _found(match.group(), match.start())
        if found and found.digits:
            yield found
