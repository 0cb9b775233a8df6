"""What was said of goods against the advertisement that was approved for them."""

from collections.abc import Iterator, Sequence

from fairstream.checks.about import About, Outcome
from fairstream.checks.approvals import Approval, approvals, of_goods
from fairstream.checks.papers import REVIEWED, compiled, finding_side, folded, shared, stated
from fairstream.checks.scene import SPOKEN, Scene
from fairstream.records import Finding, Listing, Side


def departs_from_text(scene: Scene, about: About) -> Iterator[Outcome]:
    """Claims in speech and picture, each held against the approved text of the same goods."""
    given, claims = approvals(scene), claims_in(scene, about)
    for listing in scene.broadcast.listings:
        own = of_goods(given, scene, listing)
        if listing.product_class in REVIEWED and own:
            yield _of_listing(about, listing, own, claims.get(listing.id, []))


def _of_listing(
    about: About, listing: Listing, own: Sequence[Approval], claims: Sequence[tuple[str, Side]]
) -> Outcome:
    texts = [approval for approval in own if approval.text]
    if not texts:
        return about.undecidable(
            "no_text", "ad_approvals", subject=listing.id, listing_id=listing.id, goods=listing.title
        )
    approved = folded("。".join(approval.text or "" for approval in texts))
    known = tuple(approval.side for approval in texts)
    beyond = [side for words, side in claims if shared(words, approved) < about.limits["in_the_text"]]
    if beyond:
        said = tuple(beyond[: int(about.limits["shown"])])
        quotes = "、".join(dict.fromkeys(side.quote for side in said))
        return about.suspected(
            "departs",
            subject=listing.id,
            listing_id=listing.id,
            said=said,
            known=known,
            goods=listing.title,
            quotes=quotes,
            count=len(beyond),
        )
    said = tuple(side for _, side in claims[: int(about.limits["shown"])])
    return about.clear(
        "within" if claims else "no_claims",
        subject=listing.id,
        listing_id=listing.id,
        said=said,
        known=known,
        goods=listing.title,
    )


def claims_in(scene: Scene, about: About) -> dict[str, list[tuple[str, Side]]]:
    """Claims spoken or shown, by listing: folded words and where they stand, each stretch once.

    They are the phrases of the check's own pattern and what rules found under its conducts.
    """
    found: dict[str, list[tuple[str, Side]]] = {}
    for hit in scene.find(compiled(*about.words["claim"]), *SPOKEN):
        if hit.wording.listing_id is not None and stated(hit):
            found.setdefault(hit.wording.listing_id, []).append((hit.match.group(), hit.side))
    for finding in scene.findings:
        if finding.listing_id is not None and _claims(about, finding):
            side, others = finding_side(finding), found.setdefault(finding.listing_id, [])
            if not any(_same_words(side, other) for _, other in others):
                others.append((folded(finding.quote), side))
    return found


def _same_words(one: Side, other: Side) -> bool:
    """Whether two sides quote characters in common."""
    if one.span is None or other.span is None or (one.medium, one.unit) != (other.medium, other.unit):
        return False
    return one.span.start < other.span.end and other.span.start < one.span.end


def _claims(about: About, finding: Finding) -> bool:
    wanted = set(about.words["conducts"])
    return finding.medium in SPOKEN and not wanted.isdisjoint((finding.conduct, *finding.conduct_also))
