"""The timeline strip of the report: where each finding lies between start and end."""

from collections.abc import Sequence
from typing import NamedTuple

from fairstream.inspect.inspection import Inspection, Located
from fairstream.records import Severity

_STEPS_MIN = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240)
_MOST_TICKS = 8


class Point(NamedTuple):
    """A finding on the strip: its number and place in percent of the length."""

    number: int
    percent: float
    severity: Severity
    clock: str


class Tick(NamedTuple):
    """A label under the strip."""

    percent: float
    label: str


class Timeline(NamedTuple):
    """Points and ticks; empty when nothing in the broadcast has a time."""

    points: tuple[Point, ...]
    ticks: tuple[Tick, ...]


def clock(ms: int | None) -> str:
    """Minutes and seconds, with hours from one hour on: ``07:05``, ``1:02:03``."""
    if ms is None:
        return ""
    minutes, seconds = divmod(max(ms, 0) // 1000, 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def length_ms(inspection: Inspection) -> int:
    """How long the broadcast is: as given, but not shorter than its last timed record; 0 when untimed."""
    broadcast = inspection.broadcast
    times = [broadcast.duration_ms or 0]
    times += [u.end_ms or u.start_ms or 0 for u in broadcast.utterances]
    times += [seen.end_ms or seen.start_ms or 0 for seen in broadcast.screen]
    times += [ms for located in inspection.findings for ms in located.finding.times]
    return max(times)


def timeline(findings: Sequence[Located], length: int) -> Timeline:
    """One point per place of every finding, folded ones included."""
    if length <= 0:
        return Timeline((), ())
    points = [
        Point(number, round(100 * min(max(ms / length, 0), 1), 2), located.finding.severity, clock(ms))
        for number, located in enumerate(findings, 1)
        for ms in located.finding.times
    ]
    minutes = length / 60_000
    step = next((step for step in _STEPS_MIN if minutes / step <= _MOST_TICKS), _STEPS_MIN[-1])
    ticks = [
        Tick(round(100 * minute / minutes, 2), clock(minute * 60_000))
        for minute in range(0, int(minutes) + 1, step)
    ]
    return Timeline(tuple(sorted(points, key=lambda point: point.percent)), tuple(ticks))
