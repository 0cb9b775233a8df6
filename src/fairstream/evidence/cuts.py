"""Clips and stills from recordings, the original untouched, each with its relation to it.

A clip is copied packet by packet wherever its codecs allow it, and then begins at the key frame at or
before the time asked for; a `Cut` says what was asked, what it really holds and how it was made. Positions
are milliseconds from the file's first time stamp, as everywhere. The original is only ever opened for
reading, and nothing is written in its place.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from fairstream.errors import FormatError, UsageError
from fairstream.evidence.capture import Parent
from fairstream.evidence.cuts_copy import MUXERS, Copier, Extent, fits, suffix
from fairstream.evidence.cuts_encode import Encoder
from fairstream.evidence.cuts_opening import Opened, clock, codec_of, opened, tool
from fairstream.records import Stretch

Method = Literal["stream_copy", "re_encoded", "decoded_picture"]


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip or still that was taken, and how it relates to its original.

    `asked_*` are the positions asked for, `from_ms` and `to_ms` what it really holds (equal for a still:
    when the picture was first shown). `moved` counts time stamps moved by less than a tenth of a second to
    stand in order, `jumps` places where the clock jumped back and was closed up (only `playable` does that).
    """

    out: str
    sha256: str
    size: int
    source: str
    source_sha256: str
    asked_from_ms: int
    asked_to_ms: int | None
    from_ms: int
    to_ms: int
    method: Method
    tool: str
    video_codec: str | None = None
    audio_codec: str | None = None
    moved: int = 0
    jumps: int = 0

    @property
    def earlier_ms(self) -> int:
        """How much earlier it begins than was asked for, because copying starts at a key frame."""
        return max(0, self.asked_from_ms - self.from_ms)

    def parent(self) -> Parent:
        """How it came from its original, for its capture record."""
        kind = "still" if self.method == "decoded_picture" else "clip"
        return Parent(self.source_sha256, f"{kind}:{self.method}", self.from_ms, self.to_ms)

    def relation(self) -> dict[str, Any]:
        """How it came from its original, in full."""
        return {
            "parent": self.source_sha256,
            "parent_name": self.source,
            "method": self.method,
            "asked_from_ms": self.asked_from_ms,
            "asked_to_ms": self.asked_to_ms,
            "from_ms": self.from_ms,
            "to_ms": self.to_ms,
            "video_codec": self.video_codec,
            "audio_codec": self.audio_codec,
            "moved": self.moved,
            "jumps": self.jumps,
            "tool": self.tool,
        }


class Cutter:
    """Takes many cuts from one recording that stays open, so that what was learned of its index is kept."""

    def __init__(self, source: Path, recording: Opened, sha256: str, name: str) -> None:
        self.source = source
        self.recording = recording
        self.sha256 = sha256
        self.name = name

    @property
    def suffix(self) -> str:
        """The file ending under which clips of it are best kept: ``.mp4``, ``.m4a``, ``.mp3``, ``.wav``, …"""
        return suffix(self.recording)

    def clip(self, out: Path, *, from_ms: int, to_ms: int | None, copy: bool = True) -> Cut:
        """Cut a clip; as `cut_clip`."""
        if from_ms < 0 or (to_ms is not None and to_ms <= from_ms):
            raise UsageError(
                "a clip ends after it begins, and neither is negative", remedy="give --from and --to"
            )
        ending = _ending(out, tuple(MUXERS))
        copied = copy and fits(self.recording, ending)
        with written_beside(self.source, out) as part:
            if copied:
                extent = Copier(self.recording).copy(part, ending, from_ms, to_ms)
            else:
                extent = Encoder(self.recording).encode(part, ending, from_ms, to_ms)
        return self._cut(out, extent, "stream_copy" if copied else "re_encoded", from_ms, to_ms)

    def whole(self, out: Path) -> Cut:
        """The whole recording as a browser plays it; as `playable`."""
        ending = _ending(out, (".mp4", ".m4a"))
        copied = fits(self.recording, ending)
        with written_beside(self.source, out) as part:
            if copied:
                extent = Copier(self.recording, whole=True).copy(part, ending, 0, None)
            else:
                extent = Encoder(self.recording).encode(part, ending, 0, None)
        return self._cut(out, extent, "stream_copy" if copied else "re_encoded", 0, None)

    def still(self, out: Path, *, at_ms: int) -> Cut:
        """Take a still; as `take_still`."""
        if at_ms < 0:
            raise UsageError("a position is not negative", remedy="give a time from the recording's start")
        ending = _ending(out, (".png", ".jpg", ".jpeg"))
        shown_ms, frame = _shown(self.recording, at_ms)
        with written_beside(self.source, out) as part:
            part.write_bytes(picture_bytes(frame, ending))
        return self._cut(out, Extent(shown_ms, shown_ms), "decoded_picture", at_ms, at_ms)

    def _cut(self, out: Path, extent: Extent, method: Method, asked_from: int, asked_to: int | None) -> Cut:
        video, audio = self.recording.video, self.recording.audio
        still = method == "decoded_picture"
        return Cut(
            out=out.name,
            sha256=sha256_of(out),
            size=out.stat().st_size,
            source=self.name,
            source_sha256=self.sha256,
            asked_from_ms=asked_from,
            asked_to_ms=asked_to,
            from_ms=extent.from_ms,
            to_ms=extent.to_ms,
            method=method,
            tool=tool(),
            video_codec=codec_of(video) if video is not None else None,
            audio_codec=codec_of(audio) if audio is not None and not still else None,
            moved=extent.moved,
            jumps=extent.jumps,
        )


