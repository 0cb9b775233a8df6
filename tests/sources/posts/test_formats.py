"""Every format, whole, broken, empty, in one row, in another encoding."""

from pathlib import Path

import pytest

from sources.posts.forms import (
    EPOCHS,
    FORMS,
    PLAIN,
    TEXTS,
    Got,
    as_csv,
    as_json,
    as_jsonl,
    as_parquet,
    written,
)

TEXT_FORMS = {"csv": as_csv, "jsonl": as_jsonl, "json": as_json}


@pytest.mark.parametrize("form", FORMS)
def test_a_fine_file(form: str, tmp_path: Path) -> None:
    got = Got(written(tmp_path / f"any.{form}", FORMS[form](PLAIN)))
    assert got["id"] == ["a1", "a2", "a3"]
    assert got["text"] == list(TEXTS)
    assert got["at"] == list(EPOCHS)
    assert got["channel"] == ["微博", "抖音", "微博"]
    assert got["author"] == [None] * 3
    assert not got.problems


@pytest.mark.parametrize("form", FORMS)
def test_the_name_of_a_file_says_nothing(form: str, tmp_path: Path) -> None:
    got = Got(written(tmp_path / "data.bin", FORMS[form](PLAIN)))
    assert got["text"] == list(TEXTS)


@pytest.mark.parametrize("form", FORMS)
def test_one_row(form: str, tmp_path: Path) -> None:
    got = Got(written(tmp_path / "one", FORMS[form](PLAIN[:1])))
    assert (got["id"], got["at"]) == (["a1"], [EPOCHS[0]])
    assert not got.problems


def test_lines_lead_to_the_row(tmp_path: Path) -> None:
    assert Got(written(tmp_path / "a", as_csv(PLAIN)))["line"] == [2, 3, 5]
    assert Got(written(tmp_path / "b", as_jsonl(PLAIN)))["line"] == [1, 2, 3]
    assert Got(written(tmp_path / "c", as_parquet(PLAIN)))["line"] == [1, 2, 3]


@pytest.mark.parametrize("data", [b"", b" \n\n", b"\xef\xbb\xbf"])
def test_an_empty_file(data: bytes, tmp_path: Path) -> None:
    got = Got(written(tmp_path / "x.csv", data))
    assert not got.posts.units
    assert len(got.problems) == 1


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx"])
def test_a_file_without_rows(form: str, tmp_path: Path) -> None:
    empty = {
        "csv": b"id,text\n",
        "json": b"[]",
        "parquet": as_parquet([{"id": "1", "text": "x"}]),
        "xlsx": FORMS["xlsx"]([{"id": None, "text": None}]),
    }
    got = Got(written(tmp_path / "x", empty[form]))
    assert len(got.rows) == (1 if form == "parquet" else 0)


@pytest.mark.parametrize("form", TEXT_FORMS)
@pytest.mark.parametrize("charset", ["gb18030", "utf-8-sig", "utf-16"])
def test_other_encodings(form: str, charset: str, tmp_path: Path) -> None:
    text = TEXT_FORMS[form](PLAIN).decode()
    got = Got(written(tmp_path / "x", text.encode(charset)))
    assert got["text"] == list(TEXTS)
    wanted = [(None, "the text is GB18030, not UTF-8", 1)] if charset == "gb18030" else []
    assert got.causes == wanted


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_broken_bytes_cost_their_characters_only(form: str, tmp_path: Path) -> None:
    more = [{"id": f"b{n}", "text": "字" * 60, "at": "", "channel": "微博"} for n in range(3)]
    data = TEXT_FORMS[form]([*PLAIN, *more]).replace("复杂".encode(), b"\xff\xfe")
    got = Got(written(tmp_path / "x", data))
    assert got["id"] == ["a1", "a2", "a3", "b0", "b1", "b2"]
    assert got["text"][0] == "满减规则太��（虚构）"
    assert got.causes == [(None, "bytes that are not UTF-8; each shows as �", 2)]


@pytest.mark.parametrize("form", TEXT_FORMS)
def test_nul_is_no_text(form: str, tmp_path: Path) -> None:
    data = TEXT_FORMS[form](PLAIN).replace("复杂".encode(), b"\\u0000" if form != "csv" else b"\0")
    got = Got(written(tmp_path / "x", data))
    assert got["text"][0] == "满减规则太�（虚构）"
    assert [cause for _, cause, _ in got.causes] == ["NUL characters or lone surrogates; each shows as �"]


def test_gbk_that_begins_late(tmp_path: Path) -> None:
    ascii_rows = "".join(f"{number},{'x' * 1000},2022-11-11,c\n" for number in range(5000))
    text = "id,text,at,channel\n" + ascii_rows + "z,降价了吗朋友们大家好,2022-11-11,微博\n"
    got = Got(written(tmp_path / "x.csv", text.encode("gb18030")))
    assert got.rows[-1]["text"] == "降价了吗朋友们大家好"
    assert got.causes == [(None, "the text is GB18030, not UTF-8", 1)]


def test_broken_rows_of_json_lines(tmp_path: Path) -> None:
    lines = [
        b'{"id":1,"text":"x"}',
        b"{broken",
        b"",
        b"[1]",
        b'{"id":2,"text":"y"},',
        b'{"id":3,"text":"\\ud800"}',
    ]
    got = Got(written(tmp_path / "x", b"\n".join(lines)))
    assert list(zip(got["id"], got["text"], got["line"], strict=True)) == [
        ("1", "x", 1),
        ("2", "y", 5),
        ("3", "�", 6),
    ]
    assert got.causes == [
        (2, "the line is not JSON", 1),
        (4, "the entry is not an object with named fields", 1),
        (6, "NUL characters or lone surrogates; each shows as �", 1),
    ]


