"""CSV, TSV and the like → raw rows: Arrow's reader for what is sound, a patient one for what is not."""

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from fairstream.sources.bytes import MIB
from fairstream.sources.posts import cells
from fairstream.sources.posts.convert import BATCH, NUMBERS, Raw, note_drift, wanted_columns
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Header, Shape, best_shape
from fairstream.sources.posts.shifts import Layouts
from fairstream.sources.posts.tables import MOST_COLUMNS, SAMPLE
from fairstream.sources.posts.texts import Utf8
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import unique_names

Record = tuple[int, list[str]]
"""The 1-based line where a row begins, and its cells."""

_BLOCK: Final = 4 * MIB
_HEADER_WITHIN: Final = 20
_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DELIMITERS: Final = ",\t;|，"
_LONGEST_ROW: Final = 500
_NO_TEXT: Final = r"^\s*(?:\d{9,19}|https?://\S+)\s*$"


@dataclass(frozen=True)
class DelimitedTable:
    """A table of delimited text. `begin` is where the rows begin, in bytes of UTF-8; `line` is the line."""

    origin: Origin
    delimiter: str
    columns: tuple[str, ...]
    begin: int
    line: int
    first: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    others: tuple[tuple[str, ...], ...] = ()
    name: str = ""
    parts: tuple[tuple[int | None, int | None], ...] = ((None, None),)

    @property
    def format(self) -> str:
        """CSV or TSV."""
        return "TSV" if self.delimiter == "\t" else "CSV"

    def sample(self) -> list[dict[str, Any]]:
        """The first rows that have as many cells as the header."""
        whole = (row for row in self.first if len(row) == len(self.columns))
        return [dict(zip(self.columns, row, strict=True)) for row in whole]

    def beside(self, others: Iterable[tuple[str, ...]]) -> "DelimitedTable":
        """The same table, knowing the headers of others of its shape."""
        return replace(self, others=tuple(others))

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """The rows; those that do not stand under the header are read where their values prove how."""
        note_drift(shape, self.columns, log)
        yield from _Reading(self, shape, log).raws()


def delimited_table(origin: Origin, head: bytes, shapes: Sequence[Shape]) -> DelimitedTable | None:
    """The table in text that begins with `head` (UTF-8); None when no line looks like a header."""
    lines = _LINE.findall(head.decode("utf-8", "ignore"))
    filled = next((line for line in lines if line.strip()), "")
    delimiter = max(_DELIMITERS, key=filled.count)
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        found = islice(reader, SAMPLE + _HEADER_WITHIN)
        rows.extend((reader.line_num, [cell.strip() for cell in row]) for row in found)
    except csv.Error:
        pass
    at = header_row(rows, shapes)
    if at is None:
        return None
    end, names = rows[at]
    begin = sum(len(line.encode()) for line in lines[:end])
    columns = unique_names(names)
    first = tuple(tuple(row) for _, row in rows[at + 1 :])
    return DelimitedTable(origin, delimiter, columns, begin, end + 1, first)


def header_row(rows: Sequence[tuple[int, Sequence[str]]], shapes: Sequence[Shape]) -> int | None:
    """The first row whose cells some shape takes for columns, else the first with several names."""
    for at, (_, row) in enumerate(rows[:_HEADER_WITHIN]):
        if len(row) <= MOST_COLUMNS and best_shape(filter(None, row), shapes):
            return at
    for at, (_, row) in enumerate(rows[:_HEADER_WITHIN]):
        names = list(filter(None, row))
        if 1 < len(names) <= MOST_COLUMNS and 2 * len(names) > len(row) and max(map(len, names)) < 60:
            return at
    return None


