"""How fast phrases are mined and counted, against the `Counter` of substrings that people write.

Usage: `python benchmarks/phrases.py [ITEMS]`, by default 5,500,000 items made of the texts of `corpus.py`
cut to 40 characters. Both run in one process one after the other on the same texts; the whole run uses as
many processes as there are processors. Machines differ: read the ratios.
"""

import resource
import sys
import tempfile
import time
from collections import Counter as Plain
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from corpus import shared, texts

from fairstream.opinion.candidates import Demands, mine, sample
from fairstream.opinion.phrases import CountParts, count, read, row_groups, top
from fairstream.store.run import processors, run
from fairstream.text.fold import Folder

ITEMS = 5_500_000
LENGTH = 40
FEW = 100_000
CHOSEN = 3000


def main(items: int) -> None:
    pool, source = texts(min(items, 500_000), LENGTH)
    print(f"{items:,} items of {LENGTH} characters cut from {source}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "items.parquet"
        write(path, pool, items)
        whole(path, items)
    against_plain(pool[:FEW])
    found_in_reviews()


def write(path: Path, pool: list[str], items: int) -> None:
    """Items over the pool again and again; every fourth is a copy."""
    text = pa.array(pool)
    draw = np.random.default_rng(1)
    with pq.ParquetWriter(
        path, pa.schema([("id", pa.string()), ("text", pa.string()), ("duplicate_of", pa.string())])
    ) as out:
        for start in range(0, items, 100_000):
            size = min(100_000, items - start)
            chosen = text.take(pa.array(draw.integers(len(pool), size=size)))
            names = pa.array(np.arange(start, start + size)).cast(pa.string())
            copies = pa.array(np.where(draw.random(size) < 0.25, "0", None), pa.string())
            out.write_table(pa.table({"id": names, "text": chosen, "duplicate_of": copies}, out.schema))


def whole(path: Path, items: int) -> None:
    """From file to the table of top phrases. Processor time is what a machine of our own would need."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    before = usage.ru_utime + usage.ru_stime
    began = time.perf_counter()
    units = row_groups([path])
    drawn = sample((batch for unit in units for batch in read(unit)), items)
    sampled = time.perf_counter()
    phrases = mine(drawn).phrases[:CHOSEN]
    mined = time.perf_counter()
    counts = reduce(add, run(CountParts(phrases), units, workers=processors()))
    counted = time.perf_counter()
    best = top(counts, 50)
    done = time.perf_counter()
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    own = used[0].ru_maxrss / 1024
    busy = sum(usage.ru_utime + usage.ru_stime for usage in used) - before
    print(f"  sample of {len(drawn):,} texts {sampled - began:.1f} s, mined {mined - sampled:.1f} s")
    print(
        f"  {len(phrases)} phrases counted on {processors()} processes {counted - mined:.1f} s "
        f"({items / (counted - mined):,.0f} items/s), chosen {done - counted:.2f} s"
    )
    print(
        f"  whole {done - began:.1f} s = {items / (done - began):,.0f} items/s; processor time {busy:.1f} s; "
        f"peak memory {own:.0f} MB"
    )
    print(f"  most frequent: {' '.join(row.phrase for row in best[:8])}")


def against_plain(pool: list[str]) -> None:
    """One process, the same texts: our exact counts, and a `Counter` of all substrings of each text."""
    batch = pa.record_batch({"text": pool, "id": [str(n) for n in range(len(pool))]})
    phrases = mine(pool).phrases[:CHOSEN]
    count([batch.slice(0, 100)], phrases)
    began = time.perf_counter()
    ours = count([batch], phrases)
    middle = time.perf_counter()
    folder, plain, wanted = Folder(), Plain[str](), set(phrases)
    folded = folder.fold(pool, evasion=False)
    for row in range(len(pool)):
        text = folded.reading(row)
        parts = {text[at : at + n] for n in range(2, 9) for at in range(len(text) - n + 1)}
        plain.update(parts & wanted)
    done = time.perf_counter()
    same = [plain[phrase] for phrase in phrases] == ours.items[0].tolist()
    print(
        f"  one process, {len(pool):,} items, {len(phrases)} phrases: "
        f"ours {len(pool) / (middle - began):,.0f} items/s, "
        f"Counter of substrings {len(pool) / (done - middle):,.0f} items/s "
        f"({(done - middle) / (middle - began):.0f} x slower); same counts: {same}"
    )


def found_in_reviews() -> None:
    """Are mined phrases words, by the judgement of a segmenter? And does a segmenter help?"""
    path = shared("data/online_shopping_9_cats.parquet")
    if path is None:
        return
    import rjieba

    reviews = [text for text in pq.read_table(path, columns=["review"])["review"].to_pylist() if text]
    drawn = reviews[:: max(len(reviews) // 50_000, 1)]
    edges: dict[str, list[int]] = {}
    for demands in (Demands(), Demands(cohesion=0.0, freedom=0.0)):
        found = mine(drawn, demands)
        edges = {phrase: [0, 0] for phrase in found.phrases[:2000]}
        for text in drawn[::10]:
            cuts, at = {0}, 0
            for word in rjieba.cut(text):
                at += len(word)
                cuts.add(at)
            for phrase, tally in edges.items():
                start = text.find(phrase)
                if start >= 0:
                    tally[0] += 1
                    tally[1] += start in cuts and start + len(phrase) in cuts
        seen = [(whole, all_) for all_, whole in edges.values() if all_]
        agree = sum(whole * 2 >= all_ for whole, all_ in seen) / max(len(seen), 1)
        print(
            f"  {len(found.phrases)} phrases in {found.sample:,} reviews, cohesion >= {demands.cohesion}, "
            f"freedom >= {demands.freedom}: of the 2,000 most frequent {agree:.1%} begin and end "
            "where rjieba cuts (in at least half of their texts)"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS)
