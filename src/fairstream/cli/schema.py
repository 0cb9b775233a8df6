"""`fairstream schema`: the published JSON Schema of every file format of ours."""

from collections.abc import Callable
from typing import Any

import click
import orjson

from fairstream.detect.wire import input_schema, output_schema
from fairstream.records import ProductClass
from fairstream.rules.rule import Case, Guard, Lexicon, ProductNames, Rule
from fairstream.schema import RECORDS, json_schema
from fairstream.sources.manifest import manifest_schema

FORMATS: dict[str, Callable[[], dict[str, Any]]] = {
    "broadcast": manifest_schema,
    "rule": lambda: json_schema(Rule, "rule"),
    "guard": lambda: json_schema(Guard, "guard"),
    "lexicon": lambda: json_schema(Lexicon, "lexicon"),
    "cases": lambda: json_schema(list[Case], "cases"),
    "product_classes": lambda: json_schema(dict[ProductClass, ProductNames], "product_classes"),
    "scan_input": input_schema,
    "scan_output": output_schema,
    **{name: lambda name=name: json_schema(RECORDS[name], name) for name in RECORDS},  # type: ignore[misc]
}
"""What can be asked for, by name."""


@click.command()
@click.argument("name", required=False, type=click.Choice(sorted(FORMATS)), metavar="[FORMAT]")
def schema(name: str | None) -> None:
    """Print the JSON Schema of a file format; without a name, list the formats.

    \b
    Examples:
      fairstream schema
      fairstream schema broadcast > broadcast.schema.json
      fairstream schema rule > rule.schema.json   # for completion in an editor
    """
    if name is None:
        click.echo("\n".join(sorted(FORMATS)))
        return
    click.echo(orjson.dumps(FORMATS[name](), option=orjson.OPT_INDENT_2).decode())
