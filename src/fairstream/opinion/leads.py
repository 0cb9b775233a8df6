"""Whom to look at first: rooms, shops, hosts and brands named in complaints with a suspected conduct.

A lead is no finding: it says what consumers say, how many of them, and where to read it. Copies count
once and suspected items are left out of the ranking, so that nobody is put on the list by copying a text
or hiring posters; both numbers are shown.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p
from typing import Any, Final

from fairstream.opinion.aggregate import Store, Window
from fairstream.opinion.select import DAY_SQL, Selection, named, where
from fairstream.records import Words

TARGETS: Final = ("room", "shop", "host", "brand")
"""Kinds of entity that can be inspected."""
LEAST: Final = 3
_EPOCH: Final = date(1970, 1, 1).toordinal()
"""Different texts, from which a lead is made."""
_NAMED: Final = """
    SELECT id, author, entities, conducts, topics, {day} AS day, complaint_score AS score,
           duplicate_of IS NULL AND len(suspicion) = 0 AS plain
    FROM items WHERE {condition} AND len(entities) > 0 AND len(conducts) > 0
"""
_PAIRS: Final = """
    SELECT entity, conduct, count(*) AS items, count(*) FILTER (plain) AS texts,
           count(DISTINCT author) FILTER (plain) AS authors
    FROM (SELECT *, unnest(entities) AS entity FROM named), unnest(conducts) AS conducted(conduct)
    GROUP BY ALL HAVING texts >= ? ORDER BY texts DESC, entity, conduct
"""
_WHOLE: Final = """
    SELECT count(*) AS items, count(*) FILTER (plain) AS texts,
           count(DISTINCT author) FILTER (plain) AS authors, count(*) FILTER (plain AND day > ?) AS late,
           min(day) AS first_day, max(day) AS last_day
    FROM named WHERE list_contains(entities, ?) AND list_has_any(conducts, ?::VARCHAR[])
"""
_TOPICS: Final = """
    SELECT topic, count(*) AS n FROM (SELECT unnest(topics) AS topic FROM named
    WHERE list_contains(entities, ?) AND list_has_any(conducts, ?::VARCHAR[]))
    GROUP BY topic ORDER BY n DESC, topic LIMIT 5
"""
_EXAMPLES: Final = """
    SELECT id FROM named WHERE list_contains(entities, ?) AND list_has_any(conducts, ?::VARCHAR[]) AND plain
    ORDER BY score DESC, id LIMIT 3
"""


@dataclass(frozen=True, slots=True)
class Suspected:
    """One conduct that complaints connect with a target."""

    conduct: str
    items: int
    texts: int
    authors: int


@dataclass(frozen=True, slots=True)
class Lead:
    """One target with reasons. `score` orders leads and means nothing else.

    `items` are all complaints that name the target with a suspected conduct, `texts` those left without
    copies and suspected posts, `late` those of the last quarter of the window.
    """

    kind: str
    name: str
    score: float
    items: int
    texts: int
    authors: int
    late: int
    first_day: date
    last_day: date
    conducts: tuple[Suspected, ...]
    topics: tuple[str, ...]
    examples: tuple[str, ...]
    selection: Selection
    reasons: tuple[Words, ...]


def leads(store: Store, window: Window, *, least: int = LEAST, most: int = 100) -> tuple[Lead, ...]:
    """Targets in the order of their score, at most `most`, each with at least `least` different texts."""
    complaints = window.selection & where("rights and complaint")
    condition, values = complaints.sql()
    store.keep("named", _NAMED.format(day=DAY_SQL, condition=condition), values)
    by_entity: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in store.rows(_PAIRS, [least]):
        if row["entity"].split(":", 1)[0] in TARGETS:
            by_entity[row["entity"]].append(row)
    largest = sorted(by_entity.items(), key=lambda item: (-max(row["texts"] for row in item[1]), item[0]))
    found = [_lead(store, window, entity, own) for entity, own in largest[: 2 * most]]
    return tuple(sorted(found, key=lambda lead: (-lead.score, lead.kind, lead.name))[:most])


def _lead(store: Store, window: Window, entity: str, rows: Sequence[Mapping[str, Any]]) -> Lead:
    kind, name = entity.split(":", 1)
    conducts = tuple(Suspected(row["conduct"], row["items"], row["texts"], row["authors"]) for row in rows)
    codes = [one.conduct for one in conducts]
    whole = store.rows(_WHOLE, [_late_from(window), entity, codes])[0]
    selection = where(
        window.selection, "rights and complaint", named("entity", [entity]), named("conduct", codes)
    )
    score = log1p(whole["texts"]) + 0.5 * log1p(whole["authors"]) + 0.5 * log1p(len(conducts))
    return Lead(
        kind=kind,
        name=name,
        score=round(score + 0.5 * whole["late"] / whole["texts"], 4),
        items=whole["items"],
        texts=whole["texts"],
        authors=whole["authors"],
        late=whole["late"],
        first_day=date.fromordinal(_EPOCH + whole["first_day"]),
        last_day=date.fromordinal(_EPOCH + whole["last_day"]),
        conducts=conducts,
        topics=tuple(row["topic"] for row in store.rows(_TOPICS, [entity, codes])),
        examples=tuple(row["id"] for row in store.rows(_EXAMPLES, [entity, codes])),
        selection=selection,
        reasons=_reasons(whole, conducts),
    )


def _late_from(window: Window) -> int:
    """The day after which the last quarter of the window begins, as days since 1970."""
    return window.end.toordinal() - _EPOCH - max(len(window) // 4, 1)


def _reasons(whole: Mapping[str, Any], conducts: Sequence[Suspected]) -> tuple[Words, ...]:
    texts, items, authors, late = (whole[name] for name in ("texts", "items", "authors", "late"))
    reasons = [
        Words(
            f"{texts}条不同的吐槽（含重复共{items}条）点名该主体及嫌疑行为",
            f"{texts} different complaints ({items} with copies) name it with a suspected conduct",
        )
    ]
    if authors:
        reasons.append(Words(f"来自{authors}个不同的账号", f"by {authors} different accounts"))
    if late:
        reasons.append(
            Words(
                f"其中{late}条出现在监测期最后四分之一", f"{late} of them in the last quarter of the window"
            )
        )
    reasons += [
        Words(f"嫌疑行为 {c.conduct}：{c.texts}条", f"suspected conduct {c.conduct}: {c.texts} texts")
        for c in conducts
    ]
    return tuple(reasons)
