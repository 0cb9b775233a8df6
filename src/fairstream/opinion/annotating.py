"""Posts of any number → annotated items on disk: read, annotate, find copies, write; bounded memory.

Three stages. Every unit of work is read and annotated by itself, on as many processes as wanted, and
leaves its items and sketches in a scratch folder. Copies are found over all units at once. Then every
unit is written out with what only the whole window tells. The same input gives the same items whatever
the number of processes.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairstream.columns import ANNOTATED, INVENTED
from fairstream.errors import LimitError, UsageError
from fairstream.opinion.annotate import BATCH, READ, Annotator, Conducts, Settings, slices
from fairstream.opinion.copies import U64, hashed, milliseconds
from fairstream.opinion.suspicion import Suspicion
from fairstream.opinion.windows import SketchWriter, group_units, read_groups
from fairstream.records import Problem
from fairstream.sources.problems import ProblemLog
from fairstream.store.run import run

ROWS_A_GROUP: Final = 131_072
"""Rows of a row group of the written file: what one process reads at a time later on."""
SMALL: Final = 200_000
"""Inputs of fewer items are annotated in this process: starting others would cost more than it saves."""
_ODD: Final = np.uint64(0x9E3779B97F4A7C15)
_IDS: Final = pa.schema([("id", pa.large_string()), ("key", pa.uint64())])


class Unit(Protocol):
    """A part of the input that is read by itself; `sources.posts` makes them."""

    @property
    def file(self) -> str:
        """The file it belongs to."""

    def read(self, log: ProblemLog | None = None) -> Iterator[pa.RecordBatch]:
        """Batches of `columns.POSTS`; what is repaired or skipped goes to `log`."""


class ConductsOpener(Protocol):
    """Makes the rule engine's part in a process."""

    def open(self) -> Conducts:
        """The function of that process."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done. A folder as `out` (no `.parquet` at its end) takes one part per unit."""

    units: tuple[Unit, ...]
    out: Path
    settings: Settings = field(default_factory=Settings)
    conducts: ConductsOpener | None = None
    workers: int = 1
    invented: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: items written, of which `copies` repeat the words of an earlier one; `repeated` entries
    with the id of an earlier one were left out; and the seconds of each stage.
    """

    items: int
    repeated: int
    copies: int
    suspicious: int
    problems: tuple[Problem, ...]
    seconds: dict[str, float]


class Part(NamedTuple):
    """One unit after annotation."""

    items: int
    problems: tuple[Problem, ...]


Progress = Callable[[str, int, int], object]
"""Hears of a stage, how many units are done and how many there are."""


def annotate(
    job: Job, progress: Progress = lambda stage, done, total: None, *, engine: Callable[..., list[Any]] = run
) -> Done:
    """Annotate and write. Raises errors of reading and writing; a broken row is a problem, not an error.

    `engine` runs the first and the last stage over the units, as `store.run.run` does here.
    """
    seconds = dict[str, float]()
    _check_out(job.out)
    job.out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=job.out.parent, prefix=f".{job.out.name}-") as scratch:
        folder = Path(scratch)
        numbers = list(range(len(job.units)))

        def timed(stage: str, begin: float) -> None:
            seconds[stage] = round(time.perf_counter() - begin, 3)

        begin = time.perf_counter()
        work = Annotating(job.units, job.settings, job.conducts, folder)
        parts = engine(work, numbers, workers=job.workers, done=_counter(progress, "annotate", len(numbers)))
        timed("annotate", begin)
        begin = time.perf_counter()
        repeated = _mark_repeated(folder, numbers)
        files = [_sketches(folder, number) for number in numbers]
        group_units(files, folder / "groups", workers=job.workers)
        timed("copies", begin)
        begin = time.perf_counter()
        written = _write(job, folder, numbers, progress, engine)
        timed("write", begin)
    problems = tuple(problem for part in parts for problem in part.problems)
    return Done(
        sum(part.items for part in parts) - repeated,
        repeated,
        sum(one.copies for one in written),
        sum(one.suspicious for one in written),
        problems,
        seconds,
    )


def _check_out(out: Path) -> None:
    """Before the work, not after it."""
    whole = out.suffix == ".parquet"
    if whole and out.is_dir():
        raise UsageError("this is a folder", file=out, remedy="name a file, or a folder without .parquet")
    if not whole and out.exists() and not out.is_dir():
        raise UsageError("the file is no .parquet file", file=out, remedy="end the name in .parquet")
    if not whole and out.exists() and any(out.iterdir()):
        raise LimitError("the folder is not empty", file=out, remedy="name a new folder")


def _counter(progress: Progress, stage: str, total: int) -> Callable[[int, object], object]:
    count = iter(range(1, total + 1))
    return lambda index, result: progress(stage, next(count), total)


def _sketches(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.sketches"


def _items(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.items"


def _ids(folder: Path, number: int) -> Path:
    return folder / f"{number:05}.ids"


def _kept(folder: Path, number: int) -> Path:
    """Which rows of a unit are kept; there is no such file when all are."""
    return folder / f"{number:05}.kept.npy"


def _mark_repeated(folder: Path, numbers: Sequence[int]) -> int:
    """Find items whose channel and id an earlier row has: the same item read twice. 8 bytes an item."""
    keys = [_keys(folder, number) for number in numbers]
    joined = np.concatenate(keys) if keys else np.zeros(0, dtype=np.uint64)
    if not len(joined):
        return 0
    ordered = np.sort(joined)
    doubled = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    if not len(doubled):
        return 0
    suspects = np.flatnonzero(np.isin(joined, doubled))
    _, first = np.unique(joined[suspects], return_index=True)
    kept = np.ones(len(joined), dtype=np.bool_)
    kept[np.delete(suspects, first)] = False
    ends = np.cumsum([len(one) for one in keys])
    for number, own in zip(numbers, np.split(kept, ends[:-1]), strict=True):
        if not own.all():
            np.save(_kept(folder, number), own)
    return int(np.count_nonzero(~kept))


def _keys(folder: Path, number: int) -> U64:
    with pa.memory_map(str(_ids(folder, number))) as source:
        table = pa.ipc.open_file(source).read_all()
        return np.array(table["key"].to_numpy(), dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class Annotating:
    """The work of the first stage; a unit is named by its number."""

    units: tuple[Unit, ...]
    settings: Settings
    conducts: ConductsOpener | None
    folder: Path

    def open(self) -> Callable[[int], Part]:
        """Load model and lists once for this process."""
        annotator = self.settings.open(self.conducts.open() if self.conducts else None)
        return lambda number: self._annotated(annotator, number)

    def _annotated(self, annotator: Annotator, number: int) -> Part:
        unit, count = self.units[number], 0
        log = ProblemLog(unit.file)
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with (
            pa.OSFile(str(_items(self.folder, number)), "wb") as items_file,
            pa.ipc.new_file(items_file, READ, options=options) as items,
            pa.OSFile(str(_ids(self.folder, number)), "wb") as ids_file,
            pa.ipc.new_file(ids_file, _IDS) as ids,
            SketchWriter(_sketches(self.folder, number)) as sketches,
        ):
            for posts in slices(unit.read(log), BATCH):
                found = annotator(posts)
                items.write_batch(found.items)
                column = found.items.column
                name = column("id").cast(pa.large_string())
                key = hashed(name) ^ (hashed(column("channel")) * _ODD)
                ids.write_batch(pa.record_batch([name, pa.array(key)], schema=_IDS))
                sketches.add(
                    found.sketches,
                    milliseconds(column("at")),
                    author=hashed(column("author")),
                    thread=hashed(column("thread")),
                )
                count += len(posts)
        return Part(count, log.problems)


class Written(NamedTuple):
    """One unit after writing."""

    copies: int
    suspicious: int


def _write(
    job: Job, folder: Path, numbers: Sequence[int], progress: Progress, engine: Callable[..., list[Any]]
) -> list[Written]:
    items = [_items(folder, number) for number in numbers]
    suspicion = Suspicion.over(items, folder / "groups", job.workers)
    work = Writing(folder, job.out, job.invented, suspicion)
    heard = _counter(progress, "write", len(numbers))
    if job.out.suffix != ".parquet":
        job.out.mkdir(exist_ok=True)
        return engine(work, numbers, workers=job.workers, done=heard)
    temporary = folder / "out.parquet"
    written = []
    with pq.ParquetWriter(temporary, work.schema) as writer:
        for number in numbers:
            written.append(work.write(number, writer))
            heard(number, None)
    temporary.replace(job.out)
    return written


@dataclass(frozen=True, slots=True)
class Writing:
    """The work of the last stage."""

    folder: Path
    out: Path
    invented: bool
    suspicion: Suspicion

    @property
    def schema(self) -> pa.Schema:
        """The schema of what is written, with the mark of made-up items when they are."""
        metadata = dict(ANNOTATED.metadata or {})
        return ANNOTATED.with_metadata({**metadata, INVENTED: b"true"} if self.invented else metadata)

    def open(self) -> Callable[[int], Written]:
        """Nothing is loaded beforehand."""
        return self._part

    def _part(self, number: int) -> Written:
        path = self.out / f"part-{number:05}.parquet"
        temporary = self.folder / f"{number:05}.parquet"
        with pq.ParquetWriter(temporary, self.schema) as writer:
            written = self.write(number, writer)
        temporary.replace(path)
        return written

    def write(self, number: int, writer: pq.ParquetWriter) -> Written:
        """Write the items of one unit, row group by row group."""
        groups = read_groups(_groups(self.folder, number))
        duplicates = _duplicates(self.folder, groups)
        kept = np.load(_kept(self.folder, number)) if _kept(self.folder, number).exists() else None
        copies = suspicious = start = 0
        with pa.memory_map(str(_items(self.folder, number))) as source:
            for batches in _together(pa.ipc.open_file(source)):
                items = pa.Table.from_batches(batches, READ)
                stop = start + len(items)
                marks = self.suspicion.marks(number, start, items)
                columns = [*items.columns, duplicates[start:stop], groups["copy_group"][start:stop], marks]
                whole = pa.table(columns, schema=self.schema)
                if kept is not None:
                    whole = _own(whole.filter(pa.array(kept[start:stop])))
                writer.write_table(whole, row_group_size=ROWS_A_GROUP)
                copies += len(whole) - whole["duplicate_of"].null_count
                suspicious += int(
                    pc.sum(pc.greater(pc.list_value_length(whole["suspicion"]), 0)).as_py() or 0
                )
                start = stop
        return Written(copies, suspicious)


def _own(items: pa.Table) -> pa.Table:
    """The same, where no item is a copy of itself read a second time."""
    itself = pc.fill_null(pc.equal(items["duplicate_of"], items["id"]), False)
    at = items.schema.get_field_index("duplicate_of")
    cleared = pc.if_else(itself, pa.scalar(None, pa.string()), items["duplicate_of"])
    return items.set_column(at, items.schema.field(at), cleared)


def _groups(folder: Path, number: int) -> Path:
    return sorted((folder / "groups").glob("*"))[number]


def _together(reader: pa.RecordBatchFileReader) -> Iterator[list[pa.RecordBatch]]:
    """Batches of the scratch file, as many as fill a row group."""
    held, rows = list[pa.RecordBatch](), 0
    for number in range(reader.num_record_batches):
        held.append(reader.get_batch(number))
        rows += len(held[-1])
        if rows >= ROWS_A_GROUP:
            yield held
            held, rows = [], 0
    if held:
        yield held


def _duplicates(folder: Path, groups: pa.Table) -> pa.Array:
    """Of each item the id of the earliest with its text; null when it is the earliest."""
    units = groups["first_unit"].to_numpy()
    rows = groups["first_row"].to_numpy()
    taken, places = [pa.array([], pa.large_string())], [np.zeros(0, dtype=np.int64)]
    for unit in np.unique(units[units >= 0]).tolist():
        at = np.flatnonzero(units == unit)
        with pa.memory_map(str(_ids(folder, unit))) as source:
            ids = pa.ipc.open_file(source).read_all()["id"]
            taken.append(ids.take(pa.array(rows[at])).combine_chunks())
        places.append(at)
    where = np.full(len(units), -1, dtype=np.int64)
    found = np.concatenate(places)
    where[found] = np.arange(len(found))
    values = pa.concat_arrays([_one(part) for part in taken])
    return values.take(pa.array(where, mask=where < 0)).cast(pa.string())


def _one(part: pa.Array | pa.ChunkedArray) -> pa.Array:
    return part.combine_chunks() if isinstance(part, pa.ChunkedArray) else part
