"""Single values as platforms and tables write them: moments, counts, regions."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Final

from fairstream.records import CHINA
from fairstream.sources.times import wall_clock

EARLIEST: Final = datetime(1994, 4, 20, tzinfo=CHINA)
"""No post in China is older than its line to the Internet."""
LATEST: Final = datetime(2100, 1, 1, tzinfo=CHINA)

_EXCEL_DAY: Final = datetime(1899, 12, 30, tzinfo=CHINA)
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?", re.ASCII)
_COMPACT_DAY: Final = re.compile(r"(19\d\d|20\d\d)(\d\d)(\d\d)", re.ASCII)
_CLOCK: Final = (
    r"(?:\s*(上午|下午|晚上|晚|凌晨|中午)?\s*(\d{1,2})[:：时点](\d{1,2})?(?:[:：分](\d{1,2}))?[分秒]?)?"
)
_FULL: Final = re.compile(
    rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?[ T]*"
    rf"(?:(?:星期|周)[一二三四五六日天])?{_CLOCK}",
    re.ASCII,
)
_MONTH_DAY: Final = re.compile(rf"(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_CLOCK}", re.ASCII)
_NAMED_DAY: Final = re.compile(rf"(今天|昨天|前天){_CLOCK}", re.ASCII)
_AGO: Final = re.compile(r"(\d{1,4}|半|几)\s*个?(秒钟?|分钟|小时|天|周|星期|月|年)前", re.ASCII)
_RFC: Final = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_STEP: Final = {"秒": 1, "秒钟": 1, "分钟": 60, "小时": 3600, "天": 86400, "周": 604800, "星期": 604800}
_DAYS: Final = {"今天": 0, "昨天": 1, "前天": 2}
_BEFORE: Final = re.compile(r"^(?:发布于|编辑于|发表于)\s*")
_AFTER: Final = re.compile(r"\s*(?:来自|已编辑|发布于|编辑于).*$")
_COUNT: Final = re.compile(r"(\d+(?:\.\d+)?)([十百千万亿wkm]*)\+?", re.ASCII)
_SCALE: Final = {
    "十": 10,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "万": 10_000,
    "w": 10_000,
    "m": 10**6,
    "亿": 10**8,
}
_MOST: Final = 2**62
_PLACE: Final = re.compile(r"^(?:IP\s*属地|IP\s*归属地?|发布于|来自)\s*[:：]?\s*", re.IGNORECASE)


def epoch(number: float) -> datetime | None:
    """A moment from seconds, milliseconds, micro- or nanoseconds since 1970, or from an Excel serial day.

    None when the moment is before `EARLIEST` or after `LATEST`.
    """
    if 30_000 < number < 80_000:
        return _sane(_EXCEL_DAY + timedelta(milliseconds=round(number * 86_400_000)))
    for unit in (1, 1e3, 1e6, 1e9):
        seconds = number / unit
        if 7e8 < seconds < 5e9:
            return _sane(datetime.fromtimestamp(seconds, UTC).astimezone(CHINA))
    return None


def moment(text: str, collected: datetime | None = None) -> datetime | None:
    """The moment that `text` names, in the time of China unless it has a zone; None when it names none.

    Times without a year and times such as 3小时前 need `collected`, the moment when the item was seen.
    """
    text = unicodedata.normalize("NFKC", text[:80]).strip()
    text = _AFTER.sub("", _BEFORE.sub("", text)).strip()
    if match := _COMPACT_DAY.fullmatch(text):
        return _sane(_built(*match.groups()))
    if len(text) == 14 and text.isdecimal():
        return _sane(wall_clock(f"{text[:8]} {text[8:]}"))
    try:
        number = float(text)
    except ValueError:
        return _sane(_written(text) or _relative(text, collected))
    return epoch(number)


def count(text: str) -> int | None:
    """A count: 1234, "1,234", "1.2万", "3亿", "10w+", "5千"; None when it is none or below zero."""
    text = unicodedata.normalize("NFKC", text[:40]).strip().lower().replace(",", "").replace(" ", "")
    match = _COUNT.fullmatch(text.removesuffix("次").removesuffix("人"))
    if match is None:
        return None
    try:
        number = Decimal(match.group(1))
    except InvalidOperation:
        return None
    for unit in match.group(2):
        number *= _SCALE[unit]
    return int(number) if number < _MOST else None


def place(text: str) -> str | None:
    """A region as the platform shows it, without "IP属地：" before it."""
    return _PLACE.sub("", text.strip()) or None


def _written(text: str) -> datetime | None:
    if match := _RFC.fullmatch(text):  # Weibo: Fri Nov 11 08:00:00 +0800 2022
        month, day, clock, zone, year = match.groups()
        text = f"{day} {month} {year} {clock} {zone}"
    found = wall_clock(text)
    if found is None and (match := _FULL.fullmatch(text)):
        found = _built(*match.groups())
    if found is None and text[:1].isalnum() and text[-5:-4] in ("+", "-"):
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
        found = found if found.tzinfo else found.replace(tzinfo=CHINA)
    return found


def _relative(text: str, collected: datetime | None) -> datetime | None:
    if collected is None:
        return None
    collected = collected.astimezone(CHINA)
    if text in ("刚刚", "刚才"):
        return collected
    if match := _AGO.fullmatch(text):
        return _ago(match.group(1), match.group(2), collected)
    if match := _NAMED_DAY.fullmatch(text):
        day = collected - timedelta(days=_DAYS[match.group(1)])
        return _built(day.year, day.month, day.day, *match.groups()[1:])
    if match := _MONTH_DAY.fullmatch(text):
        found = _built(collected.year, *match.groups())
        if found is not None and found > collected + timedelta(days=1):
            found = _built(collected.year - 1, *match.groups())
        return found
    return None


def _ago(amount: str, unit: str, collected: datetime) -> datetime | None:
    """Only units that say the day: "2月前" and "1年前" name no day, "几天前" none at all."""
    if unit not in _STEP or amount == "几":
        return None
    return collected - timedelta(seconds=_STEP[unit] * (0.5 if amount == "半" else int(amount)))


def _built(
    year: int | str,
    month: int | str,
    day: int | str,
    half: str | None = None,
    hour: str | None = None,
    minute: str | None = None,
    second: str | None = None,
) -> datetime | None:
    hours = int(hour or 0)
    if half in ("下午", "晚上", "晚") and hours < 12:
        hours += 12
    try:
        return datetime(
            int(year), int(month), int(day), hours, int(minute or 0), int(second or 0), tzinfo=CHINA
        )
    except ValueError:
        return None


def _sane(found: datetime | None) -> datetime | None:
    return found if found is not None and EARLIEST <= found < LATEST else None
