"""One clock: planted drift, pauses and disagreements come back within stated milliseconds."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from fairstream.records import Broadcast, Timing
from fairstream.sources.fitting import fit_line
from fairstream.sources.folder import read_files, read_folder
from sources.clock_samples import DIALECTS, START, chat, long_video, slow_clock

SECONDS = 7200
DRIFT = 150e-6
PAUSE_AT, PAUSE = 2_400_000, 45_000
NAME = "小店（虚构）_好物_2026-03-01_20-00-00"


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_video(tmp_path_factory.mktemp("long") / "a.mkv", SECONDS)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return long_video(tmp_path_factory.mktemp("short") / "a.mkv", 60)


def put(folder: Path, video: Path, name: str) -> None:
    (folder / f"{name}.mkv").parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(video, folder / f"{name}.mkv")


def timing(broadcast: Broadcast, source: str) -> Timing:
    return next(timing for timing in broadcast.timings if timing.source == source)


def told(broadcast: Broadcast) -> str:
    return "\n".join(problem.cause for problem in broadcast.problems)


def offsets(count: int, seed: int = 2) -> np.ndarray:
    return np.sort(np.random.default_rng(seed).uniform(0, SECONDS * 1000, count))


def with_drift(offset: float) -> float:
    return offset * (1 + DRIFT)


def with_pause(offset: float) -> float:
    return with_drift(offset) + (PAUSE if offset > PAUSE_AT else 0)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("count", [300, 3000])
def test_planted_drift_and_pause_in_each_dialect(
    tmp_path: Path, video: Path, dialect: str, count: int
) -> None:
    put(tmp_path, video, "live")
    (tmp_path / "live.xml").write_text(chat(dialect, START, offsets(count), with_pause), encoding="utf-8")
    broadcast = read_folder(tmp_path)
    recording = broadcast.recordings[0]
    messages = timing(broadcast, "message_times")
    assert messages.points == count
    assert messages.drift_ppm == pytest.approx(DRIFT * 1e6, abs=120 if count == 300 else 45)
    assert broadcast.started_at is not None
    early = (broadcast.started_at - START).total_seconds() * 1000
    assert abs(early) <= (1 if dialect in ("bililive", "blrec") else 450)
    (gap,) = broadcast.gaps
    assert abs(gap.end_ms - gap.start_ms - PAUSE) <= 200
    assert abs(gap.start_ms - with_drift(PAUSE_AT)) <= SECONDS * 1000 / count * 4
    wrong = [
        recording.moment(position) - with_pause(position)
        for position in range(0, SECONDS * 1000, 60_000)
        if abs(position - PAUSE_AT) > 120_000
    ]
    assert max(map(abs, wrong)) <= (500 if count == 300 else 300)
    assert broadcast.duration_ms == pytest.approx(with_pause(SECONDS * 1000), abs=1000)
    late = broadcast.chat[-1]
    assert late.start_ms is not None
    assert late.at is not None
    assert abs((late.at - broadcast.started_at).total_seconds() * 1000 - late.start_ms) < 1
    assert "stood still" in gap.cause.en


@pytest.mark.parametrize("dialect", DIALECTS)
def test_drift_is_not_told_from_few_messages(tmp_path: Path, short: Path, dialect: str) -> None:
    put(tmp_path, short, "live")
    few = offsets(400) / 120
    (tmp_path / "live.xml").write_text(chat(dialect, START, few, with_drift), encoding="utf-8")
    broadcast = read_folder(tmp_path)
    assert timing(broadcast, "message_times").drift_ppm is None
    assert broadcast.recordings[0].stretches[0].rate == 1.0


@pytest.mark.parametrize("lag", [0.0, 0.011, 0.05])
def test_slow_time_subtitle(tmp_path: Path, video: Path, lag: float) -> None:
    put(tmp_path, video, NAME)
    (tmp_path / f"{NAME}.srt").write_text(slow_clock(START, 3600, lag), encoding="utf-8")
    broadcast = read_folder(tmp_path)
    subtitle = timing(broadcast, "subtitle_clock")
    assert subtitle.used
    assert subtitle.drift_ppm is None
    assert broadcast.started_at is not None
    wrong = (broadcast.started_at - START).total_seconds()
    assert abs(wrong) <= (0.5 if lag == 0 else 0.05)
    assert abs((timing(broadcast, "file_name").ahead_ms or 0) + 250 + wrong * 1000) <= 2
    assert (broadcast.platform, broadcast.title, broadcast.on) == (None, "好物", date(2026, 3, 1))


def test_trust_and_disagreement(tmp_path: Path, short: Path) -> None:
    name = "1-小店（虚构）/录制-1-20260301-200010-000-好物"
    put(tmp_path, short, name)
    event = {
        "EventType": "FileClosed",
        "EventData": {
            "RelativePath": f"{name}.mkv",
            "FileOpenTime": START.isoformat(),
            "FileCloseTime": (START + timedelta(seconds=75)).isoformat(),
            "Duration": 60.0,
        },
    }
    (tmp_path / "hook.json").write_text(json.dumps(event), encoding="utf-8")
    (tmp_path / f"{name}.xml").write_text(
        chat("bililive", START + timedelta(seconds=4), offsets(50) / 120, with_drift), encoding="utf-8"
    )
    broadcast = read_folder(tmp_path)
    assert broadcast.started_at == START
    assert [(each.source, each.used) for each in broadcast.timings] == [
        ("web_hook", True),
        ("chat_header", False),
        ("message_times", False),
        ("file_name", False),
    ]
    assert [each.ahead_ms for each in broadcast.timings[1::2]] == [4000, 9750]
    assert {each.recording_id for each in broadcast.timings} == {"r1"}
    assert "start +4.0 s from the one that is used" in told(broadcast)
    assert "kept this file open +15.0 s longer" in told(broadcast)
    assert (broadcast.platform, broadcast.room, broadcast.parties[0].name) == ("B站直播", "1", "小店（虚构）")


def test_the_manifest_outranks_all(tmp_path: Path, short: Path) -> None:
    for number in (1, 2):
        put(tmp_path, short, f"part{number}")
    (tmp_path / "broadcast.yaml").write_text(
        "started_at: 2026-03-01T20:00:00+08:00\nfiles:\n  recordings:\n  - part1.mkv\n"
        "  - file: part2.mkv\n    started_at: 2026-03-01 20:01:30\n",
        encoding="utf-8",
    )
    broadcast = read_folder(tmp_path)
    assert broadcast.timings[0].source == "manifest"
    assert broadcast.problems == ()
    assert [recording.file for recording in broadcast.recordings] == ["part1.mkv", "part2.mkv"]
    assert [recording.stretches[0].start_ms for recording in broadcast.recordings] == [0, 90_000]
    assert [(gap.start_ms, gap.end_ms) for gap in broadcast.gaps] == [(60_000, 90_000)]


def test_segments_by_number_with_one_missing(tmp_path: Path, short: Path) -> None:
    folder = tmp_path / "抖音直播" / "小店（虚构）"
    for number in (0, 1, 3):
        put(folder, short, f"{NAME}_{number:03}")
    (folder / f"{NAME}_001.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\n全网最低\n", encoding="utf-8")
    broadcast = read_folder(tmp_path)
    assert [recording.stretches[0].start_ms for recording in broadcast.recordings] == [0, 60_000, 180_000]
    assert [(gap.start_ms, gap.end_ms) for gap in broadcast.gaps] == [(120_000, 180_000)]
    assert "segment 2 is missing" in broadcast.gaps[0].cause.en
    assert "缺少第 2 段" in broadcast.gaps[0].cause.zh
    assert told(broadcast).count("it was joined to the last by number and length") == 2
    assert "1 segments before this one are missing; 60 s were assumed" in told(broadcast)
    utterance = broadcast.utterances[0]
    assert (utterance.start_ms, utterance.end_ms, utterance.recording_id) == (61_000, 63_000, "r2")
    assert broadcast.platform == "抖音直播"
    assert [party.name for party in broadcast.parties] == ["小店（虚构）"]


def test_recordings_by_wall_clock_with_a_gap(tmp_path: Path, short: Path) -> None:
    for at in ("200000", "200100", "200230"):
        put(tmp_path / "7", short, f"20260301_{at}")
    broadcast = read_folder(tmp_path)
    assert [recording.stretches[0].start_ms for recording in broadcast.recordings] == [0, 60_000, 150_000]
    assert [(gap.start_ms, gap.end_ms) for gap in broadcast.gaps] == [(120_000, 150_000)]
    assert broadcast.duration_ms == 210_000
    assert broadcast.room == "7"
    third = broadcast.recordings[2]
    assert third.moment(1000) == 151_000
    assert third.position(151_000) == 1000
    assert third.position(130_000) is None


def test_when_nothing_tells_the_time_it_is_said(tmp_path: Path, short: Path) -> None:
    for name in ("甲", "乙"):
        put(tmp_path, short, name)
    (tmp_path / "乙.mkv").write_bytes((tmp_path / "乙.mkv").read_bytes() + b"\0")
    broadcast = read_folder(tmp_path, on=date(2026, 3, 1))
    assert broadcast.started_at is None
    assert [recording.started_at for recording in broadcast.recordings] == [None, None]
    assert "nothing tells when the recordings began" in told(broadcast)
    assert "it was joined to the last by number and length" in told(broadcast)
    assert broadcast.timings == ()


def test_the_same_bytes_twice_are_read_once(tmp_path: Path, short: Path) -> None:
    put(tmp_path, short, NAME)
    shutil.copy(short, tmp_path / f"{NAME}.mp4")
    broadcast = read_folder(tmp_path)
    assert len(broadcast.recordings) == 1
    assert "the same bytes as" in told(broadcast)


def test_a_reset_clock_pauses_as_long_as_the_messages_say(tmp_path: Path, short: Path) -> None:
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed")
    from sources.media_samples import ts_at

    (tmp_path / "live.ts").write_bytes(ts_at(short, 0) * 2)
    without = read_folder(tmp_path, on=date(2026, 3, 1))
    assert [(gap.start_ms == gap.end_ms, "not known" in gap.cause.en) for gap in without.gaps] == [
        (True, True)
    ]
    spread = offsets(600) / 60
    lines = chat("douyin", START, spread, lambda offset: offset + (30_000 if offset > 60_000 else 0))
    (tmp_path / "live.xml").write_text(lines, encoding="utf-8")
    broadcast = read_folder(tmp_path)
    (gap,) = broadcast.gaps
    assert abs(gap.end_ms - gap.start_ms - 30_000) <= 300
    assert abs(gap.start_ms - 60_000) <= 600


def test_loose_recordings(short: Path) -> None:
    broadcast = read_files([short], on=date(2026, 3, 1))
    assert broadcast.recordings[0].duration_ms == pytest.approx(60_000, abs=600)
    assert len(broadcast.recordings[0].sha256) == 64


@pytest.mark.parametrize("count", [1, 2, 19, 25])
def test_a_line_through_few_points(count: int) -> None:
    line = fit_line([float(at * 1000) for at in range(count)], [1e12 + at * 1000 for at in range(count)])
    assert line is not None
    assert (line.at_zero_ms, line.drift_ppm, line.residual_ms, line.steps) == (1e12, None, 0, ())
    assert fit_line([], []) is None
