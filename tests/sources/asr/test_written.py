"""Transcripts with their sounds: written, read again, told apart; hostile rows cost only themselves."""

import random
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from fairstream.errors import FormatError, InputError
from fairstream.records import Recording, Sound, Span, Stretch, Utterance
from fairstream.sources.asr.engine import ModelCard
from fairstream.sources.asr.placing import place
from fairstream.sources.asr.written import FORMAT, Heading, is_heard, read_heading, read_heard, write_heard

CARD = ModelCard(
    "sherpa-onnx (paraformer)", "2.0.1", "zh", (("model.onnx", "a" * 64), ("tokens.txt", "b" * 64))
)
HEADING = Heading("room.flv", "c" * 64, CARD, {"voice": "loudness", "longest_ms": 20_000, "phrases": ""})
UTTERANCES = (
    Utterance(
        "r1-u1", "百分白", 1000, 1900, confidence=0.7, heard="syllables", speaker_name="speaker 0",
        sounds=(Sound("bai3", Span(0, 1), 1000, 1300, 0.9), Sound("fen1", Span(1, 2), 1300, 1600)),
        spotted=(Sound("百分百", Span(0, 3), 1000, 1800),),
    ),
    Utterance("r1-u2", "茶 \u2028 tea", 5000, 6000, heard="characters"),
)  # fmt: skip


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    write_heard(path, HEADING, UTTERANCES)
    loaded = read_heard(path, name="room.jsonl")
    assert loaded.problems == ()
    assert tuple(replace(utterance, place=None) for utterance in loaded.records) == UTTERANCES
    assert [utterance.place.line for utterance in loaded.records if utterance.place] == [2, 3]
    assert [utterance.id for utterance in read_heard(path, prefix="u").records] == ["u1", "u2"]
    assert [file.name for file in tmp_path.iterdir()] == ["room.jsonl"]


def test_the_heading_tells_whether_it_would_be_heard_the_same_again(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    write_heard(path, HEADING, ())
    assert read_heading(path) == HEADING
    assert HEADING.key == replace_card(HEADING).key
    others = [
        HEADING._replace(sha256="d" * 64),
        HEADING._replace(settings={**HEADING.settings, "longest_ms": 8000}),
        HEADING._replace(model=replace(CARD, version="2.0.2")),
        HEADING._replace(model=replace(CARD, files=(("model.onnx", "e" * 64),))),
    ]
    assert len({heading.key for heading in [HEADING, *others]}) == 5


def replace_card(heading: Heading) -> Heading:
    """The same model in a folder of another name, its files in another order."""
    card = replace(heading.model, name="elsewhere", files=tuple(reversed(heading.model.files)))
    return heading._replace(model=card, file="copy.flv")


def test_no_heading_in_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    for data in (
        b"",
        b"{}",
        b'{"format": "other"}',
        b"[1]",
        b"\xff\xfe",
        b'{"format": "%b"}' % FORMAT.encode(),
    ):
        path.write_bytes(data)
        assert read_heading(path) is None
    assert read_heading(tmp_path / "none") is None


def test_other_files_are_refused() -> None:
    assert is_heard('{"format":"fairstream-heard/1"}\n') and not is_heard('{"text": "fairstream-heard/1"}')
    with pytest.raises(FormatError, match="no transcript with sounds"):
        read_heard(b'{"text": "a", "start_ms": 1}\n', name="x.jsonl")


def test_rows_that_cannot_be_used_are_left_out_and_named() -> None:
    rows = [
        {"format": FORMAT},
        {"text": 5},
        {"id": "a", "text": "好茶", "start_ms": -5, "end_ms": 10},
        {"id": "b", "text": "好茶", "start_ms": 50, "end_ms": 1, "speaker": "x", "heard": "y"},
        {"id": "c", "text": "好茶", "start_ms": 50, "end_ms": 90, "sounds": [
            ["hao3", 0, 1, 50, 60, 0.5], ["cha2", 1, 3, 60, 90, None], ["cha2", 1, 2, 60], "x",
            ["cha2", 1, 2, 90, 60, None], ["cha2", 1, 2, 60, 90, 2],
        ]},
    ]  # fmt: skip
    data = b"\n".join(orjson.dumps(row) for row in rows) + b"\nnot json\n"
    loaded = read_heard(data, name="x.jsonl")
    first, second, third = loaded.records
    assert (first.id, first.start_ms, first.end_ms) == ("a", None, None)
    assert (second.end_ms, second.speaker, second.heard) == (None, "host", "given")
    assert third.sounds == (Sound("hao3", Span(0, 1), 50, 60, 0.5), Sound("cha2", Span(1, 2), 60, 90))
    causes = {problem.cause: (problem.place.line, problem.count) for problem in loaded.problems}
    assert causes["the entry has no text"] == (2, 1)
    assert causes["the line is not JSON"] == (6, 1)
    assert causes["a sound of a transcript that lies outside its text or has no times"] == (5, 4)


def test_spoiled_bytes_never_end_in_another_error(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    write_heard(path, HEADING, UTTERANCES * 3)
    whole = path.read_bytes()
    chance = random.Random(7)
    for _ in range(200):
        spoiled = bytearray(whole)
        for _ in range(3):
            spoiled[chance.randrange(60, len(spoiled))] = chance.randrange(256)
        with suppress(InputError):
            for utterance in read_heard(bytes(spoiled), name="x").records:
                assert all(0 <= s.span.start <= s.span.end <= len(utterance.text) for s in utterance.sounds)


def test_positions_are_put_on_the_broadcasts_clock() -> None:
    stretches = (Stretch(0, 60_000, 4000), Stretch(4000, 90_000, 4000))
    recording = Recording("r2", "b.flv", Path("b.flv"), "", 1, "flv", 8000, True, True, stretches)
    first, second = place(UTTERANCES, recording)
    assert (first.id, first.recording_id, first.start_ms, first.end_ms) == ("r2-u1", "r2", 61_000, 61_900)
    assert [sound.start_ms for sound in first.sounds] == [61_000, 61_300]
    assert first.spotted[0].end_ms == 61_800
    assert (second.id, second.start_ms) == ("r2-u2", 91_000)
