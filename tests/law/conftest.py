"""Where the official texts lie, when this machine has them."""

import os
from pathlib import Path

import pytest


def _shared() -> Path | None:
    named = os.environ.get("FAIRSTREAM_SHARED")
    if named:
        return Path(named)
    above = (parent / "shared" for parent in Path(__file__).resolve().parents)
    return next((folder for folder in above if (folder / "statutes").is_dir()), None)


@pytest.fixture(scope="session")
def statutes_folder() -> Path:
    """The folder of official texts; the test is skipped where there is none."""
    shared = _shared()
    if shared is None or not (shared / "statutes").is_dir():
        pytest.skip("the official texts (../shared/statutes) are not on this machine")
    return shared / "statutes"
