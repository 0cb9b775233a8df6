"""Plain tables, registers of complaints, hot-search lists, and mappings of one's own."""

from pathlib import Path

import orjson
import pytest

from fairstream.errors import FormatError
from fairstream.sources.posts import Mapping
from fairstream.sources.posts.mapping import draft
from fairstream.sources.posts.open import tables_of
from fairstream.sources.posts.shapes import Shape, best_shape, shipped_shapes
from sources.posts.forms import FORMS, PLAIN, Got, as_csv, as_jsonl, as_xlsx, written

COMPLAINT = {
    "登记编号": "T0001", "登记时间": "2022年11月12日 9:30", "登记渠道": "全国12315平台", "类型": "投诉",
    "投诉人": "某某（虚构）", "联系电话": "13800001234", "投诉人所在地": "广东",
    "被投诉方": "晴川优选（虚构）有限公司", "统一社会信用代码": "91000000000000000X",
    "交易平台": "某平台", "店铺名称": "晴川小店（虚构）",
    "直播间": "晴川直播间（虚构）", "主播": "小晴（虚构）", "商品名称": "羽绒服",
    "下单时间": "2022-11-10 20:01",
    "订单金额": "299.00", "事实经过": "直播说充绒量90，到货70，电话13800001234", "具体诉求": "退一赔三",
    "新加的列": "x",
}  # fmt: skip


def shape_of(columns: list[str]) -> str | None:
    shape = best_shape(columns, shipped_shapes())
    return shape and shape.id


@pytest.mark.parametrize(
    ("columns", "wanted"),
    [
        (["id", "text"], "table"),
        (["ID", "Text", "AT", "Channel"], "table"),
        (["编号", "内容", "时间", "渠道"], "table"),
        (["微博ID", "微博正文", "发布时间", "点赞数"], "table"),
        (["标题", "链接"], "table"),
        (["day", "title", "first_seen", "best_rank"], "hot_search/daily"),
        (["日期", "热搜词", "排名", "热度"], "hot_search/daily"),
        (list(COMPLAINT), "12315/complaints"),
        (["sku", "price"], None),
        ([], None),
    ],
)
def test_tables_are_told_by_their_columns(columns: list[str], wanted: str | None) -> None:
    assert shape_of(columns) == wanted


def test_every_shipped_shape_is_sound() -> None:
    shapes = shipped_shapes()
    assert len({shape.id for shape in shapes}) == len(shapes)
    for shape in shapes:
        assert shape.title.zh
        assert shape.title.en
        needed = [names[0] for names in shape.needs]
        assert not shape.without & set(needed), shape.id


def test_names_in_chinese(tmp_path: Path) -> None:
    row = {
        "编号": "7", "标题": "双十一（虚构）", "正文": "满减太复杂", "发布时间": "2022年11月11日 8:00",
        "平台": "微博", "信息类型": "投诉", "用户昵称": "某人", "点赞数": "1.2万", "评论数": "3",
        "转发数": "1,000",
        "阅读量": "10w+", "IP属地": "IP属地：四川", "关键词": "满减", "原文链接": "https://weibo.example/7",
        "情感": "负面",
    }  # fmt: skip
    got = Got(written(tmp_path / "x", as_xlsx([row])))
    (item,) = got.rows
    wanted = {
        "id": "7", "text": "双十一（虚构）\n满减太复杂", "channel": "微博", "kind": "complaint",
        "likes": 12000,
        "comments": 3, "reposts": 1000, "views": 100_000, "place": "四川", "keyword": "满减",
        "url": "https://weibo.example/7", "more": '{"情感":"负面"}', "line": 2,
    }  # fmt: skip
    assert {name: item[name] for name in wanted} == wanted
    assert item["at"].isoformat() == "2022-11-11T08:00:00+08:00"
    assert len(item["author"]) == 16
    assert not got.problems


