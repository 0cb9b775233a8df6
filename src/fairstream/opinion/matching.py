"""One pass over a folded batch: every word of a plan, then chains, negation and names sentence by sentence.

Compiled kernels walk the folded code points down a trie and judge each sentence as soon as it ends, so
the work grows with the text and with what stands in it, never with the number of lists. benchmarks/reading.py
compares this with the bare pass of an Aho-Corasick automaton.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.kernels import kernel, part
from fairstream.opinion.signs import Flag, Role
from fairstream.opinion.trie import CLAUSE, LETTER, LONGEST_SENTENCE, SENTENCE, Tables
from fairstream.text.fold import FoldedBatch

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]
MOST_MENTION = 30
"""Characters of a user's name after @."""
_AT = ord("@")
NEGATION, FILLER, NEVER, CONTRAST, IGNORE, TARGETS, NAMES = (int(flag) for flag in Flag)
TARGET, WORD, PHRASE = int(Role.TARGET), int(Role.WORD), int(Role.PHRASE)


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


PRAISE, COMPLAINT, PLAIN = 1, 2, 4
"""Bits of `says`: what is said of an aspect; PLAIN is a target without an opinion beside it."""


class Matches(NamedTuple):
    """What stands: (row, unit), (row, link, begin, end), and bits of what is said by row and aspect."""

    units: Ints
    names: Ints
    says: Bytes


def match(folded: FoldedBatch, tables: Tables, aspects: int) -> Matches:
    """What of the plan stands in the base readings of a batch.

    `units` are (row, unit) once each per row and column; `names` are (row, link, begin, end) with places in
    `folded.text`; `says` has a row per text and a column per aspect with the bits above.
    """
    rows = len(folded)
    room = [8 * rows + 1024, 4 * rows + 1024]
    while True:
        out = Matches(
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
    codes: Codes, starts: Ints, ends: Ints, bounds: Longs, t: Tables, s: State, v: Targets, out: Matches
) -> tuple[int, int]:
    """All rows; gives how many (row, unit) and (row, link, …) there are, also when they had no room."""
    units = names = clock = 0
    for row in range(len(bounds) - 1):
        at = bounds[row]
        last = bounds[row + 1] - 1
        clause = 0
        while at < last:
            clock += 1
            following, count, clause, seen = gather(codes, starts, ends, at, last, clause, t, s)
            if count > 0:
                deny(at, count, clock, seen, t, s)
                stand = link(count, clock, t, s)
                units = judge(row, count, clock, stand, units, t, s, out)
                if seen & NAMES:
                    names = name(row, count, clock, names, t, s, out)
                if seen & TARGETS:
                    opinions(row, count, seen, t, s, v, out.says)
            at = following
    return units, names


@part
def gather(
    codes: Codes, starts: Ints, ends: Ints, at: int, last: int, clause: int, t: Tables, s: State
) -> tuple[int, int, int, int]:
    """The hits of the sentence that begins at `at`; gives where the next begins, their number, the clause.

    The last number given has the flags of all hits together.
    """
    kinds, first, keys, nexts, word_of, flags = t.kind, t.first, t.keys, t.nexts, t.word_of, t.flags
    children = t.children
    mask = len(keys) - 1
    count = seen = 0
    clause += 1
    mention = mention_end = at
    stop = min(last, at + LONGEST_SENTENCE)
    for p in range(at, stop):
        code = codes[p]
        kind = kinds[code]
        if kind == SENTENCE:
            return p + 1, count, clause, seen
        if kind == CLAUSE:
            clause += 1
        if code == _AT:
            mention, mention_end = p + 1, mention_until(codes, starts, ends, p + 1, last, kinds)
        node = first[code]
        if node == 0 or (kind >= LETTER and p > 0 and kinds[codes[p - 1]] == kind):
            continue
        q = p + 1
        while node > 0:
            word = word_of[node]
            if word >= 0 and (kinds[codes[q - 1]] < LETTER or kinds[codes[q]] != kinds[codes[q - 1]]):
                s.begin[count], s.end[count], s.word[count] = p, q, word
                s.clause[count] = clause
                s.mentioned[count] = p < mention_end and not (p == mention and q == mention_end)
                count += 1
                seen |= flags[word]
            if q >= last or not (children[node] >> np.int64(codes[q] & 63)) & 1:
                break
            node = step(keys, nexts, mask, (np.int64(node) << 21) | np.int64(codes[q]))
            q += 1
    return stop, count, clause, seen


