"""Identity on screen: what the sentences say, and the arithmetic of stretches."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.checks import DATA, ai_host, display, display_seller, duties, host, reappearing
from fairstream.checks.about import Outcome
from fairstream.checks.display_coverage import clock, gaps, length, named
from fairstream.checks.display_seller import load_permits, plain_name
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.errors import RuleError
from fairstream.facts import AccountPage, Facts, Interval, Licence, SellerDisplay
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Listing, Party, Place

from .test_host import ON

STRETCHES = st.lists(
    st.builds(lambda a, b: Interval(a, a + b), st.integers(-50, 150), st.integers(-20, 60)), max_size=6
)


def run(name: str, facts: Facts, broadcast: Broadcast) -> list[Outcome]:
    compare = {**display.CHECKS, **display_seller.CHECKS}[name]
    return list(Check(read_about(DATA / f"{name}.yaml"), compare).run(Scene(broadcast, facts)))


def covered(stretches: list[Interval], at: int) -> bool:
    return any(one.start_ms <= at < one.end_ms for one in stretches)


@given(STRETCHES, STRETCHES)
def test_gaps_are_exactly_what_is_wanted_and_not_covered(
    wanted: list[Interval], over: list[Interval]
) -> None:
    left = gaps(wanted, over, 0)
    for at in range(-60, 220):
        assert covered(left, at) == (covered(wanted, at) and not covered(over, at))
    assert length(wanted) - length(left) == sum(
        covered(wanted, at) and covered(over, at) for at in range(-60, 220)
    )


@given(STRETCHES)
def test_length_counts_overlaps_once(stretches: list[Interval]) -> None:
    assert length(stretches) == sum(covered(stretches, at) for at in range(-60, 220))


def test_only_gaps_above_the_tolerance_count() -> None:
    over = [Interval(0, 10), Interval(15, 20), Interval(26, 30)]
    assert gaps([Interval(0, 30)], over, 5) == [Interval(20, 26)]
    assert gaps([Interval(0, 30)], over, 4) == [Interval(10, 15), Interval(20, 26)]
    assert gaps([Interval(0, 30)], over, 6) == []


@pytest.mark.parametrize(
    ("ms", "text"),
    [
        (0, "0:00:00"),
        (59_999, "0:00:59"),
        (60_000, "0:01:00"),
        (3_661_000, "1:01:01"),
        (36_000_000, "10:00:00"),
    ],
)
def test_clock(ms: int, text: str) -> None:
    assert clock(ms) == text


def test_five_stretches_are_named_the_rest_counted() -> None:
    stretches = [Interval(n * 60_000, n * 60_000 + 1000) for n in range(7)]
    assert named(stretches[:1]) == ("0:00:00–0:00:01", "0:00:00–0:00:01")
    assert named(stretches[:5]).zh.count("、") == 4
    assert "等" not in named(stretches[:5]).zh
    assert named(stretches).zh.endswith("0:04:00–0:04:01等 7 段")
    assert named(stretches).en.endswith("0:04:00–0:04:01 and 2 more")


def test_a_gap_is_told_with_its_place_and_seconds() -> None:
    shown = (Interval(0, 300_000), Interval(400_500, 600_000))
    facts = Facts(seller_display=SellerDisplay(shown, place=Place("room.yaml", 3)))
    (outcome,) = run("display/seller-shown", facts, Broadcast("b", "茶", ON, duration_ms=600_000))
    assert outcome.why.zh == (
        "全场 600 秒中有 100 秒没有展示实际销售者的信息或者链接：0:05:00–0:06:40"
        "（不超过 10 秒的间断不计），涉嫌未持续展示"
    )
    assert outcome.why.en.startswith("Of 600 seconds the seller was not shown for 100: 0:05:00–0:06:40")
    assert outcome.known[0].text == ("共展示 499 秒", "shown for 499 seconds in all")
    assert (outcome.known[0].fact, outcome.known[0].place) == ("seller_display", Place("room.yaml", 3))


def test_missing_fields_are_named_in_both_languages() -> None:
    page = AccountPage(
        "individual_household", name="小店", operator_name="", uscc="无", address="某路", form=" / "
    )
    (outcome,) = run("display/account-page", Facts(account_page=page), Broadcast("b", "茶", ON))
    assert outcome.why.zh == (
        "账号页主体为个体工商户，截取的页面上没有：经营者姓名、统一社会信用代码、组成形式，涉嫌未依法公示"
    )
    assert outcome.why.en.endswith(
        "it does not show: name of the operator, credit code, form of the business: "
        "suspected failure to publish"
    )
    assert outcome.known[0].text.en == "an individual household"


def test_the_firm_may_stand_beside_the_nickname_of_the_account() -> None:
    nickname = AccountPage("legal_person", name="小铺", operator_name="无", uscc="9", address="某路")
    (outcome,) = run("display/account-page", Facts(account_page=nickname), Broadcast("b", "茶", ON))
    assert outcome.why.zh.endswith("截取的页面上没有：名称，涉嫌未依法公示")
    firm = AccountPage("legal_person", name="", operator_name="青禾", uscc="", address="某路")
    (outcome,) = run("display/account-page", Facts(account_page=firm), Broadcast("b", "茶", ON))
    assert outcome.why.zh.endswith("截取的页面上没有：统一社会信用代码，涉嫌未依法公示")


def test_clicks_are_told() -> None:
    facts = Facts(seller_display=SellerDisplay(clicks=3))
    (outcome,) = run("display/one-step", facts, Broadcast("b", "茶", ON))
    assert outcome.why.zh.startswith("从直播页面到销售者信息要点击 3 次")
    assert outcome.known[0].text == ("点击 3 次到达", "3 clicks")
    (unknown,) = run("display/one-step", Facts(seller_display=SellerDisplay()), Broadcast("b", "茶", ON))
    assert unknown.known[0].text.en == "the number of clicks was not recorded"


def test_a_licence_that_is_held_is_shown_beside_the_page() -> None:
    broadcast = Broadcast(
        "b", "茶", ON, parties=(Party("seller", "青禾"),),
        listings=(
            Listing("l", "饼干", product_class="ordinary_food"),
            Listing("m", "红糖", product_class="alcohol"),
        ),
    )  # fmt: skip
    facts = Facts(
        account_page=AccountPage(name="青禾", permits=("营业执照", "商标")),
        licences=(
            Licence("food_filing", "YB1"),
            Licence("许可证", "食品经营许可证 JY1"),
            Licence("business_licence", "9"),
        ),
    )
    (outcome,) = run("display/licence", facts, broadcast)
    assert (
        outcome.why.zh
        == "所售饼干、红糖需要食品经营许可或者备案，材料中有而账号页没有公示，涉嫌未依法公示许可信息"
    )
    assert [side.text.zh for side in outcome.known] == [
        "营业执照、商标",
        "food_filing YB1",
        "许可证 食品经营许可证 JY1",
    ]
    assert outcome.cites == tuple(read_about(DATA / "display/licence.yaml").cites)
    (lacking,) = run("display/licence", replace(facts, licences=()), broadcast)
    assert (lacking.reason, lacking.cites) == ("not-shown", (*outcome.cites, "food-safety-law#35"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青禾商贸（虚构）有限公司", "青禾商贸(虚构)有限责任公司", True),
        ("ＡＢＣ 茶业", "abc茶业", True),
        ("青禾·茶", "青禾茶", True),
        ("青禾一店", "青禾二店", False),
    ],
)
def test_names_are_compared_without_their_dress(one: str, other: str, same: bool) -> None:
    assert (plain_name(one) == plain_name(other)) is same


def test_every_permit_cites_and_recognises_its_own_title() -> None:
    assert [permit.id for permit in load_permits()] == ["food", "drug", "device"]
    assert [permit.always for permit in load_permits()] == [True, True, False]


def test_a_permit_table_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "permits.yaml"
    file.write_text("- id: food\n  classes: [tea]\n", encoding="utf-8")
    with pytest.raises(RuleError) as error:
        load_permits(file)
    assert (error.value.file, error.value.remedy) == (str(file), "compare it with the other permits")


def test_citations_resolve_on_the_day_the_data_describes() -> None:
    law = load_law()
    modules = (display, display_seller, host, ai_host, duties, reappearing)
    names = [name for module in modules for name in module.CHECKS]
    assert len(names) == len(set(names)) == 18
    for name in names:
        for citation in read_about(DATA / f"{name}.yaml").cites:
            assert law.resolve(citation).version
    for permit in load_permits():
        for citation in permit.cites:
            assert law.resolve(citation).version
