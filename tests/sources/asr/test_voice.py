"""Cutting speech out of a stream: padding, pauses, limits, holes, and bounded memory."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import Samples
from fairstream.sources.asr.voice import (
    WINDOW,
    Cutter,
    Loudness,
    Silero,
    Stretch,
    find_silero,
    open_detector,
)

RATE = 16000


class Loud:
    """Hears a voice wherever there is any sound at all."""

    by_model = False
    name = "loud"

    def __init__(self) -> None:
        self.resets = 0

    def voiced(self, window: Samples) -> bool:
        return bool(np.abs(window).max() > 0.01)

    def reset(self) -> None:
        self.resets += 1


def sound(*parts: tuple[float, bool]) -> Samples:
    """Seconds of a tone (True) or of silence, one after the other."""
    tones = [
        0.3 * np.sin(np.arange(round(seconds * RATE)) * 0.3) * (1.0 if on else 0.0) for seconds, on in parts
    ]
    return np.concatenate(tones).astype(np.float32)


def cut(cutter: Cutter, samples: Samples, *, block: int = 16000, start_ms: int = 0) -> list[Stretch]:
    found = []
    for at in range(0, len(samples), block):
        found += cutter.push(start_ms + at * 1000 // RATE, samples[at : at + block])
    return found + list(cutter.close())


def ends(stretch: Stretch) -> tuple[int, int]:
    length = len(stretch.samples) * 1000 // RATE
    return stretch.position(0), stretch.position(length)


def test_speech_is_cut_out_with_a_margin_on_both_sides() -> None:
    (stretch,) = cut(Cutter(Loud()), sound((2, False), (1.5, True), (2, False)))
    start, end = ends(stretch)
    assert 2000 - 300 - 32 <= start <= 2000 - 250
    assert 3500 + 150 <= end <= 3500 + 200 + 32


def test_a_short_pause_is_bridged_and_a_long_one_is_not() -> None:
    samples = sound((1, True), (0.4, False), (1, True), (0.8, False), (1, True))
    assert len(cut(Cutter(Loud()), samples)) == 2


def test_the_margins_of_two_stretches_never_overlap() -> None:
    first, second = cut(Cutter(Loud()), sound((1, True), (0.56, False), (1, True)))
    assert ends(first)[1] <= ends(second)[0]


def test_a_click_is_no_speech() -> None:
    assert cut(Cutter(Loud()), sound((1, False), (0.1, True), (2, False))) == []


@pytest.mark.parametrize("block", [160, 1000, 16000, 160000])
def test_the_size_of_blocks_changes_nothing(block: int) -> None:
    samples = sound((0.7, False), (1.5, True), (2, False), (25, True), (1, False))
    whole = cut(Cutter(Loud()), samples)
    parts = cut(Cutter(Loud()), samples, block=block)
    assert [ends(stretch) for stretch in parts] == [ends(stretch) for stretch in whole]
    assert len(whole) == 3


def test_endless_speech_is_cut_at_its_quietest() -> None:
    samples = sound((60, True))
    samples[15 * RATE : 15 * RATE + 1600] *= 0.05
    first, *_ = cut(Cutter(Loud(), longest_ms=20000), samples)
    assert 15000 <= ends(first)[1] <= 15100


def test_endless_speech_loses_nothing_and_holds_little() -> None:
    cutter = Cutter(Loud(), longest_ms=20000)
    total, held = 0, 0
    tone = sound((1, True))
    for second in range(600):
        total += sum(len(stretch.samples) for stretch in cutter.push(second * 1000, tone))
        held = max(held, len(cutter._windows) * WINDOW)
    total += sum(len(stretch.samples) for stretch in cutter.close())
    assert 600 * RATE <= total <= 600 * RATE + WINDOW
    assert held <= 20.1 * RATE


def test_hours_of_silence_hold_nothing() -> None:
    cutter = Cutter(Loud())
    quiet = np.zeros(RATE * 60, np.float32)
    assert [stretch for minute in range(120) for stretch in cutter.push(minute * 60000, quiet)] == []
    assert len(cutter._windows) <= 10
    assert len(cutter._anchors) <= 2


def test_a_hole_in_the_sound_ends_a_stretch_and_times_stay_exact() -> None:
    cutter = Cutter(Loud())
    found = list(cutter.push(1000, sound((2, True))))
    found += cutter.push(63_000, sound((2, True)))
    found += cutter.close()
    assert [ends(stretch) for stretch in found] == [(1000, 3000 + 16), (63_000, 65_000 + 16)]


def test_a_jump_backwards_ends_a_stretch_too() -> None:
    cutter = Cutter(Loud())
    found = [*cutter.push(9000, sound((1, True))), *cutter.push(0, sound((1, True))), *cutter.close()]
    assert [stretch.position(0) for stretch in found] == [9000, 0]


def test_a_slip_is_followed_without_a_cut() -> None:
    cutter = Cutter(Loud())
    found = [*cutter.push(0, sound((1, True))), *cutter.push(1080, sound((1, True))), *cutter.close()]
    (stretch,) = found
    assert [stretch.position(ms) for ms in (0, 999, 1000, 1500)] == [0, 999, 1080, 1580]


def test_the_detector_is_told_where_sound_does_not_follow() -> None:
    loud = Loud()
    cutter = Cutter(loud)
    list(cutter.push(0, sound((1, True))))
    list(cutter.push(50_000, sound((1, True))))
    assert loud.resets == 1


def test_empty_blocks_and_nothing_at_all() -> None:
    cutter = Cutter(Loud())
    assert list(cutter.push(0, np.zeros(0, np.float32))) == []
    assert list(cutter.close()) == []
    assert list(cutter.close()) == []


def test_loudness_finds_what_rises_above_the_quiet() -> None:
    noise = np.random.default_rng(3).standard_normal(RATE * 8).astype(np.float32) * 0.003
    noise[3 * RATE : 5 * RATE] += sound((2, True))
    (stretch,) = cut(Cutter(Loudness()), noise)
    start, end = ends(stretch)
    assert 2600 <= start <= 3000 and 5000 <= end <= 5300


def test_loudness_never_loses_speech_over_loud_music() -> None:
    music = 0.15 * np.sin(np.arange(RATE * 30) * 0.05).astype(np.float32)
    music[10 * RATE : 12 * RATE] += sound((2, True)) * 0.5
    heard = sum(len(stretch.samples) for stretch in cut(Cutter(Loudness()), music))
    assert heard >= 29 * RATE


def test_loudness_hears_nothing_in_silence_and_soft_noise() -> None:
    noise = np.random.default_rng(3).standard_normal(RATE * 30).astype(np.float32) * 0.01
    assert cut(Cutter(Loudness()), noise * 0) == []
    assert cut(Cutter(Loudness()), noise) == []


def test_silero_hears_people_and_neither_silence_nor_a_tone(
    silero: Path, clip: Callable[[str], Samples]
) -> None:
    speech = clip("ws-1.wav")
    detector = Silero(silero)
    samples = np.concatenate((sound((4, True)), sound((3, False)), speech, sound((3, False))))
    (stretch,) = cut(Cutter(detector), samples)
    start, end = ends(stretch)
    assert 6700 <= start <= 7400
    assert 11_000 <= end <= 12_500


def test_a_model_beside_the_engine_is_found(tmp_path: Path) -> None:
    engine = tmp_path / "engine"
    engine.mkdir()
    assert find_silero(engine) is None
    beside = tmp_path / "silero-vad" / "silero_vad.onnx"
    beside.parent.mkdir()
    beside.touch()
    assert find_silero(engine) == beside
    (engine / "silero_vad.onnx").touch()
    assert find_silero(engine) == engine / "silero_vad.onnx"


def test_what_is_no_detector_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx", reason="needs sherpa-onnx")
    with pytest.raises(UsageError, match="no such file"):
        open_detector(tmp_path / "none.onnx")
    with pytest.raises(UsageError, match=r"no silero_vad\.onnx lies here"):
        open_detector(tmp_path)
    bad = tmp_path / "silero_vad.onnx"
    bad.write_bytes(b"not a model")
    with pytest.raises(UsageError, match="no ONNX model"):
        open_detector(bad)
    assert not open_detector(None).by_model
