"""Hostile recordings, pictures and models, through the commands that take them: inspect, transcribe, screen,
evidence clip and still. Each is told with its cause and remedy, the good ones are worked through, in little
memory and time.
"""

import errno
import json
import os
import random
import shutil
import struct
import subprocess
import sys
import threading
import time
import zlib
from functools import cache
from pathlib import Path

import pytest

from sources.asr.tiny import transducer
from sources.media_samples import ffmpeg, make

from .conftest import GIB, Call, Ended

MANIFEST = "id: room\ntitle: 夜场（虚构）\non: 2026-03-01\ninvented: true\n"
CUE = "1\n00:00:01,000 --> 00:00:03,000\n这茶根治失眠\n"
MEMORY = 2 * GIB
OPEN = {"magic.flv", "magic.wav", "times.mp4", "wide.avi"}
"""Opened by what their headers say; nothing in them can be read."""
NOISE = random.Random(7).randbytes(60_000)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of picture and sound, its index in front."""
    whole = make(tmp_path_factory.mktemp("film") / "whole.mp4", 4)
    ffmpeg("-i", whole, "-c", "copy", "-movflags", "+faststart", whole.with_name("film.mp4"))
    return whole.with_name("film.mp4")


@pytest.fixture
def room(tmp_path: Path, film: Path) -> Path:
    """A broadcast with one good transcript and one good recording."""
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "broadcast.yaml").write_text(MANIFEST, "utf-8")
    (folder / "a.srt").write_text(CUE, "utf-8")
    shutil.copy(film, folder / "good.mp4")
    return folder


def made_model(folder: Path) -> Path:
    """A speech model of a few hundred bytes."""
    folder.mkdir()
    transducer(folder)
    return folder


def in_boxes(content: bytes, box: bytes, offset: int, value: int) -> bytes:
    """A 32-bit number behind the name of every such box of an MP4 replaced."""
    changed, at = bytearray(content), content.find(box)
    assert at >= 0, box
    while at >= 0:
        struct.pack_into(">I", changed, at + 4 + offset, value)
        at = content.find(box, at + 4)
    return bytes(changed)


def png(width: int, height: int) -> bytes:
    """A PNG that says it is this large, with next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")


@cache
def wave(folder: Path) -> bytes:
    return make(folder / "made.wav", 2, video=False).read_bytes()


