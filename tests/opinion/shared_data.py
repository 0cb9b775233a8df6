"""Public corpora beside the checkout, for tests that skip without them."""

import os
from pathlib import Path

import pytest


def shared(name: str) -> Path:
    """A file below the shared folder; skips the test when it is not there."""
    root = Path(__file__).resolve().parents[2]
    path = Path(os.environ.get("FAIRSTREAM_SHARED", root.parent / "shared")) / name
    if not path.exists():
        pytest.skip(f"needs ../shared/{name}")
    return path
