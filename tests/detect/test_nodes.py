"""Each node of the rule language, alone, on small texts."""

from collections.abc import Callable
from typing import Any

import pytest

from world import World

Says = Callable[..., list[str]]


def phrase(*words: str, **keys: Any) -> dict[str, Any]:
    return {"phrase": list(words)} | keys


def lexicon(*names: str, **keys: Any) -> dict[str, Any]:
    return {"lexicon": list(names)} | keys


class TestPhrase:
    @pytest.mark.parametrize(
        ("words", "text", "quotes"),
        [
            (["全网最低"], "这是全网最低的价", ["全网最低"]),
            (["全网最低", "最便宜"], "全网最低，最便宜", ["全网最低", "最便宜"]),
            (["最低"], "最低最低", ["最低", "最低"]),
            (["最低", "全网最低"], "全网最低", ["全网最低"]),
            (["最低"], "低最", []),
            (["ＶＩＰ价"], "vip价", ["vip价"]),
            (["vip价"], "ＶＩＰ价", ["ＶＩＰ价"]),
            (["治疗"], "治療", ["治療"]),
            (["治疗"], "", []),
            (["a|b"], "a b", []),
        ],
    )
    def test_quotes_each_place_the_words_stand(
        self, says: Says, words: list[str], text: str, quotes: list[str]
    ) -> None:
        assert says(phrase(*words), text) == quotes

    def test_takes_one_word_without_a_list(self, says: Says) -> None:
        assert says({"phrase": "最低"}, "最低") == ["最低"]

    def test_a_sign_in_a_phrase_does_not_mix_it_up_with_a_list(self, world: World) -> None:
        world.rule(phrase("甲", "乙"), "t/list")
        world.rule(phrase("甲\n乙", "丙丁"), "t/sign")
        world.rule(phrase("甲|乙", "戊己"), "t/bar")
        assert [f.rule for f in world.findings("甲")] == ["t/list"]

    def test_overlapping_phrases_are_one_finding(self, says: Says) -> None:
        assert says(phrase("最低价", "低价格"), "最低价格") == ["最低价"]

    def test_positions_are_those_of_the_published_text(self, world: World) -> None:
        world.rule("治疗")
        [finding] = world.findings("😀👍①　能治 疗病")
        assert finding.quote == "治 疗"
        assert "😀👍①　能治 疗病"[finding.span.start : finding.span.end] == "治 疗"


class TestLexicon:
    def test_pools_the_terms_of_its_groups(self, world: World) -> None:
        world.lexicon("cure", groups={"treat": ["治疗", "治愈"], "ease": ["缓解"]})
        world.rule(lexicon("cure"))
        assert world.quotes("治疗缓解治愈") == ["治疗", "缓解", "治愈"]

    def test_includes_other_lexicons_to_any_depth_and_round_about(self, world: World) -> None:
        world.lexicon("a", "甲词", include=["b"])
        world.lexicon("b", "乙词", include=["c"])
        world.lexicon("c", "丙词", include=["a"])
        world.rule(lexicon("a"))
        assert world.quotes("甲词乙词丙词") == ["甲词", "乙词", "丙词"]

    def test_except_wins_over_a_hit_inside_it(self, world: World) -> None:
        world.lexicon("cure", "治", "治疗", except_=["政治", "治安"])
        world.rule(lexicon("cure"))
        assert world.quotes("政治课讲治安，能治病，能治疗") == ["治", "治疗"]

    def test_except_of_the_very_term_silences_it(self, world: World) -> None:
        world.lexicon("cure", "治疗", except_=["治疗"])
        world.rule(lexicon("cure"))
        assert world.quotes("治疗") == []

    def test_except_does_not_silence_a_longer_hit(self, world: World) -> None:
        world.lexicon("cure", "根治疾病", except_=["根治"])
        world.rule(lexicon("cure"))
        assert world.quotes("根治疾病") == ["根治疾病"]

    def test_except_of_an_included_lexicon_counts(self, world: World) -> None:
        world.lexicon("a", include=["b"])
        world.lexicon("b", "治", except_=["政治"])
        world.rule(lexicon("a"))
        assert world.quotes("政治，治病") == ["治"]

    def test_patterns_are_terms(self, world: World) -> None:
        world.lexicon("days", "一夜", patterns=[{"re2": "[0-9]+(天|周)", "needs": ["天", "周"]}])
        world.rule(lexicon("days"))
        assert world.quotes("3天见效，12周，一夜") == ["3天", "12周", "一夜"]
        assert world.quotes("3年") == []

    def test_patterns_of_an_included_lexicon_count(self, world: World) -> None:
        world.lexicon("a", "甲词", include=["b"])
        world.lexicon("b", patterns=[{"re2": "[0-9]+天", "needs": ["天"]}])
        world.rule(lexicon("a"))
        assert world.quotes("3天") == ["3天"]

    def test_several_lexicons_are_pooled_and_the_longest_term_is_quoted(self, world: World) -> None:
        world.lexicon("a", "最低")
        world.lexicon("b", "全网最低价")
        world.rule(lexicon("a", "b"))
        assert world.quotes("全网最低价") == ["全网最低价"]

    def test_an_empty_lexicon_matches_nothing(self, world: World) -> None:
        world.lexicon("nothing")
        world.rule(lexicon("nothing"))
        assert world.quotes("任何话") == []


