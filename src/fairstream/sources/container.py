"""One media file, opened with PyAV and nothing else: its packets on a clock that begins at 0 and never runs
back, and its frames. The only file of the readers that imports PyAV.

Only the formats named here are opened, and only the file itself: a playlist, a list of files or a session
description is refused before it can name another file or address.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from fairstream.errors import FormatError, InputError, LimitError
from fairstream.sources.boxes import Movie, read_movie
from fairstream.sources.problems import ProblemLog
from fairstream.stamps import SECOND, PacketStamps, Placed, Unroller

MOST_PIXELS: Final = 1 << 26
"""Pictures above 64 megapixels are refused: no live stream has them, and one takes 400 MiB."""
MOST_STREAMS: Final = 64
LONGEST_MS: Final = 48 * 3_600_000
"""Reading stops at this position: a small file can claim any length."""
FORMATS: Final = "mov,mp4,m4a,flv,mpegts,matroska,webm,mp3,wav,aac,flac,ogg,avi,asf,mpeg,amr"
_OPTIONS: Final = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "file",
    "max_streams": str(MOST_STREAMS + 1),
    "probesize": "10000000",
    "max_pixels": str(MOST_PIXELS),
}
_PATIENCE: Final = (30.0, 30.0)
_MOST_ERRORS: Final = 50


@dataclass(slots=True)
class Opened:
    """An open file, its first video and audio stream, and the clock its packets are placed on."""

    container: Any
    name: str
    movie: Movie | None = None
    video: Any = None
    audio: Any = None
    stamp_of: PacketStamps = field(init=False)
    unroller: Unroller[Any] = field(init=False)

    def __post_init__(self) -> None:
        # Sound joined on in an Ogg file may count in another unit.
        self.stamp_of = PacketStamps(fixed=self.container.format.name != "ogg")
        self.unroller = Unroller(self.stamp_of, origin=self.container.start_time)

    def packets(self, log: ProblemLog) -> Iterator[tuple[Any, Placed]]:
        """Packets of both streams in file order with their places, their stamps set to these."""
        for packet, placed in self.unroller.places(self._raw(log)):
            if placed.dts > LONGEST_MS * 1000:
                log.add("media_long", hours=LONGEST_MS // 3_600_000)
                return
            up, down = self.stamp_of.unit(packet)
            packet.pts = placed.pts * down // up
            packet.dts = placed.dts * down // up
            yield packet, placed

    def _raw(self, log: ProblemLog) -> Iterator[Any]:
        """Packets as the file holds them; reading goes on behind an error while it gets anywhere."""
        import av

        wanted = [stream for stream in (self.video, self.audio) if stream is not None]
        errors = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self.container.demux(wanted):
                    if packet.size:
                        errors = 0
                        yield packet
                return
            except (av.error.FFmpegError, OSError, ValueError, IndexError) as error:
                # PyAV raises IndexError for a packet of a stream that was not there when the file was opened.
                if errors == 0:
                    log.add("media_broken", at=clock_words(self.unroller.front // 1000))
                errors += 1
                if isinstance(error, av.error.EOFError | av.error.ExitError):
                    return


class Decoding:
    """Frames of one stream; pieces that cannot be decoded are counted and told at the end."""

    def __init__(self, stream: Any, log: ProblemLog) -> None:
        self.stream = stream
        self.log = log
        self.first = 0
        self.damaged = 0
        self.last = -1

    def frames(self, packet: Any, placed: Placed) -> Iterator[tuple[int, Any]]:
        """Frames that come out when a packet is put in, with their positions in microseconds."""
        import av

        try:
            for frame in packet.decode():
                if frame.is_corrupt:
                    self._damage(placed)
                yield self._position(frame), frame
        except (av.error.FFmpegError, ValueError, OverflowError):
            self._damage(placed)

    def rest(self) -> Iterator[tuple[int, Any]]:
        """Frames the decoder still holds."""
        import av

        with suppress(av.error.FFmpegError, ValueError, OverflowError):
            for frame in self.stream.codec_context.decode(None):
                yield self._position(frame), frame

    def all(self, media: Opened) -> Iterator[tuple[int, Any]]:
        """All frames of the stream."""
        for packet, placed in media.packets(self.log):
            if packet.stream_index == self.stream.index:
                yield from self.frames(packet, placed)
        yield from self.rest()
        self.tell()

    def tell(self) -> None:
        """Log what was damaged."""
        if self.damaged:
            self.log.add("media_damaged", count=self.damaged, at=clock_words(self.first // 1000))

    def _damage(self, placed: Placed) -> None:
        self.first = self.first if self.damaged else placed.pts
        self.damaged += 1

    def _position(self, frame: Any) -> int:
        """The packet's stamps are positions already; a frame without one stands behind the one before."""
        base = frame.time_base
        if frame.pts is not None and base is not None:
            self.last = int(frame.pts * base.numerator * SECOND // base.denominator)
        else:
            self.last += 1
        return self.last


def resampler(rate: int) -> Any:
    """What turns frames of any sound into mono float samples at `rate`."""
    import av

    return av.AudioResampler(format="flt", layout="mono", rate=rate)


def clock_words(ms: int) -> str:
    """A position as hours, minutes, seconds and tenths."""
    seconds, rest = divmod(max(0, ms), 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 100}"


@contextmanager
def opened(path: Path, name: str | None) -> Iterator[Opened]:
    """The file with its streams checked. Raises `InputError`, `FormatError` or `LimitError`."""
    import av

    shown = name or str(path)
    if not path.is_file():
        raise InputError("there is no such recording", file=shown, remedy="check the name")
    if path.stat().st_size == 0:
        raise FormatError("the recording is empty", file=shown, remedy="ask for the file again")
    movie = read_movie(path, shown)
    try:
        container = av.open(
            str(path.absolute()), options=_OPTIONS, metadata_errors="replace", timeout=_PATIENCE
        )
    except (av.error.FFmpegError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise FormatError(
            "this is no recording that can be read",
            file=shown,
            remedy="copy the file again from where it was recorded; an mp4 cut off before its end has lost"
            " its index and needs the recorder's repair",
        ) from error
    with container:
        yield _checked(Opened(container, shown, movie))


def _checked(media: Opened) -> Opened:
    """The first usable streams: no cover pictures, nothing without a decoder, nothing too large."""
    import av

    if len(media.container.streams) > MOST_STREAMS:
        raise LimitError(
            f"{len(media.container.streams)} streams, more than {MOST_STREAMS}",
            file=media.name,
            remedy="check where this file comes from",
        )
    for stream in media.container.streams:
        if stream.type not in ("video", "audio") or stream.codec_context is None:
            continue
        if stream.type == "video" and not stream.disposition & av.stream.Disposition.attached_pic:
            context = stream.codec_context
            if context.width * context.height > MOST_PIXELS:
                raise too_large(media.name, context.width, context.height)
            context.options = {"max_pixels": str(MOST_PIXELS)}
            media.video = media.video or stream
        elif stream.type == "audio":
            media.audio = media.audio or stream
    if media.video is None and media.audio is None:
        raise FormatError(
            "there is neither sound nor picture in this recording", file=media.name, remedy="check the file"
        )
    return media


def too_large(name: str, width: int, height: int) -> LimitError:
    """The error for pictures above `MOST_PIXELS`."""
    return LimitError(
        f"pictures of {width} × {height}, more than {MOST_PIXELS / 1e6:.0f} megapixels",
        file=name,
        remedy="check where this file comes from: no live stream has such pictures",
    )
