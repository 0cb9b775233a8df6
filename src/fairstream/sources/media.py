"""Recordings → what is in them, their sound in a bounded stream, and their pictures.

PyAV (FFmpeg's libraries) does the reading. Positions are milliseconds from the file's first time stamp over
all its streams; `fairstream.sources.stamps` says how they come from stamps that jump. Only the formats named
here are opened, and only the file itself: a playlist, a list of files or a session description is refused
before it can name another file or address.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.errors import FormatError, InputError, LimitError
from fairstream.records import Problem
from fairstream.sources.boxes import Movie, read_movie
from fairstream.sources.problems import ProblemLog
from fairstream.sources.stamps import SECOND, Placed, Run, Stamp, Unroller

AUDIO_RATE: Final = 16_000
BLOCK_MS: Final = 1000
MOST_PIXELS: Final = 1 << 26
"""Pictures above 64 megapixels are refused: no live stream has them, and one takes 400 MiB."""
MOST_STREAMS: Final = 64
LONGEST_MS: Final = 48 * 3_600_000
"""Reading stops at this position: a small file can claim any length."""
FORMATS: Final = "mov,mp4,m4a,flv,mpegts,matroska,webm,mp3,wav,aac,flac,ogg,avi,asf,mpeg,amr"
_OPTIONS: Final = {
    "format_whitelist": FORMATS,
    "protocol_whitelist": "file",
    "max_streams": str(MOST_STREAMS + 1),
    "probesize": "10000000",
    "max_pixels": str(MOST_PIXELS),
}
_PATIENCE: Final = (30.0, 30.0)
_SAMPLE_RATES: Final = range(4_000, 768_001)
_MOST_ERRORS: Final = 50
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
    with _opened(path, name) as media:
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
    with _opened(path, name) as media:
        if media.audio is None:
            raise FormatError("there is no sound in this recording", file=log.file, remedy="check the file")
        sound = _Sound(AUDIO_RATE * block_ms // 1000)
        for frame in media.decoded(media.audio, log):
            if frame.sample_rate not in _SAMPLE_RATES:
                raise FormatError(
                    f"a sampling rate of {frame.sample_rate} Hz", file=log.file, remedy="check the file"
                )
            yield from sound.push(frame)
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
    """Pictures at least `every_ms` apart, read as they are asked for.

    With `changed`, only pictures that differ from the one given before: the share of a thumbnail's cells
    whose brightness moved by more than 16 of 255 (0.02 finds a new caption, 0.3 a new scene). `most_side`
    bounds the longer side in pixels. The picture is turned upright as the file says. Pictures that no other
    needs are not decoded, and none after the last that is due before a key picture. Raises `FormatError`
    when there is no picture in the file.
    """
    log = log or ProblemLog(name or str(path))
    with _opened(path, name) as media:
        if media.video is None:
            raise FormatError("there are no pictures in this recording", file=log.file, remedy="check it")
        media.video.codec_context.thread_count = threads
        if every_ms >= 200:
            media.video.codec_context.skip_frame = "NONREF"
        due = 0
        seen: npt.NDArray[np.int16] | None = None
        for frame in media.decoded(media.video, log):
            position = _position_of(frame)
            if position is None or position // 1000 < due:
                continue
            if frame.width * frame.height > MOST_PIXELS:
                raise _too_large(log.file, frame.width, frame.height)
            due = position // 1000 + every_ms
            if changed is not None:
                thumbnail = _thumbnail(frame)
                if seen is not None and np.mean(np.abs(thumbnail - seen) > _MOVED) < changed:
                    continue
                seen = thumbnail
            yield Frame(max(0, position // 1000), _image(frame, most_side))


@dataclass(slots=True)
class _Media:
    """An open file, its first video and audio stream, and the clock its packets are placed on."""

    container: Any
    name: str
    movie: Movie | None = None
    video: Any = None
    audio: Any = None
    unroller: Unroller[Any] = field(init=False)

    def __post_init__(self) -> None:
        start = self.container.start_time
        self.unroller = Unroller(_stamp_of, origin=start)

    def packets(self, log: ProblemLog) -> Iterator[tuple[Any, Placed]]:
        """Packets of both streams in file order with their places, their stamps set to these."""
        for packet, placed in self.unroller.places(self._raw(log)):
            if placed.dts > LONGEST_MS * 1000:
                log.add("media_long", hours=LONGEST_MS // 3_600_000)
                return
            base = packet.time_base
            packet.pts = placed.pts * base.denominator // (base.numerator * SECOND)
            packet.dts = placed.dts * base.denominator // (base.numerator * SECOND)
            yield packet, placed

    def decoded(self, stream: Any, log: ProblemLog) -> Iterator[Any]:
        """Frames of one stream; pieces that cannot be decoded are logged and left out."""
        import av

        first, damaged = 0, 0
        try:
            for packet, placed in self.packets(log):
                if packet.stream_index != stream.index:
                    continue
                try:
                    for frame in packet.decode():
                        if frame.is_corrupt:
                            first, damaged = first if damaged else placed.pts, damaged + 1
                        yield frame
                except (av.error.FFmpegError, ValueError, OverflowError):
                    first, damaged = first if damaged else placed.pts, damaged + 1
            with suppress(av.error.FFmpegError, ValueError, OverflowError):
                yield from stream.codec_context.decode(None)
        finally:
            if damaged:
                log.add("media_damaged", count=damaged, at=_clock(first // 1000))

    def _raw(self, log: ProblemLog) -> Iterator[Any]:
        """Packets as the file holds them; reading goes on behind an error while it gets anywhere."""
        import av

        wanted = [stream for stream in (self.video, self.audio) if stream is not None]
        errors = 0
        while errors < _MOST_ERRORS:
            try:
                for packet in self.container.demux(wanted):
                    if packet.size:
                        errors = 0
                        yield packet
                return
            except (av.error.FFmpegError, OSError, ValueError) as error:
                if errors == 0:
                    log.add("media_broken", at=_clock(self.unroller.front // 1000))
                errors += 1
                if isinstance(error, av.error.EOFError | av.error.ExitError):
                    return


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

    def push(self, frame: Any) -> Iterator[AudioBlock]:
        """Take one decoded frame."""
        position = _position_of(frame)
        form = (frame.format.name, frame.layout.name, frame.sample_rate)
        if position is None:
            position = max(0, self.end)
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
        import av

        self.resampler = av.AudioResampler(format="flt", layout="mono", rate=AUDIO_RATE)
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


def _position_of(frame: Any) -> int | None:
    """Microseconds of a decoded frame; its packet's stamps are positions already."""
    if frame.pts is None or frame.time_base is None:
        return None
    return int(frame.pts * frame.time_base.numerator * SECOND // frame.time_base.denominator)


def _stamp_of(packet: Any) -> Stamp:
    base = packet.time_base
    up, down = base.numerator * SECOND, base.denominator
    dts, pts = packet.dts, packet.pts
    return Stamp(
        packet.stream_index,
        None if dts is None else dts * up // down,
        None if pts is None else pts * up // down,
        max(0, packet.duration or 0) * up // down,
    )


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


def _tell(media: _Media, stated: int | None, log: ProblemLog) -> None:
    """Problems that the packets alone show."""
    end = media.unroller.front // 1000
    if stated is not None and stated > end + 1000 + end // 1000:
        log.add("media_short", stated=_clock(stated), end=_clock(end))
    if media.unroller.glitches:
        log.add("media_glitch", count=media.unroller.glitches)
    runs = media.unroller.runs()
    holes = sum(1 for run in runs[1:] if not run.reset)
    resets = [run for run in runs[1:] if run.reset]
    if holes:
        first = next(run for run in runs[1:] if not run.reset)
        log.add("media_hole", count=holes, at=_clock(first.position_ms))
    if resets:
        log.add("media_reset", count=len(resets), at=_clock(resets[0].position_ms))


def _clock(ms: int) -> str:
    seconds, rest = divmod(max(0, ms), 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest // 100}"


@contextmanager
def _opened(path: Path, name: str | None) -> Iterator[_Media]:
    """The file with its streams checked. Raises `InputError`, `FormatError` or `LimitError`."""
    import av

    shown = name or str(path)
    if not path.is_file():
        raise InputError("there is no such recording", file=shown, remedy="check the name")
    if path.stat().st_size == 0:
        raise FormatError("the recording is empty", file=shown, remedy="ask for the file again")
    movie = read_movie(path, shown)
    try:
        container = av.open(
            str(path.absolute()), options=_OPTIONS, metadata_errors="replace", timeout=_PATIENCE
        )
    except (av.error.FFmpegError, OSError, ValueError, OverflowError, MemoryError) as error:
        raise FormatError(
            "this is no recording that can be read",
            file=shown,
            remedy="copy the file again from where it was recorded; an mp4 cut off before its end has lost"
            " its index and needs the recorder's repair",
        ) from error
    with container:
        yield _checked(_Media(container, shown, movie))


def _checked(media: _Media) -> _Media:
    """The first usable streams: no cover pictures, nothing without a decoder, nothing too large."""
    import av

    if len(media.container.streams) > MOST_STREAMS:
        raise LimitError(
            f"{len(media.container.streams)} streams, more than {MOST_STREAMS}",
            file=media.name,
            remedy="check where this file comes from",
        )
    for stream in media.container.streams:
        if stream.type not in ("video", "audio") or stream.codec_context is None:
            continue
        if stream.type == "video" and not stream.disposition & av.stream.Disposition.attached_pic:
            context = stream.codec_context
            if context.width * context.height > MOST_PIXELS:
                raise _too_large(media.name, context.width, context.height)
            context.options = {"max_pixels": str(MOST_PIXELS)}
            media.video = media.video or stream
        elif stream.type == "audio":
            media.audio = media.audio or stream
    if media.video is None and media.audio is None:
        raise FormatError(
            "there is neither sound nor picture in this recording", file=media.name, remedy="check the file"
        )
    return media


def _too_large(name: str, width: int, height: int) -> LimitError:
    return LimitError(
        f"pictures of {width} × {height}, more than {MOST_PIXELS / 1e6:.0f} megapixels",
        file=name,
        remedy="check where this file comes from: no live stream has such pictures",
    )
