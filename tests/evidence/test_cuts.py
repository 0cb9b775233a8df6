"""Clips and stills: what they hold to the frame, that nothing was coded anew, and that the original stays."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from fairstream.errors import FormatError, UsageError
from fairstream.evidence import cuts_opening
from fairstream.evidence.cuts import Cut, cut_clip, cutting, playable, take_still
from fairstream.evidence.cuts_opening import Opened, one_clock
from fairstream.records import Stretch
from fairstream.sources.media import breaks, frames

RATE = 25
KEY = 50
"""Pictures between key frames: two seconds."""


def level(number: int) -> int:
    """The grey of a picture tells its number: 5 greys a step, 40 pictures round."""
    return 20 + number % 40 * 5


def film(path: Path, seconds: int = 12, *, codec: str = "libx264", audio: str | None = "aac") -> Path:
    """Pictures that tell their number, and a tone; B-frames where the codec has them."""
    with av.open(str(path), "w") as container:
        options = (
            {"preset": "ultrafast", "g": str(KEY), "bf": "2"}
            if codec.startswith("libx26")
            else {"g": str(KEY)}
        )
        if codec == "libx264":
            options["x264-params"] = "scenecut=0"
        video: Any = container.add_stream(codec, rate=RATE, options=options)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        sound: Any = container.add_stream(audio, rate=44_100, layout="mono") if audio else None
        for number in range(seconds * RATE):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64), level(number), np.uint8), format="gray8")
            frame = frame.reformat(format="yuv420p")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(video.encode(frame))
            if sound is not None:
                at = np.arange(number * 1764, (number + 1) * 1764)
                block = av.AudioFrame.from_ndarray(
                    (0.3 * np.sin(at * 0.06)).astype(np.float32)[None], format="fltp", layout="mono"
                )
                block.sample_rate, block.pts, block.time_base = 44_100, number * 1764, Fraction(1, 44_100)
                container.mux(sound.encode(block))
        for stream in (video, sound):
            if stream is not None:
                container.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same film in every container."""
    folder = tmp_path_factory.mktemp("films")
    film(folder / "a.mp4")
    for ending in ("flv", "ts", "mkv"):
        remux(folder / "a.mp4", folder / f"a.{ending}")
    yield folder


def remux(source: Path, out: Path, *, shift: Any = None) -> Path:
    with av.open(str(source)) as reading, av.open(str(out), "w") as writing:
        targets = {s.index: writing.add_stream_from_template(s) for s in reading.streams}
        for packet in reading.demux():
            if packet.dts is None:
                continue
            packet.stream = targets[packet.stream_index]
            writing.mux(packet)
    return out


def greys(path: Path) -> list[int]:
    with av.open(str(path)) as container:
        return [round(float(f.to_ndarray(format="gray8").mean())) for f in container.decode(video=0)]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def packets(path: Path) -> set[bytes]:
    """Coded units as an MP4 holds them, for telling whether they were copied."""
    with av.open(str(path)) as container:
        return {bytes(p) for p in container.demux(video=0) if p.size}


@pytest.mark.parametrize("ending", ["mp4", "flv", "ts", "mkv"])
def test_clip_starts_at_the_key_frame_and_is_copied(films: Path, tmp_path: Path, ending: str) -> None:
    source, out = films / f"a.{ending}", tmp_path / "clip.mp4"
    before = sha256(source)
    cut = cut_clip(source, out, from_ms=5300, to_ms=7700)
    assert sha256(source) == before == cut.source_sha256 and cut.sha256 == sha256(out)
    assert cut.method == "stream_copy" and (cut.video_codec, cut.audio_codec) == ("h264", "aac")
    assert 4000 <= cut.from_ms <= 4100 and 1200 <= cut.earlier_ms <= 1300
    assert 7700 <= cut.to_ms <= 7960
    shown = greys(out)
    assert (
        len(shown) == round((cut.to_ms - cut.from_ms) / 40)
        or abs(len(shown) - (cut.to_ms - cut.from_ms) / 40) <= 3
    )
    wanted = [level(100 + number) for number in range(80)]
    assert all(abs(one - other) <= 3 for one, other in zip(shown, wanted, strict=False)), shown
    if ending in {"mp4", "mkv", "flv"}:
        assert packets(out) <= packets(films / "a.mp4")
    assert out.read_bytes().index(b"moov") < out.read_bytes().index(b"mdat")
    relation = cut.relation()
    assert relation["parent"] == before and relation["from_ms"] == cut.from_ms
    assert cut.parent().sha256 == before and cut.parent().relation == "clip:stream_copy"


