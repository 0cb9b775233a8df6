"""Numbers of food licences and health foods: their form and check digit, and whether there is one at all."""

from collections.abc import Iterator, Sequence

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.numbers_register import in_register, last_day
from fairstream.checks.papers import (
    FOOD,
    FOOD_LICENCES,
    HEALTH_FOOD_KINDS,
    Paper,
    compiled,
    listing_side,
    of_listing,
    once,
    papers,
    sides,
    stated,
)
from fairstream.checks.scene import Hit, Scene
from fairstream.facts import Label, Licence
from fairstream.law.identifiers import licence_kind, read_number
from fairstream.records import Listing, Side

_DIGITS_OF_A_NUMBER = 6


def food_licence(scene: Scene, about: About) -> Iterator[Outcome]:
    """Every food production licence number: form, check digit, category, region; old QS numbers."""
    found = once(paper for paper in papers(scene) if paper.number.kind in FOOD_LICENCES)
    unread = list(_unread(scene))
    if not found and not unread and _food_may_be_sold(scene):
        yield about.undecidable("none", "labels", "licences")
    for paper in found:
        yield _of_food_licence(scene, about, paper)
    for field, text, record in unread:
        side = fact(field, text, record)
        yield about.suspected("shape", subject=text, listing_id=record.listing_id, known=(side,), number=text)


def _of_food_licence(scene: Scene, about: About, paper: Paper) -> Outcome:
    number = paper.number
    if number.faults:
        return about.suspected(number.faults[0], number=number.number, **sides(paper))
    if number.kind != "food_production_old":
        return about.clear("fits", number=number.number, **sides(paper))
    label = next((one for one in scene.facts.labels if one.listing_id == paper.listing_id), None)
    made = label.produced_on if label and label.produced_on else scene.on
    if number.outdated_on(made):
        return about.suspected("old", number=number.number, day=made, **sides(paper))
    return about.clear("old_then", number=number.number, day=made, **sides(paper))


def _unread(scene: Scene) -> Iterator[tuple[str, str, Label | Licence]]:
    """Numbers given for a food production licence that look like none."""
    given: list[tuple[str, str, Label | Licence]] = [
        *(("labels", one.licence_number or "", one) for one in scene.facts.labels),
        *(
            ("licences", one.number, one)
            for one in scene.facts.licences
            if licence_kind(one.kind) == "food_production"
        ),
    ]
    for field, text, record in given:
        if sum(one.isdigit() for one in text) >= _DIGITS_OF_A_NUMBER and read_number(text) is None:
            yield field, text, record


def _food_may_be_sold(scene: Scene) -> bool:
    listings = scene.broadcast.listings
    return not listings or any(_may_be_food(listing) for listing in listings)


def _may_be_food(listing: Listing) -> bool:
    return listing.product_class in FOOD or listing.product_class == "unknown"


def health_food(scene: Scene, about: About) -> Iterator[Outcome]:
    """Goods sold as health food: whether they have the number of a filing or registration, in its form."""
    found = papers(scene)
    claims = [hit for hit in scene.find(compiled(*about.words["claim"])) if stated(hit)]
    for listing in scene.broadcast.listings:
        said = [hit for hit in claims if hit.wording.listing_id == listing.id]
        if listing.product_class == "health_food" or (said and _may_be_food(listing)):
            yield from _of_health_food(about, listing, said, of_listing(found, scene, listing))
    for hit in claims:
        if hit.wording.listing_id is None:
            yield about.undecidable("goods_unknown", "listings", said=(hit.side,))
            return


def _of_health_food(
    about: About, listing: Listing, claims: Sequence[Hit], found: Sequence[Paper]
) -> Iterator[Outcome]:
    numbers = once(paper for paper in found if paper.number.kind in HEALTH_FOOD_KINDS)
    for paper in numbers:
        both = sides(paper, subject=listing.id)
        if paper.number.faults:
            yield about.suspected(paper.number.faults[0], number=paper.number.number, **both)
        else:
            yield about.clear("fits", number=paper.number.number, goods=listing.title, **both)
    if not numbers:
        yield _without_number(about, listing, tuple(hit.side for hit in claims[:1]), found)


def _without_number(
    about: About, listing: Listing, claimed: tuple[Side, ...], found: Sequence[Paper]
) -> Outcome:
    other = next((one for one in found if one.number.product_class not in (None, "health_food")), None)
    if other is not None and other.field != "ad_approvals":
        number, kind = other.number.number, other.number.title
        both = sides(other, *claimed, subject=listing.id)
        return about.suspected("wrong_class", goods=listing.title, number=number, kind=kind, **both)
    if claimed and (listing.description or listing.attributes):
        said = (*claimed, listing_side(listing))
        return about.suspected(
            "claimed", subject=listing.id, listing_id=listing.id, said=said, goods=listing.title
        )
    return about.undecidable(
        "no_number",
        "listings",
        "labels",
        subject=listing.id,
        listing_id=listing.id,
        said=claimed,
        goods=listing.title,
    )


CHECKS = {
    "numbers/food-licence": food_licence,
    "numbers/health-food": health_food,
    "numbers/official": in_register,
    "numbers/licence-expiry": last_day,
}
