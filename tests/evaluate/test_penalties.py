"""Published fines beside computed ranges; every case here is invented."""

from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.errors import FormatError
from fairstream.evaluate.metrics import Share
from fairstream.evaluate.penalties import Judged, PenalisedCase, Penalties, measure_penalties, read_penalised
from fairstream.evaluate.printed import Printed, place, read_printed, short_title, statute_named
from fairstream.law.resolve import load_law
from fairstream.records import Conduct

LAW = load_law()
DAY = date(2026, 3, 1)


def judged(
    *printed: str,
    fine: int,
    conduct: Conduct = "false_ad",
    on: date | None = DAY,
    measures: tuple[str, ...] = (),
) -> Judged:
    case = PenalisedCase("（虚构）一号", conduct, (), on, printed, fine * 100, measures)
    (only,) = measure_penalties([case], LAW).cases
    return only


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("广告法 第二十八条", Printed("广告法", "28")),
        ("广告法第五十八条第一款第（二）项", Printed("广告法", "58", "(1)(2)")),
        ("广告法 第五十八条第一款第二项", Printed("广告法", "58", "(1)(2)")),
        ("《广告法》 第9条(三)项", Printed("广告法", "9", "(3)")),
        ("刑法 第一百四十二条之一", Printed("刑法", "142-1")),
        ("第八条", None),
        ("价格法 第十四条第四项", Printed("价格法", "14", "(4)")),
        ("广告法 有关规定", None),
        ("广告法", None),
        ("", None),
        ("第条", None),
    ],
)
def test_printed_articles_are_taken_apart(text: str, printed: Printed | None) -> None:
    assert read_printed(text) == printed


def test_titles_lose_country_and_edition() -> None:
    assert short_title("《中华人民共和国商标法（2019年修正）》") == "商标法"
    assert short_title(" 《商标法（2019年修正）》 ") == "商标法"
    assert short_title("明码标价和禁止价格欺诈规定") == "明码标价和禁止价格欺诈规定"
    for text in ("广告法 有关规定", "广告法 相关规定", "广告法", "中华人民共和国广告法相关规定"):
        family = statute_named(text, LAW)
        assert family is not None
        assert family.id == "advertising-law"
    assert statute_named("海草茶条例 有关规定", LAW) is None


@pytest.mark.parametrize(
    ("number", "conduct", "published", "articles", "on"),
    [
        ("八", "false_commercial_publicity", DAY, ("anti-unfair-competition-law#9",), date(2025, 10, 14)),
        ("九", "false_commercial_publicity", DAY, ("anti-unfair-competition-law#9",), DAY),
        (
            "八",
            "false_commercial_publicity",
            date(2024, 5, 1),
            ("anti-unfair-competition-law#9",),
            date(2024, 5, 1),
        ),
        ("二十", "false_commercial_publicity", DAY, ("anti-unfair-competition-law#25",), date(2025, 10, 14)),
        ("二十五", "false_commercial_publicity", DAY, ("anti-unfair-competition-law#25",), DAY),
        ("十", "prize_sale", DAY, ("anti-unfair-competition-law#11",), date(2025, 10, 14)),
        ("九百", "prize_sale", DAY, ("anti-unfair-competition-law#900",), DAY),
    ],
)
def test_the_numbering_is_told_by_the_conduct(
    number: str, conduct: str, published: date, articles: tuple[str, ...], on: date
) -> None:
    placed = place([f"反不正当竞争法 第{number}条"], frozenset({conduct}), published, LAW)
    assert (placed.articles, placed.on) == (articles, on)


def test_details_are_kept_only_where_the_texts_read_the_same() -> None:
    old = place(["反不正当竞争法 第八条第二款"], frozenset({"fictitious_transaction"}), date(2024, 5, 1), LAW)
    assert old.articles == ("anti-unfair-competition-law#9",)
    new = place(["反不正当竞争法 第九条第二款"], frozenset({"fictitious_transaction"}), DAY, LAW)
    assert new.articles == ("anti-unfair-competition-law#9(2)",)


