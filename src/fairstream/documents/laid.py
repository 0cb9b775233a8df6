"""A paper in one language, numbered and ready to set: what HTML, Word and PDF have in common.

Everything that decides words is decided here, so that the three say the same.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from fairstream.blocks import ITEMS, Cell, Chart, Heading, Number, Paper, Paragraph, Quote, Series, Table
from fairstream.documents import appendix, phrases
from fairstream.documents.phrases import numbered, quoted, say
from fairstream.documents.plain import fit
from fairstream.records import Language, Words

_NAME: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; a number or quotation is a run of its own."""

    text: str
    number: Number | None = None
    quote: Quote | None = None


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """A heading with a place of its own."""

    text: str
    level: int
    anchor: str


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph; `label` stands before it in bold and says what kind it is."""

    runs: Runs
    kind: Literal["body", "note", "placeholder", "warning", "item"]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table. `label` is its number, `anchors` are the places of rows that are led to."""

    label: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    numeric: frozenset[int]
    note: str = ""
    anchor: str = ""
    anchors: tuple[str, ...] = ()

    @property
    def shares(self) -> list[float]:
        """Shares of the line for the columns, by the longest text; at most about three to one."""
        texts = [
            [name, *("".join(run.text for run in row[column]) for row in self.rows)]
            for column, name in enumerate(self.columns)
        ]
        # Two and a half for the edges of a cell and bold letters.
        return [min(max(*(_ems(text) for text in column), 5.0) + 2.5, 24.0) for column in texts]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart with its number and its data."""

    label: str
    title: str
    chart: Chart
    data: Grid
    anchor: str


Piece = Head | Para | Grid | Picture


@dataclass(frozen=True, slots=True)
class Laid:
    """The whole paper. `places` are the anchors of numbers in the appendix, by key."""

    title: str
    subtitle: str
    made: str
    invented: str
    pieces: tuple[Piece, ...]
    places: Mapping[str, str]

    @property
    def heads(self) -> tuple[Head, ...]:
        """The headings, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Head))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The charts, in order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Picture))


def lay(paper: Paper, language: Language, *, data_apart: bool = False) -> Laid:
    """Number, name and complete the paper: its blocks, then the appendix of its numbers.

    `data_apart` puts the data of the charts into an appendix of their own, for paper that unfolds nothing.
    """
    layer = _Layer(language)
    pieces = list(layer.pieces(paper.blocks))
    keys = [number.key for number in appendix.listed(paper)]
    places = {key: f"n-{count}" for count, key in enumerate(keys, start=1)}
    if data_apart:
        pieces += layer.data(pieces)
    for piece in layer.pieces(appendix.numbers(paper)):
        pieces.append(_with_places(piece, tuple(places.values())) if isinstance(piece, Grid) else piece)
    return Laid(
        title=fit(say(paper.title, language)),
        subtitle=fit(say(paper.subtitle, language)),
        made=fit(say(paper.made, language)),
        invented=say(phrases.INVENTED, language) if paper.invented else "",
        pieces=tuple(pieces),
        places=places,
    )


def _with_places(grid: Grid, anchors: tuple[str, ...]) -> Grid:
    return Grid(
        grid.label, grid.title, grid.columns, grid.rows, grid.numeric, grid.note, grid.anchor, anchors
    )


