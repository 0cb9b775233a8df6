"""The same results here and on processes, in order, with errors that arrive."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from fairstream.errors import UsageError
from fairstream.store.run import processors, run


@dataclass(frozen=True)
class Adding:
    """Adds a number; refuses thirteen."""

    number: int

    def open(self) -> Callable[[int], int]:
        return self._add

    def _add(self, unit: int) -> int:
        if unit == 13:
            raise UsageError("thirteen", remedy="another number")
        return unit + self.number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_order_and_are_announced(workers: int) -> None:
    heard: list[tuple[int, int]] = []
    assert run(Adding(2), [5, 1, 4], workers=workers, done=lambda i, r: heard.append((i, r))) == [7, 3, 6]
    assert sorted(heard) == [(0, 7), (1, 3), (2, 6)]


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_a_unit_is_raised_here(workers: int) -> None:
    with pytest.raises(UsageError, match="thirteen"):
        run(Adding(1), [1, 13, 2], workers=workers)


def test_nothing_to_do() -> None:
    assert run(Adding(1), [], workers=2) == []
    assert processors() >= 1
