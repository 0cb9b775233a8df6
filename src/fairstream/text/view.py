"""A stream seen by the evasive passes: its characters, sounds and segments, computed once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints, Stream
from fairstream.text.kinds import CharClass
from fairstream.text.phonetic import sound_table
from fairstream.text.rewrite import Edit, Segment
from fairstream.text.table import CLASS_SHIFT, CODE_MASK

#: Longer readings are searched, and read anew, in segments of about this many characters.
SEGMENT = 2000


class Recovery(NamedTuple):
    """A risky term recovered from characters `begin` to `end` of a stream by `edits`, in order."""

    begin: int
    end: int
    edits: tuple[Edit, ...]

    @property
    def cost(self) -> float:
        """What all edits of the recovery cost together."""
        return sum(edit.cost for edit in self.edits)


@dataclass(frozen=True)
class View:
    """A stream with what several passes need of it."""

    stream: Stream

    @cached_property
    def codes(self) -> npt.NDArray[np.uint32]:
        """The folded code points."""
        return self.stream.packed & np.uint32(CODE_MASK)

    @cached_property
    def text(self) -> str:
        """The folded text of all readings."""
        return self.codes.tobytes().decode("utf-32-le")

    @cached_property
    def narrow(self) -> npt.NDArray[np.uint16]:
        """Code points, those above 0xFFFF as 0xFFFF."""
        return np.minimum(self.codes, np.uint32(0xFFFF)).astype(np.uint16)

    @cached_property
    def classes(self) -> npt.NDArray[np.uint8]:
        """The class of every character: Chinese, letter, mark, line end."""
        return (self.stream.packed >> np.uint32(CLASS_SHIFT)).astype(np.uint8)

    @cached_property
    def groups(self) -> npt.NDArray[np.uint8]:
        """The group of syllables that each character sounds like; 0 has no sound."""
        return sound_table().groups[self.narrow]

    @cached_property
    def sound_pairs(self) -> npt.NDArray[np.uint16]:
        """For each character the groups of it and the next one as one number."""
        pairs = self.groups.astype(np.uint16)
        pairs <<= 8
        pairs[:-1] |= self.groups[1:]
        return pairs

    @cached_property
    def segment_bounds(self) -> Ints:
        """Bounds of the readings, long ones cut near every `SEGMENT` characters at a sentence mark."""
        bounds = self.stream.bounds
        if len(bounds) < 2 or int(np.diff(bounds).max()) <= 2 * SEGMENT:
            return bounds
        marks = np.flatnonzero(self.classes == CharClass.STRONG) + 1
        cuts = [bounds]
        for reading in np.flatnonzero(np.diff(bounds) > 2 * SEGMENT).tolist():
            wanted = np.arange(bounds[reading] + SEGMENT, bounds[reading + 1] - SEGMENT, SEGMENT)
            near = np.searchsorted(marks, wanted)
            found = marks[np.minimum(near, len(marks) - 1)] if len(marks) else wanted + SEGMENT
            cuts.append(np.where((found >= wanted) & (found - wanted < SEGMENT // 2), found, wanted))
        return np.sort(np.concatenate(cuts))

    def segments_of(self, positions: Sequence[int]) -> list[int]:
        """Numbers of the segments that hold the positions."""
        found = np.searchsorted(self.segment_bounds, np.asarray(positions, dtype=np.int64), side="right") - 1
        return [int(number) for number in found]

    def segments(self, numbers: Sequence[int]) -> list[Segment]:
        """The segments of these numbers."""
        chosen = np.asarray(numbers, dtype=np.int64)
        begins, ends = self.segment_bounds[chosen], self.segment_bounds[chosen + 1]
        readings = np.searchsorted(self.stream.bounds, begins, side="right") - 1
        ends = ends - (ends == self.stream.bounds[readings + 1])  # without the line end
        rows = self.stream.row[readings]
        return list(map(Segment, begins.tolist(), ends.tolist(), rows.tolist()))
