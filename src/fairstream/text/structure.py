"""Edits that undo how characters were pulled apart: punctuation between them, repeats, split characters.

These are proposals. Whether a risky term comes out of them is decided on the reading they make.
"""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints
from fairstream.text.kinds import COSTS, CharClass, FoldKind
from fairstream.text.lists import listed
from fairstream.text.rewrite import Edit
from fairstream.text.risky import RiskyTerms
from fairstream.text.view import View

#: Longer runs of marks between two characters are not looked through.
LONGEST_RUN = 4

Mask = npt.NDArray[np.bool_]


class Structure:
    """Finds edits in a view, given the risky terms."""

    def __init__(self, risky: RiskyTerms) -> None:
        self._risky = risky
        self._split = {parts: c for parts, c in _splits() if c in risky.characters}
        self._parts = np.zeros((2, 0x10000), dtype=np.bool_)
        for parts in self._split:
            self._parts[0, ord(parts[0]) & 0xFFFF] = self._parts[1, ord(parts[1]) & 0xFFFF] = True

    def edits(self, view: View) -> list[Edit]:
        """Proposed edits in order, without overlaps."""
        found = sorted([*self._gaps(view), *self._repeats(view), *self._joined(view)])
        kept: list[Edit] = []
        for edit in found:
            if not kept or edit.begin >= kept[-1].end:
                kept.append(edit)
        return kept

    def _gaps(self, view: View) -> Iterator[Edit]:
        classes = view.classes
        marks = np.flatnonzero(classes >= CharClass.STRONG)
        if not len(marks):
            return
        opens = np.flatnonzero(np.concatenate(([True], np.diff(marks) != 1)))
        first = marks[opens]
        last = marks[np.concatenate((opens[1:], [len(marks)])) - 1]
        held = (first > 0) & (last - first < LONGEST_RUN)
        first, last = first[held], last[held]
        held = _is_text(view.classes[first - 1]) & _is_text(view.classes[last + 1])
        first, last = first[held], last[held]
        wanted = self._wanted(view, first - 1, last + 1)
        cost = float(COSTS[FoldKind.SEPARATOR]) * 2
        for begin, end in zip(first[wanted].tolist(), (last[wanted] + 1).tolist(), strict=True):
            yield Edit(begin, end, "", FoldKind.SEPARATOR, cost)

    def _wanted(self, view: View, left: Ints, right: Ints) -> Mask:
        """Gaps between characters that stand side by side in a risky term, by writing, sound or letter."""
        classes, codes = view.classes, view.codes
        han_left, han_right = classes[left] == CharClass.HAN, classes[right] == CharClass.HAN
        hot = self._risky.adjacent(codes[left], codes[right])
        alone_left, alone_right = _single(view, left, -1), _single(view, right, 1)
        single = alone_left | alone_right
        keys = view.groups[left].astype(np.int64) * 256 + view.groups[right]
        alike = self._risky.sounds.adjacent[keys] & single & han_left & han_right
        letter_left = codes[left] - np.uint32(97) < 26
        letter_right = codes[right] - np.uint32(97) < 26
        symbol = (classes[left + 1] >= CharClass.SPACE) & (codes[right - 1] != ord("@"))
        lone_han = (han_left & alone_left) | (han_right & alone_right)
        mixed = ((letter_left & han_right) | (han_left & letter_right)) & (symbol | lone_han)
        spaced = letter_left & letter_right & alone_left & alone_right
        return np.asarray(hot | alike | spaced | mixed)

    def _repeats(self, view: View) -> Iterator[Edit]:
        codes, risky = view.codes, self._risky
        same = np.flatnonzero(view.narrow[1:] == view.narrow[:-1])
        same = same[(view.classes[same] == CharClass.HAN) & (codes[same] == codes[same + 1])]
        if not len(same):
            return
        opens = np.flatnonzero(np.concatenate(([True], np.diff(same) != 1)))
        first = same[opens]
        last = same[np.concatenate((opens[1:], [len(same)])) - 1] + 1
        own = codes[first]
        before, after = codes[np.maximum(first - 1, 0)], codes[np.minimum(last + 1, len(codes) - 1)]
        hot = risky.adjacent(before, own) | risky.adjacent(own, after)
        hot &= ~risky.adjacent(own, own)
        cost = float(COSTS[FoldKind.REPEAT])
        for begin, end in zip(first[hot].tolist(), (last[hot] + 1).tolist(), strict=True):
            yield Edit(begin, end, chr(int(codes[begin])), FoldKind.REPEAT, cost)

    def _joined(self, view: View) -> Iterator[Edit]:
        narrow = view.narrow
        at = np.flatnonzero(self._parts[0][narrow[:-1]]) if self._split else np.zeros(0, dtype=np.int64)
        at = at[self._parts[1][narrow[at + 1]]]
        cost = float(COSTS[FoldKind.SPLIT])
        for begin in at.tolist():
            whole = self._split.get(chr(int(view.codes[begin])) + chr(int(view.codes[begin + 1])))
            if whole:
                yield Edit(begin, begin + 2, whole, FoldKind.SPLIT, cost)


def _is_text(classes: npt.NDArray[np.uint8]) -> Mask:
    return np.asarray((classes == CharClass.HAN) | (classes == CharClass.WORD))


def _single(view: View, at: Ints, step: int) -> Mask:
    """Whether the character stands alone: no Han character (or for a letter, no letter) runs on from it."""
    beyond = view.classes[np.clip(at + step, 0, len(view.classes) - 1)]
    letter = view.classes[at] == CharClass.WORD
    alone = (beyond >= CharClass.END) | (at + step < 0)
    return np.asarray(alone | (letter & (beyond != CharClass.WORD)))


@cache
def _splits() -> tuple[tuple[str, str], ...]:
    return tuple((parts, character) for character, ways in listed("split.tsv") for parts in ways.split())
