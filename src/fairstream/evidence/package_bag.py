"""A BagIt 1.0 bag (RFC 8493), written as a folder or as a zip without compression.

Every file is hashed while it is copied, so that the manifest holds the hash of the bytes that were written.
The zip is the same byte for byte for the same content: fixed order, fixed dates, nothing compressed.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from fairstream.errors import InputError
from fairstream.evidence.journal import sync_folder
from fairstream.evidence.verifier import BAGIT, PAYLOAD, TAGS

BLOCK: Final = 1 << 20
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)


class Sink(Protocol):
    """Where the files of a bag go."""

    def write(self, name: str, blocks: Iterator[bytes], size: int) -> None:
        """Write one file; `size` is what is expected, for the header of a large one."""

    def close(self) -> None:
        """Everything is on the disk after this."""

    def abandon(self) -> None:
        """Let go of what is open; what was written is of no use."""


class FolderSink:
    """A bag as a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    def write(self, name: str, blocks: Iterator[bytes], size: int) -> None:
        """Write one file and wait until it is on the disk."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb", buffering=0) as file:
            for block in blocks:
                file.write(block)
            os.fsync(file.fileno())

    def close(self) -> None:
        """Make the names durable too."""
        for folder, _, _ in os.walk(self.root):
            sync_folder(Path(folder))

    def abandon(self) -> None:
        """No file stays open between writes."""


class ZipSink:
    """A bag as a zip that holds one folder, `top`."""

    def __init__(self, path: Path, top: str) -> None:
        self.top = top
        self.file: BinaryIO = path.open("xb")
        self.archive = zipfile.ZipFile(self.file, "w", zipfile.ZIP_STORED, allowZip64=True)

    def write(self, name: str, blocks: Iterator[bytes], size: int) -> None:
        """Add one file as it is."""
        info = zipfile.ZipInfo(f"{self.top}/{name}", _LONG_AGO)
        info.create_system = 3
        info.external_attr = 0o100644 << 16
        with self.archive.open(info, "w", force_zip64=size >= 1 << 31) as file:
            for block in blocks:
                file.write(block)

    def close(self) -> None:
        """Write the list of files and wait until all is on the disk."""
        self.archive.close()
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def abandon(self) -> None:
        """Close the file, however full the disk is."""
        with suppress(OSError, ValueError):
            self.archive.close()
        with suppress(OSError):
            self.file.close()


class Bag:
    """A bag while it is written: payload first, then tag files, then the manifests of both."""

    def __init__(self, sink: Sink, progress: Callable[[int], None] | None = None) -> None:
        self.sink = sink
        self.progress = progress or (lambda count: None)
        self.payload: dict[str, tuple[str, int]] = {}
        self.tags: dict[str, tuple[str, int]] = {}

    def add_file(self, name: str, source: Path) -> tuple[str, int]:
        """Copy a file into the payload as `name`; returns SHA-256 and size of what was copied.

        Raises `InputError` when the file changes size under the copy.
        """
        with source.open("rb", buffering=0) as file:
            expected = os.fstat(file.fileno()).st_size
            found = self._write(self.payload, f"data/{name}", _blocks(file, expected), expected)
        if found[1] != expected:
            raise InputError(
                "the file changed while it was copied",
                file=source,
                remedy="wait until its recording has ended, then seal again",
            )
        return found

    def add_bytes(self, name: str, content: bytes) -> tuple[str, int]:
        """Write bytes into the payload as `name`."""
        return self._write(self.payload, f"data/{name}", iter((content,)), len(content))

    def add_tag(self, name: str, content: bytes) -> None:
        """Write a tag file."""
        self._write(self.tags, name, iter((content,)), len(content))

    def finish(self) -> tuple[str, bytes]:
        """Write bagit.txt and the manifests; returns the fingerprint and the tag manifest it is the hash
        of."""
        self.add_tag("bagit.txt", BAGIT)
        self.add_tag(PAYLOAD, manifest(self.payload))
        content = manifest(self.tags)
        self._write({}, TAGS, iter((content,)), len(content))
        self.sink.close()
        return hashlib.sha256(content).hexdigest(), content

    def _write(
        self, into: dict[str, tuple[str, int]], name: str, blocks: Iterator[bytes], expected: int
    ) -> tuple[str, int]:
        digest = hashlib.sha256()
        size = 0

        def hashed() -> Iterator[bytes]:
            nonlocal size
            for block in blocks:
                digest.update(block)
                size += len(block)
                yield block
                self.progress(len(block))

        self.sink.write(name, hashed(), expected)
        into[name] = digest.hexdigest(), size
        return into[name]


def manifest(files: dict[str, tuple[str, int]]) -> bytes:
    """Hash, two spaces and path of every file, in the order of the paths' bytes."""
    rows = sorted((name.encode(), digest) for name, (digest, _) in files.items())
    return b"".join(digest.encode() + b"  " + name + b"\n" for name, digest in rows)


def bag_info(labels: list[tuple[str, str]]) -> bytes:
    """bag-info.txt: one label a line; line breaks in values become spaces."""
    lines = (f"{label}: {' '.join(value.splitlines())}\n" for label, value in labels if value.strip())
    return "".join(lines).encode(errors="replace")


def _blocks(file: BinaryIO, expected: int) -> Iterator[bytes]:
    """The blocks of the file up to the first beyond `expected`: it may grow as fast as it is read."""
    size = 0
    while size <= expected and (block := file.read(BLOCK)):
        size += len(block)
        yield block
