"""Which items say nearly the same words: groups of copies, each led by its earliest item.

The rules and the figures behind the limits are in docs/decisions/copies.md. In short: equal words of at
least `SHORTEST` letters are copies; shorter ones only from the same author; near copies have at least
`NEAR_LETTERS` letters and share `NEAR` of their runs of three letters with the first item of the group, never
merely with another member, so that groups do not drift. Mere reposts are copies of one another within their
thread.
"""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import njit

from fairstream.opinion.sketch import BARE, Sketches, own_letters, shingles
from fairstream.text.fold import Folder

SHORTEST: Final = 10
"""Letters from which equal words by different people are a copy and no coincidence."""
NEAR_LETTERS: Final = 20
"""Letters from which texts may be near copies."""
NEAR: Final = 0.6
"""Least Jaccard similarity of the runs of three letters of a near copy and the first item of its group."""
CANDIDATE: Final = 5
"""Equal minima, of 16, from which two texts are compared at all."""
MOST: Final = 16
"""Leaders that share a band of minima and are compared with a text that has it too; the earliest."""
BATCH: Final = 8192

Bools = npt.NDArray[np.bool_]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]

_NONE: Final = np.zeros(0, dtype=np.uint64)
_NO_HASHES: Final = np.zeros(0, dtype=np.uint32)
_NO_BOUNDS: Final = np.zeros(0, dtype=np.int64)
_LAST: Final = np.iinfo(np.int64).max
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)


def group(
    sketches: Sketches,
    at: I64 | None = None,
    *,
    author: U64 | None = None,
    thread: U64 | None = None,
    texts: Sequence[str] | None = None,
) -> I64:
    """For each row the row of the earliest item of its group; its own when it is alone.

    `at` are milliseconds; the least int64 (numpy's "not a time") stands for unknown and counts as last.
    Equal times keep the order of rows. `author` and `thread` are hashes as `hashed` makes them, 0 where
    unknown. With `texts` near copies are verified on the texts themselves, else on 64 fingerprints, which say
    nearly the same (`sketch.BINS`). For items that fit in memory; `windows.group_units` does the same for any
    number.
    """
    count = len(sketches.key)
    order = in_time(at) if at is not None else np.arange(count)
    identity = identities(sketches, author, thread)
    rank = np.empty(count, dtype=np.int64)
    rank[order] = np.arange(count)
    first = order[_earliest(identity, rank)]
    alone = (first == np.arange(count)) & (sketches.length >= NEAR_LETTERS)
    near = order[alone[order]]
    found = near_first(sketches, near, texts)
    leader = np.arange(count)
    leader[near[found >= 0]] = near[found[found >= 0]]
    return np.asarray(leader[first])


def near_first(sketches: Sketches, rows: I64, texts: Sequence[str] | None = None) -> I64:
    """Of `rows`, which are in the order of time, the place among them of the first near copy; else −1."""
    hashes, bounds = _NO_HASHES, _NO_BOUNDS
    if texts is not None:
        hashes, bounds = _shingles_of([texts[row] for row in rows.tolist()])
    found: I64 = link(
        narrow(sketches.minima[rows]), sketches.length[rows], sketches.bins[rows], hashes, bounds
    )
    return found


def in_time(at: I64) -> I64:
    """Rows in the order of time, those without a time last, equal times in the order of rows."""
    return np.asarray(np.argsort(dated(at), kind="stable"))


def dated(at: I64) -> I64:
    """Times with "unknown" after all others."""
    return np.where(at == np.iinfo(np.int64).min, _LAST, at)


def identities(sketches: Sketches, author: U64 | None = None, thread: U64 | None = None) -> U64:
    """What must be equal for rows to be exact copies: 0 for rows that are nobody's exact copy.

    Words of `SHORTEST` letters or more: the words. Fewer, or signs alone: words and author. A mere repost:
    its thread, or when that is unknown all such reposts together.
    """
    whole = sketches.length >= SHORTEST
    bare = sketches.length == BARE
    identity = np.where(whole | bare, sketches.key, np.uint64(0))
    if thread is not None:
        identity = np.where(bare, _joined(sketches.key, thread), identity)
    if author is not None:
        named = ~whole & ~bare & (author != 0)
        identity = np.where(named, _joined(sketches.key, author), identity)
    return identity


