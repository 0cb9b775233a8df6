"""Days between moments as the law counts them: calendar days of China, the first day not counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from fairstream.checks.price_figures import china_day
from fairstream.checks.scene import Scene


def days_after(first: datetime, later: datetime | date) -> int:
    """Days from one moment to another, the day of the first not counted: the next day is day 1."""
    day = china_day(later) if isinstance(later, datetime) else later
    return (day - china_day(first)).days


@dataclass(frozen=True, slots=True)
class Today:
    """The day open requests are judged on.

    `certain` is True for the day of the decision. Without one, `day` is the latest moment anything handed in
    was recorded: what was open then stayed open at least so long, and perhaps longer.
    """

    day: date
    certain: bool

    def waited(self, since: datetime) -> int:
        """Days an open matter has waited; at least so many when the day is not certain."""
        return days_after(since, self.day)


def today(scene: Scene) -> Today:
    """The day of the decision, or else of the latest moment recorded in orders, requests and pages.

    ValueError when there is neither, which cannot be while a request is at hand.
    """
    if scene.facts.decided_on is not None:
        return Today(scene.facts.decided_on, True)
    return Today(max(china_day(moment) for moment in _recorded(scene)), False)


def _recorded(scene: Scene) -> Iterator[datetime]:
    facts = scene.facts
    moments = [one for order in facts.orders for one in (order.paid_at, order.received_at)]
    for asked in facts.after_sales:
        moments += [asked.requested_at, asked.answered_at, asked.goods_back_at, asked.refunded_at]
    moments += [review.captured_at for review in facts.reviews]
    if facts.account_page is not None:
        moments.append(facts.account_page.captured_at)
    return (moment for moment in moments if moment is not None)
