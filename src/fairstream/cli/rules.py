"""`fairstream rules`: the commands and their help; `rulebook` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option, layers_option
from fairstream.records import Language


@click.group()
def rules() -> None:
    """List, check and test the rules.

    \b
    Examples:
      fairstream rules list --conduct price_fraud
      fairstream rules lint --add our-rules/
      fairstream rules test medical/food-treats-disease
    """


@rules.command("list")
@click.option("--conduct", help="Only rules of this conduct code.")
@layers_option
@language_option
@json_option
def list_(conduct: str | None, layers: tuple[Path, ...], language: Language, as_json: bool) -> int:
    """List the rules with status, severity and conduct; exit code 1 when a file could not be loaded.

    \b
    Example:
      fairstream rules list --conduct ad_superlative --lang en
    """
    # Rules and tables take a second to import; --help should not wait for them.
    from fairstream.cli import rulebook

    return rulebook.show(conduct, layers, language, as_json=as_json)


@rules.command()
@layers_option
@json_option
def lint(layers: tuple[Path, ...], as_json: bool) -> int:
    """Check rules, guards, lexicons and cases; exit code 1 when something is wrong.

    \b
    Example:
      fairstream rules lint --add our-rules/
    """
    from fairstream.cli import rulebook

    return rulebook.lint(layers, as_json=as_json)


@rules.command()
@click.argument("names", nargs=-1, metavar="[RULE]...")
@layers_option
@json_option
def test(names: tuple[str, ...], layers: tuple[Path, ...], as_json: bool) -> int:
    """Run the cases beside the rules; RULE may end in / to name a whole domain. Exit code 1 on a failure.

    \b
    Examples:
      fairstream rules test medical/
      fairstream rules test medical/food-treats-disease --json
    """
    from fairstream.cli import rulebook

    return rulebook.test(names, layers, as_json=as_json)
