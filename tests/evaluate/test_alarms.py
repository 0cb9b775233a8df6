"""What evasive folds cost is counted on both scanners, and files of reviews are read or refused."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.errors import FormatError
from fairstream.evaluate.alarms import added, read_reviews
from fairstream.records import Text

if TYPE_CHECKING:
    from conftest import World


@pytest.fixture
def risky(world: World) -> World:
    world.lexicon("cure", "治疗", "最好", risky=True)
    world.rule({"lexicon": "cure"})
    return world


def test_texts_flagged_only_by_a_disguised_reading_are_the_cost(risky: World) -> None:
    texts = [Text("plain", "能治疗"), Text("disguised", "能氵台疗"), Text("clean", "好茶"), Text("none", "")]
    cost = added("four texts", texts, risky.scanner(), risky.scanner(evasion=False))
    assert (cost.plain.hits, cost.evasive.hits, cost.plain.total) == (1, 2, 4)
    assert cost.points == 25.0
    assert cost.new == (("disguised", "t/r", "氵台疗"),)
    assert cost.lost == 0
    assert cost.as_json()["new"] == [{"id": "disguised", "rule": "t/r", "quote": "氵台疗"}]


def test_no_texts_cost_nothing(risky: World) -> None:
    assert added("none", [], risky.scanner(), risky.scanner(evasion=False)).points == 0


def test_texts_flagged_only_in_plain_reading_are_counted_as_lost(risky: World) -> None:
    texts = [Text("a", "能治疗"), Text("b", "能氵台疗")]
    swapped = added("swapped", texts, risky.scanner(evasion=False), risky.scanner())
    assert (swapped.points, swapped.lost, swapped.new) == (-50.0, 1, ())


@pytest.mark.parametrize("column", ["review", "text"])
def test_reviews_are_read_as_a_sellers_words(tmp_path: Path, column: str) -> None:
    path = tmp_path / "reviews.parquet"
    pq.write_table(pa.table({column: ["好", None, "", "不错"], "label": [1, 0, 1, 0]}), path)
    texts = read_reviews(path)
    assert [(text.id, text.text) for text in texts] == [("reviews:0", "好"), ("reviews:3", "不错")]
    assert {(text.medium, text.speaker) for text in texts} == {("listing", "seller")}


def test_files_that_hold_no_reviews_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "reviews.parquet"
    for content in (b"", b"PAR1 not really", b"x" * 1000):
        path.write_bytes(content)
        with pytest.raises(FormatError, match="not a Parquet file") as caught:
            read_reviews(path)
        assert caught.value.file == str(path)
    pq.write_table(pa.table({"words": ["好"]}), path)
    with pytest.raises(FormatError, match="no column review or text, only words") as caught:
        read_reviews(path)
    assert "rename" in str(caught.value)
