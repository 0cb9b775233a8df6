"""Transfer to the police: amounts at their boundaries, elements, days, and figures without a text."""

from datetime import date
from typing import Any

import pytest

from fairstream.errors import LawError
from fairstream.law.matter import Answer
from fairstream.law.questions import read_rule
from fairstream.law.resolve import load_law
from fairstream.law.thresholds import as_ground, in_words, limits, times_reached
from fairstream.law.transfer import Crime, Hint, crimes, read_crime, transfer, transfer_due

from .told import both_languages, holdings, matter, patterns, sentences

LAW = load_law()
PATTERNS = patterns("transfer.cases.yaml")
HOLDING = {"h": "held", "p": "possible", "n": "not_held"}


def asked(told: dict[str, Any]) -> tuple[Answer, ...]:
    """The answers of a pattern."""
    facts = {key: value for key, value in told.items() if key not in ("name", "only", "ad", "expect")}
    return transfer(matter(facts), LAW, commercial_ad=told.get("ad"))


def one(crime: str, **told: Any) -> Answer:
    """The answer for one crime."""
    return next(answer for answer in transfer(matter(told), LAW) if answer.code == f"transfer.{crime}")


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_pattern_gives_exactly_these_transfers(told: dict[str, Any]) -> None:
    answers = asked(told)
    both_languages(answers)
    found = {code.removeprefix("transfer."): value for code, value in holdings(answers).items()}
    only = told.get("only", list(found))
    assert {code: found[code] for code in only} == {
        code: HOLDING[value] for code, value in told["expect"].items()
    }


def test_a_transfer_is_due_when_one_is_held_and_open_while_one_is_possible() -> None:
    held = {"intent": True}
    mark = {"conduct": "trademark", "articles": ["trademark-law#57(1)"]}
    answers = asked({**mark, "circumstances": held, "amounts": {"illegal_income": 3_000_000}})
    assert transfer_due(answers) is True
    assert transfer_due(asked({"conduct": "trademark"})) is None
    assert transfer_due(asked({"conduct": "price_fraud"})) is False


def test_amounts_are_told_beside_what_is_known() -> None:
    answer = one("crime_214", conduct="trademark", amounts={"turnover": 4_999_999, "goods_value": 15_000_000})
    told = {ground.words.zh: (ground.holds, ground.fact) for ground in answer.grounds}
    assert told["违法所得3万元以上：尚未查明"] == (None, "amounts.illegal_income")
    assert told["销售（经营）金额5万元以上：已知4.999999万元"] == (False, "amounts.turnover")
    assert told["销售（经营）金额3万元以上（二年内受过处罚再犯）：已知4.999999万元"] == (
        None,
        "amounts.turnover",
    )
    assert told["货值金额（已售与未售合计）15万元以上：已知15万元"] == (True, "amounts.goods_value")
    english = [ground.words.en for ground in answer.grounds]
    assert "illegal income of 30,000 yuan or more: not known" in english
    assert "sales (turnover) of 50,000 yuan or more: known 49,999.99 yuan" in english


def test_every_amount_of_every_crime() -> None:
    case = matter({"conduct": "trademark"})
    told = {
        crime.rule.code: [in_words(item).zh for item in limits(crime.thresholds, case, LAW)]
        for crime in crimes()
    }
    again, either = "（二年内受过处罚再犯）", "（两种以上商标，或二年内受过处罚再犯）"
    patents = "（两项以上专利，或二年内受过处罚再犯）"
    assert {code: found for code, found in told.items() if found} == {
        "crime_140": ["销售（经营）金额5万元以上", "尚未销售的货值金额15万元以上"],
        "crime_149": ["销售（经营）金额5万元以上"],
        "crime_213_goods": [
            "违法所得3万元以上",
            "销售（经营）金额5万元以上",
            f"违法所得2万元以上{either}",
            f"销售（经营）金额3万元以上{either}",
        ],
        "crime_213_services": ["违法所得5万元以上", f"违法所得3万元以上{either}"],
        "crime_214": [
            "违法所得3万元以上",
            "销售（经营）金额5万元以上",
            f"违法所得2万元以上{again}",
            f"销售（经营）金额3万元以上{again}",
            "货值金额（已售与未售合计）15万元以上",
            f"货值金额（已售与未售合计）9万元以上{again}",
        ],
        "crime_215": [
            "违法所得2万元以上",
            "销售（经营）金额3万元以上",
            f"违法所得1万元以上{either}",
            f"销售（经营）金额2万元以上{either}",
        ],
        "crime_216": [
            "违法所得10万元以上",
            "销售（经营）金额20万元以上",
            "直接经济损失30万元以上",
            f"违法所得5万元以上{patents}",
            f"销售（经营）金额10万元以上{patents}",
        ],
        "crime_266": ["骗取的数额（以违法所得估计）达到本省在3,000元至1万元之间确定的数额"],
    }


