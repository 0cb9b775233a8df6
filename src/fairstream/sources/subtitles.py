"""Subtitles → utterances: SRT, WebVTT, ASS/SSA and LRC.

Sources: the WebVTT recommendation (W3C), the ASS script format as Aegisub writes it, SRT and LRC as found.
The parsers are our own because every record needs its line and every repair has to be reported; the
decision is explained in docs/decisions/subtitles.md.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Final

from fairstream.errors import FormatError
from fairstream.records import Utterance
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input, read_text
from fairstream.sources.lines import Line
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.speakers import Cast
from fairstream.sources.times import CHINA, mark_ms, wall_clock

_TIMING: Final = re.compile(r"\s*([\d:.,]*\d)?\s*-->\s*([\d:.,]*)")
_ARROW: Final = re.compile(r"^\s*\d[\d:.,]*\s*-->", re.MULTILINE)
_CUT_TIME: Final = re.compile(r"[\d:.,\s>-]*")
_TAG: Final = re.compile(
    r"</?(?:[biusc]|v|lang|ruby|rt|font|span)(?:[.\s][^<>]{0,200})?>|<[\d:.]{5,12}>", re.IGNORECASE
)
_VOICE: Final = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>]{1,80})>")
_OVERRIDE: Final = re.compile(r"\{[^{}]*\}")
_DRAWING: Final = re.compile(r"\{[^{}]*\\p[1-9][^{}]*\}")
_LRC_STAMP: Final = re.compile(r"\s*\[(\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?)\]")
_LRC_TAG: Final = re.compile(r"\s*\[(\w+)\s*:([^\]]*)\]\s*$")
_LRC_WORD: Final = re.compile(r"<\d{1,3}:\d{1,2}(?:[.:]\d{1,3})?>")
_ASS_COLUMNS: Final = "Layer,Start,End,Style,Name,MarginL,MarginR,MarginV,Effect,Text"
_BLOCKS: Final = ("NOTE", "STYLE", "REGION")


@dataclass(slots=True)
class Cue:
    """A subtitle before it becomes an utterance; `raw` is the text with its codes."""

    line: int
    start: int | None
    end: int | None
    raw: str = ""
    name: str | None = None
    body: list[tuple[int, str, bool]] = field(default_factory=list)


def read_subtitles(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str = "u",
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """Utterances of a subtitle file, its kind told by its content; ids are `prefix` + number.

    Lines of one cue are joined, for a line break there is layout and not speech. Raises `FormatError` when
    the content is no subtitle, and the errors of `read_text`.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    text = read_text(file, log)
    if not text:
        return Loaded((), log.problems)
    cues = mend(list(parse(text, log)), log)
    return Loaded(tuple(_utterances(cues, cast or Cast(), prefix, log)), log.problems)


def subtitle_kind(text: str) -> str | None:
    """``vtt``, ``ass``, ``srt``, ``lrc`` or None, by content."""
    if text.lstrip().startswith("WEBVTT"):
        return "vtt"
    if re.search(r"^(?:\[Script Info\]|\[Events\]|Dialogue:)", text, re.MULTILINE | re.IGNORECASE):
        return "ass"
    if _ARROW.search(text):
        return "srt"
    lines = [line for line in text.split("\n", 200)[:200] if line.strip()]
    marked = sum(1 for line in lines if _LRC_STAMP.match(line) or _LRC_TAG.match(line))
    dotted = any(re.match(r"\s*\[(?:\d+:\d+\.\d+|ti|ar|al|by|offset)[\]:]", line) for line in lines)
    return "lrc" if dotted and marked > 0.8 * len(lines) else None


def parse(text: str, log: ProblemLog) -> Iterator[Cue]:
    """Cues of any subtitle text in file order, unmended. Raises `FormatError` when it is none."""
    kind = subtitle_kind(text)
    if kind is None:
        raise FormatError("this is no SRT, VTT, ASS or LRC", file=log.file, remedy="check which file this is")
    if kind == "ass":
        return parse_ass(text, log)
    if kind == "lrc":
        return iter(_parse_lrc(text))
    return _TimedText(log, vtt=kind == "vtt").parse(text)


def mend(cues: list[Cue], log: ProblemLog) -> list[Cue]:
    """Cues sorted by start, with impossible ends opened and overlaps clipped at the next start."""
    last = -1
    for cue in cues:
        if cue.start is not None and cue.start < last:
            log.add("cue_order", cue.line)
        last = max(last, cue.start or 0)
        if cue.start is not None and cue.end is not None and cue.end < cue.start:
            log.add("cue_times", cue.line)
            cue.end = None
    cues.sort(key=lambda cue: cue.start or 0)
    timed = [cue for cue in cues if cue.start is not None]
    for cue, following in pairwise(timed):
        if cue.end is not None and following.start is not None and cue.start != following.start < cue.end:
            log.add("cue_overlap", cue.line)
            cue.end = following.start
    return cues


