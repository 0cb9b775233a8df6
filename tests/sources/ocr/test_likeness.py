"""When two readings or two pictures are of the same print."""

import numpy as np
import pytest

from fairstream.records import Box
from fairstream.sources.ocr.changes import grey_of
from fairstream.sources.ocr.likeness import Print, distance, joined, near_same, voted
from sources.ocr.drawn import plain, write

BOX = Box(36 / 480, 96 / 360, 104 / 480, 32 / 360)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("纯天然百分百有效", "纯天然百分百有效", True),
        ("现价99元 原价399元", "现价99元原价399元", True),
        ("别犹豫手慢无", "別犹豫手慢无", True),
        ("现价99元", "现价89元", False),
        ("现价9元", "现价99元", False),
        ("全网最低价", "点击小黄车", False),
        ("", "", True),
    ],
)
def test_near_same(one: str, other: str, same: bool) -> None:
    assert near_same(one, other) is same
    assert near_same(other, one) is same


@pytest.mark.parametrize(
    ("held", "seen", "whole"),
    [
        ("温馨提示本场直播", "提示本场直播为虚构演示", "温馨提示本场直播为虚构演示"),
        ("温馨提示", "温馨提示本场直播", "温馨提示本场直播"),
        ("温馨提示本场直播为虚构演示", "本场直播", "温馨提示本场直播为虚构演示"),
        ("请理性消费 发货时间", "消费发货时间为两日内", "请理性消费 发货时间为两日内"),
        ("现价675元", "现价676元", None),
        ("原价99", "原价999元", None),
        ("全网最低价", "点击下方小黄车", None),
    ],
)
def test_print_that_scrolls_is_joined(held: str, seen: str, whole: str | None) -> None:
    assert joined(held, seen) == whole


def test_the_text_most_readings_agree_on() -> None:
    votes = [("阿胶糕", 0.9), ("阿胶糕", 0.7), ("阿腔糕", 0.99)]
    assert voted(votes) == ("阿胶糕", pytest.approx(0.8))


@pytest.mark.parametrize(
    ("one", "other", "edits"), [("", "", 0), ("abc", "", 3), ("现价99", "现价89", 1), ("ab", "ba", 2)]
)
def test_distance(one: str, other: str, edits: int) -> None:
    assert distance(one, other) == edits


def test_print_stands_under_noise_and_other_light_and_falls_with_one_character() -> None:
    picture = write(plain(), "现价八八八元", 100, 40)
    pixels = Print(grey_of(picture), BOX)
    noise = np.random.default_rng(1).normal(0, 8, picture.shape)
    noisy = np.clip(picture + noise, 0, 255).astype(np.uint8)
    darker = (picture * 0.7 + 20).astype(np.uint8)
    other = write(plain(), "现价八八九元", 100, 40)
    assert pixels.likeness(grey_of(noisy)).stands
    assert pixels.likeness(grey_of(darker)).stands
    assert not pixels.likeness(grey_of(other)).stands
    assert pixels.likeness(grey_of(other)).faint
    assert not pixels.likeness(grey_of(plain())).faint


def test_print_without_anything_in_it_always_stands() -> None:
    pixels = Print(grey_of(plain()), BOX)
    assert pixels.likeness(grey_of(write(plain(), "现价八八八元", 100, 40))).stands
