"""Works for the tests of Spark, in a module of their own that a worker imports quickly."""

import os
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from fairstream.errors import FormatError, UsageError

OPENED: list[int] = []


@dataclass(frozen=True)
class Asking:
    """Says who answers: the unit doubled, process, its parent (one an executor), times opened, folder."""

    def open(self) -> Callable[[int], tuple[int, int, int, int, str]]:
        OPENED.append(os.getpid())
        return self._answer

    def _answer(self, unit: int) -> tuple[int, int, int, int, str]:
        time.sleep(0.2)
        return 2 * unit, os.getpid(), os.getppid(), len(OPENED), str(Path.cwd())


class UnsendableError(Exception):
    """Cannot be made again from its arguments."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


@dataclass(frozen=True)
class Failing:
    """Fails in one way; other units take a moment."""

    way: str
    folder: Path

    def open(self) -> Callable[[int], int]:
        if self.way == "open":
            raise FormatError("no model", file="model.bin", line=3, remedy="another")
        return self._answer

    def _answer(self, unit: int) -> int:
        if unit != 1:
            time.sleep(0.3)
            (self.folder / str(unit)).touch()
            return unit
        if self.way == "unit":
            raise UsageError("thirteen", remedy="another number")
        if self.way == "unsendable":
            raise UnsendableError(1, 2)
        if self.way == "file":
            (self.folder / "nowhere" / "a.items").open("wb")
        if self.way == "once" and not (self.folder / "died").exists():
            (self.folder / "died").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self.way == "always":
            os.kill(os.getpid(), signal.SIGKILL)
        return unit
