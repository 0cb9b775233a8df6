"""Every outcome of every case, word for word: what `golden/<family>/<name>.json` holds.

    python tests/checks/golden.py                      # write all files again
    python tests/checks/golden.py price/lowest-claim   # write one

A changed file is a changed answer: read the difference before it is committed.
"""

import dataclasses
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from fairstream.checks.about import Outcome
from fairstream.checks.cases import load_cases
from fairstream.checks.library import Check, load_checks
from fairstream.records import Place, Side, Words

GOLDEN = Path(__file__).with_name("golden")


def main(wanted: list[str]) -> None:
    """Write the files of the checks named, or all; files of checks that are no more are deleted."""
    for check in load_checks():
        if not wanted or check.about.id in wanted:
            file = file_of(check)
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(answers(check), ensure_ascii=False, indent=1)
            file.write_text(text + "\n", encoding="utf-8")
    for file in set(GOLDEN.rglob("*.json")) - {file_of(check) for check in load_checks()}:
        file.unlink()


def file_of(check: Check) -> Path:
    """Where the answers of a check stand."""
    return GOLDEN / f"{check.about.id}.json"


def answers(check: Check) -> list[dict[str, Any]]:
    """The outcomes of all cases that are not to be done, in order; fields at their default are left out."""
    return [
        {"case": case.text, "outcomes": [_outcome(one) for one in check.run(case.scene())]}
        for case in load_cases(check.about.id)
        if not case.todo
    ]


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {name: value for name, value in _told(outcome).items() if name != "check"}


def _told(record: Any) -> dict[str, Any]:
    return {
        one.name: _plain(getattr(record, one.name))
        for one in dataclasses.fields(record)
        if repr(getattr(record, one.name)) != repr(one.default)
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Words):
        return value.zh if value.zh == value.en else {"zh": value.zh, "en": value.en}
    if isinstance(value, Side):
        return _told(value)
    if isinstance(value, Place):
        return f"{value.file}:{value.line}"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value


if __name__ == "__main__":
    main(sys.argv[1:])
