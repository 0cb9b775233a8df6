"""The language of selections: written, read back, and asked of real items."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairstream.errors import UsageError
from fairstream.opinion.select import Condition, Selection, days, named, where
from fairstream.store.annotated import Annotated
from opinion.items import item, write

ITEMS = [
    item(0, 23.99, text="尾款人，尾 款 人", topics=["live", "live.counterfeit"], entities=["host:某 某"]),
    item(1, 24.0, polarity="praise", channel="抖音", aspects=["rules:praise"]),
    item(2, 47.9, polarity="neither", consumer_rights=False, channel="微 博"),
    item(3, 48.0, duplicate_of="0", copy_group=0, suspicion=["bot.flood"], conducts=["fake_goods"]),
    item(4, None, channel=None, text='引号"|竖线\\'),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Annotated]:
    with Annotated(write(tmp_path_factory.mktemp("a[b]*") / "items?.parquet", ITEMS)) as opened:
        yield opened


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", "01234"),
        ("rights", "0134"),
        ("not rights", "2"),
        ("rights and complaint", "034"),
        ("praise", "1"),
        ("neither", "2"),
        ("first", "0124"),
        ("suspicious and suspicion:bot.flood", "3"),
        ("topic:live.counterfeit", "0"),
        ("topic:live|nothing", "0"),
        ("not topic:live", "1234"),
        ("channel:抖音", "1"),
        ('channel:"微 博"|抖音', "12"),
        ("not channel:微博", "124"),
        ('channel:""', "4"),
        ("day:2022-11-01", "0"),
        ("day:2022-11-02", "12"),
        ("day:2022-11-02..2022-11-03", "123"),
        ("day:2022-11-01|2022-11-03", "03"),
        ("phrase:尾款人", "0"),
        ('entity:"host:某 某"', "0"),
        ("aspect:rules:praise", "1"),
        ("conduct:fake_goods", "3"),
        ("group:0", "03"),
        ("id:2|4", "24"),
        ("COMPLAINT AND not first", "3"),
    ],
)
def test_items_of_a_selection(store: Annotated, words: str, ids: str) -> None:
    condition, values = where(words).sql()
    found = store.query(f"SELECT id FROM items WHERE {condition} ORDER BY id", values)
    assert "".join(found["id"].to_pylist()) == ids


REFUSED = [
    "nonsense",
    "topic",
    "rights:yes",
    "day:yesterday",
    "day:2022-11-31",
    "group:x",
    "; DROP",
    "complaint)",
]


@pytest.mark.parametrize("words", [*REFUSED, 'channel:"open'])
def test_words_it_does_not_know_are_refused(words: str) -> None:
    with pytest.raises(UsageError, match="Remedy"):
        where(words)


def test_a_value_is_never_part_of_the_query() -> None:
    condition, values = where("channel:x';DROP").sql()
    assert "DROP" not in condition
    assert values == [["x';DROP"]]


def test_selections_join_without_repeats() -> None:
    both = where("rights and complaint") & where("complaint", named("topic", ["live"]))
    assert str(both) == "rights and complaint and topic:live"


def test_one_day_is_written_as_one() -> None:
    assert str(days(date(2022, 11, 1), date(2022, 11, 1))) == "day:2022-11-01"


VALUES = st.text(min_size=1, max_size=12)


@given(st.lists(st.builds(lambda name, values, turned: Condition(name, tuple(values), turned),
                          st.sampled_from(["topic", "channel", "phrase", "id"]),
                          st.lists(VALUES, min_size=1, max_size=3), st.booleans()), max_size=4))  # fmt: skip
def test_written_and_read_back(conditions: list[Condition]) -> None:
    selection = where(Selection(tuple(conditions)))
    assert where(str(selection)) == selection
