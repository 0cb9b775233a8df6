"""Zeeschuimer: NDJSON as captured, and the same objects after a passage through 4CAT."""

from pathlib import Path
from typing import Any

import pytest

from sources.posts.collectors import BEGIN, agree, needles_in, read, write_jsonl

SECONDS = int(BEGIN.timestamp())
MS = SECONDS * 1000
WHO = {"uid": "针uid", "sec_uid": "针sec", "nickname": "针nickname", "secUid": "针sec", "id": "针uid",
       "user_id": "针uid", "userId": "针uid", "unique_id": "针unique", "uniqueId": "针unique",
       "avatar": "https://example.com/针avatar", "signature": "针signature", "mid": "针uid",
       "name": "针name"}  # fmt: skip

DOUYIN = {
    "aweme_id": "71", "group_id": "71", "desc": "虚构直播间不退款", "create_time": SECONDS, "author": WHO,
    "statistics": {"digg_count": 5, "comment_count": 6, "share_count": 7, "play_count": 0},
    "video": {"bit_rate": [{"play_addr": {"url_list": ["https://example.com/v"]}}]}, "text_extra": [],
}  # fmt: skip
EMBEDDED = {
    "awemeId": "72", "groupId": "72", "desc": "虚构内嵌", "createTime": SECONDS, "authorInfo": WHO,
    "stats": {"diggCount": 5, "commentCount": 6, "shareCount": 7, "playCount": 8},
    "ZS_collected_from_embed": True,
}  # fmt: skip
REDNOTE = {
    "id": "65f1", "model_type": "note", "xsec_token": "t",
    "note_card": {"display_title": "题", "desc": "虚构笔记", "time": MS, "user": WHO, "type": "normal",
                  "interact_info": {"liked_count": "1.2万", "comment_count": "3", "share_count": "4"},
                  "ip_location": "浙江"},
}  # fmt: skip
REDNOTE_EMBEDDED = {
    "id": "65f2", "note": {"noteId": "65f2", "title": "题", "desc": "虚构内嵌笔记", "time": MS, "user": WHO,
                           "interactInfo": {"likedCount": "12", "commentCount": "3", "shareCount": "4"},
                           "ipLocation": "浙江", "imageList": [{"urlDefault": "u"}]},
}  # fmt: skip
TILE = {
    "_zs-origin": "html", "id": "65f3", "url": "/explore/65f3", "title": "虚构列表", "likes": "9",
    "author_name": "针nickname", "author_avatar_url": "针avatar", "thumbnail_url": "u",
}  # fmt: skip
COMMENT = {
    "id": "65c1", "note_id": "65f1", "content": "虚构评论", "create_time": MS, "user_info": WHO,
    "like_count": "2", "sub_comment_count": "1", "ip_location": "广东", "sub_comments": [{"id": "x"}],
}  # fmt: skip
TIKTOK = {
    "id": "73", "desc": "虚构 TikTok", "createTime": SECONDS, "author": WHO,
    "authorStats": {"followerCount": 1},
    "stats": {"diggCount": 5, "commentCount": 6, "shareCount": 7, "playCount": 8},
}  # fmt: skip
BILIBILI = {
    "aid": 170001, "bvid": "BV1xx", "title": "虚构视频", "desc": "说明", "pubdate": SECONDS, "owner": WHO,
    "stat": {"view": 8, "like": 5, "reply": 6, "share": 7, "danmaku": 1},
}  # fmt: skip
COUNTS = {"likes": 5, "comments": 6, "reposts": 7}

CASES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "douyin": (DOUYIN, {"channel": "抖音", "kind": "post", "id": "71", "thread": "71", "at": BEGIN,
                        "views": 0, "text": "虚构直播间不退款", **COUNTS}),
    "douyin-embedded": (EMBEDDED, {"channel": "抖音", "kind": "post", "id": "72", "at": BEGIN, "views": 8,
                                   "text": "虚构内嵌", **COUNTS}),
    "rednote": (REDNOTE, {"channel": "小红书", "kind": "post", "id": "65f1", "at": BEGIN, "likes": 12000,
                          "text": "题\n虚构笔记", "place": "浙江", "comments": 3, "reposts": 4}),
    "rednote-embedded": (REDNOTE_EMBEDDED, {"channel": "小红书", "kind": "post", "id": "65f2", "at": BEGIN,
                                            "likes": 12, "text": "题\n虚构内嵌笔记", "place": "浙江"}),
    "rednote-tile": (TILE, {"channel": "小红书", "kind": "post", "id": "65f3", "at": None, "likes": 9,
                            "text": "虚构列表"}),
    "rednote-comment": (COMMENT, {"channel": "小红书", "kind": "comment", "id": "65c1", "thread": "65f1",
                                  "at": BEGIN, "likes": 2, "comments": 1, "place": "广东",
                                  "text": "虚构评论"}),
    "tiktok": (TIKTOK, {"channel": "TikTok", "kind": "post", "id": "73", "at": BEGIN, "views": 8,
                        "text": "虚构 TikTok", **COUNTS}),
    "bilibili": (BILIBILI, {"channel": "哔哩哔哩", "kind": "post", "id": "170001", "at": BEGIN, "views": 8,
                            "text": "虚构视频\n说明", **COUNTS}),
}  # fmt: skip


def wrapped(data: dict[str, Any], n: int = 0) -> dict[str, Any]:
    """As Zeeschuimer exports it."""
    return meta(n) | {"data": data}


def imported(data: dict[str, Any], n: int = 0) -> dict[str, Any]:
    """As 4CAT keeps it after import."""
    return data | {"__import_meta": meta(n)}


def meta(n: int) -> dict[str, Any]:
    return {
        "item_id": f"i{n}", "nav_index": f"1:{n}", "timestamp_collected": MS, "last_updated": MS,
        "source_platform": "example.com", "source_platform_url": "https://example.com/p",
        "source_url": "https://example.com/api", "user_agent": "针agent",
    }  # fmt: skip


@pytest.mark.parametrize("way", [wrapped, imported])
@pytest.mark.parametrize("name", CASES)
def test_every_captured_object(tmp_path: Path, name: str, way: Any) -> None:
    data, expected = CASES[name]
    found = read(write_jsonl(tmp_path / "zeeschuimer-export.ndjson", [way(data)]))
    assert found.problems == {}
    agree(found.rows, [expected])
    assert needles_in(found.blob, ["针"]) == []
    assert found.rows[0]["author"] is not None


@pytest.mark.parametrize("way", [wrapped, imported])
def test_a_broken_line_loses_only_itself(tmp_path: Path, way: Any) -> None:
    path = write_jsonl(tmp_path / "a.ndjson", [way(DOUYIN | {"aweme_id": str(n)}, n) for n in range(4)])
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1][:60], *lines[2:]]), "utf-8")
    found = read(path)
    assert [row["id"] for row in found.rows] == ["0", "2", "3"]
    assert found.one_file() == ["the line is not JSON"]
