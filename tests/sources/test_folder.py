"""A broadcast folder, in every state its files may be in."""

import io
import json
import os
import random
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from fairstream.errors import InputError, UsageError
from fairstream.records import Broadcast
from fairstream.sources.bytes import Input
from fairstream.sources.folder import read_files, read_folder
from fairstream.sources.kinds import kinds_of
from fairstream.sources.recorders import start_in_name
from fairstream.sources.times import CHINA

SRT = "1\n00:00:01,000 --> 00:00:03,000\n小美：全网最低\n"
XML = (
    '<i>\n<d p="1.5,1,25,1,1772366401500,0,3,0" user="小美">有的</d>\n'
    '<d p="2,1,25,1,1772366402000,0,4,0" user="甲">好</d>\n</i>'
)
START = datetime(2026, 3, 1, 20, 0, tzinfo=CHINA)


def write(folder: Path, **files: str | bytes) -> Path:
    """Write files; a double underscore stands for the dot, a triple one for a slash."""
    for name, content in files.items():
        path = folder / name.replace("___", "/").replace("__", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def told(broadcast: Broadcast) -> dict[str, str]:
    return {problem.place.file: problem.cause for problem in broadcast.problems}


def test_folder_with_everything(tmp_path: Path) -> None:
    write(
        tmp_path,
        broadcast__yaml="id: demo\ntitle: 好物\non: 2026-03-01\nstarted_at: 2026-03-01 20:00\n"
        "room: 007\ninvented: yes\nparties:\n- role: host\n  name: 小美\n",
        talk__srt=SRT,
        danmu__xml=XML,
        goods__csv="标题,价格\n茶,9.9\n",
        shops__json='[{"id":"s","name":"小店","operator":"某公司"}]',
        screen__jsonl='{"start_ms":100,"end_ms":900,"text":"第一名","confidence":0.9}\n{"start_ms":950,"text":"补钙"}\n',
    )
    broadcast = read_folder(tmp_path)
    assert (broadcast.id, broadcast.title, broadcast.room, broadcast.invented) == (
        "demo",
        "好物",
        "007",
        True,
    )
    assert (broadcast.on, broadcast.started_at, broadcast.duration_ms) == (date(2026, 3, 1), START, 3000)
    assert [(u.id, u.text, u.speaker) for u in broadcast.utterances] == [("u1", "全网最低", "host")]
    assert [(m.text, m.speaker) for m in broadcast.chat] == [("有的", "seller"), ("好", "customer")]
    assert [(s.text, s.start_ms, s.confidence) for s in broadcast.screen] == [
        ("第一名", 100, 0.9),
        ("补钙", 950, None),
    ]
    assert [item.price_fen for item in broadcast.listings] == [990]
    assert [shop.name for shop in broadcast.shops] == ["小店"]
    assert broadcast.problems == ()
    assert broadcast.utterances[0].place is not None
    assert broadcast.utterances[0].place.file == "talk.srt"


def test_one_bad_file_never_stops_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        broadcast__yaml="on: 2026-03-01\n",
        a_noise__bin=random.Random(1).randbytes(5000),
        b_empty__srt="",
        c_bomb__xml='<!DOCTYPE a [<!ENTITY b "c">]><i>&b;</i>',
        d_deep__json="[" * 100_000,
        e_cut__xlsx=b"PK\x03\x04" + b"x" * 100,
        f_video__mp4=b"anything",
        g_page__html="<!DOCTYPE html><html></html>",
        h_notes__md="# 记录",
        i_other__xml="<rss/>",
        talk__srt=SRT,
    )
    broadcast = read_folder(tmp_path)
    assert len(broadcast.utterances) == 1
    causes = told(broadcast)
    assert causes["a_noise.bin"] == "these bytes are not text in any known encoding"
    assert causes["b_empty.srt"] == "the file is empty"
    assert "document type definition" in causes["c_bomb.xml"]
    assert causes["f_video.mp4"] == "this is no recording that can be read"
    assert causes["i_other.xml"] == "this XML is no danmaku file"
    unrecognised = "no transcript, chat or listing was recognised in this file"
    assert {name for name, cause in causes.items() if cause == unrecognised} == {
        "d_deep.json",
        "e_cut.xlsx",
        "g_page.html",
        "h_notes.md",
    }
    assert all(problem.severity == "skipped" and problem.remedy for problem in broadcast.problems)


