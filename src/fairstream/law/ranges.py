"""One provision's sanction computed: every range with its conditions, bounds in fen and the steps in words.

All arithmetic is exact: multiples are fractions, a lower bound is rounded up and an upper bound down to whole
fen, so that a fine on the bound never leaves the range.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Final, Literal

from fairstream.law.citation import article_title
from fairstream.law.conditions import (
    DISCRETIONARY,
    FALLBACK,
    FLOORS,
    Condition,
    Situation,
    amount,
    conditions,
)
from fairstream.law.matter import Holding
from fairstream.law.penalties import Base, Penalty, Range
from fairstream.law.questions import every, holding
from fairstream.law.resolve import Law
from fairstream.law.wording import BASES, between_in_words, multiple_in_words, times_in_words, yuan
from fairstream.records import Citation, Language, Words

Path = Literal["direct", "after_order", "after_order_unless_serious"]
"""Whether a fine may come at once, only once an order to correct has failed, or then or when serious."""
_AFTER_ORDER: Final = frozenset({"overdue", "refuses", "sells_on"})
_UNITS: Final[tuple[tuple[Language, str, str], ...]] = (
    ("zh", "元", "未知，上限无法计算"),
    ("en", " yuan", " unknown: no upper bound"),
)


@dataclass(frozen=True, slots=True)
class Branch:
    """One range of a provision applied to the matter.

    `low_fen` and `high_fen` bound the fine: low is 0 where the text sets no minimum; both are None when the
    amount it is computed on is unknown, high alone is None when nothing known bounds it. `missing` names that
    amount. `discretionary`: the authority may also leave it at other measures.
    """

    item: Range
    conditions: tuple[Condition, ...]
    holding: Holding
    low_fen: int | None
    high_fen: int | None
    discretionary: bool
    missing: Base | None
    steps: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """The sanction of one provision in one version of the law.

    `low_fen` and `high_fen` span the branches that are not excluded. Where an amount is unknown and the text
    names a range for that case, the multiple of the amount is left out of the span and `missing` names it;
    where it names none, `high_fen` is None: open. Both are None when every branch is excluded or unknown.
    """

    penalty: Penalty
    citation: Citation
    provision: Words
    branches: tuple[Branch, ...]
    holding: Holding
    low_fen: int | None
    high_fen: int | None
    path: Path
    missing: tuple[Base, ...]
    computation: tuple[Words, ...]
    unverified: bool

    @property
    def live(self) -> tuple[Branch, ...]:
        """The branches that are not excluded."""
        return tuple(branch for branch in self.branches if branch.holding != "not_held")

    @property
    def provisional(self) -> bool:
        """Whether the span leaves out a multiple of an amount that is unknown and may turn out known."""
        return any(_set_aside(branch, self.live) for branch in self.live)

    @property
    def discretionary(self) -> bool:
        """Whether a fine may be left out under every branch that is not excluded."""
        return all(branch.discretionary for branch in self.live)


def compute(penalty: Penalty, citation: Citation, situation: Situation, law: Law) -> Computed:
    """Apply one provision to the situation; `citation` is its article in the version to be applied."""
    branches = tuple(_branch(item, penalty, situation, law) for item in penalty.ranges)
    live = tuple(branch for branch in branches if branch.holding != "not_held")
    low, high = _span(live)
    provision = _provision(citation, law)
    return Computed(
        penalty=penalty,
        citation=citation,
        provision=provision,
        branches=branches,
        holding=_holding(branches),
        low_fen=low,
        high_fen=high,
        path=_path(penalty),
        missing=_missing(live),
        computation=_computation(penalty, provision, live, low, high),
        unverified=penalty.unverified or citation.unverified,
    )


def _branch(item: Range, penalty: Penalty, situation: Situation, law: Law) -> Branch:
    met = conditions(item, penalty, situation, law.table)
    low, high, missing, steps = _bounds(item, situation, law)
    return Branch(
        item=item,
        conditions=met,
        holding=holding(every(condition.holds for condition in met)),
        low_fen=low,
        high_fen=high,
        discretionary=DISCRETIONARY in item.when,
        missing=missing,
        steps=steps,
    )


def _bounds(
    item: Range, situation: Situation, law: Law
) -> tuple[int | None, int | None, Base | None, tuple[Words, ...]]:
    if item.times is None:
        low, high = item.fen or (None, None)
        sums = (between_in_words(low, high), between_in_words(low, high, "en"))
        return low or 0, high, None, (Words(f"定额 {sums[0]}", f"fixed sum {sums[1]}"),)
    least, most, missing = _counted(item, situation)
    low = ceil(_fraction(item.times[0]) * least)
    high = None if most is None or item.times[1] is None else floor(_fraction(item.times[1]) * most)
    floors = (law.table.conditions[code] for code in item.when if code in FLOORS)
    steps = [*(Words(told["zh"], told["en"]) for told in floors), _multiplied(item, least, most, low, high)]
    if item.fen is not None:
        low, high, step = _capped(item.fen, low, high)
        steps.append(step)
    if missing and high is None and not low:
        return None, None, missing, tuple(steps)
    return low, high, missing, tuple(steps)


def _counted(item: Range, situation: Situation) -> tuple[int, int | None, Base | None]:
    """Between what sums of fen the base lies: known, or bounded by the range's threshold and floors."""
    known = amount(situation.matter.amounts, item.base)
    threshold = item.threshold
    least, most = 0, known
    if known is not None:
        least = known
    elif threshold is not None and threshold.base == item.base:
        least, most = threshold.bounds
    for code in item.when:
        if code in FLOORS:
            floors = FLOORS[code]
            least = max(least, floors[0])
            most = None if most is None else max(most, floors[1])
    return least, most, item.base if known is None else None


