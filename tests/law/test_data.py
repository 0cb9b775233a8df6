"""The shipped data: its shape, its vocabulary, its completeness; and refusals of broken data."""

from collections import Counter
from pathlib import Path
from typing import Any, get_args

import orjson
import pytest

from fairstream.errors import LawError
from fairstream.law.resolve import load_law
from fairstream.law.source import KEPT, data_files, parse_yaml, read_documents
from fairstream.records import Conduct

from .made_up import gists, sanctions, statutes, tea_law, write_data

LAW = load_law()
CONDUCTS = set(get_args(Conduct))


def test_every_statute_of_the_collection_is_a_family() -> None:
    versions = [version.slug for family in LAW.families.values() for version in family.versions]
    assert len(LAW.families) == 75
    assert len(versions) == len(set(versions)) == 79
    several = {family.id for family in LAW.families.values() if len(family.versions) > 1}
    assert several == {
        "anti-unfair-competition-law",
        "complaint-report-measures",
        "food-safety-law",
        "trademark-law",
    }


def test_a_family_with_one_version_bears_its_name() -> None:
    for family in LAW.families.values():
        if len(family.versions) == 1:
            assert family.versions[0].slug == family.id


def test_titles_and_gists_are_in_both_languages_and_no_language_is_empty() -> None:
    for family in LAW.families.values():
        assert family.title["zh"]
        assert family.title["en"].isascii()
    for articles in LAW.articles.values():
        for article in articles.values():
            for gist in (article.gist, *article.by_version.values()):
                assert 4 <= len(gist["zh"]) <= 110, (article.family, article.article)
                assert not any("一" <= character <= "鿿" for character in gist["en"]), article.article


def test_conduct_codes_are_those_of_the_records() -> None:
    named = {code for items in LAW.articles.values() for item in items.values() for code in item.conduct}
    named |= {code for item in LAW.table.penalties for code in item.conduct}
    assert named <= CONDUCTS


def test_every_conduct_has_a_penalty_and_an_article() -> None:
    with_article = {
        code for items in LAW.articles.values() for item in items.values() for code in item.conduct
    }
    with_penalty = {code for item in LAW.table.penalties for code in item.conduct}
    assert CONDUCTS - with_article == set()
    assert CONDUCTS - with_penalty == set()


def test_gists_of_other_versions_belong_to_versions_of_the_family() -> None:
    for name, items in LAW.articles.items():
        slugs = {version.slug for version in LAW.family(name).versions}
        for item in items.values():
            assert set(item.by_version) <= slugs


def test_penalty_ids_are_unique_and_every_code_is_used() -> None:
    table = LAW.table
    counted = Counter(item.id for item in table.penalties)
    assert counted.most_common(1)[0][1] == 1
    assert set(table.conditions) == {
        code for item in table.penalties for part in item.ranges for code in part.when
    }
    assert set(table.measures) == {code for item in table.penalties for code in item.measures}
    assert set(table.actors) == {code for item in table.penalties for code in item.who}


def test_doubts_of_the_legal_map_stay_marked() -> None:
    food = LAW.family("food-safety-law").version("food-safety-law-2025")
    assert food is not None
    assert food.certain_from is not None
    assert "UNVERIFIED" in food.note["en"]
    assert not LAW.family("sales-promotion-provisions-2020").versions[0].complete
    assert not LAW.family("crim-interp-intellectual-property-2025").versions[0].complete
    crime = next(item for item in LAW.table.penalties if item.id == "crime-222")
    assert crime.unverified
    assert crime.ranges == ()


def test_no_gist_copies_a_statute_at_length(statutes_folder: Path) -> None:
    words = "\n".join(file.read_text(encoding="utf-8") for file in sorted(statutes_folder.glob("*.md")))
    longest = 22
    for items in LAW.articles.values():
        for item in items.values():
            for gist in (item.gist, *item.by_version.values()):
                text = gist["zh"]
                pieces = (text[start : start + longest] for start in range(len(text) - longest + 1))
                assert not any(piece in words for piece in pieces), (item.family, item.article, text)


def spoil(document: dict[str, Any], *path: Any, to: Any) -> dict[str, Any]:
    """The document with one value replaced, or removed when `to` is Ellipsis."""
    place = document
    for step in path[:-1]:
        place = place[step]
    if to is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return document


@pytest.mark.parametrize(
    ("path", "to", "cause"),
    [
        (("statutes", 0, "kind"), "ukase", "unknown kind"),
        (("statutes", 0, "issuer"), ..., "'issuer' is missing"),
        (("statutes", 0, "versions", 0, "from"), "not a day", "seaweed-tea-law"),
        (("statutes", 0, "versions", 0, "from"), 5, "seaweed-tea-law"),
        (("statutes", 0, "versions", 0, "until"), "2024-07-02", "overlap"),
        (("statutes", 0, "versions", 0, "until"), "2019-07-02", "ends before it begins"),
        (("statutes", 0, "versions", 0, "until"), None, "overlap"),
        (("statutes", 0, "concordance", "seaweed-tea-law-2020", "otherwise"), "maybe", "not same or none"),
        (("statutes", 0, "title"), ..., "'title' is missing"),
    ],
)
def test_refuses_broken_statutes_and_names_file_and_entry(path: tuple[Any, ...], to: Any, cause: str) -> None:
    with pytest.raises(LawError, match=cause) as caught:
        tea_law(spoil(statutes(), *path, to=to))
    assert caught.value.file == "0.yaml"
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("articles", "1", "does"), "sings"),
        (("articles", "1", "does"), ...),
        (("articles", "1", "gist"), {"zh": "只有中文"}),
        (("articles", "1", "gist"), {"zh": "", "en": "empty"}),
        (("articles", "1"), "text"),
        (("articles", "3", "versions"), {"seaweed-tea-law-2020": {"zh": "半"}}),
    ],
)
def test_refuses_broken_gists(path: tuple[Any, ...], to: Any) -> None:
    with pytest.raises(LawError, match="article") as caught:
        tea_law(statutes(), spoil(gists(), *path, to=to))
    assert caught.value.file == "1.yaml"


