"""Figures in words: every way statutes write sums and multiples."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.law.amounts import figures, names_amount, stands_in
from fairstream.law.numerals import parse_numeral

WAN = 1_000_000  # 一万元 in fen


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("九", 9),
        ("十", 10),
        ("一百四十二", 142),
        ("二百〇五", 205),
        ("一千一百六十四", 1164),
        ("２０", 20),
        ("5000", 5000),
        ("20万", 200_000),
        ("二千万", 20_000_000),
        ("两", 2),
        ("一亿", 100_000_000),
    ],
)
def test_reads_numerals(written: str, value: int) -> None:
    assert parse_numeral(written) == value


@pytest.mark.parametrize("written", ["", "条", "九a", "三点五", "二分之一", " "])
def test_refuses_what_is_no_whole_number(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_numeral(written)


@pytest.mark.parametrize(
    ("words", "unit", "low", "high"),
    [
        ("罚款二十万元以上一百万元以下", "fen", 20 * WAN, 100 * WAN),
        ("罚款5万元以上50万元以下", "fen", 5 * WAN, 50 * WAN),
        ("罚款五千元以下", "fen", None, 500_000),
        ("最高不超过三万元", "fen", None, 3 * WAN),
        ("罚十万元", "fen", 10 * WAN, 10 * WAN),
        ("价值五十万元以上的", "fen", 50 * WAN, None),
        ("三千元至一万元以上", "fen", 300_000, WAN),
        ("费用三倍以上五倍以下", "times", 3, 5),
        ("所得5倍以下", "times", None, 5),
        ("货值百分之五十以上三倍以下", "times", 0.5, 3),
        ("货值等值以上三倍以下", "times", 1, 3),
        ("货值等值以下", "times", None, 1),
        ("营业额百分之五以下", "times", None, 0.05),
        ("经营额百分之二十以下", "times", None, 0.2),
        ("经营总额20%以上50%以下", "times", 0.2, 0.5),
        ("价款３０％以下", "times", None, 0.3),
        ("数额的三倍", "times", 3, 3),
    ],
)
def test_finds_a_range_as_one_range(words: str, unit: str, low: float | None, high: float | None) -> None:
    assert stands_in(f"先说别的，{words}，再说别的。", unit, low, high)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("low", "high"), [(20 * WAN, None), (None, 100 * WAN), (20 * WAN, 200 * WAN), (19 * WAN, 100 * WAN)]
)
def test_two_right_numbers_do_not_make_a_range(low: int | None, high: int | None) -> None:
    words = "罚款二十万元以上一百万元以下；严重的，罚款一百万元以上二百万元以下"
    assert not stands_in(words, "fen", low, high)


def test_numbers_of_days_and_people_are_no_figures() -> None:
    assert list(figures("五日以上十五日以下拘留，两名以上人员，第三条，六个月")) == []


def test_a_threshold_may_stand_anywhere() -> None:
    words = "所得五万元以上的罚一倍以上三倍以下，不足五万元的罚一万元以上五万元以下"
    assert names_amount(words, 5 * WAN)
    assert not names_amount(words, 3 * WAN)
    assert stands_in(words, "fen", WAN, 5 * WAN)


@given(st.integers(1, 9_999), st.integers(1, 9_999))
def test_finds_any_range_written_in_digits(first: int, second: int) -> None:
    low, high = sorted((first, second))
    assert stands_in(f"罚{low}万元以上{high}万元以下。", "fen", low * WAN, high * WAN)


@given(st.text(alphabet="元倍百分之%以上下等值一二三千万0１至不超过足", max_size=60))
def test_no_jumble_of_its_own_words_breaks_the_reader(words: str) -> None:
    for figure in figures(words):
        assert figure.low is not None or figure.high is not None
