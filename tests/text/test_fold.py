"""The base fold: what characters become, and that every one of them knows where it stood."""

import random
import unicodedata
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairstream.text.fold import (
    BRACKETS,
    CLAUSE_MARKS,
    QUOTE_MARKS,
    SENTENCE_MARKS,
    FoldedBatch,
    Folder,
    FoldKind,
)

PLAIN = Folder()
NOISE = st.sampled_from([" ", "*", "-", "😊", "\u200b", "\u2060", "·", "~", "_", "|", "❤️", "　", "\u0336"])
ANY_TEXT = st.text(max_size=40) | st.text(
    alphabet="最好国國,.:1２③Ａa zuì\u200b\u0301😊*。！\n“《%￥⑩㈠\ud800", max_size=40
)


def base(text: str) -> str:
    return PLAIN.fold([text], evasion=False).reading(0)


def spans(batch: FoldedBatch, reading: int = 0) -> list[tuple[int, int]]:
    low, high = int(batch.bounds[reading]), int(batch.bounds[reading + 1]) - 1
    return list(zip(batch.start[low:high].tolist(), batch.end[low:high].tolist(), strict=True))


@pytest.mark.parametrize(
    ("published", "folded"),
    [
        ("ＶＩＰ　ok", "vip ok"),
        ("國貨運動", "国货运动"),
        ("①⑴１❶𝟏¹⒈", "1111111"),
        ("⑩天 ㉛", "10天31"),
        ("㈠㊙🈲", "一秘禁"),
        ("ЅаӏеnΟ", "saӏeno"),
        ("𝓿𝓲𝓹 🅅🄸🄿 🆅🅸🅿", "vip vip vip"),
        ("zuì hǎo lǜ", "zui hao lu"),
        ("最\u200b好\ufeff的\u00ad", "最好的"),
        ("最̶好̶", "最好"),
        ("最 * 好", "最好"),
        ("最😊好❤️的", "最好的"),
        ("最👨‍👩‍👧好", "最好"),
        ("加 v 信", "加v信"),
        ("第 1 名", "第1名"),
        ("hello world", "hello world"),
        ("9.9元 1,000块 12:30 v1.0", "9.9元1000块12:30 v1.0"),
        ("好,的.对:嗯;哦!哈?", "好，的。对：嗯；哦！哈？"),
        ("甲\n乙\r\n丙", "甲。乙。。丙"),
        ("「好」『好』“好”'好", "“好”“好”“好”'好"),
        ("（好）【好】《好》〈好〉", "(好)[好]《好》《好》"),
        ("１００％ ５‰ ¥9 ￥9", "100% 5‰ ￥9 ￥9"),
        ("好……的——啊", "好……的——啊"),
        ("三一定一百", "三一定一百"),
        ("最------------好", "最------------好"),
        ("\ud800好\udc00", "\ufffd好\ufffd"),
        ("", ""),
        ("\x00\x07\x1b", ""),
    ],
)
def test_published_characters_fold_to(published: str, folded: str) -> None:
    assert base(published) == folded


def test_marks_are_of_the_announced_sets() -> None:
    folded = base('a,b.c;d:e!f?g…h—i、j（k）【l】《m》“n”"o"「p」')
    marks = {c for c in folded if not c.isalnum()}
    assert marks <= set(SENTENCE_MARKS + CLAUSE_MARKS + QUOTE_MARKS + BRACKETS + ".:")


def test_no_line_end_stands_inside_a_reading() -> None:
    ends = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
    assert base(f"好{ends}的") == "好" + "。" * len(ends) + "的"


def test_spans_run_over_what_was_dropped_inside_a_term() -> None:
    batch = PLAIN.fold(["这是最 * 好的"])
    at = batch.reading(0).index("最好")
    assert (spans(batch)[at][0], spans(batch)[at + 1][1]) == (2, 7)


def test_a_combining_mark_belongs_to_the_character_before() -> None:
    assert spans(PLAIN.fold(["最̶好̶！"])) == [(0, 2), (2, 4), (4, 5)]


def test_an_expanded_sign_gives_all_its_characters_its_own_span() -> None:
    batch = PLAIN.fold(["共⑩天"])
    assert batch.reading(0) == "共10天"
    assert spans(batch) == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_kinds_name_the_costliest_fold() -> None:
    batch = PLAIN.fold(["國Ａ①а最 好a"])
    expected = ["TRADITIONAL", "WIDTH", "DIGIT", "LOOKALIKE", "NONE", "SEPARATOR", "NONE"]
    assert [FoldKind(k).name for k in batch.kinds[:-1].tolist()] == expected


