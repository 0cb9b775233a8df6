"""The whole window of a Double 11, from raw Parquet to the report, on this machine.

Makes up a window of any size (48,930,596 items is what was counted in 2022), then runs what a user runs:
`fairstream opinion annotate` and `fairstream opinion report`, each in a process of its own. Prints items a
second, the time of each stage, the peak memory of all processes together, and planted against recovered
shares. The texts are generated from invented pieces: the figures say how fast it works and that it counts
right, not how well people's words are understood.

    python benchmarks/double11.py --items 1000000
    python benchmarks/double11.py --items 48930596 --folder /some/large/disk --keep
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds

WINDOW = ["--from", "2022-10-20", "--to", "2022-11-13"]
RUN = [sys.executable, "-m", "fairstream", "opinion"]
LABELS = 1000


class Memory(threading.Thread):
    """Looks four times a second at how much memory this process's children hold, shared pages once."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._over = threading.Event()

    def run(self) -> None:
        """Watch until `finish`."""
        while not self._over.wait(0.25):
            self.peak = max(self.peak, sum(_held(process) for process in _children(os.getpid())))

    def finish(self) -> float:
        """Stop watching; the peak in GiB."""
        self._over.set()
        self.join()
        return self.peak / 2**30


def _children(process: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            own = [int(number) for number in task.read_text().split()]
        except OSError:
            continue
        found += own
        for child in own:
            found += _children(child)
    return found


def _held(process: int) -> int:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    anonymous = [line.split()[1] for line in lines if line.startswith(("Pss_Anon:", "Pss_Shmem:"))]
    return sum(map(int, anonymous)) * 1024


def main() -> None:
    """Generate, run, print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where to work; default: a temporary folder")
    parser.add_argument("--keep", action="store_true", help="keep what was made, and use it again")
    parser.add_argument("--pages", action="store_true", help="also the pages of items behind every number")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        measure(folder, given.items, given.seed, given.workers, pages=given.pages)
        if given.folder and not given.keep:
            subprocess.run(
                ["rm", "-rf", *(str(folder / name) for name in ("posts", "truth", "out", "report"))],
                check=True,
            )


def measure(folder: Path, items: int, seed: int, workers: int, *, pages: bool) -> None:
    """One whole run."""
    posts, truth, out = folder / "posts", folder / "truth", folder / "out"
    if not posts.exists():
        begin = time.perf_counter()
        size = ["--items", str(items), "--seed", str(seed), "--workers", str(workers)]
        _call(["invent", *WINDOW, *size, "--out", str(posts), "--truth", str(truth), "--json"])
        print(f"made up in {time.perf_counter() - begin:.0f} s (not counted)", flush=True)
    subprocess.run(["rm", "-rf", str(out), str(folder / "report")], check=True)
    raw = sum(path.stat().st_size for path in posts.glob("*.parquet"))
    memory, begin = Memory(), time.perf_counter()
    memory.start()
    done = _call(["annotate", str(posts), "--out", str(out), "--workers", str(workers), "--json", "--quiet"])
    annotated = time.perf_counter() - begin
    bare = [] if pages else ["--no-lists-of-items"]
    made = _call(["report", str(out), *WINDOW, "--out", str(folder / "report"), "--json", "--quiet", *bare])
    whole, peak, count = time.perf_counter() - begin, memory.finish(), done["items"]
    stages = ", ".join(f"{name} {s:.1f} s" for name, s in {**done["seconds"], **made["seconds"]}.items())
    print(f"{count:,} generated items, {raw / 2**30:.2f} GiB of Parquet, {workers} processes")
    print(f"raw to report {whole:.1f} s: {count / whole:,.0f} items/s; annotate {annotated:.1f} s", end="; ")
    print(f"{whole / count * 1e6:.2f} µs an item; peak memory {peak:.2f} GiB")
    print(f"stages: {stages}")
    print(f"copies {done['copies']:,}, suspected {done['suspicious']:,}, numbers {made['numbers']}")
    recovered(folder, truth, out)


def recovered(folder: Path, truth: Path, out: Path) -> None:
    """Label a sample by what was planted, and print the shares."""
    planted = ds.dataset(truth)
    shares = _planted(planted)
    sheet = folder / "sheet.csv"
    sheet.unlink(missing_ok=True)
    named = [word for name in shares if name not in ("rights", "complaint") for word in ("--topic", name)]
    _call(["audit", str(out), "--out", str(sheet), "--size", str(LABELS), *named, *WINDOW, "--json"])
    _label(sheet, planted)
    shown = _call(["audit", str(out), "--show", str(sheet), *named, *WINDOW, "--json"])
    print(f"{'share':<12}{'planted':>9}{'machine':>9}{'corrected':>11}{'95 % interval':>20}{'':>4}")
    inside = 0
    for name, true in shares.items():
        one = shown["shares"][name]
        hit = one["low"] <= true <= one["high"]
        inside += hit
        bounds = f"{one['low']:.4f} – {one['high']:.4f}"
        said = f"{name:<12}{true:>9.4f}{one['uncorrected']:>9.4f}{one['corrected']:>11.4f}{bounds:>20}"
        print(said, "✓" if hit else "✗")
    print(f"{inside} of {len(shares)} planted shares inside their interval, from {shown['labels']} labels")


def _planted(planted: ds.Dataset) -> dict[str, float]:
    items = rights = complaints = 0
    topics: dict[str, int] = {}
    for batch in planted.to_batches(columns=["rights", "polarity", "topics"]):
        items += len(batch)
        rights += batch["rights"].true_count
        complaints += sum(
            one["counts"]
            for one in batch["polarity"].value_counts().to_pylist()
            if one["values"] == "complaint"
        )
        for one in batch["topics"].flatten().value_counts().to_pylist():
            topics[one["values"]] = topics.get(one["values"], 0) + one["counts"]
    ordered = sorted(topics.items(), key=lambda item: -item[1])
    return {
        "rights": rights / items,
        "complaint": complaints / rights,
        **{n: c / complaints for n, c in ordered},
    }


def _label(sheet: Path, planted: ds.Dataset) -> None:
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = pa.array([row["id"] for row in rows])
    labels = {row["id"]: row for row in planted.to_table(filter=ds.field("id").isin(wanted)).to_pylist()}
    for row in rows:
        label = labels[row["id"]]
        row["is_rights"], row["is"] = "yes" if label["rights"] else "no", label["polarity"]
        row["about"] = " ".join(label["topics"])
    with sheet.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _call(words: list[str]) -> dict:  # type: ignore[type-arg]
    done = subprocess.run([*RUN, *words], capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or not done.stdout.strip():
        sys.exit(f"{' '.join(words)}: {done.stderr}")
    return json.loads(done.stdout.strip().splitlines()[-1])


if __name__ == "__main__":
    main()
