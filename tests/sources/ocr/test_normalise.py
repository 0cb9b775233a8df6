"""One form for width, brackets, hyphens and spaces; words stay as read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.sources.ocr.normalise import normalise


@pytest.mark.parametrize(
    ("read", "wanted"),
    [
        ("食健广审(文)第250101-00001号", "食健广审（文）第250101-00001号"),
        ("食健广审（文)第２５０１０１－００００１号", "食健广审（文）第250101-00001号"),
        ("国药准字Ｚ２０１２３４５６", "国药准字Z20123456"),
        ("现价99元   原价399元", "现价99元 原价399元"),
        ("限时特惠!仅剩50单", "限时特惠！仅剩50单"),
        ("温馨提示:理性消费", "温馨提示：理性消费"),
        ("直播时间19:30开始", "直播时间19:30开始"),
        ("(SK-II)", "(SK-II)"),
        ("vitamin (C)", "vitamin (C)"),
        ("维生素(C)", "维生素（C）"),
        ("￥９９．９", "¥99.9"),
        ("0℃冷藏", "0℃冷藏"),
        ("净含量500g x 2", "净含量500g x 2"),
        ("別猶豫", "別猶豫"),
        ("  \u3000 ", ""),
        ("", ""),
    ],
)
def test_forms(read: str, wanted: str) -> None:
    assert normalise(read) == wanted


@given(st.text(max_size=40))
def test_twice_is_as_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
