"""What a reader concludes: rights, topics with scenes and parents, aspects, conducts."""

import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from fairstream.columns import ANNOTATIONS
from fairstream.opinion.cases import given
from fairstream.opinion.reading import Reader
from fairstream.text.fold import Folder
from opinion.lists import Lists, both, read


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    """Empty lists."""
    return Lists(tmp_path)


def aspects(lists: Lists, **keys: Any) -> None:
    """Two aspects and the words of any."""
    lists.negation("不", "没有", fillers=["很"])
    lists.write(
        "aspects.yaml",
        {
            "better": ["好", "满意"],
            "worse": ["差"],
            "ignore": ["好像", "差不多"],
            "contrast": ["但是"],
            "aspects": {
                "price": {
                    "title": both("p"),
                    "targets": ["价格", "性价比"],
                    "better": ["低"],
                    "worse": ["贵"],
                    "praise": ["划算"],
                    "complaint": ["先涨后降"],
                },
                "quality": {"title": both("q"), "targets": ["质量"], "things": ["手机"], "worse": ["坏"]},
            },
        }
        | keys,
    )


def test_columns_are_those_of_the_contract(lists: Lists) -> None:
    lists.topic("t", "甲")
    reader = lists.reader()
    found = reader.read(Folder().fold(["甲"], evasion=False), given(["neither"]))
    names = ("consumer_rights", "topics", "aspects", "entities", "conducts")
    assert [column.type for column in found] == [ANNOTATIONS.field(name).type for name in names]
    for column in found:
        column.validate(full=True)
        assert column.null_count == 0


def test_no_texts_and_empty_texts(lists: Lists) -> None:
    lists.topic("t", "甲")
    aspects(lists)
    assert lists.read() == {"rights": [], "topics": [], "aspects": [], "entities": [], "conducts": []}
    assert lists.topics("", "甲", "", "\n", "\x00") == [[], ["t"], [], [], []]


def test_a_sub_issue_counts_for_all_above_it(lists: Lists) -> None:
    lists.topic("a")
    lists.topic("a.b", "乙")
    lists.topic("a.b.c", "丙")
    lists.topic("z")
    lists.topic("d", "丁", parent="z")
    assert lists.topics("丙", "乙", "丁", "甲") == [["a", "a.b", "a.b.c"], ["a", "a.b"], ["d", "z"], []]


def test_topics_come_in_order_once_each(lists: Lists) -> None:
    for name in ("b", "a", "c"):
        lists.topic(name, "甲", "乙")
    assert lists.topics("甲乙甲。乙") == [["a", "b", "c"]]


def test_a_scene_stands_anywhere_in_the_text(lists: Lists) -> None:
    lists.lexicon("room", "直播间")
    lists.topic("live", "主播")
    lists.topic("live.fake", "假货", scene=["live", "room"])
    lists.topic("after", "退款", scene=["live.fake"])
    assert lists.topics("假货", "假货。主播", "直播间，假货", "退款。主播。假货", "退款。假货") == [
        [],
        ["live", "live.fake"],
        ["live", "live.fake"],
        ["after", "live", "live.fake"],
        [],
    ]


def test_a_scene_is_not_made_by_a_sub_issue(lists: Lists) -> None:
    lists.topic("live", "主播")
    lists.topic("live.a", "甲")
    lists.topic("live.b", "乙", scene=["live"])
    assert lists.topics("甲乙", "甲乙主播") == [["live", "live.a"], ["live", "live.a", "live.b"]]


def test_an_exception_strikes_only_what_it_touches(lists: Lists) -> None:
    lists.lexicon("not_fake", "不是假货", "打假")
    lists.topic("t", "假货", unless=["@not_fake"])
    assert lists.topics("不是假货", "打假货", "不是假货，都是假货", "打假。假货") == [[], [], ["t"], ["t"]]


def test_one_strong_sign_or_two_different_weak_ones(lists: Lists) -> None:
    weak = [{"any": ["买", "购"], "weight": "weak"}, {"any": ["货"], "weight": "weak"}]
    lists.gate("goods", {"any": ["消费者"]}, *weak)
    lists.topic("weak", "退", rights="weak")
    lists.topic("strong", "假", rights="strong")
    lists.topic("none", "热")
    texts = ["消费者", "买", "买购", "买。货", "买退", "退", "假", "热买", ""]
    assert lists.read(*texts)["rights"] == [True, False, False, True, True, False, True, False, False]


def test_a_scene_counts_before_the_gate(lists: Lists) -> None:
    lists.topic("live", "主播")
    lists.topic("fake", "假", rights="strong", scene=["live"])
    assert lists.read("假", "假主播")["rights"] == [False, True]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("价格好", ["price:praise"]),
        ("价格差", ["price:complaint"]),
        ("价格不好", ["price:complaint"]),
        ("价格不很好", ["price:complaint"]),
        ("价格不贵", ["price:praise"]),
        ("质量贵", []),
        ("价格低质量差", ["price:praise", "quality:complaint"]),
        ("差质量，价格低", ["price:praise", "quality:complaint"]),
        ("质量好但是差", ["quality:praise"]),
        ("质量好但是价格差", ["price:complaint", "quality:praise"]),
        ("质量真的，很好", ["quality:praise"]),
        ("质量差，很好", ["quality:complaint"]),
        ("质量真的。很好", []),
        ("质量好像", []),
        ("质量差不多", []),
        ("好满意", []),
        ("划算", ["price:praise"]),
        ("不划算", ["price:complaint"]),
        ("先涨后降", ["price:complaint"]),
        ("没有先涨后降", ["price:praise"]),
        ("质量好。质量差", ["quality:complaint", "quality:praise"]),
        ("质量好差", ["quality:complaint"]),
        ("质量差好好", ["quality:praise"]),
        ("手机坏", ["quality:complaint"]),
        ("价格质量好", ["quality:praise"]),
    ],
)
def test_opinions_belong_to_the_nearest_target(text: str, found: list[str], lists: Lists) -> None:
    aspects(lists)
    assert lists.read(text)["aspects"] == [found]


