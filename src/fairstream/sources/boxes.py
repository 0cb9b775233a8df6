"""The boxes of an MP4 (ISO/IEC 14496-12), read before FFmpeg does: a table of few bytes can claim billions of
samples, for which FFmpeg would take gigabytes, and FFmpeg forgets what length the header states.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from fairstream.errors import FormatError, LimitError

MOST_SAMPLES: Final = 6_000_000
"""A day and a half of video and sound; FFmpeg takes about 70 bytes for each."""
_MOST_IN_FRAGMENT: Final = 200_000
_MOST_BOXES: Final = 500_000
_MOST_INDEX: Final = 256 << 20


class Movie(NamedTuple):
    """What the header says; `length_ms` is None when it says nothing."""

    length_ms: int | None = None
    samples: int = 0


def read_movie(path: Path, name: str) -> Movie | None:
    """What the boxes of a file say, None when it has none. Raises `LimitError` for tables that claim more
    than `MOST_SAMPLES`, `FormatError` for a compressed index.
    """
    found: Movie | None = None
    samples = 0
    with path.open("rb") as file:
        for kind, start, size in _top(file, path.stat().st_size):
            if kind == b"ftyp":
                found = found or Movie()
            elif kind in (b"moov", b"moof"):
                file.seek(start)
                content = file.read(min(size, _MOST_INDEX))
                if content[4:8] == b"cmov":
                    raise FormatError(
                        "a compressed index, as QuickTime wrote it before 2000",
                        file=name,
                        remedy="convert the file with a tool you trust",
                    )
                samples += _fragment_samples(content) if kind == b"moof" else _index_samples(content)
                if samples > MOST_SAMPLES:
                    raise LimitError(
                        f"the index claims {samples:,} pictures and pieces of sound",
                        file=name,
                        remedy="check where this file comes from: no live stream has as many",
                    )
                length = _length_ms(content) if kind == b"moov" else None
                found = Movie(length or (found.length_ms if found else None), samples)
    return found


def _top(file: BinaryIO, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Kind, start and size of the content of every box at the top."""
    at = 0
    for _ in range(_MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if len(head) < 8:
            return
        size, kind = struct.unpack(">I4s", head[:8])
        opening = 8
        if size == 1:
            size, opening = int.from_bytes(head[8:16], "big"), 16
        elif size == 0:
            size = end - at
        if size < opening:
            return
        yield kind, at + opening, size - opening
        at += size
        if at >= end:
            return


def _index_samples(moov: bytes) -> int:
    """Samples that the tables of a movie's tracks claim. Plain sound, one sample for every tick, is read by
    chunks and takes no room for each."""
    total = 0
    for track in moov.split(b"trak")[1:]:
        ticks = track.find(b"stts")
        plain = (
            b"soun" in track
            and track[ticks + 8 : ticks + 12] + track[ticks + 16 : ticks + 20] == b"\0\0\0\1" * 2
        )
        at = -1
        while (at := track.find(b"stsz", at + 1)) >= 0:
            size, count = struct.unpack(">II", track[at + 8 : at + 16].ljust(8, b"\0"))
            total += 0 if plain and size else count
    return total


def _fragment_samples(moof: bytes) -> int:
    """Samples of a fragment whose runs state sizes once for all; the others' tables lie in the file."""
    total, at = 0, -1
    while (at := moof.find(b"trun", at + 1)) >= 0:
        count = int.from_bytes(moof[at + 8 : at + 12], "big")
        total += MOST_SAMPLES + 1 if count > _MOST_IN_FRAGMENT else count
    return total


def _length_ms(moov: bytes) -> int | None:
    """The duration in the movie header."""
    at = moov.find(b"mvhd")
    if at < 0:
        return None
    box = moov[at + 4 : at + 40].ljust(36, b"\0")
    wide = box[0] == 1
    scale, length = struct.unpack(">IQ" if wide else ">II", box[20:32] if wide else box[12:20])
    return length * 1000 // scale or None if scale else None
