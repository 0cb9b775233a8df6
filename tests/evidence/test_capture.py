"""What came in, when, how and through whom."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from evidence.cases import AT, WHO, record
from fairstream.errors import FormatError, UsageError
from fairstream.evidence.capture import (
    CaptureRecord,
    Captures,
    Parent,
    append_captures,
    as_line,
    capture_file,
    hash_file,
    here,
    read_captures,
    record_of,
    sayable,
)

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2, appendix B.1


@pytest.fixture
def abc(tmp_path: Path) -> Path:
    path = tmp_path / "abc.bin"
    path.write_bytes(b"abc")
    return path


def test_a_record_holds_what_the_law_wants_noted(abc: Path) -> None:
    found = capture_file(
        abc, name="来件.bin", who=WHO, at=AT, method="received", source="商家", tool="cp 9.1"
    )
    assert (found.sha256, found.size, found.name) == (ABC, 3, "来件.bin")
    assert (found.who, found.at, found.method, found.source, found.tool) == (
        WHO,
        AT,
        "received",
        "商家",
        "cp 9.1",
    )
    assert found.original


def test_a_large_file_is_hashed_in_blocks(tmp_path: Path) -> None:
    path = tmp_path / "large"
    path.write_bytes(b"x" * 3_000_001)
    assert hash_file(path) == (hashlib.sha256(b"x" * 3_000_001).hexdigest(), 3_000_001)


def test_an_empty_file_is_a_capture_too(tmp_path: Path) -> None:
    (tmp_path / "none").touch()
    assert record(tmp_path / "none", "none").size == 0


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"at": AT.replace(tzinfo=None)}, "zone"),
        ({"who": "  "}, "person"),
        ({"name": ""}, "name of the file"),
        ({"method": "stolen"}, "is no method"),
    ],
)
def test_a_record_that_would_say_too_little_is_refused(
    abc: Path, changed: dict[str, object], cause: str
) -> None:
    keys = {"name": "a", "who": WHO, "at": AT, "method": "received", "source": ""} | changed
    with pytest.raises(UsageError, match=cause):
        capture_file(abc, **keys)  # type: ignore[arg-type]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        record(tmp_path / "none", "none")


@pytest.mark.parametrize(
    ("method", "parent", "original"),
    [
        ("recorded", None, True),
        ("cut", None, False),
        ("received", Parent(ABC, "clip"), False),
        ("written", None, False),
    ],
)
def test_what_is_made_from_another_is_no_original(
    abc: Path, method: str, parent: Parent | None, original: bool
) -> None:
    assert record(abc, "a", method=method, parent=parent).original is original


def test_records_come_back_as_they_were_written(abc: Path, tmp_path: Path) -> None:
    first = record(abc, "a")
    second = replace(
        record(abc, "b", method="cut", parent=Parent(ABC, "clip", 0, 5_000)),
        at=datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC),
        note='"\n\\ 引号',
    )
    path = tmp_path / "captures.jsonl"
    assert append_captures(path, [first, second]) == (first, second)
    assert read_captures(path) == Captures((first, second))


def test_taking_the_same_in_twice_changes_nothing(abc: Path, tmp_path: Path) -> None:
    path = tmp_path / "captures.jsonl"
    first = record(abc, "a")
    append_captures(path, [first])
    before = path.read_bytes()
    assert append_captures(path, [replace(first, at=datetime.now(UTC)), first]) == ()
    assert path.read_bytes() == before
    other = record(abc, "under another name")
    assert append_captures(path, [other]) == (other,)


def test_a_missing_file_holds_no_records(tmp_path: Path) -> None:
    assert read_captures(tmp_path / "captures.jsonl") == Captures(())


def test_a_line_that_broke_off_stays_and_costs_nothing_else(abc: Path, tmp_path: Path) -> None:
    path = tmp_path / "captures.jsonl"
    first, second = record(abc, "a"), record(abc, "b")
    append_captures(path, [first])
    with path.open("ab") as file:
        file.write(as_line(second)[:40])
    (problem,) = read_captures(path).problems
    assert (problem.place.line, problem.cause) == (2, "the line is not whole")
    append_captures(path, [second])
    assert read_captures(path).records == (first, second)
    assert path.read_bytes().split(b"\n")[1] == as_line(second)[:40]


GOOD = {
    "id": "cap-1", "name": "a", "sha256": ABC, "size": 3, "who": WHO, "at": "2026-03-01T20:30:05+08:00",
    "method": "received", "source": "", "tool": "t", "note": "", "parent": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"at": "2026-03-01T20:30:05"}, "no zone"),
        ({"at": "yesterday"}, "isoformat"),
        ({"sha256": ABC.upper()}, "lower case"),
        ({"sha256": ABC[:-1]}, "64"),
        ({"size": -1}, "size"),
        ({"size": True}, "size"),
        ({"size": "3"}, "size"),
        ({"method": "guessed"}, "not known"),
        ({"who": 7}, "'who' is no text"),
        ({"parent": {"sha256": ABC, "relation": "clip", "from_ms": 1.5}}, "milliseconds"),
        ({"parent": {"sha256": "x", "relation": "clip"}}, "SHA-256"),
        ({"parent": {"relation": "clip"}}, "'sha256' is missing"),
        ({"parent": []}, "this is no capture record"),
    ],
)
def test_a_record_changed_by_hand_says_what_is_wrong(changed: dict[str, object], cause: str) -> None:
    with pytest.raises(FormatError, match=cause):
        record_of(GOOD | changed, file="captures.jsonl", line=4)
    assert record_of(GOOD).sha256 == ABC


@pytest.mark.parametrize("name", ["id", "name", "sha256", "size", "who", "at", "method", "source", "tool"])
def test_every_field_is_needed(name: str) -> None:
    with pytest.raises(FormatError, match=f"'{name}' is missing"):
        record_of({key: value for key, value in GOOD.items() if key != name})


@pytest.mark.parametrize("line", [b"[]", b"7", b'"x"', b"\xff", b"[" * 100_000])
def test_hostile_lines_are_told(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "captures.jsonl"
    path.write_bytes(line + b"\n" + json.dumps(GOOD).encode() + b"\n")
    found = read_captures(path)
    assert [one.sha256 for one in found.records] == [ABC]
    assert [problem.place.line for problem in found.problems] == [1]


def test_names_that_are_not_utf8_can_be_written_down(abc: Path, tmp_path: Path) -> None:
    assert sayable("caf\udce9.txt") == "caf=E9.txt"
    path = tmp_path / "captures.jsonl"
    append_captures(path, [record(abc, "caf\udce9.txt")])
    assert read_captures(path).records[0].name == "caf=E9.txt"


def test_where_is_noted_as_told_or_as_the_computer(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")

    def taken(where: str = "") -> CaptureRecord:
        return capture_file(
            tmp_path / "a", name="a", who="王", at=AT, method="received", source="U盘", where=where
        )

    assert taken(where="某区市场监管局").where == "某区市场监管局"
    assert taken().where == here() and here().startswith("computer ")
    written = json.loads(as_line(taken()))
    assert record_of(written).where == here()
    del written["where"]
    assert record_of(written).where == "", "records of before have none"
