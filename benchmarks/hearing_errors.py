"""How the recogniser errs: heard syllables aligned with those said, and syllables spoilt in the same way."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from fairstream.text.syllables import INITIALS, Syllable, parse, sounds_of
from fairstream.text.wordsounds import word_sounds

Pair = tuple[Syllable | None, Syllable | None]
KINDS = ("tone", "initial", "final", "both", "left out", "put in")
_SMOOTH = 0.15
_FILLERS = ("de", "shi4", "a", "yi1")
_KEEPS_TONE = 0.75


def aligned(said: Sequence[Syllable | None], heard: Sequence[Syllable | None]) -> list[Pair]:
    """Said and heard side by side, by the cheapest edits; a wrong part costs less than a wrong syllable."""
    rows, columns = len(said), len(heard)
    cost = np.zeros((rows + 1, columns + 1))
    cost[:, 0], cost[0, :] = np.arange(rows + 1), np.arange(columns + 1)
    for row in range(1, rows + 1):
        for column in range(1, columns + 1):
            swap = cost[row - 1, column - 1] + _apart(said[row - 1], heard[column - 1])
            cost[row, column] = min(cost[row - 1, column] + 1, cost[row, column - 1] + 1, swap)
    pairs: list[Pair] = []
    row, column = rows, columns
    while row or column:
        swap = (
            cost[row - 1, column - 1] + _apart(said[row - 1], heard[column - 1]) if row and column else np.inf
        )
        if row and column and abs(cost[row, column] - swap) < 1e-9:
            row, column = row - 1, column - 1
            pairs.append((said[row], heard[column]))
        elif row and abs(cost[row, column] - cost[row - 1, column] - 1) < 1e-9:
            row -= 1
            pairs.append((said[row], None))
        else:
            column -= 1
            pairs.append((None, heard[column]))
    return pairs[::-1]


def _apart(one: Syllable | None, other: Syllable | None) -> float:
    if one == other:
        return 0.0
    if one is None or other is None:
        return 1.2
    parts = (one.initial != other.initial) + (one.final != other.final)
    return 0.3 * (one.tone != other.tone) + 0.5 * parts


@dataclass
class Errors:
    """Counts of a recogniser's errors: by kind, and which initial and final became which."""

    said: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    initials: Counter[tuple[str, str]] = field(default_factory=Counter)
    finals: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, said: str, heard: Iterable[str]) -> None:
        """Count the errors of one clip: what was said in characters, what was heard in syllables."""
        for one, other in aligned([parse(s) for s in sounds_of(said)], [parse(s) for s in heard]):
            self.said += one is not None
            if one is None or other is None:
                self.kinds["put in" if one is None else "left out"] += 1
                continue
            initial, final = one.initial != other.initial, one.final != other.final
            self.initials[one.initial, other.initial] += initial
            self.finals[one.final, other.final] += final
            if initial or final or one.tone != other.tone:
                kind = ("tone", "initial", "final", "both")[initial + 2 * final]
                self.kinds[kind] += 1

    def spoil(self, sounds: Sequence[str], rate: float, dice: random.Random) -> list[tuple[str, int]]:
        """Syllables with this share of errors of the counted kinds, each with the place it was said at."""
        found: list[tuple[str, int]] = []
        for place, sound in enumerate(sounds):
            said = parse(sound)
            if said is None or dice.random() >= rate:
                found.append((sound, place))
                continue
            kind = dice.choices(KINDS, [self.kinds[kind] for kind in KINDS])[0]
            if kind == "put in":
                found += [(sound, place), (dice.choice(_FILLERS), place)]
            elif kind == "tone":
                found.append(
                    (f"{said.base}{dice.choice([t for t in (1, 2, 3, 4) if t != said.tone])}", place)
                )
            elif kind != "left out":
                found.append((self._misheard(said, kind, dice), place))
        return found

    def _misheard(self, said: Syllable, kind: str, dice: random.Random) -> str:
        names = word_sounds().numbers
        finals = sorted({one.final for name in names if (one := parse(name))})
        for _ in range(50):
            initial, final = said.initial, said.final
            if kind != "final":
                initial = _drawn(self.initials, initial, ("", *INITIALS), dice)
            if kind != "initial":
                final = _drawn(self.finals, final, finals, dice)
            if initial + final in names:
                tone = said.tone if dice.random() < _KEEPS_TONE else dice.choice((1, 2, 3, 4))
                return f"{initial}{final}{tone or ''}"
        return f"{said.base}{said.tone or ''}"


def _drawn(counts: Counter[tuple[str, str]], said: str, every: Sequence[str], dice: random.Random) -> str:
    others = [one for one in every if one != said]
    return dice.choices(others, [counts[said, one] + _SMOOTH for one in others])[0]
