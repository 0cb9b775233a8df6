"""Matching against a slow plain reference, and what bounds its work."""

import re
import time
from itertools import pairwise, permutations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairstream.opinion.reading import Reader
from fairstream.text.fold import CLAUSE_MARKS, SENTENCE_MARKS, Folder
from opinion.lists import Lists, read

LETTERS = "甲乙丙丁"
WORDS = st.text(LETTERS, min_size=1, max_size=3)
TEXTS = st.lists(st.text(LETTERS + "，。不", max_size=30), min_size=1, max_size=6)
PARTS = st.lists(st.lists(WORDS, min_size=1, max_size=3), min_size=2, max_size=3)
SIGNS = st.one_of(
    st.builds(lambda words: {"any": words}, st.lists(WORDS, min_size=1, max_size=3)),
    st.builds(lambda parts, within: {"near": parts, "within": within}, PARTS, st.integers(0, 6)),
    st.builds(lambda parts, within: {"order": parts, "within": within}, PARTS, st.integers(0, 6)),
)
TOPICS = st.lists(
    st.tuples(st.lists(SIGNS, min_size=1, max_size=3), st.lists(WORDS, max_size=2), st.booleans()),
    min_size=1,
    max_size=4,
)


def hits(text: str, words: list[str], unless: list[str], negated: bool) -> list[tuple[int, int]]:
    """Where words count in a sentence, by trying every place."""
    spans = {(m.start(), m.start() + len(w)) for w in words for m in re.finditer(f"(?={w})", text)}
    bars = {(m.start(), m.start() + len(w)) for w in unless for m in re.finditer(f"(?={w})", text)}
    kept = [(a, b) for a, b in spans if not any(c < b and a < d for c, d in bars)]
    return [(a, b) for a, b in kept if not (negated and a and text[a - 1] == "不")]


def chain(parts: list[list[tuple[int, int]]], within: int) -> bool:
    """Whether some choice of one hit for each part stands in order, near enough."""
    return any(all(0 <= b[0] - a[1] <= within for a, b in pairwise(choice)) for choice in product(*parts))


def stands(sign: dict[str, Any], text: str, unless: list[str], negated: bool) -> bool:
    """Whether a sign stands in a text."""
    for sentence in re.split(f"[{SENTENCE_MARKS}]", text):
        parts = [hits(sentence, words, unless, negated) for words in parts_of(sign)]
        orders = permutations(parts) if "near" in sign else [tuple(parts)]
        if any(chain(list(order), sign.get("within", 0)) for order in orders):
            return True
    return False


