"""False alarms and power of the curve checks, on made-up rooms (`rooms.py`) and real rhythms when at hand.

Usage: `python benchmarks/curves.py [--tune] [--rooms N] [--planted N] [--show]`. `--tune` uses the seeds the
limits were chosen on; without it the seeds are others, and those figures are the ones to report. Shares come
with their 95 % Wilson interval.
"""

import argparse
import time
from collections import Counter
from datetime import date
from functools import cache
from multiprocessing import Pool

import numpy as np
import numpy.typing as npt
from corpus import shared
from rooms import FAMILIES, PLANTS, Numbers, Room, reposts

from fairstream.checks.curves import CHECKS
from fairstream.checks.library import DATA, read_about
from fairstream.checks.scene import Scene
from fairstream.evaluate.metrics import Share
from fairstream.facts import Curve, CurveKind, Facts, ShelfChange
from fairstream.records import Broadcast

TUNING, REPORTING = 1_000_000, 2_000_000
ABOUTS = {name: read_about(DATA / f"{name}.yaml") for name in CHECKS}
ON = date(2026, 3, 1)
Job = tuple[str, float, int]
Reasons = dict[str, tuple[str, ...]]


def scene(room: Room) -> Scene:
    """The room as a broadcast folder would carry it: curves by the minute, kept samples only."""
    curves = [
        _curve("viewers", room.viewers, room.kept),
        *(
            _curve(kind, getattr(room, kind), room.kept[:0])
            for kind in ("orders", "comments", "likes", "refunds")
        ),
    ]
    shelf = tuple(ShelfChange("goods", 0, "stock", stock) for stock in room.lots)
    broadcast = Broadcast("room", "room", ON, invented=True)
    return Scene(broadcast, Facts(curves=tuple(curves), shelf=shelf))


def _curve(kind: CurveKind, values: Numbers, kept: npt.NDArray[np.bool_]) -> Curve:
    minutes = np.flatnonzero(kept) if len(kept) else np.arange(len(values))
    return Curve(kind, tuple((60_000 * minutes).tolist()), tuple(values[minutes].tolist()))


def alarms(room: Room) -> Reasons:
    """The reasons each check suspects the room for."""
    seen = scene(room)
    return {
        name: tuple(
            f"{one.subject}:{one.reason}" for one in check(seen, ABOUTS[name]) if one.verdict == "suspected"
        )
        for name, check in CHECKS.items()
    }


def one_room(job: Job) -> Reasons:
    family, strength, seed = job
    rng = np.random.default_rng(seed)
    if family == "real cascades":
        return alarms(reposts(cascades(), rng))
    return alarms(FAMILIES[family](rng) if family in FAMILIES else PLANTS[family][0](rng, strength))


@cache
def cascades() -> list[Numbers]:
    """Reposts a minute in the first four hours of real cascades; none without the shared corpora."""
    file = shared("data/ced_weibo_reposts.parquet")
    if file is None:
        return []
    import pyarrow.parquet as pq

    table = pq.read_table(file, columns=["event", "time"])
    event = table.column("event").to_numpy()
    at = table.column("time").to_numpy()
    event, at = event[~np.isnat(at)], at[~np.isnat(at)]
    minute = at.astype("datetime64[m]").astype(np.int64)
    order = np.lexsort((minute, event))
    out = []
    for times in np.split(minute[order], np.flatnonzero(np.diff(event[order])) + 1):
        early = times[times < times[0] + 240] - times[0]
        if len(early) >= 200:
            out.append(np.bincount(early, minlength=240).astype(float))
    return out


def share(hits: int, total: int) -> str:
    low, high = Share(hits, total).interval or (0.0, 1.0)
    return f"{hits:4d} / {total:<5d} {hits / total:7.2%}  ({low:.2%}–{high:.2%})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tune", action="store_true", help="use the seeds the limits were chosen on")
    parser.add_argument("--rooms", type=int, default=250, help="organic rooms a family")
    parser.add_argument("--planted", type=int, default=40, help="rooms a plant and strength")
    parser.add_argument("--show", action="store_true", help="print the reasons of false alarms")
    options = parser.parse_args()
    began = time.perf_counter()
    base = TUNING if options.tune else REPORTING
    families = [*FAMILIES, *(["real cascades"] if cascades() else [])]
    organic = [(family, 0.0, base + n) for family in families for n in range(options.rooms)]
    planted = [
        (name, strength, base + 500_000 + n)
        for name, (_, strengths) in PLANTS.items()
        for strength in strengths
        for n in range(options.planted)
    ]
    with Pool() as pool:
        found = pool.map(one_room, [*organic, *planted], chunksize=20)
    print(f"seeds from {base}, {len(organic)} organic rooms, {len(planted)} planted rooms")
    _print_alarms(families, organic, found[: len(organic)], show=options.show)
    _print_power(planted, found[len(organic) :])
    print(f"{time.perf_counter() - began:.0f} s")


def _print_alarms(families: list[str], jobs: list[Job], found: list[Reasons], *, show: bool) -> None:
    print("\nfalse alarms by check")
    for name in CHECKS:
        print(f"  {name:32} {share(sum(bool(one[name]) for one in found), len(found))}")
    print(f"  {'any of them':32} {share(sum(any(one.values()) for one in found), len(found))}")
    print("\nfalse alarms by family of rooms (any check)")
    for family in families:
        mine = [one for job, one in zip(jobs, found, strict=True) if job[0] == family]
        print(f"  {family:32} {share(sum(any(one.values()) for one in mine), len(mine))}")
        if show:
            print(
                "     ",
                Counter(f"{name} {why}" for one in mine for name, whys in one.items() for why in whys),
            )


def _print_power(jobs: list[Job], found: list[Reasons]) -> None:
    print("\npower: share of planted rooms suspected by any check; by which")
    cells: dict[tuple[str, float], list[Reasons]] = {}
    for (name, strength, _), one in zip(jobs, found, strict=True):
        cells.setdefault((name, strength), []).append(one)
    for (name, strength), mine in cells.items():
        by = Counter(check.removeprefix("curves/") for one in mine for check, whys in one.items() if whys)
        which = ", ".join(f"{check} {count}" for check, count in by.most_common())
        print(f"  {name:50} {strength:6g}  {share(sum(any(o.values()) for o in mine), len(mine))}  {which}")


if __name__ == "__main__":
    main()
