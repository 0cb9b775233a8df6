"""YAML read with the line of every value, so that an error can point at it.

A deliberate subset: mapping keys are always strings (so `on:` stays "on"), only `true`, `false`,
`null`, numbers and strings are scalars, and anchors, tags and merge keys are refused: rule files come
from users and must read the same for everyone.
"""

from pathlib import Path
from typing import Any

import yaml

from fairstream.errors import RuleError

Path_ = tuple[str | int, ...]
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}


class Lines:
    """Line numbers (1-based) by path into the data; unknown paths answer with their parent's line."""

    def __init__(self) -> None:
        self._lines: dict[Path_, int] = {}

    def put(self, path: Path_, line: int) -> None:
        self._lines[path] = line

    def has(self, path: Path_) -> bool:
        """Whether the file has a value at this path."""
        return path in self._lines

    def of(self, path: Path_) -> int:
        while path not in self._lines and path:
            path = path[:-1]
        return self._lines.get(path, 1)


def load_yaml(path: Path) -> tuple[Any, Lines]:
    """Data of one YAML file and the lines of its values.

    Raises `RuleError` with file and line when the file is not UTF-8 or not YAML.
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise RuleError(
            f"not UTF-8 at byte {error.start}", file=path, remedy="save the file as UTF-8"
        ) from error


def parse_yaml(text: str, name: str) -> tuple[Any, Lines]:
    """As `load_yaml`, from a string; `name` is the file shown in errors."""
    lines = Lines()
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise RuleError(
            f"not valid YAML: {getattr(error, 'problem', None) or error}",
            file=name,
            line=mark.line + 1 if mark else None,
            remedy="check indentation, quotes and brackets on this line",
        ) from error
    return (_value(node, (), lines, name) if node is not None else None), lines


def _value(node: yaml.Node, path: Path_, lines: Lines, name: str) -> Any:
    lines.put(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, lines, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, i), lines, name) for i, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path_, lines: Lines, name: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in node.value:
        word = str(key.value)
        if word in data:
            raise RuleError(
                f"the key {word!r} stands twice",
                file=name,
                line=key.start_mark.line + 1,
                remedy="keep one of the two",
            )
        data[word] = _value(value, (*path, word), lines, name)
        lines.put((*path, word), key.start_mark.line + 1)
    return data


def _scalar(node: yaml.Node) -> str | int | float | bool | None:
    text = str(node.value)
    if getattr(node, "style", None) is not None:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if node.tag == "tag:yaml.org,2002:int" and text.lstrip("+-").isdigit():
        return int(text)
    if node.tag == "tag:yaml.org,2002:float":
        try:
            return float(text)
        except ValueError:
            return text
    return text
