"""JSON lines, JSON arrays and JSON objects with lists inside → tables of rows with dotted names."""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any, Final

import orjson

from fairstream.errors import FormatError
from fairstream.sources.bytes import MIB, clean, decode
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.posts.convert import BATCH, Raw, note_drift, wanted_columns
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Header, Shape, best_shape, shipped_shapes
from fairstream.sources.posts.tables import MOST_COLUMNS, SAMPLE, raw_of
from fairstream.sources.posts.texts import Utf8
from fairstream.sources.problems import ProblemLog

Rows = tuple[list[int], list[dict[str, Any]]]
"""Numbers of lines or entries, and the objects there."""

_AT_ONCE: Final = 32 * MIB
_LONGEST: Final = 64 * MIB
_BLOCK: Final = 2 * MIB
_DEEPEST: Final = 6
_ARRAY: Final = re.compile(r"\s*\[")
_GAP: Final = re.compile(r"[\s,]*")


@dataclass(frozen=True)
class JsonTable:
    """Objects of one file. `way` is "lines", "array" or "object"; `name` is the dotted path of the list
    inside an object, and its rows are counted from 1."""

    origin: Origin
    way: str
    name: str = ""
    columns: tuple[str, ...] = ()
    parts: tuple[tuple[int | None, int | None], ...] = ((None, None),)
    first: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    @property
    def format(self) -> str:
        """JSONL or JSON."""
        return "JSONL" if self.way == "lines" else "JSON"

    def sample(self) -> list[dict[str, Any]]:
        """The first objects, flattened to dotted names."""
        return [dict(_flat(row)) for row in self.first]

    def read(self, shape: Shape, part: int | None, log: ProblemLog) -> Iterator[Raw]:
        """Chunks of rows with the columns that `shape` wants."""
        seen = dict.fromkeys(self.columns)
        named = shape.named
        outer = {name for name in seen if "." not in name}
        for lines, rows in _chunks(self.origin, self.way, self.name, log):
            if new := set().union(*rows) - outer:
                outer |= new
                fresh = islice((row for row in rows if not new.isdisjoint(row)), SAMPLE)
                seen |= dict.fromkeys(_columns(fresh))
            columns = _wanted(shape, tuple(seen))
            values = (_values(name, rows, nested=name in named) for name in columns)
            yield raw_of(columns, values, lines)
        note_drift(shape, tuple(seen), log)


def json_tables(origin: Origin, head: bytes, log: ProblemLog) -> list[JsonTable]:
    """The tables of a file that begins, in UTF-8, with "{" or "[". Raises `FormatError`, `LimitError`."""
    way = _way(head)
    names = [""]
    if way == "object":
        names = _names(_object(origin, log))
    return [table for name in names if (table := _sampled(origin, way, name)) is not None]


def _sampled(origin: Origin, way: str, name: str) -> JsonTable | None:
    """The table with its first rows; what is wrong with them is told when it is read."""
    quiet = ProblemLog(origin.name)
    rows: list[dict[str, Any]] = []
    for _, found in _chunks(origin, way, name, quiet):
        rows += found[: SAMPLE - len(rows)]
        if len(rows) >= SAMPLE:
            break
    if not rows:
        return None
    return JsonTable(origin, way, name, _columns(rows), first=tuple(rows[:SAMPLE]))


def _way(head: bytes) -> str:
    """How the objects of a file follow each other, told from its beginning."""
    text = head.decode("utf-8", "ignore").lstrip()
    if text.startswith("["):
        return "array"
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    whole = [line for line in lines if _is_object(line)]
    if not whole or (len(lines) == 1 and (len(head) >= 65536 or _has_list(whole[0]))):
        return "object"
    return "lines"


def _is_object(line: str) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except ValueError:
        return False


def _has_list(line: str) -> bool:
    return any(name for name in _lists(orjson.loads(line)))


def _object(origin: Origin, log: ProblemLog) -> Any:
    return parse_json(decode(origin.data(), log), log)


def _names(value: Any) -> list[str]:
    """Paths of the lists in an object; none when the object itself is an item that a collector wrote."""
    shape = best_shape(_columns([value]), shipped_shapes()) if isinstance(value, dict) else None
    return [""] if shape is not None and not shape.usual else list(_lists(value))


def _lists(value: Any, path: str = "", depth: int = 0) -> Iterator[str]:
    """Paths of the lists of objects in `value`; the value itself when there are none."""
    found = list(_inner_lists(value, path, depth))
    yield from found or [""]


def _inner_lists(value: Any, path: str, depth: int) -> Iterator[str]:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for key, inner in value.items():
        name = f"{path}.{key}" if path else str(key)
        if isinstance(inner, list) and inner and isinstance(inner[0], dict):
            yield name
        else:
            yield from _inner_lists(inner, name, depth + 1)


def _chunks(origin: Origin, way: str, name: str, log: ProblemLog) -> Iterator[Rows]:
    if way == "lines":
        yield from _lines(origin, log)
    elif way == "array":
        yield from _batched(enumerate(_array(origin, log), 1), log)
    else:
        value = _object(origin, log)
        found = _at(value, name) if name else [value]
        yield from _batched(enumerate(found if isinstance(found, list) else [], 1), log)


def _batched(entries: Iterable[tuple[int, Any]], log: ProblemLog | None = None) -> Iterator[Rows]:
    numbers: list[int] = []
    rows: list[dict[str, Any]] = []
    for number, entry in entries:
        if isinstance(entry, dict):
            numbers.append(number)
            rows.append(entry)
        elif log:
            log.add("row_shape", number)
        if len(rows) >= BATCH:
            yield numbers, rows
            numbers, rows = [], []
    if rows:
        yield numbers, rows


