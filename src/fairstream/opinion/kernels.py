"""Compiled functions: one way to mark them, kept in a cache between runs.

The cache notices a change of the file of a function, not of constants and functions it takes from other
files: what belongs together stands in one file, and numbers from elsewhere seldom change.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """The function compiled for arrays; it holds no lock, and types are those of its arguments."""
    return _compiled(function)


def part(function: Function) -> Function:
    """A function that is compiled into each of its callers: a call would copy every array's description."""
    return _compiled(function, inline="always")


def _compiled(function: Function, **options: Any) -> Function:
    try:
        return cast(Function, njit(cache=True, nogil=True, **options)(function))
    except RuntimeError:  # no folder for a cache can be written to: each process compiles for itself
        return cast(Function, njit(nogil=True, **options)(function))
