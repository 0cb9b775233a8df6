"""`fairstream opinion copies`: the largest groups of copies and cascades of reposts."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fairstream.cli.options import json_option

if TYPE_CHECKING:
    from fairstream.opinion.cascades import By, Cascade
    from fairstream.opinion.select import Selection
    from fairstream.store.annotated import Annotated


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--by",
    type=click.Choice(["copies", "thread"]),
    default="copies",
    show_default=True,
    help="Groups of nearly the same words, or what was reposted and answered from one post.",
)
@click.option("--where", "words", default="", help="Which items, as `fairstream opinion items` says.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="How many.")
@click.option(
    "--least", type=click.IntRange(2), default=2, show_default=True, help="Least items of one that is shown."
)
@json_option
def copies(annotated: Path, by: "By", words: str, limit: int, least: int, as_json: bool) -> int:
    """Show what was copied or reposted most: how many, how fast, by how many, where, how deep.

    The list that `--where` narrows is counted alone: a group shows its items among these. Of copies the first
    text is shown, of a thread the post it began with when that is among the items.

    \b
    Examples:
      fairstream opinion copies annotated.parquet
      fairstream opinion copies annotated.parquet --where "praise and topic:live" --least 10 --json
      fairstream opinion copies annotated.parquet --by thread --limit 5
    """
    import orjson

    from fairstream.opinion.select import where
    from fairstream.store.annotated import Annotated

    with Annotated(annotated) as store:
        selection = where(words)
        found = _largest(store, by, selection, limit, least)
        total = _total(store, selection)
    if as_json:
        listed = [_fields(one) for one in found]
        click.echo(orjson.dumps({"where": words, "by": by, **total, "cascades": listed}).decode())
    else:
        click.echo(f"{total['items']:,} items, {total['first']:,} without copies", err=True)
        _table(found)
    return 0


def _largest(store: "Annotated", by: "By", selection: "Selection", limit: int, least: int) -> "list[Cascade]":
    """The largest in two steps, so that only their own items are ever in memory."""
    from fairstream.opinion.cascades import COLUMNS, largest

    condition, values = selection.sql()
    key = "copy_group" if by == "copies" else "thread"
    chosen = (
        f"SELECT {key} FROM items WHERE {condition} AND {key} IS NOT NULL GROUP BY {key} "
        f"HAVING count(*) >= {least - (by == 'thread')} ORDER BY count(*) DESC, {key} LIMIT {limit}"
    )
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    own = f" OR id IN ({chosen})" if by == "thread" else ""
    table = store.query(
        f"SELECT {columns} FROM items WHERE {condition} AND ({key} IN ({chosen}){own}) "
        'ORDER BY "at" NULLS LAST, id',
        [*values, *values, *(values if own else ())],
    )
    return largest(table, by, limit=limit, least=least)


def _total(store: "Annotated", selection: "Selection") -> dict[str, Any]:
    condition, values = selection.sql()
    sums = "count(*) AS items, count(DISTINCT copy_group) AS first"
    return dict(store.rows(f"SELECT {sums} FROM items WHERE {condition}", values)[0])


def _fields(one: "Cascade") -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(one), "duration_ms": one.duration_ms, "channels": dict(one.channels)}


def _table(found: "Sequence[Cascade]") -> None:
    from rich.table import Table
    from rich.text import Text

    from fairstream.cli.opinion_tables import console
    from fairstream.documents.plain import fit

    table = Table("items", "authors", "channels", "first", "lasted", "half", "peak hour", "depth", "text")
    table.columns[-1].overflow = "fold"
    for one in found:
        table.add_row(
            f"{one.items:,}",
            f"{one.authors:,}",
            Text(fit(" ".join(f"{name} {count:,}" for name, count in one.channels[:3]))),
            one.begin.strftime("%Y-%m-%d %H:%M") if one.begin else "",
            _long(one.duration_ms),
            _long(one.half_ms),
            f"{one.peak:%m-%d %H}h {one.peak_items:,}" if one.peak else "",
            str(one.depth or ""),
            Text(fit(" ".join(one.text.split())[:60])),
        )
    console().print(table)


def _long(span: int | None) -> str:
    if span is None:
        return ""
    minutes = span // 60_000
    days, hours = minutes // 1440, minutes // 60 % 24
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"
