"""Guards: each condition at its edges, and guards by name."""

from typing import Any

import pytest

from fairstream.errors import RuleError
from world import World

NOT = {"phrase": "不"}


def judged(world: World, condition: dict[str, Any], text: str, match: Any = "治疗") -> list[str]:
    world.rule(match, unless=[condition])
    return world.quotes(text)


def silences(world: World, condition: dict[str, Any], text: str) -> bool:
    """Whether the condition makes 治疗 lawful in a text that holds it once."""
    quotes = judged(world, condition, text)
    assert quotes in ([], ["治疗"])
    return not quotes


class TestBefore:
    @pytest.mark.parametrize(
        ("keys", "text", "silent"),
        [
            ({}, "不治疗", True),
            ({}, "不能治疗", False),
            ({"gap": 1}, "不能治疗", True),
            ({"gap": 1}, "不可能治疗", False),
            ({"gap": 2}, "不可能治疗", True),
            ({"gap": 5}, "不，治疗", False),
            ({"gap": 5, "scope": "sentence"}, "不，治疗", True),
            ({"gap": 5, "scope": "sentence"}, "不。治疗", False),
            ({"gap": 5, "scope": "text"}, "不。治疗", True),
            ({"gap": 5}, "治疗不", False),
            ({"gap": 5}, "治疗", False),
        ],
    )
    def test_gap_and_scope(self, world: World, keys: dict[str, Any], text: str, silent: bool) -> None:
        assert silences(world, {"before": NOT} | keys, text) == silent

    def test_a_node_that_runs_into_the_match_counts(self, world: World) -> None:
        condition = {"before": {"phrase": "不治"}}
        assert silences(world, condition, "不治疗")

    def test_the_match_itself_is_not_before_itself(self, world: World) -> None:
        assert not silences(world, {"before": {"phrase": "治疗"}, "gap": 5}, "治疗")

    def test_a_hit_before_one_match_does_not_silence_another(self, world: World) -> None:
        assert judged(world, {"before": NOT, "gap": 1}, "不能治疗，能治疗") == ["治疗"]


class TestAfter:
    @pytest.mark.parametrize(
        ("keys", "text", "silent"),
        [
            ({}, "治疗不", True),
            ({}, "治疗了不", False),
            ({"gap": 1}, "治疗了不", True),
            ({"gap": 1}, "治疗好了不", False),
            ({"gap": 5}, "治疗，不", False),
            ({"gap": 5, "scope": "sentence"}, "治疗，不", True),
            ({"gap": 5, "scope": "sentence"}, "治疗。不", False),
            ({"gap": 5, "scope": "text"}, "治疗。不", True),
            ({"gap": 5}, "不治疗", False),
        ],
    )
    def test_gap_and_scope(self, world: World, keys: dict[str, Any], text: str, silent: bool) -> None:
        assert silences(world, {"after": NOT} | keys, text) == silent

    def test_a_node_that_begins_inside_the_match_and_runs_past_it_counts(self, world: World) -> None:
        assert silences(world, {"after": {"phrase": "疗法"}}, "治疗法")


class TestNear:
    @pytest.mark.parametrize(
        ("keys", "text", "silent"),
        [
            ({"within": 2}, "不一二治疗", True),
            ({"within": 2}, "不一二三治疗", False),
            ({"within": 2}, "治疗一二不", True),
            ({"within": 2}, "治疗一二三不", False),
            ({"within": 0}, "不治疗", True),
            ({"within": 5}, "不，治疗", True),
            ({"within": 5, "scope": "clause"}, "不，治疗", False),
            ({"within": 5}, "不。治疗", False),
            ({"within": 5, "scope": "text"}, "不。治疗", True),
        ],
    )
    def test_both_sides(self, world: World, keys: dict[str, Any], text: str, silent: bool) -> None:
        assert silences(world, {"near": NOT} | keys, text) == silent


