"""Invented posts（虚构）written in every format, for tests."""

import csv
import gzip
import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from fairstream.columns import POSTS
from fairstream.records import Problem
from fairstream.sources.posts import Mapping as OwnMapping
from fairstream.sources.posts import open_posts
from fairstream.sources.problems import ProblemLog

Row = Mapping[str, Any]

PLAIN: Sequence[Row] = (
    {"id": "a1", "text": "满减规则太复杂（虚构）", "at": "2022-11-11 08:00:00", "channel": "微博"},
    {
        "id": "a2",
        "text": '第一行\n第二行，有“逗号”,和"引号"',
        "at": "2022-11-11T00:30:00Z",
        "channel": "抖音",
    },
    {"id": "a3", "text": "客服电话13800001234", "at": "1668124800000", "channel": "微博"},
)
EPOCHS = (1668124800000, 1668126600000, 1668124800000)
TEXTS = (PLAIN[0]["text"], PLAIN[1]["text"], "客服电话138******34")


def as_csv(rows: Sequence[Row], delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows(row.values() for row in rows)
    return out.getvalue().encode()


def as_tsv(rows: Sequence[Row]) -> bytes:
    return as_csv(rows, "\t")


def as_jsonl(rows: Sequence[Row]) -> bytes:
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def as_json(rows: Sequence[Row]) -> bytes:
    return orjson.dumps(list(rows), option=orjson.OPT_INDENT_2)


def as_inner(rows: Sequence[Row]) -> bytes:
    return orjson.dumps({"code": 0, "data": {"list": list(rows)}})


def as_parquet(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), out)
    return out.getvalue()


def as_xlsx(rows: Sequence[Row]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_gzip(rows: Sequence[Row]) -> bytes:
    return gzip.compress(as_csv(rows))


def as_zip(rows: Sequence[Row]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/posts.jsonl", as_jsonl(rows))
        archive.writestr("__MACOSX/._posts", b"\0\1")
    return out.getvalue()


FORMS: Mapping[str, Callable[[Sequence[Row]], bytes]] = {
    "csv": as_csv,
    "tsv": as_tsv,
    "jsonl": as_jsonl,
    "json": as_json,
    "inner": as_inner,
    "parquet": as_parquet,
    "xlsx": as_xlsx,
    "csv.gz": as_gzip,
    "zip": as_zip,
}


class Got:
    """All items of some files, and every problem."""

    def __init__(
        self, *paths: Path, mapping: OwnMapping | None = None, salt: bytes = b"k", **more: Any
    ) -> None:
        self.posts = open_posts(paths, mapping=mapping, salt=salt, **more)
        problems: list[Problem] = list(self.posts.problems)
        batches: list[pa.RecordBatch] = []
        for unit in self.posts.units:
            log = ProblemLog(unit.file)
            batches += unit.read(log)
            problems += log.problems
        for batch in batches:
            batch.validate(full=True)
            assert batch.schema.equals(POSTS)
            assert 0 < batch.num_rows <= 16_384
        self.batches = batches
        self.table = pa.Table.from_batches(batches, POSTS)
        self.rows = self.table.to_pylist()
        self.problems = problems

    def __getitem__(self, name: str) -> list[Any]:
        if name == "at":
            return self.table.column("at").cast(pa.int64()).to_pylist()
        return self.table.column(name).to_pylist()

    @property
    def causes(self) -> list[tuple[int | None, str, int]]:
        """Line, cause and count of every problem."""
        return [(problem.place.line, problem.cause, problem.count) for problem in self.problems]


def written(path: Path, data: bytes | str) -> Path:
    """A file with this content."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path
