"""Sanctions in words, whole sentences in both languages."""

from typing import Any

import pytest

from fairstream.law.citation import Reference
from fairstream.law.penalties import Penalty, PenaltyTable, Range, Threshold
from fairstream.law.wording import (
    BASES,
    between_in_words,
    in_words,
    range_in_words,
    span_in_words,
    threshold_in_words,
    times_in_words,
    yuan,
)
from fairstream.records import Language

TABLE = PenaltyTable(
    (),
    conditions={"grave": {"zh": "严重", "en": "serious"}, "second": {"zh": "再次", "en": "second time"}},
    measures={"stop": {"zh": "停止", "en": "stop"}, "warn": {"zh": "警告", "en": "warning"}},
    actors={"seller": {"zh": "卖茶人", "en": "tea seller"}, "host": {"zh": "主播", "en": "host"}},
)


def penalty(**keys: Any) -> Penalty:
    """An invented sanction."""
    least: dict[str, Any] = {
        "id": "tea",
        "reference": Reference("tea-law", "4"),
        "nature": "fine",
        "who": ("seller",),
        "conduct": (),
        "basis": (),
        "measures": (),
        "ranges": (),
    }
    return Penalty(**{**least, **keys})


@pytest.mark.parametrize(
    ("keys", "zh", "en"),
    [
        ({}, "卖茶人: ", "tea seller: "),
        ({"measures": ("stop", "warn")}, "卖茶人: 停止、警告", "tea seller: stop, warning"),
        (
            {"who": ("seller", "host"), "ranges": (Range(fen=(100, 200)), Range(fen=(300, 400)))},
            "卖茶人、主播: 1–2元；3–4元",
            "tea seller, host: 1–2 yuan; 3–4 yuan",
        ),
        (
            {"measures": ("stop",), "note": {"zh": "注", "en": "note"}, "unverified": True},
            "卖茶人: 停止；注；未核实",
            "tea seller: stop; note; UNVERIFIED",
        ),
        (
            {"ranges": (Range(fen=(100, 200), when=("grave",)),)},
            "卖茶人: 严重: 1–2元",
            "tea seller: serious: 1–2 yuan",
        ),
    ],
    ids=["least", "measures", "ranges", "doubt", "condition"],
)
def test_a_sanction_is_one_line(keys: dict[str, Any], zh: str, en: str) -> None:
    item = penalty(**keys)
    assert (in_words(item, TABLE), in_words(item, TABLE, "zh"), in_words(item, TABLE, "en")) == (zh, zh, en)


@pytest.mark.parametrize(
    ("item", "zh", "en"),
    [
        (Range(fen=(100, 200)), "1–2元", "1–2 yuan"),
        (Range(fen=(100, 100)), "1元", "1 yuan"),
        (Range(fen=(100, None)), "1元以上", "from 1 yuan"),
        (Range(fen=(None, 100)), "1元以下", "up to 1 yuan"),
        (Range("ad_fee", times=(3, 5)), "广告费用3–5倍", "3–5 times the ad fee"),
        (Range("turnover", times=(None, 0.05)), "经营额0.05倍以下", "up to 0.05 times the turnover"),
        (Range("turnover", times=(0.5, None)), "经营额0.5倍以上", "from 0.5 times the turnover"),
        (Range("turnover", times=(2, 2)), "经营额2倍", "2 times the turnover"),
        (
            Range("goods_value", (100, 200), (1, 3)),
            "货值金额1–3倍 且 1–2元",
            "1–3 times the value of goods and 1–2 yuan",
        ),
        (
            Range(fen=(100, 200), when=("grave", "second")),
            "严重，再次: 1–2元",
            "serious, second time: 1–2 yuan",
        ),
        (
            Range(fen=(100, 200), when=("grave",), threshold=Threshold("turnover", below=500)),
            "严重，经营额不足5元: 1–2元",
            "serious, turnover under 5 yuan: 1–2 yuan",
        ),
        (Range(threshold=Threshold("none", above=500)), "数额超过5元", "amount over 5 yuan"),
    ],
)
def test_a_range_reads_with_its_conditions(item: Range, zh: str, en: str) -> None:
    assert (range_in_words(item, TABLE), range_in_words(item, TABLE, "zh")) == (zh, zh)
    assert range_in_words(item, TABLE, "en") == en


