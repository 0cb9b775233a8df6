"""Prices before and during a broadcast."""

from datetime import UTC, date, datetime, timedelta

from fairstream.checks.price_history import adrift, began, compared, price_now, priced, spoken_at
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, Order, PriceKind, PricePoint
from fairstream.records import CHINA, Broadcast, Listing, Place, ScreenText, Utterance

ON = date(2026, 3, 10)
START = datetime(2026, 3, 10, 20, tzinfo=CHINA)
CUP = Listing("a", "杯（虚构）", price_fen=9900, list_price_fen=19900, place=Place("listings.csv", 2))


def point(hour: int, fen: int, kind: PriceKind = "deal", listing: str = "a") -> PricePoint:
    return PricePoint(
        listing, datetime(2026, 3, 10, hour, tzinfo=CHINA), fen, kind, place=Place("prices.csv", 7)
    )


def scene(
    *points: PricePoint, said: str = "", started: datetime | None = START, orders: tuple[Order, ...] = ()
) -> Scene:
    utterances = (Utterance("u", said, start_ms=60_000),) if said else ()
    broadcast = Broadcast("b", "t", ON, started_at=started, utterances=utterances, listings=(CUP,))
    return Scene(broadcast, Facts(prices=points, orders=orders))


def test_prices_stand_in_order_of_time_and_orders_are_deals() -> None:
    order = Order(
        "o1", "a", paid_at=datetime(2026, 3, 10, 3, 30, tzinfo=UTC), price_fen=8800, place=Place("o.csv", 3)
    )
    unpaid, free = Order("o2", "a", price_fen=1), Order("o3", "a", paid_at=START)
    found = priced(
        scene(point(12, 9900), point(9, 7700), point(10, 1, "listed"), orders=(order, unpaid, free)),
        "a",
        "deal",
    )
    assert [(one.at.hour, one.fen) for one in found] == [(9, 7700), (11, 8800), (12, 9900)]
    assert found[1].side.text.zh == "2026-03-10 11:30 订单 o1 付款 88元"
    assert found[1].side.text.en == "2026-03-10 11:30 order o1 paid 88 yuan"
    assert (found[1].side.fact, found[1].side.place, found[1].side.at) == (
        "orders",
        Place("o.csv", 3),
        found[1].at,
    )
    assert found[0].side.text.zh == "2026-03-10 09:00 成交 77元"
    assert (found[0].side.fact, found[0].side.place) == ("prices", Place("prices.csv", 7))


def test_orders_are_no_prices_shown() -> None:
    order = Order("o1", "a", paid_at=START, price_fen=8800)
    found = priced(
        scene(point(9, 5, "listed"), point(10, 6, "cart"), point(8, 7, "struck_out"), orders=(order,)),
        "a",
        "listed",
        "cart",
    )
    assert [one.fen for one in found] == [5, 6]
    assert [one.side.text.en for one in found] == [
        "2026-03-10 09:00 listed 0.05 yuan",
        "2026-03-10 10:00 cart 0.06 yuan",
    ]
    assert priced(scene(point(9, 5)), "b", "deal") == []


def test_a_broadcast_without_start_began_at_midnight_in_china() -> None:
    assert began(scene(started=None)) == datetime(2026, 3, 9, 16, tzinfo=UTC)
    assert began(scene()) == START
    assert spoken_at(scene(), 60_000) == START + timedelta(minutes=1)
    assert spoken_at(scene(), None) is None
    assert spoken_at(scene(started=None), 60_000) is None


def test_each_compared_price_once() -> None:
    found = compared(
        scene(point(9, 19900, "struck_out"), point(8, 29900, "struck_out"), said="原价199元，原价299元")
    )
    assert [(one.fen, one.at, one.side.medium) for one in found] == [
        (19900, START + timedelta(minutes=1), "speech"),
        (29900, START + timedelta(minutes=1), "speech"),
    ]
    only = compared(scene())
    assert [(one.fen, one.at) for one in only] == [(19900, START)]
    assert only[0].side.text.zh == "杯（虚构）：划线价 199元"
    assert (only[0].side.unit, only[0].side.place) == ("a", Place("listings.csv", 2))


def test_a_struck_out_price_keeps_its_moment() -> None:
    found = compared(scene(point(8, 29900, "struck_out")))
    assert [(one.fen, one.at.hour) for one in found] == [(19900, 20), (29900, 8)]


def test_original_prices_of_unknown_goods_are_adrift() -> None:
    two = Broadcast(
        "b", "t", ON, listings=(CUP, Listing("c", "壶（虚构）")), screen=(ScreenText("s", "原价199元"),)
    )
    loose = adrift(Scene(two))
    assert loose is not None and loose.fen == 19900
    assert adrift(scene(said="原价199元")) is None
    assert adrift(Scene(Broadcast("b", "t", ON, screen=(ScreenText("s", "今天只要199元"),)))) is None


def test_what_the_price_shall_be_again_is_one_compared_with() -> None:
    assert [one.fen for one in compared(scene(said="明天恢复399元"))] == [19900, 39900]
    assert [one.fen for one in compared(scene(said="下一场是399元"))] == [19900]


def now(at: datetime, *points: PricePoint, said: str = "") -> int | None:
    found = price_now(scene(*points, said=said), CUP, at)
    return found.fen if found else None


def test_the_price_now() -> None:
    assert now(START) == 9900
    assert now(START, point(19, 8800, "cart")) == 9900
    assert now(START, point(20, 8800, "cart")) == 8800
    assert now(START, point(21, 8800, "cart")) == 9900
    assert now(START, point(20, 8800, "cart"), said="今天只要77元") == 7700
    assert now(START, said="三件只要77元") == 9900


def test_of_prices_said_the_one_next_in_time_counts() -> None:
    said = (
        Utterance("u1", "今天只要77元", start_ms=60_000),
        Utterance("u2", "今天只要66元", start_ms=600_000),
    )
    timed = Scene(Broadcast("b", "t", ON, started_at=START, utterances=said, listings=(CUP,)))
    found = [price_now(timed, CUP, START + timedelta(minutes=minute)) for minute in (0, 5, 6, 60)]
    assert [one.fen if one else None for one in found] == [7700, 7700, 6600, 6600]
    assert found[3] is not None and (found[3].side.unit, found[3].at.hour) == ("u2", 21)
    assert timed.broadcast.started_at == START


def test_compared_prices_stand_in_order_of_listings_then_of_size_and_strange_ones_last() -> None:
    jug = Listing("A", "壶（虚构）", price_fen=100, list_price_fen=300)
    same = Listing("m", "盘（虚构）", price_fen=100, list_price_fen=100)
    lot = Broadcast("b", "t", ON, started_at=START, listings=(CUP, same, jug))
    points = (
        point(8, 5, "struck_out", "0"),
        point(8, 9, "struck_out", "A"),
        point(8, 7, "struck_out"),
        point(8, 6, "listed"),
    )
    found = compared(Scene(lot, Facts(prices=points)))
    assert [(one.listing_id, one.fen) for one in found] == [
        ("a", 7), ("a", 19900), ("A", 9), ("A", 300), ("0", 5),
    ]  # fmt: skip
