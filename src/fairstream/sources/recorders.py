"""What recorders leave: who recorded, whom, when, and which piece, told from file and folder names and from
web-hook records.

Names as BililiveRecorder, blrec, biliup, DouyinLiveRecorder and LyzenX's Douyin recorder write them by
default; the times in them are China's. docs/user/recordings.md lists them.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Final, Literal, NamedTuple

from fairstream.sources.bytes import TEXT_LIMIT, Input, read_text
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.problems import ProblemLog
from fairstream.sources.times import finite, wall_clock

Recorder = Literal["BililiveRecorder", "blrec", "biliup", "DouyinLiveRecorder", "LyzenX"]

_NAME_TIME: Final = re.compile(
    r"(?<!\d)(20\d\d)-?(\d\d)-?(\d\d)[-_ T](\d\d)[-_:]?(\d\d)[-_:]?(\d\d)(?!\d{2})"
)
_BILILIVE: Final = re.compile(r"录制-(\d+)-(\d{8}-\d{6})(?:-(\d{3}))?(?:-(.*))?", re.DOTALL)
_BLREC: Final = re.compile(r"blive_(\d+)_(\d{4}-\d\d-\d\d-\d{6}).*", re.DOTALL)
_DOUYIN: Final = re.compile(r"_(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d)(?:_(\d{3,5}))?\Z")
_BILIUP: Final = re.compile(r"(.+?)(\d{4}-\d\d-\d\d \d\d_\d\d_\d\d)(.*)", re.DOTALL)
_LYZENX: Final = re.compile(r"\d{8}_\d{6}")
_ROOM_FOLDER: Final = re.compile(r"(\d+)(?: - |-)(.+)")
_PLATFORM: Final = re.compile(r"(.{1,12}直播|猫耳FM|YouTube|TikTok)")
_NUMBERED: Final = re.compile(r"(?<!\d)(\d{1,4})[)段部分]{0,3}\Z")
_PART: Final = re.compile(r"(?:part|p|第)\Z", re.IGNORECASE)


class Recorded(NamedTuple):
    """What a name says. `started_at` is when the session of segments began: segment 0 of `series`."""

    recorder: Recorder | None
    started_at: datetime | None = None
    host: str | None = None
    title: str | None = None
    room: str | None = None
    platform: str | None = None
    segment: int | None = None
    series: str = ""


class FileEvent(NamedTuple):
    """One file in a recorder's web-hook record: exact times of opening and closing, seconds recorded."""

    file: str | None
    opened_at: datetime | None
    closed_at: datetime | None
    duration_s: float | None
    host: str | None
    title: str | None
    room: str | None


def start_in_name(name: str) -> datetime | None:
    """Local start time in a recorder's file name, as the recorders write it, else None."""
    match = _NAME_TIME.search(name)
    return wall_clock("{}-{}-{} {}:{}:{}".format(*match.groups())) if match else None


def stem_of(name: str) -> str:
    """A file's name without its last ending; sidecars share it with their recording."""
    folder, slash, last = name.rpartition("/")
    return folder + slash + (last.rpartition(".")[0] or last)


def read_name(name: str, above: tuple[str, ...] = ()) -> Recorded:
    """What the name of a recording says; `above` are the names of the folders that hold the given ones."""
    path = PurePosixPath(stem_of(name))
    folders = (*above, *path.parts[:-1])
    parent = folders[-1] if folders else ""
    stem = path.name
    if match := _BILILIVE.fullmatch(stem):
        room, _, milliseconds, title = match.groups()
        owner = _ROOM_FOLDER.fullmatch(parent)
        start = start_in_name(stem)
        if start is not None and milliseconds:
            start += timedelta(milliseconds=int(milliseconds))
        host = owner.group(2) if owner else None
        return Recorded("BililiveRecorder", start, host, title or None, room, "B站直播", None, str(path))
    if match := _BLREC.fullmatch(stem):
        owner = _ROOM_FOLDER.fullmatch(parent)
        host = owner.group(2) if owner else None
        return Recorded("blrec", start_in_name(stem), host, None, match[1], "B站直播", None, str(path))
    if _LYZENX.fullmatch(stem):
        room = parent if parent not in ("", "download") else None
        return Recorded("LyzenX", start_in_name(stem), None, None, room, "抖音直播", None, str(path))
    return _douyin(path, stem, folders) or _other(path, stem)