def _lines(origin: Origin, log: ProblemLog) -> Iterator[Rows]:
    """Blocks of whole lines; a block that is clean throughout is parsed by one call."""
    stream = Utf8(origin, log)
    start = 1
    for block in _blocks(stream, log):
        lines = block.split(b"\n")
        rows = None
        if b"\\u" not in block or not _SUSPECT.search(block):
            rows = _at_once(lines)
        if rows is None:
            found = list(_one_by_one(lines, start, log))
            numbers, rows = [number for number, _ in found], [row for _, row in found]
        else:
            numbers = [start + at for at, line in enumerate(lines) if line and not line.isspace()]
        start += len(lines) - (not lines[-1])
        if rows:
            yield numbers, rows
    stream.close()


_SUSPECT: Final = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def _at_once(lines: list[bytes]) -> list[dict[str, Any]] | None:
    filled = [line for line in lines if line and not line.isspace()]
    try:
        rows = orjson.loads(b"[" + b",".join(filled) + b"]")
    except ValueError:
        return None
    return rows if len(rows) == len(filled) and all(type(row) is dict for row in rows) else None


def _one_by_one(lines: list[bytes], start: int, log: ProblemLog) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(lines, start):
        text = line.decode("utf-8", "replace").strip().rstrip(",")
        if not text or text in ("[", "]"):
            continue
        found = ProblemLog(log.file)
        for _, row in parse_json_lines(text, found):
            yield number, row
        for problem in found.problems:
            code = "json_line" if problem.cause.startswith("the line") else "row_shape"
            code = "controls" if problem.severity == "repaired" else code
            log.add(code, number)


def _blocks(stream: Utf8, log: ProblemLog) -> Iterator[bytes]:
    """Whole lines, some MiB at a time; a line longer than any object is left out."""
    rest = b""
    while block := stream.read(_BLOCK):
        cut = block.rfind(b"\n") + 1
        if not cut:
            rest += block
            if len(rest) > _LONGEST:
                raise FormatError(
                    f"a line longer than {_LONGEST // MIB} MiB",
                    file=log.file,
                    remedy="give one object a line",
                )
            continue
        yield rest + block[:cut]
        rest = block[cut:]
    if rest.strip():
        yield rest


def _array(origin: Origin, log: ProblemLog) -> Iterator[Any]:
    stream = Utf8(origin, log)
    parts: list[bytes] = []
    size = 0
    while size <= _AT_ONCE and (block := stream.read(_BLOCK)):
        parts.append(block)
        size += len(block)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    text = decoder.decode(b"".join(parts))
    if size <= _AT_ONCE:
        value = parse_json(text, log)
        yield from value if isinstance(value, list) else next(iter(value.values()))
        return
    yield from _items(text, (decoder.decode(block) for block in iter(partial(stream.read, _BLOCK), b"")), log)


def _items(text: str, more: Iterator[str], log: ProblemLog) -> Iterator[Any]:
    """Objects of an array too long to be parsed at once, while it is read."""
    decoder = json.JSONDecoder()
    opening = _ARRAY.match(text)
    at = opening.end() if opening else 0
    while True:
        gap = _GAP.match(text, at)
        at = gap.end() if gap else at
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            if text[at : at + 1] == "]":
                return
            block = next(more, "")
            if not block or len(text) - at > _LONGEST:
                log.add("json_cut")
                return
            text, at = text[at:] + block, 0
            continue
        yield _cleaned(item, log) if _SUSPECT_TEXT.search(text, at, end) else item
        at = end


_SUSPECT_TEXT: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def _cleaned(item: Any, log: ProblemLog) -> Any:
    if isinstance(item, str):
        return clean(item, log)
    if isinstance(item, list):
        return [_cleaned(entry, log) for entry in item]
    if isinstance(item, dict):
        return {clean(key, log): _cleaned(entry, log) for key, entry in item.items()}
    return item


def _columns(rows: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """Dotted names of all rows, outer ones before their inner ones."""
    found: dict[str, None] = {}
    for row in rows:
        found |= dict.fromkeys(name for name, _ in _flat(row))
        if len(found) > MOST_COLUMNS * 4:
            break
    return tuple(found)


def _flat(row: dict[str, Any], path: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        name = f"{path}.{key}" if path else str(key)
        yield name, value
        if isinstance(value, dict) and depth < _DEEPEST:
            yield from _flat(value, name, depth + 1)


def _wanted(shape: Shape, columns: tuple[str, ...]) -> list[str]:
    """Columns to take: outer ones or named ones; and named paths that the first rows may lack."""
    header = Header(columns)
    named = set(header.all(tuple(shape.named)))
    found = [name for name in wanted_columns(shape, columns) if "." not in name or name in named]
    used = {name for field in shape.columns.values() for name in field.names} - shape.known
    late = [name for name in sorted(used) if "." in name and header.find(name) is None]
    return found + [name for name in late if header.find(name.split(".")[0]) is not None]


def _values(name: str, rows: list[dict[str, Any]], *, nested: bool) -> list[Any]:
    """Values of one column; an object that nobody named may hold anything, names too, and is left out."""
    if "." in name:
        return [row[name] if name in row else _at(row, name) for row in rows]
    values = [row.get(name) for row in rows]
    if nested or not any(isinstance(value, dict | list) for value in values):
        return values
    return [None if _is_nested(value) else value for value in values]


def _is_nested(value: object) -> bool:
    return isinstance(value, dict) or (
        isinstance(value, list) and any(isinstance(v, dict | list) for v in value)
    )


def _at(value: Any, path: str) -> Any:
    for step in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value
