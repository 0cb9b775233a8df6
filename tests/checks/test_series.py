"""The robust tests behind the curve checks, against values computed by hand or from tables."""

from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.checks.series import (
    Series,
    above_baseline,
    batches,
    blocks,
    echo,
    echo_chance,
    far_stretch,
    grain,
    increments,
    lasting,
    longest_tie,
    lower_chi_square,
    on_grid,
    paired,
    rounding,
    same_size,
    spread,
    sudden,
    too_equal,
    too_even,
    unmoved,
    usable,
)
from fairstream.facts import Curve


def series(*values: float, step: float = 1.0) -> Series:
    return Series(step * np.arange(len(values)), np.asarray(values, dtype=float))


def test_usable_sorts_and_drops_what_cannot_be() -> None:
    curve = Curve("viewers", (120_000, 0, 60_000, 60_000, 180_000, 240_000, 300_000),
                  (3, 1, 2, 9, float("nan"), -1, 1e13))  # fmt: skip
    found = usable(curve)
    assert found.at.tolist() == [0, 1, 2]
    assert found.values.tolist() == [1, 2, 3]


def test_usable_keeps_the_largest_and_zero() -> None:
    assert usable(Curve("viewers", (0, 1), (1e12, 0))).values.tolist() == [1e12, 0]


def test_nothing_is_usable_when_numbers_differ() -> None:
    assert len(usable(Curve("viewers", (0, 1), (1.0,)))) == 0


def test_spacing_is_the_median_distance() -> None:
    assert Series(np.array([0.0, 1, 2, 10]), np.zeros(4)).spacing == 1
    assert series(1).spacing == 1


def test_running_totals_become_increments() -> None:
    assert increments(series(1, 3, 3, 7, 8, 12)).values.tolist() == [2, 0, 4, 1, 4]
    assert increments(series(1, 3, 3, 7, 8, 12)).at.tolist() == [1, 2, 3, 4, 5]
    assert increments(series(1, 3, 3, 7, 8)).values.tolist() == [1, 3, 3, 7, 8]  # four values only
    assert increments(series(1, 3, 2, 7, 8, 12)).values.tolist() == [1, 3, 2, 7, 8, 12]  # it falls once


def test_paired_gathers_the_finer_counts() -> None:
    levels, counts = paired(series(10, 20, 30), series(*range(1, 13), step=0.25))
    assert levels.at.tolist() == counts.at.tolist() == [0, 1, 2]
    assert counts.values.tolist() == [1 + 2 + 3, 4 + 5 + 6 + 7, 8 + 9 + 10 + 11]


def test_paired_takes_the_mean_of_finer_levels() -> None:
    levels, counts = paired(series(10, 20, 30, 40, step=0.5), series(1, 2))
    assert counts.values.tolist() == [1, 2]
    assert levels.values.tolist() == [15, 35]


def test_paired_leaves_out_moments_without_a_partner() -> None:
    counts = Series(np.array([0.0, 2, 3]), np.array([1.0, 2, 3]))
    levels, found = paired(series(10, 20, 30, 40), counts)
    assert levels.values.tolist() == [10, 30, 40]
    assert found.values.tolist() == [1, 2, 3]
    assert len(paired(series(), counts)[0]) == len(paired(counts, series())[1]) == 0


def test_spread() -> None:
    assert spread(np.array([1.0, 2, 3, 4, 100]), 0.1) == (3, pytest.approx(1.4826))
    assert spread(np.array([2.0, 2, 2]), 0.1) == (2, 0.1)


def test_longest_tie_counts_steps_outside() -> None:
    values = np.array([100.0, 110, 120, 130, 130, 130, 140, 150])
    tie = longest_tie(values, least=50, band=0.004, floor=0.0)
    assert tie is not None
    assert (tie.start, tie.length, tie.level) == (3, 3, 130)
    assert tie.chance == pytest.approx(8 * (1 / 7) ** 2)  # 0 of 5 steps outside stand still


def test_longest_tie_knows_the_floor_and_the_level() -> None:
    values = np.array([100.0, 110, 120, 130, 130, 130, 140, 150])
    tie = longest_tie(values, least=50, band=0.004, floor=0.3)
    assert tie is not None
    assert tie.chance == pytest.approx(8 * 0.3**2)
    assert longest_tie(values, least=131, band=0.004, floor=0.3) is None
    assert longest_tie(values, least=130, band=0.004, floor=0.3) == tie


def test_longest_tie_allows_the_band() -> None:
    tie = longest_tie(np.array([900.0, 1000, 996, 1000, 1200]), least=50, band=0.004, floor=0.3)
    assert tie is not None and tie.length == 3
    narrow = longest_tie(np.array([900.0, 1000, 995, 1000, 1200]), least=50, band=0.004, floor=0.3)
    assert narrow is None


def test_rounded_levels_stand_still_more_easily() -> None:
    values = np.array([11000.0, 11000, 12000, 12000, 12000, 12000, 11000, 11000])
    tie = longest_tie(values, least=50, band=0.004, floor=0.3)
    assert tie is not None
    assert tie.chance == 1.0  # every step outside is within the rounding too


