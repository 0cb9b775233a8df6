"""Which rules read which texts: class of goods, medium, speaker, status, score."""

from typing import Any

import pytest

from fairstream.records import Text
from fairstream.rules.rule import AppliesTo
from world import World

CLASSES = {
    "ordinary_food": {"names": ["普洱茶", "茶", "大米"], "priority": 10},
    "health_food": {"names": ["鱼油"], "marks": ["国食健注"], "priority": 20},
    "drug": {"names": ["止咳糖浆", "茶"], "priority": 5},
}


@pytest.fixture
def shop(world: World) -> World:
    world.classes(**CLASSES)
    return world


class TestProductClass:
    @pytest.mark.parametrize(
        ("products", "given", "applies"),
        [
            (["any"], "drug", True),
            (["any"], "unknown", True),
            (["ordinary_food"], "ordinary_food", True),
            (["ordinary_food"], "drug", False),
            (["ordinary_food"], "unknown", False),
            (["ordinary_food", "unknown"], "unknown", True),
            ({"not": ["drug"]}, "drug", False),
            ({"not": ["drug"]}, "ordinary_food", True),
            ({"not": ["drug"]}, "unknown", True),
            ({"not": ["drug", "unknown"]}, "unknown", False),
        ],
    )
    def test_gates_the_rule(self, world: World, products: Any, given: str, applies: bool) -> None:
        world.rule("治疗", applies_to={"products": products})
        assert bool(world.quotes("能治疗", product_class=given)) == applies

    @pytest.mark.parametrize(
        ("text", "product", "product_class"),
        [
            ("能治疗", "云南普洱茶500g", "ordinary_food"),
            ("能治疗", "深海鱼油", "health_food"),
            ("能治疗", "鱼油普洱茶", "ordinary_food"),
            ("能治疗", "大米 国食健注G2020", "health_food"),
            ("能治疗", "茶", "ordinary_food"),
            ("能治疗", "一双鞋", "unknown"),
            ("喝普洱茶能治疗", "", "ordinary_food"),
            ("普洱茶配鱼油能治疗", "", "ordinary_food"),
            ("喝普洱茶能治疗", "一双鞋", "unknown"),
            ("能治疗", "", "unknown"),
        ],
    )
    def test_is_inferred_from_the_product_else_from_the_text(
        self, shop: World, text: str, product: str, product_class: str
    ) -> None:
        shop.rule("治疗")
        [finding] = shop.findings(text, product=product)
        assert finding.product_class == product_class

    def test_given_class_beats_every_name(self, shop: World) -> None:
        shop.rule("治疗", applies_to={"products": ["drug"]})
        [finding] = shop.findings("茶能治疗", product="普洱茶", product_class="drug")
        assert finding.product_class == "drug"

    def test_the_reason_is_told(self, shop: World) -> None:
        shop.rule("治疗", applies_to={"products": ["ordinary_food"]})
        [finding] = shop.findings("能治疗", product="云南普洱茶")
        assert any("普洱茶" in sentence for sentence in finding.why)

    def test_many_products_in_one_batch_keep_their_own_class(self, shop: World) -> None:
        shop.rule("治疗", applies_to={"products": ["ordinary_food"]})
        names = ["普洱茶", "鱼油", "大米", "止咳糖浆"] * 50
        texts = [Text(str(i), "能治疗", product=name) for i, name in enumerate(names)]
        found = shop.scanner().scan(texts)
        assert [bool(f) for f in found] == [name in ("普洱茶", "大米") for name in names]

    def test_more_products_than_are_remembered(self, shop: World) -> None:
        shop.rule("治疗", applies_to={"products": ["ordinary_food"]})
        texts = [Text(str(i), "能治疗", product=f"普洱茶{i}号") for i in range(5000)]
        assert all(shop.scanner().scan(texts))


