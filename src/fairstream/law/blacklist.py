"""Whether to propose the list of serious violations and dishonesty: a listed act and two gates.

Both gates are needed (serious-illegality-blacklist-measures 2): the act is bad, serious and harmful, and a
heavier penalty is imposed. Proven absence of intent excludes the list (12). Reading "bad" as intent or
repetition is a choice within the factors of art. 12 and marked unverified. Acts are listed in arts. 5 to 10.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from fairstream.law.answering import Case, apply, proposed, provision, repeated
from fairstream.law.citation import parse_citation
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.questions import Rule, Truth, document, every, read_rule, some, words
from fairstream.law.resolve import Law
from fairstream.records import Conduct, ProductClass

DATA: Final = "blacklist.yaml"
_STATUTES: Final = frozenset(("law", "administrative_regulation"))


@dataclass(frozen=True, slots=True)
class Listed:
    """A listed act; `sure` is False where the conduct code is wider than what is listed."""

    rule: Rule
    conduct: tuple[Conduct, ...]
    classes: tuple[ProductClass, ...]
    sure: bool


def blacklist(matter: Matter, law: Law, *, commercial_ad: Truth = None) -> Answer:
    """The proposal with both gates, what excludes it, and who must consent.

    The measures of the day of the decision count; while it is unknown, those of the day of the conduct.
    """
    case = Case(matter, law, given={"commercial_ad": commercial_ad})
    acts = tuple((item, _is_listed(item, case)) for item in listed_acts() if _concerns(item, matter))
    given = {
        "listed_act": some(truth for _, truth in acts),
        "law_breached": _law_breached(matter, law),
        "nasty": some((matter.circumstances.intent, repeated(matter))),
    }
    day = matter.decided_on or matter.on
    answer = apply(_rule(), Case(matter, law, given=given), day=day)
    told = tuple(Ground(item.rule.title, truth, item.rule.cites[0]) for item, truth in acts)
    heavier = Ground(words(document(DATA)["heavier"]), None, unverified=True)
    return proposed(replace(answer, grounds=(*told, *answer.grounds, heavier, *_remarks(law, matter))))


@lru_cache(maxsize=1)
def listed_acts() -> tuple[Listed, ...]:
    """All listed acts in the order of the data."""
    return tuple(read_listed(entry) for entry in document(DATA)["listed"])


def read_listed(entry: Mapping[str, Any]) -> Listed:
    """Build a listed act from its data entry; LawError when its rule does not fit."""
    return Listed(
        rule=read_rule(entry, DATA),
        conduct=tuple(entry["conduct"]),
        classes=tuple(entry.get("classes") or ()),
        sure=bool(entry.get("sure", True)),
    )


def _concerns(item: Listed, matter: Matter) -> bool:
    of_class = not item.classes or matter.product_class in (*item.classes, "unknown")
    return of_class and not {matter.conduct, *matter.conduct_also}.isdisjoint(item.conduct)


def _is_listed(item: Listed, case: Case) -> Truth:
    in_class = True if not item.classes or case.matter.product_class in item.classes else None
    return every((True if item.sure else None, in_class, item.rule.truth(case.known(item.rule.codes()))))


def _law_breached(matter: Matter, law: Law) -> Truth:
    """Whether one of the provisions cited stands in a law or administrative regulation; unknown without any.

    A department rule may enforce a law, so that citing rules only leaves it open.
    """
    families = (law.family(parse_citation(citation).family) for citation in matter.articles)
    return True if any(family.kind in _STATUTES for family in families) else None


def _remarks(law: Law, matter: Matter) -> tuple[Ground, ...]:
    day = matter.decided_on or matter.on
    remarks = document(DATA)["remarks"].values()
    return tuple(
        Ground(words(remark), True, remark["cites"])
        for remark in remarks
        if provision(law, remark["cites"], day).holds
    )


@lru_cache(maxsize=1)
def _rule() -> Rule:
    return read_rule(document(DATA)["blacklist"], DATA)
