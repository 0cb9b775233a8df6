"""Key frames of the picture → text in it, beside the recording and never in its way.

Only key frames are decoded (one every few seconds in a live stream): each stands alone, so that a reader that
is slow may leave any of them out. How many were is counted.
"""

import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from fairstream.records import ScreenText
from fairstream.sources.media import Frame
from fairstream.sources.ocr.cards import Seen
from fairstream.text.masking import mask
from fairstream.watch.timeline import Anchor, Opened, Piece


class Eyes(Protocol):
    """What reads pictures: `fairstream.sources.ocr.watching.ScreenWatcher`, or a test's own."""

    def push(self, frame: Frame) -> list[Seen]:
        """Texts that are new or have gone with this frame."""
        ...

    def close(self) -> list[Seen]:
        """Texts that were still there."""
        ...


class Seeing:
    """Reads the newest key frame whenever it is free; `on_seen` gets what came and went."""

    def __init__(self, on_seen: Callable[[Sequence[Seen], Anchor], None], *, wait: bool = False) -> None:
        self._on_seen = on_seen
        self._wait = wait
        self._ready = threading.Condition()
        self._newest: Piece | None = None
        self._opened: Opened | None = None
        self._closed = False
        self._anchor: Anchor | None = None
        self._decoder: Any = None
        self.left_out = 0
        self.errors = 0

    def put(self, item: Opened | Piece) -> None:
        """Take in a connection or a packet of the picture."""
        if isinstance(item, Piece) and not (item.video and item.key):
            return
        with self._ready:
            if isinstance(item, Opened):
                self._opened = item
            elif not self._closed:
                if self._wait:
                    self._ready.wait_for(lambda: self._newest is None or self._closed)
                self.left_out += self._newest is not None
                self._newest = item
            self._ready.notify_all()

    def close(self) -> None:
        """No more will come."""
        with self._ready:
            self._closed = True
            self._ready.notify_all()

    def run(self, eyes: Eyes) -> None:
        """Read until closed."""
        while True:
            with self._ready:
                self._ready.wait_for(lambda: self._newest is not None or self._closed)
                piece, self._newest = self._newest, None
                opened, self._opened = self._opened, None
                self._ready.notify_all()
            if piece is None:
                break
            if opened is not None or self._anchor is not piece.anchor:
                self._tell(eyes.close())
            if opened is not None:
                self._open(opened)
            self._anchor = piece.anchor
            self._look(eyes, piece)
        self._tell(eyes.close())

    def _open(self, opened: Opened) -> None:
        import av

        self._decoder = None
        for stream in opened.streams:
            if stream.type == "video":
                self._decoder = av.CodecContext.create(stream.codec_context.name, "r")
                self._decoder.extradata = stream.codec_context.extradata
                self._decoder.thread_count = 1

    def _look(self, eyes: Eyes, piece: Piece) -> None:
        import av

        if self._decoder is None:
            return
        packet = av.Packet(piece.data)
        packet.pts, packet.dts, packet.time_base = piece.pts, piece.dts, piece.time_base
        try:
            frames = [*self._decoder.decode(packet), *self._decoder.decode(None)]
            self._decoder.flush_buffers()
        except (av.error.FFmpegError, ValueError):
            self.errors += 1
            return
        for frame in frames[:1]:
            at = round(piece.position * 1000)
            self._tell(eyes.push(Frame(at, frame.to_ndarray(format="rgb24"))))

    def _tell(self, seen: Sequence[Seen]) -> None:
        if seen and self._anchor is not None:
            self._on_seen(seen, self._anchor)


def on_clock(seen: Seen, anchor: Anchor, start: float) -> ScreenText:
    """Text in the picture as a record of the watch, its times from the start of the watch; personal
    numbers starred."""
    shift = round((anchor.wall(0.0) - start) * 1000)
    return ScreenText(
        f"s{seen.number}",
        mask(seen.text),
        seen.start_ms + shift,
        seen.end_ms + shift,
        round(seen.confidence, 4),
        box=seen.box,
    )
