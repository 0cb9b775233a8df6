"""What to propose: guidance, interview, correction, fine, stopping, blacklist, transfer, informing others.

A proposal shows the conditions met, open and failed and the article; it never decides: a person signs. Fines
that need an order first stay closed until it was not obeyed; no fine takes the place of a transfer. Powers
and procedures follow the law of the day of the decision (of the conduct, while that is unknown), what is
punished that of the day of the conduct. Sources: live-ecommerce-measures-2026 12, 50, 52, 53 to 64, 68;
administrative-penalty-law 28, 33; transfer-of-suspected-crime-provisions 11; the statutes proposals cite.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final

from fairstream.law.answering import Case, apply, proposed, provision, reasons, single_changes
from fairstream.law.blacklist import blacklist
from fairstream.law.leniency import Leniency, leniency
from fairstream.law.matter import Answer, Ground, Matter
from fairstream.law.penalties import Penalty
from fairstream.law.questions import Rule, Truth, document, every, holding, read_rule, some, words
from fairstream.law.ranges import Computed
from fairstream.law.resolve import Law
from fairstream.law.roles import commercial_ad, truth_of
from fairstream.law.sanctions import sanctions
from fairstream.law.transfer import transfer, transfer_due
from fairstream.records import Conduct, ProductClass, Words

DATA: Final = "measures.yaml"
_GATES: Final[Mapping[str, tuple[str, ...]]] = {
    "knew": ("knew",),
    "serious": ("serious",),
    "overdue": ("overdue",),
    "refuses": ("refuses",),
    "refuses_or_serious": ("refuses", "serious"),
    "sells_on": ("sells_on",),
}
"""Conditions of a range that open the way to a fine, as questions of which one suffices; the others only
choose between ranges."""
_OTHER_AUTHORITY: Final = "cac"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal of the data: its rule, what it concerns, whether the law of the day of the decision counts.

    `cites_by` gives the provisions for each conduct code where they differ.
    """

    rule: Rule
    conduct: tuple[Conduct, ...]
    classes: tuple[ProductClass, ...]
    of_decision: bool
    cites_by: Mapping[str, tuple[str, ...]]


def propose(matter: Matter, law: Law) -> tuple[Answer, ...]:
    """Every proposal that concerns the conduct and goods, in the order in which they are weighed.

    Transfers come one for each crime. Those whose conditions fail are kept, so that the reader sees why.
    """
    ad = truth_of(commercial_ad(matter, law))
    crimes = transfer(matter, law, commercial_ad=ad)
    case = Case(matter, law, given=_given(matter, ad, transfer_due(crimes)))
    return (
        *(_proposed(item, case) for item in proposals("proposals") if _concerns(item, matter)),
        blacklist(matter, law, commercial_ad=ad),
        *crimes,
        *(_proposed(item, case) for item in proposals("then_inform") if _concerns(item, matter)),
    )


@lru_cache(maxsize=2)
def proposals(part: str) -> tuple[Proposal, ...]:
    """The proposals of one part of the data, ``proposals`` or ``then_inform``, in their order."""
    return tuple(read_proposal(entry) for entry in document(DATA)[part])


def read_proposal(entry: Mapping[str, Any]) -> Proposal:
    """Build a proposal from its data entry; LawError when its rule does not fit."""
    cites_by = {code: tuple(cites["cites"]) for code, cites in (entry.get("cites_by") or {}).items()}
    return Proposal(
        rule=read_rule(entry, DATA),
        conduct=(*(entry.get("conduct") or ()), *cites_by),
        classes=tuple(entry.get("classes") or ()),
        of_decision=entry.get("day") == "decision",
        cites_by=cites_by,
    )


def _concerns(item: Proposal, matter: Matter) -> bool:
    """Goods of unknown class raise no proposal that is about some class only."""
    conducts = {matter.conduct, *matter.conduct_also}
    of_conduct = not item.conduct or not conducts.isdisjoint(item.conduct)
    return of_conduct and (not item.classes or matter.product_class in item.classes)


def _given(matter: Matter, ad: Truth, crime: Truth) -> dict[str, Truth]:
    return {
        "commercial_ad": ad,
        "transfer_due": crime,
        "duty_not_met": _shown_by("duty_conduct", matter),
        "rights_unprotected": _shown_by("rights_conduct", matter),
    }


def _shown_by(name: str, matter: Matter) -> Truth:
    """Whether the conduct itself is one of a list; a conduct found not to be proven shows nothing."""
    conducts = {matter.conduct, *matter.conduct_also}
    proven = matter.circumstances.established is not False
    return True if proven and not conducts.isdisjoint(document(DATA)[name]) else None


