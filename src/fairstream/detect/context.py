"""Conditions and guards: why matching words may be lawful where they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from fairstream.detect.match import Finder
from fairstream.detect.reading import Hit, Reading, around


@dataclass(frozen=True, slots=True)
class Before:
    """The node ends at most `gap` characters before the match, or runs into its beginning."""

    node: Finder
    gap: int
    scope: str

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return any(
            other.start < hit.start
            and hit.start - other.end <= self.gap
            and other.end <= hit.end
            and not reading.broken(other.end, hit.start, self.scope)
            for other in around(self.node.find(reading), hit.start - self.gap, hit.start)
        )


@dataclass(frozen=True, slots=True)
class After:
    """The node begins at most `gap` characters after the match, or its end runs past it."""

    node: Finder
    gap: int
    scope: str

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return any(
            other.end > hit.end
            and other.start - hit.end <= self.gap
            and other.start >= hit.start
            and not reading.broken(hit.end, other.start, self.scope)
            for other in around(self.node.find(reading), hit.end, hit.end + self.gap)
        )


@dataclass(frozen=True, slots=True)
class NearBy:
    """The node stands within `within` characters on either side, or touches the match."""

    node: Finder
    within: int
    scope: str

    def holds(self, hit: Hit, reading: Reading) -> bool:
        for other in around(self.node.find(reading), hit.start - self.within, hit.end + self.within):
            left, right = (other, hit) if other.start <= hit.start else (hit, other)
            if right.start - left.end <= self.within and not reading.broken(
                left.end, right.start, self.scope
            ):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Inside:
    """The match lies inside a longer hit of the node."""

    node: Finder

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return any(
            other.start <= hit.start
            and hit.end <= other.end
            and other.end - other.start > hit.end - hit.start
            for other in around(self.node.find(reading), hit.end, hit.start)
        )


@dataclass(frozen=True, slots=True)
class Within:
    """The node lies inside the matched span."""

    node: Finder

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return any(
            hit.start <= other.start and other.end <= hit.end
            for other in around(self.node.find(reading), hit.start, hit.end)
        )


@dataclass(frozen=True, slots=True)
class InText:
    """The node stands anywhere in the text."""

    node: Finder

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return bool(self.node.find(reading))


ReadyCondition = Before | After | NearBy | Inside | Within | InText


@dataclass(frozen=True, slots=True)
class ReadyGuard:
    """A guard made ready; `name` is None for conditions written in the rule itself."""

    name: str | None
    conditions: tuple[ReadyCondition, ...]

    def holds(self, hit: Hit, reading: Reading) -> bool:
        return any(condition.holds(hit, reading) for condition in self.conditions)


def guarded(hit: Hit, reading: Reading, guards: Sequence[ReadyGuard]) -> ReadyGuard | None:
    """The first guard that makes the match lawful, or None."""
    for guard in guards:
        if guard.holds(hit, reading):
            return guard
    return None
