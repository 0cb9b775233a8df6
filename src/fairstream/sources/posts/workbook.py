"""XLSX → raw rows, one table a sheet."""

import io
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from fairstream.errors import FairstreamError, FormatError
from fairstream.sources.posts.cells import cell
from fairstream.sources.posts.convert import BATCH, Raw, note_drift, wanted_columns
from fairstream.sources.posts.delimited import header_row
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Shape
from fairstream.sources.posts.tables import MOST_COLUMNS, SAMPLE, raw_of
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import refuse_bomb, unique_names

_TITLES: Final = 20


@dataclass(frozen=True)
class SheetTable:
    """One sheet; `header` is the 1-based row of its header."""

    origin: Origin
    name: str
    columns: tuple[str, ...]
    header: int
    first: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    parts: tuple[tuple[int | None, int | None], ...] = ((None, None),)
    format: str = "XLSX"

    def sample(self) -> list[dict[str, Any]]:
        """The first rows."""
        return list(self.first)

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """The rows of the sheet; dates and numbers stay what they are."""
        note_drift(shape, self.columns, log)
        wanted = wanted_columns(shape, self.columns)
        places = [self.columns.index(name) for name in wanted]
        with _book(self.origin) as book:
            rows = islice(_rows(book[self.name]), self.header, None)
            numbered = ((at, row) for at, row in enumerate(rows, self.header + 1) if any(map(_filled, row)))
            while chunk := list(islice(numbered, BATCH)):
                for number, row in chunk:
                    if any(map(_filled, row[len(self.columns) :])):
                        log.add("row_long", number)
                values = ([row[at] if at < len(row) else None for _, row in chunk] for at in places)
                yield raw_of(wanted, values, [number for number, _ in chunk])


def sheet_tables(origin: Origin, shapes: Sequence[Shape]) -> list[SheetTable]:
    """The sheets that have a header. Raises `FormatError`, `LimitError`."""
    found = []
    with _book(origin) as book:
        for sheet in book.worksheets:
            head = [(at, row) for at, row in enumerate(islice(_rows(sheet), SAMPLE + _TITLES), 1)]
            texts = [(at, [(cell(value) or "").strip() for value in row]) for at, row in head]
            at = header_row(texts, shapes)
            if at is None:
                continue
            columns = unique_names(texts[at][1])
            first = (dict(zip(columns, row, strict=False)) for _, row in head[at + 1 :])
            found.append(SheetTable(origin, sheet.title, columns, at + 1, tuple(first)))
    return found


def is_workbook(data: bytes) -> bool:
    """Whether a ZIP archive is an Office workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.startswith("xl/") for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


@contextmanager
def _book(origin: Origin) -> Iterator[Any]:
    data = origin.data()
    refuse_bomb(data, origin.name)
    from openpyxl import load_workbook  # type: ignore[import-untyped, unused-ignore]

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
            try:
                yield book
            finally:
                book.close()
    except FairstreamError:
        raise
    except Exception as error:  # the library raises whatever the broken part makes it meet
        raise FormatError(
            f"the workbook is damaged ({type(error).__name__})",
            file=origin.name,
            remedy="open it in a spreadsheet program and save it again, or export CSV",
        ) from error


def _rows(sheet: Any) -> Iterator[Sequence[Any]]:
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        end = len(row)
        while end and not _filled(row[end - 1]):
            end -= 1
        yield row[:end]


def _filled(value: object) -> bool:
    return value is not None and value != ""
