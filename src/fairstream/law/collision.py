"""Several rules on one act: which gives way, and under which the one fine is imposed.

Three steps: a false advertisement is punished by the Advertising Law and not as unfair publicity
(anti-unfair-competition-law#25(2)); a rule that applies only where another has none gives way to that other
(live-ecommerce-measures-2026#54, 58, 59, 61, 64); of what remains the rule with the higher fine is applied,
for one act is fined once (administrative-penalty-law#29). The text does not say how the higher of two ranges
is found: the higher maximum, then the higher minimum, is our choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Final

from fairstream.law.conditions import RESIDUAL
from fairstream.law.matter import Matter
from fairstream.law.penalties import Penalty
from fairstream.law.ranges import Computed
from fairstream.law.resolve import Law
from fairstream.law.wording import span_in_words
from fairstream.records import Words

ONE_FINE: Final = "administrative-penalty-law#29"
AD_BEFORE_PUBLICITY: Final = "anti-unfair-competition-law#25(2)"
_CAPACITIES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("ad_media", frozenset({"ad_operator", "ad_publisher"})),
    ("endorser", frozenset({"endorser"})),
    ("provider", frozenset({"service_provider", "platform"})),
    ("helper", frozenset({"helper"})),
    ("association", frozenset({"association", "service_provider"})),
    ("responsible_person", frozenset({"responsible_person"})),
)
_PROVIDES: Final = frozenset({"law", "administrative_regulation"})
"""The kinds of texts a rest rule gives way to; regulations of provinces count too and are not held."""
_FALSE_AD: Final = frozenset({"advertising-law#4", "advertising-law#28", "advertising-law#55"})
_FALSE_AD_RULES: Final = "advertising-law#55"
_PUBLICITY_RULES: Final = "anti-unfair-competition-law#25"


@dataclass(frozen=True, slots=True)
class Displaced:
    """A sanction that gives way: the one it gives way to, why, and the provision that says so."""

    sanction: Computed
    by: Computed
    why: Words
    citation: str


@dataclass(frozen=True, slots=True)
class Collision:
    """The sanctions on one act of one person in one capacity: the one to be applied and those displaced.

    `applied` is None when every fine is excluded. `uncertain` is True when the comparison rests on a sum
    that is not known, or on the kind of conduct alone.
    """

    capacity: str
    applied: Computed | None
    displaced: tuple[Displaced, ...]
    uncertain: bool


def capacity(who: Iterable[str]) -> str:
    """The capacity in which a penalty addresses someone; ``principal`` for who acts on his own account."""
    actors = frozenset(who)
    return next((name for name, members in _CAPACITIES if actors and actors <= members), "principal")


def residual(penalty: Penalty) -> frozenset[str]:
    """The codes by which a penalty gives way to other texts; empty for a rule of its own."""
    return frozenset(code for item in penalty.ranges for code in item.when) & RESIDUAL


def goes_before(other: Penalty, penalty: Penalty, law: Law) -> bool:
    """Whether a residual penalty gives way to the other one, given that both punish the act of one person."""
    codes = residual(penalty)
    if not codes or other.id == penalty.id or capacity(other.who) != capacity(penalty.who):
        return False
    if codes & residual(other):
        return False
    return law.family(other.reference.family).kind in _PROVIDES


def collide(
    sanctions: Iterable[Computed], matter: Matter, law: Law, *, alternatives: bool = False
) -> tuple[Collision, ...]:
    """The sanctions of one act, sorted by the capacity they address; each capacity is fined once.

    Give it the sanctions against one person: it cannot know that two persons share an act. `alternatives`: it
    is not known which of the provisions the act breaks, so that none can be said to give way to another.
    """
    grouped: dict[str, list[Computed]] = {}
    for sanction in sanctions:
        grouped.setdefault(capacity(sanction.penalty.who), []).append(sanction)
    if alternatives:
        return tuple(_alternatives(name, tuple(group), matter) for name, group in grouped.items())
    return tuple(_one_fine(name, tuple(group), matter, law) for name, group in grouped.items())


def _alternatives(name: str, group: tuple[Computed, ...], matter: Matter) -> Collision:
    displaced = _by_advertising(group, matter)
    gone = {item.sanction.penalty.id for item in displaced}
    left = [item for item in group if item.penalty.id not in gone and item.holding != "not_held"]
    if not left:
        return Collision(name, None, tuple(displaced), False)
    first, *others = sorted(left, key=_height, reverse=True)
    told = (Displaced(item, first, _instead(item), "") for item in others)
    return Collision(name, first, (*displaced, *told), bool(others))


def _instead(item: Computed) -> Words:
    span = span_in_words(item.low_fen, item.high_fen)
    return Words(
        f"未引条文，也可能适用{item.provision.zh}（{span.zh}），须先确定违反哪一条",
        f"No article is cited: {item.provision.en} may apply instead ({span.en}); "
        "find out first which provision was broken",
    )


def _one_fine(name: str, group: tuple[Computed, ...], matter: Matter, law: Law) -> Collision:
    displaced = [*_by_advertising(group, matter), *_by_special(group, law)]
    gone = {item.sanction.penalty.id for item in displaced}
    left = [item for item in group if item.penalty.id not in gone and item.holding != "not_held"]
    if not left:
        return Collision(name, None, tuple(displaced), False)
    applied = max(left, key=_height)
    displaced += [
        Displaced(item, applied, _higher(item, applied), ONE_FINE) for item in left if item is not applied
    ]
    uncertain = len(left) > 1 and any(item.high_fen is None for item in left)
    return Collision(name, applied, tuple(displaced), uncertain)


def _height(sanction: Computed) -> tuple[float, int]:
    high = inf if sanction.high_fen is None and sanction.low_fen is not None else sanction.high_fen
    return -1 if high is None else high, sanction.low_fen or 0


def _higher(lower: Computed, applied: Computed) -> Words:
    return Words(
        f"同一行为只罚一次，{applied.provision.zh}的罚款更高，{lower.provision.zh}不再另罚",
        f"One act is fined once; the fine of {applied.provision.en} is the higher, "
        f"none is added under {lower.provision.en}",
    )


def _by_advertising(group: tuple[Computed, ...], matter: Matter) -> list[Displaced]:
    cited = {article.partition("(")[0] for article in matter.articles}
    if "false_ad" not in (matter.conduct, *matter.conduct_also) and not cited & _FALSE_AD:
        return []
    ad = next((item for item in group if _article(item) == _FALSE_AD_RULES), None)
    if ad is None:
        return []
    why = Words(
        "虚假宣传属于发布虚假广告的，依广告法处罚",
        "False publicity that is a false advertisement is punished by the Advertising Law",
    )
    return [
        Displaced(item, ad, why, AD_BEFORE_PUBLICITY) for item in group if _article(item) == _PUBLICITY_RULES
    ]


def _by_special(group: tuple[Computed, ...], law: Law) -> list[Displaced]:
    found = []
    for item in group:
        special = next(
            (
                other
                for other in group
                if other.holding != "not_held" and goes_before(other.penalty, item.penalty, law)
            ),
            None,
        )
        if special:
            why = Words(
                f"{item.provision.zh}只在别的法律、法规没有规定时适用，{special.provision.zh}已有规定",
                f"{item.provision.en} applies only where no other law or regulation provides; "
                f"{special.provision.en} does",
            )
            found.append(Displaced(item, special, why, str(item.penalty.reference)))
    return found


def _article(sanction: Computed) -> str:
    reference = sanction.penalty.reference
    return f"{reference.family}#{reference.article}"
