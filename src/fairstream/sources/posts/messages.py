"""JSON objects of a stream, each in any shape → posts: the readers' shapes without their files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

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
_FORMS_MOST: Final = 10_000
"""Forms of messages remembered; a stream whose names are values must not fill the memory."""


class Messages:
    """Turns received objects into posts. `key` makes the pseudonyms, by default this machine's.

    `file` of a post is `topic/partition`, `line` the offset plus one.
    """

    def __init__(self, shapes: Sequence[Shape] | None = None, key: bytes | None = None) -> None:
        self._shapes = shipped_shapes() if shapes is None else tuple(shapes)
        self._key = pseudonym_key() if key is None else key
        self._known: dict[object, _Form] = {}

    def __call__(self, rows: Sequence[Received], topic: str) -> tuple[pa.Table, Mapping[int, str]]:
        """Posts in the order of shapes, and the rows that are none: index → cause."""
        causes: dict[int, str] = {}
        groups: dict[tuple[str, int], _Group] = {}
        for at, one in enumerate(rows):
            form = self._form(one.row)
            if form.shape is None or form.shape.skip:
                causes[at] = _why_not(form.shape, one.row)
                continue
            place = (form.shape.id, one.partition)
            if place not in groups:
                groups[place] = _Group(form.shape, {}, [])
            groups[place].add(at, form)
        tables = []
        for (identifier, partition), group in groups.items():
            posts, lost = self._posts(group, [rows[at] for at in group.places], f"{topic}/{partition}")
            tables.append(posts)
            causes |= {group.places[at]: f"no text ({identifier})" for at in lost}
        return pa.concat_tables(tables) if tables else POSTS.empty_table(), causes

    def _form(self, row: Mapping[str, Any]) -> "_Form":
        form = tuple((name, tuple(value)) if isinstance(value, dict) else name for name, value in row.items())
        if form not in self._known:
            if len(self._known) >= _FORMS_MOST:
                self._known.clear()
            paths = tuple(_paths(row))
            self._known[form] = _Form(best_shape(paths, self._shapes), paths)
        return self._known[form]

    def _posts(self, group: "_Group", rows: Sequence[Received], file: str) -> tuple[pa.Table, list[int]]:
        wanted = wanted_columns(group.shape, group.columns())
        values = ([_at(one.row, name) for one in rows] for name in wanted)
        raw = raw_of(wanted, values, [one.offset + 1 for one in rows])
        converter = Converter(group.shape, file, self._key, ProblemLog(file))
        posts = pa.Table.from_batches(converter.batches(raw), POSTS)
        kept = set(posts.column("line").to_pylist())
        return posts, [at for at, one in enumerate(rows) if one.offset + 1 not in kept]


class _Form(NamedTuple):
    """What objects with the same names have in common: their shape and the paths of the first of them."""

    shape: Shape | None
    paths: tuple[str, ...]


class _Group(NamedTuple):
    """Rows of one shape and partition: where they stand, and the forms that they have."""

    shape: Shape
    forms: dict[int, _Form]
    places: list[int]

    def add(self, at: int, form: _Form) -> None:
        self.places.append(at)
        self.forms[id(form)] = form

    def columns(self) -> list[str]:
        """Every path seen, and deep ones that the shape names and the first object of a form may lack."""
        seen = dict.fromkeys(path for form in self.forms.values() for path in form.paths)
        return list(seen | dict.fromkeys(name for name in sorted(self.shape.named) if "." in name))


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
