"""Approvals of advertisements: where they come from, once each, and both sides of what departs from them."""

from datetime import date

from fairstream.checks import DATA
from fairstream.checks.ad_review import CHECKS as COMPARISONS
from fairstream.checks.approvals import approvals, of_goods
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import AdApproval, Facts, OfficialNumber
from fairstream.records import Broadcast, Finding, Listing, ScreenText, Span, Utterance

CHECKS = {name: Check(read_about(DATA / f"{name}.yaml"), compare) for name, compare in COMPARISONS.items()}
NUMBER = "粤食健广审（视）第270101-00012号"
OIL = Listing("p1", "青禾牌鱼油（虚构）", product_class="health_food")
TEA = Listing("p2", "青禾红茶（虚构）", product_class="ordinary_food")


def scene(facts: Facts, *listings: Listing, said: str = "", seen: str = "") -> Scene:
    spoken = (Utterance("u1", said, 1000, 2000, listing_id="p1"),) if said else ()
    shown = (ScreenText("s1", seen, 3000, 4000),) if seen else ()
    broadcast = Broadcast(
        "b", "试播（虚构）", date(2026, 3, 1), utterances=spoken, screen=shown, listings=listings
    )
    return Scene(broadcast, facts)


def test_approvals_handed_in_shown_and_registered() -> None:
    facts = Facts(
        ad_approvals=(AdApproval(NUMBER, "p1", "青禾食品（虚构）", None, date(2027, 1, 1)),),
        official_numbers=(
            OfficialNumber(
                "粤食健广审(视)270101-00012",
                "ad_approval",
                expires_on=date(2027, 2, 1),
                approved_text="增强免疫力",
            ),
            OfficialNumber("粤械广审(文)第280101-00001号", "ad_approval", approved_text="缓解酸痛"),
        ),
    )
    first, second = approvals(scene(facts, OIL, seen=f"{NUMBER}，粤械广审（文）第280101-00001号"))
    assert (first.number, first.listing_id, first.text) == (NUMBER, "p1", "增强免疫力")
    assert first.days == (date(2027, 1, 1), date(2027, 2, 1))
    assert first.side.text.zh == f"青禾食品（虚构） {NUMBER}"
    assert (second.number, second.listing_id, second.text, second.days) == (
        "粤械广审(文)第280101-00001号",
        "p1",
        "缓解酸痛",
        (None,),
    )
    assert [side.fact for side in first.sides()["known"]] == ["ad_approvals", "official_numbers"]
    assert [side.quote for side in second.sides()["said"]] == ["粤械广审（文）第280101-00001号"]


def test_the_text_handed_in_counts_before_the_registered_one() -> None:
    facts = Facts(
        ad_approvals=(AdApproval(NUMBER, approved_text="甲"),),
        official_numbers=(OfficialNumber(NUMBER, "ad_approval", approved_text="乙"),),
    )
    (only,) = approvals(scene(facts))
    assert (only.text, only.days) == ("甲", (None, None))


def test_an_approval_without_goods_counts_for_its_class() -> None:
    facts = Facts(ad_approvals=(AdApproval(NUMBER), AdApproval("内部编号", "p2")))
    both = scene(facts, OIL, TEA)
    given = approvals(both)
    assert [one.number for one in of_goods(given, both, OIL)] == [NUMBER]
    assert [one.number for one in of_goods(given, both, TEA)] == ["内部编号"]
    alone = scene(facts, TEA)
    assert [one.number for one in of_goods(approvals(alone), alone, TEA)] == [NUMBER, "内部编号"]


