"""What the price checks say, in full, and hostile input."""

from datetime import date, datetime, timedelta

import pytest

from fairstream.checks import DATA
from fairstream.checks.about import About, Outcome
from fairstream.checks.library import read_about
from fairstream.checks.price import CHECKS as SAID
from fairstream.checks.price_compared import CHECKS as COMPARED
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, PricePoint
from fairstream.records import CHINA, Broadcast, Listing, Utterance

START = datetime(2026, 3, 10, 20, tzinfo=CHINA)
ALL = {**SAID, **COMPARED}


def about(check: str) -> About:
    return read_about(DATA / f"{check}.yaml")


def run(check: str, scene: Scene) -> list[Outcome]:
    return list(ALL[check](scene, about(check)))


def room(said: str, *points: PricePoint, listing: Listing | None = None) -> Scene:
    broadcast = Broadcast(
        "b",
        "t",
        START.date(),
        started_at=START,
        utterances=(Utterance("u1", said, start_ms=3_723_000),),
        listings=(listing or Listing("a", "杯（虚构）"),),
    )
    return Scene(broadcast, Facts(prices=points))


def test_both_sides_and_their_times_are_told() -> None:
    point = PricePoint("a", START + timedelta(minutes=63), 19900, "cart")
    (one,) = run("price/spoken-against-listing", room("今天只要99元", point))
    assert (
        one.why.zh
        == "1:02:03 口播“杯（虚构）”为 99元，同时段显示的最低价为 199元（2026-03-10 21:03），涉嫌价格表述不实"
    )
    assert one.why.en == (
        "1:02:03 “杯（虚构）” was said to cost 99 yuan; the least shown at the time was 199 yuan "
        "(2026-03-10 21:03): suspected misleading price"
    )
    assert (one.said[0].quote, one.said[0].start_ms, one.said[0].unit) == ("99元", 3_723_000, "u1")
    assert (one.known[0].fact, one.known[0].at) == ("prices", point.at)
    assert (one.subject, one.listing_id) == ("a", "a")


def test_the_page_is_the_other_side_when_no_price_was_recorded() -> None:
    (one,) = run(
        "price/spoken-against-listing",
        room("今天只要99元", listing=Listing("a", "杯（虚构）", price_fen=19900)),
    )
    assert (one.reason, one.known[0].medium, one.known[0].text.zh) == (
        "listed_more",
        "listing",
        "杯（虚构）：标价 199元",
    )


def test_seven_days_tell_the_lowest_deal_and_how_many_there_were() -> None:
    points = [PricePoint("a", START - timedelta(days=day), 10000 + day) for day in (1, 2, 3, 8, 20)]
    (one,) = run("price/seven-day-low", room("原价199元", *points))
    assert one.why.zh == (
        "“杯（虚构）”的被比较价格 199元，高于比较前七日内的最低成交价 100.01元"
        "（2026-03-09 20:00，共 3 次成交），涉嫌虚假价格比较"
    )
    assert one.known[0].text.zh == "2026-03-09 20:00 成交 100.01元"


def test_never_charged_tells_highest_and_span() -> None:
    points = [PricePoint("a", START - timedelta(days=day), 10000 + day) for day in (1, 30)]
    (one,) = run("price/original-never-charged", room("原价199元", *points))
    assert "自 2026-02-08 20:00 起的 2 次成交没有一次达到，最高 100.3元（2026-02-08 20:00）" in one.why.zh


def test_raised_tells_both_prices() -> None:
    points = [
        PricePoint("a", START - timedelta(days=day), fen, "listed") for day, fen in ((20, 9900), (3, 19900))
    ]
    (one,) = run("price/raised-before-discount", room("原价199元，现价89元", *points))
    assert [side.text.zh for side in one.known] == [
        "2026-02-18 20:00 标价 99元",
        "2026-03-07 20:00 标价 199元",
    ]
    assert one.reason == "raised"


def test_lowest_claim_tells_the_lower_deal_and_the_price_now() -> None:
    (one,) = run(
        "price/lowest-claim", room("全网最低价，只要99元", PricePoint("a", START - timedelta(days=1), 8900))
    )
    assert [side.text.zh for side in one.known] == ["2026-03-09 20:00 成交 89元", "全网最低价，只要99元"]


@pytest.mark.parametrize("check", sorted(ALL))
def test_nothing_known_nothing_suspected(check: str) -> None:
    assert run(check, Scene(Broadcast("b", "t", date(2026, 3, 1)))) == []
    hostile = room(
        "￥" * 500 + "原价" * 500 + "9" * 500 + "全网最低" * 200, listing=Listing("a", "{title}{0}")
    )
    assert {one.verdict for one in run(check, hostile)} <= {"undecidable"}


@pytest.mark.parametrize("check", sorted(ALL))
def test_braces_in_titles_stay(check: str) -> None:
    scene = room(
        "原价199元，全网最低，今天只要99元",
        listing=Listing("a", "{title}", price_fen=19900, list_price_fen=29900),
    )
    assert all("{title}" in one.why.zh for one in run(check, scene))


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("三天最低价", 3),
        ("近30日最低", 30),
        ("两个月最低价", 60),
        ("半年最低价", 182),
        ("一年来最低价", 365),
        ("全年最低价", 365),
        ("今年最低价", 68),
    ],
)
def test_how_far_back_a_claim_of_the_lowest_price_reaches(words: str, days: int) -> None:
    day = START.replace(hour=0) - timedelta(days=days)
    page = Listing("a", "杯（虚构）", price_fen=9900)
    (lower,) = run("price/lowest-claim", room(words, PricePoint("a", day, 9800), listing=page))
    assert (lower.verdict, lower.reason) == ("suspected", "lower_before")
    earlier = PricePoint("a", day - timedelta(microseconds=1), 9800)
    (lowest,) = run("price/lowest-claim", room(words, earlier, listing=page))
    assert (lowest.verdict, lowest.reason) == ("clear", "lowest")
    assert f"，{days} 天内没有更低的成交" in lowest.why.zh


def test_a_claim_of_all_times_reaches_back_to_the_first_deal() -> None:
    page = Listing("a", "杯（虚构）", price_fen=9900)
    old = PricePoint("a", START - timedelta(days=4000), 9899)
    (lower,) = run("price/lowest-claim", room("历史最低价", old, listing=page))
    assert lower.reason == "lower_before"
    assert [side.text.zh for side in lower.known] == [
        "2015-03-28 20:00 成交 98.99元",
        "杯（虚构）：标价 99元",
    ]


def test_each_claim_of_each_goods_is_held_once() -> None:
    page = Listing("a", "杯（虚构）", price_fen=9900)
    twice = run(
        "price/lowest-claim", room("三天最低价，真的三天最低价，五天最低价，全网最低价", listing=page)
    )
    assert [one.said[0].span for one in twice] == [(0, 4), (14, 18), (20, 24)]


def test_deals_count_only_in_the_time_after_the_words() -> None:
    """What is charged at the ends of the time counts, a moment before or after does not."""
    said = START + timedelta(milliseconds=3_723_000)
    minutes = about("price/spoken-against-listing").limits["minutes"]
    for moment, reason in (
        (said, "charged_more"),
        (said + timedelta(minutes=minutes), "charged_more"),
        (said - timedelta(milliseconds=1), "no_price"),
        (said + timedelta(minutes=minutes, milliseconds=1), "no_price"),
    ):
        (one,) = run("price/spoken-against-listing", room("今天只要99元", PricePoint("a", moment, 19900)))
        assert one.reason == reason, moment