class _Reading:
    """One pass through a table."""

    def __init__(self, table: DelimitedTable, shape: Shape, log: ProblemLog) -> None:
        self.table = table
        self.shape = shape
        self.log = log
        self.columns = table.columns
        self.wanted = wanted_columns(shape, table.columns)
        self.layouts = Layouts(shape, table.columns, table.first, table.others)
        self.line = table.line
        self.odd: deque[tuple[int, str]] = deque()
        self.ordinal = 1

    def raws(self) -> Iterator[Raw]:
        stream = io.BufferedReader(self.stream(self.log), _BLOCK)
        if not stream.peek(1):
            return
        if len(self.columns) > 1:
            try:
                reader = pa_csv.open_csv(pa.PythonFile(stream, mode="r"), **self.options())
                for batch in reader:
                    yield from self.sound(batch)
                yield from self.repaired(self.take_odd())
                return
            except pa.ArrowInvalid:
                # A quotation mark that is never closed makes a row longer than a block. What was read stands.
                pass
        yield from self.patient()

    def stream(self, log: ProblemLog) -> Utf8:
        stream = Utf8(self.table.origin, log)
        left = self.table.begin
        while left and (block := stream.read(min(left, MIB))):
            left -= len(block)
        return stream

    def options(self) -> dict[str, Any]:
        return {
            "read_options": pa_csv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=list(self.columns)
            ),
            "parse_options": pa_csv.ParseOptions(
                delimiter=self.table.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
                invalid_row_handler=self.on_invalid,
            ),
            "convert_options": pa_csv.ConvertOptions(
                column_types=dict.fromkeys(self.columns, pa.string()),
                strings_can_be_null=False,
                check_utf8=False,
            ),
        }

    def on_invalid(self, row: Any) -> str:
        self.odd.append((row.number, row.text))
        return "skip"

    def sound(self, batch: pa.RecordBatch) -> Iterator[Raw]:
        """The rows of one block, each with its line; odd rows before its end come after them."""
        size = batch.num_rows
        if not size:
            return
        extra = _line_ends(batch)
        lines = np.arange(size, dtype=np.int64) + self.line
        lines[1:] += np.cumsum(extra)[:-1]
        broken: list[tuple[int, str]] = []
        while self.odd and self.odd[0][0] < self.ordinal + size + len(broken):
            number, text = self.odd.popleft()
            before = number - self.ordinal - len(broken)
            broken.append((int(lines[before]), text))
            lines[before:] += 1 + text.count("\n")
        self.line = int(lines[-1] + 1 + extra[-1])
        self.ordinal += size + len(broken)
        yield from self.fitting(Raw(batch, pa.array(lines)))
        yield from self.repaired(broken)

    def take_odd(self) -> list[tuple[int, str]]:
        """Odd rows after the last block."""
        found = []
        while self.odd:
            text = self.odd.popleft()[1]
            found.append((self.line, text))
            self.line += 1 + text.count("\n")
        return found

    def fitting(self, raw: Raw) -> Iterator[Raw]:
        """Rows without repeated headers, blank lines and rows whose values do not fit."""
        batch, lines = raw
        first = batch.column(0)
        keep = pc.not_equal(first, self.columns[0])
        blank = pc.equal(pc.binary_length(first), 0)
        if pc.any(blank).as_py():
            keep = pc.and_(keep, _filled(batch, blank))
        headers = pc.equal(first, self.columns[0])
        if pc.any(headers).as_py():
            self._note("posts_header", headers, lines)
        if (joined := self.joined(batch)) is not None:
            halves, at = joined
            keep = pc.and_(keep, pc.invert(pa.array(at)))
            starts = np.asarray(lines)[at].tolist()
            for start, pair in zip(starts, halves, strict=True):
                self.log.add("quote", start)
                yield from self.chosen([(start, pair[0]), (start + 1, pair[1])])
        misfits = self.misfits(batch)
        if misfits is not None:
            odd = [
                (lines[int(at)].as_py(), [column[int(at)].as_py() for column in batch.columns])
                for at in np.flatnonzero(np.asarray(pc.and_(keep, misfits)))
            ]
            keep = pc.and_(keep, pc.invert(misfits))
            yield from self.placed(odd, "posts_misfit")
        if not pc.all(keep).as_py():
            batch, lines = batch.filter(keep), lines.filter(keep)
        if batch.num_rows:
            yield Raw(batch.select(self.wanted), lines)

    def joined(self, batch: pa.RecordBatch) -> tuple[list[list[list[str]]], Any] | None:
        """Rows that are two, joined by a stray quotation mark: the halves, and bool[n] of where."""
        suspects: set[int] = set()
        for column in batch.columns:
            if _has_line_ends(column):
                comma = pc.count_substring(column, self.table.delimiter)
                both = pc.and_(
                    pc.greater_equal(comma, len(self.columns) - 1), pc.match_substring(column, "\n")
                )
                suspects.update(np.flatnonzero(np.asarray(both)).tolist())
        found: dict[int, list[list[str]]] = {}
        for at in sorted(suspects):
            halves = self.layouts.halves(
                [column[at].as_py() for column in batch.columns], self.table.delimiter
            )
            if halves:
                found[at] = halves
        where = np.zeros(batch.num_rows, np.bool_)
        where[list(found)] = True
        return (list(found.values()), where) if found else None

    def chosen(self, records: Sequence[Record]) -> Iterator[Raw]:
        raw = self.raw(records)
        yield Raw(raw.batch.select(self.wanted), raw.lines)

    def misfits(self, batch: pa.RecordBatch) -> Any:
        """bool[n]: rows whose time is none and whose counts or links are none either; None for no row."""
        if self.shape.usual:
            return None
        header = Header(self.columns)
        wrong = None
        for name in ("at", *NUMBERS, "url"):
            source = self.shape.columns.get(name)
            column = header.first(source.parts[0]) if source and source.parts else None
            if column is None:
                continue
            values = batch.column(column)
            if name == "at":
                _, wrong = cells.moments(values)
                others = pa.array(np.zeros(len(values), np.bool_))
                if not pc.any(wrong).as_py():
                    return None
            elif wrong is not None:
                others = pc.or_(others, _strange(name, values))
        if wrong is None:
            return None
        for part in self.shape.columns["text"].parts:
            if column := header.first(part):
                others = pc.or_(others, pc.match_substring_regex(batch.column(column), _NO_TEXT))
        return pc.and_(wrong, others)

    def repaired(self, broken: Iterable[tuple[int, str]]) -> Iterator[Raw]:
        """Rows of the wrong length: split where a quotation mark joined lines, then placed by value."""
        for line, text in broken:
            found = list(self.records(text.split("\n"), line))
            whole = [record for record in found if len(record[1]) == len(self.columns)]
            if whole:
                yield from self.fitting(self.raw(whole))
            yield from self.placed(
                [record for record in found if len(record[1]) != len(self.columns)], "posts_cells"
            )

    def placed(self, records: Iterable[Record], code: str) -> Iterator[Raw]:
        rows: list[Record] = []
        for line, values in records:
            if not any(value.strip() for value in values):
                continue
            about = {"cells": len(values), "columns": len(self.columns)}
            if self.layouts.adopt(values):
                self.log.add("posts_header", line)
            elif (found := self.layouts.place(values)) is not None:
                self.log.add("posts_shifted", line, **about)
                rows.append((line, [found.get(name, "") for name in self.columns]))
            else:
                self.log.add(code, line, **({} if code == "posts_misfit" else about))
        if rows:
            yield from self.chosen(rows)

    def raw(self, records: Sequence[Record]) -> Raw:
        rows = [values for _, values in records]
        arrays = [pa.array([row[at] for row in rows], pa.string()) for at in range(len(self.columns))]
        lines = pa.array([line for line, _ in records], pa.int64())
        return Raw(pa.RecordBatch.from_arrays(arrays, names=list(self.columns)), lines)

    def patient(self) -> Iterator[Raw]:
        """The rows from the present line on, line by line."""
        stream = io.BufferedReader(self.stream(ProblemLog(self.log.file)), _BLOCK)
        lines = (line.decode("utf-8", "replace").rstrip("\r\n") for line in stream)
        for _ in range(self.line - self.table.line):
            next(lines, None)
        chunk: list[Record] = []
        for record in self.records(lines, self.line):
            if len(record[1]) == len(self.columns):
                chunk.append(record)
            else:
                yield from self.placed([record], "posts_cells")
            if len(chunk) >= BATCH:
                yield from self.fitting(self.raw(chunk))
                chunk = []
        if chunk:
            yield from self.fitting(self.raw(chunk))

    def records(self, lines: Iterable[str], start: int) -> Iterator[Record]:
        """Rows of lines; a row that an open quotation mark makes endless or odd is read as one line."""
        source, again = iter(lines), deque[str]()
        width, line = len(self.columns), start
        while (text := again.popleft() if again else next(source, None)) is not None:
            taken = [text]
            while sum(part.count('"') for part in taken) % 2 and len(taken) < _LONGEST_ROW:
                following = again.popleft() if again else next(source, None)
                if following is None:
                    break
                taken.append(following)
            values = _split("\n".join(taken), self.table.delimiter)
            if len(taken) > 1 and len(values) != width:
                again.extendleft(reversed(taken[1:]))
                taken = taken[:1]
                values = _split(text, self.table.delimiter, quoted=False)
                self.log.add("quote", line)
            while len(values) > width and not values[-1].strip():
                values.pop()
            if any(values):
                yield line, values
            line += len(taken)

    def _note(self, code: str, rows: Any, lines: Any) -> None:
        places = np.flatnonzero(np.asarray(rows))
        self.log.add(code, lines[int(places[0])].as_py(), len(places))


