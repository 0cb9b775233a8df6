"""Daily counts of whatever items are counted by, and the shape of such a series in the words of reports."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.aggregate import Store, Window
from fairstream.opinion.phrases import Counts
from fairstream.opinion.select import DAY_SQL, Selection, days, named
from fairstream.records import Words

Ints = npt.NDArray[np.int64]

By = Literal["topic", "entity", "channel", "phrase", "all"]
_SOURCES: Final = {
    "topic": "unnest(topics)",
    "entity": "unnest(entities)",
    "channel": "channel",
    "all": "''",
}
_EPOCH: Final = date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Daily:
    """Series × days of counts from `start` on; `totals` are all items of each day, whatever their label.

    A day without a single item in the whole set was not observed: the collector was not at work.
    """

    by: By
    names: tuple[str, ...]
    start: date
    counts: Ints
    totals: Ints

    @property
    def observed(self) -> npt.NDArray[np.bool_]:
        """Days with at least one item."""
        return np.asarray(self.totals > 0)

    @property
    def weekdays(self) -> list[int]:
        """Monday is 0."""
        return [(self.start + timedelta(days=n)).weekday() for n in range(len(self.totals))]

    def day(self, slot: int) -> date:
        """The day of a column."""
        return self.start + timedelta(days=slot)

    def items(self, series: int, start: int, end: int) -> Selection:
        """The condition that lists the items behind a stretch of a series, both ends included."""
        window = days(self.day(start), self.day(end))
        return window if self.by == "all" else named(self.by, [self.names[series]]) & window


def extent(store: Store) -> Window | None:
    """First and last day of the items; None when no item has a time."""
    row = store.rows(f'SELECT min({DAY_SQL}) AS a, max({DAY_SQL}) AS b FROM items WHERE "at" IS NOT NULL')[0]
    if row["a"] is None:
        return None
    return Window(date.fromordinal(int(row["a"]) + _EPOCH), date.fromordinal(int(row["b"]) + _EPOCH))


def daily(store: Store, by: By, window: Window, *, copies: bool = True) -> Daily:
    """Counts by day of each topic, entity or channel, or of all items; most frequent first.

    `copies=False` counts each text once, when and where it first appeared.
    """
    if by not in _SOURCES:
        raise ValueError(f"{by} is not counted by the store")
    condition, values = window.selection.sql()
    if not copies:
        condition += " AND duplicate_of IS NULL"
    source = f"SELECT {_SOURCES[by]} AS name, {DAY_SQL} AS day FROM items WHERE {condition}"
    table = store.query(f"SELECT name, day, count(*) AS n FROM ({source}) GROUP BY ALL", values)
    whole_sql = f"SELECT {DAY_SQL} AS day, count(*) AS n FROM items WHERE {condition} GROUP BY ALL"
    totals = store.query(whole_sql, values)
    first, length = window.start.toordinal() - _EPOCH, len(window)
    whole = np.zeros(length, dtype=np.int64)
    whole[totals["day"].to_numpy() - first] = totals["n"].to_numpy()
    named_rows = [row for row in table.to_pylist() if row["name"] is not None]
    names = {name: at for at, name in enumerate(sorted({row["name"] for row in named_rows}))}
    counts = np.zeros((len(names), length), dtype=np.int64)
    for row in named_rows:
        counts[names[row["name"]], row["day"] - first] = row["n"]
    order = np.argsort(-counts.sum(axis=1), kind="stable")
    return Daily(by, tuple(np.array(list(names), dtype=object)[order]), window.start, counts[order], whole)


def of_phrases(counts: Counts, start: date, *, copies: bool = True) -> Daily:
    """Counts of phrases by day, as `phrases.count` gives them for consecutive days."""
    items, totals = (counts.items, counts.total) if copies else (counts.first, counts.total_first)
    return Daily("phrase", counts.phrases, start, np.ascontiguousarray(items.T), totals)


Shape = Literal["inverted_v", "front", "back", "rising", "falling", "steady", "fluctuating", "too_little"]

SHAPES: Final[dict[Shape, Words]] = {
    "inverted_v": Words("呈倒V形", "rises to a peak and falls again"),
    "front": Words("集中在前半段", "concentrated in the first half"),
    "back": Words("集中在后半段", "concentrated in the second half"),
    "rising": Words("波动上升", "rises with fluctuations"),
    "falling": Words("波动下降", "falls with fluctuations"),
    "steady": Words("平稳", "steady"),
    "fluctuating": Words("波动", "fluctuates without a direction"),
    "too_little": Words("数据不足", "too little to tell"),
}

FEWEST_DAYS: Final = 7
FEWEST_ITEMS: Final = 30


class _Course(NamedTuple):
    """What the shape is judged by."""

    half: float
    trend: float
    change: float
    variation: float


def shape(values: Sequence[float]) -> Shape:
    """The shape of a daily series; the first that fits, of these:

    - "too_little": fewer than 7 days or 30 items
    - "inverted_v": the highest 3-day mean lies in the middle three fifths of the days and is at least 1.5
      times the mean; before it the values rise, after it they fall (rank correlation with time 0.4 or more)
    - "front", "back": two thirds or more of the items in that half of the days
    - "rising", "falling": rank correlation with time at least 0.5, and the mean of the last third of the
      days differs from that of the first third by a fifth or more
    - "steady": the standard deviation is at most a quarter of the mean, beyond what chance explains
    - "fluctuating": all else
    """
    days_of = np.asarray(values, dtype=np.float64)
    if len(days_of) < FEWEST_DAYS or days_of.sum() < FEWEST_ITEMS:
        return "too_little"
    if _inverted(days_of):
        return "inverted_v"
    course = _course(days_of)
    if course.half >= 2 / 3:
        return "front"
    if course.half <= 1 / 3:
        return "back"
    if abs(course.trend) >= 0.5 and course.trend * course.change >= 0.2 * abs(course.trend):
        return "rising" if course.trend > 0 else "falling"
    return "steady" if course.variation <= 0.25 else "fluctuating"


def _course(values: npt.NDArray[np.float64]) -> _Course:
    count, third = len(values), max(len(values) // 3, 1)
    half = values[: count // 2].sum() + (values[count // 2] / 2 if count % 2 else 0)
    first, last = values[:third].mean(), values[-third:].mean()
    change = (last - first) / max(first, 1e-9)
    if change < 0:
        change = -(first - last) / max(first, 1e-9)
    beyond = max(float(values.var(ddof=1)) - float(values.mean()), 0)
    return _Course(
        float(half / values.sum()),
        _rank_correlation(np.arange(count), values),
        float(change),
        float(np.sqrt(beyond) / values.mean()),
    )


def _inverted(values: npt.NDArray[np.float64]) -> bool:
    count = len(values)
    smooth = np.convolve(values, np.ones(3) / 3, mode="valid")
    highest = np.flatnonzero(smooth >= smooth.max() * (1 - 1e-9)) + 1
    peak = int(highest[np.argmin(np.abs(2 * highest - (count - 1)))])
    margin = 0.2 * (count - 1)
    if not margin <= peak <= count - 1 - margin or smooth.max() < 1.5 * values.mean():
        return False
    before, after = values[: peak + 1], values[peak:]
    rise = _rank_correlation(np.arange(len(before)), before)
    fall = _rank_correlation(np.arange(len(after)), after)
    return len(before) >= 3 and len(after) >= 3 and rise >= 0.4 and fall <= -0.4


def _rank_correlation(a: npt.NDArray[np.integer], b: npt.NDArray[np.float64]) -> float:
    """Spearman's, ties sharing their mean rank; 0 when one side does not vary."""
    ranks = [_ranks(np.asarray(side, dtype=np.float64)) for side in (a, b)]
    centred = [rank - rank.mean() for rank in ranks]
    size = float(np.sqrt((centred[0] ** 2).sum() * (centred[1] ** 2).sum()))
    return float((centred[0] * centred[1]).sum() / size) if size else 0.0


def _ranks(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    after = np.cumsum(counts)
    return np.asarray((after - (counts - 1) / 2)[inverse])
