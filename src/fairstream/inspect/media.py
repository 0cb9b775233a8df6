"""What a report can play: clips, whole recordings, and the models that turned speech into text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Final, NamedTuple

from fairstream.records import Broadcast, Recording, Stretch, Words
from fairstream.sources.asr.card import ModelCard

NOT_TIMED: Final = Words("没有时间，无法对应录像", "it has no time, so no recording can be shown for it")
NOT_RECORDED: Final = Words("这一时刻没有录像", "no recording covers this moment")
NOT_ASKED: Final = Words("未要求剪取片段", "clips were not asked for")


@dataclass(frozen=True, slots=True)
class Clip:
    """A stretch cut from a recording, for one finding or several.

    `file` is relative to the report. `from_ms` and `to_ms` are positions in the recording, `start_ms` and
    `end_ms` the same on the broadcast's clock; all four say what the clip really holds. `relation` tells how
    it came from its original.
    """

    file: str
    sha256: str
    size: int
    recording_id: str
    from_ms: int
    to_ms: int
    start_ms: int
    end_ms: int
    findings: tuple[str, ...]
    relation: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Media:
    """What lies beside a report.

    `whole` are addresses (relative to the report) of recordings a browser can play, by recording; `without`
    says why a finding has no clip, by finding.
    """

    clips: tuple[Clip, ...] = ()
    whole: Mapping[str, str] = field(default_factory=dict)
    models: tuple[ModelCard, ...] = ()
    without: Mapping[str, Words] = field(default_factory=dict)

    def of_findings(self) -> dict[str, Clip]:
        """The clip of each finding that has one."""
        return {finding: clip for clip in self.clips for finding in clip.findings}


def name_of(recording: Recording) -> str:
    """The name of its file as outputs show it: as given, but never a whole path of this machine."""
    given = PurePath(recording.file)
    return given.name if given.is_absolute() else recording.file


class Held(NamedTuple):
    """A moment that was recorded: in which recording, at which position of it, in which of its stretches."""

    recording: Recording
    position_ms: int
    stretch: Stretch


def recorded(broadcast: Broadcast, start_ms: int | None, preferred: str | None = None) -> Held | None:
    """Where a moment of the broadcast's clock was recorded; `preferred` is looked at first.

    None when the moment is unknown or lies in a gap.
    """
    if start_ms is None:
        return None
    for recording in sorted(broadcast.recordings, key=lambda one: one.id != preferred):
        position = recording.position(start_ms)
        if position is not None:
            return Held(recording, position, _stretch(recording, start_ms))
    return None


def _stretch(recording: Recording, start_ms: int) -> Stretch:
    whole = (Stretch(0, 0, recording.duration_ms),)
    return next(
        stretch
        for stretch in recording.stretches or whole
        if 0 <= round((start_ms - stretch.start_ms) / stretch.rate) <= stretch.length_ms
    )
