"""Readings made from others by replacing characters, with the spans and costs carried over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints, Stream
from fairstream.text.kinds import CharClass, FoldKind
from fairstream.text.table import CLASS_SHIFT, CODE_MASK, KIND_SHIFT, fold_table, pack


class Edit(NamedTuple):
    """Characters `begin` to `end` of a stream give way to `text`; an empty text joins what stands around.

    Each character put in stands for the whole published span of what it replaced.
    """

    begin: int
    end: int
    text: str
    kind: FoldKind
    cost: float


class Segment(NamedTuple):
    """A stretch of one reading of a stream, without its line end."""

    begin: int
    end: int
    row: int


class Rewritten(NamedTuple):
    """The new stream, and for each of its characters the first stream index it stands for."""

    stream: Stream
    origin: Ints
    changed: Ints  # positions of characters put in or joined to the one before


_END = pack(ord("\n"), FoldKind.NONE, CharClass.END)


def rewrite(stream: Stream, segments: Sequence[Segment], edits: Sequence[Sequence[Edit]]) -> Rewritten:
    """One reading per segment with its edits (in order, not overlapping) applied."""
    begins = np.array([s.begin for s in segments], dtype=np.int64)
    sizes = np.array([s.end - s.begin + 1 for s in segments], dtype=np.int64)
    firsts = np.cumsum(sizes) - sizes
    source = np.arange(sizes.sum()) + np.repeat(begins - firsts, sizes)
    packed = stream.packed[source]
    closing = firsts + sizes - 1
    packed[closing] = _END
    shifts = (firsts - begins).tolist()
    flat = [(edit, shift) for own, shift in zip(edits, shifts, strict=True) for edit in own]
    begin = np.array([edit.begin + shift for edit, shift in flat], dtype=np.int64)
    end = np.array([edit.end + shift for edit, shift in flat], dtype=np.int64)
    lengths = np.array([len(edit.text) for edit, _ in flat], dtype=np.int64)
    counts = _counts(len(source), begin, end, lengths)
    placed = np.cumsum(counts) - counts
    kept = np.repeat(np.arange(len(source)), counts)
    origin = source[kept]
    result = Stream(
        packed[kept],
        np.concatenate(([0], placed[closing] + 1)),
        np.array([s.row for s in segments], dtype=np.int32),
        stream.start[origin],
        stream.end[origin],
        stream.cost[origin],
    )
    at = placed[closing]
    result.end[at] = result.start[at]
    changed = _put(result, stream, [edit for edit, _ in flat], placed[begin] if len(begin) else begin)
    return Rewritten(result, origin, changed)


def _counts(size: int, begin: Ints, end: Ints, lengths: Ints) -> Ints:
    counts = np.ones(size, dtype=np.int64)
    if len(begin):
        widths = end - begin
        inside = np.arange(widths.sum()) + np.repeat(begin - (np.cumsum(widths) - widths), widths)
        counts[inside] = 0
        counts[begin] = lengths
    return counts


def _put(result: Stream, stream: Stream, edits: Sequence[Edit], places: Ints) -> Ints:
    """Write the characters of the edits into the new stream; returns their positions."""
    lengths = np.array([len(edit.text) for edit in edits], dtype=np.int64)
    kinds = np.array([edit.kind for edit in edits], dtype=np.uint32)
    costs = np.array([edit.cost for edit in edits], dtype=np.float32)
    joins = np.flatnonzero(lengths == 0)
    if len(joins):
        _join(result, places[joins], kinds[joins], costs[joins])
    text = "".join(edit.text for edit in edits)
    if text:
        own = np.repeat(np.arange(len(edits)), lengths)
        at = places[own] + np.arange(len(own)) - (np.cumsum(lengths) - lengths)[own]
        codes = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
        keep = np.uint32(15 << CLASS_SHIFT | CODE_MASK)
        result.packed[at] = (fold_table().entries[codes] & keep) | kinds[own] << np.uint32(KIND_SHIFT)
        result.start[at] = stream.start[np.array([edit.begin for edit in edits])[own]]
        result.end[at] = stream.end[np.array([edit.end for edit in edits])[own] - 1]
        inherited = np.array([stream.cost[e.begin : e.end].max() if e.cost else 0 for e in edits])
        result.cost[at] = np.minimum((costs + inherited)[own] / lengths[own], 1)
        places = np.concatenate((places[joins], at))
    return places


def _join(
    result: Stream, places: Ints, kinds: npt.NDArray[np.uint32], costs: npt.NDArray[np.float32]
) -> None:
    """Note on the characters after a gap that they were joined to those before it."""
    packed = result.packed[places]
    more = (costs > result.cost[places]) & ((packed >> np.uint32(CLASS_SHIFT)) & 15 != CharClass.END)
    cleared = packed[more] & ~np.uint32(15 << KIND_SHIFT)
    result.packed[places[more]] = cleared | kinds[more] << np.uint32(KIND_SHIFT)
    result.cost[places[more]] = costs[more]
