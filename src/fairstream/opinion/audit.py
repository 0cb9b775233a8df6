"""A person checks a sample of what the machine said, and every share is corrected by it.

The sample is drawn within strata that are selections (`select`): items not about consumer rights, those about
them that are no complaints, complaints without a topic, and complaints by their rarest topic, so that rare
topics are seen at all. The sheet to label does not show what the machine said, lest it lead the reader.
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from fairstream.errors import FormatError, UsageError
from fairstream.opinion.aggregate import Store, Window
from fairstream.opinion.prevalence import Estimate, Outcome, estimate
from fairstream.opinion.select import Selection, named, where
from fairstream.records import Place, Problem

COLUMNS: Final = ("id", "at", "channel", "text", "is_rights", "is", "about", "stratum", "of")
"""Columns of a sheet: what was said, three to fill in, and where the item was drawn from."""
_NEEDED: Final = ("id", "is_rights", "is", "about", "stratum")
_DRAW: Final = "draw one with `fairstream opinion audit … --out sheet.csv`"
LONGEST: Final = 5_000
"""Characters of a text that a sheet shows; a cell of a spreadsheet takes 32,767."""
YES: Final = frozenset(("1", "y", "yes", "true", "是", "√"))
NO: Final = frozenset(("0", "n", "no", "false", "否", "×"))
POLARITIES: Final = {
    "complaint": "complaint", "c": "complaint", "吐槽": "complaint", "差评": "complaint", "负面": "complaint",
    "praise": "praise", "p": "praise", "好评": "praise", "表扬": "praise", "正面": "praise",
    "neither": "neither", "n": "neither", "中性": "neither", "都不是": "neither",
}  # fmt: skip
LEAST: Final = 12
"""Items drawn from each stratum at least, when it has as many."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody, man or machine, says of one item."""

    rights: bool
    polarity: str
    topics: frozenset[str]

    @property
    def complaint(self) -> bool:
        """A complaint about consumer rights."""
        return self.rights and self.polarity == "complaint"


@dataclass(frozen=True, slots=True)
class Stratum:
    """A part of the window, and how many items it has."""

    selection: Selection
    size: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """One item that a person labelled, beside what the machine had said."""

    id: str
    stratum: str
    first: bool
    said: Judgement
    label: Judgement


def strata(store: Store, window: Window, topics: Iterable[str]) -> tuple[Stratum, ...]:
    """The strata of a window, which together hold each of its items once; empty ones are left out.

    `topics` are those whose shares will be reported; the rarest come first.
    """
    complaint = where("rights and complaint")
    sizes = {
        t: _size(store, window.selection & complaint & named("topic", [t])) for t in dict.fromkeys(topics)
    }
    rarest = sorted((t for t in sizes if sizes[t]), key=lambda t: (sizes[t], t))
    selections = [where("not rights"), where("rights and not complaint")]
    for at, topic in enumerate(rarest):
        others = named("topic", rarest[:at])
        selections.append(complaint & named("topic", [topic]) & (_turned(others) if at else where()))
    selections.append(complaint & _turned(named("topic", rarest)) if rarest else complaint)
    found = [Stratum(s, _size(store, window.selection & s)) for s in selections]
    return tuple(stratum for stratum in found if stratum.size)


def _turned(selection: Selection) -> Selection:
    return where(f"not {selection}")


def _size(store: Store, selection: Selection) -> int:
    condition, values = selection.sql()
    return int(store.rows(f"SELECT count(*) AS n FROM items WHERE {condition}", values)[0]["n"])


def allocate(sizes: Sequence[int], total: int) -> list[int]:
    """How many to draw from each stratum: at least `LEAST`, the rest by the root of its size."""
    drawn = [min(LEAST, size) for size in sizes]
    while (left := total - sum(drawn)) > 0 and any(d < s for d, s in zip(drawn, sizes, strict=True)):
        open_ = [at for at, size in enumerate(sizes) if drawn[at] < size]
        roots = np.sqrt([sizes[at] for at in open_])
        shares = np.maximum(1, np.floor(left * roots / roots.sum())).astype(int)
        for at, more in zip(open_, shares.tolist(), strict=True):
            more = min(more, sizes[at] - drawn[at], total - sum(drawn))
            drawn[at] += more
    return drawn


def draw(store: Store, window: Window, topics: Iterable[str], size: int, seed: int) -> list[dict[str, str]]:
    """A sheet to label: rows of `COLUMNS` in random order; the same seed draws the same items.

    Raises `UsageError` when the window is empty.
    """
    parts = strata(store, window, topics)
    if not parts:
        raise UsageError(f"no items from {window.start} to {window.end}", remedy="choose another window")
    rows = []
    for part, count in zip(parts, allocate([part.size for part in parts], size), strict=True):
        rows += _drawn(store, window.selection, part, count, seed)
    order = np.random.default_rng(seed).permutation(len(rows))
    return [rows[at] for at in order]


