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
    names = word_sounds().names
    parsed = [parse(name) for name in names]
    initials = _costs(_ACCENT_INITIALS, _NEAR_INITIALS)
    finals = _costs(_ACCENT_FINALS, _NEAR_FINALS)
    costs = np.full((len(names), len(names)), NEVER, dtype=np.float32)
    for row, heard in enumerate(parsed):
        for column, meant in enumerate(parsed):
            if heard and meant:
                initial = _part(heard.initial, meant.initial, initials)
                costs[row, column] = initial + _part(heard.final, meant.final, finals)
    return costs


def _part(heard: str, meant: str, known: Costs) -> float:
    return 0.0 if heard == meant else known.get((heard, meant), FAR)
