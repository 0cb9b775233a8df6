"""Boundaries of the curve checks, one number changed at a time."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from fairstream.checks import DATA
from fairstream.checks.about import Outcome
from fairstream.checks.curves import CHECKS
from fairstream.checks.curves_said import number, shown
from fairstream.checks.library import read_about
from fairstream.checks.scene import Scene
from fairstream.checks.series import usable
from fairstream.facts import Curve, CurveKind, Facts
from fairstream.records import Broadcast

ABOUTS = {name: read_about(DATA / f"{name}.yaml") for name in CHECKS}
CALM = [300 + 7 * ((3 * minute) % 5) for minute in range(40)]


def curve(kind: CurveKind, values: Sequence[float], start: int = 0, step: int = 60_000) -> Curve:
    return Curve(
        kind, tuple(start * 60_000 + step * n for n in range(len(values))), tuple(map(float, values))
    )


def run(check: str, *curves: Curve) -> list[Outcome]:
    scene = Scene(Broadcast("b", "b", date(2026, 3, 1)), Facts(curves=curves))
    return list(CHECKS[check](scene, ABOUTS[check]))


def reasons(check: str, *curves: Curve) -> list[str]:
    return [one.reason for one in run(check, *curves)]


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_every_curve_check_is_a_lead(check: str) -> None:
    assert ABOUTS[check].lead


@pytest.mark.parametrize(("length", "reason"), [(8, "clear"), (9, "clear"), (10, "plateau")])
def test_plateau_length(length: int, reason: str) -> None:
    values = CALM.copy()
    values[10 : 10 + length] = [350] * length
    assert reasons("curves/jumps", curve("viewers", values)) == [reason]


def test_plateau_needs_people_and_minutes() -> None:
    values = [value - 280 for value in CALM]
    values[10:30] = [49] * 20
    assert reasons("curves/jumps", curve("viewers", values)) == ["clear"]
    values[10:30] = [50] * 20
    assert reasons("curves/jumps", curve("viewers", values)) == ["plateau"]
    # 20 samples are 19 steps: 15 s each are 4:45 minutes, 16 s are 5:04
    assert reasons("curves/jumps", curve("viewers", values, step=15_000)) == ["clear"]
    assert reasons("curves/jumps", curve("viewers", values, step=16_000)) == ["plateau"]


@pytest.mark.parametrize(
    ("after", "rest", "reason"), [(240, 11, "left"), (240, 10, "clear"), (241, 11, "clear"), (60, 11, "left")]
)
def test_left_share_and_what_comes_after(after: int, rest: int, reason: str) -> None:
    values = [*(2 * value for value in CALM[:30]), 600, *[after + 5 * (n % 2) for n in range(rest)]]
    assert reasons("curves/jumps", curve("viewers", values)) == [reason]


def test_left_needs_two_hundred_people_who_do_not_come_back() -> None:
    small = [value - 50 for value in CALM[:30]]
    assert reasons("curves/jumps", curve("viewers", [*small, 250, 50, *[51, 50] * 6])) == ["left"]
    assert reasons("curves/jumps", curve("viewers", [*small, 249, 50, *[51, 50] * 6])) == ["clear"]
    assert reasons("curves/jumps", curve("viewers", [*small, 250, 50, *[51, 50] * 5, 100])) == ["left"]
    assert reasons("curves/jumps", curve("viewers", [*small, 250, 50, *[51, 50] * 5, 101])) == ["clear"]


def test_three_equal_steps_and_two() -> None:
    steps = np.array(CALM, dtype=float)
    steps[8:] += 600
    steps[18:] += 600
    assert reasons("curves/jumps", curve("viewers", steps.tolist())) == ["clear"]
    steps[28:] += 600
    assert reasons("curves/jumps", curve("viewers", steps.tolist())) == ["same"]


def test_more_orders_than_viewers_is_a_matter_of_rate() -> None:
    viewers = curve("viewers", [30 + minute % 3 for minute in range(40)])
    orders = [8 + (minute * 7) % 5 for minute in range(40)]
    orders[10:15] = [40, 44, 39, 47, 41]
    assert reasons("curves/orders-without-viewers", viewers, curve("orders", orders)) == ["more"]
    orders[14] = 30
    assert reasons("curves/orders-without-viewers", viewers, curve("orders", orders)) == ["clear"]


def test_two_minutes_a_sample_halve_the_rate() -> None:
    viewers = curve("viewers", [30 + minute % 3 for minute in range(40)], step=120_000)
    orders = [8 + (minute * 7) % 5 for minute in range(40)]
    orders[10:15] = [40, 44, 39, 47, 41]
    found = reasons("curves/orders-without-viewers", viewers, curve("orders", orders, step=120_000))
    assert found == ["clear"]


def test_comments_may_outnumber_viewers() -> None:
    viewers = curve("viewers", [30 + minute % 3 for minute in range(40)])
    comments = curve("comments", [60 + (minute * 17) % 31 for minute in range(40)])
    assert "more" not in reasons("curves/orders-without-viewers", viewers, comments)


def test_evenness_needs_a_mean_of_five() -> None:
    assert reasons("curves/orders-without-viewers", curve("orders", [5] * 40)) == ["even"]
    assert reasons("curves/orders-without-viewers", curve("orders", [5] * 39 + [4])) == ["alone"]


def test_refund_share_and_lag() -> None:
    orders = [2.0] * 60
    for place, burst in ((6, 40), (17, 75), (29, 30), (41, 90), (52, 50)):
        orders[place] += burst
    whole = curve("orders", orders)
    late = curve("refunds", orders, start=90)
    assert reasons("curves/refund-wave", whole, late) == ["mirror"]
    assert reasons("curves/refund-wave", whole, curve("refunds", orders, start=10)) == ["mirror"]
    assert reasons("curves/refund-wave", whole, curve("refunds", orders, start=9)) == ["clear"]
    fewer = [int(0.29 * value) for value in orders]
    assert reasons("curves/refund-wave", whole, curve("refunds", fewer, start=90)) == ["clear"]


@pytest.mark.parametrize(("back", "reason"), [(90, "bulk"), (89, "clear")])
def test_bulk_share(back: int, reason: str) -> None:
    orders = curve("orders", [2] * 50)
    assert reasons("curves/refund-wave", orders, curve("refunds", [back], start=300)) == [reason]


@pytest.mark.parametrize(("inside", "reason"), [(45, "bulk"), (44, "clear")])
def test_bulk_peak_is_half(inside: int, reason: str) -> None:
    orders = curve("orders", [2] * 50)
    rest = 90 - inside
    at = (300, 309, *(400 + 20 * n for n in range(rest)))
    values = (inside - 1, 1, *[1] * rest)
    refunds = Curve("refunds", tuple(60_000 * minute for minute in at), tuple(map(float, values)))
    assert reasons("curves/refund-wave", orders, refunds) == [reason]


def test_sides_tell_the_curve() -> None:
    found = run("curves/jumps", curve("viewers", CALM))[0]
    assert found.known[0].fact == "curves"
    assert found.known[0].text.en == "viewers: 40 samples, minutes 0 to 39, 300 to 328"
    empty = Curve("viewers", (), ())
    assert shown(empty, usable(empty)).text.zh == "在线人数：没有可用的采样点"


@pytest.mark.parametrize(
    ("value", "words"),
    [(3.0, "3"), (1234.5, "1234"), (999.6, "1e+03"), (0.00012345, "0.000123"), (12.345, "12.3")],
)
def test_numbers_in_words(value: float, words: str) -> None:
    assert number(value) == words


@pytest.mark.parametrize(
    ("before", "level", "comments", "reason"),
    [
        (21, 1000.0, 4, "step"),
        (15, 1000.0, 4, "step"),
        (14, 1000.0, 4, "clear"),
        (21, 1000.0, 14, "step"),
        (21, 1000.0, 15, "clear"),
        (21, 508.0, 4, "step"),
        (21, 507.0, 4, "clear"),
    ],
)
def test_a_step_of_viewers_that_brings_no_reactions(
    before: int, level: float, comments: int, reason: str
) -> None:
    """Fifteen samples before, five times the viewers, a third of the reactions per viewer are the limits."""
    viewers = [100.0 + i % 3 for i in range(before)] + [level + i % 3 for i in range(21)]
    made = [4.0 + i % 2 for i in range(before)] + [comments + i % 2 for i in range(21)]
    (outcome,) = run("curves/engagement", curve("viewers", viewers), curve("comments", made))
    assert outcome.reason == reason
