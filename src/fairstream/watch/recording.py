"""What a stream sends → segments on disk, each with its hash, its times and its entry in the custody log.

Coded sound and picture are copied, never encoded anew. A segment is written under a name that ends in
``.part`` and gets its own name only when it is whole and on the disk, so a kill leaves whole segments and one
part. Beside each lies what the recorder of formats.md section 3 calls web-hook events, which tell its
wall-clock times.
"""

import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

from fairstream import __version__
from fairstream.errors import FairstreamError, InputError
from fairstream.evidence.capture import CAPTURES, CaptureRecord, append_captures, capture_file
from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject
from fairstream.evidence.journal import sync_folder
from fairstream.watch.timeline import Break, Opened, Piece, moment

RECORDING: Final = "recording"
PART: Final = ".part"
TOOL: Final = f"fairstream watch {__version__}"
_IN_TS: Final = frozenset(("h264", "hevc", "mpeg1video", "mpeg2video", "aac", "mp3", "mp2", "ac3", "eac3"))
_DIGITS: Final = 6
_SLACK_S: Final = 0.1
"""Sound begins a little before or after the picture; a key frame this much early is taken."""
_LATEST: Final = 4
"""A segment without a key frame is cut at this many times its length."""


class Segment(NamedTuple):
    """A finished segment: its name inside the folder, its record, and its times by the wall clock."""

    name: str
    record: CaptureRecord
    opened_at: datetime
    closed_at: datetime
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where recordings go and who is responsible: `folder` of the watch, `who` records, `source` as shown."""

    folder: Path
    who: str
    source: str
    segment_s: float = 60.0

    @property
    def recordings(self) -> Path:
        return self.folder / RECORDING

    def keep(self, path: Path, at: datetime, *, note: str = "") -> CaptureRecord:
        """Write down a file that came in: its capture record and an entry in the custody log."""
        name = path.relative_to(self.folder).as_posix()
        record = capture_file(
            path, name=name, who=self.who, at=at, method="recorded", source=self.source, tool=TOOL, note=note
        )
        append_captures(self.folder / CAPTURES, [record])
        subject, detail = Subject(name, record.sha256), note or f"recorded from {self.source}"
        CustodyLog(self.folder / CUSTODY).add("capture", subject, who=self.who, detail=detail)
        return record


class Recorder:
    """Writes packets into segments. Every method may raise `InputError` when the disk takes no more."""

    def __init__(self, keeping: Keeping, first: int, on_segment: Callable[[Segment], None]) -> None:
        self.keeping = keeping
        self._number = first
        self._on_segment = on_segment
        self._streams: tuple[Any, ...] = ()
        self._open: _Open | None = None
        self._session = str(uuid.uuid4())

    def opened(self, opened: Opened) -> None:
        """A new connection: what comes next has these streams."""
        self.cut()
        self._streams = opened.streams

    def broke(self, _: Break) -> None:
        """The stream broke: what comes next goes into a new segment."""
        self.cut()

    def write(self, piece: Piece) -> None:
        """One packet, in the order they came."""
        try:
            if self._open is not None and self._open.full(piece, self.keeping.segment_s):
                self.cut()
            if self._open is None:
                self._open = self._begin(piece)
            self._open.write(piece)
        except OSError as error:
            raise self._stopped(error) from error

    def cut(self) -> None:
        """End the segment that is being written, if there is one."""
        writing, self._open = self._open, None
        if writing is None:
            return
        try:
            self._on_segment(self._finish(writing))
        except OSError as error:
            raise self._stopped(error) from error

    def _begin(self, piece: Piece) -> "_Open":
        suffix = "ts" if all(stream.codec_context.name in _IN_TS for stream in self._streams) else "mkv"
        path = self._path(piece, self._number, suffix)
        self._number += 1
        write_whole(path.with_suffix(".jsonl"), self._event("FileOpening", path, piece, {}))
        return _Open(path, "mpegts" if suffix == "ts" else "matroska", self._streams, piece)

    def _finish(self, writing: "_Open") -> Segment:
        begun, first = writing.path, writing.first
        writing.close()
        # By now it is known better when the first packet was sent.
        path = self._path(first, int(begun.stem[-_DIGITS:]), begun.suffix[1:])
        begun.with_name(begun.name + PART).rename(path)
        sync_folder(path.parent)
        opened, closed = moment(first.anchor.wall(first.position)), moment(first.anchor.wall(writing.end))
        duration = writing.end - first.position
        told = {"FileSize": path.stat().st_size, "Duration": duration, "FileCloseTime": closed.isoformat()}
        events = self._event("FileOpening", path, first, {}) + self._event("FileClosed", path, first, told)
        write_whole(path.with_suffix(".jsonl"), events)
        if path != begun:
            begun.with_suffix(".jsonl").unlink()
        record = self.keeping.keep(path, closed)
        return Segment(record.name, record, opened, closed, round(duration * 1000))

    def _path(self, first: Piece, number: int, suffix: str) -> Path:
        start = moment(first.anchor.wall(first.position))
        return self.keeping.recordings / f"{start:%Y%m%d-%H%M%S}-{number:0{_DIGITS}d}.{suffix}"

    def _event(self, kind: str, path: Path, first: Piece, told: dict[str, Any]) -> bytes:
        """One line of BililiveRecorder's web hook, version 2, with what told the time beside it."""
        data = {
            "Name": "",
            "Recording": kind == "FileOpening",
            "SessionId": self._session,
            "RelativePath": path.relative_to(self.keeping.folder).as_posix(),
            "FileOpenTime": moment(first.anchor.wall(first.position)).isoformat(),
            "TimeFrom": first.anchor.time_from,
        }
        event = {
            "EventType": kind,
            "EventTimestamp": moment(first.at).isoformat(),
            "EventId": str(uuid.uuid4()),
            "EventData": data | told,
        }
        return orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE)

    def _stopped(self, error: OSError) -> FairstreamError:
        if self._open is not None:
            self._open.abandon()
            self._open = None
        return InputError(
            f"nothing more can be written ({error.strerror or error}); every finished segment is whole, and "
            f"what came last is kept as {PART}",
            file=self.keeping.recordings,
            remedy="make room, and start the watch on the same folder again",
        )


