"""`fairstream evidence capture`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fairstream.cli.evidence_options import Talk, now, person, who_option
from fairstream.cli.options import CHINA, json_option, language_option
from fairstream.records import Language

if TYPE_CHECKING:
    from fairstream.evidence.capture import Method


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--source", required=True, help="Where it comes from: a person, an address, a device.")
@click.option(
    "--method",
    type=click.Choice(["received", "recorded", "downloaded", "page", "extracted", "converted"]),
    default="received",
    show_default=True,
    help="How it came.",
)
@click.option("--tool", help="Tool and version it was made with; default: this program.")
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S"]),
    help="When; default: now. Without a zone it is read as China's time.",
)
@click.option("--where", default="", help="Place it was done at; default: the name of this computer.")
@click.option("--note", default="", help="Anything else worth knowing.")
@click.option(
    "--to",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder whose captures.jsonl is added to; default: the folder of the first file.",
)
@who_option
@json_option
@language_option
def capture(
    files: tuple[Path, ...],
    source: str,
    method: "Method",
    tool: str | None,
    at: datetime | None,
    where: str,
    note: str,
    folder: Path | None,
    who: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Take files in: note who, when, how and from where, with the hash as received.

    The files stay where they are and are only read. Taking the same file in twice changes nothing.

    \b
    Examples:
      fairstream evidence capture rec.flv --who 王某 --source "平台提供的U盘"
      fairstream evidence capture page.html --method downloaded --source https://shop.example/p/1
    """
    from fairstream.evidence.capture import CAPTURES, TOOL, append_captures, as_line, capture_file
    from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject

    home = folder or files[0].absolute().parent
    name, moment = person(who), at or now()
    moment = moment if moment.tzinfo else moment.replace(tzinfo=CHINA)
    log, fresh = CustodyLog(home / CUSTODY), 0
    for path in files:
        inside = path.resolve()
        called = (
            inside.relative_to(home.resolve()).as_posix()
            if inside.is_relative_to(home.resolve())
            else path.name
        )
        record = capture_file(
            path,
            name=called,
            who=name,
            at=moment,
            method=method,
            source=source,
            tool=tool or TOOL,
            note=note,
            where=where.strip(),
        )
        if append_captures(home / CAPTURES, [record]):
            fresh += 1
            log.add("capture", Subject(record.name, record.sha256), who=name, detail=f"{method}: {source}")
        if as_json:
            click.echo(as_line(record).decode())
    talk = Talk(language, quiet=as_json)
    talk.say(
        f"已登记 {fresh} 个文件，{len(files) - fresh} 个早已登记：{home / CAPTURES}",
        f"{fresh} files taken in, {len(files) - fresh} were known already: {home / CAPTURES}",
    )
    return 0
