"""Orders, comments and likes held against the viewers; refunds held against the orders."""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from fairstream.checks.about import About, Outcome
from fairstream.checks.curves_said import KINDS, number, of_kind, shown
from fairstream.checks.scene import Scene
from fairstream.checks.series import (
    Series,
    above_baseline,
    batches,
    blocks,
    echo,
    echo_chance,
    grain,
    increments,
    on_grid,
    paired,
    same_size,
    too_equal,
    too_even,
    unmoved,
    usable,
)
from fairstream.facts import Curve

COUNTED: Final = ("orders", "comments", "likes")
NONE: Final = np.zeros(0)
TESTS_A_CURVE: Final = 2
"""Evenness and equal batches share the alpha of the check."""

Found = Iterator[tuple[str, dict[str, Any]]]


def orders_without_viewers(scene: Scene, about: About) -> Iterator[Outcome]:
    """Counts too even for chance, in equal batches, more than the viewers, or not following them."""
    curves = [curve for kind in COUNTED for curve in of_kind(scene, kind)]
    if not curves:
        yield about.undecidable("none", "curves")
        return
    viewers = next(iter(of_kind(scene, "viewers")), None)
    alpha = about.limits["alpha"] / (TESTS_A_CURVE * len(curves))
    for curve in curves:
        yield from _counted(scene, about, viewers, curve, alpha)


def _counted(
    scene: Scene, about: About, viewers: Curve | None, curve: Curve, alpha: float
) -> Iterator[Outcome]:
    series = increments(usable(curve))
    levels, counts = paired(usable(viewers) if viewers else Series(NONE, NONE), series)
    least = int(about.limits["samples"])
    watched = len(counts) >= least
    told: dict[str, Any] = {
        "subject": curve.kind,
        "listing_id": curve.listing_id,
        "known": (shown(curve, series), *([shown(viewers, usable(viewers))] if viewers else [])),
        "kind": KINDS[curve.kind],
    }
    if len(series) < least:
        yield about.undecidable("short", "curves", count=len(series), least=least, **told)
        return
    whole = _counts(series, about)
    found = [
        *(_more(curve, levels, counts, about) if watched else ()),
        *(_unmoved(levels, counts, about) if watched else ()),
        *(_even(series, about, alpha) if whole else ()),
        *(_batches(series, about, alpha) if whole else ()),
    ]
    for reason, filling in found:
        if reason == "batches" and _in_stock(scene, curve, filling, about):
            yield about.clear("stock", **told, **filling)
        else:
            yield about.suspected(reason, **told, **filling)
    if not found and not whole:
        yield about.undecidable("rounded", **told)
    elif not found:
        yield about.clear("clear" if watched else "alone", count=len(series), **told)


def _counts(series: Series, about: About) -> bool:
    """Whether the values are counts as they were made: whole, and not multiples of a rounding."""
    unit = grain(series.values)
    return unit != 0 and (
        unit < about.limits["grain"] or len(np.unique(series.values[series.values > 0])) < 3
    )


def _more(curve: Curve, levels: Series, counts: Series, about: About) -> Found:
    if curve.kind != "orders":
        return
    rate = counts.values / max(1.0, counts.spacing)
    more = (rate > levels.values) & (counts.values >= about.limits["more_orders"])
    if int(more.sum()) >= about.limits["more_samples"]:
        place = int(np.argmax(np.where(more, rate, -1.0)))
        yield (
            "more",
            {
                "count": int(more.sum()),
                "level": number(rate[place]),
                "viewers": number(levels.values[place]),
            },
        )


def _even(series: Series, about: About, alpha: float) -> Found:
    mean = float(series.values.mean())
    if mean < about.limits["mean"]:
        return
    chance = too_even(series.values)
    if chance <= alpha:
        yield "even", {"count": len(series), "level": number(mean), "chance": number(chance)}


def _batches(series: Series, about: About, alpha: float) -> Found:
    limits = about.limits
    places = batches(series.values, least=limits["batch_least"], apart=limits["batch_apart"])
    sizes = above_baseline(series.values, places, int(limits["batch_reach"]))
    sizes = sizes[sizes >= limits["batch_least"]]
    if len(sizes) < limits["batches"]:
        return
    count, size, chance = same_size(sizes, 1.0)
    if chance <= alpha and too_equal(sizes, limits["batch_natural"]) <= limits["batch_alpha"]:
        yield "batches", {"count": count, "level": number(size), "chance": number(chance), "size": size}


