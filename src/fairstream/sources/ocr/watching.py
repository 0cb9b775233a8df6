"""Frames → texts in the picture with their intervals; only what changed is read.

Frames are looked at every `step_ms`, which costs little, and read at most every `every_ms` (sooner when
only a small part changed). When a line is first read, the frames kept are searched backwards for the first
one that it stands in, and every later frame is compared with its pixels: intervals are as exact as the
frames are close, whatever the distance of the readings. A start or end is the first frame with or without
the text, so that it may be late by at most one step.
"""

from collections import deque
from collections.abc import Callable
from typing import Final

from fairstream.records import Box, Place, Recording, ScreenText
from fairstream.sources.loaded import Loaded
from fairstream.sources.media import Frame, frames
from fairstream.sources.ocr.cards import Seen, cards
from fairstream.sources.ocr.changes import (
    BLOCK,
    Area,
    Blocks,
    ChangedAreas,
    Grey,
    Small,
    bands,
    blocks_of,
    grey_of,
    small,
    small_step,
)
from fairstream.sources.ocr.following import Followed, same_place
from fairstream.sources.ocr.likeness import Print, near_same
from fairstream.sources.ocr.reader import Line, PictureReader
from fairstream.sources.problems import ProblemLog
from fairstream.text.masking import mask

STEP_MS: Final = 80
"""How far apart frames are looked at."""
KEPT_BYTES: Final = 48 << 20
"""Memory for grey pictures of the last frames, in which the start of a text is searched."""
KEPT_MS: Final = 5000
LARGEST_PIXELS: Final = 64_000_000


