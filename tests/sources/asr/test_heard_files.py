"""Transcripts with sounds among a broadcast's files: recognised, and put on the broadcast's clock."""

from datetime import date
from pathlib import Path

from fairstream.records import Sound, Span, Utterance
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.asr.written import Heading, write_heard
from fairstream.sources.bytes import TEXT_LIMIT, Input
from fairstream.sources.folder import read_folder
from fairstream.sources.kinds import kinds_of

HEADING = Heading("a.flv", "c" * 64, ModelCard("e", "1", "m", ()), {})
SOUNDS = (Sound("hao3", Span(0, 1), 1000, 1200), Sound("cha2", Span(1, 2), 1200, 1500))
SAID = Utterance("r1-u1", "好茶", 1000, 1500, heard="syllables", sounds=SOUNDS, spotted=(SOUNDS[1],))


def write(folder: Path, name: str, said: Utterance = SAID) -> None:
    write_heard(folder / name, HEADING, [said])


def test_it_is_recognised_by_its_first_line(tmp_path: Path) -> None:
    write(tmp_path, "chat.jsonl")
    assert kinds_of(Input("chat.jsonl", tmp_path / "chat.jsonl", TEXT_LIMIT)) == {"heard"}


def test_what_was_heard_stays_with_the_words(tmp_path: Path) -> None:
    write(tmp_path, "a.jsonl")
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    (utterance,) = broadcast.utterances
    assert (utterance.text, utterance.heard, utterance.sounds, utterance.spotted) == (
        "好茶", "syllables", SOUNDS, (SOUNDS[1],),
    )  # fmt: skip
    assert broadcast.problems == ()


def test_sounds_move_with_their_recording_on_the_clock(tmp_path: Path) -> None:
    write(tmp_path, "room-20260301-200000.jsonl")
    write(tmp_path, "room-20260301-201000.jsonl")
    first, second = read_folder(tmp_path).utterances
    assert (first.start_ms, first.sounds[1].start_ms) == (1000, 1200)
    assert (second.start_ms, second.end_ms) == (601_000, 601_500)
    assert [sound.start_ms for sound in (*second.sounds, *second.spotted)] == [601_000, 601_200, 601_200]


def test_a_speaker_named_in_the_manifest_has_his_role(tmp_path: Path) -> None:
    (tmp_path / "broadcast.yaml").write_text(
        "on: 2026-03-01\nparties:\n  - {role: seller, name: 云上茶行（虚构）}\n", encoding="utf-8"
    )
    write(tmp_path, "a.jsonl", Utterance("u", "好茶", 1000, 1500, speaker_name="云上茶行（虚构）"))
    assert read_folder(tmp_path).utterances[0].speaker == "seller"
