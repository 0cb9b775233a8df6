"""Recordings → what is in them, their sound in a bounded stream, and their pictures.

PyAV (FFmpeg's libraries) does the reading. Positions are milliseconds from the file's first time stamp over
all its streams; `fairstream.stamps` says how they come from stamps that jump. Only the formats named
here are opened, and only the file itself: a playlist, a list of files or a session description is refused
before it can name another file or address.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.errors import FormatError
from fairstream.records import Problem
from fairstream.sources.boxes import Movie
from fairstream.sources.container import (
    MOST_PIXELS,
    Decoding,
    Opened,
    clock_words,
    opened,
    resampler,
    too_large,
)
from fairstream.sources.problems import ProblemLog
from fairstream.stamps import SECOND, Placed, Run

AUDIO_RATE: Final = 16_000
BLOCK_MS: Final = 1000
_SAMPLE_RATES: Final = range(4_000, 768_001)
_MOST_WAITING: Final = 1500
_HOLE: Final = 60_000
_OVERLAP: Final = 250_000
_OWN_WORD: Final = frozenset(("matroska", "flv"))
"""Formats whose header states a length; the others' is guessed from the last stamps or the bit rate."""


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
    """What is in a media file.

    `duration_ms` is where the last packet ends, whatever the header says; None when the packets were not
    read. `stated_ms` is the header's own word. `runs` are the stretches without a break, in order.
    """

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
    runs: tuple[Run, ...] = ()
    stated_ms: int | None = None


def probe(path: Path, *, name: str | None = None, scan: bool = True) -> Probe:
    """What is in a media file; `scan` reads every packet's time stamp without decoding (about 1 s for an
    hour). Raises `FormatError` when it is none, `LimitError` when it asks for more than the stated limits.
    """
    log = ProblemLog(name or str(path))
    with opened(path, name) as media:
        stated = _stated(media.container, path, media.movie)
        if scan:
            for _ in media.packets(log):
                pass
            _tell(media, stated, log)
        video, audio_ = media.video, media.audio
        return Probe(
            container=media.container.format.name,
            size=path.stat().st_size,
            duration_ms=media.unroller.front // 1000 if scan else stated,
            video_codec=video.codec_context.name if video else None,
            width=video.codec_context.width if video else 0,
            height=video.codec_context.height if video else 0,
            frame_rate=float(video.average_rate) if video and video.average_rate else None,
            audio_codec=audio_.codec_context.name if audio_ else None,
            sample_rate=audio_.codec_context.sample_rate if audio_ else None,
            problems=log.problems,
            runs=media.unroller.runs(),
            stated_ms=stated,
        )


def breaks(path: Path, *, name: str | None = None) -> tuple[Run, ...]:
    """The stretches of a file whose time stamps run on without a break, read without decoding."""
    return probe(path, name=name).runs


