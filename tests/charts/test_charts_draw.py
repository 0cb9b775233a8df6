"""Charts as SVG: every kind, both languages; exact figures, bounds, gaps, links; hostile texts."""

import re
import threading
import time
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import etree

from fairstream.blocks import Chart, Series
from fairstream.charts import described, draw, palettes, themed
from fairstream.charts.drawing import fit, variables
from fairstream.errors import UsageError
from fairstream.records import Language, Words

SVG = "{http://www.w3.org/2000/svg}"
KINDS = ("line", "bar", "stacked", "dots", "words", "heat")
NAMES = tuple(Words(f"类目{number}", f"Category {number}") for number in range(1, 6))
NASTY = "</text><script>x</script>&\"'{b}[{c}]\x00\x1b\u202e😀 $1 \\n %s"


def chart(kind: str, *series: Series, **more: object) -> Chart:
    given = series or (Series(Words("数量", "Count"), (5.0, 3.0, None, 2.0, 12345.0)),)
    return Chart("key", kind, Words("题", "Title"), NAMES, given, 678, **more)  # type: ignore[arg-type]


def parsed(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def texts(svg: str) -> list[str]:
    return [one.text or "" for one in parsed(svg).iter(f"{SVG}text")]


def paths(svg: str, **wanted: str) -> list[str]:
    return [
        one.get("d", "")
        for one in parsed(svg).iter(f"{SVG}path")
        if all(one.get(name.replace("_", "-")) == value for name, value in wanted.items())
    ]


@pytest.mark.parametrize("kind", KINDS)
class TestEveryKind:
    @pytest.mark.parametrize("language", ["zh", "en"])
    def test_says_what_it_is(self, kind: str, language: Language) -> None:
        svg = draw(chart(kind), language, invented=True)
        root = parsed(svg)
        assert root.get("role") == "img"
        title, description = root[0], root[1]
        assert (title.tag, title.text) == (f"{SVG}title", "题" if language == "zh" else "Title")
        assert root.get("aria-labelledby") == title.get("id")
        assert root.get("aria-describedby") == description.get("id")
        assert ("样本：678条" if language == "zh" else "Sample: 678 items") in texts(svg)
        assert any(("虚构" if language == "zh" else "(Invented)") in one for one in texts(svg))
        assert ("最高 12,345（类目5）" if language == "zh" else "highest 12,345 (Category 5)") in described(
            svg
        )

    def test_says_what_is_marked(self, kind: str) -> None:
        given = chart(kind, marks={1: Words("预售", "Presale")})
        assert any("预售" in one for one in texts(draw(given, "zh")))
        assert "类目2：预售" in described(draw(given, "zh"))

    def test_is_text_in_named_fonts(self, kind: str) -> None:
        svg = draw(chart(kind), "zh")
        assert texts(svg)
        for one in parsed(svg).iter(f"{SVG}text"):
            assert "Noto Sans CJK SC" in one.get("style", "")

    def test_is_the_same_bytes_whatever_was_drawn_before(self, kind: str) -> None:
        first = draw(chart(kind), "zh")
        draw(chart("stacked"), "en", dark=True)
        assert draw(chart(kind), "zh") == first
        made: list[str] = []
        thread = threading.Thread(target=lambda: made.append(draw(chart(kind), "zh")))
        thread.start()
        thread.join()
        assert made == [first]

    def test_is_as_wide_and_high_as_asked(self, kind: str) -> None:
        root = parsed(draw(chart(kind), "zh", width=500, height=444))
        assert (root.get("width"), root.get("height"), root.get("viewBox")) == ("500", "444", "0 0 500 444")

    def test_colours_are_those_of_the_theme(self, kind: str) -> None:
        for dark, theme, other in ((False, "light", "dark"), (True, "dark", "light")):
            svg = draw(chart(kind), "zh", dark=dark)
            assert palettes()[theme]["paper"] in svg
            assert not any(f'"{colour}"' in svg for colour in palettes()[other]["series"])

    def test_hostile_texts_stay_text(self, kind: str) -> None:
        nasty = Words(NASTY, NASTY)
        given = Chart(
            NASTY,
            kind,  # type: ignore[arg-type]
            nasty,
            (nasty, Words("", ""), nasty, Words("长" * 10_000, "x" * 10_000)),
            (
                Series(nasty, (1.0, None, 3.0, 2.0), queries=('"><script>', None, "'", "&")),
                Series(nasty, (1.0, 2.0)),
            ),
            3,
            unit=nasty,
            marks={0: nasty, 99: nasty},
            note=nasty,
        )
        svg = draw(given, "en", link=lambda query: f"#{query}", invented=True)
        root = parsed(svg)
        assert not list(root.iter(f"{SVG}script"))
        assert len(svg) < 120_000
        assert "\x00" not in svg
        assert "\u202e" not in svg

    def test_nothing_to_show_is_said(self, kind: str) -> None:
        for series in (
            (),
            (Series(Words("空", "Empty"), (None, None)),),
            (Series(Words("空", "Empty"), ()),),
        ):
            given = Chart("k", kind, Words("题", "T"), NAMES[:2], series, 0)  # type: ignore[arg-type]
            assert "没有数据" in texts(draw(given, "zh"))
            assert "No data" in texts(draw(given, "en"))

    def test_one_value_and_no_spread(self, kind: str) -> None:
        for value in (0.0, 1.0, 1e12, 1e-9):
            series = (Series(Words("一", "One"), (value,)),)
            given = Chart("k", kind, Words("题", "T"), NAMES[:1], series, 1)  # type: ignore[arg-type]
            assert "NaN" not in draw(given, "zh")

    def test_is_drawn_quickly(self, kind: str) -> None:
        """docs/decisions/charts.md has the figures; the bound leaves room for a busy machine."""
        given = chart(kind)
        draw(given, "zh")
        took = []
        for _ in range(5):
            start = time.thread_time()
            draw(given, "zh")
            took.append(time.thread_time() - start)
        assert min(took) < 0.06


class TestFigures:
    def test_chinese_counts_in_ten_thousands(self) -> None:
        svg = draw(chart("bar", Series(Words("数", "N"), (2_200_000.0, 345_678.0, 99_999.0))), "zh")
        assert {"220.0万", "34.6万", "99,999", "万条"} <= set(texts(svg))

    def test_english_groups_thousands(self) -> None:
        svg = draw(chart("bar", Series(Words("数", "N"), (2_200_000.0, 345_678.0, 99_999.0))), "en")
        assert {"2,200,000", "345,678", "99,999", "million items"} <= set(texts(svg))

    def test_shares_are_per_cent(self) -> None:
        svg = draw(chart("bar", Series(Words("比", "S"), (0.455, 0.05, 0.0012, 0.0)), share=True), "zh")
        assert {"45.5%", "5.0%", "0.12%", "0.0%", "60%"} <= set(texts(svg))

    def test_bounds_stand_beside_the_value(self) -> None:
        series = Series(Words("比", "S"), (0.2, 0.1), (0.15, None), (0.26, None))
        assert "20.0% (15.0%～26.0%)" in texts(draw(chart("dots", series, share=True), "zh"))
        assert "20.0% (15.0%–26.0%)" in texts(draw(chart("dots", series, share=True), "en"))

    def test_values_below_zero_have_a_place(self) -> None:
        series = Series(Words("变", "D"), (-3.5, 4.0), (-4.0, 3.0), (-2.5, 5.0))
        points = Words("百分点", "points")
        assert "−3.5 (−4～−2.5)" in texts(draw(chart("bar", series, unit=points), "zh"))
        shown = texts(draw(chart("bar", series, unit=points), "en"))
        assert {"−3.5 (−4 to −2.5)", "4 (3–5)", "points"} <= set(shown)
        assert "Sample: 678 items" in shown, "the unit is that of the values, a sample is of items"

    @pytest.mark.parametrize(
        ("most", "ticks"), [(9.0, ["0", "2", "10"]), (0.7, ["0.0", "0.8"]), (130.0, ["0", "150"])]
    )
    def test_axes_have_round_steps(self, most: float, ticks: list[str]) -> None:
        shown = texts(draw(chart("line", Series(Words("数", "N"), (most, 0.0))), "zh"))
        assert set(ticks) <= set(shown)


class TestLine:
    def test_gaps_stay_gaps(self) -> None:
        whole = Series(Words("数", "N"), (1.0, 2.0, 3.0, 4.0, 5.0))
        gap = Series(Words("数", "N"), (1.0, 2.0, None, 4.0, 5.0))
        stroke = {"stroke": palettes()["light"]["series"][0], "stroke_width": "2", "fill": "none"}
        (one,) = paths(draw(chart("line", whole), "zh"), **stroke)
        (other,) = paths(draw(chart("line", gap), "zh"), **stroke)
        assert (one.count("M"), other.count("M")) == (1, 2)

    def test_bounds_are_a_band_that_breaks_where_they_do(self) -> None:
        series = Series(
            Words("数", "N"),
            (1.0, 2.0, 3.0, 4.0, 5.0),
            (0.5, 1.5, None, 3.5, 4.5),
            (1.5, 2.5, None, 4.5, 5.5),
        )
        svg = draw(chart("line", series), "zh")
        assert len(list(parsed(svg).iter(f"{SVG}polygon"))) == 2
        assert "浅色带为估计区间" in texts(svg)

    def test_marked_days_and_the_peak_are_labelled(self) -> None:
        given = chart("line", marks={1: Words("预售", "Presale"), 2: Words("当天", "The day")})
        shown = texts(draw(given, "zh"))
        assert {"预售", "当天", "12,345"} <= set(shown)

    def test_names_of_many_days_stand_apart(self) -> None:
        days = tuple(Words(f"{day + 1}日", f"day {day + 1}") for day in range(366))
        series = Series(Words("数", "N"), tuple(float(day) for day in range(366)))
        given = Chart("k", "line", Words("题", "T"), days, (series,), 1)
        shown = [one for one in texts(draw(given, "zh")) if one.endswith("日")]
        assert 5 <= len(shown) <= 20

    def test_every_day_that_leads_somewhere_has_a_mark(self) -> None:
        days = tuple(Words(f"{day}", f"{day}") for day in range(100))
        series = Series(Words("数", "N"), (2.0,) * 100, queries=tuple(f"day = {day}" for day in range(100)))
        given = Chart("k", "line", Words("题", "T"), days, (series,), 1)
        root = parsed(draw(given, "zh", link=lambda query: f"#{query}"))
        assert len({one.get("href") for one in root.iter(f"{SVG}a")}) == 100


class TestNotByColourAlone:
    def test_lines_differ_in_dash_and_mark(self) -> None:
        many = [Series(Words(f"线{n}", f"Line {n}"), (1.0 + n, 2.0 + n)) for n in range(6)]
        svg = draw(chart("line", *many), "zh")
        dashes = {
            one.get("stroke-dasharray")
            for one in parsed(svg).iter(f"{SVG}path")
            if one.get("stroke") in palettes()["light"]["series"] and one.get("stroke-width") == "2"
        }
        assert len(dashes) == 6

    def test_bars_differ_in_pattern(self) -> None:
        many = [Series(Words(f"份{n}", f"Part {n}"), (0.2, 0.3)) for n in range(4)]
        assert len(list(parsed(draw(chart("stacked", *many, share=True), "zh")).iter(f"{SVG}pattern"))) >= 3

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_series_stand_out_from_the_paper_at_three_to_one(self, theme: str) -> None:
        palette = palettes()[theme]
        for colour in palette["series"]:
            assert contrast(colour, palette["paper"]) >= 3
        for colour in (palette["ink"], palette["quiet"]):
            assert contrast(colour, palette["paper"]) >= 4.5

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_figures_in_a_field_can_be_read_on_every_shade(self, theme: str) -> None:
        palette = palettes()[theme]
        for step, shade in enumerate(palette["heat"]):
            assert contrast(palette["paper"] if step > 3 else palette["ink"], shade) >= 4.5, step

    @pytest.mark.parametrize("theme", ["light", "dark"])
    def test_shades_rise_in_grey_too(self, theme: str) -> None:
        greys = [luminance(one) for one in palettes()[theme]["heat"]]
        assert greys == sorted(greys, reverse=theme == "light")

    def test_neighbours_differ_in_grey(self) -> None:
        for theme in ("light", "dark"):
            series = palettes()[theme]["series"]
            for one, other in pairwise(series):
                assert contrast(one, other) >= 1.2, (theme, one, other)


class TestLinks:
    GIVEN = chart("bar", Series(Words("数", "N"), (3.0, 2.0, 1.0), queries=("topic = 'a' & b", None, "x")))

    def test_points_lead_to_their_items(self) -> None:
        root = parsed(draw(self.GIVEN, "zh", link=lambda query: f"items.html?{query}"))
        found = [one.get("href") for one in root.iter(f"{SVG}a")]
        assert found == ["items.html?topic = 'a' & b", "items.html?x"]
        assert [one.get("aria-label") for one in root.iter(f"{SVG}a")] == ["数, 类目1: 3", "数, 类目3: 1"]
        assert root.get("role") == "group", "a picture's links are not reached by screen readers"

    @pytest.mark.parametrize("kind", KINDS)
    def test_every_kind_can_have_them(self, kind: str) -> None:
        root = parsed(draw(replace(self.GIVEN, kind=kind), "zh", link=lambda query: f"#{query}"))  # type: ignore[arg-type]
        assert {one.get("href") for one in root.iter(f"{SVG}a")} == {"#topic = 'a' & b", "#x"}

    def test_without_a_way_there_are_none(self) -> None:
        assert "<a " not in draw(self.GIVEN, "zh")


class TestPages:
    def test_colours_become_variables_that_both_themes_define(self) -> None:
        for kind in KINDS:
            svg = themed(draw(chart(kind), "zh"))
            used = set(re.findall(r"var\((--[\w-]+)\)", svg))
            assert used
            for theme in ("light", "dark"):
                assert used <= set(re.findall(r"(--[\w-]+):", variables(theme)))

    def test_colours_of_a_theme_are_told_apart(self) -> None:
        values = re.findall(r": (#\w+);", variables("light"))
        assert len(values) == len(set(values)) == 18

    def test_two_charts_in_a_page_share_no_id(self) -> None:
        ids = [
            one
            for key in ("a b", "a-b", "甲", "乙")
            for one in re.findall(r'\bid="([^"]+)"', draw(replace(chart("stacked"), key=key), "zh"))
        ]
        assert len(ids) == len(set(ids)) >= 8


class TestErrors:
    def test_more_values_than_categories(self) -> None:
        with pytest.raises(UsageError, match="more values than categories"):
            draw(chart("bar", Series(Words("数", "N"), (1.0,) * 6)), "zh")

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_no_number(self, value: float) -> None:
        with pytest.raises(UsageError, match="no number"):
            draw(chart("bar", Series(Words("数", "N"), (value,))), "zh")

    def test_too_narrow(self) -> None:
        with pytest.raises(UsageError, match="too narrow"):
            draw(chart("bar"), "zh", width=100)


def test_text_is_made_fit_for_xml() -> None:
    assert fit(" a\x00\x1fb\u202ec\ufeff ") == "a b c"


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast as WCAG 2.2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
