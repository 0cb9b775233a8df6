"""Recordings in every container: what is in them, where their sound and pictures lie, and what breaks."""

import re
import shutil
import struct
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from fairstream.errors import FormatError, InputError, LimitError
from fairstream.sources.media import audio, breaks, frames, probe
from fairstream.sources.problems import ProblemLog
from sources.media_samples import SECONDS, beeps, ffmpeg, make, ts_at

NEEDS_FFMPEG = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
ALL = ("mp4", "flv", "ts", "mkv", "m4a", "mp3", "wav")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("media")
    for ending in ALL:
        rate = 44_100 if ending == "flv" else 48_000
        make(folder / f"a.{ending}", video=ending in ("mp4", "flv", "ts", "mkv"), rate=rate)
    return folder


@pytest.mark.parametrize("ending", ALL)
def test_sound_of_every_container_lies_where_it_was_made(made: Path, ending: str) -> None:
    blocks = list(audio(made / f"a.{ending}"))
    heard = beeps(blocks)
    assert len(heard) == SECONDS
    late = [at - second * 1000 for second, at in enumerate(heard)]
    assert max(late) - min(late) <= 8
    assert -8 <= min(late) <= max(late) <= 80  # encoders put some silence before the first sample
    ends = [block.position_ms + len(block.samples) / 16 for block in blocks]
    assert all(abs(after.position_ms - end) <= 1 for after, end in zip(blocks[1:], ends, strict=False))
    assert all(len(block.samples) == 16_000 for block in blocks[:-1])
    assert all(block.samples.dtype == np.float32 for block in blocks)


@pytest.mark.parametrize("ending", ALL)
def test_probe_tells_what_is_in_it(made: Path, ending: str) -> None:
    path = made / f"a.{ending}"
    found = probe(path)
    assert found.size == path.stat().st_size
    assert found.duration_ms is not None
    assert abs(found.duration_ms - SECONDS * 1000) <= 120
    assert (found.width, found.height) == ((64, 96) if ending in ("mp4", "flv", "ts", "mkv") else (0, 0))
    assert found.sample_rate == (44_100 if ending == "flv" else 48_000)
    assert len(found.runs) == 1
    assert found.problems == ()


