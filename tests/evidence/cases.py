"""A small folder of evidence, made up, and the tools that judge packages made from it."""

import json
import os
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

from fairstream.evidence.capture import (
    CAPTURES,
    CaptureRecord,
    Parent,
    append_captures,
    capture_file,
)
from fairstream.evidence.custody import CUSTODY, CustodyLog, Subject
from fairstream.evidence.seal import Order, Sealed, seal
from fairstream.records import CHINA

AT = datetime(2026, 3, 1, 20, 30, 5, tzinfo=CHINA)
WHO = "王检查（虚构）"


def record(path: Path, name: str, *, method: str = "received", parent: Parent | None = None) -> CaptureRecord:
    """The capture record of a file."""
    return capture_file(path, name=name, who=WHO, at=AT, method=method, source="U盘", parent=parent)  # type: ignore[arg-type]


def finding(**keys: Any) -> dict[str, Any]:
    """A line of findings.jsonl as `fairstream inspect` writes it."""
    row = {
        "invented": True,
        "severity": "high",
        "score": 0.85,
        "quote": "全世界最甜",
        "before": "因为这是",
        "after": "的桃子",
        "start_ms": 124_375,
        "end_ms": 125_938,
        "at": "2026-03-01T20:02:04.375000+08:00",
        "file": "speech.srt",
        "line": 16,
        "lead": False,
        "listen": True,
        "liable": [{"role": "seller", "names": ["麦穗公司（虚构）"]}],
        "citations": [
            {
                "article": "9",
                "title_zh": "广告法",
                "title_en": "Advertising Law",
                "gist_zh": "绝对化用语",
                "gist_en": "Superlatives",
            }
        ],
    }
    words = {"title": "之最", "why": ["命中"], "proof_needed": ["依据"]}
    return row | {f"{name}_{language}": words[name] for name in words for language in ("zh", "en")} | keys


def write_lines(path: Path, *rows: Any) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def make_case(root: Path) -> Path:
    """A folder with a recording, a clip of it, findings with a transcript, records and a custody log."""
    folder = root / "case"
    (folder / "clips").mkdir(parents=True)
    (folder / "rec 50%.flv").write_bytes(bytes(range(256)) * 40)
    (folder / "聊天.txt").write_text("三八二十四\n", encoding="utf-8")
    (folder / "clips" / "1.mp4").write_bytes(b"clip" * 100)
    (folder / "report.html").write_text("<p>report</p>", encoding="utf-8")
    write_lines(folder / "findings.jsonl", finding())
    write_lines(
        folder / "spoken.jsonl",
        {"id": "u1", "start_ms": 120_000, "text": "家人们看过来", "speaker": "host"},
        {"id": "u9", "start_ms": 300_000, "text": "下一个品", "speaker": "host"},
    )
    whole = record(folder / "rec 50%.flv", "rec 50%.flv", method="recorded")
    clip = record(
        folder / "clips" / "1.mp4",
        "clips/1.mp4",
        method="cut",
        parent=Parent(whole.sha256, "clip", 120_000, 130_000),
    )
    append_captures(folder / CAPTURES, [whole, clip])
    CustodyLog(folder / CUSTODY).add("capture", Subject(whole.name, whole.sha256), who=WHO, at=AT)
    return folder


def order(folder: Path, out: Path, **keys: Any) -> Order:
    return Order(folder, out, WHO, AT, **keys)


def sealed_case(root: Path, name: str = "package", **keys: Any) -> Sealed:
    """The made-up case, sealed as `root/name`."""
    return seal(order(make_case(root), root / name, **keys))


def sha256sum(listing: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Plain `sha256sum -c`, as anyone would run it."""
    return subprocess.run(
        ["sha256sum", "-c", "--quiet", listing],  # noqa: S607
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        check=False,
        timeout=60,
    )


def plain_check(package: Path) -> bool:
    """Whether the three plain checks of VERIFY.txt find nothing."""
    checks = (
        (f"{package.name}.sha256", package.parent),
        ("tagmanifest-sha256.txt", package),
        ("manifest-sha256.txt", package),
    )
    return all(sha256sum(listing, folder).returncode == 0 for listing, folder in checks)
