"""Recordings → what is in them, their sound in a bounded stream, and their pictures.

PyAV (FFmpeg's libraries) does the reading. Positions are milliseconds from the file's first time stamp.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.errors import FormatError
from fairstream.records import Problem

AUDIO_RATE: Final = 16_000
BLOCK_MS: Final = 1000


class AudioBlock(NamedTuple):
    """Mono sound, float32 from −1 to 1 at `AUDIO_RATE`, that begins at a position of the recording."""

    position_ms: int
    samples: npt.NDArray[np.float32]


class Frame(NamedTuple):
    """One picture: uint8, height × width × 3 (red, green, blue), at a position of the recording."""

    position_ms: int
    image: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Probe:
    """What is in a media file, by its own word; `duration_ms` is None when it does not say."""

    container: str
    size: int
    duration_ms: int | None
    video_codec: str | None
    width: int
    height: int
    frame_rate: float | None
    audio_codec: str | None
    sample_rate: int | None
    problems: tuple[Problem, ...] = ()


def probe(path: Path, *, name: str | None = None) -> Probe:
    """What is in a media file. Raises `FormatError` when it is none."""
    with _opened(path, name) as container:
        video = next(iter(container.streams.video), None)
        audio = next(iter(container.streams.audio), None)
        return Probe(
            container=container.format.name,
            size=path.stat().st_size,
            duration_ms=container.duration // 1000 if container.duration else None,
            video_codec=video.codec_context.name if video else None,
            width=video.codec_context.width if video else 0,
            height=video.codec_context.height if video else 0,
            frame_rate=float(video.average_rate) if video and video.average_rate else None,
            audio_codec=audio.codec_context.name if audio else None,
            sample_rate=audio.codec_context.sample_rate if audio else None,
        )


def audio(path: Path, *, name: str | None = None, block_ms: int = BLOCK_MS) -> Iterator[AudioBlock]:
    """The sound of a recording in blocks of at most `block_ms`, read as it is asked for."""
    import av

    with _opened(path, name) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=AUDIO_RATE)
        for packet_frame in container.decode(audio=0):
            position = round((packet_frame.time or 0.0) * 1000)
            for frame in resampler.resample(packet_frame):
                samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
                step = AUDIO_RATE * block_ms // 1000
                for at in range(0, len(samples), step):
                    yield AudioBlock(position + at * 1000 // AUDIO_RATE, samples[at : at + step])


def frames(path: Path, *, name: str | None = None, every_ms: int = 1000) -> Iterator[Frame]:
    """Pictures at least `every_ms` apart, read as they are asked for."""
    due = 0
    with _opened(path, name) as container:
        for frame in container.decode(video=0):
            position = round((frame.time or 0.0) * 1000)
            if position >= due:
                yield Frame(position, frame.to_ndarray(format="rgb24"))
                due = position + every_ms


def _opened(path: Path, name: str | None) -> Any:
    import av

    try:
        return av.open(str(path))
    except av.error.FFmpegError as error:
        raise FormatError(
            "this is no recording that can be read",
            file=name or path,
            remedy="copy the file again from where it was recorded",
        ) from error
