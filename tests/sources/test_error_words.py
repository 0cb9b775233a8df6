"""Words of errors in Chinese."""

import re

import pytest

from fairstream.records import Place, Problem
from fairstream.sources.error_words import ERROR_WORDS, in_chinese
from fairstream.sources.problems import in_language

HELD = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("the recording is empty", "录像文件为空"),
        ("1,000 streams, more than 64", "含 1,000 路音视频流，超过上限 64"),
        ("pictures of 30000 × 30000, more than 67 megapixels", "画面为 30000 × 30000，超过 67 百万像素"),
        ("there is nothing at 0:10: what can be read ends at 0:06", "0:10 处没有内容：可读部分止于 0:06"),
        ("words nobody translated", "words nobody translated"),
    ],
)
def test_words_and_their_values_are_found_again(english: str, chinese: str) -> None:
    assert in_chinese(english) == chinese


def test_every_entry_says_what_its_english_says() -> None:
    for english, chinese in ERROR_WORDS.items():
        assert set(HELD.findall(chinese)) <= set(HELD.findall(english)), english
        assert re.search(r"[\u4e00-\u9fff]", chinese), english


def test_a_problem_that_came_of_an_error_is_told_in_both_languages() -> None:
    problem = Problem(Place("a.mp4"), "the recording is empty", "ask for the file again", "skipped", 1)
    assert in_language(problem, "zh") == ("录像文件为空", "请重新取得文件")
    assert in_language(problem, "en") == ("the recording is empty", "ask for the file again")
