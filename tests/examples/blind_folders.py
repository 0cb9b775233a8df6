"""Turns the invented fact patterns of `blind/` into folders as a person might hand them in."""

import csv
import json
import random
import zlib
from pathlib import Path
from typing import Any

import yaml

DAY, START = "2026-05-12", "2026-05-12T20:00:00+08:00"
PER_CHARACTER_MS, PAUSE_MS = 210, 260


def mark(ms: int) -> str:
    return f"{ms // 3_600_000:02}:{ms // 60_000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def subtitles(lines: str) -> str:
    """One cue a line at the speed of speech; a line `@m:ss` moves the clock."""
    now, cues = 3000, []
    for line in lines.strip().splitlines():
        if line.startswith("@"):
            minutes, seconds = line[1:].split(":")
            now = int(minutes) * 60_000 + int(seconds) * 1000
            continue
        end = now + PER_CHARACTER_MS * len(line)
        cues.append(f"{len(cues) + 1}\n{mark(now)} --> {mark(end)}\n{line}\n")
        now = end + PAUSE_MS
    return "\n".join(cues)


def curve_rows(spec: dict[str, Any], seed: int) -> list[list[Any]]:
    """Half-minute values around the levels of `[[minutes, level], …]`; viewers fluctuate less than counts."""
    draw = random.Random(seed)
    names = list(spec)
    columns = []
    for name in names:
        values: list[int] = []
        for minutes, level in spec[name]:
            for _ in range(int(minutes * 2)):
                spread = 0.04 * level if name == "viewers" else max(level, 0.0) ** 0.5
                values.append(max(0, round(draw.gauss(level, spread))))
        columns.append(values)
    rows = [["at", *names]]
    for at, values in enumerate(zip(*columns, strict=True)):
        rows.append([f"{at // 120}:{at // 2 % 60:02}:{at % 2 * 30:02}", *values])
    return rows


def review_rows(spec: dict[str, Any], listing: str) -> list[dict[str, Any]]:
    rows = []
    for moment, name in ((spec["first"], "first"), (spec.get("second"), "second")):
        for number, (rating, text) in enumerate(spec["texts"]) if moment else ():
            if name == "second" and number in spec.get("gone", []):
                continue
            written = (
                spec.get("written")
                or f"2026-04-{1 + number * 7 % 28:02}T{8 + number * 5 % 14:02}:{number * 13 % 60:02}:00+08:00"
            )
            rows.append(
                {
                    "id": f"R{number:02}",
                    "listing": listing,
                    "text": text,
                    "rating": rating,
                    "author": f"用户{number}",
                    "written_at": written,
                    "captured_at": moment,
                }
            )
    return rows


def build(pattern: dict[str, Any], root: Path) -> Path:
    """Write one pattern as a folder a person might hand in."""
    folder = root / pattern["id"]
    (folder / "facts").mkdir(parents=True)
    head = {
        "id": pattern["id"],
        "title": pattern.get("title", "专场（虚构）"),
        "on": pattern.get("on", DAY),
        "started_at": pattern.get("started_at", START),
        "platform": "某播（虚构）",
        "room": pattern.get("room", "虚构小铺"),
        "invented": True,
        **pattern.get("broadcast", {}),
    }
    write_yaml(folder / "broadcast.yaml", head)
    if speech := pattern.get("speech"):
        (folder / "speech.srt").write_text(subtitles(speech), "utf-8")
    for name in ("screen", "chat"):
        if rows := pattern.get(name):
            lines = [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
            (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    if goods := pattern.get("listings"):
        (folder / "listings.json").write_text(json.dumps(goods, ensure_ascii=False, default=str), "utf-8")
    if facts := pattern.get("facts"):
        write_yaml(folder / "facts.yaml", facts)
    for name, table in pattern.get("tables", {}).items():
        (folder / "facts" / f"{name}.csv").write_text(table, "utf-8")
    if spec := pattern.get("curves"):
        with (folder / "facts" / "curves.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(curve_rows(spec, zlib.crc32(pattern["id"].encode())))
    if spec := pattern.get("reviews"):
        rows = [json.dumps(row, ensure_ascii=False, default=str) for row in review_rows(spec, "L1")]
        (folder / "facts" / "reviews.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


def write_yaml(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