class TestPattern:
    NUMBER = {"pattern": "[0-9]+(元|块)", "needs": ["元", "块"]}

    @pytest.mark.parametrize(
        ("text", "quotes"),
        [
            ("只要9元", ["9元"]),
            ("9元，19块", ["9元", "19块"]),
            ("９９元", ["９９元"]),
            ("元9", []),
            ("九九", []),
        ],
    )
    def test_runs_where_a_need_stands(self, says: Says, text: str, quotes: list[str]) -> None:
        assert says(self.NUMBER, text) == quotes

    def test_is_not_run_without_its_needs(self, says: Says) -> None:
        assert says({"pattern": "[0-9]+", "needs": ["元"]}, "12345") == []
        assert says({"pattern": "[0-9]+", "needs": ["元"]}, "12345元") == ["12345"]

    def test_empty_matches_do_not_count(self, says: Says) -> None:
        assert says({"pattern": "x*", "needs": ["元"]}, "元") == []

    def test_needs_are_folded_as_texts_are(self, says: Says) -> None:
        assert says({"pattern": "[0-9]+w", "needs": "Ｗ"}, "销量10W") == ["10W"]


def order(*parts: Any) -> dict[str, Any]:
    return {"sequence": list(parts)}


class TestSequence:
    @pytest.mark.parametrize(
        ("parts", "text", "quotes"),
        [
            ([phrase("甲"), phrase("乙")], "甲乙", ["甲乙"]),
            ([phrase("甲"), phrase("乙")], "甲一乙", []),
            ([phrase("甲"), {"gap": 1}, phrase("乙")], "甲一乙", ["甲一乙"]),
            ([phrase("甲"), {"gap": 1}, phrase("乙")], "甲一二乙", []),
            ([phrase("甲"), {"gap": 2}, phrase("乙")], "甲一二乙", ["甲一二乙"]),
            ([phrase("甲"), {"gap": 2}, phrase("乙")], "乙一甲", []),
            ([phrase("甲"), {"gap": 4}, phrase("乙")], "甲，乙", []),
            ([phrase("甲"), {"gap": 4, "across": "clause"}, phrase("乙")], "甲，乙", ["甲，乙"]),
            ([phrase("甲"), {"gap": 0, "across": "clause"}, phrase("乙")], "甲，乙", []),
            ([phrase("甲"), {"gap": 4, "across": "clause"}, phrase("乙")], "甲。乙", []),
            ([phrase("甲"), {"gap": 4, "across": "clause"}, phrase("乙")], "甲\n乙", []),
            ([phrase("甲"), {"gap": 4, "across": "clause"}, phrase("乙")], "甲；乙", []),
            ([phrase("甲"), {"gap": 4}, phrase("乙")], "甲：乙", []),
            ([phrase("甲"), {"gap": 3}, phrase("乙")], "甲一甲一乙", ["甲一乙"]),
            ([phrase("甲"), {"gap": 3}, phrase("乙")], "甲乙一乙", ["甲乙"]),
            ([phrase("甲"), {"gap": 1}, phrase("乙")], "甲乙甲乙", ["甲乙", "甲乙"]),
            (
                [phrase("甲"), {"gap": 1}, phrase("乙"), {"gap": 2}, phrase("丙")],
                "甲一乙二三丙",
                ["甲一乙二三丙"],
            ),
            ([phrase("甲"), {"gap": 1}, phrase("乙"), phrase("丙")], "甲一乙一丙", []),
            ([phrase("甲甲"), phrase("甲乙")], "甲甲乙", []),
        ],
    )
    def test_joins_its_parts_in_order(
        self, says: Says, parts: list[Any], text: str, quotes: list[str]
    ) -> None:
        assert says(order(*parts), text) == quotes

    def test_parts_may_be_any_node(self, world: World) -> None:
        world.lexicon("cure", "治", "根治")
        world.lexicon("ill", "糖尿病")
        either = {"any": [lexicon("ill"), {"pattern": "[0-9]+种病", "needs": ["种病"]}]}
        world.rule(order(lexicon("cure"), {"gap": 2}, either))
        assert world.quotes("根治了糖尿病，治12种病") == ["根治了糖尿病", "治12种病"]


