"""Parts land whole, once, and only for one writer."""

from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.columns import POSTS
from fairstream.errors import InputError
from fairstream.sources.posts import open_posts
from fairstream.sources.posts.landing import Landing, Refused


def posts(*ids: str, channel: str | None = "抖音", kind: str = "post") -> pa.Table:
    rows = [{"id": one, "text": f"虚构{one}", "channel": channel, "kind": kind} for one in ids]
    return pa.Table.from_pylist(rows, schema=POSTS)


def landed(folder: Path) -> list[str]:
    return [
        one for part in sorted(folder.glob("part-*.parquet")) for one in pq.read_table(part)["id"].to_pylist()
    ]


def test_an_item_lands_once_within_a_part_across_parts_and_across_processes(tmp_path: Path) -> None:
    with Landing(tmp_path) as landing:
        assert landing.add(posts("a", "b", "a")) == (tmp_path / "part-00000001.parquet", 2)
        assert landing.add(posts("b", "c")) == (tmp_path / "part-00000002.parquet", 1)
        assert landing.add(posts("c")) == (None, 0)
        assert landing.add(posts()) == (None, 0)
    with Landing(tmp_path) as landing:
        assert landing.add(posts("a", "d")) == (tmp_path / "part-00000003.parquet", 1)
    assert landed(tmp_path) == ["a", "b", "c", "d"]


def test_the_same_number_on_another_channel_or_of_another_kind_is_another_item(tmp_path: Path) -> None:
    with Landing(tmp_path) as landing:
        landing.add(posts("1"))
        assert landing.add(posts("1", channel="微博"))[1] == 1
        assert landing.add(posts("1", kind="comment"))[1] == 1
        assert landing.add(posts("1", channel=None))[1] == 1


def test_a_part_half_written_when_the_power_went_is_removed(tmp_path: Path) -> None:
    (tmp_path / ".part-00000001.parquet.partial").write_bytes(b"PAR1 cut")
    with Landing(tmp_path) as landing:
        landing.add(posts("a"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", "part-00000001.parquet"]


def test_two_writers_into_one_folder_are_refused(tmp_path: Path) -> None:
    with Landing(tmp_path), pytest.raises(InputError, match="another process listens"):
        Landing(tmp_path)
    Landing(tmp_path).close()


def test_a_foreign_part_is_named(tmp_path: Path) -> None:
    pq.write_table(pa.table({"other": [1]}), tmp_path / "part-00000001.parquet")
    with pytest.raises(InputError, match="not a part that the listener wrote"):
        Landing(tmp_path)


def test_refused_messages_are_listed_once_and_a_cut_line_is_taken_away(tmp_path: Path) -> None:
    with Landing(tmp_path / "live") as landing:
        assert landing.refuse([Refused("t", 0, 5, "not JSON", 3), Refused("t", 0, 2, "not JSON", 3)]) == 2
    path = landing.refused
    path.write_bytes(path.read_bytes() + b'{"topic":"t","parti')
    assert path == tmp_path / "live.refused.jsonl"
    with Landing(tmp_path / "live") as landing:
        again = [Refused("t", 0, 2, "x"), Refused("t", 0, 5, "x"), Refused("t", 1, 0, "empty")]
        assert landing.refuse(again) == 1
    lines = [orjson.loads(line) for line in path.read_bytes().splitlines()]
    assert [(line["partition"], line["offset"], line["cause"]) for line in lines] == [
        (0, 2, "not JSON"),
        (0, 5, "not JSON"),
        (1, 0, "empty"),
    ]
    assert "value" not in lines[0]


def test_the_folder_is_read_back_as_it_landed_while_its_writer_works(tmp_path: Path) -> None:
    table = posts("a", "b").set_column(5, "author", pa.array(["f00", None]))
    with Landing(tmp_path) as landing:
        landing.add(table)
        (tmp_path / ".part-00000002.parquet.partial").write_bytes(b"PAR1 half")
        found = open_posts([tmp_path], salt=b"x")
        (unit,) = found.units
        rows = [row for batch in unit.read() for row in batch.to_pylist()]
    assert found.problems == ()
    assert [(row["id"], row["author"]) for row in rows] == [("a", "f00"), ("b", None)]
