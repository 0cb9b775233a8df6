"""Where somebody speaks: sound in, stretches of speech out, whatever its length, in bounded memory.

A detector says of each window of 32 ms whether there is a voice in it; the cutter makes stretches of that:
padded, so that no first or last sound is lost, and cut at a pause when somebody talks without end. Silero's
model (silero-vad, Silero Team) runs through sherpa-onnx. Without a model
loudness stands in: it keeps silence out, and lets music and noise through.
"""

import math
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from fairstream.errors import UsageError
from fairstream.sources.asr.card import sha256_of
from fairstream.sources.asr.engine import RATE, Samples
from fairstream.sources.asr.onnx import ports
from fairstream.sources.asr.sherpa import library

WINDOW: Final = 512
"""Samples that a detector judges at once."""
_WINDOW_MS: Final = WINDOW * 1000 / RATE
_SILERO: Final = (
    (("input", "sr", "h", "c"), ("output", "hn", "cn")),
    (("input", "state", "sr"), ("output", "stateN")),
)
"""What versions 4 and 5 take and give. sherpa-onnx ends the process over any other model."""
_BEFORE: Final = round(300 / _WINDOW_MS)
_AFTER: Final = round(200 / _WINDOW_MS)
_SHORTEST: Final = round(200 / _WINDOW_MS)
_PAUSE: Final = round(500 / _WINDOW_MS)
LONGEST_MS: Final = 20_000
HOLE_MS: Final = 120
"""A jump of the sound's positions from which on the sound before and after do not belong together."""


class Detector(Protocol):
    """Says of one window after the other whether somebody speaks in it."""

    by_model: bool
    name: str

    def voiced(self, window: Samples) -> bool:
        """Whether there is a voice in the next `WINDOW` samples."""
        ...

    def reset(self) -> None:
        """What comes next does not follow what came before."""
        ...


class Silero:
    """The Silero voice detector from a file that the user names."""

    by_model = True

    def __init__(self, model: Path) -> None:
        sherpa = library()
        config = sherpa.VadModelConfig()
        config.silero_vad.model = str(model)
        # The cutter bridges pauses itself: the detector is to answer for each window.
        config.silero_vad.min_silence_duration = 0.04
        config.silero_vad.min_speech_duration = 0.04
        config.sample_rate = RATE
        try:
            if not config.validate():
                raise ValueError("the file is not there or not readable")
            if ports(model) not in _SILERO:
                raise ValueError("it does not take and give what Silero does")
            self._model: Any = sherpa.VadModel.create(config)
        except (RuntimeError, ValueError) as error:
            raise UsageError(
                f"this is no voice detector that sherpa-onnx can open ({str(error).splitlines()[0][:200]})",
                file=model,
                remedy="name a silero_vad.onnx of version 4 or 5, as the silero-vad package ships it",
            ) from error
        self.name = f"silero {sha256_of(model)[:16]}"
        self._overlap = int(self._model.window_size()) - WINDOW
        self._before: Samples = np.zeros(self._overlap, np.float32)

    def voiced(self, window: Samples) -> bool:
        joined = np.concatenate((self._before, window))
        self._before = window[len(window) - self._overlap :] if self._overlap else window[:0]
        return bool(self._model.is_speech(joined.tolist()))

    def reset(self) -> None:
        self._model.reset()
        self._before = np.zeros(self._overlap, np.float32)


class Loudness:
    """Stands in when no model is named: 8 dB louder than the quietest of the last 20 s, and above −50 dB.

    Whatever is above −35 dB counts, however loud the music beneath it is: it errs towards hearing.
    """

    by_model = False
    name = "loudness"
    _FLOOR_DB: Final = -50.0
    _ABOVE_DB: Final = 8.0
    _SURE_DB: Final = -35.0

    def __init__(self) -> None:
        self._floors: deque[float] = deque(maxlen=20)
        self._recent = math.inf
        self._windows = 0

    def voiced(self, window: Samples) -> bool:
        power = float(np.mean(np.square(window))) if len(window) else 0.0
        level = 10 * math.log10(power + 1e-12)
        self._recent = min(self._recent, level)
        self._windows += 1
        if self._windows % 31 == 0:
            self._floors.append(self._recent)
            self._recent = math.inf
        quietest = min((*self._floors, self._recent))
        return level > max(self._FLOOR_DB, min(quietest + self._ABOVE_DB, self._SURE_DB))

    def reset(self) -> None:
        self._floors.clear()
        self._recent = math.inf
        self._windows = 0


class Stretch(NamedTuple):
    """Speech that was cut out: its samples, and positions of the recording for each of them.

    `anchors` are (sample of the stretch, position in ms): between two of them the sound ran without a break.
    """

    samples: Samples
    anchors: tuple[tuple[int, int], ...]

    def position(self, at_ms: int) -> int:
        """The position in the recording of a moment of this stretch."""
        at = at_ms * RATE // 1000
        sample, position = self.anchors[0]
        for other in self.anchors:
            if other[0] > at:
                break
            sample, position = other
        return position + at_ms - round(sample * 1000 / RATE)


