"""Toned syllables to characters and back."""

import pytest

from fairstream.text.syllables import UNKNOWN, Syllable, parse, sounds_of, spell
from fairstream.text.wordsounds import word_sounds


@pytest.mark.parametrize(
    ("token", "syllable"),
    [
        ("bai3", Syllable("b", "ai", 3)),
        ("zhuang1", Syllable("zh", "uang", 1)),
        ("lv4", Syllable("l", "v", 4)),
        ("lü4", Syllable("l", "v", 4)),
        ("lu:4", Syllable("l", "v", 4)),
        ("an1", Syllable("", "an", 1)),
        ("er", Syllable("", "er", 0)),
        ("de5", Syllable("d", "e", 0)),
        ("de0", Syllable("d", "e", 0)),
        ("yi4", Syllable("y", "i", 4)),
    ],
)
def test_a_syllable_is_taken_apart(token: str, syllable: Syllable) -> None:
    assert parse(token) == syllable


@pytest.mark.parametrize(
    "token", ["", "A", "BAI3", "zh", "bai9", "bai33", "3", "好", " bai3", "xyz1", "\n", "\ud800"]
)
def test_what_is_no_syllable(token: str) -> None:
    assert parse(token) is None


@pytest.mark.parametrize(
    "text",
    [
        "家人们这款阿胶",
        "纯天然百分百有效全网最低价",
        "大学生利用漏洞免费吃肯德基",
        "目前工厂产量下降",
        "我们的绿色食品",
    ],
)
def test_everyday_words_come_back(text: str) -> None:
    assert spell(sounds_of(text)) == text


def test_readings_follow_the_word() -> None:
    assert sounds_of("银行行业重要") == ["yin2", "hang2", "hang2", "ye4", "zhong4", "yao4"]


def test_a_wrong_tone_is_mended() -> None:
    assert spell(["chun1", "tian1", "ran2"]) == "纯天然"


def test_letters_digits_and_what_is_unknown_keep_one_character_each() -> None:
    assert spell(["A", "b", "3", "NFC", "好", "?", "zh"]) == "AB3N好?Z"
    assert spell(["", " ", "123", "\x00", "\n", "zzz?"]) == f"{UNKNOWN * 5}Z"


def test_sounds_of_has_one_token_for_each_character() -> None:
    text = "VC含量99%，\n买a送B 😀𠮷"
    sounds = sounds_of(text)
    assert len(sounds) == len(text)
    assert sounds[:4] == ["V", "C", "han2", "liang4"]
    assert sounds[4:7] == ["9", "9", "%"]


@pytest.mark.parametrize("count", [0, 1, 2, 7, 8, 1000])
def test_as_many_characters_as_syllables(count: int) -> None:
    assert len(spell(["shi4", "bai3"] * count)) == 2 * count


def test_every_syllable_of_the_tables_has_a_character() -> None:
    names = [name for name in word_sounds().names if name]
    spelled = [spell([name]) for name in names]
    assert all(len(characters) == 1 for characters in spelled)
    common = [name for name, characters in zip(names, spelled, strict=True) if not characters.isascii()]
    assert len(common) > 400


def test_one_character_alone_is_the_most_used() -> None:
    assert spell(["de"]) == "的"
    assert spell(["shi4"]) == "是"
    assert spell(["wo3"]) == "我"


def test_words_beat_frequent_single_characters() -> None:
    assert spell(["zhi4", "liao2"]) == "治疗"
    assert spell(["yan4", "wo1"]) == "燕窝"