def test_same_clip_gives_the_same_bytes(films: Path, tmp_path: Path) -> None:
    first = cut_clip(films / "a.ts", tmp_path / "1.mp4", from_ms=3000, to_ms=4000)
    assert first.sha256 == cut_clip(films / "a.ts", tmp_path / "2.mp4", from_ms=3000, to_ms=4000).sha256


@pytest.mark.parametrize("ending", ["mp4", "flv", "ts", "mkv"])
def test_exact_clip_is_coded_anew_and_says_so(films: Path, tmp_path: Path, ending: str) -> None:
    cut = cut_clip(films / f"a.{ending}", tmp_path / "clip.mp4", from_ms=5300, to_ms=7700, copy=False)
    assert cut.method == "re_encoded" and cut.earlier_ms == 0
    assert 5300 <= cut.from_ms < 5340 and 7680 <= cut.to_ms <= 7760
    shown = greys(tmp_path / "clip.mp4")
    assert len(shown) == 60 and abs(shown[0] - level(132 if shown[0] < level(133) - 2 else 133)) <= 3


@pytest.mark.parametrize("ending", ["mp4", "flv", "ts", "mkv"])
def test_still_is_what_was_on_the_screen(films: Path, tmp_path: Path, ending: str) -> None:
    with cutting(films / f"a.{ending}") as cutter:
        for number in (0, 49, 50, 51, 133, 299):
            offset = 0 if ending == "mp4" else 30
            cut = cutter.still(tmp_path / "s.png", at_ms=number * 40 + 20 + offset)
            assert cut.method == "decoded_picture" and cut.audio_codec is None
            assert abs(cut.from_ms - number * 40) <= 45
            grey = greys(tmp_path / "s.png")[0]
            assert min(abs(grey - level(number + near)) for near in (0, 1)) <= 2, (number, grey)


@pytest.mark.parametrize("ending", ["flv", "ts", "mkv"])
def test_whole_recording_plays_as_mp4(films: Path, tmp_path: Path, ending: str) -> None:
    cut = playable(films / f"a.{ending}", tmp_path / "whole.mp4")
    assert cut.method == "stream_copy" and cut.jumps == 0
    assert len(greys(tmp_path / "whole.mp4")) == 300


@pytest.mark.parametrize(("ending", "codec"), [("m4a", "aac"), ("mp3", "libmp3lame"), ("wav", "pcm_s16le")])
def test_sound_alone_is_copied(tmp_path: Path, ending: str, codec: str) -> None:
    source = tmp_path / f"s.{ending}"
    with av.open(str(source), "w") as container:
        stream: Any = container.add_stream(codec, rate=44_100, layout="mono")
        for number in range(100):
            samples = np.full((1, 4410), number / 200, np.float32)
            block = av.AudioFrame.from_ndarray(samples, format="fltp", layout="mono")
            block.sample_rate, block.pts, block.time_base = 44_100, number * 4410, Fraction(1, 44_100)
            container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    with cutting(source) as cutter:
        assert cutter.suffix == f".{ending}"
        cut = cutter.clip(tmp_path / f"c.{ending}", from_ms=3000, to_ms=5000)
        with pytest.raises(FormatError, match="no picture"):
            cutter.still(tmp_path / "s.png", at_ms=0)
    assert cut.method == "stream_copy" and cut.video_codec is None
    assert 2900 <= cut.from_ms <= 3050 and 5000 <= cut.to_ms <= 5100


def test_what_mp4_does_not_take_is_coded_anew(tmp_path: Path) -> None:
    source = film(tmp_path / "old.flv", 4, codec="flv", audio="libmp3lame")
    cut = cut_clip(source, tmp_path / "c.mp4", from_ms=1000, to_ms=2000)
    assert cut.method == "re_encoded" and cut.video_codec == "flv1"
    assert 24 <= len(greys(tmp_path / "c.mp4")) <= 26


