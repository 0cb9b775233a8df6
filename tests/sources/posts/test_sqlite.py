"""SQLite: every table of a database, nothing written, nothing else lost by a damaged page."""

import shutil
import sqlite3
import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairstream.errors import FormatError
from fairstream.records import Words
from fairstream.sources.posts.convert import Raw
from fairstream.sources.posts.origin import Origin
from fairstream.sources.posts.shapes import Field, Shape
from fairstream.sources.posts.sqlite import sqlite_tables
from fairstream.sources.problems import ProblemLog


def database(path: Path, rows: int = 3, journal: str = "delete") -> sqlite3.Connection:
    """A database with one table of posts, still open."""
    opened = sqlite3.connect(path)
    opened.execute(f"PRAGMA journal_mode={journal}")
    opened.execute('CREATE TABLE "no""te" (id INTEGER PRIMARY KEY, text TEXT, likes)')
    opened.executemany('INSERT INTO "no""te" VALUES (?, ?, ?)', [(n, f"虚构{n}", n) for n in range(rows)])
    opened.commit()
    return opened


def reading(path: Path, log: ProblemLog, *columns: str) -> Iterator[Raw]:
    (table,) = sqlite_tables(Origin(path))
    shape = Shape("t", Words("", ""), (), {"text": Field((columns,))}, usual=True)
    return table.read(shape, None, log)


def cells(path: Path, *columns: str) -> list[tuple[object, ...]]:
    """Rows with these columns, which must be in the order of the table."""
    log = ProblemLog(str(path))
    batches = [raw.batch for raw in reading(path, log, *columns)]
    assert not log.problems
    return [tuple(row.values()) for batch in batches for row in batch.to_pylist()]


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_tables_with_their_columns_and_rows_in_order(tmp_path: Path) -> None:
    path = tmp_path / "a b#?.db"
    database(path).close()
    (table,) = sqlite_tables(Origin(path))
    assert (table.name, table.columns, table.format) == ('no"te', ("id", "text", "likes"), "SQLite")
    assert table.sample()[1] == {"id": 1, "text": "虚构1", "likes": 1}
    assert cells(path, "id", "text") == [(0, "虚构0"), (1, "虚构1"), (2, "虚构2")]
    (raw,) = reading(path, ProblemLog("x"), "id")
    assert raw.lines.to_pylist() == [1, 2, 3]


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_reading_writes_nothing(tmp_path: Path, journal: str) -> None:
    path = tmp_path / "posts.db"
    database(path, journal=journal).close()
    before = state(tmp_path)
    assert len(cells(path, "id")) == 3
    assert state(tmp_path) == before


def test_rows_of_a_writer_still_at_work_are_read_and_its_files_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    writer = database(path, journal="wal")
    killed = tmp_path / "killed"
    killed.mkdir()
    for name in ("posts.db", "posts.db-wal"):
        shutil.copyfile(tmp_path / name, killed / name)
    writer.close()
    before = state(killed)
    assert before["posts.db-wal"]
    assert len(cells(killed / "posts.db", "id")) == 3
    assert state(killed) == before


def test_a_file_without_rights_to_write_is_read(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    database(path, journal="wal").close()
    path.chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert len(cells(path, "id")) == 3
    finally:
        tmp_path.chmod(0o700)


def test_a_database_in_an_archive_is_read(tmp_path: Path) -> None:
    database(tmp_path / "posts.db").close()
    with zipfile.ZipFile(tmp_path / "posts.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "posts.db", "a/posts.db")
    (table,) = sqlite_tables(Origin(tmp_path / "posts.zip", "a/posts.db"))
    assert len(table.sample()) == 3


def test_mixed_types_blobs_and_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    opened = database(path, 0)
    insert = 'INSERT INTO "no""te" VALUES'
    opened.execute(f"{insert} (1, CAST(x'41ff00' AS TEXT), '1.2万'), (2, x'6162', 7), (3, NULL, 2.5)")
    opened.commit()
    opened.close()
    assert cells(path, "text", "likes") == [("A��", "1.2万"), ("ab", "7"), (None, "2.5")]


def test_a_damaged_page_keeps_the_rows_before_it(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    database(path, 20_000).close()
    with path.open("r+b") as file:
        size = path.stat().st_size
        file.seek(size - 4096 * 20)
        file.write(b"\xff" * 4096 * 10)
    log = ProblemLog(str(path))
    rows = sum(raw.batch.num_rows for raw in reading(path, log, "id", "text"))
    assert rows in (8192, 16384)
    (problem,) = log.problems
    assert "the rest of the table" in problem.cause


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"SQLite format 3\0" + b"\xff" * 4096])
def test_what_is_no_database_is_said_with_its_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "posts.db"
    path.write_bytes(data)
    if not data:
        assert sqlite_tables(Origin(path)) == []
        return
    with pytest.raises(FormatError, match=r"posts\.db: this SQLite database cannot be read"):
        sqlite_tables(Origin(path))


def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    path = tmp_path / "posts.db"
    opened = database(path, 0)
    opened.executemany('INSERT INTO "no""te" VALUES (?, ?, ?)', ((n, "虚" * 200, n) for n in range(100_000)))
    opened.commit()
    opened.close()
    tracemalloc.start()
    rows = sum(raw.batch.num_rows for raw in reading(path, ProblemLog("x"), "id", "text"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 100_000
    assert peak < path.stat().st_size / 4
