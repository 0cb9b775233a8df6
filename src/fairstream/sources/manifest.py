"""`broadcast.yaml`: what a folder says of its broadcast, each complaint with its line.

Read node by node, so that values keep the way they were written (a room number keeps its zeros) and every
problem has a line.
"""

import difflib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, TypeVar, get_args

import yaml

from fairstream.errors import FormatError
from fairstream.records import Party, PartyRole
from fairstream.sources.bytes import Source, clean, open_input, read_text
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.times import wall_clock
from fairstream.sources.yamltree import compose

NAMES: Final = ("broadcast.yaml", "broadcast.yml")
ROLES: Final = ("transcript", "chat", "screen", "listings", "shops", "clock", "recordings")
_LIMIT: Final = 1 << 18
_PARTY_ROLES: Final = get_args(PartyRole)
_TRUE: Final = ("true", "yes", "on", "是")
_FALSE: Final = ("false", "no", "off", "否")
_Value = TypeVar("_Value")

_STRING: Final = {"type": "string"}
_PATHS: Final = {"anyOf": [_STRING, {"type": "array", "items": _STRING}]}
_RECORDING: Final = {
    "type": "object",
    "required": ["file"],
    "additionalProperties": False,
    "properties": {
        "file": _STRING,
        "started_at": {**_STRING, "description": "when its first frame was recorded, ISO 8601"},
    },
}
_RECORDINGS: Final = {
    "anyOf": [_STRING, {"type": "array", "items": {"anyOf": [_STRING, _RECORDING]}}],
    "description": "media files; one whose start is known is given with it",
}
_FIELDS: Final[dict[str, dict[str, Any]]] = {
    "id": {
        "type": ["string", "integer"],
        "description": "the folder's name by default",
    },
    "title": {**_STRING, "description": "title as published"},
    "on": {**_STRING, "format": "date", "description": "day of the conduct; decides the law applied"},
    "started_at": {**_STRING, "description": "start of the recording, ISO 8601; Beijing time without a zone"},
    "platform": {**_STRING, "description": "platform that carried it"},
    "room": {"type": ["string", "integer"], "description": "room number or address"},
    "invented": {"type": "boolean", "description": "made-up data; every output repeats it"},
    "notes": {**_STRING, "description": "remarks for the reader of the report"},
    "parties": {
        "type": "array",
        "description": "who has a role in it; never a consumer",
        "items": {
            "type": "object",
            "required": ["role", "name"],
            "additionalProperties": False,
            "properties": {
                "role": {"enum": list(_PARTY_ROLES)},
                "name": _STRING,
                "identifier": {"type": ["string", "integer"]},
                "identifier_kind": _STRING,
                "contact": {"type": ["string", "integer"]},
            },
        },
    },
    "files": {
        "type": "object",
        "description": "part → file or files inside the folder; parts not named are found by content",
        "additionalProperties": False,
        "properties": {role: _RECORDINGS if role == "recordings" else _PATHS for role in ROLES},
    },
}
_PARTY_KEYS: Final = tuple(_FIELDS["parties"]["items"]["properties"])


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file named under `files`, with the line that names it; of a recording also its start, when given."""

    path: str
    line: int
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Contents of a `broadcast.yaml`; everything may be missing."""

    id: str | None = None
    title: str | None = None
    on: date | None = None
    started_at: datetime | None = None
    platform: str | None = None
    room: str | None = None
    invented: bool = False
    notes: str = ""
    parties: tuple[Party, ...] = ()
    files: dict[str, tuple[NamedFile, ...]] = field(default_factory=dict)


def manifest_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `broadcast.yaml`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "broadcast.yaml",
        "description": "What a folder says of its broadcast (直播场次)",
        "type": "object",
        "additionalProperties": False,
        "properties": _FIELDS,
    }


def read_manifest(source: Source, *, name: str | None = None) -> Loaded[Manifest]:
    """The manifest as a single record. Unknown keys and bad values are problems with their lines; a file that
    is no YAML mapping raises `FormatError`.
    """
    file = open_input(source, name, _LIMIT)
    log = ProblemLog(file.name)
    root = compose(read_text(file, log), file.name)
    if root is None:
        return Loaded((Manifest(),), log.problems)
    if not isinstance(root, yaml.MappingNode):
        raise FormatError("no keys with values", file=file.name, line=1, remedy="write lines like 'title: …'")
    reader = _Reader(log)
    values = dict(reader.entries(root, tuple(_FIELDS)))
    manifest = Manifest(
        id=reader.text("id", values),
        title=reader.text("title", values),
        on=reader.parsed("on", values, date.fromisoformat, "a day like 2026-03-01"),
        started_at=reader.parsed("started_at", values, wall_clock, "a time like 2026-03-01T20:00:00+08:00"),
        platform=reader.text("platform", values),
        room=reader.text("room", values),
        invented=reader.parsed("invented", values, _truth, "true or false") or False,
        notes=reader.text("notes", values) or "",
        parties=tuple(reader.parties(values.get("parties"))),
        files=reader.files(values.get("files")),
    )
    return Loaded((manifest,), log.problems)


