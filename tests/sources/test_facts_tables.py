"""Tables of facts: each kind from CSV, workbook and JSON lines, with the faults of single rows."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook  # type: ignore[import-untyped, unused-ignore]

from fairstream.errors import InputError
from fairstream.facts import Curve, Facts
from fairstream.records import Broadcast, Party
from fairstream.sources import facts as orchestration
from fairstream.sources import facttables
from fairstream.sources.crowd import Crowd
from fairstream.sources.factnames import KINDS, is_facts_file, kind_of
from fairstream.sources.facts import loose_fact_files, read_facts
from fairstream.sources.folder import read_files, read_folder
from fairstream.sources.loaded import Loaded
from fairstream.sources.times import CHINA
from sources.facts_samples import KEY, as_read, full_facts, rows, without_places, written


def table(folder: Path, name: str, text: str | bytes) -> Loaded[Facts]:
    (folder / "facts").mkdir(exist_ok=True)
    (folder / "facts" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_facts(folder, key=KEY)


def told(loaded: Loaded[Facts]) -> list[tuple[str, int | None, str, int]]:
    return [(p.place.file, p.place.line, p.cause, p.count) for p in loaded.problems]


def as_csv(columns: list[str], lines: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([columns, *lines])
    return text.getvalue()


def as_workbook(sheets: dict[str, tuple[list[str], list[list[Any]]]]) -> bytes:
    book: Any = Workbook()
    book.remove(book.active)
    for name, (columns, lines) in sheets.items():
        sheet = book.create_sheet(name)
        for line in [columns, *lines]:
            sheet.append(line)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx", "jsonl", "json", "yaml"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_back(tmp_path: Path, kind: str, form: str) -> None:
    facts = full_facts()
    columns, lines = rows(facts, kind)
    entries = written(facts)[kind]
    forms: dict[str, Callable[[], str | bytes]] = {
        "csv": lambda: as_csv(columns, lines),
        "xlsx": lambda: as_workbook({"Sheet": (columns, lines)}),
        "jsonl": lambda: "".join(json.dumps(entry) + "\n" for entry in entries),
        "json": lambda: json.dumps(entries, indent=1),
        "yaml": lambda: json.dumps(entries, indent=1, ensure_ascii=False),
    }
    loaded = table(tmp_path, f"{kind}-2026.{form}", forms[form]())
    assert loaded.problems == ()
    expected = getattr(as_read(facts), kind)
    assert without_places(loaded.records[0]) == replace(Facts(), **{kind: expected})
    place = getattr(loaded.records[0], kind)[0].place
    assert place.file == f"facts/{kind}-2026.{form}"
    assert place.line == {"csv": 2, "xlsx": 2, "jsonl": 1, "json": 1, "yaml": 2}[form]


@pytest.mark.parametrize(
    ("stem", "kind"),
    [
        ("prices", "prices"), ("价格历史", "prices"), ("价格历史-茶", "prices"),
        ("Price_History 3月", "prices"),
        ("price history (3)", "prices"), ("prices2026", "prices"), ("pricesheet", None), ("订单", "orders"),
        ("售后", "after_sales"), ("after_sales", "after_sales"), ("aftersales.2", "after_sales"),
        ("订单与售后", None), ("实时数据", "curves"), ("抽奖", "prizes"), ("foo", None), ("", None),
    ],
)  # fmt: skip
def test_kind_by_name(stem: str, kind: str | None) -> None:
    assert kind_of(stem) == kind


def test_chinese_columns_and_words(tmp_path: Path) -> None:
    loaded = table(
        tmp_path,
        "价格历史.csv",
        "\ufeff商品ID,成交时间,价格(元),类型,数量\n"
        "L1,2026/3/7 20:15,￥29.90,成交,1.2万件\nL1,2026-03-08 09:00:00,398,划线价,\n",
    )
    assert loaded.problems == ()
    assert [(one.price_fen, one.kind, one.quantity, one.at) for one in loaded.records[0].prices] == [
        (2990, "deal", 12_000, datetime(2026, 3, 7, 20, 15, tzinfo=CHINA)),
        (39_800, "struck_out", None, datetime(2026, 3, 8, 9, tzinfo=CHINA)),
    ]


def test_fen_and_milliseconds_by_the_column(tmp_path: Path) -> None:
    loaded = table(
        tmp_path, "prices.csv", "listing,at,价格（分）\nL1,2026-03-07 20:15,2990\nL1,2026-03-07 21:15,29.9\n"
    )
    assert [one.price_fen for one in loaded.records[0].prices] == [2990]
    assert told(loaded)[0] == ("facts/prices.csv", 3, "'价格（分）' is '29.9', not yuan, like 9.90", 1)
    shelf = table(tmp_path, "shelf.csv", "listing,时间(ms),剩余\nL1,1500,3\n").records[0].shelf
    assert [(one.at_ms, one.stock) for one in shelf] == [(1500, 3)]


def test_wide_curves(tmp_path: Path) -> None:
    loaded = table(
        tmp_path,
        "实时数据.csv",
        "时间,在线人数,订单数,备注\n0:00:00,1.2万,0,好\n0:00:30,11800,,\n0:01:00,11900,2,\n",
    )
    assert without_places(loaded.records[0].curves) == (
        Curve("viewers", (0, 30_000, 60_000), (12_000.0, 11_800.0, 11_900.0)),
        Curve("orders", (0, 60_000), (0.0, 2.0)),
    )
    assert told(loaded) == [
        ("facts/实时数据.csv", 2, "unknown key '备注'; known: kind, at_ms, value, listing_id", 2)
    ]


def test_curve_points_of_one_moment(tmp_path: Path) -> None:
    text = "kind,at,value\nviewers,60,5\nviewers,0,4\nviewers,60,6\nviewers,0,4\nlikes,0,4\n"
    loaded = table(tmp_path, "curves.csv", text)
    assert [(one.kind, one.at_ms, one.values) for one in loaded.records[0].curves] == [
        ("viewers", (0, 60_000), (4.0, 5.0)),
        ("likes", (0,), (4.0,)),
    ]
    assert told(loaded) == [
        ("facts/curves.csv", 2, "moments of a curve out of order; they were sorted", 1),
        ("facts/curves.csv", 5, "an entry of curves that stands there already; it was read once", 1),
        ("facts/curves.csv", 4, "a second value of a curve for the same moment; the first was kept", 1),
    ]


def test_bad_rows_are_told_and_the_rest_is_kept(tmp_path: Path) -> None:
    loaded = table(
        tmp_path,
        "orders.csv",
        "id,listing,paid_at,price,exception_marked,colour\n"
        "1,L1,2026-03-14 20:35,29.9,是,red\n"
        ",L1,2026-03-14 20:36,29.9,是,\n"
        "3,L1,gestern,abc,vielleicht,\n"
        "1,L2,2026-03-14 20:35,29.9,是,\n"
        "1,L1,2026-03-14 20:35,29.9,是,\n",
    )
    kept = [(o.id, o.paid_at is None, o.price_fen, o.exception_marked) for o in loaded.records[0].orders]
    assert kept == [("1", False, 2990, True), ("3", True, None, None)]
    name = "facts/orders.csv"
    assert sorted(told(loaded)) == [
        (name, 2, "unknown key 'colour'; known: id, listing_id, paid_at, received_at, price_fen, "
         "exception_kind, exception_marked, exception_confirmed", 1),
        (name, 3, "an entry of orders without 'id'; it was left out", 1),
        (name, 4, "'exception_marked' is 'vielleicht', not yes or no (是, 否)", 1),
        (name, 4, "'paid_at' is 'gestern', not a time like 2026-03-01T20:00:00+08:00", 1),
        (name, 4, "'price' is 'abc', not yuan, like 9.90", 1),
        (name, 5, "an entry of orders with the id of another but other content; the first was kept", 1),
        (name, 6, "an entry of orders that stands there already; it was read once", 1),
    ]  # fmt: skip


def test_reading_twice_adds_nothing(tmp_path: Path) -> None:
    once = table(tmp_path, "orders.csv", "id,listing\n1,L1\n2,L1\n").records[0]
    again = table(tmp_path, "orders-copy.csv", "id,listing\n1,L1\n2,L1\n")
    assert without_places(again.records[0]) == without_places(once)
    assert [(p.place.file, p.count, p.severity) for p in again.problems] == [
        ("facts/orders.csv", 2, "repaired")
    ]


def test_a_review_may_be_captured_twice(tmp_path: Path) -> None:
    head = "id,listing,text,captured_at\n"
    text = head + "1,L1,好,2026-03-01 10:00\n1,L1,好,2026-03-02 10:00\n1,L1,坏,2026-03-02 10:00\n"
    loaded = table(tmp_path, "reviews.csv", text)
    assert [one.text for one in loaded.records[0].reviews] == ["好", "好"]
    assert [p.place.line for p in loaded.problems] == [4]


def test_consumers_leave_no_name_and_no_number(tmp_path: Path) -> None:
    table(
        tmp_path,
        "reviews.csv",
        "编号,商品,评价内容,采集时间,买家昵称,收货人\n1,L1,打13812345678,2026-03-01 10:00,张三,李四\n",
    )
    table(tmp_path, "orders.csv", "订单号,商品,收货人,手机号,实付\n1,L1,李四,13812345678,打13812345678\n")
    table(
        tmp_path,
        "after_sales.csv",
        "编号,订单号,类型,申请时间,拒绝理由\n1,1,退货,2026-03-01 10:00,打13812345678\n",
    )
    loaded = table(tmp_path, "prizes.csv", "名称,中奖名单\n车,张三、王五\n")
    facts, crowd = loaded.records[0], Crowd(KEY)
    everything = f"{facts} {loaded.problems}"
    assert "13812345678" not in everything
    assert not [name for name in ("张三", "李四", "王五") if name in everything]
    assert facts.reviews[0].author == crowd.pseudonym("张三")
    assert facts.reviews[0].text == "打138******78"
    assert facts.after_sales[0].refusal_words == "打138******78"
    assert facts.prizes[0].winners == (crowd.pseudonym("张三"), crowd.pseudonym("王五"))
    assert sum(p.count for p in loaded.problems if "about consumers" in p.cause) == 3
    assert {p.severity for p in loaded.problems if "about consumers" in p.cause} == {"repaired"}


def test_without_a_key_nobody_is_recognised(tmp_path: Path) -> None:
    table(tmp_path, "prizes.csv", "名称,中奖名单\n车,张三\n")
    first, second = (read_facts(tmp_path).records[0].prizes[0].winners for _ in range(2))
    assert first != second


def test_own_people_are_no_consumers(tmp_path: Path) -> None:
    table(tmp_path, "prizes.csv", "名称,中奖名单\n车,阿橙、小岚、张三\n包,\n")
    (tmp_path / "facts.yaml").write_text("hosts:\n- name: 小岚\n", "utf-8")
    broadcast = Broadcast("b", "b", date(2026, 3, 14), parties=(Party("host", "阿橙"),))
    prizes = read_facts(tmp_path, key=KEY, broadcast=broadcast).records[0].prizes
    assert prizes[0].winners == ("阿橙", "小岚", Crowd(KEY).pseudonym("张三"))
    assert prizes[1].winners is None


def test_a_cell_tells_none_from_not_known(tmp_path: Path) -> None:
    cells = {
        "无": (),
        "none": (),
        "": None,
        "-": None,
        "2025-01-02；2025-03-04": (date(2025, 1, 2), date(2025, 3, 4)),
    }
    lines = "".join(f"主播{number},{cell}\n" for number, cell in enumerate(cells))
    hosts = table(tmp_path, "hosts.csv", f"姓名,代言处罚日期\n{lines}").records[0].hosts
    assert [host.endorsement_penalised_on for host in hosts] == list(cells.values())


def test_sheets_of_a_workbook_are_kinds(tmp_path: Path) -> None:
    sheets: dict[str, tuple[list[str], list[list[Any]]]] = {
        "订单": (
            ["订单号", "商品", "付款时间", "已标明不退货"],
            [["1", "L1", datetime(2026, 3, 14, 20, 31), None], [2, "L1"]],  # noqa: DTZ001
        ),
        "售后": (["售后单号", "订单号", "类型", "申请时间"], [["9", "1", "仅退款", "2026-03-15 10:00"]]),
        "Sheet3": (["订单号", "商品"], [["1", "L1"]]),
    }
    loaded = table(tmp_path, "导出.xlsx", as_workbook(sheets))
    facts = loaded.records[0]
    assert [(order.id, order.paid_at is None) for order in facts.orders] == [("1", False), ("2", True)]
    assert [(one.order_id, one.kind) for one in facts.after_sales] == [("1", "refund")]
    assert [p.cause[:32] for p in loaded.problems] == ["the name says no kind of facts; "]


def test_json_of_several_kinds(tmp_path: Path) -> None:
    loaded = table(
        tmp_path, "export.json", '{"orders": [{"id": 1, "listing": "L1"}], "prices": {"listing": "L1"}}'
    )
    assert [order.id for order in loaded.records[0].orders] == ["1"]
    assert [p.cause for p in loaded.problems] == ["an entry of prices without 'at'; it was left out"]
    alone = table(tmp_path, "prize.json", '{"name": "车", "value": 5}')
    assert [prize.value_fen for prize in alone.records[0].prizes] == [500]


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("foo.csv", b"a,b\n1,2\n", "the name says no kind of facts; known: duties,"),
        ("price.csv", b"", "the file is empty"),
        ("prices.csv", b"x,y\n1,2\n", "no header row with known column names"),
        ("prices.jpg", b"\xff\xd8\xff\xe0" + bytes(40), "a picture"),
        ("prices.xlsx", b"PK\x03\x04" + bytes(40), "the workbook is damaged"),
        ("orders.json", b'{"id": ' + b"[" * 3000 + b"]" * 3000 + b"}", "the JSON is nested too deep"),
        ("orders.json", b'[{"id": [[[[[[[[[[1]]]]]]]]]]}]', "nested too deep"),
        ("orders.json", b'{"id": 1', "the file is not JSON"),
        ("orders.yaml", b"- &a {id: 1, listing: L1}\n- *a\n", "an anchor (& or *)"),
        ("order.csv", b"id,listing\n\x00\x01\x02\x03" + bytes(range(256)) * 9, "these bytes are not text"),
    ],
)
def test_a_file_that_cannot_be_read_stops_no_other(
    tmp_path: Path, name: str, data: bytes, cause: str
) -> None:
    table(tmp_path, "labels.csv", "listing,materials\nL1,棉60% 涤纶40%\n")
    loaded = table(tmp_path, name, data)
    assert loaded.records[0].labels[0].materials == {"棉": 60.0, "涤纶": 40.0}
    assert [(p.place.file, p.severity) for p in loaded.problems] == [(f"facts/{name}", "skipped")]
    assert cause in loaded.problems[0].cause


def test_limit_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facttables, "MOST_ROWS", 2)
    loaded = table(tmp_path, "orders.jsonl", "".join(f'{{"id": {n}, "listing": "L1"}}\n' for n in range(4)))
    assert [order.id for order in loaded.records[0].orders] == ["0", "1"]
    assert told(loaded) == [("facts/orders.jsonl", 3, "more rows than the limit of 2", 1)]


def test_limit_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orchestration, "MOST_FILES", 1)
    table(tmp_path, "orders-1.csv", "id,listing\n1,L1\n")
    loaded = table(tmp_path, "orders-2.csv", "id,listing\n2,L1\n")
    assert len(loaded.records[0].orders) == 1
    assert [(p.place.file, p.cause) for p in loaded.problems] == [
        ("facts/orders-2.csv", "more files than the limit of 1")
    ]


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    (inside / "facts").mkdir(parents=True)
    (tmp_path / "orders.csv").write_text("id,listing\n1,L1\n", "utf-8")
    (inside / "facts" / "orders.csv").symlink_to(tmp_path / "orders.csv")
    (inside / "facts" / "prices.csv").symlink_to("prices.csv")
    loaded = read_facts(inside)
    assert loaded.records == (Facts(),)
    assert [p.cause for p in loaded.problems] == [
        "'facts/orders.csv' lies outside the broadcast's folder",
        "a link that leads nowhere or to itself",
    ]


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_facts(tmp_path / "none")


def test_papers_and_hidden_files_are_no_facts(tmp_path: Path) -> None:
    for name in (".orders.csv", "~$orders.xlsx", "README.md"):
        loaded = table(tmp_path, name, "id,listing\n1,L1\n")
    assert loaded == Loaded((Facts(),), ())


def test_the_broadcast_reader_leaves_facts_alone(tmp_path: Path) -> None:
    table(tmp_path, "labels.csv", "商品标题,价格,材质\n茶,9.9,棉\n")
    (tmp_path / "facts.yaml").write_text("payees: [甲]", "utf-8")
    (tmp_path / "talk.txt").write_text("[00:00:01] 主播：大家好\n[00:00:05] 主播：今天讲茶\n", "utf-8")
    paths = [tmp_path / "talk.txt", tmp_path / "facts.yaml", tmp_path / "facts" / "labels.csv"]
    for broadcast in (read_folder(tmp_path, on=date(2026, 3, 1)), read_files(paths, on=date(2026, 3, 1))):
        assert broadcast.listings == ()
        assert broadcast.problems == ()
        assert len(broadcast.utterances) == 2
    assert loose_fact_files(paths) == paths[1:]


def test_only_the_folders_own_facts_count() -> None:
    assert [is_facts_file(name) for name in ("facts.yaml", "facts/a.csv", "facts/x/a.csv")] == [True] * 3
    assert [is_facts_file(name) for name in ("a/facts.yaml", "a/facts/b.csv", "facts", "prices.csv")] == [
        False
    ] * 4
