"""The law of the day to the letter: invented statutes, so that every answer is known."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.errors import LawError, UnknownCitation
from fairstream.law.citation import Reference
from fairstream.law.goods import Goods
from fairstream.law.resolve import build_law, load_law
from fairstream.records import Citation

from .made_up import gists, sanctions, statutes, tea_law, write_data

OLD, NEW = date(2021, 1, 1), date(2025, 1, 1)


def document(content: dict[str, Any], file: str = "x.yaml") -> dict[str, Any]:
    """A parsed data document."""
    return {"file": file, "content": content}


def statute(name: str, *versions: dict[str, Any]) -> dict[str, Any]:
    """Data of one more invented statute."""
    held = versions or ({"slug": name, "from": "2020-01-01"},)
    return {"id": name, "title": {"zh": name, "en": name}, "issuer": "x", "kind": "law", "versions": held}


def test_a_citation_resolves_to_the_whole_article() -> None:
    law = tea_law()
    assert law.resolve("seaweed-tea-law#3(1)", NEW) == Citation(
        instrument="seaweed-tea-law",
        article="3(1)",
        version="seaweed-tea-law-2024",
        title="海草茶法（2024年，虚构）",
        gist="禁说唱歌跳舞",
        unverified=False,
    )
    assert law.resolve(Reference("seaweed-tea-law", "3", "(1)"), OLD, "en") == Citation(
        "seaweed-tea-law",
        "2",
        "seaweed-tea-law-2020",
        "Seaweed Tea Law (2020, invented)",
        "no singing claims",
        False,
    )
    assert law.resolve("seaweed-tea-law#3") == law.resolve("seaweed-tea-law#3", law.as_of, "zh")


def test_a_detail_stays_where_the_article_kept_number_and_words() -> None:
    data = statutes()
    data["statutes"][0]["concordance"]["seaweed-tea-law-2020"]["articles"] = {"1": "1", "3": "3", "4": "5"}
    law = tea_law(data, gists(), sanctions())
    details = [law.resolve(f"seaweed-tea-law#{number}(2)", OLD).article for number in (1, 3, 4)]
    assert details == ["1(2)", "3", "5"]
    assert [law.resolve(f"seaweed-tea-law#{number}(2)", NEW).article for number in (1, 3)] == ["1(2)", "3(2)"]


def test_a_detail_is_sought_in_the_concordance_first() -> None:
    data = statutes()
    data["statutes"][0]["concordance"]["seaweed-tea-law-2020"]["articles"]["3(5)"] = "9"
    law = tea_law(data)
    assert law.resolve("seaweed-tea-law#3(5)", OLD).article == "9"
    assert law.resolve("seaweed-tea-law#3(4)", OLD).article == "2"


@pytest.mark.parametrize(("article", "unverified"), [("3", True), ("1", False)])
def test_doubt_is_passed_on(article: str, unverified: bool) -> None:
    data = statutes()
    data["statutes"][0]["versions"][0]["certain_until"] = "2021-01-01"
    law = tea_law(data)
    assert law.resolve(f"seaweed-tea-law#{article}", OLD).unverified is unverified
    assert law.resolve(f"seaweed-tea-law#{article}", date(2020, 12, 31)).unverified is False


def test_a_text_not_held_is_told_with_those_held() -> None:
    with pytest.raises(UnknownCitation) as caught:
        tea_law().resolve("seaweed-tea-law#3", date(2019, 1, 1))
    assert (caught.value.cause, caught.value.remedy) == (
        "the text of seaweed-tea-law in force on 2019-01-01 is not held",
        "texts held: seaweed-tea-law-2020 from 2020-01-10 until 2024-07-01; "
        "seaweed-tea-law-2024 from 2024-07-01; "
        "find the text of that day and add it with an extra law folder",
    )


def test_a_provision_that_did_not_exist_is_told() -> None:
    with pytest.raises(UnknownCitation) as caught:
        tea_law().resolve("seaweed-tea-law#3-1", OLD)
    assert (caught.value.cause, caught.value.remedy) == (
        "seaweed-tea-law#3-1 has no counterpart in seaweed-tea-law-2020, in force on 2021-01-01",
        "cite another provision for conduct of that day",
    )


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        (
            "seaweed-tea-law-2020",
            "seaweed-tea-law-2020 is one version; cite seaweed-tea-law#…, "
            "numbered as in seaweed-tea-law-2024",
        ),
        ("seaweed-law", "did you mean seaweed-tea-law or ginger-law?"),
        ("pepper-tea", "did you mean pepper-tea-rules or seaweed-tea-law?"),
        ("nothing", "did you mean ginger-law or pepper-tea-rules?"),
        ("law", "did you mean ginger-law or seaweed-tea-law?"),
    ],
    ids=["version", "two", "shared", "none", "alphabet"],
)
def test_a_wrong_name_is_answered_with_the_nearest(name: str, remedy: str) -> None:
    law = tea_law(statutes(), {"statutes": [statute("pepper-tea-rules"), statute("ginger-law")]})
    with pytest.raises(UnknownCitation) as caught:
        law.family(name)
    assert (caught.value.cause, caught.value.remedy) == (f"no statute has the id '{name}'", remedy)
    assert law.family("ginger-law").id == "ginger-law"


def test_without_data_no_name_is_suggested() -> None:
    with pytest.raises(UnknownCitation) as caught:
        build_law([]).family("tea")
    assert caught.value.remedy == "load law data first"


def test_articles_and_gists_are_found_by_citation_or_reference() -> None:
    law = tea_law()
    article = law.articles["seaweed-tea-law"]["3"]
    assert law.article("seaweed-tea-law#3(1)") == law.article(Reference("seaweed-tea-law", "3")) == article
    assert law.article("seaweed-tea-law#2") is None
    assert tea_law(statutes()).article("seaweed-tea-law#3") is None
    with pytest.raises(UnknownCitation):
        law.article("coffee-law#1")
    old, new = law.families["seaweed-tea-law"].versions
    reference = Reference("seaweed-tea-law", "3")
    assert law.gist(reference, old) == law.gist(reference, old, "zh") == "禁说唱歌"
    assert law.gist(reference, new, "en") == "no singing or dancing claims"
    assert law.gist(Reference("seaweed-tea-law", "2"), new) == ""
    assert law.gist(Reference("coffee-law", "2"), new) == ""


def test_citations_stand_in_the_order_of_statutes_and_articles() -> None:
    more = sanctions()
    more["penalties"][0]["basis"] = ["seaweed-tea-law#3(2)", "seaweed-tea-law#12", "a-law#2"]
    more["penalties"][1]["cites"] = "seaweed-tea-law#3-1"
    more["penalties"][1]["basis"] = ["seaweed-tea-law#3(1)"]
    assert tea_law(statutes(), gists(), more).citations() == (
        "a-law#2",
        "seaweed-tea-law#1",
        "seaweed-tea-law#3",
        "seaweed-tea-law#3(1)",
        "seaweed-tea-law#3(2)",
        "seaweed-tea-law#3-1",
        "seaweed-tea-law#4",
        "seaweed-tea-law#12",
    )


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"on": OLD}, ["tea-2020", "always"]),
        ({"on": NEW}, ["tea-2024", "always"]),
        ({}, ["tea-2024", "always"]),
        ({"on": date(2019, 1, 1)}, []),
        ({"on": NEW, "conduct": "false_ad"}, ["tea-2024"]),
        ({"on": NEW, "conduct": "other"}, ["always"]),
        ({"on": NEW, "conduct": "nothing"}, []),
        ({"on": NEW, "citation": "seaweed-tea-law#4"}, ["tea-2024"]),
        ({"on": NEW, "citation": "seaweed-tea-law#4(1)"}, ["tea-2024"]),
        ({"on": NEW, "citation": "seaweed-tea-law#3(9)"}, ["tea-2024"]),
        ({"on": NEW, "citation": "seaweed-tea-law#1"}, ["always"]),
        ({"on": NEW, "citation": "a-law#4"}, []),
        ({"on": NEW, "citation": "seaweed-tea-law#4", "conduct": "other"}, []),
        ({"on": OLD, "citation": "seaweed-tea-law#4", "conduct": "false_ad"}, ["tea-2020"]),
    ],
)
def test_sanctions_are_chosen_by_article_conduct_and_day(asked: dict[str, Any], ids: list[str]) -> None:
    data = sanctions()
    data["penalties"].append(
        {"id": "always", "cites": "seaweed-tea-law#1", "who": ["seller"], "conduct": ["other"]}
    )
    law = tea_law(statutes(), gists(), data)
    assert [item.id for item in law.penalties(**asked)] == ids


def test_the_law_is_built_of_all_documents_in_order() -> None:
    words = {"conditions": {"c": {"zh": "丙", "en": "c"}}, "measures": None, "actors": {}}
    law = build_law(
        [
            document({"conditions": {"c": {"zh": "旧", "en": "old"}, "d": {"zh": "丁", "en": "d"}}}),
            document({"as_of": date(2025, 5, 5), "statutes": None}),
            document({**statutes(), **words}),
            document(gists()),
            document(sanctions()),
            document({"goods": {"seaweed-tea-law": {"only": ["ordinary_food"]}}}),
            document({"goods": {"seaweed-tea-law#3": {"not": ["drug"]}}}),
        ]
    )
    assert law.as_of == date(2025, 5, 5)
    assert set(law.families) == set(law.articles) == {"seaweed-tea-law"}
    assert set(law.articles["seaweed-tea-law"]) == {"1", "3", "4"}
    assert [item.id for item in law.table.penalties] == ["tea-2020", "tea-2024"]
    assert law.table.conditions == {
        "c": {"zh": "丙", "en": "c"},
        "d": {"zh": "丁", "en": "d"},
        "serious": {"zh": "情节严重", "en": "serious"},
    }
    assert law.table.measures == {"stop": {"zh": "停止", "en": "stop"}}
    assert law.table.actors == {"seller": {"zh": "卖茶人", "en": "tea seller"}}
    assert law.goods == {
        "seaweed-tea-law": Goods(only=frozenset({"ordinary_food"})),
        "seaweed-tea-law#3": Goods(without=frozenset({"drug"})),
    }
    assert build_law([document({})]).as_of == date(2026, 11, 22)


def test_the_reference_version_is_that_of_the_day_of_the_data() -> None:
    law = build_law([document({**statutes(), "as_of": "2021-01-01"})])
    assert law.family("seaweed-tea-law").reference == "seaweed-tea-law-2020"


def test_later_entries_replace_earlier_ones() -> None:
    again = sanctions()
    again["penalties"] = [{**again["penalties"][1], "id": "tea-2020", "ranges": []}]
    changed = gists()
    changed["articles"] = {"1": {"does": "exception", "gist": {"zh": "改", "en": "changed"}}}
    renamed = statutes()
    renamed["statutes"][0]["issuer"] = "另一机关"
    law = tea_law(statutes(), gists(), sanctions(), changed, again, renamed)
    assert [(item.id, len(item.ranges)) for item in law.table.penalties] == [("tea-2020", 0), ("tea-2024", 2)]
    assert {number: item.gist["zh"] for number, item in law.articles["seaweed-tea-law"].items()} == {
        "1": "改",
        "3": "禁说唱歌跳舞",
        "4": "海草茶要点",
    }
    assert law.family("seaweed-tea-law").issuer == "另一机关"


@pytest.mark.parametrize(
    "content",
    [
        {"statutes": [{**statute("tea"), "kind": "odd"}]},
        {"family": "tea", "articles": {"1": {}}},
        {"penalties": [{"id": "x"}]},
        {"goods": {"tea": {"only": ["odd"]}}},
    ],
    ids=["statute", "article", "penalty", "goods"],
)
def test_a_broken_document_is_named(content: dict[str, Any]) -> None:
    with pytest.raises(LawError) as caught:
        build_law([document({}), document(content, "broken.yaml")])
    assert caught.value.file == "broken.yaml"


def test_goods_are_asked_of_the_cited_provision() -> None:
    goods = {
        "goods": {
            "seaweed-tea-law": {"only": ["ordinary_food", "drug"]},
            "seaweed-tea-law#3": {"not": ["drug"]},
        }
    }
    law = tea_law(statutes(), goods)
    assert law.speaks_of("seaweed-tea-law#3", "ordinary_food")
    assert not law.speaks_of("seaweed-tea-law#3", "drug")
    assert law.speaks_of("seaweed-tea-law#1", "drug")
    assert not law.speaks_of("seaweed-tea-law#1", "clothing")
    assert law.speaks_of("seaweed-tea-law#3", "unknown")


def test_a_users_folder_lies_over_the_shipped_data(tmp_path: Path) -> None:
    folder = write_data(tmp_path / "mine")
    shipped = load_law()
    law = load_law(folder)
    assert set(law.families) == {*shipped.families, "seaweed-tea-law"}
    assert law is load_law(folder)
    assert law.table.penalties[-1].id == "tea-2024"
    (folder / "instruments.yaml").write_bytes(orjson.dumps({"statutes": [statute("price-law")]}))
    again = tmp_path / "again"
    folder.rename(again)
    assert load_law(again).family("price-law").issuer == "x"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(LawError) as caught:
        load_law(tmp_path / "missing")
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (
        "no such folder of law data",
        str(tmp_path / "missing"),
        None,
        "name a folder with *.yaml files",
    )
