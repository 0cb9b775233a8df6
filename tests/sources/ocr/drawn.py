"""Texts drawn as patterns of cells, a reader of them, and frames to draw them on."""

import numpy as np
import numpy.typing as npt

from fairstream.records import Box
from fairstream.sources.asr.engine import ModelCard
from fairstream.sources.media import Frame
from fairstream.sources.ocr.reader import Line

HIGH, WIDE, CELL = 24, 16, 4
PLATE = 200
"""The red of a plate (of every second character one more); nothing else in these pictures has it."""
MARGIN = 4
"""Pixels by which the reader's boxes are wider than the plate, as those of real readers are."""

Picture = npt.NDArray[np.uint8]


def plain(height: int = 360, width: int = 480, grey: int = 60) -> Picture:
    """An even picture."""
    return np.full((height, width, 3), grey, np.uint8)


def write(picture: Picture, text: str, top: int, left: int) -> Picture:
    """The picture with a text on it: six by four cells a character, its code point in bits."""
    plate = np.zeros((HIGH, WIDE * len(text), 3), np.uint8)
    for number, character in enumerate(text):
        plate[:, number * WIDE : (number + 1) * WIDE, 0] = PLATE + number % 2
        for bit in range(24):
            if ord(character) >> bit & 1:
                row, column = divmod(bit, 4)
                x = number * WIDE + column * CELL
                plate[row * CELL : (row + 1) * CELL, x : x + CELL, 1:] = 255
    height, width = picture.shape[:2]
    first, last = max(0, -left), min(plate.shape[1], width - left)
    if last > first:
        picture[top : min(height, top + HIGH), left + first : left + last] = plate[: height - top, first:last]
    return picture


class DrawnReader:
    """Reads what `write` drew; counts how often and how much it was given to read."""

    def __init__(self, score: float = 0.95) -> None:
        self.card = ModelCard("drawn", "1", "drawn", ())
        self.score = score
        self.calls = 0

    def read(self, image: Picture) -> tuple[Line, ...]:
        """Plates of full height; of one that is cut, the whole characters."""
        self.calls += 1
        height, width = image.shape[:2]
        marked = (image[..., 0] == PLATE) | (image[..., 0] == PLATE + 1)
        lines = []
        for top, bottom in _runs(marked.any(axis=1)):
            if bottom - top != HIGH:
                continue
            for left, right in _runs(marked[top]):
                if text := _decoded(image[top:bottom, left:right]):
                    x, y = max(0, left - MARGIN), max(0, top - MARGIN)
                    wide, high = min(width, right + MARGIN) - x, min(height, bottom + MARGIN) - y
                    box = Box(x / width, y / height, wide / width, high / height)
                    lines.append(Line(text, box, self.score))
        return tuple(lines)


def _decoded(plate: Picture) -> str:
    """The whole characters of a plate; their borders are where its red changes."""
    changes = np.flatnonzero(np.diff(plate[0, :, 0].astype(np.int16))) + 1
    start = int(changes[0]) % WIDE if len(changes) else 0
    text = ""
    for left in range(start, plate.shape[1] - WIDE + 1, WIDE):
        part = plate[CELL // 2 :: CELL, left + CELL // 2 : left + WIDE : CELL, 1]
        text += chr(int(sum(1 << bit for bit, value in enumerate(part.ravel()) if value)))
    return text


def _runs(marked: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marked.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def frame(at_ms: int, picture: Picture) -> Frame:
    """A frame at a position."""
    return Frame(at_ms, picture)
