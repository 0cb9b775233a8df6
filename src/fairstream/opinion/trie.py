"""The plan as flat arrays: a trie of folded words and, for every word, what it is good for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.signs import NONE, Plan, Unit, fold_words
from fairstream.text.fold import CLAUSE_MARKS, SENTENCE_MARKS

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

SENTENCE, CLAUSE, LETTER, DIGIT = 1, 2, 3, 4
"""Kinds of characters that matching asks for; all others are 0."""
CODES: Final = 0x110000
LONGEST_SENTENCE: Final = 1000
"""Characters without a mark after which a sentence is cut all the same, so that work stays bounded."""


class Tables(NamedTuple):
    """Arrays for the kernels. `x_at[i]:x_at[i + 1]` are the places in `x` of number i.

    `children` and `needed` are sieves of 64 bits that spare most look-ups: the characters that may follow a
    node, and the groups that the unit of a trigger needs, each as its number's bit modulo 64.
    """

    kind: npt.NDArray[np.uint8]
    first: Ints
    keys: Longs
    nexts: Ints
    word_of: Ints
    children: Longs
    flags: npt.NDArray[np.uint8]
    groups_at: Ints
    groups: Ints
    triggers_at: Ints
    triggers: Ints
    needed: Longs
    parts_at: Ints
    parts: Ints
    within: Ints
    column_of: Ints
    negatable: npt.NDArray[np.bool_]
    unless: Ints
    says_at: Ints
    says: Ints
    links_at: Ints
    links: Ints
    longest: int
    most_here: int
    columns: int


def tables(plan: Plan) -> tuple[Tables, list[str]]:
    """The arrays of a plan, and the folded words by number."""
    raw = plan.words()
    folded = dict(zip(raw, fold_words(raw), strict=True))
    words = sorted({word for word in folded.values() if word})
    number = {word: at for at, word in enumerate(words)}
    first, keys, nexts, word_of, children = _trie(words)
    own_groups = _by_word(
        ((word, group) for group, members in enumerate(plan.groups) for word in members), folded, number
    )
    triggers: list[list[int]] = [[] for _ in plan.groups]
    for at, unit in enumerate(plan.units):
        triggers[_rarest(plan, unit)].append(at)
    flags = np.zeros(len(words) + 1, dtype=np.uint8)
    for word, flag in plan.flags.items():
        if folded[word]:
            flags[number[folded[word]]] |= flag
    return Tables(
        _kinds(),
        first,
        keys,
        nexts,
        word_of,
        children,
        flags,
        *_flat(own_groups),
        *_flat(triggers),
        _sieves([plan.units[at].parts for units in triggers for at in units] or [()]),
        *_flat([unit.parts for unit in plan.units]),
        np.array([unit.within for unit in plan.units] or [0], dtype=np.int32),
        np.array([unit.column for unit in plan.units] or [0], dtype=np.int32),
        np.array([column.negatable for column in plan.columns] or [False]),
        np.array([column.unless for column in plan.columns] or [NONE], dtype=np.int32),
        *_flat_rows(_by_word(_pairs(plan.says), folded, number)),
        *_flat_rows(_by_word(_pairs(plan.links), folded, number)),
        max(map(len, words), default=1),
        _most_here(words),
        len(plan.columns),
    ), words


def _pairs(table: Mapping[str, Sequence[Any]]) -> Iterable[tuple[str, Any]]:
    return ((word, item) for word, items in table.items() for item in items)


def _by_word(
    pairs: Iterable[tuple[str, Any]], folded: Mapping[str, str], number: Mapping[str, int]
) -> list[list[Any]]:
    """What belongs to each folded word, once each, in order."""
    own: list[set[Any]] = [set() for _ in number]
    for word, item in pairs:
        if folded[word]:
            own[number[folded[word]]].add(item)
    return [sorted(items) for items in own]


def _rarest(plan: Plan, unit: Unit) -> int:
    """The part likely to stand least often: whose shortest word is longest, then with fewest words."""
    return max(unit.parts, key=lambda g: (min(map(len, plan.groups[g])), -len(plan.groups[g]), -g))


def _flat(lists: Sequence[Sequence[int]]) -> tuple[Ints, Ints]:
    at = np.zeros(len(lists) + 2, dtype=np.int32)
    at[1 : len(lists) + 1] = np.cumsum([len(items) for items in lists])
    at[-1] = at[-2]
    return at, np.array([item for items in lists for item in items] or [0], dtype=np.int32)


def _flat_rows(lists: Sequence[Sequence[tuple[int, int, int]]]) -> tuple[Ints, Ints]:
    at, _ = _flat([range(len(items)) for items in lists])
    rows = [tuple(map(int, item)) for items in lists for item in items] or [(0, 0, 0)]
    return at, np.array(rows, dtype=np.int32)


def _kinds() -> npt.NDArray[np.uint8]:
    kind = np.zeros(CODES, dtype=np.uint8)
    kind[[ord(mark) for mark in SENTENCE_MARKS]] = SENTENCE
    kind[[ord(mark) for mark in CLAUSE_MARKS]] = CLAUSE
    kind[ord("a") : ord("z") + 1] = LETTER
    kind[ord("0") : ord("9") + 1] = DIGIT
    return kind


def _trie(words: Sequence[str]) -> tuple[Ints, Longs, Ints, Ints, Longs]:
    """First characters by code, further steps as an open hash of node and code, word and children of a node.

    Nodes of first characters come first: they are asked most, and stay close together in memory.
    """
    first = np.zeros(CODES, dtype=np.int32)
    heads = sorted({word[0] for word in words})
    first[[ord(head) for head in heads]] = np.arange(1, len(heads) + 1)
    steps: dict[tuple[int, int], int] = {}
    word_of = [NONE] * (len(heads) + 1)
    for number, word in enumerate(words):
        node = int(first[ord(word[0])])
        for character in word[1:]:
            key = (node, ord(character))
            if key not in steps:
                steps[key] = len(word_of)
                word_of.append(NONE)
            node = steps[key]
        word_of[node] = number
    children: list[list[int]] = [[] for _ in word_of]
    for node, code in steps:
        children[node].append(code)
    return first, *_hashed(steps), np.array(word_of, dtype=np.int32), _sieves(children)


def _sieves(lists: Iterable[Iterable[int]]) -> Longs:
    """The numbers of each list as bits modulo 64."""
    sieves: list[int] = []
    for numbers in lists:
        sieve = 0
        for number in numbers:
            sieve |= 1 << (number & 63)
        sieves.append(sieve)
    return np.array(sieves, dtype=np.uint64).view(np.int64)


def _hashed(steps: Mapping[tuple[int, int], int]) -> tuple[Longs, Ints]:
    size = 16
    while size < 3 * len(steps):
        size *= 2
    keys, nexts = np.full(size, -1, dtype=np.int64), np.zeros(size, dtype=np.int32)
    for (node, code), following in steps.items():
        key = node << 21 | code
        slot = hash_of(key, size)
        while keys[slot] >= 0:
            slot = (slot + 1) & (size - 1)
        keys[slot], nexts[slot] = key, following
    return keys, nexts


def hash_of(key: int, size: int) -> int:
    """The first slot of a key; the kernels compute the same."""
    return ((key * 0x9E3779B1) & 0xFFFFFFFFFFFF) >> 16 & (size - 1)


def _most_here(words: Sequence[str]) -> int:
    """The most words that can begin at one character."""
    known = set(words)
    return max((sum(word[:n] in known for n in range(1, len(word) + 1)) for word in words), default=1)
