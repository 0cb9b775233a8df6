"""The work of `fairstream opinion items`: one selection, shown or written out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from rich.table import Table

from fairstream.cli.opinion_tables import console
from fairstream.documents.plain import cell, fit
from fairstream.errors import UsageError
from fairstream.opinion.select import where
from fairstream.store.annotated import Annotated

_COLUMNS: Final = ("id", "at", "channel", "polarity", "topics", "text")


@dataclass(frozen=True, slots=True)
class Listing:
    """What was asked for on the command line."""

    annotated: Path
    words: str
    limit: int
    out: Path | None
    only_count: bool
    as_json: bool


def show(asked: Listing) -> int:
    """Show, count or write the items; 0 also when there are none."""
    condition, values = where(asked.words).sql()
    if asked.out is not None:
        _check_out(asked.out, asked.annotated)
    with Annotated(asked.annotated) as store:
        if asked.only_count:
            _say_count(store, condition, values, asked)
        elif asked.out is not None:
            _write(store.batches(f"SELECT * FROM items WHERE {condition}", values), asked.out)
        else:
            limit = f"LIMIT {asked.limit}" if asked.limit else ""
            rows = store.rows(
                f'SELECT * FROM items WHERE {condition} ORDER BY "at", id {limit}',
                values,
            )
            _lines(rows) if asked.as_json else _table(rows)
    return 0


def _say_count(store: Annotated, condition: str, values: list[object], asked: Listing) -> None:
    sums = "count(*) AS items, count(*) FILTER (duplicate_of IS NULL) AS first"
    found = dict(store.rows(f"SELECT {sums} FROM items WHERE {condition}", values)[0])
    if asked.as_json:
        click.echo(orjson.dumps({"where": asked.words, **found}))
    else:
        click.echo(f"{found['items']:,} items, {found['first']:,} without copies")


def _lines(rows: list[Mapping[str, Any]]) -> None:
    for row in rows:
        click.echo(orjson.dumps(dict(row), option=orjson.OPT_NAIVE_UTC).decode())


def _table(rows: list[Mapping[str, Any]]) -> None:
    table = Table(*_COLUMNS, show_lines=False)
    table.columns[-1].overflow, table.columns[1].max_width = "fold", 10
    table.columns[4].overflow, table.columns[4].max_width = "fold", 16
    # The words of strangers: nothing in them may act on the terminal.
    for row in rows:
        at = row["at"].strftime("%Y-%m-%d %H:%M") if row["at"] else ""
        cells = [
            row["id"],
            at,
            row["channel"] or "",
            row["polarity"],
            " ".join(row["topics"] or ()),
            row["text"],
        ]
        table.add_row(*(fit(str(cell)).replace("\n", " ") for cell in cells))
    console().print(table)


def _check_out(out: Path, annotated: Path) -> None:
    if out.suffix.lower() not in _WRITERS:
        raise UsageError(
            f"{out.name}: {out.suffix or 'no ending'} is no known kind",
            remedy="end it in .parquet, .csv or .jsonl",
        )
    if annotated.resolve() in (out.resolve(), out.resolve().parent):
        raise UsageError(
            "the items would be written over, or among, those they are read from",
            file=out,
            remedy="name another file",
        )


def _write(batches: Iterator[pa.RecordBatch], out: Path) -> None:
    """Write beside the file and put it in its place when it is whole."""
    with TemporaryDirectory(dir=out.parent, prefix=f".{out.name[:50]}-") as scratch:
        written = Path(scratch, "items")
        count = _WRITERS[out.suffix.lower()](batches, written)
        written.replace(out)
    click.echo(f"{count:,} items written to {out}", err=True)


def _write_parquet(batches: Iterator[pa.RecordBatch], out: Path) -> int:
    first = next(batches)
    count = len(first)
    with pq.ParquetWriter(out, first.schema) as writer:
        writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch)
            count += len(batch)
    return count


def _write_csv(batches: Iterator[pa.RecordBatch], out: Path) -> int:
    count = 0
    with out.open("wb") as file:
        file.write(b"\xef\xbb\xbf")
        for batch in batches:
            flat = pa.table({name: _flat(batch.column(name)) for name in batch.schema.names})
            pa_csv.write_csv(flat, file, pa_csv.WriteOptions(include_header=count == 0))
            count += len(batch)
    return count


def _flat(column: pa.Array) -> pa.Array:
    """Lists joined by a blank; texts that a spreadsheet would run as a formula begin with an apostrophe."""
    if pa.types.is_list(column.type):
        return pa.array([cell(" ".join(values or ())) for values in column.to_pylist()], pa.string())
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return pa.array([None if text is None else cell(text) for text in column.to_pylist()], pa.string())
    return column.cast(pa.string())


def _write_lines(batches: Iterator[pa.RecordBatch], out: Path) -> int:
    count = 0
    with out.open("wb") as file:
        for batch in batches:
            for row in batch.to_pylist():
                file.write(orjson.dumps(row) + b"\n")
            count += len(batch)
    return count


_WRITERS: Final[Mapping[str, Callable[[Iterator[pa.RecordBatch], Path], int]]] = {
    ".parquet": _write_parquet,
    ".csv": _write_csv,
    ".jsonl": _write_lines,
}
