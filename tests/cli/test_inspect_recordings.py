"""`fairstream inspect` on recordings, with the small speech model where it is there."""

import hashlib
import json
import os
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from cli.conftest import Run
from fairstream.cli.hearing import covers
from fairstream.cli.settings import named_path
from fairstream.errors import UsageError
from fairstream.evidence.capture import read_captures
from fairstream.evidence.custody import CustodyLog
from fairstream.records import Party, Recording, Stretch, Utterance
from fairstream.sources.asr import listening
from fairstream.sources.folder import read_folder
from world import World

SHARED = Path(os.environ.get("FAIRSTREAM_SHARED", Path(__file__).parents[3] / "shared"))
MODEL = SHARED / "models" / "sherpa-kws-zipformer-wenetspeech-3.3M-mobile-int8"
CLIP = SHARED / "audio" / "ws-3.wav"
"""文森特卡索是全球知名的法国性格派演员; the model hears all its syllables."""
QUIET_S = 3.0
NAME = "blive_1000_2026-03-14-200000"


@pytest.fixture(autouse=True)
def nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FAIRSTREAM_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("FAIRSTREAM_MODEL", raising=False)
    monkeypatch.delenv("FAIRSTREAM_VOICE", raising=False)


def record(path: Path, samples: Any, *, picture: bool = False) -> Path:
    """Mono samples (int16, 16 kHz) as a recording of the ending's format."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac", rate=16_000, layout="mono", options={"b": "96000"})
        film = (
            out.add_stream("libx264", rate=5, options={"g": "5", "preset": "ultrafast"}) if picture else None
        )
        if film is not None:
            film.width, film.height, film.pix_fmt = 64, 96, "yuv420p"
        for start in range(0, len(samples), 3200):  # a fifth of a second, one picture
            if film is not None:
                frame = av.VideoFrame.from_ndarray(np.full((96, 64, 3), 90, np.uint8), format="rgb24")
                frame.pts, frame.time_base = start // 3200, Fraction(1, 5)
                out.mux(film.encode(frame))
            block = av.AudioFrame.from_ndarray(
                samples[None, start : start + 3200], format="s16", layout="mono"
            )
            block.rate, block.pts, block.time_base = 16_000, start, Fraction(1, 16_000)
            out.mux(sound.encode(block))
        for stream in filter(None, (film, sound)):
            out.mux(stream.encode(None))
    return path


def tone(seconds: float) -> Any:
    return (np.sin(np.arange(round(seconds * 16_000)) * 0.17) * 8000).astype(np.int16)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A broadcast's folder with nothing in it yet."""
    held = tmp_path / "某场"
    held.mkdir()
    (held / "broadcast.yaml").write_text("id: one\ntitle: 某场（虚构）\ninvented: true\n", "utf-8")
    return held


@pytest.fixture
def spoken(folder: Path) -> Path:
    """Three seconds of quiet, a clip of eight, three of quiet; FLV as recorders write it."""
    if not MODEL.is_dir() or not CLIP.is_file():
        pytest.skip("needs ../shared/models and ../shared/audio; set FAIRSTREAM_SHARED")
    pytest.importorskip("sherpa_onnx", reason="needs the extra speech")
    with wave.open(str(CLIP)) as file:
        clip = np.frombuffer(file.readframes(file.getnframes()), np.int16)
    quiet = np.zeros(round(QUIET_S * 16_000), np.int16)
    record(folder / f"{NAME}.flv", np.concatenate([quiet, clip, quiet]), picture=True)
    return folder


def lines(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text("utf-8").splitlines())


def in_the_clip(syllable: str) -> int:
    """When the model hears a syllable in the clip as it lies there, neither joined nor coded."""
    clip = Recording("c", CLIP.name, CLIP, "", 0, "wav", 8030, False, True)
    heard = listening.listen(clip, listening.open_listener(MODEL)).records
    return next(sound.start_ms for said in heard for sound in said.sounds if sound.text.startswith(syllable))


