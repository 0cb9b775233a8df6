"""What to propose: fact patterns with the exact proposals, correct-first rules, exclusions and the order."""

from datetime import date
from typing import Any, get_args

import pytest

from fairstream.errors import LawError
from fairstream.law.blacklist import blacklist
from fairstream.law.matter import Answer
from fairstream.law.measures import _GATES, Proposal, proposals, propose, read_proposal
from fairstream.law.questions import load_questions, read_rule
from fairstream.law.resolve import load_law
from fairstream.law.roles import commercial_ad, truth_of
from fairstream.records import Conduct

from .told import both_languages, holdings, matter, patterns, sentences

LAW = load_law()
PATTERNS = patterns("measures.cases.yaml")
HOLDING = {"h": "held", "p": "possible", "n": "not_held"}
PROVEN = {"established": True, "corrected": False}


def asked(**told: Any) -> dict[str, Answer]:
    """The proposals for a matter, by code."""
    return {answer.code: answer for answer in propose(matter(told), LAW)}


def fining(**told: Any) -> dict[str, bool | None]:
    """The fining provisions shown, with whether the way to each is open."""
    grounds = asked(**told)["fine"].grounds
    return {
        item.words.zh: item.holds
        for item in grounds
        if "罚款" in item.words.zh or "由网信部门处罚" in item.words.zh
    }


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_pattern_gives_exactly_these_proposals(told: dict[str, Any]) -> None:
    facts = {key: value for key, value in told.items() if key not in ("name", "expect")}
    answers = propose(matter(facts), LAW)
    both_languages(answers)
    found = {code: value for code, value in holdings(answers).items() if not code.startswith("transfer.")}
    assert found == {code: HOLDING[value] for code, value in told["expect"].items()}


@pytest.mark.parametrize("conduct", get_args(Conduct))
def test_every_proposal_says_that_a_person_signs(conduct: Conduct) -> None:
    for answer in propose(matter({"conduct": conduct}), LAW):
        assert [item.words.zh for item in answer.grounds].count(
            "这是建议，不是决定；由办案人员审核并签字"
        ) == 1
        assert answer.title.zh.startswith("建议")
        assert answer.title.en.startswith("Propose")


def test_proposals_come_in_the_order_in_which_they_are_weighed() -> None:
    codes = list(asked(conduct="trademark", conduct_also=["false_ad", "personal_info"], product_class="drug"))
    assert codes == [
        "guidance",
        "interview",
        "order_to_correct",
        "recheck",
        "fine",
        "stop_infringement",
        "stop_ad",
        "platform_notice",
        "blacklist",
        "transfer.crime_213_goods",
        "transfer.crime_213_services",
        "transfer.crime_214",
        "transfer.crime_215",
        "transfer.crime_222",
        "transfer.crime_253_1",
        "transfer.crime_266",
        "inform_cac",
        "inform_drug",
    ]


def test_ways_to_a_fine_are_told_provision_by_provision() -> None:
    assert fining(conduct="disclosure", articles=["live-ecommerce-measures-2026#26"]) == {
        "直播电商监督管理办法第58条：先责令改正，没有改正才可罚款": None
    }
    assert fining(conduct="ai_host_unlabelled", articles=["live-ecommerce-measures-2026#37"]) == {
        "直播电商监督管理办法第59条：先责令改正，没有改正或者情节严重才可罚款": None,
        "直播电商监督管理办法第65条(2)：由网信部门处罚，不由市场监管部门处罚": False,
    }
    told = fining(conduct="false_ad", articles=["advertising-law#55(3)"], circumstances={"knew": True})
    assert told == {"中华人民共和国广告法第55条(3)：可以直接罚款，且须明知或者应知": True}
    assert fining(conduct="prize_sale", articles=["anti-unfair-competition-law#11"]) == {
        "中华人民共和国反不正当竞争法（2025年修订）第27条：可以直接罚款": True
    }


def test_every_gate_is_a_question_and_a_condition_of_the_table() -> None:
    assert set(_GATES) <= set(LAW.table.conditions)
    assert {question for asked_for in _GATES.values() for question in asked_for} <= set(load_questions())


