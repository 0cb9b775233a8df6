"""The published shape of `facts.yaml` is the one that is read."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from fairstream.facts import Facts
from fairstream.sources.factnames import COLUMNS, KINDS, SORTS, WORDS
from fairstream.sources.factplan import CurvePoint, named, plans_of
from fairstream.sources.factschema import facts_file_schema
from sources.facts_samples import full_facts, written

EXAMPLES = Path(__file__).parents[2] / "examples" / "broadcasts"
VALIDATOR = Draft202012Validator(facts_file_schema())


def without_empty(value: Any) -> Any:
    """JSON values without what is null or a place."""
    if isinstance(value, dict):
        return {
            key: without_empty(item) for key, item in value.items() if item is not None and key != "place"
        }
    return [without_empty(item) for item in value] if isinstance(value, list) else value


def faults(data: Any) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(data)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(facts_file_schema())


def test_full_facts_fit() -> None:
    assert faults(without_empty(written(full_facts()))) == []


@pytest.mark.parametrize("name", ["night-market-tea", "plain-words-daily"])
def test_english_examples_fit(name: str) -> None:
    text = (EXAMPLES / name / "facts.yaml").read_text("utf-8")
    loader = type("Words", (yaml.SafeLoader,), {"yaml_implicit_resolvers": {}})
    read = yaml.load(text, loader)  # noqa: S506  # every scalar stays the text it is
    assert [fault for fault in faults(read) if "is not of type 'integer'" not in fault] == []


@pytest.mark.parametrize(
    ("data", "count"),
    [
        ({"prizes": [{"name": "车", "value": "2万", "value_fen": 3}]}, 0),
        ({"prizes": [{"name": "车", "value_fen": "2万"}]}, 1),
        ({"prizes": [{"name": "车", "colour": 1}]}, 1),
        ({"amounts": {"ad_fee": 20000, "ad_fee_fen": 2000000}}, 0),
        ({"amounts": {"ad_fee_fen": 1.5}}, 1),
        ({"seller_display": {"shown": ["0:01:00-0:02:00", {"start_ms": 1, "end": "0:02"}]}}, 0),
        (
            {"contracts": [{"payer": "甲", "payee": "乙", "commission": "20%", "commission_permille": 1001}]},
            1,
        ),
        ({"hosts": [{"name": "甲", "relation": "员工"}, {"name": "乙", "relation": "friend"}]}, 1),
        ({"bogus": 1}, 1),
    ],
)
def test_what_fits(data: Any, count: int) -> None:
    assert len(faults(data)) == count


def test_every_field_has_a_plan_and_only_fields_have_names() -> None:
    records: list[type] = [Facts, CurvePoint]
    for record in records:
        records.extend(plan.record for plan in plans_of(record) if plan.record and plan.record not in records)
    assert {record.__name__ for record in records} | {"Interval"} == set(COLUMNS)
    for record in records:
        names = {plan.name for plan in plans_of(record)}
        assert set(COLUMNS[record.__name__]) <= names
        assert names <= {plan.name for plan in named(record).values()}


@pytest.mark.parametrize("name", COLUMNS)
def test_no_name_stands_for_two_fields(name: str) -> None:
    seen: dict[str, str] = {}
    for field, aliases in COLUMNS[name].items():
        for alias in aliases.split():
            assert seen.setdefault(alias, field) == field, alias


@pytest.mark.parametrize("words", [*WORDS.values(), KINDS], ids=[*WORDS, "kinds"])
def test_no_word_stands_for_two_values(words: dict[str, str]) -> None:
    every = [alias for aliases in words.values() for alias in aliases.split()]
    assert len(set(every)) == len(every)
    assert not set(every) & set(words)


def test_every_sort_of_words_is_used() -> None:
    assert set(SORTS.values()) == set(WORDS)
