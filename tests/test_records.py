"""Records are values: immutable, comparable, and fit to travel between processes."""

import dataclasses
import inspect
import pickle
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest

from fairstream import records
from fairstream.records import (
    Broadcast,
    ChatMessage,
    Finding,
    Listing,
    Place,
    Post,
    Recording,
    Span,
    Stretch,
    Text,
    Utterance,
)

CLASSES = [cls for _, cls in inspect.getmembers(records, dataclasses.is_dataclass)]
SAMPLES: list[Any] = [
    Utterance("u", "话", 0, 10, place=Place("a.srt", 3)),
    ChatMessage("c", "好"),
    Listing("l", "茶", attributes={"产地": "云南"}),
    Post("p", "差评"),
    Text("t", "话", on=date(2026, 3, 1)),
    Broadcast("b", "场次", date(2026, 3, 1), utterances=(Utterance("u", "话"),)),
]


@pytest.mark.parametrize("cls", CLASSES)
def test_every_record_is_frozen_slotted_and_explained(cls: Any) -> None:
    assert cls.__dataclass_params__.frozen
    assert hasattr(cls, "__slots__")
    assert not cls.__doc__.startswith(f"{cls.__name__}("), "a docstring of its own"


@pytest.mark.parametrize("record", SAMPLES)
def test_records_travel_and_stay_equal(record: Any) -> None:
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301 - our own
    assert dataclasses.replace(record) == record
    name = dataclasses.fields(record)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(record, name, "other")


def test_a_span_is_a_slice_of_code_points() -> None:
    span = Span(2, 4)
    assert "😀A治疗"[span.start : span.end] == "治疗"
    assert span < Span(2, 5) < Span(3, 3)


def test_a_finding_is_about_sellers_words_unless_told_otherwise() -> None:
    finding = Finding("i", "t/r", "题", "false_ad", "low", 0.5, Span(0, 1), "话", (), (), (), ())
    assert (finding.count, finding.times, finding.speaker) == (1, (), "unknown")


@pytest.mark.parametrize(
    "choices", [records.Conduct, records.ProductClass, records.Medium, records.Speaker, records.PartyRole]
)
def test_choices_are_distinct_plain_names(choices: Any) -> None:
    names = get_args(choices)
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() and name == name.lower() for name in names)


def test_a_consumer_is_no_party() -> None:
    assert "customer" not in get_args(records.PartyRole)
    assert "customer" in get_args(records.Speaker)


def test_a_position_at_a_break_belongs_to_what_begins_there_or_ends_there() -> None:
    stretches = (Stretch(0, 0, 1000), Stretch(1000, 61_000, 2000, 1.5))
    held = Recording("r", "a.ts", Path("a.ts"), "", 0, "mpegts", 3000, True, True, stretches)
    assert (held.moment(1000), held.moment(1000, end=True)) == (61_000, 1000)
    assert (held.moment(2000), held.moment(2000, end=True)) == (62_500, 62_500)
    assert (held.moment(0), held.moment(0, end=True)) == (0, 0)
    assert [held.position(ms) for ms in (0, 1000, 30_000, 62_500, 64_001)] == [0, 1000, None, 2000, None]
