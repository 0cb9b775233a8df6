"""A folder in which posts land while they come in: whole Parquet parts, no item twice.

A part is written beside its place, forced to disk and renamed, so that a reader of the folder sees whole
parts or none, whenever the writer is killed. An item counts as landed by channel, kind and id; the folder's
own parts are the memory of that, so that messages which a broker sends again after a crash add nothing.
What cannot be used is listed beside the folder, in `<folder>.refused.jsonl`, one JSON object per line, so
that the folder holds posts and nothing else.
"""

import hashlib
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, NamedTuple, Self

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from fairstream.errors import InputError

if sys.platform != "win32":
    import fcntl

_LOCK: Final = ".lock"
_FRESH_MOST: Final = 1 << 20
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
        fresh = self._seen.first(_keys(posts))
        if not fresh.any():
            return None, 0
        table = posts.filter(pa.array(fresh))
        path = self.folder / f"part-{self._next:08d}.parquet"
        partial = path.with_suffix(".partial")
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
        for partial in self.folder.glob("*.partial"):
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
                    self._seen.first(_keys(pa.Table.from_batches([batch])))
        except (pa.ArrowInvalid, KeyError) as error:
            raise InputError(
                "this is not a part that the listener wrote",
                file=part,
                remedy="choose a folder of its own for what is listened to",
            ) from error


class Seen:
    """A set of 64-bit keys in 8 bytes each: sorted runs in numpy, the newest in a Python set."""

    def __init__(self) -> None:
        self._sorted = np.empty(0, np.uint64)
        self._fresh: set[int] = set()

    def __len__(self) -> int:
        return len(self._sorted) + len(self._fresh)

    def first(self, keys: np.ndarray) -> np.ndarray:
        """bool[n]: the key was never given before, not even earlier in `keys`; all are known from now on."""
        mask = ~_within(keys, self._sorted)
        for at in np.flatnonzero(mask).tolist():
            key = int(keys[at])
            mask[at] = key not in self._fresh
            self._fresh.add(key)
        if len(self._fresh) > _FRESH_MOST:
            fresh = np.fromiter(self._fresh, np.uint64, len(self._fresh))
            self._sorted = np.sort(np.concatenate([self._sorted, fresh]))
            self._fresh.clear()
        return mask


def _within(keys: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    if not len(ordered):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(ordered, keys), len(ordered) - 1)
    found: np.ndarray = ordered[at] == keys
    return found


def _keys(posts: pa.Table) -> np.ndarray:
    """uint64[n]: BLAKE2b of channel, kind and id."""
    columns = [posts.column(name).to_pylist() for name in _IDENTITY]
    digests = b"".join(_digests(zip(*columns, strict=True)))
    return np.frombuffer(digests, np.uint64)


def _digests(identities: Iterable[tuple[str | None, ...]]) -> Iterator[bytes]:
    for identity in identities:
        whole = "\0".join(part or "" for part in identity)
        yield hashlib.blake2b(whole.encode(), digest_size=8).digest()


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
