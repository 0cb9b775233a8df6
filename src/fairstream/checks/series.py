"""Numbers over time and the robust tests the curve checks are made of.

Moments are minutes, chances are one-sided under the null hypothesis each function states, and nothing here
knows of law or words. The choice of tests is argued in docs/decisions/curves.md, their measured false-alarm
rates and power stand in docs/reference/checks.md.
"""

from dataclasses import dataclass
from math import comb, erfc, sqrt
from typing import Final

import numpy as np
import numpy.typing as npt

from fairstream.facts import Curve

Values = npt.NDArray[np.float64]

MINUTE_MS: Final = 60_000
MAD_SCALE: Final = 1.4826
"""Makes the median absolute deviation of a normal sample its standard deviation."""
TOTAL_VALUES: Final = 5
"""A curve that never falls and takes so many values is read as a running total."""

LARGEST: Final = 1e12
"""Larger values are errors of the recorder, like negative ones."""


@dataclass(frozen=True, slots=True)
class Series:
    """Usable samples of a curve: neither negative nor absurdly large, in order of time, one a moment."""

    at: Values
    values: Values

    def __len__(self) -> int:
        return len(self.at)

    @property
    def spacing(self) -> float:
        """Median distance of two samples in minutes; 1 when there are fewer than two."""
        return float(np.median(np.diff(self.at))) if len(self) > 1 else 1.0


