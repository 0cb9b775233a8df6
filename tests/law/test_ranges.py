"""One provision computed: its steps in words, caps, open bounds, and the way to the fine."""

from datetime import date

import pytest

from fairstream.facts import Amounts
from fairstream.law.matter import Matter
from fairstream.law.ranges import Computed
from fairstream.law.sanctions import sanctions

from . import made_up
from .fines import LAW, found, matter


def test_the_steps_are_told_in_words() -> None:
    item = found(matter("advertising-law#28", told="fee 20000 ordinary"))["advertising-law-55-1"]
    assert [words.zh for words in item.computation] == [
        "依据：中华人民共和国广告法第55条(1)",
        "广告费可以计算且不明显偏低，不属于：两年内三次以上或有其他严重情节 → "
        "广告费用：3 × 2万元 = 6万元；5 × 2万元 = 10万元",
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
        "广告费可以计算且不明显偏低，不属于：情节严重 → 1–3倍：广告费用未知，上限无法计算",
        "广告费无法计算或明显偏低，不属于：情节严重 → 定额 10万–20万元",
        "广告费用未知：暂按没有或无法计算该数额的档次；查明后按倍数计算，可能更低或更高",
        "结果：10万–20万元",
    ]
    assert [words.en for words in item.computation][1:] == [
        "ad fee known and not clearly too low, not: serious circumstances → "
        "1–3 times: ad fee unknown: no upper bound",
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
        "货值金额1万元以上 → 货值金额：10 × 1万元 = 10万元；10–20倍：货值金额未知，上限无法计算",
        "货值金额未知：查明后须重算",
        "结果：5万元以上，上限未知",
    ]
    assert food.computation[-1].en == "Result: from 50,000 yuan, upper bound unknown"
    assert food.computation[-2].en == "value of goods unknown: compute again once it is known"
    endorser = found(matter("advertising-law#38(1)"))["advertising-law-61"]
    assert endorser.computation[-1].zh == "结果：数额未知，无法计算"
    assert endorser.computation[-1].en == "Result: amount unknown, cannot be computed"
    assert endorser.computation[1].zh == "一般情形 → 1–2倍：违法所得未知，上限无法计算"
    assert endorser.computation[1].en == "ordinary case → 1–2 times: illegal income unknown: no upper bound"
    excluded = found(matter("advertising-law#45", told="unknowing"))["advertising-law-63"]
    assert [words.zh for words in excluded.computation] == [
        "依据：中华人民共和国广告法第63条",
        "结果：各档条件均不成立，不处罚款",
    ]
    assert excluded.computation[-1].en == "Result: no range applies, no fine"


def test_a_counted_value_and_a_note_are_told() -> None:
    drug = found(matter("drug-administration-law#51", told="value 1000"))["drug-115"]
    assert [words.zh for words in drug.computation][1:] == [
        "一般情形 → 货值不足十万元按十万元计算；货值金额：15 × 10万元 = 150万元；30 × 10万元 = 300万元",
        "结果：150万–300万元",
    ]
    price = found(matter("price-law#14(4)", told="unit"))["pvp-7"]
    assert price.computation[-2].zh == "违法所得无法确定的，按没有违法所得处罚（本规定第十八条）"
    assert (
        price.computation[-2].en == "Income that cannot be fixed counts as none (art. 18 of these provisions)"
    )


def test_a_cap_is_told() -> None:
    item = found(matter("consumer-infringement-penalty-measures#12", told="income 20000"))["cipm-15"]
    assert item.computation[1].zh.endswith("违法所得：3 × 2万元 = 6万元；且限于 3万元以下")
    assert item.computation[1].en.endswith("3 × 20,000 yuan = 60,000 yuan; and within up to 30,000 yuan")


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


def test_amounts_that_no_case_carries_stay_unknown() -> None:
    item = found(matter("personal-information-protection-law#10", told="serious turnover 100"))["pipl-66-2"]
    assert item.applied.missing == ("annual_turnover",)
    assert "上一年度营业额未知" in item.computation[2].zh


def fined(*ranges: dict[str, object], **amounts: int) -> Computed:
    """The one penalty of an invented law with these ranges, computed on these amounts."""
    data = made_up.sanctions()
    data["penalties"] = [{**data["penalties"][1], "ranges": list(ranges)}]
    asked = Matter("false_ad", date(2025, 1, 1), ("seaweed-tea-law#3",), amounts=Amounts(**amounts))
    (only,) = sanctions(asked, made_up.tea_law(made_up.statutes(), made_up.gists(), data))
    return only.applied


@pytest.mark.parametrize(
    ("fen", "value", "bounds"),
    [
        ([None, 1_000], 999, (1_000, 1_000)),
        ([None, 1_000], 100, (300, 500)),
        ([None, 1_000], 250, (750, 1_000)),
        ([400, 1_000], 100, (400, 500)),
        ([400, None], 100, (400, 500)),
        ([400, None], 1_000, (3_000, 5_000)),
    ],
)
def test_a_multiple_stays_within_its_cap(fen: list[int | None], value: int, bounds: tuple[int, int]) -> None:
    item = fined({"base": "goods_value", "times": [3, 5], "fen": fen}, goods_value=value)
    assert (item.low_fen, item.high_fen) == bounds


def test_a_cap_bounds_what_a_multiple_of_an_unknown_amount_may_come_to() -> None:
    item = fined({"base": "goods_value", "times": [3, 5], "fen": [200, 90_000]})
    assert (item.low_fen, item.high_fen, item.missing) == (200, 90_000, ("goods_value",))
    (branch,) = item.branches
    assert [step.zh for step in branch.steps] == ["3–5倍：货值金额未知，上限无法计算", "且限于 2–900元"]
    assert [step.en for step in branch.steps] == [
        "3–5 times: value of goods unknown: no upper bound",
        "and within 2–900 yuan",
    ]
    opened = fined({"base": "goods_value", "times": [3, 5], "fen": [200, None]})
    assert (opened.low_fen, opened.high_fen) == (200, None)
    nothing = fined({"base": "goods_value", "times": [3, 5]})
    assert (nothing.low_fen, nothing.high_fen, nothing.missing) == (None, None, ("goods_value",))