@kernel
def step(keys: Longs, nexts: Ints, mask: int, key: np.int64) -> int:
    """The node after a step; 0 when there is none."""
    slot = (((key * 0x9E3779B1) & 0xFFFFFFFFFFFF) >> 16) & mask
    while keys[slot] >= 0:
        if keys[slot] == key:
            return int(nexts[slot])
        slot = (slot + 1) & mask
    return 0


@kernel
def mention_until(codes: Codes, starts: Ints, ends: Ints, at: int, last: int, kinds: Bytes) -> int:
    """Where the user's name after an @ ends: at a sign, a blank (also one the fold dropped), or 30 on."""
    p = at
    while p < last and p - at < MOST_MENTION:
        code = codes[p]
        kind = kinds[code]
        plain = kind >= LETTER or 0x3400 <= code < 0x1F000 or code == 95 or code == 45
        if not plain or kind in (SENTENCE, CLAUSE) or 0xFF00 <= code < 0xFFF0:
            break
        if p > at and starts[p] != ends[p - 1]:
            break
        p += 1
    return p


@part
def deny(at: int, count: int, clock: int, seen: int, t: Tables, s: State) -> None:
    """Mark the hits with a negation right before them."""
    flags, begins, ends, words, marks = t.flags, s.begin, s.end, s.word, s.denied_at
    if not seen & NEGATION:
        s.denied[:count] = False
        return
    for h in range(count):
        flag = flags[words[h]]
        denies = flag & NEGATION and not (
            seen & NEVER and covered(h, count, t.longest, flags, begins, ends, words)
        )
        if denies or (flag & FILLER and marks[begins[h] - at] == clock):
            marks[ends[h] - at] = clock
    for h in range(count):
        s.denied[h] = marks[begins[h] - at] == clock


@kernel
def covered(h: int, count: int, longest: int, flags: Bytes, begins: Ints, ends: Ints, words: Ints) -> bool:
    """Whether a word in which nothing is denied runs over all of hit h."""
    other = h
    while other > 0 and begins[other - 1] >= begins[h] - longest:
        other -= 1
    while other < count and begins[other] <= begins[h]:
        if ends[other] >= ends[h] and flags[words[other]] & NEVER:
            return True
        other += 1
    return False


@part
def link(count: int, clock: int, t: Tables, s: State) -> int:
    """Chain the hits of each group in order; gives the sieve of the groups that stand."""
    groups_at, groups, words = t.groups_at, t.groups, s.word
    seen, head, tail, hits, nexts = s.group_seen, s.head, s.tail, s.link_hit, s.link_next
    used = 0
    stand = np.int64(0)
    for h in range(count):
        word = words[h]
        for place in range(groups_at[word], groups_at[word + 1]):
            group = groups[place]
            stand |= np.int64(1) << np.int64(group & 63)
            if seen[group] != clock:
                seen[group] = clock
                head[group] = used
            else:
                nexts[tail[group]] = used
            tail[group] = used
            hits[used], nexts[used] = h, -1
            used += 1
    return int(stand)


