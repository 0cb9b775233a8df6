"""Places on the strip."""

import pytest

from fairstream.inspect.inspection import Inspection
from fairstream.inspect.timeline import clock, length_ms, timeline


@pytest.mark.parametrize(
    ("ms", "shown"), [(None, ""), (0, "00:00"), (425_999, "07:05"), (3_723_000, "1:02:03"), (-5, "00:00")]
)
def test_clock(ms: int | None, shown: str):
    assert clock(ms) == shown


def test_points_lie_at_their_share_of_the_length(inspected: Inspection):
    strip = timeline(inspected.findings, 10_000)
    assert [point.percent for point in strip.points] == [10.0, 30.0, 35.0]
    assert [point.number for point in strip.points] == [1, 2, 3]


def test_points_never_leave_the_strip(inspected: Inspection):
    assert max(point.percent for point in timeline(inspected.findings, 2000).points) == 100


def test_nothing_timed_gives_no_strip(inspected: Inspection):
    assert timeline(inspected.findings, 0) == ((), ())


@pytest.mark.parametrize(("minutes", "labels"), [(4, 5), (24, 5), (130, 7), (1500, 7)])
def test_ticks_are_few(minutes: int, labels: int):
    assert len(timeline((), minutes * 60_000).ticks) == labels


def test_the_length_covers_everything_timed(inspected: Inspection):
    assert length_ms(inspected) == 10_800
