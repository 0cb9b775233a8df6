"""Running one function over units of work: in this process, or in several, with the results in order.

The function is an object that can be sent to another process (a module's class with plain fields); each
process calls its `open` once and then its answer for every unit. Workers are started afresh, not forked, so
that no lock or thread of this process is copied.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Generic, Protocol, TypeVar

from fairstream.errors import LimitError

Unit_contra = TypeVar("Unit_contra", contravariant=True)
Unit = TypeVar("Unit")
Result_co = TypeVar("Result_co", covariant=True)
Result = TypeVar("Result")


class Work(Protocol, Generic[Unit_contra, Result_co]):
    """What is done with each unit; `open` loads what a process needs once."""

    def open(self) -> Callable[[Unit_contra], Result_co]:
        """The function of this process."""


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    work: Work[Unit, Result],
    units: Sequence[Unit],
    *,
    workers: int = 1,
    done: Callable[[int, Result], object] = lambda index, result: None,
) -> list[Result]:
    """The result of each unit, in the order of the units; `done` hears of each as soon as it is there.

    Errors of the function are raised here. Raises `LimitError` when a process was ended from outside.
    """
    if workers <= 1 or len(units) <= 1:
        function = work.open()
        results = []
        for index, unit in enumerate(units):
            results.append(function(unit))
            done(index, results[-1])
        return results
    context = multiprocessing.get_context("spawn")
    count = min(workers, len(units))
    with ProcessPoolExecutor(count, mp_context=context, initializer=_open, initargs=(work,)) as pool:
        waiting = {pool.submit(_call, unit): index for index, unit in enumerate(units)}
        found: dict[int, Result] = {}
        for index, result in _finished(waiting):
            found[index] = result
            done(index, result)
    return [found[index] for index in range(len(units))]


def _finished(waiting: dict[Future[Any], int]) -> Iterator[tuple[int, Any]]:
    try:
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    except BrokenProcessPool as error:
        raise LimitError(
            "a working process was ended from outside, most likely for want of memory",
            remedy="give --workers 1, or split the input into smaller files",
        ) from error
    except BaseException:
        for future in waiting:
            future.cancel()
        raise


_function: Callable[[Any], Any] | None = None


def _open(work: Work[Any, Any]) -> None:
    global _function
    _function = work.open()


def _call(unit: Any) -> Any:
    if _function is None:
        raise RuntimeError("worker used before it was started")
    return _function(unit)
