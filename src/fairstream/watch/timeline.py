"""Time stamps of a stream → wall-clock time, and the places where it broke.

A stream says how much time lies between two packets, never when that was. What is known is when each packet
arrived, and that none arrives before it was sent: the packet that was least delayed tells best when position
0 was. That is an upper bound; what the sender's own delay was stays unknown.
"""

import zlib
from collections import OrderedDict
from datetime import datetime
from fractions import Fraction
from typing import Any, Final, Literal, NamedTuple

from fairstream.records import CHINA, Words

JUMP_S: Final = 2.0
"""A jump of the time stamps, forward or back, from which on the stream is taken to have broken."""
GAP_S: Final = 1.0
"""Missing time after a new connection that is told as a gap."""
_BUCKET_S: Final = 30.0
_DRIFT_S: Final = 0.5
_REMEMBERED: Final = 40_000

TimeFrom = Literal["arrival", "file_name", "modified"]


class Anchor:
    """When position 0 of a run of time stamps was, in seconds since 1970, as far as packets tell so far."""

    def __init__(self, time_from: TimeFrom = "arrival", zero: float | None = None) -> None:
        self.time_from = time_from
        self.zero = zero
        self._fixed = zero is not None
        self._bucket = 0
        self._low = self._before = float("inf")

    def observe(self, position: float, at: float) -> None:
        """Take in that the packet of this position (seconds) was there at `at`.

        The least delay counts. When it grows for half a minute the sender's clock runs slower than ours:
        then the latest minute counts.
        """
        if self._fixed:
            return
        zero = at - position
        bucket = int(at / _BUCKET_S)
        if bucket != self._bucket:
            self._before, self._low, self._bucket = self._low, float("inf"), bucket
        self._low = min(self._low, zero)
        lowest = min(self._low, self._before)
        if self.zero is None or lowest < self.zero or lowest > self.zero + _DRIFT_S:
            self.zero = lowest

    def wall(self, position: float) -> float:
        """Seconds since 1970 of a position in seconds."""
        return (self.zero or 0.0) + position


def moment(seconds: float) -> datetime:
    """Seconds since 1970 as a time with zone."""
    return datetime.fromtimestamp(seconds, CHINA)


class Piece(NamedTuple):
    """One packet as it came: coded bytes, its times in units of `time_base`, and when it arrived."""

    stream: int
    video: bool
    data: bytes
    pts: int | None
    dts: int | None
    duration: int
    time_base: Fraction
    key: bool
    at: float
    position: float
    anchor: Anchor

    @property
    def end(self) -> float:
        return self.position + float(self.duration * self.time_base)


class Opened(NamedTuple):
    """A connection stands: its streams as the library has them, sound and picture at most one each."""

    streams: tuple[Any, ...]
    container: str
    live: bool


class Break(NamedTuple):
    """What follows does not join what came before. `missing` says that something was lost in between, from
    and to in seconds since 1970."""

    from_at: float
    to_at: float
    missing: bool
    cause: Words


class Lost(NamedTuple):
    """The stream cannot be had at the moment; how often it has been tried again, and why it broke."""

    attempt: int
    cause: Words
    wait_s: float


class Ended(NamedTuple):
    """Nothing more will come."""

    cause: Words


Event = Opened | Piece | Break | Lost | Ended

RECONNECTED: Final = Words("断线后重新连接", "reconnected after the stream broke")
_JUMPED: Final = Words(
    "流的时间戳跳跃，其间内容缺失", "the stream's time stamps jumped; what lay between is missing"
)
_RESTARTED: Final = Words("流的时间戳重新开始", "the stream's time stamps began anew")