def near(*parts: Any, within: int, **keys: Any) -> dict[str, Any]:
    return {"near": {"of": list(parts), "within": within} | keys}


class TestNear:
    @pytest.mark.parametrize(
        ("within", "scope", "text", "quotes"),
        [
            (2, "sentence", "甲一二乙", ["甲一二乙"]),
            (2, "sentence", "乙一二甲", ["乙一二甲"]),
            (2, "sentence", "甲一二三乙", []),
            (0, "sentence", "乙甲", ["乙甲"]),
            (5, "sentence", "甲，乙", ["甲，乙"]),
            (5, "clause", "甲，乙", []),
            (5, "clause", "甲一乙", ["甲一乙"]),
            (5, "sentence", "甲。乙", []),
            (5, "text", "甲。乙", ["甲。乙"]),
            (5, "sentence", "甲甲", []),
            (5, "sentence", "甲一甲乙", ["甲乙"]),
        ],
    )
    def test_two_nodes_in_any_order(
        self, says: Says, within: int, scope: str, text: str, quotes: list[str]
    ) -> None:
        assert says(near(phrase("甲"), phrase("乙"), within=within, scope=scope), text) == quotes

    @pytest.mark.parametrize(
        ("text", "quotes"),
        [
            ("甲一乙一丙", ["甲一乙一丙"]),
            ("丙一甲一乙", ["丙一甲一乙"]),
            ("甲一二乙丙", []),
            ("甲乙一一丙", []),
            ("甲乙", []),
        ],
    )
    def test_three_nodes_each_near_its_neighbour(self, says: Says, text: str, quotes: list[str]) -> None:
        assert says(near(phrase("甲"), phrase("乙"), phrase("丙"), within=1), text) == quotes

    def test_overlapping_words_are_not_neighbours(self, says: Says) -> None:
        assert says(near(phrase("最低"), phrase("低价"), within=3), "最低价") == []

    def test_the_default_scope_is_the_sentence(self, says: Says) -> None:
        assert says(near(phrase("甲"), phrase("乙"), within=3), "甲，乙") == ["甲，乙"]


