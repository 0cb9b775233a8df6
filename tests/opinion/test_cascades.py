"""Cascades: size, speed, authors, channels and depth, and the command that shows them."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from fairstream.cli.opinion_copies import copies
from fairstream.columns import ANNOTATED
from fairstream.opinion.cascades import largest
from fairstream.records import CHINA

TEXT = "双十一买的吹风机用了两天就坏了"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2022-11-{text}").replace(tzinfo=CHINA)


def table(*rows: dict[str, Any]) -> pa.Table:
    """Annotated items; what a row does not say is empty."""
    empty = {"text": TEXT, "polarity": "neither", "complaint_score": 0.0, "consumer_rights": False}
    lists = dict.fromkeys(("topics", "aspects", "entities", "conducts", "suspicion"), ())
    full = [
        dict.fromkeys(ANNOTATED.names) | lists | empty | {"id": str(number), "copy_group": number} | dict(row)
        for number, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(full, schema=ANNOTATED)


WINDOW = table(
    {"copy_group": 0, "at": at("10 20:00"), "author": "甲", "channel": "微博"},
    {"copy_group": 1, "at": at("10 20:01"), "author": "甲", "channel": "微博", "text": "别的"},
    {
        "copy_group": 0,
        "at": at("10 20:30"),
        "author": "乙",
        "channel": "微博",
        "text": "转发//@丙:二//@丁:一",
    },
    {"copy_group": 0, "at": at("11 09:10"), "author": "乙", "channel": "抖音"},
    {"copy_group": 0, "at": at("11 09:50"), "author": None, "channel": "抖音"},
    {"copy_group": 0, "author": "丙", "channel": None},
)


def test_a_group_of_copies_is_told_in_full() -> None:
    (one,) = largest(WINDOW)
    assert (one.by, one.key, one.first, one.text) == ("copies", "0", "0", TEXT)
    assert (one.items, one.timed, one.authors, one.depth) == (5, 4, 3, 2)
    assert one.channels == (("微博", 2), ("抖音", 2))[::-1] or one.channels == (("微博", 2), ("抖音", 2))
    assert (one.begin, one.end) == (at("10 20:00"), at("11 09:50"))
    assert one.duration_ms == (13 * 60 + 50) * 60_000
    assert one.half_ms == 30 * 60_000  # the second of four
    assert (one.peak, one.peak_items) == (at("10 20:00"), 2)


def test_channels_stand_by_their_number_then_by_name() -> None:
    rows = [{"copy_group": 0, "channel": name} for name in ("b", "a", "c", "c")]
    assert largest(table(*rows))[0].channels == (("c", 2), ("a", 1), ("b", 1))


def test_a_thread_has_the_post_it_began_with() -> None:
    rows = (
        {"id": "post", "at": at("10 20:00"), "text": "原文"},
        {"thread": "post", "at": at("10 20:05"), "text": "好"},
        {"thread": "post", "at": at("10 20:06"), "text": "好的"},
        {"thread": "gone", "at": at("10 20:07")},
        {"thread": "gone", "at": at("10 20:08")},
        {"id": "other"},
    )
    found = largest(table(*rows), "thread")
    assert [(one.key, one.items, one.first) for one in found] == [("post", 3, "post"), ("gone", 2, "3")]


def test_without_times_the_counts_remain() -> None:
    (one,) = largest(table({"copy_group": 3}, {"copy_group": 3}))
    assert (one.items, one.timed, one.first) == (2, 0, "0")
    assert (one.begin, one.end, one.duration_ms, one.half_ms, one.peak, one.peak_items) == (
        *(None,) * 5,
        0,
    )


def test_limit_and_least_choose_the_largest() -> None:
    rows = [{"copy_group": group} for group in (0, 1, 1, 1, 2, 2, 3, 3)]
    items = table(*rows)
    assert [(one.key, one.items) for one in largest(items)] == [("1", 3), ("2", 2), ("3", 2)]
    assert [one.key for one in largest(items, limit=2)] == ["1", "2"]
    assert [one.key for one in largest(items, least=3)] == ["1"]
    assert len(largest(items, least=1)) == 4


@pytest.mark.parametrize("by", ["copies", "thread"])
def test_no_items_no_cascades(by: Any) -> None:
    assert largest(table(), by) == []
    assert largest(table({}), by) == []


class TestCommand:
    @pytest.fixture
    def items(self, tmp_path: Path) -> Path:
        pq.write_table(WINDOW, tmp_path / "annotated.parquet")
        return tmp_path / "annotated.parquet"

    def test_json_has_every_field(self, items: Path) -> None:
        done = CliRunner().invoke(copies, [str(items), "--json"], catch_exceptions=False)
        found = json.loads(done.stdout)
        assert (found["items"], found["first"], found["by"], found["where"]) == (6, 2, "copies", "")
        (one,) = found["cascades"]
        assert one["channels"] == {"微博": 2, "抖音": 2}
        assert (one["items"], one["half_ms"], one["depth"]) == (5, 30 * 60_000, 2)
        assert one["begin"] == "2022-11-10T20:00:00+08:00"

    def test_where_narrows_what_is_counted(self, items: Path) -> None:
        arguments = [str(items), "--json", "--where", "channel:抖音"]
        found = json.loads(CliRunner().invoke(copies, arguments, catch_exceptions=False).stdout)
        assert [(one["items"], one["channels"]) for one in found["cascades"]] == [(2, {"抖音": 2})]

    def test_threads_in_two_steps_are_the_threads_of_the_table(self, tmp_path: Path) -> None:
        rows = [
            {"id": "p"},
            {"thread": "p"},
            {"thread": "q"},
            {"thread": "q"},
            {"thread": "q"},
            {"thread": "r"},
        ]
        pq.write_table(table(*rows), tmp_path / "a.parquet")
        arguments = [str(tmp_path / "a.parquet"), "--by", "thread", "--json"]
        found = json.loads(CliRunner().invoke(copies, arguments, catch_exceptions=False).stdout)
        assert [(one["key"], one["items"]) for one in found["cascades"]] == [("q", 3), ("p", 2)]

    def test_the_table_is_for_people(self, items: Path) -> None:
        done = CliRunner().invoke(copies, [str(items)], catch_exceptions=False, env={"COLUMNS": "200"})
        assert "13 h 50 min" in done.stdout
        assert "6 items, 2 without copies" in done.stderr

    def test_signs_in_brackets_are_shown_and_no_markup(self, tmp_path: Path) -> None:
        text = "[怒][/good] 退钱[red]"
        pq.write_table(table(*[{"copy_group": 0, "text": text}] * 2), tmp_path / "a.parquet")
        done = CliRunner().invoke(
            copies, [str(tmp_path / "a.parquet")], catch_exceptions=False, env={"COLUMNS": "200"}
        )
        assert text in done.stdout