@pytest.mark.parametrize(
    ("level", "unit"), [(12000, 1000), (12300, 100), (12340, 0), (1200, 100), (900, 0), (123456, 0), (0, 0)]
)
def test_rounding(level: float, unit: float) -> None:
    assert rounding(level) == unit


def test_sudden_steps() -> None:
    values = [300, 302, 299, 301, 300, 450, 451, 449, 452, 450]
    assert sudden(series(*values), score=6, least=50).tolist() == [5]
    assert sudden(series(*values), score=6, least=150).tolist() == [5]
    assert sudden(series(*values), score=6, least=151).tolist() == []


def test_steps_over_a_gap_do_not_count() -> None:
    values = np.array([300.0, 302, 299, 301, 300, 450, 451, 449])
    at = np.array([0.0, 1, 2, 3, 4, 6, 7, 8])
    assert sudden(Series(at, values), score=6, least=50).tolist() == []


def test_lasting_steps() -> None:
    step = series(*[100] * 5, *[200] * 12)
    assert lasting(step, np.array([5]), after=10, kept=0.7).tolist() == [5]
    fading = series(*[100] * 5, 200, 190, 180, 170, 160, 150, 140, 130, 120, 110, 100, 100)
    assert lasting(fading, np.array([5]), after=10, kept=0.7).tolist() == []
    edge = series(*[100] * 5, 200, *[170] * 11)
    assert lasting(edge, np.array([5]), after=10, kept=0.7).tolist() == [5]
    under = series(*[100] * 5, 200, *[169] * 11)
    assert lasting(under, np.array([5]), after=10, kept=0.7).tolist() == []


def test_same_size_is_the_scan_bound() -> None:
    number, size, chance = same_size(np.array([400.0, 404, 408]), 1)
    assert (number, size) == (3, pytest.approx(404))
    assert chance == pytest.approx(comb(3, 3) * 3 * np.log(408 / 400) ** 2)


def test_same_size_chooses_the_best_number_and_pays_for_it() -> None:
    number, _, chance = same_size(np.array([400.0, 404, 408, 900]), 1)
    assert number == 3
    assert chance == pytest.approx(2 * comb(4, 3) * 3 * np.log(408 / 400) ** 2)


def test_same_size_cannot_beat_the_rounding() -> None:
    _, _, chance = same_size(np.array([400.0, 400, 400]), 10)
    assert chance == pytest.approx(3 * (2 * 10 / 400) ** 2)
    assert same_size(np.array([1.0, 1, 1]), 100)[2] == 1.0


def test_grain() -> None:
    assert grain(np.array([10.0, 20, 50])) == 10
    assert grain(np.array([10.0, 21])) == 1
    assert grain(np.array([1.5, 2])) == 0


@pytest.mark.parametrize(("statistic", "freedom"), [(3.940, 10), (18.493, 30), (10.851, 20)])
def test_lower_chi_square_agrees_with_tables(statistic: float, freedom: int) -> None:
    assert lower_chi_square(statistic, freedom) == pytest.approx(0.05, abs=0.001)


def test_lower_chi_square_upper_half() -> None:
    assert lower_chi_square(18.307, 10) == pytest.approx(0.95, abs=0.001)


def test_too_even_pairs_off() -> None:
    counts = np.array([10.0, 14, 20, 10, 0, 0, 7])
    assert too_even(counts) == pytest.approx(lower_chi_square(16 / 24 + 100 / 30, 2))
    assert too_even(np.zeros(8)) == 1.0


def test_too_even_finds_a_machine_and_spares_chance() -> None:
    assert too_even(np.full(40, 20.0)) < 1e-6
    assert too_even(np.random.default_rng(3).poisson(20, 400).astype(float)) > 0.01


def test_batches_stand_alone() -> None:
    counts = np.array([1.0, 2, 30, 1, 0, 31, 2, 1, 33, 34, 2])
    assert batches(counts, least=10, apart=2).tolist() == [2, 5]
    assert batches(counts, least=31, apart=2).tolist() == []
    assert batches(np.array([1.0, 5, 2, 10, 3]), least=10, apart=2).tolist() == [3]
    assert batches(np.array([1.0, 5, 2, 9, 3]), least=9, apart=2).tolist() == []


def test_batches_are_measured_from_their_surroundings() -> None:
    counts = np.array([1.0, 3, 50, 5, 7])
    assert above_baseline(counts, np.array([2]), 1).tolist() == [46]
    assert above_baseline(counts, np.array([2]), 2).tolist() == [46]
    assert above_baseline(np.array([9.0]), np.array([0]), 2).tolist() == [9]


def test_too_equal() -> None:
    sizes = np.array([50.0, 52, 48, 50])
    assert too_equal(sizes, 0.1) == pytest.approx(lower_chi_square(8 / (50 + 25), 3))


def test_blocks_leave_the_rest_out() -> None:
    assert blocks(np.arange(8.0), 3).tolist() == [3, 12]