class _Reader:
    """Values of nodes, with complaints to the log."""

    def __init__(self, log: ProblemLog) -> None:
        self.log = log

    def entries(self, node: yaml.Node, known: tuple[str, ...]) -> Iterator[tuple[str, yaml.Node]]:
        """Known keys and their nodes; unknown ones are reported with the nearest known."""
        if not isinstance(node, yaml.MappingNode):
            return
        for key_node, value in node.value:
            key = clean(str(key_node.value), self.log)[:60]
            if key in known:
                yield key, value
                continue
            near = difflib.get_close_matches(key, known, 1, 0.6)
            nearest = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(known)}"
            self.log.add("unknown_key", _line(key_node), key=key, nearest=nearest)

    def scalar(self, key: str, node: yaml.Node, wanted: str = "text") -> str | None:
        """A plain value; anything else is a problem."""
        if isinstance(node, yaml.ScalarNode):
            empty = node.tag == "tag:yaml.org,2002:null" or not node.value.strip()
            return None if empty else clean(node.value, self.log, _line(node)).strip()
        self.bad(key, node, "a list or mapping", wanted)
        return None

    def text(self, key: str, values: dict[str, yaml.Node]) -> str | None:
        """A text, None when it is missing or empty."""
        return self.scalar(key, values[key]) if key in values else None

    def parsed(
        self, key: str, values: dict[str, yaml.Node], parse: Callable[[str], _Value | None], wanted: str
    ) -> _Value | None:
        """A value read by a parser; a problem when it does not fit."""
        written = self.scalar(key, values[key], wanted) if key in values else None
        if written is None:
            return None
        try:
            value = parse(written)
        except ValueError:
            value = None
        if value is None:
            self.bad(key, values[key], f"'{written[:60]}'", wanted)
        return value

    def parties(self, node: yaml.Node | None) -> Iterator[Party]:
        """The parties, each with its role and name."""
        for item in self.items("parties", node):
            values = dict(self.entries(item, _PARTY_KEYS))
            found = {key: self.text(key, values) for key in _PARTY_KEYS}
            role, name = found["role"], found["name"]
            if role not in _PARTY_ROLES:
                self.bad(
                    "role",
                    values.get("role", item),
                    f"'{role}'" if role else "missing",
                    ", ".join(_PARTY_ROLES),
                )
            elif name is None:
                self.bad("name", item, "missing", "the party's name")
            else:
                rest = (found["identifier"], found["identifier_kind"], found["contact"])
                yield Party(next(known for known in _PARTY_ROLES if known == role), name, *rest)

    def files(self, node: yaml.Node | None) -> dict[str, tuple[NamedFile, ...]]:
        """The files named by role."""
        if node is None:
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.bad("files", node, "no mapping", "lines like 'transcript: talk.srt'")
        return {
            role: tuple(
                file
                for item in ([value] if isinstance(value, yaml.ScalarNode) else self.items(role, value))
                if (file := self.file(role, item))
            )
            for role, value in self.entries(node, ROLES)
        }

    def file(self, role: str, node: yaml.Node) -> NamedFile | None:
        """One named file; a recording may stand with its start."""
        if role != "recordings" or not isinstance(node, yaml.MappingNode):
            path = self.scalar(role, node, "a file name")
            return NamedFile(path, _line(node)) if path else None
        values = dict(self.entries(node, ("file", "started_at")))
        path = self.text("file", values)
        if path is None:
            self.bad("file", node, "missing", "the recording's file name")
            return None
        start = self.parsed("started_at", values, wall_clock, "a time like 2026-03-01T20:00:00+08:00")
        return NamedFile(path, _line(node), start)

    def items(self, key: str, node: yaml.Node | None) -> list[yaml.Node]:
        """The items of a list; one item may stand without the list."""
        if node is None or isinstance(node, yaml.SequenceNode):
            return node.value if node else []
        self.bad(key, node, "no list", "a list, each entry after a dash")
        return []

    def bad(self, key: str, node: yaml.Node, value: str, wanted: str) -> None:
        """Log a value that does not fit."""
        self.log.add("bad_value", _line(node), key=key, value=value, wanted=wanted)


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _truth(written: str) -> bool | None:
    word = written.lower()
    return True if word in _TRUE else False if word in _FALSE else None
