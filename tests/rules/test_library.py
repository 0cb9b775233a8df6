"""Loading packs: faults, layers, the cache."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.errors import RuleError
from fairstream.rules import library
from fairstream.rules.library import RuleIssue, load_cases, load_rules
from world import World, both


@pytest.fixture
def pack(world: World) -> World:
    """A pack without a fault."""
    world.lexicon("cure", "治疗")
    world.guard("denied", {"before": {"phrase": "不"}})
    world.classes(drug={"names": ["药"]})
    world.rule({"lexicon": "cure"}, "medical/cure", unless=["denied"])
    return world


def only_issue(world: World) -> RuleIssue:
    """The one issue of a pack; everything else in it is loaded."""
    rule_set = world.load()
    assert set(rule_set.rules) == {"medical/cure"}
    assert set(rule_set.guards) == {"denied"}
    assert set(rule_set.lexicons) == {"cure"}
    [issue] = rule_set.issues
    assert issue.cause
    assert issue.remedy
    assert "\n" not in str(issue)
    return issue


def test_a_pack_without_a_fault(pack: World) -> None:
    rule_set = pack.load()
    assert rule_set.issues == ()
    assert rule_set.files["rule:medical/cure"] == pack.root / "medical/cure.yaml"
    assert list(rule_set.classes) == ["drug"]
    assert only_rule_ids(pack) == ["medical/cure"]


def only_rule_ids(world: World) -> list[str]:
    return [rule.id for rule in world.load().active()]


class TestFaults:
    @pytest.mark.parametrize(
        ("file", "text", "line", "cause"),
        [
            ("t/x.yaml", "id: t/x\ntitle: [\n", 3, "not valid YAML"),
            ("t/x.yaml", "id: t/x\nid: t/x\n", 2, "stands twice"),
            ("t/x.yaml", "", 1, "valid dictionary"),
            ("t/x.yaml", "- a\n", 1, "valid dictionary"),
            ("t/x.yaml", "just words\n", 1, "valid dictionary"),
            ("lexicons/x.yaml", "id: y\ntitle: {zh: a, en: b}\n", 1, "the id is 'y'"),
            ("lexicons/x.yaml", "title: {zh: a, en: b}\n\nid: y\n", 3, "the id is 'y'"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a}\n", 2, "title.en: Field required"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: ''}\n", 2, "title.en"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\nriskyy: true\n", 3, "riskyy"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups:\n  a: 治疗\n", 4, "groups.a"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups:\n  a: 5\n", 4, "groups.a"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups: [a]\n", 3, "groups"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups:\n  a:\n  - b\n  -\n", 6, "groups.a.1"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups: {a: ['']}\n", 3, "groups.a.0"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\ngroups: {a: [true]}\n", 3, "groups.a.0"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\nexcept: 政治\n", 3, "except"),
            ("lexicons/x.yaml", "id: x\ntitle: {zh: a, en: b}\nexcept: 5\n", 3, "except"),
            ("guards/x.yaml", "id: x\ntitle: {zh: a, en: b}\nany: []\n", 3, "any"),
            ("product_classes.yaml", "drugg: {title: {zh: a, en: b}}\n", 1, "drugg"),
            ("product_classes.yaml", "drug:\n  title: {zh: a, en: b}\n  priority: x\n", 3, "drug.priority"),
            ("product_classes.yaml", "- drug\n", 1, "valid dictionary"),
        ],
    )
    def test_has_file_line_and_cause_and_takes_nothing_else_down(
        self, pack: World, file: str, text: str, line: int, cause: str
    ) -> None:
        (pack.root / "product_classes.yaml").unlink()
        path = pack.write(file, text)
        if file == "guards/x.yaml":
            path.write_text(text + "explain: {zh: a, en: b}\n")
        issues = pack.load().issues
        assert {issue.file for issue in issues} == {str(path)}
        found = [issue for issue in issues if cause in issue.cause]
        assert found, [str(issue) for issue in issues]
        assert found[0].line == line
        assert set(pack.load().rules) == {"medical/cure"}

    @pytest.mark.parametrize(
        ("keys", "place", "cause"),
        [
            ({"conduct": "false_add"}, "conduct", "Input should be"),
            ({"status": "new"}, "status", "Input should be"),
            ({"confidence": 1.5}, "confidence", "less than or equal to 1"),
            ({"confidence": 0}, "confidence", "greater than 0"),
            ({"cites": []}, "cites", "at least 1 item"),
            ({"liable": ["shop"]}, "liable.0", "Input should be"),
            ({"proof_needed": ["words"]}, "proof_needed.0", "valid dictionary"),
            ({"since": "soon"}, "since", "valid date"),
            ({"sinse": "2026-01-01"}, "sinse", "not permitted"),
            ({"applies_to": {"media": ["radio"]}}, "applies_to.media.0", "Input should be"),
            ({"applies_to": {"products": {"not": []}}}, "applies_to.products.not", "at least 1 item"),
            ({"applies_to": {"products": ["drugs"]}}, "applies_to.products.0", "Input should be"),
            ({"match": {}}, "match", "a node has exactly one of the keys"),
            ({"match": {"phrase": "a", "lexicon": "b"}}, "match", "a node has exactly one of the keys"),
            ({"match": {"phrase": []}}, "match.phrase", "at least 1 item"),
            ({"match": {"phrase": ""}}, "match.phrase", "at least 1 character"),
            ({"match": {"phrase": 5}}, "match.phrase", "valid list"),
            ({"match": {"phrase": "a", "not_afterr": {}}}, "match.not_afterr", "not permitted"),
            ({"match": {"pattern": "a"}}, "match.needs", "Field required"),
            ({"match": {"sequence": [{"phrase": "a"}]}}, "match.sequence", "at least 2 items"),
            ({"match": {"sequence": [{"gap": 1}, {"gap": 2}]}}, "match", "a gap stands between"),
            ({"match": {"sequence": [{"phrase": "a"}, {"gap": 2}]}}, "match", "a gap stands between"),
            (
                {"match": {"sequence": [{"phrase": "a"}, {"gap": 1}, {"gap": 2}, {"phrase": "b"}]}},
                "match",
                "a gap stands between",
            ),
            (
                {"match": {"sequence": [{"phrase": "a"}, {"gap": 61}, {"phrase": "b"}]}},
                "match.sequence.1.gap",
                "less than or equal to 60",
            ),
            (
                {"match": {"near": {"of": [{"phrase": "a"}], "within": 3}}},
                "match.near.of",
                "at least 2 items",
            ),
            ({"match": {"near": {"of": [{"phrase": "a"}] * 2}}}, "match.near.within", "Field required"),
            ({"match": {"any": []}}, "match.any", "at least 1 item"),
            ({"unless": [{"befor": {"phrase": "a"}}]}, "unless.0", "a condition has one of the keys"),
            ({"unless": [{"before": {"phrase": "a"}, "within": 3}]}, "unless.0.within", "not permitted"),
            ({"unless": [{"near": {"phrase": "a"}}]}, "unless.0.within", "Field required"),
            ({"unless": [5]}, "unless.0", "a condition has one of the keys"),
        ],
    )
    def test_of_a_rule_names_the_key(self, pack: World, keys: dict[str, Any], place: str, cause: str) -> None:
        path = pack.rule(keys.pop("match", "x"), "t/x", **keys)
        issues = pack.load().issues
        assert set(pack.load().rules) == {"medical/cure"}
        assert any(i.cause.startswith(f"{place}: ") and cause in i.cause for i in issues), issues
        assert {(issue.file, issue.check) for issue in issues} == {(str(path), "shape")}

    def test_a_line_deep_in_a_rule(self, pack: World) -> None:
        text = (pack.root / "medical/cure.yaml").read_text()
        nested = (
            "match:\n  any:\n    - phrase: a\n    - sequence:\n        - phrase: b\n        - {gap: -1}\n"
        )
        lines = [f"{key}: {orjson.dumps(value).decode()}" for key, value in orjson.loads(text).items()]
        kept = [line for line in lines if not line.startswith("match")]
        pack.write("medical/cure.yaml", nested + "\n".join(kept))
        [issue] = [i for i in pack.load().issues if "gap" in i.cause][:1]
        assert issue.line == 6

    def test_not_utf8(self, pack: World) -> None:
        path = pack.root / "t.yaml"
        path.write_bytes("标题".encode("gbk"))
        assert only_issue(pack).file == str(path)

    def test_a_broken_link_is_an_issue_and_a_folder_named_like_a_file_is_not(self, pack: World) -> None:
        (pack.root / "folder.yaml").mkdir()
        assert pack.load().issues == ()
        (pack.root / "link.yaml").symlink_to(pack.root / "nowhere")
        assert "cannot be read" in only_issue(pack).cause

    def test_two_files_with_one_id_in_the_flat_namespace(self, pack: World) -> None:
        original = (pack.root / "lexicons/cure.yaml").read_bytes()
        second = pack.root / "lexicons/more/cure.yaml"
        second.parent.mkdir()
        second.write_bytes(original)
        issue = only_issue(pack)
        assert issue.file == str(second)
        assert "too" in issue.cause

    def test_many_faults_are_all_told(self, pack: World) -> None:
        for number in range(5):
            pack.write(f"t/x{number}.yaml", "[")
        assert len(pack.load().issues) == 5

    def test_a_missing_folder_is_raised(self, tmp_path: Path) -> None:
        with pytest.raises(RuleError, match="no such folder") as caught:
            load_rules(tmp_path / "absent", shipped=False)
        assert caught.value.remedy

    def test_an_empty_folder_is_an_empty_pack(self, tmp_path: Path) -> None:
        rule_set = load_rules(tmp_path, shipped=False)
        assert rule_set.rules == {}
        assert rule_set.issues == ()


class TestLayers:
    @pytest.fixture
    def local(self, tmp_path: Path, pack: World) -> World:
        root = tmp_path / "local"
        root.mkdir()
        return World(root, pack.law)

    def test_a_later_layer_replaces_by_id(self, pack: World, local: World) -> None:
        local.rule("根治", "medical/cure")
        local.lexicon("cure", "医治")
        local.rule({"lexicon": "cure"}, "local/own")
        local.classes(drug={"names": ["丸"]}, other={"names": ["鞋"]})
        rule_set = load_rules(pack.root, local.root, shipped=False)
        assert rule_set.files["rule:medical/cure"].is_relative_to(local.root)
        assert rule_set.lexicons["cure"].terms == ["医治"]
        assert set(rule_set.rules) == {"medical/cure", "local/own"}
        assert rule_set.classes["drug"].names == ["丸"]
        assert set(rule_set.guards) == {"denied"}
        assert rule_set.issues == ()

    def test_the_order_decides(self, pack: World, local: World) -> None:
        local.lexicon("cure", "医治")
        assert load_rules(local.root, pack.root, shipped=False).lexicons["cure"].terms == ["治疗"]

    def test_deprecated_switches_a_rule_off(self, pack: World, local: World) -> None:
        local.rule("治疗", "medical/cure", status="deprecated")
        rule_set = load_rules(pack.root, local.root, shipped=False)
        assert rule_set.active() == []
        assert [rule.id for rule in rule_set.active(["deprecated"])] == ["medical/cure"]

    def test_a_fault_in_a_layer_leaves_the_rule_below_in_force(self, pack: World, local: World) -> None:
        path = local.rule("根治", "medical/cure", severity="dire")
        rule_set = load_rules(pack.root, local.root, shipped=False)
        assert rule_set.files["rule:medical/cure"].is_relative_to(pack.root)
        assert [issue.file for issue in rule_set.issues] == [str(path)]

    def test_over_the_shipped_pack(self, local: World) -> None:
        local.rule("治疗", "local/own")
        rule_set = load_rules(local.root)
        assert "local/own" in rule_set.rules
        assert "negated" in rule_set.guards


class TestTerms:
    def test_are_pooled_once_each(self, world: World) -> None:
        world.lexicon("a", "甲", "乙", include=["b", "absent"])
        world.lexicon("b", "乙", "丙", include=["a"])
        assert world.load().terms("a") == ["甲", "乙", "丙"]
        assert world.load().terms("absent") == []

    def test_numbers_keep_the_form_they_were_written_in(self, world: World) -> None:
        text = "id: n\ntitle: {zh: a, en: b}\ngroups:\n  a: [315, 007, 3.10, 1e5, on]\n"
        world.write("lexicons/n.yaml", text)
        assert world.load().terms("n") == ["315", "007", "3.10", "1e5", "on"]


Reads = Callable[[], int]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    """How many YAML files were read so far."""
    count: list[Path] = []
    real = library.load_yaml

    def counting(path: Path) -> Any:
        count.append(path)
        return real(path)

    monkeypatch.setattr(library, "load_yaml", counting)
    return lambda: len(count)


class TestCache:
    def test_is_used(self, pack: World, tmp_path: Path, reads: Reads) -> None:
        first = pack.load(cache=tmp_path / "cache")
        files = reads()
        assert files == 4
        second = pack.load(cache=tmp_path / "cache")
        assert reads() == files
        assert second == first

    def test_is_invalid_when_a_file_changes_comes_or_goes(
        self, pack: World, tmp_path: Path, reads: Reads
    ) -> None:
        cache = tmp_path / "cache"
        pack.load(cache=cache)
        path = pack.lexicon("cure", "医治")
        os.utime(path, ns=(1, 1))
        assert pack.load(cache=cache).lexicons["cure"].terms == ["医治"]
        pack.rule("新词", "t/new")
        assert "t/new" in pack.load(cache=cache).rules
        (pack.root / "t/new.yaml").unlink()
        assert "t/new" not in pack.load(cache=cache).rules
        before = reads()
        pack.load(cache=cache)
        assert reads() == before

    @pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b'{"a": 1}', b"\xff\xfe"])
    def test_a_broken_one_is_read_anew_and_mended(
        self, pack: World, tmp_path: Path, reads: Reads, content: bytes
    ) -> None:
        whole = pack.load(cache=tmp_path / "cache")
        [stored] = (tmp_path / "cache").iterdir()
        stored.write_bytes(content)
        assert pack.load(cache=tmp_path / "cache") == whole
        before = reads()
        assert pack.load(cache=tmp_path / "cache") == whole
        assert reads() == before

    def test_is_not_written_while_a_file_is_faulty(self, pack: World, tmp_path: Path) -> None:
        pack.write("t/x.yaml", "[")
        for _ in range(2):
            assert len(pack.load(cache=tmp_path / "cache").issues) == 1
        assert not (tmp_path / "cache").exists()

    def test_faults_of_shape_are_told_from_the_cache_too(self, pack: World, tmp_path: Path) -> None:
        pack.rule("x", "t/x", severity="dire")
        first, second = (pack.load(cache=tmp_path / "cache").issues for _ in range(2))
        assert first == second
        assert len(first) == 1

    def test_a_place_that_cannot_be_written_is_no_reason_to_fail(self, pack: World, tmp_path: Path) -> None:
        blocked = tmp_path / "file"
        blocked.write_text("not a folder")
        assert pack.load(cache=blocked / "cache").issues == ()
        assert pack.load(cache=blocked).issues == ()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_read_only_folder(self, pack: World, tmp_path: Path) -> None:
        cache = tmp_path / "cache"
        cache.mkdir(mode=0o500)
        assert pack.load(cache=cache).issues == ()
        assert list(cache.iterdir()) == []

    def test_leaves_one_file_and_no_partial_ones(self, pack: World, tmp_path: Path) -> None:
        for number in range(4):
            pack.rule("新词", f"t/new{number}")
            pack.load(cache=tmp_path / "cache")
        assert [path.suffix for path in (tmp_path / "cache").iterdir()] == [".json"]

    def test_two_processes_at_once(self, pack: World, tmp_path: Path) -> None:
        code = (
            "import sys, pathlib\n"
            "from fairstream.rules.library import load_rules\n"
            "root, cache = map(pathlib.Path, sys.argv[1:])\n"
            "for _ in range(40):\n"
            "    found = load_rules(root, shipped=False, cache=cache)\n"
            "    assert set(found.rules) == {'medical/cure'} and not found.issues, found\n"
            "    for stored in cache.glob('rules-*.json'):\n"
            "        stored.unlink(missing_ok=True)\n"
        )
        command = [sys.executable, "-c", code, str(pack.root), str(tmp_path / "cache")]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(2)]
        for process in running:
            _, errors = process.communicate(timeout=60)
            assert process.returncode == 0, errors.decode()


class TestCases:
    def test_each_has_its_line(self, pack: World) -> None:
        text = "- {text: 治疗, hits: [治疗]}\n# none\n- text: 茶\n  hits: []\n  speaker: seller\n"
        pack.write("medical/cure.cases.yaml", text)
        cases = load_cases(pack.root / "medical/cure.yaml")
        assert [(case.text, case.hits, case.speaker, line) for case, line in cases] == [
            ("治疗", ["治疗"], "host", 1),
            ("茶", [], "seller", 3),
        ]

    def test_numbers_are_words(self, pack: World) -> None:
        pack.write("medical/cure.cases.yaml", "- {text: 315, hits: [315], product: 12}\n")
        [(case, _)] = load_cases(pack.root / "medical/cure.yaml")
        assert (case.text, case.hits, case.product) == ("315", ["315"], "12")

    def test_a_rule_may_have_none(self, pack: World) -> None:
        assert load_cases(pack.root / "medical/cure.yaml") == []

    @pytest.mark.parametrize(
        ("text", "line", "cause"),
        [
            ("a: 1\n", 1, "a cases file is a list"),
            ("", 1, "a cases file is a list"),
            ("- {text: a, hits: []}\n- {text: a}\n", 2, "1.hits: Field required"),
            ("- {text: a, hits: []}\n- {hits: []}\n", 2, "text: Field required"),
            ("- {text: a, hits: }\n", 1, "0.hits: Input should be a valid list"),
            ("- {text: a, hits: a}\n", 1, "hits"),
            ("- {text: a, hits: [a], speker: host}\n", 1, "speker"),
            ("- text: a\n  hits: [a]\n  medium: radio\n", 3, "medium"),
            ("- text\n", 1, "valid dictionary"),
            ("- {text: [a], hits: []}\n", 1, "text"),
        ],
    )
    def test_a_fault_has_its_line(self, pack: World, text: str, line: int, cause: str) -> None:
        path = pack.write("medical/cure.cases.yaml", text)
        with pytest.raises(RuleError) as caught:
            load_cases(pack.root / "medical/cure.yaml")
        assert caught.value.file == str(path)
        assert caught.value.line == line
        assert cause in caught.value.cause

    def test_cases_are_not_rules(self, pack: World) -> None:
        pack.write("medical/cure.cases.yaml", "- {text: a, hits: []}\n")
        assert pack.load().issues == ()


def test_words_in_both_languages_are_required_everywhere(pack: World) -> None:
    for keys in ({"title": {"zh": "a"}}, {"explain": {"en": "a"}}, {"proof_needed": [{"zh": "a", "en": ""}]}):
        pack.rule("x", "t/x", **keys)
        assert pack.load().issues
    pack.rule("x", "t/x", title=both("a"))
    assert not pack.load().issues