def read_clock(source: Source, *, limit: int = TEXT_LIMIT) -> datetime | None:
    """Start of the recording from a "time subtitle" (each cue's text is a wall clock), else None."""
    line = clock_line(source, limit=limit)
    return datetime.fromtimestamp(line.at_zero_ms / 1000, CHINA) if line else None


def clock_line(source: Source, *, limit: int = TEXT_LIMIT) -> Line | None:
    """The line through (cue time, clock) of a time subtitle, None when the file is none.

    DouyinLiveRecorder writes one such cue per loop; the loop is a little longer than a second, so the cues
    lag and `drift_ppm` is that lag, not one of the recording. The clock is cut to whole seconds, so the
    middle of each is taken.
    """
    file = open_input(source, None, limit)
    log = ProblemLog(file.name)
    try:
        cues = list(parse(read_text(file, log), log))
    except FormatError:
        return None
    points = [(cue.start, clock) for cue in cues if cue.start is not None and (clock := wall_clock(cue.raw))]
    if len(points) < 2 or len(points) < 0.8 * len(cues):
        return None
    from fairstream.sources.fitting import fit_line  # loads numpy, which most folders can do without

    whole = all(not clock.microsecond for _, clock in points)
    return fit_line(
        [float(start) for start, _ in points],
        [clock.timestamp() * 1000 + 500 * whole for _, clock in points],
        least_points=2,
        least_span_ms=1000,
        most_error_ppm=1e6,
    )


class _TimedText:
    """SRT and WebVTT, line by line: both are blocks around a line with an arrow."""

    def __init__(self, log: ProblemLog, *, vtt: bool) -> None:
        self.log = log
        self.vtt = vtt
        self.cue: Cue | None = None
        self.count = 0
        self.blank = True
        self.skipping = False

    def parse(self, text: str) -> Iterator[Cue]:
        """Cues of one format of subtitles."""
        number = 0
        for number, line in enumerate(text.split("\n"), 1):
            if "-->" in line and (timing := _TIMING.match(line)) and ":" in timing.group(0):
                done, indexed = self._close()
                yield from done
                self.count += 1
                if not indexed and not self.vtt:
                    self.log.add("cue_number", number)
                start = mark_ms((timing.group(1) or "").replace(",", "."))
                end = mark_ms(timing.group(2).strip(",.").replace(",", "."))
                if start is None:
                    self.log.add("bad_time", number)
                self.cue = Cue(number, start, end)
                self.blank = self.skipping = False
            else:
                self._text(number, line)
        yield from self._last(number)

    def _text(self, number: int, line: str) -> None:
        if not line.strip():
            self.blank, self.skipping = True, False
            return
        if self.vtt and self.blank and line.split(maxsplit=1)[0] in _BLOCKS:
            self.skipping = True
        if self.skipping:
            return
        if self.cue is None:
            self.cue = Cue(number, None, None)
        self.cue.body.append((number, line.strip(), self.blank))
        self.blank = False

    def _close(self) -> tuple[list[Cue], bool]:
        """The cue before the present timing line, and whether that line has its number or name above it."""
        cue, indexed = self.cue, False
        if cue is None:
            return [], False
        if cue.body and not self.blank:
            _, last, after_blank = cue.body[-1]
            indexed = (after_blank and (self.vtt or last.isdigit())) or last == str(self.count + 1)
            if indexed:
                cue.body.pop()
        return self._finish(cue), indexed

    def _last(self, number: int) -> Iterator[Cue]:
        """The last cue: what a cut left of the following one is taken off."""
        cue = self.cue
        if cue is None:
            return
        opening = max(
            (at for at, (_, _, after_blank) in enumerate(cue.body) if after_blank), default=len(cue.body)
        )
        rest = [text for _, text, _ in cue.body[opening:]]
        cut = cue.start is not None and all(map(_CUT_TIME.fullmatch, rest))
        cut = cut and (rest[:1] == [str(self.count + 1)] or any(":" in text for text in rest))
        if cut:
            del cue.body[opening:]
        if cut or (cue.start is not None and (cue.end is None or not cue.body)):
            self.log.add("cue_cut", number)
            if not cue.body:
                return
        yield from self._finish(cue)

    def _finish(self, cue: Cue) -> list[Cue]:
        if cue.start is None and cue.end is None:
            strays = [line for line, text, _ in cue.body if not (self.vtt and line == 1)]
            if strays:
                self.log.add("stray", strays[0], len(strays))
            return []
        if not cue.body:
            self.log.add("no_text", cue.line)
            return []
        gaps = [line for line, _, after_blank in cue.body[1:] if after_blank]
        if gaps:
            self.log.add("cue_gap", gaps[0], len(gaps))
        cue.raw = join_lines(text for _, text, _ in cue.body)
        return [cue]


