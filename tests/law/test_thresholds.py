"""Amounts of crimes before and after the texts that set them."""

from datetime import date

import pytest

from fairstream.facts import Amounts
from fairstream.law.matter import Matter
from fairstream.law.resolve import load_law
from fairstream.law.thresholds import Limit, as_ground, in_words, limits
from fairstream.records import Words

LAW = load_law()


def goods(on: date, **amounts: int) -> tuple[Limit, ...]:
    asked = Matter("trademark", on, amounts=Amounts(**amounts))
    return limits(("crime-213-goods",), asked, LAW)


def test_an_amount_of_a_text_in_force_is_cited_and_judged() -> None:
    income = goods(date(2026, 3, 1), illegal_income=3_000_000)[0]
    assert (income.sum, income.least, income.known) == ("illegal_income", 3_000_000, 3_000_000)
    assert (income.truth, income.citation) == (True, "crim-interp-intellectual-property-2025#3(1)")
    assert (income.sure, income.under, income.also, income.unverified) == (None, None, True, False)


def test_an_amount_of_a_text_not_held_is_neither_cited_nor_judged() -> None:
    for income in goods(date(2025, 4, 25), illegal_income=3_000_000)[:2]:
        assert (income.truth, income.citation, income.also) == (None, "", True)
        assert as_ground(income).citation == ""
    short = goods(date(2025, 4, 25), illegal_income=2_999_999)[0]
    assert short.truth is False


def test_the_named_entries_come_in_their_order() -> None:
    asked = Matter("trademark", date(2026, 3, 1))
    found = limits(("crime-266", "crime-140"), asked, LAW)
    assert [(item.sum, item.least, item.sure) for item in found] == [
        ("taken", 300_000, 1_000_000),
        ("turnover", 5_000_000, None),
    ]
    assert limits((), asked, LAW) == ()


@pytest.mark.parametrize(
    ("amounts", "known", "truth"),
    [
        ({}, None, None),
        ({"goods_value": 14_999_999}, None, False),
        ({"goods_value": 15_000_000}, None, None),
        ({"goods_value": 15_000_000, "turnover": 0}, 15_000_000, True),
        ({"goods_value": 15_000_000, "turnover": 1}, 14_999_999, False),
        ({"turnover": 1}, None, None),
    ],
)
def test_stock_is_never_worth_more_than_all_goods(
    amounts: dict[str, int], known: int | None, truth: bool | None
) -> None:
    asked = Matter("fake_goods", date(2026, 3, 1), amounts=Amounts(**amounts))
    stock = limits(("crime-140", "crime-140-unsold"), asked, LAW)[-1]
    assert (stock.sum, stock.least, stock.known, stock.truth) == ("unsold", 15_000_000, known, truth)
    assert (stock.also, stock.under, stock.unverified) == (True, None, True)
    assert as_ground(stock).unverified is True


def test_goods_sold_and_unsold_count_together_for_marks() -> None:
    asked = Matter("trademark", date(2026, 3, 1), amounts=Amounts(goods_value=8_999_999))
    found = [item for item in limits(("crime-214",), asked, LAW) if item.sum == "goods_value"]
    assert [(item.least, item.known, item.truth, item.also, item.unverified) for item in found] == [
        (15_000_000, 8_999_999, False, True, False),
        (9_000_000, 8_999_999, False, None, False),
    ]
    assert [in_words(item).en for item in found] == [
        "value of goods, sold and unsold of 150,000 yuan or more",
        "value of goods, sold and unsold of 90,000 yuan or more (repeated within two years of a penalty)",
    ]


def test_a_sum_that_provinces_fix_is_told_in_both_languages() -> None:
    (taken,) = limits(("crime-266",), Matter("other", date(2026, 3, 1)), LAW)
    assert in_words(taken) == Words(
        "骗取的数额（以违法所得估计）达到本省在3,000元至1万元之间确定的数额",
        "sum taken (judged by illegal income) reaching what the province fixed between 3,000 and 10,000 yuan",
    )
    assert as_ground(taken).unverified is True
