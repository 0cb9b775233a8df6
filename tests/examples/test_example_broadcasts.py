"""The invented broadcasts are what they say they are, and show how the shipped rules do on them."""

from datetime import date
from typing import NamedTuple

import pytest
import yaml
from example_measure import BROADCASTS, Measure, expected_of, lines_of, measure

from fairstream.detect.engine import Scanner
from fairstream.detect.shipped import open_scanner
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Conduct
from fairstream.sources.folder import read_folder

NAMES = ("night-market-tea", "plain-words-daily", "rainy-day-fair")


class Floor(NamedTuple):
    """What the shipped rules reached; raise it when they get better, never lower it to pass."""

    recall: float
    named: float
    most_false: int


FLOORS = {
    "night-market-tea": Floor(0.60, 0.85, 14),
    "plain-words-daily": Floor(0.0, 0.0, 1),
    "rainy-day-fair": Floor(0.60, 0.85, 7),
}


@pytest.fixture(scope="module")
def broadcasts() -> dict[str, Broadcast]:
    return {name: read_folder(BROADCASTS / name, key=b"test") for name in NAMES}


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return open_scanner(today=date(2026, 11, 22))


@pytest.fixture(scope="module")
def inspections(broadcasts: dict[str, Broadcast], scanner: Scanner) -> dict[str, Inspection]:
    law = load_law()
    return {name: inspect_broadcast(held, scanner, law) for name, held in broadcasts.items()}


@pytest.fixture(scope="module")
def measures(broadcasts: dict[str, Broadcast], inspections: dict[str, Inspection]) -> dict[str, Measure]:
    return {name: measure(name, broadcasts[name], inspections[name]) for name in NAMES}


def test_every_folder_is_covered_here():
    assert sorted(path.name for path in BROADCASTS.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_made_up_data_says_so_everywhere(name: str, broadcasts: dict[str, Broadcast]):
    assert broadcasts[name].invented
    assert "虚构" in broadcasts[name].title
    assert "made up" in (BROADCASTS / name / "README.md").read_text("utf-8")
    assert "虚构" in (BROADCASTS / name / "README.zh-CN.md").read_text("utf-8")
    invented = "（虚构）"
    assert all(invented in party.name or party.name == "小助理" for party in broadcasts[name].parties)


@pytest.mark.parametrize("name", NAMES)
def test_length_and_pace_are_those_of_a_real_broadcast(name: str, broadcasts: dict[str, Broadcast]):
    said = broadcasts[name].utterances
    characters = sum(len(utterance.text) for utterance in said)
    minutes = (said[-1].end_ms or said[-1].start_ms or 0) / 60_000
    assert 4900 <= characters <= 9000
    assert 20 <= minutes <= 40
    assert 195 <= characters / minutes <= 265


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_said_in_loops(name: str, broadcasts: dict[str, Broadcast]):
    long = [utterance.text for utterance in broadcasts[name].utterances if len(utterance.text) > 12]
    assert len(set(long)) == len(long)


@pytest.mark.parametrize("name", NAMES)
def test_everything_of_the_broadcast_is_read(name: str, broadcasts: dict[str, Broadcast]):
    held = broadcasts[name]
    assert held.utterances
    assert held.chat
    assert held.listings
    assert all(utterance.start_ms is not None for utterance in held.utterances)
    assert all(message.start_ms is not None for message in held.chat)
    assert all(listing.shown_from_ms is not None for listing in held.listings)
    assert not [problem for problem in held.problems if problem.severity == "skipped"]


def test_the_missing_end_tag_is_repaired_and_told(broadcasts: dict[str, Broadcast]):
    problems = broadcasts["rainy-day-fair"].problems
    assert [(problem.place.file, problem.severity) for problem in problems] == [("chat.xml", "repaired")]


@pytest.mark.parametrize("name", NAMES)
def test_expected_words_stand_in_the_published_ones(name: str, broadcasts: dict[str, Broadcast]):
    from typing import get_args

    expected = expected_of(name, lines_of(broadcasts[name]))
    written = yaml.safe_load((BROADCASTS / name / "expected.yaml").read_text("utf-8"))
    assert len(expected) == len(written["expected"])
    assert {code for one in expected for code in one.conducts} <= set(get_args(Conduct))


def test_the_first_broadcast_spans_most_conducts(broadcasts: dict[str, Broadcast]):
    name = "night-market-tea"
    expected = expected_of(name, lines_of(broadcasts[name]))
    assert len(expected) >= 100
    assert len({code for one in expected for code in one.conducts}) >= 20


def test_the_lawful_broadcast_expects_nothing(broadcasts: dict[str, Broadcast]):
    assert expected_of("plain-words-daily", lines_of(broadcasts["plain-words-daily"])) == []


@pytest.mark.parametrize("name", ["night-market-tea", "rainy-day-fair"])
def test_recall_and_conduct(name: str, measures: dict[str, Measure]):
    found = measures[name]
    missed = [one.quote for one in found.missed]
    assert found.recall >= FLOORS[name].recall, missed
    assert len(found.named) / len(found.found) >= FLOORS[name].named


@pytest.mark.parametrize("name", NAMES)
def test_false_alarms(name: str, measures: dict[str, Measure]):
    told = [(located.finding.rule, located.finding.quote) for located in measures[name].false]
    assert len(told) <= FLOORS[name].most_false, told


def test_the_law_is_that_of_the_day(inspections: dict[str, Inspection]):
    def versions(name: str) -> set[str]:
        return {
            citation.version
            for located in inspections[name].findings
            for citation in located.finding.citations
            if citation.instrument == "anti-unfair-competition-law"
        }

    assert versions("night-market-tea") == {"anti-unfair-competition-law-2025"}
    assert versions("rainy-day-fair")
    assert not versions("rainy-day-fair") & versions("night-market-tea")


def test_every_finding_can_be_explained(inspections: dict[str, Inspection]):
    for inspection in inspections.values():
        for located in inspection.findings:
            for language in ("zh", "en"):
                words = located.words(language)
                assert words.title
                assert words.why
                assert words.citations or "未引用" in "".join(words.why) or "not cited" in "".join(words.why)
            assert located.finding.quote
