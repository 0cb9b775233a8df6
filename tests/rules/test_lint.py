"""Every check of the linter: a pack that triggers it and one that does not."""

from typing import Any

import pytest

from fairstream.rules.library import RuleIssue
from fairstream.rules.lint import CHECKS, lint
from world import World


def case(text: str, *hits: str, **keys: Any) -> dict[str, Any]:
    return {"text": text, "hits": list(hits)} | keys


ENOUGH = [case(f"能治疗{n}", "治疗") for n in range(5)] + [case(f"好茶{n}") for n in range(5)]


@pytest.fixture
def pack(world: World) -> World:
    """A pack without an issue."""
    world.lexicon("cure", "治疗", "医治", include=["ease"], risky=True)
    world.lexicon("ease", "缓解")
    world.lexicon("nots", "不")
    world.lexicon("white_list", "路口交通")
    world.guard("denied", {"before": {"lexicon": "nots"}, "gap": 2})
    world.rule({"lexicon": "cure"}, unless=["denied"])
    world.cases(*ENOUGH)
    return world


def issues(world: World) -> list[RuleIssue]:
    return lint(world.load())


def only(world: World, check: str) -> RuleIssue:
    """The one issue there is; it is of this check, and tells cause and remedy in one line."""
    [issue] = issues(world)
    assert issue.check == check
    assert issue.cause
    assert issue.remedy
    assert str(issue).startswith(f"{issue.file}:{issue.line}: [{check}] ")
    assert "\n" not in str(issue)
    return issue


def test_a_clean_pack_has_no_issue(pack: World) -> None:
    assert issues(pack) == []


def test_every_check_says_what_it_checks() -> None:
    assert all(check.__doc__ for check in CHECKS)


def test_faults_of_loading_come_too_in_order_of_file(pack: World) -> None:
    pack.write("z/z.yaml", "[")
    pack.write("a/a.yaml", "[")
    found = issues(pack)
    assert [issue.check for issue in found] == ["yaml", "yaml"]
    assert [issue.file for issue in found] == sorted(issue.file for issue in found)


class TestUnknownNames:
    def test_a_lexicon_in_a_rule(self, pack: World) -> None:
        path = pack.rule({"any": [{"lexicon": "cure"}, {"lexicon": "nowhere"}]}, unless=["denied"])
        issue = only(pack, "unknown-lexicon")
        assert issue.file == str(path)
        assert "nowhere" in issue.cause

    @pytest.mark.parametrize(
        "node",
        [
            {"phrase": "a", "not_after": {"lexicon": "nowhere"}},
            {"phrase": "a", "not_before": {"lexicon": "nowhere"}},
            {"sequence": [{"phrase": "a"}, {"gap": 1}, {"lexicon": "nowhere"}]},
            {"near": {"of": [{"phrase": "a"}, {"all": [{"lexicon": "nowhere"}]}], "within": 1}},
        ],
    )
    def test_however_deep_it_stands(self, pack: World, node: dict[str, Any]) -> None:
        pack.rule({"any": [{"lexicon": "cure"}, node]}, unless=["denied"])
        only(pack, "unknown-lexicon")

    def test_in_requires_and_in_conditions(self, pack: World) -> None:
        pack.rule({"lexicon": "cure"}, unless=["denied"], requires={"lexicon": "nowhere"})
        only(pack, "unknown-lexicon")
        pack.rule({"lexicon": "cure"}, unless=["denied", {"text": {"lexicon": "nowhere"}}])
        only(pack, "unknown-lexicon")

    def test_in_a_guard_with_its_line(self, pack: World) -> None:
        text = (
            "id: denied\ntitle: {zh: a, en: b}\nexplain: {zh: a, en: b}\nany:\n"
            "  - before: {lexicon: nots}\n  - after: {lexicon: nowhere}\n"
        )
        path = pack.write("guards/denied.yaml", text)
        issue = only(pack, "unknown-lexicon")
        assert (issue.file, issue.line) == (str(path), 6)

    def test_an_included_one(self, pack: World) -> None:
        path = pack.lexicon("ease", "缓解", include=["nowhere"])
        assert only(pack, "unknown-lexicon").file == str(path)

    def test_a_guard(self, pack: World) -> None:
        path = pack.rule({"lexicon": "cure"}, unless=["denied", "denyed"])
        issue = only(pack, "unknown-guard")
        assert issue.file == str(path)
        assert "denyed" in issue.cause


