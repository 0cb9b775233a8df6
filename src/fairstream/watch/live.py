"""One watch: a source is followed, recorded, heard and read until it ends or is stopped.

The main thread records; reading the source, hearing, reading pictures and following chat have threads of
their own, and none of them can hold the recording up.
"""

import fcntl
import queue
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from fairstream.errors import FairstreamError, UsageError
from fairstream.evidence.capture import CAPTURES, read_captures
from fairstream.evidence.custody import CUSTODY, CustodyLog
from fairstream.inspect.broadcast import TextScanner
from fairstream.records import CHINA, Language, Words
from fairstream.sources.asr.listening import Spoken
from fairstream.sources.crowd import Crowd
from fairstream.sources.ocr.cards import Seen
from fairstream.watch import hearing, seeing
from fairstream.watch.chat import ChatTail
from fairstream.watch.events import (
    EVENTS,
    Journal,
    Line,
    chat_line,
    finding_line,
    line,
    screen_line,
    utterance_line,
)
from fairstream.watch.findings import LiveFindings
from fairstream.watch.growing import follow_path
from fairstream.watch.hearing import Backlog, Ears, Hearing, Skipped
from fairstream.watch.recording import RECORDING, Keeping, Recorder, Segment
from fairstream.watch.recovery import Recovered, recover
from fairstream.watch.seeing import Eyes, Seeing
from fairstream.watch.stream import Reading, check_address, follow_stream, is_address, shown_address
from fairstream.watch.timeline import Anchor, Break, Ended, Event, Lost, Opened, Piece

