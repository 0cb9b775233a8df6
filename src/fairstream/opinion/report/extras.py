"""The slower tables of a report, computed before it is written: phrases, pairs, bursts, copies, leads."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa

from fairstream.opinion import bursts as burst_tests
from fairstream.opinion.aggregate import Store, Window
from fairstream.opinion.bursts import Burst
from fairstream.opinion.candidates import mine, sample
from fairstream.opinion.leads import Lead, leads
from fairstream.opinion.novelty import NewPhrase, new_phrases
from fairstream.opinion.phrases import Counts, TopPhrase, count, top
from fairstream.opinion.select import DAY_SQL, where
from fairstream.opinion.series import Daily, daily, extent
from fairstream.opinion.together import Pair, Pairs

COMPLAINTS: Final = where("rights and complaint")
MOST_PHRASES: Final = 40
HISTORY: Final = 56
"""Days before the window that bursts are judged by, when the items reach back so far."""
SETTINGS: Final = burst_tests.Settings(least_slots=7, baseline=HISTORY)
"""A window of a promotion has few days before it: a week of history must do."""


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """A text that was repeated: its first item, and how many items of the window have nearly the same."""

    group: int
    id: str
    text: str
    items: int
    authors: int
    days: int


@dataclass(frozen=True, slots=True)
class Extras:
    """All of them. `new` is None when there is no earlier window to compare with."""

    phrases: tuple[TopPhrase, ...]
    mined: int
    new: tuple[NewPhrase, ...] | None
    pairs: tuple[Pair, ...]
    bursts: tuple[tuple[Daily, Burst], ...]
    copies: tuple[CopyGroup, ...]
    leads: tuple[Lead, ...]


Stores = tuple[Store, Window]
Heard = Callable[[str], object]


def gather(now: Stores, earlier: Stores | None = None, heard: Heard = lambda stage: None) -> Extras:
    """The tables of a window; `heard` is told which is being made."""
    heard("phrases")
    total = _count(*now)
    texts = sample(_texts(*now), total)
    mined = mine(texts)
    counted = count(_texts(*now), mined.phrases)
    before = count(_texts(*earlier), mined.phrases) if earlier else None
    heard("pairs")
    pairs = _pairs(*now)
    heard("bursts")
    found = _bursts(*now)
    heard("leads")
    return Extras(
        tuple(top(counted, MOST_PHRASES)),
        mined.sample,
        _new(counted, before),
        pairs,
        found,
        _copies(*now),
        leads(*now),
    )


def _new(counted: Counts, before: Counts | None) -> tuple[NewPhrase, ...] | None:
    return None if before is None else tuple(new_phrases(counted, before, MOST_PHRASES))


def _count(store: Store, window: Window) -> int:
    condition, values = (window.selection & COMPLAINTS).sql()
    return int(store.rows(f"SELECT count(*) AS n FROM items WHERE {condition}", values)[0]["n"])


def _texts(store: Store, window: Window) -> Iterator[pa.RecordBatch]:
    """The complaints of a window, with what counting phrases needs."""
    condition, values = (window.selection & COMPLAINTS).sql()
    sql = f'SELECT id, "at", text, duplicate_of FROM items WHERE {condition}'
    yield from store.batches(sql, values)


def _pairs(store: Store, window: Window) -> tuple[Pair, ...]:
    """Main topics named together in complaints, each text once."""
    condition, values = (window.selection & COMPLAINTS & where("first")).sql()
    rows = store.rows(
        "SELECT list_sort(list_filter(topics, lambda t: NOT contains(t, '.'))) AS topics, count(*) AS n "
        f"FROM items WHERE {condition} GROUP BY ALL ORDER BY n DESC, topics",
        values,
    )
    labels = sorted({topic for row in rows for topic in row["topics"]})
    pairs = Pairs(labels)
    place = {label: at for at, label in enumerate(labels)}
    for row in rows:
        pairs.items += row["n"]
        held = [place[topic] for topic in row["topics"]]
        pairs.counts[np.ix_(held, held)] += np.triu(np.full((len(held), len(held)), row["n"]))
    return tuple(pairs.top(15))


def _bursts(store: Store, window: Window) -> tuple[tuple[Daily, Burst], ...]:
    """Bursts of topics and names among complaints that reach into the window, most certain first."""
    held = extent(store)
    if held is None:
        return ()
    start = max(held.start, window.start - timedelta(days=HISTORY))
    looked = Window(min(start, window.start), window.end)
    found = list[tuple[Daily, Burst]]()
    for by in ("topic", "entity"):
        counts = daily(_Complaints(store), by, looked)  # type: ignore[arg-type]
        tests = burst_tests.test(counts.counts, counts.weekdays, SETTINGS, observed=counts.observed)
        called = burst_tests.found(counts.counts, tests, SETTINGS, observed=counts.observed)
        offset = (window.start - looked.start).days
        found += [(counts, burst) for burst in called if burst.end >= offset]
    return tuple(sorted(found, key=lambda one: (one[1].p, -one[1].peak_items))[:30])


@dataclass(frozen=True, slots=True)
class _Complaints:
    """A store that sees complaints only."""

    store: Store

    def query(self, sql: str, values: Any = ()) -> pa.Table:
        """As the store's, with the complaints for `items`."""
        return self.store.query(_narrowed(sql), values)

    def rows(self, sql: str, values: Any = ()) -> Any:
        """The same as mappings."""
        return self.store.rows(_narrowed(sql), values)


def _narrowed(sql: str) -> str:
    return sql.replace("FROM items", f"FROM (SELECT * FROM items WHERE {COMPLAINTS.sql()[0]})")


def _copies(store: Store, window: Window) -> tuple[CopyGroup, ...]:
    """The texts about consumer rights that were repeated most in the window."""
    condition, values = (window.selection & where("rights")).sql()
    # Later copies alone are grouped first: most texts have none, and grouping them all would cost the most.
    largest = store.rows(
        f"SELECT copy_group, count(*) AS n FROM items WHERE {condition} AND duplicate_of IS NOT NULL "
        "GROUP BY copy_group ORDER BY n DESC, copy_group LIMIT 50",
        values,
    )
    groups = [row["copy_group"] for row in largest]
    rows = store.rows(
        'SELECT copy_group, arg_min(id, ("at", id)) AS id, arg_min(text, ("at", id)) AS text, count(*) AS n, '
        f"count(DISTINCT author) AS authors, count(DISTINCT {DAY_SQL}) AS days "
        f"FROM items WHERE {condition} AND copy_group IN (SELECT unnest(?::BIGINT[])) GROUP BY copy_group",
        [*values, groups],
    )
    found = [
        CopyGroup(row["copy_group"], row["id"], row["text"], row["n"], row["authors"], row["days"])
        for row in rows
        if row["n"] > 1
    ]
    return tuple(sorted(found, key=lambda group: (-group.items, group.group))[:10])
