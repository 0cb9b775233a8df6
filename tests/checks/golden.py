"""Every outcome of every case, word for word: what `golden/<family>/<name>.json` holds.

    python tests/checks/golden.py                      # write all files again
    python tests/checks/golden.py price/lowest-claim   # write one
    python tests/checks/golden.py readings/prices      # what is read in the sets of sentences

A changed file is a changed answer: read the difference before it is committed.
"""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from fairstream.checks.about import Outcome
from fairstream.checks.cases import load_cases
from fairstream.checks.label_claims import material_claims, origin_claims, producer_claims
from fairstream.checks.library import Check, load_checks
from fairstream.checks.scene import Hit, Scene
from fairstream.checks.spoken_price import spoken_prices
from fairstream.records import Broadcast, Place, Side, Utterance, Words
from fairstream.rules.yamlfile import load_yaml

GOLDEN = Path(__file__).with_name("golden")


def main(wanted: list[str]) -> None:
    """Write the files named, or all; files of checks that are no more are deleted."""
    for name, answer in held().items():
        if not wanted or name in wanted:
            file = file_of(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            text = json.dumps(answer(), ensure_ascii=False, indent=1)
            file.write_text(text + "\n", encoding="utf-8")
    for file in set(GOLDEN.rglob("*.json")) - set(map(file_of, held())):
        file.unlink()


def held() -> dict[str, Callable[[], Any]]:
    """What gives the content of each file, by the name of the file."""
    checks = {check.about.id: partial(answers, check) for check in load_checks()}
    return {**checks, "readings/claims": of_claims, "readings/prices": of_prices}


def file_of(name: str) -> Path:
    """Where the answers of a check stand."""
    return GOLDEN / f"{name}.json"


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


def of_prices() -> dict[str, dict[str, list[str]]]:
    """The prices in each sentence of each set, right or wrong."""
    return {
        file.stem: {text: list(_prices(_said(text))) for text in _sentences(file)}
        for file in sorted(GOLDEN.parent.glob("spoken_prices*.yaml"))
    }


def of_claims() -> dict[str, dict[str, list[str]]]:
    """The claims in each sentence of each set, right or wrong."""
    return {
        file.stem: {text: list(_claims(_said(text))) for text in _sentences(file)}
        for file in sorted(GOLDEN.parent.glob("label_claims*.yaml"))
    }


def _sentences(file: Path) -> list[str]:
    return [row["text"] for row in load_yaml(file)[0]]


def _said(text: str) -> Scene:
    return Scene(Broadcast("b", "t", date(2026, 3, 1), utterances=(Utterance("u", text),)))


def _prices(scene: Scene) -> Iterator[str]:
    for one in spoken_prices(scene):
        pieces = "" if one.pieces is None else f" for {one.pieces}"
        yield f"{one.kind} {one.fen} fen{pieces}{' conditional' * one.conditional}: {_where(one.hit)}"


def _claims(scene: Scene) -> Iterator[str]:
    for made in material_claims(scene):
        share = "" if made.share is None else f" {made.share:g}%"
        part = f" of {made.part}" if made.part else ""
        yield f"material {made.code}{share}{part}: {_where(made.hit)}"
    for origin in origin_claims(scene):
        unplaced = "" if origin.spot else " (not placed)"
        yield f"origin {origin.name or 'imported'}{unplaced}: {_where(origin.hit)}"
    for producer in producer_claims(scene):
        yield f"producer {producer.firm or 'own'}: {_where(producer.hit)}"


def _where(hit: Hit) -> str:
    return f"{hit.quote} at {hit.span.start}"


if __name__ == "__main__":
    main(sys.argv[1:])
