"""Transcripts → utterances: plain text with or without times, Whisper JSON and FunASR JSON.

Shapes of the JSON files as the tools write them: openai/whisper and its kin (``segments``), whisper.cpp
(``transcription`` with offsets), FunASR (a list with ``sentence_info`` or ``timestamp``).
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

from fairstream.errors import FormatError
from fairstream.records import Speaker, Utterance
from fairstream.sources.asr.invented import is_invented
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input, read_text
from fairstream.sources.jsontext import parse_json
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.speakers import Cast
from fairstream.sources.times import MARK, finite, mark_ms, position_ms, wall_clock

MOST_CHARACTERS: Final = 4000
"""Longest utterance; a longer text without times is cut at sentence ends."""

_STAMPED: Final = re.compile(
    rf"\s*[\[【(（<]?\s*({MARK})\s*(?:-{{1,2}}>|[-–~至])?\s*({MARK})?\s*[\]】)）>]?[\s:：,，|]*(?=\D|$)",
    re.ASCII,
)
_NAMED_STAMP: Final = re.compile(rf"\s*(\S{{1,20}})[\s:：]+[\[(（]?({MARK})[\])）]?\s*", re.ASCII)
_DATED: Final = re.compile(
    r"\s*[\[【(（]?\s*(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T]\d{1,2}:\d{1,2}(?::\d{1,2})?)[.,\d]{0,5}"
    r"\s*[\]】)）]?[\s:：,，|]*",
    re.ASCII,
)
_SENTENCE_END: Final = re.compile(r"[。！？!?；;…\n]+")
_TOKEN: Final = re.compile(r"[㐀-鿿]|[^\W_㐀-鿿]+(?:['’][a-z]+)?")
_REPEAT: Final = re.compile(r"(.{1,12}?)\1{19,}[\s\S]{0,12}", re.DOTALL)


class _Line(NamedTuple):
    number: int
    label: str | None
    start: int | None
    end: int | None
    words: str


@dataclass(frozen=True, slots=True)
class _Segment:
    """One segment of a recogniser, before doubtful ones are dropped."""

    row: int
    text: str
    start: int | None
    end: int | None
    name: str | None = None
    confidence: float | None = None
    squeezed: float = 0.0


def read_transcript(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str = "u",
    started_at: datetime | None = None,
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """Utterances of a plain-text transcript, one per line.

    Times: ``[00:12:03]``, ``00:12``, ``12:03 主播：…``, ``[00:01.000 --> 00:05.000]``,
    ``2026-03-01 20:15:03`` (counted from `started_at`, else from the first), or a line of its own
    (``说话人1 00:12``) for those that follow. An end is the next start. Text without times is kept.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    cast = cast or Cast()
    lines = list(_lines(read_text(file, log), cast, started_at))
    starts = iter([line.start for line in lines if line.start is not None][1:])
    records: list[Utterance] = []
    for line in lines:
        following = next(starts, None) if line.start is not None else None
        end = line.end
        if end is None and following is not None and line.start is not None and following > line.start:
            end = following
        if line.words:
            utterance = Utterance("", line.words, line.start, end, _role(line.label, cast), line.label)
            records.extend(_pieces(replace(utterance, place=log.place(line.number)), log))
    return Loaded(_numbered(records, prefix), log.problems)


