"""Subtitles of every kind, whole and damaged."""

from datetime import timedelta
from pathlib import Path

import pytest

from fairstream.errors import FormatError
from fairstream.records import Party, Utterance
from fairstream.sources.loaded import Loaded
from fairstream.sources.speakers import Cast
from fairstream.sources.subtitles import join_lines, plain, read_clock, read_subtitles, subtitle_kind
from fairstream.sources.times import CHINA

SRT = """1
00:00:01,000 --> 00:00:03,500
主播：大家好
今天全网最低

2
00:00:03,500 --> 00:00:05,000
<i>Hello</i>
my friends

3
00:00:06,000 --> 00:00:08,000
{\\an8}拍一发三
"""


def read(text: str | bytes, **options: object) -> Loaded[Utterance]:
    data = text if isinstance(text, bytes) else text.encode()
    return read_subtitles(data, name="talk.srt", **options)  # type: ignore[arg-type]


def rows(loaded: Loaded[Utterance]) -> list[tuple[str, int | None, int | None]]:
    return [(cue.text, cue.start_ms, cue.end_ms) for cue in loaded.records]


def causes(loaded: Loaded[Utterance]) -> list[str]:
    return [problem.cause for problem in loaded.problems]


def test_srt_as_it_should_be() -> None:
    loaded = read(SRT)
    assert rows(loaded) == [
        ("大家好今天全网最低", 1000, 3500),
        ("Hello my friends", 3500, 5000),
        ("拍一发三", 6000, 8000),
    ]
    assert loaded.problems == ()
    first = loaded.records[0]
    assert (first.id, first.speaker, first.speaker_name) == ("u1", "host", "主播")
    assert [cue.place.line for cue in loaded.records if cue.place] == [2, 7, 12]


@pytest.mark.parametrize("charset", ["gbk", "utf-8-sig", "utf-16", "utf-16-le"])
def test_srt_in_other_encodings(charset: str) -> None:
    assert rows(read(SRT.encode(charset))) == rows(read(SRT))


def test_dots_short_fractions_and_missing_hours() -> None:
    loaded = read("1\n00:01.5 --> 00:02.25\n好\n")
    assert rows(loaded) == [("好", 1500, 2250)]


def test_missing_numbers_are_reported_once() -> None:
    loaded = read("00:00:01,000 --> 00:00:02,000\n一\n\n00:00:02,000 --> 00:00:03,000\n二\n")
    assert [row[0] for row in rows(loaded)] == ["一", "二"]
    assert [(problem.cause, problem.count) for problem in loaded.problems] == [
        ("a cue without its number", 2)
    ]


def test_missing_blank_line_between_cues() -> None:
    loaded = read("1\n00:00:01,000 --> 00:00:02,000\n一\n2\n00:00:02,000 --> 00:00:03,000\n二\n")
    assert [row[0] for row in rows(loaded)] == ["一", "二"]


def test_number_as_speech_is_kept() -> None:
    loaded = read("1\n00:00:01,000 --> 00:00:02,000\n666\n\n00:00:02,000 --> 00:00:03,000\n二\n")
    assert [row[0] for row in rows(loaded)] == ["666", "二"]


def test_overlap_is_clipped_and_reported() -> None:
    loaded = read("1\n00:00:01,000 --> 00:00:05,000\n一\n\n2\n00:00:03,000 --> 00:00:06,000\n二\n")
    assert rows(loaded) == [("一", 1000, 3000), ("二", 3000, 6000)]
    assert causes(loaded) == ["a cue overlaps the next; its end was moved to the next start"]
    assert loaded.problems[0].severity == "repaired"
    assert loaded.problems[0].place.line == 2


def test_order_and_impossible_ends_are_mended() -> None:
    loaded = read("1\n00:00:05,000 --> 00:00:04,000\n二\n\n2\n00:00:01,000 --> 00:00:02,000\n一\n")
    assert rows(loaded) == [("一", 1000, 2000), ("二", 5000, None)]
    assert len(loaded.problems) == 2


@pytest.mark.parametrize(
    "tail",
    [
        "2\n00:00:0",
        "2\n00:00:03,000 -->",
        "2\n00:00:03,000 --> 00:00:04,000",
        "2\n00:00:03,000 --> 00:00:04,000\n",
        "2\n",
    ],
)
def test_file_cut_after_a_cue_keeps_what_stands(tail: str) -> None:
    loaded = read(f"1\n00:00:01,000 --> 00:00:02,000\n一\n\n{tail}")
    assert rows(loaded) == [("一", 1000, 2000)]
    assert "the file breaks off inside a cue; what stands was kept" in causes(loaded)


def test_file_cut_inside_the_text_keeps_the_text() -> None:
    loaded = read("1\n00:00:01,000 -->\n全网最")
    assert rows(loaded) == [("全网最", 1000, None)]
    assert causes(loaded) == ["the file breaks off inside a cue; what stands was kept"]


def test_blank_line_inside_a_cue_and_empty_cues() -> None:
    loaded = read(
        "1\n00:00:01,000 --> 00:00:02,000\n一\n\n又一\n\n2\n00:00:02,000 --> 00:00:03,000\n\n"
        "3\n00:00:03,000 --> 00:00:04,000\n三\n"
    )
    assert [row[0] for row in rows(loaded)] == ["一又一", "三"]
    assert causes(loaded) == [
        "text after an empty line inside a cue; it was kept with the cue",
        "the entry has no text",
    ]


def test_text_before_the_first_cue_is_reported() -> None:
    loaded = read("某某制作\n\n1\n00:00:01,000 --> 00:00:02,000\n一\n")
    assert rows(loaded) == [("一", 1000, 2000)]
    assert causes(loaded) == ["text outside any cue"]


def test_unreadable_time_keeps_the_words() -> None:
    loaded = read("1\n00:99:99,000 --> 00:00:02,000\n一\n")
    assert [row[0] for row in rows(loaded)] == ["一"]
    assert "a time that cannot be read; the entry was kept without it" in causes(loaded)


def test_speech_with_an_arrow_is_no_timing() -> None:
    loaded = read("1\n00:00:01,000 --> 00:00:02,000\n点这里 --> 下单\n--> 看这里\n")
    assert loaded.records[0].text == "点这里 --> 下单--> 看这里"


def test_vtt_voices_notes_settings_and_entities() -> None:
    loaded = read(
        "WEBVTT - 标题\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE\n注释\n两行\n\n"
        "00:01.000 --> 00:03.000 align:start position:0%\n"
        "<v 主播>你好 &amp; <b>欢迎</b></v>\n<v.loud 顾客>多少钱\n\n"
        "intro\n01:00:00.000 --> 01:00:01.000\n<c.red>药</c><00:59:59.000>食同源\n"
    )
    assert [(cue.text, cue.speaker, cue.speaker_name) for cue in loaded.records] == [
        ("你好 & 欢迎", "host", "主播"),
        ("多少钱", "customer", "顾客"),
        ("药食同源", "host", None),
    ]
    assert loaded.records[1].start_ms == 1000
    assert loaded.records[2].start_ms == 3_600_000


def test_less_than_signs_that_are_no_tags_stay() -> None:
    assert plain("价格<100 & 爱你<3") == "价格<100 & 爱你<3"
    assert plain("{\\pos(1,2)}第一\\N第二\\h句") == "第一第二 句"
    assert join_lines(["a", "b", "中", "文"]) == "a b中文"


def test_ass_columns_follow_the_format_line() -> None:
    script = (
        "[Script Info]\nTitle: x\n[V4+ Styles]\nFormat: Name, Fontname\nStyle: Default,Arial\n[Events]\n"
        "Format: Start, End, Style, Name, Text\n"
        "Dialogue: 0:00:01.50,0:00:03.00,Default,助播,{\\b1}拍一,发三\\N快\n"
        "Comment: 0:00:03.00,0:00:04.00,Default,,不要读\n"
        "Dialogue: 0:00:04.00,0:00:05.00,主播,,好\n"
        "Dialogue: 0:00:05.00,0:00:06.00,Default,,{\\p1}m 0 0 l 1 1\n"
        "Dialogue: 0:00:07.00\n"
    )
    loaded = read(script)
    assert [(cue.text, cue.start_ms, cue.end_ms, cue.speaker) for cue in loaded.records] == [
        ("拍一,发三快", 1500, 3000, "seller"),
        ("好", 4000, 5000, "host"),
    ]
    assert causes(loaded) == ["a Dialogue line with fewer fields than its Format line names"]
    assert loaded.problems[0].place.line == 12


def test_ass_without_format_takes_the_usual_columns() -> None:
    loaded = read("[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,好,的\n")
    assert rows(loaded) == [("好,的", 1000, 2000)]
    assert causes(loaded) == ["no Format line in [Events]; the usual column order was taken"]


def test_lrc_offsets_repeats_and_word_marks() -> None:
    loaded = read(
        "[ti:专场]\n[offset:+100]\n[00:01.20][00:09.50]家人们\n[00:05.00]<00:05.10>拍<00:05.40>一\n[00:07:50]二\n"
    )
    assert rows(loaded) == [
        ("家人们", 1100, 4900),
        ("拍一", 4900, 7400),
        ("二", 7400, 9400),
        ("家人们", 9400, None),
    ]


def test_parties_are_recognised_by_name() -> None:
    cast = Cast((Party("seller", "小店（虚构）"),))
    loaded = read("1\n00:00:01,000 --> 00:00:02,000\n小店：好\n", cast=cast, prefix="x")
    assert (loaded.records[0].id, loaded.records[0].speaker, loaded.records[0].text) == ("x1", "seller", "好")


@pytest.mark.parametrize("text", ["只是一段话", "a,b\n1,2\n", "{}", "<i></i>"])
def test_other_text_is_refused(text: str) -> None:
    assert subtitle_kind(text) is None
    with pytest.raises(FormatError, match=r"no SRT, VTT, ASS or LRC"):
        read(text)


def test_empty_file_gives_a_problem() -> None:
    loaded = read("")
    assert (loaded.records, causes(loaded)) == ((), ["the file is empty"])


def clock_file(lag: float, count: int) -> bytes:
    """A time subtitle whose loop takes 1 + `lag` seconds: cue n stands at n although more has passed."""
    cues = []
    for n in range(count):
        seconds = int(n * (1 + lag))
        clock = f"2026-03-01 20:{seconds // 60:02}:{seconds % 60:02}"
        cues.append(
            f"{n + 1}\n00:{n // 60:02}:{n % 60:02},000 --> "
            f"00:{(n + 1) // 60:02}:{(n + 1) % 60:02},000\n{clock}\n"
        )
    return "\n".join(cues).encode()


@pytest.mark.parametrize("lag", [0.0, 0.05])
def test_time_subtitle_gives_the_start_of_the_recording(lag: float) -> None:
    start = read_clock(clock_file(lag, 600))
    assert start is not None
    assert start.utcoffset() == CHINA.utcoffset(None)
    assert abs(
        start.replace(tzinfo=None) - start.replace(tzinfo=None, hour=20, minute=0, second=0, microsecond=0)
    ) < (timedelta(seconds=1))


def test_ordinary_subtitles_hold_no_clock(tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text(SRT, encoding="utf-8")
    assert read_clock(path) is None
    assert read_clock(b"nothing") is None
