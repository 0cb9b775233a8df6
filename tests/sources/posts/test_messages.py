"""Messages of a stream: every shape that files may have, one object at a time."""

import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.columns import POSTS
from fairstream.sources.posts.kafka import Received
from fairstream.sources.posts.messages import Messages
from sources.posts.collectors import CREATORS, SORTS, agree, creators, make, needles_in
from sources.posts.test_heimao import WANT, entry, raw
from sources.posts.test_zeeschuimer import CASES, wrapped


def received(*rows: dict[str, Any]) -> list[Received]:
    return [Received(at % 2, at, 0, row) for at, row in enumerate(rows)]


def convert(*rows: dict[str, Any]) -> tuple[pa.Table, dict[int, str]]:
    posts, causes = Messages(key=b"k" * 32)(received(*rows), "t")
    return posts, dict(causes)


@pytest.mark.parametrize("schema", ["old", "new"])
def test_one_topic_may_mix_all_collectors(schema: str) -> None:
    made = [make(sort, schema, 3) for sort in SORTS]
    rows = [row for one in made for row in one.rows]
    posts, causes = convert(*rows)
    assert causes == {}
    assert posts.schema == POSTS
    by_place = sorted(posts.to_pylist(), key=lambda row: row["line"])
    agree(by_place, [want for one in made for want in one.expected])
    assert [row["file"] for row in by_place[:3]] == ["t/0", "t/1", "t/0"]
    assert [row["line"] for row in by_place] == list(range(1, len(rows) + 1))
    blob = io.BytesIO()
    pq.write_table(posts, blob, compression="none")
    assert needles_in(blob.getvalue(), [needle for one in made for needle in one.needles]) == []


def test_nested_objects_are_reached() -> None:
    posts, causes = convert(*(wrapped(data) for data, _ in CASES.values()), raw(1), entry(2))
    assert causes == {}
    rows = {row["line"]: row for row in posts.to_pylist()}
    agree([rows[at] for at in range(1, len(CASES) + 1)], [want for _, want in CASES.values()])
    agree([rows[len(CASES) + 1], rows[len(CASES) + 2]], [WANT, WANT])


def test_plain_names_need_no_collector() -> None:
    posts, causes = convert({"id": 7, "text": "虚构", "at": "2022-11-01 08:00:00", "channel": "微博"})
    assert causes == {}
    (row,) = posts.to_pylist()
    assert (row["id"], row["text"], row["channel"], row["at"].isoformat()) == (
        "7", "虚构", "微博", "2022-11-01T08:00:00+08:00",
    )  # fmt: skip


def test_what_is_no_post_is_named_by_its_place() -> None:
    person = creators("dy_creator")[0]
    posts, causes = convert({"id": "1", "text": "好"}, {"x": 1}, {"id": "2", "text": " "}, person, {})
    assert posts.column("id").to_pylist() == ["1"]
    assert causes[1] == "no known shape; its names are x"
    assert causes[2] == "no text (table)"
    assert "not posts" in causes[3]
    assert causes[4] == "no known shape; its names are "
    assert not any(value in "".join(causes.values()) for value in person.values())


def test_values_of_odd_types_lose_at_most_themselves() -> None:
    posts, causes = convert(
        {"id": 1, "text": "一", "likes": [1], "at": {"a": 1}},
        {"id": 2**70, "text": ["二"], "likes": True, "at": 1e30},
        {"id": None, "text": 3.0, "likes": "1.2万", "at": -1},
        {"id": "x\0y", "text": "四\0", "likes": 2**80, "at": None},
    )
    rows = sorted(posts.to_pylist(), key=lambda row: row["line"])
    assert causes == {}
    assert [row["text"].rstrip("\0�") for row in rows] == ["一", "二", "3", "四"]
    assert rows[2]["likes"] == 12000
    assert [row["at"] for row in rows] == [None] * 4


def test_nothing_gives_nothing() -> None:
    posts, causes = convert()
    assert (posts.num_rows, posts.schema, causes) == (0, POSTS, {})


def test_a_stream_of_ever_new_names_does_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fairstream.sources.posts.messages._FORMS_MOST", 10)
    messages = Messages(key=b"k" * 32)
    for n in range(100):
        messages(received({"text": "虚构", f"name{n}": n}), "t")
        assert len(messages._known) <= 10


@pytest.mark.parametrize("table", CREATORS)
def test_people_are_refused(table: str) -> None:
    _, causes = convert(*creators(table))
    assert set(causes) == {0, 1, 2}
