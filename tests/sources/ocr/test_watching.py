"""Texts that stay are one record; what changed is read, and little else."""

from collections.abc import Callable

import numpy as np
import pytest

from fairstream.sources.media import Frame
from fairstream.sources.ocr.cards import Seen
from fairstream.sources.ocr.watching import ScreenWatcher
from sources.ocr.drawn import DrawnReader, Picture, frame, plain, write

STEP = 80


def watched(
    draw: Callable[[int], Picture], last_ms: int, *, step: int = STEP, early: bool = False
) -> tuple[list[Seen], ScreenWatcher]:
    """What a watcher tells of pictures drawn every step."""
    watcher = ScreenWatcher(DrawnReader(), early=early)
    told: list[Seen] = []
    for at in range(0, last_ms, step):
        told += watcher.push(frame(at, draw(at)))
    return told + watcher.close(), watcher


def brief(told: list[Seen]) -> list[tuple[str, int, int]]:
    return [(one.text, one.start_ms, one.end_ms) for one in told]


def test_a_text_that_stays_is_one_record_exact_to_the_frame() -> None:
    def draw(at: int) -> Picture:
        return write(plain(), "全网最低价", 300, 100) if 1040 <= at < 3040 else plain()

    told, watcher = watched(draw, 6000)
    assert brief(told) == [("全网最低价", 1040, 3040)]
    assert told[0].box == pytest.approx((96 / 480, 296 / 360, 88 / 480, 32 / 360), abs=1e-6)
    assert told[0].confidence == pytest.approx(0.95)
    assert watcher.readings <= 2


def test_a_still_picture_is_read_once() -> None:
    told, watcher = watched(lambda _: write(plain(), "国药准字", 40, 40), 20_000)
    assert brief(told) == [("国药准字", 0, 20_000)]
    assert (watcher.frames, watcher.readings) == (250, 1)


def test_one_digit_that_changes_ends_the_one_price_and_begins_the_other() -> None:
    told, _ = watched(lambda at: write(plain(), "现价8" if at < 2000 else "现价9", 320, 16), 4000)
    assert brief(told) == [("现价8", 0, 2000), ("现价9", 2000, 4000)]


def test_a_flicker_does_not_break_a_text() -> None:
    def draw(at: int) -> Picture:
        return plain() if 2000 <= at < 2320 else write(plain(), "点击下方小黄车", 300, 60)

    assert brief(watched(draw, 5040)[0]) == [("点击下方小黄车", 0, 5040)]


def test_a_text_that_comes_back_later_is_another_record() -> None:
    def draw(at: int) -> Picture:
        return plain() if 2000 <= at < 6000 else write(plain(), "点击下方小黄车", 300, 60)

    told, _ = watched(draw, 8000)
    assert brief(told) == [("点击下方小黄车", 0, 2000), ("点击下方小黄车", 6000, 8000)]


def test_texts_that_follow_each_other_in_one_place() -> None:
    words = ["家人们晚上好", "这款全网最低", "点击小黄车", "拍下立减十元"]
    told, _ = watched(lambda at: write(plain(), words[at // 1200], 300, 80), 4800)
    assert brief(told) == [(text, n * 1200, (n + 1) * 1200) for n, text in enumerate(words)]


def test_a_host_who_moves_is_not_read_with_every_frame() -> None:
    rough = np.random.default_rng(5).integers(0, 190, (200, 160, 3)).astype(np.uint8)

    def draw(at: int) -> Picture:
        picture = plain()
        x = 40 + at // 12 % 200
        picture[60:260, x : x + 160] = rough
        return write(picture, "国食健注", 300, 60)

    told, watcher = watched(draw, 24_000)
    assert brief(told) == [("国食健注", 0, 24_000)]
    assert watcher.frames == 300
    assert watcher.readings < 15


def test_print_that_scrolls_is_one_text() -> None:
    text = "温馨提示本场直播为虚构演示请理性消费发货时间为下单后两日内"

    def draw(at: int) -> Picture:
        return write(plain(width=320), text, 320, 320 - at * 60 // 1000)

    told, _ = watched(draw, 13_000)
    assert [one.text for one in told if one.moving] == [text]
    assert len(told) == 1


def test_a_new_size_of_the_picture_ends_everything() -> None:
    watcher = ScreenWatcher(DrawnReader())
    told: list[Seen] = []
    for at in range(0, 4000, STEP):
        size = (360, 480) if at < 2000 else (480, 640)
        told += watcher.push(frame(at, write(plain(*size), "原价399元", 200, 48)))
    told += watcher.close()
    assert [(one.text, one.start_ms) for one in told] == [("原价399元", 0), ("原价399元", 2000)]
    assert told[0].end_ms == 2000


def test_lines_of_a_card_are_one_text_with_a_line_for_each() -> None:
    def draw(at: int) -> Picture:
        if not 800 <= at < 4000:
            return plain()
        return write(write(plain(), "现价99元", 260, 40), "原价399元", 292, 40)

    assert brief(watched(draw, 6000)[0]) == [("现价99元\n原价399元", 800, 4000)]


def test_early_tells_at_once_and_again_at_the_end() -> None:
    told, _ = watched(
        lambda at: write(plain(), "上链接", 300, 60) if at >= 800 else plain(), 4000, early=True
    )
    assert [(one.text, one.ended, one.start_ms) for one in told] == [
        ("上链接", False, 800),
        ("上链接", True, 800),
    ]
    assert told[0].number in told[1].lines


def test_key_frames_seconds_apart_are_read_as_they_come() -> None:
    words = ["家人们晚上好", "这款全网最低", "点击小黄车"]
    told, _ = watched(lambda at: write(plain(), words[at // 4000], 300, 80), 12_000, step=2000)
    assert [(one.text, one.start_ms) for one in told] == [(words[0], 0), (words[1], 4000), (words[2], 8000)]


def test_nothing_is_read_where_nothing_can_be() -> None:
    for size in ((1, 1), (1, 400), (3, 3), (360, 480)):
        watcher = ScreenWatcher(DrawnReader())
        for at in range(0, 800, STEP):
            assert watcher.push(frame(at, plain(*size, grey=0))) == []
        assert watcher.close() == []
        assert watcher.readings == 0


def test_a_picture_beyond_the_limit_is_left_out() -> None:
    huge = np.broadcast_to(np.zeros((1, 1, 3), np.uint8), (8001, 8000, 3))
    watcher = ScreenWatcher(DrawnReader())
    assert watcher.push(Frame(0, huge)) == []
    assert watcher.frames == 0


def test_a_watcher_goes_on_with_another_recording() -> None:
    watcher = ScreenWatcher(DrawnReader())
    for _ in range(2):
        for at in range(0, 1600, STEP):
            watcher.push(frame(at, write(plain(), "福袋", 300, 60)))
        assert brief(watcher.close()) == [("福袋", 0, 1600)]
