"""Word and PDF: real structure, places that links reach, fonts, repeatable bytes."""

import re
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import docx as python_docx
import pytest
from docx.oxml.ns import qn
from paper_sample import CHARTS, hostile, paper

from fairstream.documents import appendix, docx, fonts, pdf, pictures
from fairstream.documents.laid import Grid, lay
from fairstream.documents.plain import breakable, cell, fit
from fairstream.records import CHINA

AT = datetime(2022, 11, 20, 9, 30, tzinfo=CHINA)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def word(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("word") / "paper.docx"
    docx.render(paper(), "zh", path, made_at=AT)
    return path


class TestWord:
    def test_has_real_headings(self, word: Path) -> None:
        document = python_docx.Document(str(word))
        heads = {one.text: one.style.name for one in document.paragraphs if "Heading" in one.style.name}
        assert list(heads)[:3] == ["一、基本情况", "二、主要问题", "（一）直播带货"]
        assert [heads[one] for one in ("一、基本情况", "（一）直播带货", "1. 口径")] == [
            "Heading 1",
            "Heading 2",
            "Heading 3",
        ]

    def test_every_link_reaches_a_bookmark(self, word: Path) -> None:
        body = python_docx.Document(str(word)).element.body
        places = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
        assert len(places) == len(set(places))
        links = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
        assert links == ["n_1", "n_2", "n_3", "n_2", "n_1", "n_2"]
        assert set(links) <= set(places)

    def test_pictures_are_sharp_and_described(self, word: Path) -> None:
        document = python_docx.Document(str(word))
        shown = [shape._inline.docPr for shape in document.inline_shapes]
        assert len(shown) == len(CHARTS)
        assert shown[0].get("title") == "图 1 每日消费维权信息量"
        assert "最高 11,000（11月11日）" in shown[0].get("descr")
        with ZipFile(word) as archive:
            images = [archive.read(name) for name in archive.namelist() if name.startswith("word/media/")]
        assert len(images) == len(CHARTS)
        for image in images:
            assert image[:8] == PNG
            assert abs(int.from_bytes(image[16:20], "big") - 156 / 25.4 * 200) < 3

    def test_figures_and_tables_count_themselves(self, word: Path) -> None:
        body = python_docx.Document(str(word)).element.body
        fields = [(one.text or "").split()[:2] for one in body.iter(qn("w:instrText"))]
        assert fields.count(["SEQ", "图"]) == len(CHARTS)
        assert fields.count(["SEQ", "表"]) == 2

    def test_has_page_mark_and_fonts(self, word: Path) -> None:
        document = python_docx.Document(str(word))
        section = document.sections[0]
        assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
        assert [round(one.mm) for one in (section.top_margin, section.bottom_margin)] == [37, 35]
        assert "（虚构）" in section.header.paragraphs[0].text
        assert "PAGE" in section.footer._element.xml
        asked = document.styles["Normal"].element.rPr.rFonts
        assert asked.get(qn("w:eastAsia")) == "仿宋"
        assert document.core_properties.created.replace(tzinfo=None) == AT.replace(tzinfo=None)

    def test_heads_of_tables_repeat_on_every_page(self, word: Path) -> None:
        for table in python_docx.Document(str(word)).tables:
            assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


class TestPdf:
    def test_is_made_for_the_archive_in_the_fonts_it_names(self, tmp_path: Path) -> None:
        made = pdf.render(paper(), "zh", tmp_path / "a.pdf", made_at=AT)
        assert made.standard == "PDF/A-2b"
        content = made.path.read_bytes()
        assert b"<pdfaid:part>2</pdfaid:part>" in content
        assert b"/Outlines" in content
        assert set(made.fonts) <= fonts.installed()
        if not fonts.has_chinese():
            pytest.skip("no Chinese font is installed, its warning was not compared")
        assert made.warnings == ()
        assert made.fonts[0] in (*fonts.BODY, *fonts.SERIF)

    def test_is_the_same_bytes_for_the_same_paper_and_time(self, tmp_path: Path) -> None:
        one = pdf.render(paper(), "en", tmp_path / "a.pdf", made_at=AT).path.read_bytes()
        other = pdf.render(paper(), "en", tmp_path / "b.pdf", made_at=AT).path.read_bytes()
        assert one == other

    def test_letters_that_no_font_holds_cost_the_standard_and_not_the_document(self, tmp_path: Path) -> None:
        made = pdf.render(hostile(), "zh", tmp_path / "a.pdf")
        assert made.standard == "PDF 1.7"
        assert pdf.NO_ARCHIVE in made.warnings
        assert made.path.read_bytes().startswith(b"%PDF-1.7")

    def test_without_a_chinese_font_it_is_made_with_a_warning(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import typst

        bare = typst.Fonts(include_system_fonts=False)
        monkeypatch.setattr(fonts, "loaded", lambda: bare)
        monkeypatch.setattr(fonts, "installed", lambda: frozenset(bare.families()))
        made = pdf.render(paper(), "zh", tmp_path / "a.pdf")
        assert pdf.NO_CHINESE in made.warnings
        assert made.fonts == ("Libertinus Serif",)
        assert made.path.stat().st_size > 10_000


class TestAppendix:
    def test_lists_each_number_once_in_the_order_of_reading(self) -> None:
        assert [one.key for one in appendix.listed(paper())] == ["total", "complaint-share", "peak-day"]

    def test_says_what_is_behind_a_number(self) -> None:
        table = appendix.numbers(paper())[-1]
        row = table.rows[1]  # type: ignore[union-attr]
        assert row[0] == "complaint-share"
        assert row[3:5] == ("polarity = complaint", "5,480")
        assert row[5].zh == "10.50%～11.90%（置信度 95%）"  # type: ignore[union-attr]

    def test_is_nothing_without_numbers(self) -> None:
        assert appendix.numbers(type(paper())(paper().title, paper().subtitle, ())) == []


def test_columns_are_as_broad_as_their_texts_within_bounds() -> None:
    grids = [piece for piece in lay(hostile(), "zh").pieces if isinstance(piece, Grid)]
    assert grids[0].shares == [24.0, pytest.approx(len("=cmd|' /C calc'!A0") * 0.55 + 2.5), 24.0]
    assert Grid("", "", ("条",), (), frozenset()).shares == [7.5]


class TestText:
    @pytest.mark.parametrize(
        ("given", "wanted"),
        [
            ("a\x00b\x1b", "a␀b␛"),
            ("一\u202e二\u2067三", "一二三"),
            ("a\r\nb\tc", "a\nb\tc"),
            ("\x85\ufffe", "\ufffd\ufffd"),
            ("", ""),
            ("😀👍🏽", "😀👍🏽"),
        ],
    )
    def test_is_made_fit(self, given: str, wanted: str) -> None:
        assert fit(given) == wanted

    @pytest.mark.parametrize("text", ["=1", "+x", "-x", "@x", "\t=1", "  =1", "＝1", "-", "+1+2"])
    def test_formulas_become_text(self, text: str) -> None:
        assert cell(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["1", "-1.5", "+3%", "-1,234", "a=b", "", "—"])
    def test_other_cells_stay(self, text: str) -> None:
        assert cell(text) == text

    def test_long_runs_may_break(self) -> None:
        assert re.sub("\u200b", "", breakable("x" * 100)) == "x" * 100
        assert max(map(len, breakable("x" * 100).split("\u200b"))) == 24
        assert breakable("polarity_x = y", narrow=True) == "polarity_\u200bx = y"


def test_a_picture_has_the_size_asked_for() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="5"><rect width="9" height="4"/></svg>'
    image = pictures.png(svg, width_mm=25.4, dots_per_inch=100)
    assert image[:8] == PNG
    assert (int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")) == (100, 50)
