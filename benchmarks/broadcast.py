"""A two-hour broadcast with 50,000 chat messages, inspected; and how soon the command line answers.

    python benchmarks/broadcast.py [--messages 50000] [--minutes 120] [--listings 30] [--seed 7]

The material is made in a temporary folder from the words of the invented broadcasts in examples/, in
random order (seeded): an SRT transcript, a danmaku XML, a table of goods, and the facts of one of them.
Prints seconds per stage inside one process after start-up, then the whole process with its peak memory,
then start-up. Named baselines: the promise of 10 s, the bare automaton pass over the same words, and an
empty Python process.
"""

import argparse
import csv
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeVar
from xml.sax.saxutils import escape

from corpus import ROOT

from fairstream.checks.library import load_checks
from fairstream.cli.options import cache_dir
from fairstream.detect.shipped import open_scanner
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.export import write_consequences, write_jsonl, write_parquet
from fairstream.inspect.report import write_report
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast
from fairstream.sources.facts import read_facts
from fairstream.sources.folder import read_folder

FACTS_OF = "examples/broadcasts/night-market-tea"
ON = date(2026, 3, 1)
PROMISED = 10.0
START_UP = 0.5
RUNS = 5
T = TypeVar("T")


class Size(NamedTuple):
    """How much is made."""

    minutes: int
    messages: int
    listings: int


def make(folder: Path, size: Size, seed: int) -> None:
    """Write transcript, chat, goods and manifest, the same for the same seed."""
    order = random.Random(seed)
    held = [read_folder(path, key=b"bench") for path in sorted((ROOT / "examples/broadcasts").iterdir())]
    (folder / "broadcast.yaml").write_text(
        f"id: long\ntitle: 两小时（虚构）\non: {ON}\ninvented: true\n", "utf-8"
    )
    _speech(folder / "speech.srt", [u.text for one in held for u in one.utterances], size, order)
    _chat(folder / "chat.xml", [m.text for one in held for m in one.chat if m.text], size, order)
    _goods(folder / "goods.csv", held, size, order)
    shutil.copy(ROOT / FACTS_OF / "facts.yaml", folder)
    shutil.copytree(ROOT / FACTS_OF / "facts", folder / "facts")


def _speech(path: Path, said: Sequence[str], size: Size, order: random.Random) -> None:
    start, cues = 0, []
    while start < size.minutes * 60_000:
        text = order.choice(said)
        end = start + 250 * len(text)
        cues.append(f"{len(cues) + 1}\n{_stamp(start)} --> {_stamp(end)}\n{text}\n")
        start = end + 300
    path.write_text("\n".join(cues), "utf-8")


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _chat(path: Path, typed: Sequence[str], size: Size, order: random.Random) -> None:
    step = size.minutes * 60 / max(1, size.messages)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="utf-8"?>\n<i>\n<BililiveRecorder version="0.0.0-invented" />\n'
        )
        for number in range(size.messages):
            words, user = escape(order.choice(typed)), f"观众{order.randrange(4000)}"
            file.write(f'<d p="{number * step:.3f},1,25,16777215,0,0,{number},0" user="{user}">{words}</d>\n')
        file.write("</i>\n")


def _goods(path: Path, held: Sequence[Broadcast], size: Size, order: random.Random) -> None:
    goods = [listing for one in held for listing in one.listings]
    span = size.minutes * 60 // max(1, size.listings)
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("商品ID", "标题", "详情", "价格", "讲解开始", "讲解结束"))
        for number in range(size.listings):
            one = order.choice(goods)
            price = (one.price_fen or 990) / 100
            shown = number * span, (number + 1) * span
            rows.writerow((f"L{number}", one.title, one.description or "", price, *shown))


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """What the work gives, and its seconds."""
    begun = time.perf_counter()
    return work(), time.perf_counter() - begun