def test_a_hit_does_not_pay_for_the_gap_before_it() -> None:
    batch = PLAIN.fold(["价格 最 好"])
    inside = batch.hit_costs(np.array([2]), np.array([4]))
    before = batch.hit_costs(np.array([2]), np.array([3]))
    assert float(inside[0]) > 0
    assert float(before[0]) == 0
    assert len(batch.hit_costs(np.array([], dtype=int), np.array([], dtype=int))) == 0


def test_an_empty_batch_has_no_readings() -> None:
    batch = PLAIN.fold([])
    assert len(batch) == 0
    assert batch.text == ""
    assert batch.bounds.tolist() == [0]


def test_arrays_are_as_long_as_the_text() -> None:
    batch = Folder(["最好"]).fold(["zui好 三十天", "好", ""])
    sizes = {len(a) for a in (batch.start, batch.end, batch.cost, batch.kinds, batch.codes)}
    assert sizes == {len(batch.text)}
    assert int(batch.bounds[-1]) == len(batch.text)
    assert batch.row[:3].tolist() == [0, 1, 2]


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_spans_are_monotone_inside_the_text_and_not_empty(text: str) -> None:
    found = spans(PLAIN.fold([text], evasion=False))
    assert all(0 <= start < end <= len(text) for start, end in found)
    assert all(a[0] <= b[0] and a[1] <= b[1] for a, b in pairwise(found))


@settings(max_examples=300, deadline=None)
@given(ANY_TEXT)
def test_a_folded_character_is_the_fold_of_what_it_stands_for(text: str) -> None:
    batch = PLAIN.fold([text], evasion=False)
    for character, (start, end) in zip(batch.reading(0), spans(batch), strict=True):
        if character not in ".:，。：":  # these depend on their neighbours
            assert character in base(text[start:end])


@settings(max_examples=200, deadline=None)
@given(ANY_TEXT)
def test_folding_a_folded_text_changes_nothing_more(text: str) -> None:
    once = base(text)
    assert base(base(once)) == base(once)


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_TEXT, max_size=8), st.data())
def test_any_split_of_a_batch_gives_the_same_readings(texts: list[str], data: st.DataObject) -> None:
    folder = Folder(["最好", "国货", "微信"])
    cut = data.draw(st.integers(0, len(texts)))
    whole, parts = folder.fold(texts), (folder.fold(texts[:cut]), folder.fold(texts[cut:]))
    joined = [
        (int(p.row[i]) + shift, p.reading(i), spans(p, i))
        for p, shift in zip(parts, (0, cut), strict=True)
        for i in range(len(p))
    ]
    assert sorted(joined) == sorted(
        (int(whole.row[i]), whole.reading(i), spans(whole, i)) for i in range(len(whole))
    )


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from("最好治疗微信全网低"), min_size=2, max_size=6),
    st.lists(NOISE, min_size=5, max_size=5),
)
def test_noise_between_characters_leaves_spans_exact(characters: list[str], noise: list[str]) -> None:
    text, places = "我", []
    for character, sign in zip(characters, [*noise, ""], strict=False):
        places.append((len(text), len(text) + 1))
        text += character + sign
    batch = PLAIN.fold([text + "吧"], evasion=False)
    assert batch.reading(0) == "我" + "".join(characters) + "吧"
    assert [span[0] for span in spans(batch)[1:-1]] == [place[0] for place in places]
    for (start, end), character in zip(spans(batch)[1:-1], characters, strict=True):
        assert text[start] == character
        assert all(unicodedata.combining(c) or c == "\ufe0f" for c in text[start + 1 : end])


def test_rows_do_not_touch_each_other() -> None:
    batch = PLAIN.fold(["最 ", " 好", "1,", "000", "\u0301a"])
    assert [batch.reading(i) for i in range(5)] == ["最 ", " 好", "1，", "000", "a"]


def test_binary_noise_folds_without_error() -> None:
    chance = random.Random(5)
    texts = ["".join(chr(chance.randrange(0x110000)) for _ in range(200)) for _ in range(50)]
    batch = Folder(["最好"]).fold(texts)
    assert "\n" not in batch.reading(0)
    batch.text.encode("utf-8")


def test_a_very_long_line_is_folded_in_segments() -> None:
    line = "这款最 * 好的zui好，氵台疗。" * 20_000
    batch = Folder(["最好", "治疗"]).fold([line])
    extra = [batch.reading(i) for i in range(1, len(batch))]
    assert len(extra) > 50
    assert max(map(len, extra)) < 10_000
    assert sum(reading.count("治疗") for reading in extra) == 20_000