def test_words_said_in_a_recording_become_a_finding_with_its_clip_and_second(
    run: Run, pack: World, spoken: Path, tmp_path: Path
):
    pack.rule("全球知名", "t/known")
    out = tmp_path / "out"
    result = run("inspect", spoken, "--out", out, "--model", MODEL, "--no-read-screen", "--who", "检查员甲")
    assert result.returncode == 0, result.stderr.decode()

    (finding,) = (row for row in lines(out / "findings.jsonl") if row["medium"] == "speech")
    (said,) = lines(out / "transcript.jsonl")
    first = said["text"].index(finding["quote"])
    sounds = said["sounds"][first : first + len(finding["quote"])]
    assert [sound[0].rstrip("1234") for sound in sounds] == ["quan", "qiu", "zhi", "ming"]
    assert (finding["start_ms"], finding["end_ms"]) == (sounds[0][3], sounds[-1][4])
    assert finding["start_ms"] == pytest.approx(QUIET_S * 1000 + in_the_clip("quan"), abs=120)
    assert finding["at"].startswith("2026-03-14T20:00:0")
    assert finding["position_ms"] == finding["start_ms"]
    with av.open(str(out / finding["clip"])) as clip:
        assert clip.streams.video[0].codec_context.name == "h264"
        assert 5 < (clip.duration or 0) / 1e6 <= 14.1

    held = json.loads((out / "recordings.json").read_bytes())
    assert held["recordings"][0]["file"] == f"{NAME}.flv"
    assert held["models"][0]["name"] == MODEL.name
    log = CustodyLog(out / "custody.jsonl")
    assert {entry.who for entry in log.entries()} == {"检查员甲"}
    assert [entry.action for entry in log.entries()].count("cut") == len(held["clips"])
    assert str(tmp_path) not in (out / "recordings.json").read_text("utf-8")
    assert "WEBVTT" in (out / "captions.vtt").read_text("utf-8")


def test_the_second_run_hears_nothing_again(run: Run, spoken: Path, tmp_path: Path):
    out = tmp_path / "out"
    arguments = ("inspect", spoken, "--out", out, "--model", MODEL, "--no-read-screen", "--lang", "en")
    assert b"1 utterances heard" in run(*arguments).stderr
    taken = (out / "taken.json").read_bytes()
    again = run(*arguments)
    assert b"nothing heard twice" in again.stderr
    assert b"utterances heard" not in again.stderr
    assert (out / "taken.json").read_bytes() == taken


def test_without_a_model_it_says_so_and_goes_on(run: Run, folder: Path, tmp_path: Path):
    record(folder / f"{NAME}.m4a", tone(3))
    (folder / "shelf.csv").write_text("商品ID,标题,价格\n1,能治疗失眠的枕头,9.9\n", "utf-8")
    result = run("inspect", folder, "--out", tmp_path / "out", "--lang", "en")
    assert result.returncode == 1
    assert b"no model is named" in result.stderr
    assert b"--model" in result.stderr
    assert [row["medium"] for row in lines(tmp_path / "out" / "findings.jsonl")] == ["listing"]
    assert "没有识别语音：未指定语音模型" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_no_hear_is_no_problem(run: Run, folder: Path, tmp_path: Path):
    record(folder / f"{NAME}.m4a", tone(3))
    result = run("inspect", folder, "--out", tmp_path / "out", "--no-hear")
    assert result.returncode == 0, result.stderr.decode()
    assert not (tmp_path / "out" / "transcript.jsonl").exists()


def test_a_transcript_that_covers_the_recording_is_not_heard_again(run: Run, folder: Path, tmp_path: Path):
    record(folder / f"{NAME}.mp4", tone(12), picture=True)
    (folder / f"{NAME}.srt").write_text(
        "1\n00:00:01,000 --> 00:00:03,000\n能治疗失眠\n\n2\n00:00:09,000 --> 00:00:11,000\n再见\n", "utf-8"
    )
    out = tmp_path / "out"
    result = run("inspect", folder, "--out", out, "--no-read-screen", "--lang", "en")
    assert result.returncode == 0, result.stderr.decode()
    (finding,) = lines(out / "findings.jsonl")
    assert (finding["listen"], finding["recording"]) == (False, "r1")
    assert finding["clip"] == f"clips/{finding['id']}.mp4"
    assert (out / finding["clip"]).is_file()


