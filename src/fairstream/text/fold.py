"""Span-exact folding of Chinese evasion spellings.

A `Folder` turns a batch of texts into *readings*: simplified Chinese, lower-case Latin letters, ASCII
digits and a small set of marks (`SENTENCE_MARKS`, `CLAUSE_MARKS`, `QUOTE_MARKS`, `BRACKETS`). Each text has
one base reading; texts that look evasive have up to three more. Every character of a reading knows the span
of the text as published that it stands for, the costliest fold applied to it, and what that costs.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Stream, fold_base
from fairstream.text.evasion import Evasion
from fairstream.text.heard import Heard, heard_readings
from fairstream.text.kinds import (
    BRACKETS,
    CLAUSE_MARKS,
    JOINS,
    QUOTE_CLOSE,
    QUOTE_MARKS,
    QUOTE_OPEN,
    QUOTE_PLAIN,
    SENTENCE_MARKS,
    FoldKind,
)
from fairstream.text.rewrite import rewrite
from fairstream.text.risky import RiskyTerms
from fairstream.text.signs import fold_signs
from fairstream.text.spoken import numeral_readings
from fairstream.text.table import KIND_SHIFT
from fairstream.text.view import View

__all__ = [
    "BRACKETS",
    "CLAUSE_MARKS",
    "QUOTE_CLOSE",
    "QUOTE_MARKS",
    "QUOTE_OPEN",
    "QUOTE_PLAIN",
    "SENTENCE_MARKS",
    "FoldKind",
    "FoldedBatch",
    "Folder",
]

T = TypeVar("T", bound=np.generic)
#: Streams longer than this are searched for evasive spellings in parts.
LARGEST_PART = 1 << 20
_JOINS = np.isin(np.arange(16), [int(kind) for kind in JOINS])


@dataclass(frozen=True)
class FoldedBatch:
    """Readings of a batch of texts: first one base reading per row, in order, then extra readings.

    Spans are half-open code-point offsets into the row's text as published. The line end after each reading
    has an entry in every array too (an empty span at the end of the text).
    """

    text: str
    bounds: npt.NDArray[np.int64]
    row: npt.NDArray[np.int32]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    cost: npt.NDArray[np.float32]
    kinds: npt.NDArray[np.uint8]
    codes: npt.NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.row)

    def reading(self, index: int) -> str:
        """The folded text of one reading, without its line end."""
        return self.text[self.bounds[index] : self.bounds[index + 1] - 1]

    def hit_costs(
        self, begin: npt.NDArray[np.integer], end: npt.NDArray[np.integer]
    ) -> npt.NDArray[np.float32]:
        """Summed cost, at most 1, of hits given as half-open ranges of `text`.

        The first character of a hit does not pay for a join with the character before it.
        """
        if not len(begin):
            return np.zeros(0, dtype=np.float32)
        total = np.concatenate(([0.0], np.cumsum(self.cost, dtype=np.float64)))
        costs = total[end] - total[begin]
        costs -= np.where(_JOINS[self.kinds[begin]] & (end > begin), self.cost[begin], 0)
        return np.asarray(np.minimum(costs, 1), dtype=np.float32)


class Folder:
    """Folds batches of texts; `risky` terms are also recognised under evasive spellings.

    `white` phrases always win: no evasive reading replaces a part of one. Folders are immutable and may be
    shared between threads.
    """

    def __init__(self, risky: Iterable[str] = (), *, white: Iterable[str] = ()) -> None:
        terms, phrases = _folded(risky), _folded(white)
        self._evasion = Evasion(RiskyTerms(terms, phrases)) if terms else None

    def fold(self, texts: Sequence[str], *, evasion: bool = True) -> FoldedBatch:
        """The readings of `texts`; base readings only without `evasion`."""
        base = View(fold_base(texts))
        if not evasion or not texts:
            return _batch(base, [])
        return _batch(base, [extra for extra in self._extra(base, texts) if extra is not None])

    def fold_heard(self, texts: Sequence[str], heard: Sequence[Sequence[Heard]]) -> FoldedBatch:
        """The readings of texts a recogniser wrote: as written, and with what each text was `heard` as.

        Nobody disguises words in such texts, so evasive spellings are not looked for.
        """
        base = View(fold_base(texts))
        extra: list[Stream | None] = []
        if texts:
            extra += [numeral_readings(part) for part in _parts(base)]
            spoken = heard_readings(base, heard)
            extra += [spoken, numeral_readings(View(spoken))] if spoken is not None else []
        return _batch(base, [stream for stream in extra if stream is not None])

    def _extra(self, base: View, texts: Sequence[str]) -> Iterator[Stream | None]:
        for part in _parts(base):
            yield numeral_readings(part)
            if self._evasion is not None:
                yield self._evasion.readings(part)
        if self._evasion is None:
            return
        rows = base.stream.signs
        if len(rows):
            signs = fold_signs([texts[row] for row in rows.tolist()], rows)
            yield self._evasion.readings(View(signs), signs_only=True)


def _parts(base: View) -> Iterator[View]:
    """The view itself, or when it is long its segments some at a time, which bounds the memory in use."""
    bounds = base.segment_bounds
    if len(base.stream.packed) <= LARGEST_PART:
        yield base
        return
    first = 0
    while first < len(bounds) - 1:
        last = max(first + 1, int(np.searchsorted(bounds, bounds[first] + LARGEST_PART)) - 1)
        segments = base.segments(range(first, last))
        yield View(rewrite(base.stream, segments, [[] for _ in segments]).stream)
        first = last


def _folded(terms: Iterable[str]) -> list[str]:
    """Terms as a base reading has them, once each."""
    wanted = list(terms)
    view = View(fold_base(wanted))
    bounds = view.stream.bounds.tolist()
    return list(dict.fromkeys(view.text[a : b - 1] for a, b in pairwise(bounds) if b > a + 1))


def _batch(base: View, extras: Sequence[Stream]) -> FoldedBatch:
    streams = [base.stream, *extras]
    views = [base, *map(View, extras)]
    offsets = np.cumsum([0, *(len(stream.packed) for stream in streams)])
    bounds = [s.bounds[:-1] + offset for s, offset in zip(streams, offsets, strict=False)]
    packed = _joined([s.packed for s in streams])
    return FoldedBatch(
        "".join(view.text for view in views),
        np.concatenate([*bounds, offsets[-1:]]),
        _joined([s.row for s in streams]),
        _joined([s.start for s in streams]),
        _joined([s.end for s in streams]),
        _joined([s.cost for s in streams]),
        ((packed >> np.uint32(KIND_SHIFT)) & np.uint32(15)).astype(np.uint8),
        _joined([view.codes for view in views]),
    )


def _joined(parts: Sequence[npt.NDArray[T]]) -> npt.NDArray[T]:
    return parts[0] if len(parts) == 1 else np.concatenate(parts)
