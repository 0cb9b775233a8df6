"""One pass over a folded batch: every word of a plan, then chains, negation and names sentence by sentence.

Compiled kernels walk the folded code points down a trie and judge each sentence as soon as it ends, so
the work grows with the text and with what stands in it, never with the number of lists. benchmarks/reading.py
compares this with the bare pass of an Aho-Corasick automaton.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.kernels import kernel
from fairstream.opinion.trie import CLAUSE, LETTER, LONGEST_SENTENCE, SENTENCE, Tables
from fairstream.text.fold import FoldedBatch

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
MOST_MENTION = 30
"""Characters of a user's name after @."""
_AT = ord("@")


class State(NamedTuple):
    """Scratch of the kernels. `begin` … are the hits of the sentence in order of begin, then end."""

    begin: Ints
    end: Ints
    word: Ints
    clause: Ints
    mentioned: npt.NDArray[np.bool_]
    denied: npt.NDArray[np.bool_]
    denied_at: npt.NDArray[np.int64]
    head: Ints
    tail: Ints
    group_seen: npt.NDArray[np.int64]
    link_hit: Ints
    link_next: Ints
    unit_seen: npt.NDArray[np.int64]
    column_row: npt.NDArray[np.int64]
    alive: Ints


class Targets(NamedTuple):
    """Scratch: words that say something, and what opinions are about, with the sum and last of its words."""

    sayers: Ints
    aspect: Ints
    begin: Ints
    end: Ints
    clause: Ints
    total: Ints
    last: Ints
    alone: Ints


class Out(NamedTuple):
    """What was found: (row, unit), (row, link, begin, end), and bits of what is said by row and aspect."""

    units: Ints
    names: Ints
    says: npt.NDArray[np.uint8]


PRAISE, COMPLAINT, PLAIN = 1, 2, 4
"""Bits of `says`: what is said of an aspect; PLAIN is a target without an opinion beside it."""


class Matches(NamedTuple):
    """All units and names that stand in a batch, in order of row, and the opinions on aspects."""

    units: Ints
    names: Ints
    says: npt.NDArray[np.uint8]


def match(folded: FoldedBatch, tables: Tables, aspects: int) -> Matches:
    """What of the plan stands in the base readings of a batch.

    `units` are (row, unit) once each per row and column; `names` are (row, link, begin, end) with places in
    `folded.text`; `says` has a row per text and a column per aspect with the bits above.
    """
    rows = len(folded)
    room = [8 * rows + 1024, 4 * rows + 1024]
    while True:
        out = Out(
            np.empty((room[0], 2), dtype=np.int32),
            np.empty((room[1], 4), dtype=np.int32),
            np.zeros((rows, max(1, aspects)), dtype=np.uint8),
        )
        units, names = walk(
            folded.codes,
            folded.start,
            folded.end,
            folded.bounds,
            tables,
            _state(tables),
            _targets(tables),
            out,
        )
        if units <= room[0] and names <= room[1]:
            return Matches(out.units[:units], out.names[:names], out.says)
        room = [max(room[0], units), max(room[1], names)]


def _state(tables: Tables) -> State:
    hits = LONGEST_SENTENCE * tables.most_here
    links = hits * max(1, int(np.diff(tables.groups_at).max(initial=0)))
    groups, units = len(tables.triggers_at), len(tables.parts_at)
    return State(
        np.empty(hits, dtype=np.int32),
        np.empty(hits, dtype=np.int32),
        np.empty(hits, dtype=np.int32),
        np.empty(hits, dtype=np.int32),
        np.empty(hits, dtype=np.bool_),
        np.empty(hits, dtype=np.bool_),
        np.zeros(LONGEST_SENTENCE + tables.longest + 1, dtype=np.int64),
        np.empty(groups, dtype=np.int32),
        np.empty(groups, dtype=np.int32),
        np.zeros(groups, dtype=np.int64),
        np.empty(links, dtype=np.int32),
        np.empty(links, dtype=np.int32),
        np.zeros(units, dtype=np.int64),
        np.full(tables.columns + 1, -1, dtype=np.int64),
        np.empty((2, 2, hits), dtype=np.int32),
    )


def _targets(tables: Tables) -> Targets:
    hits = LONGEST_SENTENCE * tables.most_here
    room = hits * max(1, int(np.diff(tables.says_at).max(initial=0)))
    return Targets(np.empty(hits, dtype=np.int32), *(np.empty(room, dtype=np.int32) for _ in range(7)))


