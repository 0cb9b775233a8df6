"""Groups of copies among any number of items, with bounded memory and on several processors.

Annotation leaves one file of sketches per unit of work (`SketchWriter`). `group_units` finds equal words over
all units at once, and near copies among the distinct texts in slices of time: each slice is compared with
itself and with the end of the slice before it. The result depends on the files and the window, not on the
workers.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fairstream.errors import FormatError, LimitError
from fairstream.opinion.copies import (
    I32,
    I64,
    NEAR,
    NEAR_LETTERS,
    U8,
    U16,
    U64,
    dated,
    identities,
    likeness,
    link,
    narrow,
)
from fairstream.opinion.sketch import BINS, MINIMA, Sketches
from fairstream.store.run import run

WINDOW: Final = 1_000_000
"""Distinct texts before each text that it is compared with, at least; a slice of time holds twice as many."""
PART: Final = 3_000_000
"""Items whose keys one worker sorts at a time, about."""
SKETCHES: Final = pa.schema(
    [
        pa.field("at", pa.int64(), nullable=False),
        pa.field("identity", pa.uint64(), nullable=False),
        pa.field("length", pa.int32(), nullable=False),
        pa.field("minima", pa.binary(2 * MINIMA), nullable=False),
        pa.field("bins", pa.binary(BINS), nullable=False),
    ],
    metadata={"fairstream": "sketches 2"},
)
"""A row per item: milliseconds (least int64: unknown), what exact copies share (0: nothing), letters, the
lower halves of the minima, fingerprints."""
GROUPS: Final = pa.schema(
    [
        pa.field("first_unit", pa.int32(), nullable=False),
        pa.field("first_row", pa.int64(), nullable=False),
        pa.field("copy_group", pa.int64(), nullable=False),
    ],
    metadata={"fairstream": "copies 1"},
)
"""A row per item, in the order of its sketches: unit and row of the earliest item of the group (−1 and −1
when this is the earliest), and the number of the group (the place of its earliest item among all items)."""


class SketchWriter(AbstractContextManager["SketchWriter"]):
    """Writes the sketches of one unit of work as an Arrow file of `SKETCHES`.

    They are kept until the end, 116 bytes an item, so that the file is one batch, read without copying.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._batches: list[pa.RecordBatch] = []

    def add(
        self, sketches: Sketches, at: I64, *, author: U64 | None = None, thread: U64 | None = None
    ) -> None:
        """One batch; `at`, `author` and `thread` as `copies.group` takes them."""
        columns = [
            pa.array(np.asarray(at, dtype=np.int64)),
            pa.array(identities(sketches, author, thread)),
            pa.array(sketches.length),
            _fixed(narrow(sketches.minima), "minima"),
            _fixed(sketches.bins, "bins"),
        ]
        self._batches.append(pa.record_batch(columns, schema=SKETCHES))

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            table = pa.Table.from_batches(self._batches, SKETCHES).combine_chunks()
            with pa.OSFile(str(self._path), "wb") as sink, pa.ipc.new_file(sink, SKETCHES) as writer:
                writer.write_table(table)


class Units(NamedTuple):
    """Files of sketches and the place of the first item of each among all (one more at the end)."""

    files: tuple[str, ...]
    offsets: I64

    def column(self, unit: int, name: str) -> npt.NDArray[Any]:
        """A column of a unit; `minima` as n × 16, `bins` as n × 64."""
        with pa.memory_map(self.files[unit]) as source:
            column = pa.ipc.open_file(source).read_all().column(name)
            parts = [_plain(chunk) for chunk in column.chunks]
            if len(parts) == 1:
                return parts[0]
            return np.concatenate([*parts, _plain(pa.array([], SKETCHES.field(name).type))])


def group_units(files: Sequence[Path], out: Path, workers: int = 1, window: int = WINDOW) -> list[Path]:
    """Group the items of all units; leaves one Arrow file of `GROUPS` per unit in `out` and names them.

    Needs about 25 bytes of memory an item here and 500 bytes for each text of a window and worker. Raises
    `FormatError` when a file holds no sketches, `LimitError` over 2,147,483,647 items.
    """
    units = _open(files)
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=out, prefix="scratch-") as scratch:
        first = _equal(units, Path(scratch), workers)
        _near(units, first, Path(scratch), workers, window)
    first = first[first]
    return [_write(units, unit, first, out) for unit in range(len(files))]


