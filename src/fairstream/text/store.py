"""Derived tables kept in the user's cache directory, so that they are derived once per machine."""

import contextlib
import hashlib
import os
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from importlib import metadata
from pathlib import Path

import numpy as np
import numpy.typing as npt

Arrays = dict[str, npt.NDArray[np.generic]]


def packages_key(name: str, version: int, packages: Iterable[str]) -> str:
    """A file stem that changes with our version, Unicode's and those of the packages the table is from."""
    parts = [
        name,
        str(version),
        unicodedata.unidata_version,
        *(f"{p}={metadata.version(p)}" for p in packages),
    ]
    return f"{name}-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:16]}"


def cache_directory() -> Path:
    """Where tables are kept: `FAIRSTREAM_CACHE` when set, else the platform's cache directory."""
    given = os.environ.get("FAIRSTREAM_CACHE")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("fairstream")


def cached_arrays(key: str, derive: Callable[[], Arrays]) -> Arrays:
    """The arrays kept under `key`; derived and kept when absent or unreadable.

    A cache that cannot be written costs time, never a result: the failure is left silent on purpose.
    """
    path = cache_directory() / f"{key}.npz"
    unreadable = (OSError, ValueError, KeyError, zipfile.BadZipFile, EOFError)
    with contextlib.suppress(*unreadable), np.load(path, allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
    arrays = derive()
    with contextlib.suppress(OSError):
        _write(path, arrays)
    return arrays


def _write(path: Path, arrays: Arrays) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
