"""FunASR and faster-whisper: their results as segments, in shapes as the libraries write them.

Neither could be run here for want of weights. The field names are those of faster-whisper 1.2.1
(`transcribe.Segment`, `transcribe.Word`) and of what funasr 1.4.16's `AutoModel.generate` documents.
"""

from dataclasses import dataclass
from typing import Any

import pytest

from fairstream.sources.asr import funasr, whisper
from fairstream.sources.asr.engine import HeardSegment, HeardSound


@dataclass
class Word:
    start: float
    end: float
    word: str
    probability: float


@dataclass
class Segment:
    id: int
    seek: int
    start: float
    end: float
    text: str
    tokens: list[int]
    avg_logprob: float
    compression_ratio: float
    no_speech_prob: float
    words: list[Word] | None
    temperature: float | None


def segment(text: str, words: list[Word] | None, **more: float) -> Segment:
    values = {"avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.1} | more
    return Segment(1, 0, 0.0, 1.5, text, [1], words=words, temperature=0.0, **values)


def test_whisper_segments_keep_words_times_and_confidence() -> None:
    words = [Word(0.0, 0.4, "这款", 0.91234), Word(0.4, 0.9, "茶", 0.8), Word(0.9, 0.9, " ", 0.1)]
    assert whisper.segments_of([segment(" 这款茶 ", words)]) == (
        HeardSegment(
            "这款茶",
            (HeardSound("这款", 0, 400, 0.9123), HeardSound("茶", 400, 900, 0.8)),
            0.7369,
            None,
            0,
            1500,
        ),
    )


def test_whisper_without_words_and_without_text() -> None:
    found = whisper.segments_of([segment("  ", None), segment("茶", None, avg_logprob=0.3)])
    assert found == (HeardSegment("茶", (), 0.9, None, 0, 1500),)


def test_whisper_doubts_a_text_that_repeats_itself() -> None:
    (found,) = whisper.segments_of([segment("谢谢" * 50, None, compression_ratio=12.0)])
    assert found.confidence == 0.0


def test_funasr_text_with_a_time_for_each_character() -> None:
    result = [
        {"key": "a", "text": "这 款 茶 VC", "timestamp": [[0, 200], [200, 400], [400, 700], [700, 900]]}
    ]
    (found,) = funasr.segments_of(result, 1000)
    assert found.text == "这款茶 VC"
    assert [(s.text, s.start_ms, s.end_ms) for s in found.sounds] == [
        ("这", 0, 200), ("款", 200, 400), ("茶", 400, 700), ("VC", 700, 900),
    ]  # fmt: skip
    assert (found.start_ms, found.end_ms, found.confidence) == (0, 900, None)


def test_funasr_tags_are_taken_out() -> None:
    result = [{"key": "a", "text": "<|zh|><|NEUTRAL|><|Speech|><|woitn|>这款茶"}]
    assert funasr.segments_of(result, 800) == (HeardSegment("这款茶", (), None, None, 0, 800),)


def test_funasr_sentences_with_speakers() -> None:
    sentences = [
        {"text": "好。", "start": 100, "end": 300, "spk": 0, "timestamp": [[100, 300]]},
        {"sentence": "来。", "start": 400, "end": 700, "spk": 1},
        {"text": "", "start": 800, "end": 900},
    ]
    first, second = funasr.segments_of([{"key": "a", "text": "好。来。", "sentence_info": sentences}], 1000)
    assert (first.speaker, first.start_ms, first.end_ms) == ("0", 100, 300)
    assert [sound.text for sound in first.sounds] == ["好"]
    assert (second.text, second.speaker, second.start_ms, second.end_ms, second.sounds) == (
        "来。",
        "1",
        400,
        700,
        (),
    )


@pytest.mark.parametrize("stamps", [None, [], [[0, 100]], [[0], [1]], "x", [["a", "b"], [0, 1], [1, 2]]])
def test_funasr_times_that_do_not_fit_are_left_out(stamps: Any) -> None:
    (found,) = funasr.segments_of([{"text": "这款茶", "timestamp": stamps}], 900)
    assert found == HeardSegment("这款茶", (), None, None, 0, 900)


@pytest.mark.parametrize(
    "result", [[], None, [None], "text", [{"text": None}], [{"key": "a"}], [{"text": "<|nospeech|>"}]]
)
def test_funasr_results_without_text(result: Any) -> None:
    assert funasr.segments_of(result, 900) == ()
