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