def _in_stock(scene: Scene, curve: Curve, filling: dict[str, Any], about: About) -> bool:
    """Whether the shelf showed a stock of the size of the batches for these goods."""
    size = filling["size"]
    return any(
        change.stock is not None
        and abs(change.stock - size) <= about.limits["stock_near"] * size
        and curve.listing_id in (None, change.listing_id)
        for change in scene.facts.shelf
    )


def _unmoved(levels: Series, counts: Series, about: About) -> Found:
    limits = about.limits
    size = int(limits["block"])
    warm = counts.at >= counts.at[0] + limits["warm_up"]
    seen, made = blocks(levels.values[warm], size) / size, blocks(counts.values[warm], size)
    if len(made) < limits["blocks"] or made.sum() < limits["total"]:
        return
    low, high = np.quantile(seen + 1, [0.1, 0.9])
    if high < limits["factor"] * low:
        return
    elasticity, chance = unmoved(
        seen, made, least=limits["elasticity"], most=limits["flat"], rounds=int(limits["rounds"]),
        seed=int(limits["seed"]),
    )  # fmt: skip
    if chance <= limits["unmoved_alpha"]:
        yield (
            "unmoved",
            {"factor": number(high / low), "elasticity": number(elasticity), "chance": number(chance)},
        )


def refund_wave(scene: Scene, about: About) -> Iterator[Outcome]:
    """Refunds in the shape of the orders some time later, or nearly all at once."""
    orders, refunds = of_kind(scene, "orders"), of_kind(scene, "refunds")
    pairs = [(one, other) for one in orders for other in refunds if one.listing_id == other.listing_id]
    if not pairs:
        yield about.undecidable("none", "curves")
    for one, other in pairs:
        yield _refunds(about, one, other, about.limits["alpha"] / len(pairs))


def _refunds(about: About, one: Curve, other: Curve, alpha: float) -> Outcome:
    limits = about.limits
    orders, refunds = increments(usable(one)), increments(usable(other))
    known = (shown(one, orders), shown(other, refunds))
    sold, back = float(orders.values.sum()), float(refunds.values.sum())
    told: dict[str, Any] = {"orders": number(sold), "refunds": number(back)}
    if len(orders) < limits["samples"] or sold < limits["orders"]:
        return about.undecidable(
            "short", "curves", subject="refunds", listing_id=one.listing_id, known=known, count=len(orders),
            least=int(limits["samples"]), fewest=number(limits["orders"]), **told,
        )  # fmt: skip
    told["share"] = number(100 * back / sold)
    for reason, filling in (*_mirror(orders, refunds, about, alpha), *_bulk(refunds, back / sold, about)):
        return about.suspected(
            reason, subject="refunds", listing_id=one.listing_id, known=known, **{**told, **filling}
        )
    return about.clear("clear", subject="refunds", listing_id=one.listing_id, known=known, **told)


def _mirror(orders: Series, refunds: Series, about: About, alpha: float) -> Found:
    limits = about.limits
    if not len(refunds):
        return
    step = max(orders.spacing, refunds.spacing)
    start = float(orders.at[0])
    size = 1 + round((float(orders.at[-1]) - start) / step)
    whole = max(size, 1 + round((float(refunds.at[-1]) - start) / step))
    sold = on_grid(orders, start=start, step=step, size=size)
    back = on_grid(refunds, start=start, step=step, size=whole)
    narrow, width = int(limits["narrow"]), int(limits["width"])
    found = echo(sold, back, narrow, width)
    if (
        found.lag * step < limits["lag_minutes"]
        or found.likeness < limits["likeness"]
        or found.share < limits["mirror_share"]
    ):
        return
    chance = echo_chance(sold, back, narrow, width, rounds=int(limits["rounds"]), seed=int(limits["seed"]))
    if chance <= alpha:
        yield (
            "mirror",
            {
                "lag": number(found.lag * step),
                "likeness": number(found.likeness),
                "share": number(100 * found.share),
                "chance": number(chance),
            },
        )


def _bulk(refunds: Series, share: float, about: About) -> Found:
    limits = about.limits
    window = max(limits["bulk_minutes"], refunds.spacing)
    if share < limits["bulk_share"]:
        return
    summed = np.concatenate(([0.0], np.cumsum(refunds.values)))
    ends = np.searchsorted(refunds.at, refunds.at + window, side="left")
    inside = summed[ends] - summed[:-1]
    place = int(np.argmax(inside))
    if inside[place] >= limits["bulk_peak"] * refunds.values.sum():
        yield (
            "bulk",
            {
                "peak": number(100 * float(inside[place]) / float(refunds.values.sum())),
                "minute": number(refunds.at[place]),
                "window": number(window),
            },
        )
