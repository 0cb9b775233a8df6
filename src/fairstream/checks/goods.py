"""Goods that may not be sold live, or not be advertised to the public, by their page, class and licences."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import TypeAdapter

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.datafile import read_data
from fairstream.checks.papers import Sides, compiled, folded, listing_side, quoted, stated
from fairstream.checks.scene import SPOKEN, Scene
from fairstream.law.identifiers import licence_kind
from fairstream.records import Listing, ProductClass, Side, Span, Words
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual

TABLE: Final = Path(__file__).parent / "data" / "goods" / "kinds.table.yaml"


class Kind(Strict):
    """A kind of goods the law treats apart; the head of the table tells what each entry means."""

    title: Bilingual
    names: list[str] = []
    unless: list[str] = []
    classes: list[ProductClass] = []
    by_class: bool = False
    permits: list[str] = []
    without_permit: Literal["suspected", "undecidable"] = "suspected"
    sale: tuple[str, ...] = ()
    advertising: tuple[str, ...] = ()
    unverified: bool = False

    @property
    def words(self) -> Words:
        """Its name in both languages."""
        return Words(self.title.zh, self.title.en)


@cache
def load_kinds(file: Path = TABLE) -> dict[str, Kind]:
    """The kinds of goods by code. RuleError names the entry that does not fit."""
    return read_data(file, TypeAdapter(dict[str, Kind]), "see the comment at the head of the table")


def of_kind(scene: Scene, listing: Listing, kind: Kind) -> Side | None:
    """The words of the page that make goods ones of this kind, or the page when the class suffices."""
    if kind.classes and listing.product_class not in (*kind.classes, "unknown"):
        return None
    if kind.by_class:
        return listing_side(listing) if listing.product_class in kind.classes else None
    further = "，".join(filter(None, (listing.category, *listing.attributes.values())))
    page = folded(f"{listing.title}，{listing.description}，{further}")
    names = compiled(*kind.names)
    if not names.search(page) or (kind.unless and compiled(*kind.unless).search(page)):
        return None
    hits = scene.find(names, "listing", listing_id=listing.id)
    found = next((hit.side for hit in hits if stated(hit)), None)
    if found is None and names.search(folded(further)):
        return Side(Words(further, further), further, medium="listing", unit=listing.id, place=listing.place)
    return found


def not_live(scene: Scene, about: About) -> Iterator[Outcome]:
    """Listings of goods that may not be sold live, or by holders of a licence only."""
    for listing in scene.broadcast.listings:
        matched = [
            (kind, side)
            for kind in load_kinds().values()
            if kind.sale and (side := of_kind(scene, listing, kind)) is not None
        ]
        named = [(kind, side) for kind, side in matched if not kind.by_class]
        for kind, side in named or matched:
            yield _of_sale(scene, about, listing, kind, side)


def _of_sale(scene: Scene, about: About, listing: Listing, kind: Kind, side: Side) -> Outcome:
    filling: dict[str, Any] = {"goods": listing.title, "kind": kind.words}
    permits = [
        licence
        for licence in scene.facts.licences
        if licence_kind(licence.kind) in kind.permits and licence.listing_id in (None, listing.id)
    ]
    known = tuple(fact("licences", licence.number, licence) for licence in permits)
    both: Sides = {"subject": listing.id, "listing_id": listing.id, "said": (side,), "known": known}
    if any(licence.expires_on is None or licence.expires_on >= scene.on for licence in permits):
        return about.clear("permitted", **filling, **both)
    if kind.permits and kind.without_permit == "undecidable":
        return about.undecidable("permit_unknown", "licences", **filling, **both)
    return about.suspected("doubtful" if kind.unverified else "sold", cites=kind.sale, **filling, **both)


def no_mass_ad(scene: Scene, about: About) -> Iterator[Outcome]:
    """Listings of goods that may not be advertised to the public, and whether they were presented."""
    for listing in scene.broadcast.listings:
        matched = [
            (kind, side)
            for kind in load_kinds().values()
            if kind.advertising and (side := of_kind(scene, listing, kind)) is not None
        ]
        for kind, side in matched:
            yield _of_advertising(scene, about, listing, kind, side)
        if not matched and listing.product_class == "drug":
            yield from _of_drug(scene, about, listing)
        if not matched and listing.product_class == "infant_formula":
            yield from _of_infant_formula(scene, about, listing)


def _of_advertising(scene: Scene, about: About, listing: Listing, kind: Kind, side: Side) -> Outcome:
    filling: dict[str, Any] = {"goods": listing.title, "kind": kind.words}
    presented = _presented(scene, listing)
    if presented is None:
        return about.undecidable("words_unknown", "utterances", **filling, **_sides(listing, side))
    if not presented:
        return about.clear("not_presented", **filling, **_sides(listing, side))
    both = _sides(listing, *presented[: int(about.limits["shown"])], side)
    return about.suspected("presented", cites=kind.advertising, **filling, **both)


def _presented(scene: Scene, listing: Listing) -> tuple[Side, ...] | None:
    """What was said or shown of the goods; None when words belong to no goods, or there are no words."""
    spoken = [said for said in scene.wordings if said.medium in SPOKEN and said.text.strip()]
    own = tuple(quoted(said, Span(0, len(said.text))) for said in spoken if said.listing_id == listing.id)
    if not own and (not spoken or any(said.listing_id is None for said in spoken)):
        return None
    return own


def _of_drug(scene: Scene, about: About, listing: Listing) -> Iterator[Outcome]:
    """A drug whose page tells neither that it is sold over the counter nor on prescription."""
    page = folded(f"{listing.title}，{listing.description}，{'，'.join(listing.attributes.values())}")
    over_the_counter = compiled(*about.words["over_the_counter"]).search(page)
    if not over_the_counter and _presented(scene, listing) != ():
        yield about.undecidable(
            "drug_unknown", "labels", goods=listing.title, **_sides(listing, listing_side(listing))
        )


def _of_infant_formula(scene: Scene, about: About, listing: Listing) -> Iterator[Outcome]:
    """Formula for infants: forbidden to be advertised when it claims to replace breast milk."""
    pattern = compiled(*about.words["replaces_milk"])
    claims = [hit.side for hit in scene.find(pattern, listing_id=listing.id) if stated(hit)]
    if claims:
        cites = ("advertising-law#20", "advertising-law#57", "internet-advertising-measures#6")
        yield about.suspected("replaces_milk", goods=listing.title, cites=cites, **_sides(listing, *claims))
    elif _presented(scene, listing) != ():
        page = folded(f"{listing.title}，{listing.description}")
        older = compiled(*about.words["after_infancy"]).search(page)
        if older and not compiled(*about.words["infancy"]).search(page):
            yield about.clear("after_infancy", goods=listing.title, **_sides(listing, listing_side(listing)))
        else:
            yield about.undecidable(
                "infancy", "labels", goods=listing.title, **_sides(listing, listing_side(listing))
            )


def _sides(listing: Listing, *said: Side) -> Sides:
    return {"subject": listing.id, "listing_id": listing.id, "said": said, "known": ()}


CHECKS = {
    "goods/not-live": not_live,
    "goods/no-mass-ad": no_mass_ad,
}