class _Sink:
    """The file under a container; after an error nothing is written any more."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.failed: OSError | None = None

    def write(self, data: bytes) -> int:
        if self.failed is None:
            try:
                return self.file.write(data)
            except OSError as error:
                self.failed = error
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.file.seek(offset, whence)

    def tell(self) -> int:
        return self.file.tell()


class _Open:
    """The segment that is being written."""

    def __init__(self, path: Path, form: str, streams: tuple[Any, ...], first: Piece) -> None:
        import av

        self.path = path
        self.first = first
        self.end = first.end
        self._packet = av.Packet
        self._sink = _Sink(path.with_name(path.name + PART).open("xb", buffering=0))
        options = {"flush_packets": "1"}
        self._container = av.open(self._sink, "w", format=form, container_options=options)
        self._outs = {
            stream.index: self._container.add_stream_from_template(stream, opaque=True) for stream in streams
        }
        self._has_video = any(stream.type == "video" for stream in streams)
        self._last: dict[int, int] = {}

    def full(self, piece: Piece, segment_s: float) -> bool:
        """Whether the segment is long enough and can be cut before this packet."""
        length = piece.position - self.first.position
        if length < segment_s - _SLACK_S:
            return False
        return (piece.video and piece.key) or not self._has_video or length >= _LATEST * segment_s

    def write(self, piece: Piece) -> None:
        """Copy one packet; times count from the segment's first."""
        offset = round(Fraction(self.first.position).limit_denominator(1_000_000) / piece.time_base)
        packet = self._packet(piece.data)
        packet.stream = self._outs[piece.stream]
        packet.time_base = piece.time_base
        packet.duration = piece.duration
        packet.is_keyframe = piece.key
        stamp = piece.dts if piece.dts is not None else piece.pts
        if stamp is None:
            return
        # A container refuses stamps that do not grow; senders repeat some.
        dts = max(stamp - offset, self._last.get(piece.stream, -(1 << 60)) + 1)
        self._last[piece.stream] = dts
        packet.dts = dts
        packet.pts = max(piece.pts - offset, dts) if piece.pts is not None else dts
        self.end = max(self.end, piece.end)
        self._container.mux_one(packet)
        self._check()

    def close(self) -> None:
        """Write what is still held, and wait until all of it is on the disk."""
        self._container.close()
        self._check()
        os.fsync(self._sink.file.fileno())
        self._sink.file.close()

    def abandon(self) -> None:
        """Leave the part as it is."""
        self._sink.failed = self._sink.failed or OSError()
        self._sink.file.close()

    def _check(self) -> None:
        if self._sink.failed is not None:
            raise self._sink.failed


def write_whole(path: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    part = path.with_name(path.name + PART)
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync_folder(path.parent)
