"""Materials, places and firms: vocabulary, what a label leaves open, and both sides of an outcome."""

from datetime import date

import pytest

from fairstream.checks import DATA
from fairstream.checks.label import CHECKS
from fairstream.checks.label_firms import core, same_firm, sellers
from fairstream.checks.label_places import Spot, in_china, places, relation, within
from fairstream.checks.library import Check, read_about
from fairstream.checks.materials import bounds, materials, pure_bounds, read_shares
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, Label, SellerDisplay
from fairstream.records import Broadcast, Listing, Party, Shop, Utterance

HEILONGJIANG = Spot("china", "heilongjiang")
WUCHANG = Spot("china", "heilongjiang", "五常")
HARBIN = Spot("china", "heilongjiang", "哈尔滨")
CHINA = Spot("china")


def check(name: str) -> Check:
    return Check(read_about(DATA / f"label/{name}.yaml"), CHECKS[f"label/{name}"])


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("棉", "cotton"),
        ("精梳棉", "cotton"),
        ("珍珠棉", "polyester"),
        ("人造棉", "viscose"),
        ("Cotton", "cotton"),
        ("再生纤维素纤维（莫代尔）", "viscose"),
        ("山羊绒", "cashmere"),
        ("仿羊绒", "polyester"),
        ("头层牛皮", "top_grain"),
        ("二层牛皮革", "split"),
        ("PU", "imitation_leather"),
        ("pure", None),
        ("18K金", "gold"),
        ("锌合金镀金", "plated"),
        ("翡翠（A货）", "jadeite"),
        ("翡翠（B货）", "treated_jadeite"),
        ("316L", "steel316"),
        ("13160", None),
        ("莨绸", None),
        ("", None),
    ],
)
def test_names_on_labels(written: str, code: str | None) -> None:
    found = materials().of_label(written)
    assert (found.code if found else None) == code


def test_every_kind_leads_to_a_known_material_and_no_name_has_two() -> None:
    words = materials()
    assert all(one.parent in ("", *words.by_code) for one in words.by_code.values())
    assert all(one.part in ("", *words.parts) for one in words.by_code.values())
    names = [name for name, _ in words.labels]
    assert len(names) == len(set(names))
    said = [word for one in words.by_code.values() for word in (*one.said, *one.shared, *one.grades)]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("code", "wider", "is_kind"),
    [
        ("top_grain", "leather", True),
        ("leather", "leather", True),
        ("leather", "cowhide", False),
        ("split", "top_grain", False),
        ("cotton", "leather", False),
    ],
)
def test_kinds(code: str, wider: str, is_kind: bool) -> None:
    assert materials().kind_of(code, wider) is is_kind


@pytest.mark.parametrize(
    ("shares", "code", "part", "least", "most", "hidden"),
    [
        ({"棉": 65.0, "聚酯纤维": 35.0}, "cotton", "", 65, 65, False),
        ({"棉": 65.0}, "cotton", "", 65, 65, False),
        ({"棉": 65.0}, "wool", "", 0, 35, False),
        ({"棉": 99.5}, "wool", "", 0, 0, False),
        ({"棉": 99.4}, "wool", "", 0, pytest.approx(0.6), False),
        ({"棉": 60.0, "莨绸": 40.0}, "silk", "", 0, 40, True),
        ({"棉": 60.0, "莨绸": 40.0}, "cotton", "", 60, 60, False),
        ({"蚕丝": 30.0, "桑蚕丝": 20.0, "棉": 50.0}, "mulberry", "", 20, 50, True),
        ({"桑蚕丝": 20.0, "柞蚕丝": 30.0, "棉": 50.0}, "silk", "", 50, 50, False),
        ({"面料棉": 100.0, "里料涤纶": 100.0}, "cotton", "lining", 0, 0, False),
        ({"面料棉": 100.0, "里料涤纶": 100.0}, "cotton", "shell", 100, 100, False),
        ({"面料棉": 80.0, "面料氨纶": 20.0, "里料棉": 90.0, "里料涤纶": 10.0}, "cotton", "", 90, 90, False),
        ({"棉": 80.0, "氨纶": 20.0}, "cotton", "shell", 80, 80, False),
        ({"棉": 100.0}, "cotton", "lining", 0, 100, True),
        ({"白鸭绒": 90.0}, "down", "", 90, 90, False),
        ({"锦纶": 100.0}, "down", "", 0, 100, True),
        ({"绒子含量": 86.0, "白鸭绒": 100.0}, "down_content", "", 86, 86, False),
        ({"绒子含量": 86.0, "白鸭绒": 100.0}, "duck", "", 100, 100, False),
        ({}, "cotton", "", 0, 100, True),
    ],
)
def test_what_a_label_leaves_open(
    shares: dict[str, float], code: str, part: str, least: float, most: float, hidden: bool
) -> None:
    told = bounds(shares, code, part)
    assert (told.least, told.most, told.hidden) == (least, most, hidden)