@kernel
def walk(
    codes: Codes, starts: Ints, ends: Ints, bounds: Longs, t: Tables, s: State, v: Targets, out: Out
) -> tuple[int, int]:
    """All rows; gives how many (row, unit) and (row, link, …) there are, also when they had no room."""
    units = names = clock = 0
    for row in range(len(bounds) - 1):
        at = bounds[row]
        last = bounds[row + 1] - 1
        clause = 0
        while at < last:
            clock += 1
            following, count, clause = gather(codes, starts, ends, at, last, clause, t, s)
            if count > 0:
                deny(at, count, clock, t, s)
                link(count, clock, t, s)
                units = judge(row, count, clock, units, t, s, out)
                names = name(row, count, clock, names, t, s, out)
                opinions(row, count, t, s, v, out.says)
            at = following
    return units, names


@kernel
def gather(
    codes: Codes, starts: Ints, ends: Ints, at: int, last: int, clause: int, t: Tables, s: State
) -> tuple[int, int, int]:
    """The hits of the sentence that begins at `at`; gives where the next begins, their number, the clause."""
    count = 0
    clause += 1
    mention = mention_end = at
    stop = min(last, at + LONGEST_SENTENCE)
    for p in range(at, stop):
        code = codes[p]
        kind = t.kind[code]
        if kind == SENTENCE:
            return p + 1, count, clause
        if kind == CLAUSE:
            clause += 1
        if code == _AT:
            mention, mention_end = p + 1, mention_until(codes, starts, ends, p + 1, last, t)
        node = t.first[code]
        q = p + 1
        while node > 0:
            word = t.word_of[node]
            if word >= 0 and apart(codes, p, q, t):
                s.begin[count], s.end[count], s.word[count] = p, q, word
                s.clause[count] = clause
                s.mentioned[count] = p < mention_end and not (p == mention and q == mention_end)
                count += 1
            if q >= last:
                break
            node = step(t, node, codes[q])
            q += 1
    return stop, count, clause


@kernel
def step(t: Tables, node: int, code: int) -> int:
    """The node after `node` on a character; 0 when there is none."""
    key = (np.int64(node) << 21) | np.int64(code)
    mask = len(t.keys) - 1
    slot = (((key * 0x9E3779B1) & 0xFFFFFFFFFFFF) >> 16) & mask
    while t.keys[slot] >= 0:
        if t.keys[slot] == key:
            return int(t.nexts[slot])
        slot = (slot + 1) & mask
    return 0


@kernel
def apart(codes: Codes, begin: int, end: int, t: Tables) -> bool:
    """Whether no letter runs on from a letter at either edge, nor a digit from a digit."""
    kind = t.kind[codes[begin]]
    if kind >= LETTER and begin > 0 and t.kind[codes[begin - 1]] == kind:
        return False
    kind = t.kind[codes[end - 1]]
    return bool(kind < LETTER or t.kind[codes[end]] != kind)


@kernel
def mention_until(codes: Codes, starts: Ints, ends: Ints, at: int, last: int, t: Tables) -> int:
    """Where the user's name after an @ ends: at a sign, a blank (also one the fold dropped), or 30 on."""
    p = at
    while p < last and p - at < MOST_MENTION:
        code = codes[p]
        plain = t.kind[code] >= LETTER or 0x3400 <= code < 0x1F000 or code == 95 or code == 45
        if not plain or t.kind[code] == SENTENCE or t.kind[code] == CLAUSE or 0xFF00 <= code < 0xFFF0:
            break
        if p > at and starts[p] != ends[p - 1]:
            break
        p += 1
    return p


@kernel
def deny(at: int, count: int, clock: int, t: Tables, s: State) -> None:
    """Mark the hits with a negation right before them."""
    for h in range(count):
        flags = t.flags[s.word[h]]
        if flags & 3:
            begin, end = s.begin[h] - at, s.end[h] - at
            if (flags & 1 and not covered(h, count, 4, t, s)) or (flags & 2 and s.denied_at[begin] == clock):
                s.denied_at[end] = clock
    for h in range(count):
        s.denied[h] = s.denied_at[s.begin[h] - at] == clock


@kernel
def covered(h: int, count: int, flag: int, t: Tables, s: State) -> bool:
    """Whether a hit with this flag runs over all of hit h."""
    first = s.begin[h] - t.longest
    for other in range(h - 1, -1, -1):
        if s.begin[other] < first:
            break
        if s.end[other] >= s.end[h] and t.flags[s.word[other]] & flag:
            return True
    for other in range(h, count):
        if s.begin[other] > s.begin[h]:
            break
        if s.end[other] >= s.end[h] and t.flags[s.word[other]] & flag:
            return True
    return False


