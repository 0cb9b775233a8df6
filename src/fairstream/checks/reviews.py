"""Reviews: near-copies by different authors, bad ones that vanished, praise within minutes.

Every outcome is a lead. The tests are exact or bounded by exact sums; false alarms and power are measured by
`benchmarks/reviews.py` and stand in docs/reference/checks.md.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from math import comb, exp, lgamma, log
from typing import Final

from fairstream.checks.about import About, Outcome, fact
from fairstream.checks.reviews_alike import alike, likeness, plain, shingles
from fairstream.checks.scene import Scene
from fairstream.facts import Review
from fairstream.records import CHINA, Side, Words

SHOWN: Final = 3
DAY_S: Final = 86_400
MINUTE_S: Final = 60
LEAST_SHOWN: Final = 0.0001


def templated(scene: Scene, about: About) -> Iterator[Outcome]:
    """Groups of reviews of one listing that are near-copies by several authors."""
    if not scene.facts.reviews:
        yield about.undecidable("none", "reviews")
    for listing, reviews in _by_listing(scene).items():
        yield from _templated(about, listing, _latest(reviews))


def _templated(about: About, listing: str, reviews: Sequence[Review]) -> Iterator[Outcome]:
    limits = about.limits
    folded = plain([review.text for review in reviews])
    default, common = tuple(plain(about.words["default"])), plain(about.words["common"])
    sets = [shingles(text) for text in folded]
    telling = [
        n
        for n, text in enumerate(folded)
        if len(text) >= limits["length"]
        and len(sets[n]) >= limits["shingles"]
        and not text.startswith(default)
        and not any(phrase in text for phrase in common)
    ]
    found = False
    for group in alike([sets[n] for n in telling], limits["likeness"]):
        members = [reviews[telling[n]] for n in group]
        authors = {review.author for review in members if review.author is not None}
        unknown = sum(review.author is None for review in members)
        if len(authors) + unknown < limits["authors"]:
            continue
        found = True
        first = sets[telling[group[0]]]
        close = min(likeness(first, sets[telling[n]]) for n in group)
        said = tuple(_quoted(review) for review in members[:SHOWN])
        if len(authors) >= limits["authors"]:
            yield about.suspected(
                "copies", subject=listing, listing_id=listing, known=said, count=len(members),
                authors=len(authors), close=f"{100 * close:.0f}",
            )  # fmt: skip
        else:
            yield about.undecidable(
                "authors", "reviews", subject=listing, listing_id=listing, known=said, count=len(members)
            )
    if not found:
        yield about.clear("clear", subject=listing, listing_id=listing, count=len(reviews), long=len(telling))


def vanished(scene: Scene, about: About) -> Iterator[Outcome]:
    """Reviews of a listing seen at the first capture and missing at the last."""
    if not scene.facts.reviews:
        yield about.undecidable("none", "reviews")
    listings = _by_listing(scene)
    for listing, reviews in listings.items():
        yield _vanished(about, listing, reviews, about.limits["alpha"] / len(listings))


def _vanished(about: About, listing: str, reviews: Sequence[Review], alpha: float) -> Outcome:
    limits = about.limits
    first, last = _captures(reviews, limits["apart_minutes"])
    if not last:
        return about.undecidable("once", "reviews", subject=listing, listing_id=listing)
    still = {review.id for review in last}
    reached = _reached(first, last)
    gone = [review for review in reached if review.id not in still]
    stayed = [review for review in reached if review.id in still]
    if not reached or len(stayed) < limits["overlap"] * len(reached):
        return about.undecidable(
            "cover", "reviews", subject=listing, listing_id=listing, seen=len(first), stayed=len(stayed)
        )
    bad = [review for review in gone if _bad(review, limits["bad"])]
    known = tuple(_quoted(review) for review in bad[:SHOWN])
    if not gone:
        return about.clear("kept", subject=listing, listing_id=listing, seen=len(reached))
    if any(review.rating is None for review in reached):
        return about.undecidable("ratings", "reviews", subject=listing, listing_id=listing, gone=len(gone))
    if not bad:
        return about.clear("good", subject=listing, listing_id=listing, gone=len(gone))
    if len(bad) == 1:
        return about.undecidable("single", subject=listing, listing_id=listing, known=known, gone=len(gone))
    kept_bad = sum(_bad(review, limits["bad"]) for review in stayed)
    chance = fisher(len(bad), len(gone), kept_bad, len(stayed))
    low = chance <= alpha
    say = about.suspected if low else about.clear
    return say(
        "bad" if low else "even", subject=listing, listing_id=listing, known=known, gone=len(gone),
        bad=len(bad), stayed=len(stayed), kept=kept_bad, chance=percent(chance),
    )  # fmt: skip


def fisher(bad_gone: int, gone: int, bad_stayed: int, stayed: int) -> float:
    """Fisher's exact test, one-sided: chance of as many bad ones among the gone if removal is blind."""
    bad, whole = bad_gone + bad_stayed, gone + stayed
    ways = sum(comb(bad, n) * comb(whole - bad, gone - n) for n in range(bad_gone, min(bad, gone) + 1))
    return ways / comb(whole, gone)


def _captures(reviews: Sequence[Review], apart_minutes: float) -> tuple[list[Review], list[Review]]:
    """Reviews of the first and of the last capture; the last is empty when there is one capture only."""
    ordered = sorted(reviews, key=lambda review: _seconds(review.captured_at))
    starts = [0] + [
        n
        for n in range(1, len(ordered))
        if _seconds(ordered[n].captured_at) - _seconds(ordered[n - 1].captured_at) > MINUTE_S * apart_minutes
    ]
    if len(starts) == 1:
        return _once(ordered), []
    return _once(ordered[: starts[1]]), _once(ordered[starts[-1] :])


