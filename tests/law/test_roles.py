"""Who is who: fact patterns with the exact roles, their grounds, and what would change them."""

from collections.abc import Callable
from datetime import date
from typing import Any, get_args

import pytest

from fairstream.law.matter import Answer, Matter
from fairstream.law.resolve import load_law
from fairstream.law.roles import (
    advertising_roles,
    ai_hosts,
    civil_operator,
    commercial_ad,
    employee_hosts,
    platform_roles,
    roles,
    truth_of,
    weigh,
)
from fairstream.records import Conduct

from .told import both_languages, holdings, matter, patterns, sentences

LAW = load_law()
DAY = date(2026, 5, 1)
PATTERNS = patterns("roles.cases.yaml")
ASK: dict[str, Callable[[Matter, Any], tuple[Answer, ...]]] = {
    "platform": lambda case, ad: tuple(platform_roles(case.platform, LAW, case.on, commercial_ad=ad)),
    "ad": lambda case, ad: (commercial_ad(case, LAW),),
    "advertising": lambda case, ad: advertising_roles(case, LAW),
    "employee": lambda case, ad: employee_hosts(case, LAW),
    "ai": lambda case, ad: ai_hosts(case, LAW),
    "civil": lambda case, ad: (civil_operator(case, LAW),),
}
PLAIN = {"opens_onboarding", "gives_order_flow", "gives_payment", "takes_commission", "controls_accounts"}


def asked(told: dict[str, Any]) -> tuple[Answer, ...]:
    """The answers a pattern asks for."""
    facts = {key: value for key, value in told.items() if key not in ("name", "ask", "expect", "ad")}
    return ASK[told["ask"]](matter(facts), told.get("ad"))


def platform(**told: Any) -> dict[str, Answer]:
    """The platform's roles by code."""
    case = matter({"platform": told})
    return {answer.code: answer for answer in platform_roles(case.platform, LAW, DAY)}


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_pattern_gives_exactly_these_roles(told: dict[str, Any]) -> None:
    found = holdings(asked(told))
    suffix = {"platform": " 云集平台（虚构）" if "platform" in told else "", "ad": ""}.get(told["ask"], "")
    host = " 主播甲（虚构）" if told["ask"] == "ad" and "hosts" in told else ""
    expected = {
        code if " " in code else code + suffix + host: value for code, value in told["expect"].items()
    }
    assert found == expected


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_every_answer_reads_in_both_languages(told: dict[str, Any]) -> None:
    both_languages(asked(told))


def test_the_weights_are_marked_as_a_choice_not_law() -> None:
    answer = platform(takes_commission=True)["ecommerce_platform"]
    factors = [ground for ground in answer.grounds if "权重" in ground.words.zh]
    assert [ground.words.zh.split("：")[0] for ground in factors] == [
        *["参与经营"] * 5,
        "佣金分成",
        "对用户的控制力",
        "各因素的权重和门槛是本软件的设计选择，法律没有规定（未核实），由人判断",
    ]
    assert all(ground.unverified for ground in factors)
    assert factors[5].words.zh == "佣金分成：平台按成交抽取佣金（权重2，门槛2）"
    assert factors[3].words.en == (
        "participation in operation: the platform takes part in choosing goods or hosts "
        "(weight 1 of 2 needed)"
    )
    assert [ground.holds for ground in factors] == [None] * 5 + [True, None, True]
    assert answer.grounds[-1].unverified
    assert "2020年" in answer.grounds[-1].words.zh


def test_a_single_factor_that_decides_is_named_with_its_other_value() -> None:
    others = dict.fromkeys(PLAIN - {"takes_commission"}, False)
    held = platform(**others, takes_commission=True, chooses_goods=False, sets_prices=False)
    assert sentences(held["ecommerce_platform"].would_change) == ["如查明平台不按成交抽取佣金，则本项不成立"]
    not_held = platform(**others, takes_commission=False, chooses_goods=True, sets_prices=False)
    assert sentences(not_held["ecommerce_platform"].would_change) == [
        "如查明平台开放商家或推广者入驻，则本项成立",
        "如查明订单在平台上生成，则本项成立",
        "如查明平台提供在线支付，则本项成立",
        "如查明平台按成交抽取佣金，则本项成立",
        "如查明平台控制账号的准入、排序、暂停，则本项成立",
        "如查明平台参与定价，则本项成立",
    ]


def test_with_two_strong_factors_no_single_one_changes_the_role() -> None:
    assert platform(takes_commission=True, gives_payment=True)["ecommerce_platform"].would_change == ()


