"""The real reader on drawn pictures: what it must read, and that it is quiet."""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fairstream.errors import UsageError
from fairstream.sources.ocr.opening import open_reader
from fairstream.sources.ocr.reader import PictureReader

ROWS = ("国药准字Z20123456", "食健广审（文）第250101-00001号", "现价99元", "原价399元", "全网最低价")
Draw = Callable[[tuple[str, ...]], np.ndarray]  # type: ignore[type-arg]


@pytest.fixture
def draw(font_file: str) -> Draw:
    """White rows on a dark picture, 60 pixels apart."""
    from PIL import Image, ImageDraw, ImageFont

    def drawn(rows: tuple[str, ...]) -> np.ndarray:  # type: ignore[type-arg]
        image = Image.new("RGB", (540, 60 * len(rows) + 20), (30, 40, 50))
        pen = ImageDraw.Draw(image)
        for number, text in enumerate(rows):
            pen.text(
                (24, 16 + 60 * number), text, font=ImageFont.truetype(font_file, 24), fill=(250, 250, 250)
            )
        return np.asarray(image)

    return drawn


def test_numbers_prices_and_captions_are_read_exactly(
    reader: PictureReader, draw: Draw, capfd: pytest.CaptureFixture[str]
) -> None:
    lines = reader.read(draw(ROWS))
    assert tuple(line.text for line in lines) == ROWS
    assert all(line.score > 0.9 for line in lines)
    assert [round((line.box.top + line.box.height / 2) * 320) // 60 for line in lines] == [0, 1, 2, 3, 4]
    assert capfd.readouterr() == ("", "")


def test_a_band_is_read_like_the_whole(reader: PictureReader, draw: Draw) -> None:
    assert [line.text for line in reader.read(draw(ROWS)[120:190])] == ["现价99元"]


@pytest.mark.parametrize(
    "size",
    [(1, 1), (1, 5000), (5000, 1), (7, 300), (64, 64), (480, 270), (8, 3000), (3000, 8), (8001, 50), (9, 9)],
)
def test_tiny_and_black_pictures_hold_nothing(reader: PictureReader, size: tuple[int, int]) -> None:
    assert reader.read(np.zeros((*size, 3), np.uint8)) == ()


def test_the_card_names_the_models_by_their_hashes(reader: PictureReader) -> None:
    import rapidocr

    folder = Path(rapidocr.__file__).parent / "models"
    assert reader.card.engine == "rapidocr"
    assert len(reader.card.files) == 2
    for name, digest in reader.card.files:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr", None)
    with pytest.raises(UsageError) as error:
        open_reader()
    assert 'pip install "fairstream[screen]"' in str(error.value)
