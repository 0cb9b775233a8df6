"""Material, origin and producer as claimed, against what the label of the goods says."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.label_claims import (
    MaterialClaim,
    OriginClaim,
    ProducerClaim,
    material_claims,
    origin_claims,
    producer_claims,
)
from fairstream.checks.label_firms import same_firm, sellers
from fairstream.checks.label_places import in_china, places, relation
from fairstream.checks.materials import WHOLE, bounds, materials, pure_bounds, read_shares
from fairstream.checks.scene import Hit, Scene
from fairstream.facts import Label
from fairstream.records import Side, Words

Claim = TypeVar("Claim", MaterialClaim, OriginClaim, ProducerClaim)
MOST_SIDES: Final = 5
MAIN: Final = 50.0
"""A material said plainly agrees with a label that names it for at least half of the goods."""


def material(scene: Scene, about: About) -> Iterator[Outcome]:
    """Materials and shares claimed aloud, on screen or in the listing against the label's shares."""

    def judge(claims: Sequence[MaterialClaim], labels: Sequence[Label]) -> Outcome | None:
        named = _shares(scene, claims[0].hit, labels)
        if named is None:
            return None
        shares, known = named
        claim = claims[0]
        word = materials().by_code[claim.code]
        verdict = _of_share(claim, shares, about.limits["tolerance"])
        least = bounds(shares, claim.code, claim.part).least
        filling = {
            "material": Words(word.zh, word.en),
            "claimed": _number(claim.share),
            "least": _number(least),
        }
        return _outcome(about, verdict, claims, known, **filling)

    yield from _by_goods(
        scene, about, material_claims(scene), lambda one: (one.code, one.share, one.part), judge
    )


def origin(scene: Scene, about: About) -> Iterator[Outcome]:
    """Origins claimed against the origin on the label."""

    def judge(claims: Sequence[OriginClaim], labels: Sequence[Label]) -> Outcome | None:
        marked = [label for label in labels if label.origin]
        if not marked:
            return None
        verdicts = {_of_origin(claims[0], label.origin or "") for label in marked}
        verdict = verdicts.pop() if len(verdicts) == 1 else "open"
        name = claims[0].name
        filling = {
            "claimed": Words(name or "进口", name or "imported"),
            "marked": "、".join(dict.fromkeys(label.origin or "" for label in marked)),
        }
        known = tuple(
            fact("labels", Words(f"标签产地：{one.origin}", f"origin: {one.origin}"), one) for one in marked
        )
        return _outcome(about, verdict, claims, known, **filling)

    yield from _by_goods(scene, about, origin_claims(scene), lambda one: one.name, judge)


def producer(scene: Scene, about: About) -> Iterator[Outcome]:
    """Own factories and makers claimed against the producer on the label."""
    own = sellers(scene)

    def judge(claims: Sequence[ProducerClaim], labels: Sequence[Label]) -> Outcome | None:
        marked = [label for label in labels if label.producer]
        if not marked:
            return None
        firm = claims[0].firm
        sought = [firm] if firm else [name for name, _ in own]
        made = "、".join(dict.fromkeys(label.producer or "" for label in marked))
        known = (
            *(
                fact("labels", Words(f"标签生产者：{one.producer}", f"producer: {one.producer}"), one)
                for one in marked
            ),
            *(side for _, side in own if not firm),
        )
        if not sought:
            verdict = "seller-unknown"
        elif any(same_firm(name, label.producer or "") for name in sought for label in marked):
            verdict = "agrees"
        else:
            verdict = "other-firm" if firm else "not-own"
        return _outcome(about, verdict, claims, known, claimed="、".join(sought), marked=made)

    yield from _by_goods(scene, about, producer_claims(scene), lambda one: one.firm, judge)


def _of_share(claim: MaterialClaim, shares: Mapping[str, float], tolerance: float) -> str:
    """The code of what a label makes of a claimed share, or of a material said plainly."""
    pure = claim.share == WHOLE and bool(materials().by_code[claim.code].food)
    told = pure_bounds(shares, claim.code) if pure else bounds(shares, claim.code, claim.part)
    if claim.share is None:
        if told.least >= MAIN:
            return "agrees-plain"
        if told.least:
            return "minor"
        return "absent" if told.most < MAIN and not told.hidden else "open"
    if told.least >= claim.share:
        return "agrees"
    if told.most < claim.share - tolerance:
        return "less" if told.least else "absent"
    if told.most < claim.share:
        return "near"
    return "beside" if pure and told.least else "open"


