"""Every file format of ours and its JSON Schema."""

from collections.abc import Callable
from typing import Any

from fairstream.detect.wire import input_schema, output_schema
from fairstream.records import ProductClass
from fairstream.rules.rule import Case, Guard, Lexicon, ProductNames, Rule
from fairstream.schema import RECORDS, json_schema
from fairstream.sources.factschema import facts_file_schema
from fairstream.sources.manifest import manifest_schema

FORMATS: dict[str, Callable[[], dict[str, Any]]] = {
    "broadcast": manifest_schema,
    "facts": facts_file_schema,
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
