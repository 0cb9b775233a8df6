"""A recording with print in it, from the file to what the checks make of it."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from fairstream.checks.approvals import approvals
from fairstream.checks.scene import Scene
from fairstream.cli import cli
from fairstream.errors import FormatError
from fairstream.records import Broadcast, Place, Recording, Stretch
from fairstream.sources.ocr.reader import PictureReader
from fairstream.sources.ocr.watching import screen_texts
from fairstream.sources.timedrows import read_screen

NUMBER = "食健广审（文）第250101-00001号"
SHOWN = (
    ("现价99元", 300, 0, 1600),
    ("原价399元", 340, 0, 1600),
    (NUMBER, 60, 800, 3200),
    ("全网最低价", 560, 1600, 3200),
)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory, font_file: str) -> Path:
    """Four seconds, 25 pictures each, over a brightness that changes."""
    import av
    from PIL import Image, ImageDraw, ImageFont

    path = tmp_path_factory.mktemp("film") / "room.mp4"
    font = ImageFont.truetype(font_file, 24)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 360, 640, "yuv420p"
        for number in range(100):
            at = number * 40
            image = Image.new("RGB", (360, 640), (40 + number % 50, 60, 80))
            pen = ImageDraw.Draw(image)
            for text, top, start, end in SHOWN:
                if start <= at < end:
                    size = font if len(text) < 10 else ImageFont.truetype(font_file, 18)
                    pen.text((20, top), text, font=size, fill=(255, 255, 255))
            for packet in stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")):
                out.mux(packet)
        for packet in stream.encode(None):
            out.mux(packet)
    return path


def recording(path: Path) -> Recording:
    return Recording(
        "r1", "room.mp4", path, "", path.stat().st_size, "mp4", 4000, has_video=True, has_audio=False
    )


def test_intervals_are_on_the_broadcasts_clock(film: Path, reader: PictureReader) -> None:
    reached: list[int] = []
    later = replace(recording(film), stretches=(Stretch(0, 60_000, 4000),))
    loaded = screen_texts(later, reader, progress=reached.append)
    found = {one.text: one for one in loaded.records}
    assert set(found) == {"现价99元\n原价399元", NUMBER, "全网最低价"}
    wanted = {"现价99元\n原价399元": (0, 1600), NUMBER: (800, 3200), "全网最低价": (1600, 3200)}
    for text, (start, end) in wanted.items():
        assert 0 <= (found[text].start_ms or 0) - 60_000 - start <= 80
        assert 0 <= (found[text].end_ms or 0) - 60_000 - end <= 80
        assert found[text].recording_id == "r1"
        assert found[text].place == Place("room.mp4")
    assert len({one.id for one in loaded.records}) == 3
    assert reached == sorted(reached)
    assert reached[-1] >= 3900


def test_checks_find_the_approval_number_that_was_read(film: Path, reader: PictureReader) -> None:
    texts = screen_texts(recording(film), reader).records
    scene = Scene(Broadcast("b", "（虚构）", date(2026, 3, 1), invented=True, screen=texts))
    (approval,) = approvals(scene)
    assert approval.side.medium == "screen"
    assert approval.side.quote == NUMBER
    assert approval.side.end_ms is not None


def test_a_recording_without_pictures_has_no_text(tmp_path: Path, reader: PictureReader) -> None:
    sound = replace(recording(Path(__file__)), has_video=False)
    assert screen_texts(sound, reader).records == ()


def test_what_is_no_recording_is_refused(tmp_path: Path, reader: PictureReader) -> None:
    path = tmp_path / "room.mp4"
    path.write_bytes(b"no film")
    with pytest.raises(FormatError):
        screen_texts(recording(path), reader)


def test_the_command_writes_what_the_reader_of_screen_files_takes(
    film: Path, reader: PictureReader, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "screen.jsonl"
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    code = cli.main(["screen", str(film), str(broken), "--out", str(out), "--quiet"], standalone_mode=False)
    assert code == 1
    texts = read_screen(out, name="screen.jsonl").records
    assert [one.text for one in texts] == ["现价99元\n原价399元", NUMBER, "全网最低价"]
    assert texts[0].start_ms == 0
    assert texts[0].confidence is not None
    assert cli.main(["screen", str(broken), "--quiet"], standalone_mode=False) == 3
    assert "broken.mp4" in capfd.readouterr().err
