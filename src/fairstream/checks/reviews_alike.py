"""Near-copies among texts: shingles, MinHash for candidates, exact Jaccard similarity for the verdict.

Broder, A. Z. (1997), On the resemblance and containment of documents. Candidates come from 48 bands of two
hashes: a pair of similarity 0.3 is missed once in ninety times, one of 0.5 once in a million.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from fairstream.text.fold import Folder

BANDS: Final = 48
ROWS: Final = 2
SHINGLE: Final = 3
SEED: Final = 20260301
MOST_IN_BUCKET: Final = 200
"""Of a larger bucket each text is compared with the first only: they are copies of one text already."""

Codes = npt.NDArray[np.uint64]


def plain(texts: Sequence[str]) -> list[str]:
    """The folded texts without marks, blanks and signs: what is left when someone retypes them."""
    batch = Folder().fold(list(texts), evasion=False)
    return ["".join(filter(str.isalnum, batch.reading(row))) for row in range(len(texts))]


def shingles(text: str) -> Codes:
    """The different runs of three characters of a text, as numbers."""
    points = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(points) < SHINGLE:
        return np.zeros(0, dtype=np.uint64)
    return np.unique((points[:-2] << np.uint64(42)) | (points[1:-1] << np.uint64(21)) | points[2:])


def likeness(one: Codes, other: Codes) -> float:
    """Jaccard similarity of two sets of shingles; 0 when both are empty."""
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / max(1, len(one) + len(other) - common)


def alike(sets: Sequence[Codes], least: float) -> list[list[int]]:
    """Groups of two or more whose members are joined by pairs of at least this similarity, in order."""
    parent = list(range(len(sets)))

    def root(member: int) -> int:
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    for one, other in sorted(_candidates(sets)):
        if root(one) != root(other) and likeness(sets[one], sets[other]) >= least:
            parent[max(root(one), root(other))] = min(root(one), root(other))
    groups = defaultdict(list)
    for member in range(len(sets)):
        groups[root(member)].append(member)
    return [group for group in groups.values() if len(group) > 1]


def _candidates(sets: Sequence[Codes]) -> set[tuple[int, int]]:
    rng = np.random.default_rng(SEED)
    factor = rng.integers(1, 2**63, BANDS * ROWS, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    buckets: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for member, codes in enumerate(sets):
        if len(codes):
            mixed = codes ^ (codes >> np.uint64(29))
            least = ((mixed[:, None] * factor[None, :]) >> np.uint64(20)).min(axis=0).reshape(BANDS, ROWS)
            for band in range(BANDS):
                buckets[band, least[band].tobytes()].append(member)
    pairs: set[tuple[int, int]] = set()
    for members in buckets.values():
        pairs.update(_pairs(members))
    return pairs


def _pairs(members: list[int]) -> Iterable[tuple[int, int]]:
    if len(members) <= MOST_IN_BUCKET:
        return combinations(members, 2)
    return ((members[0], other) for other in members[1:])
