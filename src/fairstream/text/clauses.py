"""Clauses and sentences of folded text, for whole batches."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from fairstream.text.kinds import CLAUSE_MARKS, SENTENCE_MARKS

_CLAUSE, _SENTENCE = 1, 2


@dataclass(frozen=True)
class Divisions:
    """For each folded character the number of its clause and of its sentence, counted over the batch.

    A mark belongs to what it ends; so does the line end after a reading. Two characters are in the same
    clause when their numbers are equal.
    """

    clause: npt.NDArray[np.int32]
    sentence: npt.NDArray[np.int32]


def divide(codes: npt.NDArray[np.uint32]) -> Divisions:
    """Cut folded code points (`FoldedBatch.codes`) into clauses and sentences."""
    ends = _ends()[np.minimum(codes, 0xFFFF)]
    return Divisions(_numbered(ends > 0), _numbered(ends == _SENTENCE))


def _numbered(ends: npt.NDArray[np.bool_]) -> npt.NDArray[np.int32]:
    numbers = np.zeros(len(ends), dtype=np.int32)
    np.cumsum(ends[:-1], dtype=np.int32, out=numbers[1:])
    return numbers


@cache
def _ends() -> npt.NDArray[np.uint8]:
    table = np.zeros(0x10000, dtype=np.uint8)
    table[[ord(mark) for mark in CLAUSE_MARKS]] = _CLAUSE
    table[[ord(mark) for mark in SENTENCE_MARKS + "\n"]] = _SENTENCE
    return table
