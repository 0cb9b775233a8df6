"""Chat that a recorder writes beside the stream → messages, as its file grows.

Only new bytes are read. Messages that are whole are given to the readers of `fairstream.sources`; the last
one waits while it is not. What has been read is copied, byte for byte, so that the copy is the beginning of
the file that was followed.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Literal

from fairstream.errors import FairstreamError
from fairstream.records import ChatMessage
from fairstream.sources.chat import read_chat
from fairstream.sources.crowd import Crowd
from fairstream.sources.danmaku import read_danmaku
from fairstream.watch.timeline import moment

_AT_ONCE: Final = 4 << 20
_LONGEST: Final = 1 << 20
"""Bytes read in one step, and most that may wait for the end of one message."""
_START: Final = re.compile(rb"<(?:d|sc|gift|guard|toast|s|o)(?=\s)")
_CLOSED: Final = re.compile(rb"(?:</(?:d|sc|gift|guard|toast|s|o)\s*>|/>)[ \t\r]*(?:\n|(?=<)|\Z)")

Form = Literal["xml", "lines"]


class ChatTail:
    """Follows one chat file: danmaku XML, JSON lines or the console log of a chat tool.

    `start` (seconds since 1970) is when the watch began. `copy` gets the bytes read, None for no copy;
    `done` bytes have been copied by watches before and are not told again. `problems` counts what could not
    be read.
    """

    def __init__(self, path: Path, crowd: Crowd, start: float, copy: Path | None, done: int = 0) -> None:
        self.path = path
        self.problems = 0
        self.messages = 0
        self._crowd = crowd
        self._start = start
        self._copy: BinaryIO | None = None
        self._copy_path = copy
        self._at = done
        self._head = b""
        self._wait = b""
        self._form: Form | None = None
        self._again = done > 0

    def poll(self) -> Sequence[ChatMessage]:
        """Messages that have come whole since the last time; none when the file is not there yet."""
        try:
            new = self._new_bytes()
        except OSError:
            return ()
        if not new:
            return ()
        data = self._wait + new
        end = self._whole(data)
        if not end and len(data) > _LONGEST:
            self.problems += 1
            end = len(data)
        self._wait = data[end:]
        return self._read(data[:end]) if end else ()

    def close(self) -> None:
        """Close the copy."""
        if self._copy is not None:
            self._copy.close()

    def _new_bytes(self) -> bytes:
        with self.path.open("rb") as file:
            size = file.seek(0, 2)
            if size < self._at:
                # Another file under the same name: it is read from its beginning.
                self._at, self._wait, self._head, self._form = 0, b"", b"", None
            if self._again or self._form is None:
                file.seek(0)
                self._recognise(file.read(_LONGEST if self._again else 65536))
                self._again = False
            file.seek(self._at)
            data = file.read(_AT_ONCE)
        self._at += len(data)
        return data

    def _recognise(self, beginning: bytes) -> None:
        opening = beginning.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if not opening:
            return
        self._form = "xml" if opening == b"<" else "lines"
        first = _START.search(beginning) if self._form == "xml" else None
        if first:
            self._head = beginning[: first.start()]

    def _whole(self, data: bytes) -> int:
        """How many bytes from the start hold whole messages."""
        if self._form != "xml":
            return data.rfind(b"\n") + 1
        if not self._head:
            first = _START.search(data)
            if first is None:
                return 0
            self._head = data[: first.start()]
        tail = max(0, len(data) - _LONGEST)
        return max((match.end() for match in _CLOSED.finditer(data, tail)), default=0)

    def _read(self, data: bytes) -> Sequence[ChatMessage]:
        self._keep(data)
        name = self.path.name
        try:
            if self._form == "xml":
                text = data if data.startswith(self._head) else self._head + data
                loaded = read_danmaku(text, name=name, crowd=self._crowd)
                found: Sequence[ChatMessage] = loaded.records
            else:
                started_at = moment(self._start)
                loaded_chat = read_chat(data, name=name, crowd=self._crowd, started_at=started_at)
                found = loaded_chat.records
                self.problems += sum(p.count for p in loaded_chat.problems if p.severity == "skipped")
        except FairstreamError:
            self.problems += 1
            return ()
        return [self._placed(message) for message in found]

    def _placed(self, message: ChatMessage) -> ChatMessage:
        """The message on the watch's clock, numbered through."""
        self.messages += 1
        at: datetime = message.at or moment(time.time())
        start_ms = round((at.timestamp() - self._start) * 1000)
        return replace(
            message, id=f"c{self.messages}", at=at, start_ms=start_ms if start_ms >= 0 else None, place=None
        )

    def _keep(self, data: bytes) -> None:
        if self._copy_path is None:
            return
        if self._copy is None:
            self._copy_path.parent.mkdir(parents=True, exist_ok=True)
            self._copy = self._copy_path.open("xb", buffering=0)
        self._copy.write(data)
