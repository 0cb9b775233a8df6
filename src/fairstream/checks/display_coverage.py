"""Stretches of a recording: what is covered, what is left uncovered, and how a moment is written."""

from collections.abc import Iterable, Iterator

from fairstream.facts import Interval
from fairstream.records import Words

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
NAMED = 5
"""How many gaps a sentence names before it only counts the rest."""


def gaps(wanted: Iterable[Interval], covered: Iterable[Interval], tolerance_ms: float) -> list[Interval]:
    """The parts of `wanted` that nothing in `covered` covers and that last longer than the tolerance.

    Overlapping, unordered and empty stretches are allowed on both sides.
    """
    over = _merged(covered)
    left = [gap for stretch in _merged(wanted) for gap in _uncovered(stretch, over)]
    return [gap for gap in left if gap.end_ms - gap.start_ms > tolerance_ms]


def _merged(stretches: Iterable[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for one in sorted(stretches, key=lambda stretch: stretch.start_ms):
        if one.end_ms <= one.start_ms:
            continue
        if merged and one.start_ms <= merged[-1].end_ms:
            merged[-1] = Interval(merged[-1].start_ms, max(merged[-1].end_ms, one.end_ms))
        else:
            merged.append(one)
    return merged


def _uncovered(stretch: Interval, over: Iterable[Interval]) -> Iterator[Interval]:
    at = stretch.start_ms
    for one in over:
        end = min(one.start_ms, stretch.end_ms)
        if at < end:
            yield Interval(at, end)
        at = max(at, one.end_ms)
    if at < stretch.end_ms:
        yield Interval(at, stretch.end_ms)


def length(stretches: Iterable[Interval]) -> int:
    """Milliseconds covered by the stretches, overlaps counted once."""
    return sum(one.end_ms - one.start_ms for one in _merged(stretches))


def clock(ms: int) -> str:
    """A moment of the recording as h:mm:ss, whole seconds."""
    return f"{ms // HOUR}:{ms % HOUR // MINUTE:02d}:{ms % MINUTE // SECOND:02d}"


def named(stretches: list[Interval]) -> Words:
    """The stretches as people write them; the first ones by name, the rest by number."""
    shown = [f"{clock(one.start_ms)}–{clock(one.end_ms)}" for one in stretches[:NAMED]]
    rest = len(stretches) - len(shown)
    return Words(
        "、".join(shown) + (f"等 {len(stretches)} 段" if rest else ""),
        ", ".join(shown) + (f" and {rest} more" if rest else ""),
    )