def test_what_is_missing_together_is_named_too() -> None:
    changes = platform()["ad_publisher_or_operator"].would_change
    assert sentences(changes)[-1] == "如查明平台为该场直播提供付费导流，且直播内容构成商业广告，则本项成立"
    assert changes[-1].en == (
        "If it is found that the platform sold traffic for the broadcast and that the broadcast is a "
        "commercial advertisement, this holds"
    )


def test_a_role_once_excluded_needs_the_failed_fact_to_turn() -> None:
    answer = platform(sells_itself=False)["platform_seller"]
    assert sentences(answer.would_change) == ["如查明平台自营销售，则本项成立"]


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"takes_commission": True}, True),
        ({"chooses_goods": True, "sets_prices": True}, True),
        ({"chooses_goods": True}, None),
        (dict.fromkeys(PLAIN, False), None),
        ({**dict.fromkeys(PLAIN, False), "sets_prices": False}, False),
    ],
)
def test_weighing(known: dict[str, bool], expected: bool | None) -> None:
    assert weigh(known) is expected


def test_followers_are_shown_as_a_hint_that_decides_nothing() -> None:
    few, many = (commercial_ad(matter({"hosts": [{"followers": count}]}), LAW) for count in (3, 80_000_000))
    assert few.holding == many.holding == "possible"
    hint = next(ground for ground in many.grounds if ground.fact == "hosts.followers")
    assert hint.words.zh == "主播约有80000000名关注者：只是线索，“一定影响”没有法定数量"
    assert hint.words.en.startswith("the host has about 80,000,000 followers: a hint only")
    assert (hint.holds, hint.unverified) == (None, True)
    without = commercial_ad(matter({"hosts": [{}]}), LAW)
    assert not [ground for ground in without.grounds if ground.fact == "hosts.followers"]


def test_the_third_case_of_the_measures_stays_open_and_a_plain_seller_is_flagged() -> None:
    seller = {"clips_republished": False, "is_seller": True}
    answer = commercial_ad(matter({"hosts": [seller]}), LAW)
    assert answer.grounds[-2].words.zh.startswith("第三种情形")
    assert (answer.grounds[-2].holds, answer.grounds[-2].citation) == (
        None,
        "live-ecommerce-measures-2026#35",
    )
    assert answer.grounds[-1].words.zh.startswith("销售者在自己直播间里的一般介绍不当然是广告")
    assert answer.grounds[-1].unverified
    held = commercial_ad(matter({"hosts": [{"clips_republished": True}]}), LAW)
    assert held.grounds[-1].words.zh.startswith("第三种情形")


def test_before_the_measures_the_general_definition_is_all_there_is() -> None:
    answer = commercial_ad(matter({"day": date(2026, 1, 31), "hosts": [{"clips_republished": True}]}), LAW)
    assert [ground.citation for ground in answer.grounds][-2:] == ["advertising-law#2", ""]
    assert answer.would_change == ()
    absent = next(ground for ground in answer.grounds if ground.holds is False)
    assert absent.words.zh == "《直播电商监督管理办法》第35条自2026-02-01起施行，2026-01-31尚无此规定"
    assert absent.words.en.endswith("art. 35 took effect on 2026-02-01: on 2026-01-31 the rule did not exist")
    conditions = answer.grounds[:4]
    assert [ground.citation for ground in conditions] == [""] * 4


def test_conditions_cite_what_was_in_force() -> None:
    answer = commercial_ad(matter({"hosts": [{"clips_republished": True}]}), LAW)
    assert {ground.citation for ground in answer.grounds[:4]} == {"live-ecommerce-measures-2026#35"}
    assert [ground.fact for ground in answer.grounds[:4]] == [
        "host.clips_republished",
        "host.is_seller",
        "host.own_name_or_image",
        "host.has_influence",
    ]


def test_the_burden_of_proof_and_the_courts_weighing_are_told() -> None:
    unknown = civil_operator(matter({}), LAW)
    assert unknown.grounds[-1].words.zh.startswith("是否标明由直播间运营者举证")
    marked = civil_operator(matter({"seller_displayed": True}), LAW)
    assert marked.grounds[-1].words.zh.startswith("已标明的，法院综合")
    assert not marked.grounds[-1].unverified


def test_the_limits_of_the_employers_liability_are_told() -> None:
    (answer,) = employee_hosts(matter({"hosts": [{"relation": "employee", "on_duty": True}]}), LAW)
    assert answer.subject == "主播甲（虚构）"
    assert "第三十三条、第三十四条、第三十六条" in answer.grounds[-1].words.zh
    assert answer.grounds[-1].holds is True
    assert employee_hosts(matter({}), LAW) == ()


