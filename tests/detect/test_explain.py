"""What a layman reads, and the published shape it is sent in."""

import json
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator

from fairstream.detect.explain import FOLD_WORDS
from fairstream.detect.lines import scan_lines
from fairstream.detect.score import CLASS_UNKNOWN, LEAST_SCORE, in_words, score
from fairstream.detect.wire import input_schema, output_schema
from fairstream.records import Language, Text
from fairstream.text.kinds import FoldKind
from world import World


@pytest.fixture
def shop(world: World) -> World:
    world.classes(ordinary_food={"title": {"zh": "普通食品", "en": "Ordinary food"}, "names": ["普洱茶"]})
    world.lexicon("cure", "治疗", title={"zh": "治疗动词", "en": "Verbs of treatment"})
    world.guard("denied", {"before": {"phrase": "不"}})
    world.rule(
        {"sequence": [{"lexicon": "cure"}, {"gap": 2}, {"phrase": "病"}]},
        unless=["denied"],
        explain={"zh": "普通食品不得宣称治病", "en": "Food may not be said to cure"},
        applies_to={"products": ["ordinary_food", "unknown"]},
    )
    return world


def why(world: World, text: str, language: Language, **keys: Any) -> tuple[str, ...]:
    [finding] = world.scanner().scan([Text("u", text, **keys)], language)[0]
    return finding.why


class TestWhy:
    def test_in_chinese(self, shop: World) -> None:
        assert why(shop, "治疗百病", "zh", product="普洱茶") == (
            "普通食品不得宣称治病",
            "命中：“治疗”（治疗动词）、“病”。",
            "商品类别：普通食品（商品名含“普洱茶”）。",
            "已检查并排除：guard denied。",
            "可信度 0.80（把握较高）；是否违法由执法人员判断。",
        )

    def test_in_english(self, shop: World) -> None:
        assert why(shop, "治疗百病", "en", product_class="ordinary_food") == (
            "Food may not be said to cure",
            "Matched: “治疗” (Verbs of treatment), “病”.",
            "Class of goods: Ordinary food (as given).",
            "Checked and not the case: guard denied.",
            "Score 0.80 (high confidence); a person decides.",
        )

    @pytest.mark.parametrize(
        ("language", "words"), [("zh", "商品类别：未能判断"), ("en", "Class of goods: not known")]
    )
    def test_an_unknown_class_is_said_to_be_unknown(
        self, shop: World, language: Language, words: str
    ) -> None:
        assert any(sentence.startswith(words) for sentence in why(shop, "治疗百病", language))

    @pytest.mark.parametrize(
        ("language", "words"), [("zh", "读作“治疗百病”"), ("en", "they read “治疗百病”")]
    )
    def test_disguised_words_are_read_out(self, shop: World, language: Language, words: str) -> None:
        [sentence] = [s for s in why(shop, "治@疗百病", language) if words in s]
        assert "@" not in sentence

    def test_law_that_is_not_held_is_said_not_left_out_silently(self, world: World) -> None:
        world.rule("治疗", cites=["advertising-law#9", "no-such-law#1", "nonsense"])
        [finding] = world.findings("治疗")
        assert [c.article for c in finding.citations] == ["9"]
        assert "no-such-law#1" in finding.why[-1]
        assert "nonsense" in finding.why[-1]

    def test_every_fold_has_a_name_in_both_languages(self) -> None:
        assert set(FOLD_WORDS) == {kind.name.lower() for kind in FoldKind} - {"none"}
        assert all(words.zh and words.en for words in FOLD_WORDS.values())


class TestScore:
    @pytest.mark.parametrize(
        ("confidence", "cost", "open_", "value"),
        [
            (0.8, 0, False, 0.8),
            (0.8, 0.5, False, 0.4),
            (0.8, 0, True, round(0.8 * CLASS_UNKNOWN, 3)),
            (1, 1, False, 0),
            (1, 7, False, 0),
            (0.5, -3, False, 0.5),
        ],
    )
    def test_is_lowered_by_guesses(self, confidence: float, cost: float, open_: bool, value: float) -> None:
        assert score(confidence, cost, class_open=open_) == value

    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_words_rise_with_the_score(self, language: str) -> None:
        said = [in_words(value / 100, language) for value in range(101)]
        assert len(set(said)) == 3
        assert said == sorted(said, key=said.index)
        assert in_words(LEAST_SCORE, language) == said[0]


class TestWire:
    def test_the_schemas_are_schemas(self) -> None:
        for schema in (input_schema(), output_schema()):
            Draft202012Validator.check_schema(schema)

    def test_output_lines_are_of_the_published_shape(self, shop: World) -> None:
        lines = [
            b'{"id":1,"text":"\xe6\xb2\xbb\xe7\x96\x97\xe7\x97\x85"}',
            b'{"id":2,"text":""}',
            b"{",
            b'{"id":[3]}',
        ]
        out, _ = scan_lines(lines, shop.scanner())
        validator = Draft202012Validator(output_schema())
        answers = [json.loads(line) for line in out.splitlines()]
        assert len(answers[0]["findings"]) == 1
        for answer in answers:
            validator.validate(answer)
        del answers[0]["findings"][0]["why"]
        assert not validator.is_valid(answers[0])

    def test_input_lines_that_are_taken_are_of_the_published_shape(self, shop: World) -> None:
        validator = Draft202012Validator(input_schema())
        scanner = shop.scanner()
        good = {"id": 1, "text": "a", "medium": "chat", "speaker": "host", "product_class": "drug"}
        for line in (good, good | {"medium": "radio"}, {"id": 1}, good | {"product": 5}, {"text": "a"}):
            taken = scan_lines([json.dumps(line).encode()], scanner)[1] == 0
            assert validator.is_valid(line) == taken, line


def test_findings_carry_what_the_rule_says(world: World) -> None:
    world.rule(
        "治疗",
        conduct_also=["false_ad"],
        conduct="ad_medical_claim",
        severity="high",
        liable=["seller", "platform"],
        proof_needed=[{"zh": "配料", "en": "ingredients"}],
    )
    [finding] = world.findings("治疗")
    assert (finding.conduct, finding.conduct_also, finding.severity) == (
        "ad_medical_claim",
        ("false_ad",),
        "high",
    )
    assert finding.liable == ("seller", "platform")
    assert finding.proof_needed == ("配料",)
    assert all(citation.version for citation in finding.citations)
    assert get_args(Language) == ("zh", "en")
