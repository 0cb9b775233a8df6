"""The files of one broadcast, read into one haul on one clock.

Recorders cut a broadcast into parts; a file that says when its part began is moved by the distance to the
first. Chat files with a header come first, for they tell the start that the others are placed on.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from fairstream.errors import FairstreamError
from fairstream.records import ChatMessage, Listing, Problem, ScreenText, Shop, Utterance
from fairstream.sources.bytes import TEXT_LIMIT, Input, read_text
from fairstream.sources.chat import read_chat
from fairstream.sources.crowd import Crowd
from fairstream.sources.danmaku import Danmaku, read_danmaku
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.kinds import Kind
from fairstream.sources.listings import read_listings, read_shops
from fairstream.sources.problems import ProblemLog
from fairstream.sources.speakers import Cast
from fairstream.sources.subtitles import read_clock, read_subtitles
from fairstream.sources.timedrows import read_screen, read_timed_utterances
from fairstream.sources.times import wall_clock
from fairstream.sources.transcripts import read_funasr, read_transcript, read_whisper

ROLE_OF: Final[dict[Kind, str]] = {
    "subtitles": "transcript", "transcript": "transcript", "whisper": "transcript", "funasr": "transcript",
    "timed": "transcript", "danmaku": "chat", "chat": "chat", "screen": "screen", "listings": "listings",
    "shops": "shops", "event": "clock", "clock": "clock",
}  # fmt: skip
_SPOKEN: Final = frozenset(kind for kind, role in ROLE_OF.items() if role == "transcript")
_NAME_TIME: Final = re.compile(
    r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)[-_ T](\d\d)[-_:]?(\d\d)[-_:]?(\d\d)(?!\d{2})"
)
_SAME_START: Final = 2.0
_LONGEST: Final = 36 * 3600


@dataclass(frozen=True, slots=True)
class BroadcastFile:
    """One file of the broadcast, what it is, and when its own recording began, if it says so."""

    path: Path
    name: str
    kinds: frozenset[Kind]


@dataclass(slots=True)
class Haul:
    """What has been read so far."""

    problems: list[Problem] = field(default_factory=list)
    danmaku: list[tuple[BroadcastFile, Danmaku]] = field(default_factory=list)
    chat: list[ChatMessage] = field(default_factory=list)
    spoken: list[tuple[Utterance, ...]] = field(default_factory=list)
    screen: list[ScreenText] = field(default_factory=list)
    listings: list[Listing] = field(default_factory=list)
    shops: list[Shop] = field(default_factory=list)
    clocks: list[datetime] = field(default_factory=list)
    starts: dict[str, datetime] = field(default_factory=dict)


def start_in_name(name: str) -> datetime | None:
    """Local start time in a recorder's file name, as four recorders write it, else None."""
    match = _NAME_TIME.search(name)
    return wall_clock("{}-{}-{} {}:{}:{}".format(*match.groups())) if match else None


def read_clocks(files: list[BroadcastFile], haul: Haul) -> None:
    """Starts from recorder events and time subtitles."""
    for file in files:
        try:
            clock = None
            if "event" in file.kinds:
                clock = _event_start(file)
            elif "clock" in file.kinds:
                clock = read_clock(file.path)
        except FairstreamError as error:
            note(haul, file.name, error)
            continue
        if clock is not None:
            haul.clocks.append(clock)
            haul.starts[_stem(file)] = clock


def _event_start(file: BroadcastFile) -> datetime | None:
    """FileOpenTime of a BililiveRecorder web hook (version 2) kept as JSON or JSONL."""
    log = ProblemLog(file.name)
    text = read_text(Input(file.name, file.path, TEXT_LIMIT), log)
    lines = [value for _, value in parse_json_lines(text, log)]
    events: list[Any] = lines or [parse_json(text, log)]
    data = [event.get("EventData") for event in events if isinstance(event, dict)]
    times = [
        time for entry in data if isinstance(entry, dict) and (time := wall_clock(entry.get("FileOpenTime")))
    ]
    return min(times, default=None)


def read_chats_with_header(files: list[BroadcastFile], haul: Haul, crowd: Crowd, limit: int) -> None:
    """Chat files that say when they began: they may set the clock."""
    chats = [file for file in files if "danmaku" in file.kinds]
    for number, file in enumerate(chats, 1):
        prefix = "c" if len(chats) == 1 else f"c{number}-"
        try:
            danmaku = read_danmaku(file.path, name=file.name, crowd=crowd, prefix=prefix, limit=limit)
        except FairstreamError as error:
            note(haul, file.name, error)
            continue
        haul.danmaku.append((file, danmaku))
        haul.problems.extend(danmaku.problems)
        if danmaku.header.started_at:
            haul.starts.setdefault(_stem(file), danmaku.header.started_at)


def _stem(file: BroadcastFile) -> str:
    return file.name.rsplit(".", 1)[0]


def start_of(haul: Haul, files: Iterable[BroadcastFile]) -> datetime | None:
    """Start of the recording: recorder, time subtitle, danmaku header, else file names."""
    known = haul.clocks or list(haul.starts.values())
    named = [start for file in files if (start := start_in_name(file.name))]
    return min(known or named, default=None)


