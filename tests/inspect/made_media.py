"""Recordings made by the tests: a tone and a plain picture, everything invented."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from fairstream.records import Recording, Stretch

RATE = 16_000
FRAMES = 10


def make_recording(path: Path, seconds: float, *, picture: bool = True, every_key: int = 10) -> Path:
    """A file of the ending's format with a tone and, if asked, a picture that changes each second."""
    with av.open(str(path), "w") as out:
        sound = out.add_stream("aac" if path.suffix != ".wav" else "pcm_s16le", rate=RATE, layout="mono")
        film = None
        if picture:
            film = out.add_stream(
                "libx264", rate=FRAMES, options={"g": str(every_key), "preset": "ultrafast"}
            )
            film.width, film.height, film.pix_fmt = 64, 96, "yuv420p"
        if film is not None:
            for number in range(round(seconds * FRAMES)):
                image = np.full((96, 64, 3), (number // FRAMES * 40) % 255, np.uint8)
                frame = av.VideoFrame.from_ndarray(image, format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, FRAMES)
                for packet in film.encode(frame):
                    out.mux(packet)
        tone = np.sin(np.arange(round(seconds * RATE)) * 2 * np.pi * 440 / RATE) * 8000
        samples = tone.astype(np.int16)
        for start in range(0, len(samples), 1024):
            block = av.AudioFrame.from_ndarray(
                samples[None, start : start + 1024], format="s16", layout="mono"
            )
            block.rate, block.pts = RATE, start
            block.time_base = Fraction(1, RATE)
            for packet in sound.encode(block):
                out.mux(packet)
        for stream in filter(None, (film, sound)):
            for packet in stream.encode(None):
                out.mux(packet)
    return path


def recording_of(
    path: Path,
    *stretches: Stretch,
    name: str = "r1",
    seconds: float = 20,
    video: bool = True,
) -> Recording:
    """The record of a made file."""
    content = path.read_bytes()
    return Recording(
        name,
        path.name,
        path,
        hashlib.sha256(content).hexdigest(),
        len(content),
        path.suffix[1:],
        round(seconds * 1000),
        video,
        True,
        stretches or (Stretch(0, 0, round(seconds * 1000)),),
    )
