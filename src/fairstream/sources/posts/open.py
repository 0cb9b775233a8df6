"""Files and folders of any kind → units of work that yield batches of `POSTS`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pyarrow as pa

from fairstream.errors import FairstreamError, FormatError
from fairstream.records import Problem
from fairstream.sources.posts.convert import Converter, note_drift
from fairstream.sources.posts.delimited import DelimitedTable, delimited_table
from fairstream.sources.posts.jsonrows import json_tables
from fairstream.sources.posts.mapping import Mapping, choose
from fairstream.sources.posts.origin import LIMIT, Origin, files_below, members, shown
from fairstream.sources.posts.parquet import ParquetTable, parquet_table
from fairstream.sources.posts.privacy import pseudonym_key
from fairstream.sources.posts.shapes import Shape, shipped_shapes
from fairstream.sources.posts.sqlite import MAGIC, sqlite_tables
from fairstream.sources.posts.tables import Table, shortened
from fairstream.sources.posts.texts import Utf8
from fairstream.sources.posts.workbook import is_workbook, sheet_tables
from fairstream.sources.problems import ProblemLog

_HEAD: Final = 1 << 20
_LONGEST_LINE: Final = 64 << 20
_ZIP: Final = b"PK\x03\x04"
_MEDIA: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"ID3", b"FLV\x01", b"\x1aE\xdf\xa3")
_SHOWN_COLUMNS: Final = 40


@dataclass(frozen=True)
class Unit:
    """A part of a file that can be read on its own, in any process. `rows` is None where nobody knows."""

    table: Table
    shape: Shape
    part: int | None
    rows: int | None
    key: bytes = field(repr=False)

    @property
    def file(self) -> str:
        """The file as given, with the member of an archive after a slash."""
        return self.table.origin.name

    def read(self, log: ProblemLog | None = None) -> Iterator[pa.RecordBatch]:
        """Batches of `POSTS` of at most 16,384 rows; what is repaired or left out goes to `log`.

        A fault of the whole file ends the reading and is logged, never raised.
        """
        log = log or ProblemLog(self.file)
        try:
            if isinstance(self.table, ParquetTable) and self.table.ours:
                yield from self.table.posts(self.part, log)
                return
            converter = Converter(self.shape, self.file, self.key, log)
            for raw in self.table.read(self.shape, self.part, log):
                yield from converter.batches(raw)
        except FairstreamError as error:
            _note(error, log)
        except OSError as error:
            log.add("unreadable", cause=str(error.strerror or error), remedy="check the file and its rights")


@dataclass(frozen=True)
class Posts:
    """What was found: units of work, and problems of files that cannot be read or hold no posts.

    `invented` says that some file is marked as made up.
    """

    units: tuple[Unit, ...]
    problems: tuple[Problem, ...]
    invented: bool = False

    @property
    def rows(self) -> int | None:
        """Rows of all units, None when some unit does not know."""
        known = [unit.rows for unit in self.units]
        return None if None in known else sum(rows or 0 for rows in known)


def open_posts(
    paths: Sequence[Path], *, mapping: Mapping | None = None, salt: bytes = b"", limit: int = LIMIT
) -> Posts:
    """Find tables of posts in files and folders by their content.

    `salt` makes the pseudonyms of authors; without one the key of this machine does (`pseudonym_key`).
    `limit` is the most bytes of one file, unpacked. A file that cannot be used is a problem, never an error.
    """
    search = _Search(mapping, pseudonym_key(salt), limit)
    for path in paths:
        search.path(Path(path))
    return search.posts()


def tables_of(path: Path, limit: int = LIMIT) -> Sequence[Table]:
    """The tables of one file, recognised or not. Raises `FormatError` when it has none."""
    log = ProblemLog(shown(path))
    origin = Origin(path, None, limit)
    found = _Search(None, b"", limit).tables(origin, origin.head(4096), log)
    if not found:
        raise FormatError(
            "no table in this file", file=path, remedy="give CSV, TSV, JSON, JSONL, Parquet, XLSX or SQLite"
        )
    return found


class _Search:
    """The way through files and folders."""

    def __init__(self, mapping: Mapping | None, key: bytes, limit: int) -> None:
        self.mapping = mapping
        self.key = key
        self.limit = limit
        self.found: list[tuple[Table, Shape]] = []
        self.problems: list[Problem] = []
        self.shapes = (*(mapping.shapes if mapping else ()), *shipped_shapes())

    def posts(self) -> Posts:
        headers: dict[str, list[tuple[str, ...]]] = {}
        for table, shape in self.found:
            if isinstance(table, DelimitedTable):
                headers.setdefault(shape.id, []).append(table.columns)
        units = [
            Unit(_beside(table, headers.get(shape.id, [])), shape, part, rows, self.key)
            for table, shape in self.found
            for part, rows in table.parts
        ]
        invented = any(isinstance(table, ParquetTable) and table.invented for table, _ in self.found)
        return Posts(tuple(units), tuple(self.problems), invented)

    def path(self, path: Path) -> None:
        if not path.is_dir():
            self.file(Origin(path, None, self.limit))
            return
        media = ProblemLog(shown(path))
        count = 0
        for entry in files_below(path):
            count += 1
            self.file(Origin(entry, None, self.limit), media)
        if not count:
            media.add("empty")
        self.problems += media.problems

    def file(self, origin: Origin, media: ProblemLog | None = None) -> None:
        log = ProblemLog(origin.name)
        try:
            head = origin.head(4096)
            if media and (head.startswith(_MEDIA) or head[4:8] == b"ftyp"):
                media.add("media")
                return
            if not head.strip():
                log.add("empty")
            for table in self.tables(origin, head, log):
                self.table(table, log)
        except FairstreamError as error:
            _note(error, log)
        except OSError as error:
            log.add("unreadable", cause=str(error.strerror or error), remedy="check the file and its rights")
        self.problems += log.problems

    def tables(self, origin: Origin, head: bytes, log: ProblemLog) -> Sequence[Table]:
        if not head.strip():
            return ()
        if head.startswith(b"PAR1"):
            return [parquet_table(origin)]
        if head.startswith(MAGIC):
            return sqlite_tables(origin)
        if head.startswith(_ZIP):
            return self.archive(origin, log)
        text = _beginning(origin)
        if text.lstrip()[:1] in (b"{", b"["):
            return json_tables(origin, text, log)
        table = delimited_table(origin, text, self.shapes)
        if table is None:
            log.add("posts_no_table", what="text without columns, or with too many")
        return [] if table is None else [table]

    def archive(self, origin: Origin, log: ProblemLog) -> Sequence[Table]:
        if origin.packing:
            if is_workbook(origin.data()):
                return sheet_tables(origin, self.shapes)
            log.add("posts_packed", what="an archive inside an archive")
            return ()
        inside = members(origin.path, self.limit)
        if any((entry.member or "").startswith("xl/") for entry in inside):
            return sheet_tables(origin, self.shapes)
        for entry in inside:
            self.file(entry)
        return ()

    def table(self, table: Table, log: ProblemLog) -> None:
        shape = choose(table.columns, self.mapping, f"{table.origin.name}/{table.name}")
        if shape is None:
            shown = ", ".join(shortened(name, 30) for name in table.columns[:_SHOWN_COLUMNS])
            where = f"{table.name}: " if table.name else ""
            log.add("posts_unknown", columns=where + shown)
        elif shape.skip:
            log.add("posts_skipped", title=shape.title.en, reason=shape.skip.en)
        else:
            if isinstance(table, ParquetTable) and not table.ours:
                note_drift(shape, table.columns, log)
            self.found.append((table, shape))


def _beginning(origin: Origin) -> bytes:
    """The first MiB as UTF-8, or more where the first line is longer, which may hold a whole object."""
    stream = Utf8(origin, ProblemLog(origin.name))
    text = stream.read(_HEAD) or b""
    while b"\n" not in text and len(text) < _LONGEST_LINE and (block := stream.read(_HEAD)):
        text += block
    stream.close()
    return text


def _beside(table: Table, headers: list[tuple[str, ...]]) -> Table:
    return table.beside(headers) if isinstance(table, DelimitedTable) else table


def _note(error: FairstreamError, log: ProblemLog) -> None:
    log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "look at the file")
