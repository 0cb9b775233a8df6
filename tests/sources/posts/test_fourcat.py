"""4CAT: CSV files of Douyin, RedNote and any other platform."""

from pathlib import Path
from typing import Any

import pytest

from sources.posts.collectors import BEGIN, agree, needles_in, read, write_csv, write_xlsx

SECONDS = int(BEGIN.timestamp())
DOUYIN = """
id thread_id subject body timestamp post_source_domain post_url region hashtags mentions video_tags
prevent_download video_url video_thumbnail video_duration image_urls music_author music_title music_url
music_thumbnail collect_count comment_count digg_count download_count forward_count play_count share_count
count_total_streams_viewers count_current_stream_viewers author_user_id author_nickname author_profile_url
author_thumbnail_url author_region author_is_ad_fake part_of_collection 4CAT_first_video_displayed
collection_id collection_name place_in_collection unix_timestamp
"""
REDNOTE = """
collected_from_url id thread_id url title body hashtags timestamp author author_avatar_url image_urls
video_url likes unix_timestamp
"""
COMMENT = """
id thread_id url body timestamp author author_avatar_url ip_location likes replies unix_timestamp
"""
OTHER = """
id thread_id author author_full author_id body timestamp likes comments shares plays unix_timestamp
"""
PERSONAL = {
    "author", "author_user_id", "author_nickname", "author_profile_url", "author_thumbnail_url", "mentions",
    "author_avatar_url", "author_full", "author_id",
}  # fmt: skip


def filled(names: str, n: int, **values: Any) -> dict[str, Any]:
    """A row with a needle in every personal column and something in every other."""
    row: dict[str, Any] = {name: f"{'针' * (name in PERSONAL)}{name}{n}" for name in names.split()}
    # 4CAT writes the time of its server; only unix_timestamp says which moment it was.
    row |= {"timestamp": "2022-11-01 00:00:00", "unix_timestamp": SECONDS + n, "id": f"70000000{n}"}
    return row | {"thread_id": f"70000000{n}"} | values


def douyin(n: int) -> dict[str, Any]:
    counts = {"digg_count": "1.2万", "comment_count": n, "share_count": "5", "play_count": "0"}
    return filled(DOUYIN, n, subject="Post", body=f"虚构直播间{n}", author_region="CN", **counts)


def rednote(n: int) -> dict[str, Any]:
    return filled(REDNOTE, n, title=f"题{n}", body=f"虚构笔记{n}", likes="1万+")


def comment(n: int) -> dict[str, Any]:
    counts = {"likes": n, "replies": 2}
    return filled(COMMENT, n, body=f"虚构评论{n}", thread_id="9", ip_location="浙江", **counts)


def other(n: int) -> dict[str, Any]:
    counts = {"likes": 1, "comments": 2, "shares": 3, "plays": 4}
    return filled(OTHER, n, body=f"虚构{n}", thread_id="t", **counts)


def needles(rows: list[dict[str, Any]]) -> list[str]:
    return [value for row in rows for value in row.values() if isinstance(value, str) and value[0] == "针"]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (douyin, {"channel": "抖音", "kind": "post", "likes": 12000, "reposts": 5, "views": 0, "place": "CN",
                  "text": "虚构直播间1", "comments": 1, "thread": "700000001"}),
        (rednote, {"channel": "小红书", "kind": "post", "likes": 10000, "text": "题1\n虚构笔记1",
                   "thread": "700000001"}),
        (comment, {"channel": "小红书", "kind": "comment", "likes": 1, "comments": 2, "text": "虚构评论1",
                   "thread": "9", "place": "浙江"}),
        (other, {"channel": None, "kind": "post", "likes": 1, "comments": 2, "reposts": 3, "views": 4,
                 "text": "虚构1", "thread": "t"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_rows_of_every_platform(tmp_path: Path, make: Any, expected: dict[str, Any], form: str) -> None:
    rows = [make(n) for n in range(3)]
    path = tmp_path / f"a.{form}"
    if form == "csv":
        write_csv(path, rows)
    else:
        write_xlsx(path, {"s": rows})
    found = read(path)
    assert found.problems == {}
    assert [row["id"] for row in found.rows] == ["700000000", "700000001", "700000002"]
    assert [int(row["at"].timestamp()) - SECONDS for row in found.rows] == [0, 1, 2]
    agree([found.rows[1]], [expected])
    assert needles_in(found.blob, needles(rows)) == []
    assert len({row["author"] for row in found.rows} - {None}) == 3


def test_without_unix_time_the_written_time_is_taken_as_chinas(tmp_path: Path) -> None:
    row = comment(0)
    del row["unix_timestamp"]
    row["timestamp"] = "2022-11-01 08:00:00"
    (found,) = read(write_csv(tmp_path / "a.csv", [row])).rows
    assert found["at"] == BEGIN


def test_a_short_row_and_a_broken_quote_lose_only_themselves(tmp_path: Path) -> None:
    rows = [comment(n) for n in range(6)]
    path = write_csv(tmp_path / "a.csv", rows)
    lines = path.read_text("utf-8").splitlines()
    lines[3] = "700000002,9"
    path.write_text("\n".join(lines), "utf-8")
    found = read(path)
    assert [row["id"] for row in found.rows] == [f"70000000{n}" for n in (0, 1, 3, 4, 5)]
    assert found.one_file()