@pytest.mark.parametrize(
    ("income", "expected"), [(299_999, False), (300_000, None), (999_999, None), (1_000_000, True)]
)
def test_the_province_fixes_the_amount_of_fraud(income: int, expected: bool | None) -> None:
    (limit,) = limits(("crime-266",), matter({"amounts": {"illegal_income": income}}), LAW)
    assert (limit.truth, limit.known, limit.unverified) == (expected, income, True)
    assert (limit.least, limit.sure, limit.also) == (300_000, 1_000_000, True)
    assert as_ground(limit).fact == "amounts.illegal_income"
    assert in_words(limit).en.endswith("reaching what the province fixed between 3,000 and 10,000 yuan")


@pytest.mark.parametrize(
    ("penalties", "expected"), [([date(2024, 5, 1)], True), ([date(2024, 4, 30)], None), ([], None)]
)
def test_repetition_or_two_marks_lowers_the_amount(penalties: list[date], expected: bool | None) -> None:
    told = {"amounts": {"illegal_income": 2_000_000}, "circumstances": {"earlier_penalties": penalties}}
    lower = limits(("crime-213-goods",), matter(told), LAW)[2]
    assert (lower.least, lower.truth) == (2_000_000, expected)
    assert in_words(lower).en == (
        "illegal income of 20,000 yuan or more (two or more marks, or repeated within two years of a penalty)"
    )


def test_stock_is_estimated_and_marked_so() -> None:
    amounts = {"turnover": 1_000_000, "goods_value": 16_000_000}
    stock = limits(("crime-140", "crime-140-unsold"), matter({"amounts": amounts}), LAW)[1]
    assert (stock.known, stock.truth, stock.unverified) == (15_000_000, True, True)
    assert as_ground(stock).fact == "amounts.goods_value"
    oversold = {"turnover": 2, "goods_value": 1}
    assert limits(("crime-140", "crime-140-unsold"), matter({"amounts": oversold}), LAW)[1].known == 0


def test_loss_is_no_fact_of_the_case() -> None:
    limit = limits(("crime-216",), matter({}), LAW)[2]
    assert (limit.sum, limit.least, limit.known, limit.truth) == ("loss", 30_000_000, None, None)
    assert as_ground(limit).fact == ""
    assert limit.under is None


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        ({"turnover": 50_000_000, "illegal_income": 0}, True),
        ({"turnover": 49_999_999, "illegal_income": 29_999_999}, None),
        ({"illegal_income": 30_000_000}, True),
        ({}, None),
    ],
)
def test_ten_times_the_amount_is_especially_serious(amounts: dict[str, int], expected: bool | None) -> None:
    case = matter({"amounts": amounts})
    assert times_reached(limits(("crime-213-goods",), case, LAW), 10) is expected
    answer = one("crime_213_goods", conduct="trademark", amounts=amounts)
    ground = next(item for item in answer.grounds if "情节特别严重" in item.words.zh)
    assert ground.words == (
        "达到数额标准的10倍，情节特别严重",
        "10 times the amount is reached: especially serious",
    )
    assert ground.holds is expected


def test_labels_are_especially_serious_from_five_times() -> None:
    answer = one("crime_215", conduct="trademark", amounts={"turnover": 15_000_000})
    ground = next(item for item in answer.grounds if "情节特别严重" in item.words.zh)
    assert (ground.words.zh, ground.holds) == ("达到数额标准的5倍，情节特别严重", True)


def test_what_would_bring_the_transfer_about_is_told() -> None:
    shoddy = {"conduct": "fake_goods", "articles": ["product-quality-law#39"]}
    facts = {**shoddy, "product_class": "clothing", "circumstances": {"established": True}}
    below = one("crime_140", **facts, amounts={"turnover": 4_999_999, "goods_value": 0})
    assert sentences(below.would_change) == [
        "如查明销售（经营）金额5万元以上，则本项成立",
        "如查明尚未销售的货值金额15万元以上，则本项成立",
    ]
    reached = one("crime_140", **facts, amounts={"turnover": 5_000_000})
    assert sentences(reached.would_change) == [
        "如查明违法事实不成立，则本项不成立",
        "如查明不属于掺假、假冒、次充好、不合格冒充合格，则本项不成立",
    ]
    unproven = one("crime_140", **shoddy, amounts={"turnover": 0, "goods_value": 0})
    assert sentences(unproven.would_change) == [
        "如查明销售（经营）金额5万元以上，则本项可能成立",
        "如查明尚未销售的货值金额15万元以上，则本项可能成立",
    ]


