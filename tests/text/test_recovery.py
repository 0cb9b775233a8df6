"""The promise on evasive spellings: what share is recovered, and what ordinary text pays for it."""

from pathlib import Path

import daachorse
import pytest

from fairstream.evaluate.evasion import (
    LINGUISTIC,
    MECHANICAL,
    EvasionItem,
    generate,
    recovered,
    stands,
    table,
)
from fairstream.text.fold import Folder

SHARED = Path(__file__).parents[3] / "shared" / "data"
REVIEWS = SHARED / "online_shopping_9_cats.parquet"


def test_the_set_is_the_same_for_the_same_seed(terms: list[str]) -> None:
    assert generate(terms, seed=3, per_kind=20) == generate(terms, seed=3, per_kind=20)
    assert generate(terms, seed=3, per_kind=20) != generate(terms, seed=4, per_kind=20)


def test_items_hold_what_they_say(terms: list[str]) -> None:
    items = generate(terms, seed=3, per_kind=50)
    assert {item.kind for item in items} == set(MECHANICAL) | set(LINGUISTIC)
    assert all(item.term not in item.text[item.start : item.end] for item in items if item.kind != "repeat")
    assert all(0 <= item.start < item.end <= len(item.text) for item in items)


@pytest.mark.parametrize("seed", [11, 12])
def test_shares_recovered(terms: list[str], seed: int) -> None:
    results = {r.kind: r for r in recovered(generate(terms, seed=seed, per_kind=300), Folder(terms))}
    assert table(results.values()).count("\n") == len(results)
    total = sum(results[kind].items for kind in MECHANICAL)
    assert sum(results[kind].recovered for kind in MECHANICAL) / total >= 0.97
    assert min(results[kind].share for kind in MECHANICAL) >= 0.95
    alike = [results[kind] for kind in LINGUISTIC if "homophone" in kind]
    assert sum(r.recovered for r in alike) / sum(r.items for r in alike) >= 0.85
    assert min(results[kind].share for kind in LINGUISTIC if kind != "near homophone") >= 0.85


def test_a_wrong_span_does_not_count() -> None:
    folder = Folder(["最好"])
    item = EvasionItem("真的zui好吧", "最好", 2, 6, "pinyin")
    batch = folder.fold([item.text])
    assert stands(batch, 1, item)
    assert not stands(batch, 1, EvasionItem(item.text, "最好", 2, 5, "pinyin"))
    assert not stands(batch, 0, item)


def with_terms(folder: Folder, terms: list[str], texts: list[str], *, evasion: bool) -> set[int]:
    machine = daachorse.CharwiseDoubleArrayAhoCorasick(terms)
    found: set[int] = set()
    for first in range(0, len(texts), 8192):
        batch = folder.fold(texts[first : first + 8192], evasion=evasion)
        for reading in range(len(batch)):
            if machine.find(batch.reading(reading)):
                found.add(first + int(batch.row[reading]))
    return found


@pytest.mark.skipif(not REVIEWS.exists(), reason="needs ../shared/data")
def test_ordinary_reviews_pay_at_most_half_a_point(terms: list[str]) -> None:
    import pyarrow.parquet as pq

    reviews = [text or "" for text in pq.read_table(REVIEWS, columns=["review"])["review"].to_pylist()]
    folder = Folder(terms)
    plain = with_terms(folder, terms, reviews, evasion=False)
    evasive = with_terms(folder, terms, reviews, evasion=True)
    added = 100 * (len(evasive) - len(plain)) / len(reviews)
    assert plain <= evasive
    assert added <= 0.5
