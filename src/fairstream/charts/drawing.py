"""A `blocks.Chart` in one language → SVG text."""

import hashlib
import html
import math
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final

from fairstream.blocks import Chart, Series
from fairstream.charts.engine import palettes, svg
from fairstream.errors import UsageError
from fairstream.records import Language, Words

LOCALES: Final = {"zh": "zh-CN", "en": "en"}
_NARROWEST: Final = 320

# XML has no place for control characters, and marks of direction would turn what stands after them.
_UNFIT: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+"
)


def draw(
    chart: Chart,
    language: Language,
    *,
    width: int = 720,
    height: int | None = None,
    dark: bool = False,
    invented: bool = False,
    titled: bool = True,
    link: Callable[[str], str] | None = None,
) -> str:
    """The chart as an SVG of `width` × `height` CSS pixels with real text; the same bytes for the same input.

    Without `height` the picture is as high as its content asks. `titled` draws the title inside (leave it
    out under a caption); title and description are in the SVG for screen readers in any case. `invented`
    adds the mark of made-up data. `link` turns a `Series.queries` condition into an address; the points that
    have one become links.

    Raises `UsageError` when a series has more values than there are categories, or a value is no number.
    """
    if width < _NARROWEST:
        raise UsageError(
            f"a chart of {width} pixels is too narrow", remedy=f"give at least {_NARROWEST} pixels"
        )
    spec = _spec(chart, language, link)
    spec |= {"width": width, "height": height, "dark": dark, "invented": invented, "titled": titled}
    return svg(spec)


def _spec(chart: Chart, language: Language, link: Callable[[str], str] | None) -> dict[str, Any]:
    def say(words: Words) -> str:
        return fit(getattr(words, language))

    for series in chart.series:
        _check(chart, series)
    return {
        "id": _identity(chart.key),
        "lang": LOCALES[language],
        "language": language,
        "kind": chart.kind,
        "title": say(chart.title),
        "categories": [say(words) for words in chart.categories],
        "series": [
            {
                "name": say(series.name),
                "values": series.values,
                "low": series.low,
                "high": series.high,
                "links": [link(query) if link and query else None for query in series.queries],
            }
            for series in chart.series
        ],
        "sample": chart.sample,
        "unit": say(chart.unit),
        "share": chart.share,
        "marks": [(index, say(words)) for index, words in sorted(chart.marks.items())],
        "note": say(chart.note) if chart.note else "",
    }


def _check(chart: Chart, series: Series) -> None:
    for name in ("values", "low", "high", "queries"):
        if len(getattr(series, name)) > len(chart.categories):
            raise UsageError(
                f"chart {chart.key!r}: the series {series.name.en!r} has more {name} than categories",
                remedy="give one for each category, None for a gap",
            )
    numbers = (*series.values, *series.low, *series.high)
    if any(number is not None and not math.isfinite(number) for number in numbers):
        raise UsageError(
            f"chart {chart.key!r}: the series {series.name.en!r} holds a value that is no number",
            remedy="use None for a value that is not known",
        )


def _identity(key: str) -> str:
    """A name for ids inside the SVG, different for different keys, fit for any page."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:24]
    return f"c-{plain}-{hashlib.blake2s(key.encode(), digest_size=4).hexdigest()}"


def fit(text: str) -> str:
    """Text as XML may hold it: control characters and marks of direction become blanks."""
    return _UNFIT.sub(" ", text).strip()


def _purposes(palette: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for purpose, colour in palette.items():
        if isinstance(colour, list):
            yield from ((f"--chart-{purpose}-{number}", one) for number, one in enumerate(colour))
        else:
            yield f"--chart-{purpose}", colour


@cache
def variables(theme: str) -> str:
    """CSS declarations of the colours of one theme ("light" or "dark"), for pages with `themed` charts."""
    return " ".join(f"{name}: {colour};" for name, colour in _purposes(palettes()[theme]))


def described(picture: str) -> str:
    """What the SVG says of itself to those who do not see it."""
    found = re.search("<desc[^>]*>([^<]*)</desc>", picture)
    return html.unescape(found[1]) if found else ""


def themed(picture: str) -> str:
    """A light chart whose colours follow the page: each becomes `var(--chart-…)`, see `variables`."""
    names = {colour: f"var({name})" for name, colour in _purposes(palettes()["light"])}
    pattern = re.compile(rf'(?<=")(?:{"|".join(names)})(?=")')
    return pattern.sub(lambda found: names[found.group()], picture)
