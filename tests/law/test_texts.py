"""Reading official texts: every shape they come in, and what is no statute."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import EncodingError, FormatError, LimitError
from fairstream.law.citation import article_order
from fairstream.law.texts import MAX_BYTES, parse_text, read_text_file

from .made_up import NEW_TEXT, OLD_TEXT

FILE = Path("tea.md")


def numbers(content: str) -> list[str]:
    """The article numbers read from a text, in order."""
    return list(parse_text(content, FILE).articles)


def test_reads_the_shape_of_collected_statutes() -> None:
    text = parse_text(NEW_TEXT, FILE)
    assert (text.slug, text.title) == ("seaweed-tea-law-2024", "海草茶法（2024年，虚构）")
    assert list(text.articles) == ["1", "2", "3", "3-1", "4"]
    assert text.articles["3"].words == (
        "卖茶的人不得说海草茶会唱歌、会跳舞。\n（一）唱歌，指发出歌声；\n（二）跳舞，指自己动。"
    )
    assert text.articles["3"].line == 17
    assert text.articles["3-1"].words == "第二条规定的茶馆要有门。"
    assert (text.articles["3-1"].chapter, text.articles["4"].chapter) == ("第一章　总则", "第二章　罚则")
    assert text.problems == ()


@pytest.mark.parametrize(
    "heading",
    [
        "第{}条　喝茶。",
        "第{}条 喝茶。",
        "## 第{}条 喝茶。",
        "**第{}条** 喝茶。",
        "**第{}条　**喝茶。",
        "第{}条：喝茶。",
        "第 {} 条 喝茶。",
        "　　第{}条　喝茶。",
        "### 第{}条\n\n喝茶。",
        "第{}条\n喝茶。",
    ],
)
@pytest.mark.parametrize(
    ("first", "second", "read"),
    [("一", "二", ["1", "2"]), ("9", "１０", ["9", "10"]), ("一百零八", "一千零九", ["108", "1009"])],
)
def test_reads_any_common_heading(heading: str, first: str, second: str, read: list[str]) -> None:
    text = parse_text("\n".join(heading.format(number) for number in (first, second)), FILE)
    assert list(text.articles) == read
    assert {article.words for article in text.articles.values()} == {"喝茶。"}


def test_a_sentence_about_an_article_is_no_heading() -> None:
    content = "第一条　总说。\n第二条、第三条规定的事，另说。\n第二条规定的人，也另说。\n第二条　分说。\n"
    text = parse_text(content, FILE)
    assert list(text.articles) == ["1", "2"]
    assert "另说" in text.articles["1"].words
    assert text.articles["2"].words == "分说。"


def test_reads_numbered_points_where_there_are_no_articles() -> None:
    content = "# 喝茶指南（虚构）\n\n前言。\n\n一、先烧水。\n（一）用壶；\n二、再放茶。\n十一、慢喝。\n"
    text = parse_text(content, FILE)
    assert list(text.articles) == ["1", "2", "11"]
    assert text.articles["1"].words == "先烧水。\n（一）用壶；"


def test_numbered_points_inside_articles_stay_there() -> None:
    assert numbers("第一条　说明：\n一、烧水；\n二、喝茶。\n第二条　完。") == ["1", "2"]


def test_chapters_end_the_article_before_them() -> None:
    text = parse_text("第一条　甲。\n第二章 乙篇\n# 丙节\n第二条　丁。\n附　则\n第三条　戊。", FILE)
    assert [article.words for article in text.articles.values()] == ["甲。", "丁。", "戊。"]
    assert text.articles["3"].chapter == "附　则"


def test_a_second_article_with_the_same_number_is_reported_not_merged() -> None:
    text = parse_text("第一条　甲。\n第一条　乙。\n乙的后文。\n第二条　丙。", FILE)
    assert text.articles["1"].words == "甲。"
    (problem,) = text.problems
    assert problem.place.line == 2
    assert "twice" in problem.cause


def test_an_article_out_of_order_is_kept_and_reported() -> None:
    text = parse_text("第二条　甲。\n第一条　乙。", FILE)
    assert list(text.articles) == ["2", "1"]
    assert "article 1 stands after article 2" in text.problems[0].cause


def test_a_number_that_is_none_is_reported() -> None:
    text = parse_text("第一条　甲。\n第万条　乙。\n第二条　丙。", FILE)
    assert list(text.articles) == ["1", "2"]
    assert text.problems[0].place.line == 2


@pytest.mark.parametrize(
    "content", ["", "\n\n", "只有一句话。", "---\nslug: a\n---\n", "# 第一章 总则\n", "\x00\x01"]
)
def test_a_text_without_articles_is_refused(content: str) -> None:
    with pytest.raises(FormatError, match="no article"):
        parse_text(content, FILE)


@pytest.mark.parametrize(
    ("content", "line"),
    [("---\nslug: a\n第一条　甲。", 1), ("---\nslug: [a\n---\n第一条　甲。", 2), ("---\na: b: c\n---\n", 2)],
)
def test_broken_front_matter_is_refused_with_its_line(content: str, line: int) -> None:
    with pytest.raises(FormatError) as caught:
        parse_text(content, FILE)
    assert caught.value.line in (line, line + 1)


def test_front_matter_that_grows_without_end_is_cut() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{name}: &{name} [*{before}, *{before}]\n"
        for before, name in zip("abcdefghijklmnopqrstuvwx", "bcdefghijklmnopqrstuvwxy", strict=True)
    )
    text = parse_text(f"---\n{bomb}slug: *y\ntitle_zh: 茶\n---\n第一条　甲。", FILE)
    assert dict(text.front) == {"title_zh": "茶"}
    assert text.slug == "tea"


def test_without_front_matter_title_and_slug_come_from_heading_and_file() -> None:
    text = parse_text("# 海草茶法\n\n第一条　甲。", Path("seaweed-tea-law-2024.txt"))
    assert (text.slug, text.title) == ("seaweed-tea-law-2024", "海草茶法")


def test_reads_files_with_a_mark_and_any_line_end(tmp_path: Path) -> None:
    file = tmp_path / "t.md"
    file.write_bytes(OLD_TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert list(read_text_file(file).articles) == ["1", "2", "3"]


def test_refuses_other_encodings_and_giants(tmp_path: Path) -> None:
    file = tmp_path / "t.md"
    file.write_bytes("第一条　甲。".encode("gbk"))
    with pytest.raises(EncodingError, match="not UTF-8"):
        read_text_file(file)
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    with pytest.raises(LimitError):
        read_text_file(file)


@given(st.text(alphabet="第一二条之　 \n#*，。规定章-:", max_size=120))
def test_no_jumble_of_headings_breaks_the_reader(content: str) -> None:
    try:
        text = parse_text(content, FILE)
    except FormatError:
        return
    assert text.articles
    assert all(number == article.number for number, article in text.articles.items())


def test_reads_every_official_text_whole(statutes_folder: Path) -> None:
    files = sorted(statutes_folder.glob("*.md"))
    assert len(files) == 79
    for file in files:
        text = read_text_file(file)
        order = [article_order(number) for number in text.articles]
        assert order == sorted(order), file.name
        assert text.problems == (), file.name
        assert all(article.words for article in text.articles.values()), file.name


def test_reads_the_criminal_law_with_its_sub_articles(statutes_folder: Path) -> None:
    articles = read_text_file(statutes_folder / "criminal-law.md").articles
    assert "452" in articles
    assert {"142-1", "253-1", "280-1"} <= set(articles)
    assert max(article_order(number) for number in articles) == (452, 0)
