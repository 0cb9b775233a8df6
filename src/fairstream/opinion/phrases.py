"""Exact counts of phrases in a window: how many items hold each, with and without copies, day by day.

A phrase counts once for an item that holds it anywhere, also inside a longer phrase: this is what the
condition `phrase:…` of `opinion.select` finds, so that each number leads to its items. Without copies means
items whose `duplicate_of` is null, as in all counts. The automaton is a trie walked from every character by a
compiled kernel; memory is the counts alone, whatever the number of items.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fairstream.opinion.candidates import unexplained
from fairstream.text.fold import FoldedBatch, Folder

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

BATCH: Final = 8192
EXAMPLES: Final = 3
OUTSIDE: Final = -1
"""Slot of an item that lies outside of the window."""
_DAY: Final = 86_400_000
_CHINA: Final = 28_800_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_CODES: Final = 0x110000


class Counts(NamedTuple):
    """Counts of a window. Arrays are slots × phrases, or slots for the totals; a slot is a day of China.

    `items` and `first` count items with and without copies; `examples` are up to three ids of each phrase,
    the first in the order of reading, originals before copies within each part counted.
    """

    phrases: tuple[str, ...]
    items: Ints
    first: Ints
    total: Ints
    total_first: Ints
    examples: tuple[tuple[str, ...], ...]

    def __add__(self, later: "Counts") -> "Counts":  # type: ignore[override]
        """Counts of two sets of items with the same phrases and slots; examples of the earlier come first."""
        return Counts(
            self.phrases,
            self.items + later.items,
            self.first + later.first,
            self.total + later.total,
            self.total_first + later.total_first,
            tuple((a + b)[:EXAMPLES] for a, b in zip(self.examples, later.examples, strict=True)),
        )


class TopPhrase(NamedTuple):
    """A frequent phrase: items and shares of all items, with and without copies, and three items."""

    phrase: str
    items: int
    first: int
    share: float
    share_first: float
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """Consecutive days of China as slots, or all `merged` in one; another day, or no time, lies outside."""

    start: date
    length: int
    merged: bool = False

    @property
    def slot_count(self) -> int:
        """How many slots there are."""
        return 1 if self.merged else self.length

    def slots(self, at: pa.Array) -> npt.NDArray[np.int32]:
        """The slot of each time."""
        times = at.cast(pa.timestamp("ms", tz="UTC")).cast(pa.int64())
        known = times.is_valid().to_numpy(zero_copy_only=False)
        days = (times.fill_null(0).to_numpy(zero_copy_only=False) + _CHINA) // _DAY
        slot = days - (self.start.toordinal() - _EPOCH)
        inside = known & (slot >= 0) & (slot < self.length)
        return np.where(inside, 0 if self.merged else slot, OUTSIDE).astype(np.int32)


class Trie:
    """Phrases as arrays for the kernels: a step from node and character to node, by an open hash."""

    def __init__(self, phrases: Sequence[str]) -> None:
        if any(not phrase or "\n" in phrase for phrase in phrases):
            raise ValueError("a phrase is empty or holds a line end")
        steps: dict[tuple[int, int], int] = {}
        term = [OUTSIDE]
        for number, phrase in enumerate(phrases):
            node = 0
            for code in map(ord, phrase):
                node = steps.setdefault((node, code), len(term))
                if node == len(term):
                    term.append(OUTSIDE)
            term[node] = number
        self.first = np.zeros(_CODES, dtype=np.int32)
        for (node, code), following in steps.items():
            if node == 0:
                self.first[code] = following
        self.terms = np.array(term, dtype=np.int32)
        size = 1 << max(4, (2 * len(steps)).bit_length())
        self.keys = np.full(size, OUTSIDE, dtype=np.int64)
        self.nexts = np.zeros(size, dtype=np.int32)
        for (node, code), following in steps.items():
            at = (node * _CODES + code) * _MIX % (1 << 64) >> _SHIFT & (size - 1)
            while self.keys[at] != OUTSIDE:
                at = (at + 1) & (size - 1)
            self.keys[at], self.nexts[at] = node * _CODES + code, following


_MIX: Final = 0x9E3779B97F4A7C15
_SHIFT: Final = 40


class Counter:
    """Counts phrases batch by batch; phrases are folded readings, as `candidates.mine` gives them."""

    def __init__(self, phrases: Sequence[str], slots: int = 1) -> None:
        self._phrases = tuple(dict.fromkeys(phrases))
        self._trie = Trie(self._phrases)
        shape = (slots, len(self._phrases))
        self._items, self._first = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
        self._total, self._total_first = np.zeros(slots, np.int64), np.zeros(slots, np.int64)
        self._examples: list[list[str]] = [[] for _ in self._phrases]
        self._copies: list[list[str]] = [[] for _ in self._phrases]
        self._wanted = np.full(shape[1], EXAMPLES, dtype=np.int32)
        self._folder = Folder()

    def add(self, items: pa.RecordBatch, days: Days | None = None) -> None:
        """Count a batch with the column `text` and, if there, `id`, `duplicate_of` and, for days, `at`."""
        for start in range(0, len(items), BATCH):
            part = items.slice(start, BATCH)
            slots = np.zeros(len(part), np.int32) if days is None else days.slots(part.column("at"))
            self._add(part, slots)

    def _add(self, part: pa.RecordBatch, slots: npt.NDArray[np.int32]) -> None:
        texts = part.column("text").to_pylist()
        folded = self._folder.fold([text or "" for text in texts], evasion=False)
        first = originals(part)
        inside = slots != OUTSIDE
        count = len(self._total)
        self._total += np.bincount(slots[inside], minlength=count)
        self._total_first += np.bincount(slots[inside & first], minlength=count)
        found = np.full((len(self._phrases), 2, EXAMPLES), OUTSIDE, dtype=np.int32)
        trie = self._trie
        _count(
            folded.codes, folded.bounds, trie.first, trie.keys, trie.nexts, trie.terms,
            slots, first, self._items, self._first, found, self._wanted,
        )  # fmt: skip
        if "id" in part.schema.names:
            self._note(found, part.column("id"))

    def _note(self, found: npt.NDArray[np.int32], ids: pa.Array) -> None:
        """Keep the ids of the first examples of each phrase; copies stand in while there are too few."""
        for number in np.flatnonzero((found >= 0).any(axis=(1, 2))).tolist():
            for kept, rows in ((self._examples, found[number, 0]), (self._copies, found[number, 1])):
                names = [ids[row].as_py() for row in rows.tolist() if row >= 0]
                kept[number] = (kept[number] + names)[:EXAMPLES]
            self._wanted[number] = EXAMPLES - len(self._examples[number])

    def counts(self) -> Counts:
        """What was counted so far."""
        pairs = zip(self._examples, self._copies, strict=True)
        examples = tuple(tuple((own + copies)[:EXAMPLES]) for own, copies in pairs)
        return Counts(self._phrases, self._items, self._first, self._total, self._total_first, examples)


def count(batches: Iterable[pa.RecordBatch], phrases: Sequence[str], days: Days | None = None) -> Counts:
    """Counts of the phrases over all batches, by day when `days` are given."""
    counter = Counter(phrases, 1 if days is None else days.slot_count)
    for batch in batches:
        counter.add(batch, days)
    return counter.counts()


class RowGroup(NamedTuple):
    """Some rows of a file of annotated items: the unit of work of `CountParts`."""

    path: Path
    group: int


@dataclass(frozen=True, slots=True)
class CountParts:
    """The work of counting row groups, for `store.run.run`; sums of the answers are the whole."""

    phrases: tuple[str, ...]
    days: Days | None = None

    def open(self) -> "CountParts":
        """Nothing is loaded beforehand."""
        return self

    def __call__(self, unit: RowGroup) -> Counts:
        """Counts of one row group."""
        return count(read(unit), self.phrases, self.days)


def row_groups(paths: Iterable[Path]) -> list[RowGroup]:
    """All row groups of Parquet files, in order."""
    return [RowGroup(path, n) for path in paths for n in range(pq.read_metadata(path).num_row_groups)]


def read(unit: RowGroup) -> Iterable[pa.RecordBatch]:
    """The columns for counting of one row group."""
    with pq.ParquetFile(unit.path) as file:
        wanted = [name for name in ("id", "at", "text", "duplicate_of") if name in file.schema_arrow.names]
        yield from file.iter_batches(BATCH, row_groups=[unit.group], columns=wanted)


def top(counts: Counts, most: int = 50, *, explained: float = 0.7) -> list[TopPhrase]:
    """The phrases that most items hold without copies; a longer phrase replaces one it accounts for."""
    items, first = counts.items.sum(axis=0), counts.first.sum(axis=0)
    total, total_first = max(int(counts.total.sum()), 1), max(int(counts.total_first.sum()), 1)
    standing = unexplained(counts.phrases, items, explained)
    order = standing[np.lexsort((-items[standing], -first[standing]))]
    return [
        TopPhrase(
            counts.phrases[at],
            int(items[at]),
            int(first[at]),
            float(items[at] / total),
            float(first[at] / total_first),
            counts.examples[at],
        )
        for at in order[:most].tolist()
        if items[at] > 0
    ]


def occurrences(folded: FoldedBatch, trie: Trie) -> tuple[Ints, Ints]:
    """Rows and phrase numbers, once for each pair, rows ascending: what `together.Pairs` takes."""
    arrays = (folded.codes, folded.bounds, trie.first, trie.keys, trie.nexts, trie.terms)
    size = int(trie.terms.max(initial=OUTSIDE)) + 1
    length = _occurrences(*arrays, np.zeros((0, 2), np.int64), size)
    found = np.zeros((length, 2), np.int64)
    _occurrences(*arrays, found, size)
    return found[:, 0], found[:, 1]


def originals(items: pa.RecordBatch) -> Flags:
    """Which items are no copies of an earlier one."""
    at = items.schema.get_field_index("duplicate_of")
    if at < 0:
        return np.ones(len(items), dtype=np.bool_)
    return np.asarray(pc.is_null(items.column(at)).to_numpy(zero_copy_only=False))


@numba.njit(cache=True, nogil=True, inline="always")
def _step(node, code, keys, nexts):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    """The node after a character, 0 for none."""
    key = np.int64(node) * np.int64(0x110000) + np.int64(code)
    at = np.int64((np.uint64(key) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(40)) & (len(keys) - 1)
    while keys[at] != -1:
        if keys[at] == key:
            return nexts[at]
        at = (at + 1) & (len(keys) - 1)
    return 0


@numba.njit(cache=True, nogil=True)
def _count(  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    codes, bounds, starts, keys, nexts, terms, slots, first, items, firsts, found, wanted
):
    seen = np.full(items.shape[1], -1, np.int32)
    for row in range(len(slots)):
        slot = slots[row]
        if slot < 0:
            continue
        kind = 0 if first[row] else 1
        for begin in range(bounds[row], bounds[row + 1] - 1):
            node = starts[codes[begin]]
            at = begin + 1
            while node:
                term = terms[node]
                if term >= 0 and seen[term] != row:
                    seen[term] = row
                    items[slot, term] += 1
                    if kind == 0:
                        firsts[slot, term] += 1
                    for place in range(wanted[term]):
                        if found[term, kind, place] < 0:
                            found[term, kind, place] = row
                            break
                node = _step(node, codes[at], keys, nexts)
                at += 1


@numba.njit(cache=True, nogil=True)
def _occurrences(codes, bounds, starts, keys, nexts, terms, found, size):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    seen = np.full(size, -1, np.int64)
    length = 0
    for row in range(len(bounds) - 1):
        for begin in range(bounds[row], bounds[row + 1] - 1):
            node = starts[codes[begin]]
            at = begin + 1
            while node:
                term = terms[node]
                if term >= 0 and seen[term] != row:
                    seen[term] = row
                    if length < len(found):
                        found[length, 0] = row
                        found[length, 1] = term
                    length += 1
                node = _step(node, codes[at], keys, nexts)
                at += 1
    return length
