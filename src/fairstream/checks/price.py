"""Prices said against prices charged, claims of the lowest price, and goods without a price."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fairstream.checks.about import About, Outcome
from fairstream.checks.price_figures import china_day, moment, money, offset
from fairstream.checks.price_history import SHOWN, Priced, began, marked, price_now, priced, spoken_at
from fairstream.checks.scene import Hit, Scene
from fairstream.checks.spoken_price import SpokenPrice, packs, spoken_prices
from fairstream.records import Listing
from fairstream.text.numbers import parse_number

_YUAN = 100


def spoken_against_listing(scene: Scene, about: About) -> Iterator[Outcome]:
    """Each price said of a listing against what was then charged, or shown to be charged."""
    seen: set[tuple[str, int, int]] = set()
    adrift = None
    for price in spoken_prices(scene):
        if price.kind != "deal":
            continue
        listing = scene.listings.get(price.listing_id or "")
        if listing is None:
            adrift = adrift or price
        elif (listing.id, price.fen, price.pieces or 1) not in seen:
            seen.add((listing.id, price.fen, price.pieces or 1))
            yield _against(scene, about, price, listing)
    if adrift:
        yield about.undecidable(
            "goods_unknown", "utterances", said=adrift.sides, said_price=money(adrift.fen)
        )


def _against(scene: Scene, about: About, price: SpokenPrice, listing: Listing) -> Outcome:
    subject = {"subject": listing.id, "listing_id": listing.id, "said": price.sides}
    filling: dict[str, Any] = {
        **subject,
        "title": listing.title,
        "said_price": money(price.fen),
        "said_at": "" if price.at_ms is None else offset(price.at_ms) + " ",
    }
    least, sort = _least(scene, about, price, listing)
    if least is None:
        return about.undecidable("no_price", "prices", **filling)
    filling |= {"known": (least.side,), "charged": money(least.fen), "when": moment(least.at)}
    pieces = price.pieces or 1
    if (
        pieces > 1
        and least.fen != price.fen
        and pieces not in packs(f"{listing.title} {listing.description}")
    ):
        if least.fen * pieces <= price.fen:
            return about.clear("each_kept", pieces=pieces, **filling)
        return about.undecidable("pieces", "prices", pieces=pieces, **filling)
    if least.fen < price.fen:
        return about.clear("better", **filling)
    if least.fen == price.fen:
        return about.clear("kept", **filling)
    if price.fen % _YUAN == 0 and least.fen - price.fen < about.limits["rounding_fen"]:
        return about.clear("rounded", **filling)
    if price.conditional and sort != "charged":
        return about.undecidable("condition", "prices", "orders", **filling)
    return about.suspected(f"{sort}_more", **filling)


def _least(scene: Scene, about: About, price: SpokenPrice, listing: Listing) -> tuple[Priced | None, str]:
    """The least a buyer had to pay after the words: as charged, else as shown, else as the listing says."""
    at = spoken_at(scene, price.at_ms)
    until = at + timedelta(minutes=about.limits["minutes"]) if at else None
    deals = [one for one in priced(scene, listing.id, "deal") if _during(scene, one.at, at, until)]
    if deals:
        return min(deals, key=lambda one: one.fen), "charged"
    points = priced(scene, listing.id, *SHOWN)
    shown = [one for one in points if _during(scene, one.at, at, until)]
    shown += [one for one in points if one.at <= (at or began(scene))][-1:]
    if shown:
        return min(shown, key=lambda one: one.fen), "shown"
    if listing.price_fen is None:
        return None, ""
    return Priced(began(scene), listing.price_fen, marked(listing)), "listed"


def _during(scene: Scene, moment_: datetime, at: datetime | None, until: datetime | None) -> bool:
    """Within the time the words speak of; on the day of the broadcast when that is not known."""
    if at is None or until is None:
        return china_day(moment_) == china_day(began(scene))
    return at <= moment_ <= until


def no_marked_price(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether each listing shows a price; one that is only not handed in is unknown."""
    withheld = re.compile("|".join(about.words["withheld"]))
    denied = re.compile("|".join(about.words["denied"]))
    for listing in scene.broadcast.listings:
        shown = [*priced(scene, listing.id, *SHOWN)]
        hits = [
            hit
            for hit in scene.find(withheld, listing_id=listing.id)
            if not denied.search(hit.match.string[max(0, hit.match.start() - 6) : hit.match.start()])
        ]
        subject: dict[str, Any] = {"subject": listing.id, "listing_id": listing.id, "title": listing.title}
        if listing.price_fen is not None:
            yield about.clear("marked", said=(marked(listing),), fen=money(listing.price_fen), **subject)
        elif shown:
            yield about.clear("marked", known=(shown[0].side,), fen=money(shown[0].fen), **subject)
        elif hits:
            yield about.suspected("withheld", said=(hits[0].side,), words=hits[0].quote, **subject)
        else:
            yield about.undecidable("not_handed_in", "prices", "listings", **subject)


