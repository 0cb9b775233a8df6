"""`fairstream scan` as a program among programs."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fairstream.cli import scanning as scan_module
from fairstream.cli.scan import scan as scan_command
from fairstream.detect.lines import as_json
from fairstream.records import Text
from world import World

from .conftest import DRIVER, Run

Jsonl = Callable[..., Path]
TEXTS = ["能治疗", "好茶", "不治疗", "治療，治@疗", "最低", ""]


def answers(raw: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in raw.splitlines()]


def quotes(answer: dict[str, Any]) -> list[str]:
    return [finding["quote"] for finding in answer["findings"]]


class TestFiles:
    def test_in_and_out(self, run: Run, jsonl: Jsonl, tmp_path: Path) -> None:
        source = jsonl(*({"id": i, "text": text} for i, text in enumerate(TEXTS)))
        done = run("scan", source, "--out", "out.jsonl")
        assert (done.returncode, done.stdout) == (0, b"")
        assert done.stderr.decode().startswith("6 texts scanned, 0 lines could not be used (")
        found = answers((tmp_path / "out.jsonl").read_bytes())
        assert [a["id"] for a in found] == list(range(6))
        assert [quotes(a) for a in found] == [["治疗"], [], [], ["治療", "治@疗"], [], []]

    def test_the_same_findings_as_the_python_call(self, run: Run, jsonl: Jsonl, pack: World) -> None:
        source = jsonl(*({"id": str(i), "text": text} for i, text in enumerate(TEXTS)))
        found = answers(run("scan", source, "--out", "-", "--on", "2026-03-01").stdout)
        texts = [Text(str(i), text) for i, text in enumerate(TEXTS)]
        expected = pack.scanner(today=date(2026, 3, 1)).scan(texts)
        assert [a["findings"] for a in found] == json.loads(
            json.dumps([[as_json(finding) for finding in findings] for findings in expected])
        )

    def test_bad_lines_are_answered_and_counted(self, run: Run, jsonl: Jsonl) -> None:
        source = jsonl({"id": 1, "text": "治疗"}, b"", b"{", b"\xff", {"id": [2], "text": "治疗"})
        done = run("scan", source, "--out", "-")
        assert done.returncode == 1
        assert done.stderr.decode().startswith("5 texts scanned, 3 lines could not be used (")
        found = answers(done.stdout)
        assert [a["id"] for a in found] == [1, None, None, None, [2]]
        assert [a["error"].split(":")[0] for a in found if "error" in a] == ["line 2", "line 3", "line 4"]

    @pytest.mark.parametrize("content", [b"", b"\n", b'{"id":1,"text":"a"}', b'{"id":1,"text":"a"}\r\n\r\n'])
    def test_as_many_lines_out_as_in(self, run: Run, tmp_path: Path, content: bytes) -> None:
        (tmp_path / "in.jsonl").write_bytes(content)
        for arguments in (("in.jsonl",), ("-",)):
            done = run("scan", *arguments, "--out", "-", "--quiet", input=content)
            assert len(done.stdout.splitlines()) == len(content.splitlines())
            assert done.stderr == b""

    def test_options_choose_rules_language_and_spellings(self, run: Run, jsonl: Jsonl) -> None:
        source = jsonl({"id": 1, "text": "最低治疗"}, {"id": 2, "text": "zhi疗"})
        plain = answers(run("scan", source, "--out", "-").stdout)
        shadow = answers(run("scan", source, "--out", "-", "--shadow", "--lang", "en").stdout)
        assert quotes(plain[0]) == ["治疗"]
        assert quotes(shadow[0]) == ["最低", "治疗"]
        assert "a person decides" in shadow[0]["findings"][0]["why"][-1]
        assert quotes(answers(run("scan", source, "--out", "-", "--no-evasion").stdout)[1]) == []

    def test_a_layer_is_laid_over_the_pack(self, run: Run, jsonl: Jsonl, tmp_path: Path, pack: World) -> None:
        local = World(tmp_path / "local", pack.law)
        local.rule("好茶", "local/tea")
        local.rule("x", "medical/cure", status="deprecated")
        source = jsonl({"id": 1, "text": "好茶治疗"})
        found = answers(run("scan", source, "--out", "-", "--add", local.root).stdout)
        assert quotes(found[0]) == ["好茶"]


class TestWorkers:
    def test_do_not_change_lines_or_their_order(self, spawn: Run, tmp_path: Path) -> None:
        bad = [b"", b"{", b"\xff\xfe", b"[]"]
        lines = [
            bad[i // 7 % 4] if i % 7 == 3 else json.dumps({"id": i, "text": TEXTS[i % 6] + str(i)}).encode()
            for i in range(20_000)
        ]
        (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines))
        one = spawn("scan", "in.jsonl", "--out", "one", "--workers", 1)
        two = spawn("scan", "in.jsonl", "--out", "two", "--workers", 2)
        piped = spawn("scan", "-", "--out", "three", "--workers", 2, input=b"\n".join(lines))
        assert one.returncode == two.returncode == piped.returncode == 1
        assert len({done.stderr.split(b"(")[0] for done in (one, two, piped)}) == 1
        written = (tmp_path / "one").read_bytes()
        assert written == (tmp_path / "two").read_bytes() == (tmp_path / "three").read_bytes()
        found = answers(written)
        assert len(found) == 20_000
        assert all(a["id"] == i for i, a in enumerate(found) if "findings" in a)
        assert all(a["error"].startswith(f"line {i + 1}: ") for i, a in enumerate(found) if "error" in a)

    def test_a_fault_in_the_rules_is_told_once(self, spawn: Run, jsonl: Jsonl, pack: World) -> None:
        path = pack.write("t/x.yaml", "[")
        done = spawn("scan", jsonl({"id": 1, "text": "a"}), "--out", "-", "--workers", 2)
        assert done.returncode == 3
        [line] = done.stderr.decode().splitlines()
        assert line.startswith(f"Error: {path}:")
        assert "Remedy: " in line


class TestStreams:
    def test_a_pipe_is_answered_line_by_line(self, pack: World, environment: Mapping[str, str]) -> None:
        command = [sys.executable, "-c", DRIVER, str(pack.root), "scan", "-", "--out", "-", "--quiet"]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdin
            assert process.stdout
            for number in range(3):
                process.stdin.write(b'{"id":%d,"text":"\xe6\xb2\xbb\xe7\x96\x97"}\n' % number)
                process.stdin.flush()
                assert json.loads(process.stdout.readline())["id"] == number
            process.stdin.close()
            assert process.wait(30) == 0

    def test_a_line_cut_across_reads_is_one_line(self, spawn: Run) -> None:
        long = json.dumps({"id": 1, "text": "好" * 300_000 + "治疗"}, ensure_ascii=False).encode()
        done = spawn("scan", "-", "--out", "-", input=long + b"\n" + long)
        assert [quotes(a) for a in answers(done.stdout)] == [["治疗"], ["治疗"]]

    def test_a_reader_who_leaves_ends_it_quietly(
        self, pack: World, environment: Mapping[str, str], jsonl: Jsonl
    ) -> None:
        source = jsonl(*({"id": i, "text": "治疗"} for i in range(30_000)))
        command = [sys.executable, "-c", DRIVER, str(pack.root), "scan", str(source), "--out", "-"]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        ) as process:
            assert process.stdout
            assert process.stderr
            process.stdout.readline()
            process.stdout.close()
            assert process.wait(60) == 1
            assert b"Traceback" not in process.stderr.read()


class TestLimits:
    """In this process, so that the limit can be made small."""

    @pytest.fixture
    def scanned(
        self, pack: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> Callable[[bytes], list[dict[str, Any]]]:
        for module in ("fairstream.cli.scanning", "fairstream.detect.lines"):
            monkeypatch.setattr(f"{module}.MOST_LINE_BYTES", 100)
        monkeypatch.setattr("fairstream.rules.library.SHIPPED", pack.root)

        def scan(content: bytes) -> list[dict[str, Any]]:
            (tmp_path / "in").write_bytes(content)
            result = CliRunner().invoke(
                scan_command, [str(tmp_path / "in"), "--out", str(tmp_path / "out"), "--workers", "1"]
            )
            assert result.exception is None
            return answers((tmp_path / "out").read_bytes())

        return scan

    def test_a_huge_line_is_refused_and_the_next_one_read(self, scanned: Any) -> None:
        good = b'{"id":1,"text":"good"}'
        for size in (99, 100, 101, 102, 103, 250, 3_000_000):
            huge = b'{"id":0,"text":"' + b"a" * (size - 18) + b'"}'
            found = scanned(good + b"\n" + huge + b"\n" + good + b"\n")
            assert len(found) == 3, size
            assert [("error" in a) for a in found] == [False, size > 100, False], size
            [last] = scanned(huge)
            assert ("error" in last) == (size > 100)

    def test_a_pipe_keeps_the_limit_too(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setattr(scan_module, "MOST_LINE_BYTES", 100)
        (tmp_path / "in").write_bytes(b"a" * 3_000_000 + b"\nshort\n" + b"b" * 2_500_000)
        with (tmp_path / "in").open("rb") as stream:
            found = [line for _, chunk in scan_module._live_chunks(stream) for line in chunk]
        assert len(found) == 3
        assert found[1] == b"short"
        assert len(found[0]) > 100 < len(found[2])


class TestCalledWrongly:
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (("absent.jsonl", "--out", "-"), "does not exist"),
            ((".", "--out", "-"), "is a directory"),
            (("-",), "Missing option '--out'"),
            (("-", "--out", "-", "--on", "soon"), "write it as 2026-03-01"),
            (("-", "--out", "-", "--workers", "0"), "--workers"),
            (("-", "--out", "-", "--add", "absent"), "does not exist"),
            (("-", "--out", "-", "--lang", "fr"), "'zh', 'en'"),
            (("-", "--out", "-", "--loud"), "No such option"),
        ],
    )
    def test_exit_code_2_and_what_is_wrong(self, run: Run, arguments: tuple[str, ...], message: str) -> None:
        done = run("scan", *arguments, input=b"")
        assert done.returncode == 2
        assert message in done.stderr.decode().splitlines()[-1]

    def test_in_and_out_may_not_be_the_same_file(self, run: Run, jsonl: Jsonl) -> None:
        source = jsonl({"id": 1, "text": "治疗"})
        before = source.read_bytes()
        done = run("scan", source, "--out", source)
        assert done.returncode == 2
        assert b"same file" in done.stderr
        assert source.read_bytes() == before

    def test_an_output_that_cannot_be_written(self, run: Run, jsonl: Jsonl) -> None:
        done = run("scan", jsonl({"id": 1, "text": "a"}), "--out", os.path.join("absent", "out"))  # noqa: PTH118
        assert done.returncode == 3
        [line] = done.stderr.decode().splitlines()
        assert "absent" in line
