"""`fairstream opinion taxonomy`: the commands and their help; `opinion_lists` does the work."""

from pathlib import Path

import click

from fairstream.cli.options import json_option, language_option
from fairstream.records import Language

lists_option = click.option(
    "--lists",
    "folders",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Folder of lists laid over the shipped ones; may be repeated.",
)


@click.group()
def taxonomy() -> None:
    """List, check, test and try topics, aspects, entities and the consumer-rights gate.

    \b
    Examples:
      fairstream opinion taxonomy list --lang en
      fairstream opinion taxonomy test live.counterfeit
      fairstream opinion taxonomy try 在直播间买到假货
    """


@taxonomy.command("list")
@lists_option
@language_option
@json_option
def list_(folders: tuple[Path, ...], language: Language, as_json: bool) -> int:
    """List the topics with what counts as each; exit code 1 when a file could not be loaded.

    \b
    Example:
      fairstream opinion taxonomy list --lists our-lists/ --json
    """
    # Lists and tables take a second to import; --help should not wait for them.
    from fairstream.cli import opinion_lists

    return opinion_lists.show(folders, language, as_json=as_json)


@taxonomy.command()
@lists_option
@json_option
def lint(folders: tuple[Path, ...], as_json: bool) -> int:
    """Check all lists; exit code 1 when something is wrong.

    \b
    Example:
      fairstream opinion taxonomy lint --lists our-lists/
    """
    from fairstream.cli import opinion_lists

    return opinion_lists.lint(folders, as_json=as_json)


@taxonomy.command()
@click.argument("names", nargs=-1, metavar="[TOPIC]...")
@lists_option
@json_option
def test(names: tuple[str, ...], folders: tuple[Path, ...], as_json: bool) -> int:
    """Run the cases beside the lists; TOPIC runs only the cases of its file. Exit code 1 on a failure.

    \b
    Examples:
      fairstream opinion taxonomy test
      fairstream opinion taxonomy test live.counterfeit --json
    """
    from fairstream.cli import opinion_lists

    return opinion_lists.test(names, folders, as_json=as_json)


@taxonomy.command("try")
@click.argument("text")
@click.option("--polarity", type=click.Choice(["complaint", "praise", "neither"]), default="neither",
              show_default=True, help="What the polarity model is taken to say.")  # fmt: skip
@lists_option
@json_option
def try_(text: str, polarity: str, folders: tuple[Path, ...], as_json: bool) -> int:
    """Show what is read in one text, and which signs say so.

    \b
    Examples:
      fairstream opinion taxonomy try 在直播间买到假货 --polarity complaint
      fairstream opinion taxonomy try 规则太复杂，满减看不懂 --json
    """
    from fairstream.cli import opinion_lists

    return opinion_lists.attempt(text, polarity, folders, as_json=as_json)
