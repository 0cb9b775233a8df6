"""Conditions of a range: what is met, what fails, what is unknown, and the fact each waits for."""

from dataclasses import replace
from datetime import date

import pytest

from fairstream.facts import Circumstances
from fairstream.records import Party

from .fines import PERSON, UNIT, found, matter


def test_conditions_tell_what_is_met_what_fails_and_what_is_unknown() -> None:
    branches = found(matter("advertising-law#17", told="fee 100"))["advertising-law-58-1"].branches
    assert [
        [(condition.code, condition.holds, condition.fact) for condition in branch.conditions]
        for branch in branches
    ] == [
        [("not fee_unknown", True, "amounts.ad_fee"), ("not serious", None, "circumstances.serious")],
        [("fee_unknown", False, "amounts.ad_fee"), ("not serious", None, "circumstances.serious")],
        [("serious", None, "circumstances.serious"), ("not fee_unknown", True, "amounts.ad_fee")],
        [("fee_unknown", False, "amounts.ad_fee"), ("serious", None, "circumstances.serious")],
    ]
    assert [branch.holding for branch in branches] == ["possible", "not_held", "possible", "not_held"]
    assert [(branch.low_fen, branch.high_fen) for branch in branches] == [
        (10_000, 30_000),
        (10_000_000, 20_000_000),
        (30_000, 50_000),
        (20_000_000, 100_000_000),
    ]
    (edge,) = (
        b for b in found(matter("food-safety-law#35", told="value 10000"))["fsl-122-1"].branches if b.item.fen
    )
    assert [(c.code, c.words.zh, c.words.en, c.holds, c.fact) for c in edge.conditions] == [
        ("threshold", "货值金额不足1万元", "value of goods under 10,000 yuan", False, "amounts.goods_value")
    ]


@pytest.mark.parametrize(
    ("earlier", "high"),
    [
        (("2024-03-01", "2025-01-01"), 2_000_000),
        (("2024-02-29", "2025-01-01"), 1_000_000),
        (("2024-03-01", "2026-03-01"), 2_000_000),
        (("2024-03-01", "2026-03-02"), 1_000_000),
        (("2025-01-01",), 1_000_000),
    ],
)
def test_three_acts_in_two_years_count_the_present_one(earlier: tuple[str, ...], high: int) -> None:
    told = Circumstances(serious=False, earlier_penalties=tuple(map(date.fromisoformat, earlier)))
    item = found(replace(matter("advertising-law#28"), circumstances=told))["advertising-law-55-1"]
    assert item.high_fen == high * 100


def test_whether_it_is_serious_stays_open_when_only_the_count_is_known() -> None:
    told = Circumstances(earlier_penalties=(date(2025, 1, 1),))
    item = found(replace(matter("advertising-law#28"), circumstances=told))["advertising-law-55-1"]
    assert (item.low_fen, item.high_fen) == (20_000_000, 200_000_000)
    (condition,) = (c for c in item.branches[3].conditions if c.code == "thrice_in_two_years_or_serious")
    assert (condition.holds, condition.fact) == (None, "circumstances.earlier_penalties")
    serious = replace(matter("advertising-law#28"), circumstances=Circumstances(serious=True))
    (condition,) = (
        c
        for c in found(serious)["advertising-law-55-1"].branches[3].conditions
        if c.code == "thrice_in_two_years_or_serious"
    )
    assert (condition.holds, condition.fact) == (True, "circumstances.serious")


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        (Circumstances(), None),
        (Circumstances(refused_correction=True), True),
        (Circumstances(order_due_on=date(2026, 4, 1), corrected=True, corrected_on=date(2026, 4, 1)), False),
        (Circumstances(order_due_on=date(2026, 4, 1), corrected=True, corrected_on=date(2026, 4, 2)), True),
        (Circumstances(order_due_on=date(2026, 4, 1), corrected=False), True),
        (Circumstances(order_due_on=date(2026, 6, 1), corrected=False), None),
    ],
)
def test_an_overdue_correction_opens_the_fine(told: Circumstances, holds: bool | None) -> None:
    asked = replace(
        matter("network-transaction-measures-2025#22"), circumstances=told, decided_on=date(2026, 6, 1)
    )
    (branch,) = found(asked)["ntm-46"].branches
    assert [(c.code, c.holds) for c in branch.conditions] == [("overdue", holds)]