def test_unmoved_only_tests_when_counts_are_flat() -> None:
    levels = np.tile([100.0, 100, 800, 800], 10)
    assert unmoved(levels, levels / 10, least=0.3, most=0.1, rounds=99, seed=1) == (
        pytest.approx(0.98365, abs=1e-5), 1.0,
    )  # fmt: skip
    assert unmoved(np.full(9, 5.0), np.arange(9.0), least=0.3, most=0.1, rounds=99, seed=1) == (0.0, 1.0)


def test_unmoved_finds_flat_counts_the_same_way_each_time() -> None:
    rng = np.random.default_rng(4)
    levels = np.repeat(rng.choice([100.0, 900], 30), 2)
    counts = rng.poisson(50, 60).astype(float)
    elasticity, chance = unmoved(levels, counts, least=0.3, most=0.1, rounds=199, seed=1)
    assert abs(elasticity) < 0.1
    assert chance == pytest.approx(1 / 200)
    assert unmoved(levels, counts, least=0.3, most=0.1, rounds=199, seed=1) == (elasticity, chance)


def test_on_grid() -> None:
    found = on_grid(Series(np.array([9.0, 10, 10.4, 13, 20]), np.ones(5)), start=10, step=1, size=4)
    assert found.tolist() == [2, 0, 0, 1]


def test_echo_finds_lag_and_share() -> None:
    orders = np.zeros(60)
    orders[[5, 17, 30, 44, 52]] = [40, 70, 30, 90, 50]
    refunds = np.zeros(200)
    refunds[90:150] = orders / 2
    found = echo(orders, refunds, 5, 31)
    assert (found.lag, found.share) == (90, 0.5)
    assert found.likeness > 0.95
    assert echo_chance(orders, refunds, 5, 31, rounds=99, seed=1) == pytest.approx(0.01)


def test_echo_of_unrelated_refunds_is_no_surprise() -> None:
    rng = np.random.default_rng(5)
    orders = rng.poisson(3, 60).astype(float)
    assert echo_chance(orders, rng.poisson(1, 200).astype(float), 5, 31, rounds=99, seed=1) > 0.05
    assert echo(np.zeros(40), np.ones(60), 5, 31).share == 0


def test_far_stretch() -> None:
    ratio = np.array([0.0, 0.1, -0.1, 0.05, -0.05, 0, -2, -2, -2, 0.1, -0.1, 0])
    low = far_stretch(ratio, high=False, score=2.5, floor=0.15, length=3)
    assert low is not None
    assert (low.start, low.length) == (6, 3)
    assert low.factor == pytest.approx(np.exp(1.975))
    assert far_stretch(ratio, high=False, score=2.5, floor=0.15, length=4) is None
    assert far_stretch(ratio, high=True, score=2.5, floor=0.15, length=1) is None
    high = far_stretch(-ratio, high=True, score=2.5, floor=0.15, length=3)
    assert high is not None and (high.start, high.length) == (6, 3)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=40))
def test_whatever_is_handed_in_becomes_a_series(values: list[float]) -> None:
    found = usable(Curve("orders", tuple(range(len(values))), tuple(values)))
    assert bool((found.values >= 0).all())
    assert len(increments(found)) <= len(found)


def test_whole_values_become_numbers_with_a_fraction() -> None:
    found = usable(Curve("viewers", (0, 60_000), (1, 2)))
    assert (found.at.dtype, found.values.dtype) == (np.float64, np.float64)


def test_on_grid_counts_cells_of_any_width_to_the_nearest() -> None:
    counts = Series(np.array([9.0, 10, 10.9, 11.1, 14, 17.2]), np.array([1.0, 2, 4, 8, 16, 32]))
    assert on_grid(counts, start=10, step=2, size=4).tolist() == [1 + 2 + 4, 8, 16, 0]
    assert on_grid(counts, start=10, step=0.5, size=9).tolist() == [2, 0, 12, 0, 0, 0, 0, 0, 16]


def test_of_ties_as_long_the_first_counts() -> None:
    values = np.array([100.0, 130, 130, 130, 160, 190, 190, 190])
    tie = longest_tie(values, least=50, band=0.004, floor=0.0)
    assert tie is not None
    assert (tie.start, tie.length, tie.level) == (1, 3, 130)


def test_a_step_of_exactly_the_band_stands_still() -> None:
    values = np.array([1000.0, 996, 900, 850, 850, 850, 850, 700])
    tie = longest_tie(values, least=50, band=0.004, floor=0.0)
    assert tie is not None
    assert (tie.start, tie.length) == (3, 4)
    assert tie.chance == pytest.approx(8 * ((1 + 1) / (4 + 2)) ** 3)  # one of 4 steps outside stands still


def test_lags_of_odd_lengths_are_found_as_well() -> None:
    first = np.array([0.0, 0, 9, 0, 0, 5, 0, 0, 0, 7, 0])
    second = np.concatenate((np.zeros(6), 2 * first))
    found = echo(first, second, 1, 11)
    assert (found.lag, found.share) == (6, 2.0)
    assert len(second) % 2 == 1
