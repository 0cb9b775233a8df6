"""Chat in lines, tables, console logs and drawn subtitles."""

import io
import json
from datetime import datetime

import openpyxl
import pytest

from fairstream.records import ChatMessage, Party
from fairstream.sources.chat import is_chat_row, is_console_log, is_danmaku_ass, read_chat
from fairstream.sources.crowd import Crowd
from fairstream.sources.loaded import Loaded
from fairstream.sources.speakers import Cast
from fairstream.sources.times import CHINA

START = datetime(2026, 3, 1, 20, 0, tzinfo=CHINA)


def read(*lines: object, **options: object) -> Loaded[ChatMessage]:
    text = "\n".join(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    return read_chat(text.encode(), name="chat.jsonl", **options)  # type: ignore[arg-type]


def test_jsonl_with_positions() -> None:
    loaded = read(
        {"user": "甲", "text": "多少钱", "start_ms": 1500},
        {"nickname": "乙", "content": "买了", "offset": 2.5},
        {"user": "甲", "msg": "好", "time": "00:01:05"},
    )
    assert [(m.text, m.start_ms, m.at) for m in loaded.records] == [
        ("多少钱", 1500, None),
        ("买了", 2500, None),
        ("好", 65_000, None),
    ]
    assert [m.id for m in loaded.records] == ["c1", "c2", "c3"]
    assert loaded.records[0].user == loaded.records[2].user != loaded.records[1].user
    assert [m.place.line for m in loaded.records if m.place] == [1, 2, 3]


def test_wall_clock_alone_counts_from_the_earliest() -> None:
    stamp = int(START.timestamp())
    loaded = read(
        {"user": "甲", "text": "b", "timestamp": stamp + 10}, {"user": "乙", "text": "a", "timestamp": stamp}
    )
    assert [(m.start_ms, m.at) for m in loaded.records] == [(10_000, START.replace(second=10)), (0, START)]


def test_wall_clock_counts_from_the_given_start() -> None:
    stamp = int(START.timestamp())
    loaded = read(
        {"user": "甲", "text": "早到", "create_time": stamp - 5},
        {"user": "甲", "text": "准时", "create_time": (stamp + 7) * 1000},
        started_at=START,
    )
    assert [m.start_ms for m in loaded.records] == [None, 7000]
    assert loaded.records[0].at is not None
    assert [p.cause for p in loaded.problems] == [
        "a message from before the start of the recording; kept with its wall-clock time only"
    ]


def test_positions_get_a_wall_clock_when_the_start_is_known() -> None:
    assert read({"user": "甲", "text": "a", "start_ms": 1000}, started_at=START).records[
        0
    ].at == START.replace(second=1)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("WebcastChatMessage", "chat"),
        ("WebcastGiftMessage", "gift"),
        ("gift", "gift"),
        ("super_chat", "paid"),
        ("", "chat"),
        ("公告", "notice"),
        ("WebcastMemberMessage", None),
        ("点赞", None),
    ],
)
def test_kinds_of_messages(kind: str, expected: str | None) -> None:
    loaded = read({"user": "甲", "text": "x", "method": kind}, {"user": "甲", "text": "y"})
    assert [m.kind for m in loaded.records] == ([expected] if expected else []) + ["chat"]
    assert len(loaded.problems) == (0 if expected else 1)


def test_bad_lines_are_skipped_and_counted() -> None:
    loaded = read(
        {"user": "甲", "text": "一", "start_ms": 0},
        "{broken",
        "[1, 2]",
        {"user": "甲", "text": ""},
        "",
        {"user": "甲", "text": "二", "start_ms": "soon"},
    )
    assert [m.text for m in loaded.records] == ["一", "二"]
    assert {(p.cause, p.place.line, p.count) for p in loaded.problems} == {
        ("the line is not JSON", 2, 1),
        ("the entry is not an object with named fields", 3, 1),
        ("the entry has no text", 4, 1),
        ("a time that cannot be read; the entry was kept without it", 6, 1),
    }


def test_lone_surrogates_in_a_line() -> None:
    loaded = read('{"user":"\\ud83d","text":"好\\ud800的\\u0000"}', {"user": "甲", "text": "好"})
    assert loaded.records[0].text == "好�的�"
    assert loaded.problems[0].place.line == 1


