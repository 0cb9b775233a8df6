"""Where recordings lie on the broadcast's clock: segments joined by number and length, stretches between
pauses, and the gaps that are left."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from fairstream.records import Gap, Place, Recording, Stretch, Words
from fairstream.sources.lines import Step
from fairstream.sources.recorders import Recorded, natural, stem_of
from fairstream.stamps import Run

if TYPE_CHECKING:
    from fairstream.sources.media import Probe  # loads numpy

LEAST_GAP_MS: Final = 1000
_BESIDE_MS: Final = 2000


class Media(NamedTuple):
    """A readable media file: its name as given, where it lies, what is in it and what its name says."""

    file: str
    path: Path
    sha256: str
    probe: "Probe"
    name: Recorded

    @property
    def stem(self) -> str:
        """The name that it shares with its sidecars."""
        return stem_of(self.file)

    @property
    def duration_ms(self) -> int:
        """Where its last packet ends."""
        return self.probe.duration_ms or 0

    def recording(self, number: str, stretches: tuple[Stretch, ...], start: datetime | None) -> Recording:
        """The record of it."""
        probe = self.probe
        return Recording(
            number,
            self.file,
            self.path,
            self.sha256,
            probe.size,
            probe.container,
            self.duration_ms,
            probe.video_codec is not None,
            probe.audio_codec is not None,
            stretches,
            start,
            Place(self.file),
        )


class Say(Protocol):
    """Notes a problem of a part."""

    def __call__(self, code: str, part: str, **values: object) -> None: ...


def join_segments(
    media: Mapping[str, Media], known: Mapping[str, int], say: Say
) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """Starts (epoch ms) of numbered segments of a session whose start is known, each at the end of the one
    before it unless something better tells it; and which numbers are missing before which segment.
    """
    groups: dict[str, list[Media]] = {}
    for each in media.values():
        if each.name.segment is not None:
            groups.setdefault(each.name.series, []).append(each)
    starts: dict[str, int] = {}
    missing: dict[str, tuple[int, int]] = {}
    for group in groups.values():
        group.sort(key=lambda each: (each.name.segment or 0, natural(each.stem)))
        usual = round(median(each.duration_ms for each in group[:-1] or group))
        begun = group[0].name.started_at
        next_number = min(group[0].name.segment or 0, 1)
        end = round(begun.timestamp() * 1000) if begun else None
        for each in group:
            lacking = max(0, (each.name.segment or 0) - next_number)
            own = known.get(each.stem)
            if lacking and (begun is not None or each is not group[0]):
                missing[each.stem] = (next_number, next_number + lacking - 1)
                end = None if end is None else end + lacking * usual
            start = own if own is not None else end
            if start is not None:
                starts[each.stem] = start
                end = start + each.duration_ms
                if own is None and each is not group[0]:
                    say("clock_joined", each.stem)
                if own is None and lacking:
                    say("clock_missing", each.stem, segments=lacking, seconds=f"{usual / 1000:.0f}")
            next_number = (each.name.segment or 0) + 1
    return starts, missing


def join_unknown(media: Mapping[str, Media], shifts: Mapping[str, int], say: Say) -> dict[str, int]:
    """Places of recordings that nothing places: one behind the other, after all that is known."""
    found: dict[str, int] = {}
    known = [shifts[part] + each.duration_ms for part, each in media.items() if part in shifts]
    end = max(known, default=0)
    for part in sorted((part for part in media if part not in shifts), key=natural):
        if known or found:
            say("clock_joined", part)
        found[part] = end
        end += media[part].duration_ms
    return found


def stretches_of(
    runs: Sequence[Run], length: int, shift: int, rate: float, steps: Sequence[Step], pause: int
) -> tuple[Stretch, ...]:
    """The stretches of one part whose position 0 is at `shift`.

    A clock that was set anew pauses as long as the step of the messages' clock beside it, else `pause` when
    there is only one such place. Other steps split the run they fall into.
    """
    runs = runs or (Run(0, length, 0),)
    resets = [run for run in runs if run.reset]
    beside: dict[int, Step] = {}
    for run in resets:
        for step in steps:
            if step.after_ms - _BESIDE_MS <= run.position_ms <= step.before_ms + _BESIDE_MS:
                beside[run.position_ms] = step
    loose = [step for step in steps if step not in beside.values()]
    extra = 0
    found: list[Stretch] = []
    for run in runs:
        if run.reset:
            step_here = beside.get(run.position_ms)
            extra += step_here.size_ms if step_here else pause if len(resets) == 1 and not steps else 0
        position, end = run.position_ms, run.position_ms + run.length_ms
        for step in loose:
            if position < step.position_ms < end:
                found.append(_stretch(position, step.position_ms, shift + extra, rate))
                position = step.position_ms
                extra += step.size_ms
        found.append(_stretch(position, end, shift + extra, rate))
    return tuple(found)


def _stretch(position: int, end: int, shift: int, rate: float) -> Stretch:
    return Stretch(position, shift + round(position * rate), end - position, rate)


def show_gaps(
    recordings: Sequence[Recording], media: Sequence[Media], missing: Mapping[str, tuple[int, int]]
) -> tuple[Gap, ...]:
    """What no recording covers from the clock's zero to the end of the last, and why."""
    runs = {each.file: each.probe.runs for each in media}
    pieces = sorted(
        (stretch.start_ms, stretch.start_ms + round(stretch.length_ms * stretch.rate), number, at)
        for number, recording in enumerate(recordings)
        for at, stretch in enumerate(recording.stretches)
    )
    gaps: list[Gap] = []
    covered, before = 0, None
    for start, end, number, at in pieces:
        recording = recordings[number]
        if start - covered > LEAST_GAP_MS:
            gaps.append(Gap(covered, start, _cause(recording, at, before, missing, runs[recording.file])))
        elif at and _is_unknown_pause(recording, at, runs[recording.file]):
            gaps.append(Gap(start, start, _unknown_pause(recording)))
        if end >= covered:
            covered, before = end, number
    return tuple(gaps)


def _cause(
    recording: Recording,
    at: int,
    before: int | None,
    missing: Mapping[str, tuple[int, int]],
    runs: Sequence[Run],
) -> Words:
    file = recording.file
    if at:
        run = next(
            (run for run in runs if run.position_ms == recording.stretches[at].position_ms),
            None,
        )
        if run is not None and not run.reset:
            return Words(
                f"{file} 的时间戳有空缺，该段未录到", f"the time stamps of {file} have a hole: not recorded"
            )
        return Words(
            f"{file} 录制中断，其他时间来源仍在走时",
            f"{file} stood still while another source of time ran on",
        )
    if stem_of(file) in missing:
        first, last = missing[stem_of(file)]
        numbers = str(first) if first == last else f"{first}–{last}"
        return Words(
            f"缺少第 {numbers} 段录像，长度为估计", f"segment {numbers} is missing; its length is assumed"
        )
    if before is None:
        return Words(f"{file} 之前没有录像", f"nothing was recorded before {file}")
    return Words(
        f"{file} 与前一录像之间没有录像", f"nothing was recorded between {file} and the one before it"
    )


def _is_unknown_pause(recording: Recording, at: int, runs: Sequence[Run]) -> bool:
    position = recording.stretches[at].position_ms
    return any(run.reset and run.position_ms == position for run in runs)


def _unknown_pause(recording: Recording) -> Words:
    return Words(
        f"{recording.file} 的时钟在此被重置，中断多久无从得知，时间按无中断接续",
        f"the clock of {recording.file} was set anew here; how long the pause was is not known, and times"
        " go on as if there were none",
    )
