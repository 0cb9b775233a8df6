"""A line with steps through (position, moment) points: when position 0 was, how fast one clock runs against
the other, and where it stood still.

Slopes are weighted medians over pairs of points within a stretch (Theil 1950, Sen 1968, weights as Jaeckel
1972), levels are medians, so that late messages and wrong clocks do not pull them. A step is a change of
level between medians of neighbouring groups of points.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from fairstream.sources.lines import Line, Step

Array = npt.NDArray[np.float64]

LEAST_STEP_MS: Final = 3000
LEAST_POINTS: Final = 30
LEAST_SPAN_MS: Final = 600_000
MOST_ERROR_PPM: Final = 50.0
_MOST_DRIFT: Final = 0.05
_GROUP: Final = 5
_MOST_GROUPS: Final = 600
_BESIDE: Final = 4
_MOST_BINS: Final = 150
_MOST_STEPS: Final = 50


def fit_line(
    positions: Sequence[float] | Array,
    moments: Sequence[float] | Array,
    *,
    least_points: int = LEAST_POINTS,
    least_span_ms: float = LEAST_SPAN_MS,
    most_error_ppm: float = MOST_ERROR_PPM,
) -> Line | None:
    """The line through points in milliseconds; None without points."""
    x, y = np.asarray(positions, np.float64), np.asarray(moments, np.float64)
    if not len(x):
        return None
    order = np.argsort(x, kind="stable")
    x, d = x[order], (y - x)[order]
    base = float(np.median(d))
    d = d - base
    splits = _splits(x, d)
    drift, error = _drift(x, d, splits)
    spans = [x[end - 1] - x[start] for start, end in _parts(splits, len(x))]
    told = len(x) >= least_points and max(spans) >= least_span_ms and error <= most_error_ppm
    told = told and abs(drift) <= _MOST_DRIFT
    slope = drift if told else 0.0
    levels = [float(np.median((d - slope * x)[start:end])) for start, end in _parts(splits, len(x))]
    rest = np.concatenate(
        [
            (d - slope * x)[start:end] - level
            for (start, end), level in zip(_parts(splits, len(x)), levels, strict=True)
        ]
    )
    steps = tuple(
        Step(round((x[at - 1] + x[at]) / 2), round(after - before), round(x[at - 1]), round(x[at]))
        for at, (before, after) in zip(splits, pairwise(levels), strict=True)
        if abs(after - before) >= LEAST_STEP_MS
    )
    residual = round(float(np.median(np.abs(rest))))
    return Line(base + levels[0], drift * 1e6 if told else None, error, residual, len(x), steps)


def _parts(splits: list[int], count: int) -> list[tuple[int, int]]:
    return list(pairwise([0, *splits, count]))


def _splits(x: Array, d: Array) -> list[int]:
    """Indices at which the level changes for good."""
    size = max(_GROUP, -(-len(d) // _MOST_GROUPS))
    count = len(d) // size
    if count < 2 + 2:
        return []
    groups = np.median(d[: count * size].reshape(count, size), axis=1)
    noise = 1.4826 * float(np.median(np.abs(np.diff(groups))))
    least = max(float(LEAST_STEP_MS), 8 * noise)
    change = np.zeros(count)
    for at in range(2, count - 1):
        before, after = groups[max(0, at - _BESIDE) : at], groups[at : at + _BESIDE]
        change[at] = np.median(after) - np.median(before)
    found: list[int] = []
    while len(found) < _MOST_STEPS:
        at = int(np.argmax(np.abs(change)))
        if abs(change[at]) < least:
            break
        found.append(_refined(d, at, size, groups))
        change[max(0, at - _BESIDE) : at + _BESIDE + 1] = 0
    return sorted(set(found))


def _refined(d: Array, at: int, size: int, groups: Array) -> int:
    """The point at which the later level begins, by the least sum of distances."""
    before = float(np.median(groups[max(0, at - _BESIDE) : at]))
    after = float(np.median(groups[at : at + _BESIDE]))
    start, end = max(0, (at - 2) * size), min(len(d), (at + 2) * size)
    left = np.concatenate([[0.0], np.cumsum(np.abs(d[start:end] - before))])
    right = np.concatenate([[0.0], np.cumsum(np.abs(d[start:end] - after))])
    cost = left + (right[-1] - right)
    return min(max(start + int(np.argmin(cost)), 1), len(d) - 1)


def _drift(x: Array, d: Array, splits: list[int]) -> tuple[float, float]:
    """Slope of d over x within the parts, and its standard error in millionths."""
    slopes, weights, spread, rests = [], [], 0.0, []
    for start, end in _parts(splits, len(x)):
        px, pd = x[start:end], d[start:end]
        spread += float(np.sum((px - px.mean()) ** 2))
        bx, bd = _binned(px, pd)
        if len(bx) < 2:
            continue
        first, second = np.triu_indices(len(bx), 1)
        dx = bx[second] - bx[first]
        far = dx > (bx[-1] - bx[0]) / 4
        if not far.any():
            continue
        slopes.append((bd[second] - bd[first])[far] / dx[far])
        weights.append(dx[far])
    if not slopes:
        return 0.0, float("inf")
    slope = _weighted_median(np.concatenate(slopes), np.concatenate(weights))
    for start, end in _parts(splits, len(x)):
        rest = d[start:end] - slope * x[start:end]
        rests.append(np.abs(rest - np.median(rest)))
    sigma = 1.4826 * float(np.median(np.concatenate(rests)))
    return slope, 1e6 * 1.25 * max(sigma, 0.5) / spread**0.5


def _binned(x: Array, d: Array) -> tuple[Array, Array]:
    size = -(-len(x) // _MOST_BINS)
    if size == 1:
        return x, d
    count = len(x) // size
    return (
        np.median(x[: count * size].reshape(count, size), axis=1),
        np.median(d[: count * size].reshape(count, size), axis=1),
    )


def _weighted_median(values: Array, weights: Array) -> float:
    order = np.argsort(values)
    sums = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(sums, sums[-1] / 2))])
