"""Goods a provision speaks of: the table, its edges, its refusals; nothing here is real law."""

import pytest

from fairstream.errors import LawError
from fairstream.law.citation import parse_citation
from fairstream.law.goods import Goods, read_goods, speaks_of
from fairstream.records import ProductClass


def test_the_table_is_read_by_statute_or_citation() -> None:
    content = {"goods": {"tea": {"only": ["drug", "cosmetics"]}, "tea#3": {"not": ["alcohol"]}, 5: {}}}
    assert read_goods(content, "goods.yaml") == {
        "tea": Goods(frozenset({"drug", "cosmetics"}), frozenset()),
        "tea#3": Goods(frozenset(), frozenset({"alcohol"})),
        "5": Goods(),
    }
    both = read_goods({"goods": {"tea": {"only": ["drug"], "not": ["alcohol"]}}}, "goods.yaml")
    assert both == {"tea": Goods(frozenset({"drug"}), frozenset({"alcohol"}))}


@pytest.mark.parametrize("content", [{}, {"goods": None}, {"goods": {}}], ids=["none", "null", "empty"])
def test_a_file_without_goods_holds_none(content: dict[str, object]) -> None:
    assert read_goods(content, "goods.yaml") == {}


@pytest.mark.parametrize(
    ("entry", "named"),
    [
        ({"only": ["tea", "drug", "rice"]}, "rice, tea"),
        ({"not": ["stone", "drug"]}, "stone"),
        ({"only": ["tea"], "not": ["rice"]}, "rice, tea"),
    ],
    ids=["only", "not", "both"],
)
def test_an_unknown_class_is_refused_with_those_known(entry: dict[str, list[str]], named: str) -> None:
    with pytest.raises(LawError) as caught:
        read_goods({"goods": {"fine": {}, "tea-law": entry}}, "goods.yaml")
    error = caught.value
    assert (error.cause, error.file, error.line) == (
        f"goods of tea-law: no class named {named}",
        "goods.yaml",
        None,
    )
    assert error.remedy is not None
    listed = error.remedy.removeprefix("one of ").split(", ")
    assert error.remedy.startswith("one of ")
    assert {"drug", "cosmetics", "unknown"} <= set(listed)


@pytest.mark.parametrize(
    ("goods", "product_class", "takes"),
    [
        (Goods(), "drug", True),
        (Goods(only=frozenset({"drug"})), "drug", True),
        (Goods(only=frozenset({"drug"})), "cosmetics", False),
        (Goods(without=frozenset({"drug"})), "drug", False),
        (Goods(without=frozenset({"drug"})), "cosmetics", True),
        (Goods(frozenset({"drug"}), frozenset({"drug"})), "drug", False),
        (Goods(only=frozenset({"drug"})), "unknown", True),
        (Goods(without=frozenset({"unknown"})), "unknown", True),
    ],
)
def test_a_provision_takes_goods(goods: Goods, product_class: ProductClass, takes: bool) -> None:
    assert goods.take(product_class) is takes


@pytest.mark.parametrize(
    ("citation", "product_class", "speaks"),
    [
        ("tea#1", "drug", True),
        ("tea#1", "cosmetics", True),
        ("tea#1", "alcohol", False),
        ("tea#3", "drug", True),
        ("tea#3(2)", "cosmetics", False),
        ("tea#3", "alcohol", False),
        ("coffee#3", "alcohol", True),
        ("coffee#4", "alcohol", False),
        ("coffee#4", "unknown", True),
    ],
)
def test_statute_and_article_must_both_speak_of_them(
    citation: str, product_class: ProductClass, speaks: bool
) -> None:
    table = {
        "tea": Goods(only=frozenset({"drug", "cosmetics"})),
        "tea#3": Goods(without=frozenset({"cosmetics"})),
        "coffee#4": Goods(only=frozenset({"drug"})),
    }
    assert speaks_of(table, parse_citation(citation), product_class) is speaks
