"""What a watch tells, one JSON object a line: to a file, and to whoever looks on.

Every line has ``kind``, ``at`` (wall clock with zone), ``start_ms`` (from the start of the watch, None when
it has no place there) and ``delay_ms`` (from when it was said, written or shown until it was told).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal

import orjson

from fairstream.records import ChatMessage, Finding, ScreenText, Utterance
from fairstream.text.masking import private
from fairstream.watch.findings import Told
from fairstream.watch.timeline import moment

EVENTS: Final = "events.jsonl"
Kind = Literal["utterance", "chat", "screen", "finding", "gap", "segment", "status"]
Line = dict[str, Any]


class Journal:
    """Writes events in the order they come, from any thread.

    When the file can no longer be written the watch goes on: recording matters more. `lost` counts the lines.
    """

    def __init__(self, path: Path, show: Callable[[list[Line], bytes], None]) -> None:
        self._lock = threading.Lock()
        self._file: BinaryIO = path.open("ab")
        self._show = show
        self.counts: Counter[str] = Counter()
        self.lost = 0

    def add(self, lines: Iterable[Line]) -> None:
        """Write and show events."""
        lines = list(lines)
        data = b"".join(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE) for line in lines)
        if not lines:
            return
        with self._lock:
            self.counts.update(
                line["kind"] for line in lines if not (line.get("withdrawn") or line.get("replaces"))
            )
            self.counts["withdrawn"] += sum(1 for line in lines if line.get("withdrawn"))
            try:
                self._file.write(data)
                self._file.flush()
            except OSError:
                self.lost += len(lines)
            self._show(lines, data)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            try:
                self._file.close()
            except OSError:
                self.lost += 1


def line(kind: Kind, at: float, start: float | None, **told: Any) -> Line:
    """An event at `at` (seconds since 1970) in a watch that began at `start`; None when it has not begun."""
    return {
        "kind": kind,
        "at": moment(at).isoformat(),
        "start_ms": None if start is None else round((at - start) * 1000),
        "delay_ms": max(0, round((time.time() - at) * 1000)),
        **told,
    }


def utterance_line(utterance: Utterance, start: float) -> Line:
    """What was said; its delay counts from its end."""
    at, end = _moment(utterance.start_ms, start), _moment(utterance.end_ms, start)
    told = line(
        "utterance",
        at,
        start,
        id=utterance.id,
        end_ms=utterance.end_ms,
        text=private(utterance.text) if utterance.speaker == "customer" else utterance.text,
        speaker=utterance.speaker,
        heard=utterance.heard,
        confidence=utterance.confidence,
        sounds=" ".join(sound.text for sound in utterance.sounds),
        spotted=[sound.text for sound in utterance.spotted],
    )
    return told | {"delay_ms": max(0, round((time.time() - end) * 1000))}


def chat_line(message: ChatMessage, start: float) -> Line:
    """A line of chat: its writer a pseudonym, the numbers of consumers starred."""
    at = message.at.timestamp() if message.at else time.time()
    text = private(message.text) if message.speaker == "customer" else message.text
    return line(
        "chat",
        at,
        start,
        id=message.id,
        text=text,
        user=message.user,
        type=message.kind,
        speaker=message.speaker,
    )


def screen_line(text: ScreenText, start: float, *, ended: bool) -> Line:
    """Text in the picture: when it is first read, and once more when it has gone."""
    at = _moment(text.end_ms if ended else text.start_ms, start)
    told = line("screen", at, start, id=text.id, end_ms=text.end_ms, text=text.text, ended=ended)
    return told | {
        "start_ms": text.start_ms,
        "confidence": text.confidence,
        "box": list(text.box) if text.box else None,
    }


def finding_line(told: Told, start: float) -> Line:
    """A finding; its delay counts from the end of its words."""
    finding = told.finding
    clean = private if finding.speaker == "customer" else str
    at = finding.at.timestamp() if finding.at else _moment(finding.start_ms, start)
    end = _moment(finding.end_ms, start) if finding.end_ms is not None else at
    said = line(
        "finding",
        at,
        start,
        id=finding.id,
        repeat=told.repeat,
        withdrawn=told.withdrawn,
        replaces=told.replaces,
        rule=finding.rule,
        title=finding.title,
        conduct=finding.conduct,
        severity=finding.severity,
        score=finding.score,
        medium=finding.medium,
        unit=finding.unit,
        end_ms=finding.end_ms,
        quote=clean(finding.quote),
        context=clean(finding.context),
        listen=finding.listen,
        why=list(finding.why),
        citations=_cited(finding),
    )
    return said | {"delay_ms": max(0, round((time.time() - end) * 1000))}


def _cited(finding: Finding) -> list[dict[str, Any]]:
    return [
        {
            "instrument": citation.instrument,
            "article": citation.article,
            "version": citation.version,
            "title": citation.title,
            "unverified": citation.unverified,
        }
        for citation in finding.citations
    ]


def _moment(ms: int | None, start: float) -> float:
    return time.time() if ms is None else start + ms / 1000
