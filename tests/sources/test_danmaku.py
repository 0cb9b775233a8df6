"""Danmaku XML: four dialects, damaged files, hostile files."""

import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest

from fairstream.errors import FormatError, LimitError
from fairstream.records import ChatMessage, Party
from fairstream.sources.crowd import Crowd
from fairstream.sources.danmaku import Danmaku, read_danmaku, unescape
from fairstream.sources.speakers import Cast
from fairstream.sources.times import CHINA

START = datetime(2026, 3, 1, 20, 0, 0, tzinfo=CHINA)
EPOCH = int(START.timestamp())

BILILIVE = f"""<?xml version="1.0" encoding="utf-8"?>
<?xml-stylesheet type="text/xsl" href="#s"?>
<i>
  <chatserver>chat.example.invalid</chatserver><chatid>0</chatid><mission>0</mission>
  <BililiveRecorder version="2.0.0" />
  <BililiveRecorderRecordInfo roomid="101" shortid="0" name="晴川小店" title="好物&amp;特价"
    areanameparent="生活" start_time="2026-03-01T20:00:00.0000000+08:00" />
  <BililiveRecorderXmlStyle><z:s version="1.0"><span style="x">s</span></z:s></BililiveRecorderXmlStyle>
  <d p="1.5,1,25,16777215,{EPOCH}500,0,77,0" user="甲" raw="{{&quot;a&quot;:1}}">多少&lt;钱&#33;</d>
  <sc ts="3.2" user="乙" uid="8" price="30" time="60">能治病吗</sc>
  <gift ts="4" user="乙" uid="8" giftname="小花" giftcount="3" />
  <guard ts="5" user="乙" uid="8" level="3" count="1" />
  <d p="6.000,1,25,16777215,{EPOCH}000,0,9,0" user="晴川小店">有货的</d>
</i>
"""
BLREC = f"""<?xml version='1.0' encoding='utf8'?>
<i>
<chatserver>chat.example.invalid</chatserver>
<metadata><user_name>晴川小店</user_name><room_id>101</room_id><room_title>好物专场</room_title>
<record_start_time>2026-03-01 20:00:00+08:00</record_start_time><recorder>blrec</recorder></metadata>
<d p="2.000,1,25,16777215,{EPOCH + 2}000,0,ab12,900" uid="77" user="甲">链接呢</d>
<gift ts="4" uid="8" user="乙" giftname="小花" giftcount="2" cointype="gold" price="100" />
<guard ts="5" uid="8" user="乙" giftname="舰长" giftcount="1" level="3" price="198000" />
<toast ts="6" uid="8" user="乙" unit="月" count="1" price="198000" role="舰长" level="3" />
</i>"""
BILIUP = f"""<?xml version='1.0' encoding='UTF-8'?>
<i>
<d p="1.5,1,25,16777215,{EPOCH + 2},0,77,0" timestamp="{EPOCH + 2}" uid="77" user="甲">买了</d>
<s type="gift" timestamp="{EPOCH + 4}" uid="8" username="乙" price="1" num="2" giftname="小花"></s>
<s type="super_chat" timestamp="{EPOCH + 5}" uid="8" username="乙" price="30" num="1">能治病吗</s>
<s type="guard_buy" timestamp="{EPOCH + 6}" uid="8" username="乙" price="198" num="1" giftname="舰长"></s>
<o timestamp="{EPOCH + 7}">{{}}</o>
</i>"""
DOUYIN = f"""<?xml version="1.0" encoding="utf-8"?>
<i>
<d p="1.50,1,25,16777215,{EPOCH}600,0,0,0" user="a"b<c>">x < y & z <3</d>
<d p="2.50,1,25,16777215,{EPOCH + 1}600,0,0,0" user="丁">没有结尾
<d p="3.50,1,25,16777215,{EPOCH + 2}600,0,0,0" user="丁">有的</d>
"""


def read(text: str | bytes, **options: object) -> Danmaku:
    data = text if isinstance(text, bytes) else text.encode()
    return read_danmaku(data, name="chat.xml", **options)  # type: ignore[arg-type]


def rows(messages: tuple[ChatMessage, ...]) -> list[tuple[str, str, int | None]]:
    return [(message.kind, message.text, message.start_ms) for message in messages]


def causes(loaded: Danmaku) -> list[str]:
    return [problem.cause for problem in loaded.problems]


