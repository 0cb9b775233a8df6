"""Where citations stand: every shape of data and rule file, with the line of each."""

from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.law.cited import Cited, cited_in_checks, cited_in_data, cited_in_rules


def in_data(folder: Path, content: str, name: str = "x.yaml") -> list[tuple[str, int | None]]:
    """The citations of one data file."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content, encoding="utf-8")
    found = list(cited_in_data(folder))
    assert {item.file for item in found} <= {str(folder / name)}
    return [(item.citation, item.line) for item in found]


def test_gists_are_cited_under_their_family(tmp_path: Path) -> None:
    content = "family: tea-law\narticles:\n  '1':\n    does: duty\n  3-1: {does: ban, cites: a-law#9}\n"
    assert in_data(tmp_path, content, "articles/tea.yaml") == [("tea-law#1", 3), ("tea-law#3-1", 5)]
    assert Cited("tea-law#1", "f", 3) in {Cited("tea-law#1", "f", 3)}


@pytest.mark.parametrize(
    "content",
    [
        "articles: {1: {does: duty}}\n",
        "family: [tea]\narticles: {1: {}}\n",
        "family: tea\narticles: [1]\n",
        "",
    ],
    ids=["no-family", "family-list", "article-list", "empty"],
)
def test_articles_without_a_family_cite_nothing(content: str, tmp_path: Path) -> None:
    assert in_data(tmp_path, content) == []


def test_penalties_cite_a_provision_and_its_basis_and_nothing_else(tmp_path: Path) -> None:
    content = (
        "cites: z-law#9\n"
        "penalties:\n"
        "  - id: a\n"
        "    basis: [b-law#1, b-law#2]\n"
        "    cites: a-law#1\n"
        "    ranges: [{cites: y-law#1}]\n"
        "  - plain\n"
        "  - cites: c-law#3\n"
        "    basis:\n"
        "      - d-law#4\n"
    )
    assert in_data(tmp_path, content) == [
        ("a-law#1", 5),
        ("b-law#1", 4),
        ("b-law#2", 4),
        ("c-law#3", 8),
        ("d-law#4", 10),
    ]


def test_penalties_that_are_no_list_cite_nothing(tmp_path: Path) -> None:
    assert in_data(tmp_path, "penalties: {a: {cites: a-law#1}}\n") == []


def test_other_files_cite_at_any_depth(tmp_path: Path) -> None:
    content = (
        "rows:\n"
        "  - cites: [a-law#1, b-law#2]\n"
        "    basis: q-law#1\n"
        "    cells:\n"
        "      seller: [[{cites: c-law#3}], plain]\n"
        "cites: d-law#4\n"
        "cited: e-law#5\n"
        "more:\n"
        "  cites:\n"
        "    - f-law#6\n"
        "    - {cites: g-law#7}\n"
    )
    assert in_data(tmp_path, content) == [
        ("d-law#4", 6),
        ("a-law#1", 2),
        ("b-law#2", 2),
        ("c-law#3", 5),
        ("f-law#6", 10),
        ("g-law#7", 11),
    ]


def test_a_file_of_a_family_is_not_searched_at_depth(tmp_path: Path) -> None:
    assert in_data(tmp_path, "family: tea\nnotes: {cites: a-law#1}\n") == []


def test_rules_cite_at_their_head_and_cases_do_not(tmp_path: Path) -> None:
    for name, content in (
        ("price/b.yaml", "id: b\ncites:\n  - x-law#1\n  - y-law#2\n  - {a: z-law#3}\n"),
        ("price/b.cases.yaml", "cites: no-law#1\n"),
        ("a.yaml", "cites: 4\nmatch: {cites: no-law#2}\nbasis: no-law#3\n"),
        ("a.json", "cites: no-law#4\n"),
        ("empty.yaml", ""),
        ("list.yaml", "- cites: no-law#5\n"),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    head, price = str(tmp_path / "a.yaml"), str(tmp_path / "price" / "b.yaml")
    assert list(cited_in_rules(tmp_path)) == [
        Cited("4", head, 1),
        Cited("x-law#1", price, 3),
        Cited("y-law#2", price, 4),
    ]


@pytest.mark.parametrize(
    ("content", "cause", "line"),
    [
        (b"x: 1\na: b: c\n", "mapping values are not allowed in this context", 2),
        (
            b"a: \xff\n",
            'unacceptable character #x00ff: invalid leading UTF-8 octet\n  in "<byte string>", position 3',
            None,
        ),
    ],
    ids=["colon", "bytes"],
)
def test_a_file_that_is_no_yaml_is_named_with_its_line(
    content: bytes, cause: str, line: int | None, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(content)
    for read in (cited_in_data, cited_in_rules, cited_in_checks):
        with pytest.raises(LawError) as caught:
            list(read(tmp_path))
        error = caught.value
        assert (error.cause, error.file, error.line, error.remedy) == (
            f"not readable as YAML: {cause}",
            str(file),
            line,
            "correct the line",
        )


def test_checks_cite_under_any_key_and_cases_do_not(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    content = (
        "cites: [a-law#1]\n"
        "a-law#9: of no account\n"
        "outcomes:\n"
        "  over:\n"
        "    also: b-law#2(1)\n"
        "    words: {zh: 见 c-law#3, en: 'd-law#4 '}\n"
        "    more: [[e-law#5], 6]\n"
    )
    (tmp_path / "a" / "x.yaml").write_text(content, encoding="utf-8")
    (tmp_path / "a" / "x.cases.yaml").write_text("cites: no-law#1\n", encoding="utf-8")
    (tmp_path / "a" / "x.json").write_text("cites: no-law#2\n", encoding="utf-8")
    (tmp_path / "empty.yaml").write_text("", encoding="utf-8")
    (tmp_path / "z.yaml").write_text("- z-law#1\n", encoding="utf-8")
    file = str(tmp_path / "a" / "x.yaml")
    assert list(cited_in_checks(tmp_path)) == [
        Cited("a-law#1", file, 1),
        Cited("b-law#2(1)", file, 5),
        Cited("e-law#5", file, 7),
        Cited("z-law#1", str(tmp_path / "z.yaml"), 1),
    ]