@contextmanager
def cutting(
    source: Path, *, sha256: str | None = None, name: str | None = None, stretches: Sequence[Stretch] = ()
) -> Iterator[Cutter]:
    """A recording opened for many cuts. `sha256` is its hash when it is known already; else it is computed.

    `stretches` are those of its `Recording` where all its packets were read for that: a live recording whose
    clock, by them, was never set anew is not read through again. The cuts are the same either way.

    Raises `FormatError` when it is no recording, `UsageError` when there is no such file.
    """
    with opened(source, name=name, stretches=stretches) as recording:
        yield Cutter(source, recording, sha256 or sha256_of(source), name or source.name)


def cut_clip(
    source: Path,
    out: Path,
    *,
    from_ms: int,
    to_ms: int | None,
    copy: bool = True,
    sha256: str | None = None,
    name: str | None = None,
) -> Cut:
    """Cut a clip from one position to another (`to_ms` None: to the end).

    With `copy`, its packets are copied and it begins at the key frame at or before `from_ms`; where the
    codecs cannot stand in a file of `out`'s ending, or without `copy`, it is coded anew and begins and ends
    with the first and last picture within. Raises `FormatError` when the recording cannot be read, ends
    before `from_ms` or its clock jumps back within the stretch; `UsageError` for positions or names that
    do not fit.
    """
    with cutting(source, sha256=sha256, name=name) as cutter:
        return cutter.clip(out, from_ms=from_ms, to_ms=to_ms, copy=copy)


def take_still(
    source: Path, out: Path, *, at_ms: int, sha256: str | None = None, name: str | None = None
) -> Cut:
    """Write the picture shown at a position as PNG (lossless) or JPEG.

    Raises `FormatError` when the recording has no picture there, `UsageError` for a name that does not fit.
    """
    with cutting(source, sha256=sha256, name=name) as cutter:
        return cutter.still(out, at_ms=at_ms)


def playable(source: Path, out: Path, *, sha256: str | None = None, name: str | None = None) -> Cut:
    """The whole of a recording (FLV, TS, …) as an MP4 with its index in front, for playing in a browser.

    Packets are copied; places where the clock jumps back are closed up and counted. Codecs that MP4 does not
    take are coded anew, and the `Cut` says so.
    """
    with cutting(source, sha256=sha256, name=name) as cutter:
        return cutter.whole(out)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def picture_bytes(frame: Any, ending: str) -> bytes:
    """A decoded picture as PNG or JPEG."""
    import av

    codec, pixels = ("png", "rgb24") if ending == ".png" else ("mjpeg", "yuvj444p")
    context: Any = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = frame.width, frame.height, pixels
    context.time_base = frame.time_base or Fraction(1, 1000)
    if codec == "mjpeg":
        context.options = {"qmin": "2", "qmax": "2"}
    picture = frame.reformat(format=pixels)
    return b"".join(bytes(packet) for packet in (*context.encode(picture), *context.encode(None)))


def _shown(recording: Opened, at_ms: int) -> tuple[int, Any]:
    """The picture on the screen at a position, and when it was first shown."""
    import av

    if recording.video is None:
        raise FormatError("it has no picture", file=recording.name, remedy="take a clip of its sound instead")
    key = recording.key_before(at_ms)
    recording.seek(at_ms - key.back_ms)
    best: tuple[int, Any] | None = None
    try:
        for frame in recording.container.decode(recording.video):
            if frame.pts is None:
                continue
            shown = recording.position(frame.pts, frame.time_base or recording.video.time_base)
            if best is not None and shown > at_ms:
                break
            best = (shown, frame)
    except av.error.FFmpegError:
        pass
    if best is None:
        raise FormatError(
            f"no picture can be read at {clock(at_ms)}", file=recording.name, remedy="choose another time"
        )
    return best


def _ending(out: Path, known: tuple[str, ...]) -> str:
    ending = out.suffix.lower()
    if ending not in known:
        raise UsageError(
            f"{ending or 'no ending'} is none that can be written",
            file=out.name,
            remedy=f"use {', '.join(known)}",
        )
    return ending


@contextmanager
def written_beside(source: Path, out: Path) -> Iterator[Path]:
    """A file beside `out` that takes its place when all went well, and is gone when not.

    Raises `FormatError` for what FFmpeg cannot write, such as sound whose rate stands nowhere near the start.
    """
    import av

    if out.exists() and out.samefile(source):
        raise UsageError("a cut never replaces its original", file=out.name, remedy="give another name")
    part = out.with_name(f".{out.stem}.part{os.getpid()}{out.suffix}")
    try:
        yield part
        part.replace(out)
    except av.error.FFmpegError as error:
        if isinstance(error, OSError):
            raise  # the disk, not the recording
        raise FormatError(
            f"its pictures or sound cannot be written into {out.suffix}: {error.strerror}",
            file=source.name,
            remedy="copy the file again from where it was recorded, or convert it",
        ) from error
    finally:
        part.unlink(missing_ok=True)
