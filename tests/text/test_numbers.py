from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.text.numbers import find_numbers, parse_number, spoken_numbers

DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """Our own speller: 10,305 is 一万零三百零五."""
    if number < 10:
        return DIGITS[number]
    for size, unit in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= size:
            above, below = divmod(number, size)
            gap = "零" if 0 < below < size // 10 else ""
            return spell(above) + unit + gap + (spell(below) if below else "")
    raise AssertionError


@given(st.integers(0, 10**12))
def test_every_spelled_number_is_read_back(number: int) -> None:
    assert parse_number(spell(number)) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("一百二", "120"),
        ("两万五", "25000"),
        ("一亿五", "150000000"),
        ("十五", "15"),
        ("零壹", "1"),
        ("二零二六", "2026"),
        ("贰佰伍拾", "250"),
        ("三点五", "3.5"),
        ("三点五万", "35000"),
        ("20万", "200000"),
        ("1.5亿", "150000000"),
        ("1,000", "1000"),
        ("百分之三十", "0.3"),
        ("百分之百", "1"),
        ("千分之五", "0.005"),
    ],
)
def test_parse_number(written: str, value: str) -> None:
    assert parse_number(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "好", "三个", "点五", "万", "-3", "1.2.3"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        parse_number(written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("九块九包邮", [("九块九", "9.9", "块")]),
        ("十九块九毛", [("十九块九毛", "19.9", "块")]),
        ("19块9一斤", [("19块9", "19.9", "块"), ("一斤", "1", "斤")]),
        ("九十九元三件", [("九十九元", "99", "元"), ("三件", "3", "件")]),
        ("百分之百纯棉", [("百分之百", "100", "%")]),
        ("千分之三", [("千分之三", "3", "‰")]),
        ("三个疗程，三十天", [("三个疗程", "3", "个疗程"), ("三十天", "30", "天")]),
        ("八五折和八折", [("八五折", "8.5", "折"), ("八折", "8", "折")]),
        ("零壹年", [("零壹年", "01", "年")]),
        ("三分之一", []),
        ("一个，三心二意", []),
    ],
)
def test_find_numbers(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(text[n.start : n.end], n.digits, n.unit) for n in find_numbers(text)] == expected


def test_numbers_not_worth_a_reading() -> None:
    assert [n.digits for n in spoken_numbers("来一次，买一件，30天，三件")] == []
    assert [n.digits for n in spoken_numbers("一天，三十三次")] == ["1", "33"]


@given(st.text(alphabet="零一二两三十百千万亿点块元毛折天年分之0123456789.，个月件", max_size=30))
def test_any_mixture_is_read_without_error(text: str) -> None:
    for number in find_numbers(text):
        assert 0 <= number.start < number.number_end <= number.end <= len(text)
        assert number.value >= 0
