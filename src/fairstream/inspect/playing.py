"""What the report shows of recordings: players, clock, gaps, and how speech came to be text."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from fairstream.inspect.inspection import Inspection, Located
from fairstream.inspect.media import NOT_ASKED, NOT_RECORDED, NOT_TIMED, Clip, name_of, recorded
from fairstream.inspect.timeline import clock
from fairstream.inspect.units import wall_clock
from fairstream.inspect.words import WORDS
from fairstream.records import Gap, Heard, Recording, Sound, TimeSource, Timing, Utterance, Words
from fairstream.sources.asr.card import ModelCard

HEARD: Final[dict[Heard, Words]] = {
    "given": Words("随案提供的文字", "handed in as text"),
    "characters": Words("语音识别为文字", "recognised as characters"),
    "syllables": Words("语音识别为音节，汉字为推定", "recognised as syllables; the characters are a guess"),
}
SOURCES: Final[dict[TimeSource, Words]] = {
    "manifest": Words("场次说明文件", "broadcast file"),
    "web_hook": Words("录制软件通知", "recorder's web hook"),
    "subtitle_clock": Words("时钟字幕", "clock subtitles"),
    "chat_header": Words("弹幕文件头", "header of the chat"),
    "message_times": Words("弹幕发送时间", "times of messages"),
    "file_name": Words("文件名", "file name"),
}


class ClipView(NamedTuple):
    """The clip of a finding as the report shows it, or why there is none."""

    clip: Clip | None
    clock: str
    wall: str
    position: str
    file: str
    reason: Words | None
    sounds: tuple[Sound, ...]
    spotted: tuple[Sound, ...]


class Band(NamedTuple):
    """A stretch of the timeline: place and width in percent, with what it is."""

    percent: float
    width: float
    label: Words


class ClockView(NamedTuple):
    """The section of the clock."""

    timings: tuple[tuple[Words, Timing, str], ...]
    gaps: tuple[tuple[str, str, str, Words], ...]
    recordings: tuple[tuple[Recording, str, tuple[tuple[str, str], ...], str], ...]
    unknown: tuple[Words, ...]
    heard: tuple[tuple[Words, int], ...]
    models: tuple[ModelCard, ...]


class Playing:
    """Recordings and clips of one inspection, looked up while the report is put together."""

    def __init__(self, inspection: Inspection) -> None:
        self.inspection = inspection
        self.broadcast = inspection.broadcast
        self.media = inspection.media
        self.shown = bool(self.broadcast.recordings)
        self._clips = self.media.of_findings()
        self._said = {said.id: said for said in self.broadcast.utterances}
        self._files = {one.id: one for one in self.broadcast.recordings}

    def clip(self, located: Located) -> ClipView | None:
        """The clip of a finding; None when the broadcast has no recording and the words were handed in."""
        finding = located.finding
        sounds, spotted = self._heard(located)
        clip = self._clips.get(finding.id)
        if clip is None:
            if not self.shown and not sounds:
                return None
            reason = self.media.without.get(finding.id) or self._why(finding.start_ms)
            return ClipView(None, "", "", "", "", reason, sounds, spotted)
        return ClipView(
            clip,
            f"{clock(clip.start_ms)}–{clock(clip.end_ms)}",
            self._wall(clip.start_ms, clip.end_ms),
            f"{clock(clip.from_ms)}–{clock(clip.to_ms)}",
            name_of(self._files[clip.recording_id]),
            None,
            sounds,
            spotted,
        )

    def seek(self, ms: int | None) -> str:
        """The address fragment that plays a moment (``t=754.3``); empty when nothing can play it."""
        if ms is None or not self.shown:
            return ""
        held = recorded(self.broadcast, ms)
        whole = held is not None and held.recording.id in self.media.whole
        covered = any(clip.start_ms <= ms < clip.end_ms for clip in self.media.clips)
        return f"t={ms / 1000:.3f}".rstrip("0").rstrip(".") if whole or covered else ""

    def said_by(self, said: Utterance) -> Words | None:
        """How an utterance came to be text, when it was not handed in."""
        return None if said.heard == "given" else HEARD_SHORT[said.heard]

    def data(self) -> str:
        """What the player needs, as JSON."""
        broadcast = self.broadcast
        started = broadcast.started_at
        offset = started.utcoffset() if started else None
        held: dict[str, Any] = {
            "started": round(started.timestamp() * 1000) if started else None,
            "offset": round(offset.total_seconds() * 1000) if offset is not None else 0,
            "recordings": [
                {
                    "id": one.id,
                    "file": name_of(one),
                    "src": self.media.whole.get(one.id),
                    "sha256": one.sha256,
                    "stretches": [list(stretch) for stretch in one.stretches] or [[0, 0, one.duration_ms, 1]],
                }
                for one in broadcast.recordings
            ],
            "clips": [
                {
                    "src": clip.file,
                    "recording": clip.recording_id,
                    "sha256": clip.sha256,
                    "from": clip.from_ms,
                    "to": clip.to_ms,
                    "start": clip.start_ms,
                    "end": clip.end_ms,
                }
                for clip in self.media.clips
            ],
        }
        return orjson.dumps(held).decode()

    def bands(self, length: int) -> tuple[tuple[Band, ...], tuple[Band, ...]]:
        """Recorded stretches and gaps on a strip of `length` milliseconds."""
        if length <= 0:
            return (), ()
        recordings = tuple(
            self._band(stretch_start, stretch_end, length, Words(name_of(one), name_of(one)))
            for one in self.broadcast.recordings
            for stretch_start, stretch_end in _ends(one)
        )
        gaps = tuple(self._band(gap.start_ms, gap.end_ms, length, gap.cause) for gap in self.broadcast.gaps)
        return recordings, gaps

    def clock(self) -> ClockView | None:
        """Sources of time, gaps, recordings, and what is unknown; None without recordings and timings."""
        broadcast = self.broadcast
        counts = Counter(said.heard for said in broadcast.utterances)
        if not broadcast.recordings and not broadcast.timings and set(counts) <= {"given"}:
            return None
        return ClockView(
            tuple((SOURCES[timing.source], timing, _wall(timing.started_at)) for timing in broadcast.timings),
            tuple(self._gap(gap) for gap in broadcast.gaps),
            tuple(self._recording(one) for one in broadcast.recordings),
            tuple(self._unknown()),
            tuple((HEARD[kind], counts[kind]) for kind in HEARD if counts[kind]),
            self.media.models,
        )

    def _heard(self, located: Located) -> tuple[tuple[Sound, ...], tuple[Sound, ...]]:
        """Sounds and spotted phrases under the words of a finding."""
        sounds: list[Sound] = []
        spotted: list[Sound] = []
        for piece in located.occurrences[0].pieces:
            said = self._said.get(piece.unit) if piece.medium == "speech" else None
            if said is None or said.heard == "given":
                continue
            for kept, given in ((sounds, said.sounds), (spotted, said.spotted)):
                kept += [s for s in given if s.span.start < piece.span.end and piece.span.start < s.span.end]
        return tuple(sounds), tuple(spotted)

    def _why(self, start_ms: int | None) -> Words:
        if start_ms is None:
            return NOT_TIMED
        return NOT_ASKED if recorded(self.broadcast, start_ms) else NOT_RECORDED

    def _wall(self, start_ms: int, end_ms: int) -> str:
        begin, end = wall_clock(self.broadcast, start_ms), wall_clock(self.broadcast, end_ms)
        if begin is None or end is None:
            return ""
        return f"{begin.isoformat(' ', 'seconds')[:19]}–{end.strftime('%H:%M:%S')} {_zone(begin)}"

    def _band(self, start: int, end: int, length: int, label: Words) -> Band:
        left = 100 * min(max(start / length, 0), 1)
        right = 100 * min(max(end / length, 0), 1)
        times = f" {clock(start)}–{clock(end)}"
        return Band(round(left, 3), round(right - left, 3), Words(label.zh + times, label.en + times))

    def _gap(self, gap: Gap) -> tuple[str, str, str, Words]:
        seconds = f"{(gap.end_ms - gap.start_ms) / 1000:,.1f}"
        return clock(gap.start_ms), clock(gap.end_ms), seconds, gap.cause

    def _recording(self, one: Recording) -> tuple[Recording, str, tuple[tuple[str, str], ...], str]:
        spans = tuple((clock(start), clock(end)) for start, end in _ends(one))
        return one, name_of(one), spans, self.media.whole.get(one.id, "")

    def _unknown(self) -> Sequence[Words]:
        broadcast = self.broadcast
        found = []
        if broadcast.started_at is None:
            found.append(WORDS["unknown_start"])
        sources = {timing.source for timing in broadcast.timings}
        if len(sources) == 1:
            found.append(WORDS["one_source"])
        if broadcast.timings and all(timing.drift_ppm is None for timing in broadcast.timings):
            found.append(WORDS["unknown_drift"])
        unplaced = [name_of(one) for one in broadcast.recordings if one.started_at is None]
        if unplaced and broadcast.started_at is not None:
            names = ", ".join(unplaced)
            found.append(
                Words(f"不知何时开始录制：{names}", f"nothing tells when these recordings began: {names}")
            )
        return found


HEARD_SHORT: Final[dict[Heard, Words]] = {
    "given": Words("提供", "given"),
    "characters": Words("识别", "recognised"),
    "syllables": Words("音节", "syllables"),
}


def _ends(one: Recording) -> tuple[tuple[int, int], ...]:
    """Where the stretches of a recording begin and end on the broadcast's clock."""
    if not one.stretches:
        return ((0, one.duration_ms),)
    return tuple(
        (stretch.start_ms, stretch.start_ms + round(stretch.length_ms * stretch.rate))
        for stretch in one.stretches
    )


def _wall(at: datetime) -> str:
    return f"{at.isoformat(' ', 'milliseconds')[:23]} {_zone(at)}"


def _zone(at: datetime) -> str:
    """The zone as +08:00."""
    name = at.strftime("%z")
    return f"{name[:3]}:{name[3:5]}" if name else ""
