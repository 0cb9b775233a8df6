"""Bursts: days on which something is spoken of more than its own past explains, with a stated error rate.

For each series and day the expected count comes from the days before: their rate, robust to earlier bursts, a
weekday effect shrunk to the one of all series, and their overdispersion. The count of the day is compared
with a negative binomial of that mean and of the variance that also holds the uncertainty of the mean
(quasi-Poisson regression after Farrington et al. 1996 and Noufaily et al. 2013, without a trend). The
one-sided chances of all series and days pass through Benjamini & Hochberg (1995). Counts may be tested as
shares of all items of the day, so that a growing total alone is no burst.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.alarms import at_least, false_discovery

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_ROUNDS: Final = 3
_MEDIAN: Final = 0.6745
"""Median of the absolute value of a standard normal variable."""
_OUTLYING: Final = 2.58
"""Anscombe residual above which an earlier day loses weight (Noufaily et al. 2013)."""
_PRIOR: Final = 0.5
"""Half a count, as Jeffreys' prior has it: a series of zeros expects little, not nothing."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How bursts are found.

    `rate` is the false-discovery rate, over all series and days ("all") or, as one who watches day by day
    must, over the series of each day ("day"); `dependent` makes it hold under any dependence. `baseline`
    slots before the day are looked at, of which `least_slots` must have been observed. A burst has at least
    `items` and `ratio` times what was expected. `season` is how many counts the common weekday effect weighs
    against a series' own; `pull` how many informative slots the common dispersion weighs. `caution` widens
    the dispersion by so many of its own standard errors.
    """

    rate: float = 0.05
    family: Literal["all", "day"] = "all"
    dependent: bool = False
    baseline: int = 56
    least_slots: int = 14
    items: int = 5
    ratio: float = 1.5
    season: float = 10.0
    pull: float = 10.0
    caution: float = 2.0
    as_share: bool = False


class Tests(NamedTuple):
    """The test of every series (rows) and slot (columns); NaN where there was too little to test.

    `spread` is variance over mean of the earlier days, at least 1.
    """

    expected: Floats
    variance: Floats
    spread: Floats
    p: Floats
    q: Floats

    @property
    def tested(self) -> int:
        """How many tests were made."""
        return int(np.sum(~np.isnan(self.p)))


class Burst(NamedTuple):
    """Consecutive slots of one series, all called.

    `peak_items`, `expected`, `ratio`, `p` and `q` are those of the peak.
    `start`, `end` (included) and `peak` are slot numbers. `items` and `expected_items` are sums over the
    burst. `open` says that the burst lasts to the last observed slot.
    """

    series: int
    start: int
    end: int
    peak: int
    peak_items: int
    expected: float
    ratio: float
    p: float
    q: float
    items: int
    expected_items: float
    open: bool


def test(
    counts: npt.NDArray[np.integer],
    season: Sequence[int],
    settings: Settings | None = None,
    *,
    totals: npt.NDArray[np.integer] | None = None,
    observed: Flags | None = None,
) -> Tests:
    """Test every series and slot.

    `counts` is series × slots, `season` says of each slot its place in the week (weekday 0–6, or hour of the
    week). `totals` are all items of each slot: the denominator of shares. Slots that are not `observed` are
    neither tested nor part of a baseline; when not given, those are the slots without a single item.
    Raises `ValueError` when shapes do not fit.
    """
    settings = settings or Settings()
    y = np.asarray(counts, dtype=np.float64)
    if y.ndim != 2 or y.shape[1] != len(season):
        raise ValueError("counts are not series × slots")
    whole = y.sum(axis=0) if totals is None else np.asarray(totals, dtype=np.float64)
    seen = np.asarray(whole > 0 if observed is None else observed, dtype=np.bool_)
    if settings.as_share:
        seen = seen & (whole > 0)
    exposure = whole if settings.as_share else np.ones(len(whole))
    places = np.asarray(season, dtype=np.int64)
    common = None if settings.as_share else whole
    expected, variance, spread = (np.full(y.shape, np.nan) for _ in range(3))
    for slot in np.flatnonzero(seen).tolist():
        before = np.arange(max(0, slot - settings.baseline), slot)
        before = before[seen[before]]
        if len(before) >= settings.least_slots:
            past = _Past(y[:, before], exposure[before], places[before], settings)
            found = past.predict(exposure[slot], places[slot], None if common is None else common[before])
            expected[:, slot], variance[:, slot], spread[:, slot] = found
    p = at_least(y, expected, variance)
    return Tests(expected, variance, spread, p, rates(p, settings))


test.__test__ = False  # type: ignore[attr-defined] # a name of the trade, not of pytest


def found(
    counts: npt.NDArray[np.integer],
    tests: Tests,
    settings: Settings | None = None,
    *,
    observed: Flags | None = None,
) -> list[Burst]:
    """The bursts, most certain first: called slots of a series, at most one slot apart, are one burst."""
    settings = settings or Settings()
    y = np.asarray(counts)
    last = y.shape[1] - 1 if observed is None else int(np.flatnonzero(observed)[-1:].sum())
    with np.errstate(invalid="ignore"):
        called = (tests.q <= settings.rate) & (y >= settings.items)
        called &= y >= settings.ratio * tests.expected
    bursts = []
    for series in np.flatnonzero(called.any(axis=1)).tolist():
        slots = np.flatnonzero(called[series])
        runs = np.split(slots, np.flatnonzero(np.diff(slots) > 2) + 1)
        bursts += [_burst(series, run, y[series], tests, last) for run in runs]
    return sorted(bursts, key=lambda burst: (burst.q, burst.p, -burst.ratio, burst.series, burst.start))


def _burst(series: int, run: Ints, y: npt.NDArray[np.integer], tests: Tests, last: int) -> Burst:
    expected, p, q = tests.expected[series], tests.p[series], tests.q[series]
    peak = int(run[np.lexsort((-y[run], p[run]))[0]])
    start, end = int(run[0]), int(run[-1])
    within = slice(start, end + 1)
    return Burst(
        series,
        start,
        end,
        peak,
        int(y[peak]),
        float(expected[peak]),
        float(y[peak] / expected[peak]),
        float(p[peak]),
        float(q[peak]),
        int(y[within].sum()),
        float(np.nansum(expected[within])),
        end == last,
    )


def rates(p: Floats, settings: Settings) -> Floats:
    """The false-discovery rate at which each test of series × slots is called; NaN is no test."""
    if settings.family == "all":
        return false_discovery(p, dependent=settings.dependent)
    columns = [false_discovery(column, dependent=settings.dependent) for column in p.T]
    return np.stack(columns, axis=1) if columns else p.copy()


class _Past:
    """The baseline of one slot, for all series at once: rate, effect of the season, dispersion."""

    def __init__(self, counts: Floats, exposure: Floats, season: Ints, settings: Settings) -> None:
        self._y = counts
        self._exposure = exposure
        self._season = season
        self._settings = settings

    def predict(self, exposure: float, place: int, common: Floats | None) -> tuple[Floats, Floats, Floats]:
        """Mean, variance and dispersion of the count of a slot with that exposure and place in the week."""
        y, e, settings = self._y, self._exposure[None, :], self._settings
        length = int(max(self._season.max(), place)) + 1
        shared = _shared(common, self._season, length)
        member = (self._season[:, None] == np.arange(length)).astype(np.float64)
        effect = np.broadcast_to(shared, (len(y), length))
        rate, spread = _usual_rate(y, e * effect[:, self._season]), np.ones(len(y))
        for _ in range(_ROUNDS):
            mean = np.maximum(rate[:, None] * e * effect[:, self._season], 1e-12)
            residual = 1.5 * (y ** (2 / 3) - mean ** (2 / 3)) / mean ** (1 / 6)
            scale = np.maximum(np.median(np.abs(residual), axis=1) / _MEDIAN, 1)
            weight = (_OUTLYING / np.maximum(residual / scale[:, None], _OUTLYING)) ** 2
            own = (weight * y) @ member
            usual = (weight * rate[:, None] * e) @ member
            pull = settings.season * spread[:, None]
            effect = (own + pull * shared) / (usual + pull)
            raw = e * effect[:, self._season]
            rate = (weight * y).sum(axis=1) / np.maximum((weight * raw).sum(axis=1), 1e-300)
            freedom = self._freedom(weight, usual, pull)
            mean = np.maximum(rate[:, None] * raw, 1e-12)
            spread = np.maximum((weight * (y - mean) ** 2 / mean).sum(axis=1) / freedom, 1)
        raw = e * effect[:, self._season]
        shape = (weight * y).sum(axis=1) + _PRIOR
        mean_now = shape / np.maximum((weight * raw).sum(axis=1), 1e-300) * exposure * effect[:, place]
        spread = self._pooled(spread, weight * mean)
        spread = np.where(spread > 1, spread * (1 + settings.caution * np.sqrt(2 / freedom)), 1)
        return mean_now, spread * mean_now * (1 + mean_now / shape), spread

    def _pooled(self, spread: Floats, mean: Floats) -> Floats:
        """Dispersion drawn towards that of all series, the more the less a series tells by itself."""
        told = np.minimum(mean, 1).sum(axis=1)
        common = (told * spread).sum() / max(told.sum(), 1e-12) if told.sum() > 0 else 1.0
        pull = self._settings.pull
        return np.asarray((told * spread + pull * common) / (told + pull))

    def _freedom(self, weight: Floats, usual: Floats, pull: Floats) -> Floats:
        """Slots less the parameters fitted; a shrunken season counts as the part of it that is its own."""
        own = (usual / (usual + pull)).sum(axis=1)
        return np.asarray(np.maximum(weight.sum(axis=1) - np.maximum(own, 1), 3))


def _usual_rate(y: Floats, exposure: Floats) -> Floats:
    """A first rate that bursts do not move: the mean of the lower nine tenths of the slots.

    A series of few counts would begin at zero, from which all counts are outliers: a quarter of its plain
    rate is the least.
    """
    low = np.sort(y / np.maximum(exposure, 1e-300), axis=1)[:, : max(int(0.9 * y.shape[1]), 1)].mean(axis=1)
    plain = y.sum(axis=1) / np.maximum(exposure.sum(axis=1), 1e-300)
    return np.asarray(np.maximum(low, plain / 4))


def _shared(common: Floats | None, season: Ints, length: int) -> Floats:
    """The season of all series together, by medians, which single bursts do not move."""
    effect = np.ones(length)
    if common is None or np.median(common) <= 0:
        return effect
    middle = float(np.median(common))
    for place in range(length):
        chosen = common[season == place]
        if len(chosen) >= 2:
            effect[place] = float(np.median(chosen)) / middle
    return np.asarray(np.maximum(effect, 0.05))