@part
def judge(row: int, count: int, clock: int, stand: int, used: int, t: Tables, s: State, out: Matches) -> int:
    """Ask the units whose rarest group stands in the sentence, unless their column is set already."""
    words, groups_at, groups, triggers_at, triggers = s.word, t.groups_at, t.groups, t.triggers_at, t.triggers
    column_of, column_row, unit_seen, group_seen = t.column_of, s.column_row, s.unit_seen, s.group_seen
    parts_at, parts, needed = t.parts_at, t.parts, t.needed
    for h in range(count):
        word = words[h]
        for place in range(groups_at[word], groups_at[word + 1]):
            group = groups[place]
            for at in range(triggers_at[group], triggers_at[group + 1]):
                if needed[at] & ~stand:
                    continue
                unit = triggers[at]
                column = column_of[unit]
                if unit_seen[unit] == clock or column_row[column] == row:
                    continue
                unit_seen[unit] = clock
                here = True
                for own in range(parts_at[unit], parts_at[unit + 1]):
                    here &= group_seen[parts[own]] == clock
                if here and chained(unit, column, clock, t, s):
                    column_row[column] = row
                    if used < len(out.units):
                        out.units[used, 0], out.units[used, 1] = row, unit
                    used += 1
    return used


@part
def chained(unit: int, column: int, clock: int, t: Tables, s: State) -> bool:
    """Whether the groups of a unit stand in order, each near enough behind the one before."""
    begins, ends, denied, hits, nexts, head = s.begin, s.end, s.denied, s.link_hit, s.link_next, s.head
    first, last, within = t.parts_at[unit], t.parts_at[unit + 1], t.within[unit]
    negatable, unless = t.negatable[column], t.unless[column]
    barred = unless >= 0 and s.group_seen[unless] == clock
    alive = 0
    for place in range(first, last):
        before, alive, low = alive, 0, 0
        now = (place - first) & 1
        at = head[t.parts[place]]
        while at >= 0:
            h = hits[at]
            at = nexts[at]
            if negatable and denied[h]:
                continue
            if barred and overlapped(begins[h], ends[h], head[unless], hits, nexts, begins, ends):
                continue
            if place > first:
                reach = begins[h] - within
                while low < before and s.alive[1 - now, 0, low] + t.longest < reach:
                    low += 1
                if not behind(begins[h], reach, low, before, 1 - now, s.alive):
                    continue
            if place == last - 1:
                return True
            s.alive[now, 0, alive], s.alive[now, 1, alive] = begins[h], ends[h]
            alive += 1
        if alive == 0:
            return False
    return False


@kernel
def behind(begin: int, reach: int, low: int, count: int, side: int, alive: Ints) -> bool:
    """Whether one of the hits from `low` on ends between `reach` and `begin`."""
    for other in range(low, count):
        if alive[side, 0, other] >= begin:
            break
        if reach <= alive[side, 1, other] <= begin:
            return True
    return False


@kernel
def overlapped(begin: int, end: int, at: int, hits: Ints, nexts: Ints, begins: Ints, ends: Ints) -> bool:
    """Whether one of the chained hits from `at` on shares a character with a span."""
    while at >= 0:
        other = hits[at]
        if begins[other] >= end:
            break
        if ends[other] > begin:
            return True
        at = nexts[at]
    return False


@part
def name(row: int, count: int, clock: int, used: int, t: Tables, s: State, out: Matches) -> int:
    """Note the names that are not a part of a longer name, nor of a user's name."""
    begins, ends, words, links_at, links = s.begin, s.end, s.word, t.links_at, t.links
    for h in range(count):
        first, last = links_at[words[h]], links_at[words[h] + 1]
        if first == last or s.mentioned[h] or inside_name(h, count, t.longest, links_at, begins, ends, words):
            continue
        for at in range(first, last):
            bar = links[at, 2]
            barred = bar >= 0 and s.group_seen[bar] == clock
            if barred and overlapped(begins[h], ends[h], s.head[bar], s.link_hit, s.link_next, begins, ends):
                continue
            if used < len(out.names):
                out.names[used, 0], out.names[used, 1] = row, at
                out.names[used, 2], out.names[used, 3] = begins[h], ends[h]
            used += 1
    return used


@kernel
def inside_name(
    h: int, count: int, longest: int, links_at: Ints, begins: Ints, ends: Ints, words: Ints
) -> bool:
    """Whether a longer name runs over all of hit h."""
    length = ends[h] - begins[h]
    other = h
    while other > 0 and begins[other - 1] >= begins[h] - longest:
        other -= 1
    while other < count and begins[other] <= begins[h]:
        longer = ends[other] >= ends[h] and ends[other] - begins[other] > length
        if longer and links_at[words[other] + 1] > links_at[words[other]]:
            return True
        other += 1
    return False


