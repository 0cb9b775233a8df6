"""`fairstream evidence` from capture to verify, as a new user calls it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from evidence.authority import make_authority, served, sign
from evidence.cases import make_case
from fairstream.cli.evidence import COMMANDS
from fairstream.evidence.custody import CustodyLog

from .conftest import Run


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return make_case(tmp_path)


def printed(done: Any) -> Any:
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_shows_examples(run: Run, name: str) -> None:
    done = run("evidence", name, "--help")
    assert done.returncode == 0
    assert b"Examples:" in done.stdout
    assert name.encode() in run("evidence", "--help").stdout


def test_help_waits_for_nothing_heavy() -> None:
    """In a process of its own: what other tests imported does not count."""
    program = "import sys; from fairstream.cli import cli; "
    program += "cli(['evidence', 'seal', '--help'], standalone_mode=False); "
    program += "print(sorted({'jinja2', 'yaml', 'numpy', 'av', 'rfc3161_client'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_from_capture_to_verify(run: Run, case: Path, tmp_path: Path) -> None:
    (case / "新.flv").write_bytes(b"new recording")
    done = run(
        "evidence",
        "capture",
        case / "新.flv",
        "--who",
        "李某（虚构）",
        "--source",
        "平台",
        "--method",
        "downloaded",
    )
    assert done.returncode == 0
    assert "已登记 1 个文件" in done.stderr.decode()
    again = run(
        "evidence", "capture", case / "新.flv", "--who", "李某（虚构）", "--source", "平台", "--lang", "en"
    )
    assert b"0 files taken in, 1 were known already" in again.stderr
    done = run(
        "evidence", "seal", case, "--out", "package.zip", "--who", "王某（虚构）", "--case", "17", "--json"
    )
    assert done.returncode == 0
    sealed = printed(done)
    assert (sealed["package"], sealed["files"], sealed["absent"]) == ("package.zip", 9, [])
    done = run("evidence", "verify", "package.zip", "--json", "--custody", case, "--who", "王某（虚构）")
    assert done.returncode == 0
    report = printed(done)
    assert report["whole"] is True
    assert report["fingerprint"] == sealed["fingerprint"]
    actions = [entry.action for entry in CustodyLog(case / "custody.jsonl").entries()]
    assert actions == ["capture", "capture", "seal", "capture", "seal", "seal", "verify"]
    done = run("evidence", "custody", case, "--verify", "--against", "package.zip")
    assert done.returncode == 0
    assert "7 条记录" in done.stderr.decode()


def test_a_changed_package_ends_with_one(run: Run, case: Path, tmp_path: Path) -> None:
    assert run("evidence", "seal", case, "--out", "package", "--who", "王").returncode == 0
    (tmp_path / "package/data/report.html").write_text("forged")
    done = run("evidence", "verify", "package", "--lang", "en")
    assert done.returncode == 1
    assert "data/report.html: differs from what was sealed" in done.stdout.decode()


def test_what_is_not_in_the_package_is_said_and_ends_with_one(run: Run, case: Path, tmp_path: Path) -> None:
    (case / "rec 50%.flv").rename(tmp_path / "elsewhere.flv")
    done = run("evidence", "seal", case, "--out", "first", "--who", "王", "--lang", "en")
    assert done.returncode == 1
    assert (
        "Originals not in this package (--originals says where to look) (1):\n  rec 50%.flv"
        in done.stderr.decode()
    )
    done = run("evidence", "seal", case, "--out", "second", "--originals", "elsewhere.flv", "--who", "王")
    assert done.returncode == 0
    assert (tmp_path / "second/data/originals/rec 50=25.flv").is_file()


def test_a_dry_run_writes_nothing(run: Run, case: Path, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run("evidence", "seal", case, "--out", "package", "--dry-run", "--lang", "en")
    assert done.returncode == 0
    assert "Would seal 8 files" in done.stderr.decode()
    assert {path.name for path in tmp_path.iterdir()} - set(before) <= {"stdin"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("seal", "case", "--out", "case/package"), 2, "lies in the folder"),
        (("seal", "case", "--out", "none/package"), 2, "没有这个文件夹"),
        (("seal", "none", "--out", "package"), 2, "does not exist"),
        (("verify", "case"), 3, "not a sealed package"),
        (("verify", "case/report.html"), 3, "not a sealed package"),
        (("custody", "case/clips"), 3, "no custody log"),
        (("custody", "case", "--against", "case"), 1, ""),
        (("capture", "case/report.html", "--source", "x", "--method", "guessed"), 2, "guessed"),
        (("stamp", "case", "--request"), 3, "it has no tagmanifest"),
        (("stamp", "case", "--request", "--tsa", "http://x"), 2, "exclude each other"),
        (("stamp", "case"), 2, "no time-stamp authority is configured"),
    ],
)
def test_wrong_calls_end_in_one_line(
    run: Run, case: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.setenv("FAIRSTREAM_CONFIG", str(case))
    done = run("evidence", *arguments)
    assert done.returncode == code
    assert said in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()


def test_the_custody_log_is_shown_and_its_break_is_named(run: Run, case: Path) -> None:
    log = CustodyLog(case / "custody.jsonl")
    log.add("play", "rec 50%.flv", who="李某（虚构）", detail="00:10–00:20")
    shown = run("evidence", "custody", case).stdout.decode().splitlines()
    assert len(shown) == 2
    assert "李某（虚构）  play  rec 50%.flv  00:10–00:20" in shown[1]
    rows = [json.loads(line) for line in run("evidence", "custody", case, "--json").stdout.splitlines()]
    assert [row["action"] for row in rows] == ["capture", "play"]
    log.path.write_bytes(log.path.read_bytes().replace(b"00:10", b"00:11"))
    done = run("evidence", "custody", case, "--verify", "--lang", "en")
    assert done.returncode == 1
    assert "breaks at line 2" in done.stderr.decode()


def test_a_log_cut_after_sealing_is_seen_against_the_package(run: Run, case: Path) -> None:
    assert run("evidence", "seal", case, "--out", "package", "--who", "王").returncode == 0
    log = case / "custody.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:2]))
    assert run("evidence", "custody", case, "--verify").returncode == 0
    done = run("evidence", "custody", case, "--against", "package", "--json")
    assert done.returncode == 1
    assert printed(done)["holds_what_the_package_remembers"] is False


def test_a_capture_at_another_time_in_another_folder(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"abc")
    (tmp_path / "home").mkdir()
    done = run(
        "evidence", "capture", "a.bin", "--to", "home", "--source", "邮寄", "--at", "2026-03-01 10:00:00",
        "--who", "王",
        "--tool", "cp 9.1", "--json",
    )  # fmt: skip
    record = printed(done)
    assert (record["name"], record["at"], record["tool"]) == ("a.bin", "2026-03-01T10:00:00+08:00", "cp 9.1")
    assert (tmp_path / "home/captures.jsonl").is_file()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_authority(tmp_path_factory.mktemp("tsa") / "authority")


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
class TestStamps:
    def test_sealing_stamps_with_the_configured_authority(
        self, run: Run, case: Path, tmp_path: Path, authority: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("FAIRSTREAM_CONFIG", str(tmp_path))
        with served(lambda query: (200, sign(authority, query), {})) as (url, _):
            (tmp_path / "evidence.yaml").write_text(f"time_stamp_authority: {url}\n")
            done = run("evidence", "seal", case, "--out", "package", "--who", "王", "--stamp", "--lang", "en")
        assert done.returncode == 0
        assert "Time stamp: 20" in done.stderr.decode()
        done = run("evidence", "verify", "package", "--ca", authority / "ca.pem", "--lang", "en")
        assert done.returncode == 0
        assert "Time stamp signed: 20" in done.stdout.decode()
        assert CustodyLog(case / "custody.jsonl").entries()[-1].action == "stamp"
        (tmp_path / "noise.pem").write_text("noise")
        done = run("evidence", "verify", "package", "--ca", "noise.pem")
        assert done.returncode == 3
        assert "the time stamp does not hold" in done.stderr.decode()

    def test_an_authority_that_is_down_costs_only_the_stamp(self, run: Run, case: Path) -> None:
        done = run(
            "evidence",
            "seal",
            case,
            "--out",
            "package",
            "--who",
            "王",
            "--stamp",
            "http://127.0.0.1:9/",
            "--lang",
            "en",
        )
        assert done.returncode == 1
        assert "Not stamped" in done.stderr.decode()
        assert run("evidence", "verify", "package").returncode == 0

    def test_by_hand(self, run: Run, case: Path, tmp_path: Path, authority: Path) -> None:
        assert run("evidence", "seal", case, "--out", "package", "--who", "王").returncode == 0
        assert run("evidence", "stamp", "package", "--request").returncode == 0
        (tmp_path / "answer.tsr").write_bytes(sign(authority, (tmp_path / "package.tsq").read_bytes()))
        done = run("evidence", "stamp", "package", "--import", "answer.tsr", "--custody", case)
        assert done.returncode == 0
        assert "时间戳" in done.stderr.decode()
        assert run("evidence", "stamp", "package", "--import", "answer.tsr").returncode == 2
