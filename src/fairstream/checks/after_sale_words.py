"""What a room says about returns against goods and orders: refusals aloud, exceptions widened."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from fairstream.checks.about import About, Outcome, Verdict, fact
from fairstream.checks.after_sale_requests import (
    class_of,
    either,
    excepted,
    exceptions,
    order_side,
    pattern,
)
from fairstream.checks.scene import Scene, Wording
from fairstream.facts import Order
from fairstream.records import Finding, Listing, Side, Words

MOST_SIDES: Final = 5
"""Sides shown of one kind for one outcome; the sentence gives the whole count."""
Refusal = tuple[Wording, Finding]
_NO_GOODS: Final = Words("未指明", "not named")
_NO_KIND: Final = Words("未写明类别", "kind not stated")


def _unsure(about: About) -> Callable[..., Outcome]:
    def make(reason: str, **filling: Any) -> Outcome:
        return about.undecidable(reason, "orders", **filling)

    return make


def said_no_return(scene: Scene, about: About) -> Iterator[Outcome]:
    """Refusals of returns in the words, as the rules find them, one outcome for each listing they concern."""
    units = {(said.medium, said.unit): said for said in scene.wordings}
    rules = {rule for names in about.words.values() for rule in names}
    of_goods: defaultdict[str | None, list[Refusal]] = defaultdict(list)
    for finding in scene.findings:
        wording = units.get((finding.medium, finding.unit))
        if wording is not None and rules & {finding.rule, *finding.also_rules}:
            of_goods[wording.listing_id].append((wording, finding))
    for listing_id, refusals in of_goods.items():
        yield _against_goods(scene, about, listing_id, refusals)


def _against_goods(
    scene: Scene, about: About, listing_id: str | None, refusals: Sequence[Refusal]
) -> Outcome:
    listing = scene.listings.get(listing_id or "")
    orders = [order for order in scene.facts.orders if listing_id in (None, order.listing_id)]
    verdict, reason = _weigh(about, listing, orders, refusals)
    price = () if verdict != "undecidable" or listing is None else _price_as_ground(scene, about, refusals)
    if price:
        verdict, reason = "suspected", "own-rule"
    make: Callable[..., Outcome] = about.suspected if verdict == "suspected" else about.clear
    if verdict == "undecidable":
        make = _unsure(about)
    return make(
        reason,
        subject=listing_id or refusals[0][0].unit,
        listing_id=listing_id,
        said=(
            *(wording.side(finding.span, finding.quote) for wording, finding in refusals[:MOST_SIDES]),
            *price,
        ),
        known=(*_page(listing), *(order_side(order) for order in orders[:MOST_SIDES])),
        quote=refusals[0][1].quote,
        goods=listing.title if listing else _NO_GOODS,
    )


def _weigh(
    about: About, listing: Listing | None, orders: Sequence[Order], refusals: Sequence[Refusal]
) -> tuple[Verdict, str]:
    """What goods, orders and the grounds given make of the words: a promise binds before anything else."""
    if listing and pattern(about, "promised").search(_text(listing)):
        return "suspected", "promised"
    texts = [wording.text for wording, _ in refusals] + ([_text(listing)] if listing else [])
    if any(exceptions().named(text) for text in texts):
        return "clear", "kind-named"
    states = {excepted(order) for order in orders}
    if "unconfirmed" in states:
        return "suspected", "unconfirmed"
    if states and states <= {"statutory", "confirmed"}:
        return "clear", "excepted"
    if listing is None:
        return "undecidable", "goods-unknown"
    rules = {rule for _, finding in refusals for rule in (finding.rule, *finding.also_rules)}
    if rules & set(about.words["own_rule"]):
        return "suspected", "own-rule"
    spoils = exceptions().nature | {"unknown"}
    if rules & set(about.words["opened"]) and listing.product_class not in spoils:
        return "suspected", "opened"
    return "undecidable", "orders-unknown"


def _price_as_ground(scene: Scene, about: About, refusals: Sequence[Refusal]) -> tuple[Side, ...]:
    """Where a low price or a promotion is given as the reason of a refusal, just before or after it.

    Goods said to be flawed or near their last day are left open: that may be a ground (interim measures on
    seven-day returns, not held).
    """
    reach = about.limits["ground_ms"]
    ground, flawed = either([*about.words["ground"], *about.words["flawed"]]), pattern(about, "flawed")
    for refusal, _ in refusals:
        if refusal.start_ms is None or refusal.end_ms is None:
            continue
        since, until = refusal.start_ms - reach, refusal.end_ms + reach
        near = [
            hit
            for hit in scene.find(ground, "speech", listing_id=refusal.listing_id)
            if hit.wording.start_ms is not None and since <= hit.wording.start_ms <= until
        ]
        if near and not any(flawed.search(hit.match.group()) for hit in near):
            return (near[0].side,)
    return ()


def _text(listing: Listing) -> str:
    attributes = "\n".join(f"{name}{value}" for name, value in listing.attributes.items())
    return f"{listing.title}\n{listing.description}\n{attributes}"


def _page(listing: Listing | None) -> tuple[Side, ...]:
    if listing is None:
        return ()
    return (fact("listings", Words(f"商品页：{listing.title}", f"listing: {listing.title}"), listing),)


def extended_exception(scene: Scene, about: About) -> Iterator[Outcome]:
    """Exceptions unconfirmed or of a kind the goods are not, one outcome for each listing and fault."""
    hits = list(scene.find(pattern(about, "default")))
    for hit in hits:
        yield about.suspected(
            "said-default",
            subject=hit.wording.unit,
            listing_id=hit.wording.listing_id,
            said=(hit.side,),
            quote=hit.quote,
        )
    if not scene.facts.orders and not hits:
        yield about.undecidable("none", "orders")
    others = 0
    faults: defaultdict[tuple[str, str], list[Order]] = defaultdict(list)
    for order in scene.facts.orders:
        reason = _fault(scene, order)
        if reason is None:
            others += 1
        else:
            faults[order.listing_id, reason].append(order)
    for (listing_id, reason), orders in faults.items():
        yield _of_orders(about, listing_id, reason, orders)
    if others:
        yield about.clear("rest", count=others)


def _of_orders(about: About, listing_id: str, reason: str, orders: Sequence[Order]) -> Outcome:
    make: Callable[..., Outcome] = _unsure(about) if reason == "unknown" else about.suspected
    return make(
        reason,
        subject=listing_id,
        listing_id=listing_id,
        known=tuple(order_side(order) for order in orders[:MOST_SIDES]),
        count=len(orders),
        kind=orders[0].exception_kind or _NO_KIND,
    )


def _fault(scene: Scene, order: Order) -> str | None:
    """What is wrong with the exception an order records; None if it records none or a proper one."""
    kind = exceptions().kind(order.exception_kind)
    if kind is not None:
        return "kind-unfit" if class_of(scene, order.listing_id) in kind.impossible else None
    marked, confirmed = order.exception_marked, order.exception_confirmed
    if not (order.exception_kind or marked or confirmed):
        return None
    if confirmed is False:
        return "unconfirmed"
    if marked is False:
        return "unmarked"
    return None if marked and confirmed else "unknown"


CHECKS = {
    "after-sale/said-no-return": said_no_return,
    "after-sale/extended-exception": extended_exception,
}
