"""Puts a sanction into words a layman reads, in Chinese or English."""

from decimal import Decimal

from fairstream.law.penalties import Penalty, PenaltyTable, Range, Threshold
from fairstream.records import Language

BASES: dict[str, dict[Language, str]] = {
    "ad_fee": {"zh": "广告费用", "en": "ad fee"},
    "illegal_income": {"zh": "违法所得", "en": "illegal income"},
    "goods_value": {"zh": "货值金额", "en": "value of goods"},
    "turnover": {"zh": "经营额", "en": "turnover"},
    "none": {"zh": "数额", "en": "amount"},
}
_UNVERIFIED: dict[Language, str] = {"zh": "未核实", "en": "UNVERIFIED"}


def in_words(penalty: Penalty, table: PenaltyTable, language: Language = "zh") -> str:
    """One line: who, measures, ranges with their conditions, doubts; the provision is not named."""
    comma, stop = ("、", "；") if language == "zh" else (", ", "; ")
    who = comma.join(table.actors[code][language] for code in penalty.who)
    parts = [comma.join(table.measures[code][language] for code in penalty.measures)]
    parts += [range_in_words(item, table, language) for item in penalty.ranges]
    if penalty.note:
        parts.append(penalty.note[language])
    if penalty.unverified:
        parts.append(_UNVERIFIED[language])
    return f"{who}: " + stop.join(part for part in parts if part)


def range_in_words(item: Range, table: PenaltyTable, language: Language = "zh") -> str:
    """One range with its conditions, such as ``情节严重: 100万–200万元``."""
    conditions = [table.conditions[code][language] for code in item.when]
    if item.threshold:
        conditions.append(_threshold(item.threshold, language))
    sums = []
    if item.times is not None:
        base = BASES[item.base][language]
        times = "倍" if language == "zh" else " times"
        between = _between(_number(item.times[0]), _number(item.times[1]), times, language)
        sums.append(f"{base}{between}" if language == "zh" else f"{between} the {base}")
    if item.fen is not None:
        low, high = (None if bound is None else yuan(bound, language) for bound in item.fen)
        sums.append(_between(low, high, "元" if language == "zh" else " yuan", language))
    joined = ("，" if language == "zh" else ", ").join(conditions)
    amount = (" 且 " if language == "zh" else " and ").join(sums)
    return ": ".join(part for part in (joined, amount) if part)


def yuan(fen: int, language: Language = "zh") -> str:
    """A sum as people write it: 20万 in Chinese, 200,000 in English; without the unit."""
    whole = Decimal(fen) / 100
    if language == "zh" and whole >= 10_000:
        return f"{(whole / 10_000).normalize():f}万"
    return f"{whole.normalize():,f}"


def _threshold(threshold: Threshold, language: Language) -> str:
    base = BASES[threshold.base][language]
    parts = []
    if threshold.at_least is not None:
        amount = yuan(threshold.at_least, language)
        parts.append(f"{base}{amount}元以上" if language == "zh" else f"{base} of {amount} yuan or more")
    if threshold.below is not None:
        amount = yuan(threshold.below, language)
        parts.append(f"{base}不足{amount}元" if language == "zh" else f"{base} under {amount} yuan")
    return "，".join(parts) if language == "zh" else ", ".join(parts)


def _number(value: float | None) -> str | None:
    return None if value is None else f"{Decimal(str(value)).normalize():f}"


def _between(low: str | None, high: str | None, unit: str, language: Language) -> str:
    if low is None:
        return f"{high}{unit}以下" if language == "zh" else f"up to {high}{unit}"
    if high is None:
        return f"{low}{unit}以上" if language == "zh" else f"from {low}{unit}"
    return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"
