"""Time stamps of packets → positions that begin at 0 and never run back.

Live recordings carry the streamer's clock, and that clock jumps: a reconnect starts it again, a dropped
connection leaves a hole, 33 bits of MPEG-TS (ISO/IEC 13818-1) wrap after 26.5 hours, a single packet is
stamped wildly. A hole is kept as a hole. A clock that was set back, or forward by more than `LONGEST_HOLE`,
is a reset: what follows is joined on, and the run says that nothing tells how long the pause was.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Generic, NamedTuple, TypeVar

SECOND: Final = 1_000_000
"""Stamps and positions here are microseconds."""
JUMP: Final = SECOND
LONGEST_HOLE: Final = 6 * 3600 * SECOND
_LONGEST_GLITCH: Final = 3600 * SECOND
APART: Final = 15 * SECOND
"""Streams of one file lie no further apart than this."""
_LOOK: Final = 400
_MOST_RUNS: Final = 10_000

P = TypeVar("P")


class Stamp(NamedTuple):
    """Stream, decoding and presentation time, and duration of a packet; None where it has none."""

    stream: int
    dts: int | None
    pts: int | None
    duration: int


class Placed(NamedTuple):
    """Where a packet lies: positions for its decoding and presentation."""

    dts: int
    pts: int


class Run(NamedTuple):
    """A stretch of a file whose stamps run on without a break.

    `stamp_ms` is the raw stamp at its beginning, counted from the file's first. `reset` says that the clock
    was set anew before it, so that nothing tells how long the pause was.
    """

    position_ms: int
    length_ms: int
    stamp_ms: int
    reset: bool = False


class PacketStamps:
    """The stamps of FFmpeg's packets (as PyAV has them), each in its stream's own unit, as microseconds.

    With `fixed`, a stream keeps the unit of its first packet: asking each packet takes longer than all else.
    """

    def __init__(self, *, fixed: bool = True) -> None:
        self.fixed = fixed
        self._units: dict[int, tuple[int, int]] = {}

    def unit(self, packet: Any) -> tuple[int, int]:
        """Microseconds of a tick of the packet's stream, as a fraction."""
        unit = self._units.get(packet.stream_index)
        if unit is None or not self.fixed:
            base = packet.time_base
            unit = self._units[packet.stream_index] = base.numerator * SECOND, base.denominator
        return unit

    def __call__(self, packet: Any) -> Stamp:
        """The stamp of a packet."""
        up, down = self.unit(packet)
        dts, pts = packet.dts, packet.pts
        return Stamp(
            packet.stream_index,
            None if dts is None else dts * up // down,
            None if pts is None else pts * up // down,
            max(0, packet.duration or 0) * up // down,
        )


@dataclass(slots=True)
class _Stream:
    offset: int
    last: int
    step: int


