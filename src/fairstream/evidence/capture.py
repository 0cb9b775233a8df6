"""Capture records: what came in, when, how and through whom, with its hash as received.

An authority that keeps a copy, an extract or a recording of electronic data notes the method, the time and
the person (administrative-penalty-procedure-provisions 26). One record says it for one file; `captures.jsonl`
holds them, one JSON object a line, and only grows.
"""

import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, get_args

from fairstream import __version__
from fairstream.errors import FormatError, UsageError
from fairstream.evidence.journal import append_lines, growing
from fairstream.records import Place, Problem

CAPTURES: Final = "captures.jsonl"
TOOL: Final = f"fairstream {__version__}"
Method = Literal[
    "received",
    "recorded",
    "downloaded",
    "page",
    "extracted",
    "converted",
    "cut",
    "redacted",
    "written",
    "found",
]
"""How a file came: handed in by someone; recorded from a stream or a screen; fetched from an address; a page
kept whole; taken out of another file; written anew in another form; cut from a recording; made unreadable in
part; written by the program as a result; or found in the folder at sealing, nobody having said how it got
there."""
METHODS: Final = frozenset(get_args(Method))
ORIGINAL_METHODS: Final = frozenset({"received", "recorded", "downloaded", "page", "found"})
_HEX: Final = frozenset("0123456789abcdef")


class Parent(NamedTuple):
    """What a file was made from: the SHA-256 of the original, how (clip, still, redacted copy, …), and the
    stretch of it in milliseconds by the original's own time stamps when it is one."""

    sha256: str
    relation: str
    from_ms: int | None = None
    to_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """One file as it came in.

    `name` is as received, `sha256` and `size` (bytes) of the bytes as received. `who` did it, `at` (with
    zone) it was done, `where` (a place; else the computer it was done on), by `method`, with `tool` (name and
    version), from `source` (a person, an address, a device). `parent` is set on what was made from another
    file.
    """

    id: str
    name: str
    sha256: str
    size: int
    who: str
    at: datetime
    method: Method
    source: str
    tool: str
    note: str = ""
    parent: Parent | None = None
    where: str = ""

    @property
    def original(self) -> bool:
        """Whether this is a thing that came in, not one made from another or written as a result."""
        return self.parent is None and self.method in ORIGINAL_METHODS


class Captures(NamedTuple):
    """What a file of capture records holds, and the lines that could not be used."""

    records: tuple[CaptureRecord, ...]
    problems: tuple[Problem, ...] = ()


def capture_file(
    path: Path,
    *,
    name: str,
    who: str,
    at: datetime,
    method: Method,
    source: str,
    tool: str = TOOL,
    note: str = "",
    parent: Parent | None = None,
    where: str = "",
) -> CaptureRecord:
    """The record of the file at `path`, which is read once, block by block.

    Raises `UsageError` when `at` has no zone, `who` or `name` is empty, or the method is not known; `OSError`
    when the file cannot be read.
    """
    if at.tzinfo is None:
        raise UsageError("the time of a capture has no zone", remedy="give the time with its zone, +08:00")
    if not who.strip() or not name:
        raise UsageError(
            "a capture needs the name of the file and of the person", remedy="say who took it in: --who NAME"
        )
    if method not in METHODS:
        raise UsageError(f"{method!r} is no method", remedy=f"use one of: {', '.join(sorted(METHODS))}")
    sha256, size = hash_file(path)
    name, who, source, tool, note, where = map(sayable, (name, who, source, tool, note, where or here()))
    return CaptureRecord(
        record_id(name, sha256), name, sha256, size, who, at, method, source, tool, note, parent, where
    )


def here() -> str:
    """Where something is done when nobody says: on this computer, by its name."""
    return f"computer {platform.node() or 'without a name'}"


def hash_file(path: Path) -> tuple[str, int]:
    """SHA-256 in lower-case hex and size in bytes, read in blocks."""
    digest = hashlib.sha256()
    size = 0
    block = bytearray(1 << 20)
    view = memoryview(block)
    with path.open("rb", buffering=0) as file:
        while count := file.readinto(block):
            digest.update(view[:count])
            size += count
    return digest.hexdigest(), size