def _proposed(item: Proposal, case: Case) -> Answer:
    matter = case.matter
    day = (matter.decided_on or matter.on) if item.of_decision else matter.on
    if item.rule.code == "fine":
        return proposed(_fine(item.rule, case, leniency(matter, case.law)))
    told = (item.cites_by.get(code, ()) for code in (matter.conduct, *matter.conduct_also))
    cites = tuple(dict.fromkeys((*item.rule.cites, *(cite for cites in told for cite in cites))))
    return proposed(apply(replace(item.rule, cites=cites), case, day=day))


def _fine(rule: Rule, case: Case, grounds: tuple[Leniency, ...]) -> Answer:
    """A fine is open when the gates of one provision are; whether a provision was in force is asked first."""
    every_one = tuple(item.applied for item in sanctions(case.matter, case.law) if _about(item.applied, case))
    barred = [(item, _bar(item, grounds)) for item in every_one]
    found = tuple(item for item, bar in barred if bar is None)
    asked = tuple(dict.fromkeys(code for item in found for code in _gates(item.penalty)))
    known = case.known((*(code for code in rule.codes() if code != "fine_open"), *asked))
    spared = tuple(_sparing(item, bar) for item, bar in barred if bar is not None)
    absent = () if found else spared or tuple(_absent(case))

    def evaluate(answers: Mapping[str, Truth]) -> Truth:
        opened = [_opened(item.penalty, answers) for item in found] or [item.holds for item in absent]
        return rule.truth({**answers, "fine_open": some(opened)})

    opened = some(_opened(item.penalty, known) for item in found)
    known_all = {**known, "fine_open": opened if found else some(item.holds for item in absent)}
    return Answer(
        code=rule.code,
        title=rule.title,
        holding=holding(evaluate(known)),
        grounds=(
            *reasons(rule, known_all, case.law, case.matter.on),
            *(_fining(item, known) for item in found),
            *(spared or absent),
        ),
        would_change=tuple(single_changes(known, known, evaluate)),
    )


def _bar(item: Computed, grounds: tuple[Leniency, ...]) -> Leniency | None:
    """The ground that leaves no fine under a provision, such as an innocent seller's."""
    return next((ground for ground in grounds if ground.bars(item.penalty.reference.family)), None)


def _sparing(item: Computed, bar: Leniency) -> Ground:
    way, why = words(document(DATA)["words"]["spared"]), bar.answer.title
    return Ground(
        Words(f"{item.provision.zh}：{way.zh}（{why.zh}）", f"{item.provision.en}: {way.en} ({why.en})"),
        False,
        bar.rule.rule.cites[0],
    )


def _about(item: Computed, case: Case) -> bool:
    return case.law.speaks_of(str(item.penalty.reference), case.matter.product_class)


def _gates(penalty: Penalty) -> Iterator[str]:
    for item in penalty.ranges:
        for code in item.when:
            yield from _GATES.get(code, ())


def _opened(penalty: Penalty, known: Mapping[str, Truth]) -> Truth:
    """Whether some range is open: all of its gates are; what the CAC imposes is not for market regulation."""
    return some(
        every(some(known.get(code) for code in _GATES[gate]) for gate in item.when if gate in _GATES)
        for item in penalty.ranges
        if _OTHER_AUTHORITY not in item.when
    )


def _fining(item: Computed, known: Mapping[str, Truth]) -> Ground:
    told, penalty = document(DATA)["words"], item.penalty
    conditions = {code for part in penalty.ranges for code in part.when}
    way = words(told["other_authority" if _OTHER_AUTHORITY in conditions else item.path])
    more = words(told["knew"]) if "knew" in conditions else Words("", "")
    return Ground(
        Words(f"{item.provision.zh}：{way.zh}{more.zh}", f"{item.provision.en}: {way.en}{more.en}"),
        _opened(penalty, known),
        str(penalty.reference),
        unverified=item.unverified,
    )


def _absent(case: Case) -> Iterator[Ground]:
    """Why no provision can be applied: not yet in force, not held, or none written for the conduct."""
    matter, law = case.matter, case.law
    conducts = {matter.conduct, *matter.conduct_also}
    cites = [
        str(penalty.reference)
        for penalty in law.table.penalties
        if penalty.nature == "fine"
        and not conducts.isdisjoint(penalty.conduct)
        and law.speaks_of(str(penalty.reference), matter.product_class)
    ]
    told = [provision(law, citation, matter.on) for citation in dict.fromkeys(cites)]
    gone = [item for item in told if not item.holds]
    yield from gone or [Ground(words(document(DATA)["words"]["none"]), None)]
