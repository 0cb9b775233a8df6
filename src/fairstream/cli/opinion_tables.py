"""Tables of `fairstream opinion phrases` and `bursts` for people, JSON for programs."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, Literal

import click
import orjson
from rich.console import Console
from rich.table import Table

from fairstream.documents.plain import fit
from fairstream.records import Language, Words


def console() -> Console:
    """A console on which the words of posts are words: `[/b]` and `:smile:` mean nothing."""
    return Console(file=sys.stdout, markup=False, emoji=False, highlight=False)


def show(found: dict[str, Any], as_json: bool, tables: Callable[[], Iterable[object]]) -> None:
    """Print what was found, as one JSON object or as tables."""
    if as_json:
        click.echo(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY).decode())
    else:
        for part in tables():
            console().print(part)


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


def phrase_tables(found: dict[str, Any], language: Language) -> Iterator[object]:
    """Top, new and paired phrases."""
    table = _table(_TITLES["top"], ("phrase", "items", "first", "share", "examples"), language)
    for row in found["phrases"]:
        table.add_row(
            fit(row["phrase"]),
            f"{row['items']:,}",
            f"{row['first']:,}",
            f"{row['share']:.2%}",
            fit(" ".join(row["examples"])),
        )
    yield table
    if "new" in found:
        heads = ("phrase", "items", "first", "before", "ratio", "g2", "q", "examples")
        table = _table(_TITLES["new"], heads, language)
        for row in found["new"]:
            table.add_row(
                fit(row["phrase"]),
                f"{row['items']:,}",
                f"{row['first']:,}",
                f"{row['before']:,}",
                f"{row['ratio']:.1f} ({row['low']:.1f}-{row['high']:.1f})",
                f"{row['g2']:.0f}",
                f"{row['q']:.2g}",
                fit(" ".join(row["examples"])),
            )
        yield table
        if found["background"]["too_little"]:
            yield f"{getattr(_TITLES['little'], language)}: {', '.join(found['background']['too_little'])}"
    if "together" in found:
        table = _table(_TITLES["together"], ("phrase", "both", "expected", "lift", "q"), language)
        for row in found["together"]:
            pair = fit(f"{row['a']} + {row['b']}")
            lift = f"{row['lift']:.1f}"
            table.add_row(pair, f"{row['both']:,}", f"{row['expected']:.1f}", lift, f"{row['q']:.2g}")
        yield table


def burst_table(found: dict[str, Any], language: Language) -> Iterator[object]:
    """Bursts, and how many tests they rest on."""
    if found["too_little"]:
        yield getattr(_TITLES["little"], language)
        return
    heads = ("series", "days", "peak", "peak_items", "expected", "times", "q", "where")
    table = _table(_TITLES["bursts"], heads, language)
    for row in found["bursts"]:
        table.add_row(
            fit(row["series"]),
            f"{row['start']}..{row['end']}",
            str(row["peak"]),
            f"{row['peak_items']:,}",
            f"{row['expected']:.1f}",
            f"{row['ratio']:.1f}",
            f"{row['q']:.2g}",
            fit(row["where"]),
        )
    yield table
    tests, rate, gaps = f"{found['tests']:,}", f"{found['settings']['rate']:.0%}", found["days_missing"]
    said = Words(
        f"检验 {tests} 次，错误发现率 {rate}；缺 {gaps} 天数据",
        f"{tests} tests, false-discovery rate {rate}; {gaps} days without data",
    )
    yield getattr(said, language)
