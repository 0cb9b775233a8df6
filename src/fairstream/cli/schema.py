"""`fairstream schema`: the published JSON Schema of every file format of ours."""

import click
import orjson

NAMES = (
    "broadcast",
    "broadcast_record",
    "cases",
    "chat_message",
    "citation",
    "facts",
    "facts_record",
    "finding",
    "gap",
    "guard",
    "lexicon",
    "listing",
    "party",
    "post",
    "problem",
    "product_classes",
    "recording",
    "rule",
    "scan_input",
    "scan_output",
    "screen_text",
    "shop",
    "text",
    "timing",
    "utterance",
)
"""What can be asked for; `formats` knows how each is made."""


@click.command()
@click.argument("name", required=False, type=click.Choice(NAMES), metavar="[FORMAT]")
def schema(name: str | None) -> None:
    """Print the JSON Schema of a file format; without a name, list the formats.

    \b
    Examples:
      fairstream schema
      fairstream schema broadcast > broadcast.schema.json
      fairstream schema rule > rule.schema.json   # for completion in an editor
    """
    if name is None:
        click.echo("\n".join(NAMES))
        return
    # The models take most of a second to import; --help should not wait for them.
    from fairstream.cli.formats import FORMATS

    click.echo(orjson.dumps(FORMATS[name](), option=orjson.OPT_INDENT_2).decode())
