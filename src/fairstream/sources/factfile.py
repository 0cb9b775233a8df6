"""`facts.yaml` or `facts.json`: the structured part of what is known beside the words."""

import re
from typing import Any, Final

from fairstream.errors import FormatError
from fairstream.facts import Curve, Facts
from fairstream.sources.bytes import MIB, Source, open_input, read_text
from fairstream.sources.factplan import CurvePoint, named, plans_of
from fairstream.sources.factrecords import FactReader, Surroundings
from fairstream.sources.factstore import FactStore, curves_of
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import column_key
from fairstream.sources.written import Entry, Written, of_yaml
from fairstream.sources.yamltree import compose

LIMIT: Final = 4 * MIB
"""Largest structured file: longer lists belong into tables."""
_EXAMPLE: Final = "seller_display: …"
_HALVES: Final = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def read_fact_file(
    source: Source, store: FactStore, around: Surroundings, *, name: str | None = None
) -> ProblemLog:
    """Put the facts of a structured file into `store`. Raises `FormatError`, `LimitError` and the errors of
    `read_text`; everything smaller is a problem in the log that comes back.
    """
    file = open_input(source, name, LIMIT)
    log = ProblemLog(file.name)
    root = read_tree(read_text(file, log), log)
    if root.empty:
        return log
    if root.entries is None:
        raise FormatError(
            "no keys with values", file=file.name, line=1, remedy=f"write lines like '{_EXAMPLE}'"
        )
    reader = FactReader(log, around)
    for entry in _sorted(root.entries):
        plan = named(Facts).get(column_key(entry.key))
        if plan is None or plan.record is None:
            for field, value in reader.fields(Written(entry.line, entries=(entry,)), Facts).items():
                _keep(store, field, value, log)
        elif plan.many:
            store.add(plan.name, entries_of(entry.value, plan.record, plan.name, reader), log)
        elif not entry.value.empty and (found := reader.record(entry.value, plan.record, plan.name)):
            store.put(plan.name, found, log)
    return log


def read_tree(text: str, log: ProblemLog) -> Written:
    """The tree of a YAML or JSON text. JSON is read as YAML, which keeps the line of every value."""
    if text.lstrip("\ufeff \t\n")[:1] in ("{", "["):
        text = _HALVES.sub(_whole, text).replace("\t", " ")
    node = compose(text, log.file, _EXAMPLE)
    return of_yaml(node, log) if node is not None else Written()


def entries_of(written: Written, record: type, kind: str, reader: FactReader) -> list[Any]:
    """The entries of one kind; those of curves may be whole series or single points."""
    if record is not Curve:
        return list(reader.records(written, record, kind))
    items = written.items if written.items is not None else (written,)
    points: list[CurvePoint] = []
    for item in items:
        if says(item, Curve, "values"):
            points.extend(_series(reader.record(item, Curve, kind), reader.log))
        elif (point := reader.record(item, CurvePoint, kind)) is not None:
            points.append(point)
    return curves_of(points, reader.log)


def _keep(store: FactStore, field: str, value: Any, log: ProblemLog) -> None:
    if isinstance(value, tuple):
        store.add(field, value, log)
    else:
        store.put(field, value, log)


def _sorted(entries: tuple[Entry, ...]) -> list[Entry]:
    """In the order of the fields of `Facts`, so that the order of keys does not matter."""
    order = {plan.name: at for at, plan in enumerate(plans_of(Facts))}
    names = named(Facts)
    return sorted(
        entries,
        key=lambda entry: (
            order[names[column_key(entry.key)].name] if column_key(entry.key) in names else len(order)
        ),
    )


def says(written: Written, record: type, field: str) -> bool:
    """Whether an entry has a key for a field of a record."""
    plans = (named(record).get(column_key(entry.key)) for entry in written.entries or ())
    return any(plan is not None and plan.name == field for plan in plans)


def _series(curve: Curve | None, log: ProblemLog) -> list[CurvePoint]:
    if curve is None:
        return []
    if len(curve.at_ms) != len(curve.values):
        line = curve.place.line if curve.place else None
        log.add("fact_lengths", line, moments=len(curve.at_ms), values=len(curve.values))
        return []
    return [
        CurvePoint(curve.kind, at, value, curve.listing_id, curve.place)
        for at, value in zip(curve.at_ms, curve.values, strict=True)
    ]


def _whole(halves: re.Match[str]) -> str:
    """A character that JSON writes as two halves; YAML knows no halves."""
    pair = bytes.fromhex(halves[1] + halves[2])
    return pair.decode("utf-16-be")
