"""Stretches of a recording copied packet by packet: the compressed bytes stay as they were recorded.

MP4 per ISO/IEC 14496-12, its index in front so that a browser plays while it loads. FFmpeg's muxer turns
what transport streams carry (Annex B, ADTS) into what MP4 carries (length-prefixed units, raw AAC); the
coded pictures and sounds themselves are not touched. Output is the same, byte for byte, for the same input.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, NamedTuple

from fairstream.errors import FormatError
from fairstream.evidence.cuts_opening import Key, Opened, clock, codec_of, lasting, stamps

IN_MP4: Final = frozenset(
    {"h264", "hevc", "av1", "vp9", "mpeg4", "aac", "mp3", "opus", "flac", "alac", "ac3"}
)
"""Codecs that are copied into MP4."""
_SOUND_FILES: Final = {
    "mp3": ".mp3",
    "flac": ".flac",
    "aac": ".m4a",
    "alac": ".m4a",
    "opus": ".ogg",
    "vorbis": ".ogg",
}
MUXERS: Final = {
    ".mp4": "mp4",
    ".m4v": "mp4",
    ".m4a": "mp4",
    ".mov": "mov",
    ".mkv": "matroska",
    ".mp3": "mp3",
    ".wav": "wav",
    ".flac": "flac",
    ".ogg": "ogg",
}
_HAIR_MS: Final = 100
"""Time stamps out of order by less than this are moved; by more, the clock jumped."""
_MOST_HELD: Final = 64
_WAIT_MS: Final = 5_000
"""How far one stream may run ahead of the other at the end of a cut before the other counts as ended."""


class Extent(NamedTuple):
    """What a cut really holds: positions in the original, and how many time stamps had to be moved."""

    from_ms: int
    to_ms: int
    moved: int = 0
    jumps: int = 0


def suffix(source: Opened) -> str:
    """The file ending under which a stretch of it is best kept."""
    if source.video is not None:
        return ".mp4"
    codec = codec_of(source.audio)
    return ".wav" if codec.startswith("pcm_") else _SOUND_FILES.get(codec, ".m4a")


def fits(source: Opened, ending: str) -> bool:
    """Whether all its streams can be copied into a file of that ending."""
    names = {codec_of(stream) for stream in source.streams}
    if ending in {".mp4", ".m4v", ".m4a", ".mov"}:
        return names <= IN_MP4
    if ending == ".mkv":
        return True
    return source.video is None and suffix(source) == ending


def options(muxer: str) -> dict[str, str]:
    """Options of a muxer: index in front, and nothing in the file that differs from run to run."""
    index = {"movflags": "+faststart"} if muxer in {"mp4", "mov"} else {}
    return {"fflags": "+bitexact", **index}


class _Track:
    """One stream on its way into the copy; time stamps are counted from `origin`."""

    def __init__(self, stream: Any, target: Any, origin: int) -> None:
        self.index = stream.index
        self.target = target
        self.origin = origin
        self.last: int | None = None
        self.held: list[Any] = []


class Copier:
    """Copies the packets of a stretch; `whole` closes jumps back in time, which a cut refuses."""

    def __init__(self, source: Opened, *, whole: bool = False) -> None:
        self.source = source
        self.whole = source.whole = whole
        self.moved = 0
        self.jumps = 0
        self.begin: int | None = None
        self.end = 0

    def copy(self, out: Path, ending: str, from_ms: int, to_ms: int | None) -> Extent:
        """Write the stretch to `out`; without `to_ms`, to the end.

        Raises `FormatError` when nothing lies there or the clock jumps back within it.
        """
        import av

        key = self.source.key_before(from_ms)
        muxer = MUXERS[ending]
        with av.open(str(out), "w", format=muxer, container_options=options(muxer)) as target:
            tracks = {s.index: self._track(target, s, key) for s in self.source.streams}
            for packet in self._stretch(key, from_ms, to_ms, set(tracks)):
                self._put(target, tracks[packet.stream.index], packet)
            for track in tracks.values():
                if track.held:
                    self._release(target, track, track.held[-1].pts)
        if self.begin is None:
            raise FormatError(
                f"nothing could be read at {clock(from_ms)}",
                file=self.source.name,
                remedy="choose another time",
            )
        return Extent(self.begin, self.end, self.moved, self.jumps)

    def _track(self, target: Any, stream: Any, key: Key) -> _Track:
        new = target.add_stream_from_template(stream)
        if codec_of(stream) == "hevc":
            # Browsers and Apple's players take hvc1 (parameter sets in front) and refuse hev1.
            new.codec_context.codec_tag = "hvc1"
        # Rounded up, the position lies behind the key frame's own stamp: players would hide that picture.
        own = int(key.stamp * self.source.lead.time_base / stream.time_base)
        return _Track(stream, new, min(self.source.stamp(key.at_ms, stream.time_base), own))

    def _stretch(self, key: Key, from_ms: int, to_ms: int | None, waiting: set[int]) -> Iterator[Any]:
        """The packets that belong: from the key frame on, until every stream is past the end."""
        source = self.source
        lead = source.lead.index
        # One second more: sound may lie in front of the picture it goes with. Sound alone is met where it was
        # found, for uncompressed sound is cut into packets from wherever reading begins.
        source.seek(from_ms - key.back_ms - (1000 if source.video is not None else 0))
        started = False
        for packet in source.packets(*source.streams):
            index = packet.stream.index
            stamp, shown = stamps(packet)
            if index == lead:
                started = started or (shown >= key.stamp and packet.is_keyframe)
                # What is shown before the key frame but decoded after it needs pictures that are not there.
                belongs = started and source.position(shown, packet.time_base) >= key.at_ms
            else:
                belongs = source.position(shown, packet.time_base) >= key.at_ms
            here = source.position(stamp, packet.time_base)
            if to_ms is not None and here >= to_ms:
                waiting.discard(index)
                if not waiting or (here > to_ms + _WAIT_MS and started):
                    return
            elif belongs and index in waiting:
                yield packet

    def _put(self, target: Any, track: _Track, packet: Any) -> None:
        """Write a packet. After a seek Matroska does not know when the first are decoded: they wait."""
        if packet.dts is None and track.last is None:
            track.held.append(packet)
            if len(track.held) <= _MOST_HELD:
                return
            packet.dts = packet.pts
        if track.held:
            self._release(target, track, packet.dts)
        self._write(target, track, packet)

    def _release(self, target: Any, track: _Track, known: int) -> None:
        """Write the packets that waited, decoded one after the other just before the first one known."""
        waiting, track.held = track.held, []
        for place, packet in enumerate(waiting):
            packet.dts = known - (len(waiting) - place) * max(1, packet.duration or 1)
            self._write(target, track, packet)

    def _write(self, target: Any, track: _Track, packet: Any) -> None:
        stamp, shown = stamps(packet)
        base = packet.time_base
        end = self.source.position(shown, base) + lasting(packet)
        new = stamp - track.origin
        # A whole millisecond on, so that it is one tick at least in the copy's own units.
        step = int(Fraction(1, 1000) / base) or 1
        if packet.dts is None and track.last is not None:
            new = track.last + step
        elif track.last is not None and new <= track.last:
            if new < track.last - int(_HAIR_MS / 1000 / base):
                self._jumped(end)
                track.origin -= track.last + step - new
            else:
                self.moved += 1
            new = track.last + step
        packet.pts = max(shown - track.origin, new)
        packet.dts = track.last = new
        packet.stream = track.target
        if self.begin is None:
            self.begin = self.source.position(shown, base)
        self.end = max(self.end, end)
        target.mux(packet)

    def _jumped(self, here: int) -> None:
        if not self.whole:
            raise FormatError(
                f"the clock jumps back from {clock(self.end)} to {clock(here)} within this stretch",
                file=self.source.name,
                remedy="cut before and after the jump",
            )
        self.jumps += 1
