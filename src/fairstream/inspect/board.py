"""What the report shows of the cross-checks: both sides of a finding, and outcomes that suspect nothing."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from fairstream.checks.about import Verdict
from fairstream.inspect.fact_words import fact_title
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.timeline import clock
from fairstream.records import Medium, Side, Words
from fairstream.text.masking import mask

MOST_OUTCOMES = 500
"""Outcomes of one verdict listed in the report; checks.jsonl has all of them."""

Anchors = Mapping[tuple[Medium, str], str]


class SideRow(NamedTuple):
    """One side of a comparison: its words, the fact it comes from, and where it stands."""

    text: Words
    quote: str
    fact: Words | None
    clock: str
    target: str
    place: str


class OutcomeRow(NamedTuple):
    """An outcome that is no finding."""

    check: str
    title: Words
    why: Words


class Board(NamedTuple):
    """All checks together; `missing` pairs a fact with the checks that wait for it."""

    counts: Mapping[Verdict, int]
    missing: tuple[tuple[Words, tuple[Words, ...]], ...]
    undecidable: tuple[OutcomeRow, ...]
    clear: tuple[OutcomeRow, ...]


def board(inspection: Inspection) -> Board | None:
    """The section of the checks; None when none were run."""
    if not inspection.checked:
        return None
    titles = {about.id: Words(about.title.zh, about.title.en) for about, _ in inspection.checked}
    missing = tuple(
        (fact_title(name), tuple(titles[check] for check in waiting))
        for name, waiting in inspection.missing().items()
    )
    return Board(
        inspection.by_verdict(),
        missing,
        _outcomes(inspection, "undecidable"),
        _outcomes(inspection, "clear"),
    )


def side_rows(sides: Iterable[Side], anchors: Anchors) -> tuple[SideRow, ...]:
    """Sides as the report shows them; numbers of consumers are masked."""
    return tuple(_side_row(side, anchors) for side in sides)


def _side_row(side: Side, anchors: Anchors) -> SideRow:
    place = side.place
    where = "" if place is None else f"{place.file}:{place.line}" if place.line else place.file
    return SideRow(
        Words(mask(side.text.zh), mask(side.text.en)),
        mask(side.quote),
        fact_title(side.fact) if side.fact else None,
        clock(side.start_ms),
        anchors.get((side.medium, side.unit), "") if side.medium else "",
        where,
    )


def _outcomes(inspection: Inspection, verdict: Verdict) -> tuple[OutcomeRow, ...]:
    rows = [
        OutcomeRow(about.id, Words(about.title.zh, about.title.en), _masked(outcome.why))
        for about, outcome in inspection.checked
        if outcome.verdict == verdict
    ]
    return tuple(rows[:MOST_OUTCOMES])


def _masked(words: Words) -> Words:
    return Words(mask(words.zh), mask(words.en))