def test_provisions_on_other_goods_are_left_out() -> None:
    cosmetics = fining(conduct="product_quality", product_class="cosmetics")
    clothing = fining(conduct="product_quality", product_class="clothing")
    assert [name for name in cosmetics if "化妆品" in name]
    assert not [name for name in clothing if "化妆品" in name]


def test_what_opens_and_closes_a_fine_is_told() -> None:
    fine = asked(conduct="disclosure", articles=["live-ecommerce-measures-2026#26"], circumstances=PROVEN)[
        "fine"
    ]
    assert sentences(fine.would_change) == [
        "如查明违法事实不成立，则本项不成立",
        "如查明违法行为轻微并及时改正且没有危害后果，则本项不成立",
        "如查明当事人足以证明没有主观过错，则本项不成立",
        "如查明有应当移送公安机关的犯罪线索（不得以罚代移），则本项不成立",
        "如查明责令改正的期限已过而没有改正，则本项成立",
        "如查明在责令改正的期限内改正，则本项不成立",
    ]
    assert [(item.words.zh, item.holds) for item in fine.grounds[:5]] == [
        ("违法事实成立", True),
        ("有一项罚则的条件已经具备", None),
        ("没有“轻微、改正、无危害”的不罚情形", True),
        ("当事人没有证明无主观过错", None),
        ("依现有事实没有必须移送的犯罪线索", True),
    ]


def test_an_open_transfer_is_shown_and_does_not_close_the_fine() -> None:
    told = {"conduct": "trademark", "articles": ["trademark-law#57"], "circumstances": PROVEN}
    fine = asked(**told)["fine"]
    assert fine.holding == "held"
    assert fine.grounds[4].holds is None


def test_a_conduct_of_a_day_without_a_rule_is_not_fined() -> None:
    fine = asked(conduct="ai_host_unlabelled", day=date(2026, 1, 31), circumstances=PROVEN)["fine"]
    absent = [item for item in fine.grounds if item.words.zh.endswith("尚无此规定")]
    assert [item.citation for item in absent] == [
        "live-ecommerce-measures-2026#54",
        "live-ecommerce-measures-2026#59",
        "live-ecommerce-measures-2026#65(2)",
    ]
    assert fine.holding == "not_held"
    assert fine.grounds[1].holds is False


def test_a_day_whose_texts_are_not_held_leaves_the_fine_open() -> None:
    fine = asked(conduct="trademark", day=date(2018, 12, 31), circumstances=PROVEN)["fine"]
    assert (fine.holding, fine.grounds[1].holds) == ("possible", None)
    told = [item.words.zh for item in fine.grounds if "未收录2018-12-31施行的文本" in item.words.zh]
    assert told[0] == "未收录2018-12-31施行的文本，《中华人民共和国商标法》第52条当日是否适用未作判断"


def test_provisions_differ_by_conduct() -> None:
    def cited(code: str, **told: Any) -> list[str]:
        return [item.citation for item in asked(**told)[code].grounds if item.words.zh.startswith("《")]

    assert cited("stop_act", conduct="prize_sale") == ["anti-unfair-competition-law#27"]
    assert cited("stop_act", conduct="defamation") == ["anti-unfair-competition-law#28"]
    assert cited("stop_act", conduct="confusion", conduct_also=["false_commercial_publicity"]) == [
        "anti-unfair-competition-law#23",
        "anti-unfair-competition-law#25",
    ]
    assert cited("stop_ad", conduct="ad_superlative") == ["advertising-law#57"]
    assert cited("stop_ad", conduct="ad_prereview") == ["advertising-law#58"]
    assert cited("stop_sale", conduct="fake_goods") == ["product-quality-law#49", "product-quality-law#50"]


def test_why_a_proposal_fails_is_kept() -> None:
    order = asked(conduct="disclosure", circumstances={**PROVEN, "order_issued_on": date(2026, 5, 5)})
    assert order["order_to_correct"].holding == "not_held"
    failed = [item.words.zh for item in order["order_to_correct"].grounds if item.holds is False]
    assert failed == ["没有下达责令改正通知"]
    assert order["recheck"].holding == "held"


