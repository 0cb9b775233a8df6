"""Screenshots: read whole, long ones in parts, and no bombs."""

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import FormatError, InputError, LimitError
from fairstream.sources.ocr.pictures import picture_texts
from sources.ocr.drawn import DrawnReader, plain, write

Image = pytest.importorskip("PIL.Image", reason='the extra "screen" is not installed')


def saved(path: Path, picture: np.ndarray) -> Path:  # type: ignore[type-arg]
    Image.fromarray(picture).save(path)
    return path


def png_of(width: int, height: int) -> bytes:
    """The head of a PNG that says it is this large, and next to nothing behind it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 4096))
        + chunk(b"IEND", b"")
    )


def test_the_texts_of_a_screenshot_have_no_times(tmp_path: Path) -> None:
    picture = write(write(plain(), "国药准字", 40, 40), "原价399元", 300, 60)
    loaded = picture_texts(saved(tmp_path / "shop.png", picture), DrawnReader(), name="shop.png")
    assert [(one.id, one.text, one.start_ms, one.end_ms) for one in loaded.records] == [
        ("p1", "国药准字", None, None),
        ("p2", "原价399元", None, None),
    ]
    assert loaded.records[0].box == pytest.approx((36 / 480, 36 / 360, 72 / 480, 32 / 360))
    assert loaded.records[0].place is not None
    assert loaded.records[0].place.file == "shop.png"
    assert loaded.problems == ()


def test_every_line_of_a_long_screenshot_is_read_once(tmp_path: Path) -> None:
    picture = plain(6000, 480)
    for number in range(60):
        write(picture, f"第{number:02}条", 100 * number + number % 7 * 5, 40)
    reader = DrawnReader()
    loaded = picture_texts(saved(tmp_path / "long.png", picture), reader)
    assert [one.text for one in loaded.records] == [f"第{number:02}条" for number in range(60)]
    assert reader.calls == 6


@pytest.mark.parametrize("size", [(8001, 8000), (20_000, 20_000), (2_000_000_000, 1)])
def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(png_of(*size))
    with pytest.raises(LimitError, match="million"):
        picture_texts(path, DrawnReader())


@pytest.mark.parametrize(
    "content", [b"", b"not a picture", png_of(100, 100)[:60], png_of(0, 0), b"\xff\xd8\xff\xe0" + b"\0" * 100]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    with pytest.raises(FormatError, match=r"broken\.png: this is no picture"):
        picture_texts(path, DrawnReader())


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.png"):
        with pytest.raises(InputError):
            picture_texts(path, DrawnReader())


def test_one_pixel_holds_nothing(tmp_path: Path) -> None:
    assert picture_texts(saved(tmp_path / "dot.png", plain(1, 1)), DrawnReader()).records == ()
