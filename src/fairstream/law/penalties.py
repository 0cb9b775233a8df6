"""Sanctions as data: who risks what, computed on which amount, under which conditions.

Money is integer fen. A range says either a sum (`fen`) or a multiple (`times`) of a base the case
file must establish: advertising fee, illegal income, value of goods, turnover. Every figure stands
in the article's words; `fairstream law verify` proves it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from fairstream.errors import LawError
from fairstream.law.citation import Reference, parse_citation

Base = Literal["ad_fee", "illegal_income", "goods_value", "turnover", "annual_turnover", "none"]
Nature = Literal["fine", "damages", "crime_threshold"]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What the base must come to, in fen: `at_least` 以上, `below` 不足, `at_most` 以下, `above` 超过."""

    base: Base
    at_least: int | None = None
    below: int | None = None
    at_most: int | None = None
    above: int | None = None

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The lowest and highest sum of fen that meets it; None where it sets no upper bound."""
        low = self.at_least if self.at_least is not None else None if self.above is None else self.above + 1
        high = self.at_most if self.at_most is not None else None if self.below is None else self.below - 1
        return low or 0, high

    @property
    def figures(self) -> tuple[int, ...]:
        """The sums the article's words must name."""
        written = (self.at_least, self.below, self.at_most, self.above)
        return tuple(amount for amount in written if amount is not None)


@dataclass(frozen=True, slots=True)
class Range:
    """One range of a sanction. `fen` and `times` are (lowest, highest); None where the text sets no bound.

    `when` lists codes of `PenaltyTable.conditions` that must all hold; empty means the ordinary case.
    """

    base: Base = "none"
    fen: tuple[int | None, int | None] | None = None
    times: tuple[float | None, float | None] | None = None
    when: tuple[str, ...] = ()
    threshold: Threshold | None = None


@dataclass(frozen=True, slots=True)
class Penalty:
    """What one provision threatens. `versions` limits it to texts of the family; empty means all.

    `basis` names the duties or bans it enforces, `nature` whether it is a fine, civil damages or the
    threshold of a crime; `alternatives` is True when the ranges are chosen between by their conditions.
    """

    id: str
    reference: Reference
    nature: Nature
    who: tuple[str, ...]
    conduct: tuple[str, ...]
    basis: tuple[str, ...]
    measures: tuple[str, ...]
    ranges: tuple[Range, ...]
    versions: tuple[str, ...] = ()
    unverified: bool = False
    note: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class PenaltyTable:
    """All penalties, and the bilingual words for the codes they use."""

    penalties: tuple[Penalty, ...]
    conditions: Mapping[str, Mapping[str, str]]
    measures: Mapping[str, Mapping[str, str]]
    actors: Mapping[str, Mapping[str, str]]


def read_penalties(document: Mapping[str, Any], file: str) -> PenaltyTable:
    """Build the table from its data file; LawError names the entry that does not fit."""
    words = {name: document.get(name) or {} for name in ("conditions", "measures", "actors")}
    penalties = []
    for entry in document.get("penalties") or ():
        try:
            penalty = _penalty(entry)
            _check_codes(penalty, words)
        except (KeyError, TypeError, ValueError) as error:
            raise LawError(
                f"penalty {entry.get('id', '?')!r}: {error}",
                file=file,
                remedy="compare it with other entries; explain every code at the head of the file",
            ) from error
        penalties.append(penalty)
    return PenaltyTable(tuple(penalties), **words)


def _penalty(entry: Mapping[str, Any]) -> Penalty:
    nature = entry.get("nature", "fine")
    if nature not in get_args(Nature):
        raise ValueError(f"unknown nature {nature!r}")
    return Penalty(
        id=entry["id"],
        reference=parse_citation(entry["cites"]),
        nature=nature,
        who=tuple(entry["who"]),
        conduct=tuple(entry.get("conduct") or ()),
        basis=tuple(entry.get("basis") or ()),
        measures=tuple(entry.get("measures") or ()),
        ranges=tuple(_range(item) for item in entry.get("ranges") or ()),
        versions=tuple(entry.get("versions") or ()),
        unverified=bool(entry.get("unverified")),
        note=entry.get("note"),
    )


def _range(item: Mapping[str, Any]) -> Range:
    base = _base(item.get("base", "none"))
    fen, times = item.get("fen"), item.get("times")
    if fen is None and times is None and item.get("threshold") is None:
        raise ValueError("a range needs fen, times or a threshold")
    if times is not None and base == "none":
        raise ValueError("a multiple needs the base it is computed on")
    for bounds in (fen, times):
        if bounds is not None and None not in bounds and bounds[0] > bounds[1]:
            raise ValueError(f"{bounds} runs backwards")
    if fen is not None and any(type(bound) not in (int, type(None)) for bound in fen):
        raise TypeError(f"{fen} is not in whole fen")
    threshold = item.get("threshold")
    return Range(
        base=base,
        fen=(fen[0], fen[1]) if fen is not None else None,
        times=(times[0], times[1]) if times is not None else None,
        when=tuple(item.get("when") or ()),
        threshold=_threshold(threshold) if threshold else None,
    )


def _base(value: str) -> Base:
    for base in get_args(Base):
        if value == base:
            return base  # type: ignore[no-any-return]
    raise ValueError(f"unknown base {value!r}")


def _threshold(item: Mapping[str, Any]) -> Threshold:
    known = {"base", "at_least", "below", "at_most", "above"}
    if set(item) - known:
        raise ValueError(
            f"a threshold knows {', '.join(sorted(known))}, not {', '.join(sorted(set(item) - known))}"
        )
    figures = {name: item.get(name) for name in ("at_least", "below", "at_most", "above")}
    return Threshold(_base(item.get("base", "none")), **figures)


def _check_codes(penalty: Penalty, words: Mapping[str, Mapping[str, Any]]) -> None:
    used = {
        "conditions": {code for item in penalty.ranges for code in item.when},
        "measures": set(penalty.measures),
        "actors": set(penalty.who),
    }
    for name, codes in used.items():
        unknown = sorted(codes - set(words[name]))
        if unknown:
            raise ValueError(f"{', '.join(unknown)} is not explained under {name}")
