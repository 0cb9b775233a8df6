"""`fairstream opinion read`: the command and its help; `opinion_reading` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument(
    "sources", metavar="IN…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--out", metavar="POSTS.parquet", type=click.Path(dir_okay=False, path_type=Path), help="Output."
)
@click.option(
    "--mapping",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Mapping of your own columns, from `fairstream opinion mapping`.",
)
@click.option("--add", is_flag=True, help="Add what is new to an existing output.")
@click.option("--dry-run", is_flag=True, help="Read and report everything, write nothing.")
@json_option
@language_option
def read(
    sources: tuple[Path, ...],
    out: Path | None,
    mapping: Path | None,
    add: bool,
    dry_run: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Read posts in any known form into one Parquet file.

    CSV, TSV, JSON, JSONL, Parquet, XLSX, SQLite, also packed as .gz or .zip, and folders of them, told by
    their content: MediaCrawler, 4CAT, Zeeschuimer, Heimao tables, 12315-type tables, hot-search lists, and
    any table with columns such as id, text, at, channel (编号, 内容, 时间, 渠道). Authors become pseudonyms;
    phone, card, ID and house numbers become stars. Reading the same files again gives the same items.

    \b
    Examples:
      fairstream opinion read data/ --out posts.parquet
      fairstream opinion read today.jsonl --out posts.parquet --add
      fairstream opinion read 投诉.xlsx --mapping office.yaml --out posts.parquet
      fairstream opinion read data/ --dry-run

    Exit code 1 when something was skipped, 3 when nothing could be read.
    """
    if out is None and not dry_run:
        raise click.UsageError("give --out POSTS.parquet, or --dry-run")
    # Arrow and compiled code take a second to import; --help should not wait for them.
    from fairstream.cli.opinion_reading import Job, run

    return run(Job(sources, None if dry_run else out, mapping, add, as_json, language))
