"""Which characters of which record belong to which finding: highlighted text, overlaps included."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from fairstream.inspect.inspection import SEVERITIES, Located
from fairstream.records import Medium, Severity, Span


class Mark(NamedTuple):
    """Characters of one record that finding `number` (from 1) covers."""

    span: Span
    number: int
    severity: Severity


class Segment(NamedTuple):
    """A stretch of text with the same marks; `severity` is the gravest of them, None without marks."""

    text: str
    numbers: tuple[int, ...]
    severity: Severity | None


Marks = dict[tuple[Medium, str], list[Mark]]


def marks_of(findings: Sequence[Located]) -> Marks:
    """Marks by medium and record, repeated places included."""
    marks: Marks = {}
    for number, located in enumerate(findings, 1):
        for occurrence in located.occurrences:
            for piece in occurrence.pieces:
                mark = Mark(piece.span, number, located.finding.severity)
                marks.setdefault((piece.medium, piece.unit), []).append(mark)
    return marks


def segments(text: str, marks: Iterable[Mark]) -> Iterator[Segment]:
    """`text` cut where marks begin and end; joined again it is the same text."""
    held = list(marks)
    ends = (min(max(edge, 0), len(text)) for mark in held for edge in mark.span)
    cuts = sorted({0, len(text), *ends})
    for start, stop in pairwise(cuts):
        over = [mark for mark in held if mark.span.start < stop and start < mark.span.end]
        numbers = tuple(sorted({mark.number for mark in over}))
        gravest = min((mark.severity for mark in over), key=SEVERITIES.index, default=None)
        yield Segment(text[start:stop], numbers, gravest)
