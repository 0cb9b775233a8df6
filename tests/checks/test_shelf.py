"""What the shelf checks say, in full."""

from datetime import date, datetime, timedelta

import pytest

from fairstream.checks import DATA
from fairstream.checks.about import Outcome
from fairstream.checks.library import read_about
from fairstream.checks.scene import Scene
from fairstream.checks.shelf import CHECKS
from fairstream.facts import Curve, Facts, Order, ShelfChange
from fairstream.records import CHINA, Broadcast, Listing, Place, Utterance

NUTS = Listing("a", "坚果（虚构）")


def run(check: str, *said: tuple[int, str], facts: Facts = Facts(), listing: Listing = NUTS) -> list[Outcome]:  # noqa: B008
    utterances = tuple(Utterance(f"u{at}", text, start_ms=at) for at, text in said)
    broadcast = Broadcast(
        "b",
        "t",
        date(2026, 3, 1),
        started_at=datetime(2026, 3, 1, 20, tzinfo=CHINA),
        utterances=utterances,
        listings=(listing,),
    )
    return list(CHECKS[check](Scene(broadcast, facts), read_about(DATA / f"{check}.yaml")))


def shelf(*readings: tuple[int, int]) -> Facts:
    return Facts(
        shelf=tuple(ShelfChange("a", at, stock=stock, place=Place("shelf.csv", at)) for at, stock in readings)
    )


def test_a_refill_tells_words_and_both_readings() -> None:
    (one,) = run("shelf/refill", (600_000, "最后五单"), facts=shelf((610_000, 2), (630_000, 200)))
    assert one.why.zh == (
        "0:10:00 说“坚果（虚构）”最后五单，此后库存由 2（0:10:10）升到 200（0:10:30），"
        "没有公开说明补货，涉嫌虚假抢购"
    )
    assert [(side.text.zh, side.start_ms, side.place) for side in one.known] == [
        ("0:10:10 货架库存 2", 610_000, Place("shelf.csv", 610_000)),
        ("0:10:30 货架库存 200", 630_000, Place("shelf.csv", 630_000)),
    ]
    assert one.known[0].text.en == "0:10:10 stock on the shelf 2"
    assert one.said[0].quote == "最后五单"


def test_more_left_tells_the_reading() -> None:
    (one,) = run("shelf/refill", (600_000, "最后五单"), facts=shelf((590_000, 9), (600_001, 7)))
    assert (one.reason, one.known[0].text.zh) == ("more_left", "0:10:00 货架库存 7")


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("只剩十单了", "more_left"),
        ("还剩100单", "fits"),
        ("还剩99单", "more_left"),
        ("没货了", "more_left"),
        ("库存告急", "fits"),
        ("快抢光了", "fits"),
    ],
)
def test_what_words_say_is_left(said: str, reason: str) -> None:
    (one,) = run("shelf/refill", (1000, said), facts=shelf((1000, 100), (2000, 100)))
    assert one.reason == reason


@pytest.mark.parametrize(
    "said",
    ["最后三天", "不是最后五单", "上一场卖完了", "卖完了没有？", "没卖完了的说法", "没有补货", "最后一件事"],
)
def test_words_that_do_not_say_so(said: str) -> None:
    assert run("shelf/refill", (1000, said), facts=shelf((1000, 100), (2000, 900))) == []


@pytest.mark.parametrize(
    ("restock", "reason"),
    [
        ((1000, "补货了"), "announced"),
        ((3000, "再加50单"), "announced"),
        ((3001, "再加50单"), "refilled"),
        ((999, "再加50单"), "refilled"),
        ((1500, "不会补货"), "refilled"),
    ],
)
def test_an_addition_must_be_said_between(restock: tuple[int, str], reason: str) -> None:
    found = run("shelf/refill", (1000, "最后五单"), restock, facts=shelf((1000, 5), (3000, 55)))
    assert found[0].reason == reason


def test_the_first_fault_of_a_listing_counts() -> None:
    facts = shelf((1000, 5), (2000, 4), (9000, 50))
    (one,) = run("shelf/refill", (1000, "最后五单"), (1500, "最后两单"), facts=facts)
    assert (one.reason, one.said[0].unit) == ("refilled", "u1000")
    facts = shelf((1000, 5), (2000, 4))
    (one,) = run("shelf/refill", (1000, "最后五单"), (1500, "最后两单"), facts=facts)
    assert (one.reason, one.said[0].unit) == ("more_left", "u1500")


def orders(*values: float) -> Facts:
    return Facts(curves=(Curve("orders", tuple(range(0, 1000 * len(values), 1000)), values),))


