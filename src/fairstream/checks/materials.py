"""Materials: how they are said, how labels write them, and what a label leaves open about a share."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from fairstream.rules.yamlfile import load_yaml

TABLE: Final = Path(__file__).parent / "data" / "label" / "materials.table.yaml"
WHOLE: Final = 100.0
_ROUNDED: Final = 0.5
"""Shares on labels are rounded: a label naming so much less than the whole still names all of it."""
_ALL: Final = "="
_SEVERAL: Final = re.compile(r"[,，、;；/+＋和与]")
_PAIRS: Final = re.compile(
    r"(?P<name>[^\d%,，、;；/\s]+?)\s*[:：]?\s*(?P<share>\d{1,3}(?:\.\d+)?)\s*%"
    r"|(?P<before>\d{1,3}(?:\.\d+)?)\s*%\s*(?P<after>[^\d%,，、;；/\s]+)"
)


@dataclass(frozen=True, slots=True)
class Material:
    """A material: `parent` is what it is a kind of, `part` the part of goods it is used for.

    `measure` marks a value on the label that is no share of the whole; `food` is the family of an ingredient.
    """

    code: str
    zh: str
    en: str
    parent: str
    part: str
    said: frozenset[str]
    shared: frozenset[str]
    label: tuple[str, ...]
    grades: Mapping[str, float]
    measure: bool
    food: str


@dataclass(frozen=True, slots=True)
class Materials:
    """The vocabulary. `plain` and `graded` name what a word claims; `parts` the words for parts of goods."""

    by_code: Mapping[str, Material]
    plain: Mapping[str, str]
    graded: Mapping[str, tuple[str, float]]
    parts: Mapping[str, re.Pattern[str]]
    attributes: frozenset[str]
    labels: tuple[tuple[str, str], ...]

    def of_label(self, name: str) -> Material | None:
        """The material a label's name means; None when the name is not known."""
        plain = re.sub(r"[\s（]", lambda gap: "(" if gap[0] == "（" else "", name.lower()).replace("）", ")")
        found = next((code for word, code in self.labels if _names(word, plain)), None)
        return None if found is None else self.by_code[found]

    def kind_of(self, code: str, wider: str) -> bool:
        """Whether a material is the other or a kind of it."""
        while code and code != wider:
            code = self.by_code[code].parent
        return code == wider

    def part_of(self, text: str) -> str:
        """The part of the goods a text names; empty when none."""
        return next((part for part, words in self.parts.items() if words.search(text)), "")


def _names(word: str, text: str) -> bool:
    """Whether a label's name has the word in it: Latin ones not as a piece of a longer one, with = as all."""
    if word.startswith(_ALL):
        return text == word.removeprefix(_ALL)
    if word not in text:
        return False
    return not word.isascii() or re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", text) is not None


@cache
def materials() -> Materials:
    """The table of materials and parts."""
    data: dict[str, Any] = load_yaml(TABLE)[0]
    every = {code: _material(code, row) for code, row in data["materials"].items()}
    plain = {word: one.code for one in every.values() for word in one.said | one.shared}
    graded = {word: (one.code, share) for one in every.values() for word, share in one.grades.items()}
    labels = sorted(
        ((word.lower(), one.code) for one in every.values() for word in one.label),
        key=lambda pair: -len(pair[0]),
    )
    parts = {part: re.compile("|".join(words)) for part, words in data["parts"].items()}
    return Materials(every, plain, graded, parts, frozenset(data["attributes"]), tuple(labels))


def _material(code: str, row: dict[str, Any]) -> Material:
    return Material(
        code,
        row["zh"],
        row["en"],
        row.get("in", ""),
        row.get("part", ""),
        frozenset(row.get("said", ())),
        frozenset(row.get("share", ())),
        tuple(str(word) for word in row["label"]),
        {str(word): float(share) for word, share in row.get("grades", {}).items()},
        row.get("measure", False),
        row.get("food", ""),
    )


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a label lets a share be, in percent.

    `hidden` tells whether a name on the label may mean the material without saying so.
    """

    least: float
    most: float
    hidden: bool = True


def bounds(shares: Mapping[str, float], code: str, part: str = "") -> Bounds:
    """What a label's shares tell of one material, in its part of the goods or in the part that holds most.

    Shares of the material and its kinds count for it. What it is a kind of may be it. Names that are not
    known and what the label does not name may be it only if the label does not name the material at all.
    """
    by_part = _by_part(shares)
    part = part or materials().by_code[code].part
    if part in by_part:
        return _of_part(by_part[part], code)
    if part not in ("", "shell"):
        by_part = {name: named for name, named in by_part.items() if not name and _has_part(named, part)}
    every = [_of_part(one, code) for one in by_part.values()]
    return max(every, key=lambda one: (one.least, one.most), default=Bounds(0.0, WHOLE))


def pure_bounds(shares: Mapping[str, float], code: str) -> Bounds:
    """What a label tells of an ingredient said to be pure.

    Only its family counts against it: pure meat may be seasoned or wrapped in dough, but not mixed with other
    meat. A label that names neither it nor what may be it is read like any other.
    """
    words = materials()
    named, wider, rivals = 0.0, 0.0, 0.0
    for name, share in shares.items():
        material = words.of_label(name)
        if material is None or material.food != words.by_code[code].food:
            continue
        if words.kind_of(material.code, code):
            named += share
        elif words.kind_of(code, material.code):
            wider += share
        else:
            rivals += share
    if wider:
        return Bounds(named, WHOLE)
    return Bounds(named, WHOLE - rivals) if named else bounds(shares, code)


def _has_part(shares: Mapping[str, float], part: str) -> bool:
    """Whether shares given without parts name a material used for that part."""
    found = (materials().of_label(name) for name in shares)
    return any(material is not None and material.part == part for material in found)


def _by_part(shares: Mapping[str, float]) -> dict[str, dict[str, float]]:
    parts: dict[str, dict[str, float]] = {}
    for name, share in shares.items():
        parts.setdefault(materials().part_of(name), {})[name] = share
    return parts


def _of_part(shares: Mapping[str, float], code: str) -> Bounds:
    words = materials()
    named, wider, unknown, total = 0.0, 0.0, 0.0, 0.0
    for name, share in shares.items():
        material = words.of_label(name)
        if material is not None and material.measure != words.by_code[code].measure:
            continue
        total += share
        if material is None:
            unknown += share
        elif words.kind_of(material.code, code):
            named += share
        elif words.kind_of(code, material.code):
            wider += share
    unnamed = 0.0 if named or total >= WHOLE - _ROUNDED else WHOLE - total
    hidden = wider + (0.0 if named else unknown)
    return Bounds(named, min(WHOLE, named + hidden + unnamed), hidden > 0)


def read_shares(texts: Iterable[str]) -> dict[str, float]:
    """Shares written in a listing's attributes, as ``棉65% 聚酯纤维35%``; a single name counts as the whole.

    Names that are no known material are left out, so that a size or a colour is never taken for one.
    """
    shares: dict[str, float] = {}
    for text in texts:
        pairs = [
            (match["name"] or match["after"], float(match["share"] or match["before"]))
            for match in _PAIRS.finditer(text)
        ]
        if not pairs and not _SEVERAL.search(text):
            pairs = [(text, WHOLE)]
        shares |= {name: share for name, share in pairs if materials().of_label(name) is not None}
    return shares