@pytest.mark.parametrize(
    ("texts", "shares"),
    [
        (["棉65% 聚酯纤维35%"], {"棉": 65, "聚酯纤维": 35}),
        (["65%棉，35%聚酯纤维"], {"棉": 65, "聚酯纤维": 35}),
        (["面料：棉 95.5%/氨纶 4.5%"], {"面料：棉": 95.5, "氨纶": 4.5}),
        (["头层牛皮"], {"头层牛皮": 100}),
        (["均码", "折扣50%"], {}),
        ([], {}),
    ],
)
def test_shares_in_attributes(texts: list[str], shares: dict[str, float]) -> None:
    assert read_shares(texts) == shares


@pytest.mark.parametrize("text", ["棉、涤纶", "牛皮/羊皮", "棉和麻", "羊毛+羊绒"])
def test_several_names_without_shares_are_no_whole(text: str) -> None:
    assert read_shares([text]) == {}


@pytest.mark.parametrize(
    ("shares", "code", "least", "most"),
    [
        ({"牛肉": 70, "鸭肉": 30}, "beef", 70, 70),
        ({"牛肉": 70, "食用盐": 30}, "beef", 70, 100),
        ({"牛肉": 40, "牦牛肉": 20, "大豆蛋白": 25}, "beef", 60, 75),
        ({"牛肉": 60, "肉类": 40}, "beef", 60, 100),
        ({"猪肉": 60, "鸡肉": 30}, "meat", 90, 100),
        ({"鸭肉": 98, "牛肉味香精": 2}, "beef", 0, 0),
        ({"鸭肉": 60}, "beef", 0, 40),
        ({"水": 88, "浓缩橙汁": 12}, "orange_juice", 0, 100),
        ({"水": 70, "橙汁": 30}, "orange_juice", 30, 30),
        ({"泉水": 70, "橙汁": 30}, "orange_juice", 30, 100),
        ({"花生油": 20, "大豆油": 80}, "peanut_oil", 20, 20),
    ],
)
def test_only_its_family_counts_against_a_pure_ingredient(
    shares: dict[str, float], code: str, least: float, most: float
) -> None:
    told = pure_bounds(shares, code)
    assert (told.least, told.most) == (least, most)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("黑龙江省五常市", {WUCHANG}),
        ("中国黑龙江", {HEILONGJIANG}),
        ("Made in China", {CHINA}),
        ("印度尼西亚", {Spot("indonesia")}),
        ("内蒙古锡林郭勒", {Spot("china", "inner_mongolia", "锡林郭勒")}),
        ("法国、意大利", {Spot("france"), Spot("italy")}),
        ("见瓶身", set()),
    ],
)
def test_places_in_texts(text: str, found: set[Spot]) -> None:
    assert places().found(text) == found


def test_places_lie_within_each_other() -> None:
    assert within(WUCHANG, CHINA)
    assert within(WUCHANG, WUCHANG)
    assert not within(CHINA, WUCHANG)
    assert not within(Spot("france"), CHINA)
    assert relation(WUCHANG, WUCHANG) == "same"
    assert relation(HEILONGJIANG, HARBIN) == "same"
    assert relation(WUCHANG, HEILONGJIANG) == "wider"
    assert relation(WUCHANG, CHINA) == "wider"
    assert relation(WUCHANG, HARBIN) == "near"
    assert relation(WUCHANG, Spot("china", "liaoning")) == "other"
    assert relation(Spot("france"), CHINA) == "other"


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("中国", True),
        ("浙江杭州", True),
        ("法国", False),
        ("香港", None),
        ("中国台湾", None),
        ("法国原料中国灌装", None),
        ("", None),
    ],
)
def test_what_is_in_china(text: str, home: bool | None) -> None:
    assert in_china(text) is home


