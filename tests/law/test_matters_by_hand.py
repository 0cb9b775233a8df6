"""Whole matters worked out by hand from the statutes, and what the product answers on each."""

import json

import pytest
import yaml
from tests.law.told import HERE

from fairstream.law.consequences import Consequences, consequences
from fairstream.law.matter import Answer
from fairstream.law.resolve import load_law
from fairstream.sources.matters import read_matters

TEXT = (HERE / "matters_by_hand.yaml").read_text("utf-8")
CASES = {case["name"]: case for case in yaml.safe_load(TEXT)["cases"]}
# As written: `on` is a key and no truth value. This loader makes nothing but text.
WRITTEN = yaml.load(TEXT, yaml.BaseLoader)  # noqa: S506
MATTERS = {case["name"]: {**WRITTEN["shared"], **case["matter"]} for case in WRITTEN["cases"]}


def found(name: str) -> Consequences:
    """What follows from the matter of a case, read as a user would write it."""
    loaded = read_matters(json.dumps(MATTERS[name], ensure_ascii=False).encode(), name=name)
    assert not loaded.problems
    (matter,) = loaded.records
    return consequences(matter, load_law())


def holdings(answers: tuple[Answer, ...], codes: dict[str, str]) -> dict[str, str]:
    """The holding of every code asked for; ``none`` where it is not answered at all."""
    told: dict[str, str] = {}
    for answer in answers:
        told.setdefault(answer.code, answer.holding)
        told.setdefault(f"{answer.code}@{answer.subject}", answer.holding)
    return {code: told.get(code, "none") for code in codes}


@pytest.mark.parametrize("name", CASES)
def test_answers_as_worked_out(name: str) -> None:
    case = CASES[name]
    one, expect = found(name), case["expect"]
    for part, answers in (
        ("liability", one.liability),
        ("roles", one.roles),
        ("leniency", one.leniency),
        ("proposals", one.proposals),
    ):
        asked = expect.get(part, {})
        assert holdings(answers, asked) == asked, part


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "fines" in case["expect"]])
def test_fines_as_worked_out(name: str) -> None:
    told = [
        [
            fine.capacity,
            fine.applied.penalty.id,
            fine.applied.holding,
            fine.applied.low_fen,
            fine.applied.high_fen,
        ]
        for fine in found(name).fines
    ]
    assert told == CASES[name]["expect"]["fines"]
