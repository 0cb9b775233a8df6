"""Plain transcripts and the JSON of recognisers."""

import json
from datetime import datetime
from typing import Any

import pytest

from fairstream.errors import FormatError
from fairstream.records import Utterance
from fairstream.sources.loaded import Loaded
from fairstream.sources.times import CHINA
from fairstream.sources.transcripts import (
    MOST_CHARACTERS,
    json_kind,
    read_funasr,
    read_transcript,
    read_whisper,
)

Row = tuple[str, int | None, int | None, str]


def rows(loaded: Loaded[Utterance]) -> list[Row]:
    return [(cue.text, cue.start_ms, cue.end_ms, cue.speaker) for cue in loaded.records]


def causes(loaded: Loaded[Utterance]) -> list[str]:
    return [problem.cause for problem in loaded.problems]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[00:12:03] 主播：全网最低\n[00:12:05]顾客：多少钱\n",
            [("全网最低", 723_000, 725_000, "host"), ("多少钱", 725_000, None, "customer")],
        ),
        (
            "12:03 助播：拍一\n12:09 99元\n",
            [("拍一", 723_000, 729_000, "seller"), ("99元", 729_000, None, "host")],
        ),
        ("00:12\n你好\n00:15\n再见\n", [("你好", 12_000, 15_000, "host"), ("再见", 15_000, None, "host")]),
        (
            "[00:00:01.000 --> 00:00:05.000]  全网最低\n[00:00:05.000 --> 00:00:07.000]  没有了\n",
            [("全网最低", 1000, 5000, "host"), ("没有了", 5000, 7000, "host")],
        ),
        (
            "说话人1 00:12\n你好\n再见\n主播 00:20\n好\n",
            [
                ("你好", 12_000, 20_000, "unknown"),
                ("再见", None, None, "unknown"),
                ("好", 20_000, None, "host"),
            ],
        ),
        ("（00:05）好\n【00:07】【主播】行\n", [("好", 5000, 7000, "host"), ("行", 7000, None, "host")]),
        (
            "host: hello\nviewer: how much\n",
            [("hello", None, None, "host"), ("how much", None, None, "customer")],
        ),
    ],
)
def test_common_shapes(text: str, expected: list[Row]) -> None:
    assert rows(read_transcript(text.encode())) == expected


def test_speaker_before_a_colon_holds_for_its_line_only() -> None:
    loaded = read_transcript("顾客：能治病吗\n一周见效\n".encode())
    assert [cue.speaker for cue in loaded.records] == ["customer", "host"]


def test_a_time_that_is_said_is_no_stamp() -> None:
    text = "家人们注意\n3:00 开抢\n价格：9.9\n大家记住\n不要错过\n点关注\n"
    loaded = read_transcript(text.encode())
    assert [cue.text for cue in loaded.records] == text.splitlines()
    assert all(cue.start_ms is None for cue in loaded.records)


def test_wall_clock_stamps_count_from_the_start() -> None:
    data = "2026-03-01 20:15:03 你好\n[2026-03-01 20:15:09] 再见\n".encode()
    assert rows(read_transcript(data)) == [("你好", 0, 6000, "host"), ("再见", 6000, None, "host")]
    start = datetime(2026, 3, 1, 20, 15, 0, tzinfo=CHINA)
    assert [cue.start_ms for cue in read_transcript(data, started_at=start).records] == [3000, 9000]


def test_lines_have_places() -> None:
    loaded = read_transcript("\n一\n\n二\n".encode(), name="talk.txt")
    assert [(cue.place.file, cue.place.line) for cue in loaded.records if cue.place] == [
        ("talk.txt", 2),
        ("talk.txt", 4),
    ]


def test_very_long_lines_are_cut_at_sentence_ends_without_loss() -> None:
    text = "这款面霜真的很好用。" * 3000
    loaded = read_transcript(text.encode())
    assert "".join(cue.text for cue in loaded.records) == text
    assert max(len(cue.text) for cue in loaded.records) <= MOST_CHARACTERS
    assert all(cue.text.endswith("。") for cue in loaded.records)
    assert len(loaded.problems) == 1


def whisper(segments: list[dict[str, Any]]) -> Loaded[Utterance]:
    return read_whisper(json.dumps({"text": "…", "segments": segments, "language": "zh"}).encode())


def segment(text: str, start: float = 0.0, **fields: Any) -> dict[str, Any]:
    return {"id": 0, "start": start, "end": start + 2.0, "text": text} | fields


def test_whisper_keeps_times_and_confidence() -> None:
    loaded = whisper(
        [segment(" 全网最低", 1.5, avg_logprob=-0.2, no_speech_prob=0.1), segment("拍一发三", 4)]
    )
    first, second = loaded.records
    assert (first.text, first.start_ms, first.end_ms) == ("全网最低", 1500, 3500)
    assert first.confidence == pytest.approx(0.8187 * 0.9, abs=1e-3)
    assert second.confidence is None


def test_whisper_confidence_from_words_and_speaker_labels() -> None:
    words = [{"word": "好", "probability": 0.5}, {"word": "的", "probability": 1.0}]
    loaded = whisper(
        [segment("好的", words=words, speaker="SPEAKER_00"), segment("行", 3, speaker="SPEAKER_01")]
    )
    assert loaded.records[0].confidence == 0.75
    assert [cue.speaker for cue in loaded.records] == ["unknown", "unknown"]


def test_a_lone_numbered_voice_is_the_host() -> None:
    loaded = whisper([segment("好的", speaker="SPEAKER_00"), segment("行", 3, speaker="SPEAKER_00")])
    assert {cue.speaker for cue in loaded.records} == {"host"}