def _reached(first: Sequence[Review], last: Sequence[Review]) -> list[Review]:
    """Those of the first capture the last one reached back to; all when times of writing are missing."""
    written = [_seconds(review.written_at) for review in last if review.written_at]
    if not written or any(review.written_at is None for review in first):
        return list(first)
    return [review for review in first if review.written_at and _seconds(review.written_at) >= min(written)]


def burst(scene: Scene, about: About) -> Iterator[Outcome]:
    """Full-mark reviews of a listing that were written within minutes."""
    if not scene.facts.reviews:
        yield about.undecidable("none", "reviews")
    listings = _by_listing(scene)
    for listing, reviews in listings.items():
        yield _burst(about, listing, _latest(reviews), about.limits["alpha"] / len(listings))


def _burst(about: About, listing: str, reviews: Sequence[Review], alpha: float) -> Outcome:
    limits = about.limits
    default = tuple(plain(about.words["default"]))
    own = [
        review
        for review, text in zip(reviews, plain([review.text for review in reviews]), strict=True)
        if text and not text.startswith(default)
    ]
    if any(review.written_at is None or review.rating is None for review in own):
        return about.undecidable("times", "reviews", subject=listing, listing_id=listing)
    praise = sorted(
        (review for review in own if review.rating is not None and review.rating >= limits["full"]),
        key=_written,
    )
    if len(praise) < limits["reviews"]:
        return about.undecidable(
            "few", subject=listing, listing_id=listing, count=len(praise), least=int(limits["reviews"])
        )
    window = MINUTE_S * limits["window_minutes"]
    start, count = densest([_written(review) for review in praise], window)
    chance = burst_chance([_written(review) for review in praise], start, count, window, limits["peak"])
    known = tuple(_quoted(review) for review in praise[start : start + min(count, SHOWN)])
    reason = "clear" if chance > alpha else "small" if count < limits["least"] else "burst"
    say = about.suspected if reason == "burst" else about.clear
    return say(
        reason, subject=listing, listing_id=listing, known=known, count=count, whole=len(praise),
        window=int(limits["window_minutes"]), chance=percent(chance), least=int(limits["least"]),
        at=datetime.fromtimestamp(_written(praise[start]), CHINA).strftime("%Y-%m-%d %H:%M"),
    )  # fmt: skip


def densest(moments: Sequence[float], window: float) -> tuple[int, int]:
    """Where the window that holds the most moments begins, and how many it holds: (index, number)."""
    best, last = (0, 0), 0
    for first, moment in enumerate(moments):
        while last < len(moments) and moments[last] < moment + window:
            last += 1
        if last - first > best[1]:
            best = (first, last - first)
    return best


def burst_chance(moments: Sequence[float], start: int, count: int, window: float, peak: float) -> float:
    """Chance of so many moments in any window.

    Null hypothesis: they come at random (Poisson) at most at `peak` times the higher of two rates: over the
    whole time, and on the 24 hours about the window, both without the window itself. Twice as many windows
    as fit into the whole time may have been chosen.
    """
    whole = max(DAY_S, moments[-1] - moments[0])
    day = [moment for moment in moments if abs(moment - moments[start]) <= DAY_S / 2]
    rate = max((len(moments) - count) / whole, (len(day) - count) / DAY_S)
    expected = peak * max(rate, 1 / whole) * window
    return min(1.0, 2 * whole / window * poisson_tail(count, expected))


def poisson_tail(least: int, expected: float) -> float:
    """Chance of at least so many when `expected` are expected."""
    below = sum(exp(n * log(expected) - expected - lgamma(n + 1)) for n in range(least))
    above = sum(exp(n * log(expected) - expected - lgamma(n + 1)) for n in range(least, least + 200))
    return above if below > 0.5 else 1 - below


def _by_listing(scene: Scene) -> dict[str, list[Review]]:
    listings: dict[str, list[Review]] = defaultdict(list)
    for review in scene.facts.reviews:
        listings[review.listing_id].append(review)
    return dict(listings)


def _latest(reviews: Sequence[Review]) -> list[Review]:
    """Each review once, as last captured."""
    return _once(sorted(reviews, key=lambda review: _seconds(review.captured_at)))


def _once(reviews: Sequence[Review]) -> list[Review]:
    return list({review.id: review for review in reviews}.values())


def _bad(review: Review, most: float) -> bool:
    return review.rating is not None and review.rating <= most


def _written(review: Review) -> float:
    return _seconds(review.written_at) if review.written_at else 0.0


def _seconds(moment: datetime) -> float:
    """Seconds since 1970; a moment without zone is read as Beijing time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=CHINA)).timestamp()


def _quoted(review: Review) -> Side:
    return fact(
        "reviews", Words(f"评价 {review.id}：{review.text}", f"Review {review.id}: {review.text}"), review
    )


CHECKS = {
    "reviews/templated": templated,
    "reviews/vanished": vanished,
    "reviews/burst": burst,
}


def percent(chance: float) -> str:
    """A chance for readers: two decimals of a percent, and no digits nobody can judge below that."""
    return f"{chance:.2%}" if chance >= LEAST_SHOWN else f"<{LEAST_SHOWN:.2%}"
