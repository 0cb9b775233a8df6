"""Cost of grouping copies: signatures of texts, and groups among generated signatures, 30 % of them copies.

Usage: `python benchmarks/copies.py [--items 1000000 2000000 5000000] [--workers 2] [--days 25] [--shuffled]`.
The signatures are generated, not made from texts; their times are spread over days (`--shuffled` mixes the
times over the units). The baseline of the whole is the plain Python way to find exact copies: one dictionary.
"""

import argparse
import contextlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from corpus import texts

from fairstream.opinion.copies import link, narrow
from fairstream.opinion.sketch import BINS, MINIMA, Sketches, sketch
from fairstream.opinion.windows import SketchWriter, group_units, read_groups
from fairstream.text.fold import Folder

BATCH, UNIT = 8192, 250_000
DAY = 86_400_000


def signatures(
    count: int, rng: np.random.Generator, days: int, shuffled: bool
) -> tuple[Sketches, np.ndarray]:
    """`count` signatures: 70 % new, 20 % equal to one before, 10 % like one before.

    Of the like ones 12 of 16 minima and 48 of 64 fingerprints are equal; two in five bins are empty.
    """
    key = rng.integers(1, 1 << 63, count, dtype=np.uint64)
    minima = rng.integers(0, 1 << 32, (count, MINIMA), dtype=np.uint32)
    bins = rng.integers(1, 256, (count, BINS), dtype=np.uint8)
    bins[rng.random(bins.shape, dtype=np.float32) < 0.4] = 0
    row = np.arange(count)
    kind = rng.random(count)
    kind[0] = 0
    new = np.flatnonzero(kind < 0.7)
    back = rng.integers(1, 50_000, count)
    source = new[np.maximum(0, np.searchsorted(new, row) - back)]
    equal, near = kind > 0.8, (kind >= 0.7) & (kind <= 0.8)
    key[equal], minima[equal], bins[equal] = key[source[equal]], minima[source[equal]], bins[source[equal]]
    kept = np.argsort(rng.random((int(near.sum()), MINIMA)), axis=1) < 12
    minima[near] = np.where(kept, minima[source[near]], minima[near])
    kept = np.argsort(rng.random((int(near.sum()), BINS)), axis=1) < 48
    bins[near] = np.where(kept, bins[source[near]], bins[near])
    at = (row * (days * DAY // count)).astype(np.int64)
    if shuffled:
        order = rng.permutation(count)
        key, minima, bins, at = key[order], minima[order], bins[order], at[order]
    return Sketches(key, minima, np.full(count, 50, dtype=np.int32), bins), at


def write(sketches: Sketches, at: np.ndarray, folder: Path) -> list[Path]:
    """Units of `UNIT` items as the annotation would leave them."""
    files = []
    for number, begin in enumerate(range(0, len(at), UNIT)):
        part = slice(begin, begin + UNIT)
        files.append(folder / f"unit-{number:05}.arrow")
        with SketchWriter(files[-1]) as writer:
            writer.add(Sketches(*(column[part] for column in sketches)), at[part])
    return files


def one_size(count: int, workers: int, days: int, shuffled: bool) -> dict[str, float]:
    """Time, memory and found copies of one size, in a process of its own."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = write(*signatures(count, np.random.default_rng(7), days, shuffled), folder)
        before = time.perf_counter()
        done = subprocess.run(
            [sys.executable, __file__, "--only", str(workers), *map(str, files)],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        whole = time.perf_counter() - before
        copies = sum(
            int((read_groups(path)["first_unit"].to_numpy() >= 0).sum())
            for path in sorted((folder / "out").glob("copies-*.arrow"))
        )
        return json.loads(done.stdout) | {"whole_s": whole, "copies_share": copies / count}


def only(workers: int, files: list[str]) -> None:
    """Group the units and print wall and processor seconds and the peak of memory."""
    link(narrow(np.zeros((1, MINIMA), dtype=np.uint32)), np.zeros(1, dtype=np.int32),
         np.zeros((1, BINS), dtype=np.uint8))  # fmt: skip
    peak, done = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, done))
    watcher.start()
    before, used = time.perf_counter(), _processor_seconds()
    group_units([Path(name) for name in files], Path(files[0]).parent / "out", workers)
    seconds = time.perf_counter() - before
    done.set()
    watcher.join()
    print(json.dumps({"seconds": seconds, "core_s": _processor_seconds() - used, "mib": peak[0]}))


def _processor_seconds() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))


def _watch(peak: list[float], done: threading.Event) -> None:
    """Keep the most memory that this process and its children held together: private, and shared once."""
    while not done.wait(0.05):
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        total = 0
        for process in ("self", *children):
            with contextlib.suppress(OSError):
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
        peak[0] = max(peak[0], total / 1024)


def speed_of_sketches(count: int = 100_000, length: int = 57) -> tuple[float, float, str]:
    """Texts per processor second of `sketch` on folded batches, and of a Python dictionary of the texts."""
    all_texts, source = texts(count, length)
    batches = [all_texts[begin : begin + BATCH] for begin in range(0, count, BATCH)]
    folder = Folder()
    folded = [folder.fold(batch, evasion=False) for batch in batches]
    sketch(folded[0], batches[0])
    best = min(
        _timed(lambda: [sketch(*pair) for pair in zip(folded, batches, strict=True)]) for _ in range(5)
    )
    plain = min(_timed(lambda: _first_seen(all_texts)) for _ in range(5))
    return count / best, count / plain, source


def _first_seen(all_texts: list[str]) -> list[int]:
    first: dict[str, int] = {}
    return [first.setdefault(text, row) for row, text in enumerate(all_texts)]


def _timed(task: object) -> float:
    before = time.process_time()
    task()  # type: ignore[operator]
    return time.process_time() - before


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, nargs="*", default=[1_000_000, 2_000_000, 5_000_000])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--days", type=int, default=25)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--only", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        only(int(options.only[0]), options.only[1:])
        return
    ours, plain, source = speed_of_sketches()
    print(f"signatures: {ours / 1e6:.2f} M texts per processor second at 57 characters of {source}; "
          f"baseline, exact copies by a dictionary of the texts: {plain / 1e6:.2f} M texts/s")  # fmt: skip
    for count in options.items:
        found = one_size(count, options.workers, options.days, options.shuffled)
        print(
            f"{count:>11,} generated signatures, {options.workers} workers: {found['seconds']:.1f} s, "
            f"{1e6 * found['seconds'] / count:.2f} µs an item; {found['core_s']:.1f} processor seconds, "
            f"{1e6 * found['core_s'] / count:.2f} µs an item; {found['mib']:.0f} MiB in all processes; "
            f"copies {found['copies_share']:.1%}",
            flush=True,
        )


if __name__ == "__main__":
    main()
