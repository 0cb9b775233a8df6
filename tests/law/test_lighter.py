"""The text of the day of the act or that of the decision: the lighter one applies."""

from dataclasses import replace
from datetime import date

import pytest

from fairstream.facts import Amounts, Circumstances
from fairstream.law.lighter import compare
from fairstream.law.matter import Matter
from fairstream.law.resolve import Law, load_law
from fairstream.law.sanctions import Sanction, sanctions

from . import made_up

LAW = load_law()
BEFORE, AFTER = date(2025, 8, 1), date(2026, 3, 1)
ORDINARY = Circumstances(serious=False, first_offence=True)


def one(asked: Matter, law: Law = LAW) -> Sanction:
    (only,) = sanctions(asked, law, ("seller",))
    return only


def test_false_publicity_of_2025_loses_its_minimum() -> None:
    article = ("anti-unfair-competition-law#9",)
    asked = Matter("false_commercial_publicity", BEFORE, article, decided_on=AFTER, circumstances=ORDINARY)
    item = one(asked)
    assert (item.id, item.low_fen, item.high_fen) == ("aucl-25-2025", 0, 100_000_000)
    assert item.lighter is not None
    assert (item.lighter.chosen, item.lighter.uncertain) == ("new", False)
    assert (item.lighter.old.low_fen, item.lighter.old.high_fen) == (20_000_000, 100_000_000)
    assert item.lighter.new is item.applied
    assert item.computation[-1].zh == (
        "行为时中华人民共和国反不正当竞争法（2019年修正）第20条：20万–100万元；"
        "决定时中华人民共和国反不正当竞争法（2025年修订）第25条(1)：0–100万元；新规定较轻，适用新规定"
    )
    assert item.computation[-1].en == (
        "At the act Anti-Unfair Competition Law (2019 amendment) art. 20: 200,000–1,000,000 yuan; "
        "at the decision Anti-Unfair Competition Law (2025 revision) art. 25(1): 0–1,000,000 yuan; "
        "the new text is lighter and applies"
    )


def test_disparagement_of_2025_keeps_its_lower_maximum() -> None:
    asked = Matter(
        "defamation", BEFORE, ("anti-unfair-competition-law#12",), decided_on=AFTER, circumstances=ORDINARY
    )
    item = one(asked)
    assert (item.id, item.low_fen, item.high_fen) == ("aucl-28-2019", 10_000_000, 50_000_000)
    assert item.lighter is not None
    assert item.lighter.chosen == "old"
    assert item.computation[-1].zh.endswith("新规定不较轻，适用行为时的规定")
    assert item.computation[-1].en.endswith("the new text is not lighter, the old one applies")


def test_what_did_not_change_stays_with_the_old_text() -> None:
    asked = Matter("prize_sale", BEFORE, ("anti-unfair-competition-law#11",), decided_on=AFTER)
    item = one(asked)
    assert item.lighter is not None
    assert (item.lighter.chosen, item.lighter.uncertain) == ("old", False)
    assert item.applied.citation.version == "anti-unfair-competition-law-2019"
    assert (item.low_fen, item.high_fen) == (5_000_000, 50_000_000)


def test_the_famous_mark_fine_becomes_a_maximum_in_2027() -> None:
    asked = Matter("trademark", AFTER, ("trademark-law#14(5)",), decided_on=date(2027, 1, 1))
    item = one(asked)
    assert (item.id, item.low_fen, item.high_fen) == ("tm-53-2026", 0, 10_000_000)
    assert item.applied.citation.article == "64"
    before = one(replace(asked, decided_on=date(2026, 12, 31)))
    assert (before.id, before.low_fen, before.lighter) == ("tm-53-2019", 10_000_000, None)