def hashed(column: pa.Array | pa.ChunkedArray) -> U64:
    """A stable 64-bit hash of each string; 0 for null."""
    if isinstance(column, pa.ChunkedArray):
        parts = [hashed(chunk) for chunk in column.chunks]
        return np.concatenate(parts) if parts else _NONE
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    column = column.cast(pa.large_string())
    _, offsets, data = column.buffers()
    if not len(column):
        return _NONE
    ends = np.frombuffer(offsets, dtype=np.int64)[column.offset : column.offset + len(column) + 1]
    text = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    known = np.asarray(column.is_valid().to_numpy(zero_copy_only=False))
    result: U64 = _hash_strings(text, ends, known)
    return result


def milliseconds(column: pa.Array | pa.ChunkedArray) -> I64:
    """Times of a column of `columns.AT` as int64 milliseconds, null as the least int64."""
    plain = column.cast(pa.timestamp("ms", tz="Asia/Shanghai")).cast(pa.int64())
    return np.asarray(plain.fill_null(np.iinfo(np.int64).min).to_numpy(), dtype=np.int64)


def narrow(minima: U32) -> U16:
    """The lower half of each minimum: equal minima stay equal, others are so once in 65,536."""
    return np.ascontiguousarray(minima.astype(np.uint16))


def link(minima: U16, length: I32, bins: U8, hashes: U32 = _NO_HASHES, bounds: I64 = _NO_BOUNDS) -> I64:
    """For each row, in the order given, the row that leads its group of near copies, or −1.

    Candidates come from locality-sensitive hashing, 8 bands of 2 minima. A row is compared with leaders only
    and joins the most alike of those alike enough, the earliest among equals; else it leads a group of its
    own. `hashes` and `bounds` are the shingles of the rows; without any the fingerprints decide.
    """
    slots = 1 << max(4, int(1.2 * len(minima)).bit_length())
    bits = 22 if len(minima) < (1 << 22) - 1 else 32
    table = np.zeros((8, slots), dtype=np.uint32 if bits == 22 else np.uint64)
    exact = len(bounds) == len(minima) + 1
    found: I64 = _link(minima, length, bins, hashes, bounds, exact, NEAR, CANDIDATE, table, bits)
    return found


def likeness(one: U8, other: U8) -> npt.NDArray[np.float64]:
    """The similarity of the texts of two equally long lists of fingerprints, row by row: n × 64 to n."""
    found: npt.NDArray[np.float64] = _likeness_of_rows(one, other)
    return found


def _shingles_of(texts: Sequence[str]) -> tuple[U32, I64]:
    folder, parts, counts = Folder(), [np.zeros(0, dtype=np.uint32)], [np.zeros(1, dtype=np.int64)]
    for begin in range(0, len(texts), BATCH):
        batch = texts[begin : begin + BATCH]
        letters, bounds, _ = own_letters(folder.fold(batch, evasion=False), batch)
        hashes, ends = shingles(letters, bounds)
        parts.append(hashes)
        counts.append(np.diff(ends))
    return np.concatenate(parts), np.cumsum(np.concatenate(counts))


def _joined(one: U64, other: U64) -> U64:
    joined = (one ^ (other * _MIX)) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(joined ^ (joined >> np.uint64(32)))


def _earliest(identity: U64, rank: I64) -> I64:
    """For each row the least rank among the rows of equal identity; its own for identity 0."""
    if not len(identity):
        return rank
    order = np.argsort(identity, kind="stable")
    heads = np.flatnonzero(np.concatenate(([True], np.diff(identity[order]) != 0)))
    least = np.minimum.reduceat(rank[order], heads)
    result = np.empty_like(rank)
    result[order] = np.repeat(least, np.diff(np.append(heads, len(order))))
    return np.where(identity == 0, rank, result)


@njit(cache=True, nogil=True)
def _hash_strings(data: Any, ends: Any, known: Any) -> Any:
    out = np.zeros(len(ends) - 1, dtype=np.uint64)
    for row in range(len(out)):
        if not known[row]:
            continue
        value = np.uint64(0xCBF29CE484222325)
        for place in range(ends[row], ends[row + 1]):
            value = (value ^ np.uint64(data[place])) * np.uint64(0x100000001B3)
        value = (value ^ (value >> np.uint64(32))) * np.uint64(0xBF58476D1CE4E5B9)
        value ^= value >> np.uint64(29)
        out[row] = value if value else np.uint64(1)
    return out


@njit(cache=True, nogil=True)
def _equal_minima(minima: Any, row: int, other: int) -> Any:
    equal = np.uint16(0)
    for number in range(16):
        equal = np.uint16(equal + np.uint16(minima[row, number] == minima[other, number]))
    return equal


