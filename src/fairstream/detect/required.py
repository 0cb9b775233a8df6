"""Short strings without which a pattern cannot match, read off the pattern itself.

After R. Cox, Regular Expression Matching with a Trigram Index (2012), with strings of two
or three characters: for every part of a pattern how it can begin and end, whether it can be empty, and
sets of strings: every match holds one of each set.
"""

import re._constants as op
import re._parser as parser
from dataclasses import dataclass
from itertools import product
from typing import Any

Strings = frozenset[str] | None
"""Possible characters or beginnings; None when too many."""

_NUMERALS = frozenset("0123456789一二两三四五六七八九十百千万几半")
_MEASURES = frozenset("个次天年人点些样种下起定直般本部分口件条月")
_PARTICLES = frozenset("了过到于上从")
_OFTEN = 30

MOST_CHARACTERS = 200
MOST_STRINGS = 400
MOST_PAIRS = 4000
MOST_SETS = 3
"""More sets would cost more to look for than they spare."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is known of a part of a pattern.

    Every match that is not empty begins with one of `heads` (one or two characters) and ends with one of
    `last`; `single` says that it is one character long. Every match holds one of each of `pairs`.
    """

    empty: bool
    heads: Strings
    last: Strings
    pairs: tuple[frozenset[str], ...] = ()
    single: bool = False


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
    ends = None if left.empty or right.empty else left.last
    across = _crossed(ends, right.heads)
    heads = _longer(left, right)
    return Part(
        left.empty and right.empty,
        _union(heads, right.heads) if left.empty else heads,
        _union(left.last, right.last) if right.empty else right.last,
        _smallest((*left.pairs, *right.pairs, *((across,) if across else ()))),
        left is _NOTHING and right.single,
    )


def _longer(left: Part, right: Part) -> Strings:
    """Heads of the left part, with the next character where it is but one character long."""
    if not left.single or right.empty or not right.heads:
        return left.heads
    return _crossed(left.heads, frozenset(head[0] for head in right.heads)) or left.heads


def _crossed(left: Strings, right: Strings) -> Strings:
    if not left or not right or len(left) * len(right) > MOST_PAIRS:
        return None
    return frozenset(a + b for a, b in product(left, right))


def _part(code: Any, value: Any) -> Part:
    if code is op.LITERAL:
        only = frozenset(chr(value))
        return Part(False, only, only, single=True)
    if code is op.IN:
        characters = _class(value)
        return Part(False, characters, characters, single=True)
    if code in (op.ANY, op.NOT_LITERAL):
        return Part(False, None, None)
    if code is op.SUBPATTERN:
        return _sequence(value[3])
    if code is op.BRANCH:
        return _branch([_sequence(branch) for branch in value[1]])
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        return _repeat(*value)
    return _NOTHING if code is op.AT else _ANYTHING


def _repeat(least: int, most: int, items: Any) -> Part:
    inner = _sequence(items)
    single = inner.single and most == 1
    if least == 0:
        return Part(True, inner.heads, inner.last, single=single)
    twice = _joined(inner, inner) if least > 1 else inner
    pairs = _smallest((*inner.pairs, *twice.pairs))
    return Part(inner.empty, inner.heads, inner.last, pairs, single)


def _branch(branches: list[Part]) -> Part:
    pooled: frozenset[str] = frozenset().union(*(branch.pairs[0] for branch in branches if branch.pairs))
    told = all(branch.pairs for branch in branches) and len(pooled) <= MOST_PAIRS
    heads: Strings = frozenset()
    last: Strings = frozenset()
    for branch in branches:
        heads, last = _union(heads, branch.heads), _union(last, branch.last)
    empty = any(branch.empty for branch in branches)
    return Part(empty, heads, last, (pooled,) if told else (), all(branch.single for branch in branches))


def _class(items: Any) -> Strings:
    found: set[str] = set()
    for code, value in items:
        if code is op.LITERAL:
            found.add(chr(value))
        elif code is op.RANGE and value[1] - value[0] < MOST_CHARACTERS:
            found.update(chr(number) for number in range(value[0], value[1] + 1))
        else:
            return None
    return frozenset(found) if len(found) <= MOST_CHARACTERS else None


def _union(left: Strings, right: Strings) -> Strings:
    if left is None or right is None or len(left | right) > MOST_STRINGS:
        return None
    return left | right


def _smallest(sets: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    return tuple(sorted(dict.fromkeys(sets), key=_commonness)[:MOST_SETS])


def _commonness(strings: frozenset[str]) -> int:
    """A rough guess of how often one of the strings stands in a text: 一个 is everywhere, 一克 is not."""
    return sum(_OFTEN if _is_common(string) else 1 for string in strings)


def _is_common(string: str) -> bool:
    first, rest = string[0], string[1:]
    return (first in _NUMERALS and rest in _MEASURES) or (first in _PARTICLES and rest in _NUMERALS)
