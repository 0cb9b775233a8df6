"""Risky terms written with characters of the same or nearly the same sound (药效 → 要效, 微信 → 薇芯)."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints
from fairstream.text.kinds import COSTS, FoldKind
from fairstream.text.ordinary import are_words, is_ordinary, levels
from fairstream.text.rewrite import Edit
from fairstream.text.risky import RiskyTerms, SoundIndex
from fairstream.text.table import EMOJI_BIT
from fairstream.text.view import Recovery, View

#: Two characters that stand alone more often than this together (sum of levels) are ordinary words.
PLAIN_PAIR = 13
#: The same for the replaced characters of longer terms, on average.
PLAIN_MEAN = 9
#: What a syllable that only sounds alike, and two replaced characters in place of one, add to these sums.
NEAR_WEIGHT, BOTH_WEIGHT = 2, 4
_TONE, _NEAR = 0.03, 0.08


def homophones(view: View, risky: RiskyTerms) -> Iterator[Recovery]:
    """Risky terms that stand in the view under other characters of the same or nearly the same sound."""
    index = risky.sounds
    positions, variants = _candidates(view, index)
    text = view.text if len(positions) else ""
    for position, variant in zip(positions.tolist(), variants.tolist(), strict=True):
        recovery = _accepted(text, risky, position, variant)
        if recovery:
            yield recovery


def _candidates(view: View, index: SoundIndex) -> tuple[Ints, Ints]:
    """Positions where a term sounds alike but is written otherwise, with the variant that sounds so."""
    pairs = view.sound_pairs
    at = np.flatnonzero(index.present[pairs])
    if not len(at):
        return at, at
    keys = pairs[at].astype(np.int64)
    counts = index.first[keys + 1] - index.first[keys]
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    positions = np.repeat(at, counts)
    variants = index.order[np.repeat(index.first[keys], counts) + within]
    positions, variants = _sounding(view, index, positions, variants)
    keep = _odd(view, index, positions, variants)
    positions, variants = positions[keep], variants[keep]
    short = index.lengths[variants] == 2
    at, narrow = positions[short], view.narrow
    known = are_words(narrow[at], narrow[at + 1])
    known |= are_words(narrow[at - 1], narrow[at]) | are_words(narrow[at + 1], narrow[at + 2])
    short[short] = known
    return positions[~short], variants[~short]


def _sounding(view: View, index: SoundIndex, positions: Ints, variants: Ints) -> tuple[Ints, Ints]:
    """Keep candidates of which every syllable agrees."""
    last = len(view.groups) - 1
    for column in range(2, index.groups.shape[1]):
        needed = index.lengths[variants] > column
        if not needed.any():
            break
        heard = view.groups[np.minimum(positions + column, last)]
        keep = ~needed | (heard == index.groups[variants, column])
        positions, variants = positions[keep], variants[keep]
    return positions, variants


def _odd(view: View, index: SoundIndex, positions: Ints, variants: Ints) -> npt.NDArray[np.bool_]:
    """Which candidates are written otherwise than the term, and not with everyday one-character words."""
    size = len(positions)
    differing, total, replaced, near = (np.zeros(size, dtype=np.int64) for _ in range(4))
    lengths = index.lengths[variants]
    last = len(view.codes) - 1
    for column in range(index.codes.shape[1]):
        used = lengths > column
        if not used.any():
            break
        at = np.minimum(positions + column, last)
        sign = view.stream.packed[at] & np.uint32(EMOJI_BIT)
        level = levels()[view.narrow[at]].astype(np.int64) * (used & (sign == 0))
        other = used & (view.codes[at] != index.codes[variants, column])
        differing += other
        heard = index.table.syllables[view.narrow[at]] == index.syllables[variants, column, None]
        near += other & ~heard.any(axis=1)
        total += level
        replaced += level * other
    short = (lengths == 2) & (total + NEAR_WEIGHT * near + BOTH_WEIGHT * (differing > 1) <= PLAIN_PAIR)
    short &= (differing < 2) | (near == 0)  # two guesses on two characters are no evidence
    long = (lengths > 2) & (replaced + NEAR_WEIGHT * near <= PLAIN_MEAN * differing)
    odd: npt.NDArray[np.bool_] = (differing > 0) & (short | long)
    return odd


def _accepted(text: str, risky: RiskyTerms, begin: int, variant: int) -> Recovery | None:
    index = risky.sounds
    term = index.term[variant]
    end = begin + len(term)
    written = text[begin:end]
    unchanged = frozenset(begin + i for i, (a, b) in enumerate(zip(written, term, strict=True)) if a == b)
    if is_ordinary(text, begin, end, unchanged) or risky.is_white(text, begin, end):
        return None
    edits = (
        Edit(at, at + 1, term[at - begin], FoldKind.HOMOPHONE, _cost(index, variant, at - begin, text[at]))
        for at in range(begin, end)
        if at not in unchanged
    )
    return Recovery(begin, end, tuple(edits))


def _cost(index: SoundIndex, variant: int, column: int, written: str) -> float:
    """More for another tone, more still for a syllable that only sounds alike."""
    syllable = int(index.syllables[variant, column])
    cost = float(COSTS[FoldKind.HOMOPHONE])
    if syllable not in index.table.readings(written):
        cost += _NEAR
    if index.table.tones[ord(written)] != index.table.tones[index.codes[variant, column]]:
        cost += _TONE
    return cost