@pytest.mark.parametrize(
    ("told", "heavier"),
    [
        (Circumstances(serious=True), True),
        (Circumstances(slight=True), False),
        (Circumstances(serious=False), None),
    ],
)
def test_heavier_is_between_slight_and_serious(told: Circumstances, heavier: bool | None) -> None:
    asked = replace(matter("price-law#14(1)", told="unit income 0"), circumstances=told)
    last = found(asked)["pvp-5"].branches[-1]
    assert [(c.code, c.holds) for c in last.conditions] == [
        ("no_income", True),
        ("heavier", heavier),
        ("unit", True),
    ]


@pytest.mark.parametrize(
    ("parties", "low"),
    [
        ((UNIT,), 1_000_000),
        ((PERSON,), 100_000),
        ((UNIT, PERSON), 100_000),
        ((), 100_000),
        ((replace(UNIT, identifier="92110000MA0000000X"),), 100_000),
        ((replace(UNIT, identifier="93110000MA0000000X"),), 1_000_000),
        ((replace(UNIT, identifier_kind=None),), 100_000),
    ],
)
def test_a_unit_is_told_by_its_code_and_an_individual_household_is_not(
    parties: tuple[Party, ...], low: int
) -> None:
    asked = replace(matter("live-ecommerce-measures-2026#66"), parties=parties)
    assert found(asked)["live-66"].low_fen == low


def test_only_the_parties_in_the_role_decide_who_is_a_unit() -> None:
    host = replace(PERSON, role="host")
    asked = replace(matter("live-ecommerce-measures-2026#66"), parties=(UNIT, host))
    assert found(asked, ("host",))["live-66"].high_fen == 1_000_000
    assert found(asked, ("seller",))["live-66"].low_fen == 1_000_000


@pytest.mark.parametrize(
    ("citation", "penalty", "code", "fact"),
    [
        ("advertising-law#45", "advertising-law-63", "knew", "circumstances.knew"),
        ("advertising-law#17", "advertising-law-58-1", "fee_unknown", "amounts.ad_fee"),
        ("advertising-law#17", "advertising-law-58-1", "serious", "circumstances.serious"),
        ("consumer-protection-law#24", "cpl-56", "no_income", "amounts.illegal_income"),
        ("ecommerce-law#27", "ecl-80", "overdue", "circumstances.order_due_on"),
        ("food-safety-law#53", "fsl-126", "refuses", "circumstances.refused_correction"),
        ("anti-food-waste-law#22", "afw-30", "refuses_or_serious", "circumstances.refused_correction"),
        ("price-law#14(1)", "pvp-5", "heavier", "circumstances.slight"),
        ("live-ecommerce-measures-2026#66", "live-66", "natural_person", "parties"),
        ("live-ecommerce-measures-2026#66", "live-66", "unit", "parties"),
        ("live-ecommerce-measures-2026#66", "live-66", "no_special_law", ""),
        ("food-safety-law#73", "fsl-140-5", "sells_on", ""),
        ("food-safety-law#71", "fsl-125-2", "harmless_flaw", ""),
    ],
)
def test_every_condition_names_the_fact_it_waits_for(
    citation: str, penalty: str, code: str, fact: str
) -> None:
    told = {
        (condition.code, condition.holds, condition.fact)
        for branch in found(matter(citation))[penalty].branches
        for condition in branch.conditions
        if condition.code == code
    }
    assert told == {(code, None, fact)}


@pytest.mark.parametrize(
    ("told", "fact"),
    [("serious", "circumstances.serious"), ("refused", "circumstances.refused_correction")],
)
def test_a_choice_of_conditions_names_the_one_that_is_met(told: str, fact: str) -> None:
    (branch,) = found(matter("anti-food-waste-law#22", told=told))["afw-30"].branches
    assert [(c.code, c.holds, c.fact) for c in branch.conditions] == [("refuses_or_serious", True, fact)]
