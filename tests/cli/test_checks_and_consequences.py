"""`fairstream checks`, `law consequences`, `law limits` and `law due` as people and scripts call them."""

import json
from pathlib import Path

import pytest

from fairstream.checks.library import load_checks
from fairstream.law.deadlines import load_limits

from .conftest import Run

MATTER = """
on: 2026-03-05
parties: [{role: seller, name: 某店（虚构）}]
matters:
  - {conduct: prize_sale, articles: [anti-unfair-competition-law#11]}
  - {conduct: nonsense}
"""


def test_lists_every_check_with_its_facts_and_law(run: Run) -> None:
    done = run("checks", "list", "--lang", "en")
    assert done.returncode == 0
    for check in load_checks():
        assert check.about.id.encode() in done.stdout
        assert check.about.cites[0].encode() in done.stdout
    listed = json.loads(run("checks", "list", "--json").stdout)
    assert [entry["id"] for entry in listed] == [check.about.id for check in load_checks()]


def test_runs_the_cases_of_a_check_and_of_a_family(run: Run) -> None:
    one = json.loads(run("checks", "test", "identity/uscc", "--json").stdout)
    family = json.loads(run("checks", "test", "identity/", "--json").stdout)
    assert one["cases"] >= 10
    assert family["cases"] >= one["cases"]
    assert one["failed"] == family["failed"] == []
    told = run("checks", "test", "identity/uscc")
    assert (told.returncode, told.stdout.startswith(b"1 checks, ")) == (0, True)
    assert run("checks", "test", "identity/nothing").returncode == 2


def test_says_what_follows_from_a_matter_and_what_was_left_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MATTER, encoding="utf-8")
    done = run("law", "consequences", "m.yaml", "--lang", "en")
    shown = done.stdout.decode()
    assert done.returncode == 1
    assert b"m.yaml:6: " in done.stderr
    assert "Unlawful prize sale (prize_sale) 2026-03-05" in shown
    assert "art. 27: 50,000–500,000 yuan" in shown
    assert "某店（虚构）" in shown
    assert "a person decides and signs" in shown


def test_gives_the_same_as_data(run: Run, tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(MATTER, encoding="utf-8")
    [found] = json.loads(run("law", "consequences", "m.yaml", "--json").stdout)
    assert (found["conduct"], found["on"]) == ("prize_sale", "2026-03-05")
    [sanction] = [one for one in found["sanctions"] if one["low_fen"] == 5_000_000]
    assert sanction["high_fen"] == 50_000_000
    assert sanction["computation_en"][-1].startswith("Result: 50,000–500,000 yuan")
    assert {answer["holding"] for answer in found["proposals"]} <= {"held", "possible", "not_held"}


@pytest.mark.parametrize("content", ["", "- 1\n- 2\n", "conduct: [\n"])
def test_a_file_without_matters_is_refused_in_one_line(run: Run, tmp_path: Path, content: str) -> None:
    (tmp_path / "m.yaml").write_text(content, encoding="utf-8")
    done = run("law", "consequences", "m.yaml")
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert done.stderr.strip()


def test_lists_and_computes_time_limits(run: Run) -> None:
    assert {entry["id"] for entry in json.loads(run("law", "limits", "--json").stdout)} == set(load_limits())
    # 1 to 5 May 2026 are days off and Saturday 9 May is worked.
    done = run("law", "due", "case-lead-check", "--from", "2026-04-20", "--lang", "en")
    assert done.returncode == 0
    assert b"check a lead and decide on filing: 2026-05-13" in done.stdout
    extended = json.loads(
        run("law", "due", "case-lead-check", "--from", "2026-04-20", "--extended", "1", "--json").stdout
    )
    assert extended["last"] == "2026-06-03"


def test_a_year_without_holidays_gives_no_date(run: Run) -> None:
    done = run("law", "due", "case-lead-check", "--from", "2031-04-20", "--lang", "en")
    assert done.returncode == 1
    assert b"2031" in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-limit", "--from", "2026-04-20"),
        ("case-lead-check", "--from", "20 April"),
        ("case-lead-check", "--from", "2026-04-20", "--extended", "7"),
    ],
)
def test_wrong_calls_are_told_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("law", "due", *arguments)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") <= 3
