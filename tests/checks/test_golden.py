"""Every outcome of every case against the file that holds it; renew the files with `golden.py`."""

import json

import pytest

from checks.golden import GOLDEN, file_of, held

HELD = held()


@pytest.mark.parametrize("name", HELD)
def test_every_answer_word_for_word(name: str) -> None:
    assert HELD[name]() == json.loads(file_of(name).read_text(encoding="utf-8"))


def test_no_file_is_left_over() -> None:
    assert set(GOLDEN.rglob("*.json")) == set(map(file_of, HELD))
