"""Fixtures that every test may ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from fairstream.law.citing import CitationSource
from fairstream.law.resolve import load_law
from world import World


@pytest.fixture(scope="session")
def law() -> CitationSource:
    """The shipped law."""
    return load_law()


@pytest.fixture
def world(tmp_path: Path, law: CitationSource) -> World:
    """An empty pack in a folder of its own."""
    root = tmp_path / "pack"
    root.mkdir()
    return World(root, law)


@pytest.fixture
def says(world: World) -> Callable[..., list[str]]:
    """`says(match, text, **rule keys)`: what one rule with this match quotes from the text."""

    def quote(match: Any, text: str, **keys: Any) -> list[str]:
        world.rule(match, **keys)
        return world.quotes(text)

    return quote


@pytest.fixture(scope="module")
def module_world(tmp_path_factory: pytest.TempPathFactory, law: CitationSource) -> Iterator[World]:
    """A pack that the tests of one module share."""
    yield World(tmp_path_factory.mktemp("pack"), law)
