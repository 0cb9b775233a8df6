"""Every outcome of every case against the file that holds it; renew the files with `golden.py`."""

import json

import pytest

from checks.golden import GOLDEN, answers, file_of
from fairstream.checks.library import Check, load_checks


@pytest.mark.parametrize("check", load_checks(), ids=lambda check: check.about.id)
def test_every_outcome_word_for_word(check: Check) -> None:
    assert answers(check) == json.loads(file_of(check).read_text(encoding="utf-8"))


def test_no_file_is_left_over() -> None:
    assert set(GOLDEN.rglob("*.json")) == {file_of(check) for check in load_checks()}
