"""What came in and what was done with it: captures.jsonl and custody.jsonl beside a report.

Every file of a broadcast gets a capture record with its SHA-256 as received and an entry that it was read;
every clip gets a record that names its original and the stretch, and an entry that it was cut.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

from fairstream.evidence.capture import (
    CAPTURES,
    TOOL,
    CaptureRecord,
    Parent,
    append_captures,
    capture_file,
    here,
    record_id,
)
from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject
from fairstream.evidence.cuts import Cut
from fairstream.inspect.media import Clip, name_of
from fairstream.records import CHINA, Broadcast, Problem
from fairstream.sources.problems import ProblemLog

MOST_FILES: Final = 500
_DEPTH: Final = 4


class Source(NamedTuple):
    """A file of the broadcast: where it lies, and its name as given (relative to the folder)."""

    path: Path
    name: str


def files_of(paths: Iterable[Path], *, without: Path | None = None) -> tuple[Source, ...]:
    """The files under folders and loose files, hidden ones and the folder `without` left out.

    Links that lead out of the folder are not followed. At most `MOST_FILES`, as many as are read.
    """
    skipped = without.resolve() if without else None
    return tuple(source for path in paths for source in _under(path, skipped))


def took_in(sources: Sequence[Source], broadcast: Broadcast, out: Path, *, who: str) -> tuple[Problem, ...]:
    """Write a capture record for each file and an entry that it was read.

    The hashes of recordings are those taken when they were read. A file that cannot be read any more
    becomes a problem.
    """
    known = {recording.path.resolve(): recording for recording in broadcast.recordings}
    records: list[CaptureRecord] = []
    problems: list[Problem] = []
    at = datetime.now(CHINA)
    for source in sources:
        recording = known.get(source.path.resolve())
        if recording is not None:
            records.append(_received(source.name, recording.sha256, recording.size, who, at))
            continue
        try:
            record = capture_file(
                source.path, name=source.name, who=who, at=at, method="received", source="as handed in"
            )
        except OSError as error:
            log = ProblemLog(source.name)
            log.add("unreadable", cause=str(error.strerror or error), remedy="ask for the file again")
            problems.extend(log.problems)
            continue
        records.append(record)
    append_captures(out / CAPTURES, records)
    custody = CustodyLog(out / CUSTODY)
    for record in records:
        custody.add("read", Subject(record.name, record.sha256), who=who, detail="read for inspection")
    return tuple(problems)


def clips_were_cut(clips: Sequence[Clip], broadcast: Broadcast, out: Path, *, who: str) -> None:
    """Write for each clip its record, which names original and stretch, and its entry."""
    names = {recording.id: recording for recording in broadcast.recordings}
    at = datetime.now(CHINA)
    custody = CustodyLog(out / CUSTODY)
    records = []
    for clip in clips:
        original = names[clip.recording_id]
        method = str(clip.relation.get("method", ""))
        parent = Parent(original.sha256, "clip", clip.from_ms, clip.to_ms)
        one = _received(clip.file, clip.sha256, clip.size, who, at)
        tool = str(clip.relation.get("tool", TOOL))
        records.append(
            replace(one, method="cut", source=name_of(original), tool=tool, note=method, parent=parent)
        )
        custody.add(
            "cut",
            Subject(clip.file, clip.sha256),
            who=who,
            detail=f"{name_of(original)} {clip.from_ms}-{clip.to_ms} ms, {method}; original untouched",
        )
    append_captures(out / CAPTURES, records)


def copies_were_made(made: Iterable[tuple[str, Cut]], out: Path, *, who: str) -> None:
    """Write for each playable copy its record, which names its original, and its entry."""
    at = datetime.now(CHINA)
    custody = CustodyLog(out / CUSTODY)
    records = []
    for name, cut in made:
        parent = Parent(cut.source_sha256, "playable copy", cut.from_ms, cut.to_ms)
        one = replace(_received(name, cut.sha256, cut.size, who, at), method="converted", parent=parent)
        records.append(replace(one, source=cut.source, tool=cut.tool, note=cut.method))
        detail = f"playable copy of {cut.source} (SHA-256 {cut.source_sha256})"
        custody.add("export", Subject(name, cut.sha256), who=who, at=at, detail=detail)
    append_captures(out / CAPTURES, records)


def _received(name: str, sha256: str, size: int, who: str, at: datetime) -> CaptureRecord:
    return CaptureRecord(
        record_id(name, sha256), name, sha256, size, who, at, "received", "as handed in", TOOL, where=here()
    )


def _under(path: Path, skipped: Path | None) -> Iterator[Source]:
    if not path.is_dir():
        yield Source(path, _shown(path.name))
        return
    root = path.resolve()
    count = 0
    for directory, folders, names in os.walk(root):
        here = Path(directory)
        deep = len(here.relative_to(root).parts) >= _DEPTH
        folders[:] = (
            [] if deep else sorted(n for n in folders if not n.startswith(".") and here / n != skipped)
        )
        for name in sorted(names):
            file = here / name
            if name.startswith((".", "~$")) or not _inside(file, root):
                continue
            count += 1
            if count > MOST_FILES:
                return
            yield Source(file, _shown(file.relative_to(root).as_posix()))


def _inside(file: Path, root: Path) -> bool:
    try:
        return file.is_file() and file.resolve(strict=True).is_relative_to(root)
    except (OSError, RuntimeError):
        return False


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()
