"""`fairstream evidence stamp`."""

import os
from pathlib import Path

import click
import platformdirs

from fairstream.cli.evidence_options import Talk, custody_option, now, person, who_option
from fairstream.cli.options import language_option
from fairstream.errors import FairstreamError, FormatError, UsageError
from fairstream.records import Language

CONFIG = "evidence.yaml"
KEY = "time_stamp_authority"


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.option("--tsa", metavar="URL", help=f"Address of the authority; default: `{KEY}` in {CONFIG}.")
@click.option("--request", is_flag=True, help="Write PACKAGE.tsq, to be carried to an authority by hand.")
@click.option(
    "--import",
    "answer",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Keep an answer (.tsr) that was fetched elsewhere.",
)
@custody_option
@who_option
@language_option
def stamp(
    package: Path,
    tsa: str | None,
    request: bool,
    answer: Path | None,
    folder: Path | None,
    who: str | None,
    language: Language,
) -> int:
    """Have a time-stamp authority stamp a sealed package (RFC 3161). The stamp is kept beside it.

    \b
    Examples:
      fairstream evidence stamp case-17.zip --tsa http://tsa.example/tsr
      fairstream evidence stamp case-17.zip --request
      fairstream evidence stamp case-17.zip --import answer.tsr

    The address may stand in a file evidence.yaml in the settings folder (FAIRSTREAM_CONFIG, else the
    system's): `time_stamp_authority: http://tsa.example/tsr`. No other address is ever asked.
    """
    from fairstream.evidence.stamp import import_stamp, write_request
    from fairstream.evidence.stamp import stamp as ask

    if sum((bool(tsa), request, answer is not None)) > 1:
        raise UsageError("--tsa, --request and --import exclude each other", remedy="give one of them")
    talk = Talk(language)
    if request:
        path = write_request(package)
        talk.say(f"时间戳请求：{path}", f"Request: {path}")
        return 0
    done = import_stamp(package, answer) if answer else ask(package, authority(tsa))
    note_stamp(done.path, folder, person(who), f"{done.at.isoformat()}, {done.authority}")
    talk.say(
        f"时间戳：{done.path}\n时间：{done.at.isoformat()}\n机构：{done.authority}",
        f"Time stamp: {done.path}\nTime: {done.at.isoformat()}\nAuthority: {done.authority}",
    )
    return 0


def authority(given: str | None) -> str:
    """The address given, else the configured one. Raises `UsageError` when there is none."""
    import yaml

    if given:
        return given
    place = Path(os.environ.get("FAIRSTREAM_CONFIG") or platformdirs.user_config_dir("fairstream")) / CONFIG
    try:
        settings = yaml.safe_load(place.read_text(encoding="utf-8")) if place.is_file() else {}
    except (yaml.YAMLError, UnicodeDecodeError):
        raise FormatError(
            "the settings cannot be read", file=place, remedy=f"write {KEY}: http://…"
        ) from None
    found = settings.get(KEY) if isinstance(settings, dict) else None
    if not isinstance(found, str):
        raise UsageError(
            "no time-stamp authority is configured", remedy=f"give --tsa URL, or {KEY} in {place}"
        )
    return found


def stamp_package(package: Path, tsa: str, who: str, folder: Path, talk: Talk) -> bool:
    """Stamp a package that was sealed just now; a failure is told and leaves the package as it is."""
    from fairstream.evidence.stamp import stamp as ask

    try:
        done = ask(package, tsa)
    except FairstreamError as error:
        talk.say(f"未加盖时间戳：{error}", f"Not stamped: {error}")
        return False
    note_stamp(done.path, folder, who, f"{done.at.isoformat()}, {done.authority}")
    talk.say(f"时间戳：{done.at.isoformat()}", f"Time stamp: {done.at.isoformat()}")
    return True


def note_stamp(path: Path, folder: Path | None, who: str, detail: str) -> None:
    """Note a stamp in the custody log of the folder, when one is named."""
    from fairstream.evidence.capture import hash_file
    from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject

    if folder is not None:
        subject = Subject(path.name, hash_file(path)[0])
        CustodyLog(folder / CUSTODY).add("stamp", subject, who=who, at=now(), detail=detail)