def test_reasonable_suspicion_suffices_for_marks_and_patents_only() -> None:
    def noted(answer: Answer) -> bool:
        return any("合理嫌疑即应当移送" in ground.words.zh for ground in answer.grounds)

    assert noted(one("crime_214", conduct="trademark"))
    assert noted(one("crime_216", conduct="patent"))
    assert not noted(one("crime_140", conduct="fake_goods"))
    sure = one("crime_214", conduct="trademark", circumstances={"knew": False})
    assert not noted(sure)


def test_the_procedure_is_that_of_the_day_of_the_decision() -> None:
    answer = one("crime_216", conduct="patent", decided_on=date(2026, 9, 1))
    cited = [ground.citation for ground in answer.grounds]
    assert [name for name in cited if name.startswith("transfer-of-suspected-crime-provisions")] == [
        "transfer-of-suspected-crime-provisions#3",
        "transfer-of-suspected-crime-provisions#3",
        "transfer-of-suspected-crime-provisions#5",
        "transfer-of-suspected-crime-provisions#11",
    ]
    failed = one("crime_214", conduct="trademark", circumstances={"knew": False})
    assert not [ground for ground in failed.grounds if "负责人在三日内决定" in ground.words.zh]
    old = one("crime_140", conduct="fake_goods", day=date(2020, 8, 6))
    procedure = [item for item in old.grounds if item.citation.startswith("transfer-of")]
    assert [item.holds for item in procedure] == [None] * 3
    handled = one("crime_140", conduct="fake_goods", day=date(2020, 8, 6), decided_on=date(2020, 8, 7))
    assert [item.holds for item in handled.grounds if item.citation.startswith("transfer-of")] == [True] * 3


def test_figures_without_a_text_are_marked_and_change_nothing() -> None:
    def hints(**told: Any) -> list[tuple[str, bool | None, bool]]:
        grounds = one("crime_222", conduct="false_ad", **told).grounds
        return [
            (item.words.zh, item.holds, item.unverified)
            for item in grounds
            if "2010年标准，" in item.words.zh
        ]

    income, twice = (
        "违法所得10万元以上（2010年标准，未核实）",
        "二年内因虚假广告受过2次行政处罚又实施（2010年标准，未核实）",
    )
    assert hints() == [(income, None, True), (twice, None, True)]
    days = [date(2025, 1, 1), date(2025, 6, 1)]
    assert hints(amounts={"illegal_income": 10_000_000}, circumstances={"earlier_penalties": days}) == [
        (income, True, True),
        (twice, True, True),
    ]
    assert hints(amounts={"illegal_income": 9_999_999}, circumstances={"earlier_penalties": days[:1]}) == [
        (income, False, True),
        (twice, False, True),
    ]
    english = [ground.words.en for ground in one("crime_222", conduct="false_ad").grounds]
    assert "illegal income of 100,000 yuan or more (2010 standard, UNVERIFIED)" in english
    note = next(
        item for item in one("crime_222", conduct="false_ad").grounds if "2022年立案追诉标准" in item.words.zh
    )
    assert note.unverified


def test_class_is_a_condition_of_crimes_about_a_class() -> None:
    def of_class(**told: Any) -> bool | None:
        grounds = one("crime_149", conduct="food_safety", **told).grounds
        return next(item.holds for item in grounds if item.fact == "product_class")

    assert of_class() is None
    assert of_class(product_class="health_food") is True
    assert not [
        item for item in one("crime_140", conduct="fake_goods").grounds if item.fact == "product_class"
    ]


def test_every_proposal_is_signed_by_a_person() -> None:
    for told in ({"conduct": "trademark"}, {"conduct": "food_safety"}):
        for answer in asked(told):
            assert answer.grounds[-1].words.zh.startswith("这是建议，不是决定")
            assert answer.title.zh.startswith("建议移送公安机关：")
            assert answer.title.en.startswith("Propose transfer to the police: ")


