"""Columns that come, go and move inside a file or between versions of a tool."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from sources.posts.forms import Got, as_csv, as_jsonl, written

SHARED = ("note_id", "content", "create_time")
COUNTS = ("liked_count", "comments_count", "shared_count", "last_modify_ts", "note_url")
PERSON = ("user_id", "nickname", "avatar", "gender", "profile_url", "ip_location")
OLD = (*SHARED, *COUNTS, *PERSON, "source_keyword")
NEW = (*SHARED, "create_date_time", *COUNTS, "creator_hash", "nickname", "source_keyword")
VALUES = {
    "content": "尾款涨价了，{n}（虚构）", "create_time": "16681248{n:02}",
    "create_date_time": "2022-11-11 08:00:{n:02}",
    "liked_count": "{n}", "comments_count": "1{n}", "shared_count": "2{n}", "last_modify_ts": "1668124900000",
    "note_url": "https://m.weibo.cn/detail/48{n}", "creator_hash": "0123456789abcd{n:02}", "user_id": "77{n}",
    "nickname": "某人", "avatar": "https://img.example/{n}.jpg", "gender": "f",
    "profile_url": "https://m.weibo.cn/u/77{n}", "ip_location": "广东", "source_keyword": "双十一",
    "note_id": "48{n:02}",
}  # fmt: skip


def rows(columns: Sequence[str], numbers: Sequence[int]) -> list[list[str]]:
    return [[VALUES[name].format(n=number) for name in columns] for number in numbers]


def table(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(lines)
    return out.getvalue()


def test_a_new_column_is_named_and_a_missing_one_too(tmp_path: Path) -> None:
    rows = [{"aweme_id": "1", "desc": "好", "create_time": 1668124800, "title": "", "brand_new": 1}]
    for form in (as_csv, as_jsonl):
        got = Got(written(tmp_path / "x", form(rows)))
        assert got.posts.units[0].shape.id == "mediacrawler/douyin/post"
        causes = [cause for _, cause, _ in got.causes]
        assert "the column 'brand_new' is new in mediacrawler/douyin/post; it was not read" in causes
        missing = (
            "the column 'liked_count', usual in mediacrawler/douyin/post, is not there; 'likes' stays unknown"
        )
        assert missing in causes
        assert got["text"] == ["好"]


def test_a_column_that_comes_late_is_named(tmp_path: Path) -> None:
    plain = [{"aweme_id": str(n), "desc": "好", "create_time": 1668124800} for n in range(400)]
    late = [*plain, {**plain[0], "aweme_id": "late", "liked_count": "1.2万", "strange": "x"}]
    got = Got(written(tmp_path / "x", as_jsonl(late)))
    assert got.rows[-1]["likes"] == 12000
    assert any("'strange' is new" in cause for _, cause, _ in got.causes)
    assert not any("'liked_count', usual" in cause for _, cause, _ in got.causes)


def test_rows_under_the_header_of_another_file(tmp_path: Path) -> None:
    """The tool changed inside a day: the second file shows the header that the later rows stand under."""
    mixed = table(OLD, [*rows(OLD, range(1, 4)), *rows(NEW, range(4, 9))])
    written(tmp_path / "old.csv", mixed)
    written(tmp_path / "new.csv", table(NEW, rows(NEW, range(20, 23))))
    got = Got(tmp_path)
    found = {row["id"]: row for row in got.rows}
    assert sorted(found) == [f"48{n:02}" for n in (1, 2, 3, 4, 5, 6, 7, 8, 20, 21, 22)]
    assert found["4805"]["text"] == "尾款涨价了，5（虚构）"
    assert (found["4805"]["likes"], found["4805"]["comments"], found["4805"]["reposts"]) == (5, 15, 25)
    assert found["4805"]["keyword"] == "双十一"
    assert found["4805"]["line"] == 6
    assert (5, "a row with 12 cells under 15 columns; read as its values prove", 5) in got.causes


def test_without_such_a_file_nothing_is_guessed(tmp_path: Path) -> None:
    got = Got(written(tmp_path / "old.csv", table(OLD, [*rows(OLD, range(1, 4)), *rows(NEW, range(4, 6))])))
    assert got["id"] == ["4801", "4802", "4803"]
    cause = "a row with 12 cells under 15 columns, and its values do not prove which is which"
    assert (5, cause, 2) in got.causes


def test_one_column_gone_is_proved_by_the_values_around_it(tmp_path: Path) -> None:
    short = [name for name in OLD if name != "comments_count"]
    got = Got(written(tmp_path / "x.csv", table(OLD, [*rows(OLD, range(1, 4)), *rows(short, [4])])))
    last = got.rows[-1]
    assert (last["id"], last["text"], last["place"]) == ("4804", "尾款涨价了，4（虚构）", "广东")
    # Which of three counts is gone no value tells: they stay unknown where the readings differ.
    assert last["likes"] in (4, None)
    assert last["comments"] is None


def test_rows_of_the_right_length_whose_values_do_not_fit(tmp_path: Path) -> None:
    moved = ["note_id", "create_time", "content", *OLD[3:]]
    shifted = rows(moved, [7])[0]
    got = Got(written(tmp_path / "x.csv", table(OLD, [*rows(OLD, range(1, 4)), shifted, *rows(OLD, [9])])))
    good = [row["id"] for row in got.rows if row["text"].startswith("尾款")]
    assert good == ["4801", "4802", "4803", "4809"] or good == ["4801", "4802", "4803", "4807", "4809"]
    assert not any(row["text"].isdigit() for row in got.rows)


def test_a_header_among_the_rows(tmp_path: Path) -> None:
    lines = [*rows(OLD, [1]), list(OLD), *rows(OLD, [2]), list(NEW), *rows(NEW, [3])]
    got = Got(written(tmp_path / "x.csv", table(OLD, lines)))
    assert sorted(got["id"]) == ["4801", "4802", "4803"]
    headers = [(line, count) for line, cause, count in got.causes if cause.startswith("a header line")]
    assert headers == [(3, 2)]


def test_an_open_quotation_mark_costs_one_row(tmp_path: Path) -> None:
    text = "id,text,at,channel\n" + "".join(f"{n},好{n},2022-11-11,微博\n" for n in range(30))
    text = text.replace("7,好7,", '7,"好7,')
    got = Got(written(tmp_path / "x.csv", text))
    assert set(got["id"]) >= {str(n) for n in range(30) if n != 7}
    assert any("quotation mark" in cause for _, cause, _ in got.causes)


def test_an_open_quotation_mark_in_a_long_file(tmp_path: Path) -> None:
    count = 60_000
    lines = [f'{n},"好{n}，{"长" * 40}",2022-11-11,微博\n' for n in range(count)]
    lines[count // 2] = 'x,"好,2022-11-11,微博\n'
    got = Got(written(tmp_path / "x.csv", "id,text,at,channel\n" + "".join(lines)))
    found = set(got["id"])
    assert len({str(n) for n in range(count)} - found - {str(count // 2)}) == 0
    assert len(got["id"]) == len(found)
    by_id = dict(zip(got["id"], got["line"], strict=True))
    assert (by_id["0"], by_id["5"], by_id[str(count - 1)]) == (2, 7, count + 1)


def test_a_quotation_mark_that_is_never_closed(tmp_path: Path) -> None:
    """Everything after it is one cell, longer than any block; the rows are read one by one."""
    count = 100_000
    lines = [f"{n},好{n}，{'长' * 30},2022-11-11,微博\n" for n in range(count)]
    lines[50] = 'x,"好,2022-11-11,微博\n'
    got = Got(written(tmp_path / "x.csv", "id,text,at,channel\n" + "".join(lines)))
    assert len(got["id"]) == len(set(got["id"])) == count
    assert "x" in got["id"]
    by_id = dict(zip(got["id"], got["line"], strict=True))
    assert (by_id["0"], by_id["x"], by_id[str(count - 1)]) == (2, 52, count + 1)
    assert [cause for _, cause, _ in got.causes] == [
        "a quotation mark is never closed; every line was read as a row of its own"
    ]


def test_lines_after_cells_of_several_lines_and_broken_rows(tmp_path: Path) -> None:
    text = (
        'id,text,at,channel\n1,"a\nb\nc",2022-11-11,x\n\n2,y\n3,d,2022-11-11,x\n'
        '4,"e\nf",2022-11-11,x,too,many\n5,g,2022-11-11,x,,\n'
    )
    got = Got(written(tmp_path / "x.csv", text))
    assert sorted(zip(got["id"], got["line"], strict=True)) == [("1", 2), ("3", 7), ("5", 10)]


def test_ids_that_a_spreadsheet_rounded(tmp_path: Path) -> None:
    rows = [{"id": f"71234567890123{n}000", "text": "好"} for n in range(10, 20)]
    got = Got(written(tmp_path / "x.csv", as_csv(rows)))
    assert [(line, cause[:38], count) for line, cause, count in got.causes] == []
    rounded = [{"id": "7.12345678901E+18", "text": f"好{n}"} for n in range(3)]
    got = Got(written(tmp_path / "y.csv", as_csv(rounded)))
    assert got.causes == [(2, "an id of more than 15 digits kept as a number: its last digits are lost", 3)]