def test_bililive_recorder() -> None:
    loaded = read(BILILIVE)
    assert rows(loaded.records) == [
        ("chat", "多少<钱!", 1500),
        ("paid", "能治病吗", 3200),
        ("gift", "小花 ×3", 4000),
        ("guard", "舰长", 5000),
        ("chat", "有货的", 6000),
    ]
    header = loaded.header
    assert (header.dialect, header.host, header.title, header.room) == (
        "bililive",
        "晴川小店",
        "好物&特价",
        "101",
    )
    assert header.started_at == START
    assert [message.place.line for message in loaded.records if message.place] == [9, 10, 11, 12, 13]
    assert (loaded.records[0].at, loaded.records[0].speaker) == (
        START.replace(microsecond=500_000, second=1),
        "customer",
    )
    assert loaded.records[-1].speaker == "seller"


def test_drift_between_header_and_messages_is_reported() -> None:
    assert read(BILILIVE).header.drift_ms == -3500
    assert causes(read(BILILIVE)) == [
        "the messages' own clock differs from header start + offset by -3.5 s (middle value)"
    ]
    assert read(BLREC).header.drift_ms == 0
    assert read(BLREC).problems == ()


def test_blrec() -> None:
    loaded = read(BLREC)
    assert [row[:2] for row in rows(loaded.records)] == [
        ("chat", "链接呢"),
        ("gift", "小花 ×2"),
        ("guard", "舰长"),
        ("guard", "舰长"),
    ]
    assert (loaded.header.dialect, loaded.header.room, loaded.header.started_at) == ("blrec", "101", START)


def test_biliup_times_in_seconds_give_start_and_offsets() -> None:
    loaded = read(BILIUP)
    assert rows(loaded.records) == [
        ("chat", "买了", 1500),
        ("gift", "小花 ×2", 3500),
        ("paid", "能治病吗", 4500),
        ("guard", "舰长", 5500),
    ]
    assert loaded.header.dialect == "biliup"
    assert loaded.header.started_at == START.replace(microsecond=500_000)
    assert loaded.records[1].user == loaded.records[2].user != loaded.records[0].user
    assert loaded.problems == ()


def test_douyin_recorder_does_not_escape_and_does_not_end() -> None:
    loaded = read(DOUYIN)
    assert [row[1:] for row in rows(loaded.records)] == [
        ("x < y & z <3", 1500),
        ("没有结尾", 2500),
        ("有的", 3500),
    ]
    assert causes(loaded) == [
        "a message with characters that XML wants escaped",
        "a message without its end tag",
        "the file breaks off before its end tag",
    ]
    assert [problem.place.line for problem in loaded.problems][:2] == [3, 4]
    assert {problem.severity for problem in loaded.problems} == {"repaired"}
    assert loaded.header.dialect == "douyin"
    assert loaded.header.started_at is not None


def test_same_viewer_same_pseudonym_and_never_the_name() -> None:
    first, second = read(BLREC, crowd=Crowd(b"key")), read(BLREC, crowd=Crowd(b"key"))
    assert [message.user for message in first.records] == [message.user for message in second.records]
    assert first.records[1].user == first.records[2].user != first.records[0].user
    assert read(BLREC).records[0].user != read(BLREC).records[0].user
    assert not any(name in repr(first.records) for name in ("甲", "乙", '"77"'))


def test_the_rooms_own_people_are_sellers() -> None:
    cast = Cast((Party("room_operator", "乙"),))
    loaded = read(BLREC, crowd=Crowd(b"key", cast))
    assert [message.speaker for message in loaded.records] == ["customer", "seller", "seller", "seller"]


@pytest.mark.parametrize("charset", ["gbk", "utf-8-sig", "utf-16"])
def test_other_encodings(charset: str) -> None:
    assert rows(read(BLREC.encode(charset)).records) == rows(read(BLREC).records)


def test_all_on_one_line_and_unknown_elements() -> None:
    one_line = BLREC.replace("\n", "").replace("</i>", '<like ts="1" uid="2"/><x/></i>')
    assert rows(read(one_line).records) == rows(read(BLREC).records)


@pytest.mark.parametrize("cut", range(1, 400, 7))
def test_a_file_cut_anywhere_keeps_the_messages_before(cut: int) -> None:
    loaded = read(BLREC.encode()[:-cut])
    whole = rows(read(BLREC).records)
    assert rows(loaded.records)[: len(whole) - 4] == whole[: len(whole) - 4]
    assert "the file breaks off before its end tag" in causes(loaded)
    kept = rows(loaded.records)
    assert all(new[1] in old[1] for new, old in zip(kept[:-1], whole, strict=False))
    assert all(new[1].rstrip("�") in old[1] for new, old in zip(kept, whole, strict=False))


