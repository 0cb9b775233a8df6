"""Sums and moments as they are told."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fairstream.checks.price_figures import china_day, in_china, moment, money, offset
from fairstream.records import CHINA


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [
        (1, "0.01元", "0.01 yuan"),
        (9990, "99.9元", "99.9 yuan"),
        (129900, "1,299元", "1,299 yuan"),
        (5_000_000, "5万元", "50,000 yuan"),
        (0, "0元", "0 yuan"),
    ],
)
def test_money(fen: int, zh: str, en: str) -> None:
    assert tuple(money(fen)) == (zh, en)


def test_the_day_changes_at_midnight_in_china() -> None:
    assert china_day(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == date(2026, 2, 28)
    assert china_day(datetime(2026, 2, 28, 16, 0, tzinfo=UTC)) == date(2026, 3, 1)


def test_a_moment_without_zone_is_in_china() -> None:
    assert in_china(datetime(2026, 3, 1, 8)) == datetime(2026, 3, 1, 8, tzinfo=CHINA)  # noqa: DTZ001
    assert in_china(datetime(2026, 3, 1, 8, tzinfo=timezone(timedelta(hours=9)))).hour == 7
    assert moment(datetime(2026, 3, 1, 0, 5, 59, tzinfo=UTC)) == "2026-03-01 08:05"


@pytest.mark.parametrize(
    ("at_ms", "told"), [(0, "0:00:00"), (999, "0:00:00"), (3_723_000, "1:02:03"), (36_000_000, "10:00:00")]
)
def test_offset(at_ms: int, told: str) -> None:
    assert offset(at_ms) == told
