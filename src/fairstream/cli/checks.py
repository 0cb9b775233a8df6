"""`fairstream checks`: list the cross-checks and run their cases."""

import click

from fairstream.cli.options import json_option, language_option
from fairstream.records import Language


@click.group()
def checks() -> None:
    """List the cross-checks, what facts they need, and run their cases.

    \b
    Examples:
      fairstream checks list --lang en
      fairstream checks test price/
    """


@checks.command("list")
@language_option
@json_option
def list_(language: Language, as_json: bool) -> int:
    """List the checks with the facts they need and the articles they cite.

    \b
    Example:
      fairstream checks list --lang en
    """
    # Checks and their words take half a second to import; --help should not wait for them.
    from fairstream.cli import checking

    return checking.show(language, as_json=as_json)


@checks.command()
@click.argument("names", nargs=-1, metavar="[CHECK]...")
@json_option
def test(names: tuple[str, ...], as_json: bool) -> int:
    """Run the cases beside the checks; CHECK may end in / to name a family. Exit code 1 on a failure.

    \b
    Examples:
      fairstream checks test
      fairstream checks test price/seven-day-low --json
    """
    from fairstream.cli import checking

    return checking.test(names, as_json=as_json)
