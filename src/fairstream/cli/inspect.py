"""`fairstream inspect`: the command and its help; `inspecting` does the work."""

from datetime import date
from pathlib import Path

import click

from fairstream.cli.options import Day, json_option, language_option, layers_option
from fairstream.records import Language


@click.command()
@click.argument("paths", metavar="PATH...", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--out", "out", type=click.Path(file_okay=False, path_type=Path), help="Folder for report and findings."
)
@click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of the speech model; default FAIRSTREAM_MODEL, else 'model' in the configuration file.",
)
@click.option(
    "--voice",
    type=click.Path(exists=True, path_type=Path),
    help="Voice detector (silero_vad.onnx); default the one beside the model.",
)
@click.option(
    "--hear/--no-hear", default=None, help="Hear recordings, even those a transcript covers; or none."
)
@click.option("--read-screen/--no-read-screen", default=None, help="Read text in the picture, or do not.")
@click.option(
    "--spot",
    type=click.IntRange(0, 2000),
    default=0,
    metavar="N",
    show_default=True,
    help="Also listen for the N weightiest phrases of the rules.",
)
@click.option("--clips/--no-clips", default=True, show_default=True, help="Cut a clip for each finding.")
@click.option("--play-whole", is_flag=True, help="Make copies of whole recordings that browsers can play.")
@click.option("--who", default="", metavar="NAME", help="Who inspects, for the records of evidence.")
@click.option("--on", "on", type=Day(), help="Day of the conduct; default as the files say.")
@click.option("--quiet", is_flag=True, help="No messages on standard error.")
@click.option("--dry-run", is_flag=True, help="Read the input and say what is there; scan and write nothing.")
@json_option
@layers_option
@language_option
def inspect(
    paths: tuple[Path, ...],
    out: Path | None,
    model: Path | None,
    voice: Path | None,
    hear: bool | None,
    read_screen: bool | None,
    spot: int,
    clips: bool,
    play_whole: bool,
    who: str,
    on: date | None,
    quiet: bool,
    dry_run: bool,
    as_json: bool,
    layers: tuple[Path, ...],
    language: Language,
) -> int:
    """Inspect broadcasts: every suspect moment with its words, time and the article in force that day.

    A folder is one broadcast (its broadcast.yaml names date and parties); loose files together are one
    more. Recordings (mp4, flv, ts, mkv, m4a, mp3, wav) are heard with the speech model you name and
    read for text in the picture; the report plays a clip of every finding. facts.yaml and the tables
    under facts/ are held against the words. Written to --out: report.html, findings.jsonl,
    findings.parquet, spoken.jsonl, checks.jsonl, consequences.jsonl, captures.jsonl, custody.jsonl; with
    recordings also recordings.json, transcript.jsonl, screen.jsonl, captions.vtt and clips/; for several
    broadcasts a folder each and an index.html.

    \b
    Examples:
      fairstream inspect examples/broadcasts/night-market-tea --out out
      fairstream inspect talk.srt chat.xml shelf.xlsx --on 2026-03-01 --out out
      fairstream inspect examples/broadcasts/* --out out --lang en
      fairstream inspect recordings/ --model models/zipformer --out out --who "Inspector A"

    Exit code 0 when everything was read, 1 when some input was skipped, 2 when called wrongly, 3 when
    nothing could be done.
    """
    if not paths:
        raise click.UsageError("Give at least one broadcast folder or file.")
    if out is None and not dry_run:
        raise click.UsageError("Say where to write with --out DIR, or try --dry-run.")
    # Rules, law and tables take a second to import; --help should not wait for them.
    from fairstream.cli.hearing import Wish
    from fairstream.cli.inspecting import Job, run

    wish = Wish(model, voice, hear, read_screen, spot)
    return run(Job(paths, out, on, layers, language, quiet, dry_run, as_json, wish, clips, play_whole, who))
