"""The custody log: every read, play, export, redaction and sealing, in a chain nobody can quietly change.

`custody.jsonl` holds one JSON object a line and only grows. The last field of a line, ``hash``, is the
SHA-256 of the line without that field; ``previous`` is the hash of the entry before, 64 zeros for the first.
Anyone can recompute entry 3 with standard tools::

    sed -n 3p custody.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\\n' | sha256sum

Changing, moving or removing an entry breaks the chain at that place. Cutting entries off the end cannot be
seen in the log alone: every sealed package holds the head of the log at that time (`contains`).
"""

import hashlib
import json
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, NamedTuple

from fairstream.errors import UsageError
from fairstream.evidence.capture import sayable
from fairstream.evidence.journal import append_lines, ends_torn, growing, lines_backward
from fairstream.evidence.verifier import FIRST, Chain, check_chain, custody_heads, entry_of, open_package
from fairstream.records import CHINA

CUSTODY: Final = "custody.jsonl"
Action = Literal[
    "capture",
    "read",
    "play",
    "export",
    "cut",
    "page",
    "redact",
    "seal",
    "verify",
    "stamp",
    "delete",
    "torn",
    "note",
]


class Subject(NamedTuple):
    """What was handled: a name, and the SHA-256 of its bytes when they were at hand."""

    name: str
    sha256: str | None = None


class Entry(NamedTuple):
    """One entry of the log as it stands on its line."""

    number: int
    at: datetime
    who: str
    action: str
    subject: Subject
    detail: str
    previous: str
    hash: str


class CustodyLog:
    """The log in one file; made with the first entry.

    Several processes may write at the same time. After a kill the log goes on: what was left of a line is
    kept, and an entry with the action ``torn`` says so and covers it by its hash.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(
        self,
        action: Action,
        subject: Subject | str,
        *,
        who: str,
        at: datetime | None = None,
        detail: str = "",
    ) -> Entry:
        """Append an entry and wait until it is on the disk. `at` is now when not given.

        Raises `UsageError` when nobody is named or the time has no zone.
        """
        at = at or datetime.now(CHINA)
        if at.tzinfo is None or not who.strip():
            raise UsageError(
                "an entry of the custody log needs a person and a time with its zone",
                remedy="say who: --who NAME",
            )
        with growing(self.path) as file:
            number, previous = self._tail(file, who, at)
            about = Subject(subject) if isinstance(subject, str) else subject
            line, entry = _line(number + 1, at, who, action, about, detail, previous)
            append_lines(file, [line])
        return entry

    def check(self) -> Chain:
        """The chain as far as it holds, the first entry that breaks it, and lines that broke off."""
        if not self.path.exists():
            return Chain(0, FIRST)
        with self.path.open("rb") as file:
            return check_chain(file)

    def entries(self) -> tuple[Entry, ...]:
        """Every entry that can be read, whole or not: `check` says whether the chain holds."""
        if not self.path.exists():
            return ()
        with self.path.open("rb") as file:
            found = (entry_of(line.rstrip(b"\n")) for line in file)
            return tuple(_entry(data) for data in found if data is not None)

    def contains(self, number: int, digest: str) -> bool:
        """Whether the entry with this number still has this hash: the head a sealed package remembers."""
        return number == 0 or any((entry.number, entry.hash) == (number, digest) for entry in self.entries())

    def _tail(self, file: BinaryIO, who: str, at: datetime) -> tuple[int, str]:
        """Number and hash of the last whole entry; an entry for what broke off behind it is written."""
        left: list[bytes] = []
        number, previous = 0, FIRST
        for line in lines_backward(file):
            data = entry_of(line)
            if data is not None:
                number, previous = data["number"], data["hash"]
                break
            left.append(line)
        # Whole lines that are no entries were written by someone else; only the verifier judges those.
        torn = reversed(left) if ends_torn(file) else ()
        for piece in torn:
            about = Subject(self.path.name, hashlib.sha256(piece).hexdigest())
            said = f"a line of {len(piece)} bytes broke off"
            line, entry = _line(number + 1, at, who, "torn", about, said, previous)
            append_lines(file, [line])
            number, previous = entry.number, entry.hash
        return number, previous


def _line(
    number: int, at: datetime, who: str, action: str, subject: Subject, detail: str, previous: str
) -> tuple[bytes, Entry]:
    """One line of the log without its line break, and the entry on it."""
    fields: dict[str, Any] = {
        "number": number,
        "at": at.isoformat(),
        "who": sayable(who),
        "action": action,
        "subject": {"name": sayable(subject.name), "sha256": subject.sha256},
        "detail": sayable(detail),
        "previous": previous,
    }
    body = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
    digest = hashlib.sha256(body).hexdigest()
    line = body[:-1] + b',"hash":"' + digest.encode() + b'"}'
    return line, _entry(fields | {"hash": digest})


def _entry(data: dict[str, Any]) -> Entry:
    subject = Subject(data["subject"]["name"], data["subject"]["sha256"])
    at = datetime.fromisoformat(data["at"])
    return Entry(
        data["number"],
        at,
        data["who"],
        data["action"],
        subject,
        data["detail"],
        data["previous"],
        data["hash"],
    )


def remembered(package: Path) -> dict[str, tuple[int, str]]:
    """Number and hash of the last entry of each log when a package was sealed, by its path in the package.

    Raises `fairstream.evidence.verifier.NotAPackage`.
    """
    heads = custody_heads(open_package(package))
    return {name: (int(number), digest) for name, (number, digest) in heads.items() if number.isdigit()}
