"""The papers of the goods: every number shown on a page, in the picture, aloud or handed in."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypedDict

from fairstream.checks.about import fact
from fairstream.checks.scene import Hit, Scene, Wording
from fairstream.facts import NumberStatus, OfficialNumber
from fairstream.law.identifiers import Identified, find_numbers_in, number_key, read_number
from fairstream.records import Finding, Listing, ProductClass, Side, Span, Words
from fairstream.text.fold import Folder

FOOD: frozenset[ProductClass] = frozenset(
    {"ordinary_food", "health_food", "fsmp", "infant_formula", "alcohol"}
)
REVIEWED: frozenset[ProductClass] = frozenset({"drug", "device", "health_food", "fsmp"})
"""Classes whose advertisements are reviewed before publication (special-product-ad-review-measures 2)."""
HEALTH_FOOD_KINDS = ("health_food_filing", "health_food_registration", "health_food_registration_old")
AD_KINDS = ("ad_approval", "ad_approval_old")
FOOD_LICENCES = ("food_production", "food_production_old")
STATUS: dict[NumberStatus, Words] = {
    "valid": Words("有效", "valid"),
    "expired": Words("已过有效期", "expired"),
    "revoked": Words("已撤销或注销", "revoked"),
    "not_found": Words("查无此号", "not found"),
}
_PIECE = 2
_NEGATED = re.compile(
    r"(?:不能|不得|不可|不是|没有|并非|无法|严禁|禁止)[^，、：…。！？；]{0,8}$|(?:不|没|无|非|未|别|勿|禁|假冒|冒充)[^，、：…。！？；]{0,4}$"
)
_ASKED = re.compile(r"[^，。！；]{0,12}？|[^，。！；]{0,4}[吗么]")
_DISOWNED = re.compile(
    r"[^。！？；]{0,8}[，、：][^。！？；]{0,6}(?:不是|并非|绝非|决非)(?:我们|咱们|本店|我|官方)(?:自己)?"
    r"(?:写|说|讲|发|做|宣传|印|标|的意思)"
)
"""Words shown only to be disowned: 别处写着…，那一定不是我们写的."""
_CLAUSE = re.compile(r"[，、：…。！？；]")


@dataclass(frozen=True, slots=True)
class Paper:
    """A number and where it was shown. `field` is the field of `Facts` or `Broadcast` it stands in.

    `holder` and `expires_on` are what the record beside the number says, not the number itself.
    """

    number: Identified
    side: Side
    field: str
    listing_id: str | None = None
    holder: str | None = None
    expires_on: date | None = None


def papers(scene: Scene) -> tuple[Paper, ...]:
    """Every number known to the law data, from listings, words, licences, labels and ad approvals."""
    return (*_of_listings(scene), *_of_words(scene), *_handed_in(scene))


def official(scene: Scene, number: Identified | str) -> OfficialNumber | None:
    """The row of the agency's table for a number, whatever its spelling."""
    key = number_key(number) if isinstance(number, str) else number.key
    return next((row for row in scene.facts.official_numbers if number_key(row.number) == key), None)


def of_listing(found: tuple[Paper, ...], scene: Scene, listing: Listing) -> tuple[Paper, ...]:
    """The papers of one listing; those of no listing count when there is only one."""
    alone = len(scene.broadcast.listings) == 1
    return tuple(
        paper for paper in found if paper.listing_id == listing.id or (alone and paper.listing_id is None)
    )


def _of_listings(scene: Scene) -> Iterator[Paper]:
    for listing in scene.broadcast.listings:
        for name, text in (("", listing.approval_number or ""), *listing.attributes.items()):
            for found in find_numbers_in(text):
                shown = f"{name} {text}".strip()
                side = Side(
                    Words(shown, shown),
                    text[found.span.start : found.span.end],
                    medium="listing",
                    unit=listing.id,
                    place=listing.place,
                )
                yield Paper(found.number, side, "listings", listing.id)


def _of_words(scene: Scene) -> Iterator[Paper]:
    fields = {"speech": "utterances", "screen": "screen"}
    for wording in scene.wordings:
        for number, side in _numbers(wording):
            yield Paper(number, side, fields.get(wording.medium, "listings"), wording.listing_id)


def _numbers(said: Wording) -> Iterator[tuple[Identified, Side]]:
    for found in find_numbers_in(said.text):
        yield found.number, quoted(said, found.span)


def quoted(said: Wording, span: Span) -> Side:
    """Characters of a text as one side of a comparison."""
    return Side(
        Words(said.text, said.text),
        said.text[span.start : span.end],
        medium=said.medium,
        unit=said.unit,
        span=span,
        start_ms=said.start_ms,
        end_ms=said.end_ms,
        place=said.place,
    )


