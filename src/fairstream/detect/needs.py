"""What a rule cannot do without: the conditions the gate can test for a whole batch at once.

A `Requirement` is necessary, never sufficient: where it fails the rule cannot match. A rule has one
requirement for each of its alternatives.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Groups = frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A literal of `first` and one of `second` at most `gap` characters apart.

    When `ordered`, the second stands after the first; else either may.
    """

    first: Groups
    second: Groups
    gap: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """One literal of each of `groups` must stand in the reading, and each of `pairs` must be close."""

    groups: frozenset[Groups] = frozenset()
    pairs: frozenset[Pair] = frozenset()

    def __and__(self, other: "Requirement") -> "Requirement":
        return Requirement(self.groups | other.groups, self.pairs | other.pairs)


Requirements = tuple[Requirement, ...]
MOST_ALTERNATIVES = 64
"""More alternatives are pooled into one weaker requirement, so that nesting cannot explode."""


def both(left: Requirements, right: Requirements) -> Requirements:
    """Requirements of two nodes that must both match."""
    if len(left) * len(right) > MOST_ALTERNATIVES:
        left, right = (pooled(left),), (pooled(right),)
    return tuple(dict.fromkeys(a & b for a in left for b in right))


def either(parts: Iterable[Requirements]) -> Requirements:
    """Requirements of nodes of which one must match."""
    found = tuple(dict.fromkeys(requirement for part in parts for requirement in part))
    return found if len(found) <= MOST_ALTERNATIVES else (pooled(found),)


def pooled(requirements: Requirements) -> Requirement:
    """One requirement that every one of them implies: a literal of the smallest groups of any."""
    if len(requirements) == 1:
        return requirements[0]
    if not requirements or any(not requirement.groups for requirement in requirements):
        return Requirement()
    smallest = (min(requirement.groups, key=lambda g: (len(g), sorted(g))) for requirement in requirements)
    return Requirement(frozenset({frozenset().union(*smallest)}))
