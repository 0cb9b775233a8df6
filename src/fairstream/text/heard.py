"""Readings of a recogniser's text in which words stand as they may have been said."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from fairstream.text.base import Stream
from fairstream.text.evasion import layers
from fairstream.text.kinds import FoldKind
from fairstream.text.rewrite import Edit, Segment, rewrite
from fairstream.text.view import Recovery, View


class Heard(NamedTuple):
    """Characters `start` to `end` of a text may have been `term`, which is in folded form.

    `cost` (0–1) lowers the score of what rests on it.
    """

    start: int
    end: int
    term: str
    kind: FoldKind
    cost: float


def heard_readings(view: View, heard: Sequence[Sequence[Heard]]) -> Stream | None:
    """For each base reading up to two more with what its text was heard as; None when there is none.

    Spans that lie outside a text, or hold nothing of it, are passed over.
    """
    segments: list[Segment] = []
    edits: list[list[Edit]] = []
    bounds = view.stream.bounds.tolist()
    for row, own in enumerate(heard):
        if not own:
            continue
        recoveries = [
            found for one in own for found in _recovery(view, bounds[row], bounds[row + 1] - 1, one)
        ]
        for kept in layers(recoveries):
            segments.append(Segment(bounds[row], bounds[row + 1] - 1, row))
            edits.append([edit for found in kept for edit in found.edits])
    return rewrite(view.stream, segments, edits).stream if segments else None


def _recovery(view: View, first: int, last: int, heard: Heard) -> Iterator[Recovery]:
    """The edits that put a term in; none when it stands there already."""
    starts = view.stream.start[first:last]
    begin = first + int(np.searchsorted(starts, heard.start, side="left"))
    end = first + int(np.searchsorted(starts, heard.end, side="left"))
    if not heard.term or not 0 <= heard.start < heard.end or begin >= end:
        return
    written = view.text[begin:end]
    if written == heard.term:
        return
    if len(written) == len(heard.term):
        edits = tuple(
            Edit(begin + at, begin + at + 1, character, heard.kind, heard.cost)
            for at, character in enumerate(heard.term)
            if written[at] != character
        )
    else:  # the cost of an edit is shared out among its characters
        edits = (Edit(begin, end, heard.term, heard.kind, heard.cost * len(heard.term)),)
    yield Recovery(begin, end, edits)
