"""What an inspection yields: findings at their place in the broadcast, and how much was read.

A finding is a suspected violation (违法线索); a person decides.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from fairstream.checks.about import VERDICTS, About, Outcome, Verdict
from fairstream.facts import Facts
from fairstream.inspect.media import Media
from fairstream.law.consequences import Consequences
from fairstream.records import (
    Broadcast,
    Conduct,
    Finding,
    Language,
    Medium,
    PartyRole,
    Problem,
    Severity,
    Span,
    Words,
)

LANGUAGES: tuple[Language, ...] = ("zh", "en")
SEVERITIES: tuple[Severity, ...] = ("high", "medium", "low")
MEDIA: tuple[Medium, ...] = ("speech", "screen", "listing", "chat")
FACTS: Medium = "document"
"""Where a finding stands in which nothing was said: in the facts."""


class Piece(NamedTuple):
    """The part of one record that a finding covers: its id and the characters as published."""

    medium: Medium
    unit: str
    span: Span


class Answerable(NamedTuple):
    """A role that may answer for a finding, and who held it; no names when the broadcast tells none."""

    role: PartyRole
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the words stand: more than one piece when a recogniser cut them in two."""

    pieces: tuple[Piece, ...]
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """A finding with everything the broadcast says about it.

    `finding` is in the language of the inspection, `translations` holds it in both. `finding.span` counts
    from the start of `finding.unit` and runs past its end when the words go on in the next utterance;
    `occurrences` (first one first) has the exact pieces. `before` and `after` are the neighbouring words.
    """

    finding: Finding
    translations: Mapping[Language, Finding]
    occurrences: tuple[Occurrence, ...]
    answerable: tuple[Answerable, ...] = ()
    before: str = ""
    after: str = ""
    listing_id: str | None = None

    def words(self, language: Language) -> Finding:
        """The finding in `language`; its own language when that one is missing."""
        return self.translations.get(language, self.finding)


class Checked(NamedTuple):
    """One outcome of a cross-check, with what the check is about."""

    about: About
    outcome: Outcome


class Count(NamedTuple):
    """How many texts of a medium were read, and how many characters they have."""

    texts: int
    characters: int


class InForce(NamedTuple):
    """The days on which a version of a statute applied: half open, `until` None when it still does."""

    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Inspection:
    """One broadcast inspected: findings by time, totals, and what was repaired or left out.

    `seconds` is how long the inspection took, `speech_ms` how much recording the transcript covers.
    `versions` tells when each cited version was in force. `rules` is the fingerprint of the rule set.
    `facts` is what was handed in beside the words, `checked` what the cross-checks say of it;
    `consequences` is the law's part for each suspected conduct, `provisions` the names of what it cites.
    `media` is what lies beside the report to be played.
    """

    broadcast: Broadcast
    language: Language
    findings: tuple[Located, ...]
    read: Mapping[Medium, Count]
    problems: tuple[Problem, ...]
    seconds: float = 0.0
    speech_ms: int | None = None
    versions: Mapping[str, InForce] = field(default_factory=dict)
    rules: str = ""
    facts: Facts = field(default_factory=Facts)
    checked: tuple[Checked, ...] = ()
    consequences: tuple[Consequences, ...] = ()
    provisions: Mapping[str, Words] = field(default_factory=dict)
    media: Media = field(default_factory=Media)

    def by_verdict(self) -> dict[Verdict, int]:
        """Outcomes of cross-checks per verdict, all three named."""
        counts = Counter(one.outcome.verdict for one in self.checked)
        return {verdict: counts[verdict] for verdict in VERDICTS}

    def missing(self) -> dict[str, tuple[str, ...]]:
        """Facts that were not handed in, and the checks that could say nothing without them."""
        wanting: dict[str, dict[str, None]] = {}
        for about, outcome in self.checked:
            for name in outcome.missing:
                wanting.setdefault(name, {})[about.id] = None
        return {name: tuple(checks) for name, checks in sorted(wanting.items())}

    @property
    def texts(self) -> int:
        """How many texts were read."""
        return sum(count.texts for count in self.read.values())

    @property
    def characters(self) -> int:
        """How many characters were read."""
        return sum(count.characters for count in self.read.values())

    @property
    def occurrences(self) -> int:
        """Findings before near-identical ones were folded."""
        return sum(located.finding.count for located in self.findings)

    @property
    def skipped(self) -> int:
        """How many rows, cues or files were left out."""
        return sum(problem.count for problem in self.problems if problem.severity == "skipped")

    def by_severity(self) -> dict[Severity, int]:
        """Findings per severity, all three named, the gravest first."""
        counts = Counter(located.finding.severity for located in self.findings)
        return {severity: counts[severity] for severity in SEVERITIES}

    def by_conduct(self) -> dict[Conduct, int]:
        """Findings per kind of conduct, the most frequent first."""
        return dict(Counter(located.finding.conduct for located in self.findings).most_common())

    def by_medium(self) -> dict[Medium, int]:
        """Findings per medium; those that rest on facts alone count under `FACTS`."""
        counts = Counter(located.finding.medium for located in self.findings)
        return {medium: counts[medium] for medium in (*MEDIA, FACTS)}