CHAT: Final = "chat"
_UNKNOWN: Final = Words("", "")
_POLL_S: Final = 0.1
_LAST_WORDS_S: Final = 20.0
"""After a stop: how long what has come may still be heard."""
_WAITING: Final = 20_000
_LOCK: Final = ".watch.lock"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be watched, where it is kept and who does it."""

    source: str
    folder: Path
    who: str
    reading: Reading = field(default_factory=Reading)
    segment_s: float = 60.0
    chat: Path | None = None
    title: str = ""
    language: Language = "zh"


@dataclass(slots=True)
class Summary:
    """What a watch came to."""

    segments: int = 0
    reconnects: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    missing: list[tuple[float, float]] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    sound_errors: int = 0
    chat_problems: int = 0
    lines_lost: int = 0
    ended: Words = _UNKNOWN


class Senses(NamedTuple):
    """What finds, hears and reads; `ears` and `eyes` are None when nothing is to be heard or read."""

    scanner: TextScanner
    ears: Ears | None = None
    eyes: Eyes | None = None


class Watch:
    """A watch of one source.

    Rules and models take seconds to load: `senses` is called beside the recording, which does not wait for
    it. When it raises a `FairstreamError` the watch ends with that error.
    """

    def __init__(
        self,
        asked: Asked,
        senses: Callable[[], Senses],
        *,
        show: Callable[[list[Line], bytes], None] = lambda lines, data: None,
    ) -> None:
        self.asked = asked
        self.summary = Summary()
        shown = shown_address(asked.source) if is_address(asked.source) else Path(asked.source).name
        self.keeping = Keeping(asked.folder, asked.who, shown, asked.segment_s)
        self._open_senses = senses
        self._senses: Senses | None = None
        self._loaded = threading.Event()
        self._show = show
        self._first: Piece | None = None
        self._began: float | None = None
        self._findings: LiveFindings | None = None
        self._lock = threading.Lock()
        self._said = 0
        self._behind_told = False

    def run(self, stop: threading.Event) -> Summary:
        """Watch until the source ends or `stop` is set.

        Raises `UsageError` when another watch writes into the folder, `InputError` when the source cannot be
        read or nothing more can be written; what was recorded until then is kept and written down.
        """
        asked = self.asked
        if is_address(asked.source):
            check_address(asked.source, asked.reading)
            source: Iterator[Event] = follow_stream(asked.source, asked.reading, stop)
        else:
            path = Path(asked.source)
            if path.resolve() in (asked.folder.resolve(), (asked.folder / RECORDING).resolve()):
                raise UsageError(
                    "this is the folder that is written into", remedy="give --out another folder"
                )
            source = follow_path(path, asked.reading, stop)
        asked.folder.mkdir(parents=True, exist_ok=True)
        with (asked.folder / _LOCK).open("ab") as lock:
            _only_one(lock, asked.folder)
            found = recover(self.keeping)
            self._journal = Journal(asked.folder / EVENTS, self._show)
            try:
                self._begin(found)
                self._watch(source, stop, found.next_number)
            finally:
                self.summary.counts = dict(self._journal.counts)
                self.summary.lines_lost = self._journal.lost
                self._journal.close()
        return self.summary

    def _begin(self, found: Recovered) -> None:
        manifest = self.asked.folder / "broadcast.yaml"
        if not manifest.exists():
            manifest.write_text(self._manifest(), encoding="utf-8")
        self._note(f"watch began: {self.keeping.source}")
        self._status(
            "started", source=self.keeping.source, recovered=list(found.parts), late=list(found.recorded)
        )

    def _manifest(self) -> str:
        title = self.asked.title or self.asked.folder.resolve().name
        today = datetime.now(CHINA).date().isoformat()
        return f"title: {_quoted(title)}\non: {today}\nroom: {_quoted(self.keeping.source)}\n"

    def _watch(self, source: Iterator[Event], stop: threading.Event, number: int) -> None:
        recorder = Recorder(self.keeping, number, self._kept)
        packets: queue.Queue[Event | FairstreamError] = queue.Queue(_WAITING)
        wait = not is_address(self.asked.source)
        backlog = Backlog(wait=wait)
        sight = Seeing(self._seen, wait=wait)
        done = threading.Event()
        _thread(_read, source, packets, stop)
        _thread(self._load, packets)
        workers = [_thread(self._hear, backlog), _thread(self._look, sight)]
        chat = _thread(self._follow_chat, done) if self.asked.chat else None
        try:
            self._record(packets, recorder, backlog, sight, stop)
        finally:
            self._finish(recorder, backlog, sight, workers, stop)
            done.set()
            if chat:
                chat.join(_LAST_WORDS_S)
            self._end(backlog)

    def _record(
        self,
        packets: "queue.Queue[Event | FairstreamError]",
        recorder: Recorder,
        backlog: Backlog,
        sight: Seeing,
        stop: threading.Event,
    ) -> None:
        while True:
            try:
                event = packets.get(timeout=_POLL_S)
            except queue.Empty:
                if stop.is_set():
                    self.summary.ended = Words("已按要求停止", "stopped as asked")
                    return
                continue
            if isinstance(event, FairstreamError):
                raise event
            if isinstance(event, Ended):
                self.summary.ended = event.cause
                return
            self._take(event, recorder, backlog, sight)

    def _take(self, event: Event, recorder: Recorder, backlog: Backlog, sight: Seeing) -> None:
        if isinstance(event, Piece):
            self._first = self._first or event
            recorder.write(event)
            if not event.video:
                backlog.put(event)
                self._tell_behind(backlog)
            sight.put(event)
        elif isinstance(event, Opened):
            recorder.opened(event)
            self._status("connected", container=event.container, live=event.live)
            backlog.put(event)
            sight.put(event)
        elif isinstance(event, Break):
            recorder.broke(event)
            backlog.put(event)
            self._broke(event)
        elif isinstance(event, Lost):
            self.summary.reconnects += event.attempt > 0
            self._status("lost", attempt=event.attempt, cause=self._word(event.cause), wait_s=event.wait_s)

    def _finish(
        self,
        recorder: Recorder,
        backlog: Backlog,
        sight: Seeing,
        workers: Sequence[threading.Thread],
        stop: threading.Event,
    ) -> None:
        """End the recording first; then hear and read what has already come."""
        try:
            recorder.cut()
        finally:
            backlog.close()
            sight.close()
            until = time.monotonic() + _LAST_WORDS_S
            for worker in workers:
                while worker.is_alive() and (time.monotonic() < until or not stop.is_set()):
                    worker.join(_POLL_S)
            if any(worker.is_alive() for worker in workers):
                backlog.drop()
                for worker in workers:
                    worker.join(_LAST_WORDS_S)

    def _end(self, backlog: Backlog) -> None:
        self.summary.skipped = list(backlog.skipped)
        skipped = [self._stretch(*one) for one in backlog.skipped]
        self._status(
            "ended", cause=self._word(self.summary.ended), segments=self.summary.segments, unheard=skipped
        )
        self._note(f"watch ended: {self.summary.ended.en or 'by an error'}; {self.summary.segments} segments")

    def _load(self, packets: "queue.Queue[Event | FairstreamError]") -> None:
        try:
            self._senses = self._open_senses()
        except FairstreamError as error:
            packets.put(error)
        except Exception as error:
            packets.put(FairstreamError(f"rules or models cannot be loaded: {type(error).__name__}: {error}"))
        finally:
            self._loaded.set()

    def _hear(self, backlog: Backlog) -> None:
        self._loaded.wait()
        if self._senses is None or self._senses.ears is None:
            backlog.leave()
            return
        hearing_now = Hearing(self._senses.ears, self._heard)
        try:
            hearing_now.run(backlog)
        except Exception as error:
            # The recording goes on, whatever fails beside it.
            self.summary.stopped.append("hearing")
            self._status("hearing_stopped", cause=f"{type(error).__name__}: {error}")
            backlog.drop()
        finally:
            backlog.close()
            self.summary.sound_errors = hearing_now.errors

    def _look(self, sight: Seeing) -> None:
        self._loaded.wait()
        if self._senses is None or self._senses.eyes is None:
            sight.close()
            return
        try:
            sight.run(self._senses.eyes)
        except Exception as error:
            self.summary.stopped.append("reading")
            self._status("reading_stopped", cause=f"{type(error).__name__}: {error}")
        finally:
            sight.close()

    @property
    def start(self) -> float:
        """When the watch began by the stream's own clock, seconds since 1970; fixed when first asked for."""
        with self._lock:
            if self._began is None:
                first = self._first
                self._began = time.time() if first is None else first.anchor.wall(first.position)
            return self._began

    def _live(self) -> LiveFindings:
        start = self.start
        self._loaded.wait()
        if self._senses is None:
            raise FairstreamError("there are no rules to read with")
        with self._lock:
            if self._findings is None:
                began = datetime.fromtimestamp(start, CHINA)
                self._findings = LiveFindings(
                    self._senses.scanner,
                    started_at=began,
                    on=began.date(),
                    name=self.asked.folder.resolve().name,
                    language=self.asked.language,
                )
            return self._findings

    def _heard(self, spoken: Sequence[Spoken], anchor: Anchor) -> None:
        utterances = []
        for one in spoken:
            self._said += 1
            utterances.append(hearing.on_clock(one, self._said, anchor, self.start))
        self._journal.add([utterance_line(utterance, self.start) for utterance in utterances])
        told = self._live().heard(utterances)
        self._journal.add([finding_line(one, self.start) for one in told])

    def _seen(self, seen: Sequence[Seen], anchor: Anchor) -> None:
        texts = [(seeing.on_clock(one, anchor, self.start), one.ended) for one in seen]
        self._journal.add([screen_line(text, self.start, ended=ended) for text, ended in texts])
        told = self._live().seen([text for text, _ in texts])
        self._journal.add([finding_line(one, self.start) for one in told])

    def _follow_chat(self, done: threading.Event) -> None:
        """Poll the chat file until the watch is over, and once more."""
        while self._first is None and not done.wait(_POLL_S):
            pass
        # The first packets tell the clock better within a second.
        done.wait(1.0)
        path = self.asked.chat
        if path is None:
            return
        copies = self._copies(path)
        inside = path.resolve().is_relative_to(self.asked.folder.resolve())
        already = sum(copy.stat().st_size for copy in copies)
        copy = None if inside else self._copy_name(path, len(copies))
        tail = ChatTail(path, Crowd(), self.start, copy, 0 if inside else already)
        last = False
        while not last:
            last = done.is_set()
            try:
                while messages := tail.poll():
                    self._journal.add([chat_line(message, self.start) for message in messages])
                    told = self._live().wrote(messages)
                    self._journal.add([finding_line(one, self.start) for one in told])
            except (OSError, FairstreamError) as error:
                self.summary.stopped.append("chat")
                self._status("chat_stopped", cause=str(error))
                break
            done.wait(_POLL_S)
        tail.close()
        self.summary.chat_problems = tail.problems
        self._keep_copies(path)

    def _copies(self, path: Path) -> list[Path]:
        """Copies that watches before made of this file; one that a kill left without its record gets it."""
        self._keep_copies(path)
        return sorted((self.asked.folder / CHAT).glob(f"{_plain(path.stem)}-*{path.suffix}"))

    def _copy_name(self, path: Path, before: int) -> Path:
        return self.asked.folder / CHAT / f"{_plain(path.stem)}-{before + 1:03d}{path.suffix}"

    def _keep_copies(self, path: Path) -> None:
        known = {record.name for record in read_captures(self.asked.folder / CAPTURES).records}
        for copy in sorted((self.asked.folder / CHAT).glob(f"{_plain(path.stem)}-*{path.suffix}")):
            if copy.relative_to(self.asked.folder).as_posix() not in known:
                at = datetime.fromtimestamp(copy.stat().st_mtime, CHINA)
                self.keeping.keep(
                    copy, at, note="bytes of the chat file that was followed, from where the last ended"
                )

    def _kept(self, segment: Segment) -> None:
        self.summary.segments += 1
        told = line(
            "segment",
            segment.opened_at.timestamp(),
            self.start,
            name=segment.name,
            sha256=segment.record.sha256,
            size=segment.record.size,
            duration_ms=segment.duration_ms,
            closed_at=segment.closed_at.isoformat(),
        )
        told["delay_ms"] = max(0, round((time.time() - segment.closed_at.timestamp()) * 1000))
        self._journal.add([told])

    def _broke(self, broken: Break) -> None:
        if broken.missing:
            self.summary.missing.append((broken.from_at, broken.to_at))
            cause = self._word(broken.cause)
            told = line(
                "gap", broken.from_at, self.start, **self._stretch(broken.from_at, broken.to_at), cause=cause
            )
            self._journal.add([told])
            self._note(f"gap of {broken.to_at - broken.from_at:.1f} s: {broken.cause.en}")
        else:
            self._status("joined", cause=self._word(broken.cause))

    def _tell_behind(self, backlog: Backlog) -> None:
        if backlog.behind != self._behind_told:
            self._behind_told = backlog.behind
            last = [] if backlog.behind else [self._stretch(*backlog.skipped[-1])]
            self._status("behind" if backlog.behind else "caught_up", unheard=last)

    def _stretch(self, from_at: float, to_at: float) -> dict[str, Any]:
        def told(at: float) -> str:
            return datetime.fromtimestamp(at, CHINA).isoformat()

        return {"from": told(from_at), "to": told(to_at), "seconds": round(to_at - from_at, 3)}

    def _status(self, state: str, **told: Any) -> None:
        start = self.start if self._first else None
        self._journal.add([line("status", time.time(), start, state=state, **told)])

    def _word(self, words: Words) -> str:
        return words.zh if self.asked.language == "zh" else words.en

    def _note(self, detail: str) -> None:
        CustodyLog(self.asked.folder / CUSTODY).add("note", "watch", who=self.asked.who, detail=detail)


def _read(
    source: Iterator[Event], packets: "queue.Queue[Event | FairstreamError]", stop: threading.Event
) -> None:
    """Hand on what the source gives; after a stop nothing is handed on any more."""

    def put(item: Event | FairstreamError) -> None:
        while not stop.is_set():
            try:
                packets.put(item, timeout=_POLL_S)
            except queue.Full:
                continue
            return

    try:
        for event in source:
            put(event)
            if stop.is_set():
                return
    except FairstreamError as error:
        put(error)
    except Exception as error:
        put(
            FairstreamError(
                f"reading the source failed: {error}", remedy="report this with the address's kind"
            )
        )
        raise


def _thread(work: Callable[..., None], *given: Any) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, daemon=True)
    thread.start()
    return thread


def _only_one(lock: BinaryIO, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise UsageError(
            f"another watch writes into {folder}", remedy="stop it, or give --out another folder"
        ) from error


def _quoted(text: str) -> str:
    """A YAML scalar in double quotes."""
    plain = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _plain(stem: str) -> str:
    """A file's stem without what globbing reads as a sign."""
    return re.sub(r"[^\w.-]", "_", stem)
