"""Findings with the recording they stand in: clips, export, and what the report shows."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import av
import pyarrow.parquet as pq
import pytest
from inspect_scenes import CHINA, PhraseScanner
from lxml import html
from made_media import make_recording, recording_of

from fairstream.evidence import cuts_opening
from fairstream.evidence.capture import read_captures
from fairstream.evidence.custody import CustodyLog
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.captions import write_captions
from fairstream.inspect.clips import cut_clips, plan_clips
from fairstream.inspect.export import rows, write_jsonl, write_parquet
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.media import NOT_RECORDED, NOT_TIMED, Media, recorded
from fairstream.inspect.provenance import clips_were_cut, files_of, took_in
from fairstream.inspect.recordings import write_recordings
from fairstream.inspect.report import render_report
from fairstream.law.resolve import load_law
from fairstream.records import (
    Broadcast,
    Finding,
    Gap,
    Language,
    Recording,
    Sound,
    Span,
    Stretch,
    Text,
    Timing,
    Utterance,
    Words,
)
from fairstream.sources.asr.card import ModelCard

DAY = date(2026, 3, 14)
EIGHT = datetime(2026, 3, 14, 20, 0, tzinfo=CHINA)


class Ears(PhraseScanner):
    """What it finds in syllables is to be listened to."""

    def _of(self, text: Text, language: Language) -> list[Finding]:
        return [replace(f, listen=text.heard == "syllables") for f in super()._of(text, language)]


def said(number: int, text: str, start: int, end: int) -> Utterance:
    """One syllable per character, evenly spaced."""
    step = (end - start) // len(text)
    sounds = tuple(
        Sound(f"a{i}", Span(i, i + 1), start + i * step, start + (i + 1) * step) for i in range(len(text))
    )
    return Utterance(f"r1-u{number}", text, start, end, heard="syllables", sounds=sounds, recording_id="r1")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recording(tmp_path_factory.mktemp("film") / "某场.mp4", 20)


@pytest.fixture
def recording(film: Path) -> Recording:
    """Ten seconds, a gap of thirty on the broadcast's clock, ten more."""
    return recording_of(film, Stretch(0, 0, 10_000), Stretch(10_000, 40_000, 10_000))


def inspect(recordings: Sequence[Recording], *utterances: Utterance, phrase: str = "最低价") -> Inspection:
    broadcast = Broadcast(
        "demo",
        "某场",
        DAY,
        started_at=EIGHT,
        invented=True,
        utterances=utterances,
        recordings=tuple(recordings),
        gaps=(Gap(10_000, 40_000, Words("录制中断", "recording was interrupted")),),
        timings=(
            Timing("chat_header", "某场.xml", EIGHT, "r1", 12.5, 40, 900, None, True),
            Timing("file_name", "某场.mp4", EIGHT, "r1", ahead_ms=-800),
        ),
    )
    return inspect_broadcast(broadcast, Ears(phrase), load_law())


@pytest.fixture
def inspection(recording: Recording) -> Inspection:
    return inspect(
        [recording],
        said(1, "全网最低价", 6000, 8000),
        said(2, "还是最低价", 20_000, 22_000),
        said(3, "再说最低价", 45_000, 47_000),
    )


def apart(inspection: Inspection) -> Inspection:
    """The same with each place of a repeated finding as a finding of its own."""
    found = []
    for located in inspection.findings:
        for number, place in enumerate(located.occurrences):
            one = replace(located.finding, id=f"f{number}", start_ms=place.start_ms, end_ms=place.end_ms)
            found.append(replace(located, finding=one, occurrences=(place,)))
    return replace(inspection, findings=tuple(found))


def test_a_moment_is_found_in_the_stretch_that_recorded_it(recording: Recording):
    broadcast = Broadcast("b", "b", DAY, recordings=(recording,))
    held = recorded(broadcast, 45_000)
    assert held is not None
    assert (held.recording.id, held.position_ms, held.stretch.start_ms) == ("r1", 15_000, 40_000)
    assert recorded(broadcast, 20_000) is None
    assert recorded(broadcast, None) is None


def test_of_two_recordings_the_one_it_was_heard_in_is_taken(recording: Recording):
    other = replace(recording, id="r2")
    broadcast = Broadcast("b", "b", DAY, recordings=(recording, other))
    held = recorded(broadcast, 5000, "r2")
    assert held is not None
    assert held.recording.id == "r2"


def test_clips_run_from_a_little_before_to_a_little_after_but_not_over_a_break(inspection: Inspection):
    plan = plan_clips(apart(inspection))
    assert [(one.from_ms, one.to_ms, one.findings) for one in plan.wanted] == [
        (1800, 10_000, ("f0",)),
        (10_800, 20_000, ("f2",)),
    ]
    assert plan.without == {"f1": NOT_RECORDED}


