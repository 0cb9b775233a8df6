"""Fines computed on known and unknown facts, beside those worked out by hand from the articles."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.facts import Amounts, Circumstances
from fairstream.law.matter import Matter
from fairstream.law.resolve import load_law
from fairstream.law.sanctions import Sanction, actors, not_held, one_fine, sanctions, yuan
from fairstream.records import Conduct, Party

LAW = load_law()
DAY = date(2026, 3, 1)
TABLE = Path(__file__).with_name("sanctions.table.txt")
AMOUNTS = {"fee": "ad_fee", "income": "illegal_income", "value": "goods_value", "turnover": "turnover"}
TOLD = {
    "serious": {"serious": True},
    "slight": {"slight": True},
    "ordinary": {"serious": False, "first_offence": True},
    "knew": {"knew": True},
    "unknowing": {"knew": False},
    "refused": {"refused_correction": True},
    "corrected": {"corrected": True},
}
UNIT = Party("seller", "青云茶业（虚构）", "91110000MA0000000X", "uscc")
PERSON = Party("seller", "张三（虚构）", "110101200001010000", "id_card")


def fen(yuan: str) -> int:
    return int(Decimal(yuan) * 100)


def matter(*articles: str, told: str = "", conduct: Conduct = "other", on: date = DAY) -> Matter:
    """A matter about these articles; `told` is written as in the table."""
    amounts, circumstances, parties = {}, {}, []
    known = iter(told.split())
    for word in known:
        if word in AMOUNTS:
            amounts[AMOUNTS[word]] = fen(next(known))
        elif word in TOLD:
            circumstances.update(TOLD[word])
        elif word in ("unit", "person"):
            parties.append(UNIT if word == "unit" else PERSON)
        else:
            on = date.fromisoformat(word)
    return Matter(
        conduct,
        on,
        articles,
        parties=tuple(parties),
        amounts=Amounts(**amounts),
        circumstances=Circumstances(**circumstances),  # type: ignore[arg-type]
    )


def found(asked: Matter, roles: tuple[str, ...] = ()) -> dict[str, Sanction]:
    return {item.id: item for item in sanctions(asked, LAW, roles)}


def rows() -> Iterator[tuple[str, str, str, str]]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            citation, told, penalty, bounds = (part.strip() for part in line.split("|"))
            yield citation, told, penalty, bounds


@pytest.mark.parametrize(("citation", "told", "penalty", "bounds"), list(rows()))
def test_the_range_is_the_one_the_article_gives(citation: str, told: str, penalty: str, bounds: str) -> None:
    item = found(matter(citation, told=told))[penalty]
    assert item.by == "article"
    if bounds == "none":
        assert (item.holding, item.low_fen, item.high_fen) == ("not_held", None, None)
        return
    low, high = (None if bound == "?" else fen(bound) for bound in bounds.split(" – "))
    assert (item.low_fen, item.high_fen) == (low, high)
    assert item.holding != "not_held"


def test_the_table_is_large_and_names_most_fines() -> None:
    named = {penalty for _, _, penalty, _ in rows()}
    fines = {item.id for item in LAW.table.penalties if item.nature == "fine"}
    assert len(list(rows())) >= 180
    assert named <= fines
    assert fines - named == {"pvp-5-3", "pvp-6-2", "cos-61-2", "live-65-2"}


def test_every_fine_of_the_data_can_be_computed_on_nothing_and_on_everything() -> None:
    known = "fee 1 income 1 value 1 turnover 1 serious knew refused unit"
    for penalty in LAW.table.penalties:
        if penalty.nature != "fine":
            continue
        versions = penalty.versions or (LAW.family(penalty.reference.family).reference,)
        version = LAW.family(penalty.reference.family).version(versions[0])
        assert version is not None
        for told in ("", known):
            item = found(matter(str(penalty.reference), told=told, on=version.since))[penalty.id]
            assert item.low_fen is None or item.high_fen is None or 0 <= item.low_fen <= item.high_fen
            assert all(words.zh and words.en for words in item.computation)


def test_the_steps_are_told_in_words() -> None:
    item = found(matter("advertising-law#28", told="fee 20000 ordinary"))["advertising-law-55-1"]
    assert [words.zh for words in item.computation] == [
        "依据：中华人民共和国广告法第55条(1)",
        "广告费可以计算且不明显偏低，不属于：两年内三次以上或有其他严重情节 → "
        "广告费用: 3 × 2万元 = 6万元；5 × 2万元 = 10万元",
        "结果：6万–10万元",
    ]
    assert [words.en for words in item.computation] == [
        "Under Advertising Law of the PRC art. 55(1)",
        "ad fee known and not clearly too low, not: three or more acts in two years, or otherwise serious → "
        "ad fee: 3 × 20,000 yuan = 60,000 yuan; 5 × 20,000 yuan = 100,000 yuan",
        "Result: 60,000–100,000 yuan",
    ]
    assert item.holding == "held"
    assert not item.provisional


def test_an_unknown_fee_is_named_and_the_fallback_taken_for_now() -> None:
    item = found(matter("advertising-law#17", told="ordinary"))["advertising-law-58-1"]
    assert item.applied.missing == ("ad_fee",)
    assert item.provisional
    assert item.holding == "possible"
    assert [words.zh for words in item.computation][1:] == [
        "广告费可以计算且不明显偏低，不属于：情节严重 → 广告费用未知，上限无法计算",
        "广告费无法计算或明显偏低，不属于：情节严重 → 定额 10万–20万元",
        "广告费用未知：暂按没有或无法计算该数额的档次；查明后按倍数计算，可能更低或更高",
        "结果：10万–20万元",
    ]
    assert [words.en for words in item.computation][1:] == [
        "ad fee known and not clearly too low, not: serious circumstances → ad fee unknown: no upper bound",
        "ad fee unknown or clearly too low, not: serious circumstances → fixed sum 100,000–200,000 yuan",
        "ad fee unknown: for now the range for a missing amount; a multiple of it may be lower or higher",
        "Result: 100,000–200,000 yuan",
    ]


def test_an_open_range_and_an_excluded_one_say_so() -> None:
    food = found(matter("food-safety-law#34(10)"))["fsl-124"]
    assert food.applied.missing == ("goods_value",)
    assert not food.provisional
    assert [words.zh for words in food.computation][1:] == [
        "货值金额不足1万元 → 定额 5万–10万元",
        "货值金额1万元以上 → 货值金额: 10 × 1万元 = 10万元；货值金额未知，上限无法计算",
        "货值金额未知：查明后须重算",
        "结果：5万元以上，上限未知",
    ]
    assert food.computation[-1].en == "Result: from 50,000 yuan, upper bound unknown"
    assert food.computation[-2].en == "value of goods unknown: compute again once it is known"
    endorser = found(matter("advertising-law#38(1)"))["advertising-law-61"]
    assert endorser.computation[-1].zh == "结果：数额未知，无法计算"
    assert endorser.computation[-1].en == "Result: amount unknown, cannot be computed"
    assert endorser.computation[1].zh == "一般情形 → 违法所得未知，上限无法计算"
    assert endorser.computation[1].en == "ordinary case → illegal income unknown: no upper bound"
    excluded = found(matter("advertising-law#45", told="unknowing"))["advertising-law-63"]
    assert [words.zh for words in excluded.computation] == [
        "依据：中华人民共和国广告法第63条",
        "结果：各档条件均不成立，不处罚款",
    ]
    assert excluded.computation[-1].en == "Result: no range applies, no fine"


def test_a_counted_value_and_a_note_are_told() -> None:
    drug = found(matter("drug-administration-law#51", told="value 1000"))["drug-115"]
    assert [words.zh for words in drug.computation][1:] == [
        "一般情形 → 货值不足十万元按十万元计算；货值金额: 15 × 10万元 = 150万元；30 × 10万元 = 300万元",
        "结果：150万–300万元",
    ]
    price = found(matter("price-law#14(4)", told="unit"))["pvp-7"]
    assert price.computation[-2].zh == "违法所得无法确定的，按没有违法所得处罚（本规定第十八条）"
    assert (
        price.computation[-2].en == "Income that cannot be fixed counts as none (art. 18 of these provisions)"
    )


@pytest.mark.parametrize("name", list(AMOUNTS.values()))
def test_a_negative_amount_is_refused(name: str) -> None:
    asked = replace(matter("advertising-law#28"), amounts=Amounts(**{name: -1}))
    with pytest.raises(LawError, match=f"{name} is -1 fen") as caught:
        sanctions(asked, LAW)
    assert caught.value.remedy == "give an amount of 0 or more, or leave it unknown"
    assert sanctions(replace(asked, amounts=Amounts(**{name: 0})), LAW)


def test_a_cap_is_told() -> None:
    item = found(matter("consumer-infringement-penalty-measures#12", told="income 20000"))["cipm-15"]
    assert item.computation[1].zh.endswith("违法所得: 3 × 2万元 = 6万元；且限于 3万元以下")
    assert item.computation[1].en.endswith("3 × 20,000 yuan = 60,000 yuan; and within up to 30,000 yuan")


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
    ("penalty", "path"),
    [
        ("advertising-law-55-1", "direct"),
        ("ecl-76-1", "direct"),
        ("pql-54", "direct"),
        ("cos-62", "direct"),
        ("live-61", "direct"),
        ("live-58", "after_order"),
        ("fsl-126", "after_order"),
        ("ntm-46", "after_order"),
        ("fsl-140-5", "after_order"),
        ("live-54", "after_order_unless_serious"),
        ("ecl-80", "after_order_unless_serious"),
    ],
)
def test_correct_first_rules_are_told_from_direct_fines(penalty: str, path: str) -> None:
    reference = next(item.reference for item in LAW.table.penalties if item.id == penalty)
    assert found(matter(str(reference)))[penalty].applied.path == path


@pytest.mark.parametrize(
    ("penalty", "discretionary"),
    [("ecl-76-1", True), ("advertising-law-57-advertiser", False), ("ecl-77", False)],
)
def test_a_fine_that_may_be_left_out_is_told(penalty: str, *, discretionary: bool) -> None:
    reference = next(item.reference for item in LAW.table.penalties if item.id == penalty)
    assert found(matter(str(reference)))[penalty].applied.discretionary is discretionary


@pytest.mark.parametrize(("told", "discretionary"), [("ordinary", True), ("serious", False), ("", False)])
def test_only_branches_that_are_not_excluded_say_whether_a_fine_may_be_left_out(
    told: str, *, discretionary: bool
) -> None:
    assert found(matter("ecommerce-law#19", told=told))["ecl-77"].applied.discretionary is discretionary


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


def test_roles_limit_who_is_addressed() -> None:
    asked = matter("advertising-law#28", told="ordinary")
    assert set(found(asked)) == {"advertising-law-55-1", "advertising-law-55-3", "advertising-law-61-4"}
    assert set(found(asked, ("seller",))) == {"advertising-law-55-1"}
    assert set(found(asked, ("host",))) == {"advertising-law-55-3"}
    assert set(found(asked, ("endorser",))) == {"advertising-law-61-4"}
    assert set(found(asked, ("platform", "brand"))) == {"advertising-law-55-1", "advertising-law-55-3"}
    assert set(found(matter("live-ecommerce-measures-2026#66"), ("endorser",))) == {"live-66"}


ANYONE = {"person", "unit"}


@pytest.mark.parametrize(
    ("role", "addressed"),
    [
        ("seller", {"seller", "operator", "advertiser", "organiser"}),
        (
            "room_operator",
            {"room_operator", "seller", "operator", "advertiser", "ad_operator", "ad_publisher", "organiser"},
        ),
        ("host", {"host", "seller", "operator", "ad_operator", "ad_publisher"}),
        ("mcn", {"mcn", "operator", "ad_operator", "organiser"}),
        ("brand", {"producer", "operator", "advertiser", "organiser"}),
        ("platform", {"platform", "operator", "service_provider", "ad_publisher", "organiser"}),
        ("ecommerce_platform", {"platform", "operator"}),
        ("platform_seller", {"seller", "operator", "advertiser", "organiser"}),
        ("network_service_provider", {"service_provider"}),
        ("ad_publisher_or_operator", {"ad_operator", "ad_publisher"}),
        ("operator_ad_role", {"ad_operator", "ad_publisher"}),
        ("host_ad_role", {"ad_operator", "ad_publisher"}),
        ("advertiser", {"advertiser"}),
        ("endorser", {"endorser"}),
        ("helper", {"helper"}),
    ],
)
def test_what_a_role_is_addressed_as(role: str, addressed: set[str]) -> None:
    assert actors((role,), LAW) == addressed | ANYONE
    assert addressed <= set(LAW.table.actors)


def test_no_role_addresses_everyone_and_an_unknown_one_nobody() -> None:
    assert actors((), LAW) == frozenset()
    with pytest.raises(LawError, match="pirate is no role penalties address") as caught:
        found(matter("advertising-law#28"), ("seller", "pirate"))
    assert caught.value.remedy
    assert "name one of ad_operator, ad_publisher, " in caught.value.remedy


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


def test_without_articles_the_conduct_leads_to_the_provisions() -> None:
    asked = Matter("prize_sale", DAY)
    assert {(item.id, item.by) for item in sanctions(asked, LAW)} == {("aucl-27", "conduct")}
    both = Matter("prize_sale", DAY, conduct_also=("confusion",))
    assert {item.id for item in sanctions(both, LAW)} == {"aucl-27", "aucl-23"}
    unknown = Matter("prize_sale", DAY, ("criminal-law#140",))
    assert {(item.id, item.by) for item in sanctions(unknown, LAW)} == {("aucl-27", "conduct")}


def test_damages_and_crimes_are_no_fines() -> None:
    asked = matter("consumer-protection-law#55", "food-safety-law#148", "criminal-law#140")
    assert not [item for item in sanctions(asked, LAW) if item.by == "article"]


def test_a_paragraph_named_elsewhere_settles_a_bare_number() -> None:
    bare = found(matter("price-law#14"))
    assert {"pvp-4", "pvp-5", "pvp-5-3", "pvp-6", "pvp-6-2", "pvp-7", "pvp-11-1", "price-law-40"} <= set(bare)
    settled = found(matter("price-law#14", "marked-price-and-price-fraud-provisions-2022#17"))
    # The association is addressed in another capacity: nothing settles its paragraph.
    assert set(settled) == {"price-law-40", "pvp-5-3", "pvp-6-2", "pvp-7", "pvp-11-1"}
    assert set(found(matter("price-law#14(4)"))) == {"price-law-40", "pvp-7", "pvp-11-1"}
    assert set(found(matter("food-safety-law#34(10)"))) == {"fsl-124"}


def test_a_text_that_is_not_held_gives_nothing_and_is_named() -> None:
    early = matter("advertising-law#28", on=date(2020, 1, 1))
    assert sanctions(early, LAW) == ()
    assert not_held(early, LAW) == ("advertising-law#28",)
    assert not_held(matter("advertising-law#28", "live-ecommerce-measures-2026#33"), LAW) == ()
    before = matter("advertising-law#28", "live-ecommerce-measures-2026#33", on=date(2026, 1, 31))
    assert not_held(before, LAW) == ("live-ecommerce-measures-2026#33",)


@pytest.mark.parametrize("broken", ["advertising-law", "", "#", "advertising-law#0", "a#1; drop"])
def test_a_broken_citation_is_refused(broken: str) -> None:
    with pytest.raises(LawError):
        sanctions(matter(broken), LAW)


def test_doubts_of_the_data_stay_marked() -> None:
    assert found(matter("medical-device-regulations-2021#81"))["device-81"].applied.unverified
    assert found(matter("food-safety-law#34(10)"))["fsl-124"].applied.unverified
    assert not found(matter("advertising-law#28"))["advertising-law-55-1"].applied.unverified


def test_amounts_that_no_case_carries_stay_unknown() -> None:
    item = found(matter("personal-information-protection-law#10", told="serious turnover 100"))["pipl-66-2"]
    assert item.applied.missing == ("annual_turnover",)
    assert "上一年度营业额未知" in item.computation[2].zh


def test_sums_are_written_by_the_same_hand() -> None:
    assert yuan(1_050_000) == "1.05万"


def test_one_fine_is_drawn_from_the_same_sanctions() -> None:
    asked = matter("advertising-law#9", "advertising-law#17", told="ordinary")
    principal, media = one_fine(asked, LAW)
    assert (principal.capacity, media.capacity) == ("principal", "ad_media")
    assert principal.applied is not None
    assert principal.applied.penalty.id == "advertising-law-57-advertiser"
