"""`fairstream evidence clip, still, pages, wacz, redact, retention`: files, records and exit codes."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click import BadParameter
from click.testing import CliRunner

from fairstream.cli.evidence import COMMANDS, evidence
from fairstream.cli.evidence_media import position
from fairstream.errors import UsageError
from fairstream.evidence.capture import read_captures
from fairstream.evidence.custody import CustodyLog

from .test_cuts import film


def run(*arguments: str | Path) -> tuple[Any, str]:
    """What a command returns, and what it wrote; errors are raised."""
    done = CliRunner().invoke(evidence, [str(one) for one in arguments], standalone_mode=False)
    if done.exception is not None:
        raise done.exception
    return done.return_value, done.stdout


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("text", "ms"),
    [("00:12:03", 723_000), ("12:03.5", 723_500), ("723.25", 723_250), ("0", 0), ("100:00:00", 360_000_000)],
)
def test_positions(text: str, ms: int) -> None:
    assert position(text) == ms


@pytest.mark.parametrize("text", ["", "a", "1:2:3:4", "-5", "1e9", "::", "1:-2", "½"])
def test_wrong_positions(text: str) -> None:
    with pytest.raises(ValueError):
        position(text)


def test_clip_and_still_write_records_and_custody(tmp_path: Path) -> None:
    source = film(tmp_path / "rec.mp4", 4)
    before = sha256(source)
    code, out = run(
        "clip", source, "--from", "1", "--to", "0:03", "--out", tmp_path / "c.mp4", "--who", "王某", "--json"
    )
    said = json.loads(out)
    assert code == 0 and said["sha256"] == sha256(tmp_path / "c.mp4") and said["parent"] == before
    code, _ = run("still", source, "--at", "1.5", "--who", "王某")
    assert code == 0 and (tmp_path / "rec-1500ms.png").exists()
    records = read_captures(tmp_path / "captures.jsonl").records
    assert [(r.name, r.method, r.who, r.parent and r.parent.sha256) for r in records] == [
        ("c.mp4", "cut", "王某", before),
        ("rec-1500ms.png", "cut", "王某", before),
    ]
    log = CustodyLog(tmp_path / "custody.jsonl")
    assert [(e.action, e.subject.name) for e in log.entries()] == [
        ("read", "rec.mp4"),
        ("cut", "c.mp4"),
        ("read", "rec.mp4"),
        ("cut", "rec-1500ms.png"),
    ]
    assert log.check().broken_line is None and sha256(source) == before
    with pytest.raises(UsageError, match="never overwritten"):
        run("clip", source, "--from", "1", "--out", tmp_path / "c.mp4")
    with pytest.raises(BadParameter):
        run("clip", source, "--from", "soon", "--out", tmp_path / "d.mp4")


def test_saved_page_becomes_a_wacz_that_is_listed_and_extracted(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>蜂蜜（虚构）</title><p>39元", encoding="utf-8")
    out = tmp_path / "page.wacz"
    given = ("--url", "https://shop.example/p/1", "--at", "2026-03-01T20:00:00", "--who", "王某")
    assert run("wacz", page, *given, "--out", out)[0] == 0
    code, text = run("pages", out, "--json", "--extract", tmp_path / "out")
    data = json.loads(text)
    assert code == 0 and data["sound"] and data["captures"][0]["title"] == "蜂蜜（虚构）"
    assert data["captures"][0]["at"] == "2026-03-01T12:00:00+00:00"
    assert (tmp_path / "out" / data["captures"][0]["extracted"]).read_bytes() == page.read_bytes()
    out.write_bytes(out.read_bytes().replace("蜂蜜（虚构）".encode(), "蜂王（虚构）".encode()))
    from fairstream.errors import FormatError

    with pytest.raises(FormatError, match="damaged"):
        run("pages", out)
    with pytest.raises(UsageError, match="addresses"):
        run("wacz", page, page, *given, "--out", tmp_path / "b.wacz")


def test_titles_do_not_steer_the_terminal(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<title>a\x1b[2Jb</title>", encoding="utf-8")
    given = ("--url", "https://shop.example/p/1", "--at", "2026-03-01T20:00:00", "--out", tmp_path / "a.wacz")
    run("wacz", page, *given)
    assert "\x1b" not in run("pages", tmp_path / "a.wacz", "--lang", "en")[1]


def test_redacted_copy_is_recorded(tmp_path: Path) -> None:
    chat = tmp_path / "chat.txt"
    chat.write_text("张三 13812345678", encoding="utf-8")
    out = tmp_path / "chat-redacted.txt"
    code, text = run(
        "redact", chat, "--out", out, "--word", "张三", "--reason", "个人信息", "--who", "王某", "--json"
    )
    assert code == 0 and json.loads(text)["count"] == 2
    assert out.read_text(encoding="utf-8") == "** 138******78"
    (record,) = read_captures(tmp_path / "captures.jsonl").records
    assert record.method == "redacted" and record.parent and record.parent.sha256 == sha256(chat)
    assert [e.action for e in CustodyLog(tmp_path / "custody.jsonl").entries()] == ["read", "redact"]
    assert json.loads((tmp_path / "redactions.jsonl").read_text(encoding="utf-8"))[
        "original_sha256"
    ] == sha256(chat)
    for wrong in (("--box", "1,2"), ("--mute", "9-3"), ("--text", "--mute", "1-2")):
        with pytest.raises(UsageError):
            run("redact", chat, "--out", tmp_path / "x.txt", "--reason", "x", *wrong)


def test_retention_is_told_and_nothing_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "rec.flv").write_bytes(b"x")
    run("capture", tmp_path / "rec.flv", "--source", "U盘", "--who", "王某")
    (tmp_path / "retention.yaml").write_text(
        "items:\n  - {files: 'rec*', class: broadcast-video, start: 2026-03-01}\n", encoding="utf-8"
    )
    code, text = run("retention", tmp_path, "--on", "2029-03-02", "--json")
    found = json.loads(text)
    assert code == 0 and (found["deletable"], found["until"], found["unverified"]) == (
        True,
        "2029-03-01",
        True,
    )
    assert found["cites"] == ["network-transaction-measures-2025#20"]
    assert run("retention", tmp_path, "--on", "2029-03-01", "--lang", "en")[1].startswith(
        "keep  rec.flv  2029-03-01"
    )
    told = run("retention", tmp_path, "--on", "2029-03-02")[1]
    assert "《网络交易监督管理办法（2025年修正）》第20条" in told and "transaction-records" in told
    assert (tmp_path / "rec.flv").exists()


@pytest.mark.parametrize("name", ["clip", "still", "pages", "wacz", "redact", "retention"])
def test_help_has_examples(name: str) -> None:
    assert name in COMMANDS
    assert "Examples:" in run(name, "--help")[1]
