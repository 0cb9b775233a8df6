"""The work of `fairstream opinion read`: units of posts → one Parquet file and a table of what was found."""

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from fairstream.columns import INVENTED, POSTS
from fairstream.errors import FormatError, InputError
from fairstream.records import CHINA, Language, Problem
from fairstream.sources.posts import Mapping, Unit, open_posts
from fairstream.sources.posts.seen import Seen
from fairstream.sources.problems import ProblemLog, in_language

_MARK: Final = b"fairstream"
_GROUP: Final = 1 << 17
_EVERY_S: Final = 0.5
_SHOWN_PROBLEMS: Final = 30
_HEAD: Final = {
    "zh": ("文件", "格式", "识别为", "条数", "已存在", "问题", "最早", "最晚"),
    "en": ("file", "format", "read as", "items", "already there", "problems", "first", "last"),
}


@dataclass(frozen=True, slots=True)
class Job:
    """What the command was asked to do; `out` is None for a dry run."""

    sources: tuple[Path, ...]
    out: Path | None
    mapping: Path | None
    add: bool
    as_json: bool
    language: Language


@dataclass(slots=True)
class _Found:
    """What one table of a file gave."""

    file: str
    table: str
    format: str
    shape: str
    items: int = 0
    again: int = 0
    problems: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def count(self, batch: pa.RecordBatch) -> None:
        self.items += batch.num_rows
        span = pc.min_max(batch.column("at"))
        low, high = span["min"].as_py(), span["max"].as_py()
        if low is not None:
            self.first = min(self.first or low, low)
            self.last = max(self.last or high, high)


@dataclass(slots=True)
class _Run:
    """One run: items pass through `seen`, and are counted for their table."""

    job: Job
    seen: Seen = field(default_factory=Seen)
    found: dict[tuple[str, str], _Found] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    kept: int = 0
    _shown: float = 0.0

    def batches(self, units: tuple[Unit, ...]) -> Iterator[pa.RecordBatch]:
        """New items of all units."""
        for unit in units:
            key = (unit.file, unit.table.name)
            entry = self.found.setdefault(key, _Found(*key, unit.table.format, unit.shape.id))
            log = ProblemLog(unit.file)
            for batch in unit.read(log):
                new = self.seen.only_new(batch)
                entry.again += batch.num_rows - new.num_rows
                entry.count(new)
                self.progress()
                if new.num_rows:
                    yield new
            entry.problems += sum(problem.count for problem in log.problems)
            self.problems += log.problems

    def progress(self) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._shown > _EVERY_S:
            self._shown = time.monotonic()
            items = sum(entry.items for entry in self.found.values())
            click.echo(f"\r{items:,} 条 items", nl=False, err=True)


def run(job: Job) -> int:
    """Read, write and report; the exit code."""
    mapping = Mapping.open(job.mapping) if job.mapping else None
    posts = open_posts(job.sources, mapping=mapping)
    units = tuple(unit for unit in posts.units if not _same(unit.table.origin.path, job.out))
    work = _Run(job, problems=list(posts.problems))
    if job.out is None:
        for _ in work.batches(units):
            pass
    else:
        _write(job.out, work, units, invented=posts.invented)
    if sys.stderr.isatty():
        click.echo("\r", nl=False, err=True)
    (_print_json if job.as_json else _print)(work)
    items = sum(entry.items + entry.again for entry in work.found.values())
    if not items:
        return 3
    return 1 if any(problem.severity == "skipped" for problem in work.problems) else 0


def _same(path: Path, out: Path | None) -> bool:
    """An output inside the folder that is read is not read itself."""
    return out is not None and out.exists() and path.exists() and path.samefile(out)


