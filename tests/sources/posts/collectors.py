"""Invented items in the formats of the collectors, made at test time, with what a reader must make of them.

The tables of fields follow the collectors' own code, not this product's shapes, so that a shape that names a
field wrongly fails. Everything personal is a needle: a string found nowhere else, to be searched for in what
comes out. All names and texts are made up（虚构）.
"""

import csv
import io
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from fairstream.columns import POSTS
from fairstream.sources.posts import open_posts
from fairstream.sources.problems import ProblemLog

CHINA = timezone(timedelta(hours=8))
BEGIN = datetime(2022, 11, 1, 8, 0, tzinfo=CHINA)

PERSONAL = {
    "nickname", "user_nickname", "user_name", "user_id", "sec_uid", "short_user_id", "user_unique_id",
    "user_signature", "avatar", "user_avatar", "sign", "sex", "gender", "profile_url", "user_link",
    "user_url_token", "creator_hash",
}  # fmt: skip


class Sort(NamedTuple):
    """One sort of item of one platform: where it lies, and what its fields mean."""

    platform: str
    folder: str
    items: str
    table: str
    channel: str
    kind: str
    id: str
    text: str
    at: str
    clock: str
    counts: Mapping[str, str]
    fields: str
    old: str = ""
    thread: str = ""
    keyword: str = ""


DOUYIN_OLD = "user_id sec_uid short_user_id user_unique_id user_signature avatar ip_location"
WEIBO_OLD = "user_id avatar gender profile_url ip_location"
TIEBA_OLD = "user_link user_avatar ip_location"
ZHIHU_OLD = "user_id user_link user_avatar user_url_token"

