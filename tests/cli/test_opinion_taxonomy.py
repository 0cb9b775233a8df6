"""`fairstream opinion taxonomy` over lists of a test."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fairstream.cli.opinion_taxonomy import taxonomy
from fairstream.errors import RuleError
from fairstream.opinion import taxonomy as module
from opinion.lists import Lists


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lists:
    """Lists in the place of the shipped ones: two topics and a case that fails."""
    monkeypatch.setattr(module, "SHIPPED", tmp_path)
    lists = Lists(tmp_path)
    lists.topic("live", "主播", rights="weak")
    lists.topic("live.fake", {"near": [["买"], ["假货", "高仿"]]}, rights="strong", conducts=["fake_goods"])
    lists.write(
        "topics/live.cases.yaml", [{"text": "主播", "topics": ["live"]}, {"text": "主播", "not": ["live"]}]
    )
    lists.write("topics/live/fake.cases.yaml", [{"text": "买到假货", "topics": ["live.fake"]}])
    lists.entities("host", {"晨雾（虚构）": ["晨雾"]})
    return lists


def run(*arguments: str) -> Result:
    """The command in this process, errors raised."""
    return CliRunner().invoke(taxonomy, list(arguments), standalone_mode=False, catch_exceptions=False)


def test_list(lists: Lists) -> None:
    found = run("list")
    assert found.output.splitlines() == [
        f"{'live':32} live: live",
        f"{'live.fake':32} live.fake: live.fake",
        "2 topics, 0 lexicons, 0 parts of the gate, 0 aspects, 1 entities.",
    ]
    assert found.return_value == 0
    assert [topic["id"] for topic in json.loads(run("list", "--json").output)] == ["live", "live.fake"]


def test_list_shows_faults(lists: Lists) -> None:
    lists.write("topics/bad.yaml", "id: [\n")
    found = run("list")
    assert found.return_value == 1
    assert "[yaml] not valid YAML" in found.output


def test_lint(lists: Lists) -> None:
    assert run("lint").output == "2 topics, 0 lexicons: 0 issues.\n"
    lists.topic("other", "甲")
    found = run("lint", "--json")
    assert found.return_value == 1
    assert [issue["check"] for issue in json.loads(found.output)] == ["cases"]


def test_cases(lists: Lists) -> None:
    found = run("test")
    assert found.return_value == 1
    assert found.output.splitlines()[-1] == "3 cases: 1 failed, 0 known faults."
    assert "live.cases.yaml:1: with live: 主播" in found.output
    assert run("test", "live.fake").return_value == 0
    assert json.loads(run("test", "live.fake", "--json").output)["cases"] == 1


def test_cases_that_are_not_there(lists: Lists) -> None:
    with pytest.raises(Exception, match="no cases for nothing"):
        run("test", "nothing")


def test_try(lists: Lists) -> None:
    found = json.loads(run("try", "在晨雾主播那里買到假货", "--polarity", "complaint", "--json").output)
    assert found.pop("why") == [
        {"column": "live", "words": [["主播"]], "sign": {"any": ["主播"], "within": 12}},
        {
            "column": "live.fake",
            "words": [["买"], ["假货"]],
            "sign": {"near": [["买"], ["假货", "高仿"]], "within": 12},
        },
    ]
    assert found == {
        "rights": True,
        "topics": ["live", "live.fake"],
        "aspects": [],
        "entities": ["host:晨雾（虚构）"],
        "conducts": ["fake_goods"],
        "folded": "在晨雾主播那里买到假货",
    }
    assert "  live.fake: 买 + 假货\n" in run("try", "买到假货").output


def test_lists_laid_over(lists: Lists, tmp_path_factory: pytest.TempPathFactory) -> None:
    over = Lists(tmp_path_factory.mktemp("over"))
    over.topic("live", "网红")
    assert json.loads(run("try", "网红", "--lists", str(over.root), "--json").output)["topics"] == ["live"]
    assert json.loads(run("try", "网红", "--json").output)["topics"] == []


def test_faulty_lists_are_refused(lists: Lists) -> None:
    lists.write("topics/bad.yaml", "id: [\n")
    with pytest.raises(RuleError, match="not valid YAML"):
        run("try", "甲")
