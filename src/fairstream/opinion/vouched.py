"""What the kind of an item vouches for: reviews and complaints are about goods or services.

Whoever reviews in a shop or complains at a counter speaks of what was bought, however few the words
(很好吃). Only an item that says nothing does not: empty, digits and signs, or phrases of the lexicon
`says_nothing` (此用户没有填写评价) and nothing else.
"""

import re
from collections.abc import Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

KINDS: Final = pa.array(["complaint", "review"])
"""Values of `kind` in `columns.POSTS` that vouch."""
LEXICON: Final = "says_nothing"
"""Lexicon of the phrases that stand for an empty item."""
_SIGNS: Final = r"[\pN\pP\pZ\pC\p{Sm}\p{Sk}\p{Sc}]"


def says_nothing(phrases: Iterable[str]) -> str:
    """RE2 pattern of whole texts that are made of these phrases, digits and signs; emoji do say something."""
    return rf"(?i)\A(?:{'|'.join([_SIGNS, *map(re.escape, sorted(phrases))])})*\z"


def vouched(kinds: pa.Array, texts: pa.Array, nothing: str) -> npt.NDArray[np.bool_]:
    """Which items are about goods or services by their kind; null is an unknown kind. No texts are null."""
    known = pc.fill_null(pc.is_in(kinds, KINDS), False)
    answer = np.array(known.to_numpy(zero_copy_only=False))
    if answer.any():
        answer[answer] = ~pc.match_substring_regex(texts.filter(known), nothing).to_numpy(
            zero_copy_only=False
        )
    return answer
