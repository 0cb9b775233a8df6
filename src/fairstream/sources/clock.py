"""One clock for a broadcast: every source of time is heard, the most trusted is used, the others are held
against it, and every recording gets its place, with the gaps between.

The broadcast's clock counts milliseconds from the earliest thing that says when it began. What a part of the
broadcast is (a recording, or a chat file or transcript without one) is told by the stem of its name, which
recorders give a recording and its sidecars alike. docs/decisions/clock.md says why.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple, get_args

from fairstream.records import CHINA, Gap, Problem, Recording, Stretch, TimeSource, Timing
from fairstream.sources.lines import Line, Step
from fairstream.sources.placing import (
    Media,
    join_segments,
    join_unknown,
    show_gaps,
    stretches_of,
)
from fairstream.sources.problems import ProblemLog
from fairstream.sources.recorders import natural, stem_of

TRUST: Final[tuple[TimeSource, ...]] = get_args(TimeSource)
_APART_MS: Final = 2000
_SAME_START_MS: Final = 2000
_LONGEST_MS: Final = 36 * 3_600_000
_ENDLESS: Final = 1 << 50


class Told(NamedTuple):
    """What one source says of one part: when its position 0 was.

    `part` is the part's stem. `line` is the fit through several points, `closed_at` when the recorder closed
    the file.
    """

    source: TimeSource
    file: str
    part: str
    started_at: datetime
    line: Line | None = None
    closed_at: datetime | None = None


@dataclass(slots=True)
class Clock:
    """The broadcast's clock. `started_at` is the wall-clock time of its zero, None when nothing tells it."""

    started_at: datetime | None = None
    recordings: tuple[Recording, ...] = ()
    gaps: tuple[Gap, ...] = ()
    timings: tuple[Timing, ...] = ()
    problems: tuple[Problem, ...] = ()
    places: dict[str, tuple[Stretch, ...]] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    """Parts whose messages' offsets stand still while the recording does."""
    only: str | None = None

    def part_of(self, stem: str) -> str | None:
        """The part that a file belongs to: the one of its stem, or of the stem it begins with; the only
        recording when there is one."""
        if stem in self.places:
            return stem
        longer = [part for part in self.places if stem.startswith(part) and stem[len(part)] in "._- "]
        return max(longer, key=len, default=self.only)

    def moment(self, stem: str, position_ms: int, *, chat: bool = False) -> int:
        """The broadcast's time of a position in a file; offsets of `chat` run on through a recording's
        pauses unless its own times show that they stand still."""
        part = self.part_of(stem)
        if part is None:
            return position_ms
        places = self.places[part]
        if chat and part not in self.paused:
            places = places[:1]
        found = places[0]
        for stretch in places:
            if stretch.position_ms > position_ms:
                break
            found = stretch
        return found.start_ms + round((position_ms - found.position_ms) * found.rate)

    def recording_of(self, stem: str) -> str | None:
        """The id of the recording that a file belongs to."""
        part = self.part_of(stem)
        return next((each.id for each in self.recordings if part == stem_of(each.file)), None)


def set_clock(
    media: Sequence[Media], told: Iterable[Told], *, started_at: datetime | None = None, stated_in: str = ""
) -> Clock:
    """The clock of a broadcast from its recordings and all that tells time. `started_at` is what the
    manifest `stated_in` says: it outranks all others as the time of position 0, and moves nothing.
    """
    return _Setting(list(media), list(told), started_at, stated_in).clock()


