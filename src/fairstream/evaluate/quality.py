"""Recall on published cases, false alarms on lawful texts, precision per rule, beside a baseline."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import orjson

from fairstream.detect.engine import Scanner
from fairstream.evaluate.bench import LabelledCase, LawfulText
from fairstream.evaluate.metrics import Share
from fairstream.records import Finding, Text

Flags = Callable[[Sequence[Text]], list[list[Finding]]]


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What one rule did: cases it flagged, of those with the right conduct, lawful texts it flagged."""

    rule: str
    cases: int
    right: int
    false_alarms: int

    @property
    def precision(self) -> Share:
        """Right flags among all flags of this rule on this data."""
        return Share(self.right, self.cases + self.false_alarms)


@dataclass
class Quality:
    """All figures of one run. Shares carry their sample size."""

    recall: dict[str, Share] = field(default_factory=dict)
    recall_by_conduct: dict[str, Share] = field(default_factory=dict)
    conduct_accuracy: Share = field(default_factory=lambda: Share(0, 0))
    false_alarms: dict[str, Share] = field(default_factory=dict)
    baseline: dict[str, Share] = field(default_factory=dict)
    rules: list[RuleScore] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    flagged: list[tuple[str, str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        """Everything as plain data."""
        return {
            "recall": {name: share.as_json() for name, share in self.recall.items()},
            "recall_by_conduct": {name: share.as_json() for name, share in self.recall_by_conduct.items()},
            "conduct_accuracy": self.conduct_accuracy.as_json(),
            "false_alarms": {name: share.as_json() for name, share in self.false_alarms.items()},
            "baseline": {name: share.as_json() for name, share in self.baseline.items()},
            "rules": [
                {
                    "rule": r.rule,
                    "cases": r.cases,
                    "right": r.right,
                    "false_alarms": r.false_alarms,
                    "precision": r.precision.as_json(),
                }
                for r in self.rules
            ],
            "missed": self.missed,
            "flagged": [{"id": i, "rule": rule, "quote": quote} for i, rule, quote in self.flagged],
        }


def measure(
    scanner: Scanner,
    cases: Sequence[LabelledCase],
    lawful: Sequence[LawfulText],
    terms: Iterable[str] = (),
) -> Quality:
    """Scan cases and lawful texts and count; `terms` is the word-list baseline, searched plainly."""
    quality = Quality()
    found = _scan_cases(scanner, cases)
    _recall(quality, cases, found)
    said = scanner.scan([text.as_said() for text in lawful])
    as_seller = scanner.scan([text.as_seller() for text in lawful])
    _false_alarms(quality, lawful, said, as_seller)
    _rules(quality, cases, found, as_seller)
    words = [term for term in terms if term]
    if words:
        _baseline(quality, cases, lawful, words)
    return quality


def word_list(path: Path) -> list[str]:
    """All terms of a file of word lists (the shape of `adlaw_wordlists-lists.json`)."""
    terms: list[str] = []
    for entry in orjson.loads(path.read_bytes()):
        groups = entry["terms"]
        terms += [t for g in (groups.values() if isinstance(groups, dict) else [groups]) for t in g]
    return list(dict.fromkeys(terms))


def _scan_cases(scanner: Scanner, cases: Sequence[LabelledCase]) -> list[list[Finding]]:
    """Findings of each case over all its claims."""
    texts = [(number, text) for number, case in enumerate(cases) for text in case.texts()]
    found: list[list[Finding]] = [[] for _ in cases]
    for (number, _), findings in zip(texts, scanner.scan([text for _, text in texts]), strict=True):
        found[number] += findings
    return found


def _recall(quality: Quality, cases: Sequence[LabelledCase], found: Sequence[Sequence[Finding]]) -> None:
    pairs = list(zip(cases, found, strict=True))
    quality.recall["all"] = Share.of(bool(f) for _, f in pairs)
    for channel in sorted({case.channel for case in cases}):
        quality.recall[channel] = Share.of(bool(f) for case, f in pairs if case.channel == channel)
    for conduct in sorted({case.conduct for case in cases}):
        quality.recall_by_conduct[conduct] = Share.of(bool(f) for case, f in pairs if case.conduct == conduct)
    quality.conduct_accuracy = Share.of(bool(case.conducts & named(f)) for case, f in pairs if f)
    quality.missed = [case.id for case, f in pairs if not f]


def named(findings: Iterable[Finding]) -> frozenset[str]:
    """Every conduct the findings name, first or second."""
    return frozenset(conduct for f in findings for conduct in (f.conduct, *f.conduct_also))


def _false_alarms(
    quality: Quality,
    lawful: Sequence[LawfulText],
    said: Sequence[Sequence[Finding]],
    as_seller: Sequence[Sequence[Finding]],
) -> None:
    views: dict[str, Callable[[LawfulText], bool]] = {
        "all": lambda text: True,
        "seller_side": lambda text: text.seller_side,
        "hard": lambda text: text.hard,
        "real": lambda text: text.real,
    }
    for name, wanted in views.items():
        quality.false_alarms[name] = Share.of(
            bool(f) for text, f in zip(lawful, said, strict=True) if wanted(text)
        )
        quality.false_alarms[f"{name}, read as a seller's words"] = Share.of(
            bool(f) for text, f in zip(lawful, as_seller, strict=True) if wanted(text)
        )
    quality.flagged = [
        (text.id, finding.rule, finding.quote)
        for text, findings in zip(lawful, as_seller, strict=True)
        for finding in findings
    ]


def _rules(
    quality: Quality,
    cases: Sequence[LabelledCase],
    found: Sequence[Sequence[Finding]],
    as_seller: Sequence[Sequence[Finding]],
) -> None:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for case, findings in zip(cases, found, strict=True):
        for rule in {finding.rule for finding in findings}:
            counts[rule]["cases"] += 1
            counts[rule]["right"] += bool(case.conducts & named(f for f in findings if f.rule == rule))
    for findings in as_seller:
        for rule in {finding.rule for finding in findings}:
            counts[rule]["false"] += 1
    quality.rules = [
        RuleScore(rule, count["cases"], count["right"], count["false"])
        for rule, count in sorted(counts.items())
    ]


def _baseline(
    quality: Quality, cases: Sequence[LabelledCase], lawful: Sequence[LawfulText], terms: Sequence[str]
) -> None:
    def hit(text: str) -> bool:
        return any(term in text for term in terms)

    flagged = [any(hit(claim) for claim in case.claims) for case in cases]
    quality.baseline["case recall, all"] = Share.of(flagged)
    quality.baseline["case recall, live"] = Share.of(
        f for case, f in zip(cases, flagged, strict=True) if case.channel == "live"
    )
    quality.baseline["false alarms, all"] = Share.of(hit(text.text) for text in lawful)
    quality.baseline["false alarms, hard"] = Share.of(hit(text.text) for text in lawful if text.hard)
