"""Corrected shares: known answers, safe limits, and coverage over simulated samples."""

import numpy as np
import pytest

from fairstream.opinion.prevalence import Estimate, Outcome, estimate, wilson


@pytest.mark.parametrize(
    ("share", "n", "low", "high"),
    [
        # Newcombe 1998, table I, method 4: 81/263, 15/148, 0/20, 1/29.
        (81 / 263, 263, 0.2535, 0.3682),
        (15 / 148, 148, 0.0598, 0.1644),
        (0.0, 20, 0.0, 0.2005),
        (1 / 29, 29, 0.0018, 0.1963),
        (1.0, 20, 0.7995, 1.0),
    ],
)
def test_wilson_limits_with_continuity_as_printed(share: float, n: int, low: float, high: float) -> None:
    assert wilson(share, n) == pytest.approx((low, high), abs=5e-5)


def test_nothing_drawn_says_nothing() -> None:
    assert wilson(0.5, 0) == (0.0, 1.0)
    assert estimate([], {("a", "yes"): 10}) == Estimate(None, 0.0, 1.0, 0)
    assert estimate([Outcome("a", "yes", False, False)], {("a", "yes"): 10}).value is None


def test_a_population_that_was_labelled_whole_has_no_error_left() -> None:
    outcomes = [Outcome("a", "yes", True, n < 3) for n in range(4)] + [Outcome("b", "no", True, False)] * 6
    found = estimate(outcomes, {("a", "yes"): 4, ("b", "no"): 6})
    assert found == Estimate(0.3, 0.3, 0.3, 10)


def test_the_share_is_weighted_by_the_sizes_of_the_strata() -> None:
    outcomes = [Outcome("a", "yes", True, n < 8) for n in range(10)] + [
        Outcome("b", "no", True, n < 1) for n in range(10)
    ]
    found = estimate(outcomes, {("a", "yes"): 100, ("b", "no"): 900})
    assert found.value == pytest.approx((100 * 0.8 + 900 * 0.1) / 1000)
    assert found.low < 0.1 < 0.17 < found.high


def test_a_ratio_is_of_the_estimated_whole() -> None:
    outcomes = [Outcome("a", "c", n < 6, n < 3) for n in range(10)]
    assert estimate(outcomes, {("a", "c"): 1000}).value == pytest.approx(0.5)


def test_a_group_without_labels_is_open() -> None:
    outcomes = [Outcome("a", "yes", True, True) for _ in range(50)]
    found = estimate(outcomes, {("a", "yes"): 500, ("b", "no"): 500})
    assert found.value == pytest.approx((500 + 0.5 * 500 * 0.5) / (500 + 500 * 0.5))
    assert found.high - found.low > 0.3


def test_more_labels_narrow_the_interval() -> None:
    widths = []
    for n in (20, 80, 320, 1280):
        found = estimate([Outcome("a", "yes", True, i % 4 == 0) for i in range(n)], {("a", "yes"): 100_000})
        widths.append(found.high - found.low)
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.05


@pytest.mark.parametrize("share", [0.3, 0.05, 0.01])
def test_stated_limits_hold_at_least_as_often_as_stated(share: float) -> None:
    """A classifier that misses a fifth and invents one in a hundred; 300 labels in two strata."""
    held = 0
    for seed in range(200):
        random = np.random.default_rng(seed)
        true = random.random(20_000) < share
        said = np.where(true, random.random(20_000) < 0.8, random.random(20_000) < 0.01)
        outcomes = [
            Outcome(str(stratum), str(stratum), True, bool(true[row]))
            for stratum in (False, True)
            for row in random.choice(np.flatnonzero(said == stratum), 150, replace=False)
        ]
        sizes = {(str(s), str(s)): int((said == s).sum()) for s in (False, True)}
        found = estimate(outcomes, sizes)
        held += found.low <= true.mean() <= found.high
    assert held >= 190
