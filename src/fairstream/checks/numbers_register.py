"""Numbers against the agency's register, and licences against their last day and their holder."""

from collections.abc import Iterator, Mapping
from typing import Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.papers import (
    STATUS,
    Paper,
    Sides,
    listing_side,
    official,
    once,
    papers,
    register_side,
    same_name,
    shared,
    sides,
)
from fairstream.checks.scene import Scene
from fairstream.facts import Licence, OfficialNumber
from fairstream.law.identifiers import licence_kind
from fairstream.records import Listing, Side, Words

_WRONG_STATUS = ("expired", "revoked", "not_found")
OWN_LICENCE: Final[Mapping[str, tuple[str, ...]]] = {
    "food_operation": ("food-safety-law#35", "food-safety-law#122(1)"),
    "drug_operation": ("drug-administration-law#51", "drug-administration-law#115"),
    "device_operation": ("medical-device-regulations-2021#42", "medical-device-regulations-2021#81(1)"),
    "tobacco_retail": (
        "tobacco-monopoly-law#16",
        "tobacco-monopoly-law#32",
        "tobacco-monopoly-implementing-regulations#57",
    ),
}
"""What asks for a licence of the seller's own, and what punishes trading without one, by its kind."""


def in_register(scene: Scene, about: About) -> Iterator[Outcome]:
    """Every number shown or handed in against the agency's table: status, last day, holder, goods.

    Of a number seen twice, the place that tells its holder counts.
    """
    not_looked_up = []
    for paper in once(sorted(papers(scene), key=lambda paper: paper.holder is None)):
        row = official(scene, paper.number)
        number, kind = paper.number.number, paper.number.title
        if row is not None:
            yield _against_row(scene, about, paper, row)
        elif paper.number.kind in scene.facts.registers_complete:
            yield about.suspected("absent", number=number, kind=kind, **sides(paper))
        else:
            not_looked_up.append(number)
    if not_looked_up:
        numbers = "、".join(dict.fromkeys(not_looked_up))
        yield about.undecidable("not_looked_up", "official_numbers", subject=numbers, numbers=numbers)


def _against_row(scene: Scene, about: About, paper: Paper, row: OfficialNumber) -> Outcome:
    """The first contradiction between a number and its row; product names are compared last."""
    number, listing = paper.number.number, scene.listings.get(paper.listing_id or "")
    both = sides(paper, register_side(row))
    if row.status in _WRONG_STATUS:
        return about.suspected("status", number=number, status=STATUS[row.status], **both)
    if row.expires_on is not None and row.expires_on < scene.on:
        return about.suspected("expired", number=number, day=row.expires_on, on=scene.on, **both)
    if row.holder and paper.holder and not same_name(row.holder, paper.holder):
        return about.suspected("holder", number=number, ours=paper.holder, theirs=row.holder, **both)
    if listing is not None:
        found = _against_goods(about, paper, row, listing)
        if found is not None:
            return found
    return about.clear("agrees", number=number, **both)


def _against_goods(about: About, paper: Paper, row: OfficialNumber, listing: Listing) -> Outcome | None:
    """Whether the register has the number for other goods; licences of firms name no goods."""
    number = paper.number.number
    both = sides(paper, listing_side(listing), register_side(row))
    known = {listing.product_class, row.product_class} - {None, "unknown"}
    if row.product_class and len(known) > 1:
        return about.suspected("class", number=number, goods=listing.title, **both)
    if not row.product or listing.brand == row.product:
        return None
    likeness = shared(row.product, listing.title)
    if likeness < about.limits["other_goods"]:
        return about.suspected("product", number=number, goods=listing.title, theirs=row.product, **both)
    if likeness < about.limits["same_goods"]:
        return about.undecidable("product_unclear", "labels", goods=listing.title, theirs=row.product, **both)
    return None


def last_day(scene: Scene, about: About) -> Iterator[Outcome]:
    """Licences handed in: not expired on the day, not issued after it, and the seller's own."""
    if not scene.facts.licences:
        yield about.undecidable("none", "licences")
    for licence in scene.facts.licences:
        yield _of_days(scene, about, licence) or _of_holder(scene, about, licence)


def _of_days(scene: Scene, about: About, licence: Licence) -> Outcome | None:
    number, both, cites = licence.number, _licence_sides(licence), _cites(about, licence)
    on, last, first = scene.on, licence.expires_on, licence.issued_on
    if last is not None and last < on:
        return about.suspected("expired", number=number, day=last, on=on, cites=cites, **both)
    if first is not None and first > on:
        return about.suspected("later", number=number, day=first, on=on, cites=cites, **both)
    return None


def _cites(about: About, licence: Licence) -> tuple[str, ...]:
    return (*about.cites, *OWN_LICENCE.get(licence_kind(licence.kind) or "", ()))


def _of_holder(scene: Scene, about: About, licence: Licence) -> Outcome:
    """The licences a seller must have itself against who sells; others against their last day only."""
    number, kind, sellers = licence.number, licence_kind(licence.kind), dict(_sellers(scene, licence))
    if kind in about.words["of_the_seller"]:
        if not licence.holder or not sellers:
            missing = "account_page" if licence.holder else "licences"
            return about.undecidable("holder_unknown", missing, number=number, **_licence_sides(licence))
        if not any(same_name(licence.holder, name) for name in sellers):
            both = _licence_sides(licence, *sellers.values())
            names = "、".join(sellers)
            cites = _cites(about, licence)
            return about.suspected(
                "holder", number=number, holder=licence.holder, names=names, cites=cites, **both
            )
    if licence.expires_on is None and kind not in about.words["without_last_day"]:
        return about.undecidable("no_day", "licences", number=number, **_licence_sides(licence))
    return about.clear("valid", number=number, **_licence_sides(licence))


def _sellers(scene: Scene, licence: Licence) -> Iterator[tuple[str, Side]]:
    """Who sells, by name: the shop of the licensed goods, else all shops, sellers and the account itself."""
    listing = scene.listings.get(licence.listing_id or "")
    shops = [shop for shop in scene.broadcast.shops if shop.operator]
    own = [shop for shop in shops if listing is not None and shop.id == listing.shop_id]
    for shop in own or shops:
        yield shop.operator or "", fact("shops", shop.operator or "", shop)
    if own:
        return
    for party in scene.broadcast.parties:
        if party.role == "seller":
            yield party.name, fact("parties", party.name)
    page = scene.facts.account_page
    for name in (page.name, page.operator_name) if page else ():
        if name:
            yield name, fact("account_page", name, page)


def _licence_sides(licence: Licence, *others: Side) -> Sides:
    zh, en = [licence.number], [licence.number]
    if licence.holder:
        zh.append(f"持有人 {licence.holder}")
        en.append(f"held by {licence.holder}")
    if licence.issued_on:
        zh.append(f"{licence.issued_on} 发证")
        en.append(f"issued {licence.issued_on}")
    if licence.expires_on:
        zh.append(f"有效期至 {licence.expires_on}")
        en.append(f"valid until {licence.expires_on}")
    side = fact("licences", Words("，".join(zh), ", ".join(en)), licence)
    return {
        "subject": licence.number,
        "listing_id": licence.listing_id,
        "said": (),
        "known": (side, *others),
    }
