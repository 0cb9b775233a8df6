"""Marks, positions and wall clocks as people and tools write them."""

from datetime import UTC, datetime, timedelta

import pytest

from fairstream.sources.times import CHINA, mark_ms, position_ms, wall_clock


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00:12:03", 723_000),
        ("00:12", 12_000),
        ("75:10", 4_510_000),
        ("1:02:03,456", 3_723_456),
        ("02:03.4", 123_400),
        ("00:00:01:250", 1_250),
        ("0:00:01.5", 1_500),
        ("00:60", None),
        ("1:60:00", None),
        ("12", None),
        ("", None),
        ("１２:００", None),
        ("aa:bb", None),
    ],
)
def test_marks(text: str, expected: int | None) -> None:
    assert mark_ms(text) == expected


def test_positions_in_units() -> None:
    assert position_ms(1.5) == 1500
    assert position_ms("1500", unit_ms=1) == 1500
    assert position_ms("00:10") == 10_000
    for bad in ("", "nan", "inf", 1e300, True, None, [1], "x", 10**400):
        assert position_ms(bad) is None


def test_wall_clocks_of_every_shape_are_one_moment() -> None:
    moment = datetime(2026, 3, 1, 20, 0, 5, tzinfo=CHINA)
    stamp = int(moment.timestamp())
    shapes = [
        stamp,
        str(stamp),
        stamp * 1000,
        float(stamp),
        "2026-03-01T20:00:05+08:00",
        "2026-03-01T12:00:05Z",
        "2026-03-01 20:00:05",
        "2026/3/1 20:00:05",
        "2026年3月1日 20:00:05",
        "20260301_200005",
        "2026-03-01T20:00:05.0000000+08:00",
        moment.replace(tzinfo=None),
        moment,
    ]
    assert {wall_clock(shape) for shape in shapes} == {moment}


def test_clock_without_zone_is_beijing_time() -> None:
    moment = wall_clock("2026-03-01 20:00")
    assert moment is not None
    assert moment.utcoffset() == timedelta(hours=8)
    assert moment.astimezone(UTC).hour == 12


@pytest.mark.parametrize(
    "value",
    ["", "soon", "2026-13-01 20:00:00", "00:12:03", 12, -5, 1e300, float("nan"), None, True, "9" * 500],
)
def test_what_is_no_clock(value: object) -> None:
    assert wall_clock(value) is None