def _write(out: Path, work: _Run, units: tuple[Unit, ...], *, invented: bool) -> None:
    """New items, after those that are there with --add, into a file that replaces the old one at the end."""
    old = _ours(out) if out.exists() else None
    kept = old if work.job.add else None
    marks = {_MARK: b"posts 1"}
    if invented or (kept and INVENTED in (kept.schema_arrow.metadata or {})):
        marks[INVENTED] = b"1"
    part = out.with_name(f".{out.name}.part")
    try:
        with ExitStack() as stack:
            schema = POSTS.with_metadata(marks)
            writer = stack.enter_context(pq.ParquetWriter(part, schema, compression="zstd"))
            if kept:
                work.kept = _copy(kept, writer, work.seen)
                stack.callback(kept.close)
            _grouped(writer, work.batches(units))
        part.replace(out)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def _grouped(writer: pq.ParquetWriter, batches: Iterator[pa.RecordBatch]) -> None:
    """Row groups of a size that one worker takes at a time."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= _GROUP:
            writer.write_table(pa.Table.from_batches(waiting, POSTS), row_group_size=_GROUP)
            waiting, rows = [], 0
    if waiting:
        writer.write_table(pa.Table.from_batches(waiting, POSTS), row_group_size=_GROUP)


def _copy(file: pq.ParquetFile, writer: pq.ParquetWriter, seen: Seen) -> int:
    for group in range(file.metadata.num_row_groups):
        table = file.read_row_group(group).select(POSTS.names).cast(POSTS)
        for batch in table.to_batches():
            seen.only_new(batch)
        writer.write_table(table)
    return int(file.metadata.num_rows)


def _ours(path: Path) -> pq.ParquetFile:
    """The file, which this command must have written: nothing else is ever replaced."""
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise FormatError("this is no Parquet file", file=path, remedy="choose another --out") from error
    if not (file.schema_arrow.metadata or {}).get(_MARK, b"").startswith(b"posts "):
        file.close()
        raise InputError(
            "this file was not written by `opinion read`", file=path, remedy="choose another --out"
        )
    return file


def _print_json(work: _Run) -> None:
    entries = list(work.found.values())
    result = {
        "out": str(work.job.out) if work.job.out else None,
        "items": sum(entry.items for entry in entries),
        "already_there": sum(entry.again for entry in entries),
        "kept": work.kept,
        "files": [_as_dict(entry) for entry in entries],
        "problems": [_problem(problem) for problem in work.problems],
    }
    click.echo(orjson.dumps(result, option=orjson.OPT_INDENT_2).decode())


def _as_dict(entry: _Found) -> dict[str, Any]:
    return {
        "file": entry.file,
        "table": entry.table,
        "format": entry.format,
        "shape": entry.shape,
        "items": entry.items,
        "already_there": entry.again,
        "problems": entry.problems,
        "first": _moment(entry.first),
        "last": _moment(entry.last),
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "severity": problem.severity,
        "count": problem.count,
        "cause": problem.cause,
        "remedy": problem.remedy,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(CHINA).isoformat(timespec="seconds") if at else None


def _print(work: _Run) -> None:
    """A table of the files, and the problems below."""
    language = work.job.language
    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    table = Table(box=None)
    for at, title in enumerate(_HEAD[language]):
        table.add_column(title, justify="right" if at in (3, 4, 5) else "left", overflow="fold")
    for entry in work.found.values():
        name = f"{entry.file} [{entry.table}]" if entry.table else entry.file
        numbers = (f"{number:,}" for number in (entry.items, entry.again, entry.problems))
        span = ((_moment(at) or "")[:16].replace("T", " ") for at in (entry.first, entry.last))
        table.add_row(*(_plain(text) for text in (name, entry.format, entry.shape, *numbers, *span)))
    console.print(table)
    for problem in work.problems[:_SHOWN_PROBLEMS]:
        cause, remedy = in_language(problem, language)
        line = f":{problem.place.line}" if problem.place.line else ""
        count = f" ×{problem.count:,}" if problem.count > 1 else ""
        click.echo(f"{problem.place.file}{line}: {cause}{count}. {remedy}.")
    if len(work.problems) > _SHOWN_PROBLEMS:
        click.echo(f"… {len(work.problems) - _SHOWN_PROBLEMS:,} more problems: --json. 其余问题见 --json。")
    click.echo(_summary(work))


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _summary(work: _Run) -> str:
    items = sum(entry.items for entry in work.found.values())
    again = sum(entry.again for entry in work.found.values())
    if work.job.language == "zh":
        kept = f"，原有 {work.kept:,} 条" if work.kept else ""
        where = f"，已写入 {work.job.out}" if work.job.out else "（未写入文件）"
        return f"新增 {items:,} 条，已存在 {again:,} 条{kept}{where}"
    kept = f", {work.kept:,} kept" if work.kept else ""
    where = f", written to {work.job.out}" if work.job.out else " (nothing written)"
    return f"{items:,} new items, {again:,} already there{kept}{where}"