@part
def opinions(row: int, count: int, seen: int, t: Tables, s: State, v: Targets, said: Bytes) -> None:
    """What the sentence says of each aspect: whole phrases, and words near targets in the same clause."""
    says_at, says, words, denied = t.says_at, t.says, s.word, s.denied
    sayers = speaking(count, seen, t, s, v)
    targets = 0
    for place in range(sayers):
        h = v.sayers[place]
        for at in range(says_at[words[h]], says_at[words[h] + 1]):
            aspect, role = says[at, 0], says[at, 1]
            if role == PHRASE:
                said[row, aspect] |= PRAISE if (says[at, 2] > 0) != denied[h] else COMPLAINT
            elif role != WORD:
                v.aspect[targets], v.clause[targets] = aspect, s.clause[h]
                v.begin[targets], v.end[targets] = s.begin[h], s.end[h]
                v.total[targets] = v.last[targets] = 0
                v.alone[targets] = PLAIN if role == TARGET else 0
                targets += 1
    if targets == 0:
        return
    for place in range(sayers):
        h = v.sayers[place]
        for at in range(says_at[words[h]], says_at[words[h] + 1]):
            if says[at, 1] == WORD:
                about = target_of(s.begin[h], s.end[h], s.clause[h], says[at, 0], targets, v)
                if about >= 0:
                    v.last[about] = -says[at, 2] if denied[h] else says[at, 2]
                    v.total[about] += v.last[about]
    for about in range(targets):
        side = v.total[about] if v.total[about] != 0 else v.last[about]
        said[row, v.aspect[about]] |= PRAISE if side > 0 else COMPLAINT if side < 0 else v.alone[about]


@part
def speaking(count: int, seen: int, t: Tables, s: State, v: Targets) -> int:
    """Collect the hits that say something; words of contrast begin a clause."""
    flags, says_at, begins, ends, words = t.flags, t.says_at, s.begin, s.end, s.word
    sayers = contrasts = 0
    for h in range(count):
        word = words[h]
        if flags[word] & CONTRAST:
            contrasts += 1
        s.clause[h] += contrasts
        if says_at[word + 1] > says_at[word] and not silenced(
            h, count, t.longest, flags, says_at, begins, ends, words
        ):
            v.sayers[sayers] = h
            sayers += 1
    return sayers


@kernel
def silenced(
    h: int, count: int, longest: int, flags: Bytes, says_at: Ints, begins: Ints, ends: Ints, words: Ints
) -> bool:
    """Whether a hit lies in a longer one that says something, or shares a character with one to ignore."""
    begin, end = begins[h], ends[h]
    other = h
    while other > 0 and begins[other - 1] >= begin - longest:
        other -= 1
    while other < count and begins[other] < end:
        word = words[other]
        if ends[other] > begin:
            if flags[word] & IGNORE:
                return True
            holds = begins[other] <= begin and ends[other] >= end
            longer = ends[other] - begins[other] > end - begin
            if longer and holds and says_at[word + 1] > says_at[word]:
                return True
        other += 1
    return False


@kernel
def target_of(begin: int, end: int, clause: int, aspect: int, targets: int, v: Targets) -> int:
    """The nearest target in the clause of an evaluating word, the one before it first.

    Else the last target of the clause before when nothing was said of it yet; -1 when there is none.
    """
    best, nearest, earlier, spoken = -1, 1 << 30, -1, False
    for about in range(targets):
        suits = aspect < 0 or aspect == v.aspect[about]
        if v.clause[about] == clause - 1 and suits:
            earlier = about
        if v.clause[about] == clause:
            spoken = True
            gap = max(v.begin[about] - end, begin - v.end[about])
            if suits and gap < nearest:
                best, nearest = about, gap
    if best < 0 and not spoken and earlier >= 0 and v.last[earlier] == 0:
        return earlier
    return best
