"""JSON from outside: fast when it is clean, tolerant when it is not.

orjson reads what follows the standard. Lone surrogates, NaN and the like, which Python's own writers
produce, go to the standard library; a file that breaks off keeps the whole items of its list.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import orjson

from fairstream.errors import FormatError
from fairstream.sources.bytes import clean
from fairstream.sources.problems import ProblemLog

_SUSPECT: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_LIST: Final = re.compile(r'(?:"(\w+)"\s*:\s*|^\s*)\[(?=\s*\{)')


def parse_json(text: str, log: ProblemLog) -> Any:
    """The value in `text`. Raises `FormatError` when nothing can be saved."""
    try:
        return _loads(text, log, None)
    except RecursionError:
        raise FormatError(
            "the JSON is nested too deep", file=log.file, remedy="this is not data; ask for another file"
        ) from None
    except ValueError as error:
        return _salvage(text, log, error)


def parse_json_lines(text: str, log: ProblemLog) -> Iterator[tuple[int, dict[str, Any]]]:
    """Line number and object of every line that holds one; the others go to `log`."""
    for number, line in enumerate(text.split("\n"), 1):
        if not line or line.isspace():
            continue
        try:
            value = _loads(line, log, number)
        except (ValueError, RecursionError):
            log.add("json_line", number)
            continue
        if isinstance(value, dict):
            yield number, value
        else:
            log.add("row_shape", number)


def _loads(text: str, log: ProblemLog, line: int | None) -> Any:
    try:
        value = orjson.loads(text)
    except ValueError as error:
        if "depth limit" in str(error):
            raise RecursionError from None
        value = json.loads(text)
    return _clean(value, log, line) if _SUSPECT.search(text) else value


def _clean(value: Any, log: ProblemLog, line: int | None) -> Any:
    if isinstance(value, str):
        return clean(value, log, line)
    if isinstance(value, list):
        return [_clean(item, log, line) for item in value]
    if isinstance(value, dict):
        return {clean(key, log, line): _clean(item, log, line) for key, item in value.items()}
    return value


def _salvage(text: str, log: ProblemLog, error: ValueError) -> Any:
    """The whole items of the first list of objects in a file that breaks off."""
    start = _LIST.search(text)
    items = [] if start is None else list(_items(text, start.end()))
    if start is None or not items:
        raise FormatError(
            f"the file is not JSON ({str(error)[:80]})",
            file=log.file,
            remedy="correct the file, or ask for it again",
        ) from error
    log.add("json_cut", text.count("\n") + 1)
    items = _clean(items, log, None)
    return {start.group(1): items} if start.group(1) else items


def _items(text: str, at: int) -> Iterator[Any]:
    decoder = json.JSONDecoder()
    space = re.compile(r"[\s,]*")
    while True:
        gap = space.match(text, at)
        at = gap.end() if gap else at
        try:
            item, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        yield item
