"""Curves of a broadcast held against each other: viewers in blocks, reactions per viewer.

Orders and refunds are in `curves_orders`. Every outcome is a lead: statistics show what chance does not
make, never who did it.
"""

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from fairstream.checks.about import About, Outcome
from fairstream.checks.curves_orders import orders_without_viewers, refund_wave
from fairstream.checks.curves_said import KINDS, number, of_kind, shown
from fairstream.checks.scene import Scene
from fairstream.checks.series import (
    Series,
    Stretch,
    Values,
    blocks,
    far_stretch,
    grain,
    increments,
    lasting,
    longest_tie,
    paired,
    same_size,
    sudden,
    usable,
)
from fairstream.facts import Curve

REACTIONS: Final = ("comments", "likes")


def jumps(scene: Scene, about: About) -> Iterator[Outcome]:
    """Viewers that stand still, change by equal blocks, or leave in one."""
    curves = of_kind(scene, "viewers")
    if not curves:
        yield about.undecidable("none", "curves")
    for curve in curves:
        series = usable(curve)
        side = shown(curve, series)
        least = int(about.limits["samples"])
        if len(series) < least:
            yield about.undecidable(
                "short", "curves", subject="viewers", known=(side,), count=len(series), least=least
            )
            continue
        found = [*_plateau(series, about), *_same(series, about), *_left(series, about)]
        for reason, filling in found:
            yield about.suspected(reason, subject="viewers", known=(side,), **filling)
        if not found:
            yield about.clear("clear", subject="viewers", known=(side,), count=len(series))


Found = Iterator[tuple[str, dict[str, Any]]]


def _plateau(series: Series, about: About) -> Found:
    limits = about.limits
    tie = longest_tie(
        series.values,
        least=limits["plateau_least"],
        band=limits["plateau_band"],
        floor=limits["plateau_floor"],
    )
    if tie is None or tie.chance > limits["alpha"]:
        return
    last = tie.start + tie.length - 1
    if series.at[last] - series.at[tie.start] >= limits["plateau_minutes"]:
        yield (
            "plateau",
            {
                "minute": number(series.at[tie.start]),
                "count": tie.length,
                "level": number(tie.level),
                "band": number(100 * limits["plateau_band"]),
                "chance": number(tie.chance),
            },
        )


def _same(series: Series, about: About) -> Found:
    limits = about.limits
    places = sudden(series, score=limits["step_score"], least=limits["step_people"])
    places = lasting(series, places, after=int(limits["step_after"]), kept=limits["step_kept"])
    if len(places) < 3:
        return
    sizes = np.abs(series.values[places] - series.values[places - 1])
    unit = grain(np.concatenate((series.values[places], series.values[places - 1])))
    count, size, chance = same_size(sizes, unit)
    if chance <= limits["step_alpha"]:
        yield "same", {"count": count, "level": number(size), "chance": number(chance)}


def _left(series: Series, about: About) -> Found:
    limits = about.limits
    places = sudden(series, score=limits["left_score"], least=limits["left_people"])
    for place in places.tolist():
        before, after = series.values[place - 1], series.values[place]
        rest = series.values[place:]
        if (
            before - after >= limits["left_share"] * before
            and len(rest) > limits["left_after"]
            and float(rest.max()) <= limits["left_regrown"] * max(after, 1.0)
        ):
            yield (
                "left",
                {"minute": number(series.at[place]), "before": number(before), "after": number(after)},
            )
            return


def engagement(scene: Scene, about: About) -> Iterator[Outcome]:
    """Comments and likes per viewer, over the broadcast itself."""
    viewers = of_kind(scene, "viewers")
    reactions = [curve for kind in REACTIONS for curve in of_kind(scene, kind)]
    if not viewers or not reactions:
        yield about.undecidable("none", "curves")
        return
    for curve in reactions:
        yield _reactions(about, viewers[0], curve)


def _reactions(about: About, viewers: Curve, curve: Curve) -> Outcome:
    limits, kind = about.limits, KINDS[curve.kind]
    levels, counts = paired(usable(viewers), increments(usable(curve)))
    known = (shown(viewers, usable(viewers)), shown(curve, counts))
    least = int(limits["samples"])
    if len(counts) < least:
        return about.undecidable(
            "short", "curves", subject=curve.kind, known=known, kind=kind, count=len(counts), least=least
        )
    size = int(limits["block"])
    at = counts.at[::size]
    seen, made = blocks(levels.values, size) / size, blocks(counts.values, size)
    middle = float(np.median(made))
    if middle < limits["median"]:
        return about.undecidable(
            "few", subject=curve.kind, known=known, kind=kind, level=number(middle), size=size,
            least=number(limits["median"]),
        )  # fmt: skip
    for reason, stretch, grown in _far(seen, made, about):
        return about.suspected(
            reason, subject=curve.kind, known=known, kind=kind, minute=number(at[stretch.start]),
            count=size * stretch.length, factor=number(stretch.factor), score=number(limits["score"]),
            viewers=number(grown),
        )  # fmt: skip
    for filling in _stepped(levels, counts, about):
        return about.suspected("step", subject=curve.kind, known=known, kind=kind, **filling)
    return about.clear("clear", subject=curve.kind, known=known, kind=kind, count=len(counts))


def _stepped(levels: Series, counts: Series, about: About) -> Iterator[dict[str, Any]]:
    """Viewers who multiply from one sample to the next and stay, bringing hardly any reactions.

    The median of the whole broadcast hides them when they stay for half of it; so both sides of the step are
    compared.
    """
    limits = about.limits
    places = sudden(levels, score=limits["step_score"], least=limits["step_people"])
    for place in lasting(levels, places, after=int(limits["step_after"]), kept=limits["step_kept"]).tolist():
        if min(place, len(levels) - place) < limits["step_samples"]:
            continue
        before, after = levels.values[:place], levels.values[place:]
        grown = float((np.median(after) + 1) / (np.median(before) + 1))
        rates = [
            float((made.sum() + 0.5) / (seen.sum() + 1))
            for made, seen in ((counts.values[:place], before), (counts.values[place:], after))
        ]
        if grown >= limits["step_grown"] and rates[0] >= limits["factor"] * rates[1]:
            yield {
                "minute": number(levels.at[place]),
                "factor": number(rates[0] / rates[1]),
                "viewers": number(grown),
            }


def _far(seen: Values, made: Values, about: About) -> Iterator[tuple[str, Stretch, float]]:
    """Stretches of too few reactions while viewers grew, and of too many while they did not."""
    limits = about.limits
    ratio = np.log((made + 0.5) / (seen + 1))
    for reason in ("low", "high"):
        stretch = far_stretch(
            ratio, high=reason == "high", score=limits["score"], floor=limits["floor"],
            length=int(limits[f"{reason}_length"]),
        )  # fmt: skip
        if stretch is None or stretch.factor < limits["factor"]:
            continue
        inside = slice(stretch.start, stretch.start + stretch.length)
        grown = float((np.median(seen[inside]) + 1) / (np.median(np.delete(seen, inside)) + 1))
        if grown >= limits["viewers"] if reason == "low" else grown < limits["same_viewers"]:
            yield reason, stretch, grown


CHECKS = {
    "curves/jumps": jumps,
    "curves/orders-without-viewers": orders_without_viewers,
    "curves/refund-wave": refund_wave,
    "curves/engagement": engagement,
}
