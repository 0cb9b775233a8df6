"""YAML read with the line of every value, so that an error can point at it.

A deliberate subset: mapping keys are always strings (so `on:` stays "on"), only `true`, `false`,
`null`, numbers and strings are scalars, and anchors, tags and merge keys are refused: rule files come
from users and must read the same for everyone.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from fairstream.errors import RuleError

Path_ = tuple[str | int, ...]
MOST_LEVELS = 50
"""Deeper nesting is a mistake or an attack, never a rule."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


class Lines:
    """Line numbers (1-based) by path into the data; unknown paths answer with their parent's line."""

    def __init__(self) -> None:
        self._lines: dict[Path_, int] = {}

    def put(self, path: Path_, line: int) -> None:
        """Note the line of the value at a path."""
        self._lines[path] = line

    def has(self, path: Path_) -> bool:
        """Whether the file has a value at this path."""
        return path in self._lines

    def of(self, path: Path_) -> int:
        """The line of the value at a path, or of what it would stand in."""
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)


def load_yaml(path: Path) -> tuple[Any, Lines]:
    """Data of one YAML file and the lines of its values.

    Raises `RuleError` with file and line when the file cannot be read, is not UTF-8 or not YAML.
    """
    try:
        return parse_yaml(path.read_bytes().decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise RuleError(
            f"not UTF-8 at byte {error.start}", file=path, line=line, remedy="save the file as UTF-8"
        ) from error
    except OSError as error:
        raise RuleError(
            f"cannot be read: {error.strerror or error}",
            file=path,
            remedy="check the file and its permissions",
        ) from error


def parse_yaml(text: str, name: str) -> tuple[Any, Lines]:
    """As `load_yaml`, from a string; `name` is the file shown in errors."""
    builder = _Builder(text, name)
    try:
        return builder.document(), builder.lines
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        raise RuleError(
            f"not valid YAML: {cause}",
            file=name,
            line=mark.line + 1 if mark else _line_at(text, getattr(error, "position", None)),
            remedy="check indentation, quotes and brackets on this line",
        ) from error


def _line_at(text: str, position: int | None) -> int | None:
    return None if position is None else text.count("\n", 0, position) + 1


class _Builder:
    """Data from the events of the parser, which, unlike its nodes, still know anchors and tags."""

    def __init__(self, text: str, name: str) -> None:
        self.lines = Lines()
        self._name = name
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))

    def document(self) -> Any:
        """The one document of the stream; None when it is empty."""
        next(self._events)  # start of the stream
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        data = self._value(next(self._events), ())
        next(self._events)  # end of the document
        following = next(self._events)
        if not isinstance(following, yaml.StreamEndEvent):
            raise self._fault(following, "a second document begins here", "one document per file, no '---'")
        return data

    def _value(self, event: Any, path: Path_) -> Any:
        self.lines.put(path, _line(event))
        self._refuse_references(event)
        if len(path) > MOST_LEVELS:
            raise self._fault(
                event, f"nested deeper than {MOST_LEVELS} levels", "name parts in lexicons or guards"
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return _scalar(event)

    def _sequence(self, path: Path_) -> list[Any]:
        data: list[Any] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            data.append(self._value(event, (*path, len(data))))
        return data

    def _mapping(self, path: Path_) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            self._refuse_references(key)
            if not isinstance(key, yaml.ScalarEvent):
                raise self._fault(key, "a key is a list or a mapping", "a key is one word")
            word = str(key.value)
            if word == "<<" and not key.style:
                raise self._fault(key, "merge keys (<<) are not allowed", "write the keys out")
            if word in data:
                raise self._fault(key, f"the key {word!r} stands twice", "keep one of the two")
            data[word] = self._value(next(self._events), (*path, word))
            self.lines.put((*path, word), _line(key))
        return data

    def _refuse_references(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent):
            raise self._fault(event, f"aliases (*{event.anchor}) are not allowed", "write the value out")
        if event.anchor is not None:
            raise self._fault(event, f"anchors (&{event.anchor}) are not allowed", "write the value out")
        if event.tag is not None:
            raise self._fault(
                event, f"tags ({event.tag}) are not allowed", "quote the value to make it a string"
            )

    def _fault(self, event: Any, cause: str, remedy: str) -> RuleError:
        return RuleError(cause, file=self._name, line=_line(event), remedy=remedy)


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: Any) -> str | int | float | bool | None:
    """A number only when it prints as it was written, so that the words 007 and 3.10 keep their form."""
    text = str(event.value)
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text) if "." in text else int(text)
    return number if str(number) == text else text