@pytest.mark.parametrize(
    ("facts", "counted"),
    [
        (orders(10, 10, 5), 25),
        (orders(0, 5, 10, 15, 20), 20),
        (orders(5, 5, 10, 15, 20), 55),
        (orders(20, 15, 10, 5, 0), 50),
    ],
)
def test_running_totals_are_told_from_counts(facts: Facts, counted: int) -> None:
    (one,) = run("shelf/sold-count", (4000, "今天卖了1万单"), facts=facts)
    assert one.why.zh == f"说“坚果（虚构）”本场已售 10000，到此时订单只有 {counted}，涉嫌虚假销售状况"
    assert one.known[0].text.zh == f"订单曲线到此时合计 {counted} 单"


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("销量", "1,200", "more_said_all_time"),
        ("SOLD", "1.5万", "fits"),
        ("已售", "9091件", "fits"),
        ("已售", "9090件", "more_said_all_time"),
        ("库存", "1", "all_time_unknown"),
        ("销量", "很多", "all_time_unknown"),
    ],
)
def test_all_time_numbers_are_held_against_the_page(column: str, value: str, reason: str) -> None:
    listing = Listing("a", "坚果（虚构）", attributes={"产地": "栖岚", column: value})
    (one,) = run("shelf/sold-count", (0, "累计已售一万单"), listing=listing)
    assert one.reason == reason


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_nothing_said(check: str) -> None:
    assert run(check) == []
    assert run(check, (0, "最后" * 3000 + "9" * 3000 + "单吗"), facts=shelf((0, 9))) == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("昨天播得好，今天卖了50单", "more_said"),
        ("不是吹的。今天卖了50单", "more_said"),
        ("昨天卖了50单", None),
        ("今天目标，卖了50单", "all_time_unknown"),
        ("今天目标卖了50单", None),
        ("今天卖了50单吗", None),
        ("今天卖了50单，吗", "more_said"),
    ],
)
def test_only_the_clause_of_the_number_tells_what_it_is(said: str, reason: str | None) -> None:
    found = run("shelf/sold-count", (4000, said), facts=orders(1, 1))
    assert [one.reason for one in found] == ([reason] if reason else [])


def paid(*moments: int, listing: str = "a") -> tuple[Order, ...]:
    start = datetime(2026, 3, 1, 20, tzinfo=CHINA)
    return tuple(
        Order(f"o{at}", listing, paid_at=start + timedelta(milliseconds=at), price_fen=100) for at in moments
    )


def test_orders_paid_up_to_the_words_count_when_there_is_no_curve() -> None:
    facts = Facts(orders=(*paid(1000, 4000, 4001), *paid(2000, listing="b"), Order("o", "a")))
    (one,) = run("shelf/sold-count", (4000, "今天卖了3单"), facts=facts)
    assert (one.reason, [side.text for side in one.known]) == (
        "more_said", [("到此时已付款订单 2 单", "2 orders paid by then")],
    )  # fmt: skip
    assert one.known[0].fact == "orders"
    (one,) = run("shelf/sold-count", (4001, "今天卖了3单"), facts=facts)
    assert one.reason == "fits"


def test_orders_of_another_day_and_curves_of_other_goods_do_not_count() -> None:
    day_before = paid(-21 * 3_600_000)
    (one,) = run("shelf/sold-count", (4000, "今天卖了3单"), facts=Facts(orders=day_before))
    assert (one.reason, one.missing) == ("no_orders", ("curves", "orders"))
    other = Facts(curves=(Curve("orders", (0,), (9.0,), "b"), Curve("viewers", (0,), (9.0,), "a")))
    (one,) = run("shelf/sold-count", (4000, "今天卖了3单"), facts=other)
    assert one.reason == "no_orders"


def test_of_several_curves_the_one_with_most_orders_counts() -> None:
    curves = (Curve("orders", (0,), (2.0,), "a"), Curve("orders", (0, 4000, 4001), (1.0, 2.0, 9.0)))
    (one,) = run(
        "shelf/sold-count", (4000, "今天卖了4单"), facts=Facts(curves=curves, orders=paid(1, 2, 3, 4))
    )
    assert one.reason == "more_said"
    assert [side.text.zh for side in one.known] == ["订单曲线到此时合计 3 单"]


def test_each_number_of_each_goods_once() -> None:
    said = ((1000, "今天卖了50单"), (2000, "今天卖了50单"), (3000, "累计卖了50单"), (3500, "今天卖了51单"))
    found = run("shelf/sold-count", *said, facts=orders(1, 1))
    assert [one.said[0].unit for one in found] == ["u1000", "u3000", "u3500"]
    assert {(one.subject, one.listing_id) for one in found} == {("a", "a")}
