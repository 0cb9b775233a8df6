"""A paper as one self-contained page: no script, no address; for screen readers, in print, in the dark."""

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

import jinja2
from markupsafe import Markup

from fairstream import charts
from fairstream.blocks import Paper
from fairstream.charts.drawing import LOCALES, variables
from fairstream.documents import phrases, spreadsheet
from fairstream.documents.laid import Grid, Laid, Picture, Run, Runs, lay
from fairstream.documents.plain import has_long_run
from fairstream.records import Language

Links = Callable[[str], str | None]
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)


def render(
    paper: Paper,
    language: Language,
    *,
    links: Links | None = None,
    other: str | None = None,
    width: int = 760,
) -> str:
    """The page as HTML text.

    `links` turns the condition of a number (`Number.query`) into the address of its items; without it, or
    when it gives None, the number leads to its row in the appendix. `other` is the address of the same paper
    in the other language. `width` is that of the charts in CSS pixels; they shrink with the window.
    """
    laid = lay(paper, language)
    page = _Page(laid, language, links)
    return _template().render(
        page=page,
        laid=laid,
        words=phrases,
        say=lambda words: phrases.say(words, language),
        locale=LOCALES[language],
        other_locale=LOCALES["en" if language == "zh" else "zh"],
        other=other,
        policy=POLICY,
        style=Markup(_style()),  # noqa: S704 - our own file
        drawn={piece.anchor: page.drawn(piece, width, paper.invented) for piece in laid.pictures},
    )


class _Page:
    """What the template asks for."""

    def __init__(self, laid: Laid, language: Language, links: Links | None) -> None:
        self.laid = laid
        self.language = language
        self.links = links

    def address(self, run: Run) -> str:
        """Where a number leads."""
        if run.number is None:
            return ""
        outside = self.links(run.number.query) if self.links and run.number.query else None
        return outside or f"#{self.laid.places[run.number.key]}"

    def meaning(self, run: Run) -> str:
        return phrases.say(run.number.meaning, self.language) if run.number else ""

    def text(self, runs: Runs) -> str:
        return "".join(run.text for run in runs)

    def classes(self, text: str, numeric: bool) -> Markup:
        """The class attribute of a cell, when it needs one."""
        names = " ".join(name for name, so in (("digits", numeric), ("long", has_long_run(text))) if so)
        return Markup(f' class="{names}"' if names else "")  # noqa: S704 - our own words

    def point(self, query: str) -> str:
        return (self.links(query) if self.links else None) or ""

    def drawn(self, picture: Picture, width: int, invented: bool) -> Markup:
        svg = charts.draw(
            picture.chart,
            self.language,
            width=width,
            invented=invented,
            titled=False,
            link=self.point if self.links else None,
        )
        return Markup(charts.themed(svg))  # noqa: S704 - the engine escapes every text

    def sheet(self, picture: Picture) -> str:
        return spreadsheet.address(spreadsheet.of_chart(picture.chart, picture.data, self.language))

    def table_sheet(self, grid: Grid) -> str:
        return spreadsheet.address(spreadsheet.of_grid(grid))


@cache
def _style() -> str:
    style = (files("fairstream.documents") / "paper.css").read_text(encoding="utf-8")
    return style.replace("/* light charts */", variables("light")).replace(
        "/* dark charts */", variables("dark")
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fairstream.documents", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("paper.html.j2")