def test_broken_manifest_is_a_problem_and_the_files_are_read(tmp_path: Path) -> None:
    write(tmp_path, broadcast__yaml="title: 'open\n", talk__srt=SRT)
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert len(broadcast.utterances) == 1
    assert broadcast.problems[0].place.file == "broadcast.yaml"
    assert broadcast.id == tmp_path.name


@pytest.mark.parametrize("path", ["../secret.srt", "/etc/hostname", "a/../../secret.srt", "link.srt"])
def test_files_outside_the_folder_are_refused(tmp_path: Path, path: str) -> None:
    write(
        tmp_path, secret__srt=SRT, room___broadcast__yaml=f'on: 2026-03-01\nfiles:\n  transcript: "{path}"\n'
    )
    (tmp_path / "room" / "link.srt").symlink_to(tmp_path / "secret.srt")
    broadcast = read_folder(tmp_path / "room")
    assert broadcast.utterances == ()
    first = broadcast.problems[0]
    assert (first.place.file, first.place.line) == ("broadcast.yaml", 3)
    assert "outside the broadcast's folder" in first.cause


def test_links_leading_out_are_not_followed(tmp_path: Path) -> None:
    write(tmp_path, secret__srt=SRT, room___talk__srt=SRT)
    (tmp_path / "room" / "link.srt").symlink_to(tmp_path / "secret.srt")
    (tmp_path / "room" / "loop").symlink_to(tmp_path / "room")
    broadcast = read_folder(tmp_path / "room", on=date(2026, 3, 1))
    assert len(broadcast.utterances) == 1
    assert told(broadcast) == {"link.srt": "'link.srt' lies outside the broadcast's folder"}


def test_named_files_decide_their_part_and_missing_ones_are_told(tmp_path: Path) -> None:
    write(
        tmp_path,
        broadcast__yaml="on: 2026-03-01\nfiles:\n  transcript: a.md\n  screen: b.srt\n  shops: none.csv\n",
        a__md="主播：全网最低\n",
        b__srt="1\n00:00:01,000 --> 00:00:03,000\n仅此一天\n",
        c__txt="另一份文字稿\n",
        d__csv="标题,价格\n茶,1\n",
    )
    broadcast = read_folder(tmp_path)
    assert [u.text for u in broadcast.utterances] == ["全网最低"]
    assert [(s.text, s.end_ms) for s in broadcast.screen] == [("仅此一天", 3000)]
    assert len(broadcast.listings) == 1
    assert told(broadcast) == {
        "broadcast.yaml": "'none.csv' is named in broadcast.yaml but is not there",
        "c.txt": "broadcast.yaml names other files as transcript",
    }


def test_the_day_comes_from_the_start_or_must_be_given(tmp_path: Path) -> None:
    write(tmp_path, talk__srt=SRT)
    with pytest.raises(UsageError, match="on which day"):
        read_folder(tmp_path)
    broadcast = read_folder(tmp_path, today=date(2026, 11, 22))
    assert broadcast.on == date(2026, 11, 22)
    assert "2026-11-22 was taken and decides the law" in broadcast.problems[0].cause
    assert read_folder(tmp_path, on=date(2025, 1, 1)).problems == ()
    write(tmp_path, danmu__xml=XML)
    assert read_folder(tmp_path).on == date(2026, 3, 1)


def test_late_evening_in_utc_is_the_next_day_in_china(tmp_path: Path) -> None:
    write(tmp_path, broadcast__yaml="started_at: 2026-02-28T17:00:00Z\n", talk__srt=SRT)
    assert read_folder(tmp_path).on == date(2026, 3, 1)


