"""Compiled functions: one way to mark them, kept in a cache between runs."""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """The function compiled for arrays; it holds no lock, and types are those of its arguments."""
    return cast(Function, njit(cache=True, nogil=True)(function))


def part(function: Function) -> Function:
    """A function that is compiled into each of its callers: a call would copy every array's description."""
    return cast(Function, njit(cache=True, nogil=True, inline="always")(function))