@kernel
def link(count: int, clock: int, t: Tables, s: State) -> None:
    """Chain the hits of each group in order."""
    used = 0
    for h in range(count):
        word = s.word[h]
        for place in range(t.groups_at[word], t.groups_at[word + 1]):
            group = t.groups[place]
            if s.group_seen[group] != clock:
                s.group_seen[group] = clock
                s.head[group] = used
            else:
                s.link_next[s.tail[group]] = used
            s.tail[group] = used
            s.link_hit[used], s.link_next[used] = h, -1
            used += 1


@kernel
def judge(row: int, count: int, clock: int, used: int, t: Tables, s: State, out: Out) -> int:
    """Ask the units whose rarest group stands in the sentence, unless their column is set already."""
    for h in range(count):
        word = s.word[h]
        for place in range(t.groups_at[word], t.groups_at[word + 1]):
            group = t.groups[place]
            for at in range(t.triggers_at[group], t.triggers_at[group + 1]):
                unit = t.triggers[at]
                column = t.column_of[unit]
                if s.unit_seen[unit] == clock or s.column_row[column] == row:
                    continue
                s.unit_seen[unit] = clock
                if chained(unit, column, clock, t, s):
                    s.column_row[column] = row
                    if used < len(out.units):
                        out.units[used, 0], out.units[used, 1] = row, unit
                    used += 1
    return used


@kernel
def chained(unit: int, column: int, clock: int, t: Tables, s: State) -> bool:
    """Whether the groups of a unit stand in order, each near enough behind the one before."""
    first, last = t.parts_at[unit], t.parts_at[unit + 1]
    for place in range(first, last):
        if s.group_seen[t.parts[place]] != clock:
            return False
    alive = 0
    for place in range(first, last):
        now = (place - first) & 1
        before, alive, low = alive, 0, 0
        at = s.head[t.parts[place]]
        while at >= 0:
            h = s.link_hit[at]
            at = s.link_next[at]
            if not stands(h, column, clock, t, s):
                continue
            if place > first:
                reach = s.begin[h] - t.within[unit]
                while low < before and s.alive[1 - now, 0, low] + t.longest < reach:
                    low += 1
                if not behind(s.begin[h], reach, low, before, s.alive[1 - now]):
                    continue
            if place == last - 1:
                return True
            s.alive[now, 0, alive], s.alive[now, 1, alive] = s.begin[h], s.end[h]
            alive += 1
        if alive == 0:
            return False
    return False


@kernel
def behind(begin: int, reach: int, low: int, count: int, alive: Ints) -> bool:
    """Whether one of the hits from `low` on ends between `reach` and `begin`."""
    for other in range(low, count):
        if alive[0, other] >= begin:
            break
        if reach <= alive[1, other] <= begin:
            return True
    return False


@kernel
def stands(h: int, column: int, clock: int, t: Tables, s: State) -> bool:
    """Whether a hit counts for a column: not denied, and not overlapped by what the column excepts."""
    if t.negatable[column] and s.denied[h]:
        return False
    return not overlapped(h, t.unless[column], clock, s)


@kernel
def overlapped(h: int, group: int, clock: int, s: State) -> bool:
    """Whether a hit of the group shares a character with hit h."""
    if group < 0 or s.group_seen[group] != clock:
        return False
    at = s.head[group]
    while at >= 0:
        other = s.link_hit[at]
        if s.begin[other] >= s.end[h]:
            break
        if s.end[other] > s.begin[h]:
            return True
        at = s.link_next[at]
    return False


@kernel
def name(row: int, count: int, clock: int, used: int, t: Tables, s: State, out: Out) -> int:
    """Note the names that are not a part of a longer name, nor of a user's name."""
    for h in range(count):
        word = s.word[h]
        first, last = t.links_at[word], t.links_at[word + 1]
        if first == last or s.mentioned[h] or inside_name(h, count, t, s):
            continue
        for at in range(first, last):
            if overlapped(h, t.links[at, 2], clock, s):
                continue
            if used < len(out.names):
                out.names[used, 0], out.names[used, 1] = row, at
                out.names[used, 2], out.names[used, 3] = s.begin[h], s.end[h]
            used += 1
    return used


