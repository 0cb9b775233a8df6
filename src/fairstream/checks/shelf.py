"""Words of scarcity against the stock of the shelf, and numbers sold against orders.

Anti-unfair-competition-law 9, network-transaction-measures 14(3). Stock is what the room's shelf showed;
between two readings it is taken to lie between them, except where it rose.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.price_figures import china_day, offset
from fairstream.checks.price_history import spoken_at
from fairstream.checks.scene import SPOKEN, Hit, Scene
from fairstream.facts import Curve, ShelfChange
from fairstream.records import Side, Words
from fairstream.text.numbers import parse_number

_NUMBER = r"[0-9零一二两三四五六七八九十百千]+(?:\.[0-9]+)?[万亿]?"
_BEFORE = 8
_TOTAL_VALUES = 5


@dataclass(frozen=True, slots=True)
class Scarce:
    """Words of scarcity: how many they say are left (None: few, no number), and whether none will follow."""

    hit: Hit
    at_ms: int
    left: int | None
    promised: bool


def refill(scene: Scene, about: About) -> Iterator[Outcome]:
    """Words of scarcity for each listing against its stock then and afterwards; the first fault counts."""
    by_listing: dict[str, list[Scarce]] = {}
    loose: Hit | None = None
    for words in _scarce(scene, about):
        listing_id = words.hit.wording.listing_id
        if listing_id is None or words.hit.wording.start_ms is None:
            loose = loose or words.hit
        else:
            by_listing.setdefault(listing_id, []).append(words)
    for listing_id, said in by_listing.items():
        outcomes = [_of_words(scene, about, listing_id, words) for words in said]
        yield next((one for one in outcomes if one.verdict == "suspected"), outcomes[0])
    if loose:
        yield about.undecidable("goods_or_time_unknown", "utterances", said=(loose.side,), words=loose.quote)


def _of_words(scene: Scene, about: About, listing_id: str, words: Scarce) -> Outcome:
    listing = scene.listings.get(listing_id)
    filling: dict[str, Any] = {
        "subject": listing_id,
        "listing_id": listing_id,
        "said": (words.hit.side,),
        "title": listing.title if listing else listing_id,
        "words": words.hit.quote,
        "said_at": offset(words.at_ms),
    }
    stock = _stock(scene, listing_id)
    if not stock:
        return about.undecidable("no_stock", "shelf", **filling)
    announced = _announced(scene, about, listing_id)
    rise = _rise(stock, words.at_ms)
    least = _least_left(stock, words.at_ms, about.limits["fresh_ms"])
    if (
        words.left is not None
        and least
        and _level(least) > words.left
        and not _between(announced, words, least)
    ):
        filling |= _told(least, "stock")
        return about.suspected("more_left", left=words.left, **filling)
    if rise is None:
        return _without_rise(about, words, least, stock, filling)
    low, high = rise
    filling |= {**_told(low, "low"), **_told(high, "stock"), "known": (_side(low), _side(high))}
    if _level(high) - _level(low) <= about.limits["returned"]:
        return about.clear("returned", **filling)
    if words.promised:
        return about.suspected("promise_broken", **filling)
    if _between(announced, words, high):
        return about.clear("announced", **filling)
    return about.suspected("refilled", **filling)


def _without_rise(
    about: About, words: Scarce, least: ShelfChange | None, stock: list[ShelfChange], filling: dict[str, Any]
) -> Outcome:
    """Stock that only falls: nothing speaks against the words unless too little is known of it."""
    after = [one for one in stock if one.at_ms > words.at_ms]
    if least is None or (words.left is None and not after):
        return about.undecidable("stale", "shelf", **filling)
    return about.clear("fits", **filling, **_told(least, "stock"))


def _scarce(scene: Scene, about: About) -> Iterator[Scarce]:
    words = about.words
    pattern = re.compile(
        rf"(?:{'|'.join(words['last'])})(?P<number>{_NUMBER})(?:{'|'.join(words['piece'])})"
        rf"|(?P<none>{'|'.join(words['none'])})|(?P<promised>{'|'.join(words['promised'])})|{'|'.join(words['few'])}"
    )
    unsaid, asked = _any(words["unsaid"]), _any(words["asked"])
    for hit in scene.find(pattern, *SPOKEN):
        text, start, end = hit.match.string, hit.match.start(), hit.match.end()
        if unsaid.search(text[max(0, start - _BEFORE) : start]) or asked.match(text[end:]):
            continue
        number = hit.match["number"]
        left = int(parse_number(number)) if number else 0 if hit.match["none"] else None
        yield Scarce(hit, hit.wording.start_ms or 0, left, bool(hit.match["promised"]))


def _stock(scene: Scene, listing_id: str) -> list[ShelfChange]:
    changes = (one for one in scene.facts.shelf if one.listing_id == listing_id and one.stock is not None)
    return sorted(changes, key=lambda one: one.at_ms)


def _level(change: ShelfChange) -> int:
    return change.stock or 0


def _rise(stock: list[ShelfChange], at_ms: int) -> tuple[ShelfChange, ShelfChange] | None:
    """The largest rise between two readings of which the later stands after the words."""
    rises = [(a, b) for a, b in pairwise(stock) if b.at_ms > at_ms and _level(b) > _level(a)]
    return max(rises, key=lambda rise: _level(rise[1]) - _level(rise[0]), default=None)


def _least_left(stock: list[ShelfChange], at_ms: int, fresh_ms: float) -> ShelfChange | None:
    """A reading the stock of that moment was not below: the next, else a fresh one before; None if neither.

    When the next reading is above the one before, stock rose in between and the one before counts.
    """
    before = next((one for one in reversed(stock) if one.at_ms <= at_ms), None)
    after = next((one for one in stock if one.at_ms > at_ms), None)
    if after is None:
        return before if before and at_ms - before.at_ms <= fresh_ms else None
    return before if before and _level(before) < _level(after) else after


def _announced(scene: Scene, about: About, listing_id: str) -> list[int]:
    """When an addition to the stock was said openly for these goods, or for goods not named."""
    unsaid = _any(about.words["unsaid"])
    return [
        hit.wording.start_ms
        for hit in scene.find(_any(about.words["restock"]), *SPOKEN)
        if hit.wording.start_ms is not None
        and hit.wording.listing_id in (listing_id, None)
        and not unsaid.search(hit.match.string[max(0, hit.match.start() - _BEFORE) : hit.match.start()])
    ]


def _between(announced: Iterable[int], words: Scarce, change: ShelfChange) -> bool:
    """Whether an addition was said openly after the words and before the stock was seen risen."""
    return any(words.at_ms <= at <= change.at_ms for at in announced)


def _told(change: ShelfChange, name: str) -> dict[str, Any]:
    return {name: change.stock, f"{name}_at": offset(change.at_ms), "known": (_side(change),)}


def _side(change: ShelfChange) -> Side:
    at = offset(change.at_ms)
    told = Words(f"{at} 货架库存 {change.stock}", f"{at} stock on the shelf {change.stock}")
    return replace(fact("shelf", told, change), start_ms=change.at_ms)


def sold_count(scene: Scene, about: About) -> Iterator[Outcome]:
    """Numbers said to be sold in this broadcast against its orders; of all time against the page."""
    seen: set[tuple[str | None, bool, int]] = set()
    for hit, number, here in _sold(scene, about):
        listing_id = hit.wording.listing_id
        if (listing_id, here, number) not in seen:
            seen.add((listing_id, here, number))
            yield _of_sold(scene, about, hit, number, here=here)


def _of_sold(scene: Scene, about: About, hit: Hit, number: int, *, here: bool) -> Outcome:
    listing_id = hit.wording.listing_id
    listing = scene.listings.get(listing_id or "")
    filling: dict[str, Any] = {
        "subject": listing_id or "",
        "listing_id": listing_id,
        "said": (hit.side,),
        "title": listing.title if listing else Words("本场商品", "the goods of the broadcast"),
        "number": number,
    }
    if not here:
        side = _page_count(scene, about, listing_id)
        if side is None:
            return about.undecidable("all_time_unknown", "listings", **filling)
    else:
        side = _ordered(scene, listing_id, hit.wording.start_ms)
        if side is None:
            return about.undecidable("no_orders", "curves", "orders", **filling)
    known, count = side
    filling |= {"known": (known,), "count": count}
    if number > count * (1 + about.limits["tolerance"]):
        return about.suspected("more_said" if here else "more_said_all_time", **filling)
    return about.clear("fits", **filling)


def _sold(scene: Scene, about: About) -> Iterator[tuple[Hit, int, bool]]:
    """Sums said to be sold, and whether of this broadcast."""
    words = about.words
    pattern = re.compile(
        rf"(?:{'|'.join(words['sold'])})(?P<number>{_NUMBER})[多余+]?(?:{'|'.join(words['piece'])})"
        rf"|(?P<number2>{_NUMBER})[多余+]?(?:{'|'.join(words['piece'])})(?:{'|'.join(words['sold_behind'])})"
    )
    here, unsaid, asked = _any(words["here"]), _any(words["unsaid"]), _any(words["asked"])
    for hit in scene.find(pattern, *SPOKEN):
        text, start, end = hit.match.string, hit.match.start(), hit.match.end()
        begin = max(text.rfind(mark, 0, start) for mark in "，。！？；") + 1
        if unsaid.search(text[begin:end]) or asked.match(text[end:]):
            continue
        number = int(parse_number(hit.match["number"] or hit.match["number2"]))
        yield hit, number, here.search(text[begin:start]) is not None


def _ordered(scene: Scene, listing_id: str | None, at_ms: int | None) -> tuple[Side, int] | None:
    """The most that can have been ordered up to the words, by curves, else by orders; None if unknown."""
    counts: list[tuple[Side, int]] = []
    for curve in scene.facts.curves:
        if curve.kind == "orders" and curve.listing_id in (None, listing_id):
            total = _total(curve, at_ms)
            told = Words(f"订单曲线到此时合计 {total} 单", f"the curve of orders comes to {total} by then")
            counts.append((fact("curves", told, curve), total))
    orders = [
        order
        for order in scene.facts.orders
        if listing_id in (None, order.listing_id) and order.paid_at and china_day(order.paid_at) == scene.on
    ]
    until = spoken_at(scene, at_ms)
    if not counts and orders:
        paid = sum(
            until is None or (order.paid_at is not None and order.paid_at <= until) for order in orders
        )
        counts.append(
            (fact("orders", Words(f"到此时已付款订单 {paid} 单", f"{paid} orders paid by then")), paid)
        )
    return max(counts, key=lambda one: one[1], default=None)


def _total(curve: Curve, at_ms: int | None) -> int:
    """Orders up to a moment: the last value of a curve that only rises, else the sum."""
    pairs = zip(curve.at_ms, curve.values, strict=False)
    values = [value for at, value in pairs if at_ms is None or at <= at_ms]
    running = len(set(curve.values)) >= _TOTAL_VALUES and all(a <= b for a, b in pairwise(curve.values))
    return int(max(values, default=0) if running else sum(values))


def _page_count(scene: Scene, about: About, listing_id: str | None) -> tuple[Side, int] | None:
    """The number sold the page shows, by the name of its column."""
    listing = scene.listings.get(listing_id or "")
    for name, value in listing.attributes.items() if listing else ():
        match = re.search(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万?)", value)
        if listing and match and name.lower() in about.words["columns"]:
            count = int(parse_number("".join(match.groups())))
            told = Words(f"{listing.title}：{name} {value}", f"{listing.title}: {name} {value}")
            return Side(told, medium="listing", unit=listing.id, place=listing.place), count
    return None


def _any(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(words))


CHECKS = {"shelf/refill": refill, "shelf/sold-count": sold_count}