@pytest.mark.parametrize(
    ("text", "polarity", "found"),
    [
        ("看质量", "complaint", ["quality:complaint"]),
        ("看质量", "praise", ["quality:praise"]),
        ("看质量", "neither", []),
        ("看手机", "complaint", []),
        ("质量好，看质量", "complaint", ["quality:praise"]),
        ("质量好，看价格", "complaint", ["price:complaint", "quality:praise"]),
    ],
)
def test_a_bare_target_takes_the_polarity(text: str, polarity: str, found: list[str], lists: Lists) -> None:
    aspects(lists)
    assert lists.read(text, polarity=polarity)["aspects"] == [found]


def test_conducts_of_topics_need_a_complaint_on_rights(lists: Lists) -> None:
    lists.topic("a", "甲", conducts=["price_fraud", "fake_goods"], rights="strong")
    lists.topic("a.b", "乙", conducts=["fake_goods", "false_ad"])
    texts = ["甲", "乙", "甲乙", "丙"]
    assert lists.read(*texts, polarity="complaint")["conducts"] == [
        ["fake_goods", "price_fraud"],
        [],
        ["fake_goods", "false_ad", "price_fraud"],
        [],
    ]
    assert lists.read(*texts, polarity="praise")["conducts"] == [[]] * 4


def test_the_hook_is_asked_about_complaints_that_name_a_target(lists: Lists) -> None:
    asked: list[list[str]] = []

    def conducts_of(texts: list[str]) -> list[list[str]]:
        asked.append(texts)
        return [["trademark", "fake_goods"] if "假" in text else [] for text in texts]

    lists.topic("a", "甲", conducts=["price_fraud"], rights="strong")
    lists.entities("brand", {"子牌": []})
    lists.entities("platform", {"丑台": []})
    lists.entities("place", {"寅州": []})
    texts = ["甲子牌假", "甲 丑台寅州假", "子牌假", "甲子牌ＯＫ", "甲"]
    found = lists.read(*texts, polarity="complaint", conducts_of=conducts_of)["conducts"]
    assert asked == [["甲子牌假", "甲子牌ok"]]
    assert found == [
        ["fake_goods", "price_fraud", "trademark"],
        ["price_fraud"],
        [],
        ["price_fraud"],
        ["price_fraud"],
    ]
    assert lists.read("甲子牌", polarity="praise", conducts_of=conducts_of)["conducts"] == [[]]
    assert len(asked) == 1


def test_a_reader_survives_pickling(lists: Lists) -> None:
    lists.topic("t", "甲")
    aspects(lists)
    copy = pickle.loads(pickle.dumps(lists.reader()))  # noqa: S301 - our own bytes
    assert read(copy, "甲质量好") == lists.read("甲质量好")


def test_why_names_the_signs(lists: Lists) -> None:
    lists.topic("a", {"near": [["甲"], ["乙"]]}, "丙")
    lists.topic("b", "丙")
    why = lists.reader().why(Folder().fold(["丁", "乙。乙甲", "丙"], evasion=False))
    assert [(w.row, w.column, w.words) for w in why] == [
        (1, "a", [["乙"], ["甲"]]),
        (2, "a", [["丙"]]),
        (2, "b", [["丙"]]),
    ]


SHIPPED = [
    ("满减少了、规则简单了、不用凑单", ["rules:praise"]),
    ("套路深、规则复杂、看不懂", ["rules:complaint"]),
    ("质量很好但是物流太慢了", ["delivery:complaint", "quality:praise"]),
    ("价格便宜质量差", ["price:praise", "quality:complaint"]),
    ("客服态度不好，商家也不讲诚信", ["merchants:complaint", "platforms:complaint"]),
    ("虽然价格贵，但质量真的没话说", ["price:complaint", "quality:praise"]),
    ("退款很麻烦，客服不理人", ["after_sale:complaint", "platforms:complaint"]),
    ("物流不慢，挺快的", ["delivery:praise"]),
    ("快递小哥慢慢走", []),
    ("我的手机号", []),
]


@pytest.fixture(scope="module")
def shipped() -> Reader:
    """A reader of the shipped lists."""
    return Reader.open()


@pytest.mark.parametrize(("text", "found"), SHIPPED)
def test_aspects_of_the_shipped_lists(text: str, found: list[str], shipped: Reader) -> None:
    assert read(shipped, text)["aspects"] == [found]


def test_a_very_long_text(shipped: Reader) -> None:
    text = "在抖音李佳琦直播间买到假货，退款难。" * 15_000
    found = read(shipped, text, "甲", polarity="complaint")
    assert found["entities"] == [["host:李佳琦", "platform:抖音", "room:李佳琦直播间"], []]
    assert found["aspects"][0] == ["after_sale:complaint", "quality:complaint"]


def test_lists_are_arrow_lists_of_plain_strings(shipped: Reader) -> None:
    found = shipped.read(Folder().fold(["抖音", ""], evasion=False), given(["neither"] * 2))
    assert found.entities.type == pa.list_(pa.string())
    assert found.rights.type == pa.bool_()
