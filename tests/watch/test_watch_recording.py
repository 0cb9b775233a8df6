import hashlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import orjson
import pytest

from fairstream.cli import main
from fairstream.errors import InputError, UsageError
from fairstream.evidence.capture import CAPTURES, read_captures
from fairstream.evidence.custody import CUSTODY, CustodyLog
from fairstream.sources.folder import read_folder
from fairstream.sources.media import probe
from fairstream.watch.live import Asked, Senses, Summary, Watch
from fairstream.watch.recording import Keeping
from fairstream.watch.recovery import recover
from fairstream.watch.stream import Reading
from watch.streams import LiveList, film, scanner, served

QUICK = Reading(silent_s=3, give_up_s=2, idle_s=1.0, from_start=True)


def watched(
    source: str | Path, out: Path, *, stop: threading.Event | None = None, segment_s: float = 2
) -> Summary:
    asked = Asked(str(source), out, "王某（虚构）", QUICK, segment_s)
    return Watch(asked, lambda: Senses(scanner())).run(stop or threading.Event())


def media(out: Path) -> list[Path]:
    return sorted(path for path in (out / "recording").iterdir() if path.suffix in (".ts", ".mkv"))


def all_hashes_right(out: Path) -> int:
    """How many records there are; each fits its file, and every file has one."""
    records = read_captures(out / CAPTURES)
    assert not records.problems
    for record in records.records:
        assert hashlib.sha256((out / record.name).read_bytes()).hexdigest() == record.sha256
    names = {record.name for record in records.records}
    assert {path.relative_to(out).as_posix() for path in media(out)} <= names
    chain = CustodyLog(out / CUSTODY).check()
    assert chain.broken_line is None
    return len(names)


def test_stream_becomes_segments_with_hashes_times_and_entries(tmp_path: Path) -> None:
    live = LiveList(tmp_path, 6)
    out = tmp_path / "out"
    with served(live) as address:
        summary = watched(f"{address}/live.m3u8", out)
    assert summary.segments == 3 and not summary.missing
    assert [round((probe(path).duration_ms or 0) / 1000) for path in media(out)] == [2, 2, 2]
    assert all_hashes_right(out) == 3
    record = read_captures(out / CAPTURES).records[0]
    assert (record.who, record.method) == ("王某（虚构）", "recorded")
    assert record.source == f"{address}/live.m3u8" and record.tool.startswith("fairstream watch ")
    subjects = [entry.subject.name for entry in CustodyLog(out / CUSTODY).entries()]
    assert subjects == ["watch", *(path.relative_to(out).as_posix() for path in media(out)), "watch"]
    assert not list(out.rglob("*.part"))


def test_what_a_watch_wrote_stands_on_one_clock_when_it_is_inspected(tmp_path: Path) -> None:
    out = tmp_path / "out"
    watched(film(tmp_path / "a.flv", 5, form="flv"), out)
    broadcast = read_folder(out)
    assert [recording.has_audio for recording in broadcast.recordings] == [True, True, True]
    starts = [recording.moment(0) for recording in broadcast.recordings]
    assert starts == pytest.approx([0, 2000, 4000], abs=60)
    assert not broadcast.gaps
    assert broadcast.title == "out" and not broadcast.utterances and not broadcast.listings
    assert [problem.cause for problem in broadcast.problems if problem.severity == "skipped"] == []


def test_sound_that_mpeg_ts_does_not_take_goes_into_matroska(tmp_path: Path) -> None:
    source = tmp_path / "a.mkv"
    command = [
        "ffmpeg",
        "-loglevel",
        "error",
        "-f",
        "lavfi",
        "-i",
        "sine",
        "-t",
        "3",
        "-c:a",
        "libopus",
        str(source),
    ]
    try:
        subprocess.run(command, check=True, timeout=30)
    except (FileNotFoundError, subprocess.CalledProcessError):
        pytest.skip("needs ffmpeg with libopus")
    watched(source, tmp_path / "out")
    assert {path.suffix for path in media(tmp_path / "out")} == {".mkv"}
    assert all_hashes_right(tmp_path / "out") == 2


def test_second_watch_goes_on_behind_the_first(tmp_path: Path) -> None:
    out, source = tmp_path / "out", film(tmp_path / "a.ts", 3)
    watched(source, out)
    first = {path.name: path.read_bytes() for path in media(out)}
    watched(source, out)
    assert [int(path.stem[-6:]) for path in sorted(media(out), key=lambda path: path.stem[-6:])] == [
        1,
        2,
        3,
        4,
    ]
    assert all((out / "recording" / name).read_bytes() == data for name, data in first.items())
    assert all_hashes_right(out) == 4


def test_part_left_by_a_kill_is_kept_named_and_hashed(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path, "王某（虚构）", "x")
    folder = tmp_path / "recording"
    folder.mkdir()
    (folder / "20260301-200000-000007.ts.part").write_bytes(b"G" * 1000)
    event = {"EventType": "FileOpening", "EventData": {"RelativePath": "recording/20260301-200000-000007.ts",
             "FileOpenTime": "2026-03-01T20:00:00+08:00"}}  # fmt: skip
    (folder / "20260301-200000-000007.jsonl").write_bytes(orjson.dumps(event))
    (folder / "20260301-195900-000006.ts").write_bytes(b"G" * 500)
    found = recover(keeping)
    assert found.next_number == 8
    assert found.parts == ("recording/20260301-200000-000007.unfinished.ts",)
    assert found.recorded == ("recording/20260301-195900-000006.ts",)
    assert (folder / "20260301-200000-000007.unfinished.ts").read_bytes() == b"G" * 1000
    moved = orjson.loads((folder / "20260301-200000-000007.unfinished.jsonl").read_bytes())
    assert moved["EventData"]["RelativePath"] == found.parts[0]
    assert "unfinished" in read_captures(tmp_path / CAPTURES).records[0].note
    assert all_hashes_right(tmp_path) == 2
    assert recover(keeping) == (8, (), ())


