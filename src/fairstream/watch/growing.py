"""A growing recording, or a folder into which a recorder writes, → its packets as they are written.

Files are read by Python and handed to the decoder without a way to seek or to open anything else. Their form
is told by their first bytes.
"""

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final

from fairstream.errors import FormatError, InputError
from fairstream.records import Words
from fairstream.sources.recorders import start_in_name
from fairstream.watch.stream import Reading, chosen_streams, piece_of
from fairstream.watch.timeline import Ended, Event, Lost, Opened, TimeFrom, Timeline

_SUFFIXES: Final = frozenset((".ts", ".flv", ".mp4", ".mkv", ".m4a", ".aac", ".mp3", ".m2ts", ".webm"))
_POLL_S: Final = 0.2
_HEAD: Final = 1024
_SETTLE_S: Final = 1.0
"""How long a file rests, when a newer one is there, before it counts as finished."""
_NEXT: Final = Words("录像的下一个文件", "the next file of the recording")
_ENDED: Final = Words("文件不再增长", "the file has stopped growing")
_STOPPED: Final = Words("已按要求停止", "stopped as asked")


def follow_path(path: Path, reading: Reading, stop: threading.Event) -> Iterator[Event]:
    """The packets of a file that grows, or of the files of a folder in the order of their names.

    Raises `InputError` when there is no such path, `FormatError` when a single file is no recording.
    """
    if path.is_dir():
        return _Folder(path, reading, stop).events()
    if not path.is_file():
        raise InputError("there is no such file or folder", file=path, remedy="check the name")
    return _File(path, reading, stop).events()


def form_of(head: bytes) -> str | None:
    """The demuxer for a file by its first bytes; None when it is no recording of a known form."""
    if head[:3] == b"FLV":
        return "flv"
    if head[4:8] in (b"ftyp", b"styp", b"moov"):
        return "mp4"
    if head[:4] == b"\x1aE\xdf\xa3":
        return "matroska"
    if head[:1] == b"G" and (len(head) < 189 or head[188:189] == b"G"):
        return "mpegts"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2):
        return "mp3"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    return None


def _index_first(head: bytes) -> bool:
    """Whether the index of an mp4 stands before its sound and picture (ISO/IEC 14496-12, section 4.2)."""
    at = 0
    while at + 8 <= len(head):
        size, kind = int.from_bytes(head[at : at + 4], "big"), head[at + 4 : at + 8]
        if kind in (b"moov", b"moof", b"mdat"):
            return kind != b"mdat"
        at += max(size, 8)
    return True


class _Tail:
    """Bytes of a growing file; a read waits for more, and is empty once the file is finished."""

    def __init__(self, path: Path, reading: Reading, stop: threading.Event, newer: Any) -> None:
        self.path = path
        self._file = path.open("rb")
        self._idle_s = reading.idle_s
        self._stop = stop
        self._newer = newer
        self._head = b""
        self._done = False

    def read(self, size: int = -1) -> bytes:
        """At least one byte, unless the file is finished or the watch stops."""
        data, self._head = self._head[:size], self._head[size:]
        return data or self._more(size)

    def head(self, size: int) -> bytes:
        """The first bytes, which stay to be read."""
        while len(self._head) < size and (more := self._more(size - len(self._head))):
            self._head += more
        return self._head

    def _more(self, size: int) -> bytes:
        """New bytes of the file, waited for."""
        rest_since = time.monotonic()
        while not (data := self._file.read(size)) and not (self._stop.is_set() or self._done):
            rested = time.monotonic() - rest_since
            if rested >= self._idle_s or (rested >= _SETTLE_S and self._newer()):
                self._done = True
                break
            self._stop.wait(_POLL_S)
        return data

    def finished(self) -> BinaryIO:
        """The whole file, from its beginning, once it is finished."""
        while self.read(1 << 20):
            pass
        self._file.seek(0)
        return self._file

    def modified(self) -> float:
        """When the last byte there is was written, at the latest."""
        return self.path.stat().st_mtime

    def close(self) -> None:
        self._file.close()


