"""Tables from outside → rows with names: CSV, TSV, JSON, JSONL and XLSX, told apart by content.

Excel files are ZIP archives of XML: their unpacked size and their parts are checked before anything is
unpacked (OWASP: zip bombs, entity expansion).
"""

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final, NamedTuple

import orjson

from fairstream.errors import FormatError, LimitError
from fairstream.sources.bytes import MIB, TEXT_LIMIT, Input, Source, open_input, read_text
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.problems import ProblemLog

MOST_ROWS: Final = 200_000
_MOST_COLUMNS: Final = 200
_UNPACKED_LIMIT: Final = 256 * MIB
_PARTS_LIMIT: Final = 2000
_HEADER_WITHIN: Final = 20
_BRACKETS: Final = re.compile(r"\(.*?\)|\[.*?\]|【.*?】")


class Row(NamedTuple):
    """One row: its 1-based number in the file, and its filled cells by column name as published."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, list or file; `name` is empty for a file that is one table."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def column_key(name: str) -> str:
    """A column name for comparison: width and case folded, without units, spaces and underscores."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_\-*:]+", "", _BRACKETS.sub("", folded))


def read_tables(
    source: Source,
    knows: Callable[[str], bool],
    *,
    name: str | None = None,
    log: ProblemLog | None = None,
    limit: int = TEXT_LIMIT,
) -> tuple[Table, ...]:
    """All tables in a file. `knows` says whether a folded column name is one of ours: it finds the header
    row below titles and remarks. Raises `FormatError`, `LimitError` and the errors of `read_text`.
    """
    file = open_input(source, name, limit)
    log = log or ProblemLog(file.name)
    if file.head(4) == b"PK\x03\x04":
        return tuple(_workbook(file, knows, log))
    text = read_text(file, log)
    opening = text.lstrip("\ufeff \t\n")[:1]
    if opening in ("{", "["):
        return tuple(_from_json(text, log))
    if not text:
        return ()
    table = _tabular("", _csv_rows(text, log), knows, log)
    return (table,) if table else ()


def _from_json(text: str, log: ProblemLog) -> Iterator[Table]:
    first = text.strip().split("\n", 1)[0].strip()
    if first.startswith("{") and first.endswith("}") and "\n" in text.strip():
        yield _objects("", parse_json_lines(text, log), log)
        return
    value = parse_json(text, log)
    lists = {key: item for key, item in value.items() if _is_rows(item)} if isinstance(value, dict) else {}
    if isinstance(value, list):
        lists = {"": value}
    elif not lists:
        lists = {"": [value]}
    for key, items in lists.items():
        yield _objects(key, enumerate(items, 1), log)


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _objects(name: str, items: Iterator[tuple[int, Any]] | enumerate[Any], log: ProblemLog) -> Table:
    columns: dict[str, None] = {}
    rows: list[Row] = []
    for number, item in items:
        if not isinstance(item, dict):
            log.add("row_shape", number)
            continue
        if len(rows) >= MOST_ROWS:
            log.add("rows_limit", number, most=MOST_ROWS)
            continue
        cells = {str(key): text for key, value in item.items() if (text := _cell(value))}
        columns.update(dict.fromkeys(cells))
        rows.append(Row(number, cells))
    return Table(name, tuple(columns), tuple(rows))