def test_an_array_that_breaks_off(tmp_path: Path) -> None:
    data = as_json(PLAIN)
    got = Got(written(tmp_path / "x", data[: data.rindex(b"{") + 20]))
    assert got["id"] == ["a1", "a2"]
    assert [cause for _, cause, _ in got.causes] == ["the JSON breaks off; its whole items were kept"]


def test_a_long_array_is_read_piece_by_piece(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairstream.sources.posts import jsonrows

    rows = [{"id": str(number), "text": f"文字{number}" * 9} for number in range(3000)]
    path = written(tmp_path / "x", as_json(rows))
    whole = Got(path)
    monkeypatch.setattr(jsonrows, "_AT_ONCE", 0)
    monkeypatch.setattr(jsonrows, "_BLOCK", 5000)
    pieces = Got(path)
    assert pieces.rows == whole.rows
    assert len(pieces.rows) == 3000
    assert not pieces.problems
    cut = written(tmp_path / "y", as_json(rows)[:-100])
    assert len(Got(cut).rows) == 2999
    assert [cause for _, cause, _ in Got(cut).causes] == ["the JSON breaks off; its whole items were kept"]


def test_rows_without_text_are_counted(tmp_path: Path) -> None:
    rows = [*PLAIN, {"id": "b", "text": ""}, {"id": "c", "text": " \n　"}, {"id": "d"}]
    got = Got(written(tmp_path / "x", as_jsonl(rows)))
    assert got["id"] == ["a1", "a2", "a3"]
    assert got.causes == [(4, "the entry has no text", 3)]


def test_a_million_characters(tmp_path: Path) -> None:
    long = "长" * 1_000_000 + "电话13800001234"
    for form in ("csv", "jsonl", "parquet", "json"):
        got = Got(
            written(tmp_path / form, FORMS[form]([{"id": "1", "text": long}, {"id": "2", "text": "短"}]))
        )
        assert got["text"] == ["长" * 1_000_000 + "电话138******34", "短"], form
        assert not got.problems, form


@pytest.mark.parametrize("form", ["parquet", "xlsx", "csv.gz", "zip"])
@pytest.mark.parametrize("keep", [0.5, 0.98])
def test_a_cut_file_is_a_problem_and_no_crash(form: str, keep: float, tmp_path: Path) -> None:
    data = FORMS[form]([{"id": str(number), "text": f"x{number * 7919}"} for number in range(500)])
    got = Got(written(tmp_path / "x", data[: int(len(data) * keep)]))
    assert got.problems
    assert len(got.rows) <= 500


def test_damage_inside_a_parquet_file_keeps_what_was_before(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = tmp_path / "x"
    table = pa.table({"id": [str(n) for n in range(4000)], "text": [f"文{n * 7919}" for n in range(4000)]})
    pq.write_table(table, path, row_group_size=1000, compression="zstd", write_page_checksum=True)
    meta = pq.ParquetFile(path).metadata.row_group(2).column(1)
    data = bytearray(path.read_bytes())
    at = meta.dictionary_page_offset or meta.data_page_offset
    data[at : at + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))
    got = Got(path)
    assert [unit.part for unit in got.posts.units] == [0, 1, 2, 3]
    assert got.posts.rows == 4000
    assert len(got.rows) == 3000
    assert [line for line, cause, _ in got.causes if "row group 3" in cause] == [2001]


def test_bombs_are_refused(tmp_path: Path) -> None:
    bomb = FORMS["csv.gz"]([{"id": "1", "text": "0" * 90_000_000}])
    got = Got(written(tmp_path / "x.gz", bomb))
    assert not got.rows
    assert ["limit" in cause for _, cause, _ in got.causes] == [True]
    small = Got(written(tmp_path / "y.csv", as_csv(PLAIN)), limit=10)
    assert not small.rows
    assert ["limit" in cause for _, cause, _ in small.causes] == [True]


def test_a_folder_of_everything(tmp_path: Path) -> None:
    for form, write in FORMS.items():
        written(tmp_path / "deep" / f"file.{form}", write(PLAIN))
    written(tmp_path / "readme.md", "# words\n\nmore words\n")
    written(tmp_path / "noise", bytes(range(256)) * 40)
    written(tmp_path / "a.jpg", b"\xff\xd8\xff" + b"x" * 99)
    written(tmp_path / "b.jpg", b"\xff\xd8\xff" + b"x" * 99)
    written(tmp_path / ".hidden", as_csv(PLAIN))
    written(tmp_path / "prices.csv", "sku,price\n1,2\n")
    got = Got(tmp_path)
    assert len(got.rows) == 3 * len(FORMS)
    about = sorted((Path(problem.place.file).name, problem.count) for problem in got.problems)
    assert about == sorted([("readme.md", 1), ("noise", 1), (tmp_path.name, 2), ("prices.csv", 1)])
    (unknown,) = [p for p in got.problems if p.place.file.endswith("prices.csv")]
    assert unknown.cause == "no table of posts was recognised; its columns are: sku, price"
    assert "opinion mapping" in unknown.remedy


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    got = Got(tmp_path / "nothing.csv", written(tmp_path / "x.csv", as_csv(PLAIN)))
    assert len(got.rows) == 3
    assert [cause for _, cause, _ in got.causes] == ["there is no such file"]


def test_units_go_to_other_processes(tmp_path: Path) -> None:
    import pickle

    for form, write in FORMS.items():
        written(tmp_path / f"file.{form}", write(PLAIN))
    units = Got(tmp_path).posts.units
    again = pickle.loads(pickle.dumps(units))  # noqa: S301 - our own
    for unit, copy in zip(units, again, strict=True):
        assert list(copy.read()) == list(unit.read())