class _File:
    """One file as it grows."""

    def __init__(self, path: Path, reading: Reading, stop: threading.Event) -> None:
        self.path = path
        self.reading = reading
        self.stop = stop
        self.timeline = Timeline("modified")
        self._named: float | None = None

    def events(self) -> Iterator[Event]:
        yield from self._packets(self.path, lambda: False)
        if not self.timeline.begun and not self.stop.is_set():
            raise _no_recording(self.path)
        yield Ended(_STOPPED if self.stop.is_set() else _ENDED)

    def _packets(self, path: Path, newer: Any) -> Iterator[Event]:
        import av

        av.logging.set_level(None)
        tail = _Tail(path, self.reading, self.stop, newer)
        try:
            form = form_of(tail.head(_HEAD))
            if form is None:
                if tail.head(1) and not self.stop.is_set():
                    raise _no_recording(path)
                return
            self.timeline.reopened(_NEXT, self._start(av, path, form))
            yield from self._read(av, tail, form)
        except (av.error.FFmpegError, ValueError):
            # A broken file ends here; whatever was whole in it has been given.
            return
        finally:
            tail.close()

    def _start(self, av: Any, path: Path, form: str) -> tuple[TimeFrom, float] | None:
        """When the file began: by its name, else by its last change and its length so far.

        A recorder that cuts gives all parts the time of the first, so the same time counts once.
        """
        start = start_in_name(path.name)
        named = start.timestamp() if start else None
        again = named == self._named
        self._named = named
        if named is not None and not again:
            return "file_name", named
        try:
            with path.open("rb") as file, av.open(file, format=form) as container:
                length = container.duration
        except (av.error.FFmpegError, ValueError):
            return None
        return ("modified", path.stat().st_mtime - length / 1e6) if length and length > 0 else None

    def _read(self, av: Any, tail: _Tail, form: str) -> Iterator[Event]:
        if form == "mp4" and not _index_first(tail.head(_HEAD)):
            # An mp4 whose index stands at its end can be read once it is finished.
            container = av.open(tail.finished(), format=form, metadata_errors="replace")
        else:
            container = av.open(tail, format=form, metadata_errors="replace")
        streams = chosen_streams(container)
        if not streams:
            raise _no_recording(tail.path)
        yield Opened(streams, form, False)
        for packet in container.demux(*streams):
            piece = piece_of(packet, min(time.time(), tail.modified()), self.timeline.anchor)
            taken = self.timeline.take(piece) if piece else None
            if taken is not None:
                if taken[0]:
                    yield taken[0]
                yield taken[1]
            if self.stop.is_set():
                return


class _Folder(_File):
    """Files in a folder, the last of which grows."""

    def events(self) -> Iterator[Event]:
        done: set[str] = set()

        def newer() -> bool:
            return any(path.name not in done for path in _media(self.path))

        rest_since = time.monotonic()
        while not self.stop.is_set():
            waiting = [path for path in _media(self.path) if path.name not in done]
            if not waiting:
                if time.monotonic() - rest_since >= self.reading.idle_s:
                    break
                self.stop.wait(_POLL_S)
                continue
            done.add(waiting[0].name)
            try:
                yield from self._packets(waiting[0], newer)
            except FormatError:
                yield Lost(0, _left_out(waiting[0].name), 0.0)
            rest_since = time.monotonic()
        yield Ended(_STOPPED if self.stop.is_set() else _ENDED)


def _media(folder: Path) -> list[Path]:
    """The recordings in a folder, in the natural order of their names."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file()]
    return sorted(found, key=_natural)


def _natural(path: Path) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"([0-9]+)", path.name)]


def _no_recording(path: Path) -> FormatError:
    return FormatError(
        "this is no recording that can be read while it grows",
        file=path,
        remedy="give a ts, flv, mkv or fragmented mp4 file, or the folder a recorder writes into",
    )


def _left_out(name: str) -> Words:
    return Words(f"{name} 不是可读取的录像，已跳过", f"{name} is no recording and is left out")
