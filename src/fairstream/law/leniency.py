"""Grounds to punish less or not at all, each with what is met and what is missing.

Sources: administrative-penalty-law 30, 32, 33 and 37, anti-unfair-competition-law 23(2) and 32,
consumer-protection-implementing-regulations 51, marked-price-and-price-fraud-provisions-2022 21 and 26,
absolute-terms-guideline-2023 9 to 11, product-quality-law 55, food-safety-law 136, trademark-law 60(2).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from fairstream.errors import LawError
from fairstream.law.answering import Case, apply, in_force
from fairstream.law.citation import parse_citation
from fairstream.law.matter import Answer, Matter
from fairstream.law.questions import Rule, Truth, document, read_rule
from fairstream.law.resolve import Law
from fairstream.law.sanctions import sanctions
from fairstream.records import Conduct, ProductClass

DATA: Final = "leniency.yaml"
Effect = Literal["none", "spare", "less", "may_less"]
"""No penalty; may be left unpunished; lighter or below the minimum; may be so."""
_GUARDED: Final[frozenset[ProductClass]] = frozenset(
    {"medical_service", "drug", "device", "health_food", "fsmp", "finance", "education"}
)
"""Goods whose superlatives are not slight when they speak of effect (absolute-terms-guideline-2023#11)."""


@dataclass(frozen=True, slots=True)
class Leniency:
    """One ground: what it does when it holds, and how far it does."""

    effect: Effect
    answer: Answer
    rule: "GroundRule"

    def bars(self, family: str) -> bool:
        """Whether it holds and no fine may be proposed under the provisions of that statute."""
        of_statute = not self.rule.concerns or family in self.rule.concerns
        return self.rule.bars_fine and self.answer.holding == "held" and of_statute


@dataclass(frozen=True, slots=True)
class GroundRule:
    """A ground as the data writes it: its conditions, its effect, the statutes and the conduct it belongs to.

    `concerns` is empty for a ground that belongs to every sanction, `conduct` None for one of every conduct;
    `breach_of` limits it to matters that cite one of these articles, or none. `if_met`:
    shown only if it holds. `bars_fine`: where it holds, no fine is proposed under the statutes concerned.
    """

    rule: Rule
    effect: Effect
    concerns: frozenset[str]
    conduct: Conduct | None
    breach_of: frozenset[str] = frozenset()
    bars_fine: bool = False
    if_met: bool = False


def leniency(matter: Matter, law: Law, roles: Collection[str] = ()) -> tuple[Leniency, ...]:
    """Every ground of leniency that may concern the matter; general ones first.

    Special grounds are asked when a sanction of their statute, or the statute itself, is in question.
    """
    families = {item.applied.penalty.reference.family for item in sanctions(matter, law, roles)}
    families |= {parse_citation(article).family for article in matter.articles}
    conducts = {matter.conduct, *matter.conduct_also}
    cited = {_article(citation) for citation in matter.articles}
    case = Case(matter, law, given=_given(matter))
    found = (
        Leniency(ground.effect, apply(ground.rule, case, day=_day(ground.rule, matter, law)), ground)
        for ground in load_grounds()
        if (not ground.concerns or ground.concerns & families)
        and (ground.conduct is None or ground.conduct in conducts)
        and (not ground.breach_of or not cited or ground.breach_of & cited)
    )
    return tuple(item for item in found if not item.rule.if_met or item.answer.holding == "held")


def _article(citation: str) -> str:
    reference = parse_citation(citation)
    return f"{reference.family}#{reference.article}"


def _day(rule: Rule, matter: Matter, law: Law) -> date:
    """The day of the conduct; of the decision for a ground made since (administrative-penalty-law#37)."""
    decided = matter.decided_on
    if decided is not None and in_force(law, rule.cites, matter.on)[0] is False:
        return decided
    return matter.on


@lru_cache(maxsize=1)
def load_grounds() -> tuple[GroundRule, ...]:
    """The grounds of the data file; LawError names the entry that does not fit."""
    return tuple(read_ground(entry) for entry in document(DATA)["leniency"])


def read_ground(entry: Mapping[str, Any]) -> GroundRule:
    """Build one ground; LawError names the entry that does not fit."""
    effects: dict[str, Effect] = {name: name for name in get_args(Effect)}
    effect = str(entry.get("effect"))
    if effect not in effects:
        raise LawError(
            f"ground {entry.get('code', '?')!r}: unknown effect {effect!r}",
            file=DATA,
            remedy=f"write one of {', '.join(effects)}",
        )
    return GroundRule(
        rule=read_rule(entry, DATA),
        effect=effects[effect],
        concerns=frozenset(entry.get("concerns") or ()),
        conduct=entry.get("conduct"),
        breach_of=frozenset(entry.get("breach_of") or ()),
        bars_fine=bool(entry.get("bars_fine")),
        if_met=bool(entry.get("if_met")),
    )


def _given(matter: Matter) -> Mapping[str, Truth]:
    # Whether the words speak of an effect is for a person; for other goods the exception does not arise.
    if matter.product_class in _GUARDED or matter.product_class == "unknown":
        return {}
    return {"efficacy_term": False}
