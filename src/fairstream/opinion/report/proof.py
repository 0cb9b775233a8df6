"""Does every number and every quotation of a paper stand in the data? Asked of the items again, from scratch.

The counts of a paper come from cubes; here each is counted a second time, straight from its condition, and a
share is divided again. A quotation must be, character for character, part of the text of the item it names.
Digits may stand in a sentence only inside `{names}`, apart from those of the shipped sentences.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from fairstream.blocks import Block, Cell, Number, Paper, Paragraph, Quote, Table
from fairstream.opinion.aggregate import Store
from fairstream.opinion.report.words import keys, said
from fairstream.opinion.select import DAY_SQL, Condition, Selection, where
from fairstream.records import Words

TOGETHER: Final = 40
"""Conditions counted in one pass over the items."""
_CLOSE: Final = 1e-9
_SINGLE: Final = frozenset({"id", "group", "thread", "place"})
_ALIKE: Final = """
    SELECT to_timestamp({day} * 86400) AS "at", channel, kind, consumer_rights, polarity, topics, aspects,
           entities, conducts, suspicion, CASE WHEN duplicate_of IS NOT NULL THEN '' END AS duplicate_of,
           count(*) AS n
    FROM items WHERE {within} GROUP BY ALL
"""
"""Items that no condition but those of `_SINGLE` and `phrase` can tell apart, counted together: the same
conditions are then asked of far fewer rows. Noon and midnight of a day are the same to every condition."""
_SOURCES: Final = {
    "alike": "alike",
    "phrase": "WITH read AS MATERIALIZED (SELECT * EXCLUDE (text), folded(text) AS reading, 1 AS n "
    "FROM items WHERE {within}) SELECT {chosen} FROM read",
    "single": "WITH near AS (SELECT *, 1 AS n FROM items WHERE {within}) SELECT {chosen} FROM near",
}
_NAME: Final = re.compile(r"{\w+}")
_DIGITS: Final = re.compile(r"\d+(?:[.,]\d+)*%?")


@dataclass(frozen=True, slots=True)
class Fault:
    """What does not stand in the data: a number's key or the words of a sentence, and why."""

    what: str
    cause: str


def faults(
    paper: Paper, store: Store, heard: Callable[[str], object] = lambda stage: None
) -> tuple[Fault, ...]:
    """All faults of a paper; none when every number and quotation stands in the data."""
    heard("proof")
    cells = list(_cells(paper.blocks))
    numbers = dict.fromkeys(cell for cell in cells if isinstance(cell, Number))
    quotes = [cell for cell in cells if isinstance(cell, Quote)]
    return (*_wrong_numbers(numbers, store), *_wrong_quotes(quotes, store), *_bare(paper.blocks))


def _cells(blocks: Sequence[Block]) -> Iterator[Cell]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.holds.values()
        elif isinstance(block, Table):
            yield from (cell for row in block.rows for cell in row)


def _wrong_numbers(numbers: Iterable[Number], store: Store) -> Iterator[Fault]:
    asked = [number for number in numbers if number.query is not None]
    wholes = (number.whole for number in asked)
    conditions = dict.fromkeys(c for c in (*(n.query for n in asked), *wholes) if c is not None)
    counted = counts([where(condition) for condition in conditions], store)
    for number in asked:
        count = counted[str(where(number.query or ""))]
        if number.count != count:
            yield Fault(number.key, f"the paper rests on {number.count} items, the data has {count}")
        elif number.whole is not None:
            whole = counted[str(where(number.whole))]
            if abs(float(number.value) - (count / whole if whole else -1.0)) > _CLOSE:
                yield Fault(number.key, f"the paper says {number.value}, the data has {count} of {whole}")


def counts(selections: Sequence[Selection], store: Store) -> dict[str, int]:
    """How many items each selection has, many counted in one pass; by the words of the selection."""
    found = dict[str, int]()
    groups: dict[str, list[Selection]] = {"alike": [], "phrase": [], "single": []}
    for selection in dict.fromkeys(selections):
        groups[_kind(selection)].append(selection)
    if groups["alike"]:
        within, values = _common(groups["alike"]).sql()
        store.keep("alike", _ALIKE.format(within=within, day=DAY_SQL), values)
    for kind, source in _SOURCES.items():
        for start in range(0, len(groups[kind]), TOGETHER):
            found |= _counted(groups[kind][start : start + TOGETHER], source, store)
    return found


def _kind(selection: Selection) -> str:
    names = {condition.name for condition in selection.conditions}
    return "phrase" if "phrase" in names else "single" if names & _SINGLE else "alike"


def _counted(part: Sequence[Selection], source: str, store: Store) -> dict[str, int]:
    common = _common(part)
    within, values = common.sql()
    sums = list[str]()
    asked = list[object]()
    for at, selection in enumerate(part):
        own = Selection(tuple(c for c in selection.conditions if c not in common.conditions))
        condition, given = own.sql()
        sums.append(f"coalesce(sum(n) FILTER ({condition}), 0)::BIGINT AS n{at}")
        asked += given
    chosen = ", ".join(sums)
    if source == "alike":
        row = store.rows(f"SELECT {chosen} FROM alike WHERE {within}", [*asked, *values])[0]
    else:
        sql = source.format(chosen=chosen.replace("folded(text)", "reading"), within=within)
        row = store.rows(sql, [*values, *asked])[0]
    return {str(selection): row[f"n{at}"] for at, selection in enumerate(part)}


def _common(part: Sequence[Selection]) -> Selection:
    """Conditions that all have, so that the pass looks at no more than it must."""
    shared: set[Condition] = set(part[0].conditions).intersection(*(s.conditions for s in part[1:]))
    return Selection(tuple(c for c in part[0].conditions if c in shared and c.name != "phrase"))


def _wrong_quotes(quotes: Sequence[Quote], store: Store) -> Iterator[Fault]:
    ids = list(dict.fromkeys(quote.item for quote in quotes))
    rows = (
        store.rows("SELECT id, text FROM items WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids])
        if ids
        else []
    )
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault(row["id"], []).append(row["text"])
    for quote in quotes:
        if not quote.text or not any(quote.text in text for text in texts.get(quote.item, ())):
            yield Fault(quote.key, f"item {quote.item} does not have these words: {quote.text[:40]}")


def _bare(blocks: Sequence[Block]) -> Iterator[Fault]:
    """Digits in a sentence that no number of the paper stands for."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (
                Fault(text[:60], f"the digits {digits} stand for no number")
                for text, digits in _loose(block.text)
            )


def _loose(words: Words) -> Iterator[tuple[str, str]]:
    for text, shipped in zip(words, _shipped(), strict=True):
        for digits in _DIGITS.findall(_NAME.sub("", text)):
            if digits not in shipped:
                yield text, digits


def _shipped() -> tuple[frozenset[str], frozenset[str]]:
    """Digits that the shipped sentences have, by language: the year of a paper, the level of an interval."""
    sentences = [said(key) for key in keys()]
    zh, en = (frozenset(d for s in sentences for d in _DIGITS.findall(_NAME.sub("", s[at]))) for at in (0, 1))
    return zh, en
