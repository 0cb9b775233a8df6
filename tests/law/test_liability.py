"""Who answers for what: fact patterns with the exact answer of every role, and refusals of broken rows."""

from typing import Any, get_args

import pytest

from fairstream.errors import LawError
from fairstream.law.liability import read_row, rows_for, table, who_answers
from fairstream.law.matter import Answer, Ground
from fairstream.law.questions import Literal, document
from fairstream.law.resolve import load_law
from fairstream.records import Conduct, PartyRole, Words

from .told import both_languages, holdings, matter, patterns, sentences

LAW = load_law()
PATTERNS = patterns("liability.cases.yaml")
HOLDING = {"h": "held", "p": "possible", "n": "not_held"}
ROW = {
    "code": "row",
    "title": {"zh": "试", "en": "test"},
    "conduct": ["other"],
    "cells": {"seller": [{"cites": ["ecommerce-law#9"]}]},
}


def answers(told: dict[str, Any]) -> dict[str, str]:
    """The holdings of a pattern, of the rows it asks for only."""
    facts = {key: value for key, value in told.items() if key not in ("name", "only", "expect")}
    found = holdings(who_answers(matter(facts), LAW))
    only = told.get("only", "")
    return {
        code: value for code, value in found.items() if f"{code} ".startswith((f"{only}.", f"{only} ", only))
    }


@pytest.mark.parametrize("told", PATTERNS, ids=[told["name"] for told in PATTERNS])
def test_pattern_gives_exactly_these_answers(told: dict[str, Any]) -> None:
    assert answers(told) == {code: HOLDING[value] for code, value in told["expect"].items()}


@pytest.mark.parametrize("conduct", get_args(Conduct))
def test_every_conduct_has_a_row_or_the_reason_why_not(conduct: Conduct) -> None:
    assert bool(rows_for(conduct)) != (conduct in document("liability.yaml")["without_row"])
    found = who_answers(matter({"conduct": conduct}), LAW)
    assert found
    both_languages(found)


def test_every_provision_of_the_table_is_in_force_and_every_role_is_known() -> None:
    for row in table():
        for way in row.ways:
            assert way.role in get_args(PartyRole)
            assert bool(way.rule.cites) != bool(way.without)
            for citation in way.rule.cites:
                LAW.resolve(citation)


def test_titles_name_violation_role_and_capacity() -> None:
    found = who_answers(matter({"conduct": "false_ad"}), LAW)
    titles = {answer.code: answer.title for answer in found}
    assert titles["false_ad.seller.advertiser"].zh == "虚假广告：销售者（广告主）"
    assert titles["false_ad.seller.advertiser"].en == "false advertisement: seller (advertiser)"
    assert titles["false_publicity.host.employer"].zh == "虚假宣传（不属于广告）：主播（由所在单位承担）"
    assert titles["false_publicity.seller"].en == "false publicity (not an ad): seller"


def test_a_role_without_a_clause_says_so_and_nothing_would_change_it() -> None:
    found = {answer.code: answer for answer in who_answers(matter({"conduct": "price_fraud"}), LAW)}
    host = found["price.host"]
    assert [(ground.words.zh, ground.holds) for ground in host.grounds] == [("没有针对主播的单独条款", False)]
    assert host.would_change == ()


def test_what_would_make_the_employer_answer_is_told() -> None:
    case = matter({"conduct": "defamation", "hosts": [{"name": "甲", "relation": "employee"}]})
    found = {answer.code: answer for answer in who_answers(case, LAW)}
    assert sentences(found["defamation.host"].would_change) == [
        "如查明主播不是员工，则本项成立",
        "如查明属于职务行为，则本项不成立",
        "如查明有证据证明与职务无关，则本项成立",
    ]
    assert sentences(found["defamation.host.employer"].would_change) == [
        "如查明主播不是员工，则本项不成立",
        "如查明属于职务行为，则本项成立",
        "如查明有证据证明与职务无关，则本项不成立",
    ]


def test_further_conduct_brings_its_rows_once() -> None:
    case = matter(
        {"conduct": "false_ad", "conduct_also": ["false_commercial_publicity", "ai_host_unlabelled"]}
    )
    codes = [answer.code for answer in who_answers(case, LAW)]
    assert len(codes) == len(set(codes)) == 15
    assert codes[-2:] == ["ai_figure.room_operator", "ai_figure.platform"]


def test_several_sellers_answer_each_by_name() -> None:
    case = matter({"conduct": "price_fraud", "parties": {"seller": ["茶行", "酒行"]}})
    found = [answer.subject for answer in who_answers(case, LAW) if answer.code == "price.seller"]
    assert found == ["茶行", "酒行"]


@pytest.mark.parametrize(
    ("cells", "cause"),
    [
        ({"seller": [{}, {}]}, "row.seller is told twice"),
        ({"seller": [{"as": "advertiser"}, {"as": "advertiser"}]}, "row.seller.advertiser is told twice"),
        ({"seller": [{"when": ["nobody_asks"]}]}, "nobody_asks is not a question"),
    ],
)
def test_a_broken_row_is_refused_by_name(cells: dict[str, Any], cause: str) -> None:
    with pytest.raises(LawError, match=cause) as caught:
        read_row({**ROW, "cells": cells})
    assert caught.value.file == "liability.yaml"


def test_a_row_takes_its_own_condition_into_every_cell() -> None:
    row = read_row({**ROW, "when": ["knew"], "cells": {"seller": [{"when": ["serious"]}], "mcn": [{}]}})
    assert [way.rule.codes() for way in row.ways] == [("knew", "serious"), ("knew",)]
    assert row.conduct == ("other",)


def test_a_row_is_read_with_every_cell() -> None:
    cells = {
        "seller": [{"as": "advertiser", "cites": ["ecommerce-law#9"], "when": ["knew"]}, {}],
        "host": [{"without": {"zh": "没有", "en": "none"}}],
    }
    row = read_row({**ROW, "cells": cells})
    assert (row.code, row.title, row.conduct) == ("row", Words("试", "test"), ("other",))
    assert [(way.role, way.capacity, way.without) for way in row.ways] == [
        ("seller", "advertiser", None),
        ("seller", "", None),
        ("host", "", Words("没有", "none")),
    ]
    assert [(way.rule.code, way.rule.title, way.rule.cites) for way in row.ways] == [
        (
            "row.seller.advertiser",
            Words("试：销售者（广告主）", "test: seller (advertiser)"),
            ("ecommerce-law#9",),
        ),
        ("row.seller", Words("试：销售者", "test: seller"), ()),
        ("row.host", Words("试：主播", "test: host"), ()),
    ]
    assert [way.rule.when for way in row.ways] == [((Literal("knew"),),), (), ()]


def test_roles_told_twice_are_all_named_with_the_remedy() -> None:
    with pytest.raises(LawError) as caught:
        read_row({**ROW, "cells": {"seller": [{}, {}], "mcn": [{}, {}], "host": [{}]}})
    assert caught.value.cause == "row.mcn, row.seller is told twice"
    assert caught.value.remedy == "give each its capacity (as)"


def test_a_conduct_without_a_row_gives_one_open_answer_with_the_reason() -> None:
    conduct, reason = next(iter(document("liability.yaml")["without_row"].items()))
    told = Words(reason["zh"], reason["en"])
    assert who_answers(matter({"conduct": conduct}), LAW) == (
        Answer("without_row", told, "possible", (Ground(told, None),)),
    )
