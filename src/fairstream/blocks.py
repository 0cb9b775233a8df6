"""What a paper says, before it has a form: headings, paragraphs, tables and charts as data.

One paper is written once, in both languages, and rendered to HTML, Word and PDF. A number or quotation never
stands in a sentence as bare characters: the sentence has a `{name}`, and `holds` says which `Number` or
`Quote` belongs there, so that each can be followed to the items behind it and checked against them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from fairstream.records import Words

ITEMS: Final = Words("条", "items")
NOTHING: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class Number:
    """One figure of a paper, with the way back to its items.

    `key` is unique in the paper. `shown` is how it is written. `value` is what was computed: a count, a
    share 0–1, a date as ISO text. `meaning` says what was counted among what, in words. `query` is the
    condition, in the words of `fairstream opinion items --where`, that lists the items behind it (None when
    there are none); `count` is how many these are. Of a share, `whole` is the condition of what it is a share
    of. `low` and `high` bound a number with `confidence` when it was estimated.
    """

    key: str
    shown: Words
    value: float | str
    meaning: Words
    query: str | None = None
    count: int | None = None
    whole: str | None = None
    low: float | None = None
    high: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an item, exactly as the item has them (masked), and which item that is."""

    key: str
    text: str
    item: str
    source: Words


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` 1 is a chapter. `anchor` is its place in a page."""

    text: Words
    level: Literal[1, 2, 3] = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Sentences with `{name}` where `holds[name]` belongs, in both languages with the same names.

    Names that come from the data (a channel, a topic of one's own) are held as `Words`: they may have digits
    and braces of their own.
    "placeholder" is left for the author to write, "warning" says that something is missing or uncertain.
    """

    text: Words
    holds: Mapping[str, Number | Quote | Words] = field(default_factory=dict)
    kind: Literal["body", "note", "placeholder", "warning", "item"] = "body"


Cell = Words | Number | Quote | str
"""One cell of a table; plain `str` for names that are the same in both languages."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `numeric` are the columns (0-based) to align by their digits."""

    title: Words
    columns: tuple[Words, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """Values of one line or group of bars, one per category; None is a gap.

    `low` and `high` are bounds of each value when they were estimated; `queries` lead to the items behind.
    """

    name: Words
    values: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    queries: tuple[str | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture of figures, drawn by one engine for screen and paper.

    Kinds: "line" (over days), "bar" (horizontal, categories with names), "stacked" (bars of shares), "dots"
    (values with their bounds), "words" (a cloud; the value is the weight), "heat" (series × categories).
    `share` writes values as percentages. `sample` is the number of items the picture rests on. `marks` are
    categories to mark with a short text.
    """

    key: str
    kind: Literal["line", "bar", "stacked", "dots", "words", "heat"]
    title: Words
    categories: tuple[Words, ...]
    series: tuple[Series, ...]
    sample: int
    unit: Words = ITEMS
    share: bool = False
    marks: Mapping[int, Words] = field(default_factory=dict)
    note: Words | None = None


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `invented` marks one made from made-up data; every page repeats the mark."""

    title: Words
    subtitle: Words
    blocks: tuple[Block, ...]
    invented: bool = False
    made: Words = NOTHING
