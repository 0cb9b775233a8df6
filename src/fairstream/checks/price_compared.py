"""Prices compared with: the lowest deal of seven days, prices never charged, prices raised to be cut.

Marked-price-and-price-fraud-provisions 16 and 17. Days are those of China; what was sold before the
comparison counts, and of the broadcast itself nothing.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

from fairstream.checks.about import About, Outcome
from fairstream.checks.price_figures import moment, money
from fairstream.checks.price_history import (
    SHOWN,
    Compared,
    Priced,
    adrift,
    began,
    compared,
    price_now,
    priced,
)
from fairstream.checks.scene import Scene
from fairstream.records import CHINA

_PERMILLE = 1000


def seven_day_low(scene: Scene, about: About) -> Iterator[Outcome]:
    """Each compared price against the lowest deal of the days before, else against the last deal."""
    explained = re.compile("|".join(about.words["explained"]))

    def applies(one: Compared) -> bool:
        return one.spoken is None or not explained.search(one.spoken.hit.wording.text)

    return _each(scene, about, lambda one: _of_low(scene, about, one) if applies(one) else None)


def _of_low(scene: Scene, about: About, one: Compared) -> Outcome:
    end, filling = _until(scene, one), _filling(scene, one)
    deals = [deal for deal in priced(scene, one.listing_id, "deal") if deal.at < end]
    if not deals:
        return about.undecidable("no_deals", "prices", "orders", **filling)
    recent = [deal for deal in deals if deal.at >= _days_before(one.at, about.limits["days"])]
    measure = min(recent, key=lambda deal: deal.fen) if recent else deals[-1]
    filling |= {"known": (measure.side,), "low": money(measure.fen), "when": moment(measure.at)}
    if one.fen > measure.fen:
        return about.suspected("above_low" if recent else "above_last", number=len(recent), **filling)
    return about.clear("within" if recent else "last_within", number=len(recent), **filling)


def never_charged(scene: Scene, about: About) -> Iterator[Outcome]:
    """Each compared price against all earlier deals: whether anyone ever paid so much."""
    return _each(scene, about, lambda one: _of_charged(scene, about, one))


def _of_charged(scene: Scene, about: About, one: Compared) -> Outcome:
    end, filling = _until(scene, one), _filling(scene, one)
    deals = [deal for deal in priced(scene, one.listing_id, "deal") if deal.at < end]
    if not deals:
        return about.undecidable("no_deals", "prices", "orders", **filling)
    highest = max(deals, key=lambda deal: (deal.fen, deal.at))
    same = [deal for deal in deals if deal.fen == one.fen]
    told = same[-1] if same else highest
    filling |= {"known": (told.side,), "high": money(told.fen), "when": moment(told.at)}
    if one.fen > highest.fen:
        return about.suspected("never", number=len(deals), since=moment(deals[0].at), **filling)
    return about.clear("charged" if same else "charged_more", **filling)


def raised_before_discount(scene: Scene, about: About) -> Iterator[Outcome]:
    """Each compared price against prices shown in the days before: whether it was raised to be cut."""
    return _each(scene, about, lambda one: _of_raised(scene, about, one))


def _of_raised(scene: Scene, about: About, one: Compared) -> Outcome:
    end, filling = _until(scene, one), _filling(scene, one)
    shown = [point for point in priced(scene, one.listing_id, *SHOWN) if point.at < end]
    start = _days_before(one.at, about.limits["days"])
    old = _usual(shown, start, start - timedelta(days=about.limits["usual_days"]))
    later = [point for point in shown if point.at >= start and point is not old]
    if old is None or (not later and old.at >= start):
        return about.undecidable("no_history", "prices", **filling)
    highest = max(later, key=lambda point: point.fen, default=old)
    now = (
        price_now(scene, scene.listings[one.listing_id], one.at) if one.listing_id in scene.listings else None
    )
    filling |= {
        "known": tuple(point.side for point in dict.fromkeys((old, highest))),
        "old": money(old.fen),
        "old_when": moment(old.at),
        "high": money(highest.fen),
        "when": moment(highest.at),
    }
    if highest.fen * _PERMILLE < old.fen * (_PERMILLE + about.limits["rise_permille"]):
        return about.clear("not_raised", **filling)
    if one.fen <= old.fen:
        return about.clear("old_base", **filling)
    if now is not None and now.fen >= old.fen:
        return about.suspected("no_cut", now=money(now.fen), **filling)
    return about.suspected("raised", **filling)


def _usual(shown: list[Priced], start: datetime, first: datetime) -> Priced | None:
    """The highest price in force before the days that count; the first one known when there is none."""
    earlier = [point for point in shown if point.at < start]
    held = [point for point in earlier if point.at >= first] + [p for p in earlier if p.at < first][-1:]
    return max(held, key=lambda point: point.fen) if held else next(iter(shown), None)


def _each(scene: Scene, about: About, judge: Callable[[Compared], Outcome | None]) -> Iterator[Outcome]:
    for one in compared(scene):
        outcome = judge(one)
        if outcome:
            yield outcome
    loose = adrift(scene)
    if loose:
        yield about.undecidable("goods_unknown", "utterances", said=loose.sides, compared=money(loose.fen))


def _until(scene: Scene, one: Compared) -> datetime:
    """Deals count up to the comparison, at most up to the broadcast: later ones are the promotion itself."""
    return min(one.at, began(scene))


def _days_before(at: datetime, days: float) -> datetime:
    """The first moment in China of the day that many days before the day of `at`."""
    return datetime.combine(at.date() - timedelta(days=days), time(), CHINA)


def _filling(scene: Scene, one: Compared) -> dict[str, Any]:
    listing = scene.listings.get(one.listing_id)
    return {
        "subject": one.listing_id,
        "listing_id": one.listing_id,
        "said": (one.side,),
        "title": listing.title if listing else one.listing_id,
        "compared": money(one.fen),
    }


CHECKS = {
    "price/seven-day-low": seven_day_low,
    "price/original-never-charged": never_charged,
    "price/raised-before-discount": raised_before_discount,
}
