"""The polarity model on domains it has not seen, on texts that evaluate nothing, and against the clock.

Usage: `python benchmarks/polarity.py [loco [CATEGORY…]|three|speed]`; all by default. `loco` trains once for
each of nine categories of shop reviews without it (some minutes on two cores). Needs ../shared; `three` runs
without.
"""

import csv
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from corpus import ROOT, shared

from fairstream.opinion.labels import COMPLAINT, NEITHER, Labelled, read_labelled, read_plain, read_words
from fairstream.opinion.ngrams import weigh
from fairstream.opinion.polarity import PolarityModel
from fairstream.opinion.training import Plan, adapt, train
from fairstream.text.fold import Folder

DAY = date(2026, 3, 1)
PLAIN = ("weibo_hot_search_2020_2023", "cold_offensive", "bili_live_chat_20211230", "ced_weibo_reposts")
OWN = ROOT / "tests" / "opinion" / "polarity_posts.csv"
REVIEWS = ROOT / "tests" / "opinion" / "polarity_reviews.csv"
LABELS = 200
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


class Held(NamedTuple):
    """What a model says of a category that it was trained without."""

    name: str
    bad: Bools
    lean: Floats
    neither: Bools
    before: float
    after: float


def macro(bad: Bools, said: Bools) -> float:
    """Mean of the F1 of both classes."""
    scores = []
    for side in (True, False):
        hits = ((bad == side) & (said == side)).sum()
        scores.append(2 * hits / max(1, (bad == side).sum() + (said == side).sum()))
    return float(np.mean(scores))


def interval(bad: Bools, said: Bools, draws: int = 400) -> tuple[float, float]:
    """95 % bootstrap interval of `macro` over texts."""
    rng = np.random.default_rng(1)
    rows = (rng.integers(0, len(bad), len(bad)) for _ in range(draws))
    low, high = np.quantile([macro(bad[row], said[row]) for row in rows], [0.025, 0.975])
    return float(low), float(high)


def area(bad: Bools, lean: Floats) -> float:
    """Area under the ROC curve; ties count as they are sorted."""
    rank = np.empty(len(lean))
    rank[np.argsort(lean, kind="stable")] = np.arange(1, len(lean) + 1)
    yes = bad.sum()
    return float((rank[bad].sum() - yes * (yes + 1) / 2) / (yes * (~bad).sum()))


def error(bad: Bools, chance: Floats, bins: int = 10) -> float:
    """Expected calibration error over bins of equal width."""
    bin_of = np.minimum((chance * bins).astype(int), bins - 1)
    gaps = [abs(bad[bin_of == n].mean() - chance[bin_of == n].mean()) * (bin_of == n).mean()
            for n in range(bins) if (bin_of == n).any()]  # fmt: skip
    return float(np.sum(gaps))


def lean(model: PolarityModel, texts: list[str]) -> Floats:
    folded = Folder().fold(texts, evasion=False)
    sums, distinct = weigh(folded.codes, folded.bounds, model.table, longest=model.header.longest)
    return model.header.lean.logit(sums[:, 0], distinct)


def file(name: str) -> Path:
    found = shared(f"data/{name}")
    if found is None:
        sys.exit(f"{name} is needed: set FAIRSTREAM_SHARED")
    return found


def reviews() -> Labelled:
    return read_labelled(file("online_shopping_9_cats.parquet"))


def beside() -> Labelled:
    """Everything that trains the shipped model beside the nine categories."""
    plain = (read_plain(file(f"{name}.parquet"), most=12000, seed=1) for name in PLAIN)
    return sum(plain, read_labelled(file("zhijiang_cosmetics_opinions-train.jsonl")) + read_words())


def hold(name: str) -> Held:
    """Train without a category, look at it; then learn 200 of its labels and look at the rest."""
    data = reviews()
    here = np.array(data.domains) == name
    model = train(data.where(~here) + beside(), made=DAY, plan=Plan(folds=1))
    held = data.where(here)
    bad, logits = held.labels == COMPLAINT, lean(model, held.texts)
    neither = model.judge(Folder().fold(held.texts, evasion=False)).polarity == NEITHER
    taught = np.zeros(len(held), bool)
    taught[np.random.default_rng(1).choice(len(held), LABELS, replace=False)] = True
    bent = lean(adapt(model, held.where(taught), made=DAY), held.texts)
    scores = [macro(bad[~taught], one[~taught] >= 0) for one in (logits, bent)]
    return Held(name, bad, logits, neither, scores[0], scores[1])


