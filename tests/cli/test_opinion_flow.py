"""`fairstream opinion` from raw posts to the report, as a new user calls it."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from fairstream.cli.opinion import COMMANDS
from fairstream.errors import FairstreamError, FormatError, LimitError, UsageError

from .opinion_world import call, posts, said, write_csv


@pytest.fixture(scope="module", autouse=True)
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FAIRSTREAM_KEY", str(tmp_path_factory.mktemp("key") / "key"))
        yield


@pytest.fixture(scope="module")
def annotated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty posts of fifteen days, annotated."""
    folder = tmp_path_factory.mktemp("annotated")
    out = folder / "it's [x] 中文.parquet"
    result = call("annotate", write_csv(folder / "in.csv", posts()), "--out", out, "--no-rules", "--json")
    assert said(result)["items"] == 60
    return out


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_examples(name: str) -> None:
    shown = call(name, "--help").stdout
    assert "Examples:" in shown
    assert f"fairstream opinion {name}" in shown


def test_the_same_items_from_every_format(tmp_path: Path) -> None:
    rows = posts(8)
    write_csv(tmp_path / "a.csv", rows)
    write_csv(tmp_path / "b.csv", rows, "gb18030")
    (tmp_path / "c.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "d.parquet")
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in [list(rows[0]), *(list(row.values()) for row in rows)]:
        sheet.append(row)
    book.save(tmp_path / "e.xlsx")
    found = []
    for name in ("a.csv", "b.csv", "c.jsonl", "d.parquet", "e.xlsx"):
        out = tmp_path / f"{name}.out.parquet"
        assert said(call("annotate", tmp_path / name, "--out", out, "--no-rules", "--json"))["items"] == 8
        found.append(pq.read_table(out).drop_columns(["file", "line"]).to_pylist())
    assert all(one == found[0] for one in found[1:])
    assert found[0][0]["consumer_rights"]


def test_twice_gives_the_same_and_leaves_nothing_behind(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", posts(10))
    first, second = tmp_path / "1.parquet", tmp_path / "2.parquet"
    for out in (first, second):
        call("annotate", source, "--out", out, "--no-rules", "--quiet")
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1.parquet", "2.parquet", "in.csv"]


def test_outputs_are_checked_before_the_work(tmp_path: Path) -> None:
    source = write_csv(tmp_path / "in.csv", posts(4))
    (tmp_path / "full").mkdir()
    (tmp_path / "full/x").touch()
    (tmp_path / "x.parquet").mkdir()
    for out, error in (("full", LimitError), ("x.parquet", UsageError), ("in.csv", UsageError)):
        with pytest.raises(error, match=f"{out}: .*Remedy"):
            call("annotate", source, "--out", tmp_path / out)
    assert source.read_text("utf-8").startswith("id,text")


def test_what_gives_no_item_ends_with_3(tmp_path: Path) -> None:
    pq.write_table(pa.table({"id": ["1"], "text": pa.nulls(1)}), tmp_path / "in.parquet")
    result = call("annotate", tmp_path / "in.parquet", "--out", tmp_path / "o.parquet", "--no-rules")
    assert result.return_value == 3
    assert "no item could be read" in result.stderr


def test_items_in_every_form(annotated: Path, tmp_path: Path) -> None:
    assert "[/b]" in call("items", annotated, "--limit", 2).stdout
    lines = [
        json.loads(line) for line in call("items", annotated, "--json", "--limit", 0).stdout.splitlines()
    ]
    assert [line["id"] for line in lines] == [f"p{at}" for at in range(60)]
    counted = said(call("items", annotated, "--where", "channel:163", "--count", "--json"))
    assert (counted["where"], counted["items"]) == ("channel:163", 12)
    for ending in ("csv", "jsonl", "parquet"):
        out = tmp_path / f"o.{ending}"
        assert "12 items written" in call("items", annotated, "--where", "channel:163", "--out", out).stderr
    assert pq.read_table(tmp_path / "o.parquet").num_rows == 12
    with pytest.raises(UsageError, match="would be written over"):
        call("items", annotated, "--out", annotated)
    with pytest.raises(UsageError, match="no known kind"):
        call("items", annotated, "--out", tmp_path / "o.doc")


def test_phrases_are_folded_as_texts_are(annotated: Path) -> None:
    for word in ("163", "双十一", "雙十一", "客服|快递"):
        count = said(call("items", annotated, "--where", f"phrase:{word}", "--count", "--json"))["items"]
        assert count == {"163": 0, "双十一": 12, "雙十一": 12, "客服|快递": 24}[word]


def test_tables_alone(annotated: Path) -> None:
    for name, keys in (("phrases", "phrases"), ("bursts", "bursts"), ("copies", "cascades")):
        assert isinstance(said(call(name, annotated, "--json"))[keys], list)
        assert call(name, annotated).stdout


def test_an_audit_from_draw_to_report(annotated: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    drawn = said(call("audit", annotated, "--out", sheet, "--size", 20, "--json"))
    with pytest.raises(UsageError, match="there already"):
        call("audit", annotated, "--out", sheet)
    answers = (
        "c\nno_such\nlive\nz\np\nx\nn\n"  # a wrong topic and a wrong key are asked again; then input ends
    )
    result = call("audit", annotated, "--label", sheet, "--json", input=answers)
    assert said(result) == {"sheet": str(sheet), "items": drawn["items"], "labelled": 4}
    shown = said(call("audit", annotated, "--show", sheet, "--json"))
    assert (shown["labels"], shown["lost"], shown["skipped"]) == (4, 0, 0)
    result = call(
        "report", annotated, "--labels", sheet, "--out", tmp_path / "r", "--format", "html", "--json"
    )
    assert said(result)["corrected"] is True
    sheet.write_text(sheet.read_text("utf-8-sig").replace("live", "no_such", 1), "gb18030")
    result = call("audit", annotated, "--show", sheet, "--json")
    assert (result.return_value, said(result)["skipped"]) == (1, 1)
    assert "no known topic: no_such. Remedy" in result.stderr


def test_a_sheet_of_other_items_is_refused(annotated: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,channel,is_rights,is,about,stratum\nz,,yes,praise,,rights\n", "utf-8")
    for command in ("audit", "report"):
        option = "--show" if command == "audit" else "--labels"
        more = () if command == "audit" else ("--out", tmp_path / "r")
        with pytest.raises(UsageError, match="none is of an item"):
            call(command, annotated, option, sheet, *more)
    sheet.write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(FormatError, match="no sheet of an audit"):
        call("audit", annotated, "--label", sheet)


def test_a_report_in_every_form_twice(annotated: Path, tmp_path: Path) -> None:
    numbers = []
    for name in ("1", "2"):
        out = tmp_path / name
        compared = ("--compare-from", "2022-10-01", "--compare-to", "2022-10-05", "--from", "2022-10-06")
        summary = said(call("report", annotated, "--out", out, "--json", *compared))
        assert (summary["from"], summary["to"]) == ("2022-10-06", "2022-10-15")
        numbers.append((out / "numbers.json").read_bytes())
        for language in ("zh", "en"):
            page = (out / f"report.{language}.html").read_text("utf-8")
            assert "<script>alert" not in page
            assert "163" in page
            assert "甲{n}站" in page
            assert (out / f"report.{language}.docx").read_bytes()[:2] == b"PK"
            assert (out / f"report.{language}.pdf").read_bytes()[:5] == b"%PDF-"
    assert numbers[0] == numbers[1]
    assert not [page for page in (tmp_path / "1/items").iterdir() if "<script" in page.read_text("utf-8")]


@pytest.mark.parametrize(
    ("arguments", "cause"),
    [
        (("--compare-from", "2022-10-01"), "needs both its days"),
        (("--from", "2022-10-09", "--to", "2022-10-01"), "ends .* before it starts"),
        (("--from", "1990-01-01"), "more than 1,100"),
    ],
)
def test_wrong_windows(annotated: Path, tmp_path: Path, arguments: tuple[str, ...], cause: str) -> None:
    with pytest.raises(UsageError, match=cause):
        call("report", annotated, "--out", tmp_path / "r", *arguments)
    assert not (tmp_path / "r").exists()


def test_reports_on_little(annotated: Path, tmp_path: Path) -> None:
    rows = posts(8)
    cases = {"one": rows[:1], "praise": rows[2:3], "nothing": rows[3:4]}
    # The same id in two channels is two items.
    cases["twice"] = [rows[0], {**rows[0], "channel": "乙", "at": "2022-10-02 00:00:00"}]
    for name, chosen in cases.items():
        source, out = write_csv(tmp_path / f"{name}.csv", chosen), tmp_path / f"{name}.parquet"
        call("annotate", source, "--out", out, "--no-rules", "--quiet")
        assert call("report", out, "--out", tmp_path / name, "--format", "html").return_value == 0
    empty = call("report", annotated, "--from", "2023-01-01", "--to", "2023-01-02", "--out", tmp_path / "e",
                 "--format", "html", "--json")  # fmt: skip
    assert said(empty)["pages"] == 0


def test_without_times_there_is_no_report_but_there_are_phrases(tmp_path: Path) -> None:
    rows = [{"id": row["id"], "text": row["text"]} for row in posts(10)]
    out = tmp_path / "o.parquet"
    call("annotate", write_csv(tmp_path / "in.csv", rows), "--out", out, "--no-rules", "--quiet")
    with pytest.raises(FairstreamError, match="no item has a time"):
        call("report", out, "--out", tmp_path / "r")
    assert said(call("phrases", out, "--json"))["items"] == 10


def test_many_channels_are_counted_together(tmp_path: Path) -> None:
    rows = [{**row, "channel": f"渠道{at}", "text": f"{row['text']}"} for at, row in enumerate(posts(50))]
    out = tmp_path / "o.parquet"
    call("annotate", write_csv(tmp_path / "in.csv", rows), "--out", out, "--no-rules", "--quiet")
    call("report", out, "--out", tmp_path / "r", "--format", "html", "--no-lists-of-items")
    numbers = json.loads((tmp_path / "r/numbers.json").read_text("utf-8"))
    shown = [name for name in numbers if name.startswith("channel.渠道") and name.count(".") == 1]
    assert len(shown) == 30
    others = numbers["channels.others"]["count"]
    assert sum(numbers[name]["count"] for name in shown) + others == numbers["rights"]["count"]
