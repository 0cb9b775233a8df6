"""Counts of a window: volume, channels, complaints, topics, aspects and entities, raw and without copies.

The items are read once for each cube (days × channel × …); every figure afterwards is a sum over a small
table. A figure counts *items of information* (条), not persons or cases: reposts count in `Count.items`, and
in `Count.first` each text counts once, when and where it first appeared. Topics and aspects are multi-label:
their shares may add to more or less than the whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple, Protocol

import pyarrow as pa

from fairstream.errors import UsageError
from fairstream.opinion.select import DAY_SQL, Selection, days, where


class Store(Protocol):
    """What is asked of `store.Annotated`: siblings do not import each other's tools, only their answers."""

    def query(self, sql: str, values: Sequence[object] = ()) -> pa.Table:
        """The answer to one question over the view `items`."""

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Mapping[str, Any]]:
        """The same as mappings."""

    def batches(self, sql: str, values: Sequence[object] = ()) -> Iterator[pa.RecordBatch]:
        """The same, some rows at a time."""

    def keep(self, name: str, sql: str, values: Sequence[object] = ()) -> None:
        """Keep an answer under a name, to ask further questions of it."""


@dataclass(frozen=True, slots=True)
class Window:
    """Days of China, both ends included. Raises `UsageError` when the end lies before the start."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise UsageError(
                f"the window ends ({self.end}) before it starts ({self.start})", remedy="swap the two dates"
            )

    def __len__(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def dates(self) -> tuple[date, ...]:
        """Every day of the window."""
        return tuple(self.start + timedelta(days=n) for n in range(len(self)))

    @property
    def selection(self) -> Selection:
        """The window as a condition."""
        return days(self.start, self.end)


class Count(NamedTuple):
    """How many items, and how many without copies (each text once, where it first appeared)."""

    items: int
    first: int

    def share(self, whole: "Count") -> tuple[float | None, float | None]:
        """Share of a whole, raw and without copies; None of nothing."""
        return _ratio(self.items, whole.items), _ratio(self.first, whole.first)


class Row(NamedTuple):
    """One cell of a cube: the day as an index into the window, a name, and how the items were judged."""

    day: int
    name: str
    rights: bool
    polarity: str
    first: bool
    suspicious: bool
    n: int


Keep = Callable[[Row], bool]

_CUBE: Final = """
    SELECT {day} - ? AS day, {name} AS name, consumer_rights AS rights, polarity,
           duplicate_of IS NULL AS first, len(suspicion) > 0 AS suspicious, count(*) AS n
    FROM {source} WHERE {day} BETWEEN ? AND ? {more} GROUP BY ALL ORDER BY ALL
"""
UNKNOWN: Final = ""
"""Name of a channel that the source does not say."""


class Figures:
    """The counts of one window over one store.

    `rights(row)` and the like narrow a cube; `count` sums; `by_name` and `by_day` split.
    """

    def __init__(self, store: Store, window: Window) -> None:
        self.store, self.window = store, window
        self._epoch = window.start.toordinal() - date(1970, 1, 1).toordinal()

    @cached_property
    def volume(self) -> tuple[Row, ...]:
        """All items by day and channel."""
        return self._cube("items", f"coalesce(channel, '{UNKNOWN}')")

    @cached_property
    def topics(self) -> tuple[Row, ...]:
        """Items about consumer rights, once for each of their topics."""
        return self._listed("topics", "AND consumer_rights")

    @cached_property
    def aspects(self) -> tuple[Row, ...]:
        """Items about consumer rights, once for each opinion on an aspect (`rules:praise`)."""
        return self._listed("aspects", "AND consumer_rights")

    @cached_property
    def entities(self) -> tuple[Row, ...]:
        """Items about consumer rights, once for each entity (`platform:…`) they name."""
        return self._listed("entities", "AND consumer_rights")

    @cached_property
    def suspicion(self) -> tuple[Row, ...]:
        """Items by reason of suspicion."""
        return self._listed("suspicion", "AND len(suspicion) > 0")

    @cached_property
    def undated(self) -> int:
        """Items without a time, which belong to no window."""
        found = self.store.rows('SELECT count(*) AS n FROM items WHERE "at" IS NULL')
        return int(found[0]["n"])

    def _listed(self, column: str, more: str) -> tuple[Row, ...]:
        last = self._epoch + len(self.window) - 1
        source = (
            f'(SELECT "at", unnest({column}) AS listed, consumer_rights, polarity, duplicate_of, '
            f"suspicion FROM items WHERE {DAY_SQL} BETWEEN {self._epoch} AND {last} {more})"
        )
        return self._cube(source, "listed")

    def _cube(self, source: str, name: str, more: str = "") -> tuple[Row, ...]:
        sql = _CUBE.format(day=DAY_SQL, name=name, source=source, more=more)
        last = self._epoch + len(self.window) - 1
        table = self.store.query(sql, [self._epoch, self._epoch, last])
        return tuple(Row(*row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True))


def rights(row: Row) -> bool:
    """About consumer rights."""
    return row.rights


def complaints(row: Row) -> bool:
    """A complaint (吐槽) about consumer rights."""
    return row.rights and row.polarity == "complaint"


def praise(row: Row) -> bool:
    """Praise, about consumer rights."""
    return row.rights and row.polarity == "praise"


def everything(row: Row) -> bool:
    """Any item."""
    return True


SELECTIONS: Final[Mapping[Keep, Selection]] = {
    everything: where(),
    rights: where("rights"),
    complaints: where("rights and complaint"),
    praise: where("rights and praise"),
}
"""The same in the language of selections."""


def count(rows: Sequence[Row], keep: Keep = everything) -> Count:
    """How many items the rows that are kept stand for."""
    items = first = 0
    for row in rows:
        if keep(row):
            items += row.n
            first += row.n * row.first
    return Count(items, first)


def by_name(rows: Sequence[Row], keep: Keep = everything) -> dict[str, Count]:
    """Counts by name, the largest first; equal ones in the order of their names."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows:
        if keep(row):
            sums[row.name][0] += row.n
            sums[row.name][1] += row.n * row.first
    ordered = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    return {name: Count(*both) for name, both in ordered}


def by_day(rows: Sequence[Row], length: int, keep: Keep = everything) -> tuple[Count, ...]:
    """Counts for each of `length` days, zero where there is nothing."""
    sums = [[0, 0] for _ in range(length)]
    for row in rows:
        if keep(row):
            sums[row.day][0] += row.n
            sums[row.day][1] += row.n * row.first
    return tuple(Count(*both) for both in sums)


def of_name(rows: Sequence[Row], name: str) -> tuple[Row, ...]:
    """The rows of one name."""
    return tuple(row for row in rows if row.name == name)


def peak(series: Sequence[Count]) -> int:
    """The day with most items, the earliest of equals."""
    return max(range(len(series)), key=lambda day: (series[day].items, -day))


def points(now: float | None, then: float | None) -> float | None:
    """Change between two shares in percentage points, as the published reports compare."""
    return None if now is None or then is None else (now - then) * 100


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