@pytest.mark.parametrize("ending", ["mp4", "flv", "ts", "mkv"])
@pytest.mark.parametrize(("every", "count"), [(500, 12), (1000, 6), (3000, 2)])
def test_pictures_by_time(made: Path, ending: str, every: int, count: int) -> None:
    shown = list(frames(made / f"a.{ending}", every_ms=every))
    assert len(shown) == count
    for number, frame in enumerate(shown):
        assert 0 <= frame.position_ms - number * every <= 80
        assert abs(int(frame.image.mean()) - (20 + 30 * (number * every // 1000 % 8))) <= 6
        assert frame.image.shape == (96, 64, 3)


def test_pictures_by_change_and_bounded(made: Path) -> None:
    shown = list(frames(made / "a.mp4", every_ms=200, changed=0.3, most_side=48))
    assert [frame.position_ms // 1000 for frame in shown] == list(range(SECONDS))
    assert {frame.image.shape for frame in shown} == {(48, 32, 3)}


@NEEDS_FFMPEG
def test_a_picture_is_turned_upright(tmp_path: Path) -> None:
    half, turned = tmp_path / "half.mp4", tmp_path / "turned.mp4"
    draw = "color=black:s=64x96:d=1,drawbox=w=64:h=48:c=white:t=fill"
    ffmpeg("-f", "lavfi", "-i", draw, half)
    ffmpeg("-i", half, "-c", "copy", "-metadata:s:v", "rotate=90", turned)  # a quarter turn with the clock
    image = next(frames(turned)).image
    if image.shape == (96, 64, 3):
        pytest.skip("this ffmpeg writes no rotation from metadata")
    assert image.shape == (64, 96, 3)
    ffmpeg("-i", turned, "-frames:v", "1", tmp_path / "upright.png")  # turns it by itself
    expected = np.asarray(Image.open(tmp_path / "upright.png").convert("RGB"))
    assert np.abs(image.astype(int) - expected.astype(int)).mean() < 5


@NEEDS_FFMPEG
def test_positions_count_from_the_first_stamp(made: Path, tmp_path: Path) -> None:
    path = tmp_path / "late.ts"
    path.write_bytes(ts_at(made / "a.mp4", 3600))
    blocks = list(audio(path))
    assert blocks[0].position_ms <= 25
    assert next(frames(path)).position_ms <= 80
    assert abs((probe(path).duration_ms or 0) - SECONDS * 1000) <= 120


@NEEDS_FFMPEG
@pytest.mark.parametrize(
    ("offsets", "starts", "resets"),
    [
        ((0, 20), (0, 20), (False, False)),
        ((0, 0, 0), (0, 6, 12), (False, True, True)),
        ((3600, 5), (0, 6), (False, True)),
        ((0, 90_000, 0), (0, 6, 12), (False, True, True)),
        ((95_440.7,), (0,), (False,)),
    ],
    ids=["hole", "set back to 0 twice", "an hour back", "a day ahead and back", "33 bits wrap"],
)
def test_planted_jumps(
    made: Path, tmp_path: Path, offsets: tuple[float, ...], starts: tuple[int, ...], resets: tuple[bool, ...]
) -> None:
    path = tmp_path / "jump.ts"
    path.write_bytes(b"".join(ts_at(made / "a.mp4", offset) for offset in offsets))
    runs = breaks(path)
    assert [run.reset for run in runs] == list(resets)
    assert all(abs(run.position_ms - start * 1000) <= 200 for run, start in zip(runs, starts, strict=True))
    heard = beeps(list(audio(path)))
    due = [(start + second) * 1000 for start in starts for second in range(SECONDS)]
    assert len(heard) == len(due)
    assert all(abs(at - planned) <= 200 for at, planned in zip(heard, due, strict=True))
    positions = [frame.position_ms for frame in frames(path, every_ms=1000)]
    assert positions == sorted(positions)
    assert len(positions) >= len(due)
    causes = " ".join(problem.cause for problem in probe(path).problems)
    assert ("set anew" in causes) == any(resets)
    assert ("a hole in the time stamps" in causes) == (offsets == (0, 20))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ending=st.sampled_from(ALL), share=st.floats(0, 1), flips=st.lists(st.integers(0, 1 << 30), max_size=8)
)
def test_cut_and_damaged_anywhere(
    made: Path, tmp_path: Path, ending: str, share: float, flips: list[int]
) -> None:
    data = bytearray((made / f"a.{ending}").read_bytes())
    data = data[: int(len(data) * share)]
    for flip in flips:
        if data:
            data[flip % len(data)] ^= 1 << flip % 8
    path = tmp_path / f"cut.{ending}"
    path.write_bytes(data)
    try:
        found = probe(path)
    except (FormatError, LimitError) as error:
        assert error.remedy
        return
    log = ProblemLog(path.name)
    try:
        blocks = list(audio(path, log=log)) if found.audio_codec else []
        shown = list(frames(path, log=log)) if found.video_codec else []
    except (FormatError, LimitError) as error:
        assert error.remedy
        return
    for one, after in pairwise(blocks):
        assert after.position_ms >= one.position_ms + len(one.samples) / 16 - 1
    assert [frame.position_ms for frame in shown] == sorted(frame.position_ms for frame in shown)


@pytest.mark.parametrize("ending", ["flv", "ts", "mkv", "wav", "mp3"])
def test_a_broken_tail_keeps_what_stands_before_it(made: Path, tmp_path: Path, ending: str) -> None:
    data = (made / f"a.{ending}").read_bytes()
    path = tmp_path / f"half.{ending}"
    path.write_bytes(data[: len(data) // 2])
    found = probe(path)
    assert 2000 < (found.duration_ms or 0) < 4000
    assert len(beeps(list(audio(path)))) in (3, 4)
    if ending in ("flv", "mkv", "wav"):
        said = r"the recording says it lasts 0:00:0(5\.9|6\.0) but ends at 0:00:0[23]\.\d"
        assert re.fullmatch(said, found.problems[0].cause)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.mp4", b""),
        ("a.mp4", "这不是录像".encode() * 100),
        ("a.ts", b"export const a: number = 1;\n" * 100),
        ("a.mp4", b"#EXTM3U\n#EXTINF:1,\nother.ts\n#EXT-X-ENDLIST\n"),
        ("a.m3u8", b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n"),
        ("a.ts", b"ffconcat version 1.0\nfile other.ts\n"),
        ("a.mp4", b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"),
    ],
    ids=["empty", "text", "TypeScript", "playlist", "playlist of an address", "list of files", "session"],
)
def test_what_is_no_recording_is_refused(made: Path, tmp_path: Path, name: str, content: bytes) -> None:
    shutil.copy(made / "a.ts", tmp_path / "other.ts")
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FormatError) as caught:
        probe(path, name=name)
    assert caught.value.remedy
    assert caught.value.file == name


def test_folders_and_missing_files_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.mp4"):
        with pytest.raises(InputError, match="no such recording"):
            probe(path)


def test_a_header_that_claims_ten_hours(made: Path, tmp_path: Path) -> None:
    mp4 = bytearray((made / "a.mp4").read_bytes())
    at = mp4.find(b"mvhd")
    scale = struct.unpack(">I", mp4[at + 16 : at + 20])[0]
    mp4[at + 20 : at + 24] = struct.pack(">I", 36_000 * scale)
    flv = bytearray((made / "a.flv").read_bytes())
    at = flv.find(b"duration")
    flv[at + 9 : at + 17] = struct.pack(">d", 36_000.0)
    for name, data in (("ten.mp4", mp4), ("ten.flv", flv)):
        (tmp_path / name).write_bytes(data)
        found = probe(tmp_path / name)
        assert found.stated_ms == 36_000_000
        assert abs((found.duration_ms or 0) - SECONDS * 1000) <= 120
        assert found.problems[0].cause == "the recording says it lasts 10:00:00.0 but ends at 0:00:06.0"


def test_an_index_that_claims_millions_is_refused_before_memory_is_taken(made: Path, tmp_path: Path) -> None:
    data = bytearray((made / "a.mp4").read_bytes())
    at = data.rfind(b"stsz")
    data[at + 8 : at + 16] = struct.pack(">II", 10, 60_000_000)
    (tmp_path / "many.mp4").write_bytes(data)
    with pytest.raises(LimitError, match="the index claims 60,000"):
        probe(tmp_path / "many.mp4")


def test_hundreds_of_streams_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "streams.mkv"
    with av.open(str(path), "w") as out:
        streams = [out.add_stream("pcm_s16le", rate=8000, layout="mono") for _ in range(200)]
        for stream in streams:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), "s16", "mono")
            frame.sample_rate = 8000
            out.mux(stream.encode(frame))
    with pytest.raises(LimitError, match="more than 64"):
        probe(path)


def test_pictures_too_large_to_decode_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "bomb.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mjpeg", rate=5)
        stream.width, stream.height, stream.pix_fmt = 64, 96, "yuvj420p"
        for number in range(5):
            frame = av.VideoFrame(64, 96, "yuvj420p")
            frame.pts = number
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"\xff\xc0\x00\x11\x08", at + 1)) >= 0:
        data[at + 5 : at + 9] = struct.pack(">HH", 20_000, 20_000)
    path.write_bytes(data)
    log = ProblemLog(path.name)
    assert list(frames(path, log=log)) == []
    assert log.problems[0].cause.startswith("a piece that cannot be decoded, the first at 0:00:00.0")


def test_a_sampling_rate_of_one_hertz_is_refused(tmp_path: Path) -> None:
    head = struct.pack("<IHHIIHH", 16, 1, 1, 1, 2, 2, 16)
    content = b"WAVEfmt " + head + b"data" + struct.pack("<I", 4000) + bytes(4000)
    (tmp_path / "slow.wav").write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)
    with pytest.raises(FormatError, match="1 Hz"):
        list(audio(tmp_path / "slow.wav"))


def test_no_sound_and_no_picture_are_said(made: Path, tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no pictures"):
        list(frames(made / "a.wav"))
    silent = make(tmp_path / "silent.mp4", 1, sound=False)
    with pytest.raises(FormatError, match="no sound"):
        list(audio(silent))
