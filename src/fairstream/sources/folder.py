"""A broadcast folder, or loose files, → one `Broadcast` with everything that could be read.

One bad file never stops the others: its error becomes a problem. Order matters: the manifest names the
parties, chat files with a header tell the start, and the rest is placed on that clock.
"""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

from fairstream.errors import FairstreamError, InputError, UsageError
from fairstream.records import Broadcast, Party, Problem
from fairstream.sources.bytes import STREAM_LIMIT, TEXT_LIMIT, Input
from fairstream.sources.clock import set_clock
from fairstream.sources.crowd import Crowd
from fairstream.sources.danmaku import DanmakuHeader
from fairstream.sources.factnames import is_facts_file, is_loose_facts_file
from fairstream.sources.gathering import (
    ROLE_OF,
    BroadcastFile,
    Haul,
    duration_ms,
    note,
    read_chats_with_header,
    read_clocks,
    read_pictures,
    read_recordings,
    read_rest,
)
from fairstream.sources.kinds import Kind, kinds_of
from fairstream.sources.listings import distinct
from fairstream.sources.manifest import NAMES, Manifest, NamedFile, read_manifest
from fairstream.sources.problems import ProblemLog
from fairstream.sources.recorders import Recorded
from fairstream.sources.speakers import Cast
from fairstream.sources.times import CHINA

MOST_FILES: Final = 500
_DEPTH: Final = 4
_ABOUT: Final = re.compile(
    r"(?:readme|licen[cs]e)(?:\..*)?|expected\.yaml|captures\.jsonl|custody\.jsonl", re.IGNORECASE
)
"""Papers about the folder, how it came to be, and the answers beside an invented broadcast: no part of it, so
not skipped."""
_OF_A_WATCH: Final = "events.jsonl"
"""What a watch told while it recorded, when it lies beside capture records: inspection hears it again."""
_USUAL: Final[dict[str, Kind]] = {
    "transcript": "transcript",
    "chat": "chat",
    "screen": "screen",
    "listings": "listings",
    "shops": "shops",
    "clock": "clock",
    "recordings": "media",
}


