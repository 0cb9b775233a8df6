"""Annotated items on disk, and questions asked of them with DuckDB.

A set of items is one Parquet file or a folder of parts, of any size: DuckDB reads only the columns and row
groups that a question needs, with bounded memory.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.func import PythonUDFType

from fairstream.columns import ANNOTATED, INVENTED
from fairstream.errors import FormatError
from fairstream.text.fold import Folder

MEMORY = "2GiB"
"""What DuckDB may hold before it writes to disk."""
_ARROW_BATCH = 65_536


class Annotated:
    """Questions to a set of annotated items, as SQL over the view `items`.

    Raises `FormatError` when the path holds no Parquet file or one without the columns of
    `columns.ANNOTATED`. Use it as a context manager.
    """

    def __init__(self, path: Path, *, threads: int | None = None, memory: str = MEMORY) -> None:
        self.path = path
        self.parts = _parts(path)
        self.invented = any(_is_invented(part) for part in self.parts)
        self._connection = duckdb.connect(config=_settings(threads, memory))
        self._connection.execute("SET TimeZone = 'Asia/Shanghai'")
        names = ", ".join(_named(part) for part in self.parts)
        self._connection.execute(f"CREATE VIEW items AS SELECT * FROM read_parquet([{names}])")
        self._connection.create_function("folded", _folded, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW)

    def __enter__(self) -> "Annotated":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release files and memory."""
        self._connection.close()

    def query(self, sql: str, values: Sequence[object] = ()) -> pa.Table:
        """The answer to one question; `?` stands for each of `values`."""
        return self._asked(sql, values).to_arrow_table()

    def batches(self, sql: str, values: Sequence[object] = ()) -> Iterator[pa.RecordBatch]:
        """As `query`, some rows at a time, for answers that may be large; one empty batch for no rows."""
        reader = self._asked(sql, values).to_arrow_reader(_ARROW_BATCH)
        empty = True
        for batch in reader:
            empty = False
            yield batch
        if empty:
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def _asked(self, sql: str, values: Sequence[object]) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(sql, params=list(values))

    def keep(self, name: str, sql: str, values: Sequence[object] = ()) -> None:
        """Keep an answer under a name of our own, to ask further questions of it."""
        table = self.query(sql, values)
        self._connection.register(name, table)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Mapping[str, Any]]:
        """The answer as mappings, for small ones."""
        rows: list[Mapping[str, Any]] = self.query(sql, values).to_pylist()
        return rows

    def count(self) -> int:
        """Number of items, from the files' own footers."""
        return sum(pq.read_metadata(part).num_rows for part in self.parts)


def _parts(path: Path) -> tuple[Path, ...]:
    parts = tuple(sorted(path.glob("*.parquet"))) if path.is_dir() else (path,)
    if not parts:
        raise FormatError(
            "the folder holds no .parquet file", file=str(path), remedy="name what `annotate` wrote"
        )
    for part in parts:
        try:
            names = pq.read_schema(part).names
        except (pa.ArrowInvalid, OSError) as error:
            raise FormatError(
                f"not a readable Parquet file: {error}", file=str(part), remedy="annotate the posts again"
            ) from error
        if missing := [name for name in ANNOTATED.names if name not in names]:
            raise FormatError(
                f"no annotated items: columns are missing ({', '.join(missing)})",
                file=str(part),
                remedy="run `fairstream opinion annotate` on the posts first",
            )
    return parts


def _is_invented(part: Path) -> bool:
    metadata = pq.read_schema(part).metadata or {}
    return metadata.get(INVENTED) == b"true"


def _settings(threads: int | None, memory: str) -> dict[str, str | bool | int | float | list[str]]:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    return settings | ({"threads": threads} if threads else {})


def _named(path: Path) -> str:
    """A path as an SQL literal in which nothing is a wildcard."""
    plain = re.sub(r"[\[*?]", r"[\g<0>]", str(path))
    return "'" + plain.replace("'", "''") + "'"


_FOLDER = Folder()


def _folded(texts: pa.ChunkedArray) -> pa.Array:
    given = texts.to_pylist()
    batch = _FOLDER.fold(given, evasion=False)
    return pa.array([batch.reading(row) for row in range(len(given))], pa.string())
