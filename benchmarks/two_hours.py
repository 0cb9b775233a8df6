"""Two hours of recordings in four pieces: what the clock recovers, and what inspecting them costs.

Made here from the clips of ../shared/audio with silence between them and the captioned film of
../shared/video repeated; four recorders' names and chat dialects, one piece each; gaps between the pieces and
a drift in each are planted. Then `fairstream inspect` is run on the folder as a person would run it. Needs
../shared (or FAIRSTREAM_SHARED) and ffmpeg; says so and ends when they are not there.

    python benchmarks/two_hours.py [--minutes 120] [--no-screen]
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import wave
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

SHARED = Path(os.environ.get("FAIRSTREAM_SHARED") or Path(__file__).resolve().parents[2] / "shared")
CHINA = timezone(timedelta(hours=8))
RATE = 16_000
BEGAN = datetime(2026, 3, 14, 20, 0, 0, 250_000, tzinfo=CHINA)
GAPS_MS = (12_400, 3_700, 95_200)
"""How long nothing was recorded behind the first three pieces."""
DRIFTS_PPM = (80.0, -45.0, 120.0, 25.0)
"""How much longer the broadcast took than each recording says, in millionths."""
SILENCE_S = (1.0, 6.0)
SPREAD_MS = 150.0
"""Standard deviation of the times at which messages arrive."""


@dataclass(frozen=True)
class Piece:
    """One recording: its file, dialect of its chat, true start on the broadcast's clock, length, drift."""

    stem: str
    ending: str
    dialect: str
    start_ms: int
    length_ms: int
    drift_ppm: float

    @property
    def end_ms(self) -> float:
        return self.start_ms + self.length_ms * (1 + self.drift_ppm / 1e6)

    @property
    def at(self) -> datetime:
        return BEGAN + timedelta(milliseconds=self.start_ms)


def pieces(minutes: float) -> list[Piece]:
    length = round(minutes * 60_000 / 4)
    found: list[Piece] = []
    start = 0.0
    for number, dialect in enumerate(("bililive", "blrec", "biliup", "douyin")):
        at = BEGAN + timedelta(milliseconds=round(start))
        stem = {
            "bililive": f"录制-1000-{at:%Y%m%d-%H%M%S}-{at.microsecond // 1000:03}-某场",
            "blrec": f"blive_1000_{at:%Y-%m-%d-%H%M%S}",
            "biliup": f"某主播{at:%Y-%m-%d %H_%M_%S}某场",
            "douyin": f"{at:%Y%m%d_%H%M%S}",
        }[dialect]
        ending = "ts" if dialect == "douyin" else "flv"
        found.append(Piece(stem, ending, dialect, round(start), length, DRIFTS_PPM[number]))
        start = found[-1].end_ms + (GAPS_MS[number] if number < 3 else 0)
    return found


def sound(path: Path, length_ms: int, order: random.Random) -> float:
    """Clips in random order with silence between; returns the share that is speech."""
    clips = []
    for clip in sorted((SHARED / "audio").glob("*.wav")):
        with wave.open(str(clip)) as file:
            clips.append(np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16))
    wanted, written, spoken = length_ms * RATE // 1000, 0, 0
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        while written < wanted:
            samples = order.choice(clips)[: wanted - written]
            quiet = np.zeros(
                min(round(order.uniform(*SILENCE_S) * RATE), wanted - written - len(samples)), np.int16
            )
            out.writeframes(samples.tobytes() + quiet.tobytes())
            written += len(samples) + len(quiet)
            spoken += len(samples)
    return spoken / wanted


