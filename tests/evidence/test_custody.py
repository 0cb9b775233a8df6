"""A log nobody can quietly change."""

import hashlib
import json
import multiprocessing
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.cases import AT, WHO
from fairstream.errors import UsageError
from fairstream.evidence.custody import CustodyLog, Subject
from fairstream.evidence.verifier import FIRST, Chain


@pytest.fixture
def log(tmp_path: Path) -> CustodyLog:
    return CustodyLog(tmp_path / "custody.jsonl")


@pytest.fixture
def five(log: CustodyLog) -> CustodyLog:
    for number in range(5):
        log.add("read", Subject("录像.flv", "0" * 63 + str(number)), who=WHO, at=AT, detail=f"第 {number} 次")
    return log


def test_a_log_that_is_not_there_is_whole_and_empty(log: CustodyLog) -> None:
    assert log.check() == Chain(0, FIRST)
    assert log.entries() == ()
    assert log.contains(0, FIRST)


def test_entries_come_back_as_they_were_added(log: CustodyLog) -> None:
    first = log.add("play", "片段.mp4", who=WHO, at=AT, detail="从 00:10 起")
    second = log.add("export", Subject("b", "a" * 64), who=WHO)
    assert log.entries() == (first, second)
    assert (first.number, first.previous, first.subject) == (1, FIRST, Subject("片段.mp4"))
    assert (second.number, second.previous) == (2, first.hash)
    assert second.at.tzinfo is not None


def test_a_line_is_hashed_as_its_documentation_says(five: CustodyLog) -> None:
    """The commands of the module's docstring, run by a shell."""
    command = """sed -n 3p custody.jsonl | sed 's/,"hash":"[0-9a-f]*"}$/}/' | tr -d '\\n' | sha256sum"""
    done = subprocess.run(
        ["bash", "-c", command],  # noqa: S607
        cwd=five.path.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == five.entries()[2].hash


@pytest.mark.parametrize(("who", "at"), [("", AT), (" ", AT), (WHO, AT.replace(tzinfo=None))])
def test_nobody_and_no_zone_are_refused(log: CustodyLog, who: str, at: object) -> None:
    with pytest.raises(UsageError):
        log.add("read", "a", who=who, at=at)  # type: ignore[arg-type]
    assert not log.path.exists()


def change(log: CustodyLog, how: Callable[[list[bytes]], list[bytes]]) -> Chain:
    log.path.write_bytes(b"".join(how(log.path.read_bytes().splitlines(keepends=True))))
    return log.check()


def forged(line: bytes) -> bytes:
    """An entry with other words and its own hash made right again."""
    data = json.loads(line) | {"who": "另一个人"}
    del data["hash"]
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
    return body[:-1] + b',"hash":"' + hashlib.sha256(body).hexdigest().encode() + b'"}\n'


@pytest.mark.parametrize(
    ("how", "broken"),
    [
        (lambda lines: lines[:2] + lines[3:], 3),
        (lambda lines: [*lines[:1], lines[2], lines[1], *lines[3:]], 2),
        (lambda lines: [*lines[:2], lines[2].replace("第".encode(), "笫".encode()), *lines[3:]], 3),
        (lambda lines: lines[1:], 1),
        (lambda lines: [*lines, lines[-1]], 6),
        (lambda lines: [*lines[:1], forged(lines[1]), *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"{}\n", *lines[2:]], 3),
        (lambda lines: [*lines[:2], b"noise\n", *lines[2:]], 3),
        (lambda lines: [*lines, b"noise\n"], 6),
    ],
)
def test_the_first_entry_that_breaks_the_chain_is_named(
    five: CustodyLog, how: Callable[[list[bytes]], list[bytes]], broken: int
) -> None:
    chain = change(five, how)
    assert chain.broken_line == broken
    assert chain.broken_why


def test_flipped_bits_all_over_the_log_are_seen(five: CustodyLog) -> None:
    content = five.path.read_bytes()
    head = five.check()
    for bit in range(0, len(content) * 8, 17):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        five.path.write_bytes(flipped)
        chain = five.check()
        assert chain.broken_line is not None or chain.torn or chain.head != head.head, f"bit {bit}"


def test_cutting_the_end_off_is_seen_by_the_head_that_was_kept(five: CustodyLog) -> None:
    head = five.check()
    chain = change(five, lambda lines: lines[:3])
    assert chain.broken_line is None
    assert chain.entries == 3
    assert not five.contains(head.entries, head.head)
    assert five.contains(chain.entries, chain.head)


@pytest.mark.parametrize("left", [1, 20, 150])
def test_after_a_kill_the_torn_line_is_kept_and_told_and_the_log_goes_on(five: CustodyLog, left: int) -> None:
    whole = five.path.read_bytes()
    torn = whole.splitlines()[-1][:left]
    five.path.write_bytes(whole + torn)
    assert five.check()._replace(head="") == Chain(5, "", None, "", (6,))
    added = five.add("play", "a", who=WHO, at=AT)
    assert five.path.read_bytes().startswith(whole + torn + b"\n")
    chain = five.check()
    assert (chain.broken_line, chain.torn, chain.entries, chain.head) == (None, (6,), 7, added.hash)
    note = five.entries()[5]
    assert (note.action, note.subject.sha256) == ("torn", hashlib.sha256(torn).hexdigest())


def test_a_last_line_that_lacks_only_its_line_break_is_an_entry(five: CustodyLog) -> None:
    five.path.write_bytes(five.path.read_bytes()[:-1])
    assert five.check().torn == ()
    assert five.add("play", "a", who=WHO).number == 6
    assert five.check() == Chain(6, five.entries()[-1].hash)


def test_torn_twice(five: CustodyLog) -> None:
    five.path.write_bytes(five.path.read_bytes() + b'{"number":6,"a\n{"numb')
    five.add("play", "a", who=WHO)
    chain = five.check()
    assert (chain.broken_line, chain.torn, chain.entries) == (None, (6, 7), 8)


def test_a_torn_line_changed_afterwards_is_named(five: CustodyLog) -> None:
    five.path.write_bytes(five.path.read_bytes() + b'{"number":6')
    five.add("play", "a", who=WHO)
    five.path.write_bytes(five.path.read_bytes().replace(b'{"number":6\n', b'{"number":7\n'))
    assert five.check().broken_line == 6


def write_some(path: str, name: str) -> None:
    for number in range(25):
        CustodyLog(Path(path)).add("read", f"{name}{number}", who=name)


def test_writers_at_the_same_time_make_one_chain(log: CustodyLog) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write_some, args=(str(log.path), name)) for name in "abc"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    chain = log.check()
    assert (chain.entries, chain.broken_line, chain.torn) == (75, None, ())
    assert [entry.subject.name for entry in log.entries() if entry.who == "b"] == [f"b{n}" for n in range(25)]


