"""The work of `fairstream opinion phrases` and `bursts`: tables for people, JSON for programs."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Final, Literal, cast

import click
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from fairstream.columns import AT
from fairstream.errors import FormatError, UsageError
from fairstream.opinion import bursts as burst_test
from fairstream.opinion import together
from fairstream.opinion.aggregate import Window
from fairstream.opinion.candidates import mine, sample
from fairstream.opinion.novelty import Standard, new_phrases, too_little
from fairstream.opinion.phrases import (
    CountParts,
    Counts,
    Days,
    Trie,
    count,
    occurrences,
    row_groups,
    top,
)
from fairstream.opinion.select import Selection, named, where
from fairstream.opinion.series import By, Daily, daily, extent, of_phrases
from fairstream.records import Language, Words
from fairstream.store.annotated import Annotated
from fairstream.store.run import processors, run
from fairstream.text.fold import Folder

_COLUMNS: Final = 'id, "at", text, duplicate_of'
_PAIRED: Final = 300


@dataclass(frozen=True, slots=True)
class Side:
    """Items of a window: `start` or `end` None is the first or last day of the items."""

    path: Path
    start: date | None
    end: date | None
    words: str


@dataclass(frozen=True, slots=True)
class PhrasesAsked:
    """What was asked for on the command line."""

    window: Side
    background: Side | None
    most: int
    pairs: bool
    rate: float
    workers: int | None
    as_json: bool
    language: Language


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


def show_phrases(asked: PhrasesAsked) -> int:
    """Mine, count, compare and show."""
    with Annotated(asked.window.path) as store:
        window = _asked_window(store, asked.window)
        texts = _sample(store, asked.window, window)
        candidates = mine(texts)
        counted = _counted(store, asked.window, window, candidates.phrases, asked.workers)
        found: dict[str, Any] = {
            **_about(asked.window, window, counted),
            "mined_from": candidates.sample,
            "phrases": [
                {**row._asdict(), "where": str(_items(asked.window, window, row.phrase))}
                for row in top(counted, asked.most)
            ],
        }
        if asked.pairs:
            found["together"] = _together(_batches(store, asked.window, window), counted, asked)
    if asked.background is not None:
        found["background"], found["new"] = _compared(asked, asked.background, window, counted)
    _print(found, asked.as_json, lambda: _phrase_tables(found, asked.language))
    return 0


def _compared(
    asked: PhrasesAsked, background: Side, window: Window | None, counted: Counts
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with Annotated(background.path) as store:
        before = _asked_window(store, background)
        other = _counted(store, background, before, counted.phrases, asked.workers)
    about = {**_about(background, before, other), "too_little": list(too_little(counted, other))}
    rows = new_phrases(counted, other, asked.most, Standard(rate=asked.rate))
    return about, [{**row._asdict(), "where": str(_items(asked.window, window, row.phrase))} for row in rows]


def _items(side: Side, window: Window | None, phrase: str | None = None) -> Selection:
    """The condition of the items that are counted, or of those that hold a phrase."""
    words = where(side.words)
    if phrase is not None:
        words = words & named("phrase", [phrase])
    return words if window is None else words & window.selection


def _window(store: Annotated, side: Side) -> Window:
    whole = extent(store)
    if whole is None and (side.start is None or side.end is None):
        raise UsageError("no item has a time", remedy="annotate posts whose times are known")
    start = side.start or cast(Window, whole).start
    return Window(start, side.end or cast(Window, whole).end)


def _asked_window(store: Annotated, side: Side) -> Window | None:
    """None when no day was named: then items without a time count too."""
    return None if side.start is None and side.end is None else _window(store, side)


def _about(side: Side, window: Window | None, counted: Counts) -> dict[str, Any]:
    return {
        "from": window and window.start,
        "to": window and window.end,
        "where": str(_items(side, window)),
        "items": int(counted.total.sum()),
        "first": int(counted.total_first.sum()),
    }


def _batches(store: Annotated, side: Side, window: Window | None) -> Iterator[pa.RecordBatch]:
    condition, values = _items(side, window).sql()
    return store.batches(f"SELECT {_COLUMNS} FROM items WHERE {condition}", values)


def _sample(store: Annotated, side: Side, window: Window | None) -> tuple[str, ...]:
    """Texts to mine, drawn evenly from the items that are counted."""
    condition, values = _items(side, window).sql()
    total = store.rows(f"SELECT count(*) AS n FROM items WHERE {condition}", values)[0]["n"]
    return sample(_batches(store, side, window), int(total))


def _counted(
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
        return count(_batches(store, side, window), phrases)
    days = None if window is None else Days(window.start, len(window), merged=not by_day)
    work = CountParts(tuple(phrases), days)
    units = row_groups(store.parts)
    with _progress(len(units)) as step:
        parts: list[Counts] = run(work, units, workers=workers or processors(), done=step)
    return reduce(add, parts)


class _progress:  # noqa: N801 - reads as the call it is
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


def _together(
    batches: Iterable[pa.RecordBatch], counted: Counts, asked: PhrasesAsked
) -> list[dict[str, Any]]:
    labels = [row.phrase for row in top(counted, _PAIRED)]
    pairs, trie, folder = together.Pairs(labels), Trie(labels), Folder()
    for batch in batches:
        folded = folder.fold([text or "" for text in batch.column("text").to_pylist()], evasion=False)
        pairs.add(*occurrences(folded, trie), len(batch))
    return [row._asdict() for row in pairs.top(asked.most, together.Standard(rate=asked.rate))]


def show_bursts(asked: BurstsAsked) -> int:
    """Count by day, test and show."""
    counted = _series(asked)
    settings = burst_test.Settings(
        rate=asked.rate,
        family="day" if asked.each_day else "all",
        baseline=asked.baseline,
        items=asked.least,
        as_share=asked.as_share,
    )
    tests = burst_test.test(
        counted.counts, counted.weekdays, settings, totals=counted.totals, observed=counted.observed
    )
    called = burst_test.found(counted.counts, tests, settings, observed=counted.observed)
    observed = int(counted.observed.sum())
    found = {
        "by": counted.by,
        "from": counted.start,
        "to": counted.day(len(counted.totals) - 1),
        "days_observed": observed,
        "days_missing": len(counted.totals) - observed,
        "series": len(counted.names),
        "tests": tests.tested,
        "too_little": tests.tested == 0,
        "settings": asdict(settings),
        "bursts": [_told(burst, counted) for burst in called],
    }
    _print(found, asked.as_json, lambda: _burst_table(found, asked.language))
    return 0


def _told(burst: burst_test.Burst, counted: Daily) -> dict[str, Any]:
    told = burst._asdict()
    for key in ("start", "end", "peak"):
        told[key] = counted.day(told[key])
    return {
        **told,
        "series": counted.names[burst.series],
        "where": str(counted.items(burst.series, burst.start, burst.end)),
    }


def _series(asked: BurstsAsked) -> Daily:
    if asked.path.is_file() and (hot := _hot_search(asked.path)) is not None:
        if asked.by not in (None, "phrase"):
            raise UsageError(
                f"a hot-search list has titles, no {asked.by}",
                remedy="use --by phrase, or run `fairstream opinion annotate` on it first",
            )
        return _phrase_series(asked, list(hot), None)
    with Annotated(asked.path) as store:
        side = Side(asked.path, asked.start, asked.end, "")
        window = _window(store, side)
        if asked.by == "phrase":
            return _phrase_series(asked, None, (store, side, window))
        return daily(store, cast(By, asked.by or "topic"), window, copies=not asked.without_copies)


def _phrase_series(
    asked: BurstsAsked,
    batches: list[pa.RecordBatch] | None,
    held: tuple[Annotated, Side, Window] | None,
) -> Daily:
    """Counts by day of the phrases asked for and of those mined, from a list in memory or a store."""
    own = [text for word in asked.wanted if (text := Folder().fold([word], evasion=False).reading(0))]
    if batches is not None:
        window = _days_of(batches, asked)
        texts = sample(batches, sum(map(len, batches)))
        phrases = tuple(dict.fromkeys([*own, *mine(texts).phrases[: asked.most]]))
        counted = count(batches, phrases, Days(window.start, len(window)))
    else:
        store, side, window = cast(tuple[Annotated, Side, Window], held)
        texts = _sample(store, side, window)
        phrases = tuple(dict.fromkeys([*own, *mine(texts).phrases[: asked.most]]))
        counted = _counted(store, side, window, phrases, None, by_day=True)
    return of_phrases(counted, window.start, copies=not asked.without_copies)


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
    times = pa.array([f"{value}T12:00:00" if value else None for value in day.to_pylist()], pa.string())
    local = times.cast(pa.timestamp("ms"))
    return pa.compute.assume_timezone(local, "Asia/Shanghai").cast(AT)


def _days_of(batches: Sequence[pa.RecordBatch], asked: BurstsAsked) -> Window:
    known = [value for batch in batches for value in batch.column("at").unique().to_pylist() if value]
    if not known:
        raise UsageError("the list has no day", remedy="its column `day` holds days as 2022-11-11")
    return Window(asked.start or min(known).date(), asked.end or max(known).date())


def _print(found: dict[str, Any], as_json: bool, table: Any) -> None:
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY).decode())
    else:
        for part in table():
            Console(file=sys.stdout).print(part)


_HEADS: Final = {
    "phrase": Words("短语", "phrase"),
    "items": Words("条数", "items"),
    "first": Words("去重", "without copies"),
    "share": Words("占比", "share"),
    "before": Words("背景条数", "background"),
    "ratio": Words("倍数（95%区间）", "ratio (95 % interval)"),
    "g2": Words("G²", "G²"),
    "q": Words("错误发现率", "q"),
    "examples": Words("示例", "examples"),
    "both": Words("同现", "both"),
    "lift": Words("提升度", "lift"),
    "series": Words("对象", "series"),
    "days": Words("起止", "days"),
    "peak": Words("峰值日", "peak"),
    "peak_items": Words("峰值", "items"),
    "expected": Words("预期", "expected"),
    "times": Words("倍数", "ratio"),
    "where": Words("条件", "items condition"),
}
_TITLES: Final = {
    "top": Words("高频短语", "Top phrases"),
    "new": Words("新短语", "New phrases"),
    "together": Words("共现", "Together"),
    "bursts": Words("突增", "Bursts"),
    "little": Words("数据不足：无法检验", "Too little data: nothing could be tested"),
}


def _table(title: Words, heads: Sequence[str], language: Language) -> Table:
    table = Table(title=getattr(title, language))
    for head in heads:
        numeric: Literal["left", "right"] = "left" if head in ("phrase", "series", "where") else "right"
        table.add_column(getattr(_HEADS[head], language), justify=numeric, overflow="fold")
    return table


def _phrase_tables(found: dict[str, Any], language: Language) -> Iterator[object]:
    table = _table(_TITLES["top"], ("phrase", "items", "first", "share", "examples"), language)
    for row in found["phrases"]:
        table.add_row(
            row["phrase"],
            f"{row['items']:,}",
            f"{row['first']:,}",
            f"{row['share']:.2%}",
            " ".join(row["examples"]),
        )
    yield table
    if "new" in found:
        heads = ("phrase", "items", "first", "before", "ratio", "g2", "q", "examples")
        table = _table(_TITLES["new"], heads, language)
        for row in found["new"]:
            table.add_row(
                row["phrase"],
                f"{row['items']:,}",
                f"{row['first']:,}",
                f"{row['before']:,}",
                f"{row['ratio']:.1f} ({row['low']:.1f}-{row['high']:.1f})",
                f"{row['g2']:.0f}",
                f"{row['q']:.2g}",
                " ".join(row["examples"]),
            )
        yield table
        if found["background"]["too_little"]:
            yield f"{getattr(_TITLES['little'], language)}: {', '.join(found['background']['too_little'])}"
    if "together" in found:
        table = _table(_TITLES["together"], ("phrase", "both", "expected", "lift", "q"), language)
        for row in found["together"]:
            pair = f"{row['a']} + {row['b']}"
            lift = f"{row['lift']:.1f}"
            table.add_row(pair, f"{row['both']:,}", f"{row['expected']:.1f}", lift, f"{row['q']:.2g}")
        yield table


def _burst_table(found: dict[str, Any], language: Language) -> Iterator[object]:
    if found["too_little"]:
        yield getattr(_TITLES["little"], language)
        return
    heads = ("series", "days", "peak", "peak_items", "expected", "times", "q", "where")
    table = _table(_TITLES["bursts"], heads, language)
    for row in found["bursts"]:
        table.add_row(
            row["series"],
            f"{row['start']}..{row['end']}",
            str(row["peak"]),
            f"{row['peak_items']:,}",
            f"{row['expected']:.1f}",
            f"{row['ratio']:.1f}",
            f"{row['q']:.2g}",
            row["where"],
        )
    yield table
    tests, rate, gaps = f"{found['tests']:,}", f"{found['settings']['rate']:.0%}", found["days_missing"]
    said = Words(
        f"检验 {tests} 次，错误发现率 {rate}；缺 {gaps} 天数据",
        f"{tests} tests, false-discovery rate {rate}; {gaps} days without data",
    )
    yield getattr(said, language)
