"""How one text or one post spread: size, speed, authors, channels and depth of the largest cascades.

A cascade is either a group of copies (`by` "copies": the same words, whoever said them) or a thread (`by`
"thread": what was reposted or answered from one post, with whatever words). An item may stand in both.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.opinion.copies import milliseconds
from fairstream.opinion.sketch import chain
from fairstream.records import CHINA

By = Literal["copies", "thread"]
COLUMNS: Final = ("id", "at", "channel", "text", "author", "thread", "copy_group")
"""Columns of `columns.ANNOTATED` that cascades are made of."""

_HOUR: Final = 3_600_000
_UNKNOWN: Final = np.iinfo(np.int64).min
I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cascade:
    """One cascade.

    `key` is the number of the group of copies or the id of the thread. `first` and `text` are id and words of
    the earliest item. `items` counts all; `timed` those with a time, on which what follows rests: the first
    and last time, `half_ms` after the first when half of the items were out, and the hour with most items,
    `peak_items`. `authors` and `channels` count those the source names. `depth` is the longest chain of
    reposts that a text shows (`//@甲:…//@乙:…` is 2), 0 when none does.
    """

    by: By
    key: str
    first: str
    text: str
    items: int
    timed: int
    begin: datetime | None
    end: datetime | None
    half_ms: int | None
    peak: datetime | None
    peak_items: int
    authors: int
    channels: tuple[tuple[str, int], ...]
    depth: int

    @property
    def duration_ms(self) -> int | None:
        """From the first item to the last; None without times."""
        return None if self.begin is None or self.end is None else _apart(self.begin, self.end)


def largest(table: pa.Table, by: By = "copies", *, limit: int = 20, least: int = 2) -> list[Cascade]:
    """The cascades of at least `least` items, the largest first, equal ones in the order of their first row.

    `table` has the columns `COLUMNS`; further ones are not looked at. A thread also has the post that it
    began with, when that is among the items.
    """
    keys, codes = _codes(table, by)
    sizes = np.bincount(codes[codes >= 0], minlength=len(keys))
    chosen = np.argsort(-sizes, kind="stable")[:limit]
    chosen = chosen[sizes[chosen] >= least]
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], [chosen, chosen + 1])
    return [
        _cascade(by, keys[code].as_py(), table.take(pa.array(order[begin:end])))
        for code, begin, end in zip(chosen.tolist(), *bounds.tolist(), strict=True)
    ]


def _codes(table: pa.Table, by: By) -> tuple[pa.Array, I64]:
    """Keys of all cascades in the order of their first row, and for each row which is its own (−1: none)."""
    if by == "copies":
        encoded = _one(table["copy_group"]).cast(pa.string()).dictionary_encode()
        return encoded.dictionary, encoded.indices.to_numpy().astype(np.int64)
    thread, own = _one(table["thread"]).cast(pa.string()), _one(table["id"]).cast(pa.string())
    roots = pc.is_in(own, value_set=thread.drop_null())
    encoded = pc.coalesce(thread, pc.if_else(roots, own, pa.scalar(None, pa.string()))).dictionary_encode()
    return encoded.dictionary, encoded.indices.fill_null(-1).to_numpy().astype(np.int64)


def _cascade(by: By, key: str, items: pa.Table) -> Cascade:
    at = milliseconds(items["at"])
    known = np.sort(at[at != _UNKNOWN])
    first = int(np.argmin(np.where(at == _UNKNOWN, np.iinfo(np.int64).max, at)))
    hours, counts = np.unique(known // _HOUR, return_counts=True)
    busiest = int(np.argmax(counts)) if len(hours) else -1
    return Cascade(
        by=by,
        key=key,
        first=str(items["id"][first]),
        text=str(items["text"][first]),
        items=len(items),
        timed=len(known),
        begin=_moment(known[0]) if len(known) else None,
        end=_moment(known[-1]) if len(known) else None,
        half_ms=int(known[(len(known) - 1) // 2] - known[0]) if len(known) else None,
        peak=_moment(hours[busiest] * _HOUR) if len(hours) else None,
        peak_items=int(counts[busiest]) if len(hours) else 0,
        authors=pc.count_distinct(items["author"]).as_py(),
        channels=_counted(items["channel"]),
        depth=_depth(items["text"].to_pylist()),
    )


def _counted(column: pa.ChunkedArray) -> tuple[tuple[str, int], ...]:
    counts = pc.value_counts(_one(column).drop_null()).to_pylist()
    return tuple(
        sorted(((one["values"], one["counts"]) for one in counts), key=lambda one: (-one[1], one[0]))
    )


def _depth(texts: Sequence[str]) -> int:
    return max((len(chain(text)) for text in texts if "@" in text or "＠" in text), default=0)


def _one(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(int(at) / 1000, CHINA)


def _apart(begin: datetime, end: datetime) -> int:
    return round((end - begin).total_seconds() * 1000)
