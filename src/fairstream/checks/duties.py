"""Duties of platforms, room operators and agencies, held against a register (live-ecommerce-measures-2026).

The duties are data (`data/platform/duties.table.yaml`); each check reads the entries of its duties. The
register is looked at as of the decision day where that is known, otherwise the day of the broadcast. On the
last day is in time. An entry without a day of completion is a register that records none.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.duties_register import Duty, Judged, judge, load_duties
from fairstream.checks.scene import Scene
from fairstream.facts import DutyEntry
from fairstream.law.workdays import load_calendar, own_tables
from fairstream.records import Words

SUSPECTED: Final = frozenset({"late", "missing", "short", "undone"})
CLEAR: Final = frozenset({"in-time", "not-due", "kept", "before", "prompt", "open"})
"""Verdicts by reason; every other reason is undecidable."""
FIRST: Final[dict[bool | None, Words]] = {
    True: Words("此项先责令限期改正，不改正或者情节严重的才罚款", "an order to correct comes before a fine"),
    False: Words("此项可以直接处罚", "a fine is possible at once"),
    None: Words("市场监管部门对此项没有专门罚则", "the market regulator has no penalty of its own for this"),
}


def register(name: str, scene: Scene, about: About) -> Iterator[Outcome]:
    """The entries of the duties of one check; one undecidable outcome when the register has none."""
    duties = {code: duty for code, duty in load_duties().items() if duty.check == name}
    entries = [entry for entry in scene.facts.duties if entry.duty in duties]
    if not entries:
        yield about.undecidable("none", "duties")
    today = scene.facts.decided_on or scene.on
    for entry in entries:
        yield _outcome(duties[entry.duty], entry, today, scene.on, about)


def _outcome(duty: Duty, entry: DutyEntry, today: date, on: date, about: About) -> Outcome:
    if duty.in_force(on):
        judged = judge(
            duty, entry, today, load_calendar(*own_tables()), int(about.limits.get("promptly_days", 0))
        )
    else:
        judged = Judged("before")
    filling: dict[str, Any] = {
        "duty": Words(duty.title.zh, duty.title.en),
        "who": entry.subject or "—",
        "basis": entry.basis_on,
        "done": entry.done_on,
        "kept": entry.record_kept_until,
        "last": judged.last,
        "today": today,
        "first": _sanction(duty, on),
    }
    known, subject = (fact("duties", _line(entry), entry),), entry.subject or duty.code
    if judged.reason in SUSPECTED:
        cites = (*duty.cites, *duty.penalty)
        return about.suspected(
            judged.reason, subject=subject, known=known, liable=(duty.who,), cites=cites, **filling
        )
    if judged.reason in CLEAR:
        return about.clear(judged.reason, subject=subject, known=known, **filling)
    return about.undecidable(judged.reason, "duties", subject=subject, known=known, **filling)


def _sanction(duty: Duty, on: date) -> Words:
    """How the breach is punished, and the doubt about it."""
    first = FIRST[duty.correct_first if duty.punished(on) else None]
    if duty.note is None:
        return first
    return Words(f"{first.zh}；{duty.note.zh}", f"{first.en}; {duty.note.en}")


def _line(entry: DutyEntry) -> Words:
    return Words(
        f"{entry.subject or '—'}：起算 {entry.basis_on or '未记'}，完成 {entry.done_on or '未记'}",
        f"{entry.subject or '—'}: from {entry.basis_on or 'unknown'}, done {entry.done_on or 'unknown'}",
    )


NAMES: Final = ("re-verification", "half-year-report", "training", "records", "disposal")
CHECKS: Final[dict[str, Callable[[Scene, About], Iterable[Outcome]]]] = {
    f"platform/{name}": partial(register, name) for name in NAMES
}
