"""Numbers by which the law knows firms, goods and approvals: shape, check character, what they tell.

The kinds of numbers are data (`data/identifiers.yaml`) with their source and the doubt that is left. A fault
is a lead: a number may be miscopied, and the forms marked unverified follow no text that was at hand.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from fairstream.law.identifiers_kinds import Kind, Kinds, load_kinds
from fairstream.records import ProductClass, Span, Words

Fault = Literal["shape", "check", "day", "category", "region"]
"""Not the form of its kind; a check character that does not fit; a day that does not exist; a category or a
region that does not exist."""

_USCC: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_SHAPE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}")


@dataclass(frozen=True, slots=True)
class Identified:
    """A number and what it says of itself.

    `number` is in normal spelling; `product_class` the class of goods such a number is given to;
    `expires_on` the last day it says itself; `outdated_from` the day from which its form is
    not used any more.
    """

    kind: str
    title: Words
    number: str
    parts: Mapping[str, str]
    product_class: ProductClass | None = None
    expires_on: date | None = None
    faults: tuple[Fault, ...] = ()
    outdated_from: date | None = None
    unverified: Words | None = None

    def outdated_on(self, day: date) -> bool:
        """Whether numbers of this form had gone out of use on that day."""
        return self.outdated_from is not None and day >= self.outdated_from

    @property
    def key(self) -> str:
        """The number without the words around its digits, to compare two spellings."""
        return re.sub("[第号]", "", self.number)


class Found(NamedTuple):
    """A number in a text; `span` in the text as published."""

    span: Span
    number: Identified


def read_number(text: str) -> Identified | None:
    """What a text that is one number says; None when it looks like no number the law data knows."""
    kinds = load_kinds()
    compact = "".join(kinds.normal(text).split())
    for kind in kinds.kinds:
        if kind.like.fullmatch(compact):
            return _identified(kind, compact, kinds)
    return None


@lru_cache(maxsize=20_000)
def find_numbers_in(text: str) -> tuple[Found, ...]:
    """The numbers inside a text, in order; where two kinds share characters the longer one counts.

    Several checks ask for the same words of a broadcast, so the answers are kept.
    """
    kinds = load_kinds()
    normal = kinds.normal(text)
    matches = [(match, kind) for kind in kinds.kinds for match in kind.like.finditer(normal)]
    found: list[Found] = []
    for match, kind in sorted(matches, key=lambda pair: (pair[0].start(), -pair[0].end())):
        if not found or match.start() >= found[-1].span.end:
            number = _identified(kind, "".join(match[0].split()), kinds)
            found.append(Found(Span(*match.span()), number))
    return tuple(found)


def number_key(text: str) -> str:
    """A number as it is compared with another: normal spelling without spaces and the words 第, 号."""
    return re.sub(r"[第号\s]", "", load_kinds().normal(text))


def province_of(number: Identified) -> str | None:
    """The short name of the province that gave the number; None for the state itself or goods from abroad."""
    given = number.parts.get("province")
    if given is not None:
        return None if given == "国" else given
    code = number.parts.get("region") or number.parts.get("division", "")[:2]
    return load_kinds().provinces.get(code)


def licence_kind(words: str) -> str:
    """The code of a kind of licence, whatever a record calls it; unknown words stay as they are."""
    licences = load_kinds().licences
    return next((code for name, code in licences.items() if name in words), words)


def uscc_fault(code: str) -> Literal["shape", "check"] | None:
    """What is wrong with a unified social credit code: ``shape``, ``check`` or None (GB 32100-2015).

    The check character catches every change of one character. A few codes that were really issued are
    reported to fail: a fault is a lead.
    """
    if not _USCC_SHAPE.fullmatch(code):
        return "shape"
    total = sum(_USCC.index(character) * 3**place for place, character in enumerate(code[:17]))
    return None if _USCC[-total % 31] == code[17] else "check"


def mod_11_10(digits: str) -> str:
    """The check digit of MOD 11,10 (GB/T 17710-1999, ISO 7064); it catches every change of one digit.

    ValueError when something else than decimal digits is given.
    """
    product = 10
    for digit in digits:
        product = 2 * ((product + int(digit)) % 10 or 10) % 11
    return str((11 - product) % 10)


def _identified(kind: Kind, number: str, kinds: Kinds) -> Identified:
    match = kind.shape.fullmatch(number)
    parts = {} if match is None else {name: part for name, part in match.groupdict().items() if part}
    expires_on = _day(parts.get("expiry"))
    return Identified(
        kind.id,
        kind.title,
        number,
        parts,
        kind.class_of(parts),
        expires_on,
        ("shape",) if match is None else tuple(_faults(kind, number, parts, kinds)),
        kind.outdated_from,
        kind.unverified,
    )


def _faults(kind: Kind, number: str, parts: Mapping[str, str], kinds: Kinds) -> Iterator[Fault]:
    if kind.check == "uscc" and uscc_fault(number) is not None:
        yield "check"
    if kind.check == "mod_11_10" and mod_11_10(number[2:-1]) != parts["check"]:
        yield "check"
    if "expiry" in parts and _day(parts["expiry"]) is None:
        yield "day"
    if "type" in parts and not 1 <= int(parts["category"]) <= kinds.food_categories[parts["type"]]:
        yield "category"
    if not _region_fits(parts, kinds):
        yield "region"


def _region_fits(parts: Mapping[str, str], kinds: Kinds) -> bool:
    """Whether the province exists; goods from abroad are filed under no province, by the number 00."""
    if "region" in parts:
        return parts["region"] == "00" if parts["origin"] == "J" else parts["region"] in kinds.provinces
    return "type" not in parts or parts["division"][:2] in kinds.provinces


def _day(expiry: str | None) -> date | None:
    """The day written YYMMDD; None when there is none or it does not exist."""
    if expiry is None:
        return None
    try:
        return date(2000 + int(expiry[:2]), int(expiry[2:4]), int(expiry[4:]))
    except ValueError:
        return None
