"""Tables as CSV, with nothing in a cell that a spreadsheet would run."""

import base64
import csv
import io
from collections.abc import Iterable

from fairstream.blocks import Chart
from fairstream.documents.laid import Grid, bounded
from fairstream.documents.plain import cell
from fairstream.records import Language, Words

Row = tuple[str | float | None, ...]


def of_grid(grid: Grid) -> str:
    """The table as it is shown."""
    rows = [tuple("".join(run.text for run in runs) for runs in row) for row in grid.rows]
    return _csv([grid.columns, *rows])


def of_chart(chart: Chart, grid: Grid, language: Language) -> str:
    """The values as computed, not rounded; a gap is an empty cell."""

    def say(words: Words | None) -> str:
        return getattr(words, language) if words else ""

    columns = []
    for series in chart.series:
        columns += [series.values, *((series.low, series.high) if bounded(series) else ())]
    rows: list[Row] = [grid.columns]
    for index, category in enumerate(chart.categories):
        values = [values[index] if index < len(values) else None for values in columns]
        marks = [say(chart.marks.get(index))] if chart.marks else []
        rows.append((say(category), *values, *marks))
    return _csv(rows)


def _csv(rows: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    for row in rows:
        writer.writerow([cell(one) if isinstance(one, str) else one for one in row])
    return out.getvalue()


def address(text: str) -> str:
    """A `data:` address of the file; the mark of byte order tells spreadsheets that it is UTF-8."""
    code = base64.b64encode(text.encode("utf-8-sig")).decode("ascii")
    return f"data:text/csv;charset=utf-8;base64,{code}"
