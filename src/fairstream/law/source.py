"""Reads the law data: YAML in the package, layered with a folder of the user's, kept as JSON in a cache.

YAML is pleasant to edit and slow to read; the cache is keyed by the content of the files and by the
product's version of this format, so it can never be stale, and it is only a convenience: when it
cannot be written, the YAML is read each time.
"""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import yaml
from platformdirs import user_cache_path

from fairstream.errors import LawError

DATA = Path(__file__).parent / "data"
KEPT = 8
"""How many copies, of different data, stay in the cache."""
_FORMAT = b"1"
_ALIAS = re.compile(rb"(?m)(?:^|[:,\[{-])[ ]*\*[A-Za-z0-9_]")


def data_files(folder: Path) -> list[Path]:
    """The law data files of a folder, in reading order."""
    return sorted(folder.glob("*.yaml")) + sorted(folder.glob("articles/*.yaml"))


def read_documents(folders: Sequence[Path], cache: Path | None = None) -> list[dict[str, Any]]:
    """All data documents of the folders in order, each as {"file", "content"}.

    `cache` is the folder for the JSON copy, by default the user's cache folder. LawError names the
    file and line that is not YAML.
    """
    contents = {file: file.read_bytes() for folder in folders for file in data_files(folder)}
    folder = cache or user_cache_path("fairstream")
    kept = folder / f"law-{_digest(contents)}.json"
    documents = _read_cached(kept)
    if documents is None:
        documents = [
            {"file": str(file), "content": parse_yaml(content, file)} for file, content in contents.items()
        ]
        _write_cached(kept, documents)
    return documents


def parse_yaml(content: bytes, file: Path) -> Mapping[str, Any]:
    """One mapping out of a YAML file, dates as ISO text; LawError with the line when it is broken."""
    alias = _ALIAS.search(content)
    if alias:
        # Aliases nested in each other can grow without end.
        raise LawError(
            "YAML aliases (*name) are not allowed in law data",
            file=file,
            line=content.count(b"\n", 0, alias.start()) + 1,
            remedy="write the value out, or put a text that begins with * in quotes",
        )
    try:
        parsed = yaml.load(content, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError) as error:  # also bytes that are no text and days that do not exist
        mark = getattr(error, "problem_mark", None)
        raise LawError(
            f"not readable as YAML: {getattr(error, 'problem', None) or error}",
            file=file,
            line=mark.line + 1 if mark else None,
            remedy="correct the line; texts with a colon or a leading bracket need quotes",
        ) from error
    if not isinstance(parsed, dict):
        raise LawError("the file holds no mapping", file=file, line=1, remedy="begin with key: value lines")
    plain: Mapping[str, Any] = _without_dates(parsed)
    return plain


def _without_dates(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _without_dates(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_dates(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def _digest(contents: Mapping[Path, bytes]) -> str:
    digest = hashlib.sha256(_FORMAT)
    for file, content in contents.items():
        digest.update(b"\0%s\0%d\0" % (os.fsencode(file), len(content)))
        digest.update(content)
    return digest.hexdigest()[:32]


def _read_cached(kept: Path) -> list[dict[str, Any]] | None:
    try:
        documents = orjson.loads(kept.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return None
    return documents if isinstance(documents, list) else None


def _write_cached(kept: Path, documents: list[dict[str, Any]]) -> None:
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Two processes may write the same copy at once; each fills a file of its own.
        part = kept.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(orjson.dumps(documents))
        part.replace(kept)
        for old in sorted(kept.parent.glob("law-*.json"), key=lambda file: -file.stat().st_mtime)[KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        return
