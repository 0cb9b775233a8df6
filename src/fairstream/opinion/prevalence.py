"""Shares of a whole when the classifier errs: corrected by a labelled sample, with intervals.

A sample is drawn at random within strata; a person labels it. The classifier's own answer splits the
strata into cells whose sizes are known exactly, and the labels say how often each answer is right: the
double sampling of Tenenbein (1970), today also called prediction-powered inference. Within a group of
cells a proportion is the mean of its strata, weighted by their sizes; its limits are Wilson's with
correction for continuity (Newcombe 1998, method 4) at the effective sample size of Korn and Graubard
(1998); the limits of sums and ratios are put together from those of their parts (MOVER, Zou and Donner
2008). The limits are on the safe side for small samples; a cell that was labelled whole has no error
left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

Z95 = NormalDist().inv_cdf(0.975)


class Outcome(NamedTuple):
    """One labelled item for one share: its stratum, the classifier's group, what the label says.

    `whole` is whether it belongs to what the share is of, `part` whether it also belongs to the part.
    """

    stratum: str
    group: str
    whole: bool
    part: bool


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share 0–1 with limits at 95 %; `labels` is the number of labelled items it rests on.

    `value` is None when nothing labelled belongs to the whole: there is too little data to say anything.
    """

    value: float | None
    low: float
    high: float
    labels: int


class _Mean(NamedTuple):
    value: float
    low: float
    high: float


Sizes = Mapping[tuple[str, str], int]
"""Items of each cell (stratum, group) in the population."""


def wilson(share: float, n: float, *, z: float = Z95) -> tuple[float, float]:
    """Limits of a proportion seen in `n` draws (may be fractional), with correction for continuity."""
    if n <= 0:
        return 0.0, 1.0
    square, bottom = z * z, 2 * (n + z * z)
    middle = 2 * n * share + square
    low = middle - 1 - z * sqrt(max(square - 2 - 1 / n + 4 * share * (n * (1 - share) + 1), 0))
    high = middle + 1 + z * sqrt(max(square + 2 - 1 / n + 4 * share * (n * (1 - share) - 1), 0))
    return (
        0.0 if share <= 0 else max(0.0, min(low / bottom, share)),
        1.0 if share >= 1 else min(1.0, max(high / bottom, share)),
    )


def estimate(outcomes: Sequence[Outcome], sizes: Sizes, *, z: float = Z95) -> Estimate:
    """Share of the part in the whole, over the population whose cells have these sizes.

    Cells without any label are judged by the other cells of their group; a group without any label is open
    from 0 to 1, which widens the interval as it should.
    """
    groups = sorted({group for _, group in sizes if any(n for (_, g), n in sizes.items() if g == group)})
    totals = {group: sum(n for (_, g), n in sizes.items() if g == group) for group in groups}
    of_whole, of_part = {}, {}
    for group in groups:
        own = [outcome for outcome in outcomes if outcome.group == group]
        cells = {stratum: n for (stratum, g), n in sizes.items() if g == group and n}
        of_whole[group] = _mean([(o.stratum, o.whole) for o in own], cells, z)
        of_part[group] = _mean([(o.stratum, o.part) for o in own if o.whole], _whole_cells(own, cells), z)
    return _ratio(groups, totals, of_whole, of_part, sum(o.whole for o in outcomes), len(outcomes))


def _whole_cells(own: Sequence[Outcome], cells: Mapping[str, int]) -> dict[str, float]:
    """Estimated number of items of each stratum that belong to the whole."""
    found = {}
    for stratum, n in cells.items():
        here = [o.whole for o in own if o.stratum == stratum]
        if any(here):
            found[stratum] = n * sum(here) / len(here)
    return found


def _mean(values: Sequence[tuple[str, bool]], cells: Mapping[str, float], z: float) -> _Mean:
    """Stratified mean of yes and no with limits at the effective sample size."""
    counts = {stratum: [v for s, v in values if s == stratum] for stratum in cells}
    seen = {stratum: own for stratum, own in counts.items() if own}
    total = sum(cells[stratum] for stratum in seen)
    if not seen or total <= 0:
        return _Mean(0.5, 0.0, 1.0)
    weights = {stratum: cells[stratum] / total for stratum in seen}
    shares = {stratum: sum(own) / len(own) for stratum, own in seen.items()}
    mean = sum(weights[s] * shares[s] for s in seen)
    if all(len(seen.get(s, ())) >= n for s, n in cells.items()):
        return _Mean(mean, mean, mean)
    low, high = wilson(mean, _effective(weights, shares, {s: len(own) for s, own in seen.items()}, mean), z=z)
    return _Mean(mean, low, high)


def _effective(
    weights: Mapping[str, float], shares: Mapping[str, float], n: Mapping[str, int], mean: float
) -> float:
    """Draws that a simple random sample would need for the same variance, never more than there were."""
    drawn = sum(n.values())
    kish = 1 / sum(w * w / n[s] for s, w in weights.items())
    variance = sum(w * w * shares[s] * (1 - shares[s]) / max(n[s] - 1, 1) for s, w in weights.items())
    by_variance = mean * (1 - mean) / variance if variance > 0 else kish
    return min(drawn, max(min(by_variance, kish), 1.0))


def _ratio(
    groups: Sequence[str],
    totals: Mapping[str, int],
    of_whole: Mapping[str, _Mean],
    of_part: Mapping[str, _Mean],
    whole_labels: int,
    labels: int,
) -> Estimate:
    whole = {g: totals[g] * of_whole[g].value for g in groups}
    everything = sum(whole.values())
    if not whole_labels or everything <= 0:
        return Estimate(None, 0.0, 1.0, labels)
    share = sum(whole[g] * of_part[g].value for g in groups) / everything
    below = above = 0.0
    for g in groups:
        weight, part = whole[g] / everything, of_part[g]
        below += (weight * (part.value - part.low)) ** 2
        above += (weight * (part.high - part.value)) ** 2
        lean = (part.value - share) * totals[g] / everything
        less, more = of_whole[g].value - of_whole[g].low, of_whole[g].high - of_whole[g].value
        below += (lean * (less if lean > 0 else more)) ** 2
        above += (lean * (more if lean > 0 else less)) ** 2
    return Estimate(share, max(0.0, share - sqrt(below)), min(1.0, share + sqrt(above)), labels)
