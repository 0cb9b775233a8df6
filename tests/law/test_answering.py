"""Questions, rules and the reading of facts: three values, exceptions, days before a text."""

from dataclasses import fields
from datetime import date
from typing import Any, get_type_hints

import pytest

from fairstream.errors import LawError
from fairstream.facts import Circumstances, HostFacts, PlatformFacts
from fairstream.law.answering import (
    Case,
    apply,
    ground,
    in_force,
    names,
    proposed,
    provision,
    repeated,
    same_party,
)
from fairstream.law.matter import Answer, Matter
from fairstream.law.questions import (
    Literal,
    every,
    holding,
    load_questions,
    missing,
    read_rule,
    some,
)
from fairstream.law.resolve import load_law
from fairstream.records import Words

from .told import matter

LAW = load_law()
TITLE = {"zh": "试", "en": "test"}
SOURCES = {"platform": PlatformFacts, "circumstances": Circumstances, "host": HostFacts, "": Matter}
WORKED_OUT = {"hosts.relation", "contracts", "parties", "conduct", "articles", "hosts.born_on"}
"""Facts that are no yes or no by themselves."""


def rule(**told: Any) -> Any:
    """A rule of the data with a title."""
    return read_rule({"code": "test", "title": TITLE, **told}, "test.yaml")


def known(told: dict[str, Any], *codes: str) -> list[bool | None]:
    """The answers to questions for a matter, its first host included."""
    case = matter(told)
    return list(Case(case, LAW, case.hosts[0] if case.hosts else None).known(codes).values())


@pytest.mark.parametrize(
    ("values", "all_of", "one_of"),
    [
        ((), True, False),
        ((True, True), True, True),
        ((True, None), None, True),
        ((True, False), False, True),
        ((None, None), None, None),
        ((False, None), False, None),
        ((False, False), False, False),
    ],
)
def test_three_values(values: tuple[bool | None, ...], all_of: bool | None, one_of: bool | None) -> None:
    assert every(values) is all_of
    assert some(values) is one_of


def test_holding_of_each_value() -> None:
    assert [holding(value) for value in (True, None, False)] == ["held", "possible", "not_held"]


def test_every_question_reads_in_both_languages_and_its_provision_exists() -> None:
    for question in load_questions().values():
        assert question.so != question.not_so
        for words in (question.so, question.not_so):
            assert words.zh
            assert words.en.isascii()
        if question.cites:
            LAW.resolve(question.cites)


def test_questions_no_text_asks_are_marked() -> None:
    marked = {code for code, question in load_questions().items() if question.unverified}
    factors = {"takes_commission", "chooses_goods", "sets_prices", "controls_accounts", "operates_platform"}
    assert marked - {"nasty"} >= factors
    assert "knew" not in marked


def test_every_fact_named_is_a_field_that_is_yes_no_or_unknown() -> None:
    for question in load_questions().values():
        owner, _, name = question.fact.rpartition(".")
        if question.fact in WORKED_OUT or not question.fact:
            continue
        kind = get_type_hints(SOURCES[owner])[name]
        worked_out = question.code in ("overdue", "order_issued", "repeated")
        assert worked_out or kind == (bool | None), question.code
        assert name in {item.name for item in fields(SOURCES[owner])}


@pytest.mark.parametrize(
    ("told", "cause"),
    [
        ({"title": None}, "rule 'test'"),
        ({"title": {"zh": "只有中文"}}, "'en'"),
        ({"when": ["no_such_question"]}, "no_such_question is not a question"),
        ({"when": ["not no_such_question"]}, "no_such_question is not a question"),
        ({"when": [5]}, "5 is no condition"),
        ({"when": [["knew", 5]]}, "5 is no condition"),
        ({"unless": ["no_such_question"]}, "no_such_question is not a question"),
        ({"cites": ["criminal law 140"]}, "is not a citation"),
    ],
)
def test_a_broken_rule_is_refused_by_name(told: dict[str, Any], cause: str) -> None:
    with pytest.raises(LawError, match=cause) as caught:
        rule(**told)
    assert caught.value.file == "test.yaml"
    assert caught.value.remedy


def test_a_rule_needs_all_its_conditions_and_one_of_each_choice() -> None:
    found = rule(when=["knew", ["serious", "not slight"]])
    assert found.codes() == ("knew", "serious", "slight")
    assert found.truth({"knew": True, "serious": True}) is True
    assert found.truth({"knew": True, "serious": False, "slight": False}) is True
    assert found.truth({"knew": True, "serious": False, "slight": True}) is False
    assert found.truth({"knew": True}) is None
    assert found.truth({"knew": False}) is False


