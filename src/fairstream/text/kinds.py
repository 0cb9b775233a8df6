"""What a fold can do to a character, what that costs, and the marks a folded text holds."""

from enum import IntEnum

import numpy as np
import numpy.typing as npt


class FoldKind(IntEnum):
    """The costliest fold applied to a character of a folded text.

    SOUND and SPOTTED stand in text a recogniser wrote: read as what the syllables may have been, and as
    what a keyword spotter heard. What they cost is told with each (`detect.sounding`).
    """

    NONE = 0
    WIDTH = 1
    CASE = 2
    TRADITIONAL = 3
    DIGIT = 4
    INVISIBLE = 5
    SEPARATOR = 6
    REPEAT = 7
    LOOKALIKE = 8
    PINYIN = 9
    HOMOPHONE = 10
    SPLIT = 11
    SOUND = 12
    SPOTTED = 13


#: Usual cost of each kind, 0 (as published) to 1 (a guess). Homophones cost more the further they sound.
COSTS: npt.NDArray[np.float32] = np.array(
    [0, 0, 0, 0, 0, 0.02, 0.03, 0.05, 0.05, 0.08, 0.1, 0.08, 0, 0, 0, 0], dtype=np.float32
)

#: Kinds that tell of a join with the character before; a hit that begins there does not pay for it.
JOINS = (FoldKind.INVISIBLE, FoldKind.SEPARATOR)

#: Marks that end a sentence in a folded text. ASCII forms fold to these, and so do line ends (to "。").
SENTENCE_MARKS = "。！？；"
#: Marks that end a clause in a folded text (comma, list comma, colon, ellipsis, dash).
CLAUSE_MARKS = "，、：…—"
#: Quotation marks: “ opens (also 「『‘«), ” closes, '"' is straight and tells no direction.
QUOTE_OPEN, QUOTE_CLOSE, QUOTE_PLAIN = "“", "”", '"'
QUOTE_MARKS = QUOTE_OPEN + QUOTE_CLOSE + QUOTE_PLAIN
#: Brackets: ( ) for round ones, [ ] for all square and curly ones and 【】, 《 》 for titles.
BRACKETS = "()[]《》"


class CharClass(IntEnum):
    """What a code point is to the fold. Those from DROP on need a look at their neighbours."""

    OTHER = 0
    HAN = 1
    WORD = 2
    END = 3
    STRONG = 4
    QUOTE = 5
    DROP = 8
    MARK = 9
    SPACE = 10
    SEPARATOR = 11
    CONTEXT = 12
