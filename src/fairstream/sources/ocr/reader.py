"""What every reader of pictures promises, whichever library stands behind it."""

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from fairstream.records import Box
from fairstream.sources.asr.engine import ModelCard

Picture = npt.NDArray[np.uint8]
"""uint8, height × width × 3 (red, green, blue)."""


class Line(NamedTuple):
    """One line of text in a picture, its box as shares of that picture, and the reader's score (0–1)."""

    text: str
    box: Box
    score: float


class PictureReader(Protocol):
    """Reads the text in pictures (OCR)."""

    card: ModelCard

    def read(self, image: Picture) -> tuple[Line, ...]:
        """The lines in a picture, from the top; none when there is no text or the picture is tiny."""
        ...
