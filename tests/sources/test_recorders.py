"""Names and web hooks of recorders."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fairstream.sources.recorders import Recorded, natural, read_events, read_name, stem_of
from fairstream.sources.times import CHINA

START = datetime(2026, 3, 1, 20, 0, tzinfo=CHINA)
HOST = "小店（虚构）"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            f"101-{HOST}/录制-101-20260301-200000-123-好物.flv",
            ("BililiveRecorder", START + timedelta(milliseconds=123), HOST, "好物", "101", "B站直播", None),
        ),
        (
            f"101 - {HOST}/blive_101_2026-03-01-200000.flv",
            ("blrec", START, HOST, None, "101", "B站直播", None),
        ),
        (f"{HOST}2026-03-01 20_00_00好物.flv", ("biliup", START, HOST, "好物", None, None, None)),
        (
            "抖音直播/小_美/2026-03-01/小_美_好物_2026-03-01_20-00-00_003.ts",
            ("DouyinLiveRecorder", START, "小_美", "好物", None, "抖音直播", 3),
        ),
        (
            "淘宝直播/小美/小美_2026-03-01_20-00-00.mp4",
            ("DouyinLiveRecorder", START, "小美", None, None, "淘宝直播", None),
        ),
        ("小美_2026-03-01_20-00-00_000.ts", ("DouyinLiveRecorder", START, "小美", None, None, None, 0)),
        ("55/20260301_200000.flv", ("LyzenX", START, None, None, "55", "抖音直播", None)),
        ("part2.mp4", (None, None, None, None, None, None, 2)),
        ("第3段.mp4", (None, None, None, None, None, None, 3)),
        ("talk.mp4", (None, None, None, None, None, None, None)),
        ("录制-1-20261301-200000-000-x.flv", ("BililiveRecorder", None, None, "x", "1", "B站直播", None)),
    ],
)
def test_names(name: str, expected: tuple[object, ...]) -> None:
    assert tuple(read_name(name))[:7] == expected


def test_folders_above_the_given_one_count() -> None:
    found = read_name("小美_2026-03-01_20-00-00_001.ts", ("downloads", "快手直播", "小美"))
    assert (found.platform, found.host, found.segment) == ("快手直播", "小美", 1)


@pytest.mark.parametrize(
    "name", ["", ".mp4", "/", "_" * 5000, "录制-", "1" * 5000, "a\n2026-03-01 20_00_00\n.flv"]
)
def test_odd_names_are_read_without_fault(name: str) -> None:
    assert isinstance(read_name(name), Recorded)


def test_numbers_sort_as_numbers() -> None:
    assert sorted(["a10", "a9", "a", "b1", "1a", "²"], key=natural)[:4] == ["1a", "a", "a9", "a10"]
    assert stem_of("a.b/c.d.mp4") == "a.b/c.d"
    assert stem_of("a.b/c") == "a.b/c"


def event(kind: str, **data: object) -> dict[str, object]:
    return {"EventType": kind, "EventData": {"RelativePath": "1-a\\x.flv", "Name": HOST, "RoomId": 1} | data}


@pytest.mark.parametrize("shape", ["lines", "list", "one"])
def test_opening_and_closing_of_a_file_stand_together(tmp_path: Path, shape: str) -> None:
    opened = event("FileOpening", FileOpenTime="2026-03-01T20:00:00.5+08:00")
    closed = event(
        "FileClosed", FileOpenTime="2026-03-01T20:00:00.5+08:00", FileCloseTime="2026-03-01T21:00:00+08:00",
        Duration=3590.0,
    )  # fmt: skip
    events = [opened, {"EventType": "StreamStarted", "EventData": {}}, closed, 7]
    text = {
        "lines": "\n".join(map(json.dumps, events)),
        "list": json.dumps(events),
        "one": json.dumps(closed, indent=1),
    }
    path = tmp_path / "hook.json"
    path.write_text(text[shape], encoding="utf-8")
    (found,) = read_events(path, "hook.json")
    assert (found.file, found.host, found.room, found.duration_s) == ("1-a/x.flv", HOST, "1", 3590.0)
    assert found.opened_at == START + timedelta(milliseconds=500)
    assert found.closed_at == START + timedelta(hours=1)
