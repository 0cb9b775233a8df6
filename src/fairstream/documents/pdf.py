"""A paper as PDF/A-2b, set by Typst from our template; every text is handed over as data."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson

from fairstream import charts
from fairstream.blocks import Paper
from fairstream.documents import fonts
from fairstream.documents.laid import Grid, Head, Laid, Para, Picture, Piece, Run, lay
from fairstream.documents.plain import breakable
from fairstream.errors import FairstreamError
from fairstream.records import CHINA, Language, Words

ARCHIVE: Final = "PDF/A-2b"
PLAIN: Final = "PDF 1.7"

NO_CHINESE: Final = Words(
    "没有安装中文字体，PDF 中的汉字可能显示为方框。请安装 Noto Serif CJK SC（Debian：fonts-noto-cjk）。",
    "No font for Chinese is installed: Chinese characters may show as boxes. "
    "Install Noto Serif CJK SC (Debian: fonts-noto-cjk).",
)
NO_ARCHIVE: Final = Words(
    "文中有已装字体都没有的字符，无法生成 PDF/A-2b，改为普通 PDF。",
    "The text has characters that no installed font holds, so this is plain PDF and not PDF/A-2b.",
)


@dataclass(frozen=True, slots=True)
class Made:
    """What was written: where, by which standard, in which fonts, and what the reader should know."""

    path: Path
    standard: str
    fonts: tuple[str, ...]
    warnings: tuple[Words, ...] = ()


def render(
    paper: Paper, language: Language, path: Path, *, width: int = 600, made_at: datetime | None = None
) -> Made:
    """Write the paper to `path`; charts are drawn `width` CSS pixels wide and fill the line.

    `made_at` is the time that the document bears, now when not given; with it the bytes repeat.
    Characters that no font holds cost the archive standard, never the document: `Made.warnings` says so.
    Raises `FairstreamError` when the setter refuses the document.
    """
    laid = lay(paper, language, data_apart=True)
    body, heads = fonts.for_paper(language)
    warnings = [] if fonts.has_chinese() else [NO_CHINESE]
    drawn = {
        picture.anchor: charts.draw(
            picture.chart, language, width=width, invented=paper.invented, titled=False
        )
        for picture in laid.pictures
    }
    data = _data(laid, language, drawn) | {"body": body, "heads": heads}
    with tempfile.TemporaryDirectory(prefix="fairstream-") as name:
        folder = Path(name)
        template = folder / "paper.typ"
        template.write_bytes((files("fairstream.documents") / "paper.typ").read_bytes())
        (folder / "data.json").write_bytes(orjson.dumps(data))
        for anchor, svg in drawn.items():
            (folder / f"{anchor}.svg").write_text(svg, encoding="utf-8")
        content, standard = _set(template, made_at or datetime.now(CHINA))
    if standard != ARCHIVE:
        warnings.append(NO_ARCHIVE)
    path.write_bytes(content)
    return Made(path, standard, (body[0], heads[0]) if body[0] != heads[0] else (body[0],), tuple(warnings))


def _set(template: Path, made_at: datetime) -> tuple[bytes, str]:
    import typst

    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts.loaded())
    try:
        return _compiled(compiler, made_at, "a-2b"), ARCHIVE
    except typst.TypstError as refusal:
        try:
            return _compiled(compiler, made_at, "1.7"), PLAIN
        except typst.TypstError as error:
            raise FairstreamError(
                f"the PDF could not be set: {error.message} (as {ARCHIVE}: {refusal.message})",
                remedy="report this with the paper that caused it",
            ) from error


def _compiled(compiler: Any, made_at: datetime, standard: str) -> bytes:
    at = made_at.replace(microsecond=0)
    return bytes(compiler.compile(format="pdf", pdf_standards=standard, timestamp=at))


def _data(laid: Laid, language: Language, drawn: Mapping[str, str]) -> dict[str, Any]:
    return {
        "language": language,
        "title": breakable(laid.title),
        "subtitle": breakable(laid.subtitle),
        "made": breakable(laid.made),
        "invented": laid.invented,
        "pieces": [_piece(piece, laid, drawn) for piece in laid.pieces],
    }


def _piece(piece: Piece, laid: Laid, drawn: Mapping[str, str]) -> dict[str, Any]:
    match piece:
        case Head():
            return {
                "what": "head",
                "text": breakable(piece.text),
                "level": piece.level,
                "anchor": piece.anchor,
            }
        case Para():
            runs = _runs(piece.runs, laid)
            return {"what": "paragraph", "kind": piece.kind, "label": piece.label, "runs": runs}
        case Grid():
            return _grid(piece, laid)
        case Picture():
            return {
                "what": "picture",
                "label": piece.label,
                "title": breakable(piece.title),
                "anchor": piece.anchor,
                "file": f"{piece.anchor}.svg",
                "alt": f"{piece.label} {piece.title}. {charts.described(drawn[piece.anchor])}",
            }


def _runs(runs: tuple[Run, ...], laid: Laid, *, narrow: bool = False) -> list[dict[str, str]]:
    made = []
    for run in runs:
        text = breakable(run.text, narrow=narrow)
        if run.number:
            made.append({"text": text, "kind": "number", "to": laid.places[run.number.key]})
        else:
            made.append({"text": text, "kind": "quote" if run.quote else "text"})
    return made


def _grid(grid: Grid, laid: Laid) -> dict[str, Any]:
    return {
        "what": "grid",
        "label": grid.label,
        "title": breakable(grid.title),
        "columns": [breakable(name, narrow=True) for name in grid.columns],
        "rows": [[_runs(cell, laid, narrow=True) for cell in row] for row in grid.rows],
        "numeric": sorted(grid.numeric),
        "note": breakable(grid.note),
        "anchor": grid.anchor,
        "anchors": grid.anchors,
        "widths": grid.shares,
    }
