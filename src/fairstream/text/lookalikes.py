"""Risky terms with one character written as another that looks like it (末 for 未, 冶 for 治)."""

from collections.abc import Iterator
from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints
from fairstream.text.kinds import COSTS, FoldKind
from fairstream.text.lists import listed
from fairstream.text.ordinary import is_ordinary
from fairstream.text.rewrite import Edit
from fairstream.text.risky import RiskyTerms
from fairstream.text.view import Recovery, View

_ALTERNATIVES = 3
_COST = float(COSTS[FoldKind.LOOKALIKE]) * 2


class Lookalikes:
    """Characters that may be meant for a character of a risky term."""

    def __init__(self, risky: RiskyTerms) -> None:
        self._risky = risky
        self._table = np.zeros((_ALTERNATIVES, 0x10000), dtype=np.uint16)
        for written, meant in _pairs():
            if meant in risky.characters:
                column = self._table[:, ord(written)]
                free = np.flatnonzero(column == 0)
                if len(free):
                    column[free[0]] = ord(meant)
        self._listed = self._table[0] > 0

    def recoveries(self, view: View) -> Iterator[Recovery]:
        """Risky terms written with characters that look alike."""
        at = np.flatnonzero(self._listed[view.narrow])
        for column in self._table:
            meant = column[view.narrow[at]].astype(np.uint32)
            at, meant = at[meant > 0], meant[meant > 0]
            likely = self._likely(view, at, meant)
            for position, code in zip(at[likely].tolist(), meant[likely].tolist(), strict=True):
                yield from self._accepted(view.text, position, chr(code))

    def _likely(self, view: View, at: Ints, meant: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
        last = len(view.codes) - 1
        before, after = view.codes[np.maximum(at - 1, 0)], view.codes[np.minimum(at + 1, last)]
        return self._risky.adjacent(before, meant) | self._risky.adjacent(meant, after)

    def _accepted(self, text: str, at: int, meant: str) -> Iterator[Recovery]:
        reach = self._risky.longest
        low = max(0, at - reach)
        near = text[low:at] + meant + text[at + 1 : at + reach]
        for begin, end in self._risky.covering(near, at - low, at - low):
            begin, end = begin + low, end + low
            unchanged = frozenset(range(begin, end)) - {at}
            if is_ordinary(text, begin, end, unchanged) or self._risky.is_white(text, begin, end):
                continue
            yield Recovery(begin, end, (Edit(at, at + 1, meant, FoldKind.LOOKALIKE, _COST),))


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    pairs = [(a, b) for a, b in listed("lookalike.tsv")]
    return tuple(pairs + [(b, a) for a, b in pairs])
