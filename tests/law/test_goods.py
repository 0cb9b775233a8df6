"""Which goods a provision speaks of."""

from datetime import date

import pytest

from fairstream.detect.shipped import open_scanner
from fairstream.errors import LawError
from fairstream.law.goods import read_goods
from fairstream.law.resolve import load_law
from fairstream.records import ProductClass, Text


@pytest.mark.parametrize(
    ("citation", "product_class", "speaks"),
    [
        ("cosmetics-regulations#43", "cosmetics", True),
        ("cosmetics-regulations#43", "ordinary_food", False),
        ("cosmetics-regulations#43", "unknown", True),
        ("food-safety-law#73", "alcohol", True),
        ("food-safety-law#73", "clothing", False),
        ("advertising-law#17", "ordinary_food", True),
        ("advertising-law#17", "drug", False),
        ("advertising-law#18", "ordinary_food", False),
        ("advertising-law#9", "jewellery", True),
        ("anti-unfair-competition-law#9", "drug", True),
    ],
)
def test_a_provision_speaks_of_its_own_goods(
    citation: str, product_class: ProductClass, speaks: bool
) -> None:
    assert load_law().speaks_of(citation, product_class) is speaks


def test_every_entry_names_a_statute_that_is_known() -> None:
    law = load_law()
    for name in law.goods:
        assert law.family(name.partition("#")[0])


def test_an_unknown_class_is_refused_with_the_file() -> None:
    with pytest.raises(LawError, match="no class named tea") as caught:
        read_goods({"goods": {"some-law": {"only": ["tea"]}}}, "goods.yaml")
    assert caught.value.file == "goods.yaml"
    assert caught.value.remedy


def test_a_tea_is_not_judged_by_the_law_of_cosmetics() -> None:
    scanner = open_scanner(today=date(2026, 3, 1))
    for product, other in (("普洱茶", "cosmetics-regulations"), ("保湿面霜", "food-safety-law")):
        text = Text("1", "用了它根治糖尿病和高血压", product=product, medium="speech", speaker="host")
        found = [c.instrument for finding in scanner.scan([text])[0] for c in finding.citations]
        assert found
        assert other not in found
