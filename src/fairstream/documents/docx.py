"""A paper as a Word file that an office can go on writing: real styles, captions, links inside."""

import io
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from fairstream import charts
from fairstream.blocks import Paper
from fairstream.documents import ooxml, pictures
from fairstream.documents.laid import Grid, Head, Laid, Para, Picture, Runs, lay
from fairstream.documents.phrases import say
from fairstream.records import CHINA, Language

LATIN: Final = "Times New Roman"
# Asked for by name; where they are not, Word and LibreOffice put another font in their place.
BODY: Final = "仿宋"
HEADS: Final = "黑体"
LINE_MM: Final = 156
_MARGINS_MM: Final = {"top": 37, "bottom": 35, "left": 28, "right": 26}
_SIZES: Final = {"Normal": 12, "Title": 22, "Subtitle": 14, "Heading 1": 16, "Heading 2": 14, "Heading 3": 12}
_SMALL: Final = "Fairstream Table"
_SPLIT_FROM: Final = 400
_SHADES: Final = {"placeholder": ("F3EAFA", "5B3A78", "dashed"), "warning": ("FDEEC9", "7C4A03", "single")}


@dataclass(frozen=True, slots=True)
class Made:
    """What was written, and the fonts that it asks for."""

    path: Path
    fonts: tuple[str, ...]


def render(
    paper: Paper, language: Language, path: Path, *, width: int = 600, made_at: datetime | None = None
) -> Made:
    """Write the paper to `path` as A4 with margins as in GB/T 9704.

    Charts are pictures of 200 dots an inch, drawn `width` CSS pixels wide, with alternative text; their data
    stand in an appendix. Every number leads to its row in the appendix of numbers. `made_at` is the time that
    the document bears, now when not given.
    """
    laid = lay(paper, language, data_apart=True)
    writer = _Writer(laid, language, paper, width)
    writer.write()
    properties = writer.document.core_properties
    properties.title, properties.author, properties.comments = laid.title[:255], "Fairstream", laid.invented
    properties.language = "zh-CN" if language == "zh" else "en"
    moment = (made_at or datetime.now(CHINA)).astimezone(CHINA).replace(tzinfo=None, microsecond=0)
    properties.created = properties.modified = moment
    writer.document.save(str(path))
    return Made(path, (LATIN, BODY, HEADS))