def test_parts_of_a_recording_are_placed_on_one_clock(tmp_path: Path) -> None:
    def part(start: int) -> str:
        return f'<i><d p="1,1,25,1,{1772366400000 + start * 1000 + 1000},0,3,0" user="甲">第{start}秒</d></i>'

    write(tmp_path, broadcast__yaml="on: 2026-03-01\n")
    for start, name in ((0, "录制-1-20260301-200000-000-好物"), (1800, "录制-1-20260301-203000-000-好物")):
        (tmp_path / f"{name}.xml").write_text(part(start), encoding="utf-8")
        (tmp_path / f"{name}.srt").write_text(SRT, encoding="utf-8")
    broadcast = read_folder(tmp_path)
    assert [(m.text, m.start_ms) for m in broadcast.chat] == [("第0秒", 1000), ("第1800秒", 1_801_000)]
    assert [u.start_ms for u in broadcast.utterances] == [1000, 1_801_000]
    assert [u.end_ms for u in broadcast.utterances] == [3000, 1_803_000]
    assert len({u.id for u in broadcast.utterances} | {m.id for m in broadcast.chat}) == 4
    assert broadcast.started_at == START
    assert broadcast.problems == ()


def test_recorder_event_gives_the_start(tmp_path: Path) -> None:
    event = {
        "EventType": "FileClosed",
        "EventData": {"RoomId": 1, "FileOpenTime": "2026-03-01T20:00:00+08:00"},
    }
    write(
        tmp_path,
        hook__json=json.dumps(event),
        talk__srt=SRT,
        chat__jsonl='{"user":"甲","text":"好","timestamp":1772366410}\n{"user":"甲","text":"行","timestamp":1772366411}\n',
    )
    broadcast = read_folder(tmp_path)
    assert broadcast.started_at == START
    assert [m.start_ms for m in broadcast.chat] == [10_000, 11_000]


def test_time_subtitle_gives_the_start_and_is_no_speech(tmp_path: Path) -> None:
    cues = "".join(
        f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n + 1:02},000\n2026-03-01 20:00:{n:02}\n\n" for n in range(30)
    )
    write(tmp_path, clock__srt=cues, talk__txt="主播：好\n")
    broadcast = read_folder(tmp_path)
    assert [u.text for u in broadcast.utterances] == ["好"]
    assert broadcast.started_at is not None
    assert abs((broadcast.started_at - START).total_seconds()) < 1


def test_transcripts_of_the_same_minutes_are_told(tmp_path: Path) -> None:
    text = "".join(f"[00:{n:02}:00] 第{n}句\n" for n in range(10))
    write(tmp_path, a__txt=text, b__txt=text)
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert len(broadcast.utterances) == 20
    assert told(broadcast) == {"b.txt": "several transcripts cover the same minutes; all were kept"}


def test_a_folder_of_its_own_is_another_broadcast(tmp_path: Path) -> None:
    write(
        tmp_path,
        talk__srt=SRT,
        other___broadcast__yaml="id: o\n",
        other___talk__srt=SRT,
        more___talk__srt=SRT,
    )
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert {u.place.file for u in broadcast.utterances if u.place} == {"talk.srt", "more/talk.srt"}
    assert told(broadcast) == {"other": "a folder with a broadcast.yaml of its own"}


def test_hidden_and_lock_files_are_left_alone(tmp_path: Path) -> None:
    write(tmp_path, talk__srt=SRT)
    for name in (".DS_Store", "~$goods.xlsx"):
        (tmp_path / name).write_bytes(b"\0\1\2")
    assert read_folder(tmp_path, on=date(2026, 3, 1)).problems == ()


def test_too_many_files(tmp_path: Path) -> None:
    for number in range(510):
        (tmp_path / f"{number:04}.bin").touch()
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert broadcast.problems[-1].cause == "more files than the limit of 500"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_folder(tmp_path / "none")


def test_same_key_same_pseudonyms(tmp_path: Path) -> None:
    write(tmp_path, danmu__xml=XML)
    users = [[m.user for m in read_folder(tmp_path, key=key).chat] for key in (b"k", b"k", b"l", None, None)]
    assert users[0] == users[1] != users[2]
    assert users[3] != users[4]