def _handed_in(scene: Scene) -> Iterator[Paper]:
    rows: list[tuple[str, str, object, str | None, str | None, date | None]] = [
        *(
            ("licences", one.number, one, one.listing_id, one.holder, one.expires_on)
            for one in scene.facts.licences
        ),
        *(
            ("labels", one.licence_number or "", one, one.listing_id, one.producer, None)
            for one in scene.facts.labels
        ),
        *(
            ("ad_approvals", one.number, one, one.listing_id, one.holder, one.expires_on)
            for one in scene.facts.ad_approvals
        ),
    ]
    page = scene.facts.account_page
    if page is not None:
        firm = page.name if page.subject_kind == "legal_person" else None
        rows.append(("account_page", page.uscc or "", page, None, page.operator_name or firm, None))
    rows += [("shops", shop.uscc or "", shop, None, shop.operator, None) for shop in scene.broadcast.shops]
    for field, text, record, listing_id, holder, expires_on in rows:
        number = read_number(text)
        if number is not None:
            side = fact(field, f"{holder} {text}" if holder else text, record)
            yield Paper(number, side, field, listing_id, holder, expires_on)


class Sides(TypedDict):
    """What an outcome about a number is about, and its two sides."""

    subject: str
    listing_id: str | None
    said: tuple[Side, ...]
    known: tuple[Side, ...]


def sides(paper: Paper, *more: Side, subject: str = "") -> Sides:
    """The paper as the side that was shown or that was handed in, with further sides by what they are."""
    both = (paper.side, *more)
    return {
        "subject": subject or paper.number.number,
        "listing_id": paper.listing_id,
        "said": tuple(side for side in both if side.medium),
        "known": tuple(side for side in both if not side.medium),
    }


def once(found: Iterable[Paper]) -> list[Paper]:
    """Each number of each goods once, as it came first."""
    first: dict[tuple[str, str | None], Paper] = {}
    for paper in found:
        first.setdefault((paper.number.key, paper.listing_id), paper)
    return list(first.values())


def listing_side(listing: Listing) -> Side:
    """The page of the goods."""
    return Side(Words(listing.title, listing.title), medium="listing", unit=listing.id, place=listing.place)


def finding_side(finding: Finding) -> Side:
    """The words a rule found, as they stand."""
    return Side(
        Words(finding.context or finding.quote, finding.context or finding.quote),
        finding.quote,
        medium=finding.medium,
        unit=finding.unit,
        span=finding.span,
        start_ms=finding.start_ms,
        end_ms=finding.end_ms,
        at=finding.at,
        place=finding.place,
    )


def register_side(row: OfficialNumber) -> Side:
    """What the register says, in words of both languages."""
    told = [row.number, row.product, row.holder]
    zh, en = ([one for one in told if one] for _ in range(2))
    if row.status:
        zh.append(STATUS[row.status].zh)
        en.append(STATUS[row.status].en)
    if row.expires_on:
        zh.append(f"有效期至 {row.expires_on}")
        en.append(f"valid until {row.expires_on}")
    return fact("official_numbers", Words("，".join(zh), ", ".join(en)), row)


def stated(hit: Hit) -> bool:
    """Whether the words are said as a fact: not denied in their clause, not asked, not disowned after it."""
    text = hit.match.string
    clause = _CLAUSE.split(text[: hit.match.start()])[-1]
    rest = text[hit.match.end() :]
    return not _NEGATED.search(clause) and not _ASKED.match(rest) and not _DISOWNED.match(rest)


@lru_cache(2000)
def folded(text: str) -> str:
    """The text as searches read it: simplified characters, lower case, plain signs."""
    return Folder().fold([text], evasion=False).reading(0)


def shared(part: str, whole: str) -> float:
    """The share of the two-character pieces of `part` that stand in `whole`, 0 to 1; signs do not count."""
    wanted, held = _pieces(part), _pieces(whole)
    return len(wanted & held) / len(wanted) if wanted else 0.0


def same_name(one: str, other: str) -> bool:
    """Whether two names of firms are the same: without marks in brackets, one may hold the other."""
    first, second = _bare(one), _bare(other)
    return bool(first and second) and (first in second or second in first)


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", re.sub(r"[(（][^)）]*[)）]", "", name)).casefold()


def _pieces(text: str) -> set[str]:
    plain = re.sub(r"[\W_]+", "", text).casefold()
    return {plain[start : start + _PIECE] for start in range(max(1, len(plain) - 1))} - {""}


@lru_cache(256)
def compiled(*patterns: str) -> re.Pattern[str]:
    """One pattern of several, as a data file lists them."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
