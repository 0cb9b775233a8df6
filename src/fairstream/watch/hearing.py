"""Packets of sound → utterances, beside the recording and never in its way.

What waits to be heard is bounded. When recognition falls behind a live stream, packets are left out until it
has caught up; which stretch that was is told, so that it can be listened to in the recording.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from fairstream.records import Sound, Utterance
from fairstream.sources.asr.listening import Spoken
from fairstream.sources.media import AUDIO_RATE, AudioBlock
from fairstream.watch.timeline import Anchor, Break, Opened, Piece

MOST_WAITING_S: Final = 60.0
ENOUGH_WAITING_S: Final = 10.0
"""Sound waiting to be heard from which on packets are left out, and to which it must shrink."""
_BLOCK: Final = AUDIO_RATE // 5


class Ears(Protocol):
    """What hears: `fairstream.sources.asr.listening.Listener`, or a test's own."""

    def push(self, block: AudioBlock) -> list[Spoken]:
        """What was said in stretches of speech that ended in this block."""
        ...

    def close(self) -> list[Spoken]:
        """What was said in the stretch still open."""
        ...


class Skipped(NamedTuple):
    """A stretch that was recorded and not heard, in seconds since 1970."""

    from_at: float
    to_at: float


class Backlog:
    """Sound waiting to be heard, bounded in seconds."""

    def __init__(
        self, *, most_s: float = MOST_WAITING_S, enough_s: float = ENOUGH_WAITING_S, wait: bool = False
    ) -> None:
        self._most = most_s
        self._enough = enough_s
        self._wait = wait
        self._ready = threading.Condition()
        self._items: deque[Opened | Break | Piece] = deque()
        self._seconds = 0.0
        self._closed = False
        self._skipping: tuple[float, float] | None = None
        self.skipped: list[Skipped] = []

    @property
    def waiting_s(self) -> float:
        """Seconds of sound that wait."""
        return self._seconds

    @property
    def behind(self) -> bool:
        """Whether packets are being left out now."""
        return self._skipping is not None

    def put(self, item: Opened | Break | Piece) -> None:
        """Take in what came. A live stream never waits here; a file does, for nothing of it is lost."""
        with self._ready:
            if self._closed:
                return
            if not isinstance(item, Piece):
                self._items.append(item)
            elif self._wait:
                self._ready.wait_for(lambda: self._seconds < self._most or self._closed)
                if not self._closed:
                    self._append(item)
            elif self._skipping is None and self._seconds < self._most:
                self._append(item)
            elif self._skipping is not None and self._seconds <= self._enough:
                self._resume()
                self._append(item)
            else:
                at = item.anchor.wall(item.position)
                self._skipping = (self._skipping[0] if self._skipping else at, item.anchor.wall(item.end))
            self._ready.notify_all()

    def _append(self, piece: Piece) -> None:
        self._items.append(piece)
        self._seconds += piece.end - piece.position

    def _resume(self) -> None:
        if self._skipping is not None:
            self.skipped.append(Skipped(*self._skipping))
            self._skipping = None

    def take(self) -> Opened | Break | Piece | None:
        """The next item, waiting for it; None when there will be no more."""
        with self._ready:
            self._ready.wait_for(lambda: self._items or self._closed)
            if not self._items:
                return None
            item = self._items.popleft()
            if isinstance(item, Piece):
                self._seconds = max(0.0, self._seconds - (item.end - item.position))
            self._ready.notify_all()
            return item

    def close(self) -> None:
        """No more will come; what waits is still given."""
        with self._ready:
            self._closed = True
            self._resume()
            self._ready.notify_all()

    def leave(self) -> None:
        """Nothing is to be heard: take in no more, and do not count what is left out."""
        with self._ready:
            self._closed = True
            self._skipping = None
            self.skipped.clear()
            self._items.clear()
            self._ready.notify_all()

    def drop(self) -> None:
        """Leave out all that waits."""
        with self._ready:
            left = [item for item in self._items if isinstance(item, Piece)]
            if left:
                first, last = left[0], left[-1]
                self.skipped.append(Skipped(first.anchor.wall(first.position), last.anchor.wall(last.end)))
            self._items.clear()
            self._seconds = 0.0
            self._ready.notify_all()


