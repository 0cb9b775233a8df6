"""Medical and health claims against the class of the goods that their papers show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fairstream.checks.about import About, Outcome
from fairstream.checks.approvals import approvals, of_goods
from fairstream.checks.papers import (
    AD_KINDS,
    FOOD,
    Paper,
    Sides,
    finding_side,
    folded,
    of_listing,
    official,
    papers,
    register_side,
    shared,
)
from fairstream.checks.scene import Scene
from fairstream.facts import OfficialNumber
from fairstream.records import Finding, Listing, ProductClass, Side

FOOD_LICENCE: Final = "food_production"
SPECIAL_FOOD: Final = frozenset({"health_food", "fsmp", "infant_formula"})
"""Food with a number of its own (food-safety-law 74), which a page may have left out."""
BEYOND_SCOPE: Final[dict[ProductClass, tuple[str, ...]]] = {
    "health_food": (
        "special-product-ad-review-measures#7",
        "food-safety-law#78",
        "advertising-law#18",
        "advertising-law#58",
    ),
    "device": (
        "medical-device-regulations-2021#60",
        "medical-device-regulations-2021#97",
        "special-product-ad-review-measures#6",
        "advertising-law#11(1)",
        "advertising-law#59",
    ),
    "drug": (
        "drug-administration-law#90",
        "special-product-ad-review-measures#5",
        "advertising-law#16(2)",
        "advertising-law#58",
    ),
}
"""What is broken when such goods claim more than was approved for them, and what punishes it.

No text punishes a device advertisement for leaving its registered scope by that name: it departs from the
licence (advertising-law 11(1)).
"""
MAY_CLAIM: frozenset[ProductClass] = frozenset({"drug", "device"})
"""Classes that may speak of treatment, within what was approved for them (advertising-law 17)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the papers of goods say they are: the class, the paper that tells it, and the approved words.

    `scope` is the approved function, scope of use or advertisement; None when nothing of it was handed in.
    """

    product_class: ProductClass
    paper: Paper
    sides: tuple[Side, ...]
    scope: str | None = None


def ordinary_food(scene: Scene, about: About) -> Iterator[Outcome]:
    """Claims on food: health food within its approved function, any other food none at all."""
    for listing, claims, standing in _claimed(scene, about):
        if _concerned(FOOD, listing, standing):
            yield _judged(about, listing, claims, standing, MAY_CLAIM | {"health_food"})


def cosmetics(scene: Scene, about: About) -> Iterator[Outcome]:
    """Claims on cosmetics: none of a medical kind; goods that are a drug or device within their scope."""
    for listing, claims, standing in _claimed(scene, about):
        if _concerned(frozenset({"cosmetics"}), listing, standing):
            yield _judged(about, listing, claims, standing, MAY_CLAIM)


def device(scene: Scene, about: About) -> Iterator[Outcome]:
    """Claims on what is sold as a device: within its scope, and only where its papers are a device's."""
    for listing, claims, standing in _claimed(scene, about):
        if listing.product_class == "device":
            yield _judged(about, listing, claims, standing, MAY_CLAIM)


def _concerned(classes: frozenset[ProductClass], listing: Listing, standing: Standing | None) -> bool:
    """Whether goods are of these classes by their page or by their papers."""
    return listing.product_class in classes or (standing is not None and standing.product_class in classes)


def _claimed(scene: Scene, about: About) -> Iterator[tuple[Listing, tuple[Finding, ...], Standing | None]]:
    """Goods with claims on them that rules found, and their standing; what customers say is no claim."""
    wanted = set(about.words["conducts"])
    for listing in scene.broadcast.listings:
        claims = tuple(
            finding
            for finding in scene.findings
            if finding.listing_id == listing.id
            and finding.speaker != "customer"
            and not wanted.isdisjoint((finding.conduct, *finding.conduct_also))
        )
        if claims:
            yield listing, claims, standing_of(scene, listing)


