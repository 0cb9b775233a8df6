"""Which parts of a picture have to be read anew: new, still, text-like parts, and moving print now and then.

Pictures are looked at small and grey, in blocks of 8 × 8. A block is worth reading when it differs from the
picture at its last reading, has edges as print has them, and has come to rest. A host who moves does not
come to rest; print that scrolls does not either, so that parts with strong edges that never rest are read
at longer and longer distances for as long as no text is found in them.
"""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.sources.ocr.reader import Picture

BLOCK: Final = 8
SMALL_SIDE: Final = 360
"""Pixels of the shorter side of the small grey picture, roughly (a whole number of pixels is left out)."""
CHANGED: Final = 9.0
"""Mean difference of a block (of 255) from the picture last read; compression alone stays under 5."""
MOVING: Final = 5.0
"""Mean difference of a block from the look before, above which it is not at rest."""
EDGED: Final = 12.0
"""Mean step between neighbouring pixels of a block that may hold print."""
SHARP: Final = 26.0
"""The same of a block that may hold print although it never rests."""
RESTLESS_MS: Final = 2000
SPARSE_MS: Final = 500
"""Distance of two looks, as between key frames, over which a picture is not asked to have come to rest."""
MOST_IN_VAIN: Final = 2
"""How often the distance between vain readings of restless parts doubles at most."""
PATIENCE: Final = 4
"""How often the distance between fruitless readings of a block doubles at most."""

Grey = npt.NDArray[np.uint8]
"""Brightness, height × width."""
Small = npt.NDArray[np.int16]
Blocks = npt.NDArray[np.bool_]


class Area(NamedTuple):
    """A part of the small grey picture in its pixels, half open."""

    top: int
    bottom: int
    left: int
    right: int


def small_step(height: int, width: int) -> int:
    """Each how many pixels of a picture one is kept for looking."""
    return max(1, round(min(height, width) / SMALL_SIDE))


def grey_of(image: Picture) -> Grey:
    """The brightness of a picture, green counting twice; in bytes, for a long look back."""
    grey: Grey = (image[..., 0] >> 2) + (image[..., 1] >> 1) + (image[..., 2] >> 2)
    return grey


def small(grey: Grey) -> Small:
    """The small grey picture."""
    step = small_step(*grey.shape)
    return grey[::step, ::step].astype(np.int16)


class ChangedAreas:
    """Keeps what every block looked like when it was last read, and tells which are due."""

    def __init__(self, grey: Small) -> None:
        self.shape = grey.shape
        rows, columns = -(-grey.shape[0] // BLOCK), -(-grey.shape[1] // BLOCK)
        self._read: Small | None = None
        self._before: Small | None = None
        self._at_ms = 0
        self._asked_restless = np.zeros((rows, columns), np.bool_)
        self._restless_ms = -(1 << 40)
        self._in_vain = 0
        self._rested = np.zeros((rows, columns), np.int32)
        self._fruitless = np.zeros((rows, columns), np.int32)
        self._read_ms = np.full((rows, columns), -(1 << 40), np.int64)
        self.edges = np.zeros((rows, columns), np.float32)

    def look(self, grey: Small, position_ms: int) -> Blocks:
        """Looks at the next picture; the blocks that should be read now."""
        self.edges = _edges(grey)
        apart, self._at_ms = position_ms - self._at_ms, position_ms
        if self._read is None or self._before is None:
            self._before = grey
            return self.edges >= EDGED
        resting = _means(np.abs(grey - self._before)) < MOVING
        self._before = grey
        self._rested = np.where(resting, self._rested + 1, 0)
        changed = _means(np.abs(grey - self._read)) >= CHANGED
        # Where there is no print now there is nothing to read; the same print may come back.
        self._take(grey, changed & resting & (self.edges < EDGED))
        if float(changed.mean()) > 0.6:
            self._fruitless[:] = 0
        patience = np.int64(1) << self._fruitless.astype(np.int64)
        waited = position_ms - self._read_ms
        # Between looks far apart nothing can be seen to rest.
        rests = self._rested >= patience if apart < SPARSE_MS else waited >= apart * (patience - 1)
        at_rest = (self.edges >= EDGED) & rests
        restless = (self.edges >= SHARP) & (waited >= RESTLESS_MS * patience)
        due = changed & at_rest
        if position_ms - self._restless_ms >= RESTLESS_MS << self._in_vain:
            due |= changed & restless
            self._asked_restless = restless & ~at_rest
        return _beside(due)

    def mark_read(
        self, grey: Small, areas: list[Area], lines: list[Area], wanted: Blocks, at_ms: int
    ) -> None:
        """Notes what was read, where text was found, and which blocks had asked for it."""
        if self._read is None:
            self._read = grey.copy()
        for area in areas:
            self._read[area.top : area.bottom, area.left : area.right] = grey[
                area.top : area.bottom, area.left : area.right
            ]
            self._read_ms[blocks_of(area)] = at_ms
        self._fruitless[wanted] = np.minimum(self._fruitless[wanted] + 1, PATIENCE)
        restless = wanted & self._asked_restless
        for line in lines:
            self._fruitless[blocks_of(line)] = 0
        if restless.any():
            # A host who moves is somewhere else each time, so vain readings count for the whole picture.
            found = bool((restless & (self._fruitless == 0)).any())
            self._in_vain = 0 if found else min(self._in_vain + 1, MOST_IN_VAIN)
            self._restless_ms = at_ms

    def _take(self, grey: Small, blocks: Blocks) -> None:
        if self._read is not None and blocks.any():
            height, width = grey.shape
            where = blocks.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)[:height, :width]
            np.copyto(self._read, grey, where=where)

    def edges_in(self, area: Area) -> float:
        """How sharp the edges in an area are at the moment."""
        return float(self.edges[blocks_of(area)].mean())


