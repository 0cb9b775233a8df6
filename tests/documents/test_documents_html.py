"""The page: links, places, access, and nothing from outside."""

import base64
import csv
import io
import re
from itertools import pairwise

import lxml.html
import pytest
from paper_sample import LINE, NASTY, hostile, paper

from fairstream.documents import html, spreadsheet
from fairstream.documents.laid import lay
from fairstream.records import Language

LINKS = {"consumer_rights": "items/rights.html", "channel = 微博": "items/weibo.html?a=1&b='2'"}


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Language:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def text(language: Language) -> str:
    return html.render(paper(), language, links=LINKS.get, other="other.html")


@pytest.fixture(scope="module")
def page(text: str) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(text)


class TestLinks:
    def test_numbers_lead_to_their_items_or_to_the_appendix(self, page: lxml.html.HtmlElement) -> None:
        numbers = page.xpath("//main/p[@class='body']//a[@class='number']")
        assert [one.get("href") for one in numbers] == ["items/rights.html", "#n-2", "#n-3"]
        assert all("含义" in one.get("title") or "Meaning" in one.get("title") for one in numbers)

    def test_every_place_that_is_led_to_is_there_once(self, page: lxml.html.HtmlElement) -> None:
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        inside = {href[1:] for href in page.xpath("//a/@href") if href.startswith("#")}
        assert inside <= set(ids)

    def test_points_with_a_known_condition_lead_to_its_items(self, page: lxml.html.HtmlElement) -> None:
        assert page.xpath("//figure[@id='f-2']//svg//a/@href") == [LINKS["channel = 微博"]]

    def test_all_headings_of_two_levels_are_in_the_contents(self, page: lxml.html.HtmlElement) -> None:
        wanted = [f"#{one}" for one in page.xpath("//main/h2/@id | //main/h3/@id")]
        assert page.xpath("//nav//a/@href") == wanted
        assert len(wanted) == 5

    def test_the_other_language_is_one_click_away(
        self, page: lxml.html.HtmlElement, language: Language
    ) -> None:
        (other,) = page.xpath("//header//a[@rel='alternate']")
        assert other.get("href") == "other.html"
        assert other.text == ("English" if language == "zh" else "中文")
        assert other.get("lang") == other.get("hreflang") == ("en" if language == "zh" else "zh-CN")


class TestAccess:
    def test_language_and_title_are_said(self, page: lxml.html.HtmlElement, language: Language) -> None:
        assert page.get("lang") == ("zh-CN" if language == "zh" else "en")
        assert page.findtext(".//title") == page.findtext(".//h1")

    def test_headings_skip_no_level(self, page: lxml.html.HtmlElement) -> None:
        levels = [int(one.tag[1]) for one in page.xpath("//h1 | //h2 | //h3 | //h4")]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))

    def test_tables_have_captions_and_head_cells(self, page: lxml.html.HtmlElement) -> None:
        tables = page.xpath("//table")
        assert len(tables) == 9
        for table in tables:
            assert table.findtext("caption/b")
            assert all(cell.get("scope") == "col" for cell in table.xpath("thead//th"))
            assert all(cell.get("scope") == "row" for cell in table.xpath("tbody//th"))

    def test_charts_have_a_name_a_description_and_their_data(self, page: lxml.html.HtmlElement) -> None:
        for figure in page.xpath("//figure"):
            (svg,) = figure.xpath("./svg")
            named = {one.get("id"): one.text for one in svg.xpath("./title | ./desc")}
            assert named[svg.get("aria-labelledby")] in figure.find("figcaption").text_content()
            assert named[svg.get("aria-describedby")]
            assert figure.xpath("./details//table")

    def test_placeholders_and_warnings_say_so_in_words(
        self, page: lxml.html.HtmlElement, language: Language
    ) -> None:
        said = [one.text_content() for one in page.xpath("//main/p[@class='placeholder']")]
        assert len(said) == 2
        assert all(one.startswith("（待作者撰写）" if language == "zh" else "(To be written") for one in said)
        (warning,) = page.xpath("//main/p[@class='warning']")
        assert warning.text_content().startswith("注意：" if language == "zh" else "Warning: ")

    def test_the_mark_of_invented_data_is_first_and_last(self, page: lxml.html.HtmlElement) -> None:
        marks = page.xpath("//*[contains(@class,'invented')]")
        assert [one.tag for one in marks] == ["p", "footer"]


class TestFromOutside:
    def test_nothing(self, text: str) -> None:
        addresses = set(re.findall(r"[a-z]+://[^\s\"'<>)]+", text))
        assert addresses == {"http://www.w3.org/2000/svg"}

    def test_no_script_and_a_policy_that_forbids_it(self, page: lxml.html.HtmlElement) -> None:
        assert page.xpath("//script | //@*[starts-with(name(), 'on')] | //link | //@src") == []
        (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'")

    def test_charts_take_their_colours_from_the_page(self, text: str, page: lxml.html.HtmlElement) -> None:
        fills = set(page.xpath("//svg//@fill | //svg//@stroke"))
        assert {one for one in fills if one.startswith("#")} <= {"#000"}
        used = set(re.findall(r"var\((--[\w-]+)\)", text))
        assert used <= set(re.findall(r"(--[\w-]+):", text))


class TestSheets:
    def rows(self, page: lxml.html.HtmlElement, place: str) -> list[list[str]]:
        (address,) = page.xpath(f"//*[@id='{place}']//a[@download]/@href")
        head, _, code = address.partition(",")
        assert head == "data:text/csv;charset=utf-8;base64"
        return list(csv.reader(io.StringIO(base64.b64decode(code).decode("utf-8-sig"))))

    def test_hold_the_values_as_computed(self, page: lxml.html.HtmlElement, language: Language) -> None:
        rows = self.rows(page, "f-1")
        assert len(rows) == 1 + len(LINE.categories)
        assert rows[1][1] == str(LINE.series[0].values[0])
        assert rows[9][1:4] == ["", "", ""], "a gap is an empty cell"
        assert rows[6][-1] == getattr(LINE.marks[5], language)

    def test_hold_the_tables_as_shown(self, page: lxml.html.HtmlElement) -> None:
        assert self.rows(page, "t-1")[1][1:3] == ["48,930", "11.2%"]

    def test_run_no_formula(self) -> None:
        table = next(piece for piece in lay(hostile(), "zh").pieces if type(piece).__name__ == "Grid")
        rows = list(csv.reader(io.StringIO(spreadsheet.of_grid(table))))  # type: ignore[arg-type]
        assert rows[1][1] == "'=cmd|' /C calc'!A0"
        assert rows[2][1] == "'@SUM(1+1)"
        assert rows[3] == ["+1", "'-2+3", "'\t=1"]
        assert rows[1][0].startswith(NASTY[:20])
