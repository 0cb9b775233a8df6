"""Which runs of characters are phrases: word discovery on a sample, without a dictionary.

A run of two to eight characters is a candidate when enough texts hold it, its parts stay together more than
chance would have it (normalised pointwise mutual information of the weakest split; Bouma 2009) and what
stands before and after it varies (branching entropy; Jin & Tanaka-Ishii 2006). Every text of the sample
counts once, copies not at all. Counting over all texts is done afterwards and exactly (`phrases.Counter`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from fairstream.text.fold import FoldedBatch, Folder

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SAMPLE: Final = 200_000
"""Most texts that are mined."""
SHORTEST: Final = 2
LONGEST: Final = 8
_NONE: Final = -1
_CODES: Final = 0x110000


@dataclass(frozen=True, slots=True)
class Demands:
    """What a run must have to be a phrase.

    `texts` is the least number of texts of the sample, `share` the least share of them; the larger binds.
    `cohesion` is −1 to 1, `freedom` the least entropy in nats on either side. `explained` is the share of the
    texts with a phrase from which on a longer phrase replaces it (尾款人 replaces 款人).
    """

    texts: int = 8
    share: float = 0.00005
    cohesion: float = 0.35
    freedom: float = 1.2
    explained: float = 0.7
    most: int = 20_000

    def least(self, sample: int) -> int:
        """Least number of texts in a sample of that size."""
        return max(self.texts, int(np.ceil(self.share * sample)), 2)


class Candidates(NamedTuple):
    """Phrases, most frequent first, with texts of the sample that hold each; `sample` texts were mined."""

    phrases: tuple[str, ...]
    texts: Ints
    cohesion: Floats
    freedom: Floats
    sample: int


@dataclass(frozen=True, slots=True)
class StopPhrases:
    """What is no phrase; see data/stop_phrases.yaml."""

    start: frozenset[int]
    end: frozenset[int]
    anywhere: frozenset[int]
    phrases: frozenset[str]


@cache
def stop_phrases() -> StopPhrases:
    """The shipped list."""
    data = yaml.safe_load((files("fairstream.opinion") / "data/stop_phrases.yaml").read_text("utf-8"))
    start, end, anywhere = (frozenset(map(ord, data[key])) for key in ("start", "end", "anywhere"))
    return StopPhrases(start, end, anywhere, frozenset(data["phrases"]))


def sample(
    batches: Iterable[pa.RecordBatch], total: int, *, most: int = SAMPLE, seed: int = 1
) -> tuple[str, ...]:
    """Up to about `most` texts drawn evenly from `total` rows of the column `text`, copies left out.

    A row is a copy when its column `duplicate_of`, if there is one, is not null, or when an earlier text of
    the sample is the same.
    """
    chance = min(1.0, most / max(total, 1))
    draw = np.random.default_rng(seed)
    found: dict[str, None] = {}
    for batch in batches:
        texts = batch.column("text")
        keep = pa.array(draw.random(len(batch)) < chance)
        if "duplicate_of" in batch.schema.names:
            keep = pc.and_(keep, batch.column("duplicate_of").is_null())
        found.update(dict.fromkeys(text for text in texts.filter(keep).to_pylist() if text))
    return tuple(found)


def mine(texts: Sequence[str], demands: Demands | None = None) -> Candidates:
    """The phrases of these texts.

    Memory is about 100 bytes for each character: 0.8 GB for 200,000 posts of 40 characters.
    """
    demands = demands or Demands()
    if not texts:
        return Candidates((), _ints(), np.zeros(0), np.zeros(0), 0)
    grams = _Grams(Folder().fold(texts, evasion=False), demands.least(len(texts)))
    found = [grams.chosen(length, demands) for length in range(SHORTEST, LONGEST + 1)]
    merged = _Chosen(*(np.concatenate(parts) for parts in zip(*found, strict=True)))
    order = np.argsort(-merged.texts, kind="stable")[: demands.most]
    phrases = [grams.text(merged.place[at], merged.length[at]) for at in order]
    stopped = stop_phrases().phrases
    keep = order[[phrase not in stopped for phrase in phrases]] if len(order) else order
    words = [phrase for phrase in phrases if phrase not in stopped]
    standing = unexplained(words, merged.texts[keep], demands.explained)
    keep = keep[standing]
    return Candidates(
        tuple(words[at] for at in standing),
        merged.texts[keep],
        merged.cohesion[keep],
        merged.freedom[keep],
        len(texts),
    )


def unexplained(phrases: Sequence[str], counts: npt.NDArray[np.integer], explained: float) -> Ints:
    """Places of the phrases that no longer one holding them accounts for to that share."""
    count = dict(zip(phrases, counts.tolist(), strict=True))
    hidden = set[str]()
    for phrase, seen in count.items():
        for length in range(SHORTEST, len(phrase)):
            for at in range(len(phrase) - length + 1):
                part = phrase[at : at + length]
                if part in count and seen >= explained * count[part]:
                    hidden.add(part)
    return np.array([at for at, phrase in enumerate(phrases) if phrase not in hidden], dtype=np.int64)


class _Chosen(NamedTuple):
    place: Ints
    length: Ints
    texts: Ints
    cohesion: Floats
    freedom: Floats


class _Grams:
    """Numbers of the frequent runs of each length that begin at each character."""

    def __init__(self, folded: FoldedBatch, least: int) -> None:
        self._folded = folded
        self._least = least
        codes = folded.codes.astype(np.int32)
        self._codes = np.concatenate([codes, np.full(LONGEST + 1, ord("\n"), dtype=np.int32)])
        self._row = np.repeat(np.arange(len(folded), dtype=np.int32), np.diff(folded.bounds))
        word = _is_word(codes)
        first = _numbered(codes)
        self.number = {1: np.where(word, first, np.int32(_NONE))}
        self.count = {1: np.bincount(first)}
        self._size = len(codes)
        for length in range(SHORTEST, LONGEST + 1):
            self._lengthen(length)

    def text(self, place: int, length: int) -> str:
        """The characters of a run."""
        return self._folded.text[place : place + length]

    def _lengthen(self, length: int) -> None:
        """Runs of this length whose two runs one shorter are both frequent: no others can be."""
        shorter = self.number[length - 1]
        after = np.append(shorter[1:], _NONE)
        places = np.flatnonzero((shorter != _NONE) & (after != _NONE))
        number = np.full(self._size, _NONE, dtype=np.int32)
        keys = shorter[places].astype(np.int64) * (len(self.count[length - 1]) + 1) + after[places]
        met = _numbered(keys)
        counts = np.bincount(met)
        frequent = counts >= self._least
        renumbered = np.where(frequent, np.cumsum(frequent) - 1, _NONE)
        number[places] = renumbered[met]
        self.number[length], self.count[length] = number, counts[frequent]

    def chosen(self, length: int, demands: Demands) -> _Chosen:
        """The runs of this length that meet the demands."""
        number = self.number[length]
        places = np.flatnonzero(number != _NONE)
        places = places[self._whole(places, length)]
        runs, size = number[places], len(self.count[length])
        texts = _texts(runs, self._row[places], size)
        place = np.full(size, _NONE)
        place[runs[::-1]] = places[::-1]
        known = np.flatnonzero((texts >= self._least) & (place != _NONE))
        known = known[self._allowed(place[known], length)]
        cohesion = self._cohesion(place[known], known, length)
        known, cohesion = known[cohesion >= demands.cohesion], cohesion[cohesion >= demands.cohesion]
        freedom = np.minimum(
            _entropy(runs, self._beside(places - 1), size)[known],
            _entropy(runs, self._beside(places + length), size)[known],
        )
        free = freedom >= demands.freedom
        known = known[free]
        return _Chosen(place[known], np.full(len(known), length), texts[known], cohesion[free], freedom[free])

    def _whole(self, places: Ints, length: int) -> Flags:
        """Not cut out of a longer Latin word or number."""
        plain = _is_plain(self._codes)
        before = plain[places - 1] & (places > 0) & plain[places]
        after = plain[places + length] & plain[places + length - 1]
        return np.asarray(~before & ~after)

    def _allowed(self, places: Ints, length: int) -> Flags:
        stops = stop_phrases()
        windows = self._codes[places[:, None] + np.arange(length)]
        bad = np.isin(windows[:, 0], list(stops.start)) | np.isin(windows[:, -1], list(stops.end))
        bad |= np.isin(windows, list(stops.anywhere)).any(axis=1)
        bad |= (windows == windows[:, :1]).all(axis=1) | _is_plain(windows).all(axis=1)
        return np.asarray(~bad)

    def _cohesion(self, places: Ints, runs: Ints, length: int) -> Floats:
        """Normalised mutual information of the weakest split of each run."""
        total = float(self._size)
        whole = np.log(self.count[length][runs] / total)
        weakest = np.full(len(runs), np.inf)
        for cut in range(1, length):
            left = self.count[cut][self.number[cut][places]]
            right = self.count[length - cut][self.number[length - cut][places + cut]]
            weakest = np.minimum(weakest, whole - np.log(left / total) - np.log(right / total))
        return np.asarray(weakest / -whole)

    def _beside(self, places: Ints) -> Ints:
        """The character at each place, −1 for the edge of a clause."""
        codes = self._codes[np.maximum(places, 0)]
        return np.where((places < 0) | ~_is_word(codes), _NONE, codes).astype(np.int64)


def _entropy(runs: Ints, beside: Ints, size: int) -> Floats:
    """Entropy in nats of what stands beside each run; each edge counts as a character of its own."""
    within = np.flatnonzero(beside != _NONE)
    keys = runs[within].astype(np.int64) * _CODES + beside[within]
    pairs = pc.value_counts(pa.array(keys))
    of = pairs.field("values").to_numpy(zero_copy_only=False) // _CODES
    counts = pairs.field("counts").to_numpy(zero_copy_only=False)
    total = np.bincount(runs, minlength=size)
    logs = np.bincount(of, weights=counts * np.log(counts), minlength=size)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(total) - logs / total
    return np.nan_to_num(found, nan=0.0, neginf=0.0)


def _numbered(keys: npt.NDArray[np.integer]) -> npt.NDArray[np.int32]:
    """The same number for the same key, from 0 in the order of first appearance."""
    found: npt.NDArray[np.int32] = pa.array(keys).dictionary_encode().indices.to_numpy(zero_copy_only=False)
    return found


def _texts(runs: npt.NDArray[np.integer], rows: npt.NDArray[np.integer], size: int) -> Ints:
    """How many rows hold each run; rows are ascending."""
    order = np.argsort(runs, kind="stable")
    own, row = runs[order], rows[order]
    fresh = np.ones(len(own), dtype=np.bool_)
    fresh[1:] = (own[1:] != own[:-1]) | (row[1:] != row[:-1])
    return np.bincount(own[fresh], minlength=size)


def _is_plain(codes: npt.NDArray[np.integer]) -> Flags:
    """Latin letters and digits of a folded text."""
    return np.asarray(((codes >= 97) & (codes <= 122)) | ((codes >= 48) & (codes <= 57)))


def _is_word(codes: npt.NDArray[np.integer]) -> Flags:
    """Characters of which phrases consist: Chinese ones, letters, digits."""
    han = (codes >= 0x3400) & (codes <= 0x9FFF) | (codes >= 0x20000) & (codes <= 0x3FFFF)
    return np.asarray(han | _is_plain(codes))


def _ints() -> Ints:
    return np.zeros(0, dtype=np.int64)
