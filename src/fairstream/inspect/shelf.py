"""Which goods the talk is about: the listing shown at that time, or the one named in the words."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from fairstream.records import Listing, Utterance

_NAME = re.compile(r"[㐀-鿿]{3,}")


class Shelf:
    """The listings of one broadcast, by time and by name.

    A name is a run of three or more Chinese characters in a title, or the brand; names that several
    listings share say nothing and are dropped. Goods that are alone and of which nobody told when they were
    up are taken to be up all the time, as `fairstream.checks.scene` takes them.
    """

    def __init__(self, listings: Sequence[Listing]) -> None:
        self.by_id = {listing.id: listing for listing in listings}
        shown = [listing for listing in listings if listing.shown_from_ms is not None]
        self._shown = sorted(shown, key=_shown_from)
        self._alone = listings[0] if len(listings) == 1 and not shown else None
        self._starts = [_shown_from(listing) for listing in self._shown]
        self._names = dict(_unshared(listings))
        ordered = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def shown_at(self, ms: int | None) -> Listing | None:
        """The listing put up last before `ms` and still up then."""
        if ms is None or self._alone is not None:
            return self._alone
        for index in range(bisect_right(self._starts, ms) - 1, -1, -1):
            listing = self._shown[index]
            if listing.shown_until_ms is None or ms < listing.shown_until_ms:
                return listing
        return None

    def named_in(self, text: str) -> Listing | None:
        """The listing whose name stands in `text`; None when none or more than one does."""
        if self._pattern is None:
            return None
        found = {self._names[name].id for name in self._pattern.findall(text)}
        return self.by_id[found.pop()] if len(found) == 1 else None

    def of(self, utterance: Utterance) -> Listing | None:
        """The listing an utterance is about: as recorded, else named, else shown."""
        recorded = self.by_id.get(utterance.listing_id) if utterance.listing_id else None
        return recorded or self.named_in(utterance.text) or self.shown_at(utterance.start_ms)


def _shown_from(listing: Listing) -> int:
    return listing.shown_from_ms or 0


def _unshared(listings: Iterable[Listing]) -> Iterator[tuple[str, Listing]]:
    pairs = [(name, listing) for listing in listings for name in _names(listing)]
    owners = Counter(name for name, _ in pairs)
    return ((name, listing) for name, listing in pairs if owners[name] == 1)


def _names(listing: Listing) -> set[str]:
    brand = {listing.brand} if listing.brand and len(listing.brand) > 1 else set()
    return {name for name in _NAME.findall(listing.title) if len(name) <= 12} | brand
