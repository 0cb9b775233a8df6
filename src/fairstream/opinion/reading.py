"""What each text of a batch is about: consumer rights, topics, aspects, entities, conducts.

    reader = Reader.open()
    folded = Folder().fold(texts, evasion=False)
    reading = reader.read(folded, PolarityModel.open().judge(folded))

The answers for a text do not depend on the other texts of its batch.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fairstream.errors import RuleError
from fairstream.opinion.entities import NameReader
from fairstream.opinion.matching import COMPLAINT, PLAIN, PRAISE, Matches, match
from fairstream.opinion.signs import Plan, Unit, fold_words, plan
from fairstream.opinion.taxonomy import Taxonomy, load_taxonomy
from fairstream.opinion.trie import Tables, tables
from fairstream.text.fold import FoldedBatch

Mask = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
ConductsOf = Callable[[list[str]], list[list[str]]]
"""Conduct codes for each of some texts, from whatever knows conducts (the rule engine)."""

TARGETS = ("brand", "host", "room", "shop")
"""Kinds of entities whose conduct may be a lead."""
_LOOK_BACK = 64
"""Characters before an ending among which names from lists are asked for."""
_BEGIN = ("brand", "host", "shop")
"""Kinds of entities with which the name of a shop or room begins."""


class Judgement(Protocol):
    """What of a polarity model's answer is needed: 0 neither, 1 complaint, 2 praise, one per text."""

    @property
    def polarity(self) -> npt.NDArray[np.uint8]: ...


class Reading(NamedTuple):
    """One entry per text; lists of strings are in order of the alphabet, each string once."""

    rights: pa.BooleanArray
    topics: pa.ListArray
    aspects: pa.ListArray
    entities: pa.ListArray
    conducts: pa.ListArray


class Why(NamedTuple):
    """Which sign of which column stands in a text, and the words of each of its parts that do."""

    row: int
    column: str
    unit: Unit
    words: list[list[str]]


