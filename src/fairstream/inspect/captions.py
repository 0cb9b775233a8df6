"""captions.vtt: what was said, as subtitles on the broadcast's clock (WebVTT, W3C)."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from fairstream.inspect.inspection import Inspection
from fairstream.text.masking import private

CAPTIONS: Final = "captions.vtt"
LASTS_MS: Final = 4_000
"""How long a caption stands whose end nobody told."""


def write_captions(inspection: Inspection, path: Path) -> int:
    """Write every timed utterance as a cue; customers' numbers are masked. Returns how many."""
    cues = list(_cues(inspection))
    path.write_text("\n\n".join(("WEBVTT", *cues)) + "\n", encoding="utf-8", errors="replace")
    return len(cues)


def _cues(inspection: Inspection) -> Iterator[str]:
    for said in inspection.broadcast.utterances:
        if said.start_ms is None or not said.text.strip():
            continue
        end = said.end_ms if said.end_ms is not None else said.start_ms + LASTS_MS
        words = private(said.text) if said.speaker == "customer" else said.text
        yield f"{_mark(said.start_ms)} --> {_mark(max(end, said.start_ms + 1))}\n{_safe(words)}"


def _safe(text: str) -> str:
    """Text of a cue: no blank line, no markup, no arrow."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"\s*[\r\n]+\s*", " ", escaped).strip()


def _mark(ms: int) -> str:
    seconds, rest = divmod(max(ms, 0), 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
