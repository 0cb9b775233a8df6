"""Reading official texts to the letter: every part of a parsed text and every refusal."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairstream.errors import EncodingError, FairstreamError, FormatError, LimitError
from fairstream.law import texts
from fairstream.law.texts import OfficialText, TextArticle, parse_text, read_text_file
from fairstream.records import Place, Problem

FILE = Path("tea.md")


def read(content: str) -> list[tuple[str, str, int, str]]:
    """The articles of a text: number, words, line, chapter."""
    articles = parse_text(content, FILE).articles
    assert all(number == article.number for number, article in articles.items())
    return [(item.number, item.words, item.line, item.chapter) for item in articles.values()]


def problem(line: int, cause: str) -> Problem:
    """A problem as the reader reports it."""
    return Problem(Place("tea.md", line), cause, "compare the text with the official one", "skipped")


def account(error: FairstreamError) -> tuple[str, str | None, int | None, str | None]:
    """Cause, file, line, remedy of an error."""
    return error.cause, error.file, error.line, error.remedy


def test_a_text_is_read_whole() -> None:
    content = "---\nslug: tea\ntitle_zh: 茶法\n---\n# 别的题目\n第一条　甲。\n\n  续。\n第二条　乙。\n"
    assert parse_text(content, Path("x.md")) == OfficialText(
        slug="tea",
        title="茶法",
        file="x.md",
        articles={"1": TextArticle("1", "甲。\n续。", 6, ""), "2": TextArticle("2", "乙。", 9, "")},
        front={"slug": "tea", "title_zh": "茶法"},
        problems=(),
    )


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ("# 海草茶法\n第一条　甲。", "海草茶法"),
        ("\n\n> ## 海草茶法 \n第一条　甲。", "海草茶法"),
        ("第一条　甲。\n第二条　乙。\n尾声", "尾声"),
        ("###\n海草茶法\n第一条　甲。", "海草茶法"),
        ("第一条　甲。", "tea"),
        ("---\nslug: a\n---\n海草茶法\n第一条　甲。", "海草茶法"),
        ("---\ntitle_zh: 5\n---\n海草茶法\n第一条　甲。", "5"),
    ],
    ids=["heading", "quoted", "last", "empty-heading", "file", "front", "number"],
)
def test_the_title_is_that_of_the_front_the_first_line_or_the_file(content: str, title: str) -> None:
    assert parse_text(content, FILE).title == title


def test_the_slug_is_that_of_the_front_or_the_file() -> None:
    assert parse_text("第一条　甲。", FILE).slug == "tea"
    assert parse_text("---\nslug: 7\n---\n第一条　甲。", FILE).slug == "7"


def test_the_front_keeps_plain_values_only() -> None:
    content = (
        "---  \nt: 茶\nn: 5\nf: 0.5\nb: true\n"
        "d: 2026-11-22\nl: [a]\nm: {a: b}\ne:\n1: one\n ---\n第一条　甲。"
    )
    text = parse_text(content, FILE)
    expected: dict[str, Any] = {"t": "茶", "n": 5, "f": 0.5, "b": True, "d": date(2026, 11, 22), "1": "one"}
    assert text.front == expected
    assert text.articles["1"].line == 12


@pytest.mark.parametrize("front", ["- a\n- b", "plain", ""], ids=["list", "text", "empty"])
def test_a_front_that_is_no_mapping_says_nothing(front: str) -> None:
    text = parse_text(f"---\n{front}\n---\n第一条　甲。", FILE)
    assert (text.front, text.articles["1"].words) == ({}, "甲。")


def test_a_line_of_dashes_elsewhere_opens_no_front() -> None:
    text = parse_text("题目\n---\nslug: x\n---\n第一条　甲。", FILE)
    assert (text.front, text.slug, text.articles["1"].line) == ({}, "tea", 5)


@pytest.mark.parametrize(
    ("content", "cause", "line", "remedy"),
    [
        ("---\nslug: a\n第一条　甲。", "the front matter never ends", 1, "close it with ---"),
        ("---", "the front matter never ends", 1, "close it with ---"),
        (
            "---\na: 1\nb: c: d\n---\n第一条　甲。",
            "the front matter is not YAML: mapping values are not allowed in this context",
            3,
            "put texts with a colon in quotes",
        ),
        (
            "---\na: \x07\n---\n第一条　甲。",
            "the front matter is not YAML: unacceptable character #x0007: "
            "control characters are not allowed\n"
            '  in "<unicode string>", position 3',
            1,
            "put texts with a colon in quotes",
        ),
        (
            "没有条文。",
            "no article (第…条) and no numbered point (一、) begins a line",
            1,
            "begin each article on a line of its own",
        ),
        (
            "---\nslug: a\n---\n没有条文。",
            "no article (第…条) and no numbered point (一、) begins a line",
            4,
            "begin each article on a line of its own",
        ),
    ],
    ids=["open", "only", "colon", "control", "prose", "front-prose"],
)
def test_a_text_is_refused_with_line_and_remedy(content: str, cause: str, line: int, remedy: str) -> None:
    with pytest.raises(FormatError) as caught:
        parse_text(content, FILE)
    assert account(caught.value) == (cause, "tea.md", line, remedy)


def test_a_file_is_read_up_to_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "tea.md"
    content = "\ufeff第一条　甲。".encode()
    file.write_bytes(content)
    monkeypatch.setattr(texts, "MAX_BYTES", len(content))
    assert read_text_file(file) == OfficialText(
        "tea", "tea", str(file), {"1": TextArticle("1", "甲。", 1)}, {}, ()
    )
    monkeypatch.setattr(texts, "MAX_BYTES", len(content) - 1)
    with pytest.raises(LimitError) as caught:
        read_text_file(file)
    cause = f"{len(content)} bytes is no statute"
    assert account(caught.value) == (cause, str(file), None, "import one text per file")


def test_another_encoding_is_refused_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "tea.md"
    file.write_bytes(b"abc\xff")
    with pytest.raises(EncodingError) as caught:
        read_text_file(file)
    assert account(caught.value) == ("not UTF-8 at byte 3", str(file), None, "save the text as UTF-8")


def test_words_lose_quote_marks_bold_and_blanks() -> None:
    content = "第一条　**甲** 一。\n> 引**用**文。\n　　> 缩进。\n# 小题\n\n末句。\n## 又一小题\n"
    assert read(content) == [("1", "甲 一。\n引用文。\n缩进。\n末句。", 1, "")]


def test_a_heading_alone_takes_the_words_below() -> None:
    assert read("### 第九条\n\n甲。\n乙。\n第十条：\n丙。") == [
        ("9", "甲。\n乙。", 1, ""),
        ("10", "丙。", 5, ""),
    ]


def test_lines_before_the_first_article_belong_to_none() -> None:
    assert read("前言。\n又一句。\n第一条　甲。") == [("1", "甲。", 3, "")]


def test_chapters_are_named_without_their_marks_and_end_articles() -> None:
    content = (
        "## **第一章　总则**\n第一条　甲。\n**第二章 罚则**\n不属于条文。\n第二条　乙。\n"
        "　第三节　丙　\n第三条　丁。\n# 附则\n第四条　戊。"
    )
    assert read(content) == [
        ("1", "甲。", 2, "第一章　总则"),
        ("2", "乙。", 5, "第二章 罚则"),
        ("3", "丁。", 7, "第三节　丙"),
        ("4", "戊。", 9, "附则"),
    ]


@pytest.mark.parametrize(
    "line",
    ["第三条、第四条另说。", "第三条规定的事。", "第三条第一款另说。", "第三条和别的。", "第三条的事。"],
    ids=["comma", "rule", "paragraph", "and", "of"],
)
def test_a_sentence_about_an_article_stays_in_its_article(line: str) -> None:
    assert read(f"第一条　甲。\n{line}\n第二条　乙。") == [
        ("1", f"甲。\n{line}", 1, ""),
        ("2", "乙。", 3, ""),
    ]


@pytest.mark.parametrize(
    "line", ["第二条 和面。", "第二条　第一款另说。", "第二条：规定如下。"], ids=["and", "paragraph", "rule"]
)
def test_a_gap_makes_a_heading_of_the_same_words(line: str) -> None:
    words = line.partition("条")[2].lstrip(" 　：")
    assert read(f"第一条　甲。\n{line}") == [("1", "甲。", 1, ""), ("2", words, 2, "")]


def test_points_are_never_mentions() -> None:
    assert read("题目\n一、和面。\n二、第一步，烧水。\n十一、的确。") == [
        ("1", "和面。", 2, ""),
        ("2", "第一步，烧水。", 3, ""),
        ("11", "的确。", 4, ""),
    ]


def test_points_after_front_matter_count_lines_of_the_file() -> None:
    assert read("---\nslug: a\n---\n一、甲。\n## 第二章 乙\n二、丙。") == [
        ("1", "甲。", 4, ""),
        ("2", "丙。", 6, "第二章 乙"),
    ]


def test_sub_articles_carry_both_numbers() -> None:
    assert read("第一百四十二条　甲。\n第一百四十二条之一　乙。\n第一百四十二条之十二　丙。") == [
        ("142", "甲。", 1, ""),
        ("142-1", "乙。", 2, ""),
        ("142-12", "丙。", 3, ""),
    ]


def test_a_repeated_article_is_told_and_its_words_left_out() -> None:
    text = parse_text("第一条　甲。\n第二条　乙。\n第一条　丙。\n丁。\n第三条　戊。\n第三条　己。", FILE)
    assert [(item.number, item.words) for item in text.articles.values()] == [
        ("1", "甲。"),
        ("2", "乙。"),
        ("3", "戊。"),
    ]
    assert text.problems == (
        problem(3, "article 1 stands twice; the first is kept"),
        problem(6, "article 3 stands twice; the first is kept"),
    )


def test_an_article_out_of_order_is_told_and_kept() -> None:
    text = parse_text("---\nslug: a\n---\n第二条　甲。\n第一条之一　乙。\n第一条　丙。", FILE)
    assert list(text.articles) == ["2", "1-1", "1"]
    assert text.problems == (
        problem(5, "article 1-1 stands after article 2"),
        problem(6, "article 1 stands after article 1-1"),
    )


def test_a_number_nobody_can_read_is_told_and_its_line_left_out() -> None:
    text = parse_text("第一条　甲。\n第万条　乙。\n丙。\n第二条　丁。\n第三条之亿　戊。", FILE)
    assert [(item.number, item.words) for item in text.articles.values()] == [
        ("1", "甲。\n丙。"),
        ("2", "丁。"),
    ]
    assert text.problems == (
        problem(2, "the article's number cannot be read: '万' is not a number"),
        problem(5, "the article's number cannot be read: '亿' is not a number"),
    )


def test_letters_are_never_taken_for_marks() -> None:
    text = parse_text("# XO茶法\nX、总则。\n## 第一章　X光X\n第一条　X光茶。\nX射线。\n  ## 小题", FILE)
    assert text.title == "XO茶法"
    assert text.articles == {"1": TextArticle("1", "X光茶。\nX射线。", 4, "第一章　X光X")}


def test_faults_among_points_are_told_with_their_line() -> None:
    text = parse_text("题目\n一、甲。\n三、乙。\n二、丙。\n一、丁。", FILE)
    assert list(text.articles) == ["1", "3", "2"]
    assert text.problems == (
        problem(4, "article 2 stands after article 3"),
        problem(5, "article 1 stands twice; the first is kept"),
    )