class ScreenWatcher:
    """Follows the text in a picture frame by frame; for files and live streams alike.

    `every_ms` is the least distance of two readings of the whole picture. With `early`, a text is told as
    soon as it is read (`ended` False) and again when it has gone.
    """

    def __init__(self, reader: PictureReader, *, every_ms: int = 1000, early: bool = False) -> None:
        self._reader = reader
        self._every = every_ms
        self._early = early
        self._areas: ChangedAreas | None = None
        self._size: tuple[int, ...] = ()
        self._kept: deque[tuple[int, Grey]] = deque()
        self._lines: list[Followed] = []
        self._gone: list[Seen] = []
        self._number = 0
        self._next_ms = -(1 << 40)
        self._at_ms = 0
        self._step_ms = 0
        self.frames = 0
        self.readings = 0
        self.pixels_read = 0.0
        """Sum of the shares of the picture that were read: what it cost, in whole frames."""

    def push(self, frame: Frame) -> list[Seen]:
        """Looks at the next frame; texts that have gone (and new ones, when told early)."""
        image = frame.image
        if image.ndim != 3 or not 0 < image.shape[0] * image.shape[1] <= LARGEST_PIXELS:
            return []
        grey = grey_of(image)
        few = small(grey)
        told: list[Seen] = []
        if self._areas is None or self._size != grey.shape:
            told = self.close()
            self._areas, self._size = ChangedAreas(few), grey.shape
        self.frames += 1
        self._step_ms = max(0, min(frame.position_ms - self._at_ms, self._every)) if self._kept else 0
        self._at_ms = frame.position_ms
        self._keep(frame.position_ms, grey)
        wanted = self._areas.look(few, frame.position_ms)
        for line in self._lines:
            there = line.look(grey, frame.position_ms, self._areas.edges_in(line.area))
            if there:
                wanted[blocks_of(line.area)] = False
            if line.is_due(frame.position_ms, self._step_ms):
                wanted[blocks_of(line.area)] = True
        if wanted.any() and frame.position_ms >= self._next_ms:
            told += self._read(frame, grey, few, wanted, self._areas)
        self._drop()
        return told + self._put_together(frame.position_ms - 2 * self._bridge)

    def close(self) -> list[Seen]:
        """Ends everything that is still followed; the watcher can go on with another recording."""
        for line in self._lines:
            # What stands in the last frame stays until the next would have come.
            self._end(line, line.end_ms if line.end_ms is not None else self._at_ms + self._step_ms)
        self._lines, self._areas = [], None
        self._kept.clear()
        self._next_ms = -(1 << 40)
        return self._put_together(None)

    @property
    def _bridge(self) -> int:
        return 2 * self._every

    def _keep(self, position_ms: int, grey: Grey) -> None:
        self._kept.append((position_ms, grey))
        while len(self._kept) > 1 and (
            len(self._kept) * grey.nbytes > KEPT_BYTES or position_ms - self._kept[0][0] > KEPT_MS
        ):
            self._kept.popleft()

    def _read(
        self, frame: Frame, grey: Grey, few: Small, wanted: Blocks, changed: ChangedAreas
    ) -> list[Seen]:
        areas = bands(wanted, [line.area for line in self._lines], few.shape)
        share = sum((a.bottom - a.top) * (a.right - a.left) for a in areas) / few.size
        if share > 0.6:
            areas, share = [Area(0, few.shape[0], 0, few.shape[1])], 1.0
        self.readings += 1
        self.pixels_read += share
        # A small part costs little, so it may be read again sooner.
        self._next_ms = frame.position_ms + round(self._every * max(0.25, share))
        told: list[Seen] = []
        found: list[Area] = []
        for area in areas:
            lines, cut = _read_area(self._reader, frame, area, few.shape)
            if cut:
                # A line goes on beyond the part that changed, as print that scrolls does.
                area = Area(max(0, area.top - BLOCK), min(few.shape[0], area.bottom + BLOCK), 0, few.shape[1])
                lines, _ = _read_area(self._reader, frame, area, few.shape)
                self.pixels_read += (area.bottom - area.top) * (area.right - area.left) / few.size
            found += [place for place, _ in lines]
            told += self._match(lines, area, grey, frame.position_ms)
        changed.mark_read(few, areas, found, wanted, frame.position_ms)
        return told

    def _match(self, lines: list[tuple[Area, Line]], area: Area, grey: Grey, at_ms: int) -> list[Seen]:
        """Lines read in an area against those followed there."""
        free = [line for line in self._lines if _inside(line.area, area)]
        told: list[Seen] = []
        for place, line in lines:
            held = self._held(free, place, line, grey)
            replaced = None
            if held is None and (
                replaced := next((one for one in free if same_place(one.area, place)), None)
            ):
                free.remove(replaced)
                self._replace(replaced)
            if held is None:
                told += self._begin(place, line, grey, at_ms, replaced)
                continue
            free.remove(held)
            held.confirm(line.text, line.score, place, line.box, grey, at_ms)
            self._note(held)
        for missed in free:
            missed.wait(at_ms)
        return told

    def _held(self, free: list[Followed], place: Area, line: Line, grey: Grey) -> Followed | None:
        """The line followed that a reading is of."""
        for one in free:
            if same_place(one.area, place) and one.is_read_as(line.text, one.print.likeness(grey)):
                return one
        for one in free:
            if one.is_scrolling and same_place(one.area, place) and one.scroll(line.text):
                return one
        for one in free:
            if _moved(one, line.text):
                one.moving, one.scrolled = True, one.text
                return one
        return None

    def _note(self, line: Followed) -> None:
        if self._areas is not None:
            line.edges = self._areas.edges_in(line.area)

    def _begin(
        self, place: Area, line: Line, grey: Grey, at_ms: int, replaced: Followed | None
    ) -> list[Seen]:
        self._number += 1
        pixels = Print(grey, line.box)
        # A price in the place of another looks much like it: it began where the other changed.
        earliest = replaced.lost_ms if replaced is not None and replaced.faded_ms is None else None
        similar = replaced is not None and replaced.faded_ms is None
        start = at_ms
        for position, before in reversed(self._kept):
            likeness = pixels.likeness(before)
            if not (likeness.stands if similar and earliest is None else likeness.faint):
                break
            start = position
            if position == earliest:
                break
        new = Followed(self._number, place, line.box, pixels, start, at_ms, [(line.text, line.score)])
        self._note(new)
        self._lines.append(new)
        return [_seen(new, at_ms, ended=False)] if self._early else []

    def _replace(self, line: Followed) -> None:
        """Ends a line in whose place another is read: it ended where its print first changed."""
        end = line.end_ms if line.end_ms is not None else self._at_ms
        self._lines.remove(line)
        self._end(line, end)

    def _drop(self) -> None:
        """Ends lines that have been gone for longer than a flicker."""
        for line in [one for one in self._lines if one.lost_ms is not None]:
            if self._at_ms - line.seen_ms > self._bridge * (2 if line.moving else 1):
                self._lines.remove(line)
                self._end(line, line.end_ms or self._at_ms)

    def _end(self, line: Followed, end_ms: int) -> None:
        self._gone.append(_seen(line, max(end_ms, line.start_ms), ended=True))

    def _put_together(self, before_ms: int | None) -> list[Seen]:
        """Cards of lines that ended before a moment, so that no line of theirs is still to come."""
        ready = [one for one in self._gone if before_ms is None or one.end_ms < before_ms]
        if not ready:
            return []
        self._gone = [one for one in self._gone if one not in ready]
        return cards(ready)


