"""How each field of `Facts` is read: its form, the names it goes by, and the words it takes.

Worked out from the records themselves, so that a field added to `fairstream.facts` is read as well.
"""

import types
import typing
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, Literal

from fairstream.facts import CurveKind, Interval
from fairstream.records import Place
from fairstream.sources.factnames import COLUMNS, SORTS, WORDS
from fairstream.sources.tables import column_key

Form = Literal[
    "text", "truth", "count", "number", "day", "moment", "mark", "money", "permille", "word", "interval",
    "shares", "record",
]  # fmt: skip

_FORM_OF: Final[dict[object, Form]] = {
    str: "text", bool: "truth", int: "count", float: "number", date: "day", datetime: "moment",
    Interval: "interval",
}  # fmt: skip
_FORM_OF_ENDING: Final[dict[str, Form]] = {"_fen": "money", "_ms": "mark", "_permille": "permille"}


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One row of a curve's table."""

    kind: CurveKind
    at_ms: int
    value: float
    listing_id: str | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """How one field is read. `exact` are names that carry the unit of the record itself (fen, ms, ‰)."""

    name: str
    form: Form
    many: bool
    required: bool
    record: type | None
    words: dict[str, str]
    exact: frozenset[str]
    names: frozenset[str]


@cache
def plans_of(record: type) -> tuple[Plan, ...]:
    """The fields of a record but its place, in order."""
    hints = typing.get_type_hints(record)
    return tuple(
        _plan(
            record,
            field.name,
            hints[field.name],
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(record)
        if field.name != "place"
    )


@cache
def named(record: type) -> dict[str, Plan]:
    """The fields of a record by every folded name."""
    found: dict[str, Plan] = {}
    for plan in plans_of(record):
        for name in plan.exact | plan.names:
            found.setdefault(name, plan)
    return found


def _plan(record: type, name: str, hint: Any, required: bool) -> Plan:
    kind = _without_none(hint)
    many = typing.get_origin(kind) is tuple
    if many:
        kind = typing.get_args(kind)[0]
    form = _form(record, name, kind)
    aliases = frozenset(COLUMNS.get(record.__name__, {}).get(name, "").split())
    own, bare = column_key(name), column_key(_without_ending(name))
    measured = form in ("money", "mark", "permille")
    exact = frozenset(
        [column_key(f"{name}_fen")] if record.__name__ == "Amounts" else [own] if measured else []
    )
    return Plan(
        name,
        form,
        many,
        required,
        kind if form == "record" else None,
        _words(record, name, kind) if form == "word" else {},
        exact,
        (aliases | {own, bare}) - exact,
    )


def _without_none(hint: Any) -> Any:
    if typing.get_origin(hint) not in (typing.Union, types.UnionType):
        return hint
    return next(part for part in typing.get_args(hint) if part is not type(None))


def _without_ending(name: str) -> str:
    return next((name.removesuffix(end) for end in _FORM_OF_ENDING if name.endswith(end)), name)


def _form(record: type, name: str, kind: Any) -> Form:
    if record.__name__ == "Amounts":
        return "money"
    for ending, form in _FORM_OF_ENDING.items():
        if name.endswith(ending):
            return form
    if typing.get_origin(kind) is Literal:
        return "word"
    if typing.get_origin(kind) is dict:
        return "shares"
    return _FORM_OF.get(kind) or ("record" if is_dataclass(kind) else "text")


def _words(record: type, name: str, kind: Any) -> dict[str, str]:
    """Fixed value by every word for it."""
    aliases = WORDS.get(SORTS.get((record.__name__, name), ""), {})
    return {
        column_key(word): str(value)
        for value in typing.get_args(kind)
        for word in (str(value), *aliases.get(str(value), "").split())
    }
