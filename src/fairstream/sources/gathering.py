"""The files of one broadcast, read into one haul on one clock.

Recorders cut a broadcast into parts; a file that says when its part began is moved by the distance to the
first. Chat files with a header come first, for they tell the start that the others are placed on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Final

from fairstream.errors import FairstreamError
from fairstream.records import ChatMessage, Listing, Problem, Recording, ScreenText, Shop, Sound, Utterance
from fairstream.sources.asr.written import read_heard
from fairstream.sources.chat import read_chat
from fairstream.sources.clock import Clock, Told
from fairstream.sources.crowd import Crowd
from fairstream.sources.danmaku import Danmaku, read_danmaku
from fairstream.sources.kinds import Kind
from fairstream.sources.listings import read_listings, read_shops
from fairstream.sources.manifest import NAMES
from fairstream.sources.placing import Media
from fairstream.sources.problems import ProblemLog
from fairstream.sources.recorders import read_events, start_in_name, stem_of
from fairstream.sources.recordings import read_media, read_picture
from fairstream.sources.speakers import Cast
from fairstream.sources.subtitles import clock_line, read_subtitles
from fairstream.sources.timedrows import read_screen, read_timed_utterances
from fairstream.sources.times import CHINA
from fairstream.sources.transcripts import read_funasr, read_transcript, read_whisper

ROLE_OF: Final[dict[Kind, str]] = {
    "subtitles": "transcript", "transcript": "transcript", "whisper": "transcript", "funasr": "transcript",
    "timed": "transcript", "heard": "transcript", "danmaku": "chat", "chat": "chat", "screen": "screen",
    "listings": "listings", "shops": "shops", "event": "clock", "clock": "clock", "media": "recordings",
    "picture": "pictures",
}  # fmt: skip
_SPOKEN: Final = frozenset(kind for kind, role in ROLE_OF.items() if role == "transcript")


@dataclass(frozen=True, slots=True)
class BroadcastFile:
    """One file of the broadcast, what it is, and when its own recording began, if it says so."""

    path: Path
    name: str
    kinds: frozenset[Kind]
    started_at: datetime | None = None


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
    media: list[Media] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def read_recordings(files: list[BroadcastFile], haul: Haul) -> None:
    """Every media file: what is in it, its hash, and what its name tells."""
    for file in files:
        if "media" not in file.kinds:
            continue
        try:
            media, problems = read_media(file.path, file.name)
        except FairstreamError as error:
            note(haul, file.name, error)
            continue
        haul.media.append(media)
        haul.problems.extend(problems)


def read_pictures(files: list[BroadcastFile], haul: Haul) -> tuple[Recording, ...]:
    """Screenshots and photographs with their hashes, not yet read."""
    pictures: list[Recording] = []
    for file in files:
        if "picture" not in file.kinds:
            continue
        try:
            pictures.append(read_picture(file.path, file.name, f"p{len(pictures) + 1}"))
        except OSError as error:
            log = ProblemLog(file.name)
            log.add("unreadable", cause=str(error.strerror or error), remedy="ask for the file again")
            haul.problems.extend(log.problems)
    return tuple(pictures)


def read_clocks(files: list[BroadcastFile], haul: Haul) -> None:
    """What recorders' events, time subtitles and file names tell of the clock."""
    for file in files:
        try:
            if "event" in file.kinds:
                haul.told.extend(_told_by_events(file, files))
            elif "clock" in file.kinds and (line := clock_line(file.path)) is not None:
                start = datetime.fromtimestamp(line.at_zero_ms / 1000, CHINA)
                haul.told.append(Told("subtitle_clock", file.name, stem_of(file.name), start, line))
        except FairstreamError as error:
            note(haul, file.name, error)
    named = _starts_of_sessions(haul)
    for file in files:
        stem = stem_of(file.name)
        if stem not in named and (start_named := start_in_name(file.name)) is not None:
            named.add(stem)
            haul.told.append(Told("file_name", file.name, stem, start_named))
        if file.started_at is not None:
            haul.told.append(Told("manifest", NAMES[0], stem, file.started_at))


def _starts_of_sessions(haul: Haul) -> set[str]:
    """Starts in the names of recordings; of numbered segments only the first began then."""
    first: dict[str, Media] = {}
    for media in haul.media:
        known = first.setdefault(media.name.series, media)
        if (media.name.segment or 0) < (known.name.segment or 0):
            first[media.name.series] = media
    for media in first.values():
        if media.name.started_at is not None and (media.name.segment or 0) <= 1:
            haul.told.append(Told("file_name", media.file, media.stem, media.name.started_at))
    return {media.stem for media in haul.media}


