"""Running the cases beside the rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from fairstream.detect.engine import Scanner
from fairstream.errors import RuleError
from fairstream.evaluate.rule_cases import CaseReport, run_cases
from world import TODAY, World


def report(world: World, *names: str) -> CaseReport:
    rule_set = world.load()
    chosen = {name: rule for name, rule in rule_set.rules.items() if not names or name in names}
    pack = replace(rule_set, rules=chosen)
    return run_cases(Scanner(pack, world.law, today=TODAY, statuses=("stable", "draft")))


def test_counts_hits_misses_and_failures(world: World) -> None:
    world.rule("治疗")
    path = world.cases(
        {"text": "治疗，治疗", "hits": ["治疗", "治疗"]},
        {"text": "好茶", "hits": []},
        {"text": "治疗", "hits": []},
        {"text": "治疗", "hits": ["治疗", "治疗"]},
    )
    found = report(world)
    assert (found.rules, found.cases, found.hits, found.misses, found.known) == (1, 4, 2, 2, 0)
    first, second = found.failures
    assert (first.rule, first.file, first.expected, first.got) == ("t/r", str(path), (), ("治疗",))
    assert second.expected == ("治疗", "治疗")
    assert "治疗" in str(first)
    assert str(path) in str(first)


def test_known_faults_are_counted_apart_and_told_when_they_are_mended(world: World) -> None:
    world.rule("治疗")
    world.write(
        "t/r.cases.yaml",
        "- {text: 治疗, hits: [], todo: true}\n- {text: 治疗, hits: [治疗], todo: true}\n",
    )
    found = report(world)
    assert found.failures == []
    assert found.known == 1
    assert found.mended == [f"{world.root / 't/r.cases.yaml'}:2"]


def test_a_case_is_scanned_as_it_says(world: World) -> None:
    world.rule("治疗", applies_to={"media": ["chat"], "speakers": ["seller"], "products": ["drug"]})
    context = {"medium": "chat", "speaker": "seller", "product_class": "drug"}
    world.cases(
        {"text": "治疗", "hits": ["治疗"]} | context,
        *({"text": "治疗", "hits": []} | {k: v for k, v in context.items() if k != left} for left in context),
    )
    assert report(world).failures == []


def test_only_the_findings_of_the_rule_itself_count(world: World) -> None:
    world.rule("治疗", "t/a")
    world.rule("根治", "t/b")
    world.cases({"text": "治疗根治", "hits": ["治疗"]}, name="t/a")
    world.cases({"text": "治疗根治", "hits": ["根治"]}, name="t/b")
    assert report(world).failures == []
    assert report(world).rules == 2


def test_only_the_named_rules_run(world: World) -> None:
    world.rule("治疗", "t/a")
    world.rule("根治", "t/b", status="draft")
    world.cases({"text": "治疗", "hits": []}, name="t/a")
    world.cases({"text": "根治", "hits": ["根治"]}, name="t/b")
    assert report(world, "t/b").failures == []
    assert report(world, "t/b").rules == 1
    assert len(report(world).failures) == 1


def test_a_rule_without_cases_is_counted(world: World) -> None:
    world.rule("治疗")
    assert (report(world).rules, report(world).cases) == (1, 0)


def test_a_fault_in_a_cases_file_is_raised_with_its_place(world: World) -> None:
    world.rule("治疗")
    path = world.write("t/r.cases.yaml", "- {text: a}\n")
    with pytest.raises(RuleError) as caught:
        report(world)
    assert Path(caught.value.file or "") == path
    assert caught.value.line == 1
