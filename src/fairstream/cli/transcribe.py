"""`fairstream transcribe`: the command and its help; `transcribing` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path)
)
@click.option(
    "--model",
    required=True,
    type=click.Path(path_type=Path),
    help="Folder of a speech model; see docs/user/speech.md for what it holds.",
)
@click.option("--kind", default="auto", show_default=True, help="Kind of the model, if it is not recognised.")
@click.option(
    "--voice",
    type=click.Path(path_type=Path),
    help="silero_vad.onnx; default: the one in the model's folder or in silero-vad beside it.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="File that ends in .jsonl (with all sounds), .srt, .vtt or .txt; for several recordings a folder.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "srt", "vtt", "txt"]),
    help="What to write into a folder; default jsonl.",
)
@click.option(
    "--phrases",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Text file of phrases to listen for, one a line.",
)
@click.option("--threads", default=1, show_default=True, type=click.IntRange(1, 64), help="Threads.")
@click.option("--quiet", is_flag=True, help="No messages on standard error.")
@json_option
@language_option
def transcribe(
    files: tuple[Path, ...],
    model: Path,
    kind: str,
    voice: Path | None,
    out: Path | None,
    form: str | None,
    phrases: Path | None,
    threads: int,
    quiet: bool,
    as_json: bool,
    language: Language,
) -> int:
    """Hear what is said in recordings, with a speech model from a folder of yours. Nothing is downloaded.

    Times are positions in the file. The lines of .jsonl keep every sound with its time and can be given to
    `fairstream inspect` in place of the recording. Without --out the words go to standard output.

    \b
    Examples:
      fairstream transcribe room.flv --model models/sense-voice --out room.jsonl
      fairstream transcribe part1.mp4 part2.mp4 --model models/zipformer --out heard --format srt
      fairstream transcribe room.flv --model models/zipformer --phrases phrases.txt --json

    Exit code 0 when all was heard, 1 when something was left out, 2 when called wrongly, 3 when no
    recording could be read.
    """
    # Sound and speech libraries take a second to import; --help should not wait for them.
    from fairstream.cli.transcribing import Job, run

    return run(Job(files, model, kind, voice, out, form, phrases, threads, quiet, as_json, language))