class TestAnyAndAll:
    def test_any_takes_the_longest_of_overlapping_hits(self, says: Says) -> None:
        longer = order(phrase("最"), {"gap": 2}, phrase("价"))
        assert says({"any": [phrase("最低"), longer]}, "最低的价，最低") == ["最低的价", "最低"]

    def test_all_quotes_the_first_named_and_needs_the_others_anywhere(self, says: Says) -> None:
        node = {"all": [phrase("最低"), phrase("全网"), phrase("直播间")]}
        assert says(node, "最低。全网。直播间。最低") == ["最低", "最低"]
        assert says(node, "最低。全网") == []
        assert says(node, "全网直播间") == []


class TestEdges:
    def test_not_after(self, says: Says) -> None:
        node = phrase("第一", not_after=phrase("全国"))
        assert says(node, "全国第一，全省第一") == ["第一"]
        assert says(node, "全国的第一") == ["第一"]

    def test_not_before(self, world: World) -> None:
        world.lexicon("ordinals", "次", "步")
        world.rule(phrase("第一", not_before=lexicon("ordinals")))
        assert world.quotes("第一次第一步第一名") == ["第一"]
        [finding] = world.findings("第一次第一步第一名")
        assert finding.span.start == 6

    def test_both_at_once_and_inside_other_nodes(self, says: Says) -> None:
        node = order(
            phrase("最", not_after=phrase("之"), not_before=phrase("近")), {"gap": 3}, phrase("好", "便宜")
        )
        assert says(node, "之最好；最近便宜；最最便宜") == ["最便宜"]


class TestRequires:
    def test_must_stand_somewhere_and_is_not_quoted(self, says: Says) -> None:
        assert says("最低价", "最低价。都在直播间", requires=phrase("直播间")) == ["最低价"]
        assert says("最低价", "最低价", requires=phrase("直播间")) == []

    def test_may_be_a_node_of_any_kind(self, says: Says) -> None:
        requires = order(phrase("直播"), {"gap": 2}, phrase("专享"))
        assert says("最低价", "最低价，直播间专享", requires=requires) == ["最低价"]
        assert says("最低价", "最低价，直播，专享", requires=requires) == []


class TestWhiteList:
    @pytest.mark.parametrize(
        ("word", "white", "innocent", "guilty"),
        [
            ("口交", "路口交通", "路口交通", "口交"),
            ("黄片", "三黄片", "三黄片", "黄片"),
            ("大麻", "大麻烦", "大麻烦", "大麻叶"),
            ("第一", "第一时间", "第一时间发货", "第一名"),
            ("女", "女装", "女装上新", "女"),
        ],
    )
    def test_beats_every_shorter_hit(
        self, world: World, word: str, white: str, innocent: str, guilty: str
    ) -> None:
        world.lexicon("white_list", white)
        world.lexicon("bad", word)
        world.rule({"any": [lexicon("bad"), phrase(word)]})
        assert world.quotes(innocent) == []
        assert world.quotes(guilty) == [word]
        assert world.quotes(innocent + guilty) == [word]

    def test_does_not_beat_the_same_words_or_longer_ones(self, world: World) -> None:
        world.lexicon("white_list", "路口交通")
        world.rule(phrase("路口交通", "路口交通事故"))
        assert world.quotes("路口交通") == ["路口交通"]
        assert world.quotes("路口交通事故") == ["路口交通事故"]

    def test_wins_in_needs_guards_and_requirements_too(self, world: World) -> None:
        world.lexicon("white_list", "不得不", "第一时间")
        world.rule("买", unless=[{"before": phrase("不"), "gap": 3}], requires=phrase("第一"))
        assert world.quotes("第一名不得不买") == ["买"]
        assert world.quotes("第一时间不得不买") == []


def test_many_hits_are_bounded_but_never_lost(says: Says) -> None:
    quotes = says("最低", "最低，" * 500)
    assert 1 <= len(quotes) <= 500
    assert set(quotes) == {"最低"}
