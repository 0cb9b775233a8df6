"""The work of `fairstream opinion invent`."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import orjson
import pyarrow.parquet as pq

from fairstream.opinion.aggregate import Window
from fairstream.opinion.annotating import ROWS_A_GROUP
from fairstream.opinion.invented import PART, POSTS, TRUTH, Part, Plan, part, parts, plan, planted
from fairstream.store.run import run as run_units


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    items: int
    start: date
    end: date
    seed: int
    out: Path
    truth: Path | None
    workers: int
    as_json: bool


def run(asked: Asked) -> int:
    """Write the posts, and the truth when wanted."""
    made = plan(asked.items, Window(asked.start, asked.end))
    for folder in (asked.out, asked.truth):
        if folder is not None:
            (folder.parent if folder.suffix == ".parquet" else folder).mkdir(parents=True, exist_ok=True)
    whole = asked.out.suffix == ".parquet"
    count = _one(made, asked) if whole else _many(made, asked)
    summary = {"out": str(asked.out), "items": count, "seed": asked.seed, "planted": planted(made)}
    click.echo(orjson.dumps(summary).decode() if asked.as_json else f"{asked.out}: {count:,} made-up items")
    return 0


def _one(made: Plan, asked: Asked) -> int:
    count = 0
    with pq.ParquetWriter(asked.out, POSTS) as posts:
        truth = pq.ParquetWriter(asked.truth, TRUTH) if asked.truth else None
        for piece in parts(made, asked.seed):
            posts.write_table(piece.posts, row_group_size=ROWS_A_GROUP)
            count += len(piece.posts)
            if truth is not None:
                truth.write_table(piece.truth)
        if truth is not None:
            truth.close()
    return count


@dataclass(frozen=True, slots=True)
class Writing:
    """Makes and writes one part."""

    made: Plan
    seed: int
    out: Path
    truth: Path | None

    def open(self) -> Callable[[tuple[int, slice]], int]:
        """Nothing is loaded beforehand."""
        return self._write

    def _write(self, unit: tuple[int, slice]) -> int:
        number, hours = unit
        piece: Part = part(self.made, number, hours, self.seed)
        pq.write_table(piece.posts, self.out / f"posts-{number:05}.parquet", row_group_size=ROWS_A_GROUP)
        if self.truth is not None:
            pq.write_table(piece.truth, self.truth / f"truth-{number:05}.parquet")
        return len(piece.posts)


def _many(made: Plan, asked: Asked) -> int:
    units = list(enumerate(made.parts(PART)))
    return sum(run_units(Writing(made, asked.seed, asked.out, asked.truth), units, workers=asked.workers))
