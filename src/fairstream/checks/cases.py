"""Cases of checks: a small broadcast, its facts, and the outcomes they must give."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter

from fairstream.checks import DATA
from fairstream.checks.about import Outcome, Verdict
from fairstream.checks.datafile import read_data
from fairstream.checks.library import Check
from fairstream.checks.scene import Scene
from fairstream.facts import Facts
from fairstream.records import Broadcast, Finding, Place
from fairstream.rules.node import Strict


class Expected(Strict):
    """One outcome; what is left out is not compared."""

    verdict: Verdict
    reason: str
    subject: str | None = None
    missing: list[str] | None = None
    quotes: list[str] | None = None


class Case(Strict):
    """A fact pattern and all outcomes it gives, in order. `text` says in a few words what it is."""

    text: str
    broadcast: dict[str, Any] = {}
    facts: dict[str, Any] = {}
    findings: list[dict[str, Any]] = []
    expect: list[Expected] = Field(default=[])
    todo: bool = False

    def scene(self) -> Scene:
        """The case as a scene; id, title and day have defaults (2026-03-01), every record a place."""
        broadcast = {"id": "case", "title": self.text, "on": "2026-03-01", **_placed(self.broadcast)}
        findings = [{**_FINDING, **finding} for finding in self.findings]
        return Scene(
            _BROADCAST.validate_python(broadcast),
            _FACTS.validate_python(_placed(self.facts)),
            tuple(_FINDINGS.validate_python(findings)),
        )


_BROADCAST = TypeAdapter(Broadcast)
_FACTS = TypeAdapter(Facts)
_FINDINGS = TypeAdapter(list[Finding])
_FINDING: dict[str, Any] = {
    "id": "f", "rule": "case/rule", "title": "case", "severity": "medium", "score": 0.8, "span": [0, 0],
    "quote": "", "why": [], "citations": [], "liable": [], "proof_needed": [],
}  # fmt: skip


def load_cases(check: str, folder: Path = DATA) -> Iterator[Case]:
    """The cases beside a check's data file; RuleError names the one that does not fit."""
    file = folder / f"{check}.cases.yaml"
    yield from read_data(file, TypeAdapter(list[Case]), "compare it with the other cases")


def differences(check: Check, case: Case) -> list[str]:
    """What the check says differently from the case; empty when it says the same."""
    found = list(check.run(case.scene()))
    faults = [
        f"{outcome.verdict} {outcome.reason} {outcome.subject!r}, expected {wanted.verdict} {wanted.reason}"
        for outcome, wanted in zip(found, case.expect, strict=False)
        if not _fits(outcome, wanted)
    ]
    if len(found) != len(case.expect):
        faults.append(f"{len(found)} outcomes, expected {len(case.expect)}: {[_short(one) for one in found]}")
    return faults


def _placed(records: dict[str, Any]) -> dict[str, Any]:
    """Records with the place they would have in a folder: the field as the file, the number as the line."""
    return {name: _with_place(value, Place(name)) for name, value in records.items()}


def _with_place(value: Any, place: Place) -> Any:
    if isinstance(value, dict):
        return {"place": place, **value}
    if isinstance(value, list):
        return [_with_place(one, Place(place.file, n)) for n, one in enumerate(value, 1)]
    return value


def _fits(outcome: Outcome, wanted: Expected) -> bool:
    return (
        (outcome.verdict, outcome.reason) == (wanted.verdict, wanted.reason)
        and wanted.subject in (None, outcome.subject)
        and (wanted.missing is None or sorted(wanted.missing) == sorted(outcome.missing))
        and (wanted.quotes is None or wanted.quotes == [side.quote for side in outcome.said])
    )


def _short(outcome: Outcome) -> str:
    return f"{outcome.verdict} {outcome.reason} {outcome.subject}"
