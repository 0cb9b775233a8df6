"""Media made by the tests: tones and pictures whose moments are known, in every container."""

import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np

SECONDS = 6
BEEP_MS = 100


def make(
    path: Path, seconds: int = SECONDS, *, video: bool = True, sound: bool = True, rate: int = 48_000
) -> Path:
    """A recording that beeps for 100 ms at every second and whose picture changes its brightness there."""
    codec = {".mp3": "libmp3lame", ".wav": "pcm_s16le"}.get(path.suffix, "aac")
    with av.open(str(path), "w") as out:
        voice: Any = out.add_stream(codec, rate=rate, layout="mono") if sound else None
        picture: Any = out.add_stream("libx264", rate=25) if video else None
        if picture is not None:
            picture.width, picture.height, picture.pix_fmt = 64, 96, "yuv420p"
            picture.gop_size = 25
            picture.options = {"preset": "ultrafast"}
        for second in range(seconds):
            if voice is not None:
                for tenth in range(10):
                    tone = 0.5 * np.sin(2 * np.pi * 1000 * np.arange(rate // 10) / rate) * (tenth == 0)
                    frame = av.AudioFrame.from_ndarray((tone * 32767).astype(np.int16)[None], "s16", "mono")
                    frame.sample_rate, frame.pts = rate, (second * 10 + tenth) * (rate // 10)
                    out.mux(voice.encode(frame))
            for number in range(25 if picture is not None else 0):
                image = np.full((96, 64, 3), 20 + 30 * (second % 8), np.uint8)
                shown = av.VideoFrame.from_ndarray(image, "rgb24")
                shown.pts = second * 25 + number
                out.mux(picture.encode(shown))
        for stream in (voice, picture):
            if stream is not None:
                out.mux(stream.encode(None))
    return path


def ffmpeg(*arguments: object) -> None:
    """Run FFmpeg's command, at most half a minute."""
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    subprocess.run(command, check=True, timeout=30)


@cache
def _remux(source: Path, target: Path, offset: float) -> bytes:
    ffmpeg("-i", source, "-c", "copy", "-output_ts_offset", offset, target)
    return target.read_bytes()


def ts_at(source: Path, offset: float) -> bytes:
    """The bytes of `source` as MPEG-TS whose time stamps begin at `offset` seconds."""
    return _remux(source, source.with_name(f"at{offset}.ts"), offset)


def beeps(blocks: Sequence[tuple[int, np.ndarray]]) -> list[int]:
    """Positions (ms) at which a beep begins."""
    found: list[int] = []
    for position, samples in blocks:
        for at in np.flatnonzero(np.abs(samples) > 0.2):
            ms = position + int(at) // 16
            if not found or ms - found[-1] > 500:
                found.append(ms)
    return found