def test_findings_near_each_other_share_a_clip_up_to_a_minute(tmp_path: Path):
    film = make_recording(tmp_path / "long.m4a", 1, picture=False)
    recording = recording_of(film, seconds=300, video=False)
    talk = [said(n, "是最低价吗", n * 10_000, n * 10_000 + 1000) for n in range(1, 12)]
    wanted = plan_clips(apart(inspect([recording], *talk))).wanted
    assert [len(one.findings) for one in wanted] == [1] * 11
    closer = [said(n, "是最低价吗", n * 7000, n * 7000 + 1000) for n in range(1, 12)]
    wanted = plan_clips(apart(inspect([recording], *closer))).wanted
    assert [len(one.findings) for one in wanted] == [8, 3]
    assert all(one.to_ms - one.from_ms <= 60_000 for one in wanted)


def test_beyond_the_limit_graver_findings_keep_their_clips(inspection: Inspection):
    one, *others = apart(inspection).findings
    graver = replace(others[-1], finding=replace(others[-1].finding, severity="high"))
    lesser = replace(one, finding=replace(one.finding, severity="low"))
    plan = plan_clips(replace(inspection, findings=(lesser, graver)), most=1)
    assert [wanted.findings for wanted in plan.wanted] == [("f2",)]
    assert "1" in plan.without["f0"].zh


def test_words_without_time_get_no_clip_and_the_reason(recording: Recording):
    plan = plan_clips(inspect([recording], Utterance("u1", "全网最低价")))
    assert list(plan.without.values()) == [NOT_TIMED]


def test_clips_are_cut_and_recorded(inspection: Inspection, recording: Recording, tmp_path: Path):
    before = recording.path.read_bytes()
    cut = cut_clips(plan_clips(apart(inspection)).wanted, tmp_path)
    assert not cut.problems
    first, last = cut.clips
    assert (first.file, first.from_ms, first.start_ms, first.relation["method"]) == (
        "clips/f0.mp4", 1000, 1000, "stream_copy",
    )  # fmt: skip
    assert (last.from_ms, last.start_ms, last.end_ms) == (10_000, 40_000, 50_000)
    with av.open(str(tmp_path / first.file)) as clip:
        assert clip.duration == pytest.approx(9_000_000, abs=200_000)
    clips_were_cut(cut.clips, inspection.broadcast, tmp_path, who="甲")
    records = read_captures(tmp_path / "captures.jsonl").records
    assert [(one.name, one.parent.sha256 if one.parent else "", one.method) for one in records] == [
        ("clips/f0.mp4", recording.sha256, "cut"), ("clips/f2.mp4", recording.sha256, "cut"),
    ]  # fmt: skip
    assert [entry.action for entry in CustodyLog(tmp_path / "custody.jsonl").entries()] == ["cut", "cut"]
    assert recording.path.read_bytes() == before


def test_a_live_recording_is_read_through_again_only_where_its_clock_may_have_been_set_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    film = make_recording(tmp_path / "live.ts", 20, picture=False)
    read: list[str] = []
    look = cuts_opening.runs

    def noted(opened: cuts_opening.Opened) -> tuple[cuts_opening.Run, ...]:
        read.append(opened.name)
        return look(opened)

    monkeypatch.setattr(cuts_opening, "runs", noted)
    cuts = []
    for stretches in [(Stretch(0, 0, 20_000),), (Stretch(0, 0, 12_000), Stretch(12_000, 12_000, 8000))]:
        one = apart(inspect([recording_of(film, *stretches)], said(1, "是最低价吗", 6000, 7000)))
        cut = cut_clips(plan_clips(one).wanted, tmp_path / str(len(stretches)))
        cuts.append([(clip.sha256, clip.from_ms, clip.to_ms) for clip in cut.clips])
        assert len(read) == len(stretches) - 1
    assert len(cuts[0]) == 1
    assert cuts[0] == cuts[1]


def test_what_ffmpeg_cannot_write_is_told(tmp_path: Path):
    """Sound that begins only at the end of a transport stream: its rate is not known when writing begins."""
    film = make_recording(tmp_path / "late.ts", 20)
    one = apart(inspect([recording_of(film, Stretch(0, 0, 20_000))], said(1, "是最低价吗", 6000, 7000)))
    cut = cut_clips(plan_clips(one).wanted, tmp_path)
    assert cut.clips == ()
    assert list(cut.without) == ["f0"]
    assert [problem.place.file for problem in cut.problems] == ["late.ts"]
    assert list((tmp_path / "clips").iterdir()) == []


