"""`fairstream evidence still`."""

from pathlib import Path

import click

from fairstream.cli.evidence_media import Position, fresh, keep_cut
from fairstream.cli.evidence_options import Talk, person, who_option
from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--at", "at_ms", type=Position(), required=True, help="Which moment: 00:12:03.5 or seconds.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A .png (lossless) or .jpg; default: named after FILE.",
)
@who_option
@json_option
@language_option
def still(
    file: Path, at_ms: int, out: Path | None, who: str | None, as_json: bool, language: Language
) -> int:
    """Take the picture that was on the screen at a moment; the recording is only read.

    \b
    Examples:
      fairstream evidence still rec.flv --at 00:12:03 --who 王某
      fairstream evidence still rec.flv --at 723.48 --out price.png --json
    """
    from fairstream.evidence.cuts import take_still
    from fairstream.evidence.cuts_opening import clock

    out = out or file.with_name(f"{file.stem}-{at_ms}ms.png")
    fresh(out, file)
    cut = take_still(file, out, at_ms=at_ms)
    keep_cut(file, out, cut, person(who), as_json=as_json)
    Talk(language, quiet=as_json).say(
        f"{out.name}：{clock(cut.from_ms)} 起显示的画面；SHA-256 {cut.sha256}；原件 {cut.source_sha256}",
        f"{out.name}: the picture shown from {clock(cut.from_ms)}; SHA-256 {cut.sha256}; "
        f"original {cut.source_sha256}",
    )
    return 0
