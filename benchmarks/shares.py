"""Are planted shares inside the stated intervals? Made-up windows over many seeds, labelled by the truth.

Each seed makes up a window, annotates it as the product does, draws a sample, labels it with the planted
truth as a perfect reader would, and asks for every corrected share. Texts are generated; the classifier errs
on them as it errs, which is what the correction is for. Channels are not classified: their counts must be
exact.

    python benchmarks/shares.py --seeds 100 --items 20000 --labels 600
"""

import argparse
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Figures, Window
from fairstream.opinion.annotating import Job, annotate
from fairstream.opinion.audit import Audit, draw
from fairstream.opinion.invented import Plan, parts, pieces, plan
from fairstream.sources.posts.open import open_posts
from fairstream.store.annotated import Annotated

WINDOW = Window(date(2022, 10, 20), date(2022, 11, 13))
WORDS = {True: "yes", False: "no"}


def main() -> None:
    """Print coverage, width and what the machine alone would have said, for each share."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--items", type=int, default=20_000)
    parser.add_argument("--labels", type=int, default=600)
    given = parser.parse_args()
    begin = time.perf_counter()
    inside: dict[str, list[bool]] = defaultdict(list)
    width: dict[str, list[float]] = defaultdict(list)
    plain: dict[str, list[float]] = defaultdict(list)
    made = plan(given.items, WINDOW)
    for seed in range(1, given.seeds + 1):
        for name, low, high, true, alone in shares(made, seed, given.labels):
            inside[name].append(low <= true <= high)
            width[name].append(high - low)
            plain[name].append(abs(alone - true))
    print(f"{given.seeds} generated windows of {given.items:,} items, {given.labels} labels each,", end=" ")
    print(f"{time.perf_counter() - begin:.0f} s. Intervals are stated at 95 %.")
    print(f"{'share':<22}{'inside':>12}{'mean width':>12}{'error of the machine alone':>28}")
    for name, hits in inside.items():
        mean = sum(width[name]) / len(hits)
        error = sum(plain[name]) / len(hits)
        print(f"{name:<22}{sum(hits):>6}/{len(hits):<5}{mean:>12.4f}{error:>28.4f}")
    least = min(sum(hits) / len(hits) for hits in inside.values())
    every = sum(map(sum, inside.values())) / sum(map(len, inside.values()))
    print(f"least of any share {least:.3f}, all shares together {every:.4f}")


def shares(made: Plan, seed: int, labels: int) -> list[tuple[str, float, float, float, float]]:
    """Name, limits, truth and what the machine alone says, of each share of one window."""
    (piece,) = parts(made, seed, size=1 << 40)
    truth = {row["id"]: row for row in piece.truth.to_pylist()}
    topics = list(pieces()["topics"])
    with tempfile.TemporaryDirectory() as folder:
        posts, out = Path(folder) / "posts.parquet", Path(folder) / "annotated.parquet"
        pq.write_table(piece.posts, posts)
        annotate(Job(open_posts([posts], salt=b"benchmark").units, out))
        with Annotated(out) as store:
            rows = draw(store, WINDOW, topics, labels, seed)
            for row in rows:
                label = truth[row["id"]]
                row["is_rights"], row["is"] = WORDS[label["rights"]], label["polarity"]
                row["about"] = " ".join(label["topics"])
            audit, figures = Audit(store, WINDOW, rows), Figures(store, WINDOW)
            found = [*_channels(figures, piece.posts["channel"].to_pylist())]
            true, alone = _true(list(truth.values()), topics), _alone(figures, topics)
            for name in ("rights", "complaint", *topics):
                one = audit.share(name)
                found.append((name, one.low, one.high, true[name], alone[name]))
    return found


def _channels(figures: Figures, channels: list[str]) -> list[tuple[str, float, float, float, float]]:
    counts, total = aggregate.by_name(figures.volume), len(channels)
    shares = {name: counts[name].items / total for name in counts}
    return [(f"channel {n}", s, s, channels.count(n) / total, s) for n, s in shares.items()]


def _true(rows: list[dict], topics: list[str]) -> dict[str, float]:  # type: ignore[type-arg]
    rights = sum(row["rights"] for row in rows)
    complaints = [row for row in rows if row["polarity"] == "complaint"]
    named = {topic: sum(topic in row["topics"] for row in complaints) / len(complaints) for topic in topics}
    return {"rights": rights / len(rows), "complaint": len(complaints) / rights, **named}


def _alone(figures: Figures, topics: list[str]) -> dict[str, float]:
    every, rights = aggregate.count(figures.volume), aggregate.count(figures.volume, aggregate.rights)
    complaints = aggregate.count(figures.volume, aggregate.complaints)
    named = aggregate.by_name(figures.topics, aggregate.complaints)
    found = {topic: named[topic].items / complaints.items if topic in named else 0.0 for topic in topics}
    return {"rights": rights.items / every.items, "complaint": complaints.items / rights.items, **found}


if __name__ == "__main__":
    main()