class _Writer:
    """One document; counts bookmarks and pictures."""

    def __init__(self, laid: Laid, language: Language, paper: Paper, width: int) -> None:
        self.document = docx.Document()
        self.laid, self.language, self.paper, self.width = laid, language, paper, width
        self.bookmarks = 0
        self.style_ids: dict[str, str] = {}

    def write(self) -> None:
        self.styles()
        self.page()
        self.front()
        for piece in self.laid.pieces:
            match piece:
                case Head():
                    paragraph = self.add(f"Heading {piece.level}", piece.text)
                    self.bookmark(paragraph, piece.anchor)
                case Para():
                    self.paragraph(piece)
                case Grid():
                    self.grid(piece)
                case Picture():
                    self.picture(piece)

    def add(self, style: str, text: str = "") -> Any:
        """A paragraph at the end of the document."""
        paragraph = self.document.add_paragraph()
        self.styled(paragraph, style)
        if text:
            paragraph.add_run(text)
        return paragraph

    def styled(self, paragraph: Any, style: str) -> None:
        """Looking a style up by its name takes longer than writing the paragraph: each is looked up once."""
        if style not in self.style_ids:
            self.style_ids[style] = self.document.styles[style].style_id
        paragraph._p.style = self.style_ids[style]

    def styles(self) -> None:
        styles = self.document.styles
        for name, size in _SIZES.items():
            style = styles[name]
            ooxml.set_fonts(style, LATIN, BODY if name in ("Normal", "Subtitle") else HEADS)
            style.font.size, style.font.color.rgb, style.font.italic = Pt(size), RGBColor(0, 0, 0), False
        styles["Normal"].paragraph_format.line_spacing = 1.5
        styles["Normal"].paragraph_format.space_after = Pt(4)
        caption = styles["Caption"]
        ooxml.set_fonts(caption, LATIN, HEADS)
        caption.font.size, caption.font.color.rgb, caption.font.bold = Pt(10.5), RGBColor(0, 0, 0), False
        small = styles.add_style(_SMALL, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style, small.font.size = styles["Normal"], Pt(9)
        small.paragraph_format.line_spacing, small.paragraph_format.space_after = 1.15, Pt(0)
        ooxml.set_languages(styles, self.language)
        title = styles["Title"].element.get_or_add_pPr()
        for border in title.findall(qn("w:pBdr")):
            title.remove(border)

    def page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        for side, size in _MARGINS_MM.items():
            setattr(section, f"{side}_margin", Mm(size))
        foot = section.footer.paragraphs[0]
        foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
        foot.add_run("— ")
        ooxml.add_field(foot, "PAGE", "1")
        foot.add_run(" —")
        if self.laid.invented:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            head.add_run(self.laid.invented).font.size = Pt(9)

    def front(self) -> None:
        lines = (("Title", self.laid.title), ("Subtitle", self.laid.subtitle), ("Normal", self.laid.made))
        for style, text in lines:
            if text:
                self.add(style, text).alignment = WD_ALIGN_PARAGRAPH.CENTER
        if self.laid.invented:
            mark = self.document.add_paragraph()
            mark.add_run(self.laid.invented).font.bold = True
            ooxml.shade(mark, *_SHADES["warning"])

    def bookmark(self, paragraph: Any, name: str) -> None:
        self.bookmarks += 1
        ooxml.add_bookmark(paragraph, _place(name), self.bookmarks)

    def runs(self, paragraph: Any, runs: Runs) -> None:
        for run in runs:
            if run.number is None:
                paragraph.add_run(run.text)
                continue
            tip = say(run.number.meaning, self.language)
            place = _place(self.laid.places[run.number.key])
            ooxml.add_link(paragraph, place, run.text, re.sub(r"[\x00-\x1f]", " ", tip)[:250])

    def paragraph(self, piece: Para) -> None:
        style = "List Bullet" if piece.kind == "item" else "Normal"
        paragraph = self.add(style)
        if piece.label:
            gap = "" if piece.label.endswith("：") else " "
            paragraph.add_run(piece.label + gap).font.bold = True
        self.runs(paragraph, piece.runs)
        if piece.kind == "body" and self.language == "zh":
            paragraph.paragraph_format.first_line_indent = Pt(24)
        if piece.kind in _SHADES:
            ooxml.shade(paragraph, *_SHADES[piece.kind])

    def caption(self, label: str, title: str, *, above: bool, counted: bool) -> Any:
        kind, _, number = label.rpartition(" ")
        paragraph = self.add("Caption")
        paragraph.paragraph_format.keep_with_next = above
        if counted:
            paragraph.add_run(f"{kind} ").font.bold = True
            ooxml.add_field(paragraph, f"SEQ {kind} \\* ARABIC", number)
        else:
            paragraph.add_run(label).font.bold = True
        paragraph.add_run(f" {title}")
        return paragraph

    def grid(self, grid: Grid) -> None:
        caption = self.caption(grid.label, grid.title, above=True, counted=bool(grid.anchor))
        if grid.anchor:
            self.bookmark(caption, grid.anchor)
        table = self.document.add_table(rows=1, cols=len(grid.columns), style="Table Grid")
        table.autofit = False
        ooxml.repeat_header(table.rows[0])
        for column, name in enumerate(grid.columns):
            paragraph = table.rows[0].cells[column].paragraphs[0]
            self.styled(paragraph, _SMALL)
            paragraph.add_run(name).font.bold = True
            if column in grid.numeric:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for row, anchor in zip(grid.rows, grid.anchors or ("",) * len(grid.rows), strict=True):
            added = table.add_row()
            if sum(len(run.text) for runs in row for run in runs) < _SPLIT_FROM:
                ooxml.keep_whole(added)
            cells = added.cells
            for column, runs in enumerate(row):
                paragraph = cells[column].paragraphs[0]
                self.styled(paragraph, _SMALL)
                self.runs(paragraph, runs)
                if column in grid.numeric:
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            if anchor:
                self.bookmark(cells[0].paragraphs[0], anchor)
        shares = grid.shares
        for column, share in enumerate(shares):
            table.columns[column].width = Mm(LINE_MM * share / sum(shares))
            for cell in table.columns[column].cells:
                cell.width = Mm(LINE_MM * share / sum(shares))
        after = self.add(_SMALL, grid.note)
        after.paragraph_format.space_after = Pt(12)

    def picture(self, piece: Picture) -> None:
        svg = charts.draw(
            piece.chart, self.language, width=self.width, invented=self.paper.invented, titled=False
        )
        picture = self.document.add_picture(
            io.BytesIO(pictures.png(svg, width_mm=LINE_MM)), width=Mm(LINE_MM)
        )
        ooxml.describe(picture, f"{piece.label} {piece.title}", charts.described(svg))
        frame = self.document.paragraphs[-1]
        frame.paragraph_format.keep_with_next = True
        caption = self.caption(piece.label, piece.title, above=False, counted=True)
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.bookmark(caption, piece.anchor)


def _place(anchor: str) -> str:
    """Names of bookmarks have letters, digits and underscores, at most 40."""
    return re.sub(r"\W", "_", anchor)[:40]
