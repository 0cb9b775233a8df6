"""Numbers of licences, filings and approvals: both sides, once each, and names that are the same."""

import re
from datetime import date

import pytest

from fairstream.checks import DATA
from fairstream.checks.library import Check, read_about
from fairstream.checks.numbers import CHECKS as COMPARISONS
from fairstream.checks.papers import of_listing, once, papers, register_side, same_name, shared, stated
from fairstream.checks.scene import Scene
from fairstream.facts import AccountPage, AdApproval, Facts, Label, Licence, OfficialNumber
from fairstream.records import Broadcast, Listing, Place, ScreenText, Utterance

CHECKS = {name: Check(read_about(DATA / f"{name}.yaml"), compare) for name, compare in COMPARISONS.items()}
REGISTERED = "国食健注G20200123"


def scene(facts: Facts, *listings: Listing, said: str = "", seen: str = "") -> Scene:
    spoken = (Utterance("u1", said, 1000, 2000),) if said else ()
    shown = (ScreenText("s1", seen, 3000, 4000),) if seen else ()
    broadcast = Broadcast(
        "b", "试播（虚构）", date(2026, 3, 1), utterances=spoken, screen=shown, listings=listings
    )
    return Scene(broadcast, facts)


def test_papers_of_every_source_in_order() -> None:
    facts = Facts(
        licences=(
            Licence("food_production", "SC11433010600125", "甲厂（虚构）", expires_on=date(2027, 1, 1)),
        ),
        labels=(Label("p1", licence_number="SC10633010600336", producer="乙厂（虚构）"), Label("p2")),
        ad_approvals=(AdApproval("粤食健广审(视)第270101-00012号", "p1", expires_on=date(2027, 1, 1)),),
    )
    page = Listing("p1", "青禾茶 SC11333010600015", approval_number=REGISTERED, attributes={"备案": "无"})
    found = papers(scene(facts, page, said="批号食健备G202433001234", seen="粤械注准20232192086"))
    assert [(paper.field, paper.number.kind, paper.listing_id, paper.holder) for paper in found] == [
        ("listings", "health_food_registration", "p1", None),
        ("utterances", "health_food_filing", "p1", None),
        ("screen", "device_registration", "p1", None),
        ("listings", "food_production", "p1", None),
        ("licences", "food_production", None, "甲厂（虚构）"),
        ("labels", "food_production", "p1", "乙厂（虚构）"),
        ("ad_approvals", "ad_approval", "p1", None),
    ]
    assert [paper.expires_on for paper in found[-3:]] == [date(2027, 1, 1), None, date(2027, 1, 1)]
    assert [(paper.side.quote, paper.side.start_ms, paper.side.fact) for paper in found[:3]] == [
        (REGISTERED, None, ""),
        ("食健备G202433001234", 1000, ""),
        ("粤械注准20232192086", 3000, ""),
    ]
    assert found[4].side.text.zh == "甲厂（虚构） SC11433010600125"
    assert found[4].side.fact == "licences"


def test_each_number_of_each_goods_once() -> None:
    page = Listing("p1", f"鱼油 {REGISTERED}", approval_number=REGISTERED)
    other = Listing("p2", "钙片", approval_number=REGISTERED)
    found = once(papers(scene(Facts(), page, other)))
    assert [(paper.listing_id, paper.side.span) for paper in found] == [("p1", None), ("p2", None)]


def test_both_sides_are_shown() -> None:
    row = OfficialNumber(
        REGISTERED,
        "health_food_registration",
        product="白露牌蛋白粉",
        status="valid",
        expires_on=date(2028, 1, 1),
    )
    page = Listing("p1", "青禾鱼油（虚构）", approval_number=REGISTERED)
    (outcome,) = CHECKS["numbers/official"].run(scene(Facts(official_numbers=(row,)), page))
    assert outcome.reason == "product"
    assert [side.text.zh for side in outcome.said] == [REGISTERED, "青禾鱼油（虚构）"]
    (known,) = outcome.known
    assert known.text.zh == f"{REGISTERED}，白露牌蛋白粉，有效，有效期至 2028-01-01"
    assert known.text.en == f"{REGISTERED}, 白露牌蛋白粉, valid, valid until 2028-01-01"
    assert outcome.why.en == (
        f"{REGISTERED} is registered for “白露牌蛋白粉” and was used for “青禾鱼油（虚构）”: suspected misuse"
    )


@pytest.mark.parametrize(
    ("kind", "articles"),
    [
        ("food_operation", ("food-safety-law#35", "food-safety-law#122(1)")),
        ("drug_operation", ("drug-administration-law#51", "drug-administration-law#115")),
        ("device_operation", ("medical-device-regulations-2021#42", "medical-device-regulations-2021#81(1)")),
        (
            "tobacco_retail",
            (
                "tobacco-monopoly-law#16",
                "tobacco-monopoly-law#32",
                "tobacco-monopoly-implementing-regulations#57",
            ),
        ),
        ("food_production", ()),
    ],
)
@pytest.mark.parametrize(
    ("reason", "days"),
    [
        ("expired", {"expires_on": date(2026, 2, 28)}),
        ("later", {"issued_on": date(2026, 3, 2)}),
    ],
)
def test_a_lapsed_licence_cites_the_law_of_its_kind(
    kind: str, articles: tuple[str, ...], reason: str, days: dict[str, date]
) -> None:
    licence = Licence(kind, "X1", issued_on=days.get("issued_on"), expires_on=days.get("expires_on"))
    (outcome,) = CHECKS["numbers/licence-expiry"].run(scene(Facts(licences=(licence,))))
    general = tuple(CHECKS["numbers/licence-expiry"].about.cites)
    assert (outcome.reason, outcome.cites) == (reason, (*general, *articles))