class TestInsideAndWithin:
    @pytest.mark.parametrize(
        ("phrase", "silent"), [("治疗费", True), ("去治疗", True), ("治疗", False), ("疗费", False)]
    )
    def test_inside_a_longer_hit(self, world: World, phrase: str, silent: bool) -> None:
        assert silences(world, {"inside": {"phrase": phrase}}, "去治疗费") == silent

    @pytest.mark.parametrize(
        ("phrase", "silent"), [("没", True), ("治没疗", True), ("治没疗好", False), ("好", False)]
    )
    def test_within_the_matched_words(self, world: World, phrase: str, silent: bool) -> None:
        match = {"sequence": [{"phrase": "治"}, {"gap": 2}, {"phrase": "疗"}]}
        quotes = judged(world, {"within": {"phrase": phrase}}, "治没疗好", match)
        assert quotes == ([] if silent else ["治没疗"])

    def test_within_a_condition_may_be_any_node(self, world: World) -> None:
        node = {"pattern": "[0-9]", "needs": ["1", "2"]}
        match = {"sequence": [{"phrase": "治"}, {"gap": 2}, {"phrase": "疗"}]}
        assert judged(world, {"within": node}, "治2疗，治好疗", match) == ["治好疗"]


class TestText:
    def test_anywhere(self, world: World) -> None:
        condition = {"text": {"phrase": "小说"}}
        assert silences(world, condition, "治疗。下一句。这是小说")
        assert not silences(world, condition, "治疗。下一句。")


class TestGuards:
    def test_a_named_guard_is_any_of_its_conditions(self, world: World) -> None:
        world.guard("denied", {"before": NOT, "gap": 1}, {"after": {"phrase": "是假的"}})
        world.rule("治疗", unless=["denied"])
        assert world.quotes("不能治疗；治疗是假的；能治疗") == ["治疗"]

    def test_guards_and_conditions_may_stand_together(self, world: World) -> None:
        world.guard("denied", {"before": NOT, "gap": 1})
        world.rule("治疗", unless=["denied", {"text": {"phrase": "小说"}}])
        assert world.quotes("能治疗。小说") == []
        assert world.quotes("不能治疗") == []
        assert world.quotes("能治疗") == ["治疗"]

    def test_an_unknown_guard_names_the_rule_and_the_guards_there_are(self, world: World) -> None:
        world.guard("denied", {"before": NOT})
        path = world.rule("治疗", unless=["denyed"])
        with pytest.raises(RuleError, match="denyed") as caught:
            world.scanner()
        assert caught.value.file == str(path)
        assert "t/r" in caught.value.cause
        assert "denied" in (caught.value.remedy or "")

    def test_an_unknown_lexicon_names_the_rule(self, world: World) -> None:
        world.rule({"lexicon": "nowhere"})
        with pytest.raises(RuleError, match="t/r: no lexicon named 'nowhere'"):
            world.scanner()

    def test_the_guard_sees_the_reading_that_matched(self, world: World) -> None:
        world.rule("治疗", unless=[{"before": NOT, "gap": 1}])
        assert world.quotes("不 能 治 療") == []


@pytest.mark.parametrize("filler", ["不好说。", "不，", "不 "])
def test_a_guard_still_works_far_into_a_long_text(world: World, filler: str) -> None:
    """A transcript of an hour holds hundreds of 不; the one that counts may be the last."""
    world.rule("治疗", unless=[{"before": NOT, "gap": 1}])
    assert world.quotes(filler * 200 + "不能治疗") == []


def test_a_sequence_is_still_found_far_into_a_long_text(world: World) -> None:
    world.rule({"sequence": [{"phrase": "我们"}, {"gap": 2}, {"phrase": "治疗"}]})
    assert world.quotes("我们来了。" * 200 + "我们能治疗") == ["我们能治疗"]


def test_three_nodes_near_each_other_are_still_found_far_into_a_long_text(world: World) -> None:
    parts = [{"phrase": "我们"}, {"phrase": "保证"}, {"phrase": "治疗"}]
    world.rule({"near": {"of": parts, "within": 2}})
    assert world.quotes("我们。保证。治疗。" * 20 + "我们保证能治疗") == ["我们保证能治疗"]
