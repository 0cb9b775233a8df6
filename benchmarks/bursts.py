"""Bursts on three years of hot-search titles against twenty public events, and on simulated series.

Usage: `python benchmarks/bursts.py [events|null|power|sample FILE]`; without an argument the first three.

The settings below were fixed on titles up to 2021-12-31; later days are reported apart. One who watches day
by day cannot know the chances of later days, so the false-discovery rate is held within each day. Series of a
day are the watch list (watch.yaml) and the phrases mined from the titles of that day and the two before that
hold a word of the list; each is counted over all titles. Days without titles are neither tested nor part of a
baseline; counts are tested as shares of all titles of the day, since days are of different size.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import yaml
from corpus import ROOT, shared

from fairstream.opinion.bursts import Burst, Settings, Tests, found, rates, test
from fairstream.opinion.candidates import Demands, mine
from fairstream.opinion.phrases import Trie, occurrences
from fairstream.text.fold import Folder

SPLIT = date(2022, 1, 1)
WITHIN = 3
SETTINGS = Settings(rate=0.1, family="day", items=3, ratio=2.0, caution=0.0, as_share=True)
DEMANDS = Demands(texts=3, share=0.0, cohesion=0.25, freedom=0.6)


@dataclass(frozen=True)
class Event:
    id: str
    day: date
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Alert:
    """Bursts of one stretch of days that rest on the same titles: one matter."""

    start: date
    bursts: tuple[Burst, ...]
    names: tuple[str, ...]
    titles: tuple[str, ...]


class Titles:
    """The titles by day, folded, and which of them hold each phrase."""

    def __init__(self) -> None:
        path = shared("data/weibo_hot_search_2020_2023.parquet")
        if path is None:
            sys.exit("the hot-search list is not there: set FAIRSTREAM_SHARED")
        table = pq.read_table(path, columns=["day", "title"]).sort_by("day")
        self.raw = table["title"].to_pylist()
        days = [date.fromisoformat(day) for day in table["day"].to_pylist()]
        self.start, self.length = days[0], (days[-1] - days[0]).days + 1
        self.slot = np.array([(day - self.start).days for day in days])
        self.folded = Folder().fold(self.raw, evasion=False)
        self.text = [self.folded.reading(row) for row in range(len(self.raw))]
        self.edge = np.searchsorted(self.slot, np.arange(self.length + 1))
        self.totals = np.diff(self.edge)

    def rows(self, first: int, last: int) -> range:
        return range(self.edge[max(first, 0)], self.edge[min(last + 1, self.length)])

    def day(self, slot: int) -> date:
        return self.start + timedelta(days=int(slot))


def events() -> list[Event]:
    data = yaml.safe_load((ROOT / "benchmarks/events.yaml").read_text(encoding="utf-8"))
    return [Event(e["id"], e["date"], tuple(e["terms"])) for e in data["events"]]


def watch_list(*parts: str) -> list[str]:
    data = yaml.safe_load((ROOT / "benchmarks/watch.yaml").read_text(encoding="utf-8"))
    return [str(word) for part in parts for word in data[part]]


def mined(titles: Titles, watch: Sequence[str]) -> list[set[str]]:
    """Phrases of each day: of its titles and those of two days before that hold a word of the list."""
    rows, _ = occurrences(titles.folded, Trie(watch))
    named = np.zeros(len(titles.raw), dtype=np.bool_)
    named[rows] = True
    found_by_day = []
    for slot in range(titles.length):
        chosen = {titles.text[row] for row in titles.rows(slot - 2, slot) if named[row]}
        found_by_day.append(set(mine(sorted(chosen), DEMANDS).phrases) if chosen else set())
    return found_by_day


class Watch:
    """The tests of one watch list with the phrases mined beside it."""

    def __init__(self, titles: Titles, watch: Sequence[str], phrases: list[set[str]] | None) -> None:
        self.titles = titles
        self.watch = list(watch)
        daily = phrases or [set() for _ in range(titles.length)]
        self.names = list(dict.fromkeys([*watch, *sorted(set().union(*daily))]))
        place = {name: at for at, name in enumerate(self.names)}
        self.offered = np.zeros((len(self.names), titles.length), dtype=np.bool_)
        self.offered[: len(self.watch)] = True
        for slot, own in enumerate(daily):
            self.offered[[place[name] for name in own], slot] = True
        rows, numbers = occurrences(titles.folded, Trie(self.names))
        self.holding = defaultdict(list)
        for row, number in zip(rows.tolist(), numbers.tolist(), strict=True):
            self.holding[number].append(row)
        self.counts = np.zeros((len(self.names), titles.length), dtype=np.int64)
        np.add.at(self.counts, (numbers, titles.slot[rows]), 1)
        weekdays = [titles.day(slot).weekday() for slot in range(titles.length)]
        self.tests = test(self.counts, weekdays, SETTINGS, totals=titles.totals)

    def bursts(self, settings: Settings) -> list[Burst]:
        p = np.where(self.offered, self.tests.p, np.nan)
        tests = self.tests._replace(p=p, q=rates(p, settings))
        return found(self.counts, Tests(*tests), settings)

    def titles_of(self, burst: Burst) -> set[int]:
        return {
            row for row in self.holding[burst.series] if burst.start <= self.titles.slot[row] <= burst.end
        }

    def alerts(self, bursts: Sequence[Burst]) -> list[Alert]:
        """Bursts that share at least half of the titles of the smaller one are one matter."""
        groups: list[tuple[list[Burst], set[int], int]] = []
        for burst in sorted(bursts, key=lambda b: (b.start, b.q)):
            own = self.titles_of(burst)
            for members, rows, end in groups:
                if burst.start <= end + 1 and len(own & rows) * 2 >= min(len(own), len(rows)):
                    members.append(burst)
                    rows |= own
                    break
            else:
                groups.append(([burst], own, burst.end))
        return [
            Alert(
                self.titles.day(members[0].start),
                tuple(members),
                tuple(self.names[b.series] for b in members),
                tuple(self.titles.raw[row] for row in sorted(rows)),
            )
            for members, rows, _ in groups
        ]


def delay(event: Event, watch: Watch, bursts: Sequence[Burst], *, strict: bool) -> int | None:
    """Days from the event to the first slot of a burst that names it: by its series, or by its titles."""
    best = None
    for burst in bursts:
        name = watch.names[burst.series]
        for slot in range(burst.start, burst.end + 1):
            late = (watch.titles.day(slot) - event.day).days
            if not 0 <= late <= WITHIN or (best is not None and late >= best):
                continue
            if strict:
                hit = any(name in term or term in name for term in event.terms)
            else:
                rows = [r for r in watch.titles_of(burst) if watch.titles.slot[r] == slot]
                hit = any(term in watch.titles.text[r] for term in event.terms for r in rows)
            if hit:
                best = late
    return best


def most_titles(event: Event, titles: Titles) -> int:
    """Most titles of one day that hold a term of the event, from its day to the last that counts."""
    first = (event.day - titles.start).days
    days = [titles.rows(slot, slot) for slot in range(first, first + WITHIN + 1)]
    return max(sum(any(term in titles.text[row] for term in event.terms) for row in rows) for rows in days)


def report(title: str, watch: Watch, settings: Settings, *, only_before: bool = False) -> None:
    """Recall, delay and alerts a week, for the days up to the split and after it."""
    bursts = watch.bursts(settings)
    tests = int(np.sum(watch.offered & ~np.isnan(watch.tests.p)))
    print(f"\n{title}: {len(watch.names)} series, {tests:,} tests")
    for name, first, last in (
        ("to 2021-12", date(2000, 1, 1), SPLIT),
        ("2022-2023", SPLIT, date(2100, 1, 1)),
    ):
        if only_before and first == SPLIT:
            continue
        own = [b for b in bursts if first <= watch.titles.day(b.start) < last]
        known = [e for e in events() if first <= e.day < last]
        slots = [s for s in range(watch.titles.length) if first <= watch.titles.day(s) < last]
        weeks = sum(watch.titles.totals[slots] > 0) / 7
        alerts = watch.alerts(own)
        strict = {e.id: delay(e, watch, own, strict=True) for e in known}
        loose = {e.id: delay(e, watch, own, strict=False) for e in known}
        matched = [a for a in alerts if _is_known(a, known, watch)]
        print(
            f"  {name}: recall by name {_share(strict)}, by titles {_share(loose)}; "
            f"bursts {len(own) / weeks:.1f} a week, alerts {len(alerts) / weeks:.1f}, "
            f"matching none of the list {(len(alerts) - len(matched)) / weeks:.1f}"
        )
        visible = sum(most_titles(e, watch.titles) >= settings.items for e in known)
        print(f"    events with {settings.items} or more titles on a day from the event on: {visible}")
        print("    days of delay by name / by titles:", {k: (strict[k], loose[k]) for k in strict})


def _share(delays: dict[str, int | None]) -> str:
    hit = [late for late in delays.values() if late is not None]
    mean = f", mean delay {np.mean(hit):.2f} d" if hit else ""
    return f"{len(hit)}/{len(delays)}{mean}"


def _is_known(alert: Alert, known: Sequence[Event], watch: Watch) -> bool:
    for event in known:
        near = any(
            0 <= (watch.titles.day(s) - event.day).days <= WITHIN
            for b in alert.bursts
            for s in range(b.start, b.end + 1)
        )
        if near and any(term in title for term in event.terms for title in alert.titles):
            return True
    return False


def streams(titles: Titles) -> dict[str, Watch]:
    general = watch_list("words", "platforms", "brands")
    hosts = watch_list("hosts")
    return {
        "general words only": Watch(titles, general, None),
        "general words, mined phrases": Watch(titles, general, mined(titles, general)),
        "general words, hosts, mined phrases": Watch(titles, general + hosts, mined(titles, general + hosts)),
    }


def measure_events(*, only_before: bool = False) -> None:
    titles = Titles()
    gaps = int(np.sum(titles.totals == 0))
    print(f"{len(titles.raw):,} titles, {titles.length} days, {gaps} of them without titles; {SETTINGS}")
    for name, watch in streams(titles).items():
        report(name, watch, SETTINGS, only_before=only_before)


def sample(path: str, count: int = 50, seed: int = 1) -> None:
    """Write alerts of 2022-2023, drawn at random, to be read by a person."""
    titles = Titles()
    watch = list(streams(titles).values())[-1]
    bursts = [b for b in watch.bursts(SETTINGS) if watch.titles.day(b.start) >= SPLIT]
    known = events()
    alerts = [a for a in watch.alerts(bursts) if not _is_known(a, known, watch)]
    chosen = np.random.default_rng(seed).choice(len(alerts), count, replace=False)
    with Path(path).open("w", encoding="utf-8") as file:
        for at in chosen:
            alert = alerts[at]
            print(alert.start, " ".join(alert.names), "|", " / ".join(alert.titles[:8]), file=file)


def simulated(draw: np.random.Generator, series: int, slots: int, kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Counts and their means: means from 0.1 to 1000, a weekday pattern, and the stated spread."""
    mean = (
        10 ** draw.uniform(-1, 3, series)[:, None]
        * np.array([1, 1, 1, 1, 1.1, 1.3, 1.2])[np.arange(slots) % 7]
    )
    if kind == "Poisson":
        return draw.poisson(mean), mean
    if kind == "variance 2-8 x mean":
        spread = draw.uniform(2, 8, series)[:, None]
        return draw.negative_binomial(mean / (spread - 1), 1 / spread), mean
    size = 10.0
    return draw.negative_binomial(size, size / (size + mean)), mean


