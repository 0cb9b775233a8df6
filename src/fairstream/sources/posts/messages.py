"""JSON objects of a stream, each in any shape → posts: the readers' shapes without their files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from fairstream.columns import POSTS
from fairstream.records import Words
from fairstream.sources.posts.convert import Converter, wanted_columns
from fairstream.sources.posts.kafka import Received
from fairstream.sources.posts.privacy import pseudonym_key
from fairstream.sources.posts.shapes import Shape, best_shape, shipped_shapes
from fairstream.sources.posts.tables import raw_of
from fairstream.sources.problems import ProblemLog

_DEEPEST: Final = 5
_SHAPES_MOST: Final = 10_000
"""Forms of messages remembered; a stream whose names are values must not fill the memory."""


class Messages:
    """Turns received objects into posts. `key` makes the pseudonyms, by default this machine's.

    `file` of a post is `topic/partition`, `line` the offset plus one.
    """

    def __init__(self, shapes: Sequence[Shape] | None = None, key: bytes | None = None) -> None:
        self._shapes = shipped_shapes() if shapes is None else tuple(shapes)
        self._key = pseudonym_key() if key is None else key
        self._known: dict[object, Shape | None] = {}

    def __call__(self, rows: Sequence[Received], topic: str) -> tuple[pa.Table, Mapping[int, str]]:
        """Posts in the order of shapes, and the rows that are none: index → cause."""
        causes: dict[int, str] = {}
        groups: dict[tuple[str, int], list[int]] = {}
        shapes: dict[str, Shape] = {}
        for at, one in enumerate(rows):
            shape = self.shape(one.row)
            if shape is None or shape.skip:
                causes[at] = _why_not(shape, one.row)
                continue
            shapes[shape.id] = shape
            groups.setdefault((shape.id, one.partition), []).append(at)
        tables = []
        for (identifier, partition), places in groups.items():
            posts, lost = self._posts(shapes[identifier], [rows[at] for at in places], f"{topic}/{partition}")
            tables.append(posts)
            causes |= {places[at]: f"no text ({identifier})" for at in lost}
        return pa.concat_tables(tables) if tables else POSTS.empty_table(), causes

    def shape(self, row: Mapping[str, Any]) -> Shape | None:
        """The shape that an object has, None when no collector is known to write it."""
        form = tuple((name, tuple(value) if isinstance(value, dict) else None) for name, value in row.items())
        if form not in self._known:
            if len(self._known) >= _SHAPES_MOST:
                self._known.clear()
            self._known[form] = best_shape(_paths(row), self._shapes)
        return self._known[form]

    def _posts(self, shape: Shape, rows: Sequence[Received], file: str) -> tuple[pa.Table, list[int]]:
        names = list(dict.fromkeys(path for one in rows for path in _paths(one.row)))
        wanted = wanted_columns(shape, names)
        values = ([_at(one.row, name) for one in rows] for name in wanted)
        raw = raw_of(wanted, values, [one.offset + 1 for one in rows])
        converter = Converter(shape, file, self._key, ProblemLog(file))
        posts = pa.Table.from_batches(converter.batches(raw), POSTS)
        kept = set(posts.column("line").to_pylist())
        return posts, [at for at, one in enumerate(rows) if one.offset + 1 not in kept]


def _why_not(shape: Shape | None, row: Mapping[str, Any]) -> str:
    if shape is not None:
        return (shape.skip or Words("", "")).en
    return f"no known shape; its names are {', '.join(sorted(row))[:200]}"


def _paths(row: Mapping[str, Any], before: str = "", depth: int = 1) -> Iterator[str]:
    """Names of an object; of an object within, its own name and dotted paths to what it holds."""
    for name, value in row.items():
        path = f"{before}{name}"
        yield path
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _paths(value, f"{path}.", depth + 1)


def _at(row: Mapping[str, Any], path: str) -> Any:
    if path in row:
        return row[path]
    value: Any = row
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    return value
