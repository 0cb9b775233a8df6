"""Checks in an inspection: what they suspect becomes a finding with both sides; the rest is counted."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from inspect_scenes import PhraseScanner
from lxml import html

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.library import Check
from fairstream.checks.scene import Scene
from fairstream.facts import AccountPage, Amounts, Facts
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.export import rows, write_checks, write_consequences
from fairstream.inspect.fact_words import fact_title
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.report import render_report
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Heard, Place, Problem, Side, Span, Utterance, Words
from fairstream.sources.loaded import Loaded

ABOUT = About.model_validate(
    {
        "id": "test/best",
        "title": {"zh": "最好与标签", "en": "Best against label"},
        "conduct": "price_fraud",
        "severity": "high",
        "confidence": 0.7,
        "cites": ["marked-price-and-price-fraud-provisions-2022#16", "live-ecommerce-measures-2026#32"],
        "liable": ["seller"],
        "needs": ["labels"],
        "says": {
            "differs": {"zh": "说{words}，标签另有其词", "en": "says {words}, the label differs"},
            "account": {"zh": "账号页为{name}", "en": "the account page says {name}"},
            "agrees": {"zh": "一致", "en": "they agree"},
            "unknown": {"zh": "没有标签", "en": "no label"},
        },
        "proof_needed": [{"zh": "标签照片", "en": "a photo of the label"}],
        "explain": {"zh": "两者应当一致", "en": "both should agree"},
        "unverified": {"zh": "出处未核实", "en": "source unverified"},
        "since": "2026-11-22",
    }
)


def told(scene: Scene, about: About) -> Iterator[Outcome]:
    page = scene.facts.account_page
    if page:
        yield about.suspected(
            "account", subject="page", known=(fact("account_page", page.name or "", page),), name=page.name
        )
    yield about.clear("agrees", subject="x")
    yield about.undecidable("unknown", "labels", "orders")


CHECKS = (Check(ABOUT, told),)
FACTS = Facts(
    account_page=AccountPage(name="某页（虚构）", place=Place("facts.yaml", 3)),
    amounts=Amounts(illegal_income=100_000),
)
LOADED = Loaded((FACTS,), (Problem(Place("facts.yaml", 9), "bad", "mend"),))


@pytest.fixture
def checked(broadcast: Broadcast) -> Inspection:
    return inspect_broadcast(broadcast, PhraseScanner("全网最好"), load_law(), facts=LOADED, checks=CHECKS)


def test_what_is_suspected_is_a_finding_and_the_rest_is_counted(checked: Inspection) -> None:
    assert checked.by_verdict() == {"suspected": 1, "clear": 1, "undecidable": 1}
    assert checked.missing() == {"labels": ("test/best",), "orders": ("test/best",)}
    [located] = [one for one in checked.findings if one.finding.rule == "test/best"]
    finding = located.finding
    assert (finding.medium, finding.quote, finding.span, finding.times) == ("document", "", (0, 0), ())
    assert finding.place == Place("facts.yaml", 3)
    assert (finding.severity, finding.score, finding.conduct, finding.lead) == (
        "high",
        0.7,
        "price_fraud",
        False,
    )
    assert finding.why == ("账号页为某页（虚构）", "两者应当一致", "出处未核实")
    assert located.words("en").why == (
        "the account page says 某页（虚构）",
        "both should agree",
        "source unverified",
    )
    assert located.words("en").proof_needed == ("a photo of the label",)
    assert [side.fact for side in finding.known] == ["account_page"]
    assert [who.names for who in located.answerable] == [("某公司",)]


def test_articles_are_those_of_the_day(broadcast: Broadcast) -> None:
    def cited(on: str) -> tuple[list[str], tuple[str, ...]]:
        held = replace(broadcast, on=date.fromisoformat(on))
        done = inspect_broadcast(held, PhraseScanner(), load_law(), "en", facts=LOADED, checks=CHECKS)
        finding = done.findings[-1].finding
        return [citation.article for citation in finding.citations], finding.why

    assert cited("2026-03-14")[0] == ["16", "32"]
    articles, why = cited("2025-03-14")
    assert articles == ["16"]
    assert "2025-03-14" in why[-1]
    assert "live-ecommerce-measures-2026#32" in why[-1]


def test_words_keep_their_second_and_their_characters(broadcast: Broadcast) -> None:
    def spoken(scene: Scene, about: About) -> Iterator[Outcome]:
        for hit in scene.find(re.compile("九.九"), "speech"):
            yield about.suspected("differs", listing_id="L1", said=(hit.side,), words=hit.quote)

    done = inspect_broadcast(broadcast, PhraseScanner(), load_law(), checks=(Check(ABOUT, spoken),))
    [located] = done.findings
    finding = located.finding
    assert (finding.medium, finding.unit, finding.quote, finding.span) == ("speech", "u5", "九块九", (0, 3))
    assert finding.times == (8800,)
    assert finding.at is not None and finding.at.isoformat() == "2026-03-14T20:00:08.800000+08:00"
    assert finding.listing_id == "L1"
    assert finding.product_class == "ordinary_food"
    assert [piece.unit for piece in located.occurrences[0].pieces] == ["u5"]


def test_no_facts_and_no_checks_change_nothing(broadcast: Broadcast, inspected: Inspection) -> None:
    assert inspected.checked == ()
    assert "checks" not in [
        section.get("id") for section in html.fromstring(render_report(inspected)).iter("section")
    ]


def test_problems_of_facts_are_told_beside_those_of_the_words(checked: Inspection) -> None:
    assert [problem.cause for problem in checked.problems] == ["bad"]
    assert checked.skipped == 1


def test_exports_hold_every_outcome_and_both_sides(checked: Inspection, tmp_path: Path) -> None:
    assert write_checks([checked], tmp_path / "checks.jsonl") == 3
    lines = [json.loads(line) for line in (tmp_path / "checks.jsonl").read_text().splitlines()]
    assert [line["verdict"] for line in lines] == ["suspected", "clear", "undecidable"]
    assert lines[2]["missing"] == ["labels", "orders"]
    assert lines[0]["known"][0]["file"] == "facts.yaml" and lines[0]["known"][0]["line"] == 3
    row = next(row for row in rows(checked) if row["rule"] == "test/best")
    assert row["known"][0]["text_zh"] == "某页（虚构）"
    assert row["said"] == [] and row["lead"] is False


def test_consequences_are_gathered_by_conduct_and_computed_on_the_amounts(
    checked: Inspection, tmp_path: Path
) -> None:
    by = {one.matter.conduct: one for one in checked.consequences}
    assert set(by) == {"ad_superlative", "price_fraud"}
    fines = [fine.applied for fine in by["price_fraud"].fines if fine.applied]
    assert 500_000 in [fine.high_fen for fine in fines]  # five times the 1,000 yuan of illegal income
    assert write_consequences([checked], tmp_path / "law.jsonl") == 2
    lines = [json.loads(line) for line in (tmp_path / "law.jsonl").read_text().splitlines()]
    assert {line["conduct"] for line in lines} == set(by)
    assert all(line["invented"] and line["proposals"] and line["liability"] for line in lines)


def test_a_lead_alone_makes_no_matter(broadcast: Broadcast) -> None:
    lead = ABOUT.model_copy(update={"lead": True})
    done = inspect_broadcast(
        broadcast, PhraseScanner(), load_law(), facts=LOADED, checks=(Check(lead, told),)
    )
    assert [located.finding.lead for located in done.findings] == [True]
    assert done.consequences == ()
    page = html.fromstring(render_report(done))
    assert "仅为线索" in page.get_element_by_id("f1").text_content()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_report_shows_both_sides_what_is_missing_and_the_law(checked: Inspection, language: str) -> None:
    page = html.fromstring(render_report(checked))

    def text(node: html.HtmlElement) -> str:
        hidden = "en" if language == "zh" else "zh"
        for other in node.xpath(f".//*[@class='{hidden}']"):
            other.drop_tree()
        return " ".join(node.text_content().split())

    checks = text(page.get_element_by_id("checks"))
    assert ("标签" if language == "zh" else "Labels") in checks
    assert ("最好与标签" if language == "zh" else "Best against label") in checks
    card = text(page.xpath("//*[contains(@class, 'sides')]")[0])
    assert ("账号主页" if language == "zh" else "Account page") in card
    assert "facts.yaml:3" in card
    legal = text(page.get_element_by_id("legal"))
    assert ("价格欺诈" if language == "zh" else "Price fraud") in legal
    assert ("由执法人员决定并签署" if language == "zh" else "a person decides and signs") in legal


def test_numbers_of_people_in_facts_are_masked(broadcast: Broadcast) -> None:
    def personal(scene: Scene, about: About) -> Iterator[Outcome]:
        yield about.suspected("account", known=(fact("hosts", "电话 13812345678"),), name="13812345678")

    done = inspect_broadcast(broadcast, PhraseScanner(), load_law(), checks=(Check(ABOUT, personal),))
    written = render_report(done)
    assert "电话 138******78" in written
    assert "13812345678" not in written
    assert "13812345678" not in json.dumps(list(rows(done)))


def test_a_part_of_a_fact_keeps_its_own_name() -> None:
    assert fact_title("hosts") == Words("主播情况", "Hosts")
    assert fact_title("hosts.born_on") == Words("主播情况：出生日期", "Hosts: born on")
    assert fact_title("circumstances.lawfully_obtained").zh == "情节：合法取得"
    assert fact_title("amounts.ad_fee") == Words("四项金额：广告费用", "The four amounts: ad fee")
    assert fact_title("hosts.unheard_of").zh == "主播情况：unheard_of"
    assert fact_title("unheard.of") == Words("unheard：of", "unheard: of")
    assert fact_title("unheard_of") == Words("unheard_of", "unheard_of")


@pytest.mark.parametrize(("heard", "listen"), [("given", False), ("characters", False), ("syllables", True)])
def test_what_rests_on_guessed_characters_is_to_be_listened_to(heard: Heard, listen: bool) -> None:
    def heard_say(scene: Scene, about: About) -> Iterator[Outcome]:
        side = Side(Words("最好", "best"), "最好", medium="speech", unit="u1", span=Span(0, 2), start_ms=0)
        yield about.suspected("account", subject="x", said=(side,), name="y")

    broadcast = Broadcast(
        "b", "b", date(2026, 3, 14), utterances=(Utterance("u1", "最好", 0, 900, heard=heard),)
    )
    found = inspect_broadcast(broadcast, PhraseScanner(), load_law(), checks=(Check(ABOUT, heard_say),))
    assert [located.finding.listen for located in found.findings] == [listen]
