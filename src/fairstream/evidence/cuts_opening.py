"""A recording opened to be cut: its streams, and positions counted from its first time stamp.

Only container formats that stand in the file itself are read: playlists, which name other files and
addresses, are refused, and so is every protocol but the file's own.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from fairstream.errors import FormatError, UsageError
from fairstream.records import Stretch
from fairstream.stamps import APART, SECOND, PacketStamps, Unroller

_FORMATS: Final = "mov,mp4,m4a,3gp,3g2,mj2,flv,live_flv,mpegts,matroska,webm,mp3,wav,aac,flac,ogg,avi,mpeg"
"""Demuxers of FFmpeg that read one file and nothing beside it."""
_CLOCKED: Final = frozenset({"flv", "live_flv", "mpegts"})
"""Formats of live recordings, whose packets carry the streamer's clock; it may be set anew within a file."""
_TOUCHING_MS: Final = 2
_SOUGHT_BY_BYTES: Final = frozenset({"mpegts", "mpeg"})
_MIDDLING: Final = (0, 2_000, 10_000, 60_000)
"""How far in front of a position a key frame is looked for, in milliseconds, before the whole is read."""
_Moment = tuple[int, int]


class Key(NamedTuple):
    """A key frame: its time stamp, its position in ms, and how far in front to seek to meet it."""

    stamp: int
    at_ms: int
    back_ms: int


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a file by one clock: its first position, where position 0 lies by that clock (seconds),
    its first byte, and its key frames as position and byte."""

    start_ms: int
    zero: Fraction
    byte: int
    keys: list[tuple[int, int]] = field(default_factory=list)


class Opened:
    """A recording being read. `video` and `audio` are its streams of that kind, None when it has none."""

    def __init__(self, container: Any, name: str) -> None:
        self.container = container
        self.name = name
        self.video: Any = next((s for s in container.streams.video if not _cover(s)), None)
        self.audio: Any = next(iter(container.streams.audio), None)
        self.zero = Fraction(container.start_time or 0, 1_000_000)
        """Seconds of the time stamp at position 0, by the clock of the run being read."""
        self.runs: tuple[Run, ...] = ()
        self.run = Run(0, self.zero, 0)
        self.whole = False

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
            if len(self.runs) > 1 and not self.whole:
                self._seek_run(position_ms)
                return
            if position_ms <= 0 and len(self.runs) > 1:
                self.container.seek(self.runs[0].byte, unsupported_byte_offset=True)
                return
            if position_ms <= 0 and self.container.format.name in _SOUGHT_BY_BYTES:
                # By time, these land behind their first key frame.
                self.container.seek(0, unsupported_byte_offset=True)
                return
            self.container.seek(self.stamp(max(position_ms, 0), stream.time_base), stream=stream)
        except av.error.FFmpegError:
            # Without an index and with nothing read yet, some cannot be sought by time at all.
            self.container.seek(0, unsupported_byte_offset=True)

    def choose(self, position_ms: int) -> None:
        """Read by the clock of the run that a position lies in; matters only after the clock was set anew."""
        if len(self.runs) > 1:
            begun = (run for run in reversed(self.runs) if run.start_ms <= position_ms)
            self.run = next(begun, self.runs[0])
            self.zero = self.run.zero

    def _seek_run(self, position_ms: int) -> None:
        """By bytes: an index by time holds two clocks at once."""
        at = max((key for key in self.run.keys if key[0] <= position_ms), default=None)
        self.container.seek(at[1] if at else self.run.byte, unsupported_byte_offset=True)

    def packets(self, *streams: Any) -> Iterator[Any]:
        """Packets from here on; a tail that cannot be read ends them."""
        import av

        try:
            for packet in self.container.demux(*streams):
                if self._beyond(packet):
                    return
                if packet.dts is not None or packet.pts is not None:
                    yield packet
        except av.error.FFmpegError:
            return

    def _beyond(self, packet: Any) -> bool:
        """Whether a packet belongs to the next run, which has another clock."""
        if len(self.runs) < 2 or self.whole or self.run is self.runs[-1] or packet.pos is None:
            return False
        return bool(packet.pos >= self.runs[self.runs.index(self.run) + 1].byte)

    def key_before(self, position_ms: int) -> Key:
        """The last key frame at or before a position, or else the first one of the recording.

        Raises `FormatError` when the recording ends before the position.
        """
        self.choose(position_ms)
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


def one_clock(stretches: Sequence[Stretch]) -> bool:
    """Whether stretches tell that one clock ran through a file.

    Where a clock was set anew, what follows is joined on (`fairstream.stamps`): the stretches touch. They
    also do where something else than the file's stamps told of a pause.
    """
    ends = (one.position_ms + one.length_ms for one in stretches)
    return bool(stretches) and all(
        other.position_ms - end > _TOUCHING_MS for end, other in zip(ends, stretches[1:], strict=False)
    )


def runs(source: Opened) -> tuple[Run, ...]:
    """The stretches of a file whose lead runs by one clock, found by reading every packet's stamp once.

    A stretch begins where the first of its streams takes up the new clock.
    """
    lead = source.lead.index
    unroller: Unroller[Any] = Unroller(PacketStamps(), origin=source.container.start_time)
    found = [Run(0, source.zero, 0)]
    offset: int | None = None
    offsets: dict[int, int] = {}
    taken_up: dict[int, tuple[int, int]] = {}
    for packet, placed in unroller.places(source.packets(*source.streams)):
        index = packet.stream_index
        now = unroller.offset(index)
        if now != offsets.get(index):
            offsets[index] = now
            byte = packet.pos or 0
            if offset is None:
                offset, found = now, [Run(0, source.zero, byte)]
            start, first = taken_up.get(now, (placed.dts, -1))
            if placed.dts - start > APART or first <= found[-1].byte:
                # No stream took up this clock just before.
                start, first = taken_up[now] = placed.dts, byte
            if index == lead and now != offset:
                offset = now
                found.append(Run(max(round(start / 1000), found[-1].start_ms), Fraction(-now, SECOND), first))
        if index == lead and packet.is_keyframe and packet.pos is not None:
            found[-1].keys.append((round(placed.pts / 1000), packet.pos))
    source.seek(0)
    return tuple(found)


def clock(position_ms: int) -> str:
    """A position as hours, minutes and seconds: ``0:12:03.250``."""
    seconds, rest = divmod(position_ms, 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


@contextmanager
def opened(path: Path, *, name: str | None = None, stretches: Sequence[Stretch] = ()) -> Iterator[Opened]:
    """A recording opened for reading. A live one is read through once to learn where its clock was set anew,
    unless its `stretches`, where they are known, tell that it never was.

    Raises `FormatError` when it is none, or holds nothing to cut.
    """
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
        if container.format.name in _CLOCKED and result.streams and not one_clock(stretches):
            result.runs = runs(result)
            result.run = result.runs[0]
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