def test_a_register_of_complaints(tmp_path: Path) -> None:
    got = Got(written(tmp_path / "x", as_csv([COMPLAINT])))
    (item,) = got.rows
    assert item["text"] == "直播说充绒量90，到货70，电话138******34\n退一赔三"
    assert (item["kind"], item["channel"], item["place"]) == ("complaint", "全国12315平台", "广东")
    assert item["respondent"] == "晴川优选（虚构）有限公司"
    more = orjson.loads(item["more"])
    assert more["直播间"] == "晴川直播间（虚构）"
    assert more["订单金额"] == "299.00"
    assert more["统一社会信用代码"] == "91000000000000000X"
    assert "某某" not in str(item)
    assert "联系电话" not in more
    assert [cause for _, cause, _ in got.causes] == [
        "the column '新加的列' is new in 12315/complaints; it was not read"
    ]


def test_a_hot_search_list(tmp_path: Path) -> None:
    row = {
        "day": "2022-11-11",
        "title": "某主播道歉（虚构）",
        "first_seen": "2022-11-11 09:10",
        "best_rank": 3,
    }
    (item,) = Got(written(tmp_path / "x", as_jsonl([row]))).rows
    assert (item["kind"], item["channel"], item["text"]) == ("hot_search", "热搜", "某主播道歉（虚构）")
    assert item["at"].isoformat() == "2022-11-11T09:10:00+08:00"
    assert orjson.loads(item["more"]) == {"day": "2022-11-11", "best_rank": "3"}
    assert len(item["id"]) == 32


def test_a_header_below_a_title(tmp_path: Path) -> None:
    text = "十一月投诉汇总（虚构）,,,\n制表：某科,,,\n编号,内容,时间,渠道\n1,好,2022-11-11,微博\n"
    got = Got(written(tmp_path / "x", text))
    assert (got["id"], got["line"], got["channel"]) == (["1"], [4], ["微博"])


def test_two_sheets_and_a_sheet_of_something_else(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for title, header, row in (
        ("甲", ["id", "text"], ["1", "x"]),
        ("乙", ["编号", "内容"], ["2", "y"]),
        ("丙", ["sku", "price"], [1, 2]),
    ):
        sheet = book.create_sheet(title)
        sheet.append(header)
        sheet.append(row)
    book.save(tmp_path / "x.xlsx")
    got = Got(tmp_path / "x.xlsx")
    assert got["id"] == ["1", "2"]
    assert [unit.table.name for unit in got.posts.units] == ["甲", "乙"]
    assert [cause for _, cause, _ in got.causes] == [
        "no table of posts was recognised; its columns are: 丙: sku, price"
    ]


MAPPING = """
id: office/export
channel: {column: 来源, values: {A: 微博, B: 抖音}, default: 其他}
kind: review
columns:
  id: 单号
  text: [概要, 详情]
  at: 何时
  likes: 赞同
  more: [品类]
known: [备注]
"""
OFFICE = [
    {
        "单号": "1",
        "概要": "甲",
        "详情": "乙",
        "何时": "11-10 08:00",
        "赞同": "3",
        "来源": "a",
        "品类": "服装",
        "备注": "z",
    },
    {
        "单号": "2",
        "概要": "",
        "详情": "丙",
        "何时": "2022-11-11",
        "赞同": "",
        "来源": "C",
        "品类": "",
        "备注": "z",
    },
    {
        "单号": "3",
        "概要": "",
        "详情": "丁",
        "何时": "2022-11-11",
        "赞同": "x1",
        "来源": "",
        "品类": "",
        "备注": "z",
    },
]


@pytest.mark.parametrize("form", FORMS)
def test_a_mapping_of_ones_own(form: str, tmp_path: Path) -> None:
    mapping = Mapping.open(written(tmp_path / "m.yaml", MAPPING))
    got = Got(written(tmp_path / "x", FORMS[form](OFFICE)), mapping=mapping)
    assert got["text"] == ["甲\n乙", "丙", "丁"]
    assert got["channel"] == ["微博", "C", "其他"]
    assert got["kind"] == ["review"] * 3
    assert got["likes"] == [3, None, None]
    assert got["at"] == [None, 1668096000000, 1668096000000]
    assert got["more"] == ['{"品类":"服装"}', None, None]
    assert sorted(cause[:24] for _, cause, _ in got.causes) == [
        "'likes' that is no numbe",
        "a time that names no mom",
    ]


def test_a_mapping_gives_way_where_it_does_not_fit(tmp_path: Path) -> None:
    mapping = Mapping.open(written(tmp_path / "m.yaml", MAPPING))
    got = Got(written(tmp_path / "x", as_csv(PLAIN)), mapping=mapping)
    assert got["id"] == ["a1", "a2", "a3"]


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("id: x\ncolumns:\n  words: a\n", 2, "'columns' has 'words'"),
        ("id: x\ncolumns: {id: a}\n", 2, "'columns' must say where 'text' comes from"),
        ("id: x\nkind: rumour\ncolumns: {text: a}\n", 2, "'kind' is 'rumour'"),
        ("id: x\ncolours: 1\ncolumns: {text: a}\n", 2, "'colours' is no key"),
        ("columns: {text: a}\n", 1, "'id' must be a short name"),
        ("id: x\ncolumns:\n  text: [a\n", 4, ""),
        ("id: &a x\ncolumns: {text: *a}\n", 1, "an anchor"),
        ("id: x\nprepare: heimao_card\ncolumns: {text: a}\n", 1, "'prepare' is for shipped shapes only"),
        ("- 1\n", 1, "not a shape"),
        ("", 1, "'columns' is missing"),
        ("id: x\ncolumns: {text: {col: a}}\n", 2, "'text' has 'col'"),
        ("id: x\ncolumns: {text: [[]]}\n", 2, "'columns' must say"),
    ],
)
def test_a_wrong_mapping_says_where(text: str, line: int, cause: str, tmp_path: Path) -> None:
    with pytest.raises(FormatError) as caught:
        Mapping.open(written(tmp_path / "m.yaml", text))
    assert caught.value.line == line
    assert caught.value.cause.startswith(cause)
    assert caught.value.remedy


