"""Where bytes come from: a file, a gzip file, or one member of a ZIP archive, within limits.

What is unpacked is counted while it is read, so that a small archive cannot fill the machine (CWE-409).
"""

import gzip
import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final

from fairstream.errors import FormatError, InputError, LimitError
from fairstream.sources.bytes import MIB

LIMIT: Final = 256 << 30
"""Largest file read piece by piece: 49 million posts are about 10 GiB of CSV."""
WHOLE_LIMIT: Final = 512 * MIB
"""Largest file that has to be read at once."""
_RATIO: Final = 250
_FREE: Final = 64 * MIB
_MOST_MEMBERS: Final = 5000
_PACKED_ERRORS: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


def shown(path: Path) -> str:
    """A path as text; bytes of a name that are no UTF-8 show as �."""
    return os.fsencode(path).decode("utf-8", "replace")


@dataclass(frozen=True)
class Origin:
    """Bytes to read: `path`, and `member` when it is a ZIP archive. `limit` is the most bytes unpacked."""

    path: Path
    member: str | None = None
    limit: int = LIMIT

    @property
    def name(self) -> str:
        """The name for places: as given, with the member after a slash."""
        return shown(self.path) if self.member is None else f"{shown(self.path)}/{self.member}"

    @cached_property
    def packing(self) -> str:
        """ "zip" for a member, "gzip" by the first bytes, else ""."""
        if self.member is not None:
            return "zip"
        with self._plain() as file:
            return "gzip" if file.read(2) == b"\x1f\x8b" else ""

    def head(self, length: int = 65536) -> bytes:
        """The first bytes, unpacked."""
        with self.open() as file:
            return file.read(length)

    def data(self) -> bytes:
        """All bytes, unpacked. Raises `LimitError` beyond `WHOLE_LIMIT`."""
        whole = replace(self, limit=min(self.limit, WHOLE_LIMIT))
        with whole.open() as file:
            return file.read()

    def open(self) -> BinaryIO:
        """The bytes, unpacked; every read may raise `LimitError` or `FormatError`."""
        with self._plain() as file:
            size = os.fstat(file.fileno()).st_size
        if self.member is not None:
            return io.BufferedReader(_Counted(self._open_member(), self, size), MIB)
        if self.packing == "gzip":
            return io.BufferedReader(_Counted(gzip.GzipFile(self.path), self, size), MIB)
        if size > self.limit:
            raise _too_long(self)
        return self._plain()

    def _plain(self) -> BinaryIO:
        try:
            if not self.path.is_file():
                there = self.path.exists()
                cause = "this is a folder, pipe or device, not a file" if there else "there is no such file"
                raise InputError(cause, file=self.name, remedy="check the name")
            return self.path.open("rb")
        except OSError as error:
            cause = f"the file cannot be read ({error.strerror})"
            raise InputError(cause, file=self.name, remedy="check the name and the rights") from error

    def _open_member(self) -> BinaryIO:
        try:
            archive = zipfile.ZipFile(self.path)
            return archive.open(self.member or "")  # type: ignore[return-value]
        except (*_PACKED_ERRORS, KeyError, OSError) as error:
            raise _damaged(self, error) from error


class _Counted(io.RawIOBase):
    """Unpacked bytes, counted against the limit and against the size of the archive."""

    def __init__(self, file: BinaryIO | gzip.GzipFile, origin: Origin, size: int) -> None:
        self._file = file
        self._origin = origin
        self._most = min(origin.limit, max(_FREE, size * _RATIO))
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        try:
            data = self._file.read(len(view))
        except (*_PACKED_ERRORS, OSError) as error:
            raise _damaged(self._origin, error) from error
        self._count += len(data)
        if self._count > self._most:
            raise _too_long(self._origin)
        view[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def members(path: Path, limit: int) -> list[Origin]:
    """The files in a ZIP archive. Raises `FormatError`, `LimitError`."""
    origin = Origin(path, None, limit)
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    except (*_PACKED_ERRORS, OSError, ValueError) as error:
        raise _damaged(origin, error) from error
    if len(entries) > _MOST_MEMBERS or sum(entry.file_size for entry in entries) > limit:
        raise _too_long(origin)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FormatError("the archive is encrypted", file=path, remedy="unpack it first")
    shown = [entry.filename for entry in entries if not _hidden(entry.filename)]
    return [Origin(path, name, limit) for name in sorted(shown)]


def files_below(folder: Path) -> Iterator[Path]:
    """Every file in a folder and the folders below, in the order of their names, without hidden ones."""
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(root) / name


def _hidden(name: str) -> bool:
    return any(step.startswith((".", "__MACOSX", "~$")) for step in name.split("/"))


def _damaged(origin: Origin, error: Exception) -> FormatError:
    what = f"the archive is damaged ({type(error).__name__})"
    return FormatError(what, file=origin.name, remedy="ask for it again")


def _too_long(origin: Origin) -> LimitError:
    cause = f"the file has, or unpacks to, more than the limit of {origin.limit / MIB:,.0f} MiB"
    return LimitError(cause, file=origin.name, remedy="split the file, or unpack it yourself if you trust it")
