"""Listens for given phrases with sherpa-onnx's KeywordSpotter, on the same streaming model.

The spotter weighs every path that spells a phrase against the best path, so it hears phrases that the
transcript lost. Its phrase file wants one phrase a line in the model's tokens:
``b ǎi f ēn b ǎi :1.5 #0.25 @7`` (boost, threshold, label).

A hit clears what the spotter was following, so the longer of two overlapping phrases would be lost: such
phrases go to spotters of their own.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from pypinyin import Style, lazy_pinyin
from pypinyin.contrib.tone_convert import to_finals_tone, to_initials

from fairstream.errors import FairstreamError, UsageError
from fairstream.sources.asr.engine import RATE, HeardSound, Samples
from fairstream.sources.asr.opening import recognise
from fairstream.sources.asr.sherpa import TAIL, library
from fairstream.sources.asr.syllables import read_tokens, writes_syllables

THRESHOLD: Final = 0.25
BOOST: Final = 1.5
MOST_PHRASES: Final = 2000
_MOST_SPOTTERS: Final = 3
_OVERLAP: Final = 4
"""Tokens (two syllables) that two phrases must share at their ends to be kept apart."""
_LAST_MS: Final = 160
_WORD: Final = re.compile(r"[A-Z㐀-鿿〇]+")


class Spotter:
    """Hears phrases in stretches of speech.

    A phrase with characters that the model has no tokens for (digits, signs) is left out and named in
    `skipped`. A higher `threshold` (0–1) asks for surer hits; `boost` makes phrases survive the search.
    Raises `UsageError` when the folder's model cannot spot phrases.
    """

    def __init__(
        self,
        folder: Path,
        phrases: Sequence[str],
        *,
        threshold: float = THRESHOLD,
        boost: float = BOOST,
        threads: int = 1,
    ) -> None:
        found = recognise(folder)
        if found.kind != "streaming_transducer":
            raise UsageError(
                f"a {found.kind} model cannot listen for phrases",
                file=folder,
                remedy="use a streaming transducer, or leave the phrases out",
            )
        tokens = read_tokens(found.files["tokens"])
        spelt = _spelt(dict.fromkeys(phrases), frozenset(tokens), writes_syllables(tokens))
        self.phrases = tuple(dict.fromkeys(phrase for phrase, _ in spelt))[:MOST_PHRASES]
        self.skipped = tuple(phrase for phrase in dict.fromkeys(phrases) if phrase not in set(self.phrases))
        named = "\n".join((*self.phrases, str(threshold), str(boost)))
        self.settings = f"{len(self.phrases)} {hashlib.sha256(named.encode()).hexdigest()[:16]}"
        self._spotters = [
            _One(found.files, lines, threshold, boost, threads)
            for lines in _apart([line for line in spelt if line[0] in set(self.phrases)])
        ]

    @staticmethod
    def fits(folder: Path) -> bool:
        """Whether the model in this folder can listen for phrases."""
        try:
            return recognise(folder).kind == "streaming_transducer"
        except FairstreamError:
            return False

    def spot(self, samples: Samples) -> tuple[HeardSound, ...]:
        """The phrases heard in a stretch of speech, in order; times from its first sample."""
        heard = {hit for one in self._spotters for hit in one.spot(samples)}
        return tuple(sorted(heard, key=lambda hit: (hit.start_ms, hit.end_ms, hit.text)))


class _One:
    """One KeywordSpotter on phrases that do not get in each other's way."""

    def __init__(
        self,
        files: dict[str, Path],
        lines: Sequence[tuple[str, tuple[str, ...]]],
        threshold: float,
        boost: float,
        threads: int,
    ) -> None:
        self._phrases = [phrase for phrase, _ in lines]
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
            for number, (_, tokens) in enumerate(lines):
                file.write(f"{' '.join(tokens)} :{boost} #{threshold} @{number}\n")
            file.flush()
            self._spotter: Any = library().KeywordSpotter(
                **{role: str(path) for role, path in files.items()},
                keywords_file=file.name,
                num_threads=threads,
            )

    def spot(self, samples: Samples) -> Iterator[HeardSound]:
        stream = self._spotter.create_stream()
        stream.accept_waveform(RATE, samples)
        stream.accept_waveform(RATE, np.zeros(TAIL, np.float32))
        stream.input_finished()
        length_ms = len(samples) * 1000 // RATE
        last: tuple[str, tuple[float, ...]] | None = None
        while self._spotter.is_ready(stream):
            self._spotter.decode_stream(stream)
            # Keyword and times come from one reading: a second one finds the times gone.
            result = self._spotter.keyword_spotter.get_result(stream)
            hit = str(result.keyword), tuple(result.timestamps)
            # The stream is not reset after a hit, as the library's examples do: that would throw away what
            # the model heard before, and the next words with it. A hit stands until the next one.
            if not hit[0] or not hit[1] or hit == last:
                continue
            last = hit
            start, end = round(hit[1][0] * 1000), round(hit[1][-1] * 1000) + _LAST_MS
            yield HeardSound(self._phrases[int(hit[0])], min(start, length_ms), min(end, length_ms))


def _spelt(
    phrases: Iterable[str], known: frozenset[str], syllables: bool
) -> list[tuple[str, tuple[str, ...]]]:
    """Each phrase in the model's tokens, with the tones as written and as they are spoken together."""
    lines: dict[tuple[str, tuple[str, ...]], None] = {}
    for phrase in phrases:
        bare = "".join(phrase.split()).upper()
        if not _WORD.fullmatch(bare):
            continue
        ways = (_pinyin(bare, sandhi=False), _pinyin(bare, sandhi=True)) if syllables else (tuple(bare),)
        for way in ways:
            if way and all(token in known for token in way):
                lines[phrase, way] = None
    return list(lines)


def _pinyin(text: str, *, sandhi: bool) -> tuple[str, ...]:
    """Initials and toned finals as sherpa's models were trained on them; letters one by one."""
    tokens: list[str] = []
    for syllable in lazy_pinyin(text, style=Style.TONE, tone_sandhi=sandhi):
        if syllable.isascii() and syllable.isupper():
            tokens.extend(syllable)
        else:
            parts = to_initials(syllable, strict=False), to_finals_tone(syllable, strict=False)
            tokens.extend(part for part in parts if part)
    return tuple(tokens)


def _apart(lines: Sequence[tuple[str, tuple[str, ...]]]) -> list[list[tuple[str, tuple[str, ...]]]]:
    """Groups in which no phrase hides another, as few as it takes and never more than three."""
    groups: list[list[tuple[str, tuple[str, ...]]]] = []
    edges: list[tuple[set[tuple[str, ...]], set[tuple[str, ...]]]] = []
    for phrase, tokens in sorted(lines, key=lambda line: len(line[1])):
        inside = {tokens[a:b] for a in range(len(tokens)) for b in range(a + 2, len(tokens) + 1)}
        starts = {tokens[:n] for n in range(_OVERLAP, len(tokens) + 1)}
        ends = {tokens[-n:] for n in range(_OVERLAP, len(tokens) + 1)}
        free = [
            n for n, (taken, sides) in enumerate(edges) if not (taken & inside or sides & (starts | ends))
        ]
        if not free and len(groups) < _MOST_SPOTTERS:
            groups.append([])
            edges.append((set(), set()))
        at = free[0] if free else len(groups) - 1
        groups[at].append((phrase, tokens))
        edges[at][0].add(tokens)
        edges[at][1].update(starts, ends)
    return groups
