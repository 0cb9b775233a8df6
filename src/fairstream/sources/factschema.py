"""JSON Schema of `facts.yaml`, for editors and for programs that write one."""

from typing import Any, Final

from fairstream.facts import Facts
from fairstream.sources.factplan import Plan, plans_of

_STRING: Final[dict[str, Any]] = {"type": "string"}
_NUMBER_OR_TEXT: Final[dict[str, Any]] = {"type": ["number", "string"]}
_MARK: Final[dict[str, Any]] = {"type": ["number", "string"], "description": "0:05:30, or seconds"}
_FORMS: Final[dict[str, dict[str, Any]]] = {
    "text": {"type": ["string", "number"]},
    "truth": {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no", "true", "false", "是", "否", "未知"]}]},
    "count": {"type": ["integer", "string"], "description": "a whole number; 3.2万 is read"},
    "number": _NUMBER_OR_TEXT,
    "day": {**_STRING, "description": "a day: 2026-03-01; 长期 for one that never comes"},
    "moment": {
        **_STRING,
        "description": "ISO 8601; Beijing time without a zone; a mark counts from the start",
    },
    "mark": _MARK,
    "money": {"type": ["number", "string"], "description": "yuan: 99.9, ¥99.90, 2万"},
    "permille": {"type": ["number", "string"], "description": "percent: 20, 20%, 15‰"},
    "interval": {
        "anyOf": [
            {**_STRING, "description": "0:01:00-0:05:30"},
            {
                "type": "object",
                "properties": {
                    "start": _MARK,
                    "end": _MARK,
                    "start_ms": {"type": "integer"},
                    "end_ms": {"type": "integer"},
                },
                "additionalProperties": False,
            },
        ]
    },
    "shares": {
        "anyOf": [
            {**_STRING, "description": "棉60%、涤纶40%"},
            {"type": "object", "additionalProperties": _NUMBER_OR_TEXT},
        ]
    },
}
_EXACT: Final[dict[str, dict[str, Any]]] = {
    "money": {"type": "integer", "minimum": 0, "description": "fen"},
    "mark": {"type": "integer", "minimum": 0, "description": "milliseconds into the recording"},
    "permille": {"type": "integer", "minimum": 0, "maximum": 1000, "description": "thousandths"},
}


def facts_file_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of `facts.yaml`. It knows the English keys; Chinese ones are read too."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "facts.yaml",
        "description": "What is known of a broadcast beside its words (事实材料); everything is optional",
        **_object(Facts),
    }


def _object(record: type) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for plan in plans_of(record):
        for key, schema in _keys(plan, record):
            properties[key] = {"type": "array", "items": schema} if plan.many and plan.record else schema
            if plan.many and not plan.record:
                properties[key] = {"anyOf": [{"type": "array", "items": schema}, _STRING]}
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _keys(plan: Plan, record: type) -> list[tuple[str, dict[str, Any]]]:
    """The English keys of a field: those that count fen, ms or ‰, and those that people write."""
    if plan.name == "listing_id":
        return [
            (name, {**_FORMS["text"], "description": "id or title of the goods"})
            for name in ("listing", plan.name)
        ]
    if plan.record is not None:
        return [(plan.name, _object(plan.record))]
    if plan.form == "word":
        return [(plan.name, {"enum": sorted(plan.words.keys() | plan.words.values())})]
    if plan.form not in _EXACT:
        return [(plan.name, _FORMS[plan.form])]
    bare = plan.name.removesuffix("_fen").removesuffix("_ms").removesuffix("_permille")
    exact = f"{bare}_fen" if record.__name__ == "Amounts" else plan.name
    return [(bare, _FORMS[plan.form]), (exact, _EXACT[plan.form])]
