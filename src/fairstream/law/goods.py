"""Which goods a statute or an article speaks of: a tea is not judged by the law of cosmetics."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from fairstream.errors import LawError
from fairstream.law.citation import Reference
from fairstream.records import ProductClass


@dataclass(frozen=True, slots=True)
class Goods:
    """Classes a provision speaks of (`only`) or leaves to others (`without`)."""

    only: frozenset[str] = frozenset()
    without: frozenset[str] = frozenset()

    def take(self, product_class: ProductClass) -> bool:
        """Whether the provision speaks of goods of this class; an unknown class is never ruled out."""
        if product_class == "unknown":
            return True
        return product_class not in self.without and (not self.only or product_class in self.only)


def read_goods(content: Mapping[str, Any], file: str) -> dict[str, Goods]:
    """The table by statute id or citation; LawError names an entry with an unknown class."""
    found = {}
    for name, entry in (content.get("goods") or {}).items():
        goods = Goods(frozenset(entry.get("only") or ()), frozenset(entry.get("not") or ()))
        strange = (goods.only | goods.without) - set(get_args(ProductClass))
        if strange:
            raise LawError(
                f"goods of {name}: no class named {', '.join(sorted(strange))}",
                file=file,
                remedy=f"one of {', '.join(get_args(ProductClass))}",
            )
        found[str(name)] = goods
    return found


def speaks_of(table: Mapping[str, Goods], reference: Reference, product_class: ProductClass) -> bool:
    """Whether the cited provision speaks of goods of this class."""
    entries = (table.get(reference.family), table.get(f"{reference.family}#{reference.article}"))
    return all(goods.take(product_class) for goods in entries if goods is not None)
