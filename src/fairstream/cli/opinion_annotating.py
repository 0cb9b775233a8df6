"""The work of `fairstream opinion annotate`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import click
import orjson

from fairstream.cli.options import cache_dir, today
from fairstream.detect.reported import ReportedConducts
from fairstream.errors import FormatError
from fairstream.opinion.annotate import Settings
from fairstream.opinion.annotating import SMALL, Done, Job, annotate
from fairstream.records import Problem
from fairstream.sources.posts.mapping import Mapping
from fairstream.sources.posts.open import Posts, open_posts
from fairstream.store.run import processors

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    sources: tuple[Path, ...]
    out: Path
    mapping: Path | None
    lists: tuple[Path, ...]
    model: Path | None
    workers: int | None
    engine: str
    on: date | None
    rules: bool
    invented: bool
    quiet: bool
    layers: tuple[Path, ...]
    as_json: bool


def run(asked: Asked) -> int:
    """Annotate; 1 when something was skipped, 3 by an error when nothing could be read."""
    posts = open_posts(asked.sources, mapping=Mapping.open(asked.mapping) if asked.mapping else None)
    if not posts.units:
        _show(posts.problems)
        raise FormatError(
            "no posts were found in what was given",
            file=asked.sources[0],
            remedy="write a mapping with `fairstream opinion mapping`",
        )
    job = _job(asked, posts)
    with _progress(quiet=asked.quiet) as heard:
        done = _done(job, asked.engine, heard)
    problems = (*posts.problems, *done.problems)
    _say(asked, done, problems)
    if not done.items:
        click.echo(f"Error: {asked.out}: no item could be read. Remedy: see the problems above", err=True)
        return 3
    return 1 if any(problem.severity == "skipped" for problem in problems) else 0


def _job(asked: Asked, posts: Posts) -> Job:
    many = posts.rows is None or posts.rows > SMALL
    conducts = ReportedConducts(asked.on or today(), asked.layers, cache_dir()) if asked.rules else None
    return Job(
        posts.units,
        asked.out,
        Settings(asked.model, asked.lists),
        conducts,
        asked.workers or (processors() if many else 1),
        asked.invented or posts.invented,
    )


def _done(job: Job, engine: str, heard: Callable[[str, int, int], object]) -> Done:
    if engine == "spark":
        # Spark takes seconds to import and is not installed unless it is wanted.
        from fairstream.store import spark

        return annotate(job, heard, engine=spark.run)
    return annotate(job, heard)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], object]]:
    """A bar for each stage, for a person who waits."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, done, total: None
        return
    bars = dict[str, object]()

    def heard(stage: str, done: int, total: int) -> None:
        if stage not in bars:
            bars[stage] = click.progressbar(length=total, label=stage, file=sys.stderr)
        bar = bars[stage]
        bar.update(1)  # type: ignore[attr-defined]

    try:
        yield heard
    finally:
        # Also after Ctrl-C: a bar hides the cursor until it is finished.
        for bar in bars.values():
            bar.render_finish()  # type: ignore[attr-defined]


def _say(asked: Asked, done: Done, problems: Sequence[Problem]) -> None:
    skipped = sum(problem.count for problem in problems if problem.severity == "skipped")
    if asked.as_json:
        summary = asdict(done) | {
            "out": str(asked.out),
            "problems": [asdict(problem) for problem in problems],
            "skipped": skipped,
        }
        click.echo(orjson.dumps(summary))
    if asked.quiet:
        return
    _show(problems)
    if not asked.as_json:
        seconds = sum(done.seconds.values())
        again = f", {done.repeated:,} read twice" if done.repeated else ""
        marked = f"{done.copies:,} copies, {done.suspicious:,} suspected{again}"
        click.echo(
            f"{asked.out}: {done.items:,} items ({marked}), {skipped:,} entries skipped ({seconds:.1f} s).",
            err=True,
        )


def _show(problems: Sequence[Problem]) -> None:
    for problem in problems[:_MOST_SHOWN]:
        line = f":{problem.place.line}" if problem.place.line else ""
        times = f" (× {problem.count:,})" if problem.count > 1 else ""
        click.echo(f"{problem.place.file}{line}: {problem.cause}{times}. Remedy: {problem.remedy}", err=True)
    if len(problems) > _MOST_SHOWN:
        click.echo(f"… and {len(problems) - _MOST_SHOWN:,} more kinds of problems; see --json", err=True)
