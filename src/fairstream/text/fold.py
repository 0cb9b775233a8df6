"""Span-exact folding of Chinese evasion spellings.

A `Folder` turns a batch of texts into *readings*: simplified Chinese, lower-case Latin letters, ASCII
digits and a small set of marks (`SENTENCE_MARKS`, `CLAUSE_MARKS`, `QUOTE_MARKS`, `BRACKETS`). Each text has
one base reading; texts that look evasive have up to three more. Every character of a reading knows the span
of the text as published that it stands for, the costliest fold applied to it, and what that costs.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Stream, fold_base
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
from fairstream.text.table import CODE_MASK, KIND_SHIFT

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
        self._risky = tuple(risky)
        self._white = tuple(white)

    def fold(self, texts: Sequence[str], *, evasion: bool = True) -> FoldedBatch:
        """The readings of `texts`; base readings only without `evasion`."""
        return _batch(fold_base(texts))


def _batch(stream: Stream) -> FoldedBatch:
    codes = stream.packed & np.uint32(CODE_MASK)
    kinds = ((stream.packed >> np.uint32(KIND_SHIFT)) & np.uint32(15)).astype(np.uint8)
    text = codes.tobytes().decode("utf-32-le")
    return FoldedBatch(text, stream.bounds, stream.row, stream.start, stream.end, stream.cost, kinds, codes)
