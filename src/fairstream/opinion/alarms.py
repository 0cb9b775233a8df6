"""Chances, and how many false alarms to expect among many tests: the arithmetic of novelty, pairs and bursts.

Written here because the product does not ship scipy; the tests hold it against scipy.
"""

import math
from typing import Final

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

Z95: Final = 1.959963984540054
"""Half-width of a 95 % interval in standard errors."""
_TINY: Final = 1e-300
_STEPS: Final = 100_000
_PRECISE: Final = 1e-14


def at_least(counts: npt.ArrayLike, means: npt.ArrayLike, variances: npt.ArrayLike) -> Floats:
    """Chance of `counts` or more when counts vary as a negative binomial with that mean and variance.

    A variance not above the mean is taken as Poisson. All three are arrays of one length; means are positive
    or zero. The upper tail is the regularised incomplete beta function (Abramowitz & Stegun 26.5.26).
    """
    y, mean, variance = np.broadcast_arrays(
        np.asarray(counts, dtype=np.float64),
        np.asarray(means, dtype=np.float64),
        np.asarray(variances, dtype=np.float64),
    )
    found: Floats = _tails(y.ravel(), mean.ravel(), variance.ravel()).reshape(y.shape)
    return found


def false_discovery(chances: npt.ArrayLike, *, dependent: bool = False) -> Floats:
    """The false-discovery rate at which each test would just be called: q of Benjamini & Hochberg (1995).

    NaN is no test and stays NaN. `dependent` holds under any dependence (Benjamini & Yekutieli 2001) and is
    stricter by about the logarithm of the number of tests.
    """
    p = np.asarray(chances, dtype=np.float64)
    q = np.full(p.shape, np.nan)
    tests = np.flatnonzero(~np.isnan(p.ravel()))
    if not len(tests):
        return q
    values = p.ravel()[tests]
    order = np.argsort(values, kind="stable")
    ranks = np.arange(1, len(values) + 1)
    scaled = values[order] * len(values) / ranks
    if dependent:
        scaled = scaled * float(np.sum(1.0 / ranks))
    smallest = np.minimum.accumulate(scaled[::-1])[::-1]
    q.ravel()[tests[order]] = np.minimum(smallest, 1)
    return q


def likelihood_ratio(a: npt.ArrayLike, n: npt.ArrayLike, b: npt.ArrayLike, m: npt.ArrayLike) -> Floats:
    """G² of `a` hits among `n` against `b` among `m`: twice the log-likelihood ratio (Dunning 1993)."""
    a, n, b, m = (np.asarray(value, dtype=np.float64) for value in (a, n, b, m))
    share = np.divide(a + b, n + m, out=np.zeros(np.broadcast_shapes(a.shape, n.shape)), where=(n + m) > 0)
    total = _part(a, n * share) + _part(n - a, n * (1 - share))
    total = total + _part(b, m * share) + _part(m - b, m * (1 - share))
    return np.maximum(2 * total, 0)


def _part(seen: Floats, expected: Floats) -> Floats:
    found = np.zeros(np.broadcast_shapes(seen.shape, expected.shape))
    some = (seen > 0) & (expected > 0)
    ratio = np.divide(seen, expected, out=np.ones_like(found), where=some)
    return np.where(some, seen * np.log(ratio), found)


def chance_of(ratios: npt.ArrayLike) -> Floats:
    """Chance of a G² at least this large when nothing differs: chi-square with one degree of freedom."""
    values = np.sqrt(np.asarray(ratios, dtype=np.float64) / 2)
    return np.array([math.erfc(value) for value in values.ravel()]).reshape(values.shape)


@numba.njit(cache=True, nogil=True)
def _tails(y, mean, variance):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    found = np.ones(len(y))
    for i in range(len(y)):
        if np.isnan(y[i]) or np.isnan(mean[i]) or np.isnan(variance[i]):
            found[i] = np.nan
        elif y[i] <= 0:
            found[i] = 1.0
        elif mean[i] <= 0:
            found[i] = 0.0
        elif variance[i] <= mean[i] * (1 + 1e-9):
            found[i] = _poisson_tail(y[i], mean[i])
        else:
            size = mean[i] * mean[i] / (variance[i] - mean[i])
            found[i] = _beta_share(mean[i] / (mean[i] + size), y[i], size)
    return found


@numba.njit(cache=True, nogil=True)
def _beta_share(x, a, b):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """Regularised incomplete beta function by its continued fraction (Lentz)."""
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(x, a, b) / a)
    return max(0.0, 1.0 - front * _fraction(1 - x, b, a) / b)


@numba.njit(cache=True, nogil=True)
def _fraction(x, a, b):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > _TINY else _TINY)
    h = d
    for m in range(1, _STEPS):
        up = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 + up * d
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = 1 + up / c
        c = c if abs(c) > _TINY else _TINY
        h *= d * c
        down = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 + down * d
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = 1 + down / c
        c = c if abs(c) > _TINY else _TINY
        step = d * c
        h *= step
        if abs(step - 1) < _PRECISE:
            break
    return h


@numba.njit(cache=True, nogil=True)
def _poisson_tail(y, mean):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """Chance of y or more: the regularised lower incomplete gamma function, by series or fraction."""
    front = math.exp(y * math.log(mean) - mean - math.lgamma(y))
    if mean < y + 1:
        term = 1.0 / y
        total = term
        for k in range(1, _STEPS):
            term *= mean / (y + k)
            total += term
            if term < total * _PRECISE:
                break
        return min(1.0, total * front)
    b = mean + 1 - y
    c = 1 / _TINY
    d = 1 / b
    h = d
    for k in range(1, _STEPS):
        up = -k * (k - y)
        b += 2
        d = up * d + b
        d = 1 / (d if abs(d) > _TINY else _TINY)
        c = b + up / c
        c = c if abs(c) > _TINY else _TINY
        h *= d * c
        if abs(d * c - 1) < _PRECISE:
            break
    return max(0.0, 1.0 - front * h)
