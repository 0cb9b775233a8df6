"""Counts of a window, checked against counting by hand."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import FormatError, UsageError
from fairstream.opinion import aggregate
from fairstream.opinion.aggregate import Count, Figures, Window
from fairstream.store.annotated import Annotated
from opinion.items import item, write

WINDOW = Window(date(2022, 11, 1), date(2022, 11, 3))
ITEMS = [
    item(0, -0.1),
    item(1, 0.0, topics=["live", "live.counterfeit"], entities=["platform:抖音"]),
    item(2, 1.0, topics=["live"], duplicate_of="1", copy_group=1, suspicion=["bot.flood"]),
    item(3, 25.0, channel="抖音", polarity="praise", aspects=["rules:praise", "merchants:complaint"]),
    item(4, 26.0, channel="抖音", consumer_rights=False, topics=["live"]),
    item(5, 71.9, channel=None, topics=["price"]),
    item(6, 72.0),
    item(7, None),
]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotated]:
    with Annotated(write(tmp_path / "a.parquet", ITEMS)) as opened:
        yield opened


@pytest.fixture
def figures(store: Annotated) -> Figures:
    return Figures(store, WINDOW)


def test_volume(figures: Figures) -> None:
    volume = figures.volume
    assert aggregate.count(volume) == Count(5, 4)
    assert aggregate.count(volume, aggregate.rights) == Count(4, 3)
    assert aggregate.count(volume, aggregate.complaints) == Count(3, 2)
    assert aggregate.count(volume, aggregate.praise) == Count(1, 1)
    assert aggregate.by_name(volume) == {"微博": Count(2, 1), "抖音": Count(2, 2), "": Count(1, 1)}
    assert aggregate.by_day(volume, 3) == (Count(2, 1), Count(2, 2), Count(1, 1))
    assert aggregate.peak(aggregate.by_day(volume, 3)) == 0
    assert figures.undated == 1


def test_lists_count_items_about_rights_once_for_each_name(figures: Figures) -> None:
    assert aggregate.by_name(figures.topics) == {
        "live": Count(2, 1), "live.counterfeit": Count(1, 1), "price": Count(1, 1)}  # fmt: skip
    assert aggregate.by_day(aggregate.of_name(figures.topics, "live"), 3) == (
        Count(2, 1),
        Count(0, 0),
        Count(0, 0),
    )
    assert aggregate.by_name(figures.aspects) == {
        "merchants:complaint": Count(1, 1),
        "rules:praise": Count(1, 1),
    }
    assert aggregate.by_name(figures.entities) == {"platform:抖音": Count(1, 1)}
    assert aggregate.by_name(figures.suspicion) == {"bot.flood": Count(1, 0)}


@pytest.mark.parametrize(
    "keep", [aggregate.everything, aggregate.rights, aggregate.complaints, aggregate.praise]
)
def test_a_sum_of_the_cube_is_the_count_of_its_selection(figures: Figures, keep: aggregate.Keep) -> None:
    selection = WINDOW.selection & aggregate.SELECTIONS[keep]
    condition, values = selection.sql()
    sums = "count(*) AS items, count(*) FILTER (duplicate_of IS NULL) AS first"
    found = figures.store.rows(f"SELECT {sums} FROM items WHERE {condition}", values)
    assert aggregate.count(figures.volume, keep) == Count(found[0]["items"], found[0]["first"])


def test_shares_and_points() -> None:
    assert Count(1, 1).share(Count(4, 2)) == (0.25, 0.5)
    assert Count(0, 0).share(Count(0, 0)) == (None, None)
    assert aggregate.points(0.1121, 0.159) == pytest.approx(-4.69)
    assert aggregate.points(None, 0.1) is None


def test_a_window_is_inclusive_and_ordered() -> None:
    assert len(Window(date(2022, 10, 20), date(2022, 11, 13))) == 25
    with pytest.raises(UsageError, match="before it starts"):
        Window(date(2022, 11, 2), date(2022, 11, 1))


def test_an_empty_window_counts_nothing(tmp_path: Path) -> None:
    figures = Figures(
        Annotated(write(tmp_path / "a.parquet", ITEMS)), Window(date(2020, 1, 1), date(2020, 1, 2))
    )
    assert figures.volume == ()
    assert aggregate.count(figures.volume) == Count(0, 0)


def test_a_file_that_holds_no_annotated_items_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="holds no"):
        Annotated(tmp_path)
    (tmp_path / "x.parquet").write_bytes(b"PAR1nonsense")
    with pytest.raises(FormatError, match=r"x\.parquet: not a readable Parquet file"):
        Annotated(tmp_path)


def test_the_mark_of_invented_items_is_read(tmp_path: Path) -> None:
    for invented in (True, False):
        with Annotated(write(tmp_path / "a.parquet", ITEMS, invented=invented)) as opened:
            assert opened.invented is invented
