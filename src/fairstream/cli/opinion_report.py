"""`fairstream opinion report`: the command and its help; `opinion_reporting` does the work."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option


@click.command()
@click.argument("annotated", type=click.Path(exists=True, path_type=Path))
@click.option("--from", "start", type=Day(), help="First day of the window; default: of the items.")
@click.option("--to", "end", type=Day(), help="Last day, included; default: of the items.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of the report."
)
@click.option(
    "--compare",
    type=click.Path(exists=True, path_type=Path),
    help="Annotated items of an earlier window; may be the same file with --compare-from and --compare-to.",
)
@click.option("--compare-from", type=Day(), help="First day of the earlier window.")
@click.option("--compare-to", type=Day(), help="Last day of the earlier window, included.")
@click.option(
    "--labels",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Sheet of `fairstream opinion audit` that a person filled in: shares are corrected by it.",
)
@click.option(
    "--lists",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of your own lists, as given to annotate: names and tips of topics.",
)
@click.option(
    "--format",
    "formats",
    type=click.Choice(["html", "docx", "pdf"]),
    multiple=True,
    default=("html", "docx", "pdf"),
    show_default=True,
    help="Forms to write; may be repeated.",
)
@click.option(
    "--lang",
    "languages",
    type=click.Choice(["zh", "en"]),
    multiple=True,
    default=("zh", "en"),
    show_default=True,
    help="Languages to write; may be repeated.",
)
@click.option(
    "--no-lists-of-items", "bare", is_flag=True, help="Leave out the pages of items behind the numbers."
)
@click.option("--quiet", is_flag=True, help="No progress on standard error.")
@json_option
def report(
    annotated: Path,
    start: date | None,
    end: date | None,
    out: Path,
    compare: Path | None,
    compare_from: date | None,
    compare_to: date | None,
    labels: Path | None,
    lists: tuple[Path, ...],
    formats: tuple[str, ...],
    languages: tuple[str, ...],
    bare: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Write the report on a window: HTML, Word and PDF, every number with the way back to its items.

    Before anything is written every number is counted a second time from its items, and every quotation is
    looked up; the report is not written when one does not stand in the data (exit code 1).

    \b
    Writes: report.zh.html, report.en.html, .docx, .pdf   the report
            items/                                        the items behind each number
            numbers.json                                  all numbers with their conditions
            leads.jsonl                                   targets for inspection, with reasons

    \b
    Examples:
      fairstream opinion report annotated.parquet --from 2022-10-20 --to 2022-11-13 --out report
      fairstream opinion report now.parquet --compare june.parquet --labels sheet.csv --out report
    """
    from fairstream.cli.opinion_reporting import Asked, run

    asked = Asked(
        annotated, start, end, out, compare, compare_from, compare_to, labels, lists, formats, languages,
        not bare, quiet, as_json,
    )  # fmt: skip
    return run(asked)
