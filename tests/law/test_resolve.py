"""The law of the day: versions, renumbering, doubt, and what is not held."""

from datetime import date, timedelta

import pytest

from fairstream.errors import LawError, UnknownCitation
from fairstream.law.resolve import load_law

from .made_up import gists, sanctions, statutes, tea_law

LAW = load_law()


@pytest.mark.parametrize(
    ("citation", "on", "version", "article"),
    [
        ("anti-unfair-competition-law#9", "2025-08-01", "anti-unfair-competition-law-2019", "8"),
        ("anti-unfair-competition-law#9", "2025-10-14", "anti-unfair-competition-law-2019", "8"),
        ("anti-unfair-competition-law#9", "2025-10-15", "anti-unfair-competition-law-2025", "9"),
        ("anti-unfair-competition-law#7", "2025-08-01", "anti-unfair-competition-law-2019", "6"),
        ("anti-unfair-competition-law#11", "2025-08-01", "anti-unfair-competition-law-2019", "10"),
        ("anti-unfair-competition-law#12", "2025-08-01", "anti-unfair-competition-law-2019", "11"),
        ("anti-unfair-competition-law#13", "2025-08-01", "anti-unfair-competition-law-2019", "12"),
        ("anti-unfair-competition-law#23", "2025-08-01", "anti-unfair-competition-law-2019", "18"),
        ("anti-unfair-competition-law#25", "2025-08-01", "anti-unfair-competition-law-2019", "20"),
        ("anti-unfair-competition-law#27", "2025-08-01", "anti-unfair-competition-law-2019", "22"),
        ("anti-unfair-competition-law#28", "2025-08-01", "anti-unfair-competition-law-2019", "23"),
        ("anti-unfair-competition-law#29", "2025-08-01", "anti-unfair-competition-law-2019", "24"),
        ("complaint-report-measures#16", "2026-04-14", "complaint-report-interim-measures-2022", "15"),
        ("complaint-report-measures#16", "2026-04-15", "complaint-report-measures-2026", "16"),
        ("trademark-law#57", "2026-12-31", "trademark-law-2019", "57"),
        ("trademark-law#57", "2027-01-01", "trademark-law-2026", "72"),
        ("trademark-law#60", "2027-01-01", "trademark-law-2026", "74"),
        ("trademark-law#14", "2027-01-01", "trademark-law-2026", "63"),
        ("trademark-law#14(5)", "2027-01-01", "trademark-law-2026", "64"),
        ("food-safety-law#124", "2025-11-30", "food-safety-law-2021", "124"),
        ("food-safety-law#124", "2025-12-01", "food-safety-law-2025", "124"),
        ("criminal-law#142-1", "2026-03-01", "criminal-law", "142-1"),
        ("advertising-law#58(1)(14)", "2026-03-01", "advertising-law", "58(1)(14)"),
    ],
)
def test_gives_the_article_in_force_that_day(citation: str, on: str, version: str, article: str) -> None:
    resolved = LAW.resolve(citation, date.fromisoformat(on))
    assert (resolved.version, resolved.article) == (version, article)
    assert resolved.instrument == citation.partition("#")[0]
    assert resolved.gist


def test_gist_and_title_follow_version_and_language() -> None:
    before = LAW.resolve("anti-unfair-competition-law#25", date(2025, 8, 1))
    after = LAW.resolve("anti-unfair-competition-law#25", date(2026, 8, 1))
    english = LAW.resolve("anti-unfair-competition-law#25", date(2026, 8, 1), "en")
    assert "二十万" in before.gist
    assert "二十万" not in after.gist
    assert before.title != after.title
    assert english.title.startswith("Anti-Unfair")
    assert english.gist.isascii() is False or "yuan" in english.gist


def test_a_detail_is_dropped_where_the_words_differ() -> None:
    assert LAW.resolve("anti-unfair-competition-law#9(1)", date(2026, 1, 1)).article == "9(1)"
    assert LAW.resolve("anti-unfair-competition-law#9(1)", date(2025, 1, 1)).article == "8"
    assert LAW.resolve("food-safety-law#34(1)", date(2025, 1, 1)).article == "34(1)"


@pytest.mark.parametrize(
    ("citation", "on", "unverified"),
    [
        ("food-safety-law#124", "2025-09-11", False),
        ("food-safety-law#124", "2025-10-01", True),
        ("food-safety-law#124", "2026-03-01", True),
        ("food-safety-law#124", "2026-11-22", False),
        ("food-safety-law#34", "2026-03-01", False),
        ("special-product-ad-review-measures#26", "2026-03-01", False),
        ("special-product-ad-review-measures#26", "2026-06-01", True),
        ("medical-device-regulations-2021#60", "2026-03-01", True),
        ("advertising-law#9", "2026-03-01", False),
    ],
)
def test_doubt_reaches_only_the_articles_and_days_it_concerns(
    citation: str, on: str, unverified: bool
) -> None:
    assert LAW.resolve(citation, date.fromisoformat(on)).unverified is unverified