@dataclass(frozen=True, slots=True)
class Tie:
    """The longest stretch `values[start:start + length]` that stays within a narrow band, and its chance."""

    start: int
    length: int
    level: float
    chance: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive samples far on one side of the middle; `factor` how far, as a ratio of at least 1."""

    start: int
    length: int
    factor: float


def usable(curve: Curve) -> Series:
    """The samples that can be counted on; none when moments and values differ in number."""
    if len(curve.at_ms) != len(curve.values):
        return Series(np.zeros(0), np.zeros(0))
    at = np.asarray(curve.at_ms, dtype=np.float64) / MINUTE_MS
    values = np.asarray(curve.values, dtype=np.float64)
    good = (values >= 0) & (values <= LARGEST)
    at, first = np.unique(at[good], return_index=True)
    return Series(at, values[good][first])


def increments(series: Series) -> Series:
    """What was added since the sample before; only running totals need to be turned into it."""
    steps = np.diff(series.values)
    if len(np.unique(series.values)) < TOTAL_VALUES or bool((steps < 0).any()):
        return series
    return Series(series.at[1:], steps)


def paired(levels: Series, counts: Series) -> tuple[Series, Series]:
    """Levels and counts at the same moments, those of the coarser series; the finer one is gathered there.

    A moment at which less than half of the expected samples of the finer series lie is left out.
    """
    if not len(levels) or not len(counts):
        return Series(levels.at[:0], levels.values[:0]), Series(counts.at[:0], counts.values[:0])
    if levels.spacing >= counts.spacing:
        kept, gathered = _gather(levels, counts, mean=False)
        return Series(levels.at[kept], levels.values[kept]), gathered
    kept, gathered = _gather(counts, levels, mean=True)
    return gathered, Series(counts.at[kept], counts.values[kept])


def _gather(coarse: Series, fine: Series, *, mean: bool) -> tuple[npt.NDArray[np.bool_], Series]:
    edges = (coarse.at[1:] + coarse.at[:-1]) / 2
    cell = np.searchsorted(edges, fine.at)
    near = np.abs(fine.at - coarse.at[cell]) <= coarse.spacing / 2
    count = np.bincount(cell[near], minlength=len(coarse))
    total = np.bincount(cell[near], weights=fine.values[near], minlength=len(coarse))
    kept = count >= max(1.0, 0.5 * coarse.spacing / fine.spacing)
    return kept, Series(
        coarse.at[kept], (total / np.maximum(count, 1) if mean else total)[kept].astype(np.float64)
    )


def spread(values: Values, floor: float) -> tuple[float, float]:
    """Median and scaled median absolute deviation, the latter at least `floor`."""
    middle = float(np.median(values))
    return middle, max(floor, MAD_SCALE * float(np.median(np.abs(values - middle))))


def longest_tie(values: Values, *, least: float, band: float, floor: float) -> Tie | None:
    """The longest stretch at or above `least` whose values differ by at most the share `band` of the highest.

    Null hypothesis: a step stays within the band (or within the rounding the level seems to be shown with) as
    often as the steps outside the stretch do, at least as often as `floor`. The chance of such a run anywhere
    is at most steps × share ^ (length − 1).
    """
    start, length = _band_run(values, least, band)
    if length < 2:
        return None
    level = float(np.median(values[start : start + length]))
    still = np.abs(np.diff(values)) <= np.maximum(band * np.maximum(values[1:], values[:-1]), rounding(level))
    outside = np.concatenate((still[:start], still[start + length - 1 :]))
    share = max(floor, (float(outside.sum()) + 1) / (len(outside) + 2))
    return Tie(start, length, level, min(1.0, len(values) * share ** (length - 1)))


def rounding(level: float) -> float:
    """The unit of 100 or more that a level of four or more digits seems rounded to (12,000: 1,000), or 0."""
    unit = 1.0
    while level >= 100 * unit and level % (10 * unit) == 0:
        unit *= 10
    return unit if unit >= 100 else 0.0


def _band_run(values: Values, least: float, band: float) -> tuple[int, int]:
    best, first = (0, 0), 0
    for last in range(len(values)):
        if values[last] < least:
            first = last + 1
        while first < last and np.ptp(values[first : last + 1]) > band * values[first : last + 1].max():
            first += 1
        if last + 1 - first > best[1]:
            best = (first, last + 1 - first)
    return best


def sudden(series: Series, *, score: float, least: float) -> npt.NDArray[np.intp]:
    """Samples that differ suddenly from the one before, by robust scores of the log differences.

    `score` in scaled median absolute deviations (at least 0.02); `least` in units of the series, and at least
    a tenth of the level. Steps across a gap in the samples do not count.
    """
    change = np.diff(np.log(series.values + 10))
    middle, scale = spread(change, 0.02)
    people = np.abs(np.diff(series.values))
    big = (people >= least) & (people >= 0.1 * np.maximum(series.values[1:], series.values[:-1]))
    gapless = np.diff(series.at) <= 1.5 * series.spacing
    return np.flatnonzero((np.abs(change - middle) >= score * scale) & big & gapless) + 1


def same_size(sizes: Values, grain: float) -> tuple[int, float, float]:
    """How many of the sizes agree, their median, and the chance of it: (number, size, chance).

    Null hypothesis: log sizes lie evenly over at least one unit (a factor 2.72). The chance that some k of
    m lie within a width w is at most C(m, k) · k · w^(k−1) (scan statistic), times the number of k tried.
    `grain` is the rounding of the values; sizes cannot agree better than that.
    """
    logs = np.sort(np.log(sizes))
    found = (0, 0.0, 1.0)
    for number in range(3, len(logs) + 1):
        widths = logs[number - 1 :] - logs[: len(logs) - number + 1]
        first = int(np.argmin(widths))
        size = float(np.exp(np.median(logs[first : first + number])))
        width = min(1.0, max(float(widths[first]), 2 * grain / size))
        chance = (len(logs) - 2) * comb(len(logs), number) * number * width ** (number - 1)
        if chance < found[2]:
            found = (number, size, chance)
    return found


def grain(values: Values) -> float:
    """The rounding of whole numbers: their greatest common divisor; 0 when they are not whole."""
    return float(np.gcd.reduce(values.astype(np.int64))) if bool((values == np.floor(values)).all()) else 0.0


def lower_chi_square(statistic: float, freedom: int) -> float:
    """Chance of a chi-square value at most `statistic` (Wilson and Hilferty's cube root)."""
    width = 2 / (9 * freedom)
    return erfc(-((statistic / freedom) ** (1 / 3) - 1 + width) / sqrt(2 * width)) / 2


def too_even(counts: Values) -> float:
    """Fisher's dispersion test, lower tail, on neighbours: chance of counts as even as these.

    Null hypothesis: each pair (1st and 2nd, 3rd and 4th …) are Poisson counts of equal rate; rates may drift
    from pair to pair, and whatever makes counts clump makes the chance larger.
    """
    paired_off = counts[: len(counts) // 2 * 2].reshape(-1, 2)
    total = paired_off.sum(axis=1)
    full = total > 0
    if not full.any():
        return 1.0
    gap = paired_off[full, 0] - paired_off[full, 1]
    return lower_chi_square(float((gap**2 / total[full]).sum()), int(full.sum()))


def batches(counts: Values, *, least: float, apart: float) -> npt.NDArray[np.intp]:
    """Single samples that stand out: at least `least` and `apart` times the largest of all ordinary ones.

    Where two or more stand out side by side, people are there for a while; those are no batches.
    """
    ranked = np.sort(counts)
    split = np.flatnonzero((ranked[1:] >= least) & (ranked[1:] >= apart * np.maximum(1, ranked[:-1])))
    if not len(split):
        return np.zeros(0, dtype=np.intp)
    high = np.concatenate(([False], counts >= ranked[split[-1] + 1], [False]))
    return np.flatnonzero(high[1:-1] & ~high[:-2] & ~high[2:])


def too_equal(sizes: Values, natural: float) -> float:
    """Dispersion test, lower tail: chance of sizes as equal as these.

    Null hypothesis: Poisson counts whose rate itself varies by the share `natural` from batch to batch.
    """
    middle = float(sizes.mean())
    spare = float(((sizes - middle) ** 2).sum()) / (middle + (natural * middle) ** 2)
    return lower_chi_square(spare, len(sizes) - 1)


def above_baseline(counts: Values, places: npt.NDArray[np.intp], reach: int) -> Values:
    """What stands at the places above the median of the other samples within `reach` of each."""
    other = np.ones(len(counts), dtype=np.bool_)
    other[places] = False
    sizes = []
    for place in places.tolist():
        near = slice(max(0, place - reach), place + reach + 1)
        rest = counts[near][other[near]]
        sizes.append(float(counts[place] - (np.median(rest) if len(rest) else 0.0)))
    return np.asarray(sizes)


def lasting(series: Series, places: npt.NDArray[np.intp], *, after: int, kept: float) -> npt.NDArray[np.intp]:
    """Those of the steps of which the share `kept` is still there `after` samples later, give or take."""
    held = []
    for place in places.tolist():
        step = series.values[place] - series.values[place - 1]
        later = series.values[place + after // 2 : place + after + 1]
        if len(later) and abs(float(np.median(later)) - series.values[place]) <= (1 - kept) * abs(step):
            held.append(place)
    return np.asarray(held, dtype=np.intp)


def blocks(values: Values, size: int) -> Values:
    """Sums of consecutive blocks; a rest at the end is left out."""
    return np.asarray(values[: len(values) // size * size].reshape(-1, size).sum(axis=1))


def unmoved(
    levels: Values, counts: Values, *, least: float, most: float, rounds: int, seed: int
) -> tuple[float, float]:
    """Whether counts stay where they are while levels multiply: (elasticity, chance).

    Null hypothesis: counts grow at least with level ^ `least`, so that counts / level ^ `least` do not fall
    as levels rise. Permutation test of their correlation: each round cuts the ratio series at a random place
    and shuffles pieces of random length, which keeps most of its autocorrelation. The chance is (1 + rounds
    as low) / (1 + rounds); it is 1 without a test when the elasticity exceeds `most`.
    """
    x = np.log(levels + 1)
    y = np.log(counts + 0.5)
    x = x - x.mean()
    y = y - y.mean()
    if not x.any():
        return 0.0, 1.0
    elasticity = float(x @ y / (x @ x))
    if elasticity > most:
        return elasticity, 1.0
    ratio = y - least * x
    rng = np.random.default_rng(seed)
    lower = sum(float(x @ ratio[_shuffled(len(x), rng)]) <= float(x @ ratio) for _ in range(rounds))
    return elasticity, (1 + lower) / (1 + rounds)


def _shuffled(size: int, rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Indices in pieces of random order, cut at random places of the circle."""
    turned = np.roll(np.arange(size), int(rng.integers(size)))
    pieces = np.split(
        turned, np.sort(rng.choice(np.arange(1, size), max(1, round(sqrt(size))), replace=False))
    )
    return np.concatenate([pieces[place] for place in rng.permutation(len(pieces))])


def on_grid(series: Series, *, start: float, step: float, size: int) -> Values:
    """Counts gathered in `size` cells of `step` minutes from `start` on; 0 where there are none."""
    cell = np.round((series.at - start) / step).astype(np.int64)
    inside = (cell >= 0) & (cell < size)
    return np.bincount(cell[inside], weights=series.values[inside], minlength=size).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Echo:
    """The lag in cells at which later counts best repeat the bursts of earlier ones; how well, how many."""

    lag: int
    likeness: float
    share: float


def echo(first: Values, second: Values, narrow: int, width: int) -> Echo:
    """The best repetition of `first` in `second`, which begins in the same cell and may go on for longer.

    `likeness` is the correlation of both, each a moving mean over `narrow` cells less one over `width`, so
    that only bursts count; `share` the sum of `second` in the repeating window over the sum of `first`.
    Lags of up to the length of `second` less half of `first` are tried.
    """
    lag, likeness = _best_lag(_bursts(first, narrow, width), _bursts(second, narrow, width))
    total = float(first.sum())
    return Echo(lag, likeness, float(second[lag : lag + len(first)].sum()) / total if total else 0.0)


def echo_chance(first: Values, second: Values, narrow: int, width: int, *, rounds: int, seed: int) -> float:
    """Chance of a likeness as high as that of `echo`.

    Null hypothesis: `second` does not know where the bursts of `first` stood. Permutation test: the pieces of
    `first` are shuffled as in `unmoved` and the best lag is sought anew each time.
    """
    later = _bursts(second, narrow, width)
    found = _best_lag(_bursts(first, narrow, width), later)[1]
    rng = np.random.default_rng(seed)
    higher = 0
    for _ in range(rounds):
        shuffled = first[_shuffled(len(first), rng)]
        higher += _best_lag(_bursts(shuffled, narrow, width), later)[1] >= found - 1e-12
    return (1 + higher) / (1 + rounds)


def _bursts(counts: Values, narrow: int, width: int) -> Values:
    return _moving_mean(counts, narrow) - _moving_mean(counts, width)


def _moving_mean(counts: Values, width: int) -> Values:
    """Mean of the `width` (odd) cells around each cell, of those there are at the ends."""
    total = np.concatenate(([0.0], np.cumsum(counts)))
    place = np.arange(len(counts))
    low, high = np.maximum(0, place - width // 2), np.minimum(len(counts), place + width // 2 + 1)
    return np.asarray((total[high] - total[low]) / (high - low))


def _best_lag(first: Values, second: Values) -> tuple[int, float]:
    size, last = len(first), max(1, len(second) - len(first) // 2)
    whole = len(second) + 2 * size
    product = np.fft.irfft(np.conj(np.fft.rfft(first, whole)) * np.fft.rfft(second, whole), whole)[:last]
    energy = np.concatenate(([0.0], np.cumsum(np.concatenate((second, np.zeros(size))) ** 2)))
    window = energy[size : size + last] - energy[:last]
    scale = np.sqrt(np.maximum(window, 1e-9) * float((first**2).sum() or 1.0))
    lag = int(np.argmax(product / scale))
    return lag, float(product[lag] / scale[lag])


def far_stretch(ratio: Values, *, high: bool, score: float, floor: float, length: int) -> Stretch | None:
    """The longest stretch of log ratios `score` scaled deviations above or below their median.

    A scaled deviation is at least `floor`. None when it has fewer than `length` samples.
    """
    middle, scale = spread(ratio, floor)
    side = ratio - middle if high else middle - ratio
    start, size = _run(side >= score * scale)
    if size < length:
        return None
    return Stretch(start, size, float(np.exp(np.median(side[start : start + size]))))


def _run(true: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], true.astype(np.int8), [0]))))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    place = int(np.argmax(lengths))
    return int(edges[2 * place]), int(lengths[place])