def stages(folder: Path, out: Path) -> dict[str, float]:
    """Seconds of every stage in this process; start-up stands apart under names in brackets."""
    scanner, opening = timed(lambda: open_scanner(today=ON, cache=cache_dir()))
    law, loading = timed(load_law)
    broadcast, reading = timed(lambda: read_folder(folder, key=b"bench"))
    facts, known = timed(lambda: read_facts(folder, key=b"bench", broadcast=broadcast))
    checks = load_checks()
    words_only, scanning = timed(lambda: inspect_broadcast(broadcast, scanner, law))
    inspection, all_of_it = timed(
        lambda: inspect_broadcast(broadcast, scanner, law, facts=facts, checks=checks)
    )
    checking = max(0.0, all_of_it - scanning)
    _, legal = timed(lambda: write_consequences([inspection], out / "consequences.jsonl"))
    _, lines = timed(lambda: write_jsonl([inspection], out / "findings.jsonl"))
    _, parquet = timed(lambda: write_parquet([inspection], out / "findings.parquet"))
    _, report = timed(lambda: write_report(inspection, out / "report.html"))
    words = "\n".join([*(u.text for u in broadcast.utterances), *(m.text for m in broadcast.chat)])
    bare = _bare(scanner.compiled.literals, words)
    print(
        f"{len(broadcast.utterances):,} utterances, {len(broadcast.chat):,} messages, "
        f"{len(broadcast.listings)} listings, {inspection.characters:,} characters; "
        f"{len(scanner.compiled.rules)} rules, {inspection.occurrences:,} hits folded to "
        f"{len(words_only.findings):,} findings; {len(checks)} checks, {len(inspection.checked):,} outcomes; "
        f"report {(out / 'report.html').stat().st_size / 1e6:.1f} MB"
    )
    work = {
        "read": reading,
        "read facts": known,
        "scan": scanning,
        "checks and law": checking,
        "consequences": legal,
        "JSON lines": lines,
        "Parquet": parquet,
        "report": report,
    }
    total = sum(work.values())
    start = {"(rules)": opening, "(law)": loading}
    return start | work | {"after start-up": total, "bare automaton pass": bare}


def _bare(literals: Sequence[str], words: str) -> float:
    import daachorse

    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(literals))
    return timed(lambda: automaton.find_overlapping(words))[1]


def whole(folder: Path, out: Path) -> tuple[float, float]:
    """Seconds and peak mebibytes of `fairstream inspect` as a process of its own."""
    arguments = ["inspect", str(folder), "--out", str(out), "--quiet"]
    begun = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "fairstream", *arguments])
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    # Exit code 1 tells that some facts name goods which the random table of goods did not draw.
    if (code := os.waitstatus_to_exitcode(status)) not in (0, 1):
        raise SystemExit(f"fairstream inspect ended with {code}")
    return seconds, used.ru_maxrss / 1024


def process(arguments: Sequence[str], words: bytes = b"") -> float:
    """Median seconds of a Python process."""

    def once() -> float:
        command = [sys.executable, *arguments]
        return timed(lambda: subprocess.run(command, input=words, check=True, capture_output=True))[1]

    once()
    return statistics.median(once() for _ in range(RUNS))


SCAN = ("-m", "fairstream", "scan", "-", "--out", "-", "--quiet")
LINE = '{"id": 1, "text": "今天天气不错"}\n'.encode()


def start_up() -> None:
    """Seconds until the command line has answered."""
    empty = process(["-c", "pass"])
    print(f"\n{f'start-up, median of {RUNS}':34} {'seconds':>8}   × an empty Python process ({empty:.3f} s)")
    for arguments in (["--version"], ["--help"], ["inspect", "--help"], ["scan", "--help"]):
        seconds = process(["-m", "fairstream", *arguments])
        told = "ok" if seconds <= START_UP else f"over {START_UP} s"
        print(f"{'fairstream ' + ' '.join(arguments):34} {seconds:8.3f} {seconds / empty:6.1f}×  {told}")
    seconds = process(SCAN, LINE)
    print(f"{'fairstream scan, one line':34} {seconds:8.3f} {seconds / empty:6.1f}×")
    print("  imports of that scan, seconds by package (own time): " + _imports())


def _imports() -> str:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *SCAN], input=LINE, capture_output=True, check=True
    )
    spent = Counter[str]()
    for line in done.stderr.decode().splitlines():
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            spent[name.strip().partition(".")[0]] += int(own)
    top = ", ".join(f"{name} {micro / 1e6:.2f}" for name, micro in spent.most_common(7))
    return f"{top}; all {spent.total() / 1e6:.2f}"


def main() -> None:
    """Make, run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, value in (("minutes", 120), ("messages", 50_000), ("listings", 30), ("seed", 7)):
        parser.add_argument(f"--{name}", type=int, default=value)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, out = Path(place) / "long", Path(place) / "out"
        folder.mkdir()
        out.mkdir()
        make(folder, Size(options.minutes, options.messages, options.listings), options.seed)
        found = stages(folder, out)
        for name, seconds in found.items():
            print(f"{name:34} {seconds:8.2f} s")
        after, bare = found["after start-up"], found["bare automaton pass"]
        share = after / PROMISED
        print(f"{share:.2f} of the promised {PROMISED:.0f} s; {after / bare:.0f}× the bare automaton pass")
        seconds, peak = whole(folder, out)
        print(f"{'fairstream inspect, whole process':34} {seconds:8.2f} s   peak {peak:,.0f} MiB")
    start_up()


if __name__ == "__main__":
    main()