def read_groups(path: Path) -> pa.Table:
    """The table of `GROUPS` of one unit."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


@dataclass(frozen=True, slots=True)
class _EqualParts:
    """The work on one part of all identities."""

    units: "Units"
    outs: tuple[Path, ...]

    def open(self) -> Callable[[int], None]:
        """Nothing is loaded beforehand."""
        return lambda part: _equal_part(self.units, part, len(self.outs), self.outs[part])


@dataclass(frozen=True, slots=True)
class _NearSlices:
    """The work on one slice of time."""

    units: "Units"
    order_file: Path
    window: int
    outs: tuple[Path, ...]

    def open(self) -> Callable[[int], None]:
        """Nothing is loaded beforehand."""
        return lambda number: _near_slice(
            self.units, self.order_file, 2 * self.window * number, self.window, self.outs[number]
        )


def _open(files: Sequence[Path]) -> Units:
    counts = [_count(path) for path in files]
    offsets = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    if offsets[-1] > np.iinfo(np.int32).max:
        raise LimitError(
            f"{offsets[-1]} items are more than can be grouped at once",
            remedy="group shorter periods; at most 2,147,483,647 items go together",
        )
    return Units(tuple(map(str, files)), offsets)


def _count(path: Path) -> int:
    try:
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            if not reader.schema.equals(SKETCHES):
                raise pa.ArrowInvalid("other columns")
            return sum(reader.get_batch(number).num_rows for number in range(reader.num_record_batches))
    except pa.ArrowInvalid as error:
        raise FormatError(
            f"this is no file of sketches ({error})", file=path, remedy="annotate the unit again"
        ) from error


def _fixed(rows: npt.NDArray[Any], name: str) -> pa.Array:
    """One fixed number of bytes per row of a table of numbers."""
    return pa.Array.from_buffers(
        SKETCHES.field(name).type, len(rows), [None, pa.py_buffer(np.ascontiguousarray(rows))]
    )


def _plain(column: pa.Array) -> npt.NDArray[Any]:
    """A column as numbers; `bins` are bytes, of `minima` each has two."""
    if not pa.types.is_fixed_size_binary(column.type):
        return np.asarray(column.to_numpy())
    width = column.type.byte_width
    number = np.uint8 if width == BINS else np.uint16
    rows = np.frombuffer(column.buffers()[1] or b"", dtype=number).reshape(
        -1, width // np.dtype(number).itemsize
    )
    return rows[column.offset : column.offset + len(column)]


def _equal(units: Units, scratch: Path, workers: int) -> I32:
    """For each item the earliest item of equal identity."""
    total = int(units.offsets[-1])
    parts = 1 << (max(0, total - 1) // PART).bit_length()
    outs = tuple(scratch / f"equal-{part}.npy" for part in range(parts))
    run(_EqualParts(units, outs), range(parts), workers=workers)
    first = np.arange(total, dtype=np.int32)
    for out in outs:
        pairs = np.load(out)
        first[pairs[0]] = pairs[1]
    return first


def _equal_part(units: Units, part: int, parts: int, out: Path) -> None:
    """Of the items whose identity falls in a part of all numbers: copies, and the earliest of each."""
    found = [_of_part(units, unit, part, parts) for unit in range(len(units.files))]
    key, at, place = (np.concatenate(column) for column in zip(*found, strict=True)) if found else ((),) * 3
    if not len(key):
        np.save(out, np.zeros((2, 0), dtype=np.int32))
        return
    order = np.argsort(key, kind="stable")
    key, at, place = key[order], at[order], place[order]
    heads = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    sizes = np.diff(np.append(heads, len(key)))
    soonest = at == np.repeat(np.minimum.reduceat(at, heads), sizes)
    earliest = np.minimum.reduceat(np.where(soonest, place, np.iinfo(np.int32).max), heads)
    first = np.repeat(earliest, sizes)
    later = first != place
    np.save(out, np.stack((place[later], first[later])))


def _of_part(units: Units, unit: int, part: int, parts: int) -> tuple[U64, I64, I32]:
    identity = units.column(unit, "identity")
    chosen = identity != 0
    if parts > 1:
        chosen &= identity >> np.uint64(65 - parts.bit_length()) == part
    rows = np.flatnonzero(chosen)
    at = dated(units.column(unit, "at")[rows])
    return identity[rows], at, (rows + units.offsets[unit]).astype(np.int32)


def _near(units: Units, first: I32, scratch: Path, workers: int, window: int) -> None:
    """Let the first items of near copies follow the earliest of these."""
    order = _distinct_in_time(units, first)
    order_file = scratch / "order.npy"
    np.save(order_file, order)
    slices = range(-(-len(order) // (2 * window)))
    outs = tuple(scratch / f"near-{number}.npy" for number in slices)
    del order
    run(_NearSlices(units, order_file, window, outs), slices, workers=workers)
    for out in outs:
        rows, leaders = np.load(out)
        roots = first[leaders]
        _check_chained(units, rows, leaders, roots)
        first[rows] = roots


def _distinct_in_time(units: Units, first: I32) -> I32:
    """Items that lead their group and may have near copies, in the order of time."""
    chosen = [_leading(units, unit, first) for unit in range(len(units.files))]
    ends = np.cumsum([0, *(len(rows) for rows in chosen)])
    places, times = np.empty(ends[-1], dtype=np.int32), np.empty(ends[-1], dtype=np.int64)
    for unit, begin in enumerate(ends[:-1].tolist()):
        rows = chosen[unit]
        places[begin : begin + len(rows)] = rows + units.offsets[unit]
        times[begin : begin + len(rows)] = dated(units.column(unit, "at")[rows])
        chosen[unit] = rows[:0]
    return places[np.argsort(times, kind="stable")]


def _leading(units: Units, unit: int, first: I32) -> I32:
    begin, end = units.offsets[unit], units.offsets[unit + 1]
    leads = first[begin:end] == np.arange(begin, end, dtype=np.int32)
    return np.flatnonzero(leads & (units.column(unit, "length") >= NEAR_LETTERS)).astype(np.int32)


def _near_slice(units: Units, order_file: Path, start: int, window: int, out: Path) -> None:
    """Near copies among the items of one slice, led by an item of it or by one shortly before it."""
    begin = max(0, start - window)
    places = np.array(np.load(order_file, mmap_mode="r")[begin : start + 2 * window])
    found = link(*_gather(units, places))[start - begin :]
    copies = np.flatnonzero(found >= 0)
    np.save(out, np.stack((places[start - begin :][copies], places[found[copies]])))


def _check_chained(units: Units, rows: I32, leaders: I32, roots: I32) -> None:
    """Where a leader itself follows an item of an older slice, ask whether the row is like that one too.

    Rows that are not make a group of their own, led by the earliest.
    """
    chained = np.flatnonzero(leaders != roots)
    if not len(chained):
        return
    mine, theirs = _gather(units, rows[chained]).bins, _gather(units, roots[chained]).bins
    apart = chained[likeness(mine, theirs) < NEAR]
    _, heads, group = np.unique(leaders[apart], return_index=True, return_inverse=True)
    roots[apart] = rows[apart][heads[group]]


class Gathered(NamedTuple):
    """What near copies of some items are found by, in the order `link` takes."""

    minima: U16
    length: I32
    bins: U8


def _gather(units: Units, places: I32) -> Gathered:
    """Items anywhere; one unit after the other, so that little is in memory."""
    found = Gathered(
        np.empty((len(places), MINIMA), dtype=np.uint16),
        np.empty(len(places), dtype=np.int32),
        np.empty((len(places), BINS), dtype=np.uint8),
    )
    for unit, chosen in _by_unit(units, places):
        rows = places[chosen] - units.offsets[unit]
        for name, column in found._asdict().items():
            column[chosen] = units.column(unit, name)[rows]
    return found


def _by_unit(units: Units, places: I32) -> Iterator[tuple[int, I64]]:
    order = np.argsort(places, kind="stable")
    bounds = np.searchsorted(places[order], units.offsets)
    for unit in np.flatnonzero(np.diff(bounds)).tolist():
        yield unit, order[bounds[unit] : bounds[unit + 1]]


def _write(units: Units, unit: int, first: I32, out: Path) -> Path:
    begin, end = int(units.offsets[unit]), int(units.offsets[unit + 1])
    group = first[begin:end].astype(np.int64)
    leads = group == np.arange(begin, end)
    home = np.searchsorted(units.offsets, group, side="right") - 1
    row = group - units.offsets[home]
    columns = [np.where(leads, -1, home).astype(np.int32), np.where(leads, -1, row), group]
    path = out / f"copies-{unit:05}.arrow"
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, GROUPS) as writer:
        writer.write_batch(pa.record_batch([pa.array(column) for column in columns], schema=GROUPS))
    return path
