"""The proof of the law data to the letter: every issue with its file, line, cause and remedy."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairstream.errors import InputError
from fairstream.law.cited import Cited
from fairstream.law.verify import Issue, Verification, verify

from .made_up import NEW_TEXT, gists, sanctions, statutes, tea_law, write_texts

Proof = Callable[..., Verification]
CITE = "cite an article of the version in force on the data's day, or add a concordance"
COMPARE = "compare the figure with the article's words"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """The folder of invented texts."""
    return write_texts(tmp_path / "texts")


@pytest.fixture
def proof(tmp_path: Path, texts: Path, monkeypatch: pytest.MonkeyPatch) -> Proof:
    """Verifies the invented statute against data files whose lines are known."""
    instruments, penalties = tmp_path / "instruments.yaml", tmp_path / "penalties.yaml"
    instruments.write_text(
        "# 虚构\n- slug: seaweed-tea-law-2020\n- slug: seaweed-tea-law-2024\n- slug: seaweed-tea-law-2024\n",
        encoding="utf-8",
    )
    penalties.write_text("- id: tea-2024\n- id: tea-2020\n  cites: x\n", encoding="utf-8")
    monkeypatch.setattr("fairstream.law.verify.INSTRUMENTS", instruments)
    monkeypatch.setattr("fairstream.law.verify.PENALTIES", penalties)

    def run(
        *cited: Cited,
        held: dict[str, Any] | None = None,
        gist: dict[str, Any] | None = None,
        table: dict[str, Any] | None = None,
    ) -> Verification:
        return verify(tea_law(held or statutes(), gist or gists(), table or sanctions()), texts, iter(cited))

    return run


def told(result: Verification) -> list[tuple[str, int | None, str, str]]:
    """The issues, files by their names."""
    return [(Path(item.file).name, item.line, item.cause, item.remedy) for item in result.issues]


def cited(article: str, line: int | None = 4) -> Cited:
    """A citation of the invented statute."""
    return Cited(f"seaweed-tea-law#{article}", "rule.yaml", line)


def test_what_holds_is_counted(proof: Proof) -> None:
    result = proof(cited("1"), cited("3"), cited("3(1)"), cited("3(1)(2)"), cited("4"))
    assert result == Verification(
        citations=5, articles=3, checks=10, without_counterpart=0, versions=2, figures=6, issues=()
    )
    assert result.fine
    assert proof() == Verification(0, 0, 0, 0, 2, 6, ())


def test_an_issue_prints_its_place() -> None:
    assert str(Issue("a.yaml", 3, "wrong", "mend it")) == "a.yaml:3: wrong Remedy: mend it"
    assert str(Issue("a.yaml", None, "wrong", "mend it")) == "a.yaml: wrong Remedy: mend it"


def test_the_folder_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        verify(tea_law(), tmp_path / "missing", [])
    error = caught.value
    assert (error.cause, error.file, error.line, error.remedy) == (
        "no such folder of official texts",
        str(tmp_path / "missing"),
        None,
        "name it with --statutes DIR",
    )


def test_a_missing_text_is_an_issue_at_its_version(proof: Proof, texts: Path) -> None:
    (texts / "seaweed-tea-law-2024.md").unlink()
    result = proof(cited("1"))
    cause = "no text of seaweed-tea-law-2024 in the folder"
    assert told(result) == [("instruments.yaml", 3, cause, "add the text")]
    assert (result.checks, result.figures, result.fine) == (2, 3, False)


def test_a_version_the_data_file_lacks_has_no_line(proof: Proof, tmp_path: Path, texts: Path) -> None:
    (tmp_path / "instruments.yaml").write_text("- slug: another\n", encoding="utf-8")
    (texts / "seaweed-tea-law-2020.md").unlink()
    assert told(proof())[0][:2] == ("instruments.yaml", None)


def test_a_wrong_interval_is_an_issue_at_its_version(proof: Proof) -> None:
    data = statutes()
    data["statutes"][0]["versions"][1]["from"] = "2024-07-02"
    assert told(proof(held=data)) == [
        (
            "instruments.yaml",
            3,
            "seaweed-tea-law-2024: from is 2024-07-02, the text says effective 2024-07-01",
            "correct from",
        )
    ]


def test_an_interval_is_judged_on_the_day_of_the_data(proof: Proof) -> None:
    data = statutes()
    data["as_of"] = "2024-06-30"
    causes = [issue.cause for issue in proof(held=data).issues]
    assert causes == [
        "seaweed-tea-law-2020: the text says in_force: superseded, the interval says otherwise",
        "seaweed-tea-law-2024: the text says in_force: true, the interval says otherwise",
    ]


def test_texts_nobody_claims_or_reads_are_issues(proof: Proof, texts: Path) -> None:
    (texts / "coffee.md").write_text("---\nslug: coffee-law\n---\n第一条　甲。\n", encoding="utf-8")
    (texts / "noise.md").write_bytes(b"ab\xff")
    (texts / "other.txt").write_text("第一条　甲。\n", encoding="utf-8")
    noise = texts / "noise.md"
    assert told(proof()) == [
        ("noise.md", None, f"{noise}: not UTF-8 at byte 2 Remedy: save the text as UTF-8", "mend the text"),
        ("coffee.md", None, "no statute has a version coffee-law", "add it to instruments.yaml"),
    ]


def test_a_broken_text_does_not_hide_those_after_it(proof: Proof, texts: Path) -> None:
    (texts / "a.md").mkdir()
    assert [item[0] for item in told(proof(cited("1")))] == ["a.md"]


def test_a_fault_of_a_text_is_an_issue_with_its_line(proof: Proof, texts: Path) -> None:
    doubled = NEW_TEXT + "第四条　又一个。\n"
    (texts / "seaweed-tea-law-2024.md").write_text(doubled, encoding="utf-8")
    assert told(proof()) == [
        (
            "seaweed-tea-law-2024.md",
            len(doubled.splitlines()),
            "article 4 stands twice; the first is kept",
            "compare the text with the official one",
        )
    ]


@pytest.mark.parametrize(
    ("citation", "cause", "remedy"),
    [
        (
            "seaweed#0",
            "'seaweed#0' is not a citation",
            "write family#article, for example advertising-law#9 or criminal-law#142-1",
        ),
        ("coffee-law#1", "no statute has the id 'coffee-law'", "did you mean seaweed-tea-law?"),
    ],
    ids=["malformed", "unknown"],
)
def test_a_citation_of_nothing_is_an_issue(citation: str, cause: str, remedy: str, proof: Proof) -> None:
    result = proof(Cited(citation, "rule.yaml", 9), cited("1"))
    assert told(result) == [("rule.yaml", 9, cause, remedy)]
    assert (result.citations, result.articles, result.checks) == (2, 1, 2)


def test_an_article_no_text_has_is_an_issue_of_each_version(proof: Proof) -> None:
    data = statutes()
    data["statutes"][0]["concordance"]["seaweed-tea-law-2020"] = {"articles": {"77": "66", "77(2)": "3"}}
    data["statutes"][0]["versions"][0]["complete"] = False
    old = "would be article 66 of seaweed-tea-law-2020, which has none (only an excerpt is held)"
    new = "would be article 77 of seaweed-tea-law-2024, which has none"
    gist = "write one in articles/seaweed-tea-law.yaml"
    assert told(proof(cited("77"), cited("77(2)", 8), held=data)) == [
        (
            "instruments.yaml",
            2,
            "seaweed-tea-law-2020: the text says complete: True",
            "correct complete",
        ),
        ("rule.yaml", 4, f"seaweed-tea-law#77 {old}", CITE),
        ("rule.yaml", 4, f"seaweed-tea-law#77 {new}", CITE),
        ("rule.yaml", 4, "seaweed-tea-law#77 has no gist", gist),
        ("rule.yaml", 8, f"seaweed-tea-law#77(2) {new}", CITE),
        ("rule.yaml", 8, "seaweed-tea-law#77(2) has no gist", gist),
    ]


def test_a_version_without_the_provision_is_counted_not_blamed(proof: Proof) -> None:
    result = proof(cited("3-1"), cited("1"), cited("3-1", 8))
    assert (result.checks, result.without_counterpart) == (6, 2)
    assert told(result) == [
        ("rule.yaml", 4, "seaweed-tea-law#3-1 has no gist", "write one in articles/seaweed-tea-law.yaml"),
        ("rule.yaml", 8, "seaweed-tea-law#3-1 has no gist", "write one in articles/seaweed-tea-law.yaml"),
    ]


@pytest.mark.parametrize(
    ("penalty", "part", "change", "line", "cause"),
    [
        (
            0,
            0,
            {"fen": [600_000, 2_000_050]},
            2,
            "tea-2020: the sum 6000 yuan to 20000 yuan does not stand in",
        ),
        (0, 0, {"fen": [None, 2_000_000]}, 2, "tea-2020: the sum no bound to 20000 yuan does not stand in"),
        (0, 0, {"fen": [500_000, None]}, 2, "tea-2020: the sum 5000 yuan to no bound does not stand in"),
        (0, 1, {"times": [0.5, 4]}, 2, "tea-2020: the multiple 0.5 to 4 does not stand in"),
        (1, 0, {"fen": [1, 2_000_000]}, 1, "tea-2024: the sum 0 yuan to 20000 yuan does not stand in"),
        (
            1,
            1,
            {"threshold": {"base": "turnover", "at_least": 2_000_000_000}},
            1,
            "tea-2024: the threshold 20000000 yuan does not stand in",
        ),
        (
            1,
            1,
            {"threshold": {"base": "turnover", "at_least": 1_000_000, "below": 700}},
            1,
            "tea-2024: the threshold 7 yuan does not stand in",
        ),
    ],
    ids=["sum", "no-low", "no-high", "multiple", "other", "threshold", "second-threshold"],
)
def test_a_wrong_figure_is_an_issue_at_its_penalty(
    penalty: int, part: int, change: dict[str, Any], line: int, cause: str, proof: Proof
) -> None:
    data = sanctions()
    ranges = data["penalties"][penalty]["ranges"]
    ranges[part] = {**ranges[part], **change}
    place = ("article 3 of seaweed-tea-law-2020", "article 4 of seaweed-tea-law-2024")[penalty]
    assert told(proof(table=data)) == [("penalties.yaml", line, f"{cause} {place}", COMPARE)]


def test_every_wrong_figure_is_told_and_counted(proof: Proof) -> None:
    data = sanctions()
    wrong = {"fen": [100, 200], "threshold": {"base": "turnover", "at_least": 300, "below": 400}}
    data["penalties"][0]["ranges"] = [{**item, **wrong} for item in data["penalties"][0]["ranges"]]
    result = proof(table=data)
    assert result.figures == 3 + 4 + 3
    assert [issue.cause.partition(" does")[0] for issue in result.issues] == [
        "tea-2020: the sum 1 yuan to 2 yuan",
        "tea-2020: the threshold 3 yuan",
        "tea-2020: the threshold 4 yuan",
        "tea-2020: the sum 1 yuan to 2 yuan",
        "tea-2020: the threshold 3 yuan",
        "tea-2020: the threshold 4 yuan",
    ]


def test_a_penalty_without_versions_is_proved_in_all(proof: Proof) -> None:
    data = sanctions()
    del data["penalties"][0]["versions"]
    result = proof(table=data)
    assert result.figures == 9
    assert told(result) == [
        (
            "penalties.yaml",
            2,
            "tea-2020: the sum 5000 yuan to 20000 yuan does not stand in article 4 of seaweed-tea-law-2024",
            COMPARE,
        )
    ]


def test_a_penalty_whose_article_no_text_has_is_not_compared(proof: Proof) -> None:
    data = sanctions()
    data["penalties"][0]["cites"] = "seaweed-tea-law#5"
    data["penalties"][1]["cites"] = "coffee-law#1"
    assert proof(table=data) == Verification(0, 0, 0, 0, 2, 0, ())
    data["penalties"].append({**sanctions()["penalties"][0], "id": "last"})
    assert proof(table=data).figures == 3


def test_a_penalty_of_one_version_skips_to_the_next(proof: Proof, texts: Path) -> None:
    data = sanctions()
    del data["penalties"][1]["versions"]
    (texts / "seaweed-tea-law-2020.md").unlink()
    assert proof(table=data).figures == 3