class Timeline:
    """Judges the packets of one watch, over all its connections."""

    def __init__(self, time_from: TimeFrom = "arrival") -> None:
        self.time_from = time_from
        self.anchor = Anchor(time_from)
        self.duplicates = 0
        self._end: float | None = None
        self._last: dict[int, float] = {}
        self._seen: OrderedDict[tuple[int, float, int], None] = OrderedDict()
        self._cause: Words | None = None
        self._settled = True
        self._repeats = self._same = False
        self._start: tuple[TimeFrom, float] | None = None

    @property
    def begun(self) -> bool:
        """Whether any packet has been taken."""
        return self._end is not None

    def reopened(
        self, cause: Words, start: tuple[TimeFrom, float] | None = None, *, repeats: bool = False
    ) -> None:
        """The next packet comes from a new connection or file.

        `start` says what tells when that was (seconds since 1970). With `repeats` the source may send its
        last seconds again.
        """
        self._repeats = repeats
        self._same = False
        self._cause = cause
        self._settled = False
        self._start = start

    def take(self, piece: Piece, *, past: bool = False) -> tuple[Break | None, Piece] | None:
        """The packet with its place in time, and the break before it; None when it has been here before.

        With `past` everything up to the last packet taken is left out, too: a list that has ended is read
        again from its first packet.
        """
        if self._known(piece) or (past and piece.position <= self._last.get(piece.stream, float("-inf"))):
            self.duplicates += 1
            return None
        broken = self._broken(piece)
        self.anchor.observe(piece.position, piece.at)
        self._last[piece.stream] = piece.position
        self._end = piece.end if self._end is None or broken else max(self._end, piece.end)
        return broken, piece._replace(anchor=self.anchor)

    def _known(self, piece: Piece) -> bool:
        """Whether the same packet came before: after a new connection the last seconds are sent again."""
        if self.time_from != "arrival":
            return False
        mark = (piece.stream, piece.position, zlib.crc32(piece.data))
        if self._repeats and mark in self._seen:
            self._same = True
            return True
        # Once a packet is known to come again, what is older than the last is old, though cut otherwise.
        if self._same and piece.position <= self._last.get(piece.stream, float("-inf")):
            return True
        self._seen[mark] = None
        if len(self._seen) > _REMEMBERED:
            self._seen.popitem(last=False)
        return False

    def _broken(self, piece: Piece) -> Break | None:
        end, cause = self._end, self._cause
        reopened = not self._settled
        self._settled = True
        if end is None:
            self.anchor = self._anchored(piece)
            return None
        ahead = piece.position - end
        if reopened and cause is not None:
            if self._goes_on(piece, ahead):
                return self._break(end, self.anchor.wall(piece.position), cause, ahead > GAP_S)
            return self._anew(piece, end, cause)
        if ahead > JUMP_S:
            if self._goes_on(piece, ahead):
                return self._break(end, self.anchor.wall(piece.position), _JUMPED, True)
            return self._anew(piece, end, _RESTARTED)
        if piece.position < self._last.get(piece.stream, piece.position) - JUMP_S:
            return self._anew(piece, end, _RESTARTED)
        return None

    def _goes_on(self, piece: Piece, ahead: float) -> bool:
        """Whether the time stamps continue those before: what they say is neither in the future nor old."""
        if self._start is not None and self._start[0] == "file_name":
            return False
        late = piece.at - self.anchor.wall(piece.position)
        return -GAP_S / 2 < ahead < 12 * 3600 and -5.0 < late < 300.0

    def _break(self, end: float, to_at: float, cause: Words, missing: bool) -> Break:
        return Break(self.anchor.wall(end), to_at, missing, cause)

    def _anew(self, piece: Piece, end: float, cause: Words) -> Break:
        from_at = self.anchor.wall(end)
        self.anchor = self._anchored(piece)
        self._last.clear()
        self.anchor.observe(piece.position, piece.at)
        to_at = self.anchor.wall(piece.position)
        return Break(from_at, to_at, to_at - from_at > JUMP_S, cause)

    def _anchored(self, piece: Piece) -> Anchor:
        """A new anchor for a run that begins with this packet."""
        start, self._start = self._start, None
        if start is None:
            return Anchor(self.time_from)
        return Anchor(start[0], start[1] - piece.position)