def _multiplied(item: Range, least: int, most: int | None, low: int, high: int | None) -> Words:
    times = item.times or (None, None)
    first, second = (times_in_words(bound) for bound in times)
    said: dict[Language, str] = {}
    for language, unit, unknown in _UNITS:
        colon = "：" if language == "zh" else ": "
        base = BASES[item.base][language]
        parts = []
        if first is not None and least:
            parts.append(f"{first} × {yuan(least, language)}{unit} = {yuan(low, language)}{unit}")
        if second is not None and most is not None and high is not None:
            parts.append(f"{second} × {yuan(most, language)}{unit} = {yuan(high, language)}{unit}")
        if most is None:
            parts.append(f"{multiple_in_words(*times, language)}{colon}{base}{unknown}")
        start = f"{base}{colon}" if most is not None or low else ""
        said[language] = start + ("；" if language == "zh" else "; ").join(parts)
    return Words(said["zh"], said["en"])


def _capped(fen: tuple[int | None, int | None], low: int, high: int | None) -> tuple[int, int | None, Words]:
    least, most = fen
    low = max(low, least or 0)
    high = most if high is None else high if most is None else min(high, most)
    step = Words(
        f"且限于 {between_in_words(least, most)}", f"and within {between_in_words(least, most, 'en')}"
    )
    return low if high is None else min(low, high), high, step


def _fraction(value: float | None) -> Fraction:
    return Fraction(0) if value is None else Fraction(str(value))


def _span(live: tuple[Branch, ...]) -> tuple[int | None, int | None]:
    counted = [branch for branch in live if not _set_aside(branch, live)]
    lows = [branch.low_fen for branch in counted if branch.low_fen is not None]
    if not lows:
        return None, None
    highs = [branch.high_fen for branch in counted]
    known = [high for high in highs if high is not None]
    return min(lows), max(known) if len(known) == len(highs) else None


def _set_aside(branch: Branch, live: tuple[Branch, ...]) -> bool:
    """Whether a multiple of an unknown amount has a sibling for exactly that case."""
    if branch.missing is None or branch.high_fen is not None:
        return False
    code = FALLBACK.get(branch.missing)
    return any(code in other.item.when for other in live)


def _missing(live: tuple[Branch, ...]) -> tuple[Base, ...]:
    return tuple(dict.fromkeys(branch.missing for branch in live if branch.missing))


def _holding(branches: tuple[Branch, ...]) -> Holding:
    if any(branch.holding == "held" for branch in branches):
        return "held"
    return "possible" if any(branch.holding == "possible" for branch in branches) else "not_held"


def _path(penalty: Penalty) -> Path:
    codes = [set(item.when) for item in penalty.ranges]
    if codes and all(when & _AFTER_ORDER for when in codes):
        return "after_order"
    later = all(when & (_AFTER_ORDER | {"refuses_or_serious", "serious"}) for when in codes)
    ordered = any(when & (_AFTER_ORDER | {"refuses_or_serious"}) for when in codes)
    return "after_order_unless_serious" if later and ordered else "direct"


def _provision(citation: Citation, law: Law) -> Words:
    version = law.family(citation.instrument).version(citation.version)
    title = version.title if version else law.family(citation.instrument).title
    article = citation.article
    return Words(f"{title['zh']}{article_title(article)}", f"{title['en']} {article_title(article, 'en')}")


def _computation(
    penalty: Penalty, provision: Words, live: tuple[Branch, ...], low: int | None, high: int | None
) -> tuple[Words, ...]:
    lines = [Words(f"依据：{provision.zh}", f"Under {provision.en}")]
    for branch in live:
        asked = [condition.words for condition in branch.conditions]
        zh = "，".join(words.zh for words in asked) or "一般情形"
        en = ", ".join(words.en for words in asked) or "ordinary case"
        lines.append(
            Words(
                f"{zh} → {'；'.join(step.zh for step in branch.steps)}",
                f"{en} → {'; '.join(step.en for step in branch.steps)}",
            )
        )
    lines += [_unknown(base, live) for base in _missing(live)]
    if penalty.note:
        lines.append(Words(penalty.note["zh"], penalty.note["en"]))
    lines.append(_result(live, low, high))
    return tuple(lines)


def _unknown(base: Base, live: tuple[Branch, ...]) -> Words:
    zh, en = BASES[base]["zh"], BASES[base]["en"]
    if any(branch.missing == base and _set_aside(branch, live) for branch in live):
        return Words(
            f"{zh}未知：暂按没有或无法计算该数额的档次；查明后按倍数计算，可能更低或更高",
            f"{en} unknown: for now the range for a missing amount; a multiple of it may be lower or higher",
        )
    return Words(f"{zh}未知：查明后须重算", f"{en} unknown: compute again once it is known")


def _result(live: tuple[Branch, ...], low: int | None, high: int | None) -> Words:
    if not live:
        return Words("结果：各档条件均不成立，不处罚款", "Result: no range applies, no fine")
    if low is None:
        return Words("结果：数额未知，无法计算", "Result: amount unknown, cannot be computed")
    if high is None:
        return Words(
            f"结果：{yuan(low)}元以上，上限未知", f"Result: from {yuan(low, 'en')} yuan, upper bound unknown"
        )
    return Words(f"结果：{between_in_words(low, high)}", f"Result: {between_in_words(low, high, 'en')}")