def _drawn(store: Store, within: Selection, part: Stratum, count: int, seed: int) -> list[dict[str, str]]:
    """`count` items at random: those whose digest with the seed comes first, whatever their order on disk."""
    condition, values = (within & part.selection).sql()
    rows = store.rows(
        f'SELECT id, "at", channel, text FROM items WHERE {condition} '
        "ORDER BY md5(concat(id, ?, channel)), id LIMIT ?",
        [*values, f" {seed} ", count],
    )
    blank = {"is_rights": "", "is": "", "about": "", "stratum": str(part.selection), "of": str(part.size)}
    return [
        {
            "id": row["id"],
            "at": row["at"].isoformat(sep=" ", timespec="seconds") if row["at"] else "",
            "channel": row["channel"] or "",
            "text": row["text"] if len(row["text"]) <= LONGEST else f"{row['text'][:LONGEST]}…",
            **blank,
        }
        for row in rows
    ]


def write_sheet(rows: Sequence[Mapping[str, str]], path: Path) -> None:
    """A sheet as CSV that spreadsheet programs open: UTF-8 with mark; no cell begins as a formula."""
    # Beside the sheet first: a full disk must not cost the labels that are there already.
    temporary = path.with_name(f".{path.name}.part")
    try:
        with temporary.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for row in rows:
                writer.writerow({**row, **{name: _guarded(row[name]) for name in ("id", "channel", "text")}})
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _guarded(text: str) -> str:
    """With an apostrophe before what a spreadsheet would run; `_bare` takes it off again."""
    return f"'{text}" if _acts(text) else text


def _bare(text: str) -> str:
    return text[1:] if text.startswith("'") and _acts(text[1:]) else text


def _acts(text: str) -> bool:
    return text.lstrip("'").lstrip().startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠"))


def load_sheet(path: Path) -> list[tuple[int, dict[str, str]]]:
    """All rows of a sheet, each with its line. Raises `FormatError` for another file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="gb18030", errors="replace")
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""))
        missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
        rows = [] if missing else [(reader.line_num, dict(row)) for row in reader]
    except csv.Error as error:
        raise FormatError(f"no sheet of an audit: {error}", file=path, remedy=_DRAW) from error
    if missing:
        cause = f"no sheet of an audit: columns are missing ({', '.join(missing)})"
        raise FormatError(cause, file=path, remedy=_DRAW)
    return [(line, _values(row)) for line, row in rows]


def _values(row: Mapping[str, str | None]) -> dict[str, str]:
    values = {name: (row.get(name) or "").strip() for name in COLUMNS}
    return values | {name: _bare(row.get(name) or "") for name in ("id", "channel", "text")}


def read_sheet(
    path: Path, known: Collection[str] | None = None
) -> tuple[list[dict[str, str]], list[Problem]]:
    """The labelled rows of a sheet, and what could not be used. Raises `FormatError` for another file.

    `known` are the ids of topics that may stand in `about`; None allows any.
    """
    rows, problems, seen = list[dict[str, str]](), list[Problem](), set[tuple[str, str]]()
    for line, values in load_sheet(path):
        if not values["is_rights"] and not values["is"]:
            continue
        item = values["id"], values["channel"]
        again = "the item is labelled in an earlier row too" if item in seen else None
        seen.add(item)
        if fault := _fault(values) or _unknown(values, known) or again:
            problems.append(Problem(Place(str(path), line), fault, "correct the row; it was left out"))
        else:
            rows.append(values)
    return rows, problems


def known_topics(store: Store) -> frozenset[str]:
    """Topics that items of the store have, also those of lists of one's own."""
    rows = store.rows("SELECT DISTINCT unnest(topics) AS topic FROM items")
    return frozenset(row["topic"] for row in rows)


def _unknown(row: Mapping[str, str], known: Collection[str] | None) -> str | None:
    names = [name for name in topics_of(row["about"]) if known is not None and name not in known]
    return f"about names no known topic: {', '.join(names)}" if names else None


def topics_of(about: str) -> list[str]:
    """The ids of topics in a cell, however they are set apart."""
    return re.split(r"[\s、，,;；|]+", about.strip()) if about.strip() else []


def _fault(row: Mapping[str, str]) -> str | None:
    if row["is_rights"].lower() not in YES | NO:
        return f"is_rights is {row['is_rights']!r}, not yes or no (是 or 否)"
    if row["is_rights"].lower() in YES and row["is"].lower() not in POLARITIES:
        return f"is is {row['is']!r}, not complaint, praise or neither (吐槽, 好评, 中性)"
    try:
        where(row["stratum"])
    except UsageError:
        return f"stratum is {row['stratum']!r}, not as it was drawn"
    return None