def test_whole_recordings_are_made_playable_when_asked(run: Run, folder: Path, tmp_path: Path):
    record(folder / f"{NAME}.flv", tone(3), picture=True)
    out = tmp_path / "results" / "out"
    result = run("inspect", folder, "--out", out, "--no-hear", "--no-read-screen", "--play-whole")
    assert result.returncode == 0, result.stderr.decode()
    (copy,) = (out / "recordings").iterdir()
    assert copy.suffix == ".mp4"
    held = json.loads((out / "recordings.json").read_bytes())
    assert held["recordings"][0]["playable"] == f"recordings/{copy.name}"
    assert [entry.action for entry in CustodyLog(out / "custody.jsonl").entries()][-1] == "export"
    records = {one.name: one for one in read_captures(out / "captures.jsonl").records}
    original, record_of_copy = records[f"{NAME}.flv"], records[f"recordings/{copy.name}"]
    assert original.parent is None and record_of_copy.method == "converted"
    assert record_of_copy.sha256 == hashlib.sha256(copy.read_bytes()).hexdigest()
    assert record_of_copy.parent is not None and record_of_copy.parent.sha256 == original.sha256
    assert record_of_copy.source == original.name and record_of_copy.parent.relation == "playable copy"


def test_a_dry_run_tells_what_would_be_heard_and_writes_nothing(run: Run, spoken: Path, tmp_path: Path):
    result = run("inspect", spoken, "--dry-run", "--model", MODEL, "--no-read-screen", "--lang", "en")
    assert f"would read speech: {NAME}.flv (00:14)" in result.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["pack", "某场"]


@pytest.mark.parametrize(
    "content", [b"", b"FLV\x01" + bytes(500), b"\0\0\0\x18ftypisom" + bytes(90), b"ID3" * 99]
)
def test_hostile_media_is_a_problem_and_the_rest_goes_on(
    run: Run, folder: Path, tmp_path: Path, content: bytes
):
    (folder / "bad.flv").write_bytes(content)
    record(folder / f"{NAME}.m4a", tone(3))
    (folder / "shelf.csv").write_text("商品ID,标题,价格\n1,能治疗失眠的枕头,9.9\n", "utf-8")
    result = run("inspect", folder, "--out", tmp_path / "out", "--no-hear", "--no-read-screen")
    assert result.returncode == 1, result.stderr.decode()
    assert "bad.flv" in result.stderr.decode()
    held = json.loads((tmp_path / "out" / "recordings.json").read_bytes())
    assert [one["file"] for one in held["recordings"]] == [f"{NAME}.m4a"]
    assert len(list(lines(tmp_path / "out" / "findings.jsonl"))) == 1


def test_results_are_never_written_into_the_evidence(run: Run, folder: Path):
    (folder / "shelf.csv").write_text("商品ID,标题,价格\n1,枕头,9.9\n", "utf-8")
    result = run("inspect", folder, "--out", folder / "out")
    assert result.returncode == 2
    assert "输出文件夹位于场次文件夹之内。处理办法：请写到场次文件夹之外" in result.stderr.decode()
    result = run("inspect", folder, "--out", folder / "out", "--lang", "en")
    assert b"inside the broadcast" in result.stderr
    assert not (folder / "out").exists()


def test_hearing_on_demand_needs_a_model(run: Run, folder: Path, tmp_path: Path):
    record(folder / f"{NAME}.m4a", tone(2))
    result = run("inspect", folder, "--out", tmp_path / "out", "--hear", "--lang", "en")
    assert result.returncode == 2
    assert b"no speech model is named" in result.stderr


