"""Tables of facts: `facts/prices.csv`, `facts/订单.xlsx`, `facts/reviews.jsonl` … one kind each.

A workbook may hold several kinds, one sheet each, named after them.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import Any, Final

from fairstream.facts import Curve, Facts
from fairstream.sources.bytes import TEXT_LIMIT, Input, Source, open_input, read_text
from fairstream.sources.factfile import LIMIT, entries_of, read_tree, says
from fairstream.sources.factnames import KINDS, WORDS, kind_of, nearest_kind
from fairstream.sources.factplan import CurvePoint, named, plans_of
from fairstream.sources.factrecords import FactReader, Surroundings
from fairstream.sources.factstore import FactStore
from fairstream.sources.jsontext import parse_json, parse_json_lines
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import MOST_ROWS, column_key, read_tables
from fairstream.sources.written import Entry, Written, of_json, of_row

_CURVES: Final = {
    column_key(word): kind for kind, words in WORDS["curve"].items() for word in (kind, *words.split())
}
_RECORDS: Final = {plan.name: plan.record for plan in plans_of(Facts) if plan.many and plan.record}
_YAML: Final = (".yaml", ".yml")


def read_fact_table(
    source: Source,
    store: FactStore,
    around: Surroundings,
    *,
    name: str | None = None,
    limit: int = TEXT_LIMIT,
) -> ProblemLog:
    """Put the facts of a table into `store`. Raises the errors of `read_tables`; everything smaller is a
    problem in the log that comes back.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    held = kind_of(PurePath(file.name).stem)
    if held is None and not _may_hold_several(file):
        log.add("fact_kind", nearest=nearest_kind(PurePath(file.name).stem))
        return log
    reader = FactReader(log, around)
    for sheet, rows in _tables(file, held, log):
        kind = kind_of(sheet) or held
        if kind is None:
            log.add("fact_kind", nearest=nearest_kind(sheet or PurePath(file.name).stem))
        else:
            store.add(kind, _records(rows, kind, reader), log)
    return log


def record_of(kind: str) -> type:
    """The record of a kind of facts there are many of."""
    return _RECORDS[kind]


def _may_hold_several(file: Input) -> bool:
    """Whether the kinds may stand inside: a workbook with sheets, an object with lists."""
    return file.head(4) == b"PK\x03\x04" or file.head(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"{"


def _tables(file: Input, held: str | None, log: ProblemLog) -> Iterator[tuple[str, Iterable[Written]]]:
    """Name and rows of each table in the file."""
    workbook = file.head(4) == b"PK\x03\x04"
    if not workbook and PurePath(file.name).suffix.casefold() in _YAML:
        tree = read_tree(read_text(Input(file.name, file.origin, LIMIT), log), log)
        yield "", tree.items if tree.items is not None else () if tree.empty else (tree,)
        return
    if not workbook and file.head(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        yield from _json(file, log)
        return
    for table in read_tables(file.origin, _knower(held), name=file.name, log=log, limit=file.limit):
        yield table.name, [of_row(row) for row in table.rows]


def _json(file: Input, log: ProblemLog) -> Iterator[tuple[str, Iterable[Written]]]:
    """Objects one a line, in a list, or in lists by kind."""
    text = read_text(file, log)
    first = text.strip().split("\n", 1)[0].strip()
    if first.startswith("{") and first.endswith("}") and "\n" in text.strip():
        lines = parse_json_lines(text, log)
        yield "", _limited((of_json(value, line, file.name) for line, value in lines), log)
        return
    value = parse_json(text, log)
    lists = value if isinstance(value, dict) else {"": value}
    if isinstance(value, dict) and not any(
        isinstance(item, list) and kind_of(key) for key, item in value.items()
    ):
        lists = {"": [value]}
    for key, items in lists.items():
        entries = items if isinstance(items, list) else [items]
        rows = (of_json(item, number, file.name) for number, item in enumerate(entries, 1))
        yield key, _limited(rows, log)


def _limited(rows: Iterator[Written], log: ProblemLog) -> Iterator[Written]:
    for number, row in enumerate(rows, 1):
        if number > MOST_ROWS:
            log.add("rows_limit", row.line, most=MOST_ROWS)
            return
        yield row


def _knower(held: str | None) -> Any:
    known = {
        key
        for kind in ([held] if held else KINDS)
        for key in (
            named(CurvePoint).keys() | _CURVES.keys() if kind == "curves" else named(record_of(kind)).keys()
        )
    }
    return known.__contains__


def _records(rows: Iterable[Written], kind: str, reader: FactReader) -> Iterable[Any]:
    record = record_of(kind)
    if record is not Curve:
        return (found for row in rows if (found := reader.record(row, record, kind)) is not None)
    split = (point for row in rows for point in _points(row))
    return entries_of(Written(items=tuple(split)), Curve, kind, reader)


def _points(row: Written) -> Iterator[Written]:
    """The row itself, or one point for each column that is named after a curve (在线人数, 订单数)."""
    entries = row.entries or ()
    wide = [(entry, kind) for entry in entries if (kind := _CURVES.get(column_key(entry.key)))]
    if not wide or says(row, CurvePoint, "value") or says(row, Curve, "values"):
        yield row
        return
    rest = tuple(entry for entry in entries if column_key(entry.key) not in _CURVES)
    for entry, kind in wide:
        if not entry.value.empty:
            told = Entry("kind", row.line, Written(row.line, kind))
            yield Written(row.line, entries=(*rest, told, Entry("value", entry.line, entry.value)))
