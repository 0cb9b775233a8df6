"""Requests after the sale joined with their orders, and which goods the seven-day return leaves out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from fairstream.checks.about import About, fact
from fairstream.checks.after_sale_days import days_after
from fairstream.checks.price_figures import china_day
from fairstream.checks.scene import Scene
from fairstream.facts import AfterSale, Order
from fairstream.records import ProductClass, Side, Words
from fairstream.rules.yamlfile import load_yaml

TABLE: Final = Path(__file__).parent / "data" / "after-sale" / "exceptions.table.yaml"
Timely = Literal["within", "late", "before", "unknown"]
Excepted = Literal["statutory", "confirmed", "unconfirmed", "unknown", "none"]
_ANSWERS: Final = {
    "accepted": Words("同意", "accepted"),
    "refused": Words("拒绝", "refused"),
    "none": Words("未答复", "not answered"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods the law excepts: how records and people name it, classes that cannot be of it."""

    code: str
    names: frozenset[str]
    said: re.Pattern[str]
    impossible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exceptions:
    """The statutory kinds, and the classes of goods that opening may spoil by nature."""

    kinds: tuple[Kind, ...]
    nature: frozenset[str]

    def kind(self, name: str | None) -> Kind | None:
        """The statutory kind an order is recorded under."""
        return next((kind for kind in self.kinds if name in kind.names), None)

    def named(self, text: str) -> bool:
        """Whether words name goods of a statutory kind."""
        return any(kind.said.search(text) for kind in self.kinds)


@cache
def exceptions() -> Exceptions:
    """The table of exceptions (consumer-protection-law 25)."""
    data: dict[str, Any] = load_yaml(TABLE)[0]
    kinds = tuple(
        Kind(code, frozenset(row["names"]), either(row["said"]), frozenset(row["not"]))
        for code, row in data["statutory"].items()
    )
    return Exceptions(kinds, frozenset(data["nature"]))


def either(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern of any of the words; each may be a pattern itself."""
    return re.compile("|".join(words))


@dataclass(frozen=True, slots=True)
class Request:
    """A request with the order it is about, if that was handed in."""

    asked: AfterSale
    order: Order | None

    def timely(self, right_days: float) -> Timely:
        """Whether it was made within the days of the right, counted from the day after receipt."""
        if self.order is None or self.order.received_at is None:
            return "unknown"
        days = days_after(self.order.received_at, self.asked.requested_at)
        if days < 0:
            return "before"
        return "within" if days <= right_days else "late"

    @property
    def excepted(self) -> Excepted:
        """Whether the goods are outside the seven-day return."""
        return excepted(self.order)

    @property
    def known(self) -> tuple[Side, ...]:
        """The request and its order as sides."""
        asked = self.asked
        answer = _ANSWERS[asked.answer]
        when = "" if asked.answered_at is None else f" {china_day(asked.answered_at)}"
        back = "" if asked.goods_back_at is None else f"{china_day(asked.goods_back_at)}"
        paid = "" if asked.refunded_at is None else f"{china_day(asked.refunded_at)}"
        said = asked.refusal_words or ""
        zh = f"{china_day(asked.requested_at)} 提出，{answer.zh}{when}"
        en = f"asked {china_day(asked.requested_at)}, {answer.en}{when}"
        zh += (f"，理由“{said}”" if said else "") + (f"，{back} 收到退货" if back else "")
        en += (f", saying “{said}”" if said else "") + (f", goods back {back}" if back else "")
        zh += f"，{paid} 退款" if paid else ""
        en += f", refunded {paid}" if paid else ""
        sides = (fact("after_sales", Words(zh, en), asked),)
        return sides if self.order is None else (*sides, order_side(self.order))


def order_side(order: Order) -> Side:
    """An order as a side: when it was received and what is recorded of an exception."""
    got = order.received_at
    zh = f"订单 {order.id}：" + (f"{china_day(got)} 签收" if got else "签收日未提交")
    en = f"order {order.id}: " + (f"received {china_day(got)}" if got else "day of receipt not handed in")
    if order.exception_kind:
        zh, en = f"{zh}，例外类别 {order.exception_kind}", f"{en}, exception {order.exception_kind}"
    for value, yes, no in (
        (order.exception_marked, Words("已标注不可退", "marked no-return"), Words("未标注", "not marked")),
        (order.exception_confirmed, Words("已逐单确认", "confirmed"), Words("未经确认", "not confirmed")),
    ):
        if value is not None:
            words = yes if value else no
            zh, en = f"{zh}，{words.zh}", f"{en}, {words.en}"
    return fact("orders", Words(zh, en), order)


def excepted(order: Order | None) -> Excepted:
    """What the order tells: a statutory kind, an exception marked and confirmed, or one that is not.

    `none` is an order of which no exception is recorded at all; `unknown` one with parts missing.
    """
    if order is None:
        return "unknown"
    if exceptions().kind(order.exception_kind):
        return "statutory"
    marks = (order.exception_marked, order.exception_confirmed)
    if False in marks:
        return "unconfirmed"
    if marks == (True, True):
        return "confirmed"
    return "none" if order.exception_kind is None and marks == (None, None) else "unknown"


def requests(scene: Scene) -> Iterator[Request]:
    """All requests with their orders, in the order handed in."""
    orders = {order.id: order for order in scene.facts.orders}
    for asked in scene.facts.after_sales:
        yield Request(asked, orders.get(asked.order_id))


def class_of(scene: Scene, listing_id: str | None) -> ProductClass:
    """The class of a listing's goods; unknown when there is none."""
    listing = scene.listings.get(listing_id or "")
    return "unknown" if listing is None else listing.product_class


def pattern(about: About, name: str) -> re.Pattern[str]:
    """A list of words of the check as one pattern."""
    return either(about.words[name])
