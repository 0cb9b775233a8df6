"""The proof of the law data: it holds for the shipped data, and it fails for every kind of mistake."""

from pathlib import Path
from typing import Any

import pytest

from fairstream.errors import InputError, LawError
from fairstream.law.cited import Cited, cited_in_data, cited_in_rules
from fairstream.law.resolve import load_law
from fairstream.law.verify import Verification, verify
from fairstream.rules.library import SHIPPED

from .made_up import NEW_TEXT, gists, sanctions, statutes, tea_law, write_data, write_texts

ARTICLES = [Cited(f"seaweed-tea-law#{number}", "rule.yaml", 4) for number in (1, 3, 4)]


def proof(tmp_path: Path, *documents: dict[str, Any], cited: list[Cited] | None = None) -> Verification:
    """Verify the invented statute, by default as it should be."""
    folder = tmp_path / "texts"
    if not folder.exists():
        write_texts(folder)
    return verify(tea_law(*documents), folder, ARTICLES if cited is None else cited)


def causes(result: Verification) -> str:
    """All causes in one string."""
    return "\n".join(issue.cause for issue in result.issues)


def test_every_citation_of_the_shipped_rules_holds(statutes_folder: Path) -> None:
    result = verify(load_law(), statutes_folder, cited_in_rules(SHIPPED))
    assert [str(issue) for issue in result.issues] == []
    assert result.citations > 300


def test_the_shipped_law_data_holds_against_the_official_texts(statutes_folder: Path) -> None:
    result = verify(load_law(), statutes_folder, cited_in_data())
    assert [str(issue) for issue in result.issues] == []
    assert result.versions == 79
    assert result.citations > 1000
    assert result.articles > 700
    assert result.checks > result.citations
    assert result.figures > 250


def test_a_right_statute_is_proved(tmp_path: Path) -> None:
    result = proof(tmp_path)
    assert result.fine, causes(result)
    assert (result.citations, result.articles, result.checks, result.without_counterpart) == (3, 3, 6, 0)
    assert result.figures == 6


def test_an_article_that_does_not_exist_is_found_with_its_place(tmp_path: Path) -> None:
    result = proof(tmp_path, cited=[Cited("seaweed-tea-law#77", "rule.yaml", 12)])
    assert [(issue.file, issue.line) for issue in result.issues][:1] == [("rule.yaml", 12)]
    assert "article 77 of seaweed-tea-law-2024, which has none" in causes(result)


def test_an_article_must_exist_in_every_version_or_be_known_to_lack(tmp_path: Path) -> None:
    result = proof(tmp_path, cited=[Cited("seaweed-tea-law#3-1", "rule.yaml", 1)])
    assert result.without_counterpart == 1
    assert causes(result) == "seaweed-tea-law#3-1 has no gist"
    data = statutes()
    data["statutes"][0]["concordance"]["seaweed-tea-law-2020"]["otherwise"] = "same"
    result = proof(tmp_path, data, gists(), sanctions(), cited=[Cited("seaweed-tea-law#3-1", "rule.yaml", 1)])
    assert "article 3-1 of seaweed-tea-law-2020, which has none" in causes(result)


def test_a_wrong_concordance_is_found(tmp_path: Path) -> None:
    data = statutes()
    data["statutes"][0]["concordance"]["seaweed-tea-law-2020"]["articles"]["4"] = "9"
    assert "would be article 9 of seaweed-tea-law-2020" in causes(proof(tmp_path, data, gists(), sanctions()))


@pytest.mark.parametrize("citation", ["coffee-law#1", "seaweed-tea-law", "seaweed-tea-law#0", ""])
def test_an_unknown_or_malformed_citation_is_found(citation: str, tmp_path: Path) -> None:
    (issue,) = proof(tmp_path, cited=[Cited(citation, "rule.yaml", 3)]).issues
    assert (issue.file, issue.line) == ("rule.yaml", 3)
    assert str(issue).startswith("rule.yaml:3: ")


@pytest.mark.parametrize(
    ("penalty", "part", "change", "cause"),
    [
        (0, 0, {"fen": [600_000, 2_000_000]}, "the sum 6000 yuan to 20000 yuan does not stand in article 3"),
        (0, 0, {"fen": [None, 2_000_000]}, "the sum no bound to 20000 yuan does not stand in article 3"),
        (1, 0, {"fen": [500_000, 2_000_000]}, "does not stand in article 4 of seaweed-tea-law-2024"),
        (0, 1, {"times": [0.5, 4]}, "the multiple 0.5 to 4 does not stand"),
        (0, 1, {"times": [None, 3]}, "the multiple None to 3 does not stand"),
        (0, 1, {"threshold": {"base": "turnover", "at_least": 2_000_000_000}}, "the threshold 20000000 yuan"),
    ],
)
def test_a_wrong_figure_is_found(
    penalty: int, part: int, change: dict[str, Any], cause: str, tmp_path: Path
) -> None:
    data = sanctions()
    data["penalties"][penalty]["ranges"][part].update(change)
    assert cause in causes(proof(tmp_path, statutes(), gists(), data))


