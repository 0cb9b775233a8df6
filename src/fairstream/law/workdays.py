"""The working days of the PRC, year by year, from a table the user can lay an own file over.

Saturdays and Sundays are off and all other days worked, save what the yearly notice of the General Office of
the State Council says. A year without a table is unknown: nothing is extrapolated.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from platformdirs import user_data_path

from fairstream.errors import LawError
from fairstream.law.source import DATA, parse_yaml

TABLE: Final = DATA / "holidays.yaml"
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
"""`date.weekday` of the first day of the weekend."""
LONGEST: Final = 31
"""No stretch of days off is longer; a longer one is a mistyped date."""


@dataclass(frozen=True, slots=True)
class Year:
    """The table of one year: days off, weekend days that are worked, and the notice it was read in."""

    rest: frozenset[date]
    work: frozenset[date]
    notice: str = ""


@dataclass(frozen=True)
class WorkCalendar:
    """The years that are known."""

    years: Mapping[int, Year] = field(default_factory=dict)

    def is_worked(self, day: date) -> bool | None:
        """Whether the day is a working day; None when its year is not in the table."""
        year = self.years.get(day.year)
        if year is None:
            return None
        return day in year.work or (day not in year.rest and day.weekday() < SATURDAY)


def own_tables() -> tuple[Path, ...]:
    """The user's own table, `holidays.yaml` in the user's data folder, when there is one."""
    file = user_data_path("fairstream") / "holidays.yaml"
    return (file,) if file.is_file() else ()


@cache
def load_calendar(*overlays: Path) -> WorkCalendar:
    """The shipped table with the user's files over it, later ones winning year by year.

    LawError names file and year that do not fit: a year as key, `rest` as pairs of first and last day,
    `work` as Saturdays and Sundays.
    """
    years: dict[int, Year] = {}
    for file in (TABLE, *overlays):
        years.update(read_years(_content(file), file))
    return WorkCalendar(years)


def _content(file: Path) -> Mapping[str, Any]:
    try:
        return parse_yaml(file.read_bytes(), file)
    except OSError as error:
        raise LawError(
            f"cannot be read: {error.strerror}", file=file, remedy="name a holiday table (YAML)"
        ) from error


def read_years(content: Mapping[str, Any], file: Path) -> dict[int, Year]:
    """The years of a parsed table. LawError as in `load_calendar`."""
    years = {}
    for name, entry in (content.get("holidays") or {}).items():
        try:
            years[int(name)] = _year(int(name), entry)
        except (KeyError, TypeError, ValueError) as error:
            raise LawError(
                f"holidays of {name}: {error}",
                file=file,
                remedy="give rest: [[first day, last day], …] and work: [day, …] as YYYY-MM-DD",
            ) from error
    return years


def _year(number: int, entry: Mapping[str, Any]) -> Year:
    rest = frozenset(day for first, last in entry["rest"] for day in _stretch(first, last))
    work = frozenset(date.fromisoformat(day) for day in entry["work"])
    for day in sorted(rest | work):
        if day.year != number:
            raise ValueError(f"{day} lies in another year")
    for day in sorted(work):
        if day.weekday() < SATURDAY or day in rest:
            raise ValueError(f"{day} is worked anyway or also off")
    return Year(rest, work, str(entry.get("notice", "")))


def _stretch(first: str, last: str) -> Sequence[date]:
    begin, end = date.fromisoformat(first), date.fromisoformat(last)
    if not 0 <= (end - begin).days < LONGEST:
        raise ValueError(f"{first} to {last} is no stretch of days off")
    return [begin + DAY * n for n in range((end - begin).days + 1)]
