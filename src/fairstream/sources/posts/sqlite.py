"""SQLite databases, such as `database/sqlite_tables.db` of MediaCrawler: tables → rows in batches.

Read only, and nothing is written beside the file: a database in WAL mode would want a `-shm` file even from
a reader, so one without a log is opened as immutable, and one with a log (its writer runs, or was killed) is
read from a copy of both. Tables are streamed, so that memory does not grow with them. File format:
sqlite.org/fileformat2.html, sections 1.3 (header; bytes 18 and 19 tell WAL) and 4.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fairstream.errors import FormatError
from fairstream.sources.bytes import MIB
from fairstream.sources.posts.convert import Raw, note_drift, wanted_columns
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Shape
from fairstream.sources.posts.tables import SAMPLE, raw_of
from fairstream.sources.problems import ProblemLog

MAGIC: Final = b"SQLite format 3\0"
_ROWS: Final = 8192
_WAL: Final = b"\x02"
_TABLES: Final = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
)


@dataclass(frozen=True)
class SqliteTable:
    """One table of a database; `lines` of its rows count from 1 in the order on disk."""

    origin: Origin
    name: str
    columns: tuple[str, ...]
    parts: tuple[tuple[int | None, int | None], ...]

    @property
    def format(self) -> str:
        """SQLite."""
        return "SQLite"

    def sample(self) -> list[dict[str, Any]]:
        """The first rows; what is wrong with them is told when the table is read."""
        for rows in self._rows(list(self.columns), ProblemLog(self.origin.name), SAMPLE):
            return [dict(zip(self.columns, row, strict=True)) for row in rows]
        return []

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """Rows in batches of 8192. What a damaged page hides is logged; the rows before it are kept."""
        columns = wanted_columns(shape, self.columns)
        line = 1
        for rows in self._rows(columns, log):
            values = ([row[at] for row in rows] for at in range(len(columns)))
            yield raw_of(columns, values, range(line, line + len(rows)))
            line += len(rows)
        note_drift(shape, self.columns, log)

    def _rows(
        self, columns: list[str], log: ProblemLog, most: int = _ROWS
    ) -> Iterator[list[tuple[Any, ...]]]:
        line = 1
        chosen = ", ".join(map(_quoted, columns)) or "NULL"
        query = f"SELECT {chosen} FROM {_quoted(self.name)}"  # noqa: S608 - quoted as identifiers
        with _opened(self.origin) as database:
            try:
                cursor = database.execute(query)
                while rows := cursor.fetchmany(most):
                    yield rows
                    line += len(rows)
            except sqlite3.DatabaseError as error:
                cause = f"the rest of the table {self.name} cannot be read ({error})"
                log.add("unreadable", line, cause=cause, remedy="ask for a sound copy of the database")


def sqlite_tables(origin: Origin) -> list[SqliteTable]:
    """The tables of a database by name. Raises `FormatError` when it is no sound one."""
    with _opened(origin) as database:
        try:
            names = [name for (name,) in database.execute(_TABLES)]
            found = [(name, _columns(database, name), _count(database, name)) for name in sorted(names)]
        except sqlite3.Error as error:
            raise _broken(origin, error) from error
    return [SqliteTable(origin, name, known, ((None, count),)) for name, known, count in found if known]


def _count(database: sqlite3.Connection, table: str) -> int | None:
    """Rows of a table, None where damage hides them; reads one index, or all of it."""
    with suppress(sqlite3.DatabaseError):
        ((count,),) = database.execute(f"SELECT count(*) FROM {_quoted(table)}")  # noqa: S608 - as above
        return int(count)
    return None


def _columns(database: sqlite3.Connection, table: str) -> tuple[str, ...]:
    return tuple(row[1] for row in database.execute(f"PRAGMA table_info({_quoted(table)})"))


@contextmanager
def _opened(origin: Origin) -> Iterator[sqlite3.Connection]:
    with ExitStack() as stack:
        try:
            path, mode = _readable(origin, stack)
            database = stack.enter_context(closing(sqlite3.connect(f"{path.as_uri()}?{mode}", uri=True)))
        except (OSError, sqlite3.Error) as error:
            raise _broken(origin, error) from error
        database.text_factory = _text
        yield database


def _readable(origin: Origin, stack: ExitStack) -> tuple[Path, str]:
    """The database, or a copy of it where reading the first would write beside it; and how to open it."""
    log = origin.path.with_name(f"{origin.path.name}-wal")
    if origin.packing:
        path = _folder(stack) / "unpacked.db"
        with origin.open() as packed, path.open("wb") as file:
            shutil.copyfileobj(packed, file, MIB)
        return path, "mode=ro&immutable=1"
    if origin.head(20)[18:19] != _WAL:
        return origin.path.resolve(), "mode=ro"
    if not log.is_file() or not log.stat().st_size:
        return origin.path.resolve(), "mode=ro&immutable=1"
    folder = _folder(stack)
    shutil.copyfile(log, folder / log.name)
    return Path(shutil.copyfile(origin.path, folder / origin.path.name)), "mode=ro"


def _folder(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory()))


def _text(data: bytes) -> str:
    """As everywhere, what is no text shows as "�", NULs too."""
    return data.decode("utf-8", "replace").replace("\0", "�")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _broken(origin: Origin, error: Exception) -> FormatError:
    return FormatError(
        f"this SQLite database cannot be read ({error})",
        file=origin.name,
        remedy="ask for a sound copy of the database",
    )
