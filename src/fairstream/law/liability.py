"""Who answers for a suspected violation, party by party: the table violation × role, and its conditions.

The table is data (`law/data/liability.yaml`); its conditions are read from the matter. Each way of answering
is one answer: the seller as advertiser, the host as endorser, the employer in place of the host. Sources: the
statutes cited in the table; live-ecommerce-measures-2026 63 for employees, internet-advertising-measures 19
for the advertising capacities.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, cast

from fairstream.errors import LawError
from fairstream.facts import HostFacts
from fairstream.law.answering import Case, apply, names
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.questions import Rule, Truth, document, read_rule, words
from fairstream.law.resolve import Law
from fairstream.law.roles import commercial_ad, each_host, operates, truth_of
from fairstream.records import Conduct, PartyRole, Words

DATA: Final = "liability.yaml"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a role answers: the rule, the capacity, or the reason why it does not."""

    rule: Rule
    role: PartyRole
    capacity: str
    without: Words | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One violation: the conduct codes it serves and every way in which a role answers for it."""

    code: str
    title: Words
    conduct: tuple[Conduct, ...]
    ways: tuple[Way, ...]


def who_answers(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """Every party and whether it answers, by rows of the table.

    The code is ``row.role`` or ``row.role.capacity``; the subject is the party's name, the employer's where
    it answers in the host's place, empty when nobody of that role is named. A conduct without a row gets one
    open answer saying so.
    """
    ad = truth_of(commercial_ad(matter, law))
    given = {"commercial_ad": ad, "operates_platform": operates(matter, law)}
    found: list[Answer] = []
    for conduct in dict.fromkeys((matter.conduct, *matter.conduct_also)):
        rows = rows_for(conduct)
        found += [answer for row in rows for answer in _row_answers(row, matter, law, given)]
        if not rows:
            found.append(_without_row(conduct))
    return tuple(dict.fromkeys(found))


def rows_for(conduct: Conduct) -> tuple[Row, ...]:
    """The rows that serve a conduct; empty for one the table leaves to the provision cited."""
    return tuple(row for row in table() if conduct in row.conduct)


@lru_cache(maxsize=1)
def table() -> tuple[Row, ...]:
    """All rows in the order of the data; LawError when one does not fit."""
    return tuple(read_row(entry) for entry in document(DATA)["rows"])


def read_row(entry: Mapping[str, Any]) -> Row:
    """Build a row from its data entry; LawError names the cell that does not fit."""
    ways = [
        _way(entry, cast(PartyRole, role), cell) for role, cells in entry["cells"].items() for cell in cells
    ]
    codes = [way.rule.code for way in ways]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise LawError(f"{', '.join(twice)} is told twice", file=DATA, remedy="give each its capacity (as)")
    return Row(entry["code"], words(entry["title"]), tuple(entry["conduct"]), tuple(ways))


def _way(row: Mapping[str, Any], role: PartyRole, cell: Mapping[str, Any]) -> Way:
    known = document(DATA)
    capacity = cell.get("as", "")
    whom = words(known["party_roles"][role])
    told = words(known["capacities"][capacity]) if capacity else None
    title = words(row["title"])
    rule = {
        "code": ".".join(part for part in (row["code"], role, capacity) if part),
        "title": {
            "zh": f"{title.zh}：{whom.zh}" + (f"（{told.zh}）" if told else ""),
            "en": f"{title.en}: {whom.en}" + (f" ({told.en})" if told else ""),
        },
        "cites": cell.get("cites"),
        "when": [*(row.get("when") or ()), *(cell.get("when") or ())],
    }
    return Way(read_rule(rule, DATA), role, capacity, words(cell["without"]) if "without" in cell else None)


def _row_answers(row: Row, matter: Matter, law: Law, given: Mapping[str, Truth]) -> Iterator[Answer]:
    for way in row.ways:
        for host, name in _parties(matter, way.role):
            subject = (host.employer or name) if host and way.capacity == "employer" else name
            answer = apply(way.rule, Case(matter, law, host, given), subject)
            reason = way.without or (words(document(DATA)["ai_figure"]) if host and host.is_ai else None)
            yield answer if reason is None else _refused(answer, reason)


def _parties(matter: Matter, role: PartyRole) -> Iterator[tuple[HostFacts | None, str]]:
    if role == "host":
        yield from each_host(matter)
    else:
        yield from ((None, name) for name in names(matter, role) or ("",))


def _refused(answer: Answer, reason: Words) -> Answer:
    return replace(answer, holding="not_held", grounds=(Ground(reason, False),), would_change=())


def _without_row(conduct: Conduct) -> Answer:
    reason = words(document(DATA)["without_row"][conduct])
    return Answer("without_row", reason, "possible", (Ground(reason),))
