"""The base fold: a whole batch of texts to folded code points with offsets, in a few numpy passes.

Every text is followed by a line end in the stream, which is also what separates the readings of the
folded batch. Only code points whose table entry is *special* (below) are looked at with their neighbours:

- invisible characters and combining marks are dropped;
- a run of separators (symbols, emoji, blanks) is dropped when it stands between two Han characters, a run
  of blanks also between a Han character and a letter or digit;
- "." stays between letters or digits and "," ":" between digits; elsewhere they are marks. A comma that
  groups thousands is dropped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from fairstream.text.kinds import COSTS, CharClass, FoldKind
from fairstream.text.table import (
    CLASS_SHIFT,
    CODE_MASK,
    EMOJI_BIT,
    EXPAND_BIT,
    KIND_SHIFT,
    SPECIAL,
    FoldTable,
    fold_table,
    pack,
)

Ints = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint32]
Mask = npt.NDArray[np.bool_]

#: Longer runs of separators are layout, not evasion, and stay.
LONGEST_GAP = 8
_END = pack(ord("\n"), FoldKind.NONE, CharClass.END)
_CLASS = 15 << CLASS_SHIFT
_KIND = 15 << KIND_SHIFT
_HAN, _WORD = int(CharClass.HAN) << CLASS_SHIFT, int(CharClass.WORD) << CLASS_SHIFT
_MARK_OF = {ord("."): ord("。"), ord(","): ord("，"), ord(":"): ord("：")}


@dataclass(frozen=True)
class Stream:
    """Folded characters of several readings, each followed by a line end.

    `packed` holds a table entry per character (folded code point, kind, class); `start` and `end` are
    offsets into the published text of the reading's row. `signs` are the rows (positions in the batch
    given) that hold an emoji which may stand for a character.
    """

    packed: Packed
    bounds: Ints
    row: npt.NDArray[np.int32]
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    cost: npt.NDArray[np.float32]
    signs: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def code_points(texts: Sequence[str]) -> tuple[Packed, Ints]:
    """Code points of all texts, each followed by a line end, and the position of each line end."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts))
    return codes, np.cumsum(lengths + 1) - 1


def fold_base(texts: Sequence[str], table: FoldTable | None = None) -> Stream:
    """One reading per text, in order."""
    if not texts:
        return _empty()
    table = table or fold_table()
    codes, ends = code_points(texts)
    packed = table.entries[codes]
    packed[ends] = _END
    dropped, marks, signs = _resolve_special(packed)
    signs = np.unique(np.searchsorted(ends, signs))
    source = None
    if len(dropped):
        keep = np.ones(len(packed), dtype=np.bool_)
        keep[dropped] = False
        source = np.flatnonzero(keep)
        packed = packed[source]
    expands = np.flatnonzero(packed >= EXPAND_BIT)
    if len(expands):
        packed, source = _expand(packed, source, expands, table)
    return _assemble(packed, source, ends, marks, signs)


def _empty() -> Stream:
    none = np.zeros(0, dtype=np.int32)
    return Stream(
        none.astype(np.uint32), np.zeros(1, dtype=np.int64), none, none, none, none.astype(np.float32)
    )


def _resolve_special(packed: Packed) -> tuple[Ints, Ints, Ints]:
    """Positions to drop, of dropped combining marks (they belong to the character before), and of emoji."""
    none = np.zeros(0, dtype=np.int64)
    special = np.flatnonzero((packed & ~np.uint32(EXPAND_BIT)) >= SPECIAL)
    if not len(special):
        return none, none, none
    signs = special[(packed[special] & np.uint32(EMOJI_BIT)) > 0]
    classes = (packed[special] >> CLASS_SHIFT) & 15
    context = special[classes == CharClass.CONTEXT]
    grouping = _resolve_context(packed, context) if len(context) else none
    in_gap = classes != CharClass.CONTEXT
    gaps, classes = special[in_gap], classes[in_gap]
    if not len(gaps):
        return grouping, none, signs
    removed = _resolve_gaps(packed, gaps, classes)
    marks = gaps[classes == CharClass.MARK]
    dropped = gaps[removed]
    return (np.sort(np.concatenate((dropped, grouping))) if len(grouping) else dropped), marks, signs


def _resolve_context(packed: Packed, at: Ints) -> Ints:
    """Turn stops, commas and colons into marks unless a number or name holds them; returns commas to drop."""
    codes = packed[at] & CODE_MASK
    left = packed[at - 1] * (at > 0)
    right = packed[at + 1]
    digits = _is_digit(left) & _is_digit(right)
    words = ((left & _CLASS) == _WORD) & ((right & _CLASS) == _WORD)
    stays = np.where(codes == ord("."), words, digits & (codes == ord(":")))
    grouping = digits & (codes == ord(","))
    if grouping.any():
        grouping[grouping] = _groups_thousands(packed, at[grouping])
    for sign, mark in _MARK_OF.items():
        packed[at[(codes == sign) & ~stays]] = pack(mark, FoldKind.NONE, CharClass.STRONG)
    packed[at[stays]] = packed[at[stays]] & (CODE_MASK | _KIND)
    grouped: Ints = at[grouping]
    return grouped


