"""What stands together: pairs of labels (phrases, topics, entities) that items share more than by chance.

Counted are items. `lift` is how many times more items hold both than independence would have it, PMI its
logarithm to base 2 (Church & Hanks 1990), with an interval by the delta method; G² tests independence and the
false-discovery rate is held over all pairs (Benjamini & Hochberg 1995).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.errors import LimitError
from fairstream.opinion.alarms import Z95, chance_of, false_discovery, likelihood_ratio

Ints = npt.NDArray[np.int64]

MOST_LABELS: Final = 4000
"""A square table of counts is kept: 128 MB at this many."""


class Pair(NamedTuple):
    """Two labels: items with both, with each, what independence expects, and how sure it is.

    `pmi` is in bits and lies between `low` and `high` with 95 % confidence.
    """

    a: str
    b: str
    both: int
    of_a: int
    of_b: int
    expected: float
    lift: float
    pmi: float
    low: float
    high: float
    g2: float
    q: float


@dataclass(frozen=True, slots=True)
class Standard:
    """Which pairs are reported: the false-discovery rate, least items with both, least lift.

    `inside` also reports a phrase with another that holds it, which stand together by necessity.
    """

    rate: float = 0.01
    both: int = 5
    lift: float = 1.0
    inside: bool = False


class Pairs:
    """Counts of pairs, fed batch by batch; sums of two objects count both sets of items.

    Raises `LimitError` for more than `MOST_LABELS` labels.
    """

    def __init__(self, labels: Sequence[str]) -> None:
        if len(labels) > MOST_LABELS:
            raise LimitError(
                f"{len(labels):,} labels are too many for a table of pairs",
                remedy=f"choose at most {MOST_LABELS:,}, for instance the most frequent",
            )
        self.labels = tuple(labels)
        self.items = 0
        self.counts = np.zeros((len(labels), len(labels)), dtype=np.int64)
        """Items with both labels, above the diagonal; with the label itself, on it."""

    def add(self, rows: Ints, labels: Ints, items: int) -> None:
        """Count `items` items: label numbers of rows, each pair once, rows together."""
        self.items += items
        _add(rows, labels, self.counts)

    def add_lists(self, *columns: pa.Array) -> None:
        """Count items whose labels stand in list columns; others are passed over."""
        known = pa.array(self.labels, pa.string())
        rows, numbers = [], []
        for column in columns:
            number = pc.index_in(column.flatten(), known)
            row = pc.list_parent_indices(column).cast(pa.int64())
            keep = number.is_valid()
            rows.append(row.filter(keep).to_numpy(zero_copy_only=False))
            numbers.append(number.filter(keep).cast(pa.int64()).to_numpy(zero_copy_only=False))
        table = np.unique(np.stack([np.concatenate(rows), np.concatenate(numbers)], axis=1), axis=0)
        self.add(table[:, 0].copy(), table[:, 1].copy(), len(columns[0]))

    def __iadd__(self, other: "Pairs") -> "Pairs":
        if self.labels != other.labels:
            raise ValueError("pairs of different labels")
        self.items += other.items
        self.counts += other.counts
        return self

    def top(self, most: int | None = 50, standard: Standard | None = None) -> list[Pair]:
        """Pairs that stand together more than by chance, largest G² first."""
        standard = standard or Standard()
        single = np.diag(self.counts)
        a, b = np.nonzero(np.triu(np.ones(self.counts.shape, dtype=np.bool_), 1) & _possible(single))
        if not len(a) or not self.items:
            return []
        both, of_a, of_b = self.counts[a, b], single[a], single[b]
        expected = of_a * (of_b / self.items)
        lift = both / expected
        g2 = likelihood_ratio(both, of_a, of_b - both, self.items - of_a)
        q = false_discovery(chance_of(g2))
        keep = np.flatnonzero((q <= standard.rate) & (both >= standard.both) & (lift > standard.lift))
        if not standard.inside:
            names = self.labels
            keep = np.array(
                [k for k in keep if names[a[k]] not in names[b[k]] and names[b[k]] not in names[a[k]]],
                dtype=np.int64,
            )
        keep = keep[np.lexsort((-both[keep], -g2[keep]))][:most]
        pmi, spread = np.log2(lift[keep]), _spread(both[keep], of_a[keep], of_b[keep], lift[keep], self.items)
        return [
            Pair(
                self.labels[a[k]], self.labels[b[k]], int(both[k]), int(of_a[k]), int(of_b[k]),
                float(expected[k]), float(lift[k]), float(bits), float(bits - wide), float(bits + wide),
                float(g2[k]), float(q[k]),
            )
            for k, bits, wide in zip(keep.tolist(), pmi, Z95 * spread, strict=True)
        ]  # fmt: skip


def _possible(single: Ints) -> npt.NDArray[np.bool_]:
    return np.asarray((single > 0)[:, None] & (single > 0)[None, :])


def _spread(
    both: Ints, of_a: Ints, of_b: Ints, lift: npt.NDArray[np.float64], items: int
) -> npt.NDArray[np.float64]:
    """Standard error of log2 of the lift: delta method for log(n_ab N / (n_a n_b)) of a multinomial."""
    variance = 1 / both - 1 / of_a - 1 / of_b + (2 * lift - 1) / items
    return np.asarray(np.sqrt(np.maximum(variance, 0)) / np.log(2))


@numba.njit(cache=True, nogil=True)
def _add(rows, labels, counts):  # type: ignore[no-untyped-def] # pragma: no cover - compiled
    begin = 0
    for at in range(1, len(rows) + 1):
        if at < len(rows) and rows[at] == rows[begin]:
            continue
        for i in range(begin, at):
            for j in range(i, at):
                low, high = labels[i], labels[j]
                if low > high:
                    low, high = high, low
                counts[low, high] += 1
        begin = at
