"""`fairstream opinion audit`: a sample for a person to label, and shares corrected by it."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Draw a sample and write the sheet."
)
@click.option(
    "--size", type=click.IntRange(20, 100_000), default=400, show_default=True, help="Items to draw."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same items.")
@click.option(
    "--label",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Label a sheet here, item by item; stop at any time and go on later.",
)
@click.option(
    "--show",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Shares corrected by a labelled sheet.",
)
@click.option("--topic", "topics", multiple=True, help="Topics to see to; default: the ten named most.")
@click.option("--from", "start", type=Day(), help="First day of the window; default: of the items.")
@click.option("--to", "end", type=Day(), help="Last day, included; default: of the items.")
@language_option
@json_option
def audit(
    annotated: Path,
    out: Path | None,
    size: int,
    seed: int,
    label: Path | None,
    show: Path | None,
    topics: tuple[str, ...],
    start: date | None,
    end: date | None,
    language: Language,
    as_json: bool,
) -> int:
    """Check the machine: draw a sample, label it, correct every share by it.

    The sheet is a CSV file. Fill in three columns: is_rights (是 or 否), is (吐槽, 好评 or 中性) and
    about (ids of topics, joined by a blank; see `fairstream opinion taxonomy list`). It does not show
    what the machine said. Rows left empty count as not labelled.

    \b
    Examples:
      fairstream opinion audit annotated.parquet --out sheet.csv --size 400
      fairstream opinion audit annotated.parquet --label sheet.csv
      fairstream opinion audit annotated.parquet --show sheet.csv
      fairstream opinion report annotated.parquet --labels sheet.csv --out report

    Exit code 1 when a row of the sheet could not be used.
    """
    from fairstream.cli.opinion_auditing import Asked, run

    return run(Asked(annotated, out, size, seed, label, show, topics, start, end, language, as_json))
