"""Parquet → raw rows; a row group is a part that can be read on its own."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fairstream.columns import INVENTED, POSTS
from fairstream.errors import FormatError
from fairstream.sources.posts.convert import BATCH, Raw, wanted_columns
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Shape
from fairstream.sources.posts.tables import SAMPLE
from fairstream.sources.problems import ProblemLog

MARK = b"fairstream"


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file. `ours` is one that this product wrote, with names and numbers hidden already."""

    origin: Origin
    columns: tuple[str, ...]
    parts: tuple[tuple[int | None, int | None], ...]
    ours: bool = False
    invented: bool = False
    name: str = ""
    format: str = "Parquet"

    def sample(self) -> list[dict[str, Any]]:
        """The first rows."""
        with _opened(self.origin) as file:
            batch = next(file.iter_batches(SAMPLE), None)
        return [] if batch is None else batch.to_pylist()

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """Batches of one row group, or of all."""
        yield from self._raws(wanted_columns(shape, self.columns), part, log)

    def posts(self, part: int | None, log: ProblemLog) -> Iterator[pa.RecordBatch]:
        """Batches of `POSTS` of a file of ours, as they stand there."""
        for batch, lines in self._raws([name for name in POSTS.names if name in self.columns], part, log):
            there = {name: batch.column(name) for name in batch.schema.names}
            there.setdefault("file", pa.repeat(pa.scalar(self.origin.name), batch.num_rows))
            there.setdefault("line", lines)
            columns = [
                there[field.name].cast(field.type)
                if field.name in there
                else pa.nulls(len(batch), field.type)
                for field in POSTS
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=POSTS)

    def _raws(self, columns: list[str], part: int | None, log: ProblemLog) -> Iterator[Raw]:
        groups = range(len(self.parts)) if part is None else [part]
        for group in groups:
            line = 1 + sum(rows or 0 for _, rows in self.parts[:group])
            try:
                with _opened(self.origin) as file:
                    for batch in file.iter_batches(
                        BATCH, row_groups=[group], columns=columns, use_threads=False
                    ):
                        yield Raw(batch, pa.array(np.arange(line, line + len(batch), dtype=np.int64)))
                        line += len(batch)
            except (pa.ArrowException, OSError) as error:
                cause = f"the rest of row group {group + 1} cannot be read ({str(error)[:80]})"
                log.add("unreadable", line, cause=cause, remedy="ask for the file again")


def parquet_table(origin: Origin) -> ParquetTable:
    """The table of a Parquet file. Raises `FormatError` when it is damaged."""
    with _opened(origin) as file:
        groups = file.metadata.num_row_groups
        parts = tuple((group, file.metadata.row_group(group).num_rows) for group in range(groups))
        meta = file.schema_arrow.metadata or {}
        ours = meta.get(MARK, b"").split(b" ")[0] in (b"posts", b"annotated")
        return ParquetTable(origin, tuple(file.schema_arrow.names), parts, ours, INVENTED in meta)


def _opened(origin: Origin) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(io.BytesIO(origin.data()) if origin.packing else origin.path)
    except (pa.ArrowException, OSError) as error:
        what = f"the Parquet file is damaged ({str(error)[:80]})"
        raise FormatError(what, file=origin.name, remedy="ask for it again") from error
