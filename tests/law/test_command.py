"""`fairstream law` as people and scripts call it."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from fairstream.cli.law import law
from fairstream.errors import UsageError

TEXT = "---\nslug: {slug}\n---\n\n第一条　虚构的第一条。\n\n第九条　虚构的第九条。\n"


def call(*arguments: str | Path) -> Result:
    """Call the group; exceptions other than exits are raised."""
    outcome = CliRunner().invoke(law, [str(item) for item in arguments], standalone_mode=False)
    if outcome.exception is not None:
        raise outcome.exception
    return outcome


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    """A folder with two invented texts under names of real statutes, and one broken file."""
    folder = tmp_path / "texts"
    folder.mkdir()
    for slug in ("advertising-law", "price-law"):
        (folder / f"{slug}.md").write_text(TEXT.format(slug=slug), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", [[], ["show"], ["import"], ["verify"], ["list"]])
def test_help_has_an_example(name: list[str]) -> None:
    outcome = CliRunner().invoke(law, [*name, "--help"])
    assert outcome.exit_code == 0
    assert "Example" in outcome.output
    assert "fairstream law" in outcome.output


def test_shows_the_article_of_the_day(tmp_path: Path) -> None:
    outcome = call("show", "anti-unfair-competition-law#25", "--on", "2025-08-01", "--library", tmp_path)
    assert "第20条" in outcome.output
    assert "20万–100万元" in outcome.output
    assert "官方原文未导入" in outcome.output
    english = call(
        "show", "anti-unfair-competition-law#25", "--on", "2026-08-01", "--lang", "en", "--library", tmp_path
    ).output
    assert "art. 25" in english
    assert "up to 1,000,000 yuan" in english
    assert "200,000–" not in english


def test_marks_what_is_unverified(tmp_path: Path) -> None:
    shown = call("show", "food-safety-law#124", "--on", "2026-03-01", "--library", tmp_path).output
    assert "未核实" in shown
    assert (
        "未核实" not in call("show", "food-safety-law#34", "--on", "2026-03-01", "--library", tmp_path).output
    )


def test_shows_json_for_programs(tmp_path: Path) -> None:
    outcome = call("show", "criminal-law#142-1", "--on", "2026-03-01", "--json", "--library", tmp_path)
    shown = orjson.loads(outcome.output)
    assert (shown["instrument"], shown["article"], shown["version"]) == (
        "criminal-law",
        "142-1",
        "criminal-law",
    )
    assert shown["effect"] == "crime"
    assert shown["official_words"] is None
    assert shown["on"] == "2026-03-01"


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "advertising-law"),
        ("show", "coffee-law#1"),
        ("show", "live-ecommerce-measures-2026#33", "--on", "2026-01-31"),
        ("show", "anti-unfair-competition-law#14", "--on", "2025-01-01"),
    ],
)
def test_a_citation_that_cannot_be_resolved_is_a_wrong_call_with_a_remedy(arguments: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        call(*arguments)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "arguments",
    [
        ["show"],
        ["show", "price-law#1", "--on", "yesterday"],
        ["verify"],
        ["import", "no-such-folder"],
        ["sing"],
    ],
)
def test_a_wrong_call_ends_with_two(arguments: list[str]) -> None:
    assert CliRunner().invoke(law, arguments).exit_code == 2


def test_imports_quotes_and_does_nothing_the_second_time(texts: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    outcome = call("import", texts, "--library", shelf)
    assert (outcome.return_value, "2 added" in outcome.output) == (0, True)
    assert "2 unchanged" in call("import", texts, "--library", shelf).output
    shown = call("show", "advertising-law#9", "--on", "2026-03-01", "--library", shelf).output
    assert "虚构的第九条。" in shown


def test_import_reports_what_it_skipped(texts: Path, tmp_path: Path) -> None:
    (texts / "noise.md").write_bytes(b"\xff\xff")
    outcome = call("import", texts, "--library", tmp_path / "shelf", "--dry-run", "--json")
    told = orjson.loads(outcome.output)
    assert outcome.return_value == 1
    assert told["counts"] == {"added": 2, "skipped": 1}
    assert [item["outcome"] for item in told["files"]] == ["added", "skipped", "added"]
    assert not (tmp_path / "shelf").exists()


def test_verify_finds_what_does_not_hold(texts: Path) -> None:
    outcome = CliRunner().invoke(law, ["verify", "--statutes", str(texts), "--json"], standalone_mode=False)
    told = orjson.loads(outcome.stdout)
    assert outcome.return_value == 1
    assert any("no text of ecommerce-law" in issue["cause"] for issue in told["issues"])
    assert all(issue["remedy"] for issue in told["issues"])


def test_verify_checks_further_rules(texts: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "r.yaml").write_text("id: r\ncites: [coffee-law#1]\n", encoding="utf-8")
    outcome = CliRunner().invoke(
        law, ["verify", "--statutes", str(texts), "--rules", str(rules)], standalone_mode=False
    )
    assert "r.yaml:2: no statute has the id 'coffee-law'" in outcome.stderr


def test_verify_passes_on_the_official_texts(statutes_folder: Path) -> None:
    outcome = call("verify", "--statutes", statutes_folder)
    assert outcome.return_value == 0
    assert "0 issues" in outcome.output


def test_lists_statutes_and_marks_the_text_in_force() -> None:
    before = call("list", "--on", "2026-12-31", "--lang", "en").output
    after = call("list", "--on", "2027-01-01", "--lang", "en").output
    assert "* trademark-law-2019" in before
    assert "* trademark-law-2026" in after
    assert len(orjson.loads(call("list", "--json").output)) == 75