def test_a_licence_tells_its_holder_and_days() -> None:
    licence = Licence(
        "food_production",
        "SC11433010600125",
        "甲厂（虚构）",
        issued_on=date(2021, 2, 1),
        expires_on=date(2026, 2, 28),
    )
    (outcome,) = CHECKS["numbers/licence-expiry"].run(scene(Facts(licences=(licence,))))
    assert outcome.known[0].text == (
        "SC11433010600125，持有人 甲厂（虚构），2021-02-01 发证，有效期至 2026-02-28",
        "SC11433010600125, held by 甲厂（虚构）, issued 2021-02-01, valid until 2026-02-28",
    )
    assert (
        outcome.why.zh
        == "SC11433010600125 的有效期至 2026-02-28，直播日 2026-03-01 已过有效期，涉嫌继续使用失效证件"
    )


def test_a_row_tells_only_what_it_has() -> None:
    assert register_side(OfficialNumber("X", "k")).text == ("X", "X")
    assert register_side(OfficialNumber("X", "k", holder="甲", status="not_found")).text == (
        "X，甲，查无此号",
        "X, 甲, not found",
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青禾商贸有限公司", "青禾商贸有限公司（虚构）", True),
        ("青禾商贸", "青禾商贸有限公司", True),
        ("Qinghe Trading", "QINGHE  TRADING Ltd", True),
        ("青禾商贸", "白露商行", False),
        ("", "白露商行", False),
        ("（虚构）", "白露商行", False),
    ],
)
def test_names_of_firms(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [
        ("甲乙丙", "甲乙丙丁", 1.0),
        ("甲乙丙", "甲乙", 0.5),
        ("甲，乙", "甲乙", 1.0),
        ("甲", "甲乙", 0.0),
        ("甲", "甲", 1.0),
        ("", "甲乙", 0.0),
        ("AB", "ab", 1.0),
    ],
)
def test_share_of_the_pieces(part: str, whole: str, share: float) -> None:
    assert shared(part, whole) == share


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("这款有蓝帽子", True),
        ("这款没有蓝帽子", False),
        ("不是普通货，有蓝帽子", True),
        ("有蓝帽子吗", False),
        ("有蓝帽子对不对？", False),
        ("有蓝帽子。你们懂吗？", True),
        ("假冒蓝帽子", False),
        ("不要买那些杂牌，我们蓝帽子", True),
        ("不是我们这种蓝帽子", False),
        ("不能代替药物治疗蓝帽子", False),
        ("不能说它是国家批准的正规蓝帽子", True),
    ],
)
def test_said_as_a_fact(text: str, said: bool) -> None:
    (hit,) = scene(Facts(), said=text).find(re.compile("蓝帽子"))
    assert stated(hit) is said


def test_papers_of_no_goods_count_for_the_only_goods() -> None:
    facts = Facts(
        account_page=AccountPage(uscc="91350100M000100Y43", operator_name="甲（虚构）"),
        licences=(Licence("food_production", "SC11433010600125"),),
    )
    first, second = Listing("p1", "茶", approval_number=REGISTERED), Listing("p2", "饼")
    alone, both = scene(facts, first), scene(facts, first, second)
    assert [one.field for one in of_listing(papers(alone), alone, first)] == [
        "listings",
        "licences",
        "account_page",
    ]
    assert [one.field for one in of_listing(papers(both), both, first)] == ["listings"]
    assert of_listing(papers(both), both, second) == ()


def test_numbers_that_look_like_none_are_each_told_with_their_source() -> None:
    labels = (
        Label("p1", licence_number="浙食产-00123", place=Place("labels.csv", 2)),
        Label("p2"),
        Label("p3", licence_number="12345"),
        Label("p4", licence_number="123456"),
        Label("p5", licence_number="SC11433010600125"),
    )
    licences = (
        Licence("food_production", "浙食产-2024-00123", listing_id="p6", place=Place("licences.csv", 3)),
        Licence("food_operation", "某食-2024-00123"),
        Licence("食品生产许可证", "沪食产-2024-00123"),
    )
    found = list(CHECKS["numbers/food-licence"].run(scene(Facts(labels=labels, licences=licences))))
    assert [(one.reason, one.subject, one.listing_id) for one in found] == [
        ("fits", "SC11433010600125", "p5"),
        ("shape", "123456", "p4"),
        ("shape", "浙食产-2024-00123", "p6"),
        ("shape", "沪食产-2024-00123", None),
    ]
    assert [(side.fact, side.place) for one in found[2:3] for side in one.known] == [
        ("licences", Place("licences.csv", 3))
    ]
    assert found[1].known[0].fact == "labels"
