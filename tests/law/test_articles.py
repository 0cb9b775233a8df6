"""Gists: what an entry holds and how a broken one is refused."""

from typing import Any, get_args

import pytest

from fairstream.errors import LawError
from fairstream.law.articles import EFFECT_TITLES, Article, Effect, read_articles

GIST = {"zh": "海草茶要点", "en": "seaweed tea gist"}
REMEDY = (
    "give gist {zh, en} and does (one of definition, duty, ban, penalty, procedure, liability, exception, "
    "power, crime)"
)


def read(entry: Any, number: Any = "3") -> dict[str, Article]:
    """The articles of a document with one entry."""
    return read_articles({"family": "tea", "articles": {number: entry}}, "tea.yaml")


def test_the_least_an_article_needs() -> None:
    assert read({"does": "duty", "gist": GIST}, 3) == {"3": Article("tea", "3", GIST, "duty")}
    article = read({"does": "duty", "gist": GIST})["3"]
    assert (article.conduct, article.by_version) == ((), {})


def test_the_most_an_article_can_say() -> None:
    other = {"zh": "旧要点", "en": "old gist"}
    entry = {"does": "ban", "gist": GIST, "conduct": ["false_ad", "x"], "versions": {"tea-2020": other}}
    article = read(entry)["3"]
    assert article == Article("tea", "3", GIST, "ban", ("false_ad", "x"), {"tea-2020": other})
    assert (article.gist_in("tea-2020", "zh"), article.gist_in("tea-2020", "en")) == ("旧要点", "old gist")
    assert (article.gist_in("tea-2024", "zh"), article.gist_in("tea-2024", "en")) == (
        "海草茶要点",
        "seaweed tea gist",
    )


@pytest.mark.parametrize("document", [{}, {"articles": None}, {"articles": {}}, {"family": "tea"}])
def test_a_document_without_articles_holds_none(document: dict[str, Any]) -> None:
    assert read_articles(document, "tea.yaml") == {}


@pytest.mark.parametrize("effect", get_args(Effect))
def test_every_effect_is_known_and_has_a_title(effect: str) -> None:
    assert read({"does": effect, "gist": GIST})["3"].effect == effect
    assert set(EFFECT_TITLES[effect]) == {"zh", "en"}


@pytest.mark.parametrize(
    ("entry", "cause"),
    [
        ({"does": "sings", "gist": GIST}, "unknown effect 'sings'"),
        ({"gist": GIST}, "'does'"),
        ({"does": "ban"}, "'gist'"),
        ({"does": "ban", "gist": {"zh": "只有中文"}}, "the gist lacks zh or en"),
        ({"does": "ban", "gist": {"en": "english only"}}, "the gist lacks zh or en"),
        ({"does": "ban", "gist": {"zh": "", "en": "empty"}}, "the gist lacks zh or en"),
        (
            {"does": "ban", "gist": GIST, "versions": {"a": GIST, "b": {"zh": "半"}}},
            "the gist lacks zh or en",
        ),
    ],
    ids=["effect", "no-effect", "no-gist", "no-en", "no-zh", "empty", "version"],
)
def test_a_broken_entry_is_named(entry: dict[str, Any], cause: str) -> None:
    with pytest.raises(LawError) as caught:
        read(entry)
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (
        f"article 3 of 'tea': {cause}",
        "tea.yaml",
        None,
        REMEDY,
    )
