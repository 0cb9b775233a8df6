"""How much of what an author meant to be unlawful is found in an invented broadcast.

An expected stretch counts as found when a finding of the same medium shares a character with it; its
conduct counts as named when a finding on it has one of its codes. A finding that touches no expected
stretch is a false alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from fairstream.inspect.inspection import Inspection, Located
from fairstream.inspect.units import listing_text
from fairstream.records import Broadcast

BROADCASTS = Path(__file__).parents[2] / "examples" / "broadcasts"
LOOK_MS = 15_000
"""Expected times are minutes and seconds of the words; the words are sought this far around."""


@dataclass
class Line:
    """All words of one medium in a row, with where each record begins."""

    text: str = ""
    starts: dict[str, int] = field(default_factory=dict)
    times: list[tuple[int, int]] = field(default_factory=list)

    def add(self, unit: str, words: str, ms: int | None) -> None:
        self.starts[unit] = len(self.text)
        self.times.append((len(self.text), ms or 0))
        self.text += words

    def time_of(self, at: int) -> int:
        return max((time for start, time in self.times if start <= at), default=0)


@dataclass(frozen=True)
class Expected:
    """One unlawful stretch: its place in the line of its medium, and the conduct codes that name it."""

    medium: str
    quote: str
    start: int
    end: int
    conducts: frozenset[str]


@dataclass
class Measure:
    """What came of one broadcast."""

    expected: list[Expected]
    found: list[Expected]
    named: list[Expected]
    false: list[Located]

    @property
    def recall(self) -> float:
        return len(self.found) / len(self.expected)

    @property
    def missed(self) -> list[Expected]:
        return [one for one in self.expected if one not in self.found]


def lines_of(broadcast: Broadcast) -> dict[str, Line]:
    lines = {medium: Line() for medium in ("speech", "screen", "chat", "listing")}
    for said in broadcast.utterances:
        lines["speech"].add(said.id, said.text, said.start_ms)
    for seen in broadcast.screen:
        lines["screen"].add(seen.id, seen.text, seen.start_ms)
    for message in broadcast.chat:
        lines["chat"].add(message.id, message.text, message.start_ms)
    for listing in broadcast.listings:
        lines["listing"].add(listing.id, listing_text(listing), None)
    return lines


def expected_of(name: str, lines: dict[str, Line]) -> list[Expected]:
    """The author's list, each entry found again in the published words; raises when one is not there."""
    written = yaml.safe_load((BROADCASTS / name / "expected.yaml").read_text("utf-8"))
    return [_find(entry, lines[entry["medium"]]) for entry in written["expected"]]


def _find(entry: dict[str, Any], line: Line) -> Expected:
    quote = entry["quote"]
    plain = [index for index, character in enumerate(line.text) if character != "，"]
    words = "".join(line.text[index] for index in plain)
    wanted = quote.replace("，", "")
    at, places = words.find(wanted), []
    while at >= 0:
        start, end = plain[at], plain[at + len(wanted) - 1] + 1
        if _fits(entry, line, start):
            places.append((start, end))
        at = words.find(wanted, at + 1)
    if not places:
        raise LookupError(f"{entry} is not in the published words")
    start, end = places[0]
    conducts = frozenset([entry["conduct"], *entry.get("conduct_also", [])])
    return Expected(entry["medium"], quote, start, end, conducts)


def _fits(entry: dict[str, Any], line: Line, start: int) -> bool:
    if "listing" in entry:
        held = [unit for unit, begin in line.starts.items() if begin <= start]
        return held[-1] == entry["listing"]
    minutes, seconds = entry["at"].split(":")
    return abs(line.time_of(start) - (int(minutes) * 60 + int(seconds)) * 1000) <= LOOK_MS


def measure(name: str, broadcast: Broadcast, inspection: Inspection) -> Measure:
    lines = lines_of(broadcast)
    expected = expected_of(name, lines)
    spans = [_spans(located, lines) for located in inspection.findings]
    found, named, touched = [], [], set()
    for one in expected:
        hits = [number for number, held in enumerate(spans) if _touches(one, held)]
        touched.update(hits)
        codes = {code for number in hits for code in _codes(inspection.findings[number])}
        if hits:
            found.append(one)
        if codes & one.conducts:
            named.append(one)
    false = [located for number, located in enumerate(inspection.findings) if number not in touched]
    return Measure(expected, found, named, false)


def _codes(located: Located) -> set[str]:
    return {located.finding.conduct, *located.finding.conduct_also}


def _spans(located: Located, lines: dict[str, Line]) -> Sequence[tuple[str, int, int]]:
    return [
        (piece.medium, begin + piece.span.start, begin + piece.span.end)
        for occurrence in located.occurrences
        for piece in occurrence.pieces
        for begin in [lines[piece.medium].starts[piece.unit]]
    ]


def _touches(one: Expected, spans: Sequence[tuple[str, int, int]]) -> bool:
    return any(medium == one.medium and start < one.end and one.start < end for medium, start, end in spans)
