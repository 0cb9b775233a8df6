"""Whom complaints name with a suspected conduct: counted once, ranked, with reasons."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fairstream.opinion.aggregate import Window
from fairstream.opinion.leads import Suspected, leads
from fairstream.store.annotated import Annotated
from opinion.items import item, write

WINDOW = Window(date(2022, 11, 1), date(2022, 11, 8))
SHOP, OTHER = "shop:甲（虚构）旗舰店", "room:乙（虚构）直播间"


def named(number: int, day: int, entity: str, **more: object) -> dict[str, object]:
    facts = {"entities": [entity, "platform:抖音"], "conducts": ["fake_goods"], "author": f"a{number}"}
    return item(number, 24.0 * day, **{**facts, **more})


ITEMS = [
    *(named(n, n % 3, SHOP, topics=["quality"]) for n in range(4)),
    named(4, 7, SHOP, conducts=["fake_goods", "price_fraud"], author="a0", complaint_score=0.99),
    named(5, 7, SHOP, duplicate_of="4", copy_group=4),
    named(6, 7, SHOP, suspicion=["bot.flood"]),
    named(7, 1, SHOP, polarity="praise"),
    named(8, 1, SHOP, consumer_rights=False),
    named(9, 9, SHOP),
    *(named(10 + n, 0, OTHER, duplicate_of="10" if n else None, copy_group=10) for n in range(50)),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotated]:
    with Annotated(write(tmp_path / "a.parquet", ITEMS)) as opened:
        yield opened


def test_a_target_is_counted_without_copies_and_suspected_posts(store: Annotated) -> None:
    (lead,) = leads(store, WINDOW)
    assert (lead.kind, lead.name) == ("shop", "甲（虚构）旗舰店")
    assert (lead.items, lead.texts, lead.authors, lead.late) == (7, 5, 4, 1)
    assert (lead.first_day, lead.last_day) == (date(2022, 11, 1), date(2022, 11, 8))
    assert lead.conducts == (Suspected("fake_goods", 7, 5, 4),)
    assert lead.topics == ("quality",)
    assert lead.examples[0] == "4"
    assert "5条不同的吐槽（含重复共7条）" in lead.reasons[0].zh


def test_copying_one_text_does_not_put_anybody_on_the_list(store: Annotated) -> None:
    assert all(lead.name != "乙（虚构）直播间" for lead in leads(store, WINDOW))
    assert [lead.name for lead in leads(store, WINDOW, least=1)] == ["甲（虚构）旗舰店", "乙（虚构）直播间"]


def test_the_selection_of_a_lead_lists_its_items(store: Annotated) -> None:
    (lead,) = leads(store, WINDOW)
    condition, values = lead.selection.sql()
    assert store.rows(f"SELECT count(*) AS n FROM items WHERE {condition}", values)[0]["n"] == lead.items


def test_a_window_without_complaints_has_no_leads(store: Annotated) -> None:
    assert leads(store, Window(date(2020, 1, 1), date(2020, 1, 1))) == ()
