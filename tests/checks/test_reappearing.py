"""Marks of a barred room: what counts, what does not, and what is told."""

from datetime import date

import pytest

from fairstream.checks import DATA, reappearing
from fairstream.checks.about import Outcome
from fairstream.checks.library import Check, read_about
from fairstream.checks.reappearing import Mark, is_own, likeness, pairs, plain, reaches, weight
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, Licence, OtherRoom
from fairstream.records import Broadcast, Listing, Utterance

from .test_host import ON

ABOUT = read_about(DATA / "room" / "reappearing.yaml")
BARRED = date(2026, 2, 10)


def run(facts: Facts, broadcast: Broadcast) -> list[Outcome]:
    return list(Check(ABOUT, reappearing.CHECKS["room/reappearing"]).run(Scene(broadcast, facts)))


def test_the_lead_names_what_coincides_and_what_differs() -> None:
    room = OtherRoom("旧青禾", BARRED, ("三代祖传的老方子",), ("护肝片",), ("N1",), ("甲账户",))
    facts = Facts(other_rooms=(room,), payees=("甲账户",), licences=(Licence("x", "N1"),))
    broadcast = Broadcast(
        "b",
        "茶",
        ON,
        listings=(Listing("l", "棉衬衫"),),
        utterances=(Utterance("u", "这是三代、祖传的老方子哦"),),
    )
    (outcome,) = run(facts, broadcast)
    assert outcome.why.zh == (
        "与被禁的旧青禾相同：收款账户「甲账户」；证照号码「N1」；特有话语「三代祖传的老方子」；不同：商品"
        "（权重合计 0.88，阈值 0.60）。只是线索"
    )
    assert "different: goods (weights 0.88, threshold 0.60)" in outcome.why.en
    assert [side.quote for side in outcome.said] == ["三代、祖传的老方子"]
    assert outcome.known[0].text == ("旧青禾，2026-02-10 被禁", "旧青禾, barred 2026-02-10")
    assert ABOUT.lead


def test_nothing_shared_is_told_as_none() -> None:
    room = OtherRoom("旧青禾", BARRED, payees=("甲账户",), licence_numbers=("N1",))
    facts = Facts(other_rooms=(room,), payees=("乙账户",), licences=(Licence("x", "N2"),))
    broadcast = Broadcast(
        "b", "茶", ON, listings=(Listing("l", "棉衬衫"),), utterances=(Utterance("u", "好"),)
    )
    (outcome,) = run(facts, broadcast)
    assert (outcome.verdict, outcome.reason) == ("undecidable", "open")
    assert outcome.missing == ("listings", "utterances")
    assert outcome.why.en.startswith(
        "Shared with the barred room 旧青禾: none; different: payee; licence numbers"
    )


@pytest.mark.parametrize(
    ("mark", "share", "points"),
    [
        ("payee", 1, 0.4),
        ("payee", 3, 0.4),
        ("licence", 1, 0.4),
        ("goods", 1, 0.2 / 3),
        ("goods", 3, 0.2),
        ("goods", 4, 0.2),
        ("phrases", 1, 0.08),
        ("phrases", 5, 0.4),
        ("phrases", 9, 0.4),
        ("phrases", 0, 0),
    ],
)
def test_weights(mark: str, share: int, points: float) -> None:
    assert weight(Mark(mark, ("x",) * share), ABOUT) == pytest.approx(points)


@pytest.mark.parametrize(
    ("score", "enough"), [(0.6, True), (0.4 + 0.2, True), (0.2 + 0.4, True), (0.5999, False)]
)
def test_the_threshold_is_reached_exactly(score: float, enough: bool) -> None:
    assert reaches(score, ABOUT) is enough


@pytest.mark.parametrize(
    ("phrase", "own"),
    [
        ("欢迎来到直播间家人们", False),
        ("三二一，上链接！去拍", False),
        ("家人们这是老方子", False),
        ("家人们这是祖传方子", True),
        ("祖传老方子", False),
        ("三代祖传方子", True),
        ("", False),
    ],
)
def test_words_every_room_says_are_taken_away(phrase: str, own: bool) -> None:
    assert is_own(phrase, ABOUT) is own


def test_a_common_word_inside_a_longer_one_does_not_hide_it() -> None:
    common = sorted(ABOUT.words["common"])
    assert len(common) == len(set(common))
    assert not any(is_own(word, ABOUT) for word in common)


def test_texts_are_compared_without_signs_and_spelling() -> None:
    assert plain("ＡＢＣ 祖傳·老方子！") == plain("abc祖传老方子")


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("茶叶礼盒", "茶叶礼盒", 1.0),
        ("茶叶礼盒", "茶叶礼品", 0.5),
        ("茶", "茶", 1.0),
        ("", "", 1.0),
        ("茶", "酒", 0.0),
    ],
)
def test_likeness_of_titles(one: str, other: str, share: float) -> None:
    assert likeness(pairs(one), pairs(other)) == share


def test_titles_alike_by_four_fifths_count() -> None:
    facts = Facts(other_rooms=(OtherRoom("旧", BARRED, listing_titles=("甲乙丙丁戊己庚辛壬癸",)),))
    for title, shared in (
        ("甲乙丙丁戊己庚辛壬", "商品「甲"),
        ("甲乙丙丁戊己庚辛", "无"),
        ("甲乙丙丁戊己庚", "无"),
    ):
        (outcome,) = run(facts, Broadcast("b", "茶", ON, listings=(Listing("l", title),)))
        assert f"相同：{shared}" in outcome.why.zh, title


def test_titles_alike_by_exactly_four_fifths_count() -> None:
    facts = Facts(other_rooms=(OtherRoom("旧", BARRED, listing_titles=("甲乙丙丁戊己",)),))
    (outcome,) = run(facts, Broadcast("b", "茶", ON, listings=(Listing("l", "甲乙丙丁戊"),)))
    assert "相同：商品「甲乙丙丁戊己」" in outcome.why.zh


def test_a_phrase_said_twice_counts_once() -> None:
    room = OtherRoom("旧", BARRED, phrases=("三代祖传的老方子", "三代祖传的老方子"))
    broadcast = Broadcast("b", "茶", ON, utterances=(Utterance("u", "三代祖传的老方子，三代祖传的老方子"),))
    (outcome,) = run(Facts(other_rooms=(room,)), broadcast)
    assert len(outcome.said) == 1
    assert "权重合计 0.08" in outcome.why.zh


def test_a_payee_of_three_rooms_is_no_mark_and_of_two_is() -> None:
    rooms = tuple(OtherRoom(f"旧{n}", BARRED, payees=("代收",)) for n in range(3))
    for count, shared in ((2, "收款账户「代收」"), (3, "无")):
        outcomes = run(Facts(other_rooms=rooms[:count], payees=("代收",)), Broadcast("b", "茶", ON))
        assert {f"相同：{shared}" in one.why.zh for one in outcomes} == {True}


def test_hostile_phrases_are_no_patterns() -> None:
    room = OtherRoom("旧", BARRED, phrases=("(三代祖传的[老方子", "...........", "\\"))
    broadcast = Broadcast("b", "茶", ON, utterances=(Utterance("u", "三代祖传的老方子"),))
    (outcome,) = run(Facts(other_rooms=(room,)), broadcast)
    assert len(outcome.said) == 1