def test_every_threshold_named_exists_and_every_threshold_is_used() -> None:
    named = {name for crime in crimes() for name in crime.thresholds}
    kept = {
        item.id for item in LAW.table.penalties if item.nature == "crime_threshold" and item.id != "crime-222"
    }
    assert named == kept


def test_a_broken_crime_is_refused_by_name() -> None:
    entry = {"code": "x", "title": {"zh": "试", "en": "test"}, "conduct": [], "when": ["nobody_asks"]}
    with pytest.raises(LawError, match="nobody_asks") as caught:
        read_crime(entry)
    assert caught.value.file == "crimes.yaml"


def test_a_crime_is_read_with_every_part() -> None:
    entry = {
        "code": "x",
        "title": {"zh": "试", "en": "test"},
        "cites": ["criminal-law#140"],
        "conduct": ["fake_goods", "other"],
        "when": ["established"],
        "classes": ["drug"],
        "thresholds": ["crime-140", "crime-149"],
        "aggravated": 5,
        "suspicion": True,
        "hints": [{"base": "turnover", "at_least": 7}, {"penalties": 2}],
    }
    assert read_crime(entry) == Crime(
        rule=read_rule(entry, "crimes.yaml"),
        conduct=("fake_goods", "other"),
        classes=("drug",),
        thresholds=("crime-140", "crime-149"),
        aggravated=5,
        suspicion=True,
        hints=(Hint("turnover", 7, 0), Hint("", 0, 2)),
    )


def test_a_crime_without_amounts_is_bare() -> None:
    entry = {"code": "x", "title": {"zh": "试", "en": "test"}, "conduct": ["other"]}
    rule = read_rule(entry, "crimes.yaml")
    assert read_crime(entry) == Crime(rule, ("other",), (), (), None, False, ())


def test_especially_serious_circumstances_are_cited_to_the_interpretation() -> None:
    answer = one("crime_215", conduct="trademark", amounts={"turnover": 14_999_999})
    ground = next(item for item in answer.grounds if "情节特别严重" in item.words.zh)
    assert (ground.citation, ground.holds) == ("crim-interp-intellectual-property-2025#6", None)
    assert ground.words.en == "5 times the amount is reached: especially serious"


def test_all_grounds_of_a_transfer_in_their_order() -> None:
    answer = one("crime_213_services", conduct="trademark", amounts={"illegal_income": 5_000_000})
    mark, interpretation = "criminal-law#213", "crim-interp-intellectual-property-2025#3"
    law = "transfer-of-suspected-crime-provisions#"
    assert [(item.holds, item.citation, item.fact) for item in answer.grounds] == [
        (None, mark, "articles"),
        (True, f"{interpretation}(2)", "amounts.illegal_income"),
        (None, f"{interpretation}(2)", "amounts.illegal_income"),
        (False, interpretation, ""),
        (True, mark, ""),
        (True, f"{law}3", ""),
        (True, "", ""),
        (True, f"{law}3", ""),
        (True, f"{law}5", ""),
        (True, f"{law}11", ""),
        (True, "", ""),
    ]
    assert not any(item.unverified for item in answer.grounds)
    told = [item.words.en for item in answer.grounds]
    assert told[1] == "illegal income of 50,000 yuan or more: known 50,000 yuan"
    assert told[5].endswith("reasonable suspicion is enough: the police may establish the amounts")


def test_a_hint_of_penalties_is_told_by_its_number() -> None:
    english = [ground.words.en for ground in one("crime_222", conduct="false_ad").grounds]
    assert [told for told in english if told.startswith("2 administrative penalties for ")]


def test_the_note_on_a_crime_holds_without_condition() -> None:
    answer = one("crime_214", conduct="trademark", circumstances={"knew": False})
    (note,) = (item for item in answer.grounds if item.words == crimes()[12].rule.note)
    assert crimes()[12].rule.code == "crime_214"
    assert (note.holds, note.citation, note.unverified) == (True, "", False)


def test_a_crime_is_judged_by_the_law_of_the_day_of_the_conduct() -> None:
    answer = one("crime_140", conduct="fake_goods", day=date(2015, 1, 1), decided_on=date(2026, 3, 1))
    (article,) = (item for item in answer.grounds if "第140条" in item.words.zh)
    assert (article.citation, article.holds, article.unverified) == ("criminal-law#140", None, True)
    assert article.words.zh.startswith("未收录2015-01-01施行的文本")
