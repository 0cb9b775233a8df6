"""All literals of the rules, looked up in the readings that passed the gate."""

from collections.abc import Iterable, Sequence

import daachorse
import numpy as np

from fairstream.detect.compile import Compiled
from fairstream.detect.reading import Reading
from fairstream.text.fold import FoldedBatch


class Lookup:
    """One automaton over every literal; one call for all readings of a batch that are candidates."""

    def __init__(self, compiled: Compiled) -> None:
        self._groups_of = compiled.groups_of
        self._white = compiled.white
        self._automaton = daachorse.CharwiseDoubleArrayAhoCorasick(list(compiled.literals))

    def readings(self, batch: FoldedBatch, numbers: Sequence[int]) -> dict[int, Reading]:
        """The readings of these numbers with their literals, by number."""
        texts = [batch.reading(number) for number in numbers]
        bounds = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])])
        matches = self._automaton.find_overlapping("\n".join(texts))
        matches.sort()
        starts = np.fromiter((match[0] for match in matches), dtype=np.int64, count=len(matches))
        ends = np.searchsorted(starts, bounds).tolist()
        offsets = bounds.tolist()
        return {
            number: self._reading(texts[index], matches[ends[index] : ends[index + 1]], offsets[index])
            for index, number in enumerate(numbers)
        }

    def _reading(self, text: str, matches: Iterable[tuple[int, int, int]], offset: int) -> Reading:
        groups_of = self._groups_of
        literals = [(start - offset, end - offset, groups_of[number]) for start, end, number in matches]
        white = [(start, end) for start, end, groups in literals if self._white in groups]
        return Reading.of(text, literals, white)
