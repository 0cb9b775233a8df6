"""One line of print followed from the frame it first stands in to the frame it is gone from."""

from dataclasses import dataclass, field
from typing import Final

from fairstream.records import Box
from fairstream.sources.ocr.changes import Area, Grey
from fairstream.sources.ocr.likeness import Likeness, Print, joined, near_same, voted

MOST_VOTES: Final = 64


@dataclass(eq=False, slots=True)
class Followed:
    """A line that is in the picture, or was a moment ago.

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
    told: str = ""
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

    def look(self, grey: Grey, position_ms: int) -> bool:
        """Looks at the next frame; whether the line stands there unchanged."""
        likeness = self.print.likeness(grey)
        if likeness.stands:
            self.seen_ms, self.lost_ms, self.faded_ms = position_ms, None, None
            return True
        self.lost_ms = position_ms if self.lost_ms is None else self.lost_ms
        if likeness.faint:
            self.faded_ms = None
        elif self.faded_ms is None:
            self.faded_ms = position_ms
        return False

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
        if not self.print.likeness(grey).stands:
            self.area, self.print = area, Print(grey, area)
            if self.moving:
                self.box = union(self.box, box)
        self.seen_ms, self.lost_ms, self.faded_ms = position_ms, None, None

    def scroll(self, text: str) -> bool:
        """Takes a reading of print that moves through its place; False when it is another text."""
        whole = joined(self.scrolled or self.votes[-1][0], text)
        if whole is None:
            return False
        self.moving, self.scrolled = True, whole
        return True


def union(one: Box, other: Box) -> Box:
    """The smallest box around both."""
    left, top = min(one.left, other.left), min(one.top, other.top)
    right = max(one.left + one.width, other.left + other.width)
    bottom = max(one.top + one.height, other.top + other.height)
    return Box(left, top, right - left, bottom - top)


def same_place(one: Area, other: Area) -> bool:
    """Whether two lines share most of their height and half of the narrower one's width."""
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    wide = min(one.right, other.right) - max(one.left, other.left)
    return high * 2 >= min(one.bottom - one.top, other.bottom - other.top) and wide * 2 >= min(
        one.right - one.left, other.right - other.left
    )
