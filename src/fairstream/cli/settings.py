"""Which speech model to use: as told, else by the environment, else by the configuration file.

``FAIRSTREAM_MODEL`` and ``FAIRSTREAM_VOICE`` name folder and voice detector. The file ``config.toml`` lies in
the user's configuration folder (or where ``FAIRSTREAM_CONFIG`` says) and holds ``model`` and ``voice``.
"""

import os
import tomllib
from pathlib import Path
from typing import Any

import platformdirs

from fairstream.errors import UsageError


def config_file() -> Path:
    """Where the configuration file lies, whether or not it is there."""
    named = os.environ.get("FAIRSTREAM_CONFIG")
    return Path(named) if named else Path(platformdirs.user_config_dir("fairstream")) / "config.toml"


def named_path(key: str, told: Path | None) -> Path | None:
    """The path for ``model`` or ``voice``; None when nothing names one.

    Raises `UsageError` when the configuration file cannot be read or the path is not there.
    """
    if told is not None:
        return told
    by_environment = os.environ.get(f"FAIRSTREAM_{key.upper()}")
    if by_environment:
        return _there(Path(by_environment), f"FAIRSTREAM_{key.upper()}")
    written = _config().get(key)
    if written is None:
        return None
    if not isinstance(written, str):
        raise UsageError(f"{key!r} is no path", file=config_file(), remedy=f'write {key} = "/a/folder"')
    return _there(config_file().parent / Path(written).expanduser(), str(config_file()))


def _config() -> dict[str, Any]:
    path = config_file()
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(
            f"the configuration file cannot be read: {error}", file=path, remedy="correct or remove it"
        ) from error


def _there(path: Path, named_by: str) -> Path:
    if not path.exists():
        raise UsageError(f"{named_by} names {path}, which is not there", remedy="correct the path")
    return path