def test_loose_files(tmp_path: Path) -> None:
    write(tmp_path, talk__srt=SRT, danmu__xml=XML, broadcast__yaml="id: loose\non: 2026-03-01\n")
    broadcast = read_files([tmp_path / "talk.srt", tmp_path / "danmu.xml"])
    assert (broadcast.id, len(broadcast.utterances), len(broadcast.chat)) == ("talk", 1, 2)
    assert broadcast.on == date(2026, 3, 1)
    assert read_files([tmp_path / "talk.srt", tmp_path / "broadcast.yaml"]).id == "loose"
    missing = read_files([tmp_path / "none.srt", tmp_path / "talk.srt"], on=date(2026, 3, 1))
    assert len(missing.utterances) == 1
    assert missing.problems[0].cause == "there is no such file"


def test_special_files_are_not_opened(tmp_path: Path) -> None:
    write(tmp_path, talk__srt=SRT)
    os.mkfifo(tmp_path / "pipe.txt")
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert told(broadcast) == {"pipe.txt": "this is a folder, pipe or device, not a file"}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["标题", "价格", "店铺", "公司"])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "kinds"),
    [
        ("a.txt", SRT, {"subtitles"}),
        ("a.json", "WEBVTT\n\n00:01.000 --> 00:02.000\nx\n", {"subtitles"}),
        ("画面.srt", SRT, {"screen"}),
        ("a.txt", "随便说说\n", {"transcript"}),
        ("a.csv", "随便说说\n", {"unknown"}),
        ("README.txt", "随便说说\n", {"unknown"}),
        ("a.txt", "【聊天msg】[1]甲: 好\n", {"chat"}),
        ("a.txt", XML, {"danmaku"}),
        ("a.json", '{"segments":[{"start":0,"end":1,"text":"a"}]}', {"whisper"}),
        ("a.json", '[{"key":"a","text":"b","timestamp":[[0,1]]}]', {"funasr"}),
        ("a.jsonl", '{"user":"a","text":"b"}\n{"user":"a","text":"c"}\n', {"chat"}),
        (
            "a.jsonl",
            '{"start_ms":1,"end_ms":2,"speaker":"host","text":"b"}\n{"start_ms":1,"text":"c"}\n',
            {"timed"},
        ),
        ("ocr.jsonl", '{"start_ms":1,"end_ms":2,"text":"b"}\n{"start_ms":1,"text":"c"}\n', {"screen"}),
        ("弹幕.jsonl", '{"start_ms":1,"text":"b"}\n{"start_ms":1,"text":"c"}\n', {"chat"}),
        ("a.json", '[{"title":"a","price":1}]', {"listings"}),
        (
            "a.json",
            '{"listings":[{"title":"a","price":1}],"shops":[{"name":"b","operator":"c"}]}',
            {"listings", "shops"},
        ),
        ("a.txt", "标题\t价格\n茶\t1\n", {"listings"}),
        ("a.json", '{"EventType":"FileClosed","EventData":{}}', {"event"}),
        ("a.json", '{"a":1}', {"unknown"}),
        ("a.ass", "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,{\\move(1,2,3,4)}x\n", {"chat"}),
        ("a.lrc", "[00:01.00]x\n[00:02.00]y\n", {"subtitles"}),
        ("a.mp4", SRT, {"media"}),
        ("a.html", "<html></html>", {"unknown"}),
    ],
)
def test_kinds_are_told_by_content_first(name: str, content: str, kinds: set[str]) -> None:
    assert kinds_of(Input(name, content.encode(), 1 << 20)) == kinds


def test_workbook_kinds() -> None:
    assert kinds_of(Input("a.bin", workbook(), 1 << 20)) == {"listings", "shops"}


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("101-小店/录制-101-20260301-200000-123-好物.xml", START),
        ("blive_101_2026-03-01-200000.xml", START),
        ("小店2026-03-01 20_00_00好物.srt".replace("_", ":"), START),
        ("小店_2026-03-01_20-00-00_000.ts", START),
        ("20260301_200000.xml", START),
        ("talk.srt", None),
        ("20261301_200000.xml", None),
        ("6900000000001.xml", None),
    ],
)
def test_start_in_a_recorders_file_name(name: str, start: datetime | None) -> None:
    assert start_in_name(name) == start
