"""After-sale checks on many requests, and the days between moments as China counts them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from checks.pace import LINEAR, growth
from fairstream.checks import DATA
from fairstream.checks.after_sale import CHECKS
from fairstream.checks.after_sale_days import days_after, today
from fairstream.checks.after_sale_requests import excepted, exceptions
from fairstream.checks.library import Check, read_about
from fairstream.checks.price_figures import china_day
from fairstream.checks.scene import Scene
from fairstream.facts import AccountPage, AfterSale, Facts, Order, Review
from fairstream.records import Broadcast
from fairstream.sources.times import CHINA

MOMENT = datetime(2026, 3, 1, 10, tzinfo=CHINA)
MANY = 10_000


def scene(**facts: object) -> Scene:
    return Scene(Broadcast(id="b", title="t", on=date(2026, 3, 1)), Facts(**facts))  # type: ignore[arg-type]


def check(name: str) -> Check:
    return Check(read_about(DATA / f"{name}.yaml"), CHECKS[name])


def test_days_are_days_of_china_and_the_first_is_not_counted() -> None:
    late = datetime(2026, 3, 1, 23, 59, tzinfo=CHINA)
    assert days_after(late, late + timedelta(minutes=1)) == 1
    assert days_after(late, datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == 0
    assert days_after(late, datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == 1
    assert days_after(late, date(2026, 2, 28)) == -1


def test_a_clock_without_a_zone_is_read_as_chinas() -> None:
    assert china_day(datetime(2026, 3, 1, 23, 30)) == date(2026, 3, 1)  # noqa: DTZ001
    assert china_day(datetime(2026, 3, 1, 23, 30, tzinfo=UTC)) == date(2026, 3, 2)


def test_today_is_the_day_of_the_decision_before_any_record() -> None:
    asked = AfterSale("r", "o", "return", MOMENT)
    assert today(scene(decided_on=date(2026, 2, 1), after_sales=(asked,))).day == date(2026, 2, 1)
    assert today(scene(decided_on=date(2026, 2, 1))).certain


@pytest.mark.parametrize(
    "facts",
    [
        {"after_sales": (AfterSale("r", "o", "return", MOMENT, answered_at=MOMENT + timedelta(9)),)},
        {"after_sales": (AfterSale("r", "o", "return", MOMENT, goods_back_at=MOMENT + timedelta(9)),)},
        {"after_sales": (AfterSale("r", "o", "return", MOMENT, refunded_at=MOMENT + timedelta(9)),)},
        {"orders": (Order("o", "a", paid_at=MOMENT + timedelta(9)), Order("p", "a", paid_at=MOMENT))},
        {"orders": (Order("o", "a", received_at=MOMENT + timedelta(9)),)},
        {"reviews": (Review("v", "a", "好", MOMENT + timedelta(9)),)},
        {
            "account_page": AccountPage(captured_at=MOMENT + timedelta(9)),
            "orders": (Order("o", "a", MOMENT),),
        },
    ],
)
def test_today_is_else_the_latest_moment_recorded(facts: dict[str, object]) -> None:
    known = today(scene(**facts))
    assert (known.day, known.certain) == (date(2026, 3, 10), False)


def test_today_without_any_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        today(scene())


@pytest.mark.parametrize(
    ("order", "state"),
    [
        (None, "unknown"),
        (Order("o", "a"), "none"),
        (Order("o", "a", exception_kind="digital"), "statutory"),
        (Order("o", "a", exception_kind="定作", exception_confirmed=False), "statutory"),
        (Order("o", "a", exception_kind="内衣"), "unknown"),
        (Order("o", "a", exception_marked=True), "unknown"),
        (Order("o", "a", exception_confirmed=True), "unknown"),
        (Order("o", "a", exception_marked=True, exception_confirmed=True), "confirmed"),
        (Order("o", "a", exception_marked=True, exception_confirmed=False), "unconfirmed"),
        (Order("o", "a", exception_marked=False), "unconfirmed"),
    ],
)
def test_what_an_order_tells_of_its_exception(order: Order | None, state: str) -> None:
    assert excepted(order) == state


def test_the_law_names_four_kinds() -> None:
    assert [kind.code for kind in exceptions().kinds] == ["made_to_order", "perishable", "digital", "press"]


def test_both_sides_tell_the_days_and_the_words() -> None:
    order = Order("o1", "a", received_at=MOMENT, exception_marked=True, exception_confirmed=False)
    asked = AfterSale(
        "r1",
        "o1",
        "return",
        MOMENT + timedelta(days=3),
        answer="refused",
        answered_at=MOMENT + timedelta(days=4),
        refusal_words="规定如此",
        goods_back_at=MOMENT + timedelta(days=5),
        refunded_at=MOMENT + timedelta(days=30),
    )
    facts = scene(orders=(order,), after_sales=(asked,))
    (outcome,) = check("after-sale/no-reason-refused").run(facts)
    assert outcome.why.zh.startswith("申请 r1：2026-03-04 提出，为签收后第 3 日（限期七日）")
    assert "day 3 after receipt" in outcome.why.en
    assert outcome.listing_id == "a"
    request, bought = outcome.known
    assert (request.fact, bought.fact) == ("after_sales", "orders")
    assert request.text.zh == (
        "2026-03-04 提出，拒绝 2026-03-05，理由“规定如此”，2026-03-06 收到退货，2026-03-31 退款"
    )
    assert request.text.en == (
        "asked 2026-03-04, refused 2026-03-05, saying “规定如此”, goods back 2026-03-06, refunded 2026-03-31"
    )
    assert bought.text.zh == "订单 o1：2026-03-01 签收，已标注不可退，未经确认"
    assert bought.text.en == "order o1: received 2026-03-01, marked no-return, not confirmed"
    (late,) = check("after-sale/refund-late").run(facts)
    assert (late.reason, late.cites) == ("deemed", ())
    assert "25 日" in late.why.zh


def test_an_agreed_return_outside_the_right_cites_the_general_rule() -> None:
    asked = AfterSale(
        "r",
        "o",
        "return",
        MOMENT,
        answer="accepted",
        goods_back_at=MOMENT,
        refunded_at=MOMENT + timedelta(16),
    )
    (outcome,) = check("after-sale/refund-late").run(scene(after_sales=(asked,)))
    assert (outcome.reason, outcome.cites) == ("deemed", ("consumer-infringement-penalty-measures#8",))


def test_the_rest_is_counted_once() -> None:
    asked = tuple(AfterSale(f"r{i}", "o", "return", MOMENT, answer="accepted") for i in range(7))
    (outcome,) = check("after-sale/no-reason-refused").run(
        scene(orders=(Order("o", "a", received_at=MOMENT),), after_sales=asked)
    )
    assert (outcome.verdict, outcome.why.en.split()[0]) == ("clear", "7")


def requests(count: int) -> Scene:
    orders = tuple(
        Order(f"o{i}", f"a{i % 50}", received_at=MOMENT, exception_marked=i % 3 == 0) for i in range(count)
    )
    asked = tuple(
        AfterSale(
            f"r{i}",
            f"o{i}",
            "return",
            MOMENT + timedelta(days=i % 9),
            reason="quality" if i % 5 == 0 else "no_reason",
            answer="refused" if i % 4 == 0 else "none",
            refusal_words="拆封不退",
            goods_back_at=MOMENT + timedelta(days=i % 30) if i % 2 else None,
        )
        for i in range(count)
    )
    return scene(orders=orders, after_sales=asked, decided_on=date(2026, 4, 1))


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_ten_times_the_requests_take_ten_times_as_long(name: str) -> None:
    few, many = requests(MANY // 10), requests(MANY)
    assert growth(lambda: list(check(name).run(few)), lambda: list(check(name).run(many))) < LINEAR
    assert list(check(name).run(many)) or name == "after-sale/said-no-return"


def test_orders_of_one_listing_are_told_together_and_five_are_shown() -> None:
    orders = tuple(
        Order(f"o{i}", "a", exception_kind="内衣", exception_marked=True, exception_confirmed=False)
        for i in range(8)
    )
    (outcome,) = check("after-sale/extended-exception").run(scene(orders=orders))
    assert len(outcome.known) == 5
    assert outcome.why.zh.startswith("8 笔订单记为不适用无理由退货（内衣）")


def test_a_refund_between_seven_and_fifteen_days_is_late_but_no_refusal() -> None:
    order = Order("o1", listing_id="a", received_at=MOMENT)
    asked = AfterSale(
        "r1",
        "o1",
        "return",
        MOMENT + timedelta(1),
        answer="accepted",
        goods_back_at=MOMENT + timedelta(2),
        refunded_at=MOMENT + timedelta(17),
    )
    (outcome,) = check("after-sale/refund-late").run(scene(orders=(order,), after_sales=(asked,)))
    assert (outcome.reason, outcome.cites) == (
        "late",
        (
            "consumer-protection-law#25",
            "consumer-protection-implementing-regulations#19",
            "consumer-protection-implementing-regulations#50(1)",
        ),
    )
