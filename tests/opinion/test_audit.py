"""Drawing a sheet, reading it back however people fill it in, and correcting shares by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from fairstream.errors import FormatError, UsageError
from fairstream.opinion.aggregate import Window
from fairstream.opinion.audit import (
    Audit,
    Judgement,
    allocate,
    draw,
    label_of,
    read_sheet,
    strata,
    write_sheet,
)
from fairstream.opinion.select import where
from fairstream.store.annotated import Annotated
from opinion.items import item, write

WINDOW = Window(date(2022, 11, 1), date(2022, 11, 2))


def said(n: int) -> dict[str, object]:
    """What the machine says of item n: 600 of 1,000 about rights, 300 complaints, live rarer than price."""
    topics = ["live"] if n < 30 else ["price"] if n < 130 else []
    return {
        "consumer_rights": n < 600,
        "polarity": "complaint" if n < 300 else "neither",
        "topics": topics,
        "duplicate_of": str(n - 1) if n % 10 == 9 else None,
    }


ITEMS = [item(n, n * 0.04, text=f"={n}第{n}条", **said(n)) for n in range(1000)] + [item(5000, 90)]


def true(n: int) -> Judgement:
    """The truth: the machine finds 20 complaints too many, and misses a tenth of live."""
    topics = {"live"} if n < 30 or 130 <= n < 133 else {"price"} if n < 130 else set()
    return Judgement(n < 600, "complaint" if n < 280 else "neither", frozenset(topics))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotated]:
    with Annotated(write(tmp_path / "a.parquet", ITEMS)) as opened:
        yield opened


def labelled(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    for row in rows:
        label = true(int(row["id"]))
        row["is_rights"] = "是" if label.rights else "否"
        row["is"], row["about"] = (
            {"complaint": "吐槽", "neither": "中性"}[label.polarity],
            "、".join(label.topics),
        )
    return rows


def test_strata_hold_every_item_of_the_window_once(store: Annotated) -> None:
    found = strata(store, WINDOW, ["price", "live", "nothing"])
    assert [(str(part.selection), part.size) for part in found] == [
        ("not rights", 400),
        ("rights and not complaint", 300),
        ("rights and complaint and topic:live", 30),
        ("rights and complaint and topic:price and not topic:live", 100),
        ("rights and complaint and not topic:live|price", 170),
    ]


@pytest.mark.parametrize(
    ("sizes", "total", "drawn"),
    [([400, 300, 30], 60, None), ([5, 3], 100, [5, 3]), ([0, 50], 20, [0, 20]), ([], 10, [])],
)
def test_every_stratum_is_drawn_from(sizes: list[int], total: int, drawn: list[int] | None) -> None:
    found = allocate(sizes, total)
    assert drawn is None or found == drawn
    assert sum(found) == min(total, sum(sizes))
    assert all(n >= min(12, size) for n, size in zip(found, sizes, strict=True))


def test_a_seed_draws_the_same_items_in_any_order_of_the_file(store: Annotated, tmp_path: Path) -> None:
    rows = draw(store, WINDOW, ["live", "price"], 200, 7)
    with Annotated(write(tmp_path / "b.parquet", ITEMS[::-1])) as other:
        assert draw(other, WINDOW, ["live", "price"], 200, 7) == rows
    assert len(rows) == len({row["id"] for row in rows}) == 200
    assert draw(store, WINDOW, ["live", "price"], 200, 8) != rows
    assert "complaint" not in {row["is"] for row in rows}


def test_a_sheet_survives_a_spreadsheet(store: Annotated, tmp_path: Path) -> None:
    rows = labelled(draw(store, WINDOW, ["live"], 50, 1))
    write_sheet(rows, tmp_path / "sheet.csv")
    text = (tmp_path / "sheet.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    assert b",=" not in text
    back, problems = read_sheet(tmp_path / "sheet.csv")
    assert [label_of(row) for row in back] == [label_of(row) for row in rows]
    assert problems == []
    (tmp_path / "gbk.csv").write_bytes(text.decode("utf-8-sig").encode("gb18030"))
    assert [row["id"] for row in read_sheet(tmp_path / "gbk.csv")[0]] == [row["id"] for row in rows]


def test_odd_labels_are_named_with_their_line_and_the_rest_is_used(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "id,channel,is_rights,is,about,stratum\n1,,yes,complaint,live.counterfeit,rights\n2,,maybe,,,rights\n"
        "3,,Y,好评,,rights\n4,,,,,rights\n5,,是,坏,,rights\n6,,0,,,rights\n",
        encoding="utf-8",
    )
    rows, problems = read_sheet(sheet)
    assert [row["id"] for row in rows] == ["1", "3", "6"]
    assert [(problem.place.line, problem.cause.split(",")[0]) for problem in problems] == [
        (3, "is_rights is 'maybe'"),
        (6, "is is '坏'"),
    ]
    assert label_of(rows[0]) == Judgement(True, "complaint", frozenset({"live", "live.counterfeit"}))
    assert not label_of(rows[2]).complaint


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(FormatError, match="columns are missing"):
        read_sheet(tmp_path / "x.csv")


def test_an_empty_window_cannot_be_drawn_from(store: Annotated) -> None:
    with pytest.raises(UsageError, match="no items"):
        draw(store, Window(date(2020, 1, 1), date(2020, 1, 1)), ["live"], 50, 1)


def test_labels_of_everything_give_the_truth_itself(store: Annotated) -> None:
    rows = labelled(draw(store, WINDOW, ["live", "price"], 1000, 1))
    audit = Audit(store, WINDOW, rows)
    truth = Counter(name for n in range(1000) for name in true(n).topics if true(n).complaint)
    for name, part, whole in (("rights", 600, 1000), ("complaint", 280, 600), ("live", truth["live"], 280)):
        found = audit.share(name)
        assert (found.value, found.low, found.high) == pytest.approx((part / whole,) * 3)
    firsts = [n for n in range(280) if n % 10 != 9]
    live = sum("live" in true(n).topics for n in firsts)
    assert audit.share("live", first=True).value == pytest.approx(live / len(firsts))


def test_a_sample_bounds_the_truth_that_the_machine_misses(store: Annotated) -> None:
    held = 0
    for seed in range(20):
        audit = Audit(store, WINDOW, labelled(draw(store, WINDOW, ["live", "price"], 300, seed)))
        found = audit.share("complaint")
        held += found.low <= 280 / 600 <= found.high < 0.6
    assert held >= 19


def test_labels_of_items_that_are_gone_are_counted_as_lost(store: Annotated) -> None:
    rows = labelled(draw(store, WINDOW, ["live"], 50, 1))
    rows.append({**rows[0], "id": "gone"})
    rows.append({**rows[1], "channel": "抖音"})
    assert Audit(store, WINDOW, rows).lost == 2
    assert str(where(rows[0]["stratum"])) == rows[0]["stratum"]
