"""Reasons to suspect a paid post or a bot: marks beside items, which stay in every count.

What each mark means, its patterns and limits stand in data/paid.yaml. Two marks come from the text of an item
alone; the others need the whole window: `paid.template` marks the items of a group of copies, `bot.flood` and
`bot.rhythm` all items of an author. Nothing is suspected where the source names no authors or times.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from numba import njit
from pydantic import TypeAdapter

from fairstream.opinion.copies import I64, U64, hashed, milliseconds
from fairstream.opinion.windows import read_groups
from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual
from fairstream.rules.yamlfile import load_yaml
from fairstream.store.run import run

DATA: Final = Path(__file__).parent / "data" / "paid.yaml"
HOUR: Final = 3_600_000
PART: Final = 2_000_000
"""Items of authors with many items that are looked at together."""

Bools = npt.NDArray[np.bool_]
U8 = npt.NDArray[np.uint8]

_UNKNOWN: Final = np.iinfo(np.int64).min
_NONE: Final = np.zeros(0, dtype=np.int64)
_NO_ONE: Final = np.zeros(0, dtype=np.uint64)
_RESOLUTIONS: Final = (86_400_000, HOUR, 60_000, 1000)
_CHINA: Final = 8 * HOUR
_BUCKETS: Final = 1 << 25
_RECORD: Final = np.dtype(
    [("author", "<u8"), ("at", "<i8"), ("group", "<i8"), ("praise", "?"), ("chat", "?")]
)
_COLUMNS: Final = ("author", "at", "polarity", "kind")


class Reason(Strict):
    """One entry of data/paid.yaml: what the mark means, and its patterns or limits."""

    title: Bilingual
    explain: Bilingual
    patterns: tuple[str, ...] = ()
    limits: dict[str, float] = {}


@cache
def reasons(path: Path = DATA) -> Mapping[str, Reason]:
    """All reasons by name, in the order of the file. Raises `RuleError` when it cannot be read."""
    return TypeAdapter(dict[str, Reason]).validate_python(load_yaml(path)[0])


class Items(NamedTuple):
    """What a window tells of its items: `author` hashed (0: unknown), `at` in milliseconds (least int64:
    unknown), `group` of copies, whether it is praise, whether it is a line of live chat."""

    author: U64
    at: I64
    group: I64
    praise: Bools
    chat: Bools


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Authors and groups of copies of one window that are suspected; each array is sorted.

    `over` and `of` find them; `marks` and `mark` write them beside items. `groups` is the folder that
    `windows.group_units` wrote, for `marks`.
    """

    flood: U64 = field(default_factory=lambda: _NO_ONE)
    rhythm: U64 = field(default_factory=lambda: _NO_ONE)
    template: I64 = field(default_factory=lambda: _NONE)
    groups: Path | None = None

    @classmethod
    def over(cls, items: Sequence[Path], groups: Path, workers: int = 1) -> "Suspicion":
        """Look through a window of any size.

        `items` are Arrow files with the columns `author`, `at`, `polarity` and `kind`, one per unit; `groups`
        the folder of their groups. Takes 26 bytes an item beside `groups` on disk while it works.
        """
        found = tuple(sorted(groups.glob("copies-*.arrow")))
        with TemporaryDirectory(dir=groups.parent, prefix="authors-") as scratch:
            files = tuple(Path(scratch) / f"{unit}.npy" for unit in range(len(items)))
            run(_Spooling(tuple(items), found, files), range(len(items)), workers=workers)
            counts, parts = _counted_authors(files, Path(scratch) / "counts.npy")
            seen = run(_Looking(files, counts, parts), range(parts), workers=workers)
            template = _templates_over(files)
        flood, rhythm = (np.concatenate(one) for one in zip(*seen, strict=True))
        return cls(np.unique(flood), np.unique(rhythm), template, groups)

    @classmethod
    def of(cls, items: Items) -> "Suspicion":
        """Look through a window that is in memory."""
        return cls(flooding(items), regular(items), templates(items))

    def marks(self, unit: int, start: int, items: pa.Table) -> pa.ListArray:
        """Marks of rows `start` and following of a unit; `items` has `text`, `author` and `polarity`."""
        if self.groups is None:
            raise ValueError("this suspicion was not found over files")
        path = sorted(self.groups.glob("copies-*.arrow"))[unit]
        group = read_groups(path)["copy_group"].slice(start, len(items)).to_numpy()
        return self.mark(items["text"], hashed(items["author"]), group, _equal(items["polarity"], "praise"))

    def mark(self, text: pa.ChunkedArray, author: U64, group: I64, praise: Bools) -> pa.ListArray:
        """The reasons for each item, in the order of data/paid.yaml; an empty list where there are none."""
        found = {
            "paid.asks_for_praise": says(text, "paid.asks_for_praise"),
            "paid.disclosed": says(text, "paid.disclosed"),
            "paid.template": _among(group, self.template) & praise,
            "bot.flood": _among(author, self.flood),
            "bot.rhythm": _among(author, self.rhythm),
        }
        marked = np.stack(list(found.values()), axis=1)
        names = np.tile(np.arange(len(found), dtype=np.int8), (len(marked), 1))[marked]
        offsets = np.concatenate(([0], np.cumsum(marked.sum(axis=1)))).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), pa.array(list(found)).take(pa.array(names)))


