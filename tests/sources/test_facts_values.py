"""Single values as people write them, and what is none."""

from datetime import date

import pytest

from fairstream.facts import Interval
from fairstream.sources import factvalues as values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("是", True), ("Yes", True), ("TRUE", True), ("1", True), ("√", True), ("有", True), ("否", False),
        ("no", False), ("0", False), ("没有", False), ("×", False), ("ｎｏ", False), ("2", None), ("", None),
        ("可能", None),
    ],
)  # fmt: skip
def test_truth(text: str, expected: bool | None) -> None:
    assert values.truth(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", date(2026, 3, 1)), ("2026/3/1", date(2026, 3, 1)), ("2026年3月1日", date(2026, 3, 1)),
        ("2026.3.1", date(2026, 3, 1)), ("20260301", date(2026, 3, 1)), ("２０２６-03-01", date(2026, 3, 1)),
        ("2026-03-01T00:00:00", date(2026, 3, 1)), ("2026-03-01T20:00:00Z", date(2026, 3, 2)),
        ("2026-02-29", None), ("2026-13-01", None), ("202603", None), ("gestern", None), ("长期", None),
        ("0001-01-01T00:00:00+14:00", None), ("", None),
    ],
)  # fmt: skip
def test_day(text: str, expected: date | None) -> None:
    assert values.day(text) == expected


def test_an_end_may_never_come() -> None:
    assert values.last_day("长期有效") == values.last_day("长期") == date(9999, 12, 31)
    assert values.last_day("2026-03-01") == date(2026, 3, 1)
    assert values.moment_of_day(date(2026, 3, 1)).isoformat() == "2026-03-01T00:00:00+08:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0), ("3200", 3200), ("3,200", 3200), ("3 200", 3200), ("3.2千", 3200), ("3.2k", 3200),
        ("1.2万", 12_000),
        ("1.2w", 12_000), ("2亿", 200_000_000), ("8人", 8), ("1.5万件", 15_000), ("2.5", 2.5), ("-1", None),
        ("1e5", None), ("3,20", None), ("八", None), ("", None), ("999999999999999", 999_999_999_999_999),
        ("99999999999999万", None), ("10000000亿", None), ("1" * 16, None), ("nan", None), ("8人次", None),
    ],
)  # fmt: skip
def test_number(text: str, expected: float | None) -> None:
    assert values.number(text) == expected
    assert values.count(text) == (None if expected == 2.5 else expected)


@pytest.mark.parametrize(
    ("text", "bare", "expected"),
    [
        ("20%", 10, 200), ("20", 10, 200), ("20", 1, 20), ("15‰", 10, 15), ("15‰", 1, 15), ("0.5%", 10, 5),
        ("100%", 10, 1000), ("100.1%", 10, None), ("0.05%", 10, None), ("abc", 10, None), ("-5%", 10, None),
        ("1000", 1, 1000), ("1001", 1, None),
    ],
)  # fmt: skip
def test_permille(text: str, bare: int, expected: int | None) -> None:
    assert values.permille(text, bare=bare) == expected


@pytest.mark.parametrize(
    ("text", "unit_ms", "expected"),
    [
        ("0:05:30", 1000, 330_000), ("5:30", 1, 330_000), ("305", 1000, 305_000), ("305", 1, 305),
        ("1.5", 1000, 1500), ("0", 1000, 0), ("-1", 1000, None), ("25:61", 1000, None), ("x", 1000, None),
    ],
)  # fmt: skip
def test_mark(text: str, unit_ms: int, expected: int | None) -> None:
    assert values.mark(text, unit_ms=unit_ms) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0:01:00-0:05:30", Interval(60_000, 330_000)), ("1:00 至 5:30", Interval(60_000, 330_000)),
        ("60~330", Interval(60_000, 330_000)), ("0:01:00 --> 0:05:30", Interval(60_000, 330_000)),
        ("1:00–1:00.001", Interval(60_000, 60_001)), ("1:00-1:00", None), ("5:00-1:00", None), ("1:00", None),
        ("1:00-2:00-3:00", None), ("a-b", None), ("1:00-", None), ("-1:00", None),
    ],
)  # fmt: skip
def test_interval(text: str, expected: Interval | None) -> None:
    assert values.interval(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("棉60%、涤纶40%", {"棉": 60.0, "涤纶": 40.0}),
        ("棉: 60; 涤纶：40", {"棉": 60.0, "涤纶": 40.0}),
        ("60% cotton, 40% linen", {"cotton": 60.0, "linen": 40.0}),
        ("棉100", {"棉": 100.0}),
        ("棉 60% 涤纶 40%", {"棉": 60.0, "涤纶": 40.0}),
        ("棉60% 涤纶40%", {"棉": 60.0, "涤纶": 40.0}),
        ("银99.9%", {"银": 99.9}),
        ("棉101%", None),
        ("棉", None),
        ("", None),
        ("牛肉70、", {"牛肉": 70.0}),
        ("70％牛肉 30％ 鸭肉", {"牛肉": 70.0, "鸭肉": 30.0}),
        ("60 cotton", None),
        ("棉6.0.5", None),
        ("棉60%x", None),
        ("organic cotton 95%/elastane 5%", {"organic cotton": 95.0, "elastane": 5.0}),
        ("棉100%涤0%", {"棉": 100.0, "涤": 0.0}),
    ],
)
def test_shares(text: str, expected: dict[str, float] | None) -> None:
    assert values.shares(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("60", 60.0), ("60%", 60.0), ("100%", 100.0), ("101%", None), ("6‰", None), ("x", None)],
)
def test_share(text: str, expected: float | None) -> None:
    assert values.share(text) == expected