def record_id(name: str, sha256: str) -> str:
    """The same name with the same bytes is one capture: its id follows from both."""
    return "cap-" + hashlib.sha256(f"{sha256} {name}".encode()).hexdigest()[:16]


def append_captures(path: Path, records: Iterable[CaptureRecord]) -> tuple[CaptureRecord, ...]:
    """Write the records that are not there yet at the end of `path`; returns those written.

    The first record of a name with the same bytes stays: taking a file in twice changes nothing.
    """
    with growing(path) as file:
        file.seek(0)
        known = {record.id for record in _parsed(file.read(), path.name).records}
        fresh: dict[str, CaptureRecord] = {}
        for record in records:
            if record.id not in known:
                fresh.setdefault(record.id, record)
        append_lines(file, [as_line(record) for record in fresh.values()])
    return tuple(fresh.values())


def read_captures(path: Path) -> Captures:
    """The records of a file in the order they were written; a file that is not there holds none.

    Lines that cannot be used are told as problems with their number and lose nothing else.
    """
    if not path.exists():
        return Captures(())
    return _parsed(path.read_bytes(), str(path))


def as_line(record: CaptureRecord) -> bytes:
    """The record as one line of JSON without its line break."""
    data = asdict(record)
    data["at"] = record.at.isoformat()
    data["parent"] = record.parent._asdict() if record.parent else None
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def record_of(data: Any, *, file: str = "", line: int | None = None) -> CaptureRecord:
    """The record in one parsed line. Raises `FormatError` that names what is wrong."""
    try:
        return _record(data)
    except (KeyError, TypeError, ValueError) as error:
        said = f"the field {error} is missing" if isinstance(error, KeyError) else str(error)
        raise FormatError(
            f"this is no capture record: {said[:200]}",
            file=file or None,
            line=line,
            remedy="records are written by the program and never by hand; ask for the file again",
        ) from None


def _parsed(content: bytes, file: str) -> Captures:
    records, problems = [], []
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            records.append(record_of(_json(line), file=file, line=number))
        except FormatError as error:
            problems.append(Problem(Place(file, number), error.cause, error.remedy or ""))
    return Captures(tuple(records), tuple(problems))


def _json(line: bytes) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise FormatError(
            "the line is not whole",
            remedy="a writer was stopped here; the file it was about can be taken again",
        ) from None


def _record(data: Any) -> CaptureRecord:
    if not isinstance(data, dict):
        raise ValueError("the line holds no object")
    at = datetime.fromisoformat(_text(data, "at"))
    if at.tzinfo is None:
        raise ValueError("its time has no zone")
    if data["method"] not in METHODS:
        raise ValueError(f"the method {data['method']!r} is not known")
    size = data["size"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0:
        raise ValueError("its size is no whole number")
    parent = data.get("parent")
    return CaptureRecord(
        id=_text(data, "id"),
        name=_text(data, "name"),
        sha256=_hash(data["sha256"]),
        size=size,
        who=_text(data, "who"),
        at=at,
        method=data["method"],
        source=_text(data, "source"),
        tool=_text(data, "tool"),
        note=str(data.get("note") or ""),
        parent=None if parent is None else _parent(parent),
        where=str(data.get("where") or ""),
    )


def _parent(data: Any) -> Parent:
    if not isinstance(data, dict):
        raise ValueError("its relation to an original is no object")
    times = data.get("from_ms"), data.get("to_ms")
    if any(not isinstance(time, int | None) or isinstance(time, bool) for time in times):
        raise ValueError("the stretch of its original is not given in whole milliseconds")
    return Parent(_hash(data["sha256"]), _text(data, "relation"), *times)


def _text(data: Any, name: str) -> str:
    value = data[name]
    if not isinstance(value, str):
        raise ValueError(f"the field {name!r} is no text")
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64 or not set(value) <= _HEX:
        raise ValueError("a SHA-256 is not 64 hexadecimal digits in lower case")
    return value


def sayable(text: str) -> str:
    """Bytes of a name that are not UTF-8 are written as =XX, so that the record can be read anywhere."""
    return (
        "".join(
            f"={ord(character) - 0xDC00:02X}" if 0xDC80 <= ord(character) <= 0xDCFF else character
            for character in text
        )
        .encode(errors="replace")
        .decode()
    )