@pytest.mark.parametrize(("turnover", "uncertain"), [(6_000_000, False), (None, True)])
def test_trademark_infringement_is_the_same_in_both_texts(turnover: int | None, *, uncertain: bool) -> None:
    asked = Matter(
        "trademark",
        AFTER,
        ("trademark-law#57",),
        decided_on=date(2027, 2, 1),
        amounts=Amounts(turnover=turnover),
    )
    item = one(asked)
    assert item.lighter is not None
    assert (item.lighter.chosen, item.lighter.uncertain) == ("old", uncertain)
    assert ("上限未知" in item.lighter.words.zh) is uncertain
    assert ("upper bound unknown" in item.lighter.words.en) is uncertain


@pytest.mark.parametrize("decided", [None, BEFORE, date(2025, 7, 31), date(2025, 10, 14)])
def test_without_a_later_text_nothing_is_compared(decided: date | None) -> None:
    asked = Matter("prize_sale", BEFORE, ("anti-unfair-competition-law#11",), decided_on=decided)
    assert one(asked).lighter is None


def test_a_doubtful_later_text_is_not_applied_unseen() -> None:
    asked = Matter(
        "food_safety",
        date(2025, 8, 1),
        ("food-safety-law#34(10)",),
        decided_on=AFTER,
        amounts=Amounts(goods_value=100),
    )
    item = one(asked)
    assert item.lighter is not None
    assert (item.lighter.chosen, item.lighter.uncertain) == ("old", True)


def test_a_provision_without_counterpart_is_left_to_a_person() -> None:
    data = made_up.sanctions()
    data["penalties"] = data["penalties"][:1]
    law = made_up.tea_law(made_up.statutes(), made_up.gists(), data)
    asked = Matter("false_ad", date(2024, 1, 1), ("seaweed-tea-law#3",), decided_on=date(2025, 1, 1))
    item = one(asked, law)
    assert item.lighter is not None
    assert (item.lighter.new, item.lighter.chosen, item.lighter.uncertain) == (None, "old", True)
    assert item.lighter.words.zh.endswith("新文本中未见对应罚则，须人工核对是否已不处罚")
    assert item.lighter.words.en.endswith("check by hand whether the act is still punished")


def tea(**amounts: int) -> Sanction:
    asked = Matter(
        "false_ad",
        date(2024, 1, 1),
        ("seaweed-tea-law#3",),
        decided_on=date(2025, 1, 1),
        amounts=Amounts(**amounts),
    )
    return one(asked, made_up.tea_law())


def test_a_lower_minimum_alone_makes_the_new_text_lighter() -> None:
    item = tea(goods_value=999_999)
    assert (item.id, item.low_fen, item.high_fen) == ("tea-2024", 0, 2_000_000)


def test_a_new_text_that_no_longer_fines_the_facts_applies() -> None:
    item = tea(goods_value=999_999)
    assert item.lighter is not None
    assert item.lighter.new is not None
    spared = replace(item.lighter.new, holding="not_held", low_fen=None, high_fen=None)
    freed = compare(item.lighter.old, spared)
    assert (freed.chosen, freed.uncertain) == ("new", False)
    assert "决定时海草茶法（2024年，虚构）第4条：不处罚款" in freed.words.zh
    assert "no fine" in freed.words.en
    kept = compare(spared, item.lighter.old)
    assert (kept.chosen, kept.uncertain) == ("old", False)


def test_an_unknown_amount_makes_the_comparison_uncertain() -> None:
    item = tea(goods_value=999_999)
    assert item.lighter is not None
    unknown = replace(item.lighter.old, low_fen=None, high_fen=None)
    told = compare(unknown, item.lighter.old)
    assert (told.chosen, told.uncertain) == ("old", True)
    assert "数额未知" in told.words.zh
    assert "amount unknown" in told.words.en
    doubtful = compare(item.lighter.old, replace(item.lighter.old, low_fen=0, unverified=True))
    assert (doubtful.chosen, doubtful.uncertain) == ("old", True)


