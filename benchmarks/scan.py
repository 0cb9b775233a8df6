"""Scan rate against the bare automaton pass (the limit) and against what people use.

    python benchmarks/scan.py [--texts 200000] [--length 60]

All engines look for the same terms in the same texts. Prints texts/s, characters/s and the ratio to
the bare pass of the same run; the usual tools run on a part of the texts because they are slow.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from corpus import texts as cut

from fairstream.cli.options import cache_dir, today
from fairstream.detect.engine import Scanner
from fairstream.detect.shipped import open_scanner
from fairstream.records import Text

RUNS = 3


def best(work: Callable[[], object]) -> float:
    """Seconds of the quickest of three runs after a warm-up."""
    work()
    times = []
    for _ in range(RUNS):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def bare(scanner: Scanner, texts: list[str]) -> float:
    """One automaton over each batch of texts joined, hits as a list: no folding, no rules."""
    import daachorse

    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(scanner.compiled.literals))
    batches = ["\n".join(texts[i : i + 8192]) for i in range(0, len(texts), 8192)]
    return best(lambda: [len(automaton.find_overlapping(batch)) for batch in batches])


def usual(scanner: Scanner, texts: list[str]) -> dict[str, tuple[float, int]]:
    """Seconds and number of texts of what people use: flashtext, one `re` alternation."""
    from flashtext import KeywordProcessor

    terms = list(scanner.compiled.literals)
    processor = KeywordProcessor()
    processor.non_word_boundaries = set()
    processor.add_keywords_from_list(terms)
    few, fewer = texts[:10_000], texts[:500]
    pattern = re.compile("|".join(re.escape(t) for t in sorted(terms, key=len, reverse=True)))
    return {
        "flashtext": (best(lambda: [processor.extract_keywords(t) for t in few]), len(few)),
        "re alternation": (best(lambda: [pattern.findall(t) for t in fewer]), len(fewer)),
    }


def command(texts: list[str], workers: int) -> float:
    """Seconds of `fairstream scan` as a whole process, start-up included."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        with source.open("w", encoding="utf-8") as lines:
            for number, text in enumerate(texts):
                lines.write(json.dumps({"id": number, "text": text}, ensure_ascii=False) + "\n")
        out = str(Path(folder) / "out.jsonl")
        arguments = ["scan", str(source), "--out", out, "--workers", str(workers), "--quiet"]
        return best(lambda: subprocess.run([sys.executable, "-m", "fairstream", *arguments], check=True))


def show(name: str, seconds: float, texts: int, length: int, limit: float) -> None:
    """One line of the table."""
    rate = texts / seconds
    print(f"{name:34} {rate:12,.0f} texts/s {rate * length / 1e6:8.2f} M characters/s {limit / rate:8.2f}×")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--length", type=int, default=60)
    options = parser.parse_args()
    texts, source = cut(options.texts, options.length)
    scanner = open_scanner(today=today(), cache=cache_dir())
    records = [Text(str(i), text) for i, text in enumerate(texts)]
    found = sum(len(findings) for findings in scanner.scan(records))
    print(
        f"{len(texts):,} texts of {options.length} characters from {source}; "
        f"{len(scanner.compiled.literals):,} terms, {len(scanner.compiled.rules)} rules, {found:,} findings"
    )
    print(f"{'':34} {'':20} {'':22} behind the bare pass")
    seconds = bare(scanner, texts)
    limit = len(texts) / seconds
    show("bare automaton pass (the limit)", seconds, len(texts), options.length, limit)
    show(
        "scan, Python call, one core", best(lambda: scanner.scan(records)), len(texts), options.length, limit
    )
    for workers in (1, 2):
        name = f"fairstream scan, {workers} process(es), whole"
        show(name, command(texts, workers), len(texts), options.length, limit)
    for name, (spent, count) in usual(scanner, texts).items():
        show(name, spent, count, options.length, limit)


if __name__ == "__main__":
    main()
