"""A made-up recording for an invented broadcast, so that clips, clock and player can be tried offline.

    python examples/make_recording.py examples/broadcasts/night-market-tea demo/with-recording

Copies the folder and adds `recording.mp4`: a clock drawn in the picture, and a tone whenever the transcript
says that somebody speaks. Nobody's voice and nobody's picture are in it; the broadcast stays invented.
"""

import argparse
import shutil
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

from fairstream.sources.folder import read_folder

RATE = 16_000
WIDTH, HEIGHT, DOT = 216, 384, 10
DIGITS = {
    "0": "755557", "1": "262227", "2": "717747", "3": "717717", "4": "557711", "5": "747717",
    "6": "747557", "7": "711111", "8": "757557", "9": "755717", ":": "020200",
}  # fmt: skip
"""Six rows of three dots each, as octal digits."""


def picture(second: int) -> Any:
    """The clock at a second, on a background that changes slowly."""
    image = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    image[:] = (30, 40 + second % 60, 90)
    for place, sign in enumerate(f"{second // 60:02}:{second % 60:02}"):
        for row, dots in enumerate(DIGITS[sign]):
            for column in range(3):
                if int(dots) >> (2 - column) & 1:
                    top, left = 150 + row * DOT, 8 + (place * 4 + column) * DOT
                    image[top : top + DOT, left : left + DOT] = 255
    return image


def record(path: Path, seconds: int, spoken: list[tuple[int, int]]) -> None:
    """Write the recording: one picture and one second of sound at a time."""
    talk = np.zeros(seconds * RATE, bool)
    for start, end in spoken:
        talk[start * RATE // 1000 : end * RATE // 1000] = True
    wave = (np.sin(np.arange(seconds * RATE) * 2 * np.pi * 330 / RATE) * 4000 * talk).astype(np.int16)
    with av.open(str(path), "w", container_options={"movflags": "+faststart"}) as out:
        film = out.add_stream("libx264", rate=1, options={"g": "5", "preset": "ultrafast"})
        film.width, film.height, film.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        sound = out.add_stream("aac", rate=RATE, layout="mono", options={"aac_coder": "fast"})
        for second in range(seconds):
            frame = av.VideoFrame.from_ndarray(picture(second), format="rgb24")
            frame.pts, frame.time_base = second, Fraction(1)
            out.mux(film.encode(frame))
            piece = wave[None, second * RATE : (second + 1) * RATE]
            block = av.AudioFrame.from_ndarray(np.ascontiguousarray(piece), format="s16", layout="mono")
            block.rate, block.pts, block.time_base = RATE, second * RATE, Fraction(1, RATE)
            out.mux(sound.encode(block))
        for stream in (film, sound):
            out.mux(stream.encode(None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("out", type=Path)
    asked = parser.parse_args()
    broadcast = read_folder(asked.folder)
    if not broadcast.invented:
        parser.error("the broadcast is not marked as invented")
    spoken = [
        (said.start_ms, said.end_ms if said.end_ms is not None else said.start_ms + 250 * len(said.text))
        for said in broadcast.utterances
        if said.start_ms is not None
    ]
    if not spoken:
        parser.error("its transcript has no times")
    shutil.copytree(asked.folder, asked.out, dirs_exist_ok=True)
    seconds = min(max(end for _, end in spoken) // 1000 + 5, 4 * 3600)
    record(asked.out / "recording.mp4", seconds, spoken)
    sys.stdout.write(f"{asked.out / 'recording.mp4'}: {seconds} s, made up\n")


if __name__ == "__main__":
    main()
