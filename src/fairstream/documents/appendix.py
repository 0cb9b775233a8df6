"""The list of all numbers of a paper: what each counts and which items are behind it."""

from collections.abc import Iterator

from fairstream.blocks import Block, Cell, Heading, Number, Paper, Paragraph, Table
from fairstream.documents import phrases
from fairstream.records import Words


def listed(paper: Paper) -> tuple[Number, ...]:
    """Every number of the paper once, in the order of reading."""
    first = {number.key: number for number in reversed([*_numbers(paper)])}
    return tuple(first[key] for key in dict.fromkeys(number.key for number in _numbers(paper)))


def _numbers(paper: Paper) -> Iterator[Number]:
    for block in paper.blocks:
        held: tuple[Cell, ...] = ()
        if isinstance(block, Paragraph):
            held = tuple(block.holds.values())
        elif isinstance(block, Table):
            held = tuple(cell for row in block.rows for cell in row)
        yield from (one for one in held if isinstance(one, Number))


def numbers(paper: Paper) -> list[Block]:
    """Heading, lead and table of the appendix; nothing when the paper has no number."""
    rows = tuple(_row(number) for number in listed(paper))
    if not rows:
        return []
    columns = (phrases.KEY, phrases.SHOWN, phrases.MEANING, phrases.QUERY, phrases.COUNT, phrases.BOUNDS)
    return [
        Heading(phrases.APPENDIX, 1, "numbers"),
        Paragraph(phrases.APPENDIX_LEAD),
        Table(phrases.NUMBERS, columns, rows, numeric=frozenset({1, 4})),
    ]


def _row(number: Number) -> tuple[Cell, ...]:
    return (
        number.key,
        number.shown,
        number.meaning,
        phrases.GAP if number.query is None else number.query,
        phrases.GAP if number.count is None else f"{number.count:,}",
        _bounds(number),
    )


def _bounds(number: Number) -> Words:
    if number.low is None or number.high is None:
        return phrases.GAP
    share = isinstance(number.value, float) and "%" in number.shown.en
    low, high = (f"{one:.2%}" if share else f"{one:,.4g}" for one in (number.low, number.high))
    sure = "" if number.confidence is None else f"{number.confidence:.0%}"
    if not sure:
        return Words(f"{low}～{high}", f"{low} – {high}")
    return Words(f"{low}～{high}（置信度 {sure}）", f"{low} – {high} (confidence {sure})")
