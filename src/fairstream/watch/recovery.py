"""A folder in which a watch was killed → a folder in which the next one can go on.

Nothing is deleted and nothing is cut off: the part that was being written keeps its bytes, gets a name that
says it is unfinished, and a capture record of its own.
"""

import re
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from fairstream.errors import InputError
from fairstream.evidence.capture import CAPTURES, hash_file, read_captures
from fairstream.evidence.journal import sync_folder
from fairstream.records import CHINA
from fairstream.watch.recording import PART, Keeping, write_whole

UNFINISHED: Final = "unfinished"
_NUMBER: Final = re.compile(r"\d{8}-\d{6}-(\d{6})\b")
_MEDIA: Final = frozenset((".ts", ".mkv"))


class Recovered(NamedTuple):
    """What was found: the number of the next segment, parts that were kept, and finished segments that had no
    record yet because the kill came between the two."""

    next_number: int
    parts: tuple[str, ...]
    recorded: tuple[str, ...]


def recover(keeping: Keeping) -> Recovered:
    """Make a folder ready for a watch to begin or to go on.

    Raises `InputError` when a finished segment no longer has the bytes of its record: nothing is added to
    recordings that have been changed.
    """
    folder = keeping.recordings
    folder.mkdir(parents=True, exist_ok=True)
    parts = tuple(_keep_part(keeping, part) for part in sorted(folder.glob("*" + PART)) if _is_media(part))
    known = {record.name: record for record in read_captures(keeping.folder / CAPTURES).records}
    late = []
    for path in sorted(folder.iterdir()):
        if path.suffix not in _MEDIA:
            continue
        name = path.relative_to(keeping.folder).as_posix()
        record = known.get(name)
        if record is None:
            _find_sidecar(keeping, path)
            keeping.keep(path, _modified(path), note="finished; its record was written at the next start")
            late.append(name)
        elif record.sha256 != hash_file(path)[0]:
            raise InputError(
                "this segment no longer has the bytes that were recorded",
                file=path,
                remedy="find out who changed it, and record into another folder",
            )
    return Recovered(_next_number(folder), parts, tuple(late))


def _keep_part(keeping: Keeping, part: Path) -> str:
    whole = part.with_suffix("")
    path = whole.with_name(f"{whole.stem}.{UNFINISHED}{whole.suffix}")
    number = 2
    while path.exists():
        path = whole.with_name(f"{whole.stem}.{UNFINISHED}-{number}{whole.suffix}")
        number += 1
    part.rename(path)
    sync_folder(path.parent)
    _take_sidecar(keeping, path, whole.with_suffix(".jsonl"))
    note = "unfinished: the watch was killed while it was written; kept as it was"
    return keeping.keep(path, _modified(path), note=note).name


def _find_sidecar(keeping: Keeping, path: Path) -> None:
    """A segment that was given its name and nothing else still has the times it was opened with."""
    match = _NUMBER.match(path.name)
    if match is None or path.with_suffix(".jsonl").exists():
        return
    for sidecar in path.parent.glob(f"*-{match.group(1)}.jsonl"):
        _take_sidecar(keeping, path, sidecar)
        return


def _take_sidecar(keeping: Keeping, path: Path, sidecar: Path) -> None:
    """Times that were written for a name a file no longer has."""
    try:
        events = [orjson.loads(line) for line in sidecar.read_bytes().splitlines()]
        for event in events:
            event["EventData"]["RelativePath"] = path.relative_to(keeping.folder).as_posix()
    except (OSError, ValueError, KeyError, TypeError):
        # Without it the time in the file's name is left.
        return
    write_whole(path.with_suffix(".jsonl"), b"".join(orjson.dumps(event) + b"\n" for event in events))
    sidecar.unlink()


def _is_media(part: Path) -> bool:
    return part.with_suffix("").suffix in _MEDIA


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, CHINA)


def _next_number(folder: Path) -> int:
    numbers = [int(match.group(1)) for path in folder.iterdir() if (match := _NUMBER.match(path.name))]
    return max(numbers, default=0) + 1
