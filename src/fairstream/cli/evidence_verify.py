"""`fairstream evidence verify`."""

from pathlib import Path

import click

from fairstream.cli.evidence_options import custody_option, now, person, who_option
from fairstream.cli.options import json_option, language_option
from fairstream.errors import FormatError
from fairstream.records import Language


@click.command()
@click.argument("package", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--receipt",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Receipt kept since sealing; default: PACKAGE.sha256 when it lies beside the package.",
)
@click.option(
    "--ca",
    "authorities",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Certificates (PEM) of the time-stamp authority: verify the stamp's signature too.",
)
@custody_option
@who_option
@json_option
@language_option
def verify(
    package: Path,
    receipt: Path | None,
    authorities: Path | None,
    folder: Path | None,
    who: str | None,
    as_json: bool,
    language: Language,
) -> int:
    """Verify a sealed package, a folder or a zip, without unpacking it.

    Every file that differs, is missing or was added is named; the custody chain is followed and every
    capture record and relation is checked. The package's own verify.py does the same without this program.

    \b
    Examples:
      fairstream evidence verify case-17.zip
      fairstream evidence verify case-17-package --receipt kept/case-17-package.sha256 --lang en
      fairstream evidence verify case-17.zip --ca tsa-ca.pem

    Exit code 0 whole, 1 something differs, 3 this is no package.
    """
    import orjson

    from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject
    from fairstream.evidence.stamp import check_signature
    from fairstream.evidence.verifier import NotAPackage, as_data, as_words
    from fairstream.evidence.verifier import verify as check

    try:
        report = check(package, receipt)
    except NotAPackage as error:
        raise FormatError(
            f"not a sealed package: {error}", file=package, remedy="give a package, and its own receipt"
        ) from None
    if folder:
        subject = Subject(report.package, report.fingerprint)
        said = "whole" if report.whole else f"{len(report.troubles)} differences"
        CustodyLog(folder / CUSTODY).add("verify", subject, who=person(who), at=now(), detail=said)
    signed = check_signature(package, authorities) if authorities else None
    if as_json:
        stamp = {"at": signed.at.isoformat(), "authority": signed.authority} if signed else None
        data = orjson.dumps(_sayable(as_data(report) | {"stamp": stamp}), option=orjson.OPT_INDENT_2)
        click.echo(data.decode())
    else:
        click.echo(as_words(report, language), nl=False)
        if signed:
            said = f"{signed.at.isoformat()} ({signed.authority})"
            click.echo(f"  时间戳签名有效：{said}" if language == "zh" else f"  Time stamp signed: {said}")
    return 0 if report.whole else 1


def _sayable(value: object) -> object:
    """Names with bytes that are not UTF-8 cannot stand in JSON."""
    if isinstance(value, str):
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, dict):
        return {key: _sayable(one) for key, one in value.items()}
    return [_sayable(one) for one in value] if isinstance(value, list | tuple) else value
