"""Findings and transcript of a package, read for its index page.

Both were written by `fairstream inspect`; a line that cannot be read is counted, never dropped in silence.
"""

import json
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from fairstream.law.citation import article_title
from fairstream.records import Language

AROUND_MS: Final = 15_000
MOST_AROUND: Final = 12


class Said(NamedTuple):
    """One utterance near a finding: its time, who (a name, else a role for the page to put into words), what,
    and whether a recogniser heard it."""

    time: str
    name: str
    role: str
    text: str
    heard: bool


class Shown(NamedTuple):
    """One finding in the words of one language."""

    title: str
    severity: str
    score: str
    quote: str
    before: str
    after: str
    time: str
    at: str
    file: str
    recording: str
    clip: str
    law: tuple[tuple[str, str], ...]
    parties: tuple[tuple[str, str], ...]
    why: tuple[str, ...]
    proof: tuple[str, ...]
    around: tuple[Said, ...]
    listen: bool
    lead: bool
    invented: bool


class Findings(NamedTuple):
    """The findings of one file, its path in the payload, and how many lines could not be read."""

    path: str
    shown: tuple[Shown, ...]
    unread: int = 0


def read_findings(path: Path, name: str, language: Language) -> Findings:
    """Read a findings.jsonl and the spoken.jsonl beside it when there is one."""
    rows = list(_rows(path))
    spoken = [row for row in _rows(path.with_name("spoken.jsonl")) if _whole(row, "start_ms") is not None]
    spoken.sort(key=lambda row: int(row["start_ms"]))
    found, unread = [], 0
    for row in rows:
        try:
            found.append(_shown(row, spoken, language))
        except (KeyError, TypeError, ValueError, AttributeError):
            unread += 1
    return Findings(name, tuple(found), unread)


def clock(ms: int | None) -> str:
    """Hours, minutes and seconds to the millisecond, as evidence is found again by hand."""
    if ms is None:
        return ""
    seconds, rest = divmod(max(ms, 0), 1000)
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{rest:03d}"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                row = {}
            if line.strip():
                yield row if isinstance(row, dict) else {}


def _shown(row: dict[str, Any], spoken: list[dict[str, Any]], language: Language) -> Shown:
    start, end = _whole(row, "start_ms"), _whole(row, "end_ms")
    laws = [one for one in row["citations"] if isinstance(one, dict)]
    return Shown(
        title=str(row[f"title_{language}"]),
        severity=str(row["severity"]),
        score=f"{float(row['score']):.2f}",
        quote=str(row["quote"]),
        before=str(row.get("before") or "")[-60:],
        after=str(row.get("after") or "")[:60],
        time="–".join(filter(None, (clock(start), clock(end)))),
        at=_wall(row.get("at")),
        file=":".join(str(row[name]) for name in ("file", "line") if row.get(name)),
        recording=clock(_whole(row, "position_ms")),
        clip=str(row.get("clip") or ""),
        law=tuple(_law(one, language) for one in laws),
        parties=tuple(
            (str(one["role"]), "、".join(map(str, one["names"]))) for one in row.get("liable") or ()
        ),
        why=tuple(map(str, row.get(f"why_{language}") or ())),
        proof=tuple(map(str, row.get(f"proof_needed_{language}") or ())),
        around=() if start is None else tuple(_around(spoken, start, end or start)),
        listen=bool(row.get("listen")),
        lead=bool(row.get("lead")),
        invented=bool(row.get("invented")),
    )


def _law(citation: dict[str, Any], language: Language) -> tuple[str, str]:
    """Instrument with article, and our gist; a doubt the law data carries is repeated."""
    doubt = {"zh": "（未核实）", "en": " (unverified)"}[language] if citation.get("unverified") else ""
    article, title = article_title(str(citation["article"]), language), citation[f"title_{language}"]
    name = f"《{title}》{article}" if language == "zh" else f"{title} {article}"
    return name + doubt, str(citation[f"gist_{language}"])


def _wall(at: object) -> str:
    """Wall-clock time to the millisecond with its zone."""
    return (
        datetime.fromisoformat(at).isoformat(sep=" ", timespec="milliseconds") if isinstance(at, str) else ""
    )


def _around(spoken: list[dict[str, Any]], start: int, end: int) -> Iterator[Said]:
    """What was said from a quarter of a minute before the finding until a quarter of a minute after it."""
    first = bisect_left(spoken, start - AROUND_MS, key=lambda row: int(row["start_ms"]))
    for row in spoken[first : first + MOST_AROUND]:
        if row["start_ms"] > end + AROUND_MS:
            return
        yield Said(
            clock(row["start_ms"]),
            str(row.get("speaker_name") or ""),
            str(row.get("speaker") or ""),
            str(row.get("text", "")),
            row.get("heard") in ("characters", "syllables"),
        )


def _whole(row: dict[str, Any], name: str) -> int | None:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None