def test_a_recording_that_cannot_be_cut_is_told_and_the_rest_goes_on(
    inspection: Inspection, recording: Recording, tmp_path: Path
):
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypisom" + bytes(200))
    bad = replace(recording, id="r0", path=broken, stretches=(Stretch(0, 0, 10_000),))
    good = replace(recording, stretches=(Stretch(10_000, 40_000, 10_000),))
    broadcast = replace(inspection.broadcast, recordings=(bad, good))
    cut = cut_clips(plan_clips(replace(apart(inspection), broadcast=broadcast)).wanted, tmp_path / "out")
    assert [clip.findings for clip in cut.clips] == [("f2",)]
    assert list(cut.without) == ["f0"]
    assert [problem.place.file for problem in cut.problems] == ["某场.mp4"]


def test_rows_name_recording_position_and_clip(inspection: Inspection, tmp_path: Path):
    one = apart(inspection)
    cut = cut_clips(plan_clips(one).wanted, tmp_path)
    one = replace(one, media=Media(cut.clips))
    found = {row["id"]: row for row in rows(one)}
    assert [(row["recording"], row["position_ms"], row["clip"], row["listen"]) for row in found.values()] == [
        ("r1", 6800, "clips/f0.mp4", True), (None, None, None, True), ("r1", 15_800, "clips/f2.mp4", True),
    ]  # fmt: skip
    assert found["f0"]["clip_sha256"] == cut.clips[0].sha256
    write_jsonl([one], tmp_path / "f.jsonl")
    write_parquet([one], tmp_path / "f.parquet")
    lines = [json.loads(line) for line in (tmp_path / "f.jsonl").read_text("utf-8").splitlines()]
    assert pq.read_table(tmp_path / "f.parquet").to_pylist() == lines


def test_recordings_json_holds_clock_gaps_and_hashes_but_no_path(inspection: Inspection, tmp_path: Path):
    named = replace(inspection.broadcast.recordings[0], file=str(inspection.broadcast.recordings[0].path))
    model = ModelCard("engine", "1", "model", (("a.onnx", "0" * 64),))
    given = replace(
        inspection, broadcast=replace(inspection.broadcast, recordings=(named,)), media=Media(models=(model,))
    )
    write_recordings(given, tmp_path / "recordings.json")
    text = (tmp_path / "recordings.json").read_text("utf-8")
    held = json.loads(text)
    assert held["recordings"][0]["file"] == "某场.mp4"
    assert held["recordings"][0]["sha256"] == named.sha256
    assert held["recordings"][0]["stretches"][1] == {
        "position_ms": 10_000, "start_ms": 40_000, "length_ms": 10_000, "rate": 1.0,
    }  # fmt: skip
    assert held["gaps"] == [
        {
            "start_ms": 10_000,
            "end_ms": 40_000,
            "cause_zh": "录制中断",
            "cause_en": "recording was interrupted",
        }
    ]
    assert [(one["source"], one["drift_ppm"], one["used"]) for one in held["timings"]] == [
        ("chat_header", 12.5, True), ("file_name", None, False),
    ]  # fmt: skip
    assert held["models"] == [
        {"engine": "engine", "version": "1", "name": "model", "files": {"a.onnx": "0" * 64}}
    ]
    assert str(named.path.parent) not in text


def test_every_file_of_a_folder_is_recorded_as_received(tmp_path: Path, recording: Recording):
    folder, out = tmp_path / "in", tmp_path / "in" / "out"
    (folder / "facts").mkdir(parents=True)
    (folder / "facts" / "a.csv").write_text("a", "utf-8")
    (folder / "talk.srt").write_text("b", "utf-8")
    (folder / ".hidden").write_text("c", "utf-8")
    (folder / "out.lnk").symlink_to("/etc/hostname")
    out.mkdir()
    (out / "old.jsonl").write_text("d", "utf-8")
    sources = files_of([folder, recording.path], without=out)
    assert sorted(source.name for source in sources) == ["facts/a.csv", "talk.srt", "某场.mp4"]
    broadcast = Broadcast("b", "b", DAY, recordings=(recording,))
    assert took_in(sources, broadcast, tmp_path, who="甲") == ()
    assert took_in(sources, broadcast, tmp_path, who="甲") == ()
    records = read_captures(tmp_path / "captures.jsonl").records
    assert len(records) == 3
    assert {record.name: record.sha256 for record in records}["某场.mp4"] == recording.sha256
    assert len(CustodyLog(tmp_path / "custody.jsonl").entries()) == 6


