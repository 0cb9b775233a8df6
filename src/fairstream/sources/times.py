"""Times as they are written: marks on the recording → milliseconds, wall clocks → datetime with zone."""

import math
import re
from datetime import UTC, datetime
from typing import Final

from fairstream.records import CHINA as CHINA

MARK: Final = r"(?:\d{1,3}:)?\d{1,3}:\d{1,2}(?:[.,:]\d{1,3})?"
"""Pattern of a mark: hours optional, fraction with dot, comma or colon."""

_MARK: Final = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?", re.ASCII)
_FRAME_MARK: Final = re.compile(r"(\d{1,3}):(\d{1,2}):(\d{1,2}):(\d{3})", re.ASCII)
_LOOSE: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?[ T]+(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})秒?)?",
    re.ASCII,
)
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})[ _T-]?(\d{2})(\d{2})(\d{2})", re.ASCII)
_EPOCH_MS: Final = 1e11
_YEAR_2000, _YEAR_2100 = 946_684_800, 4_102_444_800


def mark_ms(text: str) -> int | None:
    """Milliseconds of a mark such as ``1:02:03,456``, ``02:03.4`` or ``75:10``; None if it is none."""
    text = text.strip()
    match = _MARK.fullmatch(text) or _FRAME_MARK.fullmatch(text)
    if match is None:
        return None
    hours, minutes, seconds, fraction = match.groups()
    if int(seconds) > 59 or (hours and int(minutes) > 59):
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + int((fraction or "0")[:3].ljust(3, "0"))


def position_ms(value: object, *, unit_ms: int = 1000) -> int | None:
    """Milliseconds of a position given as a number of units (seconds by default) or as a mark."""
    if isinstance(value, str) and ":" in value:
        return mark_ms(value)
    number = finite(value)
    return None if number is None or abs(number) > 1e12 else round(number * unit_ms)


def finite(value: object) -> float | None:
    """`value` as a finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def wall_clock(value: object) -> datetime | None:
    """A moment with zone from epoch seconds or milliseconds (≥ 1e11), ISO 8601, or ``2026-03-01 20:15``."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=CHINA)
    number = finite(value)
    if number is not None:
        seconds = number / 1000 if number >= _EPOCH_MS else number
        if _YEAR_2000 <= seconds < _YEAR_2100:
            return datetime.fromtimestamp(seconds, UTC).astimezone(CHINA)
    return _written_clock(value.strip()) if isinstance(value, str) else None


def _written_clock(text: str) -> datetime | None:
    if len(text) > 64:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if ":" in text:
            return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    except ValueError:
        pass
    match = _LOOSE.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=CHINA)
    except ValueError:
        return None
