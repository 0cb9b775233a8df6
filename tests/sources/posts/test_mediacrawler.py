"""MediaCrawler: every platform, sort of item, schema and format, whole and broken."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from fairstream.columns import POSTS
from sources.posts.collectors import (
    CREATORS,
    SORTS,
    Made,
    Sort,
    agree,
    creators,
    make,
    name_of,
    needles_in,
    read,
    write_csv,
    write_json,
    write_jsonl,
    write_sqlite,
    write_xlsx,
)

WRITERS: dict[str, Callable[[Path, Sort, Made], Path]] = {
    "json": lambda folder, sort, made: write_json(folder / "a.json", made.rows),
    "jsonl": lambda folder, sort, made: write_jsonl(folder / "a.jsonl", made.rows),
    "csv": lambda folder, sort, made: write_csv(folder / "a.csv", made.rows),
    "xlsx": lambda folder, sort, made: write_xlsx(folder / "a.xlsx", {sort.items.title(): made.rows}),
    "sqlite": lambda folder, sort, made: write_sqlite(folder / "a.db", {sort.table: made.rows}),
}
BY_NAME = {name_of(sort): sort for sort in SORTS}


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("schema", ["old", "new"])
@pytest.mark.parametrize("sort", SORTS, ids=name_of)
def test_every_row_with_its_time_channel_counts_and_thread(
    tmp_path: Path, sort: Sort, schema: str, form: str
) -> None:
    made = make(sort, schema)
    found = read(WRITERS[form](tmp_path, sort, made))
    assert found.problems == {}
    agree(found.rows, made.expected)
    assert needles_in(found.blob, made.needles) == []
    assert len({row["author"] for row in found.rows}) == 5
    assert [row["line"] for row in found.rows] == {"csv": [2, 3, 4, 5, 6], "xlsx": [2, 3, 4, 5, 6]}.get(
        form, [1, 2, 3, 4, 5]
    )


@pytest.mark.parametrize("form", WRITERS)
def test_ids_are_the_same_on_every_import_and_in_every_format(tmp_path: Path, form: str) -> None:
    sort = BY_NAME["douyin-contents"]
    made = make(sort, "old")
    path = WRITERS[form](tmp_path, sort, made)
    first = read(path)
    assert first.rows == read(path).rows
    assert [row["id"] for row in first.rows] == [row["aweme_id"] for row in made.rows]


def test_old_ids_are_whole_numbers_in_databases_and_strings_in_files(tmp_path: Path) -> None:
    sort = BY_NAME["bilibili-comments"]
    made = make(sort, "old")
    big = [row | {"comment_id": 9007199254740993 + n} for n, row in enumerate(made.rows)]
    texts = [row | {"comment_id": str(row["comment_id"])} for row in big]
    from_database = read(write_sqlite(tmp_path / "a.db", {sort.table: big})).rows
    from_file = read(write_jsonl(tmp_path / "a.jsonl", texts)).rows
    assert [row["id"] for row in from_database] == [row["id"] for row in from_file]
    assert from_file[0]["id"] == "9007199254740993"


def test_a_data_folder_is_read_as_a_whole(tmp_path: Path) -> None:
    expected = []
    for sort in SORTS:
        made = make(sort, "new")
        path = tmp_path / "data" / sort.folder / "jsonl" / f"search_{sort.items}_2022-11-01.jsonl"
        write_jsonl(path, made.rows)
        expected += [(sort.channel, want["kind"], want["id"], want["text"]) for want in made.expected]
    (tmp_path / "data/douyin/images/7").mkdir(parents=True)
    (tmp_path / "data/douyin/images/7/1.jpeg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    found = read(tmp_path / "data")
    rows = [(row["channel"], row["kind"], row["id"], row["text"]) for row in found.rows]
    assert sorted(rows) == sorted(expected)


def test_early_comments_of_bilibili_are_told_from_kuaishous_by_where_they_lie(tmp_path: Path) -> None:
    made = make(BY_NAME["kuaishou-comments"], "old")
    comments = "search_comments_2023-11-01.jsonl"
    for path, channel in [
        (tmp_path / "data" / "bili" / "jsonl" / comments, "哔哩哔哩"),
        (tmp_path / "data" / "kuaishou" / "jsonl" / comments, "快手"),
        (tmp_path / "else" / "billing.jsonl", "快手"),
    ]:
        found = read(write_jsonl(path, made.rows))
        agree(found.rows, [want | {"channel": channel} for want in made.expected])
    tables = {"bilibili_video_comment": made.rows}
    assert read(write_sqlite(tmp_path / "a.db", tables)).rows[0]["channel"] == "哔哩哔哩"


def test_what_the_columns_say_goes_before_the_folder(tmp_path: Path) -> None:
    made = make(BY_NAME["weibo-comments"], "old")
    found = read(write_jsonl(tmp_path / "data" / "bili" / "a.jsonl", made.rows))
    agree(found.rows, made.expected)


def test_one_database_with_every_table(tmp_path: Path) -> None:
    made = {sort.table: make(sort, "old") for sort in SORTS}
    people = {table: creators(table) for table in CREATORS}
    tables = {table: one.rows for table, one in made.items()} | people
    found = read(write_sqlite(tmp_path / "database" / "sqlite_tables.db", tables))
    assert len(found.rows) == 5 * len(SORTS)
    assert [cause.split(":")[0] for cause in found.one_file()]
    assert len(found.one_file()) == 2  # profiles and followers, each named once
    needles = [value for rows in people.values() for row in rows for value in row.values()]
    assert needles_in(found.blob, needles + [needle for one in made.values() for needle in one.needles]) == []


def test_sheets_of_a_workbook_creators_named_as_left_out(tmp_path: Path) -> None:
    posts, comments = make(BY_NAME["xhs-contents"], "old"), make(BY_NAME["xhs-comments"], "old")
    people = creators("xhs_creator")
    sheets = {"Contents": posts.rows, "Comments": comments.rows, "Creators": people}
    found = read(write_xlsx(tmp_path / "xhs_search_20221101_080000.xlsx", sheets))
    agree(found.rows, posts.expected + comments.expected)
    (cause,) = found.one_file()
    assert "not posts" in cause
    assert needles_in(found.blob, [value for row in people for value in row.values()]) == []


def test_a_title_that_repeats_the_text_is_not_doubled(tmp_path: Path) -> None:
    (row,) = make(BY_NAME["douyin-contents"], "new", 1).rows
    row |= {"title": "虚构：退款太慢了", "desc": "虚构：退款太慢了"}
    assert read(write_jsonl(tmp_path / "a.jsonl", [row])).rows[0]["text"] == "虚构：退款太慢了"


def test_a_zhihu_video_has_its_description_for_text(tmp_path: Path) -> None:
    (row,) = make(BY_NAME["zhihu-contents"], "new", 1).rows
    row |= {"content_text": "", "title": "题", "desc": "虚构的视频说明"}
    assert read(write_jsonl(tmp_path / "a.jsonl", [row])).rows[0]["text"] == "题\n虚构的视频说明"


def test_names_in_texts_phones_and_addresses_are_masked(tmp_path: Path) -> None:
    (row,) = make(BY_NAME["weibo-comments"], "old", 1).rows
    row["content"] = "打我电话13812345678"
    assert read(write_jsonl(tmp_path / "a.jsonl", [row])).rows[0]["text"] == "打我电话138******78"


@pytest.mark.parametrize("sort", SORTS, ids=name_of)
def test_a_broken_line_loses_only_itself(tmp_path: Path, sort: Sort) -> None:
    made = make(sort, "new")
    path = write_jsonl(tmp_path / "a.jsonl", made.rows)
    lines = path.read_text("utf-8").splitlines()
    lines[2] = lines[2][: len(lines[2]) // 2]
    path.write_text("\n".join(lines), "utf-8")
    found = read(path)
    agree(found.rows, made.expected[:2] + made.expected[3:])
    assert len(found.one_file()) == 1


@pytest.mark.parametrize("sort", SORTS, ids=name_of)
def test_an_array_cut_off_keeps_its_whole_items(tmp_path: Path, sort: Sort) -> None:
    made = make(sort, "new")
    path = write_json(tmp_path / "a.json", made.rows)
    path.write_bytes(path.read_bytes()[:-80])
    found = read(path)
    agree(found.rows, made.expected[:4])
    assert len(found.one_file()) == 1


@pytest.mark.parametrize("sort", SORTS, ids=name_of)
def test_a_row_without_text_or_with_an_odd_time_loses_only_that(tmp_path: Path, sort: Sort) -> None:
    made = make(sort, "new")
    for field in sort.text.split():
        made.rows[1][field] = ""
    if "desc" in made.rows[1]:
        made.rows[1]["desc"] = ""
    made.rows[3][sort.at] = "someday"
    found = read(write_jsonl(tmp_path / "a.jsonl", made.rows))
    expected = [made.expected[0], *made.expected[2:]]
    odd = expected[2]
    clock = "create_date_time" in made.rows[3]
    expected[2] = odd if clock and found.rows[2]["at"] else odd | {"at": None}
    agree(found.rows, expected)
    assert len(found.one_file()) == 2


def test_a_csv_whose_columns_changed_in_the_day_shifts_no_value(tmp_path: Path) -> None:
    sort = BY_NAME["douyin-contents"]
    before, after = make(sort, "old"), make(sort, "new", start=5)
    path = write_csv(tmp_path / "a.csv", before.rows)
    added = write_csv(tmp_path / "b.csv", after.rows).read_bytes().split(b"\r\n", 1)[1]
    path.write_bytes(path.read_bytes() + added)
    found = read(path)
    agree(found.rows[:5], before.expected)
    after_by_id = {want["id"]: want for want in after.expected}
    for row in found.rows[5:]:  # a row may be left out, never misread
        want = after_by_id[row["id"]]
        assert (row["text"], row["likes"]) == (want["text"], want["likes"])
    assert found.problems
    assert needles_in(found.blob, before.needles + after.needles) == []


def test_a_new_column_is_named_and_not_carried(tmp_path: Path) -> None:
    made = make(BY_NAME["kuaishou-contents"], "new")
    rows = [row | {"real_name": f"针real{n}"} for n, row in enumerate(made.rows)]
    found = read(write_jsonl(tmp_path / "a.jsonl", rows))
    agree(found.rows, made.expected)
    assert "real_name" in " ".join(found.one_file())
    assert b"\xe9\x92\x88real" not in found.blob


def test_hostile_files_are_named_and_lose_nothing_beside_them(tmp_path: Path) -> None:
    made = make(BY_NAME["weibo-contents"], "new")
    write_jsonl(tmp_path / "good.jsonl", made.rows)
    odd = {
        "empty.jsonl": b"",
        "null.json": b"null",
        "list.json": b"[[1,2],3]",
        "noise.db": b"SQLite format 3\0" + bytes(range(256)) * 8,
        "deep.json": b"[" * 100_000,
        "nul.csv": b"note_id,content\n\0\0\0,\0\n",
    }
    for name, data in odd.items():
        (tmp_path / name).write_bytes(data)
    found = read(tmp_path)
    agree([row for row in found.rows if row["file"].endswith("good.jsonl")], made.expected)
    assert {"empty.jsonl", "noise.db", "deep.json"} <= set(found.problems)


def test_text_of_a_megabyte_and_of_one_character(tmp_path: Path) -> None:
    made = make(BY_NAME["weibo-contents"], "new", 2)
    made.rows[0]["content"], made.rows[1]["content"] = "差" * 350_000, "差"
    rows = read(write_jsonl(tmp_path / "a.jsonl", made.rows)).rows
    assert [len(row["text"]) for row in rows] == [350_000, 1]


def test_rows_have_the_columns_of_the_contract(tmp_path: Path) -> None:
    made = make(BY_NAME["tieba-contents"], "new", 1)
    (row,) = read(write_jsonl(tmp_path / "a.jsonl", made.rows)).rows
    assert list(row) == POSTS.names
    assert orjson.loads(row["more"] or "{}") == {}
