"""The scanner as most callers want it: the shipped rules and law, and an agency's layers."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from fairstream.detect.engine import Scanner
from fairstream.errors import RuleError
from fairstream.law.resolve import load_law
from fairstream.records import Language
from fairstream.rules.library import load_rules


def open_scanner(
    *,
    today: date,
    layers: Sequence[Path] = (),
    statuses: Sequence[str] = ("stable",),
    language: Language = "zh",
    evasion: bool = True,
    cache: Path | None = None,
) -> Scanner:
    """A scanner over the shipped rule pack with `layers` laid over it.

    `today` is the day of conduct of texts that carry none. Raises `RuleError` naming the first fault
    when a rule file is wrong: half a rule pack must not pass for a whole one.
    """
    rule_set = load_rules(*layers, cache=cache)
    if rule_set.issues:
        issue = rule_set.issues[0]
        more = (
            f" ({len(rule_set.issues)} faults in all: fairstream rules lint)"
            if len(rule_set.issues) > 1
            else ""
        )
        raise RuleError(f"{issue.cause}{more}", file=issue.file, line=issue.line, remedy=issue.remedy)
    return Scanner(rule_set, load_law(), today=today, statuses=statuses, language=language, evasion=evasion)