@pytest.fixture
def page(inspection: Inspection, tmp_path: Path) -> html.HtmlElement:
    one = apart(inspection)
    plan = plan_clips(one)
    cut = cut_clips(plan.wanted, tmp_path)
    models = (ModelCard("engine", "1", "model", (("a.onnx", "0" * 64),)),)
    media = Media(cut.clips, {"r1": "../%E6%9F%90.mp4"}, models, plan.without)
    return html.fromstring(render_report(replace(one, media=media)))


def text(node: html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def test_each_finding_plays_its_clip_or_says_why_not(page: html.HtmlElement):
    first, second, third = (page.get_element_by_id(f"f{n}") for n in (1, 2, 3))
    play = first.xpath(".//a[@class='play']")[0]
    assert play.get("href") == play.get("data-clip") == "clips/f0.mp4"
    assert "00:01–00:10" in text(play)
    assert "20:00:01–20:00:10 +08:00" in text(first)
    assert "某场.mp4" in text(first)
    assert "no recording covers this moment" in text(second)
    assert not second.xpath(".//a[@class='play']")
    assert "00:40–00:50" in text(third)


def test_a_finding_to_be_listened_to_is_marked_and_held_back(page: html.HtmlElement):
    finding = page.get_element_by_id("f1")
    assert "请先听录音" in text(finding)
    assert "Listen before deciding" in text(finding)
    assert "把握" not in text(finding)
    assert "Syllables heard" in text(finding)
    assert finding.xpath(".//*[@lang='zh-Latn-pinyin']")[0].text_content() == "a2 a3 a4"
    assert len(finding.xpath(".//input[@class='listened']")) == 1


def test_rows_play_their_second_and_say_how_they_were_heard(page: html.HtmlElement):
    links = page.xpath("//*[@id='transcript']//a[@class='time']/@href")
    assert links == ["#t=6", "#u2", "#t=45"]
    assert "音节" in text(page.get_element_by_id("u1"))
    assert page.get_element_by_id("u1").get("data-start") == "6000"


def test_the_clock_section_tells_sources_gaps_hashes_and_models(page: html.HtmlElement):
    told = text(page.get_element_by_id("recordings"))
    for words in ("header of the chat", "12.5", "900", "-800", "recording was interrupted", "30.0", "0" * 64,
                  "recognised as syllables", "engine 1 · model"):  # fmt: skip
        assert words in told, words
    assert page.xpath("//*[@class='recorded']") and page.xpath("//*[@class='gap']")


def test_only_a_report_that_plays_may_load_media(page: html.HtmlElement):
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "media-src 'self' file:;" in policy
    assert policy.startswith("default-src 'none';")
    silent = html.fromstring(render_report(inspect([], Utterance("u1", "最低价", 0, 900))))
    assert "media-src" not in silent.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert not silent.xpath("//*[@id='player'] | //video")


def test_the_player_gets_its_data_and_no_address_outside(page: html.HtmlElement):
    data = json.loads(page.get_element_by_id("player").get("data-media"))
    assert [(clip["src"], clip["start"], clip["from"]) for clip in data["clips"]] == [
        ("clips/f0.mp4", 1000, 1000), ("clips/f2.mp4", 40_000, 10_000),
    ]  # fmt: skip
    assert data["recordings"][0]["src"] == "../%E6%9F%90.mp4"
    assert data["recordings"][0]["stretches"][1] == [10_000, 40_000, 10_000, 1.0]
    assert data["started"] == 1_773_489_600_000
    assert not re.search(r"https?://", html.tostring(page, encoding="unicode"))


def test_hostile_names_of_recordings_are_escaped(recording: Recording):
    nasty = "\"'><script>alert(1)</script>.mp4"
    shown = render_report(inspect([replace(recording, file=nasty)], said(1, "全网最低价", 6000, 8000)))
    assert len(html.fromstring(shown).xpath("//script")) == 1


def test_captions_hold_every_timed_utterance(recording: Recording, tmp_path: Path):
    talk = (
        said(1, "好", 3_723_004, 3_724_000),
        Utterance("u2", "a --> b\n\n<b>", 5000),
        Utterance("u3", "x"),
        Utterance("u4", "电话13812345678", 7000, 8000, speaker="customer"),
    )
    assert write_captions(inspect([recording], *talk), tmp_path / "c.vtt") == 3
    assert (tmp_path / "c.vtt").read_text("utf-8") == (
        "WEBVTT\n\n01:02:03.004 --> 01:02:04.000\n好\n\n00:00:05.000 --> 00:00:09.000\na --&gt; b &lt;b&gt;"
        "\n\n00:00:07.000 --> 00:00:08.000\n电话138******78\n"
    )