@pytest.mark.parametrize("form", FORMS)
def test_a_draft_reads_the_table_it_was_made_for(form: str, tmp_path: Path) -> None:
    if form == "zip":
        return
    rows = [
        {
            "序": f"R{n}",
            "说了什么": f"直播间买的衣服起球，第{n}次了，电话13800001234",
            "几时": f"2022-11-1{n} 08:00",
            "数": n,
        }
        for n in range(1, 5)
    ]
    path = written(tmp_path / "自己的表", FORMS[form](rows))
    assert not Got(path).rows
    text = draft(tables_of(path)[0])
    assert "13800001234" not in text
    assert "138******34" in text
    mapping = Mapping.open(written(tmp_path / "m.yaml", text))
    (shape,) = mapping.shapes
    assert isinstance(shape, Shape)
    got = Got(path, mapping=mapping)
    assert got["text"] == [f"直播间买的衣服起球，第{n}次了，电话138******34" for n in range(1, 5)]
    assert got["at"] == [1668124800000 + 86_400_000 * (n - 1) for n in range(1, 5)]


def test_a_draft_of_a_known_table_is_complete(tmp_path: Path) -> None:
    path = written(tmp_path / "x.csv", as_csv([COMPLAINT]))
    mapping = Mapping.open(written(tmp_path / "m.yaml", draft(tables_of(path)[0])))
    ours, shipped = Got(path, mapping=mapping).rows[0], Got(path).rows[0]
    same = ("id", "text", "at", "author", "place", "respondent", "kind", "channel")
    assert {name: ours[name] for name in same} == {name: shipped[name] for name in same}


def test_what_this_product_wrote_is_not_hidden_twice(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    first = Got(written(tmp_path / "x", as_jsonl([{"id": "1", "text": "a", "author": "b", "channel": "c"}])))
    table = first.table.replace_schema_metadata({b"fairstream": b"posts 1", b"fairstream.invented": b"1"})
    pq.write_table(table, tmp_path / "y")
    again = Got(tmp_path / "y", salt=b"another")
    assert again.rows == first.rows
    assert again.posts.invented
    assert not first.posts.invented
