"""Shelves and shops in tables of every make."""

import io
import json
import zipfile
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest

from fairstream.errors import FormatError, LimitError
from fairstream.records import Listing
from fairstream.sources.listings import read_listings, read_shops
from fairstream.sources.loaded import Loaded
from fairstream.sources.tables import column_key


def workbook(**sheets: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def csv(text: str, charset: str = "utf-8") -> Loaded[Listing]:
    return read_listings(text.encode(charset), name="goods.csv")


def causes(loaded: Loaded[Listing]) -> list[str]:
    return [problem.cause for problem in loaded.problems]


def test_chinese_columns_below_a_title_row() -> None:
    loaded = csv(
        "三月货架,,,,,\n\n商品名称,直播价（元）,划线价,类目,品牌,详情,店铺,链接,批准文号,产地\n"
        "菊花茶,9块9,￥39.8,茶饮,某山,代用茶,小店,https://example.invalid/1,,浙江\n",
        "gbk",
    )
    listing = loaded.records[0]
    assert (listing.title, listing.price_fen, listing.list_price_fen) == ("菊花茶", 990, 3980)
    assert (listing.category, listing.brand, listing.description) == ("茶饮", "某山", "代用茶")
    assert (listing.shop_id, listing.url) == ("小店", "https://example.invalid/1")
    assert listing.approval_number is None
    assert listing.attributes == {"产地": "浙江", "店铺": "小店"}
    assert listing.place is not None
    assert (listing.place.file, listing.place.line) == ("goods.csv", 4)
    assert causes(loaded) == ["the text is GB18030, not UTF-8"]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiters(delimiter: str) -> None:
    loaded = csv(f"title{delimiter}price\n茶{delimiter}9.9\n")
    assert [(item.title, item.price_fen) for item in loaded.records] == [("茶", 990)]


def test_two_price_columns_first_filled_wins_the_other_stays() -> None:
    loaded = csv("标题,现价,券后价\n茶,19.9,9.9\n酒,,99\n")
    assert [(item.price_fen, item.attributes) for item in loaded.records] == [
        (1990, {"券后价": "9.9"}),
        (9900, {}),
    ]


def test_unreadable_prices_stay_among_the_attributes() -> None:
    loaded = csv("标题,价格\n茶,面议\n")
    assert loaded.records[0].price_fen is None
    assert loaded.records[0].attributes == {"价格": "面议"}
    assert loaded.problems[0].place.line == 2


def test_prices_in_fen_say_so_in_their_column() -> None:
    assert csv("标题,价格(分)\n茶,990\n").records[0].price_fen == 990
    assert csv("title,price_fen\n茶,990\n").records[0].price_fen == 990
    assert csv("title,price\n茶,990\n").records[0].price_fen == 99_000


def test_ragged_rows_nulls_and_untitled_rows() -> None:
    loaded = csv("标题,价格,品牌\n茶,9.9\n酒,99,某酿,多出\n,1,某某\nа\0,1,x\n\n,,\n")
    assert [item.title for item in loaded.records] == ["茶", "酒", "а�"]
    assert loaded.records[1].attributes == {"column 4": "多出"}
    assert {(p.severity, p.place.line) for p in loaded.problems} == {
        ("repaired", None),
        ("repaired", 2),
        ("repaired", 3),
        ("skipped", 4),
    }


def test_quoted_cells_hold_line_breaks_and_unclosed_quotes_cost_no_rows() -> None:
    loaded = csv('标题,详情\n茶,"一\n二"\n酒,好\n')
    assert [item.description for item in loaded.records] == ["一\n二", "好"]
    assert [item.place.line for item in loaded.records if item.place] == [2, 4]
    broken = csv('标题,详情\n茶,"一\n酒,好\n醋,行\n')
    assert [item.title for item in broken.records] == ["茶", "酒", "醋"]
    assert causes(broken) == ["a quotation mark is never closed; every line was read as a row of its own"]


def test_json_and_jsonl_keep_every_further_field() -> None:
    item = {
        "id": "L1",
        "title": "茶",
        "price_fen": 990,
        "tags": ["a", "b"],
        "sku": {"color": "红"},
        "shown_from": 61.5,
    }
    for text in (
        json.dumps([item]),
        json.dumps({"listings": [item]}),
        json.dumps(item),
        f"{json.dumps(item)}\n{{}}\n",
    ):
        loaded = read_listings(text.encode())
        assert [(x.id, x.price_fen, x.shown_from_ms) for x in loaded.records] == [("L1", 990, 61_500)]
        assert loaded.records[0].attributes == {"tags": "a、b", "sku": '{"color":"红"}'}


def test_intervals_and_classes() -> None:
    loaded = csv("标题,讲解开始,讲解结束,product_class\n茶,00:01:00,90,ordinary_food\n酒,x,,wine\n")
    assert [(item.shown_from_ms, item.shown_until_ms, item.product_class) for item in loaded.records] == [
        (60_000, 90_000, "ordinary_food"),
        (None, None, "unknown"),
    ]


def test_workbook_with_goods_and_shops() -> None:
    data = workbook(
        货架=[
            ["商品标题", "到手价", "货号", "上新"],
            ["茶", 12.5, 6900000000001.0, date(2026, 3, 1)],
            [None],
            ["酒", "99元"],
        ],
        店铺=[["店铺名称", "经营者", "统一社会信用代码"], ["小店", "某某有限公司", "91310000MA1FL0000X"]],
        空=[],
    )
    goods, shops = read_listings(data, name="g.xlsx"), read_shops(data, name="g.xlsx")
    assert [(x.id, x.title, x.price_fen) for x in goods.records] == [
        ("6900000000001", "茶", 1250),
        ("货架-4", "酒", 9900),
    ]
    assert goods.records[0].attributes["上新"].startswith("2026-03-01")
    assert [(s.id, s.name, s.operator, s.uscc) for s in shops.records] == [
        ("小店", "小店", "某某有限公司", "91310000MA1FL0000X")
    ]


def test_shops_from_a_listing_table_are_distinct() -> None:
    table = (
        "标题,店铺,公司,统一社会信用代码\n茶,小店,甲公司,A1\n酒,小店,甲公司,A1\n醋,大店,乙公司,B2\n".encode()
    )
    assert [(s.name, s.operator, s.uscc) for s in read_shops(table).records] == [
        ("小店", "甲公司", "A1"),
        ("大店", "乙公司", "B2"),
    ]
    assert [item.shop_id for item in read_listings(table).records] == ["小店", "小店", "大店"]


def test_a_table_of_shops_is_no_shelf() -> None:
    table = b"id,name,operator,address\n1,x,y,z\n"
    assert read_listings(table).records == ()
    assert [(s.id, s.name, s.address) for s in read_shops(table).records] == [("1", "x", "z")]
    assert read_shops("标题,价格\n茶,1\n".encode()).problems[0].cause == "the table holds no shops"


def test_repeated_ids_are_numbered() -> None:
    loaded = csv("id,title\na,一\na,二\n")
    assert [item.id for item in loaded.records] == ["a", "a#2"]
    assert causes(loaded) == ["an id used before; a number was added"]


@pytest.mark.parametrize("text", ["只是文字\n没有表\n", "x,y\n1,2\n", ",,,,\n"])
def test_tables_without_known_columns(text: str) -> None:
    loaded = csv(text)
    assert loaded.records == ()
    assert causes(loaded)[0].startswith("no header row")


def test_a_cell_of_ten_million_characters_costs_its_row_only() -> None:
    loaded = csv(f"标题,价格\n茶,1\n{'长' * 1_000_000},2\n酒,3\n")
    assert [item.title for item in loaded.records] == ["茶", "酒"]
    assert [(p.place.line, p.cause) for p in loaded.problems] == [(3, "a cell longer than any text")]


def test_column_names_fold_width_case_units_and_spaces() -> None:
    assert column_key(" 价格 （元）") == column_key("价格(元)") == "价格"
    assert column_key("Shop_ID") == "shopid"
    assert column_key("ｔｉｔｌｅ*") == "title"


def bomb(name: str, content: bytes, times: int) -> bytes:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w") as part:
        for _ in range(times):
            part.write(content)
    return saved.getvalue()


def test_zip_bomb_is_refused_before_unpacking() -> None:
    data = bomb("xl/worksheets/sheet1.xml", b"0" * (1 << 20), 300)
    assert len(data) < 1 << 20
    with pytest.raises(LimitError, match="unpacks to 300 MiB"):
        read_listings(data)


def test_archives_and_workbooks_that_are_none() -> None:
    with pytest.raises(FormatError, match="no workbook"):
        read_listings(bomb("readme.txt", b"x", 1))
    with pytest.raises(FormatError, match="document type definition"):
        read_listings(bomb("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x/>', 1))
    with pytest.raises(FormatError, match="damaged"):
        read_listings(bomb("xl/workbook.xml", b"<x/>", 1))
    whole = workbook(a=[["标题"], ["茶"]])
    for cut in (whole[:100], whole[: len(whole) // 2], whole[:-10], b"PK\x03\x04"):
        with pytest.raises(FormatError, match="damaged"):
            read_listings(cut)


def test_many_parts_are_refused() -> None:
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        for number in range(2100):
            archive.writestr(f"xl/{number}.xml", "")
    with pytest.raises(LimitError, match="2,100 parts"):
        read_listings(saved.getvalue())