def refused(folder: Path, film: Path) -> dict[str, str]:
    """Write files none of which can be read; by name, a word of the cause in English."""
    content = film.read_bytes()
    no_recording = "no recording that can be read"
    files: dict[str, tuple[bytes, str]] = {
        **{f"zero.{kind}": (b"", "empty") for kind in ("mp4", "flv", "ts", "wav")},
        "text.mp4": (b"hello, world\n", no_recording),
        "page.mp4": (b"<!doctype html><html><body>404</body></html>", no_recording),
        "list.mp4": (f"#EXTM3U\n#EXTINF:1,\n{film}\n#EXT-X-ENDLIST\n".encode(), no_recording),
        "remote.ts": (b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n", no_recording),
        "concat.mp4": (f"ffconcat version 1.0\nfile {film}\n".encode(), no_recording),
        "session.mp4": (b"v=0\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n", no_recording),
        "magic.mp4": (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + NOISE, no_recording),
        "magic.flv": (b"FLV\1\5\0\0\0\t\0\0\0\0" + NOISE, ""),
        "magic.mkv": (b"\x1aE\xdf\xa3" + NOISE, no_recording),
        "magic.wav": (b"RIFF\xff\xff\xff\x7fWAVEfmt " + NOISE, ""),
        "cut.mp4": (content[: content.index(b"mdat") // 2], no_recording),
        "tables.mp4": (in_boxes(content, b"stsz", 8, 1 << 30), "the index claims"),
        "times.mp4": (in_boxes(content, b"stts", 4, 0xFFFFFFFF), ""),
        "wide.avi": (_wide(folder), ""),
        "many.mkv": (_many(folder, film), "more than 64"),
    }
    for name, (data, _) in files.items():
        (folder / name).write_bytes(data)
    return {name: cause for name, (_, cause) in files.items()}


def _wide(folder: Path) -> bytes:
    """A film whose every header says 30,000 by 30,000."""
    path = folder / "small.avi"
    ffmpeg("-f", "lavfi", "-i", "color=s=48x48:d=1:r=5", "-c:v", "mjpeg", path)
    content = path.read_bytes()
    path.unlink()
    size, huge = struct.pack("<II", 48, 48), struct.pack("<II", 30_000, 30_000)
    jpeg, large = struct.pack(">HH", 48, 48), struct.pack(">HH", 30_000, 30_000)
    assert size in content and jpeg in content
    return content.replace(size, huge).replace(b"\xff\xc0\0\x11\x08" + jpeg, b"\xff\xc0\0\x11\x08" + large)


def _many(folder: Path, film: Path) -> bytes:
    """A thousand streams."""
    path = folder / "thousand.mkv"
    ffmpeg("-i", film, *["-map", "0:a"] * 1000, "-t", "0.1", "-c", "copy", path)
    content = path.read_bytes()
    path.unlink()
    return content


def kept(folder: Path, film: Path) -> list[str]:
    """Write files that are read as far as they go."""
    content = film.read_bytes()
    data = wave(folder)
    (folder / "made.wav").unlink(missing_ok=True)
    length = data.index(b"data") + 4
    files = {
        "ten-hours.mp4": in_boxes(content, b"mvhd", 16, 36_000_000),
        "half.mp4": content[: len(content) * 2 // 3],
        "short.wav": data[: len(data) // 3],
        "sizes.wav": data[:4] + b"\xff" * 4 + data[8:length] + b"\xf0\xff\xff\xff" + data[length + 4 :],
    }
    for name, written in files.items():
        (folder / name).write_bytes(written)
    make(folder / "heard-only.m4a", 2, video=False)
    make(folder / "seen-only.mp4", 2, sound=False)
    ffmpeg("-f", "lavfi", "-i", "color=s=64x64:d=2:r=5", "-f", "lavfi", "-i", "anullsrc=d=2",
           "-c:v", "libx264", "-c:a", "aac", folder / "silent.flv")  # fmt: skip
    shutil.copy(film, folder / "twice.mp4")
    return [*files, "heard-only.m4a", "seen-only.mp4", "silent.flv", "twice.mp4"]


def line_of(done: Ended, name: str) -> str:
    """The lines that name the file, mostly one."""
    lines = [line for line in done.err.splitlines() if line.strip().startswith((f"{name}:", f"{name}："))]
    assert lines, (name, done.err)
    return "\n".join(lines)


def quotes(out: Path) -> list[str]:
    return [json.loads(line)["quote"] for line in (out / "findings.jsonl").read_text("utf-8").splitlines()]


def held(out: Path) -> list[str]:
    return [one["file"] for one in json.loads((out / "recordings.json").read_bytes())["recordings"]]


class TestInspect:
    def test_what_cannot_be_read_is_told_and_the_rest_inspected(
        self, call: Call, room: Path, film: Path
    ) -> None:
        causes = refused(room, film)
        done = call("inspect", room, "--dry-run", "--no-hear", "--no-read-screen", "--lang", "en", within=60)
        assert done.code == 1, done.err
        for name, cause in causes.items():
            line = line_of(done, name)
            assert cause in line, line
            assert "Remedy: " in line, line
        assert "would read" not in done.err
        chinese = call("inspect", room, "--out", "out", "--no-hear", "--no-read-screen", within=60)
        assert chinese.code == 1
        assert quotes(room.parent / "out") == ["根治"]
        assert "good.mp4" in held(room.parent / "out")
        assert not set(causes) - OPEN & set(held(room.parent / "out"))
        assert "处理办法：" in chinese.err and "Remedy" not in chinese.err

    def test_what_is_broken_is_read_as_far_as_it_goes(self, call: Call, room: Path, film: Path) -> None:
        names = kept(room, film)
        done = call("inspect", room, "--out", "out", "--no-hear", "--lang", "en", memory=4 * GIB, within=90)
        assert done.code in (0, 1), done.err
        out = room.parent / "out"
        assert "good.mp4" in held(out)
        assert set(names) - {"twice.mp4"} <= set(held(out))
        assert quotes(out) == ["根治"]
        lengths = {
            one["file"]: one["duration_ms"]
            for one in json.loads((out / "recordings.json").read_bytes())["recordings"]
        }
        assert lengths["ten-hours.mp4"] == pytest.approx(4000, abs=200)
        assert max(lengths.values()) < 10_000, "no header is believed"

    def test_links_loops_and_strange_names(self, call: Call, room: Path, film: Path, tmp_path: Path) -> None:
        outside = tmp_path / "outside.mp4"
        shutil.copy(film, outside)
        (room / "leads-out.mp4").symlink_to(outside)
        (room / "loop.mp4").symlink_to(room / "loop.mp4")
        (room / "self").symlink_to(room)
        (room / "dev.mp4").symlink_to("/dev/zero")
        os.mkfifo(room / "pipe.mp4")
        strange = ["-rf.mp4", "new\nline.mp4", "\u202egnp.mp4", "'\"$(x)`.mp4", os.fsdecode(b"\xff\xfe.mp4")]
        for name in strange:
            shutil.copy(film, room / name)
        done = call("inspect", room, "--out", "out", "--no-hear", "--no-read-screen", "--lang", "en")
        assert done.code == 1, done.err
        out = tmp_path / "out"
        assert len(held(out)) == 1 + len(strange)
        assert quotes(out) == ["根治"]
        for name in ("leads-out.mp4", "loop.mp4", "dev.mp4", "pipe.mp4"):
            assert name not in held(out)
            assert name in (out / "report.html").read_text("utf-8"), name
        assert "\u202e" not in done.err

    def test_six_hundred_recordings(self, call: Call, room: Path) -> None:
        beep = wave(room)
        (room / "made.wav").unlink(missing_ok=True)
        for number in range(600):
            (room / f"part{number:03}.wav").write_bytes(beep[:20_000])
        done = call("inspect", room, "--out", "out", "--no-hear", "--no-read-screen", "--lang", "en")
        assert done.code == 1, done.err
        assert "more files than the limit of 500" in done.err
        assert quotes(room.parent / "out") == ["根治"]
        assert done.seconds < 20

    def test_a_recording_that_grows_meanwhile(self, call: Call, room: Path, film: Path) -> None:
        ffmpeg("-i", film, "-c", "copy", room / "grows.ts")
        content = (room / "grows.ts").read_bytes()
        stop = threading.Event()

        def grow() -> None:
            while not stop.is_set() and (room / "grows.ts").stat().st_size < 50_000_000:
                with (room / "grows.ts").open("ab") as file:
                    file.write(content)
                time.sleep(0.02)

        writer = threading.Thread(target=grow)
        writer.start()
        try:
            done = call("inspect", room, "--out", "out", "--no-hear", "--no-read-screen", "--lang", "en")
        finally:
            stop.set()
            writer.join()
        assert done.code in (0, 1), done.err
        assert "grows.ts" in held(room.parent / "out")

    def test_pictures_too_large_and_none_at_all(self, call: Call, room: Path) -> None:
        pytest.importorskip("rapidocr", reason="needs the extra screen")
        (room / "huge.png").write_bytes(png(30_000, 30_000))
        (room / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0" + NOISE)
        done = call("inspect", room, "--out", "out", "--no-hear", memory=4 * GIB)
        assert done.code == 1
        assert "30000 × 30000 像素" in line_of(done, "huge.png") or "像素过多" in line_of(done, "huge.png")
        assert "无法作为图片读取" in line_of(done, "bad.jpg")

    def test_out_inside_the_input_and_where_nothing_can_be_written(self, call: Call, room: Path) -> None:
        inside = call("inspect", room, "--out", room / "out", "--lang", "en")
        assert inside.code == 2
        assert "inside the broadcast's folder" in inside.err
        if not Path("/proc/self").exists():
            pytest.skip("this system has no place that even root cannot write to")
        done = call("inspect", room, "--out", "/proc/self/out", "--no-hear", "--no-read-screen")
        assert done.code in (2, 3)
        assert "Remedy" in done.err or "处理办法" in done.err or "Invalid value" in done.err

    def test_a_full_disk(self, room: Path, tmp_path: Path) -> None:
        limit = (
            "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)); import signal; "
        )
        limit += "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); from fairstream.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", limit, "inspect", str(room), "--out", str(tmp_path / "out"), "--no-hear",
             "--no-read-screen"],
            capture_output=True, timeout=60, check=False, env=os.environ | {"COLUMNS": "200"},
        )  # fmt: skip
        said = done.stderr.decode()
        assert done.returncode == 3, said
        assert "Traceback" not in said
        assert os.strerror(errno.EFBIG) in said


class TestOneByOne:
    def test_transcribe(self, call: Call, tmp_path: Path, film: Path) -> None:
        pytest.importorskip("sherpa_onnx", reason="needs the extra speech")
        model = made_model(tmp_path / "model")
        folder = tmp_path / "files"
        folder.mkdir()
        causes = refused(folder, film)
        names = kept(folder, film)
        files = [folder / name for name in (*causes, *names)]
        done = call("transcribe", *files, "--model", model, "--out", "heard", "--lang", "en", within=60)
        assert done.code == 1, done.err
        for name in set(causes) - OPEN:
            assert causes[name] in line_of(done, name)
        written = {path.stem.partition("-")[2] for path in (tmp_path / "heard").iterdir()}
        assert {Path(name).stem for name in set(names) - {"seen-only.mp4"}} <= written
        assert not {Path(name).stem for name in set(causes) - OPEN} & written - {"magic"}
        assert call("transcribe", folder / "zero.mp4", "--model", model, within=30).code == 3

    def test_screen(self, call: Call, tmp_path: Path, film: Path) -> None:
        pytest.importorskip("rapidocr", reason="needs the extra screen")
        causes = refused(tmp_path, film)
        (tmp_path / "huge.png").write_bytes(png(30_000, 30_000))
        files = [*causes, "huge.png", film]
        done = call("screen", *files, "--out", "s.jsonl", "--lang", "en", memory=4 * GIB, within=60)
        assert done.code == 1, done.err
        for name in set(causes) - OPEN:
            assert "Remedy: " in line_of(done, name)
        assert "pixels" in line_of(done, "huge.png")
        assert "film.mp4: " in done.err

    def test_clips_and_stills(self, call: Call, tmp_path: Path, film: Path) -> None:
        causes = refused(tmp_path, film)
        for number, name in enumerate(("zero.flv", "list.mp4", "magic.mp4", "tables.mp4", "many.mkv")):
            kind = (("clip", "--from", 1), ("still", "--at", 1))[number % 2]
            out = f"cut{number}.{'png' if number % 2 else 'mp4'}"
            done = call("evidence", kind[0], name, *kind[1:], "--out", out, "--lang", "en", within=30)
            assert done.code == 3, (name, done)
            assert name in done.err and "Remedy: " in done.err, causes[name]
            assert not (tmp_path / out).exists()
            assert not (tmp_path / "captures.jsonl").exists()
        late = call("evidence", "clip", film, "--from", "10:00:00", "--out", "late.mp4")
        assert late.code == 3
        assert "没有内容" in late.err
        over = call("evidence", "still", film, "--at", "1", "--out", film)
        assert over.code == 2
        assert "证据不得覆盖" in over.err


class TestModels:
    @pytest.fixture
    def model(self, tmp_path: Path) -> Path:
        pytest.importorskip("sherpa_onnx", reason="needs the extra speech")
        return made_model(tmp_path / "model")

    @pytest.mark.parametrize("harm", ["empty", "noise", "cut", "text"])
    def test_a_model_that_is_none(self, call: Call, model: Path, film: Path, harm: str) -> None:
        encoder = next(model.glob("encoder*.onnx"))
        if harm == "empty":
            for file in model.iterdir():
                file.unlink()
        elif harm == "cut":
            encoder.write_bytes(encoder.read_bytes()[: encoder.stat().st_size // 2])
        else:
            encoder.write_bytes(NOISE if harm == "noise" else b"no model\n" * 100)
        done = call("transcribe", film, "--model", model, within=30)
        assert done.code == 2, done
        assert "处理办法：" in done.err or "Remedy: " in done.err

    def test_a_voice_detector_that_is_none(self, call: Call, model: Path, film: Path, tmp_path: Path) -> None:
        (tmp_path / "silero_vad.onnx").write_bytes(NOISE)
        done = call("transcribe", film, "--model", model, "--voice", "silero_vad.onnx", within=30)
        assert done.code == 2, done
        encoder = next(model.glob("encoder*.onnx"))
        done = call("transcribe", film, "--model", model, "--voice", encoder, within=30)
        assert done.code == 2, done

    def test_inspect_tells_it_too(self, call: Call, room: Path, tmp_path: Path) -> None:
        (tmp_path / "none").mkdir()
        done = call("inspect", room, "--out", "out", "--model", "none", "--hear", within=30)
        assert done.code == 2
        assert "没有识别出语音模型" in done.err or "未识别出语音模型" in done.err
