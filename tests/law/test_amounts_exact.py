"""Figures in words: the whole list that a sentence yields, in its order."""

from fractions import Fraction

import pytest

from fairstream.law.amounts import Figure, Unit, figures, names_amount, stands_in

Told = tuple[Unit, object, object]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("罚款一元", [("fen", 100, 100)]),
        ("罚款一元以上", [("fen", 100, None)]),
        ("罚款一元以下", [("fen", None, 100)]),
        ("罚款一元至二元", [("fen", 100, 100), ("fen", 200, 200)]),
        ("罚款一元至二元以下", [("fen", 100, 200)]),
        ("罚款一元以上二元以下", [("fen", 100, 200)]),
        ("罚款一元至", [("fen", 100, 100)]),
        ("不超过三元", [("fen", None, 300), ("fen", 300, 300)]),
        ("不足三元", [("fen", None, 300), ("fen", 300, 300)]),
        ("不超过三元以上", [("fen", None, 300), ("fen", 300, 300)]),
        ("二倍", [("times", 2, 2)]),
        ("二倍以下", [("times", None, 2)]),
        ("二倍以上", [("times", 2, None)]),
        ("二倍以上三倍以下", [("times", 2, 3)]),
        ("百分之五", [("times", Fraction(1, 20), Fraction(1, 20))]),
        ("百分之五十以上一倍以下", [("times", Fraction(1, 2), 1)]),
        ("等值", [("times", 1, 1)]),
        ("等值以上二倍以下", [("times", 1, 2)]),
        ("百分之十以上等值以下", [("times", Fraction(1, 10), 1)]),
        ("一元以上二倍以下", [("fen", 100, None)]),
        ("二倍以上三元以下", [("times", 2, None)]),
        ("二倍以下五元以下", [("times", None, 2), ("fen", None, 500)]),
        ("先罚一元，再罚二倍以下", [("fen", 100, 100), ("times", None, 2)]),
        ("万元以上二元以下", []),
        ("百千倍，再罚二元", [("times", 1100, 1100), ("fen", 200, 200)]),
        ("一元以上亿元以下", [("fen", 100, None)]),
        ("亿元，再罚二元", [("fen", 200, 200)]),
        ("", []),
    ],
    ids=range(28),
)
def test_words_yield_their_figures(words: str, told: list[Told]) -> None:
    assert [(item.unit, item.low, item.high) for item in figures(words)] == told
    assert all(isinstance(item, Figure) for item in figures(words))


@pytest.mark.parametrize(
    ("unit", "low", "high", "stands"),
    [
        ("times", 0.5, 3, True),
        ("times", 0.5, None, False),
        ("times", None, 3, False),
        ("times", 3, 0.5, False),
        ("fen", 0.5, 3, False),
        ("fen", 100, 200, True),
        ("times", 100, 200, False),
        ("fen", 200, 300, False),
        ("fen", None, 700, True),
    ],
)
def test_a_range_stands_as_one(unit: Unit, low: float | None, high: float | None, stands: bool) -> None:
    words = "罚百分之五十以上三倍以下；一元以上二元以下；七元以下"
    assert stands_in(words, unit, low, high) is stands


@pytest.mark.parametrize(
    ("fen", "named"), [(100, True), (200, True), (300, True), (3, False), (400, False), (1, False)]
)
def test_an_amount_is_named_at_either_end(fen: int, named: bool) -> None:
    assert names_amount("一元以上二元以下；不足三元；四倍", fen) is named


def test_a_multiple_names_no_amount() -> None:
    assert not names_amount("三倍", 3)
    assert not names_amount("三百倍", 300)
