"""Texts for the benchmarks: public reviews from ../shared when they are there, else our own examples.

Every benchmark prints which of the two it used.
"""

import os
from itertools import cycle, islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def shared(name: str) -> Path | None:
    """A file below the shared folder beside the checkout, or None."""
    folder = Path(os.environ.get("FAIRSTREAM_SHARED", ROOT.parent / "shared"))
    return path if (path := folder / name).exists() else None


def texts(count: int, length: int) -> tuple[list[str], str]:
    """`count` texts of exactly `length` characters and what they were cut from."""
    reviews = shared("data/online_shopping_9_cats.parquet")
    if reviews is not None:
        import pyarrow.parquet as pq

        words = "".join(t for t in pq.read_table(reviews).column("review").to_pylist() if t)
        source = "shop reviews (online_shopping_9_cats)"
    else:
        files = sorted((ROOT / "examples").rglob("*.srt")) + sorted((ROOT / "examples").rglob("*.txt"))
        words = "".join(path.read_text(encoding="utf-8") for path in files)
        source = "the invented broadcasts in examples/"
    words = words.replace("\n", " ")
    starts = islice(cycle(range(0, len(words) - length, 11)), count)
    return [words[start : start + length] for start in starts], source