def _judged(
    about: About,
    listing: Listing,
    claims: Sequence[Finding],
    standing: Standing | None,
    may_claim: frozenset[ProductClass],
) -> Outcome:
    """The claims on goods: no papers, a class that may not claim, unknown scope, within it or beyond it."""
    if standing is None:
        return about.undecidable(
            "no_papers",
            "labels",
            "official_numbers",
            "licences",
            goods=listing.title,
            **_sides(about, listing, claims),
        )
    filling: dict[str, Any] = {
        "goods": listing.title,
        "kind": standing.paper.number.title,
        "number": standing.paper.number.number,
    }
    if standing.product_class not in may_claim:
        both = _sides(about, listing, claims, standing)
        return about.suspected("not_allowed", quotes=_quotes(about, claims), **filling, **both)
    if standing.scope is None:
        return about.undecidable(
            "scope_unknown", "official_numbers", **filling, **_sides(about, listing, claims, standing)
        )
    scope = folded(standing.scope)
    beyond = [one for one in claims if shared(folded(one.quote), scope) < about.limits["in_the_scope"]]
    if beyond:
        both = _sides(about, listing, beyond, standing)
        cites = BEYOND_SCOPE[standing.product_class]
        return about.suspected("beyond", quotes=_quotes(about, beyond), cites=cites, **filling, **both)
    return about.clear("within", **filling, **_sides(about, listing, claims, standing))


def standing_of(scene: Scene, listing: Listing) -> Standing | None:
    """The class of goods by their papers: the register before the number, both before a food licence.

    A food licence makes an ordinary food only where no number of another class is shown, by an ordinary
    category, and not of goods sold as special food: its category is the one of the maker's main product.
    Numbers with a fault, and those the register calls expired, revoked or unknown, count for nothing.
    """
    found = [
        (paper, row)
        for paper in of_listing(papers(scene), scene, listing)
        if paper.number.kind not in AD_KINDS and not paper.number.faults
        if (row := official(scene, paper.number)) is None or row.status in (None, "valid")
    ]
    texts = [one.text for one in of_goods(approvals(scene), scene, listing) if one.text]
    for paper, row in found:
        if row is not None and row.product_class not in (None, "unknown"):
            return _standing(row.product_class, paper, row, texts)
    for paper, row in found:
        if paper.number.product_class is not None and paper.number.kind != FOOD_LICENCE:
            return _standing(paper.number.product_class, paper, row, texts)
    for paper, row in found:
        ordinary = paper.number.product_class is None and paper.number.parts.get("type") == "1"
        if paper.number.kind == FOOD_LICENCE and ordinary and listing.product_class not in SPECIAL_FOOD:
            return _standing("ordinary_food", paper, row, texts)
    return None


def _standing(
    product_class: ProductClass | None, paper: Paper, row: OfficialNumber | None, texts: Sequence[str]
) -> Standing:
    scope = "。".join(filter(None, (row.approved_text if row else None, *texts)))
    sides = (paper.side, register_side(row)) if row else (paper.side,)
    return Standing(product_class or "unknown", paper, sides, scope or None)


def _sides(
    about: About, listing: Listing, claims: Sequence[Finding], standing: Standing | None = None
) -> Sides:
    shown = claims[: int(about.limits["shown"])]
    papers_ = standing.sides if standing else ()
    return {
        "subject": listing.id,
        "listing_id": listing.id,
        "said": (*(finding_side(one) for one in shown), *(side for side in papers_ if side.medium)),
        "known": tuple(side for side in papers_ if not side.medium),
    }


def _quotes(about: About, claims: Sequence[Finding]) -> str:
    return "、".join(dict.fromkeys(one.quote for one in claims[: int(about.limits["shown"])]))


CHECKS = {
    "class-claims/ordinary-food": ordinary_food,
    "class-claims/cosmetics": cosmetics,
    "class-claims/device": device,
}