def _told_by_events(file: BroadcastFile, files: list[BroadcastFile]) -> Iterator[Told]:
    """Web-hook records of recordings; a file they name is known by its stem, else the record stands alone."""
    stems = {PurePosixPath(stem_of(other.name)).name: stem_of(other.name) for other in files}
    for event in read_events(file.path, file.name):
        own = PurePosixPath(stem_of(event.file)).name if event.file else ""
        start = event.opened_at
        if start is None and event.closed_at is not None and event.duration_s is not None:
            start = event.closed_at - timedelta(seconds=event.duration_s)
        if start is not None:
            part = stems.get(own, stem_of(file.name))
            yield Told("web_hook", file.name, part, start, closed_at=event.closed_at)


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
        stem, line = stem_of(file.name), danmaku.line
        if danmaku.stated_at:
            haul.told.append(Told("chat_header", file.name, stem, danmaku.stated_at))
        if line is not None:
            start = datetime.fromtimestamp(line.at_zero_ms / 1000, CHINA)
            haul.told.append(Told("message_times", file.name, stem, start, line))


def read_rest(files: list[BroadcastFile], haul: Haul, cast: Cast, crowd: Crowd, clock: Clock) -> None:
    """All other files, on the clock that is set by now."""
    started_at = clock.started_at
    for file, danmaku in haul.danmaku:
        haul.chat.extend(_chat_on(clock, stem_of(file.name), message) for message in danmaku.records)
    spoken = [file for file in files if file.kinds & _SPOKEN]
    for number, file in enumerate(spoken, 1):
        prefix = "u" if len(spoken) == 1 else f"u{number}-"
        _keep_spoken(file, haul, cast, prefix, clock)
    if _cover_the_same(haul.spoken):
        log = ProblemLog(spoken[-1].name)
        log.add("two_transcripts")
        haul.problems.extend(log.problems)
    for number, file in enumerate(files, 1):
        try:
            _keep_other(file, haul, crowd, started_at, number, len(files))
        except FairstreamError as error:
            note(haul, file.name, error)


def _keep_spoken(file: BroadcastFile, haul: Haul, cast: Cast, prefix: str, clock: Clock) -> None:
    kind = min(file.kinds & _SPOKEN)
    path, name = file.path, file.name
    try:
        if kind == "transcript":
            loaded = read_transcript(path, name=name, cast=cast, prefix=prefix, started_at=clock.started_at)
        else:
            reader = {
                "subtitles": read_subtitles,
                "whisper": read_whisper,
                "funasr": read_funasr,
                "timed": read_timed_utterances,
                "heard": read_heard,
            }[kind]
            loaded = reader(path, name=name, cast=cast, prefix=prefix)
    except FairstreamError as error:
        note(haul, name, error)
        return
    haul.problems.extend(loaded.problems)
    haul.spoken.append(tuple(_moved(clock, stem_of(name), utterance) for utterance in loaded.records))


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


def _moved(clock: Clock, stem: str, record: Utterance) -> Utterance:
    """An utterance whose times count from its own file's beginning, on the broadcast's clock."""
    if record.start_ms is None:
        return record
    start = clock.moment(stem, record.start_ms)
    end = None if record.end_ms is None else max(start, clock.moment(stem, record.end_ms))

    def moved(sounds: tuple[Sound, ...]) -> tuple[Sound, ...]:
        times = ((clock.moment(stem, sound.start_ms), clock.moment(stem, sound.end_ms)) for sound in sounds)
        return tuple(
            sound._replace(start_ms=begin, end_ms=max(begin, stop))
            for sound, (begin, stop) in zip(sounds, times, strict=True)
        )

    return replace(
        record,
        start_ms=start,
        end_ms=end,
        recording_id=clock.recording_of(stem),
        sounds=moved(record.sounds),
        spotted=moved(record.spotted),
    )


def _chat_on(clock: Clock, stem: str, message: ChatMessage) -> ChatMessage:
    if message.start_ms is None:
        return message
    start = clock.moment(stem, message.start_ms, chat=True)
    at = message.at
    if clock.started_at is not None and clock.part_of(stem) in clock.paused:
        at = clock.started_at + timedelta(milliseconds=start)
    return replace(message, start_ms=start, at=at)


def _cover_the_same(parts: list[tuple[Utterance, ...]]) -> bool:
    """Whether two transcripts share more than a minute."""
    spans = []
    for part in parts:
        starts = [utterance.start_ms for utterance in part if utterance.start_ms is not None]
        if starts:
            spans.append((min(starts), max(starts)))
    spans.sort()
    return any(later[0] < earlier[1] - 60_000 for earlier, later in pairwise(spans))


def duration_ms(
    haul: Haul, utterances: tuple[Utterance, ...], recordings: tuple[Recording, ...] = ()
) -> int | None:
    """The end of the last thing recorded, heard or seen, None when nothing has a time."""
    ends = [utterance.end_ms or utterance.start_ms or 0 for utterance in utterances]
    ends += [text.end_ms or text.start_ms or 0 for text in haul.screen]
    ends += [message.start_ms or 0 for message in haul.chat]
    ends += [
        stretch.start_ms + round(stretch.length_ms * stretch.rate)
        for recording in recordings
        for stretch in recording.stretches
    ]
    return max(ends, default=0) or None


def note(haul: Haul, name: str, error: FairstreamError) -> None:
    """Log a problem."""
    log = ProblemLog(name)
    log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    haul.problems.extend(log.problems)