def test_whisper_cpp_shape() -> None:
    data = {"transcription": [{"offsets": {"from": 0, "to": 1200}, "text": "好", "timestamps": {}}]}
    loaded = read_whisper(json.dumps(data).encode())
    assert rows(loaded) == [("好", 0, 1200, "host")]


@pytest.mark.parametrize(
    "text",
    [
        "字幕由 某某社区 提供",
        "字幕志愿者 某某",
        "请不吝点赞 订阅 转发 打赏支持某某栏目",
        "Subtitles by the Amara.org community",
        "Thank you for watching!",
        "作词 某某 作曲 某某",
    ],
)
def test_lines_made_up_over_silence_are_dropped_with_a_problem(text: str) -> None:
    loaded = whisper([segment("真话"), segment(text, 3)])
    assert [cue.text for cue in loaded.records] == ["真话"]
    assert [(problem.severity, problem.place.line) for problem in loaded.problems] == [("skipped", 2)]


@pytest.mark.parametrize(
    "text", ["家人们点点关注", "谢谢大家的观看和支持我们明天见", "请大家点赞订阅我的直播间哦谢谢"]
)
def test_what_hosts_say_is_kept_when_heard_well(text: str) -> None:
    assert len(whisper([segment(text, avg_logprob=-0.1, no_speech_prob=0.01)]).records) == 1


def test_doubted_farewell_is_dropped() -> None:
    loaded = whisper([segment("谢谢观看", avg_logprob=-0.4, no_speech_prob=0.9)])
    assert loaded.records == ()
    assert len(loaded.problems) == 1


def test_endless_repeats_are_dropped_but_chanting_stays() -> None:
    loaded = whisper(
        [
            segment("来来来来来来"),
            segment("谢谢" * 40, 3),
            *[segment("今天最后一单", 5 + n) for n in range(8)],
        ]
    )
    assert [cue.text for cue in loaded.records] == ["来来来来来来", "今天最后一单"]
    assert sum(problem.count for problem in loaded.problems) == 8


def test_a_few_equal_lines_stay() -> None:
    loaded = whisper([segment("今天最后一单", n) for n in range(4)])
    assert len(loaded.records) == 4


def test_broken_segments_are_counted() -> None:
    loaded = whisper([segment("好"), {"start": 1}, "text", segment("", 3)])  # type: ignore[list-item]
    assert len(loaded.records) == 1
    assert loaded.problems[0].count == 2


def test_json_that_breaks_off_keeps_its_whole_segments() -> None:
    data = json.dumps({"text": "x", "segments": [segment("一"), segment("二", 3), segment("三", 6)]}).encode()
    loaded = read_whisper(data[:-40])
    assert [cue.text for cue in loaded.records] == ["一", "二"]
    assert causes(loaded) == ["the JSON breaks off; its whole items were kept"]


def test_lone_surrogates_and_nan_are_survived() -> None:
    data = b'{"segments":[{"start":0,"end":1,"text":"\\u5168\\ud800\\u7f51","avg_logprob":NaN}]}'
    loaded = read_whisper(data)
    assert loaded.records[0].text == "全�网"
    assert loaded.records[0].confidence is None
    assert loaded.problems[0].severity == "repaired"


@pytest.mark.parametrize("data", [b"{", b"[[[", b"nothing", b'{"a":1', b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_json_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        read_whisper(data)


def test_funasr_sentences_with_speakers() -> None:
    info = [
        {"text": "大家好。", "start": 100, "end": 900, "spk": 0},
        {"sentence": "多少钱？", "start": 1000, "end": 1500, "spk": 1},
    ]
    loaded = read_funasr(json.dumps([{"key": "a", "text": "…", "sentence_info": info}]).encode())
    assert rows(loaded) == [("大家好。", 100, 900, "unknown"), ("多少钱？", 1000, 1500, "unknown")]
    assert loaded.records[1].speaker_name == "speaker 1"


def test_funasr_token_times_make_sentences() -> None:
    text = "大家好，买一送一。only 99 元！"
    stamps = [[n * 100, n * 100 + 90] for n in range(10)]
    loaded = read_funasr(json.dumps([{"key": "a", "text": text, "timestamp": stamps}]).encode())
    assert rows(loaded) == [("大家好，买一送一。", 0, 690, "host"), ("only 99 元！", 700, 990, "host")]
    assert loaded.problems == ()


def test_funasr_times_that_do_not_fit_are_proportional_and_told() -> None:
    stamps = [[n * 100, n * 100 + 90] for n in range(4)]
    loaded = read_funasr(
        json.dumps([{"key": "a", "text": "一二三四。五六七八。", "timestamp": stamps}]).encode()
    )
    assert rows(loaded) == [("一二三四。", 0, 190, "host"), ("五六七八。", 200, 390, "host")]
    assert causes(loaded) == ["token times do not fit the text; sentence times are proportional"]


def test_funasr_text_without_times() -> None:
    loaded = read_funasr('[{"key":"a","text":"一。二。"}, 5]'.encode())
    assert rows(loaded) == [("一。", None, None, "host"), ("二。", None, None, "host")]
    assert loaded.problems[0].cause == "the entry is not an object with named fields"


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"segments": []}, "whisper"),
        ({"transcription": []}, "whisper"),
        ([{"text": "a", "timestamp": [[0, 1]]}], "funasr"),
        ([{"sentence_info": []}], "funasr"),
        ([{"start": 0, "end": 1, "text": "a", "avg_logprob": -1}], "whisper"),
        ([{"title": "a"}], None),
        ([], None),
        ("x", None),
    ],
)
def test_json_kinds(value: object, kind: str | None) -> None:
    assert json_kind(value) == kind