def read_folder(
    folder: str | Path,
    *,
    on: date | None = None,
    today: date | None = None,
    key: bytes | None = None,
    limit: int = STREAM_LIMIT,
) -> Broadcast:
    """The broadcast in a folder.

    `on` overrides the manifest's day; `today` stands in when nothing tells the day, with a problem. `key`
    makes pseudonyms repeatable (random without it). `limit` is for streamed files. Raises `InputError` when
    there is no such folder, `UsageError` when the day is unknown and `today` not given.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise InputError(
            "there is no such folder", file=folder, remedy="give a broadcast's folder, or its files"
        )
    haul = Haul()
    manifest = _manifest(folder, haul)
    named = _named_files(folder, manifest, haul)
    found = _found_files(folder, haul, {file.path for file in named})
    files = named + _unlisted(found, manifest, haul)
    defaults = replace(manifest, id=manifest.id or _shown(folder.resolve().name))
    return _broadcast(files, defaults, haul, on=on, today=today, key=key, limit=limit)


def read_files(
    paths: Sequence[str | Path],
    *,
    on: date | None = None,
    today: date | None = None,
    key: bytes | None = None,
    manifest: Manifest | None = None,
    limit: int = STREAM_LIMIT,
) -> Broadcast:
    """The broadcast that loose files belong to; a `broadcast.yaml` among them is its manifest.

    Files of facts are left to `fairstream.sources.facts`.
    """
    haul = Haul()
    kept = []
    for path in (Path(path) for path in paths if not is_loose_facts_file(path)):
        if path.name in NAMES and manifest is None:
            manifest = _manifest(path.parent, haul)
        else:
            kept.append(path)
    files = [file for path in kept if (file := _recognised(path, _shown(str(path)), haul))]
    manifest = manifest or Manifest()
    stem = _shown(Path(paths[0]).stem) if paths else "broadcast"
    return _broadcast(
        files, replace(manifest, id=manifest.id or stem), haul, on=on, today=today, key=key, limit=limit
    )


def _manifest(folder: Path, haul: Haul) -> Manifest:
    for name in NAMES:
        path = folder / name
        if path.is_file():
            try:
                loaded = read_manifest(path, name=name)
            except FairstreamError as error:
                note(haul, name, error)
                return Manifest()
            haul.problems.extend(loaded.problems)
            return loaded.records[0]
    return Manifest()


def _named_files(folder: Path, manifest: Manifest, haul: Haul) -> list[BroadcastFile]:
    files = []
    for role, entries in manifest.files.items():
        for entry in entries:
            file = _named_file(folder, role, entry, haul)
            if file is not None:
                files.append(file)
    return files


def _named_file(folder: Path, role: str, entry: NamedFile, haul: Haul) -> BroadcastFile | None:
    """A file the manifest names, when it lies inside the folder; its kind is what its role allows."""
    log = ProblemLog(NAMES[0])
    path = folder / entry.path
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        there = inside and path.is_file()
    except (OSError, ValueError, RuntimeError):
        inside, there = False, False
    if not there:
        log.add("missing" if inside else "outside", entry.line, path=entry.path[:200])
        haul.problems.extend(log.problems)
        return None
    try:
        kinds = kinds_of(Input(entry.path, path, TEXT_LIMIT))
    except FairstreamError as error:
        note(haul, entry.path, error)
        return None
    fitting = frozenset(kind for kind in kinds if ROLE_OF.get(kind) == role)
    if role == "screen" or not fitting:
        fitting = frozenset((_USUAL[role],))
    return BroadcastFile(path.resolve(), entry.path, fitting, entry.started_at)


def _found_files(folder: Path, haul: Haul, taken: set[Path]) -> list[BroadcastFile]:
    """Files under the folder in the order of their names, but for `taken` and hidden ones."""
    root = folder.resolve()
    files: list[BroadcastFile] = []
    count = 0
    for directory, folders, names in os.walk(root):
        inner = Path(directory).relative_to(root)
        if inner.parts and any(name in NAMES for name in names):
            log = ProblemLog(_shown(inner.as_posix()))
            log.add("other_broadcast")
            haul.problems.extend(log.problems)
            folders.clear()
            continue
        deep = len(inner.parts) >= _DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name == _OF_A_WATCH and "captures.jsonl" in names:
                continue
            path = Path(directory) / name
            relative = _shown(path.relative_to(root).as_posix())
            if name.startswith((".", "~$")) or relative in NAMES or path in taken or _ABOUT.fullmatch(name):
                continue
            if is_facts_file(relative):
                continue
            count += 1
            if count > MOST_FILES:
                log = ProblemLog(_shown(folder.name))
                log.add("files_limit", most=MOST_FILES)
                haul.problems.extend(log.problems)
                return files
            if file := _found_file(root, path, relative, haul):
                files.append(file)
    return files


def _found_file(root: Path, path: Path, name: str, haul: Haul) -> BroadcastFile | None:
    log = ProblemLog(name)
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
            log.add("outside", path=name)
    except (OSError, RuntimeError):
        log.add("dead_link")
    haul.problems.extend(log.problems)
    return None if log.problems else _recognised(path, name, haul)


def _recognised(path: Path, name: str, haul: Haul) -> BroadcastFile | None:
    """The file with its kinds, or None with a problem."""
    try:
        source = Input(name, path, TEXT_LIMIT)
        kinds: frozenset[Kind] = kinds_of(source) if source.size() else frozenset()
    except FairstreamError as error:
        note(haul, name, error)
        return None
    log = ProblemLog(name)
    if not kinds:
        log.add("empty")
    elif "unread" in kinds:
        log.add("picture_kind")
    elif "unknown" in kinds:
        log.add("unknown_file")
    haul.problems.extend(log.problems)
    return None if log.problems else BroadcastFile(path.resolve(), name, kinds)


def _unlisted(found: list[BroadcastFile], manifest: Manifest, haul: Haul) -> list[BroadcastFile]:
    """Found files without the kinds of parts whose files the manifest names."""
    kept = []
    for file in found:
        kinds = frozenset(kind for kind in file.kinds if ROLE_OF[kind] not in manifest.files)
        if kinds:
            kept.append(replace(file, kinds=kinds))
            continue
        log = ProblemLog(file.name)
        log.add("not_listed", role=ROLE_OF[min(file.kinds)])
        haul.problems.extend(log.problems)
    return kept


def _broadcast(
    files: list[BroadcastFile],
    manifest: Manifest,
    haul: Haul,
    *,
    on: date | None,
    today: date | None,
    key: bytes | None,
    limit: int,
) -> Broadcast:
    cast = Cast(manifest.parties)
    crowd = Crowd(key, cast)
    read_recordings(files, haul)
    read_clocks(files, haul)
    read_chats_with_header(files, haul, crowd, limit)
    clock = set_clock(haul.media, haul.told, started_at=manifest.started_at, stated_in=NAMES[0])
    haul.problems.extend(clock.problems)
    names = [media.name for media in haul.media]
    known: list[DanmakuHeader | Recorded] = [danmaku.header for _, danmaku in haul.danmaku]
    known += names
    hosts = [Party("host", host) for host in _each(one.host for one in known)]
    read_rest(files, haul, Cast([*hosts, *manifest.parties]), crowd, clock)
    started_at = clock.started_at or min((message.at for message in haul.chat if message.at), default=None)
    utterances = tuple(utterance for part in haul.spoken for utterance in part)
    return Broadcast(
        id=manifest.id or "broadcast",
        title=manifest.title or _first(one.title for one in known) or manifest.id or "",
        on=_day(on or manifest.on, started_at, today, haul),
        started_at=started_at,
        duration_ms=duration_ms(haul, utterances, clock.recordings),
        platform=manifest.platform or _first(name.platform for name in names),
        room=manifest.room or _first(one.room for one in known),
        invented=manifest.invented,
        notes=manifest.notes,
        parties=manifest.parties or tuple(hosts),
        utterances=utterances,
        chat=tuple(haul.chat),
        screen=tuple(haul.screen),
        listings=tuple(distinct(haul.listings, ProblemLog(""))),
        shops=tuple(distinct(haul.shops, ProblemLog(""))),
        problems=tuple(haul.problems),
        recordings=clock.recordings,
        gaps=clock.gaps,
        timings=clock.timings,
        pictures=read_pictures(files, haul),
    )


def _shown(name: str) -> str:
    """A file name as text: bytes of it that are not UTF-8 become question marks."""
    return name.encode(errors="replace").decode()


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _each(values: Iterable[str | None]) -> list[str]:
    """What is there, each once, in order."""
    return list(dict.fromkeys(value for value in values if value))


def _day(on: date | None, started_at: datetime | None, today: date | None, haul: Haul) -> date:
    if on is not None:
        return on
    if started_at is not None:
        return started_at.astimezone(CHINA).date()
    if today is None:
        raise UsageError(
            "nothing says on which day this happened, and the day decides the law",
            remedy="give the day, or write 'on: 2026-03-01' into broadcast.yaml",
        )
    haul.problems.append(_no_day(today))
    return today


def _no_day(today: date) -> Problem:
    log = ProblemLog(NAMES[0])
    log.add("no_day", day=today.isoformat())
    return log.problems[0]
