"""`fairstream opinion read` and `fairstream opinion mapping`."""

from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from fairstream.cli import cli
from fairstream.columns import INVENTED, POSTS
from fairstream.errors import FairstreamError, FormatError, InputError

ROWS = b'{"id":"1","text":"a","at":1668124800,"channel":"x"}\n{"id":"2","text":"b","channel":"x"}\n'


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIRSTREAM_KEY", str(tmp_path / "key"))


def call(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, ["opinion", *map(str, arguments)], standalone_mode=False)
    if isinstance(result.exception, FairstreamError):
        raise result.exception
    return result


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    path.write_bytes(ROWS)
    return path


def test_posts_into_parquet_and_again(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "posts.parquet"
    result = call("read", source, "--out", out, "--json")
    assert result.return_value == 0
    said = orjson.loads(result.output)
    assert (said["items"], said["already_there"], said["kept"]) == (2, 0, 0)
    assert said["files"][0]["first"] == "2022-11-11T08:00:00+08:00"
    table = pq.read_table(out)
    assert table.schema.remove_metadata().equals(POSTS)
    assert table.column("id").to_pylist() == ["1", "2"]
    first = out.read_bytes()
    assert call("read", source, "--out", out).return_value == 0
    assert pq.read_table(out).equals(table)
    with source.open("ab") as file:
        file.write(b'{"id":"3","text":"c","channel":"x"}\n{"id":"1","text":"a","channel":"x"}\n')
    result = call("read", source, "--out", out, "--add", "--json")
    said = orjson.loads(result.output)
    assert (said["items"], said["already_there"], said["kept"]) == (1, 3, 2)
    assert pq.read_table(out).column("id").to_pylist() == ["1", "2", "3"]
    assert len(first) > 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "key", "posts.parquet"]


def test_the_output_inside_the_folder_is_not_read(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "posts.parquet"
    (tmp_path / "key").unlink(missing_ok=True)
    for _ in range(2):
        said = orjson.loads(call("read", tmp_path, "--out", out, "--json").output)
        assert [Path(entry["file"]).name for entry in said["files"]] == ["in.jsonl"]
        assert said["items"] == 2


def test_a_dry_run_writes_nothing(source: Path, tmp_path: Path) -> None:
    result = call("read", source, "--dry-run", "--lang", "en")
    assert result.return_value == 0
    assert "2 new items, 0 already there (nothing written)" in result.output
    assert not list(tmp_path.glob("*.parquet"))


def test_problems_are_shown_in_both_languages(source: Path) -> None:
    source.write_bytes(ROWS + b"{broken\n")
    for language, words in (("zh", "该行不是 JSON"), ("en", "the line is not JSON")):
        result = call("read", source, "--dry-run", "--lang", language)
        assert result.return_value == 1
        assert f"{source}:3: {words}" in result.output


def test_nothing_to_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("sku,price\n1,2\n")
    result = call("read", path, "--dry-run")
    assert result.return_value == 3
    assert "sku, price" in result.output


def test_only_our_own_files_are_replaced(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "other.parquet"
    out.write_bytes(b"precious")
    with pytest.raises(FormatError, match="no Parquet"):
        call("read", source, "--out", out)
    pq.write_table(pq.read_table(_other(tmp_path)), out)
    with pytest.raises(InputError, match="not written by"):
        call("read", source, "--out", out)
    assert out.exists()


def _other(tmp_path: Path) -> Path:
    import pyarrow as pa

    path = tmp_path / "plain.parquet"
    pq.write_table(pa.table({"a": [1]}), path)
    return path


def test_made_up_items_stay_marked(tmp_path: Path, source: Path) -> None:
    import pyarrow as pa

    marked = tmp_path / "marked.parquet"
    pq.write_table(
        pa.table({"id": ["9"], "text": ["虚构"]}).replace_schema_metadata({INVENTED: b"1"}), marked
    )
    out = tmp_path / "out.parquet"
    assert call("read", marked, "--out", out).return_value == 0
    assert INVENTED in pq.read_schema(out).metadata
    assert call("read", source, "--out", out, "--add").return_value == 0
    assert INVENTED in pq.read_schema(out).metadata


def test_without_an_output_it_is_a_wrong_call(source: Path) -> None:
    result = CliRunner().invoke(cli, ["opinion", "read", str(source)])
    assert result.exit_code == 2
    assert "--out" in result.output


def test_a_draft_and_its_use(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("何事,何时\n充绒量不足（虚构）,2022-11-11\n尾款涨价（虚构）,2022-11-12\n")
    mapping = tmp_path / "m.yaml"
    assert call("mapping", path, "--out", mapping).return_value == 0
    with pytest.raises(FairstreamError, match="there already"):
        call("mapping", path, "--out", mapping)
    assert call("mapping", path, "--out", mapping, "--force").return_value == 0
    result = call("read", path, "--mapping", mapping, "--dry-run", "--json")
    assert orjson.loads(result.output)["items"] == 2
    assert "columns:" in call("mapping", path, "--out", "-").output
