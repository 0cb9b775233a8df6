"""False alarms and power of the review checks, on the public reviews in ../shared when they are there.

Usage: `python benchmarks/reviews.py [--tune]`. Listings are samples of reviews as they are, each review taken
as by another author, so that real copies in the corpora count as false alarms: an upper bound. `--tune` takes
the seed the limits were chosen on.
"""

import argparse
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from corpus import shared

from fairstream.checks.library import DATA, read_about
from fairstream.checks.reviews import CHECKS
from fairstream.checks.scene import Scene
from fairstream.evaluate.metrics import Share
from fairstream.facts import Facts, Review
from fairstream.records import Broadcast

TUNING, REPORTING = 11, 22
SEEN = datetime(2026, 3, 1, tzinfo=UTC)
ABOUTS = {name: read_about(DATA / f"{name}.yaml") for name in CHECKS}
LISTING = 200


def suspected(check: str, reviews: Iterable[Review]) -> bool:
    broadcast = Broadcast("room", "room", date(2026, 3, 1), invented=True)
    scene = Scene(broadcast, Facts(reviews=tuple(reviews)))
    return any(one.verdict == "suspected" for one in CHECKS[check](scene, ABOUTS[check]))


def reviews(texts: Iterable[str]) -> list[Review]:
    return [Review(str(n), "goods", text, SEEN, author=f"a{n}") for n, text in enumerate(texts)]


def line(title: str, answers: Iterable[bool]) -> None:
    share = Share.of(answers)
    low, high = share.interval or (0.0, 1.0)
    print(f"  {title:66} {share.hits:4d} / {share.total:<5d} {share.value or 0:7.2%}  ({low:.2%}–{high:.2%})")


def some(rng: np.random.Generator, pool: list[str], count: int) -> list[str]:
    return [pool[n] for n in rng.choice(len(pool), min(count, len(pool)), replace=False)]


@cache
def pools() -> dict[str, list[str]]:
    """Reviews by what they are about; the goods of the corpora, as they are."""
    out: dict[str, list[str]] = defaultdict(list)
    for name, text, kind in (
        ("online_shopping_9_cats", "review", "cat"),
        ("taobao_camouflaged_spam", "text", "spam"),
    ):
        file = shared(f"data/{name}.parquet")
        for row in pq.read_table(file, columns=[text, kind]).to_pylist() if file else []:
            if row[text] and row[kind] != 1:
                out[f"{name} {row[kind]}"].append(row[text])
    return out


@cache
def phones() -> dict[str, list[dict[str, Any]]]:
    """Reviews of the phones by product; a text twice within the same minute is one review stored twice."""
    file = shared("data/jd_phone_reviews_2020.parquet")
    out: dict[str, dict[tuple[str, str], dict[str, Any]]] = defaultdict(dict)
    for row in pq.read_table(file).to_pylist() if file else []:
        out[row["product"]].setdefault((row["text"], row["time"].strftime("%Y-%m-%d %H:%M")), row)
    return {product: list(rows.values()) for product, rows in out.items()}


def templated_alarms(rng: np.random.Generator) -> None:
    print("\nreviews/templated, false alarms (upper bound: real copies count)")
    every = []
    for name, pool in pools().items():
        hits = [
            suspected("reviews/templated", reviews(some(rng, pool, LISTING)))
            for _ in range(60 if "taobao" not in name else 200)
        ]
        every += hits
        line(f"{name}, {LISTING} of {len(pool)}", hits)
    for product, rows in phones().items():
        hits = [suspected("reviews/templated", reviews(row["text"] for row in rows))]
        every += hits
        line(f"jd_phone_reviews_2020 {product[:16]}, all {len(rows)}", hits)
    line("all", every)


def templated_power(rng: np.random.Generator) -> None:
    print("\nreviews/templated, power: copies of one review with words swapped, among 200 others")
    every = [text for pool in pools().values() for text in pool]
    fitting = [text for text in every if 40 <= len(text) <= 120]
    for copies in (2, 3, 5, 10):
        for swapped in (0.0, 0.1, 0.2, 0.3, 0.4):
            answers = []
            for _ in range(40):
                template = some(rng, fitting, 1)[0]
                planted = [_swap(rng, template, fitting, swapped) for _ in range(copies)]
                answers.append(
                    suspected("reviews/templated", reviews([*some(rng, every, LISTING), *planted]))
                )
            line(f"{copies} copies, {swapped:.0%} of the words swapped", answers)


def _swap(rng: np.random.Generator, text: str, others: list[str], part: float) -> str:
    import rjieba

    words = rjieba.cut(text)
    spare = rjieba.cut(some(rng, others, 1)[0])
    return "".join(str(rng.choice(spare)) if rng.random() < part else word for word in words)


def burst(rng: np.random.Generator) -> None:
    print("\nreviews/burst, false alarms on real times of writing, and power")
    products = phones()
    answers, planted = [], defaultdict(list)
    for rows in products.values():
        for _ in range(40):
            part = [rows[n] for n in rng.choice(len(rows), min(len(rows), LISTING), replace=False)]
            times = [row["time"].replace(tzinfo=UTC) for row in part]
            answers.append(suspected("reviews/burst", _timed(times)))
            for many in (5, 10, 20, 40):
                middle = times[int(rng.integers(len(times)))]
                extra = [middle + timedelta(seconds=float(rng.uniform(0, 600))) for _ in range(many)]
                planted[many].append(suspected("reviews/burst", _timed([*times, *extra])))
    line("organic samples of 200 reviews a phone", answers)
    for many, found in planted.items():
        line(f"{many} reviews within ten minutes added", found)


def _timed(times: list[datetime]) -> list[Review]:
    return [
        Review(str(n), "goods", "x", SEEN + timedelta(days=9000), written_at=at, author=f"a{n}", rating=5)
        for n, at in enumerate(times)
    ]


def vanished(rng: np.random.Generator) -> None:
    print("\nreviews/vanished: listings of 200, 10 % of them bad; false alarms of blind removal, and power")
    for gone in (5, 10, 20, 40):
        answers = [_gone(rng, gone, 1.0) for _ in range(1000)]
        line(f"{gone} reviews gone whatever their rating", answers)
    for gone in (3, 5, 10):
        for favour in (3.0, 10.0, 1e9):
            answers = [_gone(rng, gone, favour) for _ in range(300)]
            line(f"{gone} gone, a bad one {favour:g} times as likely", answers)


def _gone(rng: np.random.Generator, gone: int, favour: float) -> bool:
    rating = np.where(rng.random(LISTING) < 0.1, rng.integers(1, 3, LISTING), rng.integers(3, 6, LISTING))
    weight = np.where(rating <= 2, favour, 1.0)
    lost = set(rng.choice(LISTING, gone, replace=False, p=weight / weight.sum()).tolist())
    first = [Review(str(n), "goods", "x", SEEN, rating=int(rating[n])) for n in range(LISTING)]
    later = SEEN + timedelta(days=7)
    last = [replace(one, captured_at=later) for n, one in enumerate(first) if n not in lost]
    return suspected("reviews/vanished", [*first, *last])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="use the seed the limits were chosen on")
    began = time.perf_counter()
    rng = np.random.default_rng(TUNING if parser.parse_args().tune else REPORTING)
    if pools() and phones():
        templated_alarms(rng)
        templated_power(rng)
        burst(rng)
    else:
        print(f"no review corpora beside {Path.cwd().name}: only what needs none is measured")
    vanished(rng)
    print(f"{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
