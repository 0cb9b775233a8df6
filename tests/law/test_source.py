"""Law data on the disk: reading order, the JSON copy, and files that are no YAML."""

import hashlib
import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from fairstream.errors import LawError
from fairstream.law.source import KEPT, data_files, parse_yaml, read_documents


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder of invented law data, and files beside it that are none."""
    folder = tmp_path / "data"
    (folder / "articles").mkdir(parents=True)
    (folder / "other").mkdir()
    for name in ("b.yaml", "a.yaml", "articles/d.yaml", "articles/c.yaml", "other/e.yaml", "f.json"):
        (folder / name).write_text(f"name: {name}\nday: 2026-11-22\n", encoding="utf-8")
    return folder


def test_data_files_come_in_a_fixed_order(data: Path) -> None:
    names = [file.relative_to(data).as_posix() for file in data_files(data)]
    assert names == ["a.yaml", "b.yaml", "articles/c.yaml", "articles/d.yaml"]


def expected(data: Path) -> list[dict[str, Any]]:
    """The documents of such a folder."""
    return [
        {"file": str(data / name), "content": {"name": name, "day": "2026-11-22"}}
        for name in ("a.yaml", "b.yaml", "articles/c.yaml", "articles/d.yaml")
    ]


def test_documents_name_their_file_and_hold_plain_values(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "deep" / "cache"
    assert read_documents([data], cache) == expected(data)
    assert len(list(cache.iterdir())) == 1


def test_a_broken_file_of_a_folder_is_named(data: Path, tmp_path: Path) -> None:
    (data / "b.yaml").write_text("- a\n", encoding="utf-8")
    with pytest.raises(LawError) as caught:
        read_documents([data], tmp_path / "cache")
    assert caught.value.file == str(data / "b.yaml")


def test_folders_are_read_in_the_order_given(data: Path, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "0.yaml").write_text("name: more\n", encoding="utf-8")
    added = {"file": str(more / "0.yaml"), "content": {"name": "more"}}
    assert read_documents([data, more], tmp_path / "cache") == [*expected(data), added]
    assert read_documents([more, data], tmp_path / "cache") == [added, *expected(data)]


def test_the_copy_is_named_after_files_and_contents(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    read_documents([data], cache)
    digest = hashlib.sha256(b"1")
    for item in expected(data):
        content = Path(item["file"]).read_bytes()
        digest.update(b"\0%s\0%d\0%s" % (os.fsencode(item["file"]), len(content), content))
    assert [file.name for file in cache.iterdir()] == [f"law-{digest.hexdigest()[:32]}.json"]


def test_the_copy_is_read_instead_of_the_yaml(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    read_documents([data], cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(orjson.dumps([{"file": "kept", "content": {}}]))
    assert read_documents([data], cache) == [{"file": "kept", "content": {}}]


@pytest.mark.parametrize("content", [b"{broken", b"{}", b"null", b""], ids=["broken", "map", "null", "empty"])
def test_a_spoilt_copy_is_written_anew(content: bytes, data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    read_documents([data], cache)
    (kept,) = cache.iterdir()
    kept.write_bytes(content)
    assert read_documents([data], cache) == expected(data)
    assert orjson.loads(kept.read_bytes()) == expected(data)


def test_without_a_folder_the_users_cache_is_taken(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def folder(name: str) -> Path:
        asked.append(name)
        return tmp_path / "user"

    monkeypatch.setattr("fairstream.law.source.user_cache_path", folder)
    assert read_documents([data]) == expected(data)
    assert asked == ["fairstream"]
    assert len(list((tmp_path / "user").glob("law-*.json"))) == 1


def test_the_oldest_copies_go_and_other_files_stay(data: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "other.json").write_bytes(b"{}")
    for age in range(KEPT + 2):
        file = cache / f"law-{(age * 7) % 10}.json"
        file.write_bytes(b"[]")
        os.utime(file, (1_000_000 - age, 1_000_000 - age))
    read_documents([data], cache)
    held = {file.name for file in cache.iterdir()}
    (new,) = {name for name in held if len(name) > 20}
    young = {f"law-{(age * 7) % 10}.json" for age in range(KEPT - 1)}
    assert held == {"other.json", new, *young}
    assert KEPT == 8


def test_a_cache_that_cannot_be_written_is_done_without(data: Path, tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_bytes(b"")
    assert read_documents([data], blocked) == expected(data)


def test_dates_become_text_and_keys_too() -> None:
    content = b"1: {2: [2026-11-22, {d: 2026-01-02}]}\nt: 2026-11-22 10:00:00\nn: 5\nb: true\ne:\n"
    assert parse_yaml(content, Path("x.yaml")) == {
        "1": {"2": ["2026-11-22", {"d": "2026-01-02"}]},
        "t": "2026-11-22T10:00:00",
        "n": 5,
        "b": True,
        "e": None,
    }


def refusal(content: bytes) -> tuple[str, str | None, int | None, str | None]:
    """How a file is refused: cause, file, line, remedy."""
    with pytest.raises(LawError) as caught:
        parse_yaml(content, Path("x.yaml"))
    error = caught.value
    return error.cause, error.file, error.line, error.remedy


@pytest.mark.parametrize(
    ("content", "line"),
    [(b"*x: 1\n", 1), (b"a: &x [1]\nb: *x\n", 2), (b"a: &x 1\n\nb: [1,\n  *x]\n", 4), (b"a:\n- *x\n", 2)],
    ids=["first", "second", "fourth", "list"],
)
def test_an_alias_is_refused_with_its_line(content: bytes, line: int) -> None:
    assert refusal(content) == (
        "YAML aliases (*name) are not allowed in law data",
        "x.yaml",
        line,
        "write the value out, or put a text that begins with * in quotes",
    )


@pytest.mark.parametrize(
    ("content", "cause", "line"),
    [
        (b"x: 1\na: b: c\n", "mapping values are not allowed in this context", 2),
        (b"a: [b\n", "did not find expected ',' or ']'", 2),
        (
            b"a: \x00",
            "unacceptable character #x0000: control characters are not allowed\n"
            '  in "<byte string>", position 3',
            None,
        ),
        (
            b"a: \xff\n",
            'unacceptable character #x00ff: invalid leading UTF-8 octet\n  in "<byte string>", position 3',
            None,
        ),
    ],
    ids=["colon", "bracket", "control", "bytes"],
)
def test_what_is_no_yaml_is_refused_with_its_line(content: bytes, cause: str, line: int | None) -> None:
    remedy = "correct the line; texts with a colon or a leading bracket need quotes"
    assert refusal(content) == (f"not readable as YAML: {cause}", "x.yaml", line, remedy)


@pytest.mark.parametrize("content", [b"", b"- a\n", b"plain"], ids=["empty", "list", "text"])
def test_what_is_no_mapping_is_refused(content: bytes) -> None:
    assert refusal(content) == ("the file holds no mapping", "x.yaml", 1, "begin with key: value lines")
