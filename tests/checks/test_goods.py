"""The table of goods the law treats apart: its citations, its patterns, and what a page must say."""

import re
from datetime import date
from pathlib import Path

import pytest

from fairstream.checks import DATA
from fairstream.checks.goods import CHECKS as COMPARISONS
from fairstream.checks.goods import Kind, load_kinds, of_kind
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.errors import RuleError
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Listing, ProductClass, Utterance

CHECKS = {name: Check(read_about(DATA / f"{name}.yaml"), compare) for name, compare in COMPARISONS.items()}
KINDS = load_kinds()


def kinds_of(title: str, product_class: ProductClass = "unknown", **more: str) -> list[str]:
    listing = Listing("p1", title, product_class=product_class, **more)  # type: ignore[arg-type]
    scene = Scene(Broadcast("b", "试播（虚构）", date(2026, 3, 1), listings=(listing,)))
    return [code for code, kind in KINDS.items() if of_kind(scene, listing, kind) is not None]


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_has_a_provision_that_resolves_and_a_way_to_be_told(code: str) -> None:
    kind = KINDS[code]
    assert kind.sale or kind.advertising
    assert kind.names or (kind.by_class and kind.classes)
    law = load_law()
    for citation in (*kind.sale, *kind.advertising):
        law.resolve(citation)
    for pattern in (*kind.names, *kind.unless):
        re.compile(pattern)


@pytest.mark.parametrize(
    ("title", "product_class", "codes"),
    [
        ("地西泮片", "drug", ["special_drug", "drug"]),
        ("地西泮片", "unknown", ["special_drug"]),
        ("地西泮同款香薰", "other", []),
        ("HPV九价疫苗预约", "medical_service", ["special_drug"]),
        ("疫苗接种本收纳", "unknown", []),
        ("某某片（處方藥）", "drug", ["drug", "prescription"]),
        ("某某片 RX", "drug", ["drug", "prescription"]),
        ("某某片 rxjs", "drug", ["drug"]),
        ("某某片 非处方药", "drug", ["drug"]),
        ("糖尿病适用全营养配方", "fsmp", ["complete_nutrition"]),
        ("肿瘤全营养配方", "fsmp", ["complete_nutrition"]),
        ("非全营养 肾病全营养说明", "fsmp", []),
        ("特医婴儿无乳糖配方", "fsmp", ["infant_special"]),
        ("雪茄剪", "unknown", []),
        ("雪茄", "unknown", ["tobacco"]),
        ("雪茄", "other", []),
        ("虎骨酒", "alcohol", ["wildlife"]),
        ("小虎牙发卡", "other", []),
        ("不是象牙的手串", "jewellery", []),
        ("弹簧刀", "unknown", ["forbidden"]),
        ("戒毒治疗仪", "device", ["detoxification"]),
        ("", "unknown", []),
    ],
)
def test_what_a_page_makes_of_goods(title: str, product_class: ProductClass, codes: list[str]) -> None:
    assert kinds_of(title, product_class) == codes


def test_category_and_attributes_count_too() -> None:
    assert kinds_of("神秘小杆", category="电子烟") == ["tobacco"]
    assert kinds_of("神秘小杆", category="电子烟收纳") == []
    assert kinds_of("神秘小杆", attributes={"类目": "雾化烟弹"}) == ["tobacco"]  # type: ignore[arg-type]


def test_outcomes_cite_the_provisions_of_their_kind() -> None:
    listing = Listing("p1", "雪茄（虚构）", product_class="tobacco")
    spoken = (Utterance("u1", "来看看", 1000),)
    broadcast = Broadcast("b", "试播（虚构）", date(2026, 3, 1), utterances=spoken, listings=(listing,))
    (sold,) = CHECKS["goods/not-live"].run(Scene(broadcast))
    (shown,) = CHECKS["goods/no-mass-ad"].run(Scene(broadcast))
    assert (sold.subject, sold.listing_id, shown.subject, shown.listing_id) == ("p1", "p1", "p1", "p1")
    assert sold.cites == KINDS["tobacco"].sale
    assert shown.cites == KINDS["tobacco"].advertising
    assert sold.why.zh.startswith("“雪茄（虚构）”疑为烟草制品与电子烟")
    assert shown.why.en.startswith("“雪茄（虚构）” were presented; they look like tobacco and e-cigarettes")
    assert [(side.quote, side.start_ms) for side in shown.said] == [("来看看", 1000), ("雪茄", None)]


def test_a_table_that_does_not_fit_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "kinds.yaml"
    file.write_text("a:\n  title: {zh: 甲, en: a}\n  clases: [drug]\n", "utf-8")
    with pytest.raises(RuleError, match=r"kinds\.yaml:3: a\.clases: Extra inputs") as caught:
        load_kinds(file)
    assert caught.value.remedy == "see the comment at the head of the table"


def test_without_a_permit_goods_are_suspected() -> None:
    assert Kind.model_validate({"title": {"zh": "甲", "en": "a"}}).without_permit == "suspected"
