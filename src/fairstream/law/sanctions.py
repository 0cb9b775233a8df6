"""What fines may follow from a suspected conduct, computed on the amounts known, in the law of the day.

Everything here is a range the law allows, with its conditions and its arithmetic in words; it is never a
decision. Civil damages and the thresholds of crimes are in the same data and left out here.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final, Literal

from fairstream.errors import LawError, UnknownCitation
from fairstream.law.citation import Reference, parse_citation
from fairstream.law.collision import Collision, capacity, collide, goes_before
from fairstream.law.conditions import Situation
from fairstream.law.lighter import Comparison, compare
from fairstream.law.matter import Holding, Matter
from fairstream.law.penalties import Penalty
from fairstream.law.questions import Truth
from fairstream.law.ranges import Branch, Computed, compute
from fairstream.law.resolve import Law
from fairstream.law.wording import yuan
from fairstream.records import Party, Words

__all__ = ["Branch", "Computed", "Sanction", "actors", "not_held", "one_fine", "sanctions", "yuan"]

Basis = Literal["article", "conduct"]
Fit = Literal["exact", "loose"]
"""A citation names a provision to its very paragraph, or only the article it stands in."""

_ACTORS: Final[Mapping[str, frozenset[str]]] = {
    "seller": frozenset({"seller", "operator", "advertiser", "organiser"}),
    "room_operator": frozenset(
        {"room_operator", "seller", "operator", "advertiser", "ad_operator", "ad_publisher", "organiser"}
    ),
    "host": frozenset({"host", "seller", "operator", "ad_operator", "ad_publisher"}),
    "mcn": frozenset({"mcn", "operator", "ad_operator", "organiser"}),
    "brand": frozenset({"producer", "operator", "advertiser", "organiser"}),
    "platform": frozenset({"platform", "operator", "service_provider", "ad_publisher", "organiser"}),
    "ecommerce_platform": frozenset({"platform", "operator"}),
    "platform_seller": frozenset({"seller", "operator", "advertiser", "organiser"}),
    "network_service_provider": frozenset({"service_provider"}),
    "ad_publisher_or_operator": frozenset({"ad_operator", "ad_publisher"}),
    "operator_ad_role": frozenset({"ad_operator", "ad_publisher"}),
    "host_ad_role": frozenset({"ad_operator", "ad_publisher"}),
}
"""What a role of a broadcast, or a role the law finds, may be addressed as (legal map 1 and 2.2)."""
_ANYONE: Final = frozenset({"person", "unit"})
_ENTERPRISES: Final = ("91", "93")
"""First characters of unified social credit codes of enterprises and cooperatives (GB 32100-2015)."""
_INDIVIDUALS: Final = ("id_card", "passport")


@dataclass(frozen=True, slots=True)
class Sanction:
    """The sanction one provision threatens for the matter, in the version of the law to be applied.

    `by` says whether a cited article or only the kind of conduct led to it. `lighter` compares the texts of
    the day of the act and of the decision when both are held and differ.
    """

    applied: Computed
    by: Basis
    lighter: Comparison | None = None

    @property
    def id(self) -> str:
        """The id of the penalty in the law data."""
        return self.applied.penalty.id

    @property
    def provision(self) -> Words:
        """Title of the statute and number of the article, in the version applied."""
        return self.applied.provision

    @property
    def branches(self) -> tuple[Branch, ...]:
        """Every range of the provision, with its conditions met, failed or unknown."""
        return self.applied.branches

    @property
    def holding(self) -> Holding:
        """Whether some range certainly applies, may apply, or none does."""
        return self.applied.holding

    @property
    def low_fen(self) -> int | None:
        """Lowest fine over the ranges that are not excluded; see `Computed`."""
        return self.applied.low_fen

    @property
    def high_fen(self) -> int | None:
        """Highest fine over the ranges that are not excluded; None when nothing known bounds it."""
        return self.applied.high_fen

    @property
    def provisional(self) -> bool:
        """Whether the span rests on an unknown amount staying unknown; see `Computed`."""
        return self.applied.provisional

    @property
    def computation(self) -> tuple[Words, ...]:
        """The computation step by step, and after it the comparison of old and new law."""
        return (*self.applied.computation, *((self.lighter.words,) if self.lighter else ()))


def sanctions(matter: Matter, law: Law, roles: Collection[str] = ()) -> tuple[Sanction, ...]:
    """Every fine a provision threatens for the matter, by its cited articles.

    The conduct leads to provisions only when no cited article was in force that day. `roles` limits it to
    those who may be addressed as one of them; empty means everyone. Cited texts of a day that is not held
    give nothing: see `not_held`; nor does the conduct "other", which says nothing. LawError when a citation
    is malformed or an amount is negative.
    """
    for name, value in asdict(matter.amounts).items():
        if value is not None and value < 0:
            raise LawError(
                f"{name} is {value} fen", remedy="give an amount of 0 or more, or leave it unknown"
            )
    found, by = _select(matter, law, matter.on, actors(roles, law))
    return tuple(_sanction(penalty, by, found, matter, law, roles) for penalty in found)


def one_fine(matter: Matter, law: Law, roles: Collection[str] = ()) -> tuple[Collision, ...]:
    """The sanctions of `sanctions` sorted by capacity, with the one rule each person is fined under.

    Where no article leads to them they are alternatives, the highest first: which of them was broken is open.
    """
    found = sanctions(matter, law, roles)
    return collide(
        (item.applied for item in found),
        matter,
        law,
        alternatives=any(item.by == "conduct" for item in found),
    )


def not_held(matter: Matter, law: Law) -> tuple[str, ...]:
    """The cited articles whose text of the day of the act is not held or did not exist then."""
    missing = []
    for article in matter.articles:
        try:
            law.resolve(article, matter.on)
        except UnknownCitation:
            missing.append(article)
    return tuple(missing)


def actors(roles: Collection[str], law: Law) -> frozenset[str]:
    """The addressees of penalties that the roles may be; empty when no role is given.

    A role is one of a broadcast (`PartyRole`), a code of `fairstream.law.roles` that names an addressee, or
    an addressee of the penalty data itself. LawError for any other code.
    """
    unknown = sorted(set(roles) - set(_ACTORS) - set(law.table.actors))
    if unknown:
        known = ", ".join(sorted({*_ACTORS, *law.table.actors}))
        raise LawError(f"{', '.join(unknown)} is no role penalties address", remedy=f"name one of {known}")
    named = frozenset(actor for role in roles for actor in _ACTORS.get(role, frozenset({role})))
    return named | _ANYONE if named else named


def _sanction(
    penalty: Penalty,
    by: Basis,
    found: tuple[Penalty, ...],
    matter: Matter,
    law: Law,
    roles: Collection[str],
) -> Sanction:
    special = _special(penalty, found, law) if by == "article" else ()
    situation = Situation(matter, law, _natural_person(matter, roles), special)
    old = compute(penalty, law.resolve(penalty.reference, matter.on), situation, law)
    lighter = _compared(old, situation, law)
    chosen = lighter.new if lighter and lighter.chosen == "new" else None
    return Sanction(chosen or old, by, lighter)


def _special(penalty: Penalty, found: Iterable[Penalty], law: Law) -> tuple[str, ...]:
    return tuple(str(other.reference) for other in found if goes_before(other, penalty, law))


def _compared(old: Computed, situation: Situation, law: Law) -> Comparison | None:
    decided = situation.matter.decided_on
    family = law.family(old.penalty.reference.family)
    if decided is None or decided <= situation.matter.on:
        return None
    version = family.version_on(decided)
    if version is None or version.slug == old.citation.version:
        return None
    later = next((item for item in law.penalties(on=decided) if _counterpart(old.penalty, item)), None)
    if later is None:
        return compare(old, None)
    try:
        citation = law.resolve(later.reference, decided)
    except UnknownCitation:
        return compare(old, None)
    return compare(old, compute(later, citation, situation, law))


def _counterpart(old: Penalty, new: Penalty) -> bool:
    return new.nature == old.nature and new.reference == old.reference and bool(set(new.who) & set(old.who))


def _select(
    matter: Matter, law: Law, on: date, addressed: frozenset[str]
) -> tuple[tuple[Penalty, ...], Basis]:
    known = [
        penalty
        for penalty in law.penalties(on=on)
        if penalty.nature == "fine"
        and (not addressed or addressed & set(penalty.who))
        and _stands(penalty, law, on)
    ]
    articles = [parse_citation(article) for article in matter.articles]
    held = [article for article in articles if _exists(article, law, on)]
    if held:
        # What is cited and was in force settles it: a duty without a fine of its own has none.
        return _by_articles(held, known), "article"
    conducts = {matter.conduct, *matter.conduct_also} - {"other"}
    of_goods = (item for item in known if law.speaks_of(str(item.reference), matter.product_class))
    return tuple(penalty for penalty in of_goods if conducts & set(penalty.conduct)), "conduct"


def _stands(penalty: Penalty, law: Law, on: date) -> bool:
    return _exists(penalty.reference, law, on)


def _exists(reference: Reference, law: Law, on: date) -> bool:
    """Whether the provision is held in a text in force that day."""
    try:
        law.resolve(reference, on)
    except UnknownCitation:
        return False
    return True


def _by_articles(cited: list[Reference], known: list[Penalty]) -> tuple[Penalty, ...]:
    """The penalties a citation enforces; a bare article number yields to a citation that names the paragraph.

    Price-law 14 alone may mean any of its items. Together with a provision on misleading prices it means the
    item on these, and the penalties of its other items for the same persons are dropped.
    """
    exact = {penalty.id for penalty in known if any(_fit(item, penalty) == "exact" for item in cited)}
    kept = []
    for penalty in known:
        if penalty.id in exact:
            kept.append(penalty)
            continue
        loose = [item for item in cited if _fit(item, penalty) == "loose"]
        if any(not _settled(item, penalty, known, exact) for item in loose):
            kept.append(penalty)
    return tuple(kept)


def _settled(item: Reference, penalty: Penalty, known: list[Penalty], exact: set[str]) -> bool:
    return any(
        other.id in exact
        and other.reference.family == penalty.reference.family
        and capacity(other.who) == capacity(penalty.who)
        and _fit(item, other) == "loose"
        for other in known
    )


def _fit(cited: Reference, penalty: Penalty) -> Fit | None:
    fits = {
        _covers(cited, own)
        for own in (penalty.reference, *(parse_citation(basis) for basis in penalty.basis))
    }
    return "exact" if "exact" in fits else "loose" if "loose" in fits else None


def _covers(cited: Reference, own: Reference) -> Fit | None:
    if (cited.family, cited.article) != (own.family, own.article):
        return None
    if cited.detail.startswith(own.detail):
        return "exact"
    return "loose" if own.detail.startswith(cited.detail) else None


def _natural_person(matter: Matter, roles: Collection[str]) -> Truth:
    known = {_individual(party) for party in matter.parties if not roles or party.role in roles}
    return known.pop() if len(known) == 1 else None


def _individual(party: Party) -> Truth:
    if party.identifier_kind in _INDIVIDUALS:
        return True
    code = party.identifier or ""
    return False if party.identifier_kind == "uscc" and code.startswith(_ENTERPRISES) else None