def read_rest(
    files: list[BroadcastFile], haul: Haul, cast: Cast, crowd: Crowd, started_at: datetime | None
) -> None:
    """All other files, on the clock that is known by now."""
    shifts = _shifts(files, haul)
    for file, danmaku in haul.danmaku:
        haul.chat.extend(_shifted(message, shifts.get(_stem(file), 0)) for message in danmaku.records)
    spoken = [file for file in files if file.kinds & _SPOKEN]
    for number, file in enumerate(spoken, 1):
        prefix = "u" if len(spoken) == 1 else f"u{number}-"
        _keep_spoken(file, haul, cast, prefix, started_at, shifts.get(_stem(file), 0))
    if _cover_the_same(haul.spoken):
        log = ProblemLog(spoken[-1].name)
        log.add("two_transcripts")
        haul.problems.extend(log.problems)
    for number, file in enumerate(files, 1):
        try:
            _keep_other(file, haul, crowd, started_at, number, len(files))
        except FairstreamError as error:
            note(haul, file.name, error)


def _keep_spoken(
    file: BroadcastFile, haul: Haul, cast: Cast, prefix: str, started_at: datetime | None, shift: int
) -> None:
    kind = min(file.kinds & _SPOKEN)
    path, name = file.path, file.name
    try:
        if kind == "transcript":
            loaded = read_transcript(path, name=name, cast=cast, prefix=prefix, started_at=started_at)
        else:
            reader = {
                "subtitles": read_subtitles,
                "whisper": read_whisper,
                "funasr": read_funasr,
                "timed": read_timed_utterances,
            }[kind]
            loaded = reader(path, name=name, cast=cast, prefix=prefix)
    except FairstreamError as error:
        note(haul, name, error)
        return
    haul.problems.extend(loaded.problems)
    haul.spoken.append(tuple(_shifted(utterance, shift) for utterance in loaded.records))


def _keep_other(
    file: BroadcastFile, haul: Haul, crowd: Crowd, started_at: datetime | None, number: int, count: int
) -> None:
    path, name = file.path, file.name
    if "chat" in file.kinds:
        prefix = "c" if count == 1 or not haul.chat else f"c{number}-"
        chat = read_chat(path, name=name, crowd=crowd, started_at=started_at, prefix=prefix)
        haul.chat.extend(chat.records)
        haul.problems.extend(chat.problems)
    if "screen" in file.kinds:
        screen = read_screen(path, name=name, prefix="s" if not haul.screen else f"s{number}-")
        haul.screen.extend(screen.records)
        haul.problems.extend(screen.problems)
    if "listings" in file.kinds:
        goods = read_listings(path, name=name)
        haul.listings.extend(goods.records)
        haul.problems.extend(goods.problems)
    if "shops" in file.kinds:
        shops = read_shops(path, name=name)
        haul.shops.extend(shops.records)
        haul.problems.extend(problem for problem in shops.problems if problem not in haul.problems)


def _shifts(files: list[BroadcastFile], haul: Haul) -> dict[str, int]:
    """Milliseconds from the first recording's start to each file's own, for recordings in several parts."""
    starts = dict(haul.starts)
    for file in files:
        if (start := start_in_name(file.name)) is not None:
            starts.setdefault(_stem(file), start)
    if not starts:
        return {}
    first = min(starts.values())
    shifts: dict[str, int] = {}
    for stem, start in starts.items():
        seconds = (start - first).total_seconds()
        if seconds > _LONGEST:
            log = ProblemLog(stem)
            log.add("other_day", days=round(seconds / 86400))
            haul.problems.extend(log.problems)
        elif seconds > _SAME_START:
            shifts[stem] = round(seconds * 1000)
    return shifts


def _shifted(record: Any, shift: int) -> Any:
    if not shift or record.start_ms is None:
        return record
    end = getattr(record, "end_ms", None)
    moved = replace(record, start_ms=record.start_ms + shift)
    return moved if end is None else replace(moved, end_ms=end + shift)


def _cover_the_same(parts: list[tuple[Utterance, ...]]) -> bool:
    """Whether two transcripts share more than a minute."""
    spans = []
    for part in parts:
        starts = [utterance.start_ms for utterance in part if utterance.start_ms is not None]
        if starts:
            spans.append((min(starts), max(starts)))
    spans.sort()
    return any(later[0] < earlier[1] - 60_000 for earlier, later in pairwise(spans))


def duration_ms(haul: Haul, utterances: tuple[Utterance, ...]) -> int | None:
    """The end of the last thing heard or seen, None when nothing has a time."""
    ends = [utterance.end_ms or utterance.start_ms or 0 for utterance in utterances]
    ends += [text.end_ms or text.start_ms or 0 for text in haul.screen]
    ends += [message.start_ms or 0 for message in haul.chat]
    return max(ends, default=0) or None


def note(haul: Haul, name: str, error: FairstreamError) -> None:
    """Log a problem."""
    log = ProblemLog(name)
    log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    haul.problems.extend(log.problems)
