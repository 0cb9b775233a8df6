"""What every reader of a format gives: tables with columns, read as raw rows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final, Protocol

import pyarrow as pa

from fairstream.sources.posts.cells import cell
from fairstream.sources.posts.convert import Raw
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Shape
from fairstream.sources.problems import ProblemLog

SAMPLE: Final = 200
"""Rows at the beginning of a table by which it is recognised."""
MOST_COLUMNS: Final = 400


class Table(Protocol):
    """One table of a file; picklable, so that another process may read it."""

    @property
    def name(self) -> str:
        """The sheet, list or table of the database; empty when the file is one table."""

    @property
    def format(self) -> str:
        """The format, as people call it: CSV, JSONL, …"""

    @property
    def origin(self) -> Origin:
        """The file."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns, with dotted paths for nested JSON."""

    @property
    def parts(self) -> tuple[tuple[int | None, int | None], ...]:
        """Parts that can be read on their own, each with its number of rows; None where nobody knows."""

    def sample(self) -> list[dict[str, Any]]:
        """The first rows, at most `SAMPLE`."""

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """The rows of one part, with the columns that `shape` wants; drift and trouble go to `log`."""


def column_of(values: list[Any]) -> Any:
    """Values of any kind as one Arrow array: integers, numbers or strings when they agree, else text."""
    try:
        found = pa.array(values)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        return pa.array([cell(value) for value in values], pa.string())
    kind = found.type
    if pa.types.is_nested(kind) or pa.types.is_boolean(kind) or pa.types.is_binary(kind):
        return pa.array([cell(value) for value in values], pa.string())
    return found


def raw_of(columns: Sequence[str], values: Iterable[list[Any]], lines: Sequence[int]) -> Raw:
    """Raw rows from lists of values, one list a column."""
    arrays = [column_of(column) for column in values]
    return Raw(pa.RecordBatch.from_arrays(arrays, names=list(columns)), pa.array(lines, pa.int64()))


def shortened(value: object, most: int = 60) -> str:
    """A value on one line, for people."""
    text = " ".join((cell(value) or "").split())
    return text if len(text) <= most else text[: most - 1] + "…"