def test_statutes_and_texts_that_are_not_held_are_told_apart() -> None:
    placed = place(
        ["海草茶条例 第一条", "广告法 第九条", "广告法 有关规定"], frozenset(), date(2020, 1, 1), LAW
    )
    assert placed.articles == ()
    assert placed.unknown == ("海草茶条例 第一条",)
    assert placed.older == ("广告法 第九条",)
    assert placed.on == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("printed", "fine", "outcome"),
    [
        (("广告法 第二十八条",), 200_000, "inside"),
        (("广告法 第二十八条",), 2_000_000, "inside"),
        (("广告法 第二十八条",), 2_000_001, "above: several acts or firms, or facts the case does not tell"),
        (
            ("广告法 第二十八条",),
            199_999,
            "below: an amount the case does not tell (a multiple of it), or mitigation",
        ),
        (("广告法 第九条",), 199_999, "below: mitigation or facts the case does not tell"),
        (("广告法 第九条", "行政处罚法 第三十二条"), 5_000, "below: the decision cites a ground of leniency"),
        (("广告法 第九条", "行政处罚法 第三十三条"), 5_000, "below: the decision cites a ground of leniency"),
        (
            ("广告法 第九条", "行政处罚法 第二十八条"),
            5_000,
            "below: mitigation or facts the case does not tell",
        ),
        (("产品质量法 第三十九条",), 5_000, "open: no upper bound without the amount"),
        (("刑法 第一百四十条",), 5_000, "no fine in the data for the articles named"),
        (("海草茶条例 第一条",), 5_000, "a statute that is not held"),
        (("广告法 有关规定",), 5_000, "no article named"),
        ((), 5_000, "no article named"),
    ],
)
def test_what_becomes_of_a_case(printed: tuple[str, ...], fine: int, outcome: str) -> None:
    assert judged(*printed, fine=fine).outcome == outcome


def test_older_cases_and_forfeited_sums_are_told() -> None:
    assert judged("广告法 第九条", fine=1, on=date(2020, 1, 1)).outcome == "a text older than those held"
    with_income = judged("广告法 第九条", fine=3_000_000, measures=("fine", "confiscate"))
    assert with_income.outcome == "above: the sum holds forfeited income"


def test_the_old_number_of_the_leniency_article_counts() -> None:
    case = judged(
        "反不正当竞争法 第二十条",
        "行政处罚法 第二十七条",
        fine=1,
        conduct="false_commercial_publicity",
        on=date(2021, 6, 1),
    )
    assert case.outcome == "below: the decision cites a ground of leniency"
    own = judged(
        "反不正当竞争法 第二十条",
        "反不正当竞争法 第二十五条",
        fine=1,
        conduct="false_commercial_publicity",
        on=date(2024, 6, 1),
    )
    assert own.outcome == "below: the decision cites a ground of leniency"


def test_the_provision_the_decision_punishes_under_is_compared() -> None:
    both = judged("广告法 第九条", "广告法 第十七条", "广告法 第五十八条", fine=150_000)
    assert (both.provision, both.outcome) == ("Advertising Law of the PRC art. 58(1)", "inside")
    assert (both.low_fen, both.high_fen, both.ordinary) == (10_000_000, 100_000_000, (10_000_000, 20_000_000))
    assert both.inside_ordinary
    assert both.provisional
    third = judged("广告法 第二十八条", "广告法 第五十五条第三款", fine=300_000)
    assert third.provision == "Advertising Law of the PRC art. 55(3)"
    highest = judged("广告法 第九条", "广告法 第十七条", fine=150_000)
    assert highest.provision == "Advertising Law of the PRC art. 57"
    assert not highest.provisional


def test_a_rule_that_gave_way_is_not_compared() -> None:
    case = judged(
        "消费者权益保护法 第五十六条",
        "反不正当竞争法 第九条",
        fine=1_000_000,
        conduct="false_commercial_publicity",
    )
    assert case.provision == "Anti-Unfair Competition Law (2025 revision) art. 25(1)"
    assert case.outcome == "inside"


def test_a_case_without_a_day_is_read_by_the_law_of_today() -> None:
    case = judged("反不正当竞争法 第九条", fine=5_000, conduct="false_commercial_publicity", on=None)
    assert (case.outcome, case.low_fen) == ("inside", 0)


def test_a_statute_without_article_is_judged_by_the_conduct() -> None:
    cases = [
        PenalisedCase("a", "ad_medical_claim", (), DAY, ("广告法 有关规定",), 15_000_000, ()),
        PenalisedCase("b", "prize_sale", (), DAY, ("反不正当竞争法",), 100, ()),
        PenalisedCase("c", "prize_sale", (), DAY, ("海草茶条例",), 100, ()),
        PenalisedCase("d", "prize_sale", (), DAY, ("反不正当竞争法 第十一条",), 5_000_000, ()),
    ]
    result = measure_penalties(cases, LAW)
    assert [(case.id, case.outcome) for case in result.loose] == [
        ("a", "inside"),
        ("b", "below: mitigation or facts the case does not tell"),
    ]
    assert result.inside_loose == Share(1, 2)
    assert result.inside == Share(1, 1)


