"""`fairstream inspect` as a person calls it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from inspect_scenes import PhraseScanner

from fairstream.cli import inspect as module
from fairstream.cli import inspecting
from fairstream.rules.library import RuleSet

EXAMPLES = Path(__file__).parents[2] / "examples" / "broadcasts"
Call = Callable[..., Result]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch) -> Call:
    """Run the command with a small scanner; `code` is what the command returns to the shell."""

    def opened(**_: object) -> PhraseScanner:
        scanner = PhraseScanner("全网最好")
        scanner.rule_set = RuleSet(fingerprint="test")  # type: ignore[attr-defined]
        return scanner

    monkeypatch.setattr(inspecting, "open_scanner", opened)

    def run(*arguments: object) -> Result:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(module.inspect, words, standalone_mode=False)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = tmp_path / "一场"
    held.mkdir()
    (held / "talk.srt").write_text(
        "1\n00:00:01,000 --> 00:00:02,000\n全网最好\n\n2\n00:00:05,000 --> 00:00:06,000\n再见\n", "utf-8"
    )
    (held / "broadcast.yaml").write_text("id: one\ntitle: 某场\non: 2026-03-01\ninvented: true\n", "utf-8")
    return held


def test_one_folder_gives_report_and_findings(call: Call, folder: Path, tmp_path: Path):
    result = call(folder, "--out", tmp_path / "out")
    assert result.return_value == 0, result.output
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "captures.jsonl",
        "checks.jsonl",
        "consequences.jsonl",
        "custody.jsonl",
        "findings.jsonl",
        "findings.parquet",
        "report.html",
        "spoken.jsonl",
    ]
    assert "1 条线索" in result.stderr
    assert str(tmp_path / "out" / "report.html") in result.stderr
    finding = json.loads((tmp_path / "out" / "findings.jsonl").read_text("utf-8"))
    assert (finding["start_ms"], finding["on"], finding["rules"]) == (1000, "2026-03-01", "test")


def test_several_folders_give_a_report_each_and_an_index(call: Call, folder: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "talk.txt").write_text("[00:01] 全网最好\n[00:04] 再见\n", "utf-8")
    (other / "broadcast.yaml").write_text("id: ONE\non: 2026-03-02\n", "utf-8")
    result = call(folder, other, "--out", tmp_path / "out", "--lang", "en")
    assert result.return_value == 0, result.output
    assert (tmp_path / "out" / "one" / "report.html").exists()
    assert (tmp_path / "out" / "ONE-2" / "findings.parquet").exists()
    assert "ONE-2/report.html" in (tmp_path / "out" / "index.html").read_text("utf-8")
    assert "index.html" in result.stderr


def test_loose_files_are_one_broadcast(call: Call, folder: Path, tmp_path: Path):
    result = call(folder / "talk.srt", "--on", "2025-01-02", "--out", tmp_path / "out", "--json", "--quiet")
    assert result.return_value == 0, result.output
    summary = json.loads(result.stdout)
    assert summary[0]["on"] == "2025-01-02"
    assert summary[0]["findings"] == 1
    assert result.stderr == ""


def test_skipped_input_gives_one_and_is_told(call: Call, folder: Path, tmp_path: Path):
    (folder / "odd.bin").write_bytes(bytes(range(256)))
    result = call(folder, "--out", tmp_path / "out", "--lang", "en")
    assert result.return_value == 1
    assert "left out" in result.stderr
    assert "odd.bin" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_dry_run_writes_nothing(call: Call, folder: Path, tmp_path: Path):
    result = call(folder, "--dry-run", "--json", "--lang", "en")
    assert result.return_value == 0
    assert json.loads(result.stdout) == [
        {"broadcast": "one", "on": "2026-03-01", "recordings": 0, "repaired": 0, "skipped": 0}
    ]
    assert "Dry run" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments", [[], ["--out", "x"], ["."], ["--lang", "fr", "."], ["--on", "1/2", "."]]
)
def test_wrong_calls_are_refused(arguments: list[str]):
    assert CliRunner().invoke(module.inspect, arguments).exit_code == 2


def test_a_missing_path_is_refused(tmp_path: Path):
    result = CliRunner().invoke(module.inspect, [str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
    assert "nowhere" in result.output


def test_help_has_examples():
    told = CliRunner().invoke(module.inspect, ["--help"])
    assert told.exit_code == 0
    assert "fairstream inspect examples/broadcasts/" in told.output
    assert "Exit code 0" in told.output


@pytest.mark.parametrize("name", ["../../etc", "a/b", "..", "", "長" * 300])
def test_ids_never_leave_the_output_folder(call: Call, folder: Path, tmp_path: Path, name: str):
    (folder / "broadcast.yaml").write_text(json.dumps({"id": name, "on": "2026-03-01"}), "utf-8")
    result = call(folder, folder, "--out", tmp_path / "out", "--quiet")
    assert result.return_value == 0, result.output
    inside = [path for path in (tmp_path / "out").iterdir() if path.is_dir()]
    assert len(inside) == 2
    assert all((path / "report.html").exists() for path in inside)


def test_help_does_not_wait_for_rules_and_tables():
    program = "import sys, fairstream.cli.inspect; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    heavy = {"numpy", "pyarrow", "lxml", "pydantic", "jinja2", "openpyxl", "yaml", "rich"}
    assert not heavy & set(loaded.stdout.split())
