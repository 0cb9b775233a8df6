"""Terms found in heard syllables with what was misheard."""

from pathlib import Path

import numpy as np
import pytest

from fairstream.text import spokenterms
from fairstream.text.confusions import ACCENT, FAR, NEAR, NEVER, confusion_costs
from fairstream.text.spokenterms import KNOWN_WORD, SpokenTerms
from fairstream.text.syllables import parse
from fairstream.text.wordsounds import word_sounds

MOST = (0.0, 0.0, 6.0, 8.0, 10.0, 12.0)


def candidates(terms: list[str], heard: str, most: tuple[float, ...] = MOST) -> list[tuple[int, str, float]]:
    """Position, term and cost of everything that may have been said."""
    spoken = SpokenTerms(terms, most)
    numbers = word_sounds().numbers
    parsed = [parse(token) for token in heard.split()]
    found = spoken.candidates(
        np.array([numbers[s.base] if s else 0 for s in parsed]),
        np.array([s.tone if s else 0 for s in parsed]),
    )
    rows = zip(found.position.tolist(), found.term.tolist(), found.cost.tolist(), strict=True)
    return [(position, spoken.terms[term], round(cost, 1)) for position, term, cost in rows]


@pytest.mark.parametrize(
    ("heard", "found"),
    [
        ("wo3 zhi4 liao2", [(1, "治疗", 0.0)]),
        ("zi4 liao2", [(0, "治疗", ACCENT)]),
        ("zhi4 biao2", [(0, "治疗", FAR)]),
        ("zhi4 liao1", [(0, "治疗", 2.0)]),
        ("zhi4 da2", []),
        ("zi4 niao2", [(0, "治疗", 2 * ACCENT)]),
        ("ji4 biao2", []),
        ("zhi4 A liao2", []),
        ("zhi4", []),
        ("", []),
    ],
)
def test_two_syllables(heard: str, found: list[tuple[int, str, float]]) -> None:
    most = (0.0, 0.0, FAR, 8.0)
    assert candidates(["治疗"], heard, most) == found


@pytest.mark.parametrize("misheard", range(5))
def test_one_wrong_syllable_anywhere_in_a_long_term(misheard: int) -> None:
    tokens = ["bai3", "fen1", "bai3", "you3", "xiao4"]
    tokens[misheard] = "gua2"
    [(position, term, cost)] = candidates(["百分百有效"], " ".join(tokens), (0.0, 0.0, 0.0, 0.0, 0.0, 20.0))
    assert (position, term) == (0, "百分百有效")
    assert cost >= NEAR


def test_the_middle_of_three_may_be_wrong() -> None:
    assert candidates(["纯天然"], "chun2 tie1 ran2") == [(0, "纯天然", NEAR)]
    assert candidates(["纯天然"], "chun2 tuo1 ran2") == [(0, "纯天然", FAR)]


def test_an_accent_may_change_every_syllable() -> None:
    assert candidates(["增长身高"], "zen1 zang3 sen1 gao1", (0.0, 0.0, 0.0, 0.0, 12.0)) == [
        (0, "增长身高", 3 * ACCENT)
    ]


def test_terms_that_run_over_the_end_are_no_candidates() -> None:
    assert candidates(["纯天然", "天然气"], "chun2 tian1 ran2") == [(0, "纯天然", 0.0)]


def test_terms_that_cannot_be_said_are_left_out() -> None:
    assert SpokenTerms(["vip", "屋", "100%", "国" * 13, "治疗", "治疗"], MOST).terms == ("治疗",)
    assert candidates([], "zhi4 liao2") == []


def test_rarity_is_that_of_the_words() -> None:
    terms = SpokenTerms(["我们", "喹诺酮"], MOST)
    assert terms.rarity[0] < 8 < KNOWN_WORD < terms.rarity[1]
    assert terms.costs[1] == KNOWN_WORD


@pytest.mark.parametrize(
    ("one", "other", "cost"),
    [
        ("zhi", "zhi", 0.0),
        ("zhi", "zi", ACCENT),
        ("lan", "nan", ACCENT),
        ("fei", "hei", ACCENT),
        ("shen", "sheng", ACCENT),
        ("shan", "sang", 2 * ACCENT),
        ("ji", "zhi", NEAR),
        ("dou", "du", NEAR),
        ("an", "wan", NEAR),
        ("ban", "ga", FAR + NEAR),
        ("ma", "ke", FAR + NEAR),
    ],
)
def test_confusions_cost_the_same_both_ways(one: str, other: str, cost: float) -> None:
    numbers = word_sounds().numbers
    assert confusion_costs()[numbers[one], numbers[other]] == pytest.approx(cost)
    assert confusion_costs()[numbers[other], numbers[one]] == pytest.approx(cost)


def test_what_is_no_syllable_is_never_taken_for_one() -> None:
    assert (confusion_costs()[0] == NEVER).all()
    assert (confusion_costs()[:, 0] == NEVER).all()
    assert (confusion_costs() == confusion_costs().T).all()


def test_terms_read_once_are_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = ["治疗失眠", "vip", "燕之屋", "银行"]
    fresh = SpokenTerms(terms, MOST)
    monkeypatch.setenv("FAIRSTREAM_CACHE", str(tmp_path))
    monkeypatch.setattr(spokenterms, "WORTH_KEEPING", 1)
    written = SpokenTerms(terms, MOST)
    assert len(list(tmp_path.glob("spokenterms-*.npz"))) == 1
    monkeypatch.setattr(spokenterms, "_read", None)  # nothing is read aloud any more
    again = SpokenTerms(terms, MOST)
    heard = np.array([word_sounds().numbers[name] for name in ("yin", "hang", "yan", "zhi", "wu")])
    for one in (written, again):
        assert one.terms == fresh.terms == ("治疗失眠", "燕之屋", "银行")
        assert one.rarity.tolist() == fresh.rarity.tolist()
        assert [column.tolist() for column in one.candidates(heard, heard * 0)] == [
            column.tolist() for column in fresh.candidates(heard, heard * 0)
        ]
    monkeypatch.undo()
    assert SpokenTerms(terms[:3], MOST).terms == ("治疗失眠", "燕之屋")