def test_the_model_is_told_then_in_the_environment_then_in_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    assert named_path("model", None) is None
    (tmp_path / "config.toml").write_text('model = "c"\n', "utf-8")
    assert named_path("model", None) == tmp_path / "c"
    monkeypatch.setenv("FAIRSTREAM_MODEL", str(tmp_path / "b"))
    assert named_path("model", None) == tmp_path / "b"
    assert named_path("model", tmp_path / "a") == tmp_path / "a"
    monkeypatch.setenv("FAIRSTREAM_MODEL", str(tmp_path / "absent"))
    with pytest.raises(UsageError, match="which is not there"):
        named_path("model", None)


@pytest.mark.parametrize("content", ["model = ", "model = 3", "\0"])
def test_a_configuration_that_cannot_be_used_is_told(tmp_path: Path, content: str):
    (tmp_path / "config.toml").write_text(content, "utf-8")
    with pytest.raises(UsageError):
        named_path("model", None)


@pytest.mark.parametrize(
    ("spans", "covered"),
    [
        ([(0, 900), (6000, 7000)], True),
        ([(0, 900), (3000, 4000)], False),
        ([], False),
        ([(20_000, 30_000)], False),
    ],
)
def test_a_transcript_covers_a_recording_when_it_spreads_over_half(spans: list[Any], covered: bool):
    recording = Recording(
        "r1", "a.flv", Path("a.flv"), "", 0, "flv", 10_000, True, True, (Stretch(0, 0, 10_000),)
    )
    talk = [Utterance(f"u{n}", "好", *span) for n, span in enumerate(spans)]
    assert covers(talk, recording) is covered


def test_screenshots_in_the_folder_are_read_once(run: Run, pack: World, folder: Path, tmp_path: Path):
    image = pytest.importorskip("PIL.Image", reason="needs the extra screen")
    pytest.importorskip("rapidocr", reason="needs the extra screen")
    from PIL import ImageDraw, ImageFont

    pack.rule("cure99", "t/cure")
    card = image.new("RGB", (640, 240), "white")
    ImageDraw.Draw(card).text((60, 80), "CURE99", "black", ImageFont.load_default(72))
    ImageDraw.Draw(card).text((60, 20), "TEL 13912345678", "black", ImageFont.load_default(36))
    card.save(folder / "card.png")
    (folder / "old.heic").write_bytes(b"\0\0\0\x18ftypheic")
    record(folder / f"{NAME}.m4a", tone(2))
    out = tmp_path / "out"
    result = run("inspect", folder, "--out", out, "--no-hear")
    said = result.stderr.decode()
    assert result.returncode == 1, said
    assert "录像 1 个共 0.0 分钟，图片 1 张" in said
    assert "口播 0 段，弹幕" not in said
    assert "old.heic：不支持的图片格式。处理办法：请另存为 .png 或 .jpg" in said
    (finding,) = lines(out / "findings.jsonl")
    assert (finding["quote"], finding["file"], finding["start_ms"]) == ("CURE99", "card.png", None)
    for file in out.iterdir():
        assert not file.is_file() or b"13912345678" not in file.read_bytes(), file.name
    assert "139******78" in (out / "report.html").read_text("utf-8")
    again = run("inspect", folder, "--out", out, "--no-hear").stderr.decode()
    assert "沿用上次的结果：1 项" in again
    (same,) = lines(out / "findings.jsonl")
    assert same["id"] == finding["id"]


def test_the_host_whom_the_chat_file_names_is_a_party(tmp_path: Path):
    folder = tmp_path / "room"
    folder.mkdir()
    about = (
        "<user_name>小丽（虚构）</user_name><record_start_time>2026-03-03T20:00:00+08:00</record_start_time>"
    )
    message = '<d p="2.0,1,25,16777215,1772539202000,0,1,1" user="甲" uid="9">来了</d>'
    (folder / "a.xml").write_text(f"<i><metadata>{about}</metadata>{message}</i>", "utf-8")
    broadcast = read_folder(folder)
    assert broadcast.parties == (Party("host", "小丽（虚构）"),)