@pytest.mark.parametrize(
    ("threshold", "zh", "en"),
    [
        (Threshold("ad_fee", at_least=100), "广告费用1元以上", "ad fee of 1 yuan or more"),
        (Threshold("ad_fee", above=100), "广告费用超过1元", "ad fee over 1 yuan"),
        (Threshold("ad_fee", below=100), "广告费用不足1元", "ad fee under 1 yuan"),
        (Threshold("ad_fee", at_most=100), "广告费用1元以下", "ad fee of 1 yuan or less"),
        (Threshold("ad_fee", at_most=0), "广告费用0元以下", "ad fee of 0 yuan or less"),
        (
            Threshold("illegal_income", 1_000_000, 2_000_000, 3_000_000, 4_000_000),
            "违法所得1万元以上，违法所得超过4万元，违法所得不足2万元，违法所得3万元以下",
            "illegal income of 10,000 yuan or more, illegal income over 40,000 yuan, "
            "illegal income under 20,000 yuan, illegal income of 30,000 yuan or less",
        ),
        (Threshold("ad_fee"), "", ""),
    ],
)
def test_a_threshold_reads_in_its_order(threshold: Threshold, zh: str, en: str) -> None:
    assert (threshold_in_words(threshold), threshold_in_words(threshold, "zh")) == (zh, zh)
    assert threshold_in_words(threshold, "en") == en


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (0, "0", "0"),
        (1, "0.01", "0.01"),
        (10, "0.1", "0.1"),
        (100, "1", "1"),
        (999_999, "9,999.99", "9,999.99"),
        (1_000_000, "1万", "10,000"),
        (1_000_001, "1.000001万", "10,000.01"),
        (12_345_600, "12.3456万", "123,456"),
        (100_000_000_000, "10亿", "1,000,000,000"),
        (10_000_000_000, "1亿", "100,000,000"),
        (9_999_999_900, "9999.9999万", "99,999,999"),
        (15_000_000_000, "1.5亿", "150,000,000"),
    ],
)
def test_sums_change_their_unit_at_ten_thousand_yuan(fen: int, zh: str, en: str) -> None:
    assert (yuan(fen), yuan(fen, "zh"), yuan(fen, "en")) == (zh, zh, en)


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (None, 100, "1元以下", "up to 1 yuan"),
        (100, None, "1元以上", "from 1 yuan"),
        (100, 100, "1元", "1 yuan"),
        (0, 100, "0–1元", "0–1 yuan"),
        (1_000_000, 2_000_000, "1万–2万元", "10,000–20,000 yuan"),
    ],
)
def test_a_range_of_money_reads_in_both_languages(
    low: int | None, high: int | None, zh: str, en: str
) -> None:
    assert (between_in_words(low, high), between_in_words(low, high, "zh")) == (zh, zh)
    assert between_in_words(low, high, "en") == en


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (None, None, "金额未知，无法计算", "amounts unknown: not computable"),
        (0, None, "0元以上，上限未知", "from 0 yuan, no known limit"),
        (100, None, "1元以上，上限未知", "from 1 yuan, no known limit"),
        (5_000_000, None, "5万元以上，上限未知", "from 50,000 yuan, no known limit"),
        (None, 0, "0元以下", "up to 0 yuan"),
        (0, 0, "0元以下", "up to 0 yuan"),
        (100, 100, "1元", "1 yuan"),
        (1, 200, "0.01–2元", "0.01–2 yuan"),
    ],
)
def test_a_span_of_fines_reads_in_both_languages(low: int | None, high: int | None, zh: str, en: str) -> None:
    assert tuple(span_in_words(low, high)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, None), (0, "0"), (1, "1"), (0.05, "0.05"), (2.50, "2.5"), (10, "10"), (100, "100")],
)
def test_a_multiple_reads_without_needless_digits(value: float | None, words: str | None) -> None:
    assert times_in_words(value) == words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_base_is_worded(language: Language) -> None:
    words = [names[language] for names in BASES.values()]
    assert len(set(words)) == len(words) == 6
    for base, name in zip(BASES, words, strict=True):
        assert name in range_in_words(Range(base, times=(1, 2)), TABLE, language)  # type: ignore[arg-type]
