"""What it costs to take one syllable for another, in nats.

Measured on a small zipformer that writes toned syllables (`benchmarks/hearing.py`: 1,220 syllables, clean and
with pink noise): an error changes the initial or the final, seldom both, and which it becomes is diffuse. So
the costs are few: pairs that regional accents do not tell apart (set by judgement: no clip has such a
speaker), other near ones, and any other pair. The tone costs what `wordsounds.TONE_COST` says.
"""

from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.syllables import parse
from fairstream.text.wordsounds import word_sounds

ACCENT, NEAR, FAR = 3.0, 6.0, 8.0
"""An initial or a final heard for one that speakers of many regions do not tell apart, for another near one,
and for any other."""
NEVER = 60.0
"""Where one of the two is no syllable."""

_ACCENT_INITIALS = "zh z, ch c, sh s, n l, r l, f h"
_ACCENT_FINALS = "an ang, en eng, in ing, ian iang, uan uang"
_NEAR_INITIALS = (
    "zh ch, z c, c s, z s, sh ch, zh sh, r zh, r n, zh j, ch q, sh x, j q, j x, q x, b p, d t, g k, k h, "
    "g h, t h, t k, d g, b d, m n, b m, b f, f w, d n, d l, y w, y -, w -, y n, w m, h w, t ch, d zh"
)
_NEAR_FINALS = (
    "un ong, en un, en ei, ei ui, ou u, ou o, ou uo, o uo, o u, e uo, e en, e eng, e o, a ang, a an, a ai, "
    "ai an, ai ei, ao ou, ao a, ia ian, ie ian, i ing, i in, i ie, i v, v u, ui un, iu ou, iu u, uan an, "
    "uang ang, ua a, uai ai, ong eng, ong ou, ue ie, iao ao, iang ang, ian an, van uan, e a, in en, e i"
)
Costs = dict[tuple[str, str], float]


def _costs(accent: str, near: str) -> Costs:
    """What each pair costs, either way; "-" stands for no initial."""
    found: Costs = {}
    for pairs, cost in ((near, NEAR), (accent, ACCENT)):
        for pair in pairs.split(", "):
            one, other = pair.replace("-", "").split(" ")
            found[one, other] = found[other, one] = cost
    return found


@cache
def confusion_costs() -> npt.NDArray[np.float32]:
    """By the numbers of `wordsounds`: the cost of hearing the row's syllable when the column's was said."""
    parsed = [parse(name) for name in word_sounds().names]
    initials = _table(
        [syllable.initial if syllable else "" for syllable in parsed], _ACCENT_INITIALS, _NEAR_INITIALS
    )
    finals = _table([syllable.final if syllable else "" for syllable in parsed], _ACCENT_FINALS, _NEAR_FINALS)
    none = np.array([syllable is None for syllable in parsed])
    costs: npt.NDArray[np.float32] = initials + finals
    costs[none[:, None] | none] = NEVER
    return costs


def _table(parts: list[str], accent: str, near: str) -> npt.NDArray[np.float32]:
    """What each of these initials or finals costs when heard for another of them."""
    known = _costs(accent, near)
    numbers = {part: number for number, part in enumerate(dict.fromkeys(parts))}
    costs = np.full((len(numbers), len(numbers)), FAR, dtype=np.float32)
    np.fill_diagonal(costs, 0)
    for (one, other), cost in known.items():
        if one in numbers and other in numbers:
            costs[numbers[one], numbers[other]] = cost
    own = np.array([numbers[part] for part in parts])
    spread: npt.NDArray[np.float32] = costs[own[:, None], own]
    return spread
