"""`fairstream screen`: the command and its help; `screening` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--every",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.2, 60),
    help="Seconds between two readings of the whole picture; changed parts are read sooner.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write, one text a line (.jsonl); default: standard output.",
)
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Threads.")
@click.option("--quiet", is_flag=True, help="No messages on standard error.")
@json_option
@language_option
def screen(
    files: tuple[Path, ...],
    every: float,
    out: Path | None,
    threads: int,
    quiet: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Read the text in the picture of recordings and screenshots. Nothing is downloaded.

    Text that stays is told once, with its interval in the file. Name the output screen.jsonl, put it into the
    broadcast's folder, and `fairstream inspect` takes it in place of reading the recording again.

    \b
    Examples:
      fairstream screen room.flv --out screen.jsonl
      fairstream screen part1.mp4 card.png --every 2 --json

    Exit code 0 when all was read, 1 when something was left out, 2 when called wrongly, 3 when no file could
    be read.
    """
    # Readers of pictures take a second to import; --help should not wait for them.
    from fairstream.cli.screening import Job, run

    return run(Job(files, round(every * 1000), out, threads, quiet, as_json, language))