@pytest.mark.parametrize(
    ("old", "new", "chosen"),
    [
        ((0, 100), (0, 100), "old"),
        ((None, 100), (0, 100), "old"),
        ((1, 100), (0, 100), "new"),
        ((1, 100), (None, 100), "new"),
        ((0, 100), (1, 100), "old"),
        ((2, 100), (2, 100), "old"),
        ((0, 100), (99, 99), "new"),
        ((99, 99), (0, 100), "old"),
        ((0, 0), (0, 1), "old"),
    ],
)
def test_the_lower_maximum_then_the_lower_minimum_is_lighter(
    old: tuple[int | None, int], new: tuple[int | None, int], chosen: str
) -> None:
    made = tea(goods_value=999_999).applied
    found = compare(
        replace(made, low_fen=old[0], high_fen=old[1]), replace(made, low_fen=new[0], high_fen=new[1])
    )
    assert (found.chosen, found.uncertain) == (chosen, False)


def test_an_open_maximum_on_either_side_is_uncertain_and_told() -> None:
    made = tea(goods_value=999_999).applied
    opened = replace(made, low_fen=500, high_fen=None)
    for old, new in ((opened, made), (made, opened)):
        found = compare(old, new)
        assert (found.old, found.new, found.chosen, found.uncertain) == (old, new, "old", True)
    assert compare(opened, made).words.zh == (
        "行为时海草茶法（2024年，虚构）第4条：上限未知；决定时海草茶法（2024年，虚构）第4条：0–2万元；"
        "新规定不较轻，适用行为时的规定"
    )
    assert compare(made, opened).words.en == (
        "At the act Seaweed Tea Law (2024, invented) art. 4: 0–20,000 yuan; at the decision "
        "Seaweed Tea Law (2024, invented) art. 4: upper bound unknown; the new text is not lighter, "
        "the old one applies"
    )


def test_sums_that_cannot_be_told_are_told_so() -> None:
    made = tea(goods_value=999_999).applied
    unknown = replace(made, low_fen=None, high_fen=None)
    spared = replace(made, holding="not_held", low_fen=None, high_fen=None)
    words = compare(unknown, spared).words
    assert words.zh == (
        "行为时海草茶法（2024年，虚构）第4条：数额未知；决定时海草茶法（2024年，虚构）第4条：不处罚款；"
        "新规定较轻，适用新规定"
    )
    assert words.en == (
        "At the act Seaweed Tea Law (2024, invented) art. 4: amount unknown; at the decision "
        "Seaweed Tea Law (2024, invented) art. 4: no fine; the new text is lighter and applies"
    )


def test_a_provision_the_new_text_lacks_is_left_to_a_person() -> None:
    statutes, penalties = made_up.statutes(), made_up.sanctions()
    statutes["statutes"][0] |= {
        "reference": "seaweed-tea-law-2020",
        "concordance": {"seaweed-tea-law-2024": {"otherwise": "none", "articles": {"1": "1", "2": "3"}}},
        "changed": [],
    }
    penalties["penalties"] = [{**penalties["penalties"][0], "cites": "seaweed-tea-law#3", "versions": []}]
    penalties["penalties"][0]["basis"] = ["seaweed-tea-law#2"]
    law = made_up.tea_law(statutes, penalties)
    asked = Matter("false_ad", date(2024, 1, 1), ("seaweed-tea-law#2",), decided_on=date(2025, 1, 1))
    item = one(asked, law)
    assert item.lighter is not None
    assert (item.lighter.old, item.lighter.new) == (item.applied, None)
    assert item.computation[-1].zh == (
        "海草茶法（2020年，虚构）第3条此后修改，新文本中未见对应罚则，须人工核对是否已不处罚"
    )
    assert item.computation[-1].en == (
        "Seaweed Tea Law (2020, invented) art. 3 was changed since; no counterpart is recorded in the new "
        "text: check by hand whether the act is still punished"
    )
