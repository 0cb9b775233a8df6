"""Time limits: from a limit of the law and the day it began to the last day, with the computation in words.

Counting follows administrative-penalty-procedure-provisions 80 where it applies: the opening day is not
counted, and a last day that is a holiday moves to the first day after it. The text says statutory holidays;
that weekends move the day too is practice, so `Due.counted` keeps the day before moving: the cautious answer.
Days are Chinese days (UTC+8, no summer time). A year without a holiday table gives no date.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final, Literal, get_args

from fairstream.errors import LawError
from fairstream.law.citation import parse_citation
from fairstream.law.source import DATA, parse_yaml
from fairstream.law.workdays import DAY, WorkCalendar
from fairstream.records import CHINA, Words

Unit = Literal["hour", "day", "working_day", "month", "year"]
Sense = Literal["by", "keep", "bar", "before"]
TABLE: Final = DATA / "deadlines.yaml"
MONTHS: Final = 12
UNITS: Final[Mapping[Unit, Words]] = {
    "hour": Words("小时", "hours"),
    "day": Words("日", "days"),
    "working_day": Words("个工作日", "working days"),
    "month": Words("个月", "months"),
    "year": Words("年", "years"),
}
SENSES: Final[Mapping[Sense, Words]] = {
    "by": Words("最后一日", "last day"),
    "keep": Words("至少到", "at least until"),
    "bar": Words("期满之日", "runs through"),
    "before": Words("最迟", "at the latest"),
}


@dataclass(frozen=True, slots=True)
class Counting:
    """How days are counted; `rolls`: a holiday moves the last day; `unverified`: no text held says so."""

    words: Words
    cites: tuple[str, ...] = ()
    rolls: bool = False
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Extension:
    """More time under a condition; without `amount` it is set case by case."""

    when: Words
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """One time limit. `event` is what it runs from; `excluded` are periods that do not run."""

    id: str
    title: Words
    cites: tuple[str, ...]
    amount: int
    unit: Unit
    event: Words
    counting: Counting
    sense: Sense = "by"
    extensions: tuple[Extension, ...] = ()
    excluded: tuple[Words, ...] = ()
    unverified: Words | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The answer: `last` is the last day, `moment` its end for limits in hours.

    Both are None when `unknown` says why. `counted` is the last day before a holiday moved it, `steps` the
    computation in words.
    """

    limit: Limit
    start: date
    last: date | None
    counted: date | None = None
    moment: datetime | None = None
    steps: tuple[Words, ...] = ()
    unknown: Words | None = None

    def overdue(self, done: date | None, today: date) -> bool | None:
        """Whether it was done, or is still undone, after the last day; None when that day is unknown."""
        return None if self.last is None else (done or today) > self.last


class _UnknownYear(Exception):  # noqa: N818 - never leaves this module
    def __init__(self, year: int) -> None:
        self.year = year


def due(
    limit: Limit,
    start: date | datetime,
    calendar: WorkCalendar,
    *,
    extended: int = 0,
    excluded: Iterable[tuple[date, date]] = (),
) -> Due:
    """The last day of a limit that began with an event at `start`.

    `extended` is how many of the limit's extensions were granted, in order; `excluded` the periods, first
    and last day, that do not run. Moments are turned into Chinese days. LawError when a moment has no zone,
    a limit in hours gets only a day, or an extension is not in the law.
    """
    day, moment = _begin(limit, start)
    amount = _amount(limit, extended)
    if amount is None:
        when = limit.extensions[extended - 1].when
        return Due(
            limit, day, None, unknown=Words(f"期限由机关另定：{when.zh}", f"set case by case: {when.en}")
        )
    pauses = tuple(excluded)
    if moment is not None:
        end = moment + timedelta(hours=amount)
        return Due(limit, day, end.date(), end.date(), end, (_hours(limit, moment, end),))
    steps = [_opening(limit, day, amount)]
    counted = None
    try:
        counted = _count(limit, day, amount, calendar, pauses)
        last = _rolled(counted, calendar) if limit.counting.rolls else counted
    except _UnknownYear as error:
        return Due(limit, day, None, counted, steps=tuple(steps), unknown=_no_table(error.year))
    steps += _steps(limit, counted, last, pauses)
    return Due(limit, day, last, counted, steps=tuple(steps))


def _begin(limit: Limit, start: date | datetime) -> tuple[date, datetime | None]:
    if not isinstance(start, datetime):
        if limit.unit == "hour":
            raise LawError(f"{limit.id} is counted in hours", remedy="give the moment, with its time zone")
        return start, None
    if start.tzinfo is None:
        raise LawError(f"the moment {start} has no time zone", remedy="write it with +08:00")
    local = start.astimezone(CHINA)
    return local.date(), local if limit.unit == "hour" else None


def _amount(limit: Limit, extended: int) -> int | None:
    if not 0 <= extended <= len(limit.extensions):
        raise LawError(
            f"{limit.id} has {len(limit.extensions)} extensions, not {extended}",
            remedy="give the number of extensions that were granted",
        )
    more = [extension.amount for extension in limit.extensions[:extended]]
    return None if None in more else limit.amount + sum(filter(None, more))


