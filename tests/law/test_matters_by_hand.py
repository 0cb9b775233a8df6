"""Whole matters worked out by hand from the statutes, and what the product answers on each."""

import json
from pathlib import Path

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


def test_a_matter_known_by_its_kind_only_is_told_what_may_apply() -> None:
    asked = {
        name: case["expect"] for name, case in CASES.items() if {"among", "not_among"} & set(case["expect"])
    }
    assert asked
    for name, expect in asked.items():
        told = {sanction.id for sanction in found(name).sanctions}
        assert told >= set(expect.get("among", ()))
        assert told.isdisjoint(expect.get("not_among", ()))


def test_alternatives_are_not_told_to_give_way() -> None:
    (fine, *_) = found("the same known by its kind only").fines
    assert fine.uncertain
    assert {item.citation for item in fine.displaced} == {""}
    assert fine.displaced[0].why.zh.startswith("未引条文，也可能适用")
    assert fine.displaced[0].why.en.startswith("No article is cited: ")


EXAMPLES = sorted((HERE.parents[1] / "examples" / "matters").glob("*.yaml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_examples_are_read_without_a_problem_and_say_they_are_invented(file: Path) -> None:
    loaded = read_matters(file)
    assert not loaded.problems
    assert loaded.records
    assert "invented" in file.read_text("utf-8").lower()
    for matter in loaded.records:
        assert consequences(matter, load_law()).liability


def example(name: str) -> list[Consequences]:
    """What follows from the matters of an example."""
    (file,) = (file for file in EXAMPLES if file.stem == name)
    return [consequences(matter, load_law()) for matter in read_matters(file).records]


def spans(one: Consequences) -> list[tuple[str, int | None, int | None]]:
    """The fines told, with their range in fen."""
    return [(fine.applied.penalty.id, fine.applied.low_fen, fine.applied.high_fen) for fine in one.fines]


def test_the_examples_show_what_their_comments_say() -> None:
    old, new, disparaged = example("before-and-after-2025")
    assert spans(old) == spans(new) == [("aucl-25-2025", 0, 100_000_000)]
    assert spans(disparaged) == [("aucl-28-2019", 10_000_000, 50_000_000)]
    (food,) = example("influencer-health-food")
    assert spans(food) == [
        ("advertising-law-58-1", 15_000_000, 25_000_000),
        ("advertising-law-58-3", 15_000_000, 25_000_000),
    ]
    at, under = example("transfer-at-50000")
    for one, due, fined in ((at, "held", "not_held"), (under, "not_held", "held")):
        asked = {"transfer.crime_140": due, "fine": fined}
        assert holdings(one.proposals, asked) == asked
        assert spans(one) == [("pql-50", 4_000_000, 24_000_000)]
    innocent, knowing = example("innocent-seller-2027")
    for one, due, fined in ((innocent, "not_held", "not_held"), (knowing, "held", "not_held")):
        asked = {"transfer.crime_214": due, "fine": fined}
        assert holdings(one.proposals, asked) == asked
