"""`fairstream transcribe`: on a tiny model made here, and on the shared one where it is."""

import json
import os
import wave
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from fairstream.cli import cli
from fairstream.errors import UsageError
from fairstream.sources.asr.written import read_heading, read_heard
from sources.asr import tiny

pytest.importorskip("sherpa_onnx", reason="needs sherpa-onnx")
SHARED = Path(os.environ.get("FAIRSTREAM_SHARED", Path(__file__).parents[3] / "shared"))
SYLLABLES = SHARED / "models" / "sherpa-kws-zipformer-wenetspeech-3.3M-mobile-int8"


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that says 好茶 whatever it hears."""
    folder = tmp_path / "model"
    folder.mkdir()
    tiny.paraformer(folder)
    return folder


def wav(path: Path, seconds: float = 3) -> Path:
    tone = np.sin(np.arange(round(seconds * 16000)) * 0.3) * 9000
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16000, 0, "NONE", ""))
        file.writeframes(tone.astype(np.int16).tobytes())
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["transcribe", *map(str, arguments)], standalone_mode=False)


def test_words_go_to_standard_output(tmp_path: Path, model: Path) -> None:
    result = run(wav(tmp_path / "room.wav"), "--model", model, "--lang", "en")
    assert result.return_value == 0
    assert result.stdout == "[00:00:00.000] 好茶\n"
    assert "No voice detector was found" in result.stderr
    assert "room.wav: 0.1 min, 1 utterances" in result.stderr


@pytest.mark.parametrize(
    ("ending", "text"),
    [
        ("srt", "1\n00:00:00,000 --> 00:00:03,008\n好茶\n\n"),
        ("vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:03.008\n好茶\n\n"),
        ("txt", "[00:00:00.000] 好茶\n"),
    ],
)
def test_the_ending_of_the_file_says_what_is_written(
    ending: str, text: str, tmp_path: Path, model: Path
) -> None:
    out = tmp_path / f"said.{ending}"
    result = run(wav(tmp_path / "room.wav"), "--model", model, "--out", out, "--quiet")
    assert (result.return_value, result.stdout, result.stderr) == (0, "", "")
    assert out.read_text(encoding="utf-8") == text


def test_lines_keep_the_sounds_and_say_what_was_heard_by_what(tmp_path: Path, model: Path) -> None:
    out = tmp_path / "said.jsonl"
    assert run(wav(tmp_path / "room.wav"), "--model", model, "--out", out).return_value == 0
    (utterance,) = read_heard(out).records
    assert [sound.text for sound in utterance.sounds] == ["好", "茶"]
    heading = read_heading(out)
    assert heading and heading.file == "room.wav" and heading.settings["voice"] == "loudness"
    assert heading.model.engine == "sherpa-onnx (paraformer)"
    assert str(tmp_path) not in out.read_text(encoding="utf-8")


def test_several_recordings_go_into_a_folder_and_a_bad_one_costs_only_itself(
    tmp_path: Path, model: Path
) -> None:
    (tmp_path / "sub").mkdir()
    files = [
        wav(tmp_path / "a.wav"),
        wav(tmp_path / "sub" / "a.wav"),
        tmp_path / "bad.wav",
        tmp_path / "none.flv",
    ]
    files[2].write_bytes(b"RIFFnothing")
    out = tmp_path / "heard"
    result = run(*files, "--model", model, "--out", out, "--format", "srt", "--json")
    assert result.return_value == 1
    assert sorted(path.name for path in out.iterdir()) == ["1-a.srt", "2-a.srt"]
    summary = json.loads(result.stdout)
    assert [one["utterances"] for one in summary["recordings"]] == [1, 1, 0, 0]
    assert summary["recordings"][2]["problems"][0]["severity"] == "skipped"
    assert summary["writes"] == "characters"


def test_nothing_to_read_ends_in_three(tmp_path: Path, model: Path) -> None:
    assert run(tmp_path / "none.flv", "--model", model).return_value == 3


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (["--out", "said.srt"], "several recordings cannot go into one file"),
        (["--out", "said.docx"], "nothing is written as .docx"),
        (["--kind", "sphinx"], "no such kind of model: sphinx"),
        (["--voice", "none.onnx"], "no such file"),
    ],
)
def test_wrong_calls_are_named(arguments: list[str], cause: str, tmp_path: Path, model: Path) -> None:
    files = [wav(tmp_path / "a.wav"), wav(tmp_path / "b.wav")]
    result = run(*files, "--model", model, *arguments)
    assert isinstance(result.exception, UsageError) and cause in str(result.exception)


def test_a_model_that_cannot_listen_for_phrases_says_so(tmp_path: Path, model: Path) -> None:
    phrases = tmp_path / "phrases.txt"
    phrases.write_text("# 说明\n百分百\n", encoding="utf-8")
    result = run(wav(tmp_path / "a.wav"), "--model", model, "--phrases", phrases)
    assert "cannot listen for phrases" in str(result.exception)


def test_phrases_are_heard_with_the_shared_model(tmp_path: Path) -> None:
    clip = SHARED / "audio" / "measure-only" / "spark-prompt.wav"
    if not SYLLABLES.is_dir() or not clip.is_file():
        pytest.skip("needs the speech model and clips in ../shared; set FAIRSTREAM_SHARED")
    phrases = tmp_path / "phrases.txt"
    phrases.write_text("# 说明\n燕之屋\n99元\n", encoding="utf-8")
    out = tmp_path / "said.jsonl"
    result = run(clip, "--model", SYLLABLES, "--phrases", phrases, "--out", out, "--lang", "en")
    assert result.return_value == 1
    assert "the characters are a guess" in result.stderr
    assert "phrases with digits or signs that the model has no sound for: 99元" in result.stderr
    records = read_heard(out).records
    assert {utterance.heard for utterance in records} == {"syllables"}
    assert {sound.text for utterance in records for sound in utterance.spotted} == {"燕之屋"}
