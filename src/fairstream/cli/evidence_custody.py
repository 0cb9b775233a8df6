"""`fairstream evidence custody`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from fairstream.cli.evidence_options import Talk
from fairstream.cli.options import json_option, language_option
from fairstream.errors import InputError
from fairstream.records import Language

if TYPE_CHECKING:
    from fairstream.evidence.custody import CustodyLog


@click.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.option("--verify", "check", is_flag=True, help="Follow the chain instead of showing the entries.")
@click.option(
    "--against",
    type=click.Path(exists=True, path_type=Path),
    help="A package sealed earlier: is what it remembers of this log still there?",
)
@json_option
@language_option
def custody(folder: Path, check: bool, against: Path | None, as_json: bool, language: Language) -> int:
    """Show the custody log of a folder of evidence, or verify its chain.

    \b
    Examples:
      fairstream evidence custody case-17/
      fairstream evidence custody case-17/ --verify
      fairstream evidence custody case-17/ --verify --against case-17.zip

    Exit code 1 when the chain is broken or does not hold what the package remembers.
    """
    from fairstream.evidence.custody import CUSTODY, CustodyLog

    path = folder / CUSTODY if folder.is_dir() else folder
    if not path.is_file():
        raise InputError("there is no custody log", file=path, remedy="give a folder of evidence")
    log = CustodyLog(path)
    if check or against:
        return _check(log, against, as_json, language)
    for entry in log.entries():
        if as_json:
            import orjson

            data = entry._asdict() | {"subject": entry.subject._asdict()}
            click.echo(orjson.dumps(data).decode())
        else:
            digest = f" {entry.subject.sha256[:12]}…" if entry.subject.sha256 else ""
            when = entry.at.isoformat(sep=" ", timespec="seconds")
            click.echo(
                f"{entry.number:>5}  {when}  {entry.who}  {entry.action}  {entry.subject.name}{digest}  "
                f"{entry.detail}".rstrip()
            )
    return 0


def _check(log: "CustodyLog", against: Path | None, as_json: bool, language: Language) -> int:
    import orjson

    from fairstream.evidence.custody import remembered
    from fairstream.evidence.verifier import NotAPackage

    chain = log.check()
    try:
        head = remembered(against).get(f"data/{log.path.name}") if against else None
    except NotAPackage as error:
        raise InputError(f"not a sealed package: {error}", file=against, remedy="give a package") from None
    kept = log.contains(*head) if head else not against
    whole = chain.broken_line is None and kept
    if as_json:
        data = chain._asdict() | {"whole": whole, "holds_what_the_package_remembers": kept}
        click.echo(orjson.dumps(data, option=orjson.OPT_INDENT_2).decode())
        return 0 if whole else 1
    talk = Talk(language)
    if chain.broken_line is not None:
        talk.say(
            f"保管记录链在第 {chain.broken_line} 行断裂：{chain.broken_why}",
            f"The custody chain breaks at line {chain.broken_line}: {chain.broken_why}",
        )
    for line in chain.torn:
        talk.say(f"第 {line} 行写入时中断，已保留", f"Line {line} broke off while being written and was kept")
    if not kept:
        talk.say("证据包封存时的记录已不在其中", "What the package remembers of this log is no longer in it")
    talk.say(
        f"{chain.entries} 条记录，末端 {chain.head}",
        f"{chain.entries} entries, the last with hash {chain.head}",
    )
    return 0 if whole else 1
