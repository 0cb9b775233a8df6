"""Names of firms: who sells in a room, and whether two names mean the same firm."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from fairstream.checks.about import fact
from fairstream.checks.scene import Scene
from fairstream.records import Side

_FORMS: Final = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|股份公司|集团公司|集团|总公司|分公司|公司|官方旗舰店|旗舰店|专卖店|专营店)+$"
)
_REGION: Final = re.compile(
    r"^(?:[一-鿿]{2,3}省|[一-鿿]{2,7}自治区)?(?:[一-鿿]{2,4}市)?(?:[一-鿿]{1,4}[区县])?"
)
_NOTE: Final = re.compile(r"[（(][^（）()]*[）)]")
LEAST: Final = 2
"""A shorter core of a name says nothing."""


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """A firm's name without notes in brackets, the region before it and the legal form behind it."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", name).lower())
    plain = _FORMS.sub("", _NOTE.sub("", plain))
    without = _REGION.sub("", plain)
    return without if len(without) >= LEAST else plain


def same_firm(one: str, other: str) -> bool:
    """Whether two names may mean one firm: the core of either stands in the other's, or they are equal."""
    first, second = core(one), core(other)
    if first == second:
        return bool(first)
    if min(len(first), len(second)) < LEAST:
        return False
    return first in second or second in first


def sellers(scene: Scene) -> list[tuple[str, Side]]:
    """Everyone the records name as selling in the room, with where that stands."""
    return list(dict(_sellers(scene)).items())


def _sellers(scene: Scene) -> Iterator[tuple[str, Side]]:
    facts = scene.facts
    for party in scene.broadcast.parties:
        if party.role == "seller":
            yield party.name, fact("parties", party.name)
    for shop in scene.broadcast.shops:
        if shop.operator:
            yield shop.operator, fact("shops", shop.operator, shop)
    if facts.seller_display is not None and facts.seller_display.seller_name:
        yield (
            facts.seller_display.seller_name,
            fact("seller_display", facts.seller_display.seller_name, facts.seller_display),
        )
