"""`fairstream evidence pages`."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fairstream.cli.evidence_options import Talk
from fairstream.cli.options import json_option, language_option
from fairstream.records import Language

if TYPE_CHECKING:
    from fairstream.evidence.pages import Archive
    from fairstream.evidence.pages_warc import PageCapture

_STATES = {
    "holds": ("相符", "holds"),
    "broken": ("不符", "BROKEN"),
    "absent": ("无摘要", "no digest"),
    "unchecked": ("未核验", "not checked"),
}


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--all", "everything", is_flag=True, help="List every capture, not only pages.")
@click.option(
    "--extract", type=click.Path(file_okay=False, path_type=Path), help="Write the content into this folder."
)
@click.option("--url", "urls", multiple=True, help="Only this address; may be repeated.")
@json_option
@language_option
def pages(
    file: Path,
    everything: bool,
    extract: Path | None,
    urls: tuple[str, ...],
    as_json: bool,
    language: Language,
) -> int:
    """List the pages of a web archive (WARC, WACZ), every hash and signature in it checked.

    \b
    Examples:
      fairstream evidence pages shop.wacz
      fairstream evidence pages shop.warc.gz --extract pages --json

    Exit code 1 when a hash or digest does not hold or a part cannot be read.
    """
    from fairstream.evidence import pages as reading

    archive = reading.read_archive(file)
    shown = [
        one for one in (archive.captures if everything else archive.pages) if not urls or one.url in urls
    ]
    written = {}
    if extract is not None:
        keys = {(one.url, one.at, one.kind) for one in shown}
        found = reading.extract(file, extract, wanted=lambda one: (one.url, one.at, one.kind) in keys)
        written = {(one.url, one.at, one.kind): path.name for one, path in found}
    if as_json:
        click.echo(json.dumps(_plain(archive, shown, written), ensure_ascii=False))
    else:
        _tell(archive, shown, Talk(language), language)
    return 0 if archive.sound else 1


def _tell(archive: "Archive", shown: "list[PageCapture]", talk: Talk, language: Language) -> None:
    at = 0 if language == "zh" else 1
    for one in shown:
        moment = one.at.isoformat() if one.at else "-"
        click.echo(
            f"{moment}  {one.status or '-'}  {_line(one.mime) or '-'}  {_STATES[one.digest_state][at]}  "
            f"{_line(one.url)}  {_line(one.title)}"
        )
    for check in archive.checks:
        if check.state != "holds" or check.kind == "signature":
            click.echo(
                _line(f"{_STATES[check.state][at]}: {check.kind} {check.name}: {check.detail}"), err=True
            )
    for problem in archive.problems:
        click.echo(
            f"{problem.place.file}:{problem.place.line or '-'}: {problem.cause}. {problem.remedy}", err=True
        )
    holds = sum(check.state == "holds" for check in archive.checks)
    broken = sum(one.digest_state == "broken" for one in archive.captures)
    talk.say(
        f"{len(archive.captures)} 条抓取，其中网页 {len(archive.pages)}；摘要不符 {broken}；"
        f"包内核验 {len(archive.checks)} 项，相符 {holds}",
        f"{len(archive.captures)} captures, {len(archive.pages)} of them pages; {broken} digests broken; "
        f"{holds} of {len(archive.checks)} checks of the package hold",
    )


def _plain(archive: "Archive", shown: "list[PageCapture]", written: dict[Any, str]) -> dict[str, Any]:
    return {
        "file": archive.file,
        "kind": archive.kind,
        "sound": archive.sound,
        "captures": [
            {
                "url": one.url,
                "at": one.at.isoformat() if one.at else None,
                "kind": one.kind,
                "status": one.status,
                "mime": one.mime,
                "title": one.title,
                "digest": one.digest,
                "digest_state": one.digest_state,
                "size": one.size,
                "record": one.record,
                "file": one.file,
                "extracted": written.get((one.url, one.at, one.kind)),
            }
            for one in shown
        ],
        "checks": [check._asdict() for check in archive.checks],
        "problems": [
            {"file": one.place.file, "line": one.place.line, "cause": one.cause, "remedy": one.remedy}
            for one in archive.problems
        ],
    }


def _line(text: str) -> str:
    """Text from outside on one line: nothing in it may steer the terminal."""
    return "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in text)