@pytest.mark.parametrize(
    ("entry", "cause"),
    [({"when": ["nobody_asks"]}, "nobody_asks"), ({"title": {"zh": "试"}}, "'en'")],
)
def test_a_broken_proposal_is_refused_by_name(entry: dict[str, Any], cause: str) -> None:
    with pytest.raises(LawError, match=cause) as caught:
        read_proposal({"code": "x", "title": {"zh": "试", "en": "test"}, **entry})
    assert caught.value.file == "measures.yaml"


def test_the_day_that_counts_is_read_from_the_data() -> None:
    entry = {"code": "x", "title": {"zh": "试", "en": "test"}}
    assert read_proposal({**entry, "day": "decision"}).of_decision
    plain = read_proposal(
        {**entry, "cites_by": {"other": {"cites": ["ecommerce-law#9"]}}, "conduct": ["patent"]}
    )
    assert not plain.of_decision
    assert plain.conduct == ("patent", "other")
    assert plain.cites_by == {"other": ("ecommerce-law#9",)}


def test_a_proposal_is_read_with_every_part() -> None:
    entry = {
        "code": "x",
        "title": {"zh": "试", "en": "test"},
        "cites": ["ecommerce-law#9"],
        "classes": ["drug", "device"],
        "conduct": ["patent"],
        "cites_by": {"other": {"cites": ["price-law#14"]}, "trademark": {"cites": ["trademark-law#57"]}},
        "day": "decision",
    }
    assert read_proposal(entry) == Proposal(
        rule=read_rule(entry, "measures.yaml"),
        conduct=("patent", "other", "trademark"),
        classes=("drug", "device"),
        of_decision=True,
        cites_by={"other": ("price-law#14",), "trademark": ("trademark-law#57",)},
    )
    bare = {"code": "x", "title": {"zh": "试", "en": "test"}}
    assert read_proposal(bare) == Proposal(read_rule(bare, "measures.yaml"), (), (), False, {})


def test_a_fine_tells_its_ways_with_article_and_doubt() -> None:
    fine = asked(conduct="false_ad", articles=["advertising-law#55(3)"], circumstances={"knew": True})["fine"]
    assert fine.grounds[1].holds is True
    way = next(item for item in fine.grounds if "第55条(3)" in item.words.zh)
    assert (way.citation, way.fact, way.unverified, way.holds) == ("advertising-law#55(3)", "", False, True)
    assert way.words.en == (
        "Advertising Law of the PRC art. 55(3): a fine is possible at once, "
        "and only if it knew or should have known"
    )
    doubted = asked(conduct="food_safety", articles=["food-safety-law#34(10)"])["fine"]
    told = [item for item in doubted.grounds if item.citation == "food-safety-law#124(1)"]
    assert [(item.unverified, item.words.en) for item in told] == [
        (True, "Food Safety Law (2025 amendment) art. 124(1): a fine is possible at once")
    ]


def test_what_is_not_of_the_decision_stays_with_the_day_of_the_conduct() -> None:
    early, late = date(2026, 1, 31), date(2026, 2, 1)
    for item in (*proposals("proposals"), *proposals("then_inform")):
        if item.of_decision or item.rule.code == "fine" or not item.rule.cites:
            continue
        told = {"conduct": next(iter(item.conduct), "disclosure")}
        if item.classes:
            told["product_class"] = item.classes[0]
        before = asked(**told, day=early)[item.rule.code]
        assert asked(**told, day=early, decided_on=late)[item.rule.code] == before


def test_the_list_of_serious_violations_knows_whether_it_is_an_ad() -> None:
    for told in ({"hosts": [{"clips_republished": True}]}, {}):
        case = matter({"conduct": "false_ad", **told})
        ad = truth_of(commercial_ad(case, LAW))
        assert blacklist(case, LAW, commercial_ad=ad) in propose(case, LAW)


def test_a_fine_with_a_provision_tells_of_no_absent_one() -> None:
    fine = asked(conduct="prize_sale", articles=["anti-unfair-competition-law#11"])["fine"]
    assert [item.citation for item in fine.grounds[5:]] == ["anti-unfair-competition-law#27", ""]
