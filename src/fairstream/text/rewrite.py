"""Readings made from others by replacing characters, with the spans and costs carried over."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fairstream.text.base import Ints, Stream
from fairstream.text.kinds import CharClass, FoldKind
from fairstream.text.table import CLASS_SHIFT, KIND_SHIFT, fold_table, pack


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
    entries = fold_table().entries
    changed: list[int] = []
    keep = np.uint32(15 << CLASS_SHIFT | 0x1FFFFF)
    for edit, place in zip(edits, places.tolist(), strict=True):
        if not edit.text:
            _join(result, place, edit)
            changed.append(place)
            continue
        size = len(edit.text)
        codes = np.array([ord(c) for c in edit.text])
        result.packed[place : place + size] = (entries[codes] & keep) | np.uint32(edit.kind << KIND_SHIFT)
        result.start[place : place + size] = stream.start[edit.begin]
        result.end[place : place + size] = stream.end[edit.end - 1]
        inherited = float(stream.cost[edit.begin : edit.end].max())
        result.cost[place : place + size] = min(1.0, edit.cost / size + inherited / size)
        changed.extend(range(place, place + size))
    return np.array(changed, dtype=np.int64)


def _join(result: Stream, place: int, edit: Edit) -> None:
    if (int(result.packed[place]) >> CLASS_SHIFT) & 15 == CharClass.END:
        return
    if edit.cost > result.cost[place]:
        cleared = int(result.packed[place]) & ~(15 << KIND_SHIFT)
        result.packed[place] = cleared | edit.kind << KIND_SHIFT
        result.cost[place] = edit.cost