@dataclass(frozen=True, slots=True)
class _Lowest:
    """A claim that the price is the lowest: of how many days (None: ever), and whether of all sellers."""

    hit: Hit
    days: int | None
    everywhere: bool


def lowest_claim(scene: Scene, about: About) -> Iterator[Outcome]:
    """Claims of the lowest price of a time, of all times, of all sellers, against the listing's own deals."""
    seen: set[tuple[str, int | None, bool]] = set()
    for claim in _lowest(scene, about):
        listing = scene.listings.get(claim.hit.wording.listing_id or "")
        key = (listing.id if listing else "", claim.days, claim.everywhere)
        if key in seen:
            continue
        seen.add(key)
        if listing is None:
            yield about.undecidable(
                "goods_unknown", "utterances", said=(claim.hit.side,), words=claim.hit.quote
            )
        else:
            yield _of_lowest(scene, about, claim, listing)


def _of_lowest(scene: Scene, about: About, claim: _Lowest, listing: Listing) -> Outcome:
    at = spoken_at(scene, claim.hit.wording.start_ms) or began(scene)
    filling: dict[str, Any] = {
        "subject": listing.id,
        "listing_id": listing.id,
        "said": (claim.hit.side,),
        "words": claim.hit.quote,
        "title": listing.title,
    }
    now = price_now(scene, listing, at)
    if now is None:
        return about.undecidable("no_price", "prices", **filling)
    before = [one for one in priced(scene, listing.id, "deal") if one.at < began(scene)]
    first = _first_moment(at, claim.days)
    lower = [one for one in before if (first is None or one.at >= first) and one.fen < now.fen]
    filling |= {"now": money(now.fen), "days": claim.days}
    if lower:
        least = min(lower, key=lambda one: one.fen)
        known = (least.side, now.side)
        return about.suspected(
            "lower_before", known=known, fen=money(least.fen), when=moment(least.at), **filling
        )
    if not before:
        return about.undecidable("no_history", "prices", **filling)
    if claim.everywhere:
        return about.undecidable("others_unknown", **filling)
    if first is None or before[0].at >= first + timedelta(days=1):
        return about.undecidable("short_history", "prices", since=moment(before[0].at), **filling)
    return about.clear("lowest", known=(now.side,), **filling)


def _first_moment(at: datetime, days: int | None) -> datetime | None:
    """The first moment of the day that many days before, in China."""
    if days is None:
        return None
    return at.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days)


def _lowest(scene: Scene, about: About) -> Iterator[_Lowest]:
    words = about.words
    ever, everywhere = "|".join(words["ever"]), "|".join(words["everywhere"])
    spell = "|".join(words["spell"])
    number = "(?P<number>[0-9]+|[一二两三四五六七八九十百半]+)"
    pattern = re.compile(
        rf"(?:(?P<ever>{ever})|(?P<everywhere>{everywhere})|(?P<year>{'|'.join(words['year'])})"
        rf"|(?P<this_year>{'|'.join(words['this_year'])})"
        rf"|{number}(?P<unit>{spell})(?:之?内|以来|里|来|当中)?)"
        rf"[^，。！？；]{{0,6}}?(?:{'|'.join(words['lowest'])})"
    )
    denied = re.compile("|".join(words["denied"]))
    asked = re.compile("|".join(words["asked"]))
    for hit in scene.find(pattern):
        text, start, end = hit.match.string, hit.match.start(), hit.match.end()
        if denied.search(text[max(0, start - 6) : end]) or asked.match(text[end : end + 4]):
            continue
        yield _Lowest(hit, _days(scene, about, hit.match), bool(hit.match["everywhere"]))


def _days(scene: Scene, about: About, match: re.Match[str]) -> int | None:
    """How many days back the claim reaches: 今年 to the first of January, other spells as counted."""
    if match["this_year"]:
        return scene.on.timetuple().tm_yday - 1
    if match["year"]:
        return int(about.limits["year_days"])
    if not match["number"]:
        return None
    unit = "days" if match["unit"][-1] in "天日" else "month_days" if "月" in match["unit"] else "year_days"
    each = int(about.limits.get(unit, 1))
    return each // 2 if match["number"] == "半" else int(parse_number(match["number"])) * each


CHECKS = {
    "price/spoken-against-listing": spoken_against_listing,
    "price/no-marked-price": no_marked_price,
    "price/lowest-claim": lowest_claim,
}
