"""Citations: their shape, their order, their names."""

import pytest

from fairstream.errors import LawError
from fairstream.law.citation import Reference, article_order, article_title, parse_citation


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("advertising-law#9", ("advertising-law", "9", "")),
        (" advertising-law#9 ", ("advertising-law", "9", "")),
        ("criminal-law#142-1", ("criminal-law", "142-1", "")),
        ("advertising-law#58(1)(14)", ("advertising-law", "58", "(1)(14)")),
        ("civil-code-tort-liability#1195", ("civil-code-tort-liability", "1195", "")),
        ("live-ecommerce-measures-2026#34(2)", ("live-ecommerce-measures-2026", "34", "(2)")),
    ],
)
def test_takes_a_citation_apart_and_writes_it_back(written: str, parts: tuple[str, str, str]) -> None:
    reference = parse_citation(written)
    assert (reference.family, reference.article, reference.detail) == parts
    assert str(reference) == written.strip()


@pytest.mark.parametrize(
    "written",
    [
        "",
        "advertising-law",
        "#9",
        "advertising-law#",
        "advertising-law#0",
        "advertising-law#09",
        "Advertising-law#9",
        "advertising-law#第九条",
        "advertising law#9",
        "advertising-law#9a",
        "advertising-law#9(",
        "a#12345",
        "a#9-0",
        "advertising-law#9\x00",
        "-a#9",
        "a--b#9",
        "advertising-law#９",
    ],
)
def test_refuses_what_is_no_citation_and_says_how_to_write_one(written: str) -> None:
    with pytest.raises(LawError) as caught:
        parse_citation(written, file="rule.yaml", line=7)
    assert (caught.value.file, caught.value.line) == ("rule.yaml", 7)
    assert "family#article" in str(caught.value)


def test_sorts_sub_articles_between_their_neighbours() -> None:
    assert sorted(["143", "9", "142-1", "142", "10"], key=article_order) == ["9", "10", "142", "142-1", "143"]


def test_names_an_article_in_both_languages() -> None:
    assert article_title("142-1") == "第142条之1"
    assert article_title("58(1)(14)") == "第58条(1)(14)"
    assert article_title("142-1", "en") == "art. 142-1"


def test_references_are_values() -> None:
    assert Reference("a", "1") == parse_citation("a#1")
    assert len({Reference("a", "1"), parse_citation("a#1"), Reference("a", "1", "(1)")}) == 2
