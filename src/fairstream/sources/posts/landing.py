"""A folder in which posts land while they come in: whole Parquet parts, no item twice.

A part is written under a hidden name, forced to disk and renamed, so that a reader of the folder sees whole
parts or none, whenever the writer is killed. An item counts as landed by channel, kind and id; the folder's
own parts are the memory of that, so that messages which a broker sends again after a crash add nothing.
What cannot be used is listed beside the folder, in `<folder>.refused.jsonl`, one JSON object per line, so
that the folder holds posts and nothing else.
"""

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import IO, Final, NamedTuple, Self

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairstream.errors import InputError
from fairstream.sources.posts.parquet import MARK
from fairstream.sources.posts.seen import Seen

if sys.platform != "win32":
    import fcntl

_LOCK: Final = ".lock"
_IDENTITY: Final = ("channel", "kind", "id")


class Refused(NamedTuple):
    """A message that is no post: where it stands in its topic, and why."""

    topic: str
    partition: int
    offset: int
    cause: str
    size: int = 0
    value: str | None = None


class Landing:
    """One folder and its only writer; use as a context manager."""

    def __init__(self, folder: Path) -> None:
        """Raises `InputError` when another process writes here, or a part cannot be read."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        self.refused = self.folder.with_name(f"{self.folder.name}.refused.jsonl")
        self._seen = Seen()
        self._lock = _locked(folder / _LOCK)
        try:
            self._open()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let another process write here."""
        self._lock.close()

    def add(self, posts: pa.Table) -> tuple[Path | None, int]:
        """Write the items not landed yet as one part; (its path or None, how many items it has)."""
        fresh = _first(self._seen, posts)
        if not fresh.any():
            return None, 0
        table = posts.filter(pa.array(fresh)).replace_schema_metadata({MARK: b"posts 1"})
        path = self.folder / f"part-{self._next:08d}.parquet"
        partial = self.folder / f".{path.name}.partial"
        with partial.open("wb") as file:
            pq.write_table(table, file, compression="zstd")
            _to_disk(file)
        partial.replace(path)
        _folder_to_disk(self.folder)
        self._next += 1
        return path, table.num_rows

    def refuse(self, refused: Iterable[Refused]) -> int:
        """List what could not be used, each message once however often it comes; how many are new."""
        lines = []
        for one in sorted(refused, key=lambda one: one[:3]):
            place = (one.topic, one.partition)
            if one.offset <= self._refused_until.get(place, -1):
                continue
            self._refused_until[place] = one.offset
            known = {name: value for name, value in one._asdict().items() if value is not None}
            lines.append(orjson.dumps(known, option=orjson.OPT_APPEND_NEWLINE))
        if lines:
            with (self.refused).open("ab") as file:
                file.writelines(lines)
                _to_disk(file)
        return len(lines)

    def _open(self) -> None:
        for partial in self.folder.glob(".*.partial"):
            partial.unlink()
        parts = sorted(self.folder.glob("part-*.parquet"))
        self._next = 1 + max((_number(part) for part in parts), default=0)
        for part in parts:
            self._remember(part)
        self._refused_until = _last_refused(self.refused)

    def _remember(self, part: Path) -> None:
        try:
            with pq.ParquetFile(part) as file:
                for batch in file.iter_batches(columns=list(_IDENTITY)):
                    _first(self._seen, pa.Table.from_batches([batch]))
        except (pa.ArrowInvalid, KeyError) as error:
            raise InputError(
                "this is not a part that the listener wrote",
                file=part,
                remedy="choose a folder of its own for what is listened to",
            ) from error


def _first(seen: Seen, posts: pa.Table) -> np.ndarray:
    """bool[n]: the items that `seen` did not know; posts and comments may have the same numbers."""
    columns = (_words(posts.column(name)) for name in _IDENTITY)
    channels, kinds, ids = columns
    spaces = pc.binary_join_element_wise(channels, kinds, "/")
    first: np.ndarray = seen.fresh(spaces, ids)
    return first


def _words(column: pa.ChunkedArray) -> pa.Array:
    return pc.fill_null(pa.concat_arrays(column.cast(pa.string()).chunks or [pa.array([], pa.string())]), "")


def _number(part: Path) -> int:
    digits = part.stem.removeprefix("part-")
    return int(digits) if digits.isdecimal() else 0


def _last_refused(path: Path) -> dict[tuple[str, int], int]:
    """The highest refused offset of every partition; a last line that a crash cut is taken away."""
    last: dict[tuple[str, int], int] = {}
    if not path.exists():
        return last
    with path.open("rb+") as file:
        whole = 0
        for line in file:
            if not line.endswith(b"\n"):
                file.truncate(whole)
                break
            whole += len(line)
            one = orjson.loads(line)
            place = (one["topic"], one["partition"])
            last[place] = max(last.get(place, -1), one["offset"])
    return last


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


def _folder_to_disk(folder: Path) -> None:
    """A renamed file survives a power cut only when its folder was written too (POSIX)."""
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(path: Path) -> IO[bytes]:
    """The open lock file; the system lets go of it when the process ends, however it ends."""
    file = path.open("ab")
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise InputError(
                "another process listens into this folder",
                file=path.parent,
                remedy="give every listener a folder of its own",
            ) from None
    return file
