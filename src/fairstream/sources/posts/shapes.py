"""Shapes: what the tables of collectors look like, as data.

A shape says by which columns a table is recognised, which of them become columns of `POSTS`, and which
others the tool writes. Shapes are lists in YAML files under `data/`; a mapping made by a user is a shape too.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

import yaml

from fairstream.columns import POSTS, PostKind
from fairstream.errors import FormatError
from fairstream.records import Words
from fairstream.sources.bytes import MIB, Source, open_input, read_text
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import column_key
from fairstream.sources.yamltree import compose

Names = tuple[str, ...]
"""Names of source columns, any of which may hold the value; the first that is filled counts."""

KINDS: Final = frozenset(get_args(PostKind))
REST: Final = "*"
"""As a name under `more`: every column that is not used otherwise."""

_MAPPED: Final = frozenset(POSTS.names) - {"file", "line"}
_JOINED: Final = frozenset({"text", "more"})
_KEYS: Final = frozenset(
    {"id", "title", "channel", "kind", "needs", "without", "columns", "known", "optional", "collected"}
    | {"more", "prepare", "skip", "path"}
)
_LARGEST: Final = MIB


@dataclass(frozen=True, slots=True)
class Field:
    """Where one column of `POSTS` comes from.

    `parts` are joined by a line end (`text`) or all kept (`more`); other columns have at most one part.
    `values` translates what the source says; `default` stands where the source says nothing.
    """

    parts: tuple[Names, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None

    @property
    def names(self) -> frozenset[str]:
        """Every source column named."""
        return frozenset(name for part in self.parts for name in part)


@dataclass(frozen=True, slots=True)
class Shape:
    """One table of one tool.

    `needs` are columns that must be there (alternatives count as one) and `without` those that must not.
    `columns` leads from columns of `POSTS` to the source, `known` names what else the tool writes.
    `optional` are columns of `POSTS` that may well be missing. `collected` is the column with the time of
    collection, against which "3小时前" is read. `prepare` names a step of `prepared.STEPS` that comes first.
    A shape with `path` counts only where a step of the file's path, or its table, begins with one of these
    words: for tables whose columns do not say the platform. A shape with `skip` is recognised and left out,
    for the reason given. `usual` shapes go by names in
    general use, so that further columns are no drift.
    """

    id: str
    title: Words
    needs: tuple[Names, ...]
    columns: Mapping[str, Field]
    without: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    collected: Names = ()
    prepare: str | None = None
    skip: Words | None = None
    usual: bool = False
    path: frozenset[str] = frozenset()

    def lies_at(self, path: str) -> bool:
        """Whether a file, or a table of it, may have this shape by its path."""
        steps = [step for step in re.split(r"[/\\\\]", path.casefold()) if step]
        return not self.path or any(re.split(r"[_.-]", step)[0] in self.path for step in steps)

    @property
    def named(self) -> frozenset[str]:
        """Every source column that the shape mentions."""
        used = {name for column in self.columns.values() for name in column.names}
        needed = {name for names in self.needs for name in names}
        return frozenset(used | needed | self.known | set(self.collected)) - {REST}


class Header:
    """The columns of a table, found by their name or by its folded form (`column_key`)."""

    def __init__(self, columns: Iterable[str]) -> None:
        self.columns = tuple(columns)
        self._exact = frozenset(self.columns)
        self._folded: dict[str, str] = {}
        for name in self.columns:
            self._folded.setdefault(folded(name), name)

    def find(self, name: str) -> str | None:
        """The column as the table writes it, None when it has none."""
        return name if name in self._exact else self._folded.get(folded(name))

    def first(self, names: Names) -> str | None:
        """The first of `names` that the table has."""
        return next((found for name in names if (found := self.find(name)) is not None), None)

    def all(self, names: Names) -> list[str]:
        """Those of `names` that the table has, each once, in the order of `names`."""
        return list(dict.fromkeys(found for name in names if (found := self.find(name)) is not None))


@cache
def folded(name: str) -> str:
    """A column name for comparison, every step of a dotted path folded by itself."""
    return ".".join(column_key(step) for step in name.split(".")) or name


def best_shape(columns: Iterable[str], shapes: Iterable[Shape], path: str = "") -> Shape | None:
    """The shape with most `needs` that the columns meet; among equals one that the path names, then the one
    that knows most of them."""
    header = Header(columns)
    keys = frozenset(map(folded, header.columns))
    best: tuple[int, bool, int] = (0, False, 0)
    found = None
    for shape in shapes:
        fits = all(header.first(names) for names in shape.needs) and shape.lies_at(path)
        if fits and not any(map(header.find, shape.without)):
            score = (len(shape.needs), bool(shape.path), len(keys & frozenset(map(folded, shape.named))))
            if score > best:
                best, found = score, shape
    return found


@cache
def shipped_shapes() -> tuple[Shape, ...]:
    """Every shape under `data/`, in the order of the files' names."""
    folder = files("fairstream.sources.posts") / "data"
    found: list[Shape] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yaml"):
            found += _parsed(entry.read_text("utf-8"), entry.name, usual=entry.name == "generic.yaml")
    return tuple(found)


def read_shapes(source: Source, name: str | None = None) -> tuple[Shape, ...]:
    """Shapes of a file from outside: one, or a list. Raises `FormatError` with file, line and remedy."""
    file = open_input(source, name, _LARGEST)
    text = read_text(file, ProblemLog(file.name))
    shapes = _parsed(text, file.name, usual=False)
    for shape in shapes:
        if shape.prepare:
            raise _wrong("prepare", "is for shipped shapes only", file.name, 1)
    return tuple(shapes)