def test_both_sides_of_what_departs() -> None:
    facts = Facts(ad_approvals=(AdApproval(NUMBER, "p1", approved_text="有助于增强免疫力"),))
    (outcome,) = CHECKS["ad-review/departs-from-text"].run(
        scene(facts, OIL, said="有助于增强免疫力，降低血压，降低血压")
    )
    assert [(side.quote, side.span, side.start_ms) for side in outcome.said] == [
        ("降低血压", Span(9, 13), 1000),
        ("降低血压", Span(14, 18), 1000),
    ]
    assert [side.text.zh for side in outcome.known] == [f"{NUMBER} 有助于增强免疫力"]
    assert outcome.why.zh == (
        "关于“青禾牌鱼油（虚构）”的 2 处说法不在审查通过的内容中：降低血压，涉嫌未按审查通过的内容发布广告"
    )
    assert (outcome.listing_id, outcome.subject) == ("p1", "p1")


def finding(quote: str, start: int, **more: object) -> Finding:
    given = {"medium": "speech", "unit": "u1", "listing_id": "p1", **more}
    return Finding(
        "f", "case/rule", "case", "false_ad", "medium", 0.8, Span(start, start + len(quote)), quote,
        (), (), (), (), (), **given,  # type: ignore[arg-type]
    )  # fmt: skip


def departs(*findings: Finding) -> list[str]:
    facts = Facts(ad_approvals=(AdApproval(NUMBER, "p1", approved_text="有助于增强免疫力"),))
    plain = scene(facts, OIL, said="鼻炎克星，谁用谁知道")
    (outcome,) = CHECKS["ad-review/departs-from-text"].run(Scene(plain.broadcast, facts, findings))
    return [side.quote for side in outcome.said]


def test_findings_of_other_goods_or_places_are_left_out() -> None:
    assert departs(finding("鼻炎克星", 0)) == ["鼻炎克星"]
    assert departs(finding("鼻炎克星", 0, listing_id="p2")) == []
    assert departs(finding("鼻炎克星", 0, medium="listing")) == []
    assert departs(finding("鼻炎克星", 0), finding("克星", 2)) == ["鼻炎克星"]
    assert departs(finding("鼻炎", 0), finding("克星", 2)) == ["鼻炎", "克星"]
    assert departs(finding("鼻炎", 0), finding("鼻炎", 0, unit="u2")) == ["鼻炎", "鼻炎"]


def test_a_number_that_is_no_approval_keeps_its_words() -> None:
    facts = Facts(ad_approvals=(AdApproval("审批中"),))
    (outcome,) = CHECKS["ad-review/expired"].run(scene(facts, OIL))
    assert (outcome.verdict, outcome.reason, outcome.subject) == ("suspected", "shape", "审批中")
    assert list(CHECKS["ad-review/category-or-province"].run(scene(facts, OIL))) == []


def test_what_was_praised_stands_beside_the_approvals() -> None:
    facts = Facts(ad_approvals=(AdApproval(NUMBER, "p1"),))
    check = CHECKS["ad-review/without-number"]
    (given,) = check.run(scene(facts, OIL, said="改善睡眠", seen="粤食健广审（文）第280101-00001号"))
    assert (given.reason, [side.fact for side in given.known]) == ("given", ["ad_approvals"])
    assert [side.quote for side in given.said] == ["改善睡眠"]
    other = Facts(ad_approvals=(AdApproval(NUMBER, "p2"),))
    (missing,) = check.run(scene(other, OIL, TEA, said="改善睡眠", seen="粤械广审（文）第280101-00001号"))
    assert (missing.reason, [side.fact for side in missing.known]) == ("none_for_this", ["ad_approvals"])
    assert missing.listing_id == missing.subject == "p1"


def test_the_register_shows_the_approval_that_was_not_handed_in() -> None:
    row = OfficialNumber(NUMBER, "ad_approval", product="青禾牌鱼油")
    facts = Facts(official_numbers=(OfficialNumber("SC1", "food_production", product="青禾牌鱼油"), row))
    (open_,) = CHECKS["ad-review/without-number"].run(scene(facts, OIL, said="改善睡眠"))
    assert (open_.reason, open_.missing) == ("in_register", ("ad_approvals",))
    assert [side.text.zh for side in open_.known] == [f"{NUMBER} 青禾牌鱼油"]