def test_an_exception_excludes_only_when_it_is_established() -> None:
    found = rule(when=["knew"], unless=["not intent"])
    assert found.codes() == ("knew", "intent")
    assert found.truth({"knew": True}) is True
    assert found.truth({"knew": True, "intent": True}) is True
    assert found.truth({"knew": True, "intent": False}) is False
    assert found.truth({"intent": False}) is False


def test_what_is_missing_is_the_first_open_condition_of_each_open_choice() -> None:
    found = rule(when=["knew", ["serious", "not slight"], "harm"])
    assert missing(found, {"harm": True}) == (Literal("knew"), Literal("serious"))
    assert missing(found, {"harm": True, "serious": False}) == (Literal("knew"), Literal("slight", False))
    assert missing(found, {"harm": False}) == ()
    assert missing(found, {"knew": True, "serious": True, "harm": True}) == ()


def test_an_exception_reads_as_its_absence() -> None:
    case = Case(matter({"circumstances": {"knew": True, "intent": False}}), LAW)
    answer = apply(rule(when=["knew"], unless=["not intent"]), case, "某某")
    assert [(item.words.zh, item.holds) for item in answer.grounds] == [
        ("明知或者应知", True),
        ("有主观故意", False),
    ]
    assert (answer.holding, answer.subject) == ("not_held", "某某")
    assert [item.zh for item in answer.would_change] == ["如查明有主观故意，则本项成立"]


def test_a_note_closes_the_grounds_and_carries_its_doubt() -> None:
    answer = apply(rule(note=TITLE, unverified=True), Case(matter({}), LAW))
    assert (answer.grounds[-1].words, answer.grounds[-1].unverified) == (Words("试", "test"), True)
    assert answer.holding == "held"


def test_a_rule_of_a_later_day_does_not_hold_and_nothing_would_change_it() -> None:
    found = rule(when=["knew"], cites=["live-ecommerce-measures-2026#63"])
    case = Case(matter({"day": date(2026, 1, 31)}), LAW)
    assert (apply(found, case).holding, apply(found, case).would_change) == ("not_held", ())
    later = apply(found, case, day=date(2026, 2, 1))
    assert later.holding == "possible"
    assert len(later.would_change) == 2


def test_one_provision_in_force_is_enough() -> None:
    cites = ("live-ecommerce-measures-2026#2", "ecommerce-law#9")
    assert in_force(LAW, cites, date(2019, 1, 1))[0] is True
    assert in_force(LAW, cites, date(2018, 12, 31))[0] is False
    assert in_force(LAW, (), date(1999, 1, 1)) == (True, ())


def test_a_text_that_is_not_held_leaves_it_open() -> None:
    found = provision(LAW, "advertising-law#55", date(2021, 4, 28))
    assert (found.holds, found.unverified, found.citation) == (None, True, "advertising-law#55")
    assert found.words.zh == "未收录2021-04-28施行的文本，《中华人民共和国广告法》第55条当日是否适用未作判断"
    assert found.words.en.startswith(
        "Advertising Law of the PRC, art. 55: the text in force on 2021-04-28 is not held"
    )


def test_a_provision_the_text_of_the_day_lacks_is_told() -> None:
    found = provision(LAW, "anti-unfair-competition-law#18", date(2025, 10, 14))
    assert (found.holds, found.unverified) == (False, False)
    assert found.words.zh == "2025-10-14施行的文本中没有《中华人民共和国反不正当竞争法》第18条的规定"
    assert provision(LAW, "anti-unfair-competition-law#18", date(2025, 10, 15)).holds is True


def test_a_provision_in_force_is_told_with_its_number_of_that_day() -> None:
    old = provision(LAW, "anti-unfair-competition-law#25", date(2025, 10, 14))
    assert old.words.zh.startswith("《中华人民共和国反不正当竞争法（2019年修正）》第20条：")
    assert old.words.en.startswith("Anti-Unfair Competition Law (2019 amendment), art. 20: ")
    assert (old.holds, old.citation) == (True, "anti-unfair-competition-law#25")
    doubtful = provision(LAW, "serious-illegality-blacklist-measures#2", date(2026, 5, 1))
    assert doubtful.unverified