def parse_ass(text: str, log: ProblemLog) -> Iterator[Cue]:
    """Dialogue lines of an ASS or SSA script, columns as its Format line names them."""
    columns = [column.strip().lower() for column in _ASS_COLUMNS.split(",")]
    events, formatted = False, False
    for number, line in enumerate(text.split("\n"), 1):
        key, _, rest = line.partition(":")
        key = key.strip().lower()
        if line.lstrip().startswith("["):
            events = line.strip().lower() == "[events]"
        elif key == "format" and events:
            columns, formatted = [column.strip().lower() for column in rest.split(",")], True
        elif key == "dialogue":
            if not formatted:
                log.add("ass_format", number)
                formatted = True
            if cue := _ass_cue(number, columns, rest, log):
                yield cue


def _ass_cue(number: int, columns: list[str], rest: str, log: ProblemLog) -> Cue | None:
    values = rest.strip().split(",", len(columns) - 1)
    row = dict(zip(columns, values, strict=False))
    if len(values) < len(columns) or "text" not in row:
        log.add("ass_line", number)
        return None
    if _DRAWING.search(row["text"]):
        return None
    start = mark_ms(row.get("start", ""))
    if start is None:
        log.add("bad_time", number)
    name = row.get("name", row.get("actor", "")).strip() or row.get("style", "").strip().lstrip("*")
    return Cue(number, start, mark_ms(row.get("end", "")), row["text"], name or None)


def _parse_lrc(text: str) -> list[Cue]:
    """Lyrics lines; a line with several stamps is said several times, an end is the next start."""
    cues: list[Cue] = []
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        tag = _LRC_TAG.match(line)
        if tag and tag.group(1).lower() == "offset" and tag.group(2).strip().lstrip("+-").isdigit():
            offset = int(tag.group(2))
        at, starts = 0, []
        while stamp := _LRC_STAMP.match(line, at):
            starts.append(mark_ms(stamp.group(1).replace(":", ".", 2).replace(".", ":", 1)))
            at = stamp.end()
        words = _LRC_WORD.sub("", line[at:]).strip()
        cues.extend(Cue(number, max(0, start - offset), None, words) for start in starts if start is not None)
    cues.sort(key=lambda cue: cue.start or 0)
    for cue, following in pairwise(cues):
        cue.end = following.start
    return [cue for cue in cues if cue.raw]


def _utterances(cues: Iterable[Cue], cast: Cast, prefix: str, log: ProblemLog) -> Iterator[Utterance]:
    number = 0
    for cue in cues:
        for voice, raw in _voices(cue.raw):
            text = plain(raw)
            label, text = cast.split(text) if voice is None else (voice, text)
            if label is None and cue.name is not None and cast.knows(cue.name):
                label = cue.name
            if not text.strip():
                log.add("no_text", cue.line)
                continue
            number += 1
            speaker = cast.speaker(label) if label else "host"
            place = log.place(cue.line)
            yield Utterance(f"{prefix}{number}", text, cue.start, cue.end, speaker, label, place=place)


def _voices(raw: str) -> Iterator[tuple[str | None, str]]:
    """Parts of a WebVTT cue by voice tag; the whole without name when there is none."""
    parts = _VOICE.split(raw)
    if len(parts) == 1 or parts[0].strip():
        yield None, parts[0]
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        yield html.unescape(name.strip()), text


def plain(raw: str) -> str:
    """Cue text without styling codes, entities resolved, hard breaks joined."""
    if "{" in raw:
        raw = _OVERRIDE.sub("", raw)
    if "<" in raw:
        raw = _TAG.sub("", raw)
    if "&" in raw:
        raw = html.unescape(raw)
    if "\\" in raw:
        raw = join_lines(re.split(r"\\[Nn]", raw.replace("\\h", " ")))
    return raw.strip()


def join_lines(lines: Iterable[str]) -> str:
    """Lines of one cue as one: a space between them only beside a letter or digit of a spaced script."""
    joined = ""
    for line in filter(None, (line.strip() for line in lines)):
        spaced = joined and joined[-1] < "⺀" and line[0] < "⺀"
        joined += f" {line}" if spaced else line
    return joined