def _count(
    limit: Limit, start: date, amount: int, calendar: WorkCalendar, pauses: Sequence[tuple[date, date]]
) -> date:
    backwards = limit.sense == "before"
    if limit.unit in ("month", "year"):
        months = amount * (MONTHS if limit.unit == "year" else 1)
        end = add_months(start, -months if backwards else months)
        return _lengthened(start, end, pauses)
    day = start
    while amount:
        day += -DAY if backwards else DAY
        if not _paused(day, pauses) and (limit.unit == "day" or _worked(day, calendar)):
            amount -= 1
    return day


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _lengthened(start: date, end: date, pauses: Sequence[tuple[date, date]]) -> date:
    day = start
    while day < end:
        day += DAY
        if _paused(day, pauses):
            end += DAY
    return end


def _paused(day: date, pauses: Sequence[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in pauses)


def _worked(day: date, calendar: WorkCalendar) -> bool:
    worked = calendar.is_worked(day)
    if worked is None:
        raise _UnknownYear(day.year)
    return worked


def _rolled(day: date, calendar: WorkCalendar) -> date:
    while not _worked(day, calendar):
        day += DAY
    return day


def _opening(limit: Limit, day: date, amount: int) -> Words:
    unit = UNITS[limit.unit]
    if limit.sense == "before":
        return Words(
            f"{day}（{limit.event.zh}）当日不计，往前数 {amount} {unit.zh}",
            f"{day} ({limit.event.en}) is not counted; {amount} {unit.en} back",
        )
    return Words(
        f"{day}（{limit.event.zh}）当日不计，往后数 {amount} {unit.zh}",
        f"{day} ({limit.event.en}) is not counted; {amount} {unit.en} on",
    )


def _hours(limit: Limit, start: datetime, end: datetime) -> Words:
    return Words(
        f"自 {start:%Y-%m-%d %H:%M}（{limit.event.zh}）至 {end:%Y-%m-%d %H:%M}（北京时间）；"
        "起始的一小时未另行剔除，为稳妥算法",
        f"{start:%Y-%m-%d %H:%M} ({limit.event.en}) to {end:%Y-%m-%d %H:%M}, Chinese time; "
        "the opening hour is counted, to be cautious",
    )


def _steps(limit: Limit, counted: date, last: date, pauses: Sequence[tuple[date, date]]) -> Iterator[Words]:
    for first, until in pauses:
        yield Words(f"{first} 至 {until} 不计入", f"{first} to {until} does not run")
    sense = SENSES[limit.sense]
    yield Words(f"{sense.zh}：{counted}", f"{sense.en} {counted}")
    if last != counted:
        yield Words(f"该日休息，顺延至 {last}", f"that day is off: moved to {last}")
    yield limit.counting.words


def _no_table(year: int) -> Words:
    return Words(
        f"没有 {year} 年的节假日表，无法计算；请补充该年的国务院办公厅通知",
        f"no holiday table for {year}: add the State Council notice of that year",
    )


@cache
def load_limits() -> Mapping[str, Limit]:
    """All limits by id. LawError names the entry that does not fit."""
    return read_limits(parse_yaml(TABLE.read_bytes(), TABLE), str(TABLE))


def limit_of(name: str) -> Limit:
    """The limit with that id. LawError when there is none."""
    found = load_limits().get(name)
    if found is None:
        raise LawError(f"no time limit {name!r}", remedy=f"one of {', '.join(sorted(load_limits()))}")
    return found


def read_limits(content: Mapping[str, Any], file: str) -> dict[str, Limit]:
    """The limits of a parsed table. LawError names the entry that does not fit."""
    found: dict[str, Limit] = {}
    rules = content.get("counting") or {}
    for entry in content.get("limits") or ():
        name = entry.get("id", "?")
        try:
            if name in found:
                raise ValueError("stands there twice")
            found[name] = _limit(entry, rules)
        except (KeyError, TypeError, ValueError) as error:
            cause = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
            raise LawError(
                f"time limit {name!r}: {cause}", file=file, remedy="compare it with the other limits"
            ) from error
    return found


def _limit(entry: Mapping[str, Any], rules: Mapping[str, Any]) -> Limit:
    if type(entry["amount"]) is not int or entry["amount"] < 1:
        raise ValueError(f"amount is {entry['amount']!r}, not a positive whole number")
    return Limit(
        id=entry["id"],
        title=Words(**entry["title"]),
        cites=_cited(entry["cites"]),
        amount=entry["amount"],
        unit=_one_of(entry["unit"], get_args(Unit)),
        event=Words(**entry["event"]),
        counting=_counting(rules[entry["counting"]]),
        sense=_one_of(entry.get("sense", "by"), get_args(Sense)),
        extensions=tuple(
            Extension(Words(**item["when"]), item.get("amount")) for item in entry.get("extensions") or ()
        ),
        excluded=tuple(Words(**item) for item in entry.get("excluded") or ()),
        unverified=Words(**entry["unverified"]) if "unverified" in entry else None,
    )


def _counting(entry: Mapping[str, Any]) -> Counting:
    return Counting(
        Words(**entry["words"]),
        _cited(entry.get("cites") or ()),
        bool(entry.get("rolls")),
        bool(entry.get("unverified")),
    )


def _cited(cites: Iterable[str]) -> tuple[str, ...]:
    return tuple(str(parse_citation(item)) for item in cites)


def _one_of(value: str, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")
    return value
