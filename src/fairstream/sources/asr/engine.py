"""What every speech engine promises, whichever library stands behind it."""

from typing import Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from fairstream.sources.asr.card import ModelCard as ModelCard
from fairstream.sources.asr.card import sha256_of as sha256_of

RATE = 16_000
"""Samples a second that every engine is given: mono, float32, −1 to 1."""

Samples = npt.NDArray[np.float32]


class HeardSound(NamedTuple):
    """One word, character or syllable; times in milliseconds from the first sample given.

    Syllables are written as in `records.Sound`. `confidence` is 0–1, None when the engine tells none.
    """

    text: str
    start_ms: int
    end_ms: int
    confidence: float | None = None


class HeardSegment(NamedTuple):
    """What an engine heard in one segment of speech; `text` is empty when the engine writes syllables."""

    text: str
    sounds: tuple[HeardSound, ...]
    confidence: float | None = None
    speaker: str | None = None
    start_ms: int = 0
    end_ms: int = 0


class Engine(Protocol):
    """A speech recogniser."""

    card: ModelCard
    writes: Literal["characters", "syllables"]

    def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
        """What is said in one segment that the voice detector cut out (at most about half a minute)."""
        ...
