"""The published shape of the scanner's input and output lines."""

from typing import Any, get_args

from fairstream.detect.lines import CHOICES
from fairstream.records import Conduct, Severity


def input_schema() -> dict[str, Any]:
    """JSON Schema of one input line."""
    properties: dict[str, Any] = {"id": {}, "text": {"type": "string"}, "product": {"type": "string"}}
    properties |= {key: {"enum": list(choices)} for key, choices in CHOICES.items()}
    properties["on"] = {"type": "string", "format": "date"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fairstream scan_input",
        "type": "object",
        "required": ["id", "text"],
        "properties": properties,
    }


def output_schema() -> dict[str, Any]:
    """JSON Schema of one output line."""
    words = {"type": "array", "items": {"type": "string"}}
    text, number = {"type": "string"}, {"type": "integer", "minimum": 0}
    citation = dict.fromkeys(("instrument", "article", "version", "title", "gist"), text)
    finding = {
        **dict.fromkeys(("id", "rule", "title", "quote", "product_class"), text),
        "conduct": {"enum": list(get_args(Conduct))},
        "conduct_also": {"type": "array", "items": {"enum": list(get_args(Conduct))}},
        "severity": {"enum": list(get_args(Severity))},
        "score": {"type": "number", "minimum": 0, "maximum": 1},
        "start": number,
        "end": number,
        **dict.fromkeys(("why", "liable", "proof_needed", "also_rules"), words),
        "citations": {
            "type": "array",
            "items": _object({**citation, "unverified": {"type": "boolean"}}),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fairstream scan_output",
        "oneOf": [
            _object({"id": {}, "findings": {"type": "array", "items": _object(finding)}}),
            _object({"id": {}, "error": text}),
        ],
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }
