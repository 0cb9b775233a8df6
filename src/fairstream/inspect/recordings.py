"""recordings.json: the recordings of a broadcast, their clock, gaps, clips and models, for other programs.

Files stand with their name as given and their SHA-256, never with the place where they lie.
"""

from pathlib import Path
from typing import Any, Final

import orjson

from fairstream.inspect.inspection import Inspection
from fairstream.inspect.media import Clip, name_of
from fairstream.records import Gap, Recording, Timing

NAME: Final = "recordings.json"


def as_data(inspection: Inspection) -> dict[str, Any]:
    """Everything about the recordings as plain data; times in milliseconds, wall-clock times with zone."""
    broadcast, media = inspection.broadcast, inspection.media
    return {
        "broadcast": broadcast.id,
        "invented": broadcast.invented,
        "started_at": broadcast.started_at.isoformat() if broadcast.started_at else None,
        "duration_ms": broadcast.duration_ms,
        "recordings": [_recording(one, media.whole.get(one.id)) for one in broadcast.recordings],
        "gaps": [_gap(gap) for gap in broadcast.gaps],
        "timings": [_timing(timing) for timing in broadcast.timings],
        "models": [model.as_data() for model in media.models],
        "clips": [_clip(clip) for clip in media.clips],
        "without_clip": {name: why._asdict() for name, why in media.without.items()},
    }


def write_recordings(inspection: Inspection, path: Path) -> None:
    """Write them as one indented JSON document (UTF-8)."""
    path.write_bytes(
        orjson.dumps(as_data(inspection), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )


def _recording(one: Recording, address: str | None) -> dict[str, Any]:
    return {
        "id": one.id,
        "file": name_of(one),
        "sha256": one.sha256,
        "size": one.size,
        "container": one.container,
        "duration_ms": one.duration_ms,
        "has_video": one.has_video,
        "has_audio": one.has_audio,
        "started_at": one.started_at.isoformat() if one.started_at else None,
        "stretches": [stretch._asdict() for stretch in one.stretches],
        "playable": address,
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "start_ms": gap.start_ms,
        "end_ms": gap.end_ms,
        "cause_zh": gap.cause.zh,
        "cause_en": gap.cause.en,
    }


def _timing(timing: Timing) -> dict[str, Any]:
    return {
        "source": timing.source,
        "file": timing.file,
        "recording": timing.recording_id,
        "started_at": timing.started_at.isoformat(),
        "drift_ppm": timing.drift_ppm,
        "residual_ms": timing.residual_ms,
        "points": timing.points,
        "ahead_ms": timing.ahead_ms,
        "used": timing.used,
    }


def _clip(clip: Clip) -> dict[str, Any]:
    return {
        "file": clip.file,
        "sha256": clip.sha256,
        "size": clip.size,
        "recording": clip.recording_id,
        "start_ms": clip.start_ms,
        "end_ms": clip.end_ms,
        "findings": list(clip.findings),
        "relation": dict(clip.relation),
    }