@kernel
def inside_name(h: int, count: int, t: Tables, s: State) -> bool:
    """Whether a longer name runs over all of hit h."""
    first = s.begin[h] - t.longest
    length = s.end[h] - s.begin[h]
    for other in range(h - 1, -1, -1):
        if s.begin[other] < first:
            break
        if s.end[other] >= s.end[h] and s.end[other] - s.begin[other] > length and named(other, t, s):
            return True
    for other in range(h + 1, count):
        if s.begin[other] > s.begin[h]:
            break
        if s.end[other] >= s.end[h] and s.end[other] - s.begin[other] > length and named(other, t, s):
            return True
    return False


@kernel
def named(h: int, t: Tables, s: State) -> bool:
    """Whether the word of a hit names an entity."""
    word = s.word[h]
    return bool(t.links_at[word + 1] > t.links_at[word])


@kernel
def opinions(row: int, count: int, t: Tables, s: State, v: Targets, said: npt.NDArray[np.uint8]) -> None:
    """What the sentence says of each aspect: whole phrases, and words near targets in the same clause."""
    sayers = speaking(count, t, s, v)
    targets = 0
    for place in range(sayers):
        h = v.sayers[place]
        for at in range(t.says_at[s.word[h]], t.says_at[s.word[h] + 1]):
            aspect, role, side = t.says[at]
            if role == 0 or role == 3:
                v.aspect[targets], v.clause[targets] = aspect, s.clause[h]
                v.begin[targets], v.end[targets] = s.begin[h], s.end[h]
                v.total[targets] = v.last[targets] = 0
                v.alone[targets] = PLAIN if role == 0 else 0
                targets += 1
            elif role == 2:
                said[row, aspect] |= PRAISE if (side > 0) != s.denied[h] else COMPLAINT
    if targets == 0:
        return
    for place in range(sayers):
        h = v.sayers[place]
        for at in range(t.says_at[s.word[h]], t.says_at[s.word[h] + 1]):
            aspect, role, side = t.says[at]
            if role == 1:
                about = target_of(h, aspect, targets, s, v)
                if about >= 0:
                    v.last[about] = -side if s.denied[h] else side
                    v.total[about] += v.last[about]
    for about in range(targets):
        side = v.total[about] if v.total[about] != 0 else v.last[about]
        said[row, v.aspect[about]] |= PRAISE if side > 0 else COMPLAINT if side < 0 else v.alone[about]


@kernel
def speaking(count: int, t: Tables, s: State, v: Targets) -> int:
    """Collect the hits that say something; words of contrast begin a clause."""
    sayers = contrasts = 0
    for h in range(count):
        word = s.word[h]
        if t.flags[word] & 8:
            contrasts += 1
        s.clause[h] += contrasts
        if t.says_at[word + 1] > t.says_at[word] and not silenced(h, count, t, s):
            v.sayers[sayers] = h
            sayers += 1
    return sayers


@kernel
def silenced(h: int, count: int, t: Tables, s: State) -> bool:
    """Whether a hit lies in a longer one that says something, or shares a character with one to ignore."""
    first = s.begin[h] - t.longest
    length = s.end[h] - s.begin[h]
    other = h
    while other > 0 and s.begin[other - 1] >= first:
        other -= 1
    while other < count and s.begin[other] < s.end[h]:
        word = s.word[other]
        if t.flags[word] & 16 and s.end[other] > s.begin[h]:
            return True
        longer = s.end[other] - s.begin[other] > length
        holds = s.begin[other] <= s.begin[h] and s.end[other] >= s.end[h]
        if longer and holds and t.says_at[word + 1] > t.says_at[word]:
            return True
        other += 1
    return False


@kernel
def target_of(h: int, aspect: int, targets: int, s: State, v: Targets) -> int:
    """The nearest target in the clause of an evaluating word, the one before it first.

    Else the last target of the clause before when nothing was said of it yet; -1 when there is none.
    """
    best, nearest, earlier, spoken = -1, 1 << 30, -1, False
    for about in range(targets):
        if v.clause[about] == s.clause[h] - 1 and (aspect < 0 or aspect == v.aspect[about]):
            earlier = about
        if v.clause[about] != s.clause[h]:
            continue
        spoken = True
        if aspect >= 0 and aspect != v.aspect[about]:
            continue
        gap = max(v.begin[about] - s.end[h], s.begin[h] - v.end[about])
        if gap < nearest:
            best, nearest = about, gap
    if best < 0 and not spoken and earlier >= 0 and v.last[earlier] == 0:
        return earlier
    return best
