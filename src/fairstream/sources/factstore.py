"""Facts of several files put together: nothing twice, nothing over what was there first."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from fairstream.facts import Amounts, Circumstances, Curve, Facts
from fairstream.records import Place
from fairstream.sources.factplan import CurvePoint
from fairstream.sources.problems import ProblemLog

_KEYS: Final = {"orders": ("id",), "after_sales": ("id",), "reviews": ("id", "captured_at")}
_UNSET: Final = (None, Amounts(), Circumstances(), ())


class FactStore:
    """Facts as they come in."""

    def __init__(self) -> None:
        self._single: dict[str, Any] = {}
        self._many: dict[str, list[Any]] = {}
        self._seen: dict[str, set[Any]] = {}
        self._ids: dict[str, set[Any]] = {}

    def put(self, name: str, value: Any, log: ProblemLog) -> None:
        """A fact there is one of."""
        if name in self._single:
            log.add("fact_again", key=name)
        elif value not in _UNSET:
            self._single[name] = value

    def add(self, name: str, records: Iterable[Any], log: ProblemLog) -> None:
        """Facts there are many of; one that is there already, or whose id is taken, is not added."""
        kept = self._many.setdefault(name, [])
        seen, ids = self._seen.setdefault(name, set()), self._ids.setdefault(name, set())
        for record in records:
            line = _line(record)
            same = _same(record)
            if same in seen:
                log.add("fact_twice", line, kind=name)
                continue
            held = tuple(getattr(record, key) for key in _KEYS.get(name, ()))
            if held and held in ids:
                log.add("fact_same_id", line, kind=name)
                continue
            seen.add(same)
            ids.add(held)
            kept.append(record)

    def facts(self) -> Facts:
        """Everything so far."""
        many: dict[str, Any] = {name: tuple(records) for name, records in self._many.items()}
        return Facts(**self._single, **many)


def _line(record: Any) -> int | None:
    place: Place | None = getattr(record, "place", None)
    return place.line if place else None


def _same(record: Any) -> Any:
    """What is equal for equal records, wherever they stand."""
    if not hasattr(record, "__dataclass_fields__"):
        return record
    held = (getattr(record, field.name) for field in fields(record) if field.name != "place")
    return tuple(tuple(sorted(value.items())) if isinstance(value, dict) else value for value in held)


def curves_of(points: Iterable[CurvePoint], log: ProblemLog) -> list[Curve]:
    """The points of a file as curves, one for each kind and listing, in the order of their moments."""
    grouped: dict[tuple[str, str | None], list[CurvePoint]] = {}
    for point in points:
        grouped.setdefault((point.kind, point.listing_id), []).append(point)
    return [_curve(held, log) for held in grouped.values()]


def _curve(points: list[CurvePoint], log: ProblemLog) -> Curve:
    ordered = sorted(points, key=lambda point: point.at_ms)
    if ordered != points:
        log.add("fact_order", _line(points[0]))
    kept: dict[int, CurvePoint] = {}
    for point in ordered:
        first = kept.setdefault(point.at_ms, point)
        if first.value != point.value:
            log.add("fact_moment", _line(point))
        elif first is not point:
            log.add("fact_twice", _line(point), kind="curves")
    first = points[0]
    return Curve(
        first.kind,
        tuple(kept),
        tuple(point.value for point in kept.values()),
        first.listing_id,
        first.place,
    )
