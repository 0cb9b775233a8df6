from pathlib import Path

import pytest

from fairstream.text.fold import Folder


def risky_terms() -> list[str]:
    written = (Path(__file__).parent / "risky_terms.txt").read_text(encoding="utf-8")
    return list(dict.fromkeys(written.split()))


@pytest.fixture(scope="session")
def terms() -> list[str]:
    return risky_terms()


@pytest.fixture(scope="session")
def folder(terms: list[str]) -> Folder:
    return Folder(terms, white=["第一时间", "最近", "要小心"])