def audio(
    path: Path, *, name: str | None = None, block_ms: int = BLOCK_MS, log: ProblemLog | None = None
) -> Iterator[AudioBlock]:
    """The sound of a recording in blocks of `block_ms`, read as it is asked for.

    A block follows the one before it without a break, or its position says how long the hole is: sound is
    never joined over a hole of more than 60 ms. Sound stamped before what was given already is left out.
    What cannot be decoded goes to `log`. Raises `FormatError` when there is no sound in the file.
    """
    log = log or ProblemLog(name or str(path))
    with opened(path, name) as media:
        if media.audio is None:
            raise FormatError("there is no sound in this recording", file=log.file, remedy="check the file")
        sound = _Sound(AUDIO_RATE * block_ms // 1000)
        decoding = Decoding(media.audio, log)
        for position, frame in decoding.all(media):
            if frame.sample_rate not in _SAMPLE_RATES:
                raise FormatError(
                    f"a sampling rate of {frame.sample_rate} Hz", file=log.file, remedy="check the file"
                )
            yield from sound.push(position, frame)
        yield from sound.close()
        if sound.dropped:
            log.add("media_overlap", seconds=f"{sound.dropped / SECOND:.1f}")


def frames(
    path: Path,
    *,
    name: str | None = None,
    every_ms: int = 1000,
    changed: float | None = None,
    most_side: int | None = None,
    threads: int = 1,
    log: ProblemLog | None = None,
) -> Iterator[Frame]:
    """Pictures about `every_ms` apart, read as they are asked for.

    With `changed`, only pictures that differ from the one given before: the share of a thumbnail's cells
    whose brightness moved by more than 16 of 255 (0.02 finds a new caption, 0.3 a new scene). `most_side`
    bounds the longer side in pixels. The picture is turned upright as the file says. Only what a picture that
    is due needs is decoded. Raises `FormatError`
    when there is no picture in the file.
    """
    log = log or ProblemLog(name or str(path))
    with opened(path, name) as media:
        if media.video is None:
            raise FormatError("there are no pictures in this recording", file=log.file, remedy="check it")
        media.video.codec_context.thread_count = threads
        if every_ms >= 200:
            media.video.codec_context.skip_frame = "NONREF"
        seen: npt.NDArray[np.int16] | None = None
        for position, frame in _sampled(media, every_ms * 1000, log):
            if frame.width * frame.height > MOST_PIXELS:
                raise too_large(log.file, frame.width, frame.height)
            if changed is not None:
                thumbnail = _thumbnail(frame)
                if seen is not None and np.mean(np.abs(thumbnail - seen) > _MOVED) < changed:
                    continue
                seen = thumbnail
            yield Frame(max(0, position // 1000), _image(frame, most_side))


def _sampled(media: Opened, every: int, log: ProblemLog) -> Iterator[tuple[int, Any]]:
    """Decoded pictures with their positions (µs), one for each `every` that passes.

    Packets wait undecoded until one is due; those that still wait when a key picture comes are never decoded.
    """
    due, least, hungry = 0, 0, False
    waiting: list[tuple[Any, Placed]] = []
    decoding = Decoding(media.video, log)
    for packet, placed in media.packets(log):
        if packet.stream_index != media.video.index:
            continue
        if packet.is_keyframe and not hungry:
            if waiting:
                least = placed.pts - 1000  # stamps are rounded to the stream's own unit
            waiting.clear()
        waiting.append((packet, placed))
        hungry = hungry or placed.pts >= due or len(waiting) >= _MOST_WAITING
        if not hungry:
            continue
        for each in waiting:
            for position, frame in decoding.frames(*each):
                if position >= max(due, least):
                    due = due + every if position < due + every else position + every
                    hungry = False
                    yield position, frame
        waiting.clear()
    last = chain.from_iterable(decoding.frames(*each) for each in waiting)
    for position, frame in chain(last, decoding.rest()):
        if position >= max(due, least):
            due = position + every
            yield position, frame
    decoding.tell()


class _Sound:
    """Decoded sound → steady blocks at 16 kHz, each run of them beginning at an exact position.

    `end` is where the sound taken in so far ends and `dropped` how much was stamped before it, both in
    microseconds.
    """

    def __init__(self, step: int) -> None:
        self.step = step
        self.end = -1
        self.start = 0
        self.given = 0
        self.taken = 0
        self.dropped = 0
        self.catching = False
        self.form: tuple[Any, ...] = ()
        self.resampler: Any = None
        self.waiting: list[npt.NDArray[np.float32]] = []
        self.held = 0

    def push(self, position: int, frame: Any) -> Iterator[AudioBlock]:
        """Take one decoded frame that begins at `position` (µs)."""
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        away = position - self.end
        if self.end < 0 or form != self.form or away > _HOLE:
            yield from self.close()
            self._begin(max(position, self.end, 0), form)
        elif away < -_OVERLAP or (self.catching and away < -_HOLE):
            self.catching = True
            self.dropped += frame.samples * SECOND // frame.sample_rate
            return
        self.catching = False
        self._take(frame)
        yield from self._blocks()

    def close(self) -> Iterator[AudioBlock]:
        """What is left of the present run."""
        if self.resampler is not None:
            self._keep(self.resampler.resample(None))
            self.resampler = None
        yield from self._blocks(least=1)

    def _begin(self, start: int, form: tuple[Any, ...]) -> None:
        self.resampler = resampler(AUDIO_RATE)
        self.form, self.start, self.end = form, start, start
        self.given = self.taken = 0

    def _take(self, frame: Any) -> None:
        self.taken += frame.samples
        self.end = self.start + self.taken * SECOND // frame.sample_rate
        frame.pts = None
        self._keep(self.resampler.resample(frame))

    def _keep(self, frames: list[Any]) -> None:
        for frame in frames:
            samples = frame.to_ndarray().reshape(-1).astype(np.float32, copy=False)
            self.waiting.append(np.nan_to_num(samples, nan=0.0, posinf=0.0, neginf=0.0))
            self.held += len(samples)

    def _blocks(self, least: int = 0) -> Iterator[AudioBlock]:
        """Whole blocks, and the rest too when at least `least` samples are left."""
        if self.held < self.step and not least:
            return
        samples = np.concatenate(self.waiting) if self.waiting else np.zeros(0, np.float32)
        at = 0
        while len(samples) - at >= self.step or (least and len(samples) > at):
            piece = samples[at : at + self.step]
            yield AudioBlock((self.start + self.given * SECOND // AUDIO_RATE + 500) // 1000, piece)
            self.given += len(piece)
            at += len(piece)
        self.waiting, self.held = [samples[at:]], len(samples) - at


_MOVED: Final = 16
_THUMBNAIL: Final = 64


def _thumbnail(frame: Any) -> npt.NDArray[np.int16]:
    small = frame.reformat(width=_THUMBNAIL, height=_THUMBNAIL, format="gray", interpolation="AREA")
    thumbnail: npt.NDArray[np.int16] = small.to_ndarray().astype(np.int16)
    return thumbnail


def _image(frame: Any, most_side: int | None) -> npt.NDArray[np.uint8]:
    width, height = frame.width, frame.height
    if most_side is not None and max(width, height) > most_side:
        scale = most_side / max(width, height)
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
    image: npt.NDArray[np.uint8] = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    turns = round(getattr(frame, "rotation", 0) / 90) % 4
    return np.ascontiguousarray(np.rot90(image, turns)) if turns else image


def _stated(container: Any, path: Path, movie: Movie | None) -> int | None:
    """The length by the header's own word, in milliseconds."""
    names = set(container.format.name.split(","))
    if movie is not None:
        return movie.length_ms or (container.duration or 0) // 1000 or None
    if "wav" in names:
        return _wave_ms(path, container)
    return int(container.duration // 1000) if container.duration and _OWN_WORD & names else None


def _wave_ms(path: Path, container: Any) -> int | None:
    """The length that a RIFF header states, where the file is shorter than it; else None."""
    with path.open("rb") as file:
        head = file.read(8)
    missing = int.from_bytes(head[4:8], "little") + 8 - path.stat().st_size
    rate = container.bit_rate
    if not 1 < missing < 0xFFFFFF00 or not rate or not container.duration:
        return None
    return int(container.duration // 1000 + missing * 8000 // rate)


def _tell(media: Opened, stated: int | None, log: ProblemLog) -> None:
    """Problems that the packets alone show."""
    end = media.unroller.front // 1000
    if stated is not None and stated > end + 1000 + end // 1000:
        log.add("media_short", stated=clock_words(stated), end=clock_words(end))
    if media.unroller.glitches:
        log.add("media_glitch", count=media.unroller.glitches)
    runs = media.unroller.runs()
    holes = sum(1 for run in runs[1:] if not run.reset)
    resets = [run for run in runs[1:] if run.reset]
    if holes:
        first = next(run for run in runs[1:] if not run.reset)
        log.add("media_hole", count=holes, at=clock_words(first.position_ms))
    if resets:
        log.add("media_reset", count=len(resets), at=clock_words(resets[0].position_ms))
