"""Facts with every field filled, built from the records themselves, and the ways they may be written."""

import types
import typing
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from pydantic import TypeAdapter

from fairstream.facts import Curve, Facts, Interval, Prize, Review
from fairstream.records import Place
from fairstream.sources.crowd import Crowd
from fairstream.sources.times import CHINA

KEY = b"test"


def sample(hint: Any, name: str) -> Any:
    """A value that no default has."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(part for part in typing.get_args(hint) if part is not type(None))
    origin = typing.get_origin(hint)
    if origin is Literal:
        return typing.get_args(hint)[0]
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return (
            (sample(inner, name),)
            if is_dataclass(inner) or inner is not str
            else (f"{name} 甲", f"{name} 乙")
        )
    if origin is dict:
        return {"棉": 60.0, "涤纶": 40.0}
    if hint is Place:
        return None
    if hint is Interval:
        return Interval(61_000, 330_500)
    if is_dataclass(hint):
        return record(hint)
    return {
        str: f"{name} 文字",
        bool: True,
        int: 4,
        float: 2.5,
        date: date(2026, 3, 1),
        datetime: datetime(2026, 3, 14, 20, 30, 15, tzinfo=CHINA),
    }[hint]


def record(kind: Any) -> Any:
    """A record with every field filled but its place."""
    hints = typing.get_type_hints(kind)
    return kind(**{field.name: sample(hints[field.name], field.name) for field in fields(kind)})


def full_facts() -> Facts:
    """Facts with everything in them."""
    facts: Facts = record(Facts)
    curve = Curve("orders", (0, 60_000, 90_500), (1.0, 2.5, 0.0), "L1")
    return replace(facts, curves=(curve,))


def as_read(facts: Facts) -> Facts:
    """The same without the names of consumers."""
    crowd = Crowd(KEY)
    prizes = tuple(_nameless(prize, crowd) for prize in facts.prizes)
    reviews = tuple(replace(review, author=crowd.pseudonym(review.author or "")) for review in facts.reviews)
    return replace(facts, prizes=prizes, reviews=reviews)


def _nameless(prize: Prize, crowd: Crowd) -> Prize:
    return replace(
        prize,
        winners=tuple(str(crowd.pseudonym(name)) for name in prize.winners or ()),
        winners_inside=tuple(str(crowd.pseudonym(name)) for name in prize.winners_inside),
    )


def without_places(value: Any) -> Any:
    """A record, and all in it, without where it was read."""
    if isinstance(value, tuple):
        return tuple(without_places(item) for item in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    held = {field.name: without_places(getattr(value, field.name)) for field in fields(value)}
    return type(value)(**{**held, **({"place": None} if "place" in held else {})})


def written(facts: Facts) -> dict[str, Any]:
    """Facts as JSON values; the amounts say that they are in fen."""
    data: dict[str, Any] = TypeAdapter(Facts).dump_python(facts, mode="json")
    data["amounts"] = {f"{name}_fen": value for name, value in data["amounts"].items()}
    return data


def cell(value: Any) -> str:
    """A value as a cell of a table."""
    if isinstance(value, Interval):
        return f"{_mark(value.start_ms)}-{_mark(value.end_ms)}"
    if isinstance(value, tuple):
        return "；".join(cell(item) for item in value)
    if isinstance(value, dict):
        return "、".join(f"{name}{share:g}%" for name, share in value.items())
    if isinstance(value, bool):
        return "是" if value else "否"
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def rows(facts: Facts, kind: str) -> tuple[list[str], list[list[str]]]:
    """Columns and rows of one kind."""
    records = getattr(facts, kind)
    if kind == "curves":
        return ["kind", "at_ms", "value", "listing_id"], [
            [curve.kind, str(at), str(value), curve.listing_id or ""]
            for curve in records
            for at, value in zip(curve.at_ms, curve.values, strict=True)
        ]
    names = [field.name for field in fields(records[0]) if field.name != "place"]
    return names, [[cell(getattr(one, name)) for name in names] for one in records]


def needed(kind: type) -> set[str]:
    """Fields a record cannot do without."""
    return {
        field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING
    }


def _mark(ms: int) -> str:
    return f"{timedelta(milliseconds=ms)}"[:11]


__all__ = [
    "KEY",
    "Review",
    "as_read",
    "cell",
    "full_facts",
    "needed",
    "record",
    "rows",
    "without_places",
    "written",
]
