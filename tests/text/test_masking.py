"""Personal numbers are starred at output, at the same length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.text.masking import mask, private


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("加我13812345678哦", "加我138******78哦"),
        ("+86 138-1234-5678", "+86 138-****-**78"),
        ("138 1234 5678", "138 **** **78"),
        ("１３８１２３４５６７８", "１３８******７８"),
        ("身份证11010519900307123X", "身份证110*************3X"),
        ("卡号6222021234567890123", "卡号622**************23"),
        ("6222 0212 3456 7890 123", "622* **** **** **** *23"),
        ("座机010-87654321", "座机010-******21"),
        ("(0571)87654321", "(057*)******21"),
    ],
)
def test_personal_numbers(text: str, masked: str) -> None:
    assert mask(text) == masked
    assert len(masked) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "只要9.9元，原价199元",
        "2026-03-01 20:00:00",
        "国食健注G20240001",
        "统一社会信用代码91310000MA1FL0000X",
        "913100001322119120",
        "条码6901234567892",
        "12345",
        "订单号20260301",
        "abc13812345678def",
        "",
    ],
)
def test_public_numbers_stay(text: str) -> None:
    assert mask(text) == text


@given(st.text(alphabet="0123456789 -０１２xX年Ａa.", max_size=80))
def test_length_and_other_characters_never_change(text: str) -> None:
    masked = mask(text)
    assert len(masked) == len(text)
    assert all(new in (old, "*") for new, old in zip(masked, text, strict=True))
    assert all(old.isdigit() or old in "xX" for new, old in zip(masked, text, strict=True) if new != old)


@given(st.integers(10**8, 10**9 - 1))
def test_no_mobile_number_survives(rest: int) -> None:
    number = f"1{3 + rest % 7}{rest}"
    assert number not in mask(f"电话{number}。")


def test_a_consumers_mail_and_door_are_starred_and_a_companys_left_to_mask() -> None:
    text = "寄到丰收路12号3单元402室，信箱 li.hua@example.com，电话13812345678"
    shown = "寄到丰收路**号*单元***室，信箱 ******@example.com，电话138******78"
    assert private(text) == shown
    assert len(shown) == len(text)
    assert mask(text) == text.replace("13812345678", "138******78")
