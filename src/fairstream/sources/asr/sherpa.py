"""sherpa-onnx behind the Engine protocol: streaming and whole-segment recognisers.

A streaming model is fed a whole segment at once; it needs 0.66 s of silence behind it, or the last word is
lost. Beam search, one thread: on our 13 clips it was better than greedy search and no slower, and a second
thread made it three to five times slower.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from fairstream.errors import UsageError
from fairstream.sources.asr.engine import RATE, HeardSegment, HeardSound, ModelCard, Samples
from fairstream.sources.asr.exports import check_export
from fairstream.sources.asr.syllables import Token, confidence_of, syllables_of

Writes = Literal["characters", "syllables"]
TAIL: Final = int(0.66 * RATE)
_SPACE: Final = "▁"
_LAST_MS: Final = 240


class Parts(NamedTuple):
    """The files of a model by role: ``tokens`` and ``model``, or ``encoder``, ``decoder`` and ``joiner``."""

    kind: str
    files: dict[str, Path]

    def paths(self) -> dict[str, str]:
        """The files as sherpa-onnx wants them."""
        return {role: str(path) for role, path in self.files.items()}


def library() -> Any:
    """The sherpa_onnx package. Raises `UsageError` when it is not installed."""
    try:
        import sherpa_onnx
    except ImportError as error:
        raise UsageError(
            "speech recognition needs sherpa-onnx, which is not installed",
            remedy='pip install "fairstream[speech]"',
        ) from error
    return sherpa_onnx


class SherpaEngine:
    """A recogniser of sherpa-onnx; `Parts.kind` says which family of models it is."""

    def __init__(self, parts: Parts, card: ModelCard, writes: Writes, *, threads: int = 1) -> None:
        self.card = card
        self.writes: Writes = writes
        self.streaming = parts.kind.startswith("streaming_")
        check_export(parts.kind, parts.files)
        try:
            self._recogniser = _recogniser(parts, threads)
        except (RuntimeError, ValueError, AssertionError) as error:
            raise UsageError(
                f"sherpa-onnx cannot open this {parts.kind} model ({str(error).splitlines()[0][:200]})",
                file=card.name,
                remedy="copy the model's folder again, or name its kind if it was taken for another",
            ) from error

    def hear(self, samples: Samples) -> tuple[HeardSegment, ...]:
        """What is said in one segment; empty when nothing is."""
        stream = self._recogniser.create_stream()
        stream.accept_waveform(RATE, samples)
        if self.streaming:
            stream.accept_waveform(RATE, np.zeros(TAIL, np.float32))
            stream.input_finished()
            while self._recogniser.is_ready(stream):
                self._recogniser.decode_stream(stream)
            result = self._recogniser.get_result_all(stream)
        else:
            self._recogniser.decode_stream(stream)
            result = stream.result
        return segments_of(result, self.writes, len(samples) * 1000 // RATE)


def _recogniser(parts: Parts, threads: int) -> Any:
    sherpa = library()
    paths, common = parts.paths(), {"num_threads": threads, "provider": "cpu"}
    online, offline = sherpa.OnlineRecognizer, sherpa.OfflineRecognizer
    if parts.kind == "sense_voice":
        # Spoken numbers stay as they are spoken: what was said is the evidence, not how it would be printed.
        return offline.from_sense_voice(**paths, language="zh", use_itn=False, **common)
    if parts.kind == "whisper":
        return offline.from_whisper(**paths, language="zh", task="transcribe", **common)
    if parts.kind == "paraformer":
        return offline.from_paraformer(paraformer=paths["model"], tokens=paths["tokens"], **common)
    beam = {"decoding_method": "modified_beam_search"}
    opened = {
        "streaming_transducer": lambda: online.from_transducer(**paths, **beam, **common),
        "streaming_zipformer_ctc": lambda: online.from_zipformer2_ctc(**paths, **common),
        "streaming_paraformer": lambda: online.from_paraformer(**paths, **common),
        "transducer": lambda: offline.from_transducer(**paths, **beam, **common),
        "zipformer_ctc": lambda: offline.from_zipformer_ctc(**paths, **common),
        "wenet_ctc": lambda: offline.from_wenet_ctc(**paths, **common),
    }
    return opened[parts.kind]()


def segments_of(result: Any, writes: Writes, length_ms: int) -> tuple[HeardSegment, ...]:
    """A result of sherpa-onnx (online or offline) as at most one segment.

    Both classes name ``text``, ``tokens`` and ``timestamps`` (seconds); probabilities are ``ys_probs`` or
    ``ys_log_probs``; only offline results have ``durations``. Any of the last four may be empty.
    """
    words = [str(token) for token in result.tokens]
    times = list(result.timestamps)
    chances = _chances(result, len(words))
    timed = len(times) == len(words)
    # A recogniser without times spreads its tokens evenly: the segment's own ends are known.
    starts = [
        round(times[n] * 1000) if timed else n * length_ms // max(len(words), 1) for n in range(len(words))
    ]
    tokens = [
        Token(word, min(start, length_ms), chance)
        for word, start, chance in zip(words, starts, chances, strict=True)
    ]
    if writes == "syllables":
        sounds: tuple[HeardSound, ...] = syllables_of(tokens, length_ms)
        text = ""
    else:
        sounds = _characters(tokens, length_ms)
        text = str(result.text).strip()
    if not sounds and not text:
        return ()
    start = sounds[0].start_ms if sounds else 0
    end = min(sounds[-1].start_ms + _LAST_MS, length_ms) if sounds and timed else length_ms
    sounds = (*sounds[:-1], sounds[-1]._replace(end_ms=max(end, sounds[-1].start_ms))) if sounds else ()
    return (HeardSegment(text, sounds, confidence_of(tokens), None, start, max(end, start)),)


def _chances(result: Any, count: int) -> Sequence[float | None]:
    given = list(getattr(result, "ys_probs", None) or getattr(result, "ys_log_probs", None) or ())
    if len(given) != count:
        return [None] * count
    return [value if math.isfinite(value) else None for value in given]


def _characters(tokens: Sequence[Token], length_ms: int) -> tuple[HeardSound, ...]:
    """One sound per word: pieces of one word (``▁``, ``@@``) are joined, tags (``<|zh|>``) left out."""
    heard: list[HeardSound] = []
    open_word = False
    for number, token in enumerate(tokens):
        text = token.text
        if text.startswith("<") and text.endswith(">"):
            continue
        bare = text.removesuffix("@@").replace(_SPACE, " ").strip()
        if not bare:
            open_word = False
            continue
        end = max(token.start_ms, tokens[number + 1].start_ms if number + 1 < len(tokens) else length_ms)
        chance = confidence_of([token])
        latin = bare.isascii() and bare.isalpha()
        if open_word and latin and not text.startswith((_SPACE, " ")):
            last = heard[-1]
            both = [value for value in (last.confidence, chance) if value is not None]
            heard[-1] = HeardSound(last.text + bare, last.start_ms, end, min(both, default=None))
        else:
            heard.append(HeardSound(bare, token.start_ms, end, chance))
        # Pieces in SentencePiece's manner continue a word until one begins with a space.
        open_word = text.endswith("@@") or (latin and (text.startswith((_SPACE, " ")) or open_word))
    return tuple(heard)
