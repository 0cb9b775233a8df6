"""Shelf life in days, and labels as both sides show them."""

from datetime import date

import pytest

from fairstream.checks import DATA
from fairstream.checks.food_dates import CHECKS, last_good_days
from fairstream.checks.library import Check, read_about
from fairstream.checks.scene import Scene
from fairstream.facts import Facts, Label
from fairstream.records import Broadcast, Listing, Place

DAY = date(2026, 3, 1)


def check(name: str) -> Check:
    return Check(read_about(DATA / f"food-dates/{name}.yaml"), CHECKS[f"food-dates/{name}"])


def food(*labels: Label) -> Scene:
    listing = Listing("a", "牛肉酱", product_class="ordinary_food")
    return Scene(Broadcast("b", "t", DAY, listings=(listing,)), Facts(labels=labels))


@pytest.mark.parametrize(
    ("label", "days"),
    [
        (Label("a"), set()),
        (Label("a", produced_on=DAY), set()),
        (Label("a", shelf_life_days=30), set()),
        (Label("a", produced_on=DAY, shelf_life_days=30), {date(2026, 3, 31)}),
        (Label("a", produced_on=DAY, shelf_life_days=0, expires_on=DAY), {DAY}),
        (Label("a", produced_on=DAY, shelf_life_days=1, expires_on=DAY), {DAY, date(2026, 3, 2)}),
        (Label("a", produced_on=DAY, shelf_life_days=10**9), {date.max}),
    ],
)
def test_last_good_days(label: Label, days: set[date]) -> None:
    assert last_good_days(label) == days


def test_the_sentence_counts_the_days_over_and_the_label_is_shown() -> None:
    label = Label(
        "a",
        origin="浙江",
        producer="青禾食品厂（虚构）",
        produced_on=date(2026, 1, 20),
        shelf_life_days=30,
        licence_number="SC1",
        place=Place("labels.csv", 2),
    )
    (outcome,) = check("expired").run(food(label))
    assert outcome.why.zh.startswith(
        "“牛肉酱”标签所示最后保质日为 2026-02-19，直播日 2026-03-01 已超过 10 日"
    )
    assert "10 days past" in outcome.why.en
    assert outcome.listing_id == "a"
    (side,) = outcome.known
    assert side.text.zh == (
        "标签：生产日期 2026-01-20，保质期（日） 30，生产者 青禾食品厂（虚构），许可证 SC1，产地 浙江"
    )
    assert side.text.en.startswith("label: produced 2026-01-20, shelf life in days 30, producer")
    assert (side.fact, side.place) == ("labels", Place("labels.csv", 2))


def test_what_is_lacking_is_listed_in_both_languages() -> None:
    (outcome,) = check("unmarked").run(food(Label("a", origin="杭州", complete=True)))
    assert "没有生产日期、保质期、生产者、生产许可证编号，" in outcome.why.zh
    assert "lacks: production date, shelf life, producer, production licence number;" in outcome.why.en
    (empty,) = check("unmarked").run(food(Label("a")))
    assert empty.known[0].text == ("标签：没有任何事项", "label: nothing")


@pytest.mark.parametrize(
    ("origin", "lacks"),
    [("法国", False), ("中国", True), ("台湾", False), ("法国、中国分装", False), (None, True)],
)
def test_only_food_from_abroad_needs_no_domestic_licence(origin: str | None, lacks: bool) -> None:
    label = Label("a", origin=origin, producer="某", produced_on=DAY, expires_on=DAY, complete=True)
    (outcome,) = check("unmarked").run(food(label))
    assert (outcome.verdict == "suspected") is lacks


@pytest.mark.parametrize("field", ["materials", "origin", "producer", "licence_number", "expires_on"])
def test_a_label_with_one_thing_read_off_is_not_empty(field: str) -> None:
    value = {"materials": {"糖": 10.0}, "expires_on": DAY}.get(field, "某")
    (outcome,) = check("unmarked").run(food(Label("a", complete=True, **{field: value})))  # type: ignore[arg-type]
    assert outcome.reason == "lacks"


def test_a_production_date_in_the_future_counts_the_days_ahead() -> None:
    (outcome,) = check("future").run(food(Label("a", produced_on=date(2026, 3, 11))))
    assert "相差 10 日" in outcome.why.zh
    assert "10 days after" in outcome.why.en