def test_changed_segment_stops_the_next_watch(tmp_path: Path) -> None:
    out, source = tmp_path / "out", film(tmp_path / "a.ts", 2)
    watched(source, out)
    path = media(out)[0]
    data = bytearray(path.read_bytes())
    data[200] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match="no longer has the bytes"):
        watched(source, out)


def test_two_watches_do_not_write_into_one_folder(tmp_path: Path) -> None:
    source, out = film(tmp_path / "a.ts", 1), tmp_path / "out"
    stop = threading.Event()
    asked = Asked(str(source), out, "x", Reading(idle_s=30))
    one = threading.Thread(target=Watch(asked, lambda: Senses(scanner())).run, args=(stop,))
    one.start()
    try:
        while not (out / "events.jsonl").exists():
            time.sleep(0.05)
        with pytest.raises(UsageError, match="another watch"):
            watched(source, out)
    finally:
        stop.set()
        one.join()
    with pytest.raises(UsageError, match="written into"):
        watched(out, out)


def test_full_disk_is_told_and_costs_no_finished_segment(tmp_path: Path) -> None:
    source, out = film(tmp_path / "a.ts", 8), tmp_path / "out"
    size = len(source.read_bytes())

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))

    # Segments of 2 s fit under the limit; one of 30 s does not.
    fine = command(source, out, "--segment", "2")
    subprocess.run(fine, check=True, timeout=60, capture_output=True, preexec_fn=limited)
    done = all_hashes_right(out)
    full = subprocess.run(
        command(source, out, "--segment", "30"),
        timeout=60,
        capture_output=True,
        text=True,
        preexec_fn=limited,
    )
    assert full.returncode == 3
    assert "nothing more can be written" in full.stderr and "Remedy: make room" in full.stderr
    assert "Traceback" not in full.stderr
    assert all_hashes_right(out) == done == 4
    assert len(list(out.rglob("*.ts.part"))) == 1
    watched(source, out)
    assert all_hashes_right(out) == done + 1 + 4


def command(source: str | Path, out: Path, *more: str) -> list[str]:
    given = [str(source), "--out", str(out), "--who", "王某（虚构）", "--idle", "1", "--give-up", "2", *more]
    return [sys.executable, "-m", "fairstream", "watch", *given]


def test_killed_watches_lose_nothing_that_was_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    told: dict[str, str] = {}
    live = LiveList(tmp_path, 60, pace_s=0.5)
    with served(live) as address:
        for wait in (0.3, 1.6):
            process = subprocess.Popen(
                command(f"{address}/live.m3u8", out, "--segment", "1"), stdout=subprocess.PIPE, text=True
            )
            assert process.stdout
            for line in process.stdout:
                if '"kind":"segment"' in line:
                    break
            told |= segment_of(line)
            time.sleep(wait)
            process.kill()
            for line in process.communicate()[0].splitlines():
                told |= segment_of(line)
        parts = len(list(out.rglob("*.ts.part")))
        stop = threading.Event()
        threading.Timer(1.0, stop.set).start()
        watched(f"{address}/live.m3u8", out, stop=stop)
    assert len(told) >= 3 and parts == 1
    for name, sha256 in told.items():
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == sha256
    all_hashes_right(out)
    assert len(list(out.rglob("*.unfinished.ts"))) == 2


def segment_of(line: str) -> dict[str, str]:
    event = orjson.loads(line) if '"kind":"segment"' in line else None
    return {event["name"]: event["sha256"]} if event else {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signal_ends_a_watch_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    with served(LiveList(tmp_path, 30, pace_s=0.5)) as address:
        process = subprocess.Popen(
            command(f"{address}/live.m3u8", out, "--segment", "60"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert process.stdout
        for line in process.stdout:
            if '"state":"connected"' in line:
                break
        time.sleep(1.0)
        process.send_signal(number)
        told, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert "已按要求停止" in said and "fairstream inspect" in said
    assert len(media(out)) == 1 and not list(out.rglob("*.part"))
    assert all_hashes_right(out) == 1
    assert orjson.loads(told.splitlines()[-1])["state"] == "ended"


def test_help_speaks_of_what_is_lawful_and_is_quick(capsys: pytest.CaptureFixture[str]) -> None:
    begun = time.process_time()
    old, sys.argv = sys.argv, ["fairstream", "watch", "--help"]
    try:
        with pytest.raises(SystemExit):
            main()
    finally:
        sys.argv = old
    assert time.process_time() - begun < 2
    text = " ".join(capsys.readouterr().out.split())
    assert "may lawfully record" in text and "no platform's protection is worked around" in text


def test_wrong_calls_exit_with_two_and_unreadable_sources_with_three(tmp_path: Path) -> None:
    env = os.environ | {"FAIRSTREAM_CONFIG": str(tmp_path / "none.toml")}
    for source, code in (("ftp://a/b", 2), (str(tmp_path / "none.ts"), 3)):
        done = subprocess.run(command(source, tmp_path / "out"), capture_output=True, timeout=60, env=env)
        assert done.returncode == code