def _parsed(text: str, name: str, *, usual: bool) -> list[Shape]:
    root = compose(text, name, "id: my/table")
    if root is None:
        raise _wrong("columns", "is missing", name, 1)
    nodes = root.value if isinstance(root, yaml.SequenceNode) else [root]
    data = yaml.safe_load(text)
    entries = data if isinstance(data, list) else [data]
    shapes = []
    for entry, node in zip(entries, nodes, strict=True):
        line = node.start_mark.line + 1
        if not isinstance(entry, dict):
            raise FormatError("not a shape", file=name, line=line, remedy="write 'id: …', 'columns: …'")
        lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        shapes.append(_Reader(entry, lines, name, line).shape(usual=usual))
    return shapes


@dataclass(frozen=True, slots=True)
class _Reader:
    """One entry of a file, with the lines of its keys."""

    entry: dict[str, Any]
    lines: dict[str, int]
    file: str
    line: int

    def shape(self, *, usual: bool) -> Shape:
        for key in self.entry:
            if key not in _KEYS:
                raise self.wrong(str(key), f"is no key; keys are {', '.join(sorted(_KEYS))}")
        columns = self.columns()
        skip = self.words("skip") if "skip" in self.entry else None
        text = columns.get("text")
        if skip is None and (text is None or not text.parts):
            raise self.wrong("columns", "must say where 'text' comes from")
        needs = self.parts("needs") or (text.parts if text else ())
        identifier = self.entry.get("id")
        if not isinstance(identifier, str) or not re.fullmatch(r"[\w./ -]{1,80}", identifier):
            raise self.wrong("id", "must be a short name of letters, digits, / . _ -")
        return Shape(
            id=identifier,
            title=self.words("title") if "title" in self.entry else Words(identifier, identifier),
            needs=needs,
            columns=columns,
            without=frozenset(self.names("without")),
            known=frozenset(self.names("known")),
            optional=frozenset(self.names("optional")),
            collected=self.names("collected"),
            prepare=self.entry.get("prepare"),
            skip=skip,
            usual=usual,
            path=frozenset(self.names("path")),
        )

    def columns(self) -> dict[str, Field]:
        given = self.entry.get("columns") or {}
        if not isinstance(given, dict):
            raise self.wrong("columns", "must lead from names like 'text' to columns of the source")
        found: dict[str, Field] = {}
        for name, value in given.items():
            if name not in _MAPPED:
                raise self.wrong("columns", f"has '{name}'; it may have {', '.join(sorted(_MAPPED))}")
            if value is not None:
                found[name] = self.field(name, value)
        for name in ("channel", "kind", "more"):
            if self.entry.get(name) is not None:
                value = self.entry[name]
                constant = name != "more" and isinstance(value, str | int)
                there = found.get(name, Field())
                found[name] = replace(there, default=str(value)) if constant else self.field(name, value)
        kind = found.get("kind", Field())
        for said in (*kind.values.values(), *([kind.default] if kind.default else [])):
            if said not in KINDS:
                raise self.wrong("kind", f"is '{said}', not one of {', '.join(sorted(KINDS))}")
        return found

    def field(self, name: str, value: Any) -> Field:
        if not isinstance(value, dict):
            return Field(self.split(name, value))
        if unknown := set(value) - {"column", "values", "default", "constant"}:
            raise self.wrong(name, f"has '{unknown.pop()}'; it may have column, values, default")
        values = value.get("values") or {}
        default = value.get("default", value.get("constant"))
        if not isinstance(values, dict):
            raise self.wrong(name, "must have 'values' that lead from words of the source to ours")
        column = value.get("column")
        parts = self.split(name, column) if column is not None else ()
        translated = {said(key): str(ours) for key, ours in values.items()}
        return Field(parts, translated, None if default is None else str(default))

    def split(self, name: str, value: Any) -> tuple[Names, ...]:
        parts = self.alternatives(name, value)
        if name in _JOINED or not parts:
            return parts
        return (tuple(dict.fromkeys(entry for part in parts for entry in part)),)

    def alternatives(self, key: str, value: Any) -> tuple[Names, ...]:
        entries = value if isinstance(value, list) else [value]
        parts = [entry if isinstance(entry, list) else [entry] for entry in entries]
        if not all(isinstance(name, str | int) and str(name).strip() for part in parts for name in part):
            raise self.wrong(key, "must be the name of a column, or a list of names")
        return tuple(tuple(map(str, part)) for part in parts if part)

    def parts(self, key: str) -> tuple[Names, ...]:
        value = self.entry.get(key)
        return () if value is None else self.alternatives(key, value)

    def names(self, key: str) -> Names:
        return tuple(name for part in self.parts(key) for name in part)

    def words(self, key: str) -> Words:
        value = self.entry[key]
        if isinstance(value, str):
            return Words(value, value)
        if isinstance(value, dict) and all(isinstance(value.get(tongue), str) for tongue in ("zh", "en")):
            return Words(value["zh"], value["en"])
        raise self.wrong(key, "must be words, or {zh: …, en: …}")

    def wrong(self, key: str, what: str) -> FormatError:
        inner = self.lines.get("columns", self.line) if key in _MAPPED else self.line
        return _wrong(key, what, self.file, self.lines.get(key, inner))


def said(value: object) -> str:
    """Words of a source for comparison: width, case and spaces at the ends do not count."""
    return unicodedata.normalize("NFKC", str(value)).strip().casefold()


def _wrong(key: str, what: str, file: str, line: int) -> FormatError:
    return FormatError(f"'{key}' {what}", file=file, line=line, remedy="see docs/user/posts.md on mappings")
