"""Files that only grow, one JSON object a line: locked, flushed to the disk, and whole after a kill.

A writer that is killed may leave the beginning of a line. It is never taken away: the next writer ends it
with a line break and goes on below, so what was there can be seen, and readers say which line it is.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

BLOCK: Final = 1 << 16


@contextmanager
def growing(path: Path) -> Iterator[BinaryIO]:
    """`path` opened for reading and appending (made when missing), for one writer at a time.

    Waits for other writers, on the same machine. What was written is on the disk when this returns.
    """
    fresh = not path.exists()
    with path.open("a+b") as file:
        _lock(file)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
        finally:
            _unlock(file)
    if fresh:
        sync_folder(path.parent)


def append_lines(file: BinaryIO, lines: list[bytes]) -> None:
    """Write `lines` (without line breaks) at the end; ends a line that broke off first."""
    if not lines:
        return
    broken = ends_torn(file)
    file.seek(0, os.SEEK_END)
    file.write((b"\n" if broken else b"") + b"".join(line + b"\n" for line in lines))


def ends_torn(file: BinaryIO) -> bool:
    """Whether the last line has no line break, which is how a killed writer leaves it."""
    size = file.seek(0, os.SEEK_END)
    if not size:
        return False
    file.seek(size - 1)
    return file.read(1) != b"\n"


def lines_backward(file: BinaryIO) -> Iterator[bytes]:
    """The lines without their line breaks, the last first; reads no more than is asked for."""
    at = file.seek(0, os.SEEK_END)
    rest = b""
    first = True
    while at > 0:
        step = min(BLOCK, at)
        at -= step
        file.seek(at)
        parts = (file.read(step) + rest).split(b"\n")
        rest = parts[0]
        whole = parts[:0:-1]
        if first and whole and not whole[0]:
            whole = whole[1:]
        first = False
        yield from whole
    if rest:
        yield rest


def write_new(path: Path, content: bytes) -> None:
    """Write a small file that is not there yet and wait until it is on the disk.

    Raises `FileExistsError`: nothing is ever written over.
    """
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Ask the system to write the folder's list of names to the disk, where it can."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(file: BinaryIO) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: BinaryIO) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
