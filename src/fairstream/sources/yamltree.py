"""YAML from outside → nodes with lines, without what small files blow up with.

Anchors are refused: they have no use here and can blow a small file up (CWE-776); so is deep nesting.
"""

from contextlib import suppress
from typing import Any, Final

import yaml

from fairstream.errors import FormatError

_DEEPEST: Final = 8
_FAST: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def compose(text: str, name: str, example: str = "title: …") -> yaml.Node | None:
    """The root node, None when nothing is written. Raises `FormatError` with line and remedy."""
    # The quick parser refuses half of a surrogate pair, which the other one keeps.
    with suppress(yaml.YAMLError):
        return _composed(text, name, example, _FAST)
    try:
        return _composed(text, name, example, yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        cause = getattr(error, "problem", None) or "this is not YAML"
        line = mark.line + 1 if mark else None
        raise FormatError(
            str(cause), file=name, line=line, remedy="correct the line; mind indents and colons"
        ) from None


def _composed(text: str, name: str, example: str, loader: Any) -> yaml.Node | None:
    _refuse(text, name, example, loader)
    return yaml.compose(text, Loader=loader)


def _refuse(text: str, name: str, example: str, loader: Any) -> None:
    """Raise at the first anchor or at nesting deeper than any file of ours has."""
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else None
        if depth > _DEEPEST:
            raise FormatError("nested too deep", file=name, line=line, remedy=f"write lines like '{example}'")
        if getattr(event, "anchor", None):
            raise FormatError("an anchor (& or *)", file=name, line=line, remedy="write it out")
