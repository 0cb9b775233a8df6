"""How numbers are written, and that a key means one number."""

from datetime import date

import pytest

from fairstream.opinion.aggregate import Count
from fairstream.opinion.prevalence import Estimate
from fairstream.opinion.report.numbers import Numbers, day, percent, rounded, span, whole
from fairstream.opinion.select import where
from fairstream.records import Words

ABOUT = Words("甲", "a")


def test_counts_and_shares_as_reports_print_them() -> None:
    assert whole(48930596) == Words("48,930,596", "48,930,596")
    assert rounded(1957224) == Words("195.7万", "1.957 million")
    assert rounded(509000) == Words("50.9万", "509,000")
    assert rounded(123456789) == Words("1.23亿", "123.457 million")
    assert rounded(397.2) == Words("397", "397")
    assert percent(0.1121) == Words("11.21%", "11.21%")
    assert percent(None) == Words("—", "—")
    assert day(date(2022, 11, 1)) == Words("2022年11月1日", "1 November 2022")
    assert span(date(2022, 6, 1), date(2022, 6, 20)).zh == "2022年6月1日至2022年6月20日"


def test_a_number_knows_its_items() -> None:
    numbers = Numbers(where("day:2022-11-01"))
    found = numbers.items("a", Count(7, 5), ABOUT, where("complaint"))
    assert (found.value, found.count, found.query) == (7, 7, "day:2022-11-01 and complaint")
    first = numbers.firsts("a.first", Count(7, 5), ABOUT, where("complaint"))
    assert (first.value, first.query) == (5, "day:2022-11-01 and complaint and first")
    share = numbers.share("s", 0.5, 5, ABOUT, where("complaint"), where("rights"), first=True)
    assert (share.query, share.whole) == (
        "day:2022-11-01 and first and complaint",
        "day:2022-11-01 and first and rights",
    )
    assert list(numbers.held) == ["a", "a.first", "s"]


def test_days_have_their_year_only_where_it_is_needed() -> None:
    on = date(2022, 1, 1)
    assert Numbers(where()).on("d", on, ABOUT, where(), 1).shown == Words("1月1日", "1 January")
    assert Numbers(where(), years=True).on("d", on, ABOUT, where(), 1).shown.zh == "2022年1月1日"


def test_a_key_means_one_number() -> None:
    numbers = Numbers(where())
    numbers.items("a", Count(7, 5), ABOUT, where())
    assert numbers.items("a", Count(7, 5), ABOUT, where()).value == 7
    with pytest.raises(ValueError, match="two numbers"):
        numbers.items("a", Count(8, 5), ABOUT, where())


def test_a_corrected_share_shows_its_limits_and_too_little_says_so() -> None:
    numbers = Numbers(where())
    found = numbers.corrected("a", Estimate(0.25, 0.2, 0.31, 400), ABOUT)
    assert found.shown == Words("25.00%（20.00%～31.00%）", "25.00% (20.00%–31.00%)")
    assert (found.low, found.high, found.confidence, found.count) == (0.2, 0.31, 0.95, 400)
    assert numbers.corrected("b", Estimate(None, 0, 1, 0), ABOUT).shown == Words(
        "样本不足", "too little data"
    )
