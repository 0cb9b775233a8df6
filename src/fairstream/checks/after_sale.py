"""Requests after the sale against the days and grounds the law allows.

Days are calendar days of China and the first day is not counted. Each check yields one outcome for each
request that is suspected or cannot be decided, and one `rest` that counts all others it looked at.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final, Literal

from fairstream.checks import after_sale_words
from fairstream.checks.about import About, Outcome
from fairstream.checks.after_sale_days import Today, days_after, today
from fairstream.checks.after_sale_requests import Request, pattern, requests
from fairstream.checks.price_figures import china_day
from fairstream.checks.scene import Scene

Judge = Callable[[Request, Today], Outcome | None]
Right = Literal["yes", "no", "unknown", "before"]
BACK: Final = frozenset({"return", "refund"})
FAULT: Final = frozenset({"quality", "not_as_described"})


def no_reason_refused(scene: Scene, about: About) -> Iterator[Outcome]:
    """Refusals of a return without reason asked for in time (consumer-protection-law 25)."""
    grounds: list[tuple[re.Pattern[str], Callable[..., Outcome], str]] = [
        (pattern(about, "damaged"), _unsure, "not-intact"),
        (pattern(about, "opened"), _suspect, "opened"),
        (pattern(about, "own_rule"), _suspect, "own-rule"),
        (pattern(about, "not_intact"), _unsure, "not-intact"),
    ]

    def judge(request: Request, _now: Today) -> Outcome | None:
        right = _right(request, about)
        if request.asked.answer != "refused" or right == "no":
            return None
        if right != "yes":
            return _unsure(about, right, request)
        words = request.asked.refusal_words or ""
        for ground, make, reason in grounds:
            if ground.search(words):
                return make(about, reason, request, words=words)
        if request.excepted == "unconfirmed":
            return _suspect(about, "unconfirmed", request, days=_asked_after(request))
        return _unsure(about, "exception-unknown", request)

    yield from _each(scene, about, judge, _without_fault)


def no_handling(scene: Scene, about: About) -> Iterator[Outcome]:
    """Requests not handled, or without a valid return address (consumer-infringement-penalty-measures 9)."""
    limit = about.limits["handling_days"]

    def judge(request: Request, now: Today) -> Outcome | None:
        asked, days = request.asked, _handled_after(request)
        nowhere = asked.return_address_valid is False and not (asked.goods_back_at or asked.refunded_at)
        stuck = nowhere and asked.answer == "accepted"
        on_time = days is not None and days <= limit
        right = _right(request, about)
        if (on_time and not stuck) or right == "no" or (days is None and asked.answer == "refused"):
            return None
        if right != "yes":
            return _unsure(about, right, request)
        if request.excepted == "unknown":
            return _unsure(about, "exception-unknown", request)
        if days is not None and days > limit:
            return _suspect(about, "late", request, days=days)
        if stuck or asked.answer == "none":
            return _still_open(now, about, "no-address" if stuck else "unanswered", request, limit)
        return _unsure(about, "answer-undated", request)

    yield from _each(scene, about, judge, _without_fault)


LATE_REFUND: Final = (
    "consumer-protection-law#25",
    "consumer-protection-implementing-regulations#19",
    "consumer-protection-implementing-regulations#50(1)",
)
"""What a refund after more than seven days breaks; only after fifteen it counts as refusal."""


def refund_late(scene: Scene, about: About) -> Iterator[Outcome]:
    """Money not back in time after the goods were (consumer-protection-law 25; penalty measures 8 and 9)."""
    soon, deemed = about.limits["refund_days"], about.limits["deemed_days"]

    def judge(request: Request, now: Today) -> Outcome | None:
        asked = request.asked
        back, paid = asked.goods_back_at, asked.refunded_at
        if back is None:
            return None
        days = now.waited(back) if paid is None else days_after(back, paid)
        done = "" if paid else "-open"
        right: Right = "no" if asked.reason in FAULT else _right(request, about)
        agreed = asked.answer == "accepted"
        if right == "no" and not agreed:
            return None
        if days > deemed and (agreed or right == "yes"):
            cites = () if right == "yes" else ("consumer-infringement-penalty-measures#8",)
            return _suspect(about, f"deemed{done}", request, cites=cites, days=days)
        if days > soon and right == "yes":
            return _suspect(about, f"late{done}", request, cites=LATE_REFUND, days=days)
        if days > soon and right in ("unknown", "before"):
            return _unsure(about, right, request)
        unsettled = paid is None and not now.certain
        return _unsure(about, "now-unknown", request, "decided_on", days=days) if unsettled else None

    yield from _each(scene, about, judge, _came_back)


def quality_refused(scene: Scene, about: About) -> Iterator[Outcome]:
    """Requests for faulty goods refused or delayed without reason (consumer-protection-law 24, 48, 56)."""
    limit = about.limits["handling_days"]
    reasoned = pattern(about, "reasoned")

    def judge(request: Request, now: Today) -> Outcome | None:
        asked, days = request.asked, _handled_after(request)
        if asked.answer == "refused":
            return _fault_refused(about, request, bool(reasoned.search(asked.refusal_words or "")))
        if days is not None:
            return _suspect(about, "late", request, days=days) if days > limit else None
        if asked.answer == "accepted":
            return _unsure(about, "answer-undated", request)
        return _still_open(now, about, "unanswered", request, limit)

    yield from _each(scene, about, judge, lambda request: request.asked.reason in FAULT)


def _fault_refused(about: About, request: Request, reasoned: bool) -> Outcome:
    words = request.asked.refusal_words or ""
    if reasoned:
        return _unsure(about, "reason-disputed", request, words=words)
    if request.asked.kind in BACK:
        timely = request.timely(about.limits["right_days"])
        if timely == "unknown":
            return _unsure(about, "unknown", request)
        if timely == "late":
            return _unsure(about, "after-seven", request, days=_asked_after(request))
    return _suspect(about, "refused" if words else "refused-wordless", request, words=words)


def _each(scene: Scene, about: About, judge: Judge, concerns: Callable[[Request], bool]) -> Iterator[Outcome]:
    """One outcome for each request that is suspected or undecidable, one for all the others together."""
    if not scene.facts.after_sales:
        yield about.undecidable("none", "after_sales", "orders")
        return
    now, others = today(scene), 0
    for request in requests(scene):
        if concerns(request):
            outcome = judge(request, now)
            others += outcome is None
            if outcome is not None:
                yield outcome
    if others:
        yield about.clear("rest", count=others)


def _without_fault(request: Request) -> bool:
    """A return within the seven days needs no reason: any reason but a fault counts as none."""
    return request.asked.kind in BACK and request.asked.reason not in FAULT


def _came_back(request: Request) -> bool:
    return request.asked.kind in BACK and request.asked.goods_back_at is not None


def _right(request: Request, about: About) -> Right:
    """Whether the buyer may return without reason: in time, and the goods not excepted."""
    timely = request.timely(about.limits["right_days"])
    if timely == "late" or request.excepted in ("statutory", "confirmed"):
        return "no"
    return "yes" if timely == "within" else timely


def _asked_after(request: Request) -> int | None:
    order = request.order
    got = None if order is None else order.received_at
    return None if got is None else days_after(got, request.asked.requested_at)


def _handled_after(request: Request) -> int | None:
    """Days from the request to the first thing the shop did about it that has a date."""
    asked = request.asked
    done = (asked.answered_at, asked.goods_back_at, asked.refunded_at)
    return min((days_after(asked.requested_at, moment) for moment in done if moment), default=None)


def _still_open(now: Today, about: About, reason: str, request: Request, limit: float) -> Outcome | None:
    """An open request: suspected once the limit has passed, unknown before if the records end early."""
    days = now.waited(request.asked.requested_at)
    if days > limit:
        return _suspect(about, reason, request, days=days)
    return None if now.certain else _unsure(about, "now-unknown", request, "decided_on", days=days)


def _suspect(
    about: About, reason: str, request: Request, *, cites: tuple[str, ...] = (), **filling: Any
) -> Outcome:
    return about.suspected(
        reason,
        subject=request.asked.id,
        listing_id=request.order.listing_id if request.order else None,
        known=request.known,
        cites=cites,
        id=request.asked.id,
        asked=china_day(request.asked.requested_at),
        **filling,
    )


def _unsure(about: About, reason: str, request: Request, missing: str = "", **filling: Any) -> Outcome:
    return about.undecidable(
        reason,
        missing or ("after_sales" if reason in _IN_REQUESTS else "orders"),
        subject=request.asked.id,
        listing_id=request.order.listing_id if request.order else None,
        known=request.known,
        id=request.asked.id,
        **filling,
    )


_IN_REQUESTS: Final = frozenset({"not-intact", "before", "answer-undated", "reason-disputed"})

CHECKS = {
    "after-sale/no-reason-refused": no_reason_refused,
    "after-sale/no-handling": no_handling,
    "after-sale/refund-late": refund_late,
    "after-sale/quality-refused": quality_refused,
    **after_sale_words.CHECKS,
}
