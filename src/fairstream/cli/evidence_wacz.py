"""`fairstream evidence wacz`."""

import json
import mimetypes
from datetime import datetime
from pathlib import Path

import click

from fairstream.cli.evidence_media import fresh, keep
from fairstream.cli.evidence_options import Talk, now, person, who_option
from fairstream.cli.options import CHINA, json_option, language_option
from fairstream.records import Language


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--url", "urls", multiple=True, required=True, help="The address of each file, in the same order."
)
@click.option(
    "--at",
    required=True,
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    help="When they were kept. Without a zone it is read as China's time.",
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The .wacz to write."
)
@click.option("--title", default="", help="A title for the collection.")
@who_option
@json_option
@language_option
def wacz(
    files: tuple[Path, ...],
    urls: tuple[str, ...],
    at: datetime,
    out: Path,
    title: str,
    who: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Put pages that were saved as files into a WACZ that any replay tool opens; the files are only read.

    \b
    Examples:
      fairstream evidence wacz page.html --url https://shop.example/p/1 \\
        --at 2026-03-01T20:00:00 --out page.wacz
    """
    from fairstream.errors import UsageError
    from fairstream.evidence.cuts import sha256_of
    from fairstream.evidence.pages import page_text, read_archive
    from fairstream.evidence.wacz_write import SOFTWARE, KeptFile, write_wacz

    if len(urls) != len(files):
        raise UsageError(
            f"{len(files)} files, but {len(urls)} addresses", remedy="give one --url for each file"
        )
    fresh(out, files[0])
    moment = at if at.tzinfo else at.replace(tzinfo=CHINA)
    kept = []
    for path, url in zip(files, urls, strict=True):
        data = path.read_bytes()
        mime = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        seen = page_text(data.decode("utf-8", "replace")) if mime == "text/html" else ("", "")
        kept.append(KeptFile(url, moment, data, mime, title=seen[0], text=seen[1]))
    package = write_wacz(out, kept, title=title)
    if not read_archive(out).sound:
        raise UsageError("what was written does not read back", file=out.name, remedy="try another disk")
    name = person(who)
    for path in files:
        keep(
            path, out, source_sha256=sha256_of(path), who=name, at=now(), method="written", tool=SOFTWARE,
            parent=None, note=f"WACZ of {path.name}",
        )  # fmt: skip
    digest = sha256_of(out)
    if as_json:
        click.echo(
            json.dumps({"out": out.name, "sha256": digest, "datapackage": package, "pages": len(kept)})
        )
    Talk(language, quiet=as_json).say(
        f"{out.name}：{len(kept)} 个文件；SHA-256 {digest}",
        f"{out.name}: {len(kept)} files; SHA-256 {digest}",
    )
    return 0