class _Layer:
    """Counts figures, tables and headings while it lays them."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.figures = self.tables = self.headings = 0
        self.taken: set[str] = set()

    def pieces(self, blocks: Iterable[object]) -> Iterator[Piece]:
        for block in blocks:
            match block:
                case Heading():
                    yield self.head(block)
                case Paragraph():
                    yield self.paragraph(block)
                case Table():
                    yield self.table(block)
                case Chart():
                    yield self.picture(block)

    def say(self, words: Words | None) -> str:
        return fit(say(words, self.language)) if words else ""

    def head(self, block: Heading) -> Head:
        self.headings += 1
        wanted = re.sub(r"[^\w.-]+", "-", block.anchor).strip("-")
        anchor = f"h-{wanted or self.headings}"
        if anchor in self.taken:
            anchor = f"{anchor}-{self.headings}"
        self.taken.add(anchor)
        return Head(self.say(block.text), block.level, anchor)

    def paragraph(self, block: Paragraph) -> Para:
        labels = {"placeholder": phrases.TO_WRITE, "warning": phrases.WARNING, "note": phrases.NOTE}
        label = say(labels[block.kind], self.language) if block.kind in labels else ""
        return Para(self.sentence(say(block.text, self.language), block.holds), block.kind, label)

    def sentence(self, text: str, holds: Mapping[str, Number | Quote | Words]) -> Runs:
        """Text and what it holds; a brace that names nothing stands as it is."""
        runs: list[Run] = []
        done = 0
        for found in _NAME.finditer(text):
            held = holds.get(found[1])
            if held is None:
                continue
            if found.start() > done:
                runs.append(Run(fit(text[done : found.start()])))
            runs.extend(self.cell(held))
            done = found.end()
        if done < len(text) or not runs:
            runs.append(Run(fit(text[done:])))
        return tuple(runs)

    def held(self, held: Number | Quote) -> Run:
        if isinstance(held, Number):
            return Run(self.say(held.shown), number=held)
        return Run(quoted(fit(held.text), self.say(held.source), self.language), quote=held)

    def cell(self, cell: Cell) -> Runs:
        if isinstance(cell, Number | Quote):
            return (self.held(cell),)
        return (Run(fit(cell) if isinstance(cell, str) else self.say(cell)),)

    def table(self, block: Table) -> Grid:
        self.tables += 1
        return Grid(
            label=numbered(phrases.TABLE, self.tables, self.language),
            title=self.say(block.title),
            columns=tuple(self.say(column) for column in block.columns),
            rows=tuple(tuple(self.cell(cell) for cell in row) for row in block.rows),
            numeric=block.numeric,
            note=self.say(block.note),
            anchor=f"t-{self.tables}",
        )

    def picture(self, chart: Chart) -> Picture:
        self.figures += 1
        label = numbered(phrases.FIGURE, self.figures, self.language)
        return Picture(label, self.say(chart.title), chart, self.grid(chart, label), f"f-{self.figures}")

    def grid(self, chart: Chart, label: str) -> Grid:
        """What the chart shows, as a table: one row a category."""
        columns, cells = [say(phrases.CATEGORY, self.language)], []
        for series in chart.series:
            name = self.say(series.name)
            columns.append(name)
            cells.append(series.values)
            if bounded(series):
                columns += [f"{name} {say(words, self.language)}" for words in (phrases.LOW, phrases.HIGH)]
                cells += [series.low, series.high]
        if chart.marks:
            columns.append(say(phrases.MARKED, self.language))
        rows = []
        for index, category in enumerate(chart.categories):
            row = [self.say(category), *(self.value(values, index, chart) for values in cells)]
            if chart.marks:
                row.append(self.say(chart.marks.get(index)))
            rows.append(tuple((Run(text),) for text in row))
        numeric = frozenset(range(1, 1 + len(cells)))
        return Grid(label, self.say(chart.title), tuple(columns), tuple(rows), numeric, self.beneath(chart))

    def beneath(self, chart: Chart) -> str:
        """The note of a chart, what its values are counted in, and how many items it rests on."""
        gap, colon = ("", "：") if self.language == "zh" else (" ", ": ")
        sample = f"{chart.sample:,}{gap}{say(ITEMS, self.language)}"
        parts = [self.say(chart.note), f"{say(phrases.SAMPLE, self.language)}{colon}{sample}"]
        if chart.unit != ITEMS and not chart.share:
            parts.insert(1, f"{say(phrases.UNIT, self.language)}{colon}{self.say(chart.unit)}")
        return " ".join(part for part in parts if part)

    def value(self, values: tuple[float | None, ...], index: int, chart: Chart) -> str:
        value = values[index] if index < len(values) else None
        if value is None:
            return say(phrases.GAP, self.language)
        if chart.share:
            return f"{value * 100:.2f}%"
        return f"{value:,.0f}" if value == int(value) else f"{value:,.2f}"

    def data(self, pieces: Iterable[Piece]) -> list[Piece]:
        """The appendix with the data of the charts, when there are charts."""
        grids = [piece.data for piece in pieces if isinstance(piece, Picture)]
        head = Heading(phrases.APPENDIX_DATA, 1, "data-of-figures")
        return [self.head(head), *grids] if grids else []


def _ems(text: str) -> float:
    return sum(1.0 if sign > "\u2e7f" else 0.55 for sign in text[:200])


def bounded(series: Series) -> bool:
    """Whether any of its values was estimated with bounds."""
    return any(value is not None for value in (*series.low, *series.high))
