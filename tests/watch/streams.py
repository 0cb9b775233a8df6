"""Streams made by the tests: a small film, a live HLS list, a server that does as it is told."""

import http.server
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import av
import numpy as np

from fairstream.detect.engine import Scanner
from fairstream.detect.shipped import open_scanner
from fairstream.records import Sound, Span
from fairstream.sources.asr.listening import Spoken
from fairstream.sources.media import AudioBlock

RATE = 44_100


def film(path: Path, seconds: float, *, form: str = "mpegts", options: dict[str, str] | None = None) -> Path:
    """A grey picture that changes and a tone in the second half of every second; a key frame a second."""
    with av.open(str(path), "w", format=form, options=options or {}) as out:
        video = out.add_stream("libx264", rate=10)
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        video.options = {"g": "10", "bf": "0", "preset": "ultrafast", "sc_threshold": "0"}
        audio = out.add_stream("aac", rate=RATE, layout="mono")
        samples = tone(seconds)
        at = 0
        for number in range(round(seconds * 10)):
            picture = np.full((48, 64, 3), number * 7 % 255, np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = number
            out.mux(video.encode(frame))
            while at < (number + 1) * RATE // 10:
                block = av.AudioFrame.from_ndarray(
                    samples[None, at : at + 1024], format="fltp", layout="mono"
                )
                block.rate, block.pts = RATE, at
                out.mux(audio.encode(block))
                at += 1024
        out.mux(video.encode(None))
        out.mux(audio.encode(None))
    return path


def tone(seconds: float) -> np.ndarray[Any, np.dtype[np.float32]]:
    at = np.arange(round(seconds * RATE) + 2048) / RATE
    loud = (at % 1.0) >= 0.5
    return (0.5 * np.sin(2 * np.pi * 440 * at) * loud).astype(np.float32)


class ToneEars:
    """Hears each tone as one utterance: a recogniser that needs no model."""

    def __init__(self, *words: str, slow_s: float = 0.0) -> None:
        self.words = words or ("啊",)
        self.slow_s = slow_s
        self._number = 0
        self._since: int | None = None
        self._end = 0

    def push(self, block: AudioBlock) -> list[Spoken]:
        time.sleep(self.slow_s)
        found = []
        for at in range(0, len(block.samples), 320):
            loud = float(np.abs(block.samples[at : at + 320]).max()) > 0.1
            position = block.position_ms + at // 16
            if loud:
                self._since = position if self._since is None else self._since
                self._end = position + 20
            elif self._since is not None and position - self._end > 100:
                found += self.close()
        return found

    def close(self) -> list[Spoken]:
        since, self._since = self._since, None
        if since is None:
            return []
        text = self.words[self._number % len(self.words)]
        self._number += 1
        sounds = tuple(Sound(one, Span(n, n + 1), since, self._end) for n, one in enumerate(text))
        return [Spoken(since, self._end, text, "characters", sounds)]


Answer = Callable[[http.server.BaseHTTPRequestHandler], None]


@contextmanager
def served(answer: Answer) -> Iterator[str]:
    """A server on the loopback whose every answer is given by a function."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reply(
    to: http.server.BaseHTTPRequestHandler, body: bytes, kind: str = "text/html", code: int = 200
) -> None:
    to.send_response(code)
    to.send_header("Content-Type", kind)
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


class LiveList:
    """An HLS list of one-second segments that grows with time and ends when all are in it."""

    def __init__(self, folder: Path, seconds: int, *, pace_s: float = 0.4, window: int = 5) -> None:
        options = {"hls_time": "1", "hls_list_size": "0", "hls_flags": "independent_segments"}
        film(folder / "all.m3u8", seconds, form="hls", options=options)
        self.segments = sorted(folder.glob("all*.ts"), key=lambda path: int(path.stem[3:]))
        self.pace_s, self.window = pace_s, window
        self.begun = time.monotonic()
        self.asked: list[str] = []

    def __call__(self, to: http.server.BaseHTTPRequestHandler) -> None:
        name = to.path.lstrip("/")
        self.asked.append(name)
        if name == "live.m3u8":
            reply(to, self.playlist(), "application/vnd.apple.mpegurl")
            return
        found = [path for path in self.segments if path.name == name]
        reply(to, found[0].read_bytes() if found else b"", "video/mp2t", 200 if found else 404)

    def playlist(self) -> bytes:
        there = min(len(self.segments), 3 + int((time.monotonic() - self.begun) / self.pace_s))
        first = max(0, there - self.window)
        lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
        for path in self.segments[first:there]:
            lines += ["#EXTINF:1.0,", path.name]
        if there == len(self.segments):
            lines.append("#EXT-X-ENDLIST")
        return ("\n".join(lines) + "\n").encode()


_scanner: list[Scanner] = []


def scanner() -> Scanner:
    """The shipped rules, loaded once for all tests."""
    if not _scanner:
        _scanner.append(open_scanner(today=date(2026, 3, 1)))
    return _scanner[0]


def append(data: bytes, path: Path, *, steps: int, pause_s: float) -> threading.Thread:
    """Write a file bit by bit, as a recorder does."""

    def work() -> None:
        with path.open("ab") as file:
            for step in range(steps):
                file.write(data[step * len(data) // steps : (step + 1) * len(data) // steps])
                file.flush()
                time.sleep(pause_s)

    thread = threading.Thread(target=work)
    thread.start()
    return thread
