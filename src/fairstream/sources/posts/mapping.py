"""Mappings: shapes that a user writes for his own tables, and drafts of them with guesses and samples."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from fairstream.columns import POSTS
from fairstream.sources.posts.shapes import (
    Header,
    Names,
    Shape,
    best_shape,
    read_shapes,
    said,
    shipped_shapes,
)
from fairstream.sources.posts.shifts import kind_by_name
from fairstream.sources.posts.tables import Table, shortened
from fairstream.sources.posts.values import count, moment
from fairstream.text.masking import private

_SAMPLES: Final = 3
_ORDER: Final = ("id", "text", "at", "channel", "kind", "author", "thread", *POSTS.names[7:15])
_HELP: Final = {
    "id": "编号 · unique within its channel; without it one is made of channel, time, author and text",
    "text": "正文 · a list joins columns: [标题, 正文]",
    "at": "时间 · seconds or milliseconds since 1970, or written out; Beijing time without a zone",
    "channel": "渠道 · a column here, or one name for all under 'channel' above",
    "author": "作者 · becomes a pseudonym",
    "thread": "原帖编号 · id of the post that a comment answers",
    "respondent": "被投诉方 · whom a complaint names",
    "more": '其他列 · kept as they are, numbers masked; "*" keeps every other column',
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """Shapes of a user; they come before the shipped ones."""

    shapes: tuple[Shape, ...]

    @classmethod
    def open(cls, path: Path) -> "Mapping":
        """Read a mapping file. Raises `FormatError` with line and remedy."""
        return cls(read_shapes(path))


def choose(columns: Sequence[str], mapping: Mapping | None, path: str = "") -> Shape | None:
    """The shape of a table: of the mapping if one fits, else of the shipped ones. `path` is where it lies."""
    own = best_shape(columns, mapping.shapes, path) if mapping else None
    return own or best_shape(columns, shipped_shapes(), path)


def draft(table: Table) -> str:
    """A mapping of `table` for a person to correct: guesses by names and values, with masked samples."""
    columns = [name for name in table.columns if "." not in name or not _is_nested(table, name)]
    shape = best_shape(columns, shipped_shapes())
    guesses = _by_shape(columns, shape) if shape else {}
    samples = {name: _samples(table, name) for name in columns}
    if "text" not in guesses:
        guesses |= {
            name: found for name, found in _by_values(columns, samples).items() if name not in guesses
        }
    return "\n".join(_written(table, columns, guesses, samples, shape)) + "\n"


def _written(
    table: Table,
    columns: Sequence[str],
    guesses: dict[str, Names],
    samples: dict[str, list[str]],
    shape: Shape | None,
) -> list[str]:
    """The lines of a draft."""
    channel = shape.columns.get("channel") if shape else None
    kind = shape.columns.get("kind") if shape else None
    fixed = channel.default if channel and channel.default else None
    lines = [
        "# A draft: correct it, then use it with --mapping. 草稿：请核对修改后用 --mapping 指定。",
        "# kind: post, comment, complaint, review, news, hot_search, chat",
        f"id: {_quoted('my/' + (_slug(table.origin.path.stem) or 'table'))}",
        f"channel: {_quoted(fixed) if fixed else 'null'}",
        f"kind: {kind.default if kind and kind.default else 'post'}",
        "columns:",
    ]
    for name in _ORDER:
        if name == "kind":
            continue
        found = guesses.get(name, ())
        shown = "null" if not found else _quoted(found[0]) if len(found) == 1 else _listed(found)
        example = "; ".join(value for column in found for value in samples.get(column, [])[:_SAMPLES])
        note = f"  # {_HELP[name]}" if name in _HELP else ""
        lines.append(f"  {name}: {shown}{note}")
        if example:
            lines.append(f"    # e.g. {example}")
    used = {column for found in guesses.values() for column in found}
    lines.append("# Columns not used. To keep one, name it under 'more'. 未使用的列：")
    lines.append("known:")
    for column in columns:
        if column not in used:
            values = "; ".join(samples[column])
            lines.append(f"  - {_quoted(column)}" + (f"  # {values}" if values else ""))
    if lines[-1] == "known:":
        lines[-1] = "known: []"
    return lines


def _by_shape(columns: Sequence[str], shape: Shape) -> dict[str, Names]:
    header = Header(columns)
    found: dict[str, Names] = {}
    for name, field in shape.columns.items():
        firsts = [header.first(part) for part in field.parts]
        there = tuple(dict.fromkeys(first for first in firsts if first is not None))
        if there:
            found[name] = there
    return found


def _by_values(columns: Sequence[str], samples: dict[str, list[str]]) -> dict[str, Names]:
    """The longest words are the text, what reads as moments the time, the first plain column the id."""
    free = [name for name in columns if samples[name]]
    found: dict[str, Names] = {}
    for name in free:
        values = samples[name]
        if "at" not in found and all(moment(value) is not None for value in values):
            found["at"] = (name,)
        elif "id" not in found and kind_by_name(name) == "id":
            found["id"] = (name,)
    used = {name for names in found.values() for name in names}
    texts = [
        name for name in free if name not in used and all(count(value) is None for value in samples[name])
    ]
    if texts:
        found["text"] = (max(texts, key=lambda name: max(map(len, samples[name]))),)
    return found


def _samples(table: Table, name: str) -> list[str]:
    values: dict[str, None] = {}
    for row in table.sample():
        text = shortened(row.get(name), 40)
        if text:
            values[private(text)] = None
        if len(values) >= _SAMPLES:
            break
    return list(values)


def _is_nested(table: Table, name: str) -> bool:
    return any(isinstance(row.get(name), dict) for row in table.sample())


def _slug(stem: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in said(stem))[:40].strip("_")


def _quoted(value: Any) -> str:
    dumped = yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10_000)
    return dumped.strip().removesuffix("...").strip()


def _listed(names: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, names)) + "]"
