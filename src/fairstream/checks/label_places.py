"""Places goods come from: names in words and on labels, and how places lie within each other."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from fairstream.rules.yamlfile import load_yaml

TABLE: Final = Path(__file__).parent / "data" / "label" / "places.table.yaml"
Relation = Literal["same", "wider", "near", "other"]
CHINA: Final = "china"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place: its country, and below China the province and the place in it.

    `customs` marks parts of China whose goods are imported from a customs territory of their own.
    """

    country: str
    province: str = ""
    town: str = ""
    customs: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """All names of places and of goods named after places."""

    spots: dict[str, Spot]
    goods: dict[str, str]
    name: str
    """Pattern of any name of a place, longest first, without groups."""

    def found(self, text: str) -> frozenset[Spot]:
        """The places a text names; of a place and what lies around it only the narrower."""
        spots = {self.spots[name] for name in re.findall(self.name, text.lower())}
        return frozenset(
            one for one in spots if not any(one != other and within(other, one) for other in spots)
        )


def within(inner: Spot, outer: Spot) -> bool:
    """Whether a place is the other or lies in it."""
    return (
        inner.country == outer.country
        and outer.province in ("", inner.province)
        and outer.town in ("", inner.town)
    )


def relation(claimed: Spot, marked: Spot) -> Relation:
    """How the place marked on a label stands to the one claimed.

    `same`: it is the place claimed or lies in it; `wider`: the claim lies somewhere in it; `near`: another
    place of the same province, which may still lie in it; `other`: neither.
    """
    if within(marked, claimed):
        return "same"
    if within(claimed, marked):
        return "wider"
    same_province = claimed.country == marked.country and claimed.province == marked.province
    return "near" if same_province else "other"


@cache
def places() -> Places:
    """The table of places."""
    data: dict[str, Any] = load_yaml(TABLE)[0]
    spots = {name: Spot(country) for country, names in data["countries"].items() for name in names}
    spots |= {name: Spot(CHINA) for name in data["china"]}
    for code, names in data["customs"].items():
        spots |= {name: Spot(CHINA, code, customs=True) for name in names}
    for code, (province, *towns) in data["provinces"].items():
        spots[province] = Spot(CHINA, code)
        spots |= {town: Spot(CHINA, code, town) for town in towns}
    longest = sorted(spots, key=len, reverse=True)
    return Places(spots, dict(data["goods"]), "(?:" + "|".join(map(re.escape, longest)) + ")")


def in_china(text: str) -> bool | None:
    """Whether a marked origin lies in China; None when the text names no known place or several countries.

    A customs territory of its own counts as not decided: goods from there are imported, and are Chinese.
    """
    spots = places().found(text)
    if not spots or any(spot.customs for spot in spots):
        return None
    homes = {spot.country == CHINA for spot in spots}
    return homes.pop() if len(homes) == 1 else None