SORTS = (
    Sort("douyin", "douyin", "contents", "douyin_aweme", "抖音", "post", "aweme_id", "title desc",
         "create_time", "s", {"likes": "liked_count", "comments": "comment_count", "reposts": "share_count"},
         "aweme_id aweme_type title desc create_time creator_hash nickname liked_count collected_count "
         "comment_count share_count last_modify_ts aweme_url cover_url video_download_url music_download_url "
         "note_download_url source_keyword", DOUYIN_OLD, "aweme_id", "source_keyword"),
    Sort("douyin", "douyin", "comments", "douyin_aweme_comment", "抖音", "comment", "comment_id", "content",
         "create_time", "s", {"likes": "like_count", "comments": "sub_comment_count"},
         "comment_id create_time aweme_id content creator_hash nickname sub_comment_count like_count "
         "last_modify_ts parent_comment_id pictures", DOUYIN_OLD, "aweme_id"),
    Sort("kuaishou", "kuaishou", "contents", "kuaishou_video", "快手", "post", "video_id", "title desc",
         "create_time", "ms", {"likes": "liked_count", "views": "viewd_count"},
         "video_id video_type title desc create_time creator_hash nickname liked_count viewd_count "
         "last_modify_ts video_url video_cover_url video_play_url source_keyword",
         "user_id avatar", "video_id", "source_keyword"),
    Sort("kuaishou", "kuaishou", "comments", "kuaishou_video_comment", "快手", "comment", "comment_id",
         "content", "create_time", "ms", {"comments": "sub_comment_count"},
         "comment_id create_time video_id content creator_hash nickname sub_comment_count last_modify_ts",
         "user_id avatar", "video_id"),
    Sort("bilibili", "bili", "contents", "bilibili_video", "哔哩哔哩", "post", "video_id", "title desc",
         "create_time", "s", {"likes": "liked_count", "views": "video_play_count",
                              "comments": "video_comment", "reposts": "video_share_count"},
         "video_id video_type title desc create_time creator_hash nickname liked_count disliked_count "
         "video_play_count video_favorite_count video_share_count video_coin_count video_danmaku "
         "video_comment last_modify_ts video_url video_cover_url source_keyword",
         "user_id avatar", "video_id", "source_keyword"),
    Sort("bilibili", "bili", "comments", "bilibili_video_comment", "哔哩哔哩", "comment", "comment_id",
         "content", "create_time", "s", {"likes": "like_count", "comments": "sub_comment_count"},
         "comment_id parent_comment_id create_time video_id content creator_hash nickname sub_comment_count "
         "like_count last_modify_ts", "user_id sex sign avatar", "video_id"),
    Sort("bilibili", "bili", "dynamics", "bilibili_up_dynamic", "哔哩哔哩", "post", "dynamic_id", "text",
         "pub_ts", "s", {"likes": "total_liked", "comments": "total_comments", "reposts": "total_forwards"},
         "dynamic_id creator_hash user_name text type pub_ts total_comments total_forwards total_liked "
         "last_modify_ts", "user_id", "dynamic_id"),
    Sort("xhs", "xhs", "contents", "xhs_note", "小红书", "post", "note_id", "title desc", "time", "ms",
         {"likes": "liked_count", "comments": "comment_count", "reposts": "share_count"},
         "note_id type title desc video_url time last_update_time creator_hash nickname liked_count "
         "collected_count comment_count share_count image_list tag_list last_modify_ts note_url "
         "source_keyword xsec_token", "user_id avatar ip_location", "note_id", "source_keyword"),
    Sort("xhs", "xhs", "comments", "xhs_note_comment", "小红书", "comment", "comment_id", "content",
         "create_time", "ms", {"likes": "like_count", "comments": "sub_comment_count"},
         "comment_id create_time note_id content creator_hash nickname sub_comment_count pictures "
         "parent_comment_id last_modify_ts like_count", "user_id avatar ip_location", "note_id"),
    Sort("weibo", "weibo", "contents", "weibo_note", "微博", "post", "note_id", "content", "create_time", "s",
         {"likes": "liked_count", "comments": "comments_count", "reposts": "shared_count"},
         "note_id content create_time create_date_time liked_count comments_count shared_count "
         "last_modify_ts note_url creator_hash nickname source_keyword", WEIBO_OLD, "note_id",
         "source_keyword"),
    Sort("weibo", "weibo", "comments", "weibo_note_comment", "微博", "comment", "comment_id", "content",
         "create_time", "s", {"likes": "comment_like_count", "comments": "sub_comment_count"},
         "comment_id create_time create_date_time note_id content sub_comment_count comment_like_count "
         "last_modify_ts parent_comment_id creator_hash nickname", WEIBO_OLD, "note_id"),
    Sort("tieba", "tieba", "contents", "tieba_note", "百度贴吧", "post", "note_id", "title desc",
         "publish_time", "minute", {"comments": "total_replay_num"},
         "note_id title desc note_url publish_time creator_hash user_nickname tieba_id tieba_name tieba_link "
         "total_replay_num total_replay_page source_keyword", TIEBA_OLD, "note_id", "source_keyword"),
    Sort("tieba", "tieba", "comments", "tieba_comment", "百度贴吧", "comment", "comment_id", "content",
         "publish_time", "minute", {"comments": "sub_comment_count"},
         "comment_id parent_comment_id content creator_hash user_nickname tieba_id tieba_name tieba_link "
         "publish_time sub_comment_count note_id note_url", TIEBA_OLD, "note_id"),
    Sort("zhihu", "zhihu", "contents", "zhihu_content", "知乎", "post", "content_id", "title content_text",
         "created_time", "s", {"likes": "voteup_count", "comments": "comment_count"},
         "content_id content_type content_text content_url question_id title desc created_time updated_time "
         "voteup_count comment_count source_keyword creator_hash user_nickname",
         ZHIHU_OLD, "question_id", "source_keyword"),
    Sort("zhihu", "zhihu", "comments", "zhihu_comment", "知乎", "comment", "comment_id", "content",
         "publish_time", "s", {"likes": "like_count", "comments": "sub_comment_count"},
         "comment_id parent_comment_id content publish_time sub_comment_count like_count dislike_count "
         "content_id content_type creator_hash user_nickname",
         "user_id user_link user_avatar ip_location", "content_id"),
)  # fmt: skip

CREATORS = {
    "dy_creator": "user_id nickname avatar ip_location desc gender follows fans interaction videos_count",
    "xhs_creator": "user_id nickname avatar ip_location desc gender follows fans interaction tag_list",
    "bilibili_contact_info": "up_id fan_id up_name fan_name up_sign fan_sign up_avatar fan_avatar",
}


class Made(NamedTuple):
    """Rows as the collector writes them, what each must become, and the strings that must not survive."""

    rows: list[dict[str, Any]]
    expected: list[dict[str, Any]]
    needles: list[str]


def name_of(sort: Sort) -> str:
    """For the names of tests."""
    return f"{sort.platform}-{sort.items}"


def make(sort: Sort, schema: str, count: int = 5, start: int = 0) -> Made:
    """`count` items of the `old` or `new` schema; the numbers in them begin at `start`."""
    fields = sort.fields.split()
    if schema == "old":
        fields = [field for field in fields if field != "creator_hash"] + sort.old.split()
    made = Made([], [], [])
    for n in range(start, start + count):
        row = {field: _value(sort, field, n) for field in fields}
        made.rows.append(row)
        made.expected.append(_expected(sort, row, n))
        made.needles.extend(str(row[field]) for field in fields if field in PERSONAL)
    return made


