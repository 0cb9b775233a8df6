"""Typical items of a topic: real words of the window, chosen by a stated order, never made up."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p
from typing import Any, Final

from fairstream.opinion.report.basic import COMPLAINTS
from fairstream.opinion.report.material import Material
from fairstream.opinion.report.numbers import whole
from fairstream.opinion.report.words import said
from fairstream.opinion.select import Selection, named, where
from fairstream.records import Words

MOST = 3
"""Items shown of a topic."""
LONGEST = 80
"""Characters quoted of an item; a longer one is quoted up to the end of a sentence or clause."""
_CANDIDATES = 400
_SHORTEST = 15
_STOP = re.compile(r"[。！？!?；;\n，,]")


@dataclass(frozen=True, slots=True)
class Case:
    """One item: exact words, where and when, and how many items say nearly the same."""

    id: str
    on: date
    channel: Words
    quote: str
    copies: int
    selection: Selection
    group: Selection

    @property
    def shown(self) -> Words:
        """The number of copies as written."""
        return whole(self.copies)


_RANKED: Final = f"""
    SELECT topic, copy_group, reach FROM (
        SELECT topic, copy_group, reach,
               row_number() OVER (PARTITION BY topic ORDER BY reach DESC, score DESC, copy_group) AS place
        FROM (SELECT unnest(topics) AS topic, copy_group, complaint_score AS score,
                     coalesce(likes, 0) + coalesce(comments, 0) + coalesce(reposts, 0) AS reach
              FROM items WHERE {{condition}})
        WHERE topic IN (SELECT unnest(?::VARCHAR[])))
    WHERE place <= {_CANDIDATES}
"""
"""Texts are left out here: ordering millions of them would cost more than reading the few that win."""


def typical(material: Material, topics: Sequence[str]) -> dict[str, tuple[Case, ...]]:
    """Up to `MOST` complaints on each topic, each of another group of copies and day where possible.

    First come items that name somebody or something, have sub-issues of the topic, were copied, liked and
    answered most, and have a score far from doubtful; suspected ones are left out. Equal ones are ordered by
    id.
    """
    window = material.figures.window.selection
    condition, values = (window & COMPLAINTS & where("first and not suspicious")).sql()
    store = material.figures.store
    ranked = store.rows(_RANKED.format(condition=condition), [*values, list(topics)])
    groups = sorted({row["copy_group"] for row in ranked})
    rows = store.rows(
        'SELECT id, "at", channel, text, complaint_score, topics, entities, copy_group FROM items '
        f"WHERE {condition} AND copy_group IN (SELECT unnest(?::BIGINT[])) AND length(text) >= {_SHORTEST}",
        [*values, groups],
    )
    copies, items = _copies(material, groups), {row["copy_group"]: row for row in rows}
    found: dict[str, tuple[Case, ...]] = {}
    for topic in topics:
        reach = {row["copy_group"]: row["reach"] for row in ranked if row["topic"] == topic}
        own = [{**items[group], "reach": reach[group]} for group in reach if group in items]
        own.sort(key=lambda row: (-_weight(row, topic, copies[row["copy_group"]]), row["id"]))
        found[topic] = tuple(_case(row, copies[row["copy_group"]], material) for row in _picked(own))
    return found


def _picked(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The best of different days, then the best of any, in the order of time."""
    picked, seen = list[Mapping[str, Any]](), set[date]()
    for again in (False, True):
        for row in rows:
            on = row["at"].date()
            if len(picked) < MOST and row not in picked and (again or on not in seen):
                picked.append(row)
                seen.add(on)
    return sorted(picked, key=lambda row: row["at"])


def _weight(row: Mapping[str, Any], topic: str, copies: int) -> float:
    subs = sum(str(name).startswith(f"{topic}.") for name in row["topics"])
    entities = len(row["entities"] or ())
    reach = log1p(float(row["reach"])) + log1p(copies)
    return reach + min(entities, 2) + 1.5 * min(subs, 2) + 2 * float(row["complaint_score"])


def _copies(material: Material, groups: Sequence[int]) -> dict[int, int]:
    condition, values = (material.figures.window.selection & named("group", map(str, groups))).sql()
    rows = material.figures.store.rows(
        f"SELECT copy_group, count(*) AS n FROM items WHERE {condition} GROUP BY copy_group", values
    )
    return {row["copy_group"]: row["n"] for row in rows}


def _case(row: Mapping[str, Any], copies: int, material: Material) -> Case:
    text, channel = str(row["text"]), row["channel"]
    return Case(
        str(row["id"]),
        row["at"].date(),
        Words(str(channel), str(channel)) if channel else said("unnamed"),
        excerpt(text),
        copies,
        material.figures.window.selection & named("id", [str(row["id"])]) & named("channel", [channel or ""]),
        material.figures.window.selection & named("group", [str(row["copy_group"])]),
    )


def excerpt(text: str) -> str:
    """The beginning of a text, exactly as it stands, ending with a sentence or clause."""
    line = text.strip()
    if len(line) <= LONGEST:
        return line
    ends = [match.end() for match in _STOP.finditer(line, 0, LONGEST)]
    end = ends[-1] if ends and ends[-1] > _SHORTEST else LONGEST
    return line[:end].rstrip("，,、；; \n")