class Hearing:
    """Decodes sound and hands it to a listener; `on_spoken` gets what was said with its anchor in time."""

    def __init__(self, ears: Ears, on_spoken: Callable[[Sequence[Spoken], Anchor], None]) -> None:
        self._ears = ears
        self._on_spoken = on_spoken
        self._decoder: Any = None
        self._resampler: Any = None
        self._anchor: Anchor | None = None
        self._end = 0.0
        self._held: list[Any] = []
        self._held_at = 0.0
        self.errors = 0

    def run(self, backlog: Backlog) -> None:
        """Hear until the backlog is closed and empty."""
        while (item := backlog.take()) is not None:
            if isinstance(item, Opened):
                self._open(item)
            elif isinstance(item, Break):
                self._flush()
            else:
                self._hear(item)
        self._flush()

    def _open(self, opened: Opened) -> None:
        import av

        self._flush()
        self._decoder = None
        for stream in opened.streams:
            if stream.type == "audio":
                context = stream.codec_context
                self._decoder = av.CodecContext.create(context.name, "r")
                self._decoder.extradata = context.extradata
                if context.sample_rate:
                    self._decoder.sample_rate = context.sample_rate
                    self._decoder.layout = context.layout
                self._resampler = av.AudioResampler(format="flt", layout="mono", rate=AUDIO_RATE)

    def _hear(self, piece: Piece) -> None:
        if piece.video or self._decoder is None:
            return
        anew = self._anchor is not None and piece.anchor is not self._anchor
        if anew or (self._held and abs(piece.position - self._end) > 1.0):
            self._flush()
        self._anchor = piece.anchor
        self._end = piece.end
        for at, samples in self._decoded(piece):
            if not self._held:
                self._held_at = at
            self._held.append(samples)
        if sum(map(len, self._held)) >= _BLOCK:
            self._push()

    def _decoded(self, piece: Piece) -> Iterator[tuple[float, Any]]:
        import av

        packet = av.Packet(piece.data)
        packet.pts, packet.dts, packet.time_base = piece.pts, piece.dts, piece.time_base
        try:
            for frame in self._decoder.decode(packet):
                at = frame.time if frame.time is not None else piece.position
                for part in self._resampler.resample(frame):
                    yield at, part.to_ndarray().reshape(-1).astype(np.float32, copy=False)
        except (av.error.FFmpegError, ValueError):
            self.errors += 1

    def _push(self) -> None:
        held, self._held = self._held, []
        if held and self._anchor is not None:
            block = AudioBlock(round(self._held_at * 1000), np.concatenate(held))
            self._tell(self._ears.push(block))

    def _flush(self) -> None:
        self._push()
        self._tell(self._ears.close())

    def _tell(self, spoken: Sequence[Spoken]) -> None:
        if spoken and self._anchor is not None:
            self._on_spoken(spoken, self._anchor)


def on_clock(spoken: Spoken, number: int, anchor: Anchor, start: float) -> Utterance:
    """What was said as an utterance of the watch, its times from the start of the watch."""
    shift = round((anchor.wall(0.0) - start) * 1000)

    def moved(sounds: Sequence[Sound]) -> tuple[Sound, ...]:
        return tuple(one._replace(start_ms=one.start_ms + shift, end_ms=one.end_ms + shift) for one in sounds)

    return Utterance(
        id=f"u{number}",
        text=spoken.text,
        start_ms=spoken.start_ms + shift,
        end_ms=spoken.end_ms + shift,
        speaker_name=spoken.speaker,
        confidence=spoken.confidence,
        heard=spoken.heard,
        sounds=moved(spoken.sounds),
        spotted=moved(spoken.spotted),
    )
