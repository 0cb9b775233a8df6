"""Neighbouring utterances are read together, and every span finds its way back."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from inspect_scenes import talk

from fairstream.inspect.windows import MOST_CHARACTERS, windows
from fairstream.records import Listing, Utterance


def plain(utterances: tuple[Utterance, ...]) -> list[str]:
    return [window.text for window in windows(utterances, {}) if not window.crossing]


def crossing(utterances: tuple[Utterance, ...]) -> list[str]:
    return [window.text for window in windows(utterances, {}) if window.crossing]


def test_neighbours_are_joined_by_a_comma_and_directly():
    said = talk(("全网最",), ("好的茶",))
    assert plain(said) == ["全网最，好的茶"]
    assert crossing(said) == ["全网最好的茶"]


def test_no_comma_after_a_mark():
    assert plain(talk(("好的。",), ("再来",))) == ["好的。再来"]


def test_a_silence_ends_the_stretch():
    said = talk(("全网最",), ("好的茶",), gap=1500)
    assert plain(said) == ["全网最", "好的茶"]
    assert crossing(said) == []


def test_another_speaker_ends_the_stretch():
    said = talk(("全网最",), ("好吗", "customer"), ("不好说",))
    assert plain(said) == ["全网最", "好吗", "不好说"]


def test_another_name_with_the_same_role_ends_the_stretch():
    one, other = talk(("全网最",), ("好",))
    assert plain((one, replace(other, speaker_name="副播"))) == ["全网最", "好"]


def test_other_goods_end_the_stretch():
    said = talk(("全网最",), ("好",))
    goods = {"u1": Listing("a", "茶"), "u2": Listing("b", "酒")}
    assert [window.text for window in windows(said, goods)] == ["全网最", "好"]


def test_utterances_without_times_are_still_joined():
    said = tuple(replace(u, start_ms=None, end_ms=None) for u in talk(("全网最",), ("好",)))
    assert crossing(said) == ["全网最好"]


def test_an_end_is_guessed_by_pace_but_not_beyond_the_next_start():
    first, second = talk(("一二三四",), ("五六",))
    open_ended = replace(first, end_ms=None), replace(second, start_ms=600, end_ms=None)
    window = next(iter(windows(open_ended, {})))
    assert window.ends == {"u1": 600, "u2": 600 + 500}


def test_long_stretches_are_cut_and_bridged():
    said = talk(*[(f"第{n:02d}句话说了十五个字左右的内容",) for n in range(12)])
    chunks = plain(said)
    assert len(chunks) > 1
    assert all(len(text) <= MOST_CHARACTERS + 12 for text in chunks)
    joined = crossing(said)
    for one, other in pairwise(said):
        assert any(one.text + other.text in text for text in joined)


def test_empty_utterances_are_passed_over():
    assert plain(talk(("",), ("好",))) == ["好"]
    assert list(windows((), {})) == []


@given(st.lists(st.text("茶好最。， a", max_size=40), max_size=12), st.integers(0, 3000))
def test_every_utterance_stands_in_its_window_at_its_offset(texts: list[str], gap: int):
    said = talk(*[(text,) for text in texts], gap=gap)
    read: list[str] = []
    for window in windows(said, {}):
        for offset, utterance in zip(window.offsets, window.utterances, strict=True):
            assert window.text[offset : offset + len(utterance.text)] == utterance.text
        if not window.crossing:
            read += [utterance.id for utterance in window.utterances]
    assert read == [utterance.id for utterance in said if utterance.text]
