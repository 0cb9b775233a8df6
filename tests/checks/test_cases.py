"""Every case of every check, and what each check must have."""

import pytest

from fairstream.checks.cases import Case, differences, load_cases
from fairstream.checks.library import COMPARISONS, Check, load_checks

CHECKS = load_checks()
CASES = [(check, case) for check in CHECKS for case in load_cases(check.about.id)]
NAMES = [f"{check.about.id}-{n}" for check in CHECKS for n, _ in enumerate(load_cases(check.about.id), 1)]
MOST_SUSPECTED = 0.5


@pytest.mark.parametrize(("check", "case"), CASES, ids=NAMES)
def test_case(check: Check, case: Case) -> None:
    found = differences(check, case)
    assert bool(found) == case.todo, (case.text, found)


def test_every_comparison_has_its_data() -> None:
    assert {check.about.id for check in CHECKS} == set(COMPARISONS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.about.id)
def test_ten_cases_half_of_them_not_suspected(check: Check) -> None:
    cases = [case for case in load_cases(check.about.id) if not case.todo]
    suspected = sum(any(one.verdict == "suspected" for one in case.expect) for case in cases)
    assert len(cases) >= 10
    assert 0 < suspected <= len(cases) * MOST_SUSPECTED


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.about.id)
def test_every_sentence_is_used_by_a_case(check: Check) -> None:
    used = {one.reason for case in load_cases(check.about.id) for one in case.expect}
    assert used == set(check.about.says)