def test_goods_named_after_places_name_known_places() -> None:
    assert set(places().goods.values()) <= set(places().spots)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("青禾针织有限公司（虚构）", "青禾针织"),
        ("浙江省义乌市青禾针织有限公司", "青禾针织"),
        ("青禾针织官方旗舰店", "青禾针织"),
        ("上海市公司", "上海市"),
        ("青禾", "青禾"),
        ("", ""),
    ],
)
def test_core_of_a_name(name: str, kept: str) -> None:
    assert core(name) == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("青禾针织有限公司", "义乌市青禾针织集团", True),
        ("青禾", "青禾针织有限公司", True),
        ("青禾针织", "远山针织", False),
        ("有限公司", "远山针织有限公司", False),
        ("青", "青禾针织", False),
    ],
)
def test_same_firm(one: str, other: str, same: bool) -> None:
    assert same_firm(one, other) is same
    assert same_firm(other, one) is same


def test_sellers_are_named_once_each_and_a_host_is_none() -> None:
    broadcast = Broadcast(
        "b",
        "t",
        date(2026, 3, 1),
        parties=(Party("seller", "甲"), Party("host", "丙"), Party("seller", "甲")),
        shops=(Shop("s", "店", operator="乙"), Shop("s2", "店二")),
    )
    scene = Scene(broadcast, Facts(seller_display=SellerDisplay(seller_name="丁")))
    assert [(name, side.fact) for name, side in sellers(scene)] == [
        ("甲", "parties"),
        ("乙", "shops"),
        ("丁", "seller_display"),
    ]


def test_the_cotton_case_shows_words_and_label() -> None:
    broadcast = Broadcast(
        "b",
        "t",
        date(2026, 3, 1),
        utterances=(Utterance("u1", "这件百分百纯棉", start_ms=1000),),
        listings=(Listing("a", "短袖"),),
    )
    label = Label("a", materials={"棉": 65.0, "聚酯纤维": 35.0})
    (outcome,) = check("material").run(Scene(broadcast, Facts(labels=(label,))))
    assert outcome.why == (
        "称“百分百纯棉”（棉 100%），而标签所示该成分为 65%，涉嫌虚假宣传",
        "“百分百纯棉” was said (100% cotton); the label gives 65%: suspected false publicity",
    )
    assert (outcome.said[0].quote, outcome.said[0].start_ms) == ("百分百纯棉", 1000)
    assert outcome.known[0].text == ("标签：棉 65%，聚酯纤维 35%", "label: 棉 65%，聚酯纤维 35%")
    assert (outcome.known[0].fact, outcome.listing_id) == ("labels", "a")


def test_no_more_than_five_sides_are_shown() -> None:
    said = tuple(Utterance(f"u{i}", "这件是纯棉的") for i in range(9))
    broadcast = Broadcast("b", "t", date(2026, 3, 1), utterances=said, listings=(Listing("a", "短袖"),))
    (outcome,) = check("material").run(Scene(broadcast, Facts()))
    assert len(outcome.said) == 5
    assert "等 9 处" in outcome.why.zh


def test_a_listing_is_not_held_against_itself() -> None:
    listing = Listing("a", "纯棉短袖", attributes={"材质": "聚酯纤维100%"})
    (outcome,) = check("material").run(Scene(Broadcast("b", "t", date(2026, 3, 1), listings=(listing,))))
    assert (outcome.verdict, outcome.reason) == ("undecidable", "no-label")


def test_origin_and_producer_tell_both_sides() -> None:
    broadcast = Broadcast(
        "b",
        "t",
        date(2026, 3, 1),
        parties=(Party("seller", "河口商贸"),),
        utterances=(
            Utterance("u1", "产自法国"),
            Utterance("u2", "全部原装进口"),
            Utterance("u3", "厂家直销"),
        ),
        listings=(Listing("a", "红酒"),),
    )
    labels = (Label("a", origin="浙江", producer="云岭酒厂"), Label("a", origin="山东", producer="云岭酒厂"))
    scene = Scene(broadcast, Facts(labels=labels))
    named, imported = check("origin").run(scene)
    assert named.why.zh.startswith("称“产自法国”（法国），而标签产地为“浙江、山东”")
    assert "(imported); the label gives “浙江、山东”" in imported.why.en
    assert named.known[0].text == ("标签产地：浙江", "origin: 浙江")
    (own,) = check("producer").run(scene)
    assert own.why.zh.startswith("称“厂家直销”，而标签生产者为“云岭酒厂”，与经营者“河口商贸”名称不符")
    assert [side.fact for side in own.known] == ["labels", "labels", "parties"]
