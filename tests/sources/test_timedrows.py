"""Tables of timed texts: speech and words in the picture."""

import json
from collections.abc import Sequence

import pytest

from fairstream.records import Party
from fairstream.sources.speakers import Cast
from fairstream.sources.timedrows import is_timed_row, read_screen, read_timed_utterances


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_utterances_with_milliseconds_seconds_and_marks() -> None:
    loaded = read_timed_utterances(
        lines(
            {"start_ms": 1200, "end_ms": 3400, "speaker": "host", "text": "全网最低", "confidence": 0.9},
            {"start": 4.5, "end": "00:00:06", "speaker": "顾客", "text": "多少钱"},
            {"start": "00:01:00", "text": "好", "speaker": "某人", "confidence": 87},
        ),
        name="talk.jsonl",
        prefix="t",
    )
    assert [(u.id, u.text, u.start_ms, u.end_ms, u.speaker, u.confidence) for u in loaded.records] == [
        ("t1", "全网最低", 1200, 3400, "host", 0.9),
        ("t2", "多少钱", 4500, 6000, "customer", None),
        ("t3", "好", 60_000, None, "unknown", 0.87),
    ]
    assert loaded.problems == ()
    assert [u.place.line for u in loaded.records if u.place] == [1, 2, 3]


def test_chinese_csv_and_parties() -> None:
    table = "开始时间,结束时间,说话人,内容\n00:00:01,00:00:03,小美,全网最低\n00:00:03,,,好\n".encode("gbk")
    loaded = read_timed_utterances(table, cast=Cast((Party("host", "小美"),)))
    assert [(u.text, u.start_ms, u.end_ms, u.speaker, u.speaker_name) for u in loaded.records] == [
        ("全网最低", 1000, 3000, "host", "小美"),
        ("好", 3000, None, "host", None),
    ]


def test_faults_are_reported_by_row() -> None:
    loaded = read_timed_utterances(
        lines(
            {"start_ms": 5, "text": ""},
            {"start": "soon", "text": "一"},
            {"start_ms": 2000, "end_ms": 1000, "text": "二"},
            {"start_ms": 3000, "text": "三", "confidence": 500},
            [1],
        )
    )
    assert [(u.text, u.start_ms, u.end_ms, u.confidence) for u in loaded.records] == [
        ("一", None, None, None),
        ("二", 2000, None, None),
        ("三", 3000, None, None),
    ]
    assert sorted((p.place.line, p.severity) for p in loaded.problems) == [
        (1, "skipped"),
        (2, "repaired"),
        (3, "repaired"),
        (5, "skipped"),
    ]


def test_screen_texts_from_rows_and_from_subtitles() -> None:
    rows = read_screen(
        lines({"start_ms": 10, "end_ms": 20, "text": "第一"}, {"start_ms": 30, "text": "补钙"})
    )
    assert [(s.id, s.text, s.start_ms, s.end_ms) for s in rows.records] == [
        ("s1", "第一", 10, 20),
        ("s2", "补钙", 30, None),
    ]
    cues = read_screen("1\n00:00:01,000 --> 00:00:02,000\n第一\n".encode("utf-8-sig"), name="screen.srt")
    assert [(s.id, s.text, s.start_ms, s.end_ms) for s in cues.records] == [("s1", "第一", 1000, 2000)]
    assert cues.records[0].place is not None
    assert cues.records[0].place.file == "screen.srt"


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("text", "startms"), True),
        (("内容", "开始时间"), True),
        (("text",), False),
        (("startms", "endms"), False),
        (("标题", "价格"), False),
    ],
)
def test_rows_of_timed_texts_have_a_text_and_a_start(columns: Sequence[str], expected: bool) -> None:
    assert is_timed_row(frozenset(columns)) is expected


def test_characters_that_are_a_guess_stay_one() -> None:
    rows = [{"start_ms": 0, "text": "好", "heard": heard} for heard in ("syllables", "characters", "x", "")]
    found = read_timed_utterances(lines(*rows), name="transcript.jsonl").records
    assert [said.heard for said in found] == ["syllables", "characters", "given", "given"]