def test_a_figure_of_one_version_does_not_pass_for_another(tmp_path: Path) -> None:
    data = sanctions()
    del data["penalties"][0]["versions"]
    assert "article 4 of seaweed-tea-law-2024" in causes(proof(tmp_path, statutes(), gists(), data))


@pytest.mark.parametrize(
    ("version", "change", "cause"),
    [
        (0, {"until": "2024-06-30"}, "the text was replaced on 2024-07-01"),
        (0, {"from": "2020-01-11"}, "a day the text does not name"),
        (0, {"title": {"zh": "另一个法", "en": "Another"}}, "the text is called 海草茶法（2020年，虚构）"),
        (0, {"complete": False}, "complete"),
        (1, {"from": "2024-07-02"}, "the text says effective 2024-07-01"),
        (1, {"until": "2026-01-01"}, "in_force: true, the interval says otherwise"),
    ],
)
def test_an_interval_that_differs_from_the_front_matter_is_found(
    version: int, change: dict[str, Any], cause: str, tmp_path: Path
) -> None:
    data = statutes()
    data["statutes"][0]["versions"][version].update(change)
    assert cause in causes(proof(tmp_path, data, gists(), sanctions()))


def test_a_doubtful_day_needs_its_mark(tmp_path: Path) -> None:
    data = statutes()
    data["statutes"][0]["versions"][0].update({"from": "2020-01-01", "certain_from": "2020-02-01"})
    assert proof(tmp_path, data, gists(), sanctions()).fine


def test_missing_unclaimed_and_broken_texts_are_found(tmp_path: Path) -> None:
    folder = write_texts(tmp_path / "texts")
    (folder / "seaweed-tea-law-2020.md").unlink()
    (folder / "coffee-law.md").write_text("---\nslug: coffee-law\n---\n第一条　甲。\n", encoding="utf-8")
    (folder / "noise.md").write_bytes(b"\xff\xff")
    told = causes(proof(tmp_path))
    assert "no text of seaweed-tea-law-2020 in the folder" in told
    assert "no statute has a version coffee-law" in told
    assert "not UTF-8" in told


def test_a_faulty_text_is_found_with_its_line(tmp_path: Path) -> None:
    folder = write_texts(tmp_path / "texts")
    doubled = NEW_TEXT + "\n第四条　又一个第四条。\n"
    (folder / "seaweed-tea-law-2024.md").write_text(doubled, encoding="utf-8")
    (issue,) = proof(tmp_path).issues
    assert issue.line == len(doubled.splitlines())


def test_a_missing_gist_is_reported(tmp_path: Path) -> None:
    data = gists()
    del data["articles"]["3"]
    assert "seaweed-tea-law#3 has no gist" in causes(proof(tmp_path, statutes(), data, sanctions()))


def test_the_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        verify(tea_law(), tmp_path / "missing", [])


def test_collects_the_citations_of_law_data_with_their_lines(tmp_path: Path) -> None:
    folder = write_data(tmp_path)
    found = list(cited_in_data(folder))
    counted = [item.citation for item in found]
    assert sorted(set(counted)) == [f"seaweed-tea-law#{number}" for number in (1, 3, 4)]
    assert counted.count("seaweed-tea-law#4") == 3
    for item in found:
        assert item.line is not None
        line = Path(item.file).read_text(encoding="utf-8").splitlines()[item.line - 1]
        assert item.citation.partition("#")[2] in line


def test_collects_the_citations_of_other_data_files_at_any_depth(tmp_path: Path) -> None:
    (tmp_path / "roles.yaml").write_text(
        "rows:\n  - cites: [a-law#1, b-law#2]\n    cells:\n      seller: [{cites: c-law#3}]\n"
        "cites: d-law#4\n",
        encoding="utf-8",
    )
    found = [(item.citation, item.line) for item in cited_in_data(tmp_path)]
    assert sorted(found) == [("a-law#1", 2), ("b-law#2", 2), ("c-law#3", 4), ("d-law#4", 5)]


def test_collects_the_citations_of_rules_but_not_of_cases(tmp_path: Path) -> None:
    (tmp_path / "price").mkdir()
    (tmp_path / "price" / "a.yaml").write_text(
        "id: price/a\ncites:\n  - x-law#1\n  - y-law#2\n", encoding="utf-8"
    )
    (tmp_path / "price" / "a.cases.yaml").write_text("- {text: t, cites: [z-law#3]}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("cites: w-law#4\n", encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    found = [(item.citation, item.line) for item in cited_in_rules(tmp_path)]
    assert found == [("w-law#4", 1), ("x-law#1", 3), ("y-law#2", 4)]


def test_a_rule_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("cites: [a\nb: c", encoding="utf-8")
    with pytest.raises(LawError) as caught:
        list(cited_in_rules(tmp_path))
    assert "a.yaml" in str(caught.value)
