"""Hostile lines for `fairstream scan`: each bad line answered with its error, the rest scanned."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fairstream.detect.lines import MOST_CHUNK_BYTES, chunks

from .conftest import GIB, Call

GOOD = '{"id":"good","text":"这茶根治失眠"}'.encode()
BAD_LINES = {
    "blank": b"",
    "NULs": b"\0" * 10,
    "lone surrogate as an escape": b'{"id":1,"text":"\\ud800"}',
    "lone surrogate as bytes": b'{"id":1,"text":"\xed\xa0\x80"}',
    "half an escape": b'{"id":1,"text":"\\ud83d\\u0041"}',
    "deep lists": b"[" * 100_000,
    "deep text": b'{"id":1,"text":' + b"[" * 100_000,
    "GBK": '{"id":1,"text":"最好"}'.encode("gbk"),
    "UTF-16": '{"id":1,"text":"a"}'.encode("utf-16-le"),
    "endless number": b'{"id":1e999,"text":"a"}',
    "no day": b'{"id":1,"text":"a","on":"2026-02-30"}',
    "a number for text": b'{"id":1,"text":5}',
    "an unknown medium": b'{"id":1,"text":"a","medium":"smell"}',
    "cut": b'{"id":1,"text":"ab',
    "two objects": b'{"id":1,"text":"a"}{"id":2,"text":"b"}',
}


def answers(out: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def quotes(answer: dict[str, Any]) -> list[str]:
    return [finding["quote"] for finding in answer["findings"]]


def write(path: Path, *lines: bytes) -> Path:
    path.write_bytes(b"".join(line + b"\n" for line in lines))
    return path


class TestLines:
    def test_an_empty_file_is_done_at_once(self, call: Call, tmp_path: Path) -> None:
        done = call("scan", write(tmp_path / "in"), "--out", "-")
        assert (done.code, done.out) == (0, b"")
        assert "0 texts scanned" in done.err

    def test_each_bad_line_is_told_with_line_cause_and_remedy(self, call: Call, tmp_path: Path) -> None:
        lines = [line for bad in BAD_LINES.values() for line in (bad, GOOD)]
        done = call("scan", write(tmp_path / "in", *lines), "--out", "-")
        assert done.code == 1
        assert f"{len(BAD_LINES)} lines could not be used" in done.err
        found = answers(done.out)
        assert len(found) == len(lines)
        for number, (name, bad, good) in enumerate(zip(BAD_LINES, found[::2], found[1::2], strict=True)):
            assert bad["error"].startswith(f"line {2 * number + 1}: "), name
            assert "Remedy: " in bad["error"], name
            assert quotes(good) == ["根治"], name

    def test_noise_has_one_answer_per_line(self, call: Call, tmp_path: Path) -> None:
        noise = random.Random(1).randbytes(1 << 20)
        (tmp_path / "in").write_bytes(noise)
        done = call("scan", tmp_path / "in", "--out", "-")
        assert done.code == 1
        assert len(answers(done.out)) == noise.count(b"\n") + (not noise.endswith(b"\n"))
        assert all("error" in answer for answer in answers(done.out))

    @pytest.mark.parametrize("pipe", [False, True])
    def test_a_mark_of_byte_order_is_no_fault(self, call: Call, tmp_path: Path, pipe: bool) -> None:
        raw = b"\xef\xbb\xbf" + GOOD + b"\n" + GOOD + b"\n"
        (tmp_path / "in").write_bytes(raw)
        done = call("scan", "-", "--out", "-", input=raw) if pipe else call("scan", "in", "--out", "-")
        assert done.code == 0
        assert [quotes(answer) for answer in answers(done.out)] == [["根治"], ["根治"]]

    def test_odd_characters_are_read_and_given_back(self, call: Call, tmp_path: Path) -> None:
        text = "根\0治 根\u200b治 \U000e0041根治\u202e 根治\uffff"
        line = json.dumps({"id": 1, "text": text}).encode()
        done = call("scan", write(tmp_path / "in", line), "--out", "-")
        [answer] = answers(done.out)
        assert done.code == 0
        assert len(answer["findings"]) == 4
        assert all(text[f["start"] : f["end"]] == f["quote"] for f in answer["findings"])


class TestSize:
    @pytest.mark.parametrize("words", ["今天天气不错，", "a", "1", "！", "最", "\u200b", " * "])
    def test_ten_million_characters_in_a_line(self, call: Call, tmp_path: Path, words: str) -> None:
        text = (words * (10_000_000 // len(words))) + "根治"
        line = json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode()
        done = call("scan", write(tmp_path / "in", line, GOOD), "--out", "-", "--workers", 1)
        assert done.code == 0
        long, good = answers(done.out)
        assert quotes(long)[-1] == quotes(good)[-1] == "根治"
        assert long["findings"][-1]["end"] == len(text)

    def test_the_shipped_rules_on_ten_million_characters(self, call: Call, tmp_path: Path) -> None:
        text = "今天天气不错，我们去买菜。" * 769_231
        line = json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode()
        done = call("scan", write(tmp_path / "in", line), "--out", "-", "--workers", 1, shipped=True)
        assert done.code == 0
        assert len(answers(done.out)) == 1

    def test_a_gigabyte_without_a_line_end_is_refused(self, call: Call, tmp_path: Path) -> None:
        with (tmp_path / "in").open("wb") as file:
            file.truncate(GIB)
        done = call("scan", "in", "--out", "-", "--workers", 1, memory=GIB)
        [answer] = answers(done.out)
        assert "line 1: the line has more than" in answer["error"]
        assert done.code == 1
        assert done.seconds < 15

    def test_many_long_lines_are_not_held_together(self) -> None:
        lines = [bytes(MOST_CHUNK_BYTES // 3)] * 10
        sizes = [len(chunk) for _, chunk in chunks(iter(lines), 8192)]
        assert sizes == [4, 4, 2]

    def test_too_little_memory_is_told(self, call: Call, tmp_path: Path) -> None:
        text = "今天天气不错，" * 3_000_000
        source = write(tmp_path / "in", json.dumps({"id": 1, "text": text}, ensure_ascii=False).encode())
        done = call("scan", source, "--out", "-", "--workers", 1, memory=480 << 20)
        told = done.err + done.out.decode()
        assert done.code in (1, 3)
        assert "enough memory" in told
        assert "Remedy:" in told or "one JSON object" in told


class TestPlaces:
    def test_a_folder_for_a_file(self, call: Call, tmp_path: Path) -> None:
        assert call("scan", tmp_path, "--out", "-").code == 2
        write(tmp_path / "in", GOOD)
        done = call("scan", "in", "--out", tmp_path)
        assert done.code == 2
        assert "is a directory" in done.err

    def test_a_link_to_itself(self, call: Call, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        write(tmp_path / "in", GOOD)
        assert call("scan", "loop", "--out", "-").code == 2
        done = call("scan", "in", "--out", "loop")
        assert done.code == 3
        assert "loop: Too many levels of symbolic links. Remedy: remove the link" in done.err

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
    def test_a_full_disk(self, call: Call, tmp_path: Path) -> None:
        done = call("scan", write(tmp_path / "in", GOOD), "--out", "/dev/full")
        assert done.code == 3
        assert "No space left on device. Remedy: make room" in done.err

    @pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="this system has no /proc")
    def test_a_file_that_cannot_be_read(self, call: Call) -> None:
        done = call("scan", "/proc/self/mem", "--out", "-")
        assert done.code == 3
        assert "/proc/self/mem" in done.err
        assert "Remedy:" in done.err

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_without_rights(self, call: Call, tmp_path: Path) -> None:
        source = write(tmp_path / "in", GOOD)
        source.chmod(0)
        done = call("scan", source, "--out", "-")
        assert done.code in (2, 3)

    @pytest.mark.parametrize(("closed", "name"), [("<&-", "input"), (">&-", "output")])
    def test_closed_pipes(self, closed: str, name: str) -> None:
        line = f'"{sys.executable}" -m fairstream scan - --out - {closed}'
        done = subprocess.run(["/bin/sh", "-c", line], capture_output=True, check=False, timeout=60)
        assert done.returncode == 2
        assert done.stderr.decode().strip() == (
            f"Error: standard {name} is closed Remedy: name a file instead of -"
        )

    def test_a_named_pipe_is_read_like_a_file(self, call: Call, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with subprocess.Popen(["/bin/sh", "-c", f"printf '%s\\n' '{GOOD.decode()}' > '{tmp_path}/pipe'"]):
            done = call("scan", "pipe", "--out", "-")
        assert done.code == 0
        assert [quotes(answer) for answer in answers(done.out)] == [["根治"]]
