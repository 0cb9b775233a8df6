"""What a listing cost before and during a broadcast: deals, prices shown, and prices compared with.

Moments are in the time of China. A paid order counts as a deal; `PricePoint.price_fen` is the price of the
listing as it is sold, however many were bought.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final

from fairstream.checks.about import fact
from fairstream.checks.price_figures import in_china, moment, money
from fairstream.checks.scene import Scene
from fairstream.checks.spoken_price import SpokenPrice, spoken_prices
from fairstream.facts import PriceKind, PricePoint
from fairstream.records import CHINA, Listing, Side, Words

SHOWN: Final[tuple[PriceKind, ...]] = ("listed", "cart")
_AGAIN: Final = re.compile("恢复|回到|涨回|原价")
_CLOSE: Final = 8
_KINDS: Final[dict[PriceKind, Words]] = {
    "deal": Words("成交", "deal"),
    "listed": Words("标价", "listed"),
    "cart": Words("购物车", "cart"),
    "struck_out": Words("划线价", "struck out"),
}


@dataclass(frozen=True, slots=True)
class Priced:
    """A price at a moment in China and the side that tells it."""

    at: datetime
    fen: int
    side: Side


@dataclass(frozen=True, slots=True)
class Compared:
    """A price the room or shop compares its own with, and when; `side` shows it."""

    listing_id: str
    fen: int
    at: datetime
    side: Side
    spoken: SpokenPrice | None = None


def priced(scene: Scene, listing_id: str, *kinds: PriceKind) -> list[Priced]:
    """Prices of a listing of these kinds in order of time; orders among the deals."""
    points = [
        _of_point(point)
        for point in scene.facts.prices
        if (point.listing_id, point.kind in kinds) == (listing_id, True)
    ]
    if "deal" in kinds:
        points += _of_orders(scene, listing_id)
    return sorted(points, key=lambda one: one.at)


def began(scene: Scene) -> datetime:
    """When the broadcast began; the first moment of its day in China when that is not known."""
    day = datetime.combine(scene.on, time(), CHINA)
    return in_china(scene.broadcast.started_at or day)


def spoken_at(scene: Scene, at_ms: int | None) -> datetime | None:
    """The moment of a place in the recording, None when it cannot be told."""
    if scene.broadcast.started_at is None or at_ms is None:
        return None
    return in_china(scene.broadcast.started_at) + timedelta(milliseconds=at_ms)


def price_now(scene: Scene, listing: Listing, at: datetime) -> Priced | None:
    """The price of a moment: said next to it, else last shown in the broadcast, else on the page."""
    said = [
        one
        for one in spoken_prices(scene, listing_id=listing.id)
        if one.kind == "deal" and one.pieces in (None, 1)
    ]
    if said:
        spoken = min(said, key=lambda one: abs((spoken_at(scene, one.at_ms) or began(scene)) - at))
        return Priced(at, spoken.fen, spoken.hit.side)
    shown = [one for one in priced(scene, listing.id, *SHOWN) if one.at <= at]
    if listing.price_fen is not None and not (shown and shown[-1].at >= began(scene)):
        return Priced(at, listing.price_fen, marked(listing))
    return shown[-1] if shown else None


def marked(listing: Listing) -> Side:
    """The price on the page of the goods."""
    worth = money(listing.price_fen or 0)
    told = Words(f"{listing.title}：标价 {worth.zh}", f"{listing.title}: listed {worth.en}")
    return Side(told, medium="listing", unit=listing.id, place=listing.place)


def compared(scene: Scene) -> list[Compared]:
    """Original prices said of a known listing and prices struck out, each once, in order of listings."""
    found = [*_said(scene), *_struck_in_listings(scene), *_struck_out(scene)]
    order = {name: number for number, name in enumerate(scene.listings)}
    once: dict[tuple[str, int], Compared] = {}
    for one in found:
        once.setdefault((one.listing_id, one.fen), one)
    return sorted(once.values(), key=lambda one: (order.get(one.listing_id, len(order)), one.fen))


def adrift(scene: Scene) -> SpokenPrice | None:
    """The first original price said of goods that are not known."""
    return next(
        (one for one in spoken_prices(scene) if _compares(one) and one.listing_id not in scene.listings), None
    )


def _compares(price: SpokenPrice) -> bool:
    """Whether it is one's own former price: 原价, 平时卖, and what the price shall be again."""
    match = price.hit.match
    before = match.string[max(0, match.start() - _CLOSE) : match.start()]
    again = price.kind == "later" and _AGAIN.search(before) is not None
    return (price.kind == "original" or again) and price.pieces in (None, 1)


def _said(scene: Scene) -> Iterator[Compared]:
    for price in spoken_prices(scene):
        if _compares(price) and price.listing_id in scene.listings:
            at = spoken_at(scene, price.at_ms) or began(scene)
            yield Compared(price.listing_id, price.fen, at, price.hit.side, price)


def _struck_in_listings(scene: Scene) -> Iterator[Compared]:
    for listing in scene.broadcast.listings:
        if listing.list_price_fen is not None and listing.list_price_fen != listing.price_fen:
            yield Compared(
                listing.id, listing.list_price_fen, began(scene), _struck(listing, listing.list_price_fen)
            )


def _struck_out(scene: Scene) -> Iterator[Compared]:
    for point in scene.facts.prices:
        if point.kind == "struck_out":
            one = _of_point(point)
            yield Compared(point.listing_id, one.fen, one.at, one.side)


def _struck(listing: Listing, fen: int) -> Side:
    worth = money(fen)
    text = Words(f"{listing.title}：划线价 {worth.zh}", f"{listing.title}: struck out {worth.en}")
    return Side(text, medium="listing", unit=listing.id, place=listing.place)


def _of_point(point: PricePoint) -> Priced:
    at, worth, kind = in_china(point.at), money(point.price_fen), _KINDS[point.kind]
    told = Words(f"{moment(at)} {kind.zh} {worth.zh}", f"{moment(at)} {kind.en} {worth.en}")
    return Priced(at, point.price_fen, replace(fact("prices", told, point), at=at))


def _of_orders(scene: Scene, listing_id: str) -> Iterator[Priced]:
    for order in scene.facts.orders:
        if order.listing_id == listing_id and order.paid_at and order.price_fen is not None:
            at, worth = in_china(order.paid_at), money(order.price_fen)
            told = Words(
                f"{moment(at)} 订单 {order.id} 付款 {worth.zh}",
                f"{moment(at)} order {order.id} paid {worth.en}",
            )
            yield Priced(at, order.price_fen, replace(fact("orders", told, order), at=at))
