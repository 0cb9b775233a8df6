"""Pairs that stand together."""

import math

import numpy as np
import pyarrow as pa
import pytest

from fairstream.errors import LimitError
from fairstream.opinion.phrases import Trie, occurrences
from fairstream.opinion.together import MOST_LABELS, Pairs, Standard
from fairstream.text.fold import Folder

ALL = Standard(rate=1, both=1, lift=0)


def of(items: list[list[str]], labels: list[str]) -> Pairs:
    """Pairs of items given as lists of labels."""
    pairs = Pairs(labels)
    pairs.add_lists(pa.array(items, pa.list_(pa.string())))
    return pairs


def test_a_pair_is_told_with_what_chance_would_give() -> None:
    items = [["a", "b"]] * 30 + [["a"]] * 10 + [["b"]] * 20 + [[]] * 40
    (pair,) = of(items, ["a", "b"]).top()
    assert (pair.a, pair.b, pair.both, pair.of_a, pair.of_b) == ("a", "b", 30, 40, 50)
    assert pair.expected == pytest.approx(20) and pair.lift == pytest.approx(1.5)
    assert pair.pmi == pytest.approx(math.log2(1.5))
    spread = math.sqrt(1 / 30 - 1 / 40 - 1 / 50 + (2 * 1.5 - 1) / 100) / math.log(2)
    assert pair.low == pytest.approx(pair.pmi - 1.959964 * spread)
    assert pair.high == pytest.approx(pair.pmi + 1.959964 * spread)
    table = [(30, 20), (10, 20), (20, 30), (40, 30)]
    assert pair.g2 == pytest.approx(2 * sum(seen * math.log(seen / even) for seen, even in table))


def test_the_interval_covers_the_truth_as_often_as_stated() -> None:
    draw = np.random.default_rng(1)
    truth, inside, runs = math.log2(0.06 / (0.2 * 0.15)), 0, 400
    for _ in range(runs):
        both, only_a, only_b, _ = draw.multinomial(2000, [0.06, 0.14, 0.09, 0.71])
        pairs = Pairs(["a", "b"])
        pairs.items, pairs.counts = 2000, np.array([[both + only_a, both], [0, both + only_b]])
        (pair,) = pairs.top(standard=ALL)
        inside += pair.low <= truth <= pair.high
    assert 0.92 <= inside / runs <= 0.98


def test_independent_labels_are_no_pair() -> None:
    draw = np.random.default_rng(2)
    names = [f"第{n}号" for n in range(40)]
    table = draw.random((3000, len(names))) < 0.1
    items = [[names[k] for k in np.flatnonzero(row)] for row in table]
    assert of(items, names).top() == []


def test_labels_that_shun_each_other_are_not_together() -> None:
    assert of([["a"]] * 50 + [["b"]] * 50 + [["a", "b"]] * 5, ["a", "b"]).top() == []


def test_phrases_inside_each_other_are_left_out_unless_asked_for() -> None:
    texts = ["尾款人和套路"] * 20 + ["快递"] * 20
    folded = Folder().fold(texts, evasion=False)
    labels = ["尾款人", "款人", "套路", "快递"]
    pairs = Pairs(labels)
    pairs.add(*occurrences(folded, Trie(labels)), len(texts))
    assert {(p.a, p.b) for p in pairs.top()} == {("尾款人", "套路"), ("款人", "套路")}
    assert len(pairs.top(standard=Standard(inside=True))) == 3


def test_batches_add_up_and_several_columns_count_together() -> None:
    topics, entities = (
        pa.array([["live"], ["live", "price"], None]),
        pa.array([["host:某甲"], [], ["host:某甲"]]),
    )
    labels = ["live", "price", "host:某甲"]
    whole = Pairs(labels)
    whole.add_lists(topics, entities)
    parts = Pairs(labels)
    for at in range(3):
        one = Pairs(labels)
        one.add_lists(topics.slice(at, 1), entities.slice(at, 1))
        parts += one
    assert whole.items == parts.items == 3
    assert whole.counts.tolist() == parts.counts.tolist() == [[2, 1, 1], [0, 1, 0], [0, 0, 2]]


def test_a_label_twice_in_an_item_counts_once_and_unknown_ones_not() -> None:
    assert of([["a", "a", "x"], ["x"]], ["a"]).counts.tolist() == [[1]]


@pytest.mark.parametrize("labels", [[], ["a"], ["a", "b"]])
def test_nothing_gives_nothing(labels: list[str]) -> None:
    assert of([], labels).top() == [] and of([[], []], labels).top() == []


def test_too_many_labels_are_refused() -> None:
    with pytest.raises(LimitError, match="too many"):
        Pairs([str(n) for n in range(MOST_LABELS + 1)])


def test_different_labels_do_not_add() -> None:
    pairs = Pairs(["a"])
    with pytest.raises(ValueError, match="different labels"):
        pairs += Pairs(["b"])
