"""Amounts of crimes before and after the texts that set them."""

from datetime import date

from fairstream.facts import Amounts
from fairstream.law.matter import Matter
from fairstream.law.resolve import load_law
from fairstream.law.thresholds import Limit, as_ground, limits

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
