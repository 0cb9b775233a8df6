"""`fairstream evasion`: the command and its help; `evading` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, layers_option

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--benign", type=FILE, help="Lawful texts, one JSON object per line, read as a seller's words.")
@click.option("--reviews", type=FILE, help="Parquet file of shop reviews, read as a seller's words.")
@click.option("--seed", default=31, show_default=True, help="Seed of the disguised spellings.")
@click.option(
    "--per-kind",
    default=400,
    show_default=True,
    type=click.IntRange(1, 20_000),
    help="Disguised spellings of each kind.",
)
@click.option("--verbose", is_flag=True, help="List what was not recovered and what was flagged anew.")
@layers_option
@json_option
def evasion(
    benign: Path | None,
    reviews: Path | None,
    seed: int,
    per_kind: int,
    verbose: bool,
    layers: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Measure recovery of disguised spellings and what it costs in false alarms.

    Words of the shipped lexicons marked risky are disguised in every way the product knows of and put into
    lawful sentences. Told is how many are read with their exact place, how many the rules report, and how
    many more lawful texts are flagged than with plain reading.

    \b
    Example:
      fairstream evasion --benign ../shared/casebench/benign.jsonl \\
        --reviews ../shared/data/online_shopping_9_cats.parquet

    Exit code 1 when a share is lower, or the cost higher, than the product promises.
    """
    # The rules and the sound tables take a second to import; --help should not wait for them.
    from fairstream.cli.evading import Job, run

    return run(Job(benign, reviews, seed, per_kind, verbose, layers, as_json))