class _Setting:
    """The steps of setting one clock."""

    def __init__(self, media: list[Media], told: list[Told], stated: datetime | None, stated_in: str) -> None:
        self.media: dict[str, Media] = {}
        self.twins: list[Media] = []
        self.stated, self.stated_in = stated, stated_in
        self.problems: list[Problem] = []
        self.told: dict[str, list[Told]] = {}
        for each in sorted(told, key=lambda told: TRUST.index(told.source)):
            self.told.setdefault(each.part, []).append(each)
        for one in media:
            self._take(one)

    def _take(self, media: Media) -> None:
        """One recording for each stem; others of the same name are kept at the same place, or left out when
        they are the same bytes."""
        first = self.media.setdefault(media.stem, media)
        if first is media:
            return
        same = any(media.sha256 == other.sha256 for other in (first, *self.twins))
        log = ProblemLog(media.file)
        log.add("clock_copy" if same else "clock_twin", file=first.file)
        self.problems.extend(log.problems)
        if not same:
            self.twins.append(media)

    def clock(self) -> Clock:
        """The clock, step by step: what was told, what follows from it, where everything lies."""
        self._adopt()
        known = {part: _epoch(sources[0].started_at) for part, sources in self.told.items()}
        self._begin_with_first(known)
        joined, missing = join_segments(self.media, known, self._say)
        starts = self._near(known | joined)
        nothing = not starts
        zero = min(starts.values(), default=0)
        shifts = {part: self._shift(part, start - zero) for part, start in starts.items()}
        unknown = join_unknown(self.media, shifts, self._say)
        shifts |= unknown
        places = {part: self._stretches(part, shift) for part, shift in shifts.items()}
        began = self.stated or (None if nothing else _moment(zero))
        if nothing and began is None and self.media:
            self._say("clock_none", min(self.media, key=natural))
        recordings = self._recordings(places, began, set(unknown) if self.told else set())
        gaps = show_gaps(recordings, [*self.media.values(), *self.twins], missing)
        return Clock(
            began,
            recordings,
            gaps,
            tuple(self._timings(recordings, shifts, zero)),
            tuple(self.problems),
            places,
            frozenset(part for part in places if self._steps(part)),
            next(iter(self.media)) if len(self.media) == 1 else None,
        )

    def _say(self, code: str, part: str, **values: object) -> None:
        found = self.media.get(part)
        log = ProblemLog(found.file if found else part)
        log.add(code, None, 1, **values)
        self.problems.extend(log.problems)

    def _adopt(self) -> None:
        """Clocks whose names fit no part belong to the only part there is; so does the only chat."""
        with_chat = [part for part, sources in self.told.items() if _has_chat(sources)]
        parts = list(self.media) or with_chat
        if len(parts) != 1:
            return
        only = parts[0]
        strays = [
            part
            for part, sources in self.told.items()
            if part != only and sources[0].source in ("web_hook", "subtitle_clock")
        ]
        if only in self.media and only not in self.told and len(with_chat) == 1:
            self._say("clock_assumed", only, file=self.told[with_chat[0]][0].file)
            strays.append(with_chat[0])
        for part in dict.fromkeys(strays):
            self.told.setdefault(only, []).extend(self.told[part])
            if part not in with_chat:
                del self.told[part]
        if only in self.told:
            self.told[only].sort(key=lambda told: TRUST.index(told.source))

    def _begin_with_first(self, known: dict[str, int]) -> None:
        """The manifest's start is that of the first recording by name when nothing tells its own and others
        are known to begin later."""
        first = min(self.media, key=natural, default=None)
        others = [known[part] for part in self.media if part in known]
        if self.stated is None or first is None or first in known or not others:
            return
        if min(others) >= _epoch(self.stated):
            known[first] = _epoch(self.stated)

    def _near(self, starts: dict[str, int]) -> dict[str, int]:
        """Starts but for those a day and a half or more after the first: these are another broadcast's."""
        if not starts:
            return starts
        first = min(starts.values())
        for part, start in starts.items():
            if start - first > _LONGEST_MS:
                self._say("other_day", part, days=round((start - first) / 86_400_000))
        return {part: start if start - first <= _LONGEST_MS else first for part, start in starts.items()}

    def _shift(self, part: str, shift: int) -> int:
        """Names tell whole seconds, so that a part without recording is not moved by two of them or less."""
        return 0 if part not in self.media and shift <= _SAME_START_MS else shift

    def _rate(self, part: str) -> float:
        lines = [
            told.line for told in self.told.get(part, ()) if told.line and told.source == "message_times"
        ]
        return next((line.rate for line in lines), 1.0)

    def _steps(self, part: str) -> list[Step]:
        lines = [
            told.line for told in self.told.get(part, ()) if told.line and told.source == "message_times"
        ]
        return [step for line in lines for step in line.steps if step.size_ms > 0]

    def _stretches(self, part: str, shift: int, twin: Media | None = None) -> tuple[Stretch, ...]:
        media = twin or self.media.get(part)
        length = media.duration_ms if media else _ENDLESS
        runs = media.probe.runs if media else ()
        pause = self._pause(part, length) if media else 0
        return stretches_of(runs, length, shift, self._rate(part), self._steps(part), pause)

    def _pause(self, part: str, length: int) -> int:
        """How much longer the recorder kept the file open than it lasts; told when it is much."""
        for told in self.told.get(part, ()):
            if told.closed_at is None:
                continue
            open_ms = round((told.closed_at - told.started_at).total_seconds() * 1000)
            missing = open_ms - round(length * self._rate(part))
            if abs(missing) > max(_APART_MS, length // 1000):
                self._say("clock_length", part, seconds=f"{missing / 1000:+.1f}")
            return max(0, missing)
        return 0

    def _recordings(
        self, places: dict[str, tuple[Stretch, ...]], began: datetime | None, unknown: set[str]
    ) -> tuple[Recording, ...]:
        found = [(places[part], media) for part, media in self.media.items()]
        found += [
            (self._stretches(media.stem, places[media.stem][0].start_ms, media), media)
            for media in self.twins
        ]
        found.sort(key=lambda each: (each[0][0].start_ms, natural(each[1].file)))
        recordings = []
        for number, (stretches, media) in enumerate(found, 1):
            start = None
            if began is not None and media.stem not in unknown:
                zero = stretches[0].start_ms - round(stretches[0].position_ms * stretches[0].rate)
                start = began + timedelta(milliseconds=zero)
            recordings.append(media.recording(f"r{number}", stretches, start))
        return tuple(recordings)

    def _timings(
        self, recordings: Sequence[Recording], shifts: dict[str, int], zero: int
    ) -> Iterable[Timing]:
        """What each source says, and by how much it differs from the one that is used."""
        ids = {stem_of(recording.file): recording.id for recording in reversed(recordings)}
        if self.stated is not None:
            yield Timing("manifest", self.stated_in, self.stated, used=True)
        for part, sources in self.told.items():
            over = self.stated is not None and shifts.get(part) == 0
            best = self.stated if over and self.stated else sources[0].started_at
            for told in sources:
                yield self._timing(told, ids.get(part), best, shifts.get(part, 0), used=not over)
                over = over or told is sources[0]

    def _timing(self, told: Told, recording: str | None, best: datetime, shift: int, *, used: bool) -> Timing:
        ahead = round((told.started_at - best).total_seconds() * 1000)
        line = told.line
        drift = line.drift_ppm if line and told.source == "message_times" else None
        timing = Timing(
            told.source,
            told.file,
            told.started_at if recording else told.started_at - timedelta(milliseconds=shift),
            recording,
            None if drift is None else round(drift, 1),
            line.residual_ms if line else None,
            line.points if line else 1,
            None if used else ahead,
            used,
        )
        if not used and abs(ahead) > _APART_MS and told.source != "message_times":
            log = ProblemLog(told.file)
            log.add(
                "clock_apart",
                seconds=f"{ahead / 1000:+.1f}",
                used=best.isoformat(sep=" ", timespec="seconds"),
            )
            self.problems.extend(log.problems)
        return timing


def _has_chat(sources: Sequence[Told]) -> bool:
    return any(told.source in ("chat_header", "message_times") for told in sources)


def _epoch(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def _moment(epoch_ms: int) -> datetime:
    return datetime.fromtimestamp(epoch_ms / 1000, CHINA)
