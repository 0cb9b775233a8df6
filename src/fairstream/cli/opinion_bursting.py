"""The work of `fairstream opinion bursts`."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairstream.cli.opinion_counting import Side, counted, drawn, window
from fairstream.cli.opinion_tables import burst_table, show
from fairstream.columns import AT
from fairstream.errors import FormatError, UsageError
from fairstream.opinion import bursts as burst_test
from fairstream.opinion.aggregate import Window
from fairstream.opinion.candidates import mine, sample
from fairstream.opinion.phrases import Days, count
from fairstream.opinion.series import By, Daily, daily, of_phrases
from fairstream.records import Language
from fairstream.store.annotated import Annotated
from fairstream.text.fold import Folder


@dataclass(frozen=True, slots=True)
class BurstsAsked:
    """What was asked for on the command line."""

    path: Path
    by: str | None
    rate: float
    each_day: bool
    as_share: bool
    without_copies: bool
    start: date | None
    end: date | None
    baseline: int
    least: int
    wanted: tuple[str, ...]
    most: int
    as_json: bool
    language: Language


def show_bursts(asked: BurstsAsked) -> int:
    """Count by day, test and show."""
    series = _series(asked)
    settings = burst_test.Settings(
        rate=asked.rate,
        family="day" if asked.each_day else "all",
        baseline=asked.baseline,
        items=asked.least,
        as_share=asked.as_share,
    )
    tests = burst_test.test(
        series.counts, series.weekdays, settings, totals=series.totals, observed=series.observed
    )
    called = burst_test.found(series.counts, tests, settings, observed=series.observed)
    observed = int(series.observed.sum())
    found = {
        "by": series.by,
        "from": series.start,
        "to": series.day(len(series.totals) - 1),
        "days_observed": observed,
        "days_missing": len(series.totals) - observed,
        "series": len(series.names),
        "tests": tests.tested,
        "too_little": tests.tested == 0,
        "settings": asdict(settings),
        "bursts": [_told(burst, series) for burst in called],
    }
    show(found, asked.as_json, lambda: burst_table(found, asked.language))
    return 0


def _told(burst: burst_test.Burst, series: Daily) -> dict[str, Any]:
    told = burst._asdict()
    for key in ("start", "end", "peak"):
        told[key] = series.day(told[key])
    return {
        **told,
        "series": series.names[burst.series],
        "where": str(series.items(burst.series, burst.start, burst.end)),
    }


def _series(asked: BurstsAsked) -> Daily:
    if asked.path.is_file() and (hot := _hot_search(asked.path)) is not None:
        if asked.by not in (None, "phrase"):
            raise UsageError(
                f"a hot-search list has titles, no {asked.by}",
                remedy="use --by phrase, or run `fairstream opinion annotate` on it first",
            )
        return _of_titles(asked, list(hot))
    with Annotated(asked.path) as store:
        side = Side(asked.path, asked.start, asked.end, "")
        days = window(store, side)
        if asked.by == "phrase":
            phrases = _watched(asked, drawn(store, side, days))
            found = counted(store, side, days, phrases, None, by_day=True)
            return of_phrases(found, days.start, copies=not asked.without_copies)
        return daily(store, cast(By, asked.by or "topic"), days, copies=not asked.without_copies)


def _of_titles(asked: BurstsAsked, titles: Sequence[pa.RecordBatch]) -> Daily:
    """Phrases of a hot-search list by day."""
    days = _days_of(titles, asked)
    phrases = _watched(asked, sample(titles, sum(map(len, titles))))
    return of_phrases(count(titles, phrases, Days(days.start, len(days))), days.start)


def _watched(asked: BurstsAsked, texts: Sequence[str]) -> tuple[str, ...]:
    """Phrases asked for, folded, and the most frequent ones mined."""
    own = [text for word in asked.wanted if (text := Folder().fold([word], evasion=False).reading(0))]
    return tuple(dict.fromkeys([*own, *mine(texts).phrases[: asked.most]]))


def _hot_search(path: Path) -> Iterator[pa.RecordBatch] | None:
    """Batches with `text` and `at` of a hot-search list, None when the file is none."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise FormatError(
            f"not a readable Parquet file: {error}", file=str(path), remedy="name what `annotate` wrote"
        ) from error
    names = file.schema_arrow.names
    if "text" in names or not {"day", "title"} <= set(names):
        return None
    return (
        pa.record_batch([batch.column("title").cast(pa.string()), _at(batch.column("day"))], ["text", "at"])
        for batch in file.iter_batches(columns=["day", "title"])
    )


def _at(day: pa.Array) -> pa.Array:
    """Noon of each day in China."""
    times = pa.array([f"{str(value)[:10]}T12:00:00" if value else None for value in day.to_pylist()])
    try:
        local = times.cast(pa.string()).cast(pa.timestamp("ms"))
    except pa.ArrowInvalid as error:
        raise FormatError(
            f"the column day holds no days: {str(error)[:80]}", remedy="write them as 2022-11-11"
        ) from error
    return pc.assume_timezone(local, "Asia/Shanghai").cast(AT)


def _days_of(titles: Sequence[pa.RecordBatch], asked: BurstsAsked) -> Window:
    known = [value for batch in titles for value in batch.column("at").unique().to_pylist() if value]
    if not known:
        raise UsageError("the list has no day", remedy="its column `day` holds days as 2022-11-11")
    return Window(asked.start or min(known).date(), asked.end or max(known).date())