@dataclass(slots=True)
class Unroller(Generic[P]):
    """Positions for the packets of one file in their order.

    `origin` is the file's first stamp. `front` is the furthest position reached, `glitches` counts single
    packets whose wild stamps were replaced.
    """

    stamp_of: Callable[[P], Stamp]
    origin: int | None = None
    front: int = 0
    glitches: int = 0
    _offsets: list[int] = field(default_factory=list)
    _streams: dict[int, _Stream] = field(default_factory=dict)
    _runs: list[list[int]] = field(default_factory=list)

    def places(self, packets: Iterable[P]) -> Iterator[tuple[P, Placed]]:
        """Every packet with its place, looking a few packets ahead where a stamp jumps."""
        source = iter(packets)
        ahead: deque[tuple[P, Stamp]] = deque()
        while True:
            if ahead:
                packet, stamp = ahead.popleft()
            else:
                found = next(source, None)
                if found is None:
                    return
                packet, stamp = found, self.stamp_of(found)
            yield packet, self._place(stamp, ahead, source)

    def runs(self) -> tuple[Run, ...]:
        """The runs of all packets placed so far."""
        return tuple(
            Run(round(start / 1000), round((end - start) / 1000), round(raw / 1000), bool(reset))
            for start, end, raw, reset in self._runs
        )

    def offset(self, stream: int) -> int:
        """What was added to the decoding stamps of a stream's clock, as of its last packet placed. It changes
        where that clock was set anew, and not for a single wild stamp."""
        return self._streams[stream].offset

    def _place(self, stamp: Stamp, ahead: deque[tuple[P, Stamp]], source: Iterator[P]) -> Placed:
        index, dts, pts, _ = stamp
        raw = dts if dts is not None else pts
        stream = self._streams.get(index)
        if stream is None:
            return self._first(stamp, raw)
        expected = stream.last + stream.step
        if raw is None:
            return self._settle(stream, stamp, expected)
        if not -JUMP <= raw - expected <= JUMP:
            if self._is_glitch(index, raw, expected, ahead, source):
                self.glitches += 1
                return self._settle(stream, Stamp(index, None, None, stamp.duration), expected)
            if not 0 < raw - expected <= LONGEST_HOLE:
                self._reset(stream, raw)
        return self._settle(stream, stamp, raw)

    def _first(self, stamp: Stamp, raw: int | None) -> Placed:
        if raw is None:
            raw = self.origin or 0
        if self.origin is None:
            self.origin = raw
        if not self._offsets:
            self._offsets.append(-self.origin)
        offset = self._offsets[-1]
        if not -APART <= raw + offset - self.front <= LONGEST_HOLE:
            near = self._near(raw, 0)
            offset = self._join(raw) if near is None else near
        stream = self._streams[stamp.stream] = _Stream(offset, raw, stamp.duration)
        return self._settle(stream, stamp, raw)

    def _settle(self, stream: _Stream, stamp: Stamp, raw: int) -> Placed:
        """Note a packet at `raw` in the stream's own clock and say where it lies."""
        _, decoded, shown, duration = stamp
        step = duration or raw - stream.last
        if 0 < step < JUMP:
            stream.step = step
        else:
            step = min(stream.step, JUMP)
        stream.last = raw
        dts = pts = raw + stream.offset
        if shown is not None and decoded is not None and -APART <= shown - raw <= APART:
            pts = shown + stream.offset
        start, end = (dts, pts) if dts < pts else (pts, dts)
        self._cover(start if start > 0 else 0, end + step, raw)
        return Placed(dts, pts)

    def _cover(self, start: int, end: int, raw: int) -> None:
        # Written for speed, as all that every packet passes through.
        runs = self._runs
        if not runs or (start > self.front + JUMP and len(runs) < _MOST_RUNS):
            runs.append([start, end, raw - (self.origin or 0), 0])
        elif len(runs) == 1 and start < runs[0][0]:
            runs[0][0] = start
        if end > self.front:
            self.front = end
        last = runs[-1]
        if end > last[1]:
            last[1] = end

    def _reset(self, stream: _Stream, raw: int) -> None:
        near = self._near(raw, stream.last + stream.offset - JUMP)
        stream.offset = self._join(raw) if near is None else near

    def _near(self, raw: int, least: int) -> int | None:
        """An offset in use that puts `raw` beside what other streams have reached."""
        for offset in reversed(self._offsets[-8:]):
            position = raw + offset
            if abs(position - self.front) <= APART and position >= least:
                return offset
        return None

    def _join(self, raw: int) -> int:
        """A new offset that joins `raw` on behind everything, and the run that begins with it."""
        offset = self.front - raw
        self._offsets.append(offset)
        if len(self._runs) < _MOST_RUNS:
            self._runs.append([self.front, self.front, raw - (self.origin or 0), 1])
        return offset

    def _is_glitch(
        self, stream: int, raw: int, expected: int, ahead: deque[tuple[P, Stamp]], source: Iterator[P]
    ) -> bool:
        """Whether the stream's next packet is back on the old line: then only this stamp is wrong."""
        for _, other in ahead:
            if (answer := self._answers(other, stream, expected)) is not None:
                return answer
        while len(ahead) < _LOOK:
            packet = next(source, None)
            if packet is None:
                return not -LONGEST_HOLE < raw - expected <= _LONGEST_GLITCH
            other = self.stamp_of(packet)
            ahead.append((packet, other))
            if (answer := self._answers(other, stream, expected)) is not None:
                return answer
        return False

    @staticmethod
    def _answers(other: Stamp, stream: int, expected: int) -> bool | None:
        raw = other.dts if other.dts is not None else other.pts
        if other.stream != stream or raw is None:
            return None
        return -JUMP <= raw - expected <= JUMP