def test_numbers_in_text_stay_for_the_offsets() -> None:
    assert read({"user": "甲", "text": "13812345678"}).records[0].text == "13812345678"


def test_hosts_and_shop_are_sellers() -> None:
    crowd = Crowd(b"k", Cast((Party("host", "小美"), Party("platform", "某平台"))))
    loaded = read(
        {"user": "小美", "text": "a"},
        {"user": "某平台", "text": "b"},
        {"user": "甲", "text": "c"},
        {"user": "甲", "text": "d", "role": "主播"},
        crowd=crowd,
    )
    assert [m.speaker for m in loaded.records] == ["seller", "customer", "customer", "seller"]


def test_no_name_reaches_the_records() -> None:
    loaded = read({"user": "张三丰", "text": "a"}, {"user_id": "u-998877", "nickname": "李四", "text": "b"})
    assert not any(name in repr(loaded) for name in ("张三丰", "u-998877", "李四"))
    assert read({"text": "a", "start_ms": 0}).records[0].user is None


def test_pseudonyms_depend_on_the_key_alone() -> None:
    assert Crowd(b"a").pseudonym("甲") == Crowd(b"a").pseudonym("甲")
    assert Crowd(b"a").pseudonym("甲") != Crowd(b"b").pseudonym("甲")
    assert Crowd().pseudonym("甲") != Crowd().pseudonym("甲")
    assert Crowd(b"x" * 500).pseudonym("甲")
    assert Crowd(b"a").pseudonym("\ud800")


def test_json_array_csv_and_workbook_are_the_same_chat() -> None:
    rows = [
        {"昵称": "甲", "内容": "多少钱", "start_ms": 1000},
        {"昵称": "乙", "内容": "买", "start_ms": 2000},
    ]
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    csv = "昵称,内容,start_ms\n"
    sheet.append(["昵称", "内容", "start_ms"])
    for row in rows:
        sheet.append(list(row.values()))
        csv += ",".join(str(value) for value in row.values()) + "\n"
    saved = io.BytesIO()
    book.save(saved)
    for data in (json.dumps(rows).encode(), csv.encode("gbk"), saved.getvalue()):
        loaded = read_chat(data, crowd=Crowd(b"k"))
        assert [(m.text, m.start_ms) for m in loaded.records] == [("多少钱", 1000), ("买", 2000)]
        assert loaded.records[0].user == Crowd(b"k").pseudonym("甲")


def test_console_log_of_a_socket_tool() -> None:
    loaded = read(
        "【进场msg】[111][男]甲 进入了直播间",
        "2026-03-01 20:00:05,120 【聊天msg】[123]小红: 这个能治：病吗",
        "2026-03-01 20:00:07,120 【聊天msg】[124]小明：有",
        "【礼物msg】小红 送出了 玫瑰x1",
        "【统计msg】当前观看人数: 99",
        "Traceback (most recent call last):",
        "【聊天msg】[125]",
    )
    assert [(m.kind, m.text, m.start_ms) for m in loaded.records] == [
        ("chat", "这个能治：病吗", 0),
        ("chat", "有", 2000),
        ("gift", "玫瑰x1", None),
    ]
    assert {(p.place.line, p.count) for p in loaded.problems} == {(1, 3), (7, 1)}
    assert is_console_log("【聊天msg】[1]a: b")
    assert not is_console_log("【限时】全网最低")


def test_drawn_danmaku_says_that_its_times_are_not_send_times() -> None:
    script = "[Events]\nFormat: Layer, Start, End, Style, Text\n" + "".join(
        f"Dialogue: 0,0:00:0{n}.00,0:00:09.00,R2L,{{\\move(1,2,3,4)}}第{n}条\n" for n in range(3)
    )
    assert is_danmaku_ass(script)
    loaded = read(script)
    assert [(m.text, m.start_ms) for m in loaded.records] == [("第0条", 0), ("第1条", 1000), ("第2条", 2000)]
    assert "shown, not sent" in loaded.problems[0].cause


def test_chat_rows_need_a_text_and_a_user_or_time() -> None:
    assert is_chat_row(frozenset(("text", "user")))
    assert is_chat_row(frozenset(("内容", "时间")))
    assert not is_chat_row(frozenset(("text",)))
    assert not is_chat_row(frozenset(("标题", "价格")))
