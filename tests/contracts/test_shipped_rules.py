"""The shipped pack: no issue, every case right, both languages. One test per rule, named after it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pydantic import BaseModel

from fairstream.detect.engine import Scanner
from fairstream.errors import LawError
from fairstream.evaluate.rule_cases import run_cases
from fairstream.law.citing import CitationSource
from fairstream.law.resolve import Law
from fairstream.rules.library import SHIPPED, load_rules
from fairstream.rules.lint import lint
from fairstream.rules.rule import Bilingual
from world import TODAY

PACK = load_rules()
EVERY_STATUS = ("stable", "shadow", "draft")
ACTIVE = [rule.id for rule in PACK.active(EVERY_STATUS)]


def bilingual(value: object) -> Iterator[Bilingual]:
    """Every pair of words in a model, however deep."""
    if isinstance(value, Bilingual):
        yield value
    elif isinstance(value, BaseModel):
        for _, inner in value:
            yield from bilingual(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from bilingual(inner)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from bilingual(inner)


def test_there_are_rules() -> None:
    assert len(ACTIVE) >= 100
    assert "white_list" in PACK.lexicons
    assert PACK.classes


def test_has_no_issue() -> None:
    assert [str(issue) for issue in lint(PACK)] == []


def test_every_file_of_cases_belongs_to_a_rule() -> None:
    orphans = [
        path.relative_to(SHIPPED).as_posix()
        for path in SHIPPED.rglob("*.cases.yaml")
        if not path.with_name(path.name.removesuffix(".cases.yaml") + ".yaml").exists()
    ]
    assert orphans == []


@pytest.fixture(scope="module")
def scanner(law: CitationSource) -> Scanner:
    return Scanner(PACK, law, today=TODAY, statuses=EVERY_STATUS)


@pytest.mark.parametrize("name", ACTIVE)
class TestRule:
    def test_quotes_what_its_cases_say(self, scanner: Scanner, name: str) -> None:
        only = tuple(ready for ready in scanner.compiled.rules if ready.rule.id == name)
        view = _View(scanner, only)
        report = run_cases(view)  # type: ignore[arg-type]
        assert [str(failure) for failure in report.failures] == []
        assert report.mended == [], "a known fault that passes now: take `todo` away"

    def test_cites_law_that_is_held(self, law: Law, name: str) -> None:
        for cite in PACK.rules[name].cites:
            try:
                citation = law.resolve(cite, law.as_of)
            except LawError as error:
                pytest.fail(str(error))
            assert citation.gist

    def test_speaks_both_languages(self, name: str) -> None:
        for words in bilingual(PACK.rules[name]):
            assert words.zh.strip()
            assert any(sign.isascii() and sign.isalpha() for sign in words.en), words
            assert not any("\u4e00" <= sign <= "\u9fff" for sign in words.en), words
        assert any("\u4e00" <= sign <= "\u9fff" for sign in PACK.rules[name].explain.zh)


class _View:
    """The scanner of all rules, of which `run_cases` sees one."""

    def __init__(self, scanner: Scanner, rules: tuple) -> None:  # type: ignore[type-arg]
        self.compiled = replace(scanner.compiled, rules=rules)
        self.rule_set = scanner.rule_set
        self.detect = scanner.detect


@pytest.mark.parametrize("name", sorted(PACK.guards))
def test_guards_speak_both_languages(name: str) -> None:
    assert all(words.zh.strip() and words.en.strip() for words in bilingual(PACK.guards[name]))


def test_lexicons_and_classes_speak_both_languages() -> None:
    for models in (PACK.lexicons, PACK.classes):
        for words in bilingual(dict(models)):
            assert words.zh.strip()
            assert words.en.strip()