def test_broken_tail_is_cut_up_to_where_it_breaks(films: Path, tmp_path: Path) -> None:
    for ending in ("flv", "ts"):
        source = tmp_path / f"torn.{ending}"
        data = (films / f"a.{ending}").read_bytes()
        source.write_bytes(data[: len(data) * 3 // 4])
        cut = cut_clip(source, tmp_path / "c.mp4", from_ms=6500, to_ms=60_000)
        assert 7000 < cut.to_ms < 11_000 and cut.asked_to_ms == 60_000
        with pytest.raises(FormatError, match=r"nothing at 0:00:11\.500"):
            cut_clip(source, tmp_path / "d.mp4", from_ms=11_500, to_ms=12_000)


@pytest.mark.parametrize("ending", ["mp4", "flv", "ts", "mkv"])
def test_from_beyond_the_end_is_refused(films: Path, tmp_path: Path, ending: str) -> None:
    for at in (12_500, 36_000_000):
        with pytest.raises(FormatError, match=r"ends at 0:00:1[12]"):
            cut_clip(films / f"a.{ending}", tmp_path / "c.mp4", from_ms=at, to_ms=at + 1000)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("wrong", [(-1, 5), (5, 5), (9, 3)])
def test_positions_that_do_not_fit_are_refused(films: Path, tmp_path: Path, wrong: tuple[int, int]) -> None:
    with pytest.raises(UsageError):
        cut_clip(films / "a.mp4", tmp_path / "c.mp4", from_ms=wrong[0], to_ms=wrong[1])


def test_names_that_do_not_fit_are_refused(films: Path, tmp_path: Path) -> None:
    for out in (tmp_path / "c.exe", tmp_path / "c"):
        with pytest.raises(UsageError):
            cut_clip(films / "a.mp4", out, from_ms=0, to_ms=1000)
    with pytest.raises(UsageError, match="never replaces"):
        cut_clip(films / "a.mp4", films / "a.mp4", from_ms=0, to_ms=1000)
    with pytest.raises(UsageError, match="no such file"):
        take_still(tmp_path / "none.mp4", tmp_path / "s.png", at_ms=0)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 4096,
        b"FLV\x01\x05\0\0\0\x09\0\0\0\0",
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom",
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "x.mp4"
    source.write_bytes(data)
    with pytest.raises(FormatError):
        cut_clip(source, tmp_path / "c.mp4", from_ms=0, to_ms=1000)
    assert not (tmp_path / "c.mp4").exists()


def test_header_that_claims_ten_hours_is_not_believed(films: Path, tmp_path: Path) -> None:
    source = tmp_path / "long.flv"
    data = bytearray((films / "a.flv").read_bytes())
    at = data.index(b"duration") + 9
    data[at : at + 8] = np.array([36_000.0], dtype=">f8").tobytes()
    source.write_bytes(data)
    with pytest.raises(FormatError, match=r"ends at 0:00:1[12]"):
        cut_clip(source, tmp_path / "c.mp4", from_ms=18_000_000, to_ms=18_010_000)
    assert cut_clip(source, tmp_path / "c.mp4", from_ms=1000, to_ms=2000).to_ms < 2500


def test_clips_of_one_recording_do_not_change_with_their_order(films: Path, tmp_path: Path) -> None:
    starts = (9000, 500, 5000, 7000, 1000)
    with cutting(films / "a.flv", sha256="known") as cutter:
        cuts = [cutter.clip(tmp_path / f"{at}.mp4", from_ms=at, to_ms=at + 700) for at in starts]
    assert {cut.source_sha256 for cut in cuts} == {"known"}

    def alone(at: int) -> Cut:
        return cut_clip(films / "a.flv", tmp_path / "x.mp4", from_ms=at, to_ms=at + 700)

    assert [cut.sha256 for cut in cuts] == [alone(at).sha256 for at in starts]


def joined(films: Path, tmp_path: Path, ending: str) -> Path:
    """The same film twice in one file: the clock is set back to its beginning in the middle."""
    source = tmp_path / f"twice.{ending}"
    data = (films / f"a.{ending}").read_bytes()
    source.write_bytes(data + (data[13:] if ending == "flv" else data))
    return source


@pytest.mark.parametrize("ending", ["flv", "ts"])
def test_positions_go_on_after_the_clock_was_set_anew(films: Path, tmp_path: Path, ending: str) -> None:
    source = joined(films, tmp_path, ending)
    with cutting(source) as cutter:
        for at in (18_000, 2_000, 17_000, 5_000):
            cut = cutter.clip(tmp_path / "c.mp4", from_ms=at, to_ms=at + 1500)
            assert cut.from_ms <= at < cut.to_ms <= at + 1800 and cut.earlier_ms <= 2100
            first = round((cut.from_ms % 12_000) / 40)
            grey = greys(tmp_path / "c.mp4")[0]
            assert min(abs(grey - level(first + near)) for near in range(-4, 2)) <= 3, (at, grey)
        over = cutter.clip(tmp_path / "c.mp4", from_ms=11_000, to_ms=13_000)
        assert over.to_ms < 12_200 and over.asked_to_ms == 13_000
        with pytest.raises(FormatError, match="nothing at"):
            cutter.clip(tmp_path / "c.mp4", from_ms=25_000, to_ms=26_000)
    whole = playable(source, tmp_path / "whole.mp4")
    assert whole.jumps >= 1 and len(greys(tmp_path / "whole.mp4")) == 600


def cut_thrice(source: Path, out: Path, stretches: tuple[Stretch, ...]) -> list[Cut]:
    with cutting(source, stretches=stretches) as cutter:
        return [cutter.clip(out, from_ms=at, to_ms=at + 1500) for at in (9_000, 500, 5_000)]


@pytest.mark.parametrize("ending", ["flv", "ts"])
def test_what_is_known_of_a_recording_spares_reading_it_through(
    films: Path, tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = films / f"a.{ending}"
    known = tuple(Stretch(run.position_ms, 0, run.length_ms) for run in breaks(source))
    assert len(known) == 1
    looked = cut_thrice(source, tmp_path / "c.mp4", ())

    def scan(opened: Opened) -> None:
        raise AssertionError(f"{opened.name} is read through again")

    monkeypatch.setattr(cuts_opening, "runs", scan)
    assert cut_thrice(source, tmp_path / "c.mp4", known) == looked
    with pytest.raises(AssertionError, match="again"):
        cut_thrice(source, tmp_path / "c.mp4", ())


def test_stretches_that_touch_may_hide_a_clock_that_was_set_anew() -> None:
    assert not one_clock(())
    assert one_clock((Stretch(0, 0, 5000), Stretch(9000, 9000, 400)))
    assert not one_clock((Stretch(0, 0, 5000), Stretch(9000, 9000, 400), Stretch(9401, 9800, 100)))


@pytest.mark.parametrize("ending", ["flv", "ts"])
def test_clips_after_a_reset_lie_where_the_readers_see_the_pictures(
    films: Path, tmp_path: Path, ending: str
) -> None:
    source = joined(films, tmp_path, ending)
    found = breaks(source)
    assert [run.reset for run in found] == [False, True]
    known = tuple(Stretch(run.position_ms, run.position_ms, run.length_ms) for run in found)
    seen = {one.position_ms: float(one.image.mean()) for one in frames(source, every_ms=40)}
    for at in (3_000, 15_000, 19_500):
        cuts = []
        for stretches in ((), known):
            with cutting(source, stretches=stretches) as cutter:
                cuts.append(cutter.clip(tmp_path / "c.mp4", from_ms=at, to_ms=at + 1500))
        assert cuts[0] == cuts[1]
        nearest = min(seen, key=lambda position: abs(position - cuts[0].from_ms))
        assert abs(nearest - cuts[0].from_ms) <= 2
        with av.open(str(tmp_path / "c.mp4")) as container:
            first: Any = next(container.decode(video=0))
        assert abs(float(first.to_ndarray(format="rgb24").mean()) - seen[nearest]) <= 1


def test_wild_stamps_and_sound_reset_first_do_not_move_clips(films: Path, tmp_path: Path) -> None:
    """A single wild stamp begins no run; at a reset the run begins with the first stream that follows it."""
    source = joined(films, tmp_path, "flv")
    data = bytearray(source.read_bytes())
    sound = [at for at, kind in flv_tags(data) if kind == 8]
    data[sound[40] + 4 : sound[40] + 8] = bytes([0x00, 0x00, 0x00, 0x00])
    data[sound[60] + 4 : sound[60] + 8] = bytes([0x7F, 0xFF, 0xFF, 0x7F])
    source.write_bytes(data)
    with cuts_opening.opened(source) as recording:
        assert len(recording.runs) == 2
        assert abs(recording.runs[1].start_ms - breaks(source)[1].position_ms) <= 1
        assert recording.runs[1].byte >= (films / "a.flv").stat().st_size


def flv_tags(data: bytes | bytearray) -> Iterator[tuple[int, int]]:
    """Place and kind (8 sound, 9 picture) of every tag of an FLV file."""
    at = 13
    while at + 11 <= len(data):
        yield at, data[at]
        at += 15 + int.from_bytes(data[at + 1 : at + 4], "big")
