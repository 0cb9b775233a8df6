"""Screenshots and photographs (.jpg, .png, .webp, .bmp) → the text in them."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from fairstream.errors import FormatError, InputError, LimitError, UsageError
from fairstream.records import Place, ScreenText
from fairstream.sources.loaded import Loaded
from fairstream.sources.ocr.cards import Seen, cards
from fairstream.sources.ocr.reader import Line, Picture, PictureReader
from fairstream.sources.ocr.watching import LARGEST_PIXELS
from fairstream.text.masking import mask

SUFFIXES: Final = (".jpg", ".jpeg", ".png", ".webp", ".bmp")
LARGEST_FILE: Final = 64 << 20
"""Bytes of a picture file; one of 64 million pixels rarely has a third of that."""
TILE: Final = 1280
"""Height of the parts that a long screenshot is read in, in pixels."""
OVERLAP: Final = 200
"""Pixels that two parts share, so that every line of less than half of it stands whole in one."""


def picture_texts(
    path: Path, reader: PictureReader, *, name: str | None = None, prefix: str = "p"
) -> Loaded[ScreenText]:
    """The texts in a picture, from the top; they have no times. Lines close together are one text. Personal
    numbers are starred, whoever put them there.

    Raises `LimitError` for more than 64 million pixels or 64 MiB, before anything is unpacked, `FormatError`
    when the file is no picture, and `UsageError` when the extra `screen` is not installed.
    """
    file = name or path.name
    image = _opened(path, file)
    seen = [
        Seen(number, 0, 0, line.text, line.box, line.score, lines=(number,))
        for number, line in enumerate(_lines(image, reader), 1)
    ]
    return Loaded(
        tuple(
            ScreenText(
                f"{prefix}{number}",
                mask(one.text),
                confidence=round(one.confidence, 4),
                place=Place(file),
                box=one.box,
            )
            for number, one in enumerate(sorted(cards(seen), key=lambda one: one.box.top), 1)
        )
    )


def _lines(image: Picture, reader: PictureReader) -> Iterator[Line]:
    """Lines of a picture, read in parts when it is long: the reader would shrink it as a whole."""
    height, width = image.shape[:2]
    size = max(TILE, width)
    if height <= size + OVERLAP:
        yield from reader.read(image)
        return
    for top in range(0, height - OVERLAP, size - OVERLAP):
        bottom = min(height, top + size)
        first = top + OVERLAP // 2 if top else 0
        last = bottom - OVERLAP // 2 if bottom < height else height
        for line in reader.read(image[top:bottom]):
            middle = top + (line.box.top + line.box.height / 2) * (bottom - top)
            # Of two readings of one line, that of the part counts in whose own half it stands.
            if first <= middle < last:
                box = line.box._replace(
                    top=(top + line.box.top * (bottom - top)) / height,
                    height=line.box.height * (bottom - top) / height,
                )
                yield line._replace(box=box)


def _opened(path: Path, file: str) -> Picture:
    try:
        from PIL import Image, ImageOps
    except ImportError as error:
        raise UsageError(
            "reading text in pictures needs rapidocr",
            remedy='install it: pip install "fairstream[screen]"',
        ) from error
    if not path.is_file():
        raise InputError("there is no such picture", file=file, remedy="check the name")
    if path.stat().st_size > LARGEST_FILE:
        raise LimitError(
            f"the picture is larger than {LARGEST_FILE >> 20} MiB", file=file, remedy="save it smaller"
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path, formats=("JPEG", "PNG", "WEBP", "BMP")) as opened:
                width, height = opened.size
                if width * height > LARGEST_PIXELS:
                    raise _too_large(file, width, height)
                return np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    except Image.DecompressionBombError as error:
        raise _too_large(file) from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise FormatError(
            "this is no picture that can be read", file=file, remedy="take the screenshot again"
        ) from error


def _too_large(file: str, width: int = 0, height: int = 0) -> LimitError:
    size = f"{width} × {height} pixels" if width else "too many pixels"
    return LimitError(
        f"the picture has {size}; the most is {LARGEST_PIXELS // 1_000_000} million",
        file=file,
        remedy="save it smaller",
    )