def mark(table: pa.Table) -> pa.ListArray:
    """Marks of a whole window in memory; the columns are those of `columns.ANNOTATED`."""
    items = items_of(table)
    return Suspicion.of(items).mark(table["text"], items.author, items.group, items.praise)


def items_of(table: pa.Table) -> Items:
    """What a table of annotated items tells of authors, times and copies."""
    return Items(
        hashed(table["author"]),
        milliseconds(table["at"]),
        np.asarray(table["copy_group"].to_numpy(), dtype=np.int64),
        _equal(table["polarity"], "praise"),
        _equal(table["kind"], "chat"),
    )


def says(text: pa.ChunkedArray, name: str) -> Bools:
    """Which texts match a pattern of this reason."""
    pattern = "|".join(f"(?:{one})" for one in reasons()[name].patterns)
    return _bools(pc.match_substring_regex(text, pattern, ignore_case=True))


def flooding(items: Items) -> U64:
    """Authors with more items within one hour, or of one text, than the limits of `bot.flood` allow.

    An author counts as chatting when most of their items are lines of live chat.
    """
    limits = reasons()["bot.flood"].limits
    rows = np.flatnonzero(items.author != 0)
    author, chat = items.author[rows], items.chat[rows]
    names, who = np.unique(author, return_inverse=True)
    if not len(names):
        return _NO_ONE
    chats = 2 * np.bincount(who, chat, len(names)) > np.bincount(who, minlength=len(names))
    most = np.where(chats, limits["chat_an_hour"], limits["an_hour"])
    repeats = np.where(chats, limits["chat_same_text"], limits["same_text"])
    return np.asarray(
        names[(_most_an_hour(who, items.at[rows], len(names)) > most)
              | (_most_of_one_text(who, items.group[rows], len(names)) > repeats)]
    )  # fmt: skip


def regular(items: Items) -> U64:
    """Authors whose items follow at nearly equal intervals (limits of `bot.rhythm`).

    Half of the intervals differ from their median by at most `deviation` of it or by one unit (second,
    minute, hour, day) in which the source gives this author's times; and the median is at least `resolutions`
    units.
    """
    limits = reasons()["bot.rhythm"].limits
    rows = np.flatnonzero((items.author != 0) & (items.at != _UNKNOWN))
    order = rows[np.lexsort((items.at[rows], items.author[rows]))]
    author, at = items.author[order], items.at[order]
    heads = np.flatnonzero(np.concatenate(([True], author[1:] != author[:-1]))[: len(author)])
    ends = np.append(heads, len(author))
    enough = np.flatnonzero(np.diff(ends) >= limits["items"])
    found = [heads[one] for one in enough.tolist() if _is_regular(at[ends[one] : ends[one + 1]], limits)]
    return author[np.array(found, dtype=np.int64)]


def templates(items: Items) -> I64:
    """Groups of copies whose praise comes from so many authors within so many hours (`paid.template`)."""
    limits = reasons()["paid.template"].limits
    rows = np.flatnonzero(items.praise & (items.author != 0) & (items.at != _UNKNOWN))
    order = rows[np.lexsort((items.at[rows], items.author[rows], items.group[rows]))]
    group, author = items.group[order], items.author[order]
    new = np.ones(len(order), dtype=np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (author[1:] != author[:-1])
    order = order[new]  # the first item of each author in each group
    order = order[np.lexsort((items.at[order], items.group[order]))]
    group, at, reach = items.group[order], items.at[order], int(limits["authors"]) - 1
    if len(order) <= reach:
        return _NONE
    near = (group[reach:] == group[: len(group) - reach]) & (
        at[reach:] - at[: len(at) - reach] <= limits["hours"] * HOUR
    )
    return np.unique(group[reach:][near])


def _is_regular(at: I64, limits: Mapping[str, float]) -> bool:
    gaps = np.diff(at)
    median = float(np.median(gaps))
    unit = next((unit for unit in _RESOLUTIONS if not ((at + _CHINA) % unit).any()), 1000)
    deviation = float(np.median(np.abs(gaps - median)))
    return median >= limits["resolutions"] * unit and deviation <= max(unit, limits["deviation"] * median)


def _most_an_hour(who: I64, at: I64, authors: int) -> I64:
    """For each author the most items within one hour, to the end of which they count back."""
    known = at != _UNKNOWN
    order = np.lexsort((at[known], who[known]))
    who, at = who[known][order], at[known][order]
    most = np.zeros(authors, dtype=np.int64)
    _count_back(who, at, HOUR, most)
    return most


def _most_of_one_text(who: I64, group: I64, authors: int) -> I64:
    """For each author the most items of one group of copies."""
    most = np.zeros(authors, dtype=np.int64)
    order = np.lexsort((group, who))
    who, group = who[order], group[order]
    new = np.ones(len(who), dtype=np.bool_)
    new[1:] = (who[1:] != who[:-1]) | (group[1:] != group[:-1])
    heads = np.flatnonzero(new)
    np.maximum.at(most, who[heads], np.diff(np.append(heads, len(who))))
    return most


def _among(values: npt.NDArray[Any], chosen: npt.NDArray[Any]) -> Bools:
    return np.isin(values, chosen)


def _equal(column: pa.ChunkedArray, word: str) -> Bools:
    return _bools(pc.equal(column, word))


def _bools(column: pa.ChunkedArray) -> Bools:
    return np.asarray(pc.fill_null(column, False).to_numpy(), dtype=np.bool_)


def _read(items: Path, groups: Path) -> Iterator[Items]:
    group = read_groups(groups)["copy_group"].to_numpy()
    with pa.memory_map(str(items)) as source:
        schema = pa.ipc.open_file(source).schema
        options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name) for name in _COLUMNS])
        reader = pa.ipc.open_file(source, options=options)
        start = 0
        for number in range(reader.num_record_batches):
            batch = reader.get_batch(number)
            table = pa.table(batch).append_column(
                "copy_group", pa.array(group[start : start + len(batch)], pa.int64())
            )
            start += len(batch)
            yield items_of(table)


