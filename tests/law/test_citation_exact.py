"""Citations: refusals to the letter, names and order at their edges."""

import pytest

from fairstream.errors import LawError
from fairstream.law.citation import Reference, article_order, article_title, is_citation, parse_citation
from fairstream.records import Language


@pytest.mark.parametrize("place", [{}, {"file": "rule.yaml"}, {"file": "rule.yaml", "line": 7}, {"line": 7}])
def test_a_refusal_says_what_where_and_how(place: dict[str, object]) -> None:
    with pytest.raises(LawError) as caught:
        parse_citation(" tea ", **place)  # type: ignore[arg-type]
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (
        "' tea ' is not a citation",
        place.get("file"),
        place.get("line"),
        "write family#article, for example advertising-law#9 or criminal-law#142-1",
    )


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("tea#9", True),
        ("tea-law-2020#142-1(3)(12)", True),
        ("tea#9 ", False),
        ("see tea#9", False),
        ("tea#0", False),
        ("tea", False),
        ("", False),
    ],
    ids=range(7),
)
def test_a_citation_is_known_by_its_shape(text: str, is_one: bool) -> None:
    assert is_citation(text) is is_one


def test_a_reference_prints_as_it_was_written() -> None:
    assert str(Reference("tea", "9")) == "tea#9"
    assert parse_citation("\ttea#142-1(3)(12)\n") == Reference("tea", "142-1", "(3)(12)")


@pytest.mark.parametrize(
    ("article", "zh", "en"),
    [
        ("9", "第9条", "art. 9"),
        ("142-1", "第142条之1", "art. 142-1"),
        ("58(1)(14)", "第58条(1)(14)", "art. 58(1)(14)"),
        ("142-1(2)", "第142条之1(2)", "art. 142-1(2)"),
    ],
    ids=range(4),
)
def test_an_article_has_a_name_in_both_languages(article: str, zh: str, en: str) -> None:
    languages: tuple[Language, Language] = ("zh", "en")
    assert article_title(article) == zh
    assert tuple(article_title(article, language) for language in languages) == (zh, en)


def test_articles_are_ordered_as_numbers() -> None:
    assert [article_order(item) for item in ("9", "10", "142-1", "142-12")] == [
        (9, 0),
        (10, 0),
        (142, 1),
        (142, 12),
    ]