def film(piece: Piece, folder: Path, order: random.Random) -> tuple[Piece, float]:
    """The recording of a piece: the captioned film repeated under the sound.

    Returns the piece with the length that ffprobe reads from its packets, and the share of speech.
    """
    words = folder / "sound.wav"
    share = sound(words, piece.length_ms, order)
    picture = SHARED / "video" / "captioned-sales-synthetic.mp4"
    target = folder / f"{piece.stem}.{piece.ending}"
    call = ["ffmpeg", "-v", "error", "-y", "-stream_loop", "-1", "-i", str(picture), "-i", str(words)]
    call += ["-map", "0:v", "-map", "1:a", "-c:v", "copy", "-c:a", "aac", "-b:a", "64k"]
    subprocess.run([*call, "-t", f"{piece.length_ms / 1000}", str(target)], check=True)
    words.unlink()
    asked = ["ffprobe", "-v", "error", "-show_entries", "packet=pts_time,duration_time", "-of", "json"]
    told = subprocess.run([*asked, str(target)], check=True, capture_output=True).stdout
    times = [
        (float(one["pts_time"]), float(one.get("duration_time", 0)))
        for one in json.loads(told)["packets"]
        if "pts_time" in one
    ]
    length = max(at + lasts for at, lasts in times) - min(at for at, _ in times)
    return replace(piece, length_ms=round(length * 1000)), share


def chat(piece: Piece, path: Path, order: random.Random) -> int:
    """Messages in the piece's dialect: offset by the recording's clock, own time by the true one."""
    lines = [_header(piece)]
    count = 0
    at = 0.0
    while (at := at + order.expovariate(1 / 2500)) < piece.length_ms:
        true = piece.at.timestamp() * 1000 + at * (1 + piece.drift_ppm / 1e6)
        offset = max(at + order.gauss(0, SPREAD_MS), 0) / 1000
        user = f"u{order.randrange(400)}"
        lines.append(
            _line(piece.dialect, offset, true, user, order.choice(("多少钱", "好看", "来了", "有优惠吗")))
        )
        count += 1
    path.write_text("\n".join([*lines, "</i>"]), encoding="utf-8")
    return count


def _header(piece: Piece) -> str:
    head = '<?xml version="1.0" encoding="utf-8"?>\n<i>'
    at = piece.at.isoformat()
    if piece.dialect == "bililive":
        head += '<BililiveRecorder version="2.6.0"/><BililiveRecorderRecordInfo roomid="1000" name="某主播" '
        head += f'title="某场" start_time="{at}"/>'
    if piece.dialect == "blrec":
        head += "<metadata><user_name>某主播</user_name><room_id>1000</room_id>"
        head += f"<record_start_time>{at}</record_start_time></metadata>"
    return head


def _line(dialect: str, offset: float, true: float, user: str, text: str) -> str:
    if dialect == "bililive":
        p = f"{offset:.3f},1,25,16777215,{true:.0f},0,7,0"
    elif dialect == "blrec":
        p = f"{offset:.3f},1,25,16777215,{true:.0f},0,ab12,99"
    elif dialect == "biliup":
        p = f"{offset:.3f},1,25,16777215,{int(true / 1000)},0,7,0"
    else:
        p = f"{offset:.2f},1,25,16777215,{true:.0f},0,7,0"
    return f'<d p="{p}" user={quoteattr(user)}>{text}</d>'