def read_whisper(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str = "u",
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """Utterances of a Whisper JSON file (openai, faster-whisper, WhisperX, whisper.cpp).

    Confidence is exp(avg_logprob) × (1 − no_speech_prob), the mean word probability where the first is not
    given. Lines that recognisers make up over silence and endless repeats are left out with a problem.
    """
    log, value = _open_json(source, name, limit)
    if value is None:
        return Loaded((), log.problems)
    segments = [segment for segment in _whisper(value, log) if segment.text]
    return _heard(segments, cast or Cast(), prefix, log)


def read_funasr(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str = "u",
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """Utterances of a FunASR JSON file: by ``sentence_info`` (with speaker), else by token ``timestamp``."""
    log, value = _open_json(source, name, limit)
    if value is None:
        return Loaded((), log.problems)
    entries = value if isinstance(value, list) else [value]
    segments: list[_Segment] = []
    for row, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            log.add("row_shape", row)
        elif isinstance(entry.get("sentence_info"), list):
            segments.extend(_sentences(entry["sentence_info"], log))
        elif not entry.get("text"):
            log.add("no_text", row)
        else:
            segments.extend(_by_tokens(row, str(entry.get("text") or ""), entry.get("timestamp"), log))
    return _heard([segment for segment in segments if segment.text], cast or Cast(), prefix, log)


def json_kind(value: object) -> Literal["whisper", "funasr"] | None:
    """``whisper``, ``funasr`` or None, by the shape of a parsed JSON value."""
    if isinstance(value, dict):
        if isinstance(value.get("segments"), list) or isinstance(value.get("transcription"), list):
            return "whisper"
        value = [value]
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return None
    first = value[0]
    if isinstance(first.get("sentence_info"), list) or (
        isinstance(first.get("timestamp"), list) and isinstance(first.get("text"), str)
    ):
        return "funasr"
    return "whisper" if {"start", "end", "text"} <= first.keys() and "avg_logprob" in first else None


def _open_json(source: Source, name: str | None, limit: int) -> tuple[ProblemLog, Any]:
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    text = read_text(file, log)
    return log, parse_json(text, log) if text else None


def _lines(text: str, cast: Cast, started_at: datetime | None) -> Iterator[_Line]:
    """Lines with words. A mark on a line of its own gives the next line its time, and a speaker standing
    beside it stays until the next mark; a speaker before a colon holds for that line only.
    """
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    marks = _Marks([line for _, line in numbered], started_at)
    standing: str | None = None
    start: int | None = None
    for number, line in numbered:
        named = _NAMED_STAMP.fullmatch(line) if len(line) < 60 else None
        if named and cast.knows(named.group(1)):
            standing, start = named.group(1), mark_ms(named.group(2))
            continue
        end, words = None, line
        if mark := marks.read(line):
            start, end, words = mark
            standing = None
            if not words.strip():
                continue
        label, words = cast.split(words)
        yield _Line(number, label or standing, start, end, words.strip())
        start = None


class _Marks:
    """Times at the head of lines. Without brackets they count only when a fifth of the lines has one:
    a lone "3:00 开抢" is speech.
    """

    def __init__(self, lines: list[str], started_at: datetime | None) -> None:
        few = max(1 if len(lines) < 4 else 2, len(lines) // 5)
        self.zero = started_at
        self.dated = sum(1 for line in lines if _DATED.match(line[:100])) >= few
        self.bare = sum(1 for line in lines if _STAMPED.match(line[:100])) >= few

    def read(self, line: str) -> tuple[int | None, int | None, str] | None:
        """Start and end in milliseconds and the words of one line; None when its time cannot be placed."""
        head = line[:100]
        if self.dated and (dated := _DATED.match(head)):
            clock = wall_clock(dated.group(1))
            self.zero = self.zero or clock
            if clock is None or self.zero is None:
                return None
            start = round((clock - self.zero).total_seconds() * 1000)
            return (start if start >= 0 else None), None, line[dated.end() :]
        stamp = _STAMPED.match(head)
        if stamp is None or not (self.bare or head.lstrip()[0] in "[【(（<"):
            return None
        start_ms = mark_ms(stamp.group(1))
        return None if start_ms is None else (start_ms, mark_ms(stamp.group(2) or ""), line[stamp.end() :])


def _role(label: str | None, cast: Cast) -> Speaker:
    return cast.speaker(label) if label else "host"


def _pieces(utterance: Utterance, log: ProblemLog) -> Iterator[Utterance]:
    """The utterance itself, or its pieces when it is too long; only the first keeps the start."""
    text = utterance.text
    if len(text) <= MOST_CHARACTERS:
        yield utterance
        return
    log.add("long_line", utterance.place.line if utterance.place else None, most=MOST_CHARACTERS)
    at = 0
    while at < len(text):
        stop = min(len(text), at + MOST_CHARACTERS)
        if stop < len(text):
            ends = [match.end() for match in _SENTENCE_END.finditer(text, at + MOST_CHARACTERS // 2, stop)]
            stop = ends[-1] if ends else stop
        first, last = at == 0, stop == len(text)
        yield replace(
            utterance,
            text=text[at:stop],
            start_ms=utterance.start_ms if first else None,
            end_ms=utterance.end_ms if last else None,
        )
        at = stop


def _numbered(records: list[Utterance], prefix: str) -> tuple[Utterance, ...]:
    return tuple(replace(record, id=f"{prefix}{number}") for number, record in enumerate(records, 1))


def _whisper(value: Any, log: ProblemLog) -> Iterator[_Segment]:
    if isinstance(value, dict) and isinstance(value.get("transcription"), list):
        entries, unit = value["transcription"], 1
    else:
        entries, unit = (value.get("segments") if isinstance(value, dict) else value), 1000
    if not isinstance(entries, list):
        raise FormatError(
            "no list of segments", file=log.file, remedy="give the JSON as the recogniser wrote it"
        )
    for row, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not isinstance(entry.get("text"), str):
            log.add("row_shape", row)
            continue
        offsets = entry.get("offsets")
        times = (
            {"start": offsets.get("from"), "end": offsets.get("to")} if isinstance(offsets, dict) else entry
        )
        start, end = (position_ms(times.get(key), unit_ms=unit) for key in ("start", "end"))
        name = entry.get("speaker")
        yield _Segment(
            row,
            entry["text"].strip(),
            start,
            end if end is None or start is None or end >= start else None,
            str(name) if name is not None else None,
            _confidence(entry),
            finite(entry.get("compression_ratio")) or 0.0,
        )


def _confidence(entry: dict[str, Any]) -> float | None:
    logprob = finite(entry.get("avg_logprob"))
    if logprob is not None:
        silence = finite(entry.get("no_speech_prob")) or 0.0
        return round(math.exp(min(logprob, 0.0)) * (1 - min(max(silence, 0.0), 1.0)), 4)
    words = entry.get("words") or entry.get("tokens")
    if not isinstance(words, list):
        return None
    given = [
        word.get("probability", word.get("score", word.get("p"))) for word in words if isinstance(word, dict)
    ]
    known = [p for p in map(finite, given) if p is not None]
    return round(min(max(sum(known) / len(known), 0.0), 1.0), 4) if known else None


def _sentences(entries: list[Any], log: ProblemLog) -> Iterator[_Segment]:
    for row, entry in enumerate(entries, 1):
        text = (entry.get("text") or entry.get("sentence")) if isinstance(entry, dict) else None
        if not isinstance(text, str):
            log.add("row_shape", row)
            continue
        start, end = (position_ms(entry.get(key), unit_ms=1) for key in ("start", "end"))
        speaker = entry.get("spk", entry.get("speaker"))
        label = (
            None if speaker is None else str(speaker) if isinstance(speaker, str) else f"speaker {speaker}"
        )
        yield _Segment(row, text.strip(), start, end, label)


def _by_tokens(row: int, text: str, stamps: object, log: ProblemLog) -> Iterator[_Segment]:
    """Sentences of `text` timed by the stamps of their characters and words."""
    times = _pairs(stamps)
    sentences = re.findall(r"[^。！？!?；;\n]+[。！？!?；;\n]*", text)
    counts = [len(_TOKEN.findall(sentence)) for sentence in sentences]
    total = sum(counts)
    if times and total != len(times):
        log.add("guessed_times", row)
    done = 0
    for sentence, count in zip(sentences, counts, strict=True):
        start = end = None
        if times and total:
            first = min(done * len(times) // total, len(times) - 1)
            last = min(max((done + count) * len(times) // total - 1, first), len(times) - 1)
            start, end = times[first][0], times[last][1]
        done += count
        yield _Segment(row, sentence.strip(), start, end)


def _pairs(stamps: object) -> list[tuple[int, int]]:
    if not isinstance(stamps, list):
        return []
    pairs = []
    for stamp in stamps:
        if isinstance(stamp, list) and len(stamp) >= 2:
            start, end = position_ms(stamp[0], unit_ms=1), position_ms(stamp[1], unit_ms=1)
            if start is not None and end is not None:
                pairs.append((start, end))
    return pairs


def _heard(segments: list[_Segment], cast: Cast, prefix: str, log: ProblemLog) -> Loaded[Utterance]:
    """Utterances of the segments that a person may have said; a lone numbered speaker is the host."""
    records: list[Utterance] = []
    names = {segment.name for segment in segments}
    alone = len(names) == 1
    for segment in _without_runs(segments, log):
        if is_invented(segment.text, segment.confidence):
            log.add("silence", segment.row)
        elif _REPEAT.fullmatch(segment.text) and (segment.squeezed > 2.4 or len(segment.text) > 60):
            log.add("repeats", segment.row)
        else:
            name, text = (segment.name, segment.text) if segment.name else cast.split(segment.text)
            speaker = "host" if alone and segment.name and cast.is_number(segment.name) else _role(name, cast)
            utterance = Utterance("", text, segment.start, segment.end, speaker, name, segment.confidence)
            records.extend(_pieces(replace(utterance, place=log.place(segment.row)), log))
    return Loaded(_numbered(records, prefix), log.problems)


def _without_runs(segments: list[_Segment], log: ProblemLog) -> Iterator[_Segment]:
    """Segments without the tail of a run of five or more equal ones of at least four characters."""
    run = 1
    lengths: list[int] = []
    for segment, following in pairwise([*segments, _Segment(0, "", None, None)]):
        lengths.append(run)
        run = run + 1 if segment.text == following.text and len(segment.text) >= 4 else 1
    longest = 0
    kept: list[_Segment] = []
    for segment, length in zip(reversed(segments), reversed(lengths), strict=True):
        longest = max(longest, length)
        if length == 1 or longest < 5:
            kept.append(segment)
        else:
            log.add("repeats", segment.row)
        longest = 0 if length == 1 else longest
    yield from reversed(kept)
