"""JSON as programs really write it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import FormatError
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.problems import ProblemLog

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


def log() -> ProblemLog:
    return ProblemLog("data.json")


@given(VALUES)
def test_good_json_is_read_as_it_is(value: Any) -> None:
    problems = log()
    expected = json.loads(json.dumps(value).replace("\\u0000", "\\ufffd"))
    assert parse_json(json.dumps(value), problems) == expected


def test_what_python_writes_beyond_the_standard() -> None:
    problems = log()
    assert parse_json('{"a": Infinity, "b": "x\\ud800"}', problems) == {"a": float("inf"), "b": "x�"}
    assert parse_json('{"\\udfff": ["\\u0000"]}', problems) == {"�": ["�"]}
    assert sum(problem.count for problem in problems.problems) == 3


def test_whole_surrogate_pairs_are_characters() -> None:
    problems = log()
    assert parse_json('"\\ud83d\\ude00"', problems) == "😀"
    assert problems.problems == ()


@pytest.mark.parametrize("cut", range(1, 60, 3))
def test_lists_that_break_off_keep_whole_items(cut: int) -> None:
    items = [{"id": number, "text": "字" * 3} for number in range(4)]
    text = json.dumps({"kind": "x", "segments": items}, ensure_ascii=False)
    problems = log()
    value = parse_json(text[:-cut], problems)
    assert value["segments"] == items[: len(value["segments"])]
    assert len(value["segments"]) >= 1
    assert problems.problems[0].severity == "repaired"


def test_bare_lists_that_break_off() -> None:
    assert parse_json('[{"a": 1}, {"a": 2}, {"a"', log()) == [{"a": 1}, {"a": 2}]


@pytest.mark.parametrize("text", ["", "words", "{", "[", '{"a": [1, 2', '[{"a', "[" * 5000, '{"a":' * 5000])
def test_nothing_to_save(text: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_json(text, log())
    assert caught.value.file == "data.json"
    assert caught.value.remedy


def test_lines_give_objects_with_their_numbers() -> None:
    problems = log()
    text = '{"a": 1}\n\n  \n[1]\n{"a": 2\n"x"\n' + "[" * 5000 + '\n{"a": 3}'
    assert list(parse_json_lines(text, problems)) == [(1, {"a": 1}), (8, {"a": 3})]
    assert [(p.cause, p.place.line, p.count) for p in problems.problems] == [
        ("the entry is not an object with named fields", 4, 2),
        ("the line is not JSON", 5, 2),
    ]
