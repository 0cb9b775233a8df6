"""FunASR behind the Engine protocol; always from a local folder."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import RATE, HeardSegment, HeardSound, ModelCard, Samples

_TAG: Final = re.compile(r"<\|[^<>|]*\|>")
_GAP: Final = re.compile(r"(?<=[㐀-鿿])\s+(?=[㐀-鿿])")
_PIECE: Final = re.compile(r"[㐀-鿿]|[A-Za-z]+(?:'[A-Za-z]+)?|\d+|[^\W\d_]")


class FunasrEngine:
    """A model that FunASR's AutoModel opens from a folder; the update check, which calls home, is off."""

    writes: Literal["characters", "syllables"] = "characters"

    def __init__(self, folder: Path, card: ModelCard, *, threads: int = 1) -> None:
        try:
            from funasr import AutoModel
        except ImportError as error:
            raise UsageError(
                "this folder holds a FunASR model, and funasr is not installed",
                file=card.name,
                remedy='pip install "fairstream[funasr]"',
            ) from error
        self.card = card
        try:
            self._model = AutoModel(
                model=str(folder.resolve()),
                device="cpu",
                ncpu=threads,
                disable_update=True,
                disable_pbar=True,
                log_level="ERROR",
            )
        except (RuntimeError, ValueError, OSError, AssertionError, KeyError) as error:
            raise UsageError(
                f"FunASR cannot open this model ({(str(error).splitlines() or [''])[0][:200]})",
                file=card.name,
                remedy="copy the model's folder again",
            ) from error

    def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
        """What is said in one segment, by sentences when the model tells them (then with speakers)."""
        result = self._model.generate(input=samples, fs=RATE, cache={}, language="zh", use_itn=False)
        return segments_of(result, len(samples) * 1000 // RATE)


def segments_of(result: Any, length_ms: int) -> tuple[HeardSegment, ...]:
    """What `AutoModel.generate` returns as segments.

    It is a list of ``{text, timestamp: [[ms, ms], …], sentence_info: [{text or sentence, start, end, spk,
    timestamp}]}``; SenseVoice writes tags like ``<|zh|>`` into the text, and others a space behind every
    character: both are taken out. FunASR tells no confidence.
    """
    heard: list[HeardSegment] = []
    for entry in result if isinstance(result, list) else [result]:
        if not isinstance(entry, Mapping):
            continue
        sentences = entry.get("sentence_info")
        if isinstance(sentences, list) and sentences:
            heard.extend(_sentences(sentences, length_ms))
        elif text := _text(entry):
            heard.append(_segment(text, entry.get("timestamp"), 0, length_ms, None))
    return tuple(heard)


def _sentences(sentences: list[Any], length_ms: int) -> Iterator[HeardSegment]:
    for sentence in sentences:
        if isinstance(sentence, Mapping) and (text := _text(sentence)):
            start, end = (_number(sentence.get(key)) for key in ("start", "end"))
            speaker = sentence.get("spk")
            yield _segment(
                text,
                sentence.get("timestamp"),
                start if start is not None else 0,
                end if end is not None else length_ms,
                None if speaker is None else str(speaker),
            )


def _segment(text: str, stamps: Any, start: int, end: int, speaker: str | None) -> HeardSegment:
    pieces = _PIECE.findall(text)
    times = [_pair(stamp) for stamp in stamps] if isinstance(stamps, list) else []
    # Times belong to characters and words only as long as there is one for each of them.
    fit = len(times) == len(pieces) and all(time is not None for time in times)
    known = [time for time in times if time is not None] if fit else []
    sounds = tuple(HeardSound(piece, *time) for piece, time in zip(pieces, known, strict=True)) if fit else ()
    if sounds:
        start, end = min(start or sounds[0].start_ms, sounds[0].start_ms), sounds[-1].end_ms
    return HeardSegment(text, sounds, None, speaker, start, max(start, end))


def _text(entry: Mapping[str, Any]) -> str:
    text = entry.get("text") or entry.get("sentence")
    return _GAP.sub("", _TAG.sub("", text)).strip() if isinstance(text, str) else ""


def _pair(stamp: Any) -> tuple[int, int] | None:
    if isinstance(stamp, list | tuple) and len(stamp) >= 2:
        start, end = _number(stamp[0]), _number(stamp[1])
        if start is not None and end is not None:
            return start, max(start, end)
    return None


def _number(value: Any) -> int | None:
    return round(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