def screen_texts(
    recording: Recording,
    reader: PictureReader,
    *,
    every_ms: int = 1000,
    step_ms: int = STEP_MS,
    watcher: ScreenWatcher | None = None,
    progress: Callable[[int], None] | None = None,
) -> Loaded[ScreenText]:
    """The texts in the picture of a recording, on the broadcast's clock.

    A `watcher` of the caller's counts what was read; `progress` is called with the position reached, in
    milliseconds. Times are late by at most `step_ms`.
    Raises `FormatError` when the file is no recording.
    """
    if not recording.has_video:
        return Loaded()
    watcher = watcher or ScreenWatcher(reader, every_ms=every_ms)
    seen: list[Seen] = []
    log = ProblemLog(recording.file)
    for frame in frames(recording.path, name=recording.file, every_ms=step_ms, log=log):
        seen += watcher.push(frame)
        if progress is not None:
            progress(frame.position_ms)
    seen += watcher.close()
    seen.sort(key=lambda one: (one.start_ms, one.box.top))
    return Loaded(tuple(_record(recording, one, number) for number, one in enumerate(seen, 1)), log.problems)


def _record(recording: Recording, seen: Seen, number: int) -> ScreenText:
    return ScreenText(
        f"{recording.id}-s{number}",
        mask(seen.text),  # viewers' words stand in the picture too, and nothing tells them apart
        recording.moment(seen.start_ms),
        recording.moment(seen.end_ms, end=True),
        round(seen.confidence, 4),
        Place(recording.file),
        seen.box,
        recording.id,
    )


def _seen(line: Followed, end_ms: int, *, ended: bool) -> Seen:
    return Seen(
        line.number,
        line.start_ms,
        end_ms,
        line.text,
        line.box,
        line.confidence,
        line.readings,
        ended,
        line.moving,
        (line.number,),
    )


def _read_area(
    reader: PictureReader, frame: Frame, area: Area, shape: tuple[int, ...]
) -> tuple[list[tuple[Area, Line]], bool]:
    """Whole lines of a part of the frame, with their places in the small picture; whether some were cut."""
    step = small_step(*frame.image.shape[:2])
    height, width = frame.image.shape[:2]
    top, left = area.top * step, area.left * step
    part = frame.image[top : min(height, area.bottom * step), left : min(width, area.right * step)]
    lines, cut = [], False
    for line in reader.read(part):
        rows, columns = part.shape[:2]
        box = line.box._replace(
            left=(left + line.box.left * columns) / width,
            top=(top + line.box.top * rows) / height,
            width=line.box.width * columns / width,
            height=line.box.height * rows / height,
        )
        place = _place(box, shape)
        if _cut(place, area, shape):
            cut = True
        else:
            lines.append((place, line._replace(box=box)))
    return lines, cut


def _place(box: Box, shape: tuple[int, ...]) -> Area:
    height, width = shape
    top = min(height - 1, max(0, int(box.top * height)))
    left = min(width - 1, max(0, int(box.left * width)))
    bottom = min(height, max(top + 1, round((box.top + box.height) * height)))
    right = min(width, max(left + 1, round((box.left + box.width) * width)))
    return Area(top, bottom, left, right)


def _cut(place: Area, area: Area, shape: tuple[int, ...]) -> bool:
    """Whether a line touches an edge at which the area was cut out of the picture."""
    return (
        (area.top > 0 and place.top <= area.top)
        or (area.bottom < shape[0] and place.bottom >= area.bottom)
        or (area.left > 0 and place.left <= area.left)
        or (area.right < shape[1] and place.right >= area.right)
    )


def _inside(line: Area, area: Area) -> bool:
    across, down = (line.left + line.right) // 2, (line.top + line.bottom) // 2
    return area.left <= across < area.right and area.top <= down < area.bottom


def _moved(line: Followed, text: str) -> bool:
    return line.lost_ms is not None and len(text) >= 4 and near_same(line.text, text)