def figures() -> Penalties:
    return Penalties(
        (
            Judged("a", "inside", 100, 1_000, "A", 500, (100, 400)),
            Judged("b", "inside", 100, 400, "A", 100, (100, 200), provisional=True),
            Judged("c", "inside", 0, 400, "A", 100, (0, 200)),
            Judged("d", "below: mitigation or facts the case does not tell", 100, 300, "A", 1, (100, 300)),
            Judged("e", "open: no upper bound without the amount", 0, None, "A", 1),
            Judged("f", "no article named"),
        )
    )


def test_the_figures() -> None:
    told = figures()
    assert told.inside == Share(3, 4)
    assert told.inside_ordinary == Share(2, 4)
    assert told.inside_firm == Share(2, 3)
    assert told.without_minimum == Share(1, 4)
    assert told.widths == (10.0, 4.0, 3.0)
    assert told.ordinary_widths == (4.0, 2.0, 3.0)
    lines = list(told.lines())
    assert lines[0] == "Published penalties inside the computed range (amounts unknown)"
    assert lines[1:6] == [
        f"  all branches not excluded            {Share(3, 4)}",
        f"  heavier brackets excluded            {Share(2, 4)}",
        f"  resting on no unknown amount         {Share(2, 3)}",
        f"  statute and conduct known only       {Share(0, 0)}",
        f"  ranges without a minimum             {Share(1, 4)}",
    ]
    assert lines[6:] == [
        "  median high/low                      4.0 (3 ranges)",
        "  the same, heavier excluded           3.0 (3 ranges)",
        "     3  inside",
        "     1  below: mitigation or facts the case does not tell",
        "     1  open: no upper bound without the amount",
        "     1  no article named",
    ]
    data = orjson.loads(orjson.dumps(told.as_json()))
    shares = ("inside", "inside_ordinary", "inside_firm", "inside_loose", "without_minimum")
    assert [data[name]["hits"] for name in shares] == [3, 2, 2, 0, 1]
    assert (data["median_width"], data["median_width_ordinary"]) == (4.0, 3.0)
    assert set(data) == {*shares, "median_width", "median_width_ordinary", "outcomes", "cases"}
    assert data["outcomes"]["inside"] == 3
    assert data["cases"][0] == {
        "id": "a",
        "outcome": "inside",
        "provision": "A",
        "low_fen": 100,
        "high_fen": 1_000,
        "penalty_fen": 500,
    }


def test_the_figures_make_a_section_of_the_page() -> None:
    section = figures().section()
    assert section.startswith(
        "\n## Published penalties inside the computed range (amounts unknown)\n\n    all "
    )
    assert section.endswith("\n    1  no article named\n")
    assert section.count("\n    ") == len(list(figures().lines())) - 1


def test_no_cases_give_no_figures() -> None:
    empty = Penalties(())
    assert empty.inside == Share(0, 0)
    assert not [line for line in empty.lines() if "median" in line]
    assert empty.as_json()["median_width"] is None
    assert empty.as_json()["median_width_ordinary"] is None


def case_row(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "（虚构）一号",
        "conduct": "prize_sale",
        "conduct_also": ["false_ad"],
        "status": "decided",
        "published": "2024",
        "penalty_cny": 5000.5,
        "law_articles": ["广告法 第九条"],
        "measures": ["fine"],
    }
    return {**row, **changes}


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "cases.jsonl"
    file.write_bytes(b"\n\n".join(orjson.dumps(row) for row in rows))
    return file


def test_decided_cases_with_a_penalty_are_read(tmp_path: Path) -> None:
    rows = (
        case_row(),
        case_row(id="2", status="proposed"),
        case_row(id="3", penalty_cny=None),
        {"id": "4", "conduct": "prize_sale"},
    )
    assert read_penalised(write(tmp_path, *rows)) == [
        PenalisedCase(
            "（虚构）一号",
            "prize_sale",
            ("false_ad",),
            date(2024, 1, 1),
            ("广告法 第九条",),
            500_050,
            ("fine",),
        )
    ]


def test_an_unknown_conduct_is_named_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, case_row(), case_row(conduct_also=["singing"]))
    with pytest.raises(FormatError, match="unknown conduct singing") as caught:
        read_penalised(file)
    assert (caught.value.file, caught.value.line) == (str(file), 3)
