"""A whole paper from made-up items: proved, and caught when a number or a word is changed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fairstream.blocks import Heading, Number, Paper, Paragraph, Quote, Table
from fairstream.opinion.aggregate import Figures, Window
from fairstream.opinion.audit import Audit, draw
from fairstream.opinion.report.build import paper
from fairstream.opinion.report.cases import excerpt
from fairstream.opinion.report.extras import gather
from fairstream.opinion.report.listing import Pages, address, asked
from fairstream.opinion.report.material import Material
from fairstream.opinion.report.numbers import Numbers
from fairstream.opinion.report.proof import counts, faults
from fairstream.opinion.select import where
from fairstream.records import Words
from fairstream.store.annotated import Annotated
from opinion.items import item, write

EARLIER, NOW = Window(date(2022, 11, 1), date(2022, 11, 7)), Window(date(2022, 11, 8), date(2022, 11, 14))
SHOP = "shop:云栖果园（虚构）旗舰店"


def items() -> list[dict[str, Any]]:
    found = []
    for n in range(1400):
        polarity = ("complaint", "praise", "neither")[n % 3]
        live = n % 6 == 0
        found.append(item(
            n, n * 0.24, text=f"定金{n}元付了尾款人又熬夜，第{n}次等快递，套路太深", polarity=polarity,
            consumer_rights=n % 7 != 0, channel=("微博", "抖音", None)[n % 3 if n % 5 else 2],
            topics=["live", "live.counterfeit"] if live else ["delivery"] if n % 4 else [],
            aspects=["rules:praise" if n % 2 else "rules:complaint"],
            entities=[SHOP] if n % 9 == 0 else [], conducts=["fake_goods"] if n % 9 == 0 else [],
            author=f"a{n % 50}", likes=n % 13, suspicion=["bot.flood"] if n % 100 == 0 else [],
        ))  # fmt: skip
    found += [item(5000 + n, 200 + n * 0.1, duplicate_of="840", copy_group=840, topics=["live"],
                   text=found[840]["text"]) for n in range(20)]  # fmt: skip
    return [*found, item(9000, None)]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Annotated]:
    with Annotated(write(tmp_path_factory.mktemp("report") / "a.parquet", items(), invented=True)) as opened:
        yield opened


def material(store: Annotated, audit: Audit | None = None) -> Material:
    earlier = Figures(store, EARLIER)
    tips = {"live": Words("下单前看清资质", "look at the licence before you buy")}
    extras = gather((store, NOW), (store, EARLIER))
    return Material(Figures(store, NOW), Numbers(NOW.selection), {}, extras, tips, earlier, audit, True)


@pytest.fixture(scope="module")
def written(store: Annotated) -> Paper:
    return paper(material(store))


def held(paper: Paper) -> dict[str, Number]:
    cells = [c for b in paper.blocks if isinstance(b, Table) for row in b.rows for c in row]
    cells += [c for b in paper.blocks if isinstance(b, Paragraph) for c in b.holds.values()]
    return {cell.key: cell for cell in cells if isinstance(cell, Number)}


def test_sections_come_in_the_order_of_the_published_reports(written: Paper) -> None:
    anchors = [block.anchor for block in written.blocks if isinstance(block, Heading) and block.level == 1]
    assert anchors == ["lead", "method", "basic", "topics", "analysis"]
    assert written.invented


def test_numbers_are_what_counting_by_hand_gives(written: Paper) -> None:
    numbers = held(written)
    inside = [row for row in items() if row["at"] is not None and NOW.start <= row["at"].date() <= NOW.end]
    rights = [row for row in inside if row["consumer_rights"]]
    complaints = [row for row in rights if row["polarity"] == "complaint"]
    live = [row for row in complaints if "live" in row["topics"]]
    assert numbers["all"].value == len(inside)
    assert numbers["rights"].value == len(rights)
    assert numbers["complaints.share"].value == pytest.approx(len(complaints) / len(rights))
    assert numbers["topic.live"].value == len(live)
    assert numbers["topic.live.first"].value == sum("duplicate_of" not in row for row in live)
    assert numbers["undated"].value == 1
    assert numbers["topic.live.counterfeit"].value == sum("live.counterfeit" in row["topics"] for row in live)
    assert numbers[f"lead.{SHOP.replace(':', '.')}"].count == sum(bool(row["entities"]) for row in complaints)


def test_every_number_and_quotation_stands_in_the_data(written: Paper, store: Annotated) -> None:
    assert faults(written, store) == ()
    assert (
        sum(
            isinstance(c, Quote) for b in written.blocks if isinstance(b, Paragraph) for c in b.holds.values()
        )
        >= 3
    )


@pytest.mark.parametrize("what", ["count", "share", "quote", "digits"])
def test_a_changed_number_or_word_is_found(written: Paper, store: Annotated, what: str) -> None:
    changed = list(written.blocks)
    for at, block in enumerate(changed):
        if not isinstance(block, Paragraph):
            continue
        holds = dict(block.holds)
        if what == "digits" and block.kind == "body":
            changed[at] = replace(block, text=Words(block.text.zh + "，比上年多12条", block.text.en))
            break
        for name, one in block.holds.items():
            if what == "count" and isinstance(one, Number) and one.key == "complaints":
                holds[name] = replace(one, count=(one.count or 0) + 1)
            if what == "share" and isinstance(one, Number) and one.key == "complaints.share":
                holds[name] = replace(one, value=float(one.value) + 0.0001)
            if what == "quote" and isinstance(one, Quote):
                holds[name] = replace(one, text=one.text.replace("套路", "圈套"))
        if holds != block.holds:
            changed[at] = replace(block, holds=holds)
            break
    assert len(faults(replace(written, blocks=tuple(changed)), store)) == 1


def test_without_labels_the_report_says_uncorrected_and_with_them_gives_intervals(store: Annotated) -> None:
    plain = paper(material(store))
    assert any("uncorrected" in b.text.en for b in plain.blocks if isinstance(b, Paragraph))
    rows = draw(store, NOW, ["live", "delivery"], 200, 1)
    known = {row["id"]: row for row in items()}
    for row in rows:
        label = known[row["id"]]
        row["is_rights"] = "是" if label["consumer_rights"] else "否"
        row["is"], row["about"] = label["polarity"], " ".join(label["topics"])
    corrected = held(paper(material(store, Audit(store, NOW, rows))))
    share = corrected["audit.complaint"]
    assert share.low is not None
    assert share.high is not None
    assert share.low <= held(plain)["complaints.share"].value <= share.high  # type: ignore[operator]
    assert corrected["topic.live.corrected"].confidence == 0.95


def test_pages_of_items_for_every_condition(written: Paper, store: Annotated, tmp_path: Path) -> None:
    conditions = asked(written)
    found = counts([where(condition) for condition in conditions], store)
    some = dict(list(conditions.items())[:5])
    assert Pages(store, "a b.parquet", {}, invented=True).write(some, found, tmp_path, ["zh", "en"]) == 10
    query = held(written)["complaints"].query or ""
    Pages(store, "a b.parquet", {}, invented=True).write({query: conditions[query]}, found, tmp_path, ["zh"])
    page = (tmp_path / f"{address(query)}.zh.html").read_text()
    assert f"共{found[query]:,}条" in page
    assert "虚构数据" in page
    assert "&#39;a b.parquet&#39;" in page
    assert page.count("<tr id=") == 25


def test_an_empty_window_says_so(store: Annotated) -> None:
    window = Window(date(2020, 1, 1), date(2020, 1, 3))
    empty = Material(Figures(store, window), Numbers(window.selection), {}, gather((store, window)))
    found = paper(empty)
    assert faults(found, store) == ()
    assert any(b.kind == "warning" for b in found.blocks if isinstance(b, Paragraph))


def test_an_excerpt_is_the_beginning_of_the_text() -> None:
    text = "第一句话说的是快递，" * 20
    assert text.startswith(excerpt(text))
    assert len(excerpt(text)) <= 80
    assert excerpt(" 短 ") == "短"
    assert excerpt("没有标点" * 40) == ("没有标点" * 20)
