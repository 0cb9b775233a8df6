"""Whether a line still stands where it was read, told from its pixels, and how alike two readings are."""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.records import Box
from fairstream.sources.ocr.changes import Grey

STANDS: Final = 0.36
"""Largest difference of 3 × 3 pixels, in parts of the line's contrast, of a line that stands unchanged.

Measured on drawn prices of 14–22 pixels after JPEG at quality 30–60 with noise: at most 0.23 between two
pictures of the same price, at least 0.49 when one digit differs."""
FAINT: Final = 0.6
"""Least correlation of the middle piece, for print to be there behind which the picture moves."""
BLANK: Final = 8.0
"""Standard deviation of grey below which a piece has no print to compare."""
NEAR: Final = 0.75
"""Least share of equal characters of two readings of the same print."""
LEAST_GAIN: Final = 0.5
MOST_GAIN: Final = 2.0
"""How much paler or stronger the same print may be."""
INSET: Final = 0.15
"""Share of a line's height by which its box is taken narrower on each side."""
LEAST_ENERGY: Final = 0.06
"""Share of a piece's variance that must remain: a quarter of its contrast."""

Pixels = npt.NDArray[np.float32]


class Likeness(NamedTuple):
    """A line beside another picture: largest difference, in parts of its contrast; correlation of the middle
    of its pieces, each half as wide as high."""

    difference: float
    middle: float

    @property
    def stands(self) -> bool:
        """Nothing of the line changed."""
        return self.difference <= STANDS

    @property
    def faint(self) -> bool:
        """Most of the line is still there, though what is behind it may move."""
        return self.stands or self.middle >= FAINT


class Print:
    """The pixels of a line when it was read, prepared for comparing."""

    def __init__(self, grey: Grey, box: Box) -> None:
        height, width = grey.shape
        # Readers draw boxes wider than the print; what moves beside it is not the line's.
        inset = INSET * box.height * height
        rows = _within(box.top * height + inset, (box.top + box.height) * height - inset, height)
        columns = _within(box.left * width + inset, (box.left + box.width) * width - inset, width)
        self._part = rows, columns
        self._width = max(4, (rows.stop - rows.start) // 2)
        mine = self._cut(grey)
        self._whole = mine - mine.mean()
        self._spread = float(self._whole.std())
        pieces = self._pieces(mine)
        self._printed = pieces.std(axis=(0, 2)) >= BLANK
        self._mine = _centred(pieces[:, self._printed])
        self._energy = (self._mine * self._mine).sum(axis=(0, 2))

    def likeness(self, grey: Grey) -> Likeness:
        """How much of the print stands in another picture of the same size."""
        if self._spread < BLANK or not self._printed.any():
            return Likeness(0.0, 1.0)
        cut = self._cut(grey)
        other = cut - cut.mean()
        # Print that fades, or behind which the light changes, is as bright in another measure.
        gain = float((self._whole * other).sum() / (self._whole * self._whole).sum())
        middle = self._middle(cut)
        if gain < LEAST_GAIN:
            return Likeness(1.0, middle)
        apart = _smoothed(other - min(gain, MOST_GAIN) * self._whole)
        return Likeness(float(np.abs(apart).max(initial=0.0)) / (2 * self._spread), middle)

    def _middle(self, cut: Pixels) -> float:
        other = _centred(self._pieces(cut)[:, self._printed])
        energy = (other * other).sum(axis=(0, 2))
        shared = (self._mine * other).sum(axis=(0, 2)) / np.maximum(np.sqrt(self._energy * energy), 1e-6)
        # A piece that lost most of its contrast is gone, however alike what remains.
        return float(np.median(np.where(energy >= LEAST_ENERGY * self._energy, shared, 0.0)))

    def _cut(self, grey: Grey) -> Pixels:
        return grey[self._part].astype(np.float32)

    def _pieces(self, part: Pixels) -> Pixels:
        """Height × pieces × width; what fills no piece is left out."""
        pieces = max(1, part.shape[1] // self._width)
        width = part.shape[1] // pieces
        return part[:, : pieces * width].reshape(part.shape[0], pieces, width)


def _within(first: float, last: float, size: int) -> slice:
    """Whole pixels from one place to another, at least one."""
    start = min(size - 1, max(0, round(first)))
    return slice(start, min(size, max(start + 1, round(last))))


def _centred(pieces: Pixels) -> Pixels:
    centred: Pixels = pieces - pieces.mean(axis=(0, 2), keepdims=True)
    return centred


def _smoothed(pixels: Pixels) -> Pixels:
    """The means of 3 × 3 pixels: noise of single pixels goes, the stroke of a digit stays."""
    if min(pixels.shape) < 3:
        return pixels
    down = pixels[:-2] + pixels[1:-1] + pixels[2:]
    smoothed: Pixels = (down[:, :-2] + down[:, 1:-1] + down[:, 2:]) / np.float32(9)
    return smoothed


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

    The first and last character seen may be cut by the edge, so they decide nothing; spaces, which come and
    go from reading to reading, do not either.
    """
    bare, places = _without_spaces(held)
    new, new_places = _without_spaces(seen)
    if new in bare:
        return held
    if _grown(bare, new):
        return seen
    cut = 1 if len(new) > least + 2 else 0
    core = new[cut : len(new) - cut]
    for length in range(len(core), least - 1, -1):
        # Where nothing has left on the left, nothing scrolled: a price that changed begins alike too.
        if (at := bare.rfind(core[:length])) > cut:
            if length == len(core) and at + length < len(bare):
                return held
            # What follows in the new reading takes the place of the held end, which the edge may have cut.
            return held[: places[at + length - 1] + 1] + seen[new_places[cut + length - 1] + 1 :]
    return None


def _grown(bare: str, new: str) -> bool:
    """Whether print came in from the edge or letter by letter; a longer number is another number."""
    return len(new) > len(bare) > 1 and new.startswith(bare[:-1]) and not new[len(bare) - 1].isdigit()


def _without_spaces(text: str) -> tuple[str, list[int]]:
    places = [at for at, character in enumerate(text) if character != " "]
    return "".join(text[at] for at in places), places


def voted(votes: Sequence[tuple[str, float]]) -> tuple[str, float]:
    """The text with the greatest sum of scores, and the mean of its scores."""
    sums: dict[str, float] = {}
    counts: Counter[str] = Counter()
    for text, score in votes:
        sums[text] = sums.get(text, 0.0) + score
        counts[text] += 1
    text = max(sums, key=lambda one: (sums[one], len(one)))
    return text, sums[text] / counts[text]