KINDS = ("Poisson", "variance 2-8 x mean", "variance mean + mean^2/10")


def measure_null(runs: int = 60, series: int = 200, slots: int = 180) -> None:
    """Nothing happens: how often is something called all the same?"""
    print(
        f"\nNo bursts at all, {runs} runs of {series} series x {slots} days; stated false-discovery rate 5 %"
    )
    for kind in KINDS:
        for family in ("all", "day"):
            settings = Settings(family=family)
            draw, wrong, any_, chances = np.random.default_rng(7), 0, 0, []
            for _ in range(runs):
                counts, _ = simulated(draw, series, slots, kind)
                tests = test(counts, np.arange(slots) % 7, settings)
                bursts = found(counts, tests, settings)
                wrong, any_ = wrong + len(bursts), any_ + bool(bursts)
                chances.append(tests.p[~np.isnan(tests.p)])
            p = np.concatenate(chances)
            weeks = runs * (slots - settings.least_slots) / 7
            low = [f"{np.mean(p < x) / x:.2f}" for x in (0.05, 0.01, 0.001)]
            print(
                f"  {kind:<27} per {family:<4} runs with a false burst {any_ / runs:5.1%}, "
                f"false bursts a week of {series} series {wrong / weeks:.4f}; "
                f"chance of p < 5 %, 1 %, 0.1 % over stated: {' '.join(low)}"
            )


