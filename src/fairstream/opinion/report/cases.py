"""Typical items of a topic: real words of the window, chosen by a stated order, never made up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import log1p
from typing import Any

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


def typical(material: Material, topic: str) -> tuple[Case, ...]:
    """Up to `MOST` complaints on the topic, each of another group of copies and another day where possible.

    First come items that name somebody or something, have sub-issues of the topic, were copied, liked and
    answered most, and have a score far from doubtful; suspected ones are left out. Equal ones are ordered by
    id.
    """
    chosen = (
        material.figures.window.selection
        & COMPLAINTS
        & named("topic", [topic])
        & where("first and not suspicious")
    )
    condition, values = chosen.sql()
    rows = material.figures.store.rows(
        'SELECT id, "at", channel, text, complaint_score, topics, entities, copy_group, coalesce(likes, 0) '
        "+ coalesce(comments, 0) + coalesce(reposts, 0) AS reach FROM items "
        f"WHERE {condition} AND length(text) >= {_SHORTEST} "
        f"ORDER BY reach DESC, complaint_score DESC, id LIMIT {_CANDIDATES}",
        values,
    )
    copies = _copies(material, [row["copy_group"] for row in rows])
    ranked = sorted(rows, key=lambda row: (-_weight(row, topic, copies[row["copy_group"]]), row["id"]))
    picked, seen_days = list[Mapping[str, Any]](), set[date]()
    for again in (False, True):
        for row in ranked:
            on = row["at"].date()
            if len(picked) < MOST and row not in picked and (again or on not in seen_days):
                picked.append(row)
                seen_days.add(on)
    picked.sort(key=lambda row: row["at"])
    return tuple(_case(row, copies[row["copy_group"]], material) for row in picked)


def _weight(row: Mapping[str, Any], topic: str, copies: int) -> float:
    subs = sum(str(name).startswith(f"{topic}.") for name in row["topics"])
    entities = len(row["entities"] or ())
    reach = log1p(float(row["reach"])) + log1p(copies)
    return reach + min(entities, 2) + 1.5 * min(subs, 2) + 2 * float(row["complaint_score"])


def _copies(material: Material, groups: list[int]) -> dict[int, int]:
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