def _is_digit(packed: Packed) -> Mask:
    codes = packed & (CODE_MASK | EXPAND_BIT)
    return (codes >= 48) & (codes < 58)


def _groups_thousands(packed: Packed, at: Ints) -> Mask:
    last = len(packed) - 1
    here = [_is_digit(packed[np.minimum(at + step, last)]) for step in (1, 2, 3, 4)]
    return here[0] & here[1] & here[2] & ~here[3]


def _resolve_gaps(packed: Packed, gaps: Ints, classes: Packed) -> Mask:
    """Which of the gap characters go; marks the kind of the character after a gap that went."""
    first = np.flatnonzero(np.concatenate(([True], np.diff(gaps) != 1)))
    last = np.concatenate((first[1:], [len(gaps)])) - 1
    widest = np.maximum.reduceat(classes, first)
    before = packed[gaps[first] - 1] * (gaps[first] > 0) & np.uint32(_CLASS)
    after_at = gaps[last] + 1
    after = packed[after_at] & np.uint32(_CLASS)
    han = (before == _HAN).astype(np.int8) + (after == _HAN)
    word = (before == _WORD) | (after == _WORD)
    visible = np.add.reduceat((classes >= CharClass.SPACE).astype(np.int64), first)
    joins = (han == 2) | ((han == 1) & word & (widest == CharClass.SPACE))
    joins &= visible <= LONGEST_GAP
    gone = joins | (visible == 0)
    kinds = np.where(visible > 0, FoldKind.SEPARATOR, FoldKind.INVISIBLE).astype(np.uint32)
    _raise_kind(packed, after_at[gone], kinds[gone])
    return np.repeat(gone, last - first + 1) | (classes < CharClass.SPACE)


def _raise_kind(packed: Packed, at: Ints, kinds: Packed) -> None:
    """Set the kind of the characters at `at` where the new one costs more than theirs."""
    old = packed[at]
    more = (COSTS[kinds] > COSTS[(old >> KIND_SHIFT) & 15]) & ((old & _CLASS) != _END & _CLASS)
    packed[at[more]] = (old[more] & ~np.uint32(_KIND)) | (kinds[more] << np.uint32(KIND_SHIFT))


def _expand(packed: Packed, source: Ints | None, at: Ints, table: FoldTable) -> tuple[Packed, Ints]:
    """Replace each entry that expands by its characters, all with the span of the one published."""
    index = packed[at] & np.uint32(CODE_MASK)
    counts = np.ones(len(packed), dtype=np.int64)
    counts[at] = table.lengths[index]
    source = np.repeat(np.arange(len(packed)) if source is None else source, counts)
    first = np.cumsum(counts)[at] - counts[at]
    packed = np.repeat(packed, counts)
    rest = packed[first] & np.uint32(_KIND | EMOJI_BIT)
    for step in range(table.expansions.shape[1]):
        used = counts[at] > step
        letters = table.expansions[index[used], step]
        packed[first[used] + step] = rest[used] | (table.entries[letters] & np.uint32(~_KIND & 0xFFFFFFFF))
    return packed, source


def _assemble(packed: Packed, source: Ints | None, ends: Ints, marks: Ints, signs: Ints) -> Stream:
    row_starts = np.concatenate(([0], ends[:-1] + 1))
    if source is None:
        begin = np.arange(len(packed), dtype=np.int32)
        folded_ends = ends
    else:
        begin = source.astype(np.int32)
        folded_ends = np.searchsorted(source, ends)
    bounds = np.concatenate(([0], folded_ends + 1))
    begin -= np.repeat(row_starts.astype(np.int32), np.diff(bounds))
    end = begin + np.int32(1)
    end[folded_ends] -= 1
    if len(marks):
        _extend_over_marks(end, source, ends, marks)
    cost = COSTS[(packed >> np.uint32(KIND_SHIFT)) & np.uint32(15)]
    return Stream(packed, bounds, np.arange(len(ends), dtype=np.int32), begin, end, cost, signs)


def _extend_over_marks(end: npt.NDArray[np.int32], source: Ints | None, ends: Ints, marks: Ints) -> None:
    """Let the span of a kept character run over the combining marks that follow it."""
    if source is None:
        return
    first = np.flatnonzero(np.concatenate(([True], np.diff(marks) != 1)))
    lengths = np.diff(np.concatenate((first, [len(marks)])))
    before = marks[first] - 1
    at = np.searchsorted(source, before)
    held = (before >= 0) & (source[np.minimum(at, len(source) - 1)] == before)
    held &= ~np.isin(before, ends)
    after = np.searchsorted(source, before[held], side="right") - 1  # the last of an expansion's characters
    end[after] += lengths[held].astype(np.int32)
