"""Sanctions as data: every value of an entry, every edge of a threshold, every refusal."""

from typing import Any

import pytest

from fairstream.errors import LawError
from fairstream.law.citation import Reference
from fairstream.law.penalties import Penalty, PenaltyTable, Range, Threshold, read_penalties

WORDS: dict[str, Any] = {
    "conditions": {"serious": {"zh": "严重", "en": "serious"}, "second": {"zh": "再次", "en": "again"}},
    "measures": {"stop": {"zh": "停止", "en": "stop"}, "warn": {"zh": "警告", "en": "warn"}},
    "actors": {"seller": {"zh": "卖茶人", "en": "seller"}, "host": {"zh": "主播", "en": "host"}},
}
REMEDY = "compare it with other entries; explain every code at the head of the file"
LEAST = {"id": "tea", "cites": "tea-law#4", "who": ["seller"]}


def read(*entries: Any) -> PenaltyTable:
    """The table of these entries."""
    return read_penalties({**WORDS, "penalties": list(entries)}, "tea.yaml")


def one(**keys: Any) -> Penalty:
    """The penalty of the least entry with these keys."""
    (penalty,) = read({**LEAST, **keys}).penalties
    return penalty


def ranges(*items: dict[str, Any]) -> tuple[Range, ...]:
    """The ranges of a penalty."""
    return one(ranges=list(items)).ranges


def test_the_least_a_sanction_needs() -> None:
    penalty = one()
    assert penalty == Penalty("tea", Reference("tea-law", "4"), "fine", ("seller",), (), (), (), ())
    assert (penalty.versions, penalty.unverified, penalty.note) == ((), False, None)


def test_the_most_a_sanction_can_say() -> None:
    penalty = one(
        cites="tea-law#4(1)",
        nature="damages",
        who=["seller", "host"],
        conduct=["a", "b"],
        basis=["tea-law#1", "tea-law#2"],
        measures=["stop", "warn"],
        ranges=[{"fen": [1, 2]}, {"fen": [3, None]}],
        versions=["tea-2020"],
        unverified=True,
        note={"zh": "注", "en": "note"},
    )
    assert penalty == Penalty(
        id="tea",
        reference=Reference("tea-law", "4", "(1)"),
        nature="damages",
        who=("seller", "host"),
        conduct=("a", "b"),
        basis=("tea-law#1", "tea-law#2"),
        measures=("stop", "warn"),
        ranges=(Range(fen=(1, 2)), Range(fen=(3, None))),
        versions=("tea-2020",),
        unverified=True,
        note={"zh": "注", "en": "note"},
    )


@pytest.mark.parametrize("nature", ["fine", "damages", "crime_threshold"])
def test_every_nature_is_known(nature: str) -> None:
    assert one(nature=nature).nature == nature


def test_the_table_keeps_the_order_and_the_words() -> None:
    table = read({**LEAST, "id": "b"}, {**LEAST, "id": "a"})
    assert [item.id for item in table.penalties] == ["b", "a"]
    assert (table.conditions, table.measures, table.actors) == (
        WORDS["conditions"],
        WORDS["measures"],
        WORDS["actors"],
    )


@pytest.mark.parametrize(
    "document", [{}, {"penalties": None}, {"conditions": None}], ids=["none", "null", "c"]
)
def test_a_document_without_sanctions_holds_none(document: dict[str, Any]) -> None:
    assert read_penalties(document, "tea.yaml") == PenaltyTable((), {}, {}, {})


def test_the_least_and_the_most_of_a_range() -> None:
    full = {
        "base": "goods_value",
        "fen": [100, 200],
        "times": [0.5, 3],
        "when": ["serious", "second"],
        "threshold": {"base": "turnover", "at_least": 5},
    }
    assert ranges({"fen": [None, 200]}, full, {"threshold": {"above": 1}}) == (
        Range("none", (None, 200), None, (), None),
        Range("goods_value", (100, 200), (0.5, 3), ("serious", "second"), Threshold("turnover", at_least=5)),
        Range("none", None, None, (), Threshold("none", above=1)),
    )


@pytest.mark.parametrize(
    "base", ["ad_fee", "illegal_income", "goods_value", "turnover", "annual_turnover", "none"]
)
def test_every_base_is_known(base: str) -> None:
    assert ranges({"base": base, "fen": [1, 1]})[0].base == base
    threshold = ranges({"threshold": {"base": base, "below": 9}})[0].threshold
    assert threshold == Threshold(base, below=9)


