"""`fairstream scan`: the command and its help; `scanning` does the work."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, language_option, layers_option
from fairstream.records import Language


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Output file, - for stdout.",
)
@click.option("--on", "on", type=Day(), help="Day of conduct of texts that carry none; default today.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes; default: processors for large files, else 1."
)
@click.option("--shadow", is_flag=True, help="Also run rules in shadow status.")
@click.option("--no-evasion", is_flag=True, help="Read plain spellings only.")
@click.option("--quiet", is_flag=True, help="No summary on standard error.")
@layers_option
@language_option
def scan(
    source: str,
    out: str,
    on: date | None,
    workers: int | None,
    shadow: bool,
    no_evasion: bool,
    quiet: bool,
    layers: tuple[Path, ...],
    language: Language,
) -> int:
    """Scan texts: one JSON object per line in, one per line out, in the same order.

    \b
    In:  {"id", "text"} and optionally product, product_class, medium
         (speech|listing|screen|chat|short_video|post|document),
         speaker (host|seller|customer|unknown), on (date)
    Out: {"id", "findings": [...]} or {"id", "error"} for a line that cannot be used

    \b
    Examples:
      fairstream scan texts.jsonl --out findings.jsonl
      echo '{"id": 1, "text": "喝了根治糖尿病"}' | fairstream scan - --out -

    Exit code 1 when some line could not be used.
    """
    # Rules and tables take a second to import; --help should not wait for them.
    from fairstream.cli.scanning import Job, run

    statuses = ("stable", "shadow") if shadow else ("stable",)
    return run(Job(source, out, on, workers, statuses, not no_evasion, quiet, layers, language))
