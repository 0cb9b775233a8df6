"""Phrases heard by the keyword spotter: what it takes, where it hears them, and what it leaves out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import Samples
from fairstream.sources.asr.opening import open_engine
from fairstream.sources.asr.spotter import Spotter, _apart, _pinyin
from sources.asr import tiny

SALES = ("家人们", "百分百", "全网最低价", "纯天然", "根治", "国家级", "阿胶糕", "无副作用", "最后三单")


def lines(*phrases: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(phrase, _pinyin(phrase, sandhi=False)) for phrase in phrases]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("百分百", "b ǎi f ēn b ǎi"),
        ("绿色", "l ǜ s è"),
        ("全网", "q uán w ǎng"),
        ("儿女", "ér n ǚ"),
        ("云雾", "y ún w ù"),
        ("VC片", "V C p iàn"),
    ],
)
def test_phrases_in_the_models_tokens(text: str, tokens: str) -> None:
    assert " ".join(_pinyin(text, sandhi=False)) == tokens


def test_tones_are_also_tried_as_they_are_spoken_together() -> None:
    assert " ".join(_pinyin("不够", sandhi=False)) == "b ù g òu"
    assert " ".join(_pinyin("不够", sandhi=True)) == "b ú g òu"


def test_phrases_that_hide_each_other_are_kept_apart() -> None:
    assert len(_apart(lines("百分百", "纯天然"))) == 1
    groups = _apart(lines("百分百有效", "百分百", "有效成分"))
    assert [[phrase for phrase, _ in group] for group in groups] == [["百分百", "有效成分"], ["百分百有效"]]
    assert len(_apart(lines(*("百分百" + "有效" * n for n in range(6))))) == 3
    assert _apart([]) == []


def test_phrases_are_heard_where_they_are_said(model: Path, clip: Callable[[str], Samples]) -> None:
    samples = clip("measure-only/spark-prompt.wav")
    spotter = Spotter(model, ["燕窝", "燕之屋", "高品质", "牛奶", "营养", "均衡", *SALES])
    hits = spotter.spot(samples)
    assert {hit.text for hit in hits} == {"燕窝", "燕之屋", "高品质", "牛奶", "营养", "均衡"}
    (segment,) = open_engine(model).hear(samples)
    for phrase, syllables in {"高品质": "gao1 pin3 zhi4", "营养": "ying2 yang3", "牛奶": "niu2 nai3"}.items():
        (hit,) = (hit for hit in hits if hit.text == phrase)
        written = [sound.text for sound in segment.sounds]
        at = next(n for n in range(len(written)) if " ".join(written[n:]).startswith(syllables))
        assert abs(hit.start_ms - segment.sounds[at].start_ms) <= 120
        assert abs(hit.end_ms - segment.sounds[at + len(phrase) - 1].end_ms) <= 250


def test_times_stay_right_after_many_hits(model: Path, clip: Callable[[str], Samples]) -> None:
    samples = clip("measure-only/spark-prompt.wav")
    pause = np.zeros(16000, np.float32)
    spotter = Spotter(model, ["高品质", "均衡"])
    once = spotter.spot(samples)
    twice = spotter.spot(np.concatenate((samples, pause, samples)))
    shift = (len(samples) + len(pause)) // 16
    assert [hit.text for hit in twice] == [hit.text for hit in once] * 2
    for early, late in zip(twice[: len(once)], twice[len(once) :], strict=True):
        assert abs(late.start_ms - early.start_ms - shift) <= 80


def test_a_longer_phrase_is_not_hidden_by_a_shorter(model: Path, clip: Callable[[str], Samples]) -> None:
    hits = Spotter(model, ["全球", "全球知名", "知名的法国"]).spot(clip("ws-3.wav"))
    assert {hit.text for hit in hits} >= {"全球", "全球知名"}


def test_phrases_of_a_sales_talk_are_not_heard_in_other_speech(
    model: Path, clip: Callable[[str], Samples]
) -> None:
    spotter = Spotter(model, SALES)
    for name in ("ws-0.wav", "ws-1.wav", "ws-2.wav", "cosyvoice-cross.wav", "wenet-long.wav"):
        assert spotter.spot(clip(name)) == ()


def test_what_the_model_has_no_sound_for_is_left_out_and_named(model: Path) -> None:
    spotter = Spotter(model, ["百分百", "99元", "买一送一!", "", "VC", "百分百", "a b", "\n#@:"])
    assert spotter.phrases == ("百分百", "VC", "a b")
    assert spotter.skipped == ("99元", "买一送一!", "", "\n#@:")


def test_no_phrase_at_all_hears_nothing(model: Path, clip: Callable[[str], Samples]) -> None:
    assert Spotter(model, []).spot(clip("ws-5.wav")) == ()
    assert Spotter(model, ["99"]).spot(clip("ws-5.wav")) == ()


def test_settings_change_with_phrases_and_thresholds(model: Path) -> None:
    plain = Spotter(model, ["百分百"]).settings
    assert Spotter(model, ["百分百"]).settings == plain
    assert Spotter(model, ["百分之百"]).settings != plain
    assert Spotter(model, ["百分百"], threshold=0.1).settings != plain


def test_other_models_cannot_spot(tmp_path: Path) -> None:
    tiny.sense_voice(tmp_path)
    assert not Spotter.fits(tmp_path)
    assert not Spotter.fits(tmp_path / "none")
    with pytest.raises(UsageError, match="sense_voice model cannot listen for phrases"):
        Spotter(tmp_path, ["百分百"])
