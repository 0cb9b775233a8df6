"""The kinds of numbers of `data/identifiers.yaml`, read and checked once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

from fairstream.errors import LawError
from fairstream.law.source import DATA, parse_yaml
from fairstream.records import ProductClass, Words

FILE = DATA / "identifiers.yaml"
CHECKS = ("uscc", "mod_11_10")
_INVISIBLE = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD], " ")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_SMALL = {code: chr(code - 32) for code in range(ord("a"), ord("z") + 1)}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of number: what looks like one, its right form, and what it tells."""

    id: str
    title: Words
    like: re.Pattern[str]
    shape: re.Pattern[str]
    source: str
    check: str | None = None
    product_class: ProductClass | None = None
    class_part: str | None = None
    classes: Mapping[str, ProductClass] | None = None
    valid_from: date | None = None
    outdated_from: date | None = None
    unverified: Words | None = None

    def class_of(self, parts: Mapping[str, str]) -> ProductClass | None:
        """The class of goods a number with these parts is given to; None when it tells none."""
        if self.classes is None or self.class_part is None:
            return self.product_class
        return self.classes.get(parts.get(self.class_part, ""))


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds in the order they are tried, and the tables their parts are held against.

    `food_categories` is the highest category by the first digit of a food licence, `provinces` the short
    name by the first two digits of administrative divisions, `licences` the code of a kind of licence by the
    words it is called by, the longest first.
    """

    kinds: tuple[Kind, ...]
    variants: Mapping[int, str]
    food_categories: Mapping[str, int]
    provinces: Mapping[str, str]
    licences: Mapping[str, str]

    def normal(self, text: str) -> str:
        """The text in normal spelling, character by character, so that positions stay."""
        return text.translate(self.variants).translate(_SMALL)


@cache
def load_kinds(file: Path = FILE) -> Kinds:
    """The kinds of a data file. LawError names the entry that does not fit."""
    content = parse_yaml(file.read_bytes(), file)
    try:
        return Kinds(
            tuple(_kind(name, entry, content) for name, entry in content["kinds"].items()),
            _INVISIBLE | _FULL_WIDTH | {ord(one): other for one, other in content["variants"].items()},
            {str(first): int(highest) for first, highest in content["food_categories"].items()},
            dict(content["provinces"]),
            _by_words(content["licences"]),
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise LawError(
            f"not a table of numbers: {error}", file=file, remedy="see the comment at its top"
        ) from error


def _kind(name: str, entry: Mapping[str, Any], content: Mapping[str, Any]) -> Kind:
    classes = content["classes"].get(name)
    named = {entry["product_class"]} if "product_class" in entry else set((classes or {}).values())
    if named - set(get_args(ProductClass)) or entry.get("check") not in (None, *CHECKS):
        raise ValueError(f"{name}: an unknown class of goods or check")
    like, shape = (
        entry[key].replace("%P", "".join(content["provinces"].values())) for key in ("like", "shape")
    )
    return Kind(
        name,
        Words(**entry["title"]),
        re.compile(f"(?<![0-9A-Z])(?:{like})(?![0-9A-Z])"),
        re.compile(shape),
        entry["source"],
        entry.get("check"),
        entry.get("product_class"),
        entry.get("class_of"),
        classes,
        _date(entry.get("valid_from")),
        _date(entry.get("outdated_from")),
        Words(**entry["unverified"]) if "unverified" in entry else None,
    )


def _by_words(licences: Mapping[str, list[str]]) -> dict[str, str]:
    pairs = [(word, code) for code, words in licences.items() for word in words]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
