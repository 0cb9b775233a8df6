"""`fairstream opinion annotate`: the command and its help; `opinion_annotating` does the work."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, layers_option


@click.command()
@click.argument(
    "sources", nargs=-1, required=True, metavar="IN…", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A .parquet file, or a new folder that takes one part for each unit of work.",
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Which column is what, for tables not recognised; see `fairstream opinion mapping`.",
)
@click.option(
    "--lists",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of your own topics, names and aliases, laid over the shipped ones; may be repeated.",
)
@click.option(
    "--model",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A polarity model of your own, from `fairstream opinion train`.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes; default: processors for many items, else 1."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where to run.",
)
@click.option("--on", "on", type=Day(), help="Day whose rules read what sellers are reported to have said.")
@click.option("--no-rules", is_flag=True, help="Leave the rules out: conducts come from the topics alone.")
@click.option("--invented", is_flag=True, help="Mark the items as made up; every output repeats it.")
@click.option("--quiet", is_flag=True, help="No progress and no summary on standard error.")
@layers_option
@json_option
def annotate(
    sources: tuple[Path, ...],
    out: Path,
    mapping: Path | None,
    lists: tuple[Path, ...],
    model: Path | None,
    workers: int | None,
    engine: str,
    on: date | None,
    no_rules: bool,
    invented: bool,
    quiet: bool,
    layers: tuple[Path, ...],
    as_json: bool,
) -> int:
    """Annotate posts: whether each is about consumer rights, a complaint or praise, on what, naming whom.

    IN is any file or folder that `fairstream opinion read` knows. A plain CSV, JSONL or Parquet file with
    the columns id and text, and perhaps at and channel, needs no mapping.

    \b
    Out: id, at, channel, text, …, consumer_rights, polarity (complaint|praise|neither),
         complaint_score (0–1), topics, aspects, entities, conducts, duplicate_of, copy_group, suspicion

    \b
    Examples:
      fairstream opinion annotate posts.csv --out annotated.parquet
      fairstream opinion annotate data/ complaints.xlsx --mapping office.yaml --out annotated.parquet
      fairstream opinion annotate window.parquet --out annotated/ --workers 2 --json

    Exit code 1 when something was skipped, 3 when nothing could be read.
    """
    # Model, lists and rules take a second to import; --help should not wait for them.
    from fairstream.cli.opinion_annotating import Asked, run

    return run(
        Asked(
            sources,
            out,
            mapping,
            lists,
            model,
            workers,
            engine,
            on,
            not no_rules,
            invented,
            quiet,
            layers,
            as_json,
        )
    )
