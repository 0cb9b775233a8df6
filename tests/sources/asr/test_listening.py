"""From sound to utterances: the real model on shared clips, and a scripted engine for what it cannot show."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from fairstream.records import CHINA, Recording, Sound, Span, Stretch
from fairstream.sources.asr.engine import HeardSegment, HeardSound, ModelCard, Samples
from fairstream.sources.asr.listening import Listener, Spoken, listen, open_listener
from fairstream.sources.asr.voice import LONGEST_MS
from fairstream.sources.media import AudioBlock
from fairstream.text.syllables import sounds_of

RATE = 16000


def quiet(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), np.float32)


def tone(seconds: float) -> Samples:
    return (0.3 * np.sin(np.arange(round(seconds * RATE)) * 0.3)).astype(np.float32)


class Scripted:
    """An engine that answers each stretch with the next of the segments given."""

    card = ModelCard("scripted", "1", "none", ())

    def __init__(
        self, *answers: HeardSegment, writes: Literal["characters", "syllables"] = "characters"
    ) -> None:
        self.writes: Literal["characters", "syllables"] = writes
        self.answers = list(answers)

    def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
        return (self.answers.pop(0),) if self.answers else ()


class Hears:
    """A spotter that hears the same phrases in every stretch."""

    settings = "scripted"

    def __init__(self, *phrases: HeardSound) -> None:
        self.phrases = phrases

    def spot(self, samples: Samples) -> tuple[HeardSound, ...]:
        return self.phrases


def said(listener: Listener, *blocks: AudioBlock) -> list[Spoken]:
    return [spoken for block in blocks for spoken in listener.push(block)] + listener.close()


def words(text: str, *times: int) -> tuple[HeardSound, ...]:
    starts = times or tuple(100 * n for n in range(len(text)))
    return tuple(HeardSound(c, t, t + 100) for c, t in zip(text, starts, strict=True))


def edits(wanted: list[str], got: list[str]) -> int:
    row = list(range(len(got) + 1))
    for i, one in enumerate(wanted, 1):
        above, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (one != other))
    return row[-1]


def test_a_clip_is_heard_with_its_syllables_and_times(
    model: Path, clip: Callable[[str], Samples], recorded: Callable[[Samples], Recording]
) -> None:
    recording = recorded(np.concatenate((quiet(3), clip("ws-3.wav"), quiet(4), clip("ws-1.wav"), quiet(2))))
    loaded = listen(recording, open_listener(model))
    assert loaded.problems == ()
    first, last = loaded.records[0], loaded.records[-1]
    assert [utterance.id for utterance in loaded.records] == [
        f"r1-u{n + 1}" for n in range(len(loaded.records))
    ]
    assert {(u.heard, u.recording_id, u.speaker) for u in loaded.records} == {("syllables", "r1", "host")}
    assert first.start_ms and 3000 <= first.start_ms <= 4500
    assert last.start_ms and 15_000 <= last.start_ms <= 15_700
    for utterance in loaded.records:
        assert len(utterance.text) == len(utterance.sounds)
        assert [sound.span for sound in utterance.sounds] == [
            Span(n, n + 1) for n in range(len(utterance.text))
        ]
        starts = [sound.start_ms for sound in utterance.sounds]
        assert starts == sorted(starts)
        assert utterance.confidence and 0.4 < utterance.confidence < 1
    heard = [sound.text.rstrip("1234") for u in loaded.records for sound in u.sounds]
    truth = "文森特卡索是全球知名的法国性格派演员重点呢想谈三个问题首先呢就是这一轮全球金融动荡的表现"
    wanted = [sound.rstrip("1234") for sound in sounds_of(truth)]
    assert edits(wanted, heard) <= 0.15 * len(wanted)
    assert "全球知名" in first.text + loaded.records[1].text


def test_pushed_live_or_read_at_once_the_words_are_the_same(
    model: Path, clip: Callable[[str], Samples], recorded: Callable[[Samples], Recording]
) -> None:
    samples = np.concatenate((clip("wenet-mid.wav"), quiet(1), clip("ws-5.wav")))
    listener = open_listener(model)
    live = said(
        listener,
        *(AudioBlock(at * 1000 // RATE, samples[at : at + 1600]) for at in range(0, len(samples), 1600)),
    )
    whole = listen(recorded(samples), listener).records
    assert [spoken.text for spoken in live] == [utterance.text for utterance in whole]


def test_silence_and_noise_are_not_heard_as_words(model: Path, silero: Path) -> None:
    noise = np.random.default_rng(2).standard_normal(20 * RATE).astype(np.float32) * 0.02
    listener = open_listener(model, voice=silero)
    assert said(listener, AudioBlock(0, quiet(10)), AudioBlock(10_000, noise)) == []


def test_times_are_on_the_broadcasts_clock_and_exact_across_a_hole(
    recorded: Callable[[Samples], Recording],
) -> None:
    segment = HeardSegment("一二", words("一二"), 0.9, None, 0, 200)
    listener = Listener(Scripted(segment, segment), None)
    first, second = said(listener, AudioBlock(0, tone(1)), AudioBlock(61_000, tone(1)))
    assert (first.start_ms, second.start_ms) == (0, 61_000)
    stretches = (Stretch(0, 500_000, 1000), Stretch(61_000, 900_000, 1000, 2.0))
    held = recorded(np.concatenate((tone(1), quiet(60), tone(1))))
    recording = Recording(
        "r2", held.file, held.path, held.sha256, held.size, "wav", 62_000, False, True, stretches,
        datetime(2026, 3, 1, 20, tzinfo=CHINA),
    )  # fmt: skip
    later = HeardSegment("一二", words("一二", 400, 500), 0.9, None, 400, 600)
    listener = Listener(Scripted(segment, later), None)
    one, other = listen(recording, listener).records
    assert (one.id, one.start_ms, one.end_ms) == ("r2-u1", 500_000, 500_200)
    assert other.start_ms is not None
    # The second is heard 0.4 s into its sound, of which up to 0.32 s is margin; its clock runs twice as fast.
    assert 900_000 + 160 <= other.start_ms <= 900_000 + 320
    assert other.sounds[1].start_ms - other.sounds[0].start_ms == 200


def test_characters_keep_their_words_times_and_places() -> None:
    heard = (HeardSound("好", 0, 90, 0.5), HeardSound("tea", 90, 300), HeardSound("茶", 300, 400))
    segment = HeardSegment("好 tea，茶", heard, 0.7, "0", 0, 400)
    (spoken,) = said(Listener(Scripted(segment), None), AudioBlock(5000, tone(1)))
    assert spoken == Spoken(
        5000, 5400, "好 tea，茶", "characters",
        (
            Sound("好", Span(0, 1), 5000, 5090, 0.5),
            Sound("tea", Span(2, 5), 5090, 5300),
            Sound("茶", Span(6, 7), 5300, 5400),
        ),
        (), 0.7, "0",
    )  # fmt: skip


def test_a_sound_that_is_not_in_the_text_is_left_out() -> None:
    segment = HeardSegment("好茶", words("好坏茶"), None, None, 0, 300)
    (spoken,) = said(Listener(Scripted(segment), None), AudioBlock(0, tone(1)))
    assert [(sound.text, sound.span) for sound in spoken.sounds] == [("好", (0, 1)), ("茶", (1, 2))]


def test_a_phrase_goes_over_the_characters_heard_at_its_time() -> None:
    segment = HeardSegment("我们百分白有效", words("我们百分白有效"), None, None, 0, 700)
    listener = Listener(Scripted(segment), None, spotter=Hears(HeardSound("百分百", 210, 490)))
    (spoken,) = said(listener, AudioBlock(0, tone(1)))
    assert spoken.spotted == (Sound("百分百", Span(2, 5), 210, 490),)


def test_a_phrase_that_nothing_was_written_for_stands_alone() -> None:
    listener = Listener(Scripted(), None, spotter=Hears(HeardSound("百分百", 200, 500)))
    (spoken,) = said(listener, AudioBlock(1000, tone(1)))
    assert spoken.text == "□□□"
    assert spoken.spotted == (Sound("百分百", Span(0, 3), 1200, 1500),)


def test_what_a_recogniser_makes_up_is_left_out_and_counted(recorded: Callable[[Samples], Recording]) -> None:
    known = HeardSegment("请不吝点赞 订阅 转发 打赏支持明镜与点点栏目", (), 0.9, None, 0, 900)
    words_said = HeardSegment("今天这款茶", words("今天这款茶"), 0.9, None, 0, 900)
    repeat = HeardSegment("谢谢" * 40, (), 0.9, None, 0, 900)
    engine = Scripted(known, words_said, known, repeat)
    samples = np.concatenate([part for _ in range(4) for part in (tone(1), quiet(1))])
    loaded = listen(recorded(samples), Listener(engine, None))
    assert [utterance.text for utterance in loaded.records] == ["今天这款茶"]
    loudness, invented, repeats = loaded.problems
    assert "loudness stood in" in loudness.cause and loudness.severity == "repaired"
    assert invented.cause.endswith("at 0:00:00, 0:00:03") and invented.count == 2
    assert invented.severity == "skipped"
    assert repeats.cause.endswith("at 0:00:05") and repeats.count == 1


def test_nothing_of_one_recording_is_told_of_the_next(recorded: Callable[[Samples], Recording]) -> None:
    known = HeardSegment("字幕志愿者 李宗盛", (), 0.9, None, 0, 900)
    listener = Listener(Scripted(known), None)
    recording = recorded(np.concatenate((tone(1), quiet(1))))
    assert len(listen(recording, listener).problems) == 2
    assert len(listen(recording, listener).problems) == 1


def test_a_recording_without_sound_and_one_that_is_none(tmp_path: Path) -> None:
    listener = Listener(Scripted(), None)
    mute = Recording("r1", "mute.mp4", tmp_path / "mute.mp4", "", 0, "mp4", 1000, True, False)
    assert [problem.cause for problem in listen(mute, listener).problems] == ["the recording has no sound"]
    (tmp_path / "bad.wav").write_bytes(b"RIFFnothing")
    bad = Recording("r1", "bad.wav", tmp_path / "bad.wav", "", 11, "wav", 1000, False, True)
    loaded = listen(bad, listener)
    assert loaded.records == ()
    assert loaded.problems[-1].severity == "skipped" and loaded.problems[-1].place.file == "bad.wav"


def test_progress_is_told_in_positions(recorded: Callable[[Samples], Recording]) -> None:
    reached: list[int] = []
    listen(recorded(quiet(5)), Listener(Scripted(), None), progress=reached.append)
    assert reached == sorted(reached) and reached[0] == 0 and 4000 <= reached[-1] <= 5000


def test_settings_name_what_decides_the_words(silero: Path) -> None:
    assert Listener(Scripted(), None).settings == {
        "voice": "loudness",
        "longest_ms": LONGEST_MS,
        "phrases": "",
    }
    settings = Listener(Scripted(), silero, spotter=Hears(), longest_ms=8000).settings
    assert settings == {"voice": "silero 1a153a22f4509e29", "longest_ms": 8000, "phrases": "scripted"}


def test_memory_does_not_grow_with_the_stream() -> None:
    segment = HeardSegment("好", words("好"), None, None, 0, 100)
    listener = Listener(Scripted(*[segment] * 400), None, longest_ms=10_000)
    one, held = tone(1), 0
    for second in range(600):
        listener.push(AudioBlock(second * 1000, one))
        held = max(held, sum(len(window) for window in listener._cutter._windows))
    assert held <= 11 * RATE


@pytest.mark.parametrize("longest_ms", [5000, 20_000])
def test_long_speech_comes_out_in_pieces_no_longer_than_asked(longest_ms: int) -> None:
    lengths: list[int] = []

    class Measures(Scripted):
        def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
            lengths.append(len(samples) * 1000 // RATE)
            return ()

    said(Listener(Measures(), None, longest_ms=longest_ms), AudioBlock(0, tone(65)))
    assert max(lengths) <= longest_ms + 100
    assert 65_000 <= sum(lengths) <= 65_100
