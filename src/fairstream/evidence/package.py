"""What goes into a package: the files of a folder of evidence, each with its capture record.

`gather` only looks; sealing copies. Nothing is followed out of the folder and nothing is left out silently.
"""

import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from fairstream.errors import InputError, UsageError
from fairstream.evidence.capture import CAPTURES, CaptureRecord, hash_file, read_captures, sayable
from fairstream.evidence.custody import CUSTODY
from fairstream.evidence.package_names import packed_name
from fairstream.records import Problem

MADE: Final = frozenset(
    {
        "captions.vtt",
        "checks.jsonl",
        "consequences.jsonl",
        "findings.jsonl",
        "findings.parquet",
        "index.html",
        "recordings.json",
        "report.html",
        "screen.jsonl",
        "spoken.jsonl",
        "taken.json",
        "transcript.jsonl",
    }
)
"""Results of `fairstream inspect`, in a folder with findings: written by the program, never an original."""
MADE_FOLDERS: Final = frozenset({"clips", "stills", "redacted"})
LOGS: Final = (CAPTURES, CUSTODY)


class Found(NamedTuple):
    """A file of the folder: its path there, where it lies, and its path in the payload."""

    relative: str
    path: Path
    packed: str

    @property
    def made(self) -> bool:
        """Whether it was made from others rather than came in, by its name and place."""
        return self.result or bool(MADE_FOLDERS & set(PurePosixPath(self.relative).parts[:-1]))

    @property
    def result(self) -> bool:
        """Whether the program wrote it, by its name beside findings. What lies among clips needs a record."""
        beside = self.path.with_name("findings.jsonl").is_file()
        return self.path.name in MADE and (self.path.name == "index.html" or beside)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The files of a folder and the records about them, before anything is copied."""

    folder: Path
    files: tuple[Found, ...]
    records: tuple[CaptureRecord, ...]
    problems: tuple[Problem, ...]
    by_hash: dict[str, list[CaptureRecord]]
    by_name: dict[str, list[CaptureRecord]]
    alike: Counter[str]
    """How many files of the folder have a name, their folders aside."""

    def record_for(self, found: Found, sha256: str) -> CaptureRecord | None:
        """The record of a file by its bytes: the one with its name first, else the newest."""
        same = self.by_hash.get(sha256, [])
        named = [record for record in same if record.name in names_of(found)]
        return next(reversed(named or same), None)

    def original(self, found: Found) -> bool:
        """Whether a file came in rather than being made from others."""
        named = self._named(found)
        return not found.made and (named[-1].original if named else True)

    def refuse_changed(self, found: Found, sha256: str) -> None:
        """Raises `InputError` when an original is no longer what was captured under its name."""
        named = [] if found.made else self._named(found)
        if not named or not named[-1].original or any(record.sha256 == sha256 for record in named):
            return
        raise InputError(
            f"the file is not what was captured on {named[-1].at:%Y-%m-%d %H:%M} ({named[-1].sha256[:12]}…)",
            file=found.relative,
            remedy="put the original back; if the change is right, take the new file in with "
            "`fairstream evidence capture FILE --note WHY`",
        )

    def _named(self, found: Found) -> list[CaptureRecord]:
        """Records that name a file, by its path or, when no other file has it, by its bare name."""
        named = self.by_name.get(sayable(found.relative), [])
        if not named and self.alike[found.path.name] == 1:
            named = self.by_name.get(sayable(found.path.name), [])
        return named


def names_of(found: Found) -> set[str]:
    """The names a record may use for a file."""
    return {sayable(found.relative), sayable(found.path.name)}


def gather(folder: Path) -> Gathered:
    """The files of `folder` in order of their names and every capture record in it.

    Raises `UsageError` when it is no folder or holds no file; `InputError` when a link leads out of it or
    something is neither file nor folder.
    """
    if not folder.is_dir():
        raise UsageError("there is no such folder", file=folder, remedy="give the folder with the evidence")
    taken: set[str] = set()
    files = tuple(
        Found(relative, path, packed_name(relative, taken)) for relative, path in _walk(folder.resolve())
    )
    if not files:
        raise UsageError("the folder holds no file", file=folder, remedy="give the folder with the evidence")
    read = [(found, read_captures(found.path)) for found in files if found.path.name == CAPTURES]
    by_hash: dict[str, list[CaptureRecord]] = {}
    by_name: dict[str, list[CaptureRecord]] = {}
    records = tuple(record for _, captures in read for record in captures.records)
    for found, captures in read:
        home = PurePosixPath(sayable(found.relative)).parent
        for record in captures.records:
            by_hash.setdefault(record.sha256, []).append(record)
            by_name.setdefault((home / record.name).as_posix(), []).append(record)
    problems = tuple(problem for _, captures in read for problem in captures.problems)
    return Gathered(
        folder, files, records, problems, by_hash, by_name, Counter(found.path.name for found in files)
    )


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    """Relative path and place of every file below `root`, sorted by bytes."""
    found: list[tuple[str, Path]] = []
    for folder, folders, files in os.walk(root):
        for name in folders:
            if (path := Path(folder) / name).is_symlink():
                raise _refused(path, root, "the link leads to a folder")
        for name in files:
            path = Path(folder) / name
            _check(path, root)
            found.append((path.relative_to(root).as_posix(), path))
    yield from sorted(found, key=lambda one: os.fsencode(one[0]))


def _check(path: Path, root: Path) -> None:
    """Raises when a file must not be packed."""
    try:
        real = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise _refused(path, root, "the link leads nowhere") from None
    if path.is_symlink() and not real.is_relative_to(root):
        raise _refused(path, root, "the link leads out of the folder")
    if not stat.S_ISREG(real.stat().st_mode):
        raise _refused(path, root, "this is no file but a device or a pipe")


def _refused(path: Path, root: Path, cause: str) -> InputError:
    name = path.relative_to(root).as_posix().encode(errors="replace").decode()
    return InputError(cause, file=name, remedy="put a copy of the file in its place, or take it away")


def find_originals(
    wanted: dict[str, int | None], places: Sequence[Path]
) -> tuple[dict[str, Path], tuple[Path, ...]]:
    """Files below `places` by the SHA-256 that is wanted, and files given by name that nobody asked for.

    `wanted` gives the size of each where it is known; only files of such a size are read.
    """
    sizes = set(wanted.values())
    found: dict[str, Path] = {}
    unasked = []
    for path in _candidates(places):
        digest = "" if None not in sizes and path.stat().st_size not in sizes else hash_file(path)[0]
        if digest in wanted:
            found.setdefault(digest, path)
        elif path in places:
            unasked.append(path)
    return found, tuple(dict.fromkeys(unasked))


def _candidates(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if place.is_dir():
            for folder, _, files in os.walk(place):
                paths = (Path(folder) / name for name in sorted(files))
                yield from (path for path in paths if path.is_file())
        elif place.is_file():
            yield place
        else:
            raise UsageError("there is no such file or folder", file=place, remedy="correct --originals")
