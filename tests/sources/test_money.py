"""Prices as sellers write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.sources.money import money_fen


@pytest.mark.parametrize(
    ("value", "fen"),
    [
        ("9.9", 990),
        (9.9, 990),
        (99, 9900),
        ("¥9.9", 990),
        ("￥ 1,299.00", 129_900),
        ("９.９", 990),
        ("RMB 99", 9900),
        ("9块9", 990),
        ("9块9毛9", 999),
        ("9元9角", 990),
        ("9块", 900),
        ("1.2万", 1_200_000),
        ("1万2", 1_200_000),
        ("3千", 300_000),
        ("99元起", 9900),
        ("9.9-19.9", 990),
        ("12.5元/斤", 1250),
        ("3件99元", 9900),
        ("到手价：59.9元", 5990),
        ("免费", 0),
        ("0", 0),
        ("0.005", 1),
        ("赠品", None),
        ("第2件半价", None),
        ("2024款", None),
        ("-3", None),
        ("", None),
        (None, None),
        (True, None),
        ("九块九", None),
        ("nan", None),
        ("1e9", None),
        ("9" * 500, None),
    ],
)
def test_prices(value: object, fen: int | None) -> None:
    assert money_fen(value) == fen


def test_bare_numbers_may_be_fen_but_written_units_win() -> None:
    assert money_fen("990", in_fen=True) == 990
    assert money_fen(990, in_fen=True) == 990
    assert money_fen("9.9元", in_fen=True) == 990


@given(st.integers(0, 10**9))
def test_every_amount_is_exact(fen: int) -> None:
    yuan = f"{fen // 100}.{fen % 100:02}"
    assert {
        money_fen(yuan),
        money_fen(f"¥{yuan}"),
        money_fen(f"{yuan}元"),
        money_fen(f"{fen // 100:,}.{fen % 100:02}"),
    } == {fen}


@given(st.text(max_size=200))
def test_any_text_gives_an_amount_or_none(text: str) -> None:
    amount = money_fen(text)
    assert amount is None or amount >= 0