def test_a_denied_question_reads_as_its_denial() -> None:
    found = ground(Literal("sells_itself", wanted=False), True, LAW, date(2026, 5, 1))
    assert found.words.zh == "平台不自营"
    assert (found.holds, found.citation, found.fact) == (True, "ecommerce-law#37", "platform.sells_itself")
    assert ground(Literal("sells_itself"), None, LAW, date(2018, 12, 31)).citation == ""


def test_a_proposal_says_that_a_person_signs() -> None:
    answer = proposed(Answer("x", Words("试", "test"), "held"))
    assert answer.grounds[-1].words.zh == "这是建议，不是决定；由办案人员审核并签字"
    assert "never a decision" in answer.grounds[-1].words.en


def test_names_come_from_parties_and_facts_each_once() -> None:
    case = matter(
        {
            "platform": {"name": "平台"},
            "hosts": [{"name": "甲"}, {"name": "乙"}],
            "parties": {"host": ["丙", "甲"], "seller": "茶行", "platform": "平台"},
        }
    )
    assert names(case, "host") == ("丙", "甲", "乙")
    assert names(case, "platform") == ("平台",)
    assert names(case, "seller") == ("茶行",)
    assert names(case, "mcn") == ()
    assert names(matter({"parties": {"host": ""}}), "host") == ()


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ({}, None),
        ({"seller": "茶行"}, None),
        ({"seller": "茶行", "room_operator": "茶行"}, True),
        ({"seller": "茶行", "room_operator": "传媒"}, None),
        (
            {
                "seller": {"name": "茶行", "identifier": "A"},
                "room_operator": {"name": "传媒", "identifier": "B"},
            },
            False,
        ),
        (
            {
                "seller": {"name": "茶行", "identifier": "A"},
                "room_operator": {"name": "传媒", "identifier": "A"},
            },
            True,
        ),
        (
            {
                "seller": {"name": "茶行", "identifier": "A"},
                "room_operator": {"name": "茶行", "identifier": "B"},
            },
            False,
        ),
        ({"seller": {"name": "茶行", "identifier": "A"}, "room_operator": "茶行"}, True),
        (
            {
                "seller": {"name": "茶行", "identifier": "A", "kind": "uscc"},
                "room_operator": {"name": "传媒", "identifier": "A", "kind": "passport"},
            },
            None,
        ),
        (
            {
                "seller": [{"name": "茶行", "identifier": "A"}, {"name": "酒行", "identifier": "C"}],
                "room_operator": {"name": "传媒", "identifier": "C"},
            },
            True,
        ),
    ],
)
def test_one_party_in_two_roles(parties: dict[str, Any], expected: bool | None) -> None:
    assert same_party(matter({"parties": parties}), "room_operator", "seller") is expected


@pytest.mark.parametrize(
    ("told", "least", "expected"),
    [
        ({}, 1, None),
        ({"first_offence": True}, 1, False),
        ({"first_offence": False}, 1, None),
        ({"earlier_penalties": [date(2024, 5, 1)]}, 1, True),
        ({"earlier_penalties": [date(2024, 4, 30)]}, 1, False),
        ({"earlier_penalties": [date(2026, 5, 1)]}, 1, True),
        ({"earlier_penalties": [date(2026, 5, 2)]}, 1, False),
        ({"earlier_penalties": [date(2025, 1, 1)]}, 2, False),
        ({"earlier_penalties": [date(2025, 1, 1), date(2025, 6, 1)]}, 2, True),
    ],
)
def test_repetition_within_two_years(told: dict[str, Any], least: int, expected: bool | None) -> None:
    assert repeated(matter({"circumstances": told}), least) is expected


