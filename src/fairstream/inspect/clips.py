"""Findings → clips of the recordings: from a little before the words to a little after."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

from fairstream.errors import FairstreamError
from fairstream.evidence.cuts import Cut, Cutter, cutting
from fairstream.inspect.inspection import SEVERITIES, Inspection, Located
from fairstream.inspect.media import NOT_RECORDED, NOT_TIMED, Clip, Held, name_of, recorded
from fairstream.records import Problem, Recording, Stretch, Words
from fairstream.sources.problems import ProblemLog

BEFORE_MS: Final = 5_000
AFTER_MS: Final = 3_000
LONGEST_MS: Final = 60_000
"""A clip shared by neighbouring findings grows no longer than this; text that stays in the picture for long
is shown for this long."""
MOST_CLIPS: Final = 200
FOLDER: Final = "clips"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clip to be cut: positions in a stretch of the recording, and the findings it shows, in order."""

    recording: Recording
    stretch: Stretch
    from_ms: int
    to_ms: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be cut, and why the other findings get no clip."""

    wanted: tuple[Wanted, ...]
    without: dict[str, Words]


@dataclass(frozen=True, slots=True)
class Cutting:
    """What was cut, with what did not work."""

    clips: tuple[Clip, ...]
    without: dict[str, Words]
    problems: tuple[Problem, ...]


def plan_clips(inspection: Inspection, *, most: int = MOST_CLIPS) -> Plan:
    """One clip per recorded finding; findings whose clips overlap share one.

    No clip runs over a break of its recording. Beyond `most` clips the less severe findings go without.
    """
    preferred = {said.id: said.recording_id for said in inspection.broadcast.utterances}
    without: dict[str, Words] = {}
    places: list[tuple[Located, Held]] = []
    for located in inspection.findings:
        finding = located.finding
        held = recorded(inspection.broadcast, finding.start_ms, preferred.get(finding.unit))
        if held is None:
            without[finding.id] = NOT_TIMED if finding.start_ms is None else NOT_RECORDED
        else:
            places.append((located, held))
    wanted = list(_shared(places))
    kept = sorted(wanted, key=_gravity(inspection))[:most]
    for one in wanted:
        if one not in kept:
            without.update(dict.fromkeys(one.findings, _beyond(most)))
    return Plan(tuple(one for one in wanted if one in kept), without)


def cut_clips(plan: Sequence[Wanted], out: Path, *, progress: Callable[[], None] = lambda: None) -> Cutting:
    """Cut the clips into ``clips/`` under `out`; a clip that fails is told and the rest goes on."""
    clips: list[Clip] = []
    without: dict[str, Words] = {}
    problems: list[Problem] = []
    if plan:
        (out / FOLDER).mkdir(parents=True, exist_ok=True)
    for _, group in groupby(plan, key=lambda wanted: wanted.recording.id):
        wanted = list(group)
        recording = wanted[0].recording
        log = ProblemLog(recording.file)
        try:
            with cutting(
                recording.path,
                sha256=recording.sha256,
                name=name_of(recording),
                stretches=recording.stretches,
            ) as cutter:
                for one in wanted:
                    clip = _cut(cutter, one, out, log)
                    if clip is None:
                        without.update(dict.fromkeys(one.findings, _FAILED))
                    else:
                        clips.append(clip)
                    progress()
        except (FairstreamError, OSError) as error:
            _log(log, error)
            for one in wanted:
                without.update(dict.fromkeys(one.findings, _FAILED))
        problems.extend(log.problems)
    return Cutting(tuple(clips), without, tuple(problems))


_FAILED: Final = Words("片段剪取失败，原因见“修补与跳过”", "the clip could not be cut; see what was left out")


def _beyond(most: int) -> Words:
    return Words(
        f"片段以 {most} 个为限，优先较严重的线索",
        f"no more than {most} clips are cut, those of graver findings first",
    )


def _gravity(inspection: Inspection) -> Callable[[Wanted], tuple[int, int]]:
    """Sort key: the gravest finding of a clip, then time."""
    rank = {
        located.finding.id: (SEVERITIES.index(located.finding.severity), number)
        for number, located in enumerate(inspection.findings)
    }
    return lambda wanted: min(rank[finding] for finding in wanted.findings)


def _shared(places: Sequence[tuple[Located, Held]]) -> Iterator[Wanted]:
    """Clips in the order of recordings and positions, overlapping ones joined."""
    current: Wanted | None = None
    for located, held in sorted(places, key=lambda place: (place[1].recording.id, place[1].position_ms)):
        one = _window(located, held)
        if current is not None and _touch(current, one):
            longer = max(current.to_ms, one.to_ms)
            if longer - current.from_ms <= LONGEST_MS:
                current = replace(current, to_ms=longer, findings=current.findings + one.findings)
                continue
        if current is not None:
            yield current
        current = one
    if current is not None:
        yield current


def _touch(one: Wanted, other: Wanted) -> bool:
    same = (one.recording.id, one.stretch) == (other.recording.id, other.stretch)
    return same and other.from_ms <= one.to_ms


def _window(located: Located, held: Held) -> Wanted:
    finding, stretch = located.finding, held.stretch
    lasts = round(max((finding.end_ms or 0) - (finding.start_ms or 0), 0) / stretch.rate)
    first, last = stretch.position_ms, stretch.position_ms + stretch.length_ms
    begin = max(first, held.position_ms - BEFORE_MS)
    end = min(last, held.position_ms + lasts + AFTER_MS, begin + LONGEST_MS)
    return Wanted(held.recording, stretch, begin, max(end, begin + 1), (finding.id,))


def _cut(cutter: Cutter, one: Wanted, out: Path, log: ProblemLog) -> Clip | None:
    path = out / FOLDER / f"{one.findings[0]}{cutter.suffix}"
    try:
        cut = cutter.clip(path, from_ms=one.from_ms, to_ms=one.to_ms)
    except (FairstreamError, OSError) as error:
        _log(log, error)
        return None
    return _clip(one, cut)


def _clip(one: Wanted, cut: Cut) -> Clip:
    recording = one.recording
    return Clip(
        file=f"{FOLDER}/{cut.out}",
        sha256=cut.sha256,
        size=cut.size,
        recording_id=recording.id,
        from_ms=cut.from_ms,
        to_ms=cut.to_ms,
        start_ms=_moment(one.stretch, cut.from_ms),
        end_ms=_moment(one.stretch, cut.to_ms),
        findings=one.findings,
        relation=cut.relation(),
    )


def _moment(stretch: Stretch, position_ms: int) -> int:
    """The broadcast's time of a position in a stretch; what lies outside it counts as its edge."""
    inside = min(max(position_ms - stretch.position_ms, 0), stretch.length_ms)
    return stretch.start_ms + round(inside * stretch.rate)


def _log(log: ProblemLog, error: FairstreamError | OSError) -> None:
    if isinstance(error, FairstreamError):
        log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    else:
        log.add(
            "unreadable", cause=str(error.strerror or error), remedy="make room on the disk and try again"
        )
