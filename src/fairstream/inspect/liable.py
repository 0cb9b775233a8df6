"""Who may answer for a finding: the roles the rule names, and the parties that held them."""

from collections.abc import Iterable, Iterator

from fairstream.inspect.inspection import Answerable
from fairstream.records import Broadcast, Listing, PartyRole


class Parties:
    """The parties of one broadcast by role, with the shops behind its listings."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._shops = {shop.id: shop for shop in broadcast.shops}

    def answerable(self, roles: Iterable[PartyRole], listing: Listing | None) -> tuple[Answerable, ...]:
        """Names per role; the operator of the listing's shop is a seller too, its brand a brand."""
        return tuple(
            Answerable(role, tuple(dict.fromkeys(self._names(role, listing))))
            for role in dict.fromkeys(roles)
        )

    def _names(self, role: PartyRole, listing: Listing | None) -> Iterator[str]:
        if role == "seller" and listing is not None and listing.shop_id in self._shops:
            shop = self._shops[listing.shop_id]
            yield shop.operator or shop.name
        yield from (party.name for party in self._broadcast.parties if party.role == role)
        if role == "platform" and self._broadcast.platform:
            yield self._broadcast.platform
        if role == "brand" and listing is not None and listing.brand:
            yield listing.brand
