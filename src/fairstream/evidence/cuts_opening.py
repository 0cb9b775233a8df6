"""A recording opened to be cut: its streams, and positions counted from its first time stamp.

Only container formats that stand in the file itself are read: playlists, which name other files and
addresses, are refused, and so is every protocol but the file's own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from fairstream.errors import FormatError, UsageError

_FORMATS: Final = "mov,mp4,m4a,3gp,3g2,mj2,flv,live_flv,mpegts,matroska,webm,mp3,wav,aac,flac,ogg,avi,mpeg"
"""Demuxers of FFmpeg that read one file and nothing beside it."""
_SOUGHT_BY_BYTES: Final = frozenset({"mpegts", "mpeg"})
_MIDDLING: Final = (0, 2_000, 10_000, 60_000)
"""How far in front of a position a key frame is looked for, in milliseconds, before the whole is read."""
_Moment = tuple[int, int]


class Key(NamedTuple):
    """A key frame: its time stamp, its position in ms, and how far in front to seek to meet it."""

    stamp: int
    at_ms: int
    back_ms: int


class Opened:
    """A recording being read. `video` and `audio` are its streams of that kind, None when it has none."""

    def __init__(self, container: Any, name: str) -> None:
        self.container = container
        self.name = name
        self.video: Any = next((s for s in container.streams.video if not _cover(s)), None)
        self.audio: Any = next(iter(container.streams.audio), None)
        self.zero = Fraction(container.start_time or 0, 1_000_000)
        """Seconds of the first time stamp: position 0."""

    @property
    def streams(self) -> list[Any]:
        """Its picture and its sound, as far as it has them."""
        return [stream for stream in (self.video, self.audio) if stream is not None]

    @property
    def lead(self) -> Any:
        """The stream that says where a cut may begin."""
        return self.video if self.video is not None else self.audio

    def position(self, stamp: int, base: Fraction) -> int:
        """Milliseconds from the first time stamp."""
        return round((stamp * base - self.zero) * 1000)

    def stamp(self, position_ms: int, base: Fraction) -> int:
        """The time stamp, in units of `base`, of a position."""
        return int((Fraction(position_ms, 1000) + self.zero) / base)

    def seek(self, position_ms: int) -> None:
        """Go to a key frame near a position; containers without an index may land behind it."""
        import av

        stream = self.lead
        try:
            if position_ms <= 0 and self.container.format.name in _SOUGHT_BY_BYTES:
                # By time, these land behind their first key frame.
                self.container.seek(0, unsupported_byte_offset=True)
                return
            self.container.seek(self.stamp(max(position_ms, 0), stream.time_base), stream=stream)
        except av.error.FFmpegError:
            self.container.seek(int(self.zero * 1_000_000))

    def packets(self, *streams: Any) -> Iterator[Any]:
        """Packets from here on; a tail that cannot be read ends them."""
        import av

        try:
            for packet in self.container.demux(*streams):
                if packet.dts is not None or packet.pts is not None:
                    yield packet
        except av.error.FFmpegError:
            return

    def key_before(self, position_ms: int) -> Key:
        """The last key frame at or before a position, or else the first one of the recording.

        Raises `FormatError` when the recording ends before the position.
        """
        for back in (*_MIDDLING, position_ms + 1):
            self.seek(position_ms - back)
            found, first, end = self._keys(position_ms)
            if 0 < end <= position_ms:
                raise FormatError(
                    f"there is nothing at {clock(position_ms)}: what can be read ends at {clock(end)}",
                    file=self.name,
                    remedy="choose a time before its end",
                )
            if found is not None:
                return Key(*found, back)
        if first is None:
            raise FormatError("the recording holds no key frame", file=self.name, remedy="record it again")
        return Key(*first, position_ms + 1)

    def _keys(self, position_ms: int) -> tuple[_Moment | None, _Moment | None, int]:
        """From here on: the last key frame up to a position, the first of all, and how far it goes."""
        found: _Moment | None = None
        first: _Moment | None = None
        end = 0
        for packet in self.packets(self.lead):
            stamp, shown = stamps(packet)
            here = self.position(shown, packet.time_base)
            end = max(end, here + lasting(packet))
            if packet.is_keyframe:
                first = first or (shown, here)
                found = (shown, here) if here <= position_ms else found
            if (found or first) and self.position(stamp, packet.time_base) > position_ms:
                break
        return found, first, end


def clock(position_ms: int) -> str:
    """A position as hours, minutes and seconds: ``0:12:03.250``."""
    seconds, rest = divmod(position_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


@contextmanager
def opened(path: Path, *, name: str | None = None) -> Iterator[Opened]:
    """A recording opened for reading. Raises `FormatError` when it is none, or holds nothing to cut."""
    import av

    name = name or path.name
    if not path.is_file():
        raise UsageError("there is no such file", file=name, remedy="check the name")
    try:
        container = av.open(
            f"file:{path.absolute()}",
            container_options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
        )
    except (av.error.FFmpegError, ValueError) as error:
        raise FormatError(
            "this is no recording that can be read",
            file=name,
            remedy="copy the file again from where it was recorded",
        ) from error
    with container:
        result = Opened(container, name)
        if not result.streams:
            raise FormatError("it holds neither picture nor sound", file=name, remedy="give a recording")
        yield result


def tool() -> str:
    """What cuts: names and versions, for the record."""
    import av

    from fairstream import __version__

    version = ".".join(map(str, av.library_versions["libavformat"]))
    return f"fairstream {__version__}, PyAV {av.__version__}, libavformat {version}"


def _cover(stream: Any) -> bool:
    """Whether a video stream is only a picture on the sleeve of a sound file."""
    import av

    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def codec_of(stream: Any) -> str:
    """The name of a stream's coding (``h264``, ``mp3``), whichever decoder reads it."""
    return str(stream.codec_context.codec.canonical_name)


def lasting(packet: Any) -> int:
    """How long a packet lasts in milliseconds; at least one."""
    return max(1, round(packet.duration * packet.time_base * 1000)) if packet.duration else 1


def stamps(packet: Any) -> tuple[int, int]:
    """When a packet is decoded and when it is shown, each standing in for the other when it is missing."""
    decoded = packet.dts if packet.dts is not None else packet.pts
    return decoded, packet.pts if packet.pts is not None else decoded
