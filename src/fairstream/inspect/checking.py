"""Runs the cross-checks on a broadcast and its facts; what they suspect becomes findings with both sides."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from fairstream.checks.about import About, Outcome
from fairstream.checks.library import Check
from fairstream.checks.scene import Scene
from fairstream.detect.engine import finding_id
from fairstream.facts import Facts
from fairstream.inspect.inspection import FACTS, LANGUAGES, Checked, Located, Occurrence, Piece
from fairstream.inspect.liable import Parties
from fairstream.inspect.units import Unit, wall_clock
from fairstream.law.citing import Citer
from fairstream.records import (
    Broadcast,
    Finding,
    Language,
    Listing,
    Medium,
    ProductClass,
    Side,
    Span,
    Words,
)
from fairstream.text.masking import mask

NOWHERE = Span(0, 0)
"""The span of a finding in which nothing was said: it rests on facts alone."""


class Goods(NamedTuple):
    """What is known of the goods: listings with their class, and which one each record speaks of."""

    listings: tuple[Listing, ...]
    spoken_of: Mapping[str, str]


def goods_of(broadcast: Broadcast, units: Iterable[Unit], classes: Sequence[ProductClass]) -> Goods:
    """Listings with the class found for them, and the listing of every utterance and screen text."""
    listings = tuple(
        replace(listing, product_class=found) if listing.product_class == "unknown" else listing
        for listing, found in zip(broadcast.listings, classes, strict=True)
    )
    spoken = {
        part.unit: unit.listing.id
        for unit in units
        if unit.listing is not None and not unit.crossing and unit.text.medium in ("speech", "screen")
        for part in unit.parts
    }
    return Goods(listings, spoken)


def run_checks(
    broadcast: Broadcast,
    facts: Facts,
    found: Iterable[Located],
    goods: Goods,
    checks: Iterable[Check],
) -> tuple[Checked, ...]:
    """Every outcome of every check, in the order of the checks."""
    findings = tuple(located.finding for located in found)
    scene = Scene(replace(broadcast, listings=goods.listings), facts, findings, goods.spoken_of)
    return tuple(Checked(check.about, outcome) for check in checks for outcome in check.run(scene))


class Suspicions:
    """Turns suspected outcomes into findings at their place."""

    def __init__(self, broadcast: Broadcast, goods: Goods, citer: Citer, language: Language) -> None:
        self._broadcast = broadcast
        self._listings = {listing.id: listing for listing in goods.listings}
        self._citer = citer
        self._parties = Parties(broadcast)
        self._language = language
        self._guessed = {said.id for said in broadcast.utterances if said.heard == "syllables"}

    def located(self, checked: Iterable[Checked]) -> list[Located]:
        """One finding per suspected outcome."""
        return [self._one(*one) for one in checked if one.outcome.verdict == "suspected"]

    def _one(self, about: About, outcome: Outcome) -> Located:
        pieces = tuple(
            Piece(side.medium, side.unit, side.span)
            for side in outcome.said
            if side.medium is not None and side.span is not None
        )
        first = next(
            (side for side in outcome.said if side.span is not None),
            Side(Words(about.title.zh, about.title.en)),
        )
        translations = {name: self._finding(about, outcome, first, name) for name in LANGUAGES}
        finding = translations[self._language]
        listing = self._listings.get(outcome.listing_id or "")
        return Located(
            finding,
            translations,
            (Occurrence(pieces, first.start_ms, first.end_ms),),
            self._parties.answerable(finding.liable, listing),
            listing_id=outcome.listing_id,
        )

    def _finding(self, about: About, outcome: Outcome, first: Side, language: Language) -> Finding:
        cites = outcome.cites or tuple(about.cites)
        citations, notes = self._citer.cited(cites, self._broadcast.on, language)
        why = (getattr(outcome.why, language), getattr(about.explain, language))
        doubt = (getattr(about.unverified, language),) if about.unverified else ()
        listing = self._listings.get(outcome.listing_id or "")
        medium: Medium = first.medium or FACTS
        return Finding(
            id=finding_id(
                f"{medium}:{first.unit}:{outcome.subject}:{outcome.reason}", about.id, _span(first)
            ),
            rule=about.id,
            title=getattr(about.title, language),
            conduct=about.conduct,
            conduct_also=tuple(about.conduct_also),
            severity=about.severity,
            score=about.confidence,
            span=_span(first),
            quote=first.quote,
            why=tuple(map(mask, why + doubt + notes)),
            citations=citations,
            cites=cites,
            liable=outcome.liable or tuple(about.liable),
            proof_needed=tuple(getattr(proof, language) for proof in about.proof_needed),
            product_class=listing.product_class if listing else "unknown",
            medium=medium,
            speaker="host" if medium in ("speech", "screen") else "seller",
            unit=first.unit,
            context=getattr(first.text, language),
            start_ms=first.start_ms,
            end_ms=first.end_ms,
            at=first.at or wall_clock(self._broadcast, first.start_ms),
            place=first.place or next((side.place for side in outcome.known if side.place), None),
            times=() if first.start_ms is None else (first.start_ms,),
            said=outcome.said,
            known=outcome.known,
            lead=about.lead,
            listing_id=outcome.listing_id,
            listen=any(side.medium == "speech" and side.unit in self._guessed for side in outcome.said),
        )


def _span(side: Side) -> Span:
    return side.span or NOWHERE
