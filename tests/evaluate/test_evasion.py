"""Disguised spellings through the rules, and the command that measures them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from fairstream.cli.evasion import evasion
from fairstream.evaluate.evasion import LINGUISTIC, MECHANICAL, EvasionItem, Recovered, reported, together

if TYPE_CHECKING:
    from conftest import World

TERMS = ("治疗", "降血压", "包治百病", "最便宜", "微信", "立竿见影", "永不反弹", "祖传秘方")


def item(text: str, term: str, written: str, kind: str = "pinyin") -> EvasionItem:
    start = text.index(written)
    return EvasionItem(text, term, start, start + len(written), kind)


class TestReported:
    @pytest.fixture
    def risky(self, world: World) -> World:
        world.lexicon("cure", "治疗", risky=True)
        world.lexicon("best", "最好", risky=True)
        world.rule({"lexicon": "cure"}, "t/cure")
        world.rule({"sequence": [{"lexicon": "best"}, {"phrase": "的茶"}]}, "t/best")
        return world

    def test_counts_items_that_a_rule_flags_in_both_spellings(self, risky: World) -> None:
        items = [item("能zhi疗吗", "治疗", "zhi疗"), item("能氵台疗吗", "治疗", "氵台疗", "split")]
        assert reported(items, risky.scanner()) == [Recovered("pinyin", 1, 1), Recovered("split", 1, 1)]

    def test_a_reading_that_is_not_made_counts_as_missed(self, risky: World) -> None:
        items = [item("能zhi疗吗", "治疗", "zhi疗")]
        plain = risky.scanner(evasion=False)
        assert reported(items, plain) == [Recovered("pinyin", 1, 0)]

    def test_words_that_need_company_are_left_out(self, risky: World) -> None:
        alone, together_ = item("zui好", "最好", "zui好"), item("zui好的茶", "最好", "zui好")
        assert reported([alone], risky.scanner()) == []
        assert reported([alone, together_], risky.scanner()) == [Recovered("pinyin", 1, 1)]

    def test_a_finding_elsewhere_in_the_text_does_not_count(self, risky: World) -> None:
        items = [item("治疗，zui好", "最好", "zui好")]
        assert reported(items, risky.scanner()) == []


def test_groups_are_summed_and_know_what_is_asked_of_them() -> None:
    results = [Recovered("width", 10, 9), Recovered("emoji", 30, 30), Recovered("split", 5, 1)]
    mechanical = together(MECHANICAL, results, "mechanical")
    assert (mechanical.items, mechanical.recovered, mechanical.share) == (40, 39, 0.975)
    assert mechanical.least == 0.97
    assert [together(LINGUISTIC, results, kind).items for kind in ("split", "all")] == [5, 5]
    assert results[2].least == 0.85
    assert results[0].as_json() == {"kind": "width", "items": 10, "recovered": 9, "share": 0.9}
    assert together(MECHANICAL, [], "mechanical").share == 0


class TestCommand:
    @pytest.fixture
    def pack(self, world: World, monkeypatch: pytest.MonkeyPatch) -> World:
        world.lexicon("risky", *TERMS, risky=True)
        world.rule({"lexicon": "risky"})
        monkeypatch.setattr("fairstream.rules.library.SHIPPED", world.root)
        return world

    def run(self, *arguments: Any) -> Result:
        return CliRunner().invoke(evasion, [str(a) for a in arguments], standalone_mode=False)

    def test_the_same_seed_gives_the_same_figures(self, pack: World) -> None:
        first, again = (self.run("--per-kind", 20, "--json").stdout for _ in range(2))
        other = self.run("--per-kind", 20, "--json", "--seed", 5).stdout
        assert first == again
        assert json.loads(first)["read"] != json.loads(other)["read"] or first != other
        told = json.loads(first)
        assert told["risky_terms"] == len(TERMS)
        assert {row["kind"] for row in told["read"]} <= {*MECHANICAL, *LINGUISTIC}
        assert told["mechanical"]["share"] >= 0.9

    def test_lawful_texts_and_reviews_are_told_with_their_numbers(self, pack: World, tmp_path: Path) -> None:
        rows = [{"id": "1", "text": "氵台疗"}, {"id": "2", "text": "好茶"}, {"id": "3", "text": "治疗"}]
        lawful = tmp_path / "lawful.jsonl"
        lawful.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        done = self.run("--per-kind", 5, "--benign", lawful, "--verbose")
        assert "(1/3)" in done.stdout
        assert "(2/3)" in done.stdout
        assert "added +33.333 points: 1 texts more, 0 fewer" in done.stdout
        assert "Flagged anew: 1 t/r '氵台疗'" in done.stdout
        assert "Falls short: lawful texts +33.33 points, promised at most 0.5" in done.stdout
        assert done.return_value == 1

    def test_it_ends_well_when_the_promise_is_kept(self, pack: World, tmp_path: Path) -> None:
        lawful = tmp_path / "lawful.jsonl"
        lawful.write_text('{"id":"1","text":"好茶"}\n', "utf-8")
        done = self.run("--per-kind", 60, "--benign", lawful)
        assert ("Falls short" in done.stdout) == bool(done.return_value)
        assert "all mechanical" in done.stdout
        assert "all linguistic" in done.stdout
