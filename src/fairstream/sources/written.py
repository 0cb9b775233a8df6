"""A value as someone wrote it: text, list or mapping, each with its line, whatever the format was.

YAML, JSON and table rows come down to this, so that a fact is read by the same rules from all of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import yaml

from fairstream.errors import FormatError
from fairstream.sources.bytes import clean
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import Row

_DEEPEST: Final = 8
_KEY: Final = 60


class Entry(NamedTuple):
    """A key and what stands under it."""

    key: str
    line: int | None
    value: "Written"


@dataclass(frozen=True, slots=True)
class Written:
    """Exactly one of the three is set; none where the value was left empty."""

    line: int | None = None
    text: str | None = None
    items: tuple["Written", ...] | None = None
    entries: tuple[Entry, ...] | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was written."""
        return self.text is None and self.items is None and self.entries is None


def of_yaml(node: yaml.Node, log: ProblemLog) -> Written:
    """A YAML node whose depth has been checked; texts stay as they were written (007 keeps its zeros)."""
    line = int(node.start_mark.line) + 1
    if isinstance(node, yaml.SequenceNode):
        return Written(line, items=tuple(of_yaml(item, log) for item in node.value))
    if isinstance(node, yaml.MappingNode):
        return Written(line, entries=tuple(_yaml_entries(node, log)))
    if node.tag == "tag:yaml.org,2002:null":
        return Written(line)
    return Written(line, clean(str(node.value), log, line).strip() or None)


def _yaml_entries(node: yaml.MappingNode, log: ProblemLog) -> Iterator[Entry]:
    for key, value in node.value:
        line = int(key.start_mark.line) + 1
        if isinstance(key, yaml.ScalarNode):
            yield Entry(clean(str(key.value), log, line)[:_KEY], line, of_yaml(value, log))
        else:
            log.add("row_shape", line)


def of_json(value: Any, line: int | None, file: str, depth: int = 0) -> Written:
    """A JSON value; everything in it is placed at `line`. Raises `FormatError` for deep nesting."""
    if depth > _DEEPEST:
        raise FormatError("nested too deep", file=file, line=line, remedy="give one object per entry")
    if isinstance(value, dict):
        entries = (
            Entry(str(key)[:_KEY], line, of_json(item, line, file, depth + 1)) for key, item in value.items()
        )
        return Written(line, entries=tuple(entries))
    if isinstance(value, list):
        return Written(line, items=tuple(of_json(item, line, file, depth + 1) for item in value))
    if isinstance(value, bool):
        return Written(line, "true" if value else "false")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e18:
        value = int(value)
    return Written(line, None if value is None else str(value).strip() or None)


def of_row(row: Row) -> Written:
    """A row of a table: every cell a text."""
    cells = (
        Entry(column[:_KEY], row.number, Written(row.number, cell)) for column, cell in row.cells.items()
    )
    return Written(row.number, entries=tuple(cells))