def blocks_of(area: Area) -> tuple[slice, slice]:
    """The blocks that an area touches."""
    return (
        slice(area.top // BLOCK, -(-area.bottom // BLOCK)),
        slice(area.left // BLOCK, -(-area.right // BLOCK)),
    )


def bands(wanted: Blocks, known: list[Area], shape: tuple[int, int]) -> list[Area]:
    """Blocks to be read as few rectangles that cut through no known line, with a margin for the reader."""
    found: list[Area] = []
    rows = np.flatnonzero(wanted.any(axis=1))
    for run in np.split(rows, np.flatnonzero(np.diff(rows) > 2) + 1) if len(rows) else []:
        columns = np.flatnonzero(wanted[run[0] : run[-1] + 1].any(axis=0))
        found.append(
            Area(
                max(0, int(run[0]) - 2) * BLOCK,
                min(shape[0], (int(run[-1]) + 3) * BLOCK),
                max(0, int(columns[0]) - 4) * BLOCK,
                min(shape[1], (int(columns[-1]) + 5) * BLOCK),
            )
        )
    return _joined([_around(area, known, shape) for area in found])


def overlaps(one: Area, other: Area) -> bool:
    """Whether two areas share a pixel."""
    return (
        one.top < other.bottom
        and other.top < one.bottom
        and one.left < other.right
        and other.left < one.right
    )


def _around(area: Area, known: list[Area], shape: tuple[int, int]) -> Area:
    for _ in range(4):
        touched = [line for line in known if overlaps(area, line)]
        wider = Area(
            max(0, min([area.top, *(line.top - BLOCK for line in touched)])),
            min(shape[0], max([area.bottom, *(line.bottom + BLOCK for line in touched)])),
            max(0, min([area.left, *(line.left - BLOCK for line in touched)])),
            min(shape[1], max([area.right, *(line.right + BLOCK for line in touched)])),
        )
        if wider == area:
            break
        area = wider
    return area


def _joined(areas: list[Area]) -> list[Area]:
    kept: list[Area] = []
    for area in areas:
        while touching := next((other for other in kept if overlaps(area, other)), None):
            kept.remove(touching)
            area = Area(
                min(area.top, touching.top),
                max(area.bottom, touching.bottom),
                min(area.left, touching.left),
                max(area.right, touching.right),
            )
        kept.append(area)
    return kept


def _beside(due: Blocks) -> Blocks:
    """Blocks with a neighbour left or right: print is wider than one block."""
    beside = np.zeros_like(due)
    beside[:, 1:] |= due[:, :-1]
    beside[:, :-1] |= due[:, 1:]
    kept: Blocks = due & beside
    return kept


def _edges(grey: Small) -> npt.NDArray[np.float32]:
    steps = np.zeros_like(grey)
    steps[:, 1:] = np.abs(grey[:, 1:] - grey[:, :-1])
    steps[1:] += np.abs(grey[1:] - grey[:-1])
    return _means(steps)


def _means(values: Small) -> npt.NDArray[np.float32]:
    """The mean of every block; blocks at the edges may be smaller."""
    height, width = values.shape
    padded = np.pad(values, ((0, -height % BLOCK), (0, -width % BLOCK)), mode="edge")
    rows, columns = padded.shape[0] // BLOCK, padded.shape[1] // BLOCK
    sums = padded.reshape(rows, BLOCK, columns * BLOCK).sum(axis=1, dtype=np.int32)
    total = sums.reshape(rows, columns, BLOCK).sum(axis=2)
    means: npt.NDArray[np.float32] = total.astype(np.float32) / np.float32(BLOCK * BLOCK)
    return means
