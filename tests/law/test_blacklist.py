"""The list of serious violations: both gates, listed acts, exclusions, and who must consent."""

from datetime import date
from typing import Any, get_args

import pytest

from fairstream.errors import LawError
from fairstream.law.blacklist import Listed, blacklist, listed_acts, read_listed
from fairstream.law.matter import Answer
from fairstream.law.questions import read_rule
from fairstream.law.resolve import load_law
from fairstream.records import Conduct

from .told import both_languages, matter, patterns, sentences

LAW = load_law()
PATTERNS = patterns("blacklist.cases.yaml")
FULL = {"intent": True, "serious": True, "harm": True, "penalty_heavy": True}


def asked(told: dict[str, Any]) -> Answer:
    """The answer of a pattern."""
    facts = {key: value for key, value in told.items() if key not in ("name", "ad", "expect", "acts")}
    return blacklist(matter(facts), LAW, commercial_ad=told.get("ad"))


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_pattern_gives_exactly_this_proposal(told: dict[str, Any]) -> None:
    answer = asked(told)
    both_languages((answer,))
    assert answer.holding == told["expect"]
    acts = {item.rule.title.zh for item in listed_acts()}
    assert {item.words.zh: item.holds for item in answer.grounds if item.words.zh in acts} == told["acts"]


@pytest.mark.parametrize("conduct", get_args(Conduct))
def test_every_conduct_meets_a_listed_act_or_a_residual_clause(conduct: Conduct) -> None:
    assert [item for item in listed_acts() if conduct in item.conduct]


def test_conditions_come_in_the_order_of_the_gates() -> None:
    answer = asked({"conduct": "defamation", "circumstances": {**FULL, "no_fault_proven": False}})
    conditions = answer.grounds[1:9]
    assert [(item.words.zh, item.holds) for item in conditions] == [
        ("属于列举的严重违法行为", True),
        ("违反的是法律、行政法规", None),
        ("性质恶劣（主观故意或者屡犯）", True),
        ("情节严重", True),
        ("造成了危害后果", True),
        ("受到较重行政处罚", True),
        ("有主观故意", True),
        ("当事人没有证明无主观过错", True),
    ]
    assert conditions[2].unverified
    assert [item.fact for item in conditions][3:6] == [
        "circumstances.serious",
        "circumstances.harm",
        "circumstances.penalty_heavy",
    ]


def test_what_counts_as_a_heavier_fine_is_left_to_a_person() -> None:
    grounds = asked({"conduct": "defamation"}).grounds
    heavier = next(item for item in grounds if "裁量基准" in item.words.zh)
    assert (heavier.holds, heavier.unverified) == (None, True)


def test_the_measures_may_have_been_replaced_and_say_so() -> None:
    def doubtful(day: date) -> bool:
        found = asked({"conduct": "defamation", "day": day}).grounds
        named = [item for item in found if item.citation == "serious-illegality-blacklist-measures#2"]
        return named[-1].unverified

    assert not doubtful(date(2025, 9, 30))
    assert doubtful(date(2025, 10, 1))


def test_consent_of_the_next_level_and_terms_are_told() -> None:
    grounds = asked({"conduct": "defamation"}).grounds
    assert [item.citation for item in grounds][-5:] == [
        *(f"serious-illegality-blacklist-measures#{number}" for number in (22, 13, 11, 21)),
        "",
    ]
    assert [item.holds for item in grounds][-5:] == [True] * 5
    assert grounds[-1].words.zh.startswith("这是建议，不是决定")
    early = asked({"conduct": "defamation", "day": date(2021, 8, 31)}).grounds
    assert not [item for item in early if item.citation.endswith("#22")]


def test_what_is_missing_is_told() -> None:
    told = {"conduct": "defamation", "articles": ["anti-unfair-competition-law#12"]}
    almost = asked({**told, "circumstances": {"intent": True, "serious": True, "harm": True}})
    assert sentences(almost.would_change) == [
        "如查明不属于列举的严重违法行为，则本项不成立",
        "如查明违反的不是法律、行政法规，则本项不成立",
        "如查明性质不恶劣（没有故意，也没有屡犯），则本项不成立",
        "如查明情节不严重，则本项不成立",
        "如查明没有造成危害后果，则本项不成立",
        "如查明受到较重行政处罚，则本项成立",
        "如查明没有受到较重行政处罚，则本项不成立",
        "如查明足以证明没有主观故意，则本项不成立",
        "如查明当事人足以证明没有主观过错，则本项不成立",
    ]
    assert answer_code(almost) == ("blacklist", "建议列入严重违法失信名单")


def answer_code(answer: Answer) -> tuple[str, str]:
    """Code and Chinese title."""
    return answer.code, answer.title.zh


def test_a_broken_entry_is_refused_by_name() -> None:
    entry = {"code": "x", "title": {"zh": "试", "en": "test"}, "conduct": [], "when": ["nobody_asks"]}
    with pytest.raises(LawError, match="nobody_asks") as caught:
        read_listed(entry)
    assert caught.value.file == "blacklist.yaml"


def test_a_listed_act_is_read_with_every_part() -> None:
    entry = {
        "code": "x",
        "title": {"zh": "试", "en": "test"},
        "conduct": ["other", "patent"],
        "classes": ["drug"],
        "sure": False,
    }
    rule = read_rule(entry, "blacklist.yaml")
    assert read_listed(entry) == Listed(rule, ("other", "patent"), ("drug",), False)
    bare = {key: entry[key] for key in ("code", "title", "conduct")}
    assert read_listed(bare) == Listed(rule, ("other", "patent"), (), True)


def test_listed_acts_come_first_each_with_its_provision() -> None:
    grounds = asked({"conduct": "defamation"}).grounds
    acts = [item for item in listed_acts() if "defamation" in item.conduct]
    assert acts
    assert [(item.words, item.citation) for item in grounds[: len(acts)]] == [
        (item.rule.title, item.rule.cites[0]) for item in acts
    ]
