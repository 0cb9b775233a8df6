"""One line of print followed from the frame it first stands in to the frame it is gone from."""

from dataclasses import dataclass, field
from typing import Final

from fairstream.records import Box
from fairstream.sources.ocr.changes import SPARSE_MS, Area, Grey
from fairstream.sources.ocr.likeness import Likeness, Print, joined, near_same, voted

MOST_VOTES: Final = 64
SCROLL_MS: Final = 2000
"""How far apart print that scrolls is read."""
LEAST_WAIT_MS: Final = 250
MOST_WAIT_MS: Final = 1000
"""How far apart print is read behind which the picture moves: longer and longer."""
EDGES_LEFT: Final = 0.5
"""Share of its edges that print which scrolls keeps at least while it is there."""


@dataclass(eq=False, slots=True)
class Followed:
    """A line that is in the picture, or was a moment ago.

    `edges` is how sharp the edges in its place were when it was read; it is not read again before `next_ms`.
    `lost_ms` is the first frame in which its print no longer stood unchanged, `faded_ms` the first in which
    it was no longer there at all; None while it stands. `moving` marks print that scrolls.
    """

    number: int
    area: Area
    box: Box
    print: Print
    start_ms: int
    seen_ms: int
    votes: list[tuple[str, float]] = field(default_factory=list)
    lost_ms: int | None = None
    faded_ms: int | None = None
    moving: bool = False
    scrolled: str = ""
    edges: float = 0.0
    next_ms: int = 0
    _wait_ms: int = 0
    readings: int = 1

    @property
    def text(self) -> str:
        """The text as most readings have it."""
        return self.scrolled if self.moving and self.scrolled else voted(self.votes)[0]

    @property
    def confidence(self) -> float:
        """Mean score of the readings that agree on the text."""
        if self.moving:
            return sum(score for _, score in self.votes) / len(self.votes)
        return voted(self.votes)[1]

    @property
    def end_ms(self) -> int | None:
        """The first frame without it; None while it stands."""
        return self.faded_ms if self.faded_ms is not None else self.lost_ms

    def look(self, grey: Grey, position_ms: int, edges: float) -> bool:
        """Looks at the next frame, and how sharp its edges are there; whether the line is there."""
        if self.moving:
            return self._look_moving(position_ms, edges)
        likeness = self.print.likeness(grey)
        if likeness.stands:
            self.seen_ms, self.lost_ms, self.faded_ms = position_ms, None, None
            return True
        self.lost_ms = position_ms if self.lost_ms is None else self.lost_ms
        if likeness.faint:
            self.faded_ms = None
        elif self.faded_ms is None:
            self.faded_ms = position_ms
        return likeness.faint

    def _look_moving(self, position_ms: int, edges: float) -> bool:
        """Print that scrolls is there for as long as its place is as full of edges as it was."""
        if edges >= EDGES_LEFT * self.edges:
            self.seen_ms, self.lost_ms, self.faded_ms = position_ms, None, None
        elif self.lost_ms is None:
            self.lost_ms = position_ms
        return True

    def is_due(self, position_ms: int, apart_ms: int) -> bool:
        """Whether it should be read again: it scrolls, or changed and did not change back with the next look
        (looks far apart are not waited for)."""
        lost = self.lost_ms if self.faded_ms is None else None
        changed = lost is not None and (position_ms > lost or apart_ms >= SPARSE_MS)
        return (self.moving or changed) and position_ms >= self.next_ms

    def is_read_as(self, text: str, likeness: Likeness) -> bool:
        """Whether a reading in its place is of the same print."""
        held = voted(self.votes)[0]
        if text == held:
            return True
        return near_same(text, held) and (likeness.stands or likeness.faint)

    def confirm(self, text: str, score: float, area: Area, box: Box, grey: Grey, position_ms: int) -> None:
        """Takes a further reading of the same print."""
        self.votes = [*self.votes[-MOST_VOTES + 1 :], (text, score)]
        self.readings += 1
        if self.moving:
            self.next_ms = position_ms + SCROLL_MS
        if not self.print.likeness(grey).stands:
            # The picture behind it moves, or it scrolls.
            self.wait(position_ms)
            self.print = Print(grey, box)
            if self.moving:
                area, self.box = around(self.area, area), union(self.box, box)
            self.area = area
        self.seen_ms, self.lost_ms, self.faded_ms = position_ms, None, None

    def wait(self, position_ms: int) -> None:
        """Puts off the next reading, longer each time: this one told nothing new."""
        self._wait_ms = min(MOST_WAIT_MS, max(LEAST_WAIT_MS, 2 * self._wait_ms))
        self.next_ms = max(self.next_ms, position_ms + self._wait_ms)

    def scroll(self, text: str) -> bool:
        """Takes a reading of print that moves through its place; False when it is another text."""
        whole = joined(self.scrolled or self.votes[-1][0], text)
        if whole is None:
            return False
        self.moving, self.scrolled = True, whole
        return True

    @property
    def is_scrolling(self) -> bool:
        """Whether it may be print that scrolls: it did, or it does not stand where it was read."""
        return self.moving or self.lost_ms is not None


def union(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(one.left + one.width, other.left + other.width)
    bottom = max(one.top + one.height, other.top + other.height)
    return Box(left, top, right - left, bottom - top)


def around(one: Area, other: Area) -> Area:
    """The smallest area around both."""
    return Area(
        min(one.top, other.top),
        max(one.bottom, other.bottom),
        min(one.left, other.left),
        max(one.right, other.right),
    )


def same_place(one: Area, other: Area) -> bool:
    """Whether two lines share most of their height and half of the narrower one's width."""
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.right, other.right) - max(one.left, other.left)
    return high * 2 >= min(one.bottom - one.top, other.bottom - other.top) and wide * 2 >= min(
        one.right - one.left, other.right - other.left
    )
