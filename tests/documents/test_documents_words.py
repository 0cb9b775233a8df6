"""HTML, Word and PDF of one paper say the same words, and nothing in a text acts."""

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import lxml.html
import pytest
from paper_sample import LONG, hostile, paper

from fairstream.blocks import Paper
from fairstream.documents import docx, html, pdf
from fairstream.documents.laid import Grid, Head, Laid, Para, Picture, lay
from fairstream.records import Language

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAPERS = {"sample": paper(), "hostile": hostile()}
CASES = [(name, language) for name in PAPERS for language in ("zh", "en")]


def squeezed(text: str) -> str:
    """Without blanks and line ends, which are each setter's own."""
    return re.sub(r"[\s\u200b\u00ad]+", "", text)


def units(laid: Laid) -> Iterator[str]:
    """Every text that must be read, piece by piece."""
    yield from (laid.title, laid.subtitle, laid.made, laid.invented)
    for piece in laid.pieces:
        match piece:
            case Head():
                yield piece.text
            case Para():
                yield piece.label + "".join(run.text for run in piece.runs)
            case Grid():
                yield piece.label + piece.title
                yield from piece.columns
                yield from ("".join(run.text for run in cell) for row in piece.rows for cell in row)
                yield piece.note
            case Picture():
                yield piece.label + piece.title


def words_of_page(text: str) -> str:
    page = lxml.html.fromstring(text)
    for gone in page.xpath("//*[contains(@class,'tool')] | //svg | //style | //a[@class='skip'] | //head"):
        gone.drop_tree()
    return squeezed(page.text_content())


def words_of_file(path: Path) -> str:
    with ZipFile(path) as archive:
        body = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314 - our own file
    return squeezed("".join(one.text or "" for one in body.iter(f"{W}t")))


def words_of_pdf(path: Path) -> str:
    tool = shutil.which("pdftotext")
    if tool is None:
        pytest.skip("pdftotext (poppler-utils) is not installed, the words of the PDF were not read")
    done = subprocess.run([tool, "-raw", "-enc", "UTF-8", path, "-"], capture_output=True, check=True)
    return squeezed(done.stdout.decode())


@pytest.mark.parametrize(("name", "language"), CASES)
def test_page_and_word_file_hold_exactly_the_words_of_the_paper(
    name: str, language: Language, tmp_path: Path
) -> None:
    laid = lay(PAPERS[name], language, data_apart=True)
    heading = squeezed("".join(head.text for head in laid.heads if head.anchor == "h-data-of-figures"))
    file = tmp_path / "paper.docx"
    docx.render(PAPERS[name], language, file)
    in_page, in_file = words_of_page(html.render(PAPERS[name], language)), words_of_file(file)
    assert Counter(in_file) == Counter(squeezed("".join(units(laid))))
    assert Counter(in_page + heading) == Counter(in_file), "the page unfolds the data in their place"
    for unit in units(laid):
        assert squeezed(unit) in in_file
        if squeezed(unit) != heading:
            assert squeezed(unit) in in_page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pdf_holds_every_text_of_the_paper(language: Language, tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    pdf.render(PAPERS["sample"], language, file)
    # Page numbers stand between the lines of a text that goes on overleaf.
    read = re.sub(r"—\d+—", "", words_of_pdf(file))
    missing = [
        unit for unit in units(lay(PAPERS["sample"], language, data_apart=True)) if squeezed(unit) not in read
    ]
    assert missing == []


def test_pdf_of_hostile_texts_holds_them_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "paper.pdf"
    pdf.render(PAPERS["hostile"], "zh", file)
    read = words_of_pdf(file)
    for text in (
        "<b>&amp;\"'#$\\*_@`][{}~^%|</b>=1+1//x/*y*/---...",
        "=cmd|'/Ccalc'!A0",
        "@SUM(1+1)",
        "{no}{}",
    ):
        assert text in read, text
    assert read.count("长") >= LONG.count("长")
    assert read.count("x") >= LONG.count("x")


def test_no_text_becomes_markup_in_the_page() -> None:
    page = lxml.html.fromstring(html.render(PAPERS["hostile"], "zh"))
    assert (
        page.xpath("//main//b[not(@class='label') and not(ancestor::caption) and not(ancestor::figcaption)]")
        == []
    )
    assert page.xpath("//script | //@onclick | //@onload | //iframe | //img") == []


def test_an_empty_paper_is_set_too(tmp_path: Path) -> None:
    nothing = Paper(paper().title, paper().subtitle, ())
    assert "<h1>" in html.render(nothing, "zh")
    docx.render(nothing, "zh", tmp_path / "a.docx")
    assert pdf.render(nothing, "zh", tmp_path / "a.pdf").standard == pdf.ARCHIVE