def _of_origin(claim: OriginClaim, marked: str) -> str:
    """The code of what a label's origin makes of a claim."""
    if claim.spot is None:
        home = in_china(marked)
        return "open" if home is None else "domestic" if home else "agrees"
    spots = places().found(marked)
    if not spots:
        return "open"
    relations = {relation(claim.spot, spot) for spot in spots}
    if relations == {"same"}:
        return "agrees"
    return "differs" if relations == {"other"} else "open"


def _shares(
    scene: Scene, hit: Hit, labels: Sequence[Label]
) -> tuple[Mapping[str, float], tuple[Side, ...]] | None:
    """The shares the label names, or else those the listing names as attributes, and where they stand.

    A listing is not held against itself.
    """
    label = next((label for label in labels if label.materials), None)
    if label is not None:
        text = _written(label.materials)
        return label.materials, (fact("labels", Words(f"标签：{text}", f"label: {text}"), label),)
    listing = scene.listings.get(hit.wording.listing_id or "")
    if listing is None or hit.wording.medium == "listing":
        return None
    rows = [value for name, value in listing.attributes.items() if name in materials().attributes]
    shares = read_shares(rows)
    text = _written(shares)
    return (
        (shares, (fact("listings", Words(f"商品参数：{text}", f"listing: {text}"), listing),))
        if shares
        else None
    )


def _by_goods(
    scene: Scene,
    about: About,
    claims: Iterable[Claim],
    what: Callable[[Claim], Hashable],
    judge: Callable[[Sequence[Claim], Sequence[Label]], Outcome | None],
) -> Iterator[Outcome]:
    """One outcome for each thing claimed of each listing; what lacks goods or label is told once."""
    labels: defaultdict[str, list[Label]] = defaultdict(list)
    for label in scene.facts.labels:
        labels[label.listing_id].append(label)
    groups: defaultdict[tuple[str | None, Hashable], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.hit.wording.listing_id, what(claim)].append(claim)
    bare: defaultdict[str | None, list[Claim]] = defaultdict(list)
    for (listing_id, _), same in groups.items():
        outcome = judge(same, labels.get(listing_id, [])) if listing_id is not None else None
        if outcome is None:
            bare[listing_id].extend(same)
        else:
            yield outcome
    for listing_id, same in bare.items():
        yield about.undecidable(
            "goods-unknown" if listing_id is None else "no-label",
            "listings" if listing_id is None else "labels",
            subject=listing_id or same[0].hit.wording.unit,
            listing_id=listing_id,
            said=_sides(same),
            quote=same[0].hit.quote,
            count=len(same),
        )


_VERDICTS: Final = {
    "agrees": "clear",
    "agrees-plain": "clear",
    "less": "suspected",
    "absent": "suspected",
    "differs": "suspected",
    "domestic": "suspected",
    "not-own": "suspected",
    "other-firm": "suspected",
}
"""Codes of sentences by verdict; all others are undecidable."""


def _outcome(
    about: About, reason: str, claims: Sequence[Claim], known: tuple[Side, ...], **filling: Any
) -> Outcome:
    hit = claims[0].hit
    told: dict[str, Any] = {
        "subject": hit.wording.listing_id or "",
        "listing_id": hit.wording.listing_id,
        "said": _sides(claims),
        "known": known,
        "quote": hit.quote,
        **filling,
    }
    verdict = _VERDICTS.get(reason)
    if verdict is None:
        return about.undecidable(reason, "labels", **told)
    return about.suspected(reason, **told) if verdict == "suspected" else about.clear(reason, **told)


def _sides(claims: Sequence[Claim]) -> tuple[Side, ...]:
    return tuple(claim.hit.side for claim in claims[:MOST_SIDES])


def _written(shares: Mapping[str, float]) -> str:
    return "，".join(f"{name} {_number(share)}%" for name, share in shares.items())


def _number(share: float | None) -> str:
    return f"{WHOLE if share is None else share:g}"


CHECKS = {
    "label/material": material,
    "label/origin": origin,
    "label/producer": producer,
}
