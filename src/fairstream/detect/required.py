"""Pairs of characters without which a pattern cannot match, read off the pattern itself.

After R. Cox, Regular Expression Matching with a Trigram Index (2012), with pairs for triples: for every
part of a pattern the characters it can begin and end with, whether it can be empty, and sets of pairs:
every match holds one of each set.
"""

import re._constants as op
import re._parser as parser
from dataclasses import dataclass
from itertools import product
from typing import Any

Characters = frozenset[str] | None
"""Possible characters; None when too many."""

MOST_CHARACTERS = 200
MOST_PAIRS = 4000
MOST_SETS = 3
"""More sets would cost more to look for than they spare."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part of a pattern."""

    empty: bool
    first: Characters
    last: Characters
    pairs: tuple[frozenset[str], ...] = ()


_NOTHING = Part(True, frozenset(), frozenset())
_ANYTHING = Part(True, None, None)


def required_pairs(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of pairs: every match of the RE2 pattern holds one of each; empty when none can be told."""
    try:
        return _sequence(parser.parse(pattern)).pairs
    except (re_error, RecursionError, OverflowError):
        return ()


re_error = parser.error  # RE2 knows classes that Python's parser does not


def _sequence(items: Any) -> Part:
    whole = _NOTHING
    for item in items:
        whole = _joined(whole, _part(*item))
    return whole


def _joined(left: Part, right: Part) -> Part:
    across: tuple[frozenset[str], ...] = ()
    ends = None if left.empty or right.empty else left.last
    if ends and right.first and len(ends) * len(right.first) <= MOST_PAIRS:
        across = (frozenset(a + b for a, b in product(ends, right.first)),)
    return Part(
        left.empty and right.empty,
        _union(left.first, right.first) if left.empty else left.first,
        _union(left.last, right.last) if right.empty else right.last,
        _smallest((*left.pairs, *right.pairs, *across)),
    )


def _part(code: Any, value: Any) -> Part:
    if code is op.LITERAL:
        only = frozenset(chr(value))
        return Part(False, only, only)
    if code is op.IN:
        characters = _class(value)
        return Part(False, characters, characters)
    if code in (op.ANY, op.NOT_LITERAL):
        return Part(False, None, None)
    if code is op.SUBPATTERN:
        return _sequence(value[3])
    if code is op.BRANCH:
        return _branch([_sequence(branch) for branch in value[1]])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _repeat(*value)
    if code is op.AT:
        return _NOTHING
    return _ANYTHING


def _repeat(least: int, most: int, items: Any) -> Part:
    inner = _sequence(items)
    if least == 0:
        return Part(True, inner.first, inner.last)
    twice = _joined(inner, inner) if least > 1 else inner
    return Part(inner.empty, inner.first, inner.last, _smallest((*inner.pairs, *twice.pairs)))


def _branch(branches: list[Part]) -> Part:
    pooled: frozenset[str] = frozenset().union(*(branch.pairs[0] for branch in branches if branch.pairs))
    told = all(branch.pairs for branch in branches) and len(pooled) <= MOST_PAIRS
    first: Characters = frozenset()
    last: Characters = frozenset()
    for branch in branches:
        first, last = _union(first, branch.first), _union(last, branch.last)
    return Part(any(branch.empty for branch in branches), first, last, (pooled,) if told else ())


def _class(items: Any) -> Characters:
    found: set[str] = set()
    for code, value in items:
        if code is op.LITERAL:
            found.add(chr(value))
        elif code is op.RANGE and value[1] - value[0] < MOST_CHARACTERS:
            found.update(chr(number) for number in range(value[0], value[1] + 1))
        else:
            return None
    return frozenset(found) if len(found) <= MOST_CHARACTERS else None


def _union(left: Characters, right: Characters) -> Characters:
    if left is None or right is None or len(left | right) > MOST_CHARACTERS:
        return None
    return left | right


def _smallest(sets: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    return tuple(sorted(dict.fromkeys(sets), key=len)[:MOST_SETS])
