"""Hostile input for `fairstream opinion`: words and an exit code, never a traceback."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.columns import ANNOTATED

from .conftest import Call, Ended

TEXT = "在直播间买到假货，客服不理人，要求退款"
Opinion = Callable[..., Ended]


@pytest.fixture
def opinion(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Opinion:
    """The program as a process; nothing is left behind by its libraries either."""
    monkeypatch.setenv("FAIRSTREAM_KEY", str(tmp_path / "key"))

    def start(*arguments: Any, **keys: Any) -> Ended:
        ended = call("opinion", *arguments, memory=64 << 30, **keys)
        assert "leaked" not in ended.err, ended.err
        assert ended.code in (0, 1, 2, 3)
        return ended

    return start


def table(path: Path, **columns: Any) -> Path:
    """Rows with the columns of `ANNOTATED`; those not given are null, empty or false."""
    length = len(next(iter(columns.values())))
    blank = {pa.bool_(): True, pa.string(): "complaint", pa.float32(): 0.9, pa.int64(): 0}
    held = {
        field.name: columns.get(field.name)
        or [[] if pa.types.is_list(field.type) else None if field.nullable else blank[field.type]] * length
        for field in ANNOTATED
    }
    pq.write_table(pa.table(held, ANNOTATED), path)
    return path


def test_a_folder_of_bad_files_loses_nothing_else(opinion: Opinion, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "empty").mkdir(parents=True)
    (folder / "loop").symlink_to(folder)
    (folder / "self").symlink_to(folder / "self")
    (folder / "a'b\"[x]*\n中文.csv").write_text(f"id,text\n1,{TEXT}\n", "utf-8")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.csv")).write_text(f"id,text\n2,{TEXT}\n", "utf-8")
    (folder / "nul.csv").write_bytes(b"id,text\n3,a\0b\n")
    (folder / "empty.csv").touch()
    (folder / "noise").write_bytes(bytes(range(256)) * 400)
    pq.write_table(pa.table({"id": ["4"], "text": [TEXT]}), folder / "cut.parquet")
    (folder / "cut.parquet").write_bytes((folder / "cut.parquet").read_bytes()[:200])
    for name, at in (("s", pa.timestamp("s")), ("ns", pa.timestamp("ns")), ("day", pa.date32())):
        times = pa.array([19_300 if name == "day" else 0]).cast(pa.int32() if name == "day" else pa.int64())
        rows = pa.table({"id": [7], "text": [f"{TEXT}{name}"], "at": times.cast(at), "channel": [name]})
        pq.write_table(rows, folder / f"{name}.parquet")
    ended = opinion("annotate", folder, "--out", tmp_path / "o.parquet", "--no-rules")
    assert ended.code == 1
    items = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert {item["id"] for item in items} == {"1", "2", "3", "7"}
    assert len(items) == 6
    assert {item["at"] is None for item in items if item["channel"] == "day"} == {False}
    for name in ("noise", "cut.parquet"):
        assert name in ended.err


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00" * 1000, b"id,text\n1,\n"])
def test_nothing_to_read(opinion: Opinion, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "in").write_bytes(content)
    ended = opinion("annotate", "in", "--out", "o.parquet", "--no-rules")
    assert ended.code == 3
    assert "Remedy" in ended.err
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_two_million_characters(opinion: Opinion, tmp_path: Path) -> None:
    words = "假货退款投诉" * 340_000
    (tmp_path / "in.csv").write_text(f"id,text,at\n1,{words},2022-11-01\n", "utf-8")
    assert opinion("annotate", "in.csv", "--out", "o.parquet", "--no-rules").code == 0
    assert opinion("audit", "o.parquet", "--out", "sheet.csv").code == 0
    assert (tmp_path / "sheet.csv").stat().st_size < 20_000
    assert opinion("report", "o.parquet", "--out", "r", "--format", "html").code == 0
    assert max(page.stat().st_size for page in (tmp_path / "r/items").iterdir()) < 40_000


def test_damaged_items(opinion: Opinion, tmp_path: Path) -> None:
    numbers = [str(n) for n in range(500)]
    whole = table(tmp_path / "whole.parquet", id=numbers, text=[f"{TEXT}{n}" for n in numbers])
    held = bytearray(whole.read_bytes())
    held[100 : len(held) // 2] = bytes(len(held) // 2 - 100)
    (tmp_path / "bad.parquet").write_bytes(held)
    pq.write_table(pq.read_table(whole).drop_columns(["suspicion"]), tmp_path / "old.parquet")
    wrong = pq.read_table(whole)
    place = wrong.schema.get_field_index("topics")
    pq.write_table(wrong.set_column(place, "topics", pa.array(["live"] * 500)), tmp_path / "type.parquet")
    (tmp_path / "none").mkdir()
    for name, cause in (
        ("bad.parquet", "cannot be read"),
        ("old.parquet", "are missing (suspicion)"),
        ("type.parquet", "have another type (topics)"),
        ("none", "holds no .parquet file"),
    ):
        ended = opinion("items", name)
        assert ended.code == 3
        assert cause in ended.err
        assert name in ended.err
        assert "Remedy" in ended.err
        assert ended.out == b""


@pytest.mark.parametrize(
    "words",
    ["id:x' OR 1=1 --", 'id:"', "group:²", "group:--5", "group:99999999999999999999", "day:2022-13-01",
     b"id:\xff", "rights; DROP VIEW items", "topic"],
)  # fmt: skip
def test_conditions_that_are_none(opinion: Opinion, tmp_path: Path, words: str | bytes) -> None:
    table(tmp_path / "i.parquet", id=["1"], text=[TEXT])
    ended = opinion("items", "i.parquet", "--count", "--where", os.fsdecode(words))
    assert ended.code == 2
    assert "Remedy" in ended.err


def test_ids_and_channels_act_on_nothing(opinion: Opinion, tmp_path: Path) -> None:
    ids = ["a|b", "q\"x'", "=1+1", "\x1b[31mred", "＝1", "%s{c0}"]
    channels = ["<script>alert(1)</script>", "=cmd|'/C calc'!A0", "\u202eevil {c0} 7"]
    channels += ["a", "a.share", "\x1b]0;x\x07"]
    at = [1667260800000] * 6
    texts = [f"{TEXT}{n}[/red]" for n in range(6)]
    table(tmp_path / "i.parquet", id=ids, channel=channels, at=at, text=texts)
    shown = opinion("items", "i.parquet")
    assert shown.code == 0
    assert b"\x1b" not in shown.out
    assert "\u202e" not in shown.out.decode()
    assert opinion("items", "i.parquet", "--out", "o.csv").code == 0
    cells = (tmp_path / "o.csv").read_text("utf-8-sig").replace('"', "").replace("\n", ",").split(",")
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@", "＝"))]
    for id_ in ids:
        quoted = '"' + "".join(f"\\{c}" if c in '"\\|' else c for c in id_) + '"'
        ended = opinion("items", "i.parquet", "--where", f"id:{quoted}", "--count")
        assert ended.out.startswith(b"1 items")
    assert opinion("report", "i.parquet", "--out", "r").code == 0
    pages = [*(tmp_path / "r").glob("*.html"), *(tmp_path / "r/items").iterdir()]
    assert not [page for page in pages if "<script>alert" in page.read_text("utf-8")]


def test_a_sheet_keeps_ids_that_look_like_formulas(opinion: Opinion, tmp_path: Path) -> None:
    table(tmp_path / "i.parquet", id=["=1+1", "'=2", "-x"], channel=["=a", "@b", "c"], at=[1667260800000] * 3,
          text=[TEXT, "+86", "a\n=b"])  # fmt: skip
    assert opinion("audit", "i.parquet", "--out", "s.csv").code == 0
    raw = (tmp_path / "s.csv").read_text("utf-8-sig")
    assert not [line for line in raw.splitlines() if line.startswith(("=1", "-x", "+"))]
    ended = opinion("audit", "i.parquet", "--label", "s.csv", input=b"p\np\np\n")
    assert b"3 of 3 labelled" in ended.out
    ended = opinion("audit", "i.parquet", "--show", "s.csv", "--json")
    assert ended.code == 0
    assert b'"labels":3,"lost":0' in ended.out


def test_a_broken_list_names_file_and_line(opinion: Opinion, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"id,text\n1,{TEXT}\n", "utf-8")
    (tmp_path / "lists/topics").mkdir(parents=True)
    (tmp_path / "lists/topics/x.yaml").write_text("id: [\n", "utf-8")
    ended = opinion("annotate", "in.csv", "--out", "o.parquet", "--lists", "lists")
    assert ended.code == 3
    assert "lists/topics/x.yaml" in ended.err


def test_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    rows = "".join(f"{n},{TEXT}{n}\n" for n in range(200_000))
    (tmp_path / "in.csv").write_text(f"id,text\n{rows}", "utf-8")
    command = [sys.executable, "-m", "fairstream", "opinion", "annotate", "in.csv"]
    command += ["--out", "o.parquet", "--no-rules"]
    environment = os.environ | {"FAIRSTREAM_KEY": str(tmp_path / "key")}
    process = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, env=environment,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    waited = time.monotonic() + 40
    while not list(tmp_path.glob(".o.parquet-*/*")) and time.monotonic() < waited:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=40)
    assert process.returncode == 130
    assert err.decode().strip() == "Stopped. 已中止。"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "key"]
