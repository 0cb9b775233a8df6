"""A table of kinds of numbers is read whole, and what does not fit is named."""

from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import LawError
from fairstream.law.identifiers_kinds import Kinds, load_kinds
from fairstream.records import Words

TABLE = """
variants: {號: 号, '—': '-'}
kinds:
  uscc:
    title: {zh: 信用代码, en: credit code}
    like: '9[0-9A-Z]{3}'
    shape: '9(?P<body>[0-9]{3})'
    check: uscc
    source: made up
  licence:
    title: {zh: 许可证, en: licence}
    like: '%P证[0-9]{2,6}'
    shape: '(?P<province>[%P])证(?P<category>[0-9]{2})'
    check: mod_11_10
    class_of: category
    valid_from: 2015-10-01
    outdated_from: 2018-09-30
    source: made up too
    unverified: {zh: 未核实, en: not verified}
  drug:
    title: {zh: 药, en: drug}
    like: '药[0-9]+'
    shape: '药[0-9]{3}'
    product_class: drug
    source: 第三
classes:
  licence: {'27': health_food, '28': fsmp}
provinces: {'11': 京, '33': 浙}
food_categories: {1: 32, '2': '3'}
licences: {food: [许可, 食品许可], drug: [药品许可证], other: [证]}
"""


@pytest.fixture
def kinds(tmp_path: Path) -> Kinds:
    file = tmp_path / "identifiers.yaml"
    file.write_text(TABLE, "utf-8")
    return load_kinds(file)


def test_every_part_of_a_kind_is_read(kinds: Kinds) -> None:
    first, licence, drug = kinds.kinds
    assert (first.id, first.title) == ("uscc", Words("信用代码", "credit code"))
    assert (first.source, first.check) == ("made up", "uscc")
    assert (first.product_class, first.class_part, first.classes) == (None, None, None)
    assert (first.valid_from, first.outdated_from, first.unverified) == (None, None, None)
    assert (first.like.pattern, first.shape.pattern) == (
        "(?<![0-9A-Z])(?:9[0-9A-Z]{3})(?![0-9A-Z])",
        "9(?P<body>[0-9]{3})",
    )
    assert (licence.id, licence.title) == ("licence", Words("许可证", "licence"))
    assert (licence.source, licence.check) == ("made up too", "mod_11_10")
    assert (licence.product_class, licence.class_part) == (None, "category")
    assert licence.classes == {"27": "health_food", "28": "fsmp"}
    assert (licence.valid_from, licence.outdated_from) == (date(2015, 10, 1), date(2018, 9, 30))
    assert licence.unverified == Words("未核实", "not verified")
    assert licence.like.pattern == "(?<![0-9A-Z])(?:京浙证[0-9]{2,6})(?![0-9A-Z])"
    assert licence.shape.pattern == "(?P<province>[京浙])证(?P<category>[0-9]{2})"
    assert (drug.id, drug.product_class, drug.check, drug.source) == ("drug", "drug", None, "第三")


def test_a_number_is_found_between_other_characters_only(kinds: Kinds) -> None:
    like = kinds.kinds[0].like
    assert [match[0] for match in like.finditer("码9123，9ABC码 09123 9123A a9999z")] == [
        "9123",
        "9ABC",
        "9999",
    ]


@pytest.mark.parametrize(
    ("category", "goods"), [("27", "health_food"), ("28", "fsmp"), ("29", None), (None, None)]
)
def test_the_class_is_told_by_a_part(kinds: Kinds, category: str | None, goods: str | None) -> None:
    parts = {} if category is None else {"category": category}
    assert kinds.kinds[1].class_of(parts) == goods
    assert kinds.kinds[2].class_of(parts) == "drug"
    assert kinds.kinds[0].class_of(parts) is None


def test_the_tables_beside_the_kinds_are_read(kinds: Kinds) -> None:
    assert kinds.food_categories == {"1": 32, "2": 3}
    assert kinds.provinces == {"11": "京", "33": "浙"}
    assert list(kinds.licences.items()) == [
        ("药品许可证", "drug"),
        ("食品许可", "food"),
        ("许可", "food"),
        ("证", "other"),
    ]


def test_normal_spelling_keeps_every_position(kinds: Kinds) -> None:
    text = "ａｚＡ９～！號—a z\u3000\u200b\u200c\u200d\u2060\ufeff\xad証"
    normal = kinds.normal(text)
    assert normal == "AZA9~!号-A Z" + " " * 7 + "証"
    assert len(normal) == len(text)


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ("check: uscc", "check: luhn", "uscc: an unknown class of goods or check"),
        ("'28': fsmp", "'28': soup", "licence: an unknown class of goods or check"),
        ("product_class: drug", "product_class: pill", "drug: an unknown class of goods or check"),
        ("provinces:", "states:", "'provinces'"),
        ("    source: 第三\n", "", "'source'"),
        ("{zh: 药, en: drug}", "{zh: 药}", "en"),
        ("2018-09-30", "'2018-09-31'", "day is out of range for month"),
        ("1: 32", "1: many", "invalid literal for int"),
        ("shape: '药[0-9]{3}'", "shape: '药[0-9'", "unterminated character set"),
    ],
)
def test_a_table_that_does_not_fit_is_named(tmp_path: Path, old: str, new: str, cause: str) -> None:
    assert TABLE.count(old) == 1
    file = tmp_path / "broken.yaml"
    file.write_text(TABLE.replace(old, new), "utf-8")
    with pytest.raises(LawError) as caught:
        load_kinds(file)
    assert caught.value.cause.startswith("not a table of numbers: ")
    assert cause in caught.value.cause
    assert (caught.value.file, caught.value.remedy) == (str(file), "see the comment at its top")


def test_a_day_that_does_not_exist_is_refused_as_unreadable(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(TABLE.replace("2018-09-30", "2018-09-31"), "utf-8")
    with pytest.raises(LawError, match="not readable as YAML: day is out of range for month"):
        load_kinds(file)
