"""Compiled functions: one way to mark them, kept in a cache between runs.

The cache notices a change of the file of a function, not of constants and functions it takes from other
files: what belongs together stands in one file, and numbers from elsewhere seldom change.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit
from numba.core.options import DefaultOptions

Function = TypeVar("Function", bound=Callable[..., Any])

UNCOUNTED: dict[str, Any] = {"_nrt": False} if hasattr(DefaultOptions, "_nrt") else {}
"""Our kernels allocate nothing, so references need no counting: that took half of the time."""


def kernel(function: Function) -> Function:
    """The function compiled for arrays; it holds no lock and may not allocate."""
    return _compiled(function)


def part(function: Function) -> Function:
    """A function that is compiled into each of its callers: a call would copy every array's description."""
    return _compiled(function, inline="always")


def _compiled(function: Function, **options: Any) -> Function:
    options |= {"nogil": True} | UNCOUNTED
    try:
        return cast(Function, njit(cache=True, **options)(function))
    except RuntimeError:  # no folder for a cache can be written to: each process compiles for itself
        return cast(Function, njit(**options)(function))