class Memory(threading.Thread):
    """The most memory that a process and its children held together, sampled four times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid = pid
        self.pss = self.rss = 0
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.25):
            held = [self._held(pid) for pid in self._family()]
            self.rss = max(self.rss, sum(rss for rss, _ in held))
            self.pss = max(self.pss, sum(pss for _, pss in held))

    def _family(self) -> list[int]:
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                except (OSError, IndexError):
                    continue
        family = [self.pid]
        for pid in family:
            family += [child for child, parent in parents.items() if parent == pid]
        return family

    def _held(self, pid: int) -> tuple[int, int]:
        try:
            rows = dict(
                line.split(":", 1) for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
            )
            return int(rows["Rss"].split()[0]), int(rows["Pss"].split()[0])
        except (OSError, KeyError, ValueError):
            return 0, 0


def inspected(folder: Path, out: Path, *, screen: bool) -> None:
    """Run the command and print what it cost."""
    model = next((SHARED / "models").glob("sherpa-kws*"))
    call = [sys.executable, "-m", "fairstream.cli", "inspect", str(folder), "--out", str(out)]
    call = [str(Path(sys.executable).parent / "fairstream"), *call[3:], "--model", str(model)]
    call += ["--who", "benchmark", "--lang", "en", *([] if screen else ["--no-read-screen"])]
    begun = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with subprocess.Popen(call) as running:
        memory = Memory(running.pid)
        memory.start()
        code = running.wait()
    memory.over.set()
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    held = json.loads((out / "recordings.json").read_bytes())
    length = sum(one["duration_ms"] for one in held["recordings"]) / 1000
    cores = len(os.sched_getaffinity(0))
    print(
        f"inspect: exit {code}, {length / 60:.1f} min in {wall:.0f} s wall on {cores} cores "
        f"({length / wall:.1f}x real time), {cpu:.0f} s processor"
    )
    print(
        f"memory of all processes together: {memory.pss / 2**20:.2f} GiB proportional, "
        f"{memory.rss / 2**20:.2f} GiB resident (shared pages counted in each)"
    )
    for one in json.loads((out / "taken.json").read_bytes())["taken"]:
        print(f"  {one['sense']:7} {one['rows']:6,} rows {one['seconds']:8.1f} s processor")
    findings = [json.loads(line) for line in (out / "findings.jsonl").read_bytes().splitlines()]
    size = sum(path.stat().st_size for path in (out / "clips").glob("*")) / 1e6
    print(
        f"{len(findings)} findings, {len(held['clips'])} clips ({size:.0f} MB), "
        f"report {(out / 'report.html').stat().st_size / 1e6:.1f} MB"
    )


def clock(true: list[Piece], out: Path) -> None:
    """Errors of the recovered starts, drifts and gaps."""
    held = json.loads((out / "recordings.json").read_bytes())
    print("piece     start error   drift planted / recovered   error at its end")
    for piece in true:
        one = next(one for one in held["recordings"] if one["file"].startswith(piece.stem))
        stretch = one["stretches"][0]
        last = one["stretches"][-1]
        start = stretch["start_ms"] - stretch["position_ms"] * stretch["rate"]
        end = last["start_ms"] + (piece.length_ms - last["position_ms"]) * last["rate"]
        ppm = (stretch["rate"] - 1) * 1e6
        print(
            f"{piece.dialect:9} {start - piece.start_ms:+8.0f} ms   {piece.drift_ppm:+8.1f} / {ppm:+8.1f} ppm"
            f"          {end - piece.end_ms:+8.0f} ms"
        )
    print(f"gaps planted {len(true) - 1}, found {len(held['gaps'])}")
    for before, after in pairwise(true):
        near = min(held["gaps"], key=lambda gap: abs(gap["start_ms"] - before.end_ms), default=None)
        if near is not None:
            begin, end = near["start_ms"] - before.end_ms, near["end_ms"] - after.start_ms
            planted = after.start_ms - before.end_ms
            print(f"  planted {planted:9.0f} ms  begin {begin:+6.0f} ms  end {end:+6.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120.0)
    parser.add_argument("--no-screen", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for recordings and results; kept")
    asked = parser.parse_args()
    if not (SHARED / "audio").is_dir() or shutil.which("ffmpeg") is None:
        print("left out: ../shared/audio or ffmpeg is not there")
        return
    with tempfile.TemporaryDirectory() as temporary:
        base = asked.keep or Path(temporary)
        folder, out = base / "recordings", base / "out"
        folder.mkdir(parents=True, exist_ok=True)
        order = random.Random(20260314)
        true = pieces(asked.minutes)
        made = [film(piece, folder, order) for piece in true]
        true, shares = [piece for piece, _ in made], [share for _, share in made]
        messages = [chat(piece, folder / f"{piece.stem}.xml", order) for piece in true]
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e9
        print(
            f"{asked.minutes:.0f} min in {len(true)} pieces, {size:.2f} GB, speech {np.mean(shares):.0%}, "
            f"{sum(messages):,} messages; load {os.getloadavg()[0]:.1f}"
        )
        inspected(folder, out, screen=not asked.no_screen)
        clock(true, out)


if __name__ == "__main__":
    main()
