"""`fairstream opinion invent`: made-up posts with known shares."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option


@click.command()
@click.option("--items", type=click.IntRange(100), default=50_000, show_default=True, help="How many, about.")
@click.option("--from", "start", type=Day(), default="2022-10-20", show_default=True, help="First day.")
@click.option("--to", "end", type=Day(), default="2022-11-13", show_default=True, help="Last day, included.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same posts.")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A .parquet file, or a folder that takes one part per million items.",
)
@click.option("--truth", type=click.Path(path_type=Path), help="Where to write what was planted, likewise.")
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes, for a folder."
)
@json_option
def invent(
    items: int, start: date, end: date, seed: int, out: Path, truth: Path | None, workers: int, as_json: bool
) -> int:
    """Make up posts with known shares, to try and to measure everything else.

    Texts are put together from invented pieces: shops, hosts and goods do not exist, and the files are
    marked as made up, which every later output repeats.

    \b
    Examples:
      fairstream opinion invent --items 50000 --out posts.parquet
      fairstream opinion invent --items 10000000 --out posts/ --truth truth/ --workers 2
    """
    from fairstream.cli.opinion_inventing import Asked, run

    return run(Asked(items, start, end, seed, out, truth, workers, as_json))
