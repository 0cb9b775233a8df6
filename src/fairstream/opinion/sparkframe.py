"""Annotating a Spark DataFrame of posts, for those who keep their posts in Spark already.

What each text tells, by the same function as everywhere (`annotate.Annotator`), whatever the partitions and
the size of Spark's batches. Copies and suspicion need the whole window and are not part of it: write the
result as Parquet and give it to `fairstream opinion annotate`.
"""

import pickle
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from fairstream.columns import AT, POSTS
from fairstream.errors import UsageError
from fairstream.opinion.annotate import BATCH, READ, Annotator, Settings, slices
from fairstream.opinion.annotating import ConductsOpener

_SPARK_TIME: Final = pa.timestamp("us", tz="UTC")
"""The only resolution that Spark knows; DataFrames show it in the session's zone."""
SENT: Final = pa.schema(
    [pa.field(field.name, _SPARK_TIME if field.type == AT else field.type) for field in READ]
)
"""`annotate.READ` as Spark takes it: times in microseconds, and null allowed everywhere."""


def annotated(frame: Any, settings: Settings | None = None, conducts: ConductsOpener | None = None) -> Any:
    """The DataFrame of `annotate.READ` for a DataFrame of posts: a row for each row, in its order.

    `frame` has `id` and `text` and may have any other column of `columns.POSTS`; `at` is a TIMESTAMP, or a
    TIMESTAMP_NTZ in the time of China. Further columns are left out: join them again by `id`. A text that is
    null is read as empty. Model, lists and rules named in `settings` and `conducts` lie where all workers see
    them. Raises `UsageError` when a column is missing or of a type that cannot be used.
    """
    # An extra, and slow to import.
    from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema

    names = [name for name in frame.columns if name in POSTS.names]
    _check_names(names)
    _check_types(to_arrow_schema(frame.select(*names).schema, timezone="UTC"))
    task = _Task(settings or Settings(), conducts)
    return frame.select(*names).mapInArrow(task, from_arrow_schema(SENT))


def posts(batch: pa.RecordBatch) -> pa.RecordBatch:
    """A batch as Spark sends it with the types of `columns.POSTS`."""
    fields = [POSTS.field(name) for name in batch.schema.names]
    columns = [_typed(column, field.type) for column, field in zip(batch.columns, fields, strict=True)]
    text = batch.schema.get_field_index("text")
    columns[text] = columns[text].fill_null("")
    return pa.RecordBatch.from_arrays(columns, schema=pa.schema(fields))


def sent(items: pa.RecordBatch) -> pa.RecordBatch:
    """A batch of `annotate.READ` as Spark takes it."""
    columns = [column.cast(field.type) for column, field in zip(items.columns, SENT, strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=SENT)


def _check_names(names: Sequence[str]) -> None:
    for name in ("id", "text"):
        if name not in names:
            raise UsageError(
                f"the DataFrame has no column {name}", remedy=f"rename one: .withColumnRenamed(…, {name!r})"
            )
    if len(set(names)) < len(names):
        raise UsageError("two columns have the same name", remedy="select each once")


def _check_types(schema: pa.Schema) -> None:
    for field in schema:
        wanted = POSTS.field(field.name).type
        if not _fits(field.type, wanted):
            raise UsageError(
                f"the column {field.name} is {field.type}, not {wanted}",
                remedy="cast it; times have to be TIMESTAMP, counts BIGINT, the rest STRING",
            )


def _fits(given: pa.DataType, wanted: pa.DataType) -> bool:
    kinds = pa.types
    if kinds.is_null(given):
        return True
    if kinds.is_timestamp(wanted):
        return bool(kinds.is_timestamp(given))
    if kinds.is_integer(wanted):
        return bool(kinds.is_integer(given))
    return bool(kinds.is_string(given) or kinds.is_large_string(given) or kinds.is_integer(given))


def _typed(column: pa.Array, wanted: pa.DataType) -> pa.Array:
    if wanted != AT or pa.types.is_null(column.type):
        return column.cast(wanted)
    if column.type.tz is None:
        column = pc.assume_timezone(column, AT.tz)
    return pc.floor_temporal(column, unit="millisecond").cast(AT)


class _Task:
    """What is sent to the workers: how to make an annotator."""

    def __init__(self, settings: Settings, conducts: ConductsOpener | None) -> None:
        self._making = pickle.dumps((settings, conducts))

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        annotator = _annotator(self._making)
        for batch in slices(map(posts, batches), BATCH):
            yield sent(annotator(batch).items)


@lru_cache(maxsize=1)
def _annotator(making: bytes) -> Annotator:
    """One for each worker process, which Spark keeps for many partitions."""
    settings, conducts = pickle.loads(making)  # noqa: S301 - from our own driver
    annotator: Annotator = settings.open(conducts.open() if conducts else None)
    return annotator
