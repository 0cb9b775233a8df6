"""Whose name is shown: the permits the goods need, and whether the pages name whom the records name.

Measures 25 and 34 (live-ecommerce-measures-2026), ecommerce-law 15. Whoever runs a room for another's shop
need not hold the seller's permits; the shop's own page must show those.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from pydantic import Field, TypeAdapter

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.datafile import read_data
from fairstream.checks.scene import Scene
from fairstream.facts import AccountPage, Licence
from fairstream.records import Listing, Party, ProductClass, Side, Words
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual

TABLE: Final = Path(__file__).parent / "data" / "display" / "permits.table.yaml"
_SPACE_AND_SIGNS: Final = re.compile(r"[\s·•・,，.。\-—()（）\[\]【】「」“”\"']+")


class Permit(Strict):
    """A permit some goods need, how it is recognised on a page and which kinds of licences it covers.

    `without` is a pattern of categories that need none; `always` is False where only a part of the class
    needs it.
    """

    id: str
    title: Bilingual
    classes: list[ProductClass] = Field(min_length=1)
    cites: list[str] = Field(min_length=1)
    shown: str
    kinds: list[str] = Field(min_length=1)
    without: str | None = None
    always: bool = True

    def needed_by(self, listing: Listing) -> bool:
        """Whether these goods are of a class the permit speaks of and of no category that is exempt."""
        if listing.product_class not in self.classes:
            return False
        return not (self.without and re.search(self.without, listing.category or ""))

    def on(self, texts: Iterable[str]) -> bool:
        """Whether any of the texts of a page shows it."""
        return any(re.search(self.shown, text) for text in texts)

    def held(self, licence: Licence) -> bool:
        """Whether a licence handed in is one of these."""
        return licence.kind in self.kinds or bool(re.search(self.shown, f"{licence.kind} {licence.number}"))


@cache
def load_permits(file: Path = TABLE) -> tuple[Permit, ...]:
    """The permits by class of goods. RuleError names file, line and key that do not fit."""
    return read_data(file, TypeAdapter(tuple[Permit, ...]), "compare it with the other permits")


def licence(scene: Scene, about: About) -> Iterator[Outcome]:
    """For each permit the goods on sale need: whether the account page shows it."""
    page = scene.facts.account_page
    for permit in load_permits():
        goods = [listing for listing in scene.broadcast.listings if permit.needed_by(listing)]
        if goods:
            yield _permit(permit, goods, page, scene, about)


def _permit(
    permit: Permit, goods: list[Listing], page: AccountPage | None, scene: Scene, about: About
) -> Outcome:
    filling: dict[str, Any] = {
        "permit": Words(permit.title.zh, permit.title.en),
        "goods": "、".join(one.title for one in goods),
    }
    if page is None or not page.permits:
        return about.undecidable("unread", "account_page", subject=permit.id, **filling)
    known: tuple[Side, ...] = (fact("account_page", "、".join(page.permits), page),)
    if permit.on(page.permits):
        return about.clear("shown", subject=permit.id, known=known, **filling)
    own = _sells_itself(page, goods, scene)
    if own is False:
        return about.clear("other-seller", subject=permit.id, known=known, **filling)
    if own is None:
        return about.undecidable("whose", "shops", subject=permit.id, known=known, **filling)
    if not permit.always:
        return about.undecidable("class-matters", "listings", subject=permit.id, known=known, **filling)
    papers = [one for one in scene.facts.licences if permit.held(one)]
    known += tuple(fact("licences", f"{one.kind} {one.number}", one) for one in papers)
    reason = "held-not-shown" if papers else "not-shown"
    # Who holds the permit and does not show it breaks no rule on permits.
    cites = (*about.cites, *(() if papers else permit.cites))
    return about.suspected(reason, subject=permit.id, known=known, cites=cites, **filling)


def _sells_itself(page: AccountPage, goods: list[Listing], scene: Scene) -> bool | None:
    """Whether who runs the room also sells these goods; None when either is unknown."""
    shops = {shop.id: shop for shop in scene.broadcast.shops}
    behind = [shops[one.shop_id] for one in goods if one.shop_id in shops]
    sellers = {plain_name(shop.operator) for shop in behind if shop.operator}
    sellers |= {plain_name(party.name) for party in scene.broadcast.parties if party.role == "seller"}
    runs = {plain_name(name) for name in (page.name, page.operator_name) if name}
    if not sellers or not runs:
        return None
    return bool(sellers & runs)


def room_matches(scene: Scene, about: About) -> Iterator[Outcome]:
    """Whether account page and seller page name those whom the records name."""
    yield from _operator(scene, about)
    yield from _seller(scene, about)


def _operator(scene: Scene, about: About) -> Iterator[Outcome]:
    page = scene.facts.account_page
    parties = [party for party in scene.broadcast.parties if party.role == "room_operator"]
    # The account's own name is a nickname as often as a firm's.
    shown = page and (page.operator_name or page.name)
    if page is None or not shown or not parties:
        yield about.undecidable("no-operator", "account_page", "parties")
        return
    known = (fact("account_page", shown, page), *(_party(party) for party in parties))
    names = "、".join(party.name for party in parties)
    if any(_same(page, party) for party in parties):
        yield about.clear("operator-same", subject=shown, known=known, shown=shown, recorded=names)
    else:
        yield about.suspected("operator-differs", subject=shown, known=known, shown=shown, recorded=names)


def _same(page: AccountPage, party: Party) -> bool:
    if page.uscc and party.identifier and party.identifier_kind == "uscc":
        return page.uscc == party.identifier
    wanted = plain_name(party.name)
    return wanted in {plain_name(name) for name in (page.name, page.operator_name) if name}


def _seller(scene: Scene, about: About) -> Iterator[Outcome]:
    display = scene.facts.seller_display
    if display is None or not display.seller_name:
        return
    shown = display.seller_name
    sold = {listing.shop_id for listing in scene.broadcast.listings}
    shops = [shop for shop in scene.broadcast.shops if shop.id in sold or not sold]
    names = [shop.operator for shop in shops if shop.operator]
    names += [party.name for party in scene.broadcast.parties if party.role == "seller"]
    known = (fact("seller_display", shown, display), *(fact("shops", shop.name, shop) for shop in shops))
    if not names:
        yield about.undecidable("no-seller", "shops", "parties", subject=shown, known=known, shown=shown)
        return
    recorded = "、".join(dict.fromkeys(names))
    if plain_name(shown) in {plain_name(name) for name in names}:
        yield about.clear("seller-same", subject=shown, known=known, shown=shown, recorded=recorded)
    else:
        yield about.suspected("seller-differs", subject=shown, known=known, shown=shown, recorded=recorded)


def _party(party: Party) -> Side:
    return fact("parties", party.name)


def plain_name(name: str) -> str:
    """A firm's name for comparison: width, case, signs and 有限责任公司 for 有限公司 do not matter."""
    plain = _SPACE_AND_SIGNS.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return plain.replace("有限责任公司", "有限公司")


CHECKS = {"display/licence": licence, "display/room-matches": room_matches}
