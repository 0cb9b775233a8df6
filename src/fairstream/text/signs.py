"""Emoji and signs that stand for a character (❤ for 心, ➕ for 加): base readings that take them so."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from fairstream.text.base import Ints, Stream, fold_base
from fairstream.text.kinds import CharClass, FoldKind
from fairstream.text.table import EMOJI_BIT, FoldTable, fold_table, pack, sign_characters


def fold_signs(texts: Sequence[str], rows: Ints) -> Stream:
    """Base readings of `texts`, which are the given rows of a batch, with signs read as characters."""
    return replace(fold_base(texts, _sign_table()), row=rows.astype(np.int32))


@cache
def _sign_table() -> FoldTable:
    table = fold_table()
    entries = table.entries.copy()
    for sign, character in sign_characters():
        entries[ord(sign)] = pack(ord(character), FoldKind.LOOKALIKE, CharClass.HAN) | EMOJI_BIT
    return FoldTable(entries, table.expansions, table.lengths)
