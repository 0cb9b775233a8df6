"""The list of duties as data, and what one line of a register says of one duty on a day."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import TypeAdapter, model_validator

from fairstream.checks.datafile import read_data
from fairstream.errors import RuleError
from fairstream.facts import DutyEntry
from fairstream.law.deadlines import due, limit_of
from fairstream.law.resolve import load_law
from fairstream.law.workdays import WorkCalendar
from fairstream.records import PartyRole
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual

TABLE: Final = Path(__file__).parent / "data" / "platform" / "duties.table.yaml"
Rule = Literal["limit", "months", "yearly", "event", "keep", "promptly"]
DECEMBER: Final = 12


class Duty(Strict):
    """One duty: who owes it, where it stands, what enforces it, and how a register is held against it.

    `check` names the check under ``platform/`` that reads its entries; without one it is only listed.
    """

    code: str
    who: PartyRole
    cites: list[str]
    penalty: list[str]
    correct_first: bool | None = None
    title: Bilingual
    breach: Bilingual
    check: str | None = None
    rule: Rule | None = None
    limit: str | None = None
    months: list[int] = []
    unverified: bool = False
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Duty":
        if (self.rule is None) != (self.check is None):
            raise ValueError("rule and check go together")
        if (self.limit is None) == (self.rule in ("limit", "keep")):
            raise ValueError("limit belongs to the rules limit and keep")
        if bool(self.months) != (self.rule == "months"):
            raise ValueError("months belongs to the rule months")
        if (self.correct_first is None) != (not self.penalty):
            raise ValueError("correct_first belongs to a penalty")
        return self

    def in_force(self, on: date) -> bool:
        """Whether any provision that sets the duty was in force that day."""
        return _any_in_force(self.cites, on)

    def punished(self, on: date) -> bool:
        """Whether any provision that punishes its breach was in force that day."""
        return _any_in_force(self.penalty, on)


def _any_in_force(citations: Iterable[str], on: date) -> bool:
    families = (load_law().family(citation.partition("#")[0]) for citation in citations)
    return any(family.version_on(on) for family in families)


@cache
def load_duties(file: Path = TABLE) -> Mapping[str, Duty]:
    """All duties by code. RuleError names file, line and key that do not fit."""
    table = read_data(file, TypeAdapter(dict[str, list[Duty]]), "compare it with the other duties")
    return {duty.code: duty for duty in table["duties"]}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the register says: a reason code, and the last day it was computed on when there is one."""

    reason: str
    last: date | None = None


def judge(duty: Duty, entry: DutyEntry, today: date, calendar: WorkCalendar, promptly_days: int) -> Judged:
    """Hold one line of the register against its duty, as known on `today`.

    Reasons: in-time, not-due, late, missing, early, contradicts (done before the clock started), no-basis
    (the day the clock started is not given), kept, short, no-end, unknown-year (no holiday table), before
    (the duty did not exist on its last day, or records were made before it did); where the law says promptly
    and gives no number, against `promptly_days`: prompt, open, slow, undone. RuleError for a duty without a
    rule.
    """
    if duty.rule is None:
        raise RuleError(f"the duty {duty.code} has no rule", file=TABLE, remedy="list it without a check")
    judged = _RULES[duty.rule](duty, entry, today, calendar, promptly_days)
    owed_on = entry.basis_on if duty.rule == "keep" else judged.last
    return judged if owed_on is None or duty.in_force(owed_on) else Judged("before")


def _limit(duty: Duty, entry: DutyEntry, today: date, calendar: WorkCalendar, _: int) -> Judged:
    if entry.basis_on is None:
        return _against(entry, None, entry.due_on, today)
    answer = due(limit_of(str(duty.limit)), entry.basis_on, calendar)
    if answer.last is None:
        return Judged("unknown-year")
    return _against(entry, entry.basis_on, answer.last, today)


def _months(duty: Duty, entry: DutyEntry, today: date, _: WorkCalendar, __: int) -> Judged:
    period = entry.due_on or entry.basis_on
    if period is None or period.month not in duty.months:
        return Judged("no-basis")
    last = period.replace(day=monthrange(period.year, period.month)[1])
    if entry.done_on is not None and entry.done_on < period.replace(day=1):
        return Judged("early", last)
    return _against(entry, None, last, today)


def _yearly(_: Duty, entry: DutyEntry, today: date, __: WorkCalendar, ___: int) -> Judged:
    period = entry.due_on or entry.basis_on
    if period is None:
        return Judged("no-basis")
    return _against(entry, date(period.year, 1, 1), date(period.year, DECEMBER, 31), today)


def _event(_: Duty, entry: DutyEntry, today: date, __: WorkCalendar, ___: int) -> Judged:
    return _against(entry, None, entry.basis_on, today)


def _against(entry: DutyEntry, first: date | None, last: date | None, today: date) -> Judged:
    if last is None:
        return Judged("no-basis")
    if entry.done_on is None:
        return Judged("missing" if today > last else "not-due", last)
    if first is not None and entry.done_on < first:
        return Judged("contradicts", last)
    return Judged("late" if entry.done_on > last else "in-time", last)


def _keep(duty: Duty, entry: DutyEntry, _: date, calendar: WorkCalendar, __: int) -> Judged:
    if entry.basis_on is None:
        return Judged("no-basis")
    last = due(limit_of(str(duty.limit)), entry.basis_on, calendar).last
    if entry.record_kept_until is None or last is None:
        return Judged("no-end", last)
    return Judged("short" if entry.record_kept_until < last else "kept", last)


def _promptly(_: Duty, entry: DutyEntry, today: date, __: WorkCalendar, promptly_days: int) -> Judged:
    if entry.basis_on is None:
        return Judged("no-basis")
    judged = _against(entry, entry.basis_on, entry.basis_on + timedelta(days=promptly_days), today)
    return Judged(_PROMPTLY.get(judged.reason, judged.reason), judged.last)


_PROMPTLY: Final[Mapping[str, str]] = {
    "in-time": "prompt",
    "not-due": "open",
    "late": "slow",
    "missing": "undone",
}
"""Where the law gives no number no sentence may speak of a last day."""
_RULES: Final[Mapping[Rule, Callable[[Duty, DutyEntry, date, WorkCalendar, int], Judged]]] = {
    "limit": _limit,
    "months": _months,
    "yearly": _yearly,
    "event": _event,
    "keep": _keep,
    "promptly": _promptly,
}
