"""Compiled functions where nothing can be kept."""

from collections.abc import Callable
from typing import Any

import pytest

from fairstream.opinion import kernels


def test_without_a_folder_for_the_cache_functions_are_compiled_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compile_ = kernels.njit

    def without_cache(*, cache: bool = False, **options: Any) -> Callable[..., Any]:
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        made: Callable[..., Any] = compile_(**options)
        return made

    monkeypatch.setattr(kernels, "njit", without_cache)
    assert kernels.kernel(lambda number: number + 1)(1) == 2
