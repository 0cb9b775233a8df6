"""Advertisements reviewed before publication: approval numbers, their last day, class, province and text."""

from collections.abc import Iterator, Sequence

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.ad_text import claims_in, departs_from_text
from fairstream.checks.approvals import Approval, approvals, of_goods
from fairstream.checks.papers import (
    REVIEWED,
    Paper,
    compiled,
    listing_side,
    of_listing,
    papers,
    shared,
)
from fairstream.checks.scene import SPOKEN, Scene
from fairstream.law.identifiers import province_of
from fairstream.records import Listing, Side

PRODUCT_NUMBERS = ("health_food_filing", "device_registration", "device_filing")
"""Numbers whose province is the one of the maker, where its advertisement is reviewed too."""


def without_number(scene: Scene, about: About) -> Iterator[Outcome]:
    """Goods of a reviewed class that are praised, not only named: whether an approval is known."""
    given, claims = approvals(scene), claims_in(scene, about)
    unassigned = any(said.medium in SPOKEN and said.listing_id is None for said in scene.wordings)
    unclassed = []
    for listing in scene.broadcast.listings:
        praise = tuple(side for _, side in claims.get(listing.id, ()))
        if listing.product_class in REVIEWED:
            if praise:
                yield _of_praised(scene, about, listing, praise, given)
            else:
                yield _of_named(about, listing, unassigned)
        elif listing.product_class == "unknown" and praise:
            unclassed.append(listing.id)
    if unclassed:
        yield about.undecidable("class_unknown", "listings", subject="、".join(unclassed))


def _of_named(about: About, listing: Listing, unassigned: bool) -> Outcome:
    """Goods of which nothing is said; words that belong to no goods may speak of them."""
    if unassigned:
        return about.undecidable(
            "goods_unknown", "utterances", subject=listing.id, listing_id=listing.id, goods=listing.title
        )
    return about.clear("name_only", subject=listing.id, listing_id=listing.id, goods=listing.title)


def _of_praised(
    scene: Scene, about: About, listing: Listing, praise: tuple[Side, ...], given: Sequence[Approval]
) -> Outcome:
    goods, subject = listing.title, listing.id
    own = of_goods(given, scene, listing)
    said = praise[: int(about.limits["shown"])]
    if own:
        sides = tuple(approval.side for approval in own)
        known = tuple(side for side in sides if not side.medium)
        return about.clear("given", subject=subject, listing_id=subject, said=said, known=known, goods=goods)
    rows = [row for row in scene.facts.official_numbers if row.kind == "ad_approval" and row.product]
    row = next((row for row in rows if shared(row.product or "", goods) >= about.limits["same_goods"]), None)
    if row is not None:
        known = (fact("official_numbers", f"{row.number} {row.product}", row),)
        return about.undecidable(
            "in_register",
            "ad_approvals",
            subject=subject,
            listing_id=subject,
            said=said,
            known=known,
            goods=goods,
        )
    if "ad_approval" in scene.facts.registers_complete:
        return about.suspected(
            "none_in_register", subject=subject, listing_id=subject, said=said, goods=goods
        )
    if scene.facts.ad_approvals:
        known = tuple(approval.side for approval in given if not approval.side.medium)
        return about.suspected(
            "none_for_this", subject=subject, listing_id=subject, said=said, known=known, goods=goods
        )
    return about.undecidable(
        "not_handed_in", "ad_approvals", subject=subject, listing_id=subject, said=said, goods=goods
    )


def expired(scene: Scene, about: About) -> Iterator[Outcome]:
    """Approval numbers: their form, and the last day that number, paper and register tell."""
    given = approvals(scene)
    if not given and any(listing.product_class in REVIEWED for listing in scene.broadcast.listings):
        yield about.undecidable("none", "ad_approvals")
    for approval in given:
        if not compiled(*about.words["other_forms"]).search(approval.number):
            yield _of_days(scene, about, approval)


def _of_days(scene: Scene, about: About, approval: Approval) -> Outcome:
    number, both = approval.number, approval.sides()
    read = approval.read
    if read is None or "shape" in read.faults:
        return about.suspected("shape", number=number, **both)
    if read.faults:
        return about.suspected("no_such_day", number=number, **both)
    if read.outdated_on(scene.on):
        return about.suspected("old_form", number=number, **both)
    days = sorted({day for day in (read.expires_on, *approval.days) if day is not None})
    if not days:
        return about.undecidable("no_day", "ad_approvals", number=number, **both)
    if days[0] < scene.on:
        return about.suspected("expired", number=number, day=days[0], on=scene.on, **both)
    if len(days) > 1:
        return about.suspected("days_differ", number=number, day=days[0], other=days[-1], **both)
    return about.clear("valid", number=number, day=days[0], **both)


def category_or_province(scene: Scene, about: About) -> Iterator[Outcome]:
    """Approval numbers against the class of the goods they are used for and the province of the maker."""
    found = papers(scene)
    for approval in approvals(scene):
        if approval.read is None or approval.read.product_class is None:
            continue
        listing = _goods_of(scene, approval)
        if listing is None:
            yield about.undecidable(
                "goods_unknown", "ad_approvals", number=approval.number, **approval.sides()
            )
        elif listing.product_class == "unknown":
            yield about.undecidable("class_unknown", "listings", number=approval.number, **approval.sides())
        else:
            yield _fits(about, approval, listing, of_listing(found, scene, listing))


def _goods_of(scene: Scene, approval: Approval) -> Listing | None:
    """The goods a number is used for: as recorded, or the only ones there are."""
    listings = scene.broadcast.listings
    alone = listings[0] if len(listings) == 1 and approval.listing_id is None else None
    return scene.listings.get(approval.listing_id or "") or alone


def _fits(about: About, approval: Approval, listing: Listing, found: Sequence[Paper]) -> Outcome:
    number, goods, read = approval.number, listing.title, approval.read
    both = approval.sides(listing_side(listing))
    if read is None or read.product_class != listing.product_class:
        return about.suspected("category", number=number, goods=goods, **both)
    maker = next((paper for paper in found if paper.number.kind in PRODUCT_NUMBERS), None)
    there = province_of(maker.number) if maker else None
    here = province_of(read)
    if maker is None or there is None or here is None:
        return about.clear("category_fits", number=number, goods=goods, **both)
    both = approval.sides(maker.side)
    if here != there:
        product = maker.number.number
        return about.suspected("province", number=number, here=here, there=there, product=product, **both)
    return about.clear("fits", number=number, here=here, goods=goods, **both)


CHECKS = {
    "ad-review/without-number": without_number,
    "ad-review/expired": expired,
    "ad-review/category-or-province": category_or_province,
    "ad-review/departs-from-text": departs_from_text,
}