def measure_power(runs: int = 20, series: int = 200, slots: int = 180, day: int = 150) -> None:
    """A tenth of the series multiply on one day: how many are found, and how many calls are false?"""
    print(f"\nPlanted bursts of one day in a tenth of {series} series, {runs} runs")
    for kind in KINDS:
        for factor in (1.5, 2, 3, 5, 10):
            draw = np.random.default_rng(11)
            hits: dict[str, list[bool]] = defaultdict(list)
            rates = []
            for _ in range(runs):
                counts, mean = simulated(draw, series, slots, kind)
                rows = np.arange(0, series, 10)
                extra = mean[rows, day] * (factor - 1)
                counts[rows, day] += draw.poisson(extra)
                settings = Settings()
                called = found(counts, test(counts, np.arange(slots) % 7, settings), settings)
                right = {b.series for b in called if b.start <= day <= b.end} & set(rows.tolist())
                false = sum(1 for b in called if not (b.start <= day <= b.end and b.series in right))
                rates.append(false / max(len(called), 1))
                for row in rows.tolist():
                    size = mean[row, day]
                    group = "mean < 3" if size < 3 else "3-30" if size < 30 else "> 30"
                    hits[group].append(row in right)
            shares = ", ".join(
                f"{group} {np.mean(hits[group]):.0%}" for group in ("mean < 3", "3-30", "> 30")
            )
            print(
                f"  {kind:<27} x {factor:<4} found: {shares}; "
                f"realised false-discovery rate {np.mean(rates):.1%}"
            )


if __name__ == "__main__":
    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    if wanted == "sample":
        sample(sys.argv[2])
    elif wanted == "tune":
        measure_events(only_before=True)
    if wanted in ("", "events"):
        measure_events()
    if wanted in ("", "null"):
        measure_null()
    if wanted in ("", "power"):
        measure_power()
