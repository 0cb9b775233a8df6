"""Lines of one card → one text: lines that stand close together and come and go together (价格牌、字幕卡).

A price and the price it is compared with, or a number broken over two lines, are one statement, and checks
look for both sides of it in one text.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from fairstream.records import Box
from fairstream.sources.ocr.following import union

TOGETHER_MS: Final = 300
"""Most that the lines of a card start or end apart."""
_HALF_NUMBER: Final = re.compile(
    r"(?:准字|备字|注字|[（(]文[）)]|[（(]视[）)]|[审备字第号:：\-—（(]|[A-Z]{2}\d*)$"
)
_HALF_MORE: Final = re.compile(r"^(?:第?[A-Z]{0,4}\d[\d\-—]*号?|号)")


class Seen(NamedTuple):
    """A text in the picture, from `start_ms` to `end_ms` (positions in the file: the first frame with it and
    the first without).

    `confidence` is the mean score of the readings that agree, `readings` how many there were. `ended` is
    False for one that is told as soon as it is read; its end comes later, in a text that has its number
    among its `lines`, those it was put together from.
    """

    number: int
    start_ms: int
    end_ms: int
    text: str
    box: Box
    confidence: float
    readings: int = 1
    ended: bool = True
    moving: bool = False
    lines: tuple[int, ...] = ()


def cards(lines: Sequence[Seen]) -> list[Seen]:
    """Lines that have ended, put together into cards; in order of start, then from the top."""
    groups: list[list[Seen]] = []
    for line in sorted(lines, key=lambda one: (one.box.top, one.box.left)):
        group = next((group for group in groups if any(_belongs(line, other) for other in group)), None)
        if group is None:
            groups.append([line])
        else:
            group.append(line)
    return sorted((_card(group) for group in groups), key=lambda one: (one.start_ms, one.box.top))


def _belongs(line: Seen, other: Seen) -> bool:
    if line.moving or other.moving:
        return False
    if abs(line.start_ms - other.start_ms) > TOGETHER_MS or abs(line.end_ms - other.end_ms) > TOGETHER_MS:
        return False
    low, high = sorted((line.box.height, other.box.height))
    if high > 2.5 * low:
        return False
    if _one_row(line.box, other.box):
        apart = max(line.box.left, other.box.left) - min(_right(line.box), _right(other.box))
        return apart <= 0.1
    apart = max(line.box.top, other.box.top) - min(_bottom(line.box), _bottom(other.box))
    shared = min(_right(line.box), _right(other.box)) - max(line.box.left, other.box.left)
    return apart <= 0.9 * low and shared >= 0.3 * min(line.box.width, other.box.width)


def _card(group: list[Seen]) -> Seen:
    if len(group) == 1:
        return group[0]
    rows: list[list[Seen]] = []
    for line in sorted(group, key=lambda one: one.box.top + one.box.height / 2):
        if rows and _one_row(rows[-1][0].box, line.box):
            rows[-1].append(line)
        else:
            rows.append([line])
    box = group[0].box
    for line in group[1:]:
        box = union(box, line.box)
    text = ""
    for row in rows:
        words = " ".join(line.text for line in sorted(row, key=lambda one: one.box.left))
        broken = bool(_HALF_NUMBER.search(text) and _HALF_MORE.match(words))
        text += words if broken or not text else f"\n{words}"
    return Seen(
        min(line.number for line in group),
        min(line.start_ms for line in group),
        max(line.end_ms for line in group),
        text,
        box,
        min(line.confidence for line in group),
        min(line.readings for line in group),
        lines=tuple(sorted(line.number for line in group)),
    )


def _one_row(one: Box, other: Box) -> bool:
    shared = min(_bottom(one), _bottom(other)) - max(one.top, other.top)
    return shared >= 0.6 * min(one.height, other.height)


def _right(box: Box) -> float:
    return box.left + box.width


def _bottom(box: Box) -> float:
    return box.top + box.height
