"""The key of the pseudonyms lies in the test's own folder, never in that of the person who runs tests."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the key."""
    path = tmp_path_factory.mktemp("key") / "pseudonyms.key"
    monkeypatch.setenv("FAIRSTREAM_KEY", str(path))
    return path