def label_of(row: Mapping[str, str]) -> Judgement:
    """What the person says in a row that `read_sheet` gave."""
    rights = row["is_rights"].lower() in YES
    topics = frozenset(_with_parents(topics_of(row["about"])))
    return Judgement(rights, POLARITIES.get(row["is"].lower(), "neither"), topics)


def _with_parents(topics: Iterable[str]) -> set[str]:
    """A sub-issue counts for its parent too."""
    return {".".join(parts[:n]) for t in topics for parts in [t.split(".")] for n in range(1, len(parts) + 1)}


class Audit:
    """Shares of a window, corrected by a labelled sheet.

    Labels of items that are no longer in the store, or that are in another window, are left out and counted
    in `lost`.
    """

    def __init__(self, store: Store, window: Window, rows: Sequence[Mapping[str, str]]) -> None:
        self._store, self._window = store, window
        self.strata = tuple(dict.fromkeys(row["stratum"] for row in rows))
        self.labelled = self._joined(rows)
        self.lost = len(rows) - len(self.labelled)
        self._sizes = self._cells()

    def _joined(self, rows: Sequence[Mapping[str, str]]) -> tuple[Labelled, ...]:
        condition, values = (self._window.selection & named("id", [row["id"] for row in rows])).sql()
        found = self._store.rows(
            "SELECT id, coalesce(channel, '') AS channel, consumer_rights, polarity, topics, "
            f"duplicate_of IS NULL AS first FROM items WHERE {condition}",
            values,
        )
        items = {(item["id"], item["channel"]): item for item in found}
        return tuple(
            Labelled(row["id"], row["stratum"], item["first"], _said(item), label_of(row))
            for row in rows
            if (item := items.get((row["id"], row.get("channel", "")))) is not None
        )

    def _cells(self) -> Counter[tuple[str, bool, bool, bool, str | None]]:
        """Items by stratum, first, rights, complaint, topic; topic None counts each item once."""
        case = " ".join(f"WHEN {where(s).sql()[0]} THEN {at}" for at, s in enumerate(self.strata))
        values = [value for s in self.strata for value in where(s).sql()[1]]
        condition, window = self._window.selection.sql()
        judged = (
            f"SELECT CASE {case or 'WHEN false THEN 0'} ELSE -1 END AS part, duplicate_of IS NULL AS first, "
            "consumer_rights AS rights, consumer_rights AND polarity = 'complaint' AS complaint, topics "
            f"FROM items WHERE {condition}"
        )
        columns = "part, first, rights, complaint"
        sizes: Counter[tuple[str, bool, bool, bool, str | None]] = Counter()
        for topic, source in (
            ("NULL", f"({judged})"),
            ("topic", f"(SELECT *, unnest(topics) AS topic FROM ({judged}))"),
        ):
            asked = f"SELECT {columns}, {topic} AS topic, count(*) AS n FROM {source} GROUP BY ALL"
            for row in self._store.rows(asked, [*values, *window]):
                part = self.strata[row["part"]] if row["part"] >= 0 else ""
                sizes[part, row["first"], row["rights"], row["complaint"], row["topic"]] += row["n"]
        return sizes

    def share(self, name: str, *, first: bool = False) -> Estimate:
        """One share, corrected: `rights` (of all items), `complaint` (of those about consumer rights), or a
        topic (of the complaints). `first` counts each text once.
        """
        outcomes = [_outcome(name, item) for item in self.labelled if item.first or not first]
        sizes: dict[tuple[str, str], int] = defaultdict(int)
        for (part, is_first, rights, complaint, topic), n in self._sizes.items():
            if first and not is_first:
                continue
            if topic is None:
                sizes[part, _group(name, rights, complaint, has_topic=False)] += n
            elif topic == name:
                sizes[part, _group(name, rights, complaint, has_topic=True)] += n
                sizes[part, _group(name, rights, complaint, has_topic=False)] -= n
        return estimate(outcomes, {cell: n for cell, n in sizes.items() if n > 0})


def _said(item: Mapping[str, Any]) -> Judgement:
    return Judgement(item["consumer_rights"], item["polarity"], frozenset(item["topics"] or ()))


def _outcome(name: str, item: Labelled) -> Outcome:
    group = _group(name, item.said.rights, item.said.complaint, has_topic=name in item.said.topics)
    label = item.label
    if name == "rights":
        return Outcome(item.stratum, group, True, label.rights)
    if name == "complaint":
        return Outcome(item.stratum, group, label.rights, label.complaint)
    return Outcome(item.stratum, group, label.complaint, label.complaint and name in label.topics)


def _group(name: str, rights: bool, complaint: bool, *, has_topic: bool) -> str:
    """What the machine said, as far as it matters to this share."""
    if name == "rights":
        return "yes" if rights else "no"
    if name == "complaint":
        return "complaint" if complaint else "rights" if rights else "no"
    if has_topic and rights:
        return "both" if complaint else "topic"
    return "complaint" if complaint else "no"
