"""Which model heard it."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model heard it: engine and its version, the folder's name, SHA-256 of each of its files."""

    engine: str
    version: str
    name: str
    files: tuple[tuple[str, str], ...]

    def as_data(self) -> dict[str, Any]:
        """The card for JSON: files as an object of name and SHA-256."""
        return {
            "engine": self.engine,
            "version": self.version,
            "name": self.name,
            "files": dict(self.files),
        }


def sha256_of(path: Path) -> str:
    """SHA-256 of a model's file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
