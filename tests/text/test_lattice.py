"""The likeliest way through the words that syllables may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.text.lattice import Further, Lattice
from fairstream.text.syllables import lattice_of, spell
from fairstream.text.wordsounds import word_sounds

NAMES = [name for name in word_sounds().names if name]


def further(*words: tuple[int, int, float]) -> Further:
    begin, end, cost = zip(*words, strict=True)
    return Further(np.array(begin), np.array(end), np.array(cost, dtype=np.float32))


def test_words_beat_single_characters() -> None:
    assert "".join(map(chr, lattice_of(["zhi4", "liao2"]).best().codes)) == "治疗"


def test_a_cheap_further_word_is_taken_and_a_dear_one_left() -> None:
    lattice = lattice_of(["wo3", "zhi4", "liao2", "de"])
    taken = lattice.best(further((1, 3, 1.0), (0, 2, 50.0)))
    assert taken.further == [0]
    assert [bool(code) for code in taken.codes] == [True, False, False, True]
    assert lattice.best(further((1, 3, 99.0))).further == []


def test_further_words_never_overlap_and_come_in_order() -> None:
    lattice = lattice_of(["wo3"] * 6)
    assert lattice.best(further((3, 5, 0.1), (0, 3, 0.1), (2, 4, 0.05))).further == [1, 0]


def test_the_first_of_two_equal_words_wins() -> None:
    assert lattice_of(["wo3", "wo3"]).best(further((0, 2, 1.0), (0, 2, 1.0))).further == [0]


def test_nothing_heard() -> None:
    assert Lattice([], []).best() == ([], [])
    assert Lattice([0, 0], [0, 0]).best().codes == [0, 0]


@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "1", "2", "3", "4"])), max_size=12))
def test_every_syllable_gets_one_character_that_may_sound_so(heard: list[tuple[str, str]]) -> None:
    tokens = [name + tone for name, tone in heard]
    spelled = spell(tokens)
    assert len(spelled) == len(tokens)
    assert spell(tokens) == spelled


@pytest.mark.parametrize("split", [1, 2, 3])
def test_what_is_no_syllable_separates(split: int) -> None:
    tokens = ["zhi4", "liao2", "shi1", "mian2"]
    whole = spell([*tokens[:split], "A", *tokens[split:]])
    assert whole == f"{spell(tokens[:split])}A{spell(tokens[split:])}"


SAID = st.lists(
    st.tuples(st.sampled_from(["", *NAMES[::29], "zhi", "liao", "wo", "men", "de"]), st.integers(0, 4)),
    min_size=1,
    max_size=30,
)


@given(SAID, st.data())
def test_what_is_taken_is_what_the_best_way_has(said: list[tuple[str, int]], data: st.DataObject) -> None:
    numbers = word_sounds().numbers
    lattice = Lattice([numbers.get(name, 0) for name, _ in said], [tone for _, tone in said])
    begin = data.draw(st.lists(st.integers(0, len(said) - 1), min_size=1, max_size=12))
    words = [
        (
            at,
            min(len(said), at + data.draw(st.integers(1, 12))),
            data.draw(st.sampled_from([2, 9, 14, 20, 31])),
        )
        for at in begin
    ]
    given_words = further(*words)
    assert lattice.taken(given_words) == lattice.best(given_words).further


def test_nothing_is_taken_where_nothing_is_given() -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Further(none, none, none.astype(np.float32))
    assert lattice_of(["wo3", "men"]).taken(empty) == []
    assert Lattice([], []).taken(empty) == []