class TestMediumAndSpeaker:
    @pytest.mark.parametrize("speaker", ["host", "seller", "unknown"])
    def test_sellers_words_are_read_by_default(self, world: World, speaker: str) -> None:
        world.rule("治疗")
        assert world.quotes("治疗", speaker=speaker) == ["治疗"]

    def test_a_customer_is_never_the_author_of_a_violation(self, world: World) -> None:
        world.rule("治疗")
        assert world.quotes("治疗", speaker="customer") == []

    @pytest.mark.parametrize("medium", ["speech", "listing", "screen", "chat", "short_video", "post"])
    def test_only_the_named_media_are_read(self, world: World, medium: str) -> None:
        world.rule("治疗", applies_to={"media": ["speech", "screen"]})
        assert bool(world.quotes("治疗", medium=medium)) == (medium in ("speech", "screen"))

    def test_two_rules_of_different_media_in_one_batch(self, world: World) -> None:
        world.rule("治疗", "t/speech", applies_to={"media": ["speech"]})
        world.rule("治疗", "t/chat", applies_to={"media": ["chat"], "speakers": ["customer"]})
        texts = [
            Text("1", "治疗", medium="speech", speaker="host"),
            Text("2", "治疗", medium="chat", speaker="customer"),
            Text("3", "治疗", medium="chat", speaker="host"),
        ]
        found = world.scanner().scan(texts)
        assert [[f.rule for f in findings] for findings in found] == [["t/speech"], ["t/chat"], []]

    def test_the_finding_repeats_medium_speaker_and_unit(self, world: World) -> None:
        world.rule("治疗")
        [finding] = world.findings("治疗", medium="speech", speaker="host")
        assert (finding.medium, finding.speaker, finding.unit) == ("speech", "host", "u")


class TestStatus:
    @pytest.mark.parametrize("status", ["draft", "shadow", "stable", "deprecated"])
    def test_only_stable_rules_run_unless_asked(self, world: World, status: str) -> None:
        world.rule("治疗", status=status)
        text = [Text("u", "治疗")]
        assert bool(world.scanner().scan(text)[0]) == (status == "stable")
        assert bool(world.scanner(statuses=("shadow",)).scan(text)[0]) == (status == "shadow")

    def test_an_empty_pack_finds_nothing(self, world: World) -> None:
        assert world.scanner().scan([Text("u", "治疗")]) == [[]]

    def test_no_texts_give_no_findings(self, world: World) -> None:
        world.rule("治疗")
        assert world.scanner().scan([]) == []


class TestScore:
    def test_confidence_is_the_score_of_plain_words(self, world: World) -> None:
        world.rule("治疗", confidence=0.9)
        assert world.findings("治疗")[0].score == 0.9

    def test_an_unknown_class_lowers_it_when_the_class_matters(self, world: World) -> None:
        world.rule("治疗", confidence=0.9, applies_to={"products": {"not": ["drug"]}})
        assert world.findings("治疗")[0].score == 0.81
        assert world.findings("治疗", product_class="alcohol")[0].score == 0.9

    def test_a_disguise_lowers_it_and_is_told(self, world: World) -> None:
        world.rule("治疗", confidence=0.9)
        [finding] = world.findings("治@疗")
        assert finding.score < 0.9
        assert any("变体" in sentence for sentence in finding.why)

    def test_what_was_dropped_before_the_match_is_no_disguise(self, world: World) -> None:
        world.rule("治疗", confidence=0.9)
        [finding] = world.findings("茶🌸治疗")
        assert finding.quote == "治疗"
        assert finding.score == 0.9
        assert not any("变体" in sentence for sentence in finding.why)

    def test_findings_below_the_least_score_are_not_reported(self, world: World) -> None:
        world.rule("治疗", confidence=0.3)
        text = [Text("u", "治疗")]
        assert world.scanner().scan(text) == [[]]
        assert len(world.scanner(least_score=0.1).scan(text)[0]) == 1
        assert len(world.scanner(least_score=0.3).scan(text)[0]) == 1


class TestAppliesTo:
    def test_defaults(self) -> None:
        anything = AppliesTo()
        assert anything.takes("post", "host")
        assert not anything.takes("post", "customer")
        assert anything.takes_class("unknown")
        assert not anything.class_matters