@pytest.mark.parametrize(
    ("path", "to", "cause"),
    [
        (("ranges", 0, "fen"), [2, 1], "backwards"),
        (("ranges", 0, "fen"), [0.5, 1], "whole fen"),
        (("ranges", 0, "fen"), [True, 5], "whole fen"),
        (("ranges", 1, "base"), "mood", "unknown base"),
        (("ranges", 1, "base"), "none", "needs the base"),
        (("ranges", 0), {"base": "none"}, "needs fen, times or a threshold"),
        (
            ("ranges", 1, "threshold"),
            {"base": "turnover", "atleast": 1},
            "a threshold knows above, at_least, at_most, base, below, not atleast",
        ),
        (("ranges", 0), {"fen": [1, 2], "when": ["full moon"]}, "full moon is not explained"),
        (("who",), ["pirate"], "pirate is not explained"),
        (("measures",), ["plank"], "plank is not explained"),
        (("nature",), "curse", "unknown nature"),
        (("cites",), "seaweed-tea-law", "not a citation"),
    ],
)
def test_refuses_broken_sanctions(path: tuple[Any, ...], to: Any, cause: str) -> None:
    with pytest.raises(LawError, match=cause):
        tea_law(statutes(), spoil(sanctions(), "penalties", 0, *path, to=to))


def test_a_broken_yaml_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "instruments.yaml").write_text("as_of: 2026-11-22\nstatutes:\n  - id: [a\n", encoding="utf-8")
    with pytest.raises(LawError) as caught:
        read_documents([tmp_path], tmp_path / "cache")
    assert caught.value.file == str(tmp_path / "instruments.yaml")
    assert caught.value.line in (3, 4)


@pytest.mark.parametrize("content", [b"", b"- a\n- b\n", b"plain", b"\xff\xfe\x00", b"a: \x00"])
def test_a_file_that_holds_no_mapping_is_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(LawError):
        parse_yaml(content, tmp_path / "x.yaml")


@pytest.mark.parametrize("content", [b"a: &x [1]\nb: *x\n", b"a: &x\n  - *x\n", b"a: &x 1\nb: [*x, *x]\n"])
def test_aliases_that_could_grow_without_end_are_refused(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(LawError, match="aliases") as caught:
        parse_yaml(content, tmp_path / "x.yaml")
    assert caught.value.line == 2


def test_a_star_inside_a_text_is_no_alias(tmp_path: Path) -> None:
    assert parse_yaml(b"a: five * six\nb: '*quoted'\n", tmp_path / "x.yaml") == {
        "a": "five * six",
        "b": "*quoted",
    }


def test_the_cache_is_used_never_stale_and_never_needed(tmp_path: Path) -> None:
    data, cache = write_data(tmp_path / "data"), tmp_path / "cache"
    first = read_documents([data], cache)
    (kept,) = cache.glob("law-*.json")
    assert orjson.loads(kept.read_bytes()) == first == read_documents([data], cache)
    kept.write_bytes(b"{broken")
    assert read_documents([data], cache) == first
    (data / "articles" / "tea.yaml").write_bytes(orjson.dumps({**gists(), "articles": {}}))
    assert read_documents([data], cache) != first
    blocked = tmp_path / "a file"
    blocked.write_bytes(b"")
    assert read_documents([data], blocked) == read_documents([data], cache)


def test_the_cache_stays_small(tmp_path: Path) -> None:
    data, cache = write_data(tmp_path / "data"), tmp_path / "cache"
    for number in range(KEPT + 3):
        (data / "articles" / "tea.yaml").write_bytes(orjson.dumps({**gists(), "edition": number}))
        assert read_documents([data], cache)[-1]["content"]["edition"] == number
    assert len(list(cache.glob("law-*.json"))) == KEPT


def test_a_users_folder_is_laid_over_the_shipped_data(tmp_path: Path) -> None:
    law = load_law(write_data(tmp_path / "mine"))
    assert law.resolve("seaweed-tea-law#3").article == "3"
    assert len(law.families) == len(LAW.families) + 1
    assert load_law() is LAW
    with pytest.raises(LawError, match="no such folder"):
        load_law(tmp_path / "missing")


def test_data_files_are_read_in_a_fixed_order(tmp_path: Path) -> None:
    names = [file.name for file in data_files(write_data(tmp_path))]
    assert names == ["instruments.yaml", "penalties.yaml", "tea.yaml"]