def _strange(name: str, values: Any) -> Any:
    """bool[n]: filled cells that are no count, or no link."""
    texts = cells.trimmed(values)
    pattern = r"^(?:https?:|//|www\.)" if name == "url" else r"^[\d.,]+\s*[万亿千wWkK]?\+?$"
    return pc.fill_null(pc.invert(pc.match_substring_regex(texts, pattern)), False)


def _filled(batch: pa.RecordBatch, blank: Any) -> Any:
    """bool[n]: rows in which some cell is filled; only those with a blank first cell are looked at."""
    some = pc.invert(blank)
    for column in batch.columns[1:]:
        some = pc.or_(some, pc.greater(pc.binary_length(column), 0))
    return some


def _has_line_ends(column: Any) -> bool:
    data = column.buffers()[2]
    return data is not None and data.size > 0 and bool((np.frombuffer(data, np.uint8) == 10).any())


def _line_ends(batch: pa.RecordBatch) -> Any:
    """int64[n]: line ends inside the cells of every row."""
    total = np.zeros(batch.num_rows, np.int64)
    for column in batch.columns:
        if _has_line_ends(column):
            total += np.asarray(pc.count_substring(column, "\n"))
    return total


def _split(text: str, delimiter: str, *, quoted: bool = True) -> list[str]:
    if not quoted:
        return [value.strip('"') for value in text.split(delimiter)]
    try:
        return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return text.split(delimiter)