def parts_of(sign: dict[str, Any]) -> list[list[str]]:
    """The lists of words of a sign."""
    return [sign["any"]] if "any" in sign else sign.get("near") or sign["order"]


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(topics=TOPICS, texts=TEXTS)
def test_signs_as_the_reference_reads_them(
    topics: list[Any], texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    lists = Lists(tmp_path_factory.mktemp("lists"))
    lists.negation("不")
    for number, (signs, unless, negatable) in enumerate(topics):
        lists.topic(f"t{number}", *signs, unless=unless, negatable=negatable)
    expected = [
        [
            f"t{number}"
            for number, (signs, unless, negatable) in enumerate(topics)
            if any(stands(sign, text, unless, negatable) for sign in signs)
        ]
        for text in texts
    ]
    assert lists.topics(*texts) == expected


@settings(max_examples=60, deadline=None)
@given(
    texts=st.lists(
        st.text(LETTERS + "，。不好差价@店 a1\n\x00😀", max_size=40) | st.text(max_size=20),
        min_size=1,
        max_size=8,
    ),
    data=st.data(),
)
def test_a_text_reads_the_same_in_any_batch(texts: list[str], data: st.DataObject, mixed: Reader) -> None:
    order = data.draw(st.permutations(range(len(texts))))
    alone = [read(mixed, text, polarity="complaint") for text in texts]
    together = read(mixed, *(texts[at] for at in order), polarity="complaint")
    for name, values in together.items():
        assert values == [alone[at][name][0] for at in order]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A reader with something of every kind of list."""
    lists = Lists(tmp_path_factory.mktemp("mixed"))
    lists.negation("不", fillers=["甲"], never=["不不"])
    lists.topic("a", "甲乙", {"near": [["丙"], ["丁", "好"]], "within": 4}, conducts=["price_fraud"])
    lists.topic("a.b", {"order": [["乙"], ["丙"]], "within": 5}, unless=["乙丁"], scene=["w"])
    lists.lexicon("w", "甲", "1")
    lists.gate("g", {"any": ["价"]}, {"any": ["甲"], "weight": "weak"}, {"any": ["乙"], "weight": "weak"})
    lists.entities("brand", {"丁丁": {"aliases": ["a"], "ambiguous": ["丁丁"], "needs": ["价"]}})
    lists.write("entities/patterns.yaml", {"endings": {"shop": ["店"]}, "stops": ["甲"]})
    aspect = {"title": {"zh": "价", "en": "p"}, "targets": ["价", "丙"], "worse": ["乙"]}
    lists.write("aspects.yaml", {"better": ["好"], "worse": ["差"], "aspects": {"price": aspect}})
    return lists.reader()


def test_marks_that_cut(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", {"order": [["甲"], ["乙"]], "within": 9})
    texts = [f"甲{mark}乙" for mark in SENTENCE_MARKS + CLAUSE_MARKS + "\n "]
    cut = [[]] * len(SENTENCE_MARKS)
    kept = [["t"]] * len(CLAUSE_MARKS)
    assert lists.topics(*texts) == [*cut, *kept, [], ["t"]]


def test_a_sentence_without_marks_is_cut_after_a_thousand_characters(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", {"order": [["甲"], ["乙"]]})
    assert lists.topics("丙" * 998 + "甲乙", "丙" * 999 + "甲乙", "丙" * 1500 + "甲乙") == [["t"], [], ["t"]]


def test_a_word_across_the_cut_is_found(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", "甲乙甲")
    assert lists.topics("丙" * 999 + "甲乙甲") == [["t"]]


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("app", "下载app吧", True),
        ("app", "happy", False),
        ("app", "apple", False),
        ("app", "App2", True),
        ("12", "第12天", True),
        ("12", "123", False),
        ("12", "312", False),
        ("7天", "17天", False),
        ("7天", "満7天", True),
        ("👎", "真👎a", True),
        ("𠮷", "a𠮷b", True),
    ],
)
def test_edges_of_letters_and_digits(word: str, text: str, *, found: bool, tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", word)
    assert lists.topics(text) == [["t"] if found else []]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("是假货", True),
        ("不假货", False),
        ("没有假货", False),
        ("没有遇到假货", False),
        ("没有，假货", True),
        ("遇到假货", True),
        ("是不是假货", True),
        ("不是假货", False),
        ("不是吗假货", True),
        ("不假货，假货", True),
    ],
)
def test_negation_right_before(text: str, *, found: bool, tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.negation("不", "没有", "不是", fillers=["遇到", "是"], never=["是不是"])
    lists.topic("t", "假货")
    lists.topic("s", "假货", negatable=False)
    assert lists.topics(text) == [["s", "t"] if found else ["s"]]


def test_one_word_cannot_play_two_parts(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", {"near": [["甲乙"], ["乙丙"]], "within": 60})
    assert lists.topics("甲乙丙", "甲乙乙丙", "乙丙甲乙") == [[], ["t"], ["t"]]


def test_the_words_of_many_topics_in_a_batch_larger_than_its_room(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    for number in range(40):
        lists.topic(f"t{number:02}", "甲")
    lists.entities("brand", {f"甲{number}": ["乙"] for number in range(30)})
    found = lists.read(*["甲乙乙乙"] * 300)
    assert found["topics"] == [[f"t{number:02}" for number in range(40)]] * 300
    assert found["entities"] == [sorted(f"brand:甲{number}" for number in range(30))] * 300


@pytest.mark.parametrize("text", ["甲" * 1_000_000, "甲乙" * 500_000, "不" * 1_000_000, "价好" * 500_000])
def test_work_is_bounded_by_the_length(text: str, mixed: Reader) -> None:
    folded = Folder().fold([text, "甲乙"], evasion=False)
    mixed.match(folded)
    begin = time.perf_counter()
    matches = mixed.match(folded)
    assert time.perf_counter() - begin < 5
    assert np.unique(matches.units[:, 0]).tolist()[-1] == 1
