"""The sentences of a report are complete in both languages."""

import pytest

from fairstream.opinion.report.words import keys, names, said
from fairstream.records import Words


@pytest.mark.parametrize("key", keys())
def test_both_languages_say_the_same_names(key: str) -> None:
    words = said(key)
    assert words.zh
    assert words.en
    assert names(words.zh) == names(words.en)


def test_parts_fill_their_names_and_leave_the_others() -> None:
    assert said("without_copies", what=Words("甲", "a")) == Words("甲（去重）", "a (without copies)")
    assert "{quote}" in said("case", other=Words("乙", "b")).zh