def test_a_range_may_be_a_point_or_open_on_either_side() -> None:
    assert [item.fen for item in ranges({"fen": [5, 5]}, {"fen": [None, 5]}, {"fen": [5, None]})] == [
        (5, 5),
        (None, 5),
        (5, None),
    ]
    assert ranges({"base": "ad_fee", "times": [3, 3]})[0].times == (3, 3)
    assert ranges({"base": "ad_fee", "times": [None, 3]})[0].times == (None, 3)
    assert ranges({"base": "ad_fee", "times": [3, None]})[0].times == (3, None)


def test_every_bound_of_a_threshold_is_read() -> None:
    bounds = {"base": "ad_fee", "at_least": 1, "below": 2, "at_most": 3, "above": 4}
    assert ranges({"threshold": bounds})[0].threshold == Threshold("ad_fee", 1, 2, 3, 4)


@pytest.mark.parametrize(
    ("threshold", "bounds", "figures"),
    [
        (Threshold("ad_fee"), (0, None), ()),
        (Threshold("ad_fee", at_least=100), (100, None), (100,)),
        (Threshold("ad_fee", at_least=0), (0, None), (0,)),
        (Threshold("ad_fee", above=100), (101, None), (100,)),
        (Threshold("ad_fee", above=0), (1, None), (0,)),
        (Threshold("ad_fee", below=100), (0, 99), (100,)),
        (Threshold("ad_fee", at_most=100), (0, 100), (100,)),
        (Threshold("ad_fee", at_most=0), (0, 0), (0,)),
        (Threshold("ad_fee", at_least=100, below=300), (100, 299), (100, 300)),
        (Threshold("ad_fee", above=100, at_most=300), (101, 300), (300, 100)),
        (Threshold("ad_fee", at_least=50, above=100), (50, None), (50, 100)),
        (Threshold("ad_fee", at_most=50, below=100), (0, 50), (100, 50)),
    ],
)
def test_a_threshold_knows_its_edges(
    threshold: Threshold, bounds: tuple[int, int | None], figures: tuple[int, ...]
) -> None:
    assert (threshold.bounds, threshold.figures) == (bounds, figures)


@pytest.mark.parametrize(
    ("keys", "cause"),
    [
        ({"nature": "curse"}, "unknown nature 'curse'"),
        ({"cites": "tea-law"}, None),
        ({"who": ["seller", "pirate", "ghost"]}, "ghost, pirate is not explained under actors"),
        ({"measures": ["plank"]}, "plank is not explained under measures"),
        ({"ranges": [{"fen": [1, 2], "when": ["moon"]}]}, "moon is not explained under conditions"),
        ({"ranges": [{"fen": [1, 1]}, {"fen": [2, 1]}]}, "[2, 1] runs backwards"),
        ({"ranges": [{"base": "ad_fee", "times": [3, 0.5]}]}, "[3, 0.5] runs backwards"),
        ({"ranges": [{"fen": [0.5, 1]}]}, "[0.5, 1] is not in whole fen"),
        ({"ranges": [{"fen": [None, 1.0]}]}, "[None, 1.0] is not in whole fen"),
        ({"ranges": [{"fen": [True, 5]}]}, "[True, 5] is not in whole fen"),
        ({"ranges": [{"base": "mood", "fen": [1, 1]}]}, "unknown base 'mood'"),
        ({"ranges": [{"times": [1, 3]}]}, "a multiple needs the base it is computed on"),
        ({"ranges": [{}]}, "a range needs fen, times or a threshold"),
        ({"ranges": [{"base": "ad_fee"}]}, "a range needs fen, times or a threshold"),
        ({"ranges": [{"threshold": {"base": "x", "below": 1}}]}, "unknown base 'x'"),
        (
            {"ranges": [{"threshold": {"base": "ad_fee", "over": 1, "atleast": 2}}]},
            "a threshold knows above, at_least, at_most, base, below, not atleast, over",
        ),
    ],
)
def test_a_broken_entry_is_named_with_cause_and_remedy(keys: dict[str, Any], cause: str | None) -> None:
    with pytest.raises(LawError) as caught:
        one(**keys)
    error = caught.value
    if cause is None:
        assert error.cause == "'tea-law' is not a citation"
        return
    assert (error.cause, error.file, error.line, error.remedy) == (
        f"penalty 'tea': {cause}",
        "tea.yaml",
        None,
        REMEDY,
    )


@pytest.mark.parametrize("key", ["id", "cites", "who"])
def test_a_missing_key_is_named(key: str) -> None:
    entry = {name: value for name, value in LEAST.items() if name != key}
    with pytest.raises(LawError) as caught:
        read(LEAST, entry)
    name = "'?'" if key == "id" else "'tea'"
    assert caught.value.cause == f"penalty {name}: '{key}'"
    assert caught.value.file == "tea.yaml"