class Cutter:
    """Cuts a stream of sound into stretches of speech; holds at most `longest_ms` of sound and a little."""

    def __init__(self, detector: Detector, *, longest_ms: int = LONGEST_MS) -> None:
        self._detector = detector
        self._longest = max(round(longest_ms / _WINDOW_MS), 4 * (_BEFORE + _AFTER))
        self._rest: Samples = np.zeros(0, np.float32)
        self._start_over()

    def push(self, position_ms: int, samples: Samples) -> Iterator[Stretch]:
        """The stretches that end in these samples, which begin at a position of the recording."""
        if len(samples) == 0:
            return
        expected = self._expected()
        if expected is not None and abs(position_ms - expected) > HOLE_MS:
            yield from self.close()
        if not self._anchors or abs(position_ms - (self._expected() or 0)) >= 2:
            self._anchors.append((self._taken + len(self._rest), position_ms))
        joined = np.concatenate((self._rest, samples))
        whole = len(joined) // WINDOW * WINDOW
        self._rest = joined[whole:]
        for at in range(0, whole, WINDOW):
            window = joined[at : at + WINDOW]
            self._windows.append(window)
            self._voiced.append(self._detector.voiced(window))
            self._taken += WINDOW
            yield from self._cut()

    def close(self) -> Iterator[Stretch]:
        """What is still open; afterwards the cutter may be used for other sound."""
        if len(self._rest):
            voiced = bool(self._voiced and self._voiced[-1])
            padded = np.zeros(WINDOW, np.float32)
            padded[: len(self._rest)] = self._rest
            self._windows.append(padded)
            self._voiced.append(voiced)
            self._taken += WINDOW
        if sum(self._voiced) >= _SHORTEST:
            yield self._stretch(self._first(), len(self._windows))
        self._rest = self._rest[:0]
        self._detector.reset()
        self._start_over()

    def _start_over(self) -> None:
        self._windows: deque[Samples] = deque()
        self._voiced: deque[bool] = deque()
        self._anchors: list[tuple[int, int]] = []
        self._taken = 0

    def _expected(self) -> int | None:
        """The position at which the next sample should be."""
        if not self._anchors:
            return None
        sample, position = self._anchors[-1]
        return position + round((self._taken + len(self._rest) - sample) * 1000 / RATE)

    def _cut(self) -> Iterator[Stretch]:
        """A stretch when a pause or the limit is reached; sound before the first voice is let go."""
        if not any(self._voiced):
            self._drop(len(self._windows) - _BEFORE)
            return
        silent = next(n for n, voiced in enumerate(reversed(self._voiced)) if voiced)
        if silent >= _PAUSE:
            end = len(self._windows) - silent
            if sum(self._voiced) >= _SHORTEST:
                yield self._stretch(self._first(), end + _AFTER)
            # What pads this stretch never pads the next: nothing may be heard twice.
            self._drop(max(end + _AFTER, len(self._windows) - _BEFORE))
        elif len(self._windows) - self._first() >= self._longest:
            at = self._quietest()
            yield self._stretch(self._first(), at)
            self._drop(at)

    def _first(self) -> int:
        return max(next((n for n, voiced in enumerate(self._voiced) if voiced), 0) - _BEFORE, 0)

    def _quietest(self) -> int:
        """Where to cut speech without a pause: amid the quietest 100 ms or so of its second half."""
        first = self._first()
        levels = np.array([float(np.dot(window, window)) for window in self._windows])
        levels += np.array([1.0 if voiced else 0.0 for voiced in self._voiced]) * (levels.max() + 1e-9)
        smooth = np.convolve(levels, np.ones(3) / 3, mode="same")
        lowest = first + (len(levels) - first) // 2
        return lowest + int(np.argmin(smooth[lowest : len(levels) - 1])) + 1

    def _stretch(self, start: int, end: int) -> Stretch:
        windows = list(self._windows)[start:end]
        zero = self._taken - (len(self._windows) - start) * WINDOW
        before = [anchor for anchor in self._anchors if anchor[0] <= zero][-1:]
        inside = [anchor for anchor in self._anchors if zero < anchor[0] < zero + len(windows) * WINDOW]
        anchors = tuple((sample - zero, position) for sample, position in (*before, *inside))
        return Stretch(np.concatenate(windows), anchors)

    def _drop(self, count: int) -> None:
        for _ in range(count):
            self._windows.popleft()
            self._voiced.popleft()
        oldest = self._taken - len(self._windows) * WINDOW
        while len(self._anchors) > 1 and self._anchors[1][0] <= oldest:
            self._anchors.pop(0)


def find_silero(engine_folder: Path) -> Path | None:
    """A Silero model in the engine's folder or in a folder beside it, None when there is none."""
    for folder in (
        engine_folder,
        engine_folder / "silero-vad",
        engine_folder.resolve().parent / "silero-vad",
    ):
        for name in ("silero_vad.onnx", "silero_vad_16k_op15.onnx", "silero_vad.int8.onnx"):
            if (folder / name).is_file():
                return folder / name
    return None


def open_detector(model: Path | None) -> Detector:
    """Silero from a file, or from the folder that holds it; `Loudness` for None."""
    if model is None:
        return Loudness()
    if model.is_dir():
        found = find_silero(model)
        if found is None:
            raise UsageError(
                "no silero_vad.onnx lies here", file=model, remedy="name the file, or leave it out"
            )
        model = found
    if not model.is_file():
        raise UsageError("there is no such file", file=model, remedy="name a silero_vad.onnx")
    return Silero(model)
