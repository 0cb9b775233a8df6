"""Names from lists and names by pattern."""

from pathlib import Path

import pytest

from fairstream.opinion.reading import Reader
from opinion.lists import Lists, read


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Empty lists."""
    return Lists(tmp_path)


@pytest.fixture(scope="module")
def shipped() -> Reader:
    """A reader of the shipped lists."""
    return Reader.open()


def test_aliases_stand_for_the_name_once(lists: Lists) -> None:
    lists.entities("brand", {"子": ["丑", "Ｚi"]})
    assert lists.read("丑子zi", "寅")["entities"] == [["brand:子"], []]


def test_ambiguous_names_count_beside_their_words_only(lists: Lists) -> None:
    lists.entities(
        "brand",
        {"苹果": {"aliases": ["iphone"], "ambiguous": ["苹果"], "needs": ["手机"], "not": ["苹果醋"]}},
    )
    texts = ["苹果", "苹果。手机", "iphone", "苹果醋，手机", "手机"]
    assert lists.read(*texts)["entities"] == [[], ["brand:苹果"], ["brand:苹果"], [], []]


def test_the_longest_name_wins(lists: Lists) -> None:
    lists.entities("platform", {"淘宝": []})
    lists.entities("brand", {"云南白药": []})
    lists.write(
        "entities/more.yaml", {"kind": "platform", "title": {"zh": "x", "en": "x"}, "names": {"淘宝直播": []}}
    )
    lists.entities("place", {"云南": []})
    assert lists.read("淘宝直播", "淘宝。淘宝直播", "云南白药", "云南")["entities"] == [
        ["platform:淘宝直播"],
        ["platform:淘宝", "platform:淘宝直播"],
        ["brand:云南白药"],
        ["place:云南"],
    ]


def test_one_word_may_name_several(lists: Lists) -> None:
    lists.entities("brand", {"甲": ["子"]})
    lists.entities("host", {"乙": ["子"]})
    assert lists.read("子")["entities"] == [["brand:甲", "host:乙"]]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@抖音小王子 你好", []),
        ("转发：@抖音小王子：假货", []),
        ("@抖音", ["platform:抖音"]),
        ("@抖音 给我退", ["platform:抖音"]),
        ("@小王 抖音", ["platform:抖音"]),
        ("@小王，抖音", ["platform:抖音"]),
        ("@" + "王" * 30 + "抖音", ["platform:抖音"]),
        ("@张三旗舰店 假货", []),
        ("谢谢@张三旗舰店 老板", []),
    ],
)
def test_names_in_mentions_do_not_count(text: str, found: list[str], shipped: Reader) -> None:
    assert read(shipped, text)["entities"] == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("我在花西子官方旗舰店买的", ["brand:花西子", "shop:花西子官方旗舰店"]),
        ("在抖音花西子旗舰店买的", ["brand:花西子", "platform:抖音", "shop:花西子旗舰店"]),
        ("李佳琦直播间", ["host:李佳琦", "room:李佳琦直播间"]),
        ("晨雾旗舰店", ["shop:晨雾旗舰店"]),
        ("投诉晨雾食品专营店！", ["shop:晨雾食品专营店"]),
        ("【晨雾旗舰店】", ["shop:晨雾旗舰店"]),
        ("旗舰店", []),
        ("官方旗舰店", []),
        ("雾旗舰店", []),
        ("这个直播间", []),
        ("我在直播间买的", []),
        ("主播直播间", []),
        ("昨天晚上直播间", []),
        ("某某旗舰店", []),
        ("晨雾 旗舰店", []),
        ("晨😀雾旗舰店", []),
        ("张**旗舰店", []),
        ("花西子 旗舰店", ["brand:花西子", "shop:花西子旗舰店"]),
        ("晨" * 15 + "旗舰店", []),
        ("某地关闭至少60家专卖店", []),
        ("一男子直播间", []),
        ("王女士直播间", []),
    ],
)
def test_names_by_pattern(text: str, found: list[str], shipped: Reader) -> None:
    assert read(shipped, text)["entities"] == [found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("吃苹果", []),
        ("苹果手机", ["brand:苹果"]),
        ("喝小米粥", []),
        ("这条裙子完美的", []),
        ("美的空调", ["brand:美的"]),
        ("包头鞋", []),
        ("长沙发", []),
        ("寄到长沙", ["place:长沙"]),
        ("北海道", []),
        ("京东方", []),
        ("jd自营", ["platform:京东"]),
        ("去北京买花西子", ["brand:花西子", "place:北京"]),
        ("三只松鼠", ["brand:三只松鼠"]),
        ("变成都市", []),
        ("转发微博", []),
        ("在微博上看到", ["platform:微博"]),
    ],
)
def test_names_that_are_common_words(text: str, found: list[str], shipped: Reader) -> None:
    assert read(shipped, text)["entities"] == [found]


def test_a_pattern_reads_each_row_for_itself(shipped: Reader) -> None:
    found = read(shipped, "花西子", "旗舰店", "晨雾旗舰店", "", "旗舰店晨雾旗舰店")
    assert found["entities"] == [["brand:花西子"], [], ["shop:晨雾旗舰店"], [], ["shop:晨雾旗舰店"]]
