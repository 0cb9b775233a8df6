"""One question read from data, and what it is refused for."""

from typing import Any

import pytest

from fairstream.errors import LawError
from fairstream.law.questions import Literal, Question, Rule, read_question, read_rule
from fairstream.records import Words

HOT = {
    "so": {"zh": "茶是热的", "en": "the tea is hot"},
    "not_so": {"zh": "茶不热", "en": "the tea is not hot"},
}


def test_a_plain_question_is_read() -> None:
    assert read_question("hot", HOT) == Question(
        "hot", Words("茶是热的", "the tea is hot"), Words("茶不热", "the tea is not hot"), "", "", False
    )


def test_a_question_with_its_fact_and_provision_is_read() -> None:
    told = {**HOT, "fact": "tea.hot", "cites": "tea-law#1", "unverified": True}
    found = read_question("hot", told)
    assert (found.fact, found.cites, found.unverified) == ("tea.hot", "tea-law#1", True)


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ({"so": HOT["so"]}, "question 'hot': 'not_so'"),
        ({"not_so": HOT["so"]}, "question 'hot': 'so'"),
        ({**HOT, "so": {"zh": "茶"}}, "question 'hot': 'en'"),
        ({**HOT, "so": None}, "question 'hot': 'NoneType' object is not subscriptable"),
    ],
)
def test_a_question_that_does_not_fit_is_named(entry: dict[str, Any], cause: str) -> None:
    with pytest.raises(LawError) as caught:
        read_question("hot", entry)
    assert (caught.value.cause, caught.value.file) == (cause, "questions.yaml")
    assert caught.value.remedy == "give so and not_so, each in zh and en"


def test_a_rule_is_read_with_every_part() -> None:
    entry = {
        "code": "serve",
        "title": {"zh": "上茶", "en": "serve"},
        "cites": ["tea-law#1", "tea-law#2(3)"],
        "when": ["hot", ["not hot", "cold"]],
        "unless": ["not cold"],
        "note": {"zh": "注", "en": "note"},
        "unverified": 1,
    }
    cold = read_question("cold", HOT)
    assert read_rule(entry, "tea.yaml", {"hot": cold, "cold": cold}) == Rule(
        code="serve",
        title=Words("上茶", "serve"),
        cites=("tea-law#1", "tea-law#2(3)"),
        when=((Literal("hot", True),), (Literal("hot", False), Literal("cold", True))),
        unless=(Literal("cold", False),),
        note=Words("注", "note"),
        unverified=True,
    )


def test_a_rule_of_code_and_title_alone_is_bare() -> None:
    bare = read_rule({"code": "serve", "title": {"zh": "上茶", "en": "serve"}}, "tea.yaml", {})
    assert bare == Rule("serve", Words("上茶", "serve"), (), (), (), None, False)
    assert bare.truth({}) is True


def test_every_unknown_question_of_a_rule_is_named_once() -> None:
    entry = {"code": "serve", "title": {"zh": "上茶", "en": "serve"}, "when": ["hot", "hot", "not cold"]}
    with pytest.raises(LawError) as caught:
        read_rule(entry, "tea.yaml", {})
    assert caught.value.cause == "rule 'serve': hot, cold is not a question of questions.yaml"
    assert caught.value.file == "tea.yaml"
    assert caught.value.remedy == "give code, title {zh, en}, cites and when; compare it with its neighbours"
    with pytest.raises(LawError, match=r"rule '\?': 'code'"):
        read_rule({}, "tea.yaml", {})