def loco(only: list[str]) -> None:
    """Leave one category out, each of them or only those named (two at least, for the calibration)."""
    names = only or sorted(set(reviews().domains))
    with ProcessPoolExecutor(2) as pool:
        all_held = list(pool.map(hold, names))
    print(
        f"category        n  macro-F1 (95 %)          AUC    ECE  neither  {LABELS} own labels: before, after"
    )
    scores, errors = [], []
    for one in all_held:
        others = [other for other in all_held if other.name != one.name]
        chance = 1 / (1 + np.exp(-slope(others) * one.lean))
        scores.append(macro(one.bad, one.lean >= 0))
        errors.append(error(one.bad, chance))
        low, high = interval(one.bad, one.lean >= 0)
        print(
            f"{one.name:6} {len(one.bad):9,}  {scores[-1]:.4f} ({low:.4f}–{high:.4f})  "
            f"{area(one.bad, one.lean):.4f} {errors[-1]:.4f} {one.neither.mean():7.2%}  "
            f"{one.before:.4f} {one.after:.4f}"
        )
    draws = [np.mean([interval_draw(one, seed) for one in all_held]) for seed in range(200)]
    low, high = np.quantile(draws, [0.025, 0.975])
    print(f"mean             {np.mean(scores):.4f} ({low:.4f}–{high:.4f})  ECE {np.mean(errors):.4f}")


def interval_draw(one: Held, seed: int) -> float:
    rows = np.random.default_rng(seed).integers(0, len(one.bad), len(one.bad))
    return macro(one.bad[rows], one.lean[rows] >= 0)


def slope(held: list[Held]) -> float:
    """The slope that fits the logits of these categories best, each counting the same."""
    steps = np.geomspace(0.1, 3, 60)
    loss = [
        np.mean([np.logaddexp(0, -np.where(h.bad, 1, -1) * s * h.lean).mean() for h in held]) for s in steps
    ]
    return float(steps[int(np.argmin(loss))])


def three() -> None:
    """Three-way confusion on invented posts, and what is said of texts that are not of consumers' opinion."""
    model, names = PolarityModel.open(), ("neither", "complaint", "praise")
    with OWN.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    said = model.judge(Folder().fold([row["text"] for row in rows], evasion=False)).polarity
    print(f"{len(rows)} invented posts          said " + "".join(f"{name:>11}" for name in names))
    for name in names:
        mine = [int(code) for row, code in zip(rows, said, strict=True) if row["label"] == name]
        print(f"  {name:30}" + "".join(f"{mine.count(code):11}" for code in range(3)))
    invented(model)
    for name in PLAIN:
        path = shared(f"data/{name}.parquet")
        if path is None:
            continue
        taught = set(read_plain(path, most=12000, seed=1).texts)
        fresh = [text for text in read_plain(path, most=20000, seed=2).texts if text not in taught]
        said = model.judge(Folder().fold(fresh, evasion=False)).polarity
        shares = " ".join(f"{what} {np.mean(said == code):.2%}" for code, what in enumerate(names))
        print(f"  {name:28} {len(fresh):6,} not in training: {shares}")


def invented(model: PolarityModel) -> None:
    """Macro-F1 of the side on invented short reviews of three domains, and how many are called neither."""
    with REVIEWS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for name in dict.fromkeys(row["domain"] for row in rows):
        mine = [row for row in rows if row["domain"] == name]
        judged = model.judge(Folder().fold([row["text"] for row in mine], evasion=False))
        bad = np.array([row["label"] == "complaint" for row in mine])
        side, none = macro(bad, judged.score >= 0.5), int((judged.polarity == NEITHER).sum())
        print(f"  {len(mine)} reviews of {name:8} macro-F1 {side:.3f}, neither {none}")


def speed() -> None:
    """Texts a second on one core, beside the fold alone and scikit-learn."""
    from sklearn.feature_extraction.text import HashingVectorizer
    from sklearn.linear_model import LogisticRegression

    words = "".join(reviews().texts)
    texts = [words[n : n + 57] for n in range(0, 57 * 65536, 57)]
    batches = [texts[n : n + 8192] for n in range(0, len(texts), 8192)]
    folder, model = Folder(), PolarityModel.open()
    folded = [folder.fold(batch, evasion=False) for batch in batches]
    usual = HashingVectorizer(analyzer="char", ngram_range=(1, 4), n_features=1 << 18)
    linear = LogisticRegression().fit(usual.transform(texts[:2000]), np.arange(2000) % 2)
    rows: list[tuple[str, Callable[[], Any], int]] = [
        ("fold alone", lambda: [folder.fold(batch, evasion=False) for batch in batches], len(texts)),
        ("judge a folded batch", lambda: [model.judge(batch) for batch in folded], len(texts)),
        ("scikit-learn, hashed n-grams", lambda: linear.predict(usual.transform(texts[:4096])), 4096),
    ]
    print(f"{len(texts):,} pieces of 57 characters of shop reviews, one core, median of five")
    for title, work, count in rows:
        work()
        times = []
        for _ in range(5):
            begin = time.perf_counter()
            work()
            times.append(time.perf_counter() - begin)
        print(f"  {title:30} {count / statistics.median(times):12,.0f} texts/s")


if __name__ == "__main__":
    part, *categories = sys.argv[1:] or ["all"]
    if part in ("three", "all"):
        three()
    if part in ("speed", "all"):
        speed()
    if part in ("loco", "all"):
        loco(categories)
