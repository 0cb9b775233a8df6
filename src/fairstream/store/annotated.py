"""Annotated items on disk, and questions asked of them with DuckDB.

A set of items is one Parquet file or a folder of parts, of any size: DuckDB reads only the columns and row
groups that a question needs, with bounded memory.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from types import TracebackType
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from duckdb.func import PythonUDFType

from fairstream.columns import ANNOTATED, INVENTED
from fairstream.errors import FormatError, LimitError
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
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def _open(self) -> None:
        names = ", ".join(_named(part) for part in self.parts)
        with self._told():
            self._connection.execute("SET TimeZone = 'Asia/Shanghai'")
            self._connection.execute(
                f"CREATE VIEW items AS SELECT * FROM read_parquet([{names}], union_by_name = true)"
            )
            self._connection.create_function(
                "folded", _folded, ["VARCHAR"], "VARCHAR", type=PythonUDFType.ARROW
            )

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
        with self._told():
            return self._asked(sql, values).to_arrow_table()

    def batches(self, sql: str, values: Sequence[object] = ()) -> Iterator[pa.RecordBatch]:
        """As `query`, some rows at a time, for answers that may be large; one empty batch for no rows."""
        with self._told():
            reader = self._asked(sql, values).to_arrow_reader(_ARROW_BATCH)
        empty = True
        while True:
            with self._told():
                batch = next(reader, None)
            if batch is None:
                break
            empty = False
            yield batch
        if empty:
            yield pa.RecordBatch.from_pylist([], schema=reader.schema)

    def _asked(self, sql: str, values: Sequence[object]) -> duckdb.DuckDBPyRelation:
        return self._connection.sql(sql, params=list(values))

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Errors of DuckDB and Arrow as ours, with the file."""
        try:
            yield
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except (duckdb.OutOfMemoryException, pa.ArrowMemoryError) as error:
            raise LimitError(
                "there is not enough memory to count these items",
                file=self.path,
                remedy="choose a shorter window, or a machine with more memory",
            ) from error
        except (duckdb.Error, pa.ArrowException) as error:
            raise FormatError(
                f"the items cannot be read: {_first_line(error)}",
                file=self.path,
                remedy="annotate the posts again",
            ) from error

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
            held = pq.read_schema(part)
        except (pa.ArrowException, OSError) as error:
            raise FormatError(
                f"not a readable Parquet file: {_first_line(error)}",
                file=str(part),
                remedy="annotate the posts again",
            ) from error
        missing = [name for name in ANNOTATED.names if held.get_all_field_indices(name) == []]
        other = [field.name for field in ANNOTATED if field.name not in missing and not _fits(held, field)]
        if missing or other:
            kinds = (("are missing", missing), ("have another type", other))
            said = "; ".join(f"columns {what} ({', '.join(names)})" for what, names in kinds if names)
            raise FormatError(
                f"no annotated items of this version: {said}",
                file=str(part),
                remedy="run `fairstream opinion annotate` on the posts first",
            )
    return parts


def _fits(held: pa.Schema, wanted: pa.Field) -> bool:
    """Whether a column is there once, with a type that holds the same values."""
    if len(held.get_all_field_indices(wanted.name)) != 1:
        return False
    return _kind(held.field(wanted.name).type) == _kind(wanted.type)


def _kind(type_: pa.DataType) -> str:
    """A type without its width."""
    types = pa.types
    if types.is_list(type_) or types.is_large_list(type_):
        return f"list of {_kind(type_.value_type)}"
    if types.is_string(type_) or types.is_large_string(type_) or types.is_string_view(type_):
        return "text"
    if types.is_dictionary(type_):
        return _kind(type_.value_type)
    if types.is_timestamp(type_):
        return "time" if type_.tz else "local time"
    for name, holds in (("whole number", types.is_integer), ("number", types.is_floating)):
        if holds(type_):
            return name
    return str(type_)


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def _is_invented(part: Path) -> bool:
    metadata = pq.read_schema(part).metadata or {}
    return metadata.get(INVENTED) == b"true"


def _settings(threads: int | None, memory: str) -> dict[str, str | bool | int | float | list[str]]:
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": memory,
        # The default is a folder where the command was called, which may not be written to.
        "temp_directory": str(Path(gettempdir(), f"fairstream-{os.getpid()}")),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "preserve_insertion_order": True,
    }
    return settings | ({"threads": threads} if threads else {})


def _named(path: Path) -> str:
    """A path as an SQL literal in which nothing is a wildcard."""
    plain = re.sub(r"[\[*?]", r"[\g<0>]", str(path))
    return "'" + plain.replace("'", "''") + "'"


_LINE_END = ord("\n")
_FOLDER = Folder()


def _folded(texts: pa.ChunkedArray) -> pa.Array:
    """The folded reading of each text, with the line end that follows it in a folded batch."""
    batch = _FOLDER.fold(texts.to_pylist(), evasion=False)
    data = batch.text.encode("utf-8", "surrogatepass")
    ends = np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _LINE_END) + 1
    offsets = np.concatenate(([0], ends)).astype(np.int32)
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(data))