def test_two_years_before_a_leap_day() -> None:
    case = {"day": date(2024, 2, 29), "circumstances": {"earlier_penalties": [date(2022, 2, 28)]}}
    assert repeated(matter(case)) is True
    case["circumstances"] = {"earlier_penalties": [date(2022, 2, 27)]}
    assert repeated(matter(case)) is False
    assert repeated(matter(case), years=3) is True


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"refused_correction": True}, True),
        ({"corrected": True}, False),
        ({"corrected": False}, None),
        ({"order_due_on": date(2026, 6, 1), "corrected": True}, None),
        ({"order_due_on": date(2026, 6, 1), "corrected": True, "corrected_on": date(2026, 6, 1)}, False),
        ({"order_due_on": date(2026, 6, 1), "corrected": True, "corrected_on": date(2026, 6, 2)}, True),
        ({"order_due_on": date(2026, 6, 1), "corrected": False, "decided": date(2026, 6, 1)}, None),
        ({"order_due_on": date(2026, 6, 1), "corrected": False, "decided": date(2026, 6, 2)}, True),
        ({"order_due_on": date(2026, 6, 1), "decided": date(2026, 6, 2)}, None),
        ({"order_due_on": date(2026, 6, 1), "corrected": False}, None),
    ],
)
def test_an_order_that_was_not_obeyed_in_time(told: dict[str, Any], expected: bool | None) -> None:
    circumstances = {key: value for key, value in told.items() if key != "decided"}
    assert known({"circumstances": circumstances, "decided_on": told.get("decided")}, "overdue") == [expected]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"refused_correction": True}, True),
        ({"refused_correction": False}, False),
        ({"corrected": True}, False),
        ({"corrected": False}, None),
        ({"corrected": True, "refused_correction": True}, True),
    ],
)
def test_refusing_is_more_than_being_late(told: dict[str, Any], expected: bool | None) -> None:
    assert known({"circumstances": told}, "refuses") == [expected]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, None),
        ({"intent": True}, True),
        ({"intent": True, "knew": False}, True),
        ({"intent": False}, False),
        ({"knew": False}, False),
        ({"knew": True}, None),
    ],
)
def test_crimes_ask_for_knowledge_not_for_what_one_should_have_known(
    told: dict[str, Any], expected: bool | None
) -> None:
    assert known({"circumstances": told}, "knowingly") == [expected]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"slight": True, "corrected": True, "harm": False}, True),
        ({"slight": True, "corrected": True, "harm": True}, False),
        ({"slight": True, "corrected": True}, None),
        ({"slight": False}, False),
        ({"corrected": False}, False),
        ({}, None),
    ],
)
def test_no_penalty_needs_all_three(told: dict[str, Any], expected: bool | None) -> None:
    assert known({"circumstances": told}, "must_be_lenient") == [expected]


@pytest.mark.parametrize(
    ("told", "codes", "expected"),
    [
        ({}, ("order_issued", "repeated", "platform_failed", "seller_displayed"), [None] * 4),
        ({"circumstances": {"order_issued_on": date(2026, 5, 2)}}, ("order_issued",), [True]),
        ({"conduct": "platform_duty"}, ("platform_failed",), [True]),
        ({"conduct": "food_safety", "conduct_also": ["platform_duty"]}, ("platform_failed",), [True]),
        ({"seller_displayed": False}, ("seller_displayed",), [False]),
        ({"circumstances": {"earlier_penalties": [date(2026, 1, 1)]}}, ("repeated",), [True]),
        ({}, ("employee", "host_commissioned", "operator_commissioned"), [None] * 3),
        ({"hosts": [{"relation": "employee"}]}, ("employee", "host_commissioned"), [True, False]),
        ({"hosts": [{"relation": "owner"}]}, ("employee", "host_commissioned"), [False, False]),
        ({"hosts": [{"relation": "commissioned"}]}, ("employee", "host_commissioned"), [False, True]),
        ({"hosts": [{}]}, ("employee", "host_commissioned"), [None, None]),
        (
            {"hosts": [{"name": "甲", "relation": "employee"}], "contracts": [{"payer": "x", "payee": "甲"}]},
            ("host_commissioned",),
            [True],
        ),
        ({"parties": {"seller": "茶行", "room_operator": "茶行"}}, ("operator_commissioned",), [False]),
        ({"parties": {"seller": "茶行", "room_operator": "传媒"}}, ("operator_commissioned",), [None]),
        (
            {"parties": {"room_operator": "传媒"}, "contracts": [{"payer": "x", "payee": "传媒"}]},
            ("operator_commissioned",),
            [True],
        ),
        (
            {"parties": {"room_operator": "传媒"}, "contracts": [{"payer": "传媒", "payee": "x"}]},
            ("operator_commissioned",),
            [None],
        ),
    ],
)
def test_answers_worked_out_from_several_fields(
    told: dict[str, Any], codes: tuple[str, ...], expected: list[bool | None]
) -> None:
    assert known(told, *codes) == expected


def test_an_answer_given_goes_before_the_facts() -> None:
    case = Case(matter({"circumstances": {"knew": True}}), LAW, given={"knew": None})
    assert case.known(("knew",)) == {"knew": None}