@dataclass(frozen=True)
class Reader:
    """Reads folded batches. It holds arrays only, so it may be shared by threads and sent to processes.

    `conducts_of`, when given, is asked about complaints on consumer rights that name a host, shop, brand
    or room; its conducts are added to those of the topics. It gets the folded texts.
    """

    taxonomy: Taxonomy
    plan: Plan
    tables: Tables
    names: NameReader
    conducts_of: ConductsOf | None = None
    _order: "_Order" = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_order", _Order(self.taxonomy, self.plan))

    @classmethod
    def open(cls, folders: Sequence[Path] = (), *, conducts_of: ConductsOf | None = None) -> "Reader":
        """A reader of the shipped lists with those of `folders` laid over them.

        Raises `RuleError` with file and line at the first fault in the lists.
        """
        return cls.of(load_taxonomy(folders), conducts_of=conducts_of)

    @classmethod
    def of(cls, taxonomy: Taxonomy, *, conducts_of: ConductsOf | None = None) -> "Reader":
        """A reader of these lists. Raises `RuleError` when they have faults."""
        for issue in taxonomy.issues[:1]:
            more = f" ({len(taxonomy.issues) - 1} more faults)" if len(taxonomy.issues) > 1 else ""
            raise RuleError(issue.cause + more, file=issue.file, line=issue.line, remedy=issue.remedy)
        made = plan(taxonomy)
        patterns = taxonomy.patterns
        endings = [word for words in patterns.endings.values() for word in words]
        names = NameReader([*patterns.stops, *endings], patterns.generic, patterns.persons)
        return cls(taxonomy, made, tables(made)[0], names, conducts_of)

    def read(self, folded: FoldedBatch, judged: Judgement, vouched: Mask | None = None) -> Reading:
        """What the base readings of a batch tell; `judged` has one polarity per reading.

        Texts marked in `vouched` are about consumer rights whatever their words.
        """
        found = self.match(folded)
        polarity = np.asarray(judged.polarity)
        set_ = self._columns(found, len(folded))
        topics = self._topics(set_)
        rights = self._rights(set_) if vouched is None else self._rights(set_) | vouched
        entities = self._entities(folded, found, set_)
        conducts = self._conducts(folded, topics, entities, rights & (polarity == 1))
        return Reading(
            pa.array(rights),
            _lists(*_cells(topics), self._order.topics, len(folded)),
            self._aspects(found, polarity),
            entities,
            conducts,
        )

    def match(self, folded: FoldedBatch) -> Matches:
        """The bare matches of a batch, before anything is concluded."""
        return match(folded, self.tables, len(self.plan.aspects))

    def why(self, folded: FoldedBatch) -> list[Why]:
        """The first sign of every column that stands in each text, whatever the scenes say."""
        return [self._why(folded.reading(row), row, unit) for row, unit in self.match(folded).units.tolist()]

    def _why(self, text: str, row: int, number: int) -> Why:
        unit = self.plan.units[number]
        groups = [sorted(set(fold_words(sorted(self.plan.groups[part])))) for part in unit.parts]
        words = [[word for word in group if word and word in text] for group in groups]
        return Why(row, self.plan.columns[unit.column].name, unit, words)

    def _columns(self, found: Matches, rows: int) -> Mask:
        """Which columns are set in which row, before scenes."""
        set_ = np.zeros((len(self.plan.columns) + 1, rows), dtype=np.bool_)
        if len(found.units):
            set_[self.tables.column_of[found.units[:, 1]], found.units[:, 0]] = True
        for topic, scenes in self._order.scenes:
            set_[topic] &= set_[scenes].any(axis=0)
        return set_

    def _topics(self, set_: Mask) -> Mask:
        topics = set_[self._order.columns]
        for topic, above in self._order.parents:
            topics[above] |= topics[topic]
        return topics

    def _rights(self, set_: Mask) -> Mask:
        strong = set_[self.plan.strong].any(axis=0)
        return np.asarray(strong | (set_[self.plan.weak].sum(axis=0, dtype=np.int32) >= 2))

    def _aspects(self, found: Matches, polarity: npt.NDArray[np.uint8]) -> pa.ListArray:
        """Opinions beside targets; a target without one takes the polarity of the item."""
        says = found.says[:, : len(self.plan.aspects)]
        bare = says == PLAIN
        praise = (says & PRAISE > 0) | (bare & (polarity == 2)[:, None])
        complaint = (says & COMPLAINT > 0) | (bare & (polarity == 1)[:, None])
        both = np.stack((complaint, praise), axis=2)
        rows, cells = np.divmod(np.flatnonzero(both), max(1, 2 * len(self.plan.aspects)))
        labels = [f"{name}:{side}" for name in self.plan.aspects for side in ("complaint", "praise")]
        return _lists(rows, cells, labels, len(says))

    def _entities(self, folded: FoldedBatch, found: Matches, set_: Mask) -> pa.ListArray:
        links = self.tables.links[found.names[:, 1]]
        rows = found.names[:, 0].astype(np.int64)
        free = links[:, 1] < 0
        holds = free | set_[np.where(free, 0, links[:, 1]), rows]
        known = holds & (links[:, 0] < len(self.plan.entities))
        number = links[known, 0].astype(np.int64)
        rows = rows[known]
        labels = self.plan.entities
        patterned = self._patterned(folded, found.names, links, known)
        if patterned:
            names = sorted({name for _, name in patterned})
            own = {name: len(labels) + at for at, name in enumerate(names)}
            rows = np.concatenate((rows, [row for row, _ in patterned]))
            number = np.concatenate((number, [own[name] for _, name in patterned]))
            labels = [*labels, *names]
            rank = np.empty(len(labels), dtype=np.int64)
            rank[sorted(range(len(labels)), key=labels.__getitem__)] = np.arange(len(labels))
            number, labels = rank[number], sorted(labels)
        keys = np.unique(rows * len(labels) + number) if len(rows) else rows
        width = max(1, len(labels))
        return _lists(keys // width, keys % width, labels, len(folded))

    def _patterned(
        self, folded: FoldedBatch, names: npt.NDArray[np.int32], links: npt.NDArray[np.int32], known: Mask
    ) -> list[tuple[int, str]]:
        """(row, entity) of names by pattern; few rows have any."""
        endings = np.flatnonzero(links[:, 0] >= len(self.plan.entities))
        found: list[tuple[int, str]] = []
        if not len(endings):
            return found
        places = np.ascontiguousarray(names[:, 2])
        rows, begins, ends = (names[endings, column] for column in (0, 2, 3))
        lows = np.maximum(folded.bounds[rows], begins - _LOOK_BACK)
        firsts = np.searchsorted(places, lows)
        dropped = np.concatenate(([0], np.cumsum(folded.start[1:] != folded.end[:-1])))
        gaps = dropped[begins] != dropped[lows]
        listed = np.concatenate(([0], np.cumsum(known)))
        beside = listed[endings] != listed[firsts]
        columns = (endings, rows, lows, begins, ends, firsts, gaps, beside)
        for at, row, low, begin, end, first, gap, near in zip(*(c.tolist() for c in columns), strict=True):
            broken = (folded.start[low + 1 : begin + 1] != folded.end[low:begin]).tolist() if gap else ()
            name = self.names.read(
                folded.text[low:end],
                [False, *broken] if gap else [False] * (begin - low + 1),
                begin - low,
                *(self._beside(names, links, known, slice(first, at), low) if near else ((), ())),
            )
            if name:
                kind = self.plan.endings[int(links[at, 0]) - len(self.plan.entities)]
                found.append((row, f"{kind}:{name}"))
        return found

    def _beside(
        self,
        names: npt.NDArray[np.int32],
        links: npt.NDArray[np.int32],
        known: Mask,
        span: slice,
        low: int,
    ) -> tuple[list[int], list[int]]:
        """Where names from lists begin before an ending, and where platforms end, from `low` on."""
        near = names[span][known[span]]
        labels = [self.plan.entities[self.tables.links[link, 0]] for link in near[:, 1]]
        begins = [label.startswith(_BEGIN) for label in labels]
        cuts = [label.startswith("platform") for label in labels]
        return (near[begins, 2] - low).tolist(), (near[cuts, 3] - low).tolist()

    def _conducts(
        self, folded: FoldedBatch, topics: Mask, entities: pa.ListArray, wanted: Mask
    ) -> pa.ListArray:
        """Conducts of the topics of complaints on consumer rights, and what the hook adds."""
        names = self._order.conducts
        table = np.zeros((len(names), len(wanted)), dtype=np.bool_)
        for at, members in enumerate(self._order.topics_of):
            table[at] = topics[members].any(axis=0) & wanted
        if self.conducts_of is None:
            return _lists(*_cells(table), names, len(wanted))
        rows = [row for row in np.flatnonzero(wanted).tolist() if _targets(entities[row].as_py())]
        added = self.conducts_of([folded.reading(row) for row in rows]) if rows else []
        further = sorted({code for codes in added for code in codes}.union(names))
        wider = np.zeros((len(further), len(wanted)), dtype=np.bool_)
        wider[[further.index(name) for name in names]] = table
        for row, codes in zip(rows, added, strict=True):
            wider[[further.index(code) for code in codes], row] = True
        return _lists(*_cells(wider), further, len(wanted))


class _Order:
    """The order in which topics are concluded, worked out once."""

    def __init__(self, taxonomy: Taxonomy, made: Plan) -> None:
        self.topics = sorted(made.topics)
        at = {name: number for number, name in enumerate(self.topics)}
        self.columns = [made.topics[name] for name in self.topics]
        above = {name: taxonomy.topics[name].above for name in self.topics}
        self.parents = [
            (at[name], at[parent])
            for name in _deepest_first(above)
            if (parent := above[name]) is not None and parent in at
        ]
        self.scenes = [(made.topics[name], made.scenes[name]) for name in _scenes_first(taxonomy, made)]
        conducts: dict[str, list[int]] = {}
        for name in self.topics:
            for code in taxonomy.topics[name].conducts:
                conducts.setdefault(code, []).append(at[name])
        self.conducts = sorted(conducts)
        self.topics_of = [conducts[code] for code in self.conducts]


def _deepest_first(above: Mapping[str, str | None]) -> list[str]:
    def depth(name: str | None) -> int:
        return 1 + depth(above[name]) if name is not None and name in above else 0

    return sorted(above, key=lambda name: (-depth(name), name))


def _scenes_first(taxonomy: Taxonomy, made: Plan) -> list[str]:
    """Topics with scenes, each behind those that are its scenes."""
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        if name not in done and name in made.scenes:
            for scene in taxonomy.topics[name].scene:
                visit(scene)
            done[name] = None

    for name in sorted(made.scenes):
        visit(name)
    return list(done)


def _targets(entities: Sequence[str]) -> bool:
    return any(entity.partition(":")[0] in TARGETS for entity in entities)


def _cells(table: Mask) -> tuple[Ints, Ints]:
    """(rows, cells) that are set in a table of cells × rows, in order of row and cell."""
    # One flat search is some five times as quick as a search in two dimensions.
    cells, rows = np.divmod(np.flatnonzero(table), max(1, table.shape[1]))
    order = np.argsort(rows, kind="stable")
    return rows[order], cells[order]


def _lists(rows: Ints, cells: Ints, labels: Sequence[str], count: int) -> pa.ListArray:
    """Lists of labels per row, from cells in order of row."""
    offsets = np.zeros(count + 1, dtype=np.int32)
    offsets[1:] = np.cumsum(np.bincount(rows, minlength=count)[:count])
    values = pa.array(labels, pa.string()).take(pa.array(cells))
    return pa.ListArray.from_arrays(pa.array(offsets), values)
