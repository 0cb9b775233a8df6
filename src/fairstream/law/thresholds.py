"""Amounts that make an act a crime, compared with what is known; everything in fen.

The figures stand in `penalties.yaml` under nature ``crime_threshold``. Fines are computed elsewhere. Sources:
criminal-law 140, 149; crim-interp-fake-goods-2001 2 (unsold goods worth three times the amount);
crim-interp-intellectual-property-2025 3, 5, 6, 10; crim-interp-fraud-2011 1 (a sum provinces fix in a range).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from fairstream.law.answering import provision, repeated
from fairstream.law.matter import Ground, Matter
from fairstream.law.penalties import Penalty, Range
from fairstream.law.questions import Truth, every, some
from fairstream.law.resolve import Law
from fairstream.law.wording import yuan
from fairstream.records import Words

BY_PROVINCE: Final = "large_by_province"
UNSOLD: Final = "multiple_of_crime_threshold"
_SUMS: Final[Mapping[str, Words]] = {
    "turnover": Words("销售（经营）金额", "sales (turnover)"),
    "illegal_income": Words("违法所得", "illegal income"),
    "goods_value": Words("货值金额（已售与未售合计）", "value of goods, sold and unsold"),
    "unsold": Words("尚未销售的货值金额", "value of unsold goods"),
    "taken": Words("骗取的数额（以违法所得估计）", "sum taken (judged by illegal income)"),
    "loss": Words("直接经济损失", "direct loss"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """One amount that suffices: which sum, how much in fen, what is known of it, and whether it is reached.

    `under` are conditions of the table that must hold beside the amount, with `also` their truth. `sure` is
    the sum from which it is reached everywhere, where provinces may fix a lower one.
    """

    sum: str
    least: int
    known: int | None
    truth: Truth
    citation: str = ""
    sure: int | None = None
    under: Words | None = None
    also: Truth = True
    unverified: bool = False


def limits(ids: Iterable[str], matter: Matter, law: Law) -> tuple[Limit, ...]:
    """Every amount of the named entries of the penalty table, in their order."""
    wanted = tuple(ids)
    entries = {item.id: item for item in law.table.penalties if item.id in wanted}
    return tuple(
        limit for name in wanted for limit in _of_entry(entries[name], tuple(entries.values()), matter, law)
    )


def in_words(limit: Limit) -> Words:
    """The amount as a condition: which sum, from how much on, under what else."""
    told = _SUMS[limit.sum]
    zh = f"{told.zh}{yuan(limit.least)}元以上"
    en = f"{told.en} of {yuan(limit.least, 'en')} yuan or more"
    if limit.sure is not None:
        zh = f"{told.zh}达到本省在{yuan(limit.least)}元至{yuan(limit.sure)}元之间确定的数额"
        en = f"{told.en} reaching what the province fixed between {yuan(limit.least, 'en')} and "
        en += f"{yuan(limit.sure, 'en')} yuan"
    if limit.under is not None:
        zh, en = f"{zh}（{limit.under.zh}）", f"{en} ({limit.under.en})"
    return Words(zh, en)


def as_ground(limit: Limit) -> Ground:
    """The amount beside what is known, as a ground."""
    told = in_words(limit)
    zh = "尚未查明" if limit.known is None else f"已知{yuan(limit.known)}元"
    en = "not known" if limit.known is None else f"known {yuan(limit.known, 'en')} yuan"
    return Ground(
        Words(f"{told.zh}：{zh}", f"{told.en}: {en}"),
        limit.truth,
        limit.citation,
        _field(limit),
        limit.unverified,
    )


def times_reached(found: Iterable[Limit], times: int) -> Truth:
    """Whether a sum reaches so many times its limit."""
    return some(
        every((item.also, None if item.known is None else item.known >= times * item.least)) for item in found
    )


def _of_entry(entry: Penalty, entries: tuple[Penalty, ...], matter: Matter, law: Law) -> Iterator[Limit]:
    cited = str(entry.reference)
    held = provision(law, cited, matter.on)
    for item in entry.ranges:
        for limit in _of_range(item, entries, matter, law):
            yield replace(
                limit,
                truth=every((held.holds, limit.truth)),
                citation=cited if held.holds else "",
                unverified=limit.unverified or held.unverified or entry.unverified,
            )


def _of_range(item: Range, entries: tuple[Penalty, ...], matter: Matter, law: Law) -> Iterator[Limit]:
    if UNSOLD in item.when:
        yield from _unsold(item, entries, matter, law)
    elif BY_PROVINCE in item.when and item.fen:
        yield from _fixed_by_province(item.fen, matter)
    elif item.threshold is not None and item.threshold.at_least is not None:
        yield _plain(item, item.threshold.at_least, matter, law)


def _plain(item: Range, least: int, matter: Matter, law: Law) -> Limit:
    name = "loss" if item.base == "none" else item.base
    known = None if name == "loss" else getattr(matter.amounts, name)
    also = _conditions(item, matter)
    truth = every((also, None if known is None else known >= least))
    return Limit(name, least, known, truth, under=_under(item, law), also=also)


def _unsold(item: Range, entries: tuple[Penalty, ...], matter: Matter, law: Law) -> Iterator[Limit]:
    """Unsold goods count from a multiple of each amount of sales; with base goods_value, sold ones too."""
    together = item.base == "goods_value"
    name, known = ("goods_value", matter.amounts.goods_value) if together else ("unsold", _stock(matter))
    times = item.times[0] if item.times else None
    for entry in entries:
        for other in entry.ranges:
            amount = other.threshold.at_least if other.threshold else None
            if times is None or other.base != "turnover" or amount is None:
                continue
            least = int(amount * times)
            also = _conditions(other, matter)
            truth = every((also, _compared(known, least, matter, together)))
            under = _under(other, law)
            yield Limit(name, least, known, truth, under=under, also=also, unverified=not together)


def _compared(known: int | None, least: int, matter: Matter, together: bool) -> Truth:
    if known is not None:
        return known >= least
    total = matter.amounts.goods_value
    return False if not together and total is not None and total < least else None


def _stock(matter: Matter) -> int | None:
    """The value of what is not sold: value of goods less sales, which stand at other prices (an estimate)."""
    total, sold = matter.amounts.goods_value, matter.amounts.turnover
    return None if total is None or sold is None else max(total - sold, 0)


def _fixed_by_province(fen: tuple[int | None, int | None], matter: Matter) -> Iterator[Limit]:
    (low, high), known = fen, matter.amounts.illegal_income
    if low is not None and high is not None:
        truth = None if known is None or low <= known < high else known >= high
        yield Limit("taken", low, known, truth, sure=high, unverified=True)


def _conditions(item: Range, matter: Matter) -> Truth:
    """Repetition is read from earlier penalties; two marks or patents, and losses, no fact tells."""
    told: list[Truth] = []
    for code in item.when:
        again = repeated(matter)
        told.append(again if code == "repeat" else True if again and code.endswith("_or_repeat") else None)
    return every(told)


def _under(item: Range, law: Law) -> Words | None:
    named = [law.table.conditions[code] for code in item.when if code != "loss"]
    if not named:
        return None
    return Words("，".join(name["zh"] for name in named), ", ".join(name["en"] for name in named))


def _field(limit: Limit) -> str:
    fields = {"unsold": "goods_value", "taken": "illegal_income", "loss": ""}
    name = fields.get(limit.sum, limit.sum)
    return f"amounts.{name}" if name else ""
