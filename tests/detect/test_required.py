"""Strings a pattern cannot match without: sound for every pattern and every text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.detect.required import required_pairs
from fairstream.rules.library import load_rules

PARTS = st.sampled_from(
    [
        "a",
        "b",
        "ab",
        "[ab]",
        "[a-c]",
        "(a|bc)",
        "(ab|c)?",
        "a*",
        "[bc]+",
        "(a|b){2}",
        "c{1,3}",
        ".",
        "(b?c)+",
        "^",
        "[^a]",
    ]
)
PATTERNS = st.lists(PARTS, min_size=1, max_size=5).map("".join)


@given(PATTERNS, st.text("abc", max_size=9))
def test_every_match_holds_one_string_of_each_set(pattern: str, text: str) -> None:
    for match in re.finditer(pattern, text):
        for strings in required_pairs(pattern):
            assert any(string in match.group() for string in strings), (pattern, match.group(), strings)


@pytest.mark.parametrize(
    ("pattern", "strings"),
    [
        ("[0-9]+(多|余)?(人|位)", {"0人", "多位", "余人"}),
        ("(一|二)(个月|天)", {"一个月", "二天"}),
        ("(加|扫)(我|一下)?v", {"加v", "下v"}),
        ("ab", {"ab"}),
    ],
)
def test_strings_are_read_off_the_pattern(pattern: str, strings: set[str]) -> None:
    [found, *_] = required_pairs(pattern)
    assert strings <= found


@pytest.mark.parametrize("pattern", ["a", "a.b", "a*b?", r"[\p{Han}]x", "(a|)b", "("])
def test_nothing_is_claimed_where_nothing_can_be_told(pattern: str) -> None:
    assert required_pairs(pattern) == ()


def test_shipped_patterns_over_their_own_cases_lose_nothing() -> None:
    patterns = [p.re2 for lexicon in load_rules().lexicons.values() for p in lexicon.patterns]
    told = [pattern for pattern in patterns if required_pairs(pattern)]
    assert len(told) > len(patterns) // 2