def _douyin(path: PurePosixPath, stem: str, folders: tuple[str, ...]) -> Recorded | None:
    match = _DOUYIN.search(stem)
    if match is None or not match.start():
        return None
    written, segment = match.groups()
    before = stem[: match.start()]
    host, _, title = before.partition("_")
    platform, owner = None, None
    for number in range(len(folders) - 1, -1, -1):
        if _PLATFORM.fullmatch(folders[number]):
            platform = folders[number]
            owner = folders[number + 1] if number + 1 < len(folders) else None
            break
    if owner and (before == owner or before.startswith(f"{owner}_")):
        host, title = owner, before[len(owner) + 1 :]
    series = str(path.parent / stem[: match.end(1)])
    return Recorded(
        "DouyinLiveRecorder",
        start_in_name(written),
        host or None,
        title.strip("_") or None,
        None,
        platform,
        int(segment) if segment else None,
        series,
    )


def _other(path: PurePosixPath, stem: str) -> Recorded:
    if match := _BILIUP.fullmatch(stem):
        host, _, title = match.groups()
        return Recorded("biliup", start_in_name(stem), host, title or None, None, None, None, str(path))
    start = start_in_name(stem)
    numbered = _NUMBERED.search(stem) if start is None else None
    if numbered:
        series = _PART.sub("", stem[: numbered.start()].rstrip("-_ (")).rstrip("-_ (")
        return Recorded(None, segment=int(numbered[1]), series=str(path.parent / series))
    return Recorded(None, start, series=str(path))


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A key that sorts names with their numbers as numbers."""
    return tuple(
        (0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part)
        for part in re.split(r"(\d+)", name)
        if part
    )


def read_events(path: Path, name: str) -> tuple[FileEvent, ...]:
    """The files of a BililiveRecorder web-hook record (version 2), kept as JSON or as JSON lines.

    Records of the same file are joined, so that its opening and its closing stand together. Raises the
    errors of `read_text`.
    """
    log = ProblemLog(name)
    text = read_text(Input(name, path, TEXT_LIMIT), log)
    whole = parse_json(text, log) if text.lstrip().startswith("[") else None
    events = whole if isinstance(whole, list) else [value for _, value in parse_json_lines(text, log)]
    events = events or [parse_json(text, log)]
    joined: dict[str | None, FileEvent] = {}
    for event in events:
        data = event.get("EventData") if isinstance(event, dict) else None
        if isinstance(data, dict) and (found := _file_event(data)) is not None:
            before = joined.get(found.file)
            joined[found.file] = _together(before, found) if before else found
    return tuple(joined.values())


def _file_event(data: dict[str, Any]) -> FileEvent | None:
    opened, closed = wall_clock(data.get("FileOpenTime")), wall_clock(data.get("FileCloseTime"))
    if opened is None and closed is None:
        return None
    written = data.get("RelativePath")
    room = data.get("RoomId")
    return FileEvent(
        written.replace("\\", "/") if isinstance(written, str) else None,
        opened,
        closed,
        finite(data.get("Duration")),
        _text(data.get("Name")),
        _text(data.get("Title")),
        str(room) if isinstance(room, int | str) and not isinstance(room, bool) else None,
    )


def _together(one: FileEvent, other: FileEvent) -> FileEvent:
    """Two records of one file: the first that says a thing is taken, and the earlier opening."""
    opened = [moment for moment in (one.opened_at, other.opened_at) if moment]
    kept = {key: value for key, value in one._asdict().items() if value is not None}
    return other._replace(**kept)._replace(opened_at=min(opened, default=None))


def _text(value: object) -> str | None:
    return value.strip()[:200] or None if isinstance(value, str) else None