def test_says_which_texts_are_held_when_that_of_the_day_is_not() -> None:
    with pytest.raises(UnknownCitation, match=r"in force on 2025-06-01 is not held") as caught:
        LAW.resolve("live-ecommerce-measures-2026#33", date(2025, 6, 1))
    assert "from 2026-02-01" in (caught.value.remedy or "")


def test_says_when_a_provision_did_not_exist_yet() -> None:
    with pytest.raises(UnknownCitation, match="no counterpart in anti-unfair-competition-law-2019"):
        LAW.resolve("anti-unfair-competition-law#14", date(2025, 6, 1))


def test_suggests_a_statute_for_a_wrong_id() -> None:
    with pytest.raises(UnknownCitation) as caught:
        LAW.resolve("food-safety#34", date(2026, 3, 1))
    assert "food-safety-law" in (caught.value.remedy or "")


def test_a_version_cited_as_a_statute_is_told_which_to_cite() -> None:
    with pytest.raises(UnknownCitation) as caught:
        LAW.resolve("anti-unfair-competition-law-2025#9", date(2026, 3, 1))
    assert "anti-unfair-competition-law#" in (caught.value.remedy or "")


def test_a_malformed_citation_is_a_law_error() -> None:
    with pytest.raises(LawError, match="not a citation"):
        LAW.resolve("广告法第九条", date(2026, 3, 1))


def test_without_a_day_the_law_is_that_of_the_data() -> None:
    assert LAW.as_of == date(2026, 11, 22)
    assert LAW.resolve("trademark-law#57") == LAW.resolve("trademark-law#57", LAW.as_of)


def test_no_day_falls_between_two_versions_or_into_both() -> None:
    for family in LAW.families.values():
        for version in family.versions:
            if version.until is not None:
                assert version.in_force(version.until - timedelta(days=1))
                assert not version.in_force(version.until)
            found = family.version_on(version.since)
            assert found is not None
            assert found.slug == version.slug


def test_every_citation_of_the_data_resolves_today_in_both_languages() -> None:
    citations = LAW.citations()
    assert len(citations) == len(set(citations)) > 600
    for citation in citations:
        assert LAW.resolve(citation, LAW.as_of, "zh").gist, citation
        assert LAW.resolve(citation, LAW.as_of, "en").gist, citation


def test_penalties_follow_conduct_article_and_day() -> None:
    now, then = date(2026, 8, 1), date(2025, 8, 1)
    publicity = {item.id for item in LAW.penalties(conduct="false_commercial_publicity", on=now)}
    assert "aucl-25-2025" in publicity
    assert "aucl-25-2019" not in publicity
    assert {item.id for item in LAW.penalties(citation="anti-unfair-competition-law#9", on=then)} == {
        "aucl-25-2019"
    }
    assert {item.id for item in LAW.penalties(citation="advertising-law#9(3)", on=now)} == {
        "advertising-law-57-advertiser",
        "advertising-law-57-publisher",
    }
    assert not LAW.penalties(citation="live-ecommerce-measures-2026#33", on=date(2026, 1, 31))


def test_the_minimum_for_false_publicity_went_in_2025() -> None:
    before, after = (
        next(item for item in LAW.penalties(citation="anti-unfair-competition-law#25", on=day))
        for day in (date(2025, 10, 14), date(2025, 10, 15))
    )
    assert before.ranges[0].fen == (20_000_000, 100_000_000)
    assert after.ranges[0].fen == (None, 100_000_000)
    assert before.ranges[1] == after.ranges[1]


def test_an_invented_statute_renumbers_like_a_real_one() -> None:
    law = tea_law()
    assert law.resolve("seaweed-tea-law#3", date(2021, 1, 1)).article == "2"
    assert law.resolve("seaweed-tea-law#3", date(2021, 1, 1)).gist == "禁说唱歌"
    assert law.resolve("seaweed-tea-law#3-1", date(2025, 1, 1)).article == "3-1"
    with pytest.raises(UnknownCitation):
        law.resolve("seaweed-tea-law#3-1", date(2021, 1, 1))
    assert [item.id for item in law.penalties(conduct="false_ad", on=date(2021, 1, 1))] == ["tea-2020"]


def test_a_later_document_replaces_entries_of_an_earlier_one() -> None:
    changed = gists()
    changed["articles"] = {"1": {"does": "exception", "gist": {"zh": "改", "en": "changed"}}}
    law = tea_law(statutes(), gists(), sanctions(), changed)
    assert law.resolve("seaweed-tea-law#1", date(2025, 1, 1)).gist == "改"
    assert law.resolve("seaweed-tea-law#4", date(2025, 1, 1)).gist == "海草茶要点"


def test_an_article_without_gist_resolves_with_an_empty_one() -> None:
    assert tea_law(statutes()).resolve("seaweed-tea-law#1", date(2025, 1, 1)).gist == ""
    assert tea_law(statutes()).article("seaweed-tea-law#1") is None
