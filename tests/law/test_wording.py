"""Sanctions and sums read as people write them, in both languages."""

import pytest

from fairstream.law.penalties import Base, Threshold
from fairstream.law.resolve import load_law
from fairstream.law.sanctions import yuan
from fairstream.law.wording import (
    BASES,
    between_in_words,
    in_words,
    span_in_words,
    threshold_in_words,
    times_in_words,
)
from fairstream.records import Language

from .made_up import tea_law

LAW = load_law()


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (500_000, "5,000", "5,000"),
        (20_000_000, "20万", "200,000"),
        (1_050_000, "1.05万", "10,500"),
        (50, "0.5", "0.5"),
    ],
)
def test_sums_read_as_people_write_them(fen: int, zh: str, en: str) -> None:
    assert (yuan(fen, "zh"), yuan(fen, "en")) == (zh, en)


def test_a_sanction_reads_in_both_languages() -> None:
    law = tea_law()
    new = next(item for item in law.table.penalties if item.id == "tea-2024")
    assert in_words(new, law.table) == "卖茶人: 停止；2万元以下；货值金额1万元以上: 货值金额0.5–3倍"
    assert in_words(new, law.table, "en") == (
        "tea seller: stop; up to 20,000 yuan; "
        "value of goods of 10,000 yuan or more: 0.5–3 times the value of goods"
    )


def test_every_shipped_sanction_reads_in_both_languages() -> None:
    for penalty in LAW.table.penalties:
        for language in ("zh", "en"):
            assert "None" not in in_words(penalty, LAW.table, language)


@pytest.mark.parametrize(
    ("threshold", "bounds", "zh", "en"),
    [
        (
            Threshold("goods_value", at_least=100),
            (100, None),
            "货值金额1元以上",
            "value of goods of 1 yuan or more",
        ),
        (Threshold("turnover", below=100), (0, 99), "经营额不足1元", "turnover under 1 yuan"),
        (
            Threshold("illegal_income", at_most=100),
            (0, 100),
            "违法所得1元以下",
            "illegal income of 1 yuan or less",
        ),
        (
            Threshold("illegal_income", above=100),
            (101, None),
            "违法所得超过1元",
            "illegal income over 1 yuan",
        ),
        (
            Threshold("ad_fee", at_least=100, below=300),
            (100, 299),
            "广告费用1元以上，广告费用不足3元",
            "ad fee of 1 yuan or more, ad fee under 3 yuan",
        ),
    ],
)
def test_thresholds_know_their_edges_and_words(
    threshold: Threshold, bounds: tuple[int, int | None], zh: str, en: str
) -> None:
    assert threshold.bounds == bounds
    assert (threshold_in_words(threshold), threshold_in_words(threshold, "en")) == (zh, en)
    assert set(threshold.figures) == {100, *([300] if threshold.at_least and threshold.below else [])}


@pytest.mark.parametrize(
    ("low", "high", "language", "words"),
    [
        (None, 1_000_000, "zh", "1万元以下"),
        (1_000_000, None, "zh", "1万元以上"),
        (1_000_000, 1_000_000, "zh", "1万元"),
        (0, 1_000_000, "zh", "0–1万元"),
        (None, 1_000_000, "en", "up to 10,000 yuan"),
        (1_000_000, None, "en", "from 10,000 yuan"),
        (500_000, 1_000_000, "en", "5,000–10,000 yuan"),
        (999_900, 1_000_000, "zh", "9,999–1万元"),
    ],
)
def test_ranges_of_money(low: int | None, high: int | None, language: Language, words: str) -> None:
    assert between_in_words(low, high, language) == words


def test_multiples_and_bases() -> None:
    assert [times_in_words(value) for value in (3, 0.5, 10, None)] == ["3", "0.5", "10", None]
    assert set(BASES) == set(Base.__args__)  # type: ignore[attr-defined]
    assert BASES["annual_turnover"] == {"zh": "上一年度营业额", "en": "turnover of the year before"}


@pytest.mark.parametrize(
    ("low", "high", "zh", "en"),
    [
        (None, None, "金额未知，无法计算", "amounts unknown: not computable"),
        (500_000, None, "5,000元以上，上限未知", "from 5,000 yuan, no known limit"),
        (None, 1_000_000, "1万元以下", "up to 10,000 yuan"),
        (0, None, "0元以上，上限未知", "from 0 yuan, no known limit"),
        (0, 1_000_000, "1万元以下", "up to 10,000 yuan"),
        (500_000, 1_000_000, "5,000–1万元", "5,000–10,000 yuan"),
    ],
)
def test_spans_of_fines(low: int | None, high: int | None, zh: str, en: str) -> None:
    assert span_in_words(low, high) == (zh, en)