@njit(cache=True, nogil=True)
def _alike_bins(bins: Any, row: int, others: Any, other: int) -> float:
    """Equal bins of those not empty in both texts, less the one of 255 that agrees by chance.

    Without branches and counted in single bytes the loop becomes a few vector instructions (27 → 4 ns).
    """
    equal, both, either = np.uint8(0), np.uint8(0), np.uint8(0)
    for at in range(64):
        one, two = bins[row, at], others[other, at]
        filled, also = np.uint8(one != np.uint8(0)), np.uint8(two != np.uint8(0))
        both = np.uint8(both + (filled & also))
        either = np.uint8(either + (filled | also))
        equal = np.uint8(equal + (np.uint8(one == two) & filled))
    if either == np.uint8(0):
        return 0.0
    return max(0.0, (255.0 * equal - both) / (254.0 * either))


@njit(cache=True, nogil=True)
def _likeness_of_rows(one: Any, other: Any) -> Any:
    found = np.empty(len(one))
    for row in range(len(one)):
        found[row] = _alike_bins(one, row, other, row)
    return found


@njit(cache=True, nogil=True)
def _jaccard(hashes: Any, begin: int, end: int, other: int, other_end: int) -> float:
    total: Any = (end - begin) + (other_end - other)
    shared = 0
    while begin < end and other < other_end:
        if hashes[begin] == hashes[other]:
            shared += 1
            begin += 1
            other += 1
        elif hashes[begin] < hashes[other]:
            begin += 1
        else:
            other += 1
    return shared / (total - shared) if total > shared else 0.0


@njit(cache=True, nogil=True)
def _band(minima: Any, row: int, band: int) -> np.uint64:
    return np.uint64(minima[row, 2 * band]) << np.uint64(16) | np.uint64(minima[row, 2 * band + 1])


@njit(cache=True, nogil=True)
def _link(  # type: ignore[no-untyped-def]
    minima, length, bins, hashes, bounds, exact, threshold, candidate, table, bits
):
    """A slot of `table` holds one more than the row of a leader in its lower `bits`, above them a tag.

    The tag is a part of the hash of the band; a wrong match of tags only costs a comparison. Of leaders that
    share a band the `MOST` earliest are kept: in a corpus of texts built alike the others would cost much
    and are found by other bands.
    """
    rows = len(minima)
    found = np.full(rows, -1, dtype=np.int64)
    mask, shift = np.uint64(table.shape[1] - 1), np.uint64(bits)
    low = (np.uint64(1) << shift) - np.uint64(1)
    above = np.uint64(54) if bits == 22 else np.uint64(32)
    tags = np.empty(8, dtype=np.uint64)
    slots = np.empty(8, dtype=np.uint64)
    entries = np.empty(8, dtype=np.uint64)
    for row in range(rows):
        # The eight reads miss the cache; done one after another without a branch they wait together.
        for band in range(8):
            spread = _band(minima, row, band) * np.uint64(0x9E3779B97F4A7C15)
            tags[band] = spread >> above
            slots[band] = (spread >> np.uint64(24)) & mask
            entries[band] = np.uint64(table[band, slots[band]])
        best, leader = threshold, np.int64(-1)
        for band in range(8):
            entry, met = entries[band], 0
            while entry != 0 and met < MOST:
                if entry >> shift == tags[band]:
                    met += 1
                    other = np.int64(entry & low) - 1
                    alike = _likeness(minima, length, bins, hashes, bounds, exact, candidate, row, other)
                    if alike > best or (alike == best and (leader < 0 or other < leader)):
                        best, leader = alike, other
                slots[band] = (slots[band] + np.uint64(1)) & mask
                entry = np.uint64(table[band, slots[band]])
            entries[band] = entry
        if leader >= 0:
            found[row] = leader
            continue
        for band in range(8):
            if entries[band] == 0:
                table[band, slots[band]] = (tags[band] << shift) | np.uint64(row + 1)
    return found


@njit(cache=True, nogil=True)
def _likeness(  # type: ignore[no-untyped-def]
    minima, length, bins, hashes, bounds, exact, candidate, row, other
):
    """Similarity of two rows, 0 when lengths or minima already speak against it."""
    shorter, longer = min(length[row], length[other]), max(length[row], length[other])
    if 2 * shorter < longer:
        return 0.0
    if _equal_minima(minima, row, other) < candidate:
        return 0.0
    if not exact:
        return _alike_bins(bins, row, bins, other)
    return _jaccard(hashes, bounds[row], bounds[row + 1], bounds[other], bounds[other + 1])