def test_unusable_elements_are_skipped_and_counted() -> None:
    loaded = read(
        '<i>\n<d p="x,1">好</d>\n<d p="1,1"></d>\n'
        '<d p="2,1,25,1,0,0,0,0" user="a>没有</d>\n<d p="">在</d>\n</i>'
    )
    assert [(row[1], row[2]) for row in rows(loaded.records)] == [("好", None), ("在", None)]
    assert [(problem.severity, problem.count) for problem in loaded.problems] == [
        ("repaired", 2),
        ("skipped", 1),
        ("skipped", 1),
    ]


@pytest.mark.parametrize("offset", ["nan", "inf", "-5", "1e400", "99999999999", ""])
def test_impossible_offsets(offset: str) -> None:
    loaded = read(f'<i><d p="{offset},1,25,1,0,0,0,0">好</d></i>')
    assert loaded.records[0].start_ms is None
    assert loaded.records[0].at is None


def test_empty_room_and_empty_file() -> None:
    assert read("<i><chatid>0</chatid></i>") == Danmaku((), ())
    assert causes(read("")) == ["the file is empty"]
    assert causes(read("<i>")) == ["the file breaks off before its end tag"]


@pytest.mark.parametrize("text", ["<html><body>x</body></html>", "<rss></rss>", "只是文字"])
def test_other_xml_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="no danmaku file"):
        read(text)


LAUGHS = '<?xml version="1.0"?>\n<!DOCTYPE lolz [\n<!ENTITY lol "lol">\n' + "".join(
    f'<!ENTITY lol{n + 1} "{f"&lol{n or str()};" * 10}">\n' for n in range(9)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS + "]>\n<lolz>&lol9;</lolz>",
        LAUGHS + ']>\n<i><d p="1,1,25,1,0,0,0,0">&lol9;</d></i>',
        '<!DOCTYPE i SYSTEM "file:///etc/passwd">\n<i></i>',
        '<!doctype i [<!ENTITY x SYSTEM "file:///etc/passwd">]><i><d p="1,1">&x;</d></i>',
    ],
)
def test_document_type_definitions_are_refused(text: str) -> None:
    with pytest.raises(FormatError, match="document type definition") as caught:
        read(text)
    assert caught.value.line is not None


def test_unknown_entities_stay_as_written() -> None:
    assert unescape("&lol9; &amp;lt; &#x4e00;&#0;&#xD800;&#1114112;") == "&lol9; &lt; 一���"
    assert read('<i><d p="1,1,25,1,0,0,0,0">&xxe;</d></i>').records[0].text == "&xxe;"


def test_chat_that_speaks_of_doctypes_is_chat() -> None:
    assert read('<i><d p="1,1,25,1,0,0,0,0">看<!DOCTYPE></d></i>').records[0].text == "看<!DOCTYPE>"


def test_more_than_the_limit_fails_before_reading(tmp_path: Path) -> None:
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.write(LAUGHS.encode())
        file.truncate(1 << 30)
    tracemalloc.start()
    with pytest.raises(LimitError, match="1,024 MiB, more than the limit of 512 MiB"):
        read_danmaku(path)
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


def test_message_limit() -> None:
    many = "<i>" + '<d p="1,1,25,1,0,0,0,0">好</d>' * 11 + "</i>"
    assert len(read(many, most=11).records) == 11
    with pytest.raises(LimitError, match="more than 10 messages"):
        read(many, most=10)


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_long_files_are_streamed_in_bounded_memory(tmp_path: Path, charset: str) -> None:
    path = tmp_path / "long.xml"
    filler = f'<o timestamp="{EPOCH}">{"原始数据" * 250}</o>\n'.encode(charset)
    with path.open("wb") as file:
        file.write(b"<i>\n")
        for number in range(100):
            file.write(f'<d p="{number},1,25,1,{EPOCH + number}000,0,5,0">第{number}条</d>\n'.encode(charset))
            file.write(filler * 800)
        file.write(b"</i>\n")
    assert path.stat().st_size > 150 << 20
    tracemalloc.start()
    loaded = read_danmaku(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [message.text for message in loaded.records] == [f"第{number}条" for number in range(100)]
    assert [message.place.line for message in loaded.records[:2] if message.place] == [2, 803]
    assert loaded.header.started_at == START
    assert peak < 48 << 20


def test_an_endless_element_is_left_out_and_the_rest_read() -> None:
    text = f'<i>\n<d p="1,1,25,1,0,0,0,0">{"长" * 3_000_000}</d>\n<d p="2,1,25,1,0,0,0,0">好</d>\n</i>'
    loaded = read(text)
    assert [message.text for message in loaded.records] == ["好"]
    assert loaded.problems[0].severity == "skipped"
    assert loaded.records[0].place is not None
    assert loaded.records[0].place.line == 3
