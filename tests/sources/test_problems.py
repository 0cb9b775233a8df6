"""Problems: folded by kind, placed at the first, told in both languages."""

import string

import pytest

from fairstream.records import Place, Problem
from fairstream.sources.problems import TROUBLES, ProblemLog, in_language


def test_equal_problems_are_folded_with_first_line_and_count() -> None:
    log = ProblemLog("chat.xml")
    for line in (7, 9, 12):
        log.add("xml_unclosed", line)
    log.add("xml_end", 13)
    first, second = log.problems
    assert (first.place, first.count, first.severity) == (Place("chat.xml", 7), 3, "repaired")
    assert second.place.line == 13


def test_problems_with_other_values_stay_apart() -> None:
    log = ProblemLog("broadcast.yaml")
    log.add("unknown_key", 1, key="titel", nearest="")
    log.add("unknown_key", 2, key="tite", nearest="")
    assert len(log.problems) == 2


@pytest.mark.parametrize("code", sorted(TROUBLES))
def test_every_problem_is_told_in_both_languages(code: str) -> None:
    trouble = TROUBLES[code]
    fields = {name for text in trouble[1:3] for _, name, _, _ in string.Formatter().parse(text) if name}
    translated = {name for text in trouble[3:] for _, name, _, _ in string.Formatter().parse(text) if name}
    assert translated <= fields
    log = ProblemLog("x")
    log.add(code, 1, **dict.fromkeys(fields, "2026 (a.b)"))
    problem = log.problems[0]
    assert in_language(problem, "en") == (problem.cause, problem.remedy)
    cause, remedy = in_language(problem, "zh")
    assert "{" not in cause + remedy
    if code != "unreadable":
        assert any("一" <= character <= "鿿" for character in cause)


def test_unknown_problem_keeps_its_words() -> None:
    problem = Problem(Place("x"), "something else", "do that")
    assert in_language(problem, "zh") == ("something else", "do that")
