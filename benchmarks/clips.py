"""How long a hundred clips take out of a two-hour recording, against reading all its packets once.

    python benchmarks/clips.py [FOLDER]

The recording is opened once without knowing anything of it, and once with what the readers found out, as
`fairstream inspect` does. Makes the recording by joining one generated clip (needs the ffmpeg program and
5 GB in FOLDER, else a temporary folder). Figures are processor seconds of this process.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av

from fairstream.evidence.cuts import cutting
from fairstream.records import Stretch
from fairstream.sources.media import breaks

CLIPS = 100
LENGTH_MS = 10_000
HOURS_MS = 7_200_000


def make(folder: Path) -> list[Path]:
    """Two hours as FLV (no index), TS and MP4."""
    piece, films = folder / "piece.mp4", [folder / f"long.{ending}" for ending in ("flv", "ts", "mp4")]
    picture, tone = "testsrc2=s=640x360:r=25", "sine=f=440"
    coding = [
        "-c:v",
        "libx264",
        "-g",
        "50",
        "-bf",
        "2",
        "-preset",
        "ultrafast",
        "-b:v",
        "1500k",
        "-c:a",
        "aac",
    ]
    source = ["-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", tone, "-t", "120"]
    run(*source, *coding, "-c:a", "aac", str(piece))
    (folder / "list.txt").write_text("file piece.mp4\n" * 60)
    run("-f", "concat", "-safe", "0", "-i", str(folder / "list.txt"), "-c", "copy", str(films[0]))
    for film in films[1:]:
        run("-i", str(films[0]), "-c", "copy", str(film))
    return films


def run(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, timeout=600)


def measure(film: Path, folder: Path) -> str:
    begin = time.process_time()
    with av.open(str(film)) as container:
        packets = sum(1 for _ in container.demux())
    baseline = time.process_time() - begin
    begin = time.process_time()
    known = tuple(Stretch(run.position_ms, run.position_ms, run.length_ms) for run in breaks(film))
    found = time.process_time() - begin
    unknown = cut_all(film, folder, ())
    return (
        f"{film.name}: {film.stat().st_size >> 20} MiB, {packets} packets; reading all {baseline:.2f} s; "
        f"the readers' look {found:.2f} s\n  nothing known: {unknown}\n"
        f"  stretches known: {cut_all(film, folder, known)}"
    )


def cut_all(film: Path, folder: Path, stretches: tuple[Stretch, ...]) -> str:
    begin = time.process_time()
    chance = random.Random(1)
    with cutting(film, sha256="not computed", stretches=stretches) as cutter:
        opened = time.process_time() - begin
        for _ in range(CLIPS):
            at = chance.randrange(HOURS_MS - 2 * LENGTH_MS)
            cut = cutter.clip(folder / "clip.mp4", from_ms=at, to_ms=at + LENGTH_MS)
            if cut.method != "stream_copy" or cut.from_ms > at + 100 or cut.to_ms < at + LENGTH_MS:
                raise SystemExit(f"{film.name}: a clip at {at} ms is not what was asked for: {cut}")
    clips = time.process_time() - begin - opened
    return f"opening {opened:.2f} s; {CLIPS} clips {clips:.2f} s ({CLIPS / clips:.0f} a second)"


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        folder = Path(name)
        for film in make(folder):
            print(measure(film, folder))


if __name__ == "__main__":
    main()