def _value(sort: Sort, field: str, n: int) -> Any:
    if field in PERSONAL:
        return f"针{field}{n}_{sort.items}"
    if field == sort.at:
        return _written(BEGIN + timedelta(minutes=n), sort.clock)
    if field == "create_date_time":
        return (BEGIN + timedelta(minutes=n)).strftime("%Y-%m-%d %H:%M:%S")
    if field in sort.counts.values():
        return "1.2万" if n % 3 == 1 else str(n * 10 + len(field))
    if field.endswith("_id") or field == "xsec_token":
        return _identifier(sort, field, n)
    if field in sort.text.split():
        return f"虚构{sort.channel}{field}第{n}条，发货慢"
    if field.endswith(("_ts", "_time")):
        return 1767225600000 + n
    known = {"source_keyword": "直播带货", "ip_location": "浙江", "tag_list": "好物,退货", "type": "normal"}
    if field in known:
        return known[field]
    return f"https://example.com/{field}/{n}" if "url" in field or "link" in field else f"{field}{n}"


def _identifier(sort: Sort, field: str, n: int) -> str:
    if field == "parent_comment_id":
        return "0" if sort.platform in ("douyin", "bilibili") else ""
    digits = f"7{len(field):02d}0000{n:06d}"
    return f"65a{digits}f" if sort.platform in ("xhs", "kuaishou") else digits


def _written(at: datetime, clock: str) -> Any:
    seconds = int(at.timestamp())
    return {"s": seconds, "ms": seconds * 1000, "minute": at.strftime("%Y-%m-%d %H:%M")}[clock]


def _expected(sort: Sort, row: Mapping[str, Any], n: int) -> dict[str, Any]:
    expected: dict[str, Any] = {
        "id": row[sort.id],
        "at": BEGIN + timedelta(minutes=n),
        "channel": sort.channel,
        "kind": sort.kind,
        "text": "\n".join(row[field] for field in sort.text.split()),
        "thread": row[sort.thread],
        "place": row.get("ip_location"),
        "keyword": row.get(sort.keyword) if sort.keyword else None,
    }
    for column, field in sort.counts.items():
        expected[column] = 12000 if row[field] == "1.2万" else int(row[field])
    return expected


def write_json(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """One array, as rewritten on each item."""
    return _bytes(path, orjson.dumps(list(rows), option=orjson.OPT_INDENT_2))


def write_jsonl(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """One object per line."""
    return _bytes(path, b"".join(orjson.dumps(row) + b"\n" for row in rows))


def write_csv(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """UTF-8 with a mark; the first row alone gives the header."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return _bytes(path, text.getvalue().encode("utf-8-sig"))


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Sheets with raw field names in the first row."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def write_sqlite(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Tables with the columns `id` and `add_ts` that only databases have."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as database:
        for table, rows in tables.items():
            names = ["id", *rows[0], "add_ts"]
            columns = ", ".join(f'"{name}"' for name in names)
            database.execute(f'CREATE TABLE "{table}" ({columns})')
            marks = ", ".join("?" * len(names))
            database.executemany(
                f'INSERT INTO "{table}" VALUES ({marks})',
                [(number, *row.values(), 1767225600000) for number, row in enumerate(rows, 1)],
            )
    database.close()
    return path


def creators(table: str, count: int = 3) -> list[dict[str, Any]]:
    """Rows about people, every value a needle."""
    return [{field: f"针{field}{n}_{table}" for field in CREATORS[table].split()} for n in range(count)]


class Read(NamedTuple):
    """Everything that was read: rows as dicts, causes of problems by file name, the bytes as Parquet."""

    rows: list[dict[str, Any]]
    problems: dict[str, list[str]]
    blob: bytes

    def one_file(self) -> list[str]:
        """Causes of the only file with problems; empty when there are none."""
        (causes,) = self.problems.values() if self.problems else ([],)
        return causes


def read(*paths: Path) -> Read:
    """What the product makes of files and folders, also as the bytes it would write."""
    found = open_posts(paths, salt=b"test")
    problems: dict[str, list[str]] = {}
    batches = []
    logs = [ProblemLog(unit.file) for unit in found.units]
    for unit, log in zip(found.units, logs, strict=True):
        batches += list(unit.read(log))
    for problem in (*found.problems, *(problem for log in logs for problem in log.problems)):
        problems.setdefault(Path(problem.place.file).name, []).append(problem.cause)
    table = pa.Table.from_batches(batches, POSTS)
    blob = io.BytesIO()
    pq.write_table(table, blob, compression="none", use_dictionary=False)
    words = repr(problems).encode()
    return Read(table.to_pylist(), problems, blob.getvalue() + words)


def agree(rows: Sequence[Mapping[str, Any]], expected: Sequence[Mapping[str, Any]]) -> None:
    """Every expected value stands in its row, in order; rows of other columns may hold more."""
    assert [{name: row[name] for name in want} for row, want in zip(rows, expected, strict=True)] == expected


def needles_in(blob: bytes, needles: Iterable[str]) -> list[str]:
    """The needles that `blob` holds."""
    return [needle for needle in needles if needle.encode() in blob]


def _bytes(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