def _cell(value: object) -> str:
    """A cell as text: numbers without a useless fraction, lists joined, objects as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "、".join(str(item) for item in value)
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode("utf-8", "replace")
    return str(value)


def _tabular(
    name: str, rows: Iterator[tuple[int, list[str]]], knows: Callable[[str], bool], log: ProblemLog
) -> Table | None:
    """A table from bare rows: header found, ragged rows told."""
    columns: tuple[str, ...] = ()
    kept: list[Row] = []
    for count, (number, values) in enumerate(rows):
        if not any(values):
            continue
        if not columns:
            known = sum(1 for value in values if value and len(value) < 40 and knows(column_key(value)))
            if known >= min(2, sum(map(bool, values))):
                columns = unique_names(values)
            elif count >= _HEADER_WITHIN:
                break
            continue
        if len(kept) >= MOST_ROWS:
            log.add("rows_limit", number, most=MOST_ROWS)
            break
        kept.append(_row(number, values, columns, log))
    if not columns:
        log.add("no_header", sheet=repr(name) if name else "1")
        return None
    return Table(name, columns, tuple(kept))


def _row(number: int, values: list[str], columns: tuple[str, ...], log: ProblemLog) -> Row:
    if len(values) > len(columns) and any(values[len(columns) :]):
        log.add("row_long", number)
    elif len(values) < len(columns):
        log.add("row_short", number)
    extra = range(len(columns), min(len(values), _MOST_COLUMNS))
    names = [*columns, *(f"column {at + 1}" for at in extra)]
    return Row(number, {column: value for column, value in zip(names, values, strict=False) if value})


def unique_names(values: list[str]) -> tuple[str, ...]:
    """Column names from a header row: empty ones numbered, equal ones told apart, none at the end."""
    names: list[str] = []
    for at, value in enumerate(values[:_MOST_COLUMNS], 1):
        name = value or f"column {at}"
        names.append(name if name not in names else f"{name} ({at})")
    while names and names[-1] == f"column {len(names)}":
        names.pop()
    return tuple(names)


def _csv_rows(text: str, log: ProblemLog) -> Iterator[tuple[int, list[str]]]:
    head = text[:4096].split("\n", 1)[0]
    delimiter = max(",\t;|，", key=head.count)
    unclosed = text.count('"') % 2 == 1
    if unclosed:
        at = text.rfind('"')
        log.add("quote", text.count("\n", 0, at) + 1)
    lines = io.StringIO(text, newline="")
    if unclosed:
        reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    else:
        reader = csv.reader(lines, delimiter=delimiter)
    while True:
        number = reader.line_num + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            log.add("unreadable", number, cause="a cell longer than any text", remedy="look at the line")
            continue
        yield number, [value.strip().strip('"') if unclosed else value.strip() for value in values]


def _workbook(file: Input, knows: Callable[[str], bool], log: ProblemLog) -> Iterator[Table]:
    """Sheets of an XLSX file, read row by row without formulas."""
    data = file.data()
    refuse_bomb(data, file.name)
    from openpyxl import load_workbook  # type: ignore[import-untyped, unused-ignore]

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            sheets = [(sheet.title, list(_sheet_rows(sheet))) for sheet in book.worksheets]
            book.close()
    except Exception as error:  # the library raises whatever the broken part makes it meet
        raise FormatError(
            f"the workbook is damaged ({type(error).__name__})",
            file=file.name,
            remedy="open it in a spreadsheet program and save it again, or export CSV",
        ) from error
    for title, rows in sheets:
        if rows and (table := _tabular(title, iter(_even(rows)), knows, log)):
            yield table


def _even(rows: list[tuple[int, list[str]]]) -> list[tuple[int, list[str]]]:
    """Rows of equal length: a workbook does not store the empty cells at the end of a row."""
    width = max(len(cells) for _, cells in rows)
    return [(number, cells + [""] * (width - len(cells))) for number, cells in rows]


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    sheet.reset_dimensions()
    for number, values in enumerate(sheet.iter_rows(values_only=True, max_col=_MOST_COLUMNS), 1):
        if number > MOST_ROWS + _HEADER_WITHIN:
            return
        cells = [_cell(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            yield number, cells


def refuse_bomb(data: bytes, name: str) -> None:
    """Raise when the archive unpacks to too much, or a part declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            size = sum(part.file_size for part in parts)
            if len(parts) > _PARTS_LIMIT or size > _UNPACKED_LIMIT:
                raise LimitError(
                    f"the workbook unpacks to {size / MIB:,.0f} MiB in {len(parts):,} parts",
                    file=name,
                    remedy=f"the limit is {_UNPACKED_LIMIT // MIB} MiB; export the sheet as CSV",
                )
            if not any(part.filename.startswith("xl/") for part in parts):
                raise FormatError("this archive is no workbook", file=name, remedy="unpack it first")
            for part in parts:
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        head = stream.read(4096)
                    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
                        cause = "a document type definition in the workbook, which attacks have"
                        raise FormatError(cause, file=name, remedy="ask where this file comes from")
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise FormatError("the workbook is damaged", file=name, remedy="ask for it again") from error
