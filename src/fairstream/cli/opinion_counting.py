"""Items of a window for the commands that count phrases: which, their texts, and the counting itself."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final

import click
import pyarrow as pa

from fairstream.errors import UsageError
from fairstream.opinion import candidates
from fairstream.opinion.aggregate import Window
from fairstream.opinion.phrases import CountParts, Counts, Days, count, row_groups
from fairstream.opinion.select import Selection, named, where
from fairstream.opinion.series import extent
from fairstream.store.annotated import Annotated
from fairstream.store.run import processors, run

MOST_DAYS: Final = 1_100
"""Longest window: three years. What is counted by day grows with it, also where there is no item."""
_COLUMNS: Final = 'id, "at", text, duplicate_of'


@dataclass(frozen=True, slots=True)
class Side:
    """Items of a window: `start` or `end` None is the first or last day of the items."""

    path: Path
    start: date | None
    end: date | None
    words: str


def items(side: Side, window: Window | None, phrase: str | None = None) -> Selection:
    """The condition of the items that are counted, or of those that hold a phrase."""
    words = where(side.words)
    if phrase is not None:
        words = words & named("phrase", [phrase])
    return words if window is None else words & window.selection


def window(store: Annotated, side: Side) -> Window:
    """The days asked for, else those of the items. Raises `UsageError` when no item has a time."""
    return dated(store, side.start, side.end)


def dated(store: Annotated, start: date | None, end: date | None) -> Window:
    """The same from two days. Raises `UsageError` also for a window of more than `MOST_DAYS`."""
    whole = extent(store)
    if whole is None:
        raise UsageError(
            "no item has a time, so none lies in a window of days",
            file=store.path,
            remedy="annotate posts with a column of times; `items`, `phrases` and `copies` need none",
        )
    found = Window(start or min(whole.start, end or whole.start), end or max(whole.end, start or whole.end))
    if len(found) > MOST_DAYS:
        raise UsageError(
            f"{found.start} to {found.end} are {len(found):,} days, more than {MOST_DAYS:,}",
            file=store.path,
            remedy="give --from and --to; a few items with a wrong time widen the window far",
        )
    return found


def asked_window(store: Annotated, side: Side) -> Window | None:
    """None when no day was named: then items without a time count too."""
    return None if side.start is None and side.end is None else window(store, side)


def batches(store: Annotated, side: Side, window: Window | None) -> Iterator[pa.RecordBatch]:
    """What counting needs of the items."""
    condition, values = items(side, window).sql()
    return store.batches(f"SELECT {_COLUMNS} FROM items WHERE {condition}", values)


def drawn(store: Annotated, side: Side, window: Window | None) -> tuple[str, ...]:
    """Texts to mine, drawn evenly from the items that are counted."""
    condition, values = items(side, window).sql()
    total = store.rows(f"SELECT count(*) AS n FROM items WHERE {condition}", values)[0]["n"]
    return candidates.sample(batches(store, side, window), int(total))


def counted(
    store: Annotated,
    side: Side,
    window: Window | None,
    phrases: Sequence[str],
    workers: int | None,
    *,
    by_day: bool = False,
) -> Counts:
    """Counts over the items of a window: row groups on processes, or one stream when more is asked."""
    if side.words:
        return count(batches(store, side, window), phrases)
    days = None if window is None else Days(window.start, len(window), merged=not by_day)
    work = CountParts(tuple(phrases), days)
    units = row_groups(store.parts)
    with _Progress(len(units)) as step:
        parts: list[Counts] = run(work, units, workers=workers or processors(), done=step)
    return reduce(add, parts)


class _Progress:
    """A bar on standard error when someone looks at it."""

    def __init__(self, length: int) -> None:
        self._bar = click.progressbar(length=length, label="phrases", file=sys.stderr)
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> Any:
        if self._shown:
            self._bar.__enter__()
        return lambda index, result: self._bar.update(1) if self._shown else None

    def __exit__(self, *error: Any) -> None:
        if self._shown:
            self._bar.__exit__(*error)
