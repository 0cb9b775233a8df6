"""Which phrases are new, or much more frequent, in a window against a background window.

The test is the log-likelihood ratio G² (Dunning 1993) of items that hold a phrase, with the false-discovery
rate of Benjamini & Hochberg (1995) over all candidates; the size of the effect is the ratio of the two rates
with a 95 % interval. Counts are those without copies: copied posts are no independent witnesses, and a text
pasted a thousand times is not a thousand people's word. Raw counts are given beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.opinion.alarms import Z95, chance_of, false_discovery, likelihood_ratio
from fairstream.opinion.candidates import unexplained
from fairstream.opinion.phrases import Counts

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Standard:
    """What makes a phrase new: the false-discovery rate, least counts, and the least ratio of rates.

    `ratio` must be exceeded by the lower bound of the interval, not by the estimate alone.
    """

    rate: float = 0.01
    items: int = 10
    ratio: float = 1.5
    explained: float = 0.7


class NewPhrase(NamedTuple):
    """A phrase that the window has more often than the background.

    `items` and `first` are counts in the window with and without copies, `before` and `before_first` those in
    the background. `ratio` compares the rates without copies, half an item added to each side, and lies
    between `low` and `high` with 95 % confidence. `g2`, `p` and `q` are the test. `unseen` says that no item
    of the background holds it.
    """

    phrase: str
    items: int
    first: int
    before: int
    before_first: int
    ratio: float
    low: float
    high: float
    g2: float
    p: float
    q: float
    unseen: bool
    examples: tuple[str, ...]


def rate_ratio(a: Floats, n: Floats, b: Floats, m: Floats) -> tuple[Floats, Floats, Floats]:
    """Ratio of the rates a/n and b/m with its 95 % interval, on the log scale, half a hit added to each.

    Katz et al. 1978, with the correction of Walter 1975 for cells of zero.
    """
    ratio = (a + 0.5) / (n + 0.5) * (m + 0.5) / (b + 0.5)
    spread = np.sqrt(np.maximum(1 / (a + 0.5) - 1 / (n + 0.5) + 1 / (b + 0.5) - 1 / (m + 0.5), 0))
    return ratio, ratio * np.exp(-Z95 * spread), ratio * np.exp(Z95 * spread)


def new_phrases(
    window: Counts, background: Counts, most: int | None = 50, standard: Standard | None = None
) -> list[NewPhrase]:
    """The new phrases of a window, largest G² first.

    Both counts are of the same phrases, mined in the window. Raises `ValueError` when they are not.
    """
    standard = standard or Standard()
    if window.phrases != background.phrases:
        raise ValueError("window and background count different phrases")
    a, b = window.first.sum(axis=0), background.first.sum(axis=0)
    n, m = window.total_first.sum(), background.total_first.sum()
    if not len(a) or not n or not m:
        return []
    g2 = likelihood_ratio(a, n, b, m)
    ratio, low, high = rate_ratio(
        a.astype(float), np.full(len(a), float(n)), b.astype(float), np.full(len(a), float(m))
    )
    p = chance_of(g2)
    q = false_discovery(p)
    passed = (q <= standard.rate) & (a >= standard.items) & (low > standard.ratio)
    order = np.flatnonzero(passed)
    standing = unexplained([window.phrases[at] for at in order], a[order], standard.explained)
    order = order[standing]
    order = order[np.lexsort((-a[order], -g2[order]))][:most]
    items, before = window.items.sum(axis=0), background.items.sum(axis=0)
    return [
        NewPhrase(
            window.phrases[at],
            int(items[at]),
            int(a[at]),
            int(before[at]),
            int(b[at]),
            float(ratio[at]),
            float(low[at]),
            float(high[at]),
            float(g2[at]),
            float(p[at]),
            float(q[at]),
            not before[at],
            window.examples[at],
        )
        for at in order.tolist()
    ]


def too_little(window: Counts, background: Counts, least: int = 200) -> Sequence[str]:
    """Why a comparison would say nothing: names of the sides with fewer items without copies than `least`."""
    sides = {"window": window, "background": background}
    return [name for name, counts in sides.items() if int(counts.total_first.sum()) < least]