def test_all_roles_come_in_one_order() -> None:
    case = matter({"platform": {"sells_traffic": True}, "hosts": [{"clips_republished": True}]})
    found = roles(case, LAW)
    assert [answer.code for answer in found] == [
        "ecommerce_platform",
        "ad_publisher_or_operator",
        "network_service_provider",
        "platform_seller",
        "commercial_ad",
        "advertiser",
        "operator_ad_role",
        "host_ad_role",
        "endorser",
        "employer_answers",
        "operator_answers_for_ai",
        "operator_liable_as_seller",
    ]
    assert found[1].holding == "held"


def test_an_answer_as_truth() -> None:
    assert [truth_of(Answer("x", found.title, found.holding)) for found in _each_holding()] == [
        True,
        None,
        False,
    ]


def _each_holding() -> tuple[Answer, ...]:
    case = matter({"platform": {"takes_commission": True, "sells_itself": False}})
    operator, ad, _, seller = platform_roles(case.platform, LAW, DAY)
    assert (operator.holding, ad.holding, seller.holding) == ("held", "possible", "not_held")
    return operator, ad, seller


def test_operators_of_one_room_answer_together() -> None:
    case = matter({"parties": {"room_operator": ["甲直播间", "乙直播间"]}, "hosts": [{"is_ai": True}]})
    assert civil_operator(case, LAW).subject == "甲直播间、乙直播间"
    assert [answer.subject for answer in ai_hosts(case, LAW)] == ["甲直播间、乙直播间"]


def test_the_general_definition_is_that_of_the_day_of_the_conduct() -> None:
    general = commercial_ad(matter({"day": date(2018, 10, 25)}), LAW).grounds[-2]
    assert (general.citation, general.holds, general.unverified) == ("advertising-law#2", None, True)
    assert general.words.zh.startswith("未收录2018-10-25施行的文本")


def test_the_guiding_opinions_are_named_with_the_roles_of_the_platform() -> None:
    found = {item.code: item for item in platform_roles(None, LAW, DAY)}
    named = {code for code, item in found.items() if "2020" in item.grounds[-1].words.en}
    assert named == {"ecommerce_platform", "network_service_provider"}


REACHED = (
    "prohibited_goods",
    "product_quality",
    "fake_goods",
    "food_safety",
    "false_commercial_publicity",
    "fictitious_transaction",
    "defamation",
)
NOT_REACHED = (
    "platform_duty",
    "disclosure",
    "review_deletion",
    "consumer_rights",
    "prize_sale",
    "price_fraud",
    "personal_info",
    "ai_host_unlabelled",
)


@pytest.mark.parametrize("conduct", get_args(Conduct))
def test_the_employer_answers_for_breaches_of_three_articles_only(conduct: Conduct) -> None:
    host = {"relation": "employee", "on_duty": True, "employer": "茶行（虚构）"}
    (answer,) = employee_hosts(matter({"conduct": conduct, "hosts": [host]}), LAW)
    expected = "held" if conduct in REACHED else "not_held" if conduct in NOT_REACHED else "possible"
    assert answer.holding == expected


def test_one_conduct_the_clause_reaches_is_enough_and_an_open_one_keeps_it_open() -> None:
    host = {"relation": "employee", "on_duty": True}
    for conduct, also, expected in (
        ("price_fraud", ["defamation"], "held"),
        ("price_fraud", ["disclosure"], "not_held"),
        ("price_fraud", ["trademark"], "possible"),
    ):
        told = {"conduct": conduct, "conduct_also": also, "hosts": [host]}
        assert [answer.holding for answer in employee_hosts(matter(told), LAW)] == [expected]


def test_an_ai_figure_is_neither_employee_nor_endorser_nor_commissioned() -> None:
    figure = {"is_ai": True, "relation": "employee", "on_duty": True, "own_name_or_image": True}
    told = matter(
        {"hosts": [{**figure, "has_influence": True, "clips_republished": True, "is_seller": False}]}
    )
    found = {answer.code: answer.holding for answer in roles(told, LAW)}
    asked = ("commercial_ad", "endorser", "host_ad_role", "employer_answers", "operator_answers_for_ai")
    assert [found[code] for code in asked] == ["held", "not_held", "not_held", "not_held", "held"]
    commissioned = matter({"hosts": [{"is_ai": True, "relation": "commissioned", "clips_republished": True}]})
    assert {a.code: a.holding for a in roles(commissioned, LAW)}["host_ad_role"] == "not_held"
