"""Readings of a recogniser's text with words as they may have been said."""

import pytest

from fairstream.text.fold import FoldedBatch, Folder, FoldKind
from fairstream.text.heard import Heard


def read(texts: list[str], *heard: list[Heard]) -> FoldedBatch:
    return Folder().fold_heard(texts, heard)


def said(start: int, end: int, term: str, cost: float = 0.2) -> Heard:
    return Heard(start, end, term, FoldKind.SOUND, cost)


def test_a_term_makes_a_reading_of_its_own() -> None:
    batch = read(["宣言植物", "好"], [said(1, 4, "燕之屋")], [])
    assert [batch.reading(n) for n in range(len(batch))] == ["宣言植物", "好", "宣燕之屋"]
    assert batch.row.tolist() == [0, 1, 0]
    begin = int(batch.bounds[2])
    assert batch.start[begin : begin + 4].tolist() == [0, 1, 2, 3]
    assert batch.end[begin : begin + 4].tolist() == [1, 2, 3, 4]
    assert batch.cost[begin : begin + 4].tolist() == pytest.approx([0, 0.2, 0.2, 0.2])
    assert batch.kinds[begin : begin + 4].tolist() == [0, 12, 12, 12]


def test_a_term_of_another_length_stands_for_the_whole_place() -> None:
    batch = read(["你好吗"], [said(0, 2, "燕之屋")])
    begin = int(batch.bounds[1])
    assert batch.reading(1) == "燕之屋吗"
    assert batch.start[begin : begin + 3].tolist() == [0, 0, 0]
    assert batch.end[begin : begin + 3].tolist() == [2, 2, 2]
    assert batch.cost[begin : begin + 3].tolist() == pytest.approx([0.2] * 3)


def test_offsets_are_those_of_the_text_as_published() -> None:
    batch = read(["ＡＢ\u200b繁體 字"], [said(3, 5, "治疗")])
    assert batch.reading(1) == "ab治疗字"


def test_terms_that_overlap_make_two_readings() -> None:
    batch = read(["一二三四"], [said(0, 3, "甲乙丙"), said(2, 4, "丁戊")])
    assert [batch.reading(n) for n in (1, 2)] == ["甲乙丙四", "一二丁戊"]


def test_numbers_are_read_in_digits_beside_what_was_heard() -> None:
    batch = read(["三十天宣言"], [said(3, 5, "治疗")])
    assert [batch.reading(n) for n in range(4)] == ["三十天宣言", "30天宣言", "三十天治疗", "30天治疗"]


@pytest.mark.parametrize(
    "heard",
    [
        said(-3, 1, "治"),
        said(2, 2, "治"),
        said(3, 1, "治"),
        said(90, 99, "治疗"),
        said(0, 2, ""),
        said(0, 2, "你好"),
    ],
)
def test_what_has_no_place_or_changes_nothing_makes_no_reading(heard: Heard) -> None:
    assert len(read(["你好吗"], [heard])) == 1


def test_no_texts() -> None:
    assert len(Folder().fold_heard([], [])) == 0


def test_evasive_spellings_are_not_looked_for() -> None:
    assert len(Folder(["微信"]).fold_heard(["加薇芯"], [[]])) == 1
    assert len(Folder(["微信"]).fold(["加薇芯"])) == 2
