"""Media files of a broadcast → what is in them and their hashes, as received."""

import hashlib
from pathlib import Path
from typing import Final

from fairstream.records import Problem, Recording
from fairstream.sources.placing import Media
from fairstream.sources.recorders import read_name

_ABOVE: Final = 4


def read_media(path: Path, name: str) -> tuple[Media, tuple[Problem, ...]]:
    """One media file, and what is wrong with it. The file is read twice: for its hash, and for the time
    stamps of its packets. Raises the errors of `fairstream.sources.media.probe`.
    """
    from fairstream.sources.media import (
        probe,
    )  # loads numpy, which a folder without recordings can do without

    found = probe(path, name=name)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    inside = len(Path(name).parts) - 1 if not Path(name).is_absolute() else 0
    above = path.parent.parts[1:] if not inside else path.parent.parts[1:-inside]
    return Media(name, path, digest, found, read_name(name, above[-_ABOVE:])), found.problems


PICTURE: Final = "picture"
"""The container of a screenshot or photograph: a recording of no length."""


def read_picture(path: Path, name: str, key: str) -> Recording:
    """A screenshot or photograph by its hash, unopened. Raises `OSError`."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Recording(key, name, path, digest, path.stat().st_size, PICTURE, 0, True, False)
