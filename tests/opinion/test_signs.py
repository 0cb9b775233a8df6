"""What is planned from lists: columns, units, roles of words."""

from pathlib import Path

from fairstream.opinion.signs import Flag, Role, Say, fold_words, plan
from fairstream.opinion.trie import hash_of, tables
from opinion.lists import Lists, both


def test_near_is_one_chain_for_each_order_of_its_parts(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", {"near": [["甲"], ["乙"], ["丙"]], "within": 3}, {"order": [["甲"], ["乙"]]}, "丁")
    made = plan(lists.load())
    words = {number: "".join(sorted(group)) for number, group in enumerate(made.groups)}
    chains = [("".join(words[part] for part in unit.parts), unit.within) for unit in made.units]
    near = ["甲乙丙", "甲丙乙", "乙甲丙", "乙丙甲", "丙甲乙", "丙乙甲"]
    assert sorted(chains) == sorted([*((chain, 3) for chain in near), ("甲乙", 12), ("丁", 12)])


def test_equal_parts_are_not_asked_twice(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("t", {"near": [["甲"], ["甲"]]})
    assert len(plan(lists.load()).units) == 1
    assert lists.topics("甲", "甲乙甲") == [[], ["t"]]


def test_lexicons_are_pooled_and_equal_lists_shared(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.lexicon("w", "甲", "乙")
    lists.topic("a", "@w")
    lists.topic("b", {"any": ["乙", "甲"]})
    assert plan(lists.load()).groups == [frozenset("甲乙")]


def test_words_of_aspects_have_their_roles(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    aspect = {
        "title": both("p"),
        "targets": ["价"],
        "things": ["货"],
        "better": ["低"],
        "complaint": ["太贵"],
    }
    lists.write("aspects.yaml", {"better": ["好"], "contrast": ["但"], "aspects": {"price": aspect}})
    made = plan(lists.load())
    assert made.says == {
        "好": [Say(-1, Role.WORD, 1)],
        "价": [Say(0, Role.TARGET, 0)],
        "货": [Say(0, Role.THING, 0)],
        "低": [Say(0, Role.WORD, 1)],
        "太贵": [Say(0, Role.PHRASE, -1)],
    }
    assert made.flags == {"但": Flag.CONTRAST, "价": Flag.TARGET, "货": Flag.TARGET, "太贵": Flag.TARGET}


def test_words_that_fold_alike_are_one(tmp_path: Path) -> None:
    lists = Lists(tmp_path)
    lists.topic("a", "ＡＰＰ")
    lists.topic("b", "app")
    assert tables(plan(lists.load()))[1] == ["app"]
    assert lists.topics("App") == [["a", "b"]]


def test_folding_keeps_the_order_and_the_empty() -> None:
    assert fold_words(["雙11", "", "\u200b", "AA"]) == ["双11", "", "", "aa"]


def test_the_hash_stays_in_its_table() -> None:
    keys = [node << 21 | code for node in (0, 1, 2**20, 2**30) for code in (0, 0x4E00, 0x10FFFF)]
    assert all(0 <= hash_of(key, 64) < 64 for key in keys)


def test_lists_without_a_word_read_nothing(tmp_path: Path) -> None:
    tmp_path.joinpath("topics").mkdir()
    found = Lists(tmp_path).read("甲", "")
    assert found == {
        "rights": [False, False],
        "topics": [[], []],
        "aspects": [[], []],
        "entities": [[], []],
        "conducts": [[], []],
    }