def _spool(batches: Iterator[Items], path: Path) -> None:
    """Write what is looked at as records, which can be read back part by part."""
    with path.open("wb") as file:
        for items in batches:
            records = np.empty(len(items.author), dtype=_RECORD)
            for name, column in zip(_RECORD.names or (), items, strict=True):
                records[name] = column
            records.tofile(file)


def _records(path: Path) -> npt.NDArray[np.void]:
    return np.fromfile(path, dtype=_RECORD)


def _items(records: npt.NDArray[np.void]) -> Items:
    return Items(*(np.ascontiguousarray(records[name]) for name in _RECORD.names or ()))


@dataclass(frozen=True, slots=True)
class _Spooling:
    """The work of writing the records of one unit."""

    items: tuple[Path, ...]
    groups: tuple[Path, ...]
    files: tuple[Path, ...]

    def open(self) -> Callable[[int], None]:
        """Nothing is loaded beforehand."""
        return lambda unit: _spool(_read(self.items[unit], self.groups[unit]), self.files[unit])


@dataclass(frozen=True, slots=True)
class _Looking:
    """The work of looking at one part of the authors that have enough items."""

    files: tuple[Path, ...]
    counts: Path
    parts: int

    def open(self) -> Callable[[int], tuple[U64, U64]]:
        """Load how many items the authors have."""
        often = np.load(self.counts)
        return lambda part: self._look(often, part)

    def _look(self, often: Bools, part: int) -> tuple[U64, U64]:
        chosen = [np.zeros(0, dtype=_RECORD)]
        for path in self.files:
            records = _records(path)
            author = records["author"]
            mine = (author != 0) & (author % np.uint64(self.parts) == part)
            chosen.append(records[mine & often[_bucket(author)]])
        records = np.concatenate(chosen)
        # Sorted once here; the sorts of the tests below then find their input in order.
        items = _items(records[np.lexsort((records["at"], records["author"]))])
        return flooding(items), regular(items)


def _counted_authors(files: Sequence[Path], out: Path) -> tuple[Path, int]:
    """Leave which buckets of authors have enough items to be suspected; and how many parts these make."""
    least = min(reasons()["bot.rhythm"].limits["items"], reasons()["bot.flood"].limits["same_text"] + 1)
    counts = np.zeros(_BUCKETS, dtype=np.uint8)
    for path in files:
        _count(_bucket(_records(path)["author"]), counts)
    often = counts >= least
    np.save(out, often)
    kept = sum(int(np.count_nonzero(often[_bucket(_records(path)["author"])])) for path in files)
    return out, max(1, -(-kept // PART))


def _templates_over(files: Sequence[Path]) -> I64:
    """Suspected groups, from the praise of groups that have enough of it."""
    counts = np.zeros(_BUCKETS, dtype=np.uint8)
    for path in files:
        records = _records(path)
        _count(_bucket(records["group"][records["praise"]].astype(np.uint64)), counts)
    least = reasons()["paid.template"].limits["authors"]
    chosen = [np.zeros(0, dtype=_RECORD)]
    for path in files:
        records = _records(path)
        often = counts[_bucket(records["group"].astype(np.uint64))] >= least
        chosen.append(records[often & records["praise"] & (records["author"] != 0)])
    return templates(_items(np.concatenate(chosen)))


def _bucket(values: U64) -> I64:
    mixed = (values * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - 25)
    return mixed.astype(np.int64)


@njit(cache=True, nogil=True)
def _count(buckets: Any, counts: Any) -> None:
    for bucket in buckets:
        if counts[bucket] < 255:
            counts[bucket] += 1


@njit(cache=True, nogil=True)
def _count_back(who: Any, at: Any, span: int, most: Any) -> None:
    begin = 0
    for place in range(len(who)):
        while who[begin] != who[place] or at[place] - at[begin] >= span:
            begin += 1
        most[who[place]] = max(most[who[place]], place + 1 - begin)
