"""What a check looks at: one broadcast, its facts, the findings in its words, and a way to search them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from fairstream.facts import Facts
from fairstream.records import Broadcast, Finding, Listing, Medium, Place, Side, Span, Words
from fairstream.text.fold import FoldedBatch, Folder

SPOKEN: tuple[Medium, ...] = ("speech", "screen")
"""Where a room speaks: aloud and in the picture."""


@dataclass(frozen=True, slots=True)
class Wording:
    """A text of the room or the shop and where it stands; `listing_id` is the goods it speaks of."""

    medium: Medium
    unit: str
    text: str
    listing_id: str | None = None
    start_ms: int | None = None
    end_ms: int | None = None
    place: Place | None = None

    def side(self, span: Span, quote: str) -> Side:
        """Some of the words as one side of a comparison."""
        return Side(
            Words(self.text, self.text),
            quote,
            medium=self.medium,
            unit=self.unit,
            span=span,
            start_ms=self.start_ms,
            end_ms=self.end_ms,
            place=self.place,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """Words found: `match` in the folded reading, `span` and `quote` in the text as published."""

    wording: Wording
    match: re.Match[str]
    span: Span
    quote: str

    @property
    def side(self) -> Side:
        """The words as one side of a comparison."""
        return self.wording.side(self.span, self.quote)


@dataclass(frozen=True)
class Scene:
    """One broadcast with its facts.

    `findings` are those of the rules, for checks that hold a claim against the class or papers of the goods;
    `goods` tells which listing an utterance or screen text speaks of, beside what the record itself says.
    """

    broadcast: Broadcast
    facts: Facts = field(default_factory=Facts)
    findings: tuple[Finding, ...] = ()
    goods: Mapping[str, str] = field(default_factory=dict)

    @property
    def on(self) -> date:
        """The day of the conduct."""
        return self.broadcast.on

    @cached_property
    def listings(self) -> dict[str, Listing]:
        """Listings by id."""
        return {listing.id: listing for listing in self.broadcast.listings}

    @cached_property
    def wordings(self) -> tuple[Wording, ...]:
        """Everything the room and the shops said, wrote on screen or in a listing; no words of customers."""
        return (*self._spoken(), *self._seen(), *self._written())

    def find(self, pattern: re.Pattern[str], *media: Medium, listing_id: str | None = None) -> Iterator[Hit]:
        """Matches in the folded readings (simplified, lower case, numbers also in digits), in order.

        Without `media` all are searched. Of hits on the same words the first counts.
        """
        batch = self._folded
        taken: dict[int, list[Span]] = {}
        for reading in range(len(batch)):
            row = int(batch.row[reading])
            wording = self.wordings[row]
            if media and wording.medium not in media:
                continue
            if listing_id is not None and wording.listing_id != listing_id:
                continue
            first = int(batch.bounds[reading])
            before = taken.get(row, [])
            found: list[Span] = []
            for match in pattern.finditer(batch.reading(reading)):
                if match.start() == match.end():
                    continue
                start = int(batch.start[first + match.start()])
                end = int(batch.end[first + match.end() - 1])
                if any(start < e and s < end for s, e in (*before, *found[-1:])):
                    continue
                found.append(Span(start, end))
                yield Hit(wording, match, found[-1], wording.text[start:end])
            taken[row] = [*before, *found]

    @cached_property
    def _folded(self) -> FoldedBatch:
        return Folder().fold([wording.text for wording in self.wordings])

    def _spoken(self) -> Iterator[Wording]:
        for said in self.broadcast.utterances:
            if said.speaker != "customer":
                yield Wording(
                    "speech",
                    said.id,
                    said.text,
                    self._goods(said.id, said.listing_id),
                    said.start_ms,
                    said.end_ms,
                    said.place,
                )

    def _seen(self) -> Iterator[Wording]:
        for seen in self.broadcast.screen:
            goods = self._goods(seen.id, None)
            yield Wording("screen", seen.id, seen.text, goods, seen.start_ms, seen.end_ms, seen.place)

    def _written(self) -> Iterator[Wording]:
        for listing in self.broadcast.listings:
            words = f"{listing.title}\n{listing.description}" if listing.description else listing.title
            yield Wording("listing", listing.id, words, listing.id, place=listing.place)

    def _goods(self, unit: str, recorded: str | None) -> str | None:
        """The goods a record speaks of: as recorded, as told, or the only ones there are."""
        if recorded or unit in self.goods:
            return recorded or self.goods[unit]
        return self.broadcast.listings[0].id if len(self.broadcast.listings) == 1 else None
