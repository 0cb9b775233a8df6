"""Puts a sanction into words a layman reads, in Chinese or English."""

from decimal import Decimal

from fairstream.law.penalties import Penalty, PenaltyTable, Range, Threshold
from fairstream.records import Language, Words

BASES: dict[str, dict[Language, str]] = {
    "ad_fee": {"zh": "广告费用", "en": "ad fee"},
    "illegal_income": {"zh": "违法所得", "en": "illegal income"},
    "goods_value": {"zh": "货值金额", "en": "value of goods"},
    "turnover": {"zh": "经营额", "en": "turnover"},
    "annual_turnover": {"zh": "上一年度营业额", "en": "turnover of the year before"},
    "none": {"zh": "数额", "en": "amount"},
}
_UNVERIFIED: dict[Language, str] = {"zh": "未核实", "en": "UNVERIFIED"}
_COUNTS_BY_WAN: dict[Language, bool] = {"zh": True, "en": False}
"""Whether sums of 10,000 and more are told in units of 10,000 (万)."""


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
        conditions.append(threshold_in_words(item.threshold, language))
    sums = []
    if item.times is not None:
        base = BASES[item.base][language]
        between = multiple_in_words(*item.times, language)
        sums.append(f"{base}{between}" if language == "zh" else f"{between} the {base}")
    if item.fen is not None:
        sums.append(between_in_words(*item.fen, language))
    joined = ("，" if language == "zh" else ", ").join(conditions)
    amount = (" 且 " if language == "zh" else " and ").join(sums)
    return ": ".join(part for part in (joined, amount) if part)


def yuan(fen: int, language: Language = "zh") -> str:
    """A sum as people write it: 20万 or 1.5亿 in Chinese, 200,000 in English; without the unit."""
    whole = Decimal(fen) / 100
    if _COUNTS_BY_WAN[language] and whole >= 10_000:
        unit, size = ("亿", 100_000_000) if whole >= 100_000_000 else ("万", 10_000)
        return f"{(whole / size).normalize():f}{unit}"
    return f"{whole.normalize():,f}"


def threshold_in_words(threshold: Threshold, language: Language = "zh") -> str:
    """What an amount must come to: 货值金额1万元以上, value of goods under 10,000 yuan."""
    base = BASES[threshold.base][language]
    shapes: dict[Language, tuple[tuple[int | None, str], ...]] = {
        "zh": (
            (threshold.at_least, "{base}{amount}元以上"),
            (threshold.above, "{base}超过{amount}元"),
            (threshold.below, "{base}不足{amount}元"),
            (threshold.at_most, "{base}{amount}元以下"),
        ),
        "en": (
            (threshold.at_least, "{base} of {amount} yuan or more"),
            (threshold.above, "{base} over {amount} yuan"),
            (threshold.below, "{base} under {amount} yuan"),
            (threshold.at_most, "{base} of {amount} yuan or less"),
        ),
    }
    parts = [
        shape.format(base=base, amount=yuan(amount, language))
        for amount, shape in shapes[language]
        if amount is not None
    ]
    return ("，" if language == "zh" else ", ").join(parts)


def between_in_words(low: int | None, high: int | None, language: Language = "zh") -> str:
    """A range of money in fen: 20万–100万元, up to 10,000 yuan, from 100,000 yuan."""
    least, most = (None if fen is None else yuan(fen, language) for fen in (low, high))
    return _between(least, most, "元" if language == "zh" else " yuan", language)


def times_in_words(value: float | None) -> str | None:
    """A multiple as people write it, without the unit; None stays None."""
    return None if value is None else f"{Decimal(str(value)).normalize():f}"


def multiple_in_words(low: float | None, high: float | None, language: Language = "zh") -> str:
    """A range of multiples with the unit: 1–2倍, up to 5 times."""
    unit = "倍" if language == "zh" else " times"
    return _between(times_in_words(low), times_in_words(high), unit, language)


def _between(low: str | None, high: str | None, unit: str, language: Language) -> str:
    if low is None:
        return f"{high}{unit}以下" if language == "zh" else f"up to {high}{unit}"
    if high is None:
        return f"{low}{unit}以上" if language == "zh" else f"from {low}{unit}"
    return f"{low}{unit}" if low == high else f"{low}–{high}{unit}"


def span_in_words(low: int | None, high: int | None) -> Words:
    """A span of fines in fen; open where nothing known bounds it, not computable when both are None."""
    if low is None and high is None:
        return Words("金额未知，无法计算", "amounts unknown: not computable")
    if high is None:
        return Words(f"{yuan(low or 0)}元以上，上限未知", f"from {yuan(low or 0, 'en')} yuan, no known limit")
    return Words(between_in_words(low or None, high), between_in_words(low or None, high, "en"))