def test_a_long_log_is_read_from_its_end(log: CustodyLog) -> None:
    """Entries longer than one block of the reader, then a short one."""
    log.add("note", "a", who=WHO, detail="长" * 100_000)
    log.add("note", "b", who=WHO)
    assert log.add("note", "c", who=WHO).number == 3
    assert log.check().broken_line is None


def test_text_no_file_can_hold_is_written_all_the_same(log: CustodyLog) -> None:
    log.add("read", "caf\udce9\n.txt", who="a\ud800", detail="\x00")
    (entry,) = log.entries()
    assert (entry.subject.name, entry.who) == ("caf=E9\n.txt", "a?")
    assert log.check().entries == 1


ENDLESS = """
import sys
from pathlib import Path
from fairstream.evidence.custody import CustodyLog
log = CustodyLog(Path(sys.argv[1]))
print(flush=True)
while True:
    log.add("read", "录像" * 400, who="x")
"""


def test_killed_while_writing_no_finished_entry_is_lost(log: CustodyLog) -> None:
    for number in range(3):
        before = log.check()
        with subprocess.Popen(
            [sys.executable, "-c", ENDLESS, str(log.path)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.05 + 0.1 * number)
            writer.kill()
        chain = log.check()
        assert chain.broken_line is None
        assert chain.entries >= before.entries
        assert log.contains(before.entries, before.head)
        log.add("note", "after the kill", who=WHO, at=AT)
        assert log.check().broken_line is None
    assert log.check().entries > 3
