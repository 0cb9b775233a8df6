"""How much longer ten times the work takes, so that a test of speed holds on any machine."""

from collections.abc import Callable
from time import process_time
from typing import Any

LINEAR = 20.0
"""Most by which ten times the work may take longer: linear work takes 10, quadratic 100."""
_LEAST_SECONDS = 0.001
_RUNS = 3


def growth(few: Callable[[], Any], many: Callable[[], Any]) -> float:
    """Processor time of the second action by that of the first, the best of three runs of each."""
    few()
    return _seconds(many) / max(_seconds(few), _LEAST_SECONDS)


def _seconds(action: Callable[[], Any]) -> float:
    times = []
    for _ in range(_RUNS):
        begin = process_time()
        action()
        times.append(process_time() - begin)
    return min(times)
