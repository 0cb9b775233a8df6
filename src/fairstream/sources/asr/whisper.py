"""faster-whisper behind the Engine protocol; always from a local folder."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, Literal

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import HeardSegment, HeardSound, ModelCard, Samples

_MOST_SQUEEZED: Final = 2.4
"""Above this ratio the text compresses so well that it is an endless repeat (openai/whisper's default)."""


class WhisperEngine:
    """A faster-whisper (CTranslate2) model. A path is passed, never a size: a size would be downloaded."""

    writes: Literal["characters", "syllables"] = "characters"

    def __init__(self, folder: Path, card: ModelCard, *, threads: int = 1) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as error:
            raise UsageError(
                "this folder holds a faster-whisper model, and faster-whisper is not installed",
                file=card.name,
                remedy='pip install "fairstream[whisper]"',
            ) from error
        self.card = card
        try:
            self._model = WhisperModel(
                str(folder.resolve()),
                device="cpu",
                compute_type="int8",
                cpu_threads=threads,
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise UsageError(
                f"faster-whisper cannot open this model ({str(error).splitlines()[0][:200]})",
                file=card.name,
                remedy="copy the model's folder again",
            ) from error

    def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
        """What is said in one segment. Each segment stands alone, so that one error does not breed others."""
        segments, _ = self._model.transcribe(
            samples,
            language="zh",
            word_timestamps=True,
            vad_filter=False,
            condition_on_previous_text=False,
        )
        return segments_of(segments)


def segments_of(segments: Iterable[Any]) -> tuple[HeardSegment, ...]:
    """faster-whisper's `Segment` objects (seconds) as ours.

    Confidence is exp(avg_logprob) × (1 − no_speech_prob), as when its JSON is read; it is 0 for a text that
    compresses like an endless repeat.
    """
    heard = []
    for segment in segments:
        if text := segment.text.strip():
            sounds = tuple(
                HeardSound(word.word.strip(), _ms(word.start), _ms(word.end), round(word.probability, 4))
                for word in segment.words or ()
                if word.word.strip()
            )
            confidence = math.exp(min(segment.avg_logprob, 0.0)) * (1 - segment.no_speech_prob)
            if segment.compression_ratio > _MOST_SQUEEZED:
                confidence = 0.0
            heard.append(
                HeardSegment(text, sounds, round(confidence, 4), None, _ms(segment.start), _ms(segment.end))
            )
    return tuple(heard)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
