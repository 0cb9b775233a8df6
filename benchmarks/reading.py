"""Rate of the reading engine against the bare automaton pass (the usual limit) over the same words.

    python benchmarks/reading.py [--texts 200000] [--batch 8192]

Texts are real short posts and reviews of the shared data, about as long as there. Prints texts/s of each
stage and its ratio to the bare pass of the same run: the machine may be shared, so read ratios.
"""

import argparse
import os
import pickle
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import daachorse
import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairstream.opinion.cases import given
from fairstream.opinion.reading import Reader
from fairstream.opinion.trie import tables
from fairstream.text.fold import FoldedBatch, Folder

RUNS = 5
SOURCES = {
    "weibo posts": ("ced_weibo_reposts.parquet", "text"),
    "shop reviews": ("online_shopping_9_cats.parquet", "review"),
    "hot-search titles": ("weibo_hot_search_2020_2023.parquet", "title"),
}


def shared() -> Path:
    """The folder of shared data: `FAIRSTREAM_SHARED`, else ../shared."""
    named = os.environ.get("FAIRSTREAM_SHARED")
    return (Path(named) if named else Path(__file__).parents[2] / "shared") / "data"


def texts_of(name: str, count: int) -> list[str]:
    """The first texts of a source that are not empty."""
    file, column = SOURCES[name]
    values = pq.read_table(shared() / file, columns=[column]).column(0).combine_chunks()
    values = values.filter(pc.greater(pc.fill_null(pc.utf8_length(values), 0), 0))
    return [str(text) for text in values.slice(0, count).to_pylist()]


def best(work: Callable[[], object]) -> float:
    """Processor seconds of the quickest run after a warm-up; one thread works."""
    work()
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        work()
        times.append(time.process_time() - begin)
    return min(times)


def batches(texts: list[str], size: int) -> Iterator[list[str]]:
    """Texts in batches."""
    return (texts[at : at + size] for at in range(0, len(texts), size))


def measure(reader: Reader, words: list[str], texts: list[str], size: int) -> None:
    """Print the table of one source."""
    folder = Folder()
    folded: list[FoldedBatch] = [folder.fold(part, evasion=False) for part in batches(texts, size)]
    automaton = daachorse.CharwiseDoubleArrayAhoCorasick(words)
    polarity = [given(["complaint", "neither", "praise", "neither"] * (len(f) // 4 + 1)) for f in folded]
    judged = [given_[0][: len(f)] for given_, f in zip(polarity, folded, strict=True)]
    several = [given(["neither"] * len(f))._replace(polarity=p) for f, p in zip(folded, judged, strict=True)]

    def whole() -> None:
        for part, judgement in zip(batches(texts, size), several, strict=True):
            reader.read(folder.fold(part, evasion=False), judgement)

    stages: dict[str, Callable[[], object]] = {
        "bare automaton pass (daachorse)": lambda: [len(automaton.find_overlapping(f.text)) for f in folded],
        "match (trie, signs, names)": lambda: [reader.match(f) for f in folded],
        "read (match and Arrow out)": lambda: [
            reader.read(f, j) for f, j in zip(folded, several, strict=True)
        ],
        "fold": lambda: [folder.fold(part, evasion=False) for part in batches(texts, size)],
        "fold and read": whole,
    }
    length = float(np.mean([len(text) for text in texts]))
    print(f"  {len(texts):,} texts of {length:.0f} characters, batches of {size:,}")
    limit = None
    for name, work in stages.items():
        seconds = best(work)
        limit = limit or seconds
        rate = len(texts) / seconds
        print(f"  {name:34} {rate:12,.0f} texts/s {seconds / limit:7.2f}× the time of the bare pass")


def main() -> None:
    """Measure every source that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=200_000)
    parser.add_argument("--batch", type=int, default=8192)
    parser.add_argument("--lists", type=Path, action="append", default=[])
    options = parser.parse_args()
    if not shared().is_dir():
        sys.exit("no shared data: set FAIRSTREAM_SHARED")
    begin = time.perf_counter()
    reader = Reader.open(options.lists)
    opened = time.perf_counter() - begin
    words = tables(reader.plan)[1]
    size = len(pickle.dumps(reader)) / 1e6
    print(
        f"{len(words):,} words, {len(reader.plan.units):,} units, {len(reader.plan.columns):,} columns; "
        f"opened in {opened:.2f} s, {size:.1f} MB pickled"
    )
    for name in SOURCES:
        print(name)
        measure(reader, words, texts_of(name, options.texts), options.batch)


if __name__ == "__main__":
    main()
