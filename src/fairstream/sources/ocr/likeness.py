"""Whether a line still stands where it was read, told from its pixels, and how alike two readings are."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.sources.ocr.changes import Area, Grey

STANDS: Final = 0.8
"""Least correlation of every piece of a line with what was read, for the line to stand unchanged."""
FAINT: Final = 0.6
"""Least correlation of the middle piece, for print to be there behind which the picture moves."""
BLANK: Final = 8.0
"""Standard deviation of grey below which a piece has no print to compare."""
NEAR: Final = 0.75
"""Least share of equal characters of two readings of the same print."""

LEAST_ENERGY: Final = 0.06
"""Share of a piece's variance that must remain: a quarter of its contrast."""

Pieces = npt.NDArray[np.float32]


class Likeness(NamedTuple):
    """Correlation of a line's pieces, half as wide as high, with another picture: least and middle."""

    least: float
    middle: float

    @property
    def stands(self) -> bool:
        """Nothing of the line changed."""
        return self.least >= STANDS

    @property
    def faint(self) -> bool:
        """Most of the line is still there."""
        return self.middle >= FAINT


class Print:
    """The pixels of a line when it was read, prepared for comparing."""

    def __init__(self, grey: Grey, area: Area) -> None:
        inset = (area.bottom - area.top) // 10
        top, bottom = area.top + inset, max(area.bottom - inset, area.top + inset + 1)
        self.area = Area(top, bottom, area.left, area.right)
        self._width = max(4, (bottom - top) // 2)
        pieces = self._cut(grey)
        self._printed = pieces.std(axis=(0, 2)) >= BLANK
        self._mine = _centred(pieces[:, self._printed])
        self._energy = (self._mine * self._mine).sum(axis=(0, 2))

    def likeness(self, grey: Grey) -> Likeness:
        """How much of the print stands in another picture of the same size."""
        if not self._printed.any():
            return Likeness(1.0, 1.0)
        other = _centred(self._cut(grey)[:, self._printed])
        energy = (other * other).sum(axis=(0, 2))
        shared = (self._mine * other).sum(axis=(0, 2)) / np.maximum(np.sqrt(self._energy * energy), 1e-6)
        # A piece that lost most of its contrast is gone, however alike what remains.
        alike = np.where(energy >= LEAST_ENERGY * self._energy, shared, 0.0)
        return Likeness(float(alike.min()), float(np.median(alike)))

    def _cut(self, grey: Grey) -> Pieces:
        """The pieces: height × pieces × width, in place of the rest that fills no piece."""
        area = self.area
        part = grey[area.top : area.bottom, area.left : area.right].astype(np.float32)
        pieces = max(1, part.shape[1] // self._width)
        width = part.shape[1] // pieces
        return part[:, : pieces * width].reshape(part.shape[0], pieces, width)


def _centred(pieces: Pieces) -> Pieces:
    centred: Pieces = pieces - pieces.mean(axis=(0, 2), keepdims=True)
    return centred


def digits_of(text: str) -> str:
    """The digits of a text: a price that changed is another text, however alike the rest."""
    return "".join(character for character in text if character.isdigit())


def near_same(one: str, other: str) -> bool:
    """Whether two readings may be of the same print: equal digits, and few other characters apart."""
    if one == other:
        return True
    plain, bare = one.replace(" ", ""), other.replace(" ", "")
    if plain == bare:
        return True
    if digits_of(plain) != digits_of(bare):
        return False
    return distance(plain, bare) <= (1 - NEAR) * max(len(plain), len(bare))


def distance(one: str, other: str) -> int:
    """Edits between two texts (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, left in enumerate(one, 1):
        before, row[0] = row[0], number
        for column, right in enumerate(other, 1):
            before, row[column] = (
                row[column],
                min(row[column] + 1, row[column - 1] + 1, before + (left != right)),
            )
    return row[-1]


def joined(held: str, seen: str, least: int = 4) -> str | None:
    """A text that scrolls, from what was held of it and what is seen now; None when they share too little.

    The first and last character seen may be cut by the edge, so they decide nothing.
    """
    if seen in held:
        return held
    core = seen[1:-1] if len(seen) > least + 2 else seen
    size = len(core)
    for length in range(size, least - 1, -1):
        if (at := held.rfind(core[:length])) >= 0:
            # What follows in the new reading takes the place of the held end, which the edge may have cut.
            return held[: at + length] + core[length:] + (seen[-1] if core is not seen else "")
    return None


def voted(votes: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The text with the greatest sum of scores, and the mean of its scores."""
    sums: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for text, score in votes:
        sums[text] = sums.get(text, 0.0) + score
        counts[text] += 1
    text = max(sums, key=lambda one: (sums[one], len(one)))
    return text, sums[text] / counts[text]
