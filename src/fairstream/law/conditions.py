"""Whether the conditions of a sanction's range are met: read from circumstances and amounts, else unknown.

A range also carries conditions its text does not repeat: where a sibling range is for serious circumstances,
the ordinary one is for those that are not; a multiple of the ad fee is for a fee that is known.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from fairstream.facts import Amounts
from fairstream.law.answering import Case, repeated
from fairstream.law.matter import Matter
from fairstream.law.penalties import Penalty, PenaltyTable, Range, Threshold
from fairstream.law.questions import Truth, some
from fairstream.law.resolve import Law
from fairstream.law.wording import threshold_in_words
from fairstream.records import Words

REPEATS: Final = 3
"""How many acts within `REPEAT_YEARS` make the heavier range (advertising-law#55); the present act counts."""
REPEAT_YEARS: Final = 2
DISCRETIONARY: Final = "may"
"""The authority may fine; no condition of fact."""
RESIDUAL: Final = frozenset({"no_special_law", "no_other_law"})
"""The range applies only where another text has none."""
FLOORS: Final[Mapping[str, tuple[int, int]]] = {
    "value_counted_at_least_100000": (10_000_000, 10_000_000),
    "value_counted_at_least_100000_or_retail_10000": (1_000_000, 10_000_000),
}
"""Fen a value of goods is counted at when it is less: lowest and highest, as they differ by kind of trade
(drug-administration-law#115, 117)."""
INCREASED: Final = frozenset({"serious", "thrice_in_two_years_or_serious", "heavier"})
FALLBACK: Final[Mapping[str, str]] = {"ad_fee": "fee_unknown", "illegal_income": "no_income"}
"""The condition of the range that takes over when no multiple of an amount can be formed."""


class Judged(NamedTuple):
    """An answer and the fact it was read from."""

    holds: Truth
    fact: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """What the conditions are judged by.

    `natural_person` says of the person to be fined whether it is one. `special` names provisions of laws or
    regulations found to punish the same act: they go before a residual rule.
    """

    matter: Matter
    law: Law
    natural_person: Truth = None
    special: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a range: its code (``not …`` for a denial, ``threshold``), words, answer and fact."""

    code: str
    words: Words
    holds: Truth
    fact: str = ""


def amount(amounts: Amounts, base: str) -> int | None:
    """The amount of a base in fen; None when it is unknown or not one of the four a case file carries."""
    value = getattr(amounts, base, None)
    return value if isinstance(value, int) else None


def conditions(
    item: Range, penalty: Penalty, situation: Situation, table: PenaltyTable
) -> tuple[Condition, ...]:
    """Every condition of a range that is a fact: written, implied by its siblings, and its threshold."""
    found = [_condition(code, situation, table) for code in (*_facts(item.when), *_implied(item, penalty))]
    if item.threshold:
        found.append(_threshold(item.threshold, situation.matter.amounts))
    return tuple(found)


def _facts(codes: Sequence[str]) -> Iterator[str]:
    return (code for code in codes if code != DISCRETIONARY and code not in FLOORS)


def _implied(item: Range, penalty: Penalty) -> Iterator[str]:
    own = {*item.when, *_known_base(item, penalty)}
    yield from sorted(own - set(item.when))
    for code in sorted({code for other in penalty.ranges for code in other.when} & INCREASED - own):
        if any(
            code in other.when and not _rival(own, {*other.when, *_known_base(other, penalty)})
            for other in penalty.ranges
        ):
            yield f"not {code}"


def _known_base(item: Range, penalty: Penalty) -> set[str]:
    code = FALLBACK.get(item.base) if item.times else None
    written = any(code in other.when for other in penalty.ranges)
    return {f"not {code}"} if code and written else set()


def _rival(one: set[str], other: set[str]) -> bool:
    """Whether two ranges exclude each other: what one asks the other denies."""
    return any(f"not {code}" in other for code in one) or any(f"not {code}" in one for code in other)


def _condition(code: str, situation: Situation, table: PenaltyTable) -> Condition:
    denied, name = code.startswith("not "), code.removeprefix("not ")
    judge = _JUDGES.get(name)
    holds, fact = judge(situation) if judge else Judged(None)
    words = table.conditions[name]
    if not denied:
        return Condition(code, Words(words["zh"], words["en"]), holds, fact)
    denial = Words(words.get("not_zh", f"不属于：{words['zh']}"), words.get("not_en", f"not: {words['en']}"))
    return Condition(code, denial, None if holds is None else not holds, fact)


def _threshold(threshold: Threshold, amounts: Amounts) -> Condition:
    words = Words(threshold_in_words(threshold), threshold_in_words(threshold, "en"))
    value, (low, high) = amount(amounts, threshold.base), threshold.bounds
    holds = None if value is None else low <= value and (high is None or value <= high)
    return Condition("threshold", words, holds, f"amounts.{threshold.base}")


def _serious(situation: Situation) -> Judged:
    return Judged(situation.matter.circumstances.serious, "circumstances.serious")


def _thrice_or_serious(situation: Situation) -> Judged:
    # The present act is one of the three; whether it counts the text leaves open.
    thrice = repeated(situation.matter, REPEATS - 1, REPEAT_YEARS)
    serious = situation.matter.circumstances.serious
    fact = "circumstances.earlier_penalties" if serious is not True else "circumstances.serious"
    return Judged(some((thrice, serious)), fact)


def _knew(situation: Situation) -> Judged:
    return Judged(situation.matter.circumstances.knew, "circumstances.knew")


def _fee_unknown(situation: Situation) -> Judged:
    # Whoever publishes his own ad pays no fee: nothing a multiple could be formed of.
    fee = situation.matter.amounts.ad_fee
    return Judged(None if fee is None else fee == 0, "amounts.ad_fee")


def _no_income(situation: Situation) -> Judged:
    income = situation.matter.amounts.illegal_income
    return Judged(None if income is None else income == 0, "amounts.illegal_income")


def _overdue(situation: Situation) -> Judged:
    return _answered(situation, "overdue", "circumstances.order_due_on")


def _refuses(situation: Situation) -> Judged:
    return _answered(situation, "refuses", "circumstances.refused_correction")


def _answered(situation: Situation, question: str, fact: str) -> Judged:
    return Judged(Case(situation.matter, situation.law).known((question,))[question], fact)


def _refuses_or_serious(situation: Situation) -> Judged:
    refuses, fact = _refuses(situation)
    serious = situation.matter.circumstances.serious
    return Judged(some((refuses, serious)), fact if serious is not True else "circumstances.serious")


def _heavier(situation: Situation) -> Judged:
    told = situation.matter.circumstances
    if told.serious:
        return Judged(True, "circumstances.serious")
    return Judged(False if told.slight else None, "circumstances.slight")


def _residual(situation: Situation) -> Judged:
    # That nothing was found here does not prove that no other law provides.
    return Judged(False if situation.special else None)


def _natural_person(situation: Situation) -> Judged:
    return Judged(situation.natural_person, "parties")


def _unit(situation: Situation) -> Judged:
    person = situation.natural_person
    return Judged(None if person is None else not person, "parties")


def _fraud(situation: Situation) -> Judged:
    # Fraud needs intent; intent alone is not fraud yet.
    return Judged(False if situation.matter.circumstances.intent is False else None, "circumstances.intent")


_JUDGES: Final[Mapping[str, Callable[[Situation], Judged]]] = {
    "serious": _serious,
    "thrice_in_two_years_or_serious": _thrice_or_serious,
    "knew": _knew,
    "fee_unknown": _fee_unknown,
    "no_income": _no_income,
    "overdue": _overdue,
    "refuses": _refuses,
    "refuses_or_serious": _refuses_or_serious,
    "heavier": _heavier,
    "no_special_law": _residual,
    "no_other_law": _residual,
    "natural_person": _natural_person,
    "unit": _unit,
    "fraud": _fraud,
}
