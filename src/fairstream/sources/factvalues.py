"""Single values of facts as people write them → days, moments, counts, shares, stretches of the recording."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final

from fairstream.facts import Interval
from fairstream.sources.times import CHINA, position_ms, wall_clock

NOTHING: Final = frozenset(("-", "--", "—", "——", "n/a", "未知", "不详", "unknown"))
"""Cells that say that nothing is known."""
NONE_AT_ALL: Final = frozenset(("无", "没有", "none", "[]"))
"""Cells that say that a list is known to be empty."""
NO_END: Final = date(9999, 12, 31)
"""What “长期” on a licence stands for: no day on which it ends."""
_FOREVER: Final = frozenset(("长期", "长期有效", "永久", "永久有效"))
_TRUE: Final = frozenset(("true", "yes", "y", "on", "1", "是", "有", "对", "已", "√", "✓"))
_FALSE: Final = frozenset(("false", "no", "n", "off", "0", "否", "无", "没有", "不是", "未", "×", "✗", "x"))
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d\d)(\d\d)", re.ASCII)
_COUNT: Final = re.compile(
    r"(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,15}(?:\.\d{1,6})?)([万千亿wk]?)[个件天日次人盒瓶单份只袋箱包条套星名位]?",
    re.ASCII,
)
_SCALE: Final = {"": 1, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_MOST: Final = 10**15
_RATIO: Final = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)\s*([%‰]?)", re.ASCII)
_BETWEEN: Final = re.compile(r"\s*(?:-->|[-–—~～至到])\s*")
_NAME: Final = r"(?P<name>[^\d%:：、,，;；/|\s][^\d%:：、,，;；/|]{0,39}?)"
_PART: Final = r"(?P<part>\d{1,3}(?:\.\d{1,3})?)"
_NAME_FIRST: Final = re.compile(rf"{_NAME}\s*[:：]?\s*{_PART}\s*%?(?![\d.])", re.ASCII)
_PART_FIRST: Final = re.compile(rf"{_PART}\s*%\s*{_NAME}(?=\s*(?:[\d、,，;；/|]|$))", re.ASCII)
_BETWEEN_SHARES: Final = re.compile(r"[、,，;；/|\s]*")


def folded(text: str) -> str:
    """A short word for comparison."""
    return unicodedata.normalize("NFKC", text[:100]).strip().casefold()


def truth(text: str) -> bool | None:
    """True or false of 是, yes, true, 1 … and 否, no, false, 0 …"""
    word = folded(text)
    return True if word in _TRUE else False if word in _FALSE else None


def day(text: str) -> date | None:
    """A day like 2026-03-01, 2026/3/1, 2026年3月1日 or 20260301; of a moment, its day in China."""
    match = _DAY.fullmatch(folded(text))
    if match:
        year, month, number = (int(part) for part in match.groups() if part)
        try:
            return date(year, month, number)
        except ValueError:
            return None
    moment = wall_clock(text) if ":" in text or "时" in text else None
    try:
        return moment.astimezone(CHINA).date() if moment else None
    except OverflowError:
        return None


def last_day(text: str) -> date | None:
    """A day on which something ends; 长期 has none."""
    return NO_END if folded(text) in _FOREVER else day(text)


def moment_of_day(found: date) -> datetime:
    """The beginning of a day in China."""
    return datetime(found.year, found.month, found.day, tzinfo=CHINA)


def number(text: str) -> float | None:
    """A number of zero or more: 3200, 3,200, 3.2千, 1.2万, 8人."""
    match = _COUNT.fullmatch(folded(text).replace(" ", ""))
    if match is None:
        return None
    try:
        amount = Decimal(match.group(1).replace(",", "")) * _SCALE[match.group(2)]
    except InvalidOperation:
        return None
    return float(amount) if amount < _MOST else None


def count(text: str) -> int | None:
    """A whole number of zero or more."""
    found = number(text)
    return int(found) if found is not None and found.is_integer() else None


def permille(text: str, *, bare: int = 10) -> int | None:
    """A share in thousandths: 20%, 15‰; a bare number counts `bare` thousandths each."""
    match = _RATIO.fullmatch(folded(text))
    if match is None:
        return None
    share = Decimal(match.group(1)) * {"%": 10, "‰": 1, "": bare}[match.group(2)]
    return int(share) if share == int(share) and share <= 1000 else None


def mark(text: str, *, unit_ms: int = 1000) -> int | None:
    """Milliseconds into the recording of a mark (0:05:30) or a number of seconds (of `unit_ms`)."""
    found = position_ms(text, unit_ms=unit_ms)
    return found if found is not None and found >= 0 else None


def interval(text: str) -> Interval | None:
    """A stretch like 0:01:00-0:05:30."""
    ends = [mark(part) for part in _BETWEEN.split(text.strip()[:60])]
    if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] >= ends[1]:
        return None
    return Interval(ends[0], ends[1])


def share(text: str) -> float | None:
    """Percent between 0 and 100: 60, 60%."""
    match = _RATIO.fullmatch(folded(text))
    if match is None or match.group(2) == "‰" or float(match.group(1)) > 100:
        return None
    return float(match.group(1))


def shares(text: str) -> dict[str, float] | None:
    """Percent by name of “棉60%、涤纶40%”, “棉: 60; 涤纶: 40” or “60% cotton, 40% linen”."""
    text = unicodedata.normalize("NFKC", text[:2000]).strip()
    pattern = _PART_FIRST if text[:1].isdecimal() else _NAME_FIRST
    found = {match["name"].strip(): float(match["part"]) for match in pattern.finditer(text)}
    whole = _BETWEEN_SHARES.fullmatch(pattern.sub("", text)) is not None
    return found if found and whole and max(found.values()) <= 100 else None
