"""Lines that come and go together and stand close are one text."""

import pytest

from fairstream.law.identifiers import find_numbers_in
from fairstream.records import Box
from fairstream.sources.ocr.cards import Seen, cards


def line(
    text: str, top: float, start: int = 0, end: int = 4000, *, left: float = 0.1, moving: bool = False
) -> Seen:
    box = Box(left, top, 0.02 * len(text), 0.03)
    return Seen(round(top * 1000), start, end, text, box, 0.9, 3, moving=moving, lines=(round(top * 1000),))


def texts(*lines: Seen) -> list[str]:
    return [one.text for one in cards(lines)]


def test_price_and_the_price_it_is_compared_with() -> None:
    (card,) = cards([line("原价399元", 0.54), line("现价99元", 0.5)])
    assert card.text == "现价99元\n原价399元"
    assert card.box == pytest.approx((0.1, 0.5, 0.12, 0.07))
    assert card.lines == (500, 540)


@pytest.mark.parametrize(
    "other",
    [
        line("原价399元", 0.54, start=1000),
        line("原价399元", 0.54, end=9000),
        line("原价399元", 0.6),
        line("原价399元", 0.54, left=0.6),
        line("原价399元", 0.54, moving=True),
    ],
)
def test_lines_that_are_no_card(other: Seen) -> None:
    assert sorted(texts(line("现价99元", 0.5), other)) == ["原价399元", "现价99元"]


def test_pieces_of_one_row_from_the_left() -> None:
    assert texts(line("原价399元", 0.5, left=0.3), line("现价99元", 0.502)) == ["现价99元 原价399元"]


def test_a_number_broken_over_two_lines_is_whole_again() -> None:
    (text,) = texts(line("食健广审（文）第", 0.5), line("250101-00001号", 0.54))
    assert text == "食健广审（文）第250101-00001号"
    assert [(found.number.kind, found.span) for found in find_numbers_in(text)] == [
        ("ad_approval", (0, len(text)))
    ]
    assert texts(line("国药准字", 0.5), line("Z20123456", 0.54)) == ["国药准字Z20123456"]


def test_no_lines_no_cards() -> None:
    assert cards([]) == []