class TestUnusedLexicons:
    def test_one_that_nothing_names(self, pack: World) -> None:
        path = pack.lexicon("left_over", "甲乙")
        assert only(pack, "unused-lexicon").file == str(path)

    def test_one_that_only_an_unused_one_includes(self, pack: World) -> None:
        pack.lexicon("left_over", "甲乙", include=["left_behind"])
        pack.lexicon("left_behind", "丙丁")
        assert [issue.check for issue in issues(pack)] == ["unused-lexicon"] * 2


class TestTerms:
    def test_doubled_in_one_lexicon_even_across_groups(self, pack: World) -> None:
        path = pack.lexicon("ease", groups={"a": ["缓解"], "b": ["减轻", "缓解"]})
        issue = only(pack, "doubled-term")
        assert issue.file == str(path)
        assert "缓解" in issue.cause

    def test_the_same_term_in_two_lexicons_is_no_fault(self, pack: World) -> None:
        pack.lexicon("ease", "治疗")
        assert issues(pack) == []

    def test_one_character_in_a_risky_lexicon(self, pack: World) -> None:
        path = pack.lexicon("cure", "治疗", "治", include=["ease"], risky=True)
        assert only(pack, "short-risky-term").file == str(path)

    def test_one_character_in_a_plain_lexicon_is_no_fault(self, pack: World) -> None:
        pack.lexicon("cure", "治疗", "治", include=["ease"])
        assert issues(pack) == []


class TestPatterns:
    def test_look_around_is_not_re2(self, pack: World) -> None:
        bad = {"pattern": "(?=a)b", "needs": ["b"]}
        path = pack.rule({"any": [{"lexicon": "cure"}, bad]}, unless=["denied"])
        assert only(pack, "bad-pattern").file == str(path)

    def test_in_a_lexicon(self, pack: World) -> None:
        path = pack.lexicon("ease", "缓解", patterns=[{"re2": "(a", "needs": ["a"]}])
        assert only(pack, "bad-pattern").file == str(path)

    def test_good_ones_are_no_fault(self, pack: World) -> None:
        pack.lexicon("ease", "缓解", patterns=[{"re2": "[0-9]+(天|周)", "needs": ["天"]}])
        assert issues(pack) == []


class TestCitations:
    @pytest.mark.parametrize("cite", ["advertising-law", "advertising-law#", "#9", "广告法第九条"])
    def test_must_be_instrument_and_article(self, pack: World, cite: str) -> None:
        path = pack.rule({"lexicon": "cure"}, unless=["denied"], cites=["advertising-law#9", cite])
        issue = only(pack, "citation-form")
        assert issue.file == str(path)
        assert cite in issue.cause


class TestCases:
    def test_too_few_hits(self, pack: World) -> None:
        pack.cases(*ENOUGH[1:])
        assert "4 cases with hits and 5 without" in only(pack, "too-few-cases").cause

    def test_too_few_misses(self, pack: World) -> None:
        pack.cases(*ENOUGH[:-1])
        assert "5 cases with hits and 4 without" in only(pack, "too-few-cases").cause

    def test_known_faults_do_not_count(self, pack: World) -> None:
        pack.cases(*ENOUGH[1:], case("治疗", "治疗", todo=True))
        only(pack, "too-few-cases")

    def test_no_cases_at_all(self, pack: World) -> None:
        (pack.root / "t/r.cases.yaml").unlink()
        assert "0 cases with hits and 0" in only(pack, "too-few-cases").cause

    @pytest.mark.parametrize("status", ["draft", "shadow", "deprecated"])
    def test_only_a_stable_rule_must_have_them(self, pack: World, status: str) -> None:
        pack.rule({"lexicon": "cure"}, unless=["denied"], status=status)
        pack.cases(case("治疗", "治疗"))
        assert issues(pack) == []

    def test_a_fault_in_the_file_is_told_once_whatever_the_status(self, pack: World) -> None:
        pack.rule({"lexicon": "cure"}, unless=["denied"], status="draft")
        path = pack.write("t/r.cases.yaml", "- {text: a, hits: []}\n- {text: b}\n")
        issue = only(pack, "cases")
        assert (issue.file, issue.line) == (str(path), 2)

    def test_expected_words_must_stand_in_the_text(self, pack: World) -> None:
        path = pack.cases(*ENOUGH, case("能治 疗", "治疗"))
        issue = only(pack, "case-quote")
        assert issue.file == str(path)
        assert "治疗" in issue.cause
