"""What was heard and seen, kept beside the report, so that nothing is heard twice.

``transcript.jsonl`` and ``screen.jsonl`` hold one record a line on the broadcast's clock. ``taken.json``
tells of each recording by which model and with which settings they came. They are used again when recording,
model and settings are the same and the files have not been changed; a clock that has been corrected since
moves them.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from fairstream import __version__
from fairstream.inspect.taking import Ears, Sense, Taken, Task
from fairstream.records import Box, Place, Problem, Recording, ScreenText, Sound, Span, Stretch, Utterance
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.asr.opening import card_of, recognise
from fairstream.sources.asr.voice import find_silero
from fairstream.sources.ocr.watching import STEP_MS
from fairstream.sources.recordings import PICTURE

TRANSCRIPT: Final = "transcript.jsonl"
SCREEN: Final = "screen.jsonl"
ABOUT: Final = "taken.json"
_FILES: Final[dict[Sense, str]] = {"speech": TRANSCRIPT, "screen": SCREEN}


class Key(NamedTuple):
    """What has to be the same for a result to be used again."""

    sense: Sense
    sha256: str
    settings: str


def key_of(task: Task) -> Key:
    """The key of a task. Raises `UsageError` when its model cannot be recognised."""
    return Key(task.sense, task.recording.sha256, _settings(task.sense, task.ears, task.every_ms))


def _settings(sense: Sense, ears: Ears | None, every_ms: int) -> str:
    """Everything but the recording that decides the result, as one hash."""
    held: list[Any] = [__version__, sense]
    if ears is None:
        held += [_version("rapidocr"), every_ms, STEP_MS]
    else:
        card = card_of(recognise(ears.folder), ears.folder)
        voice = ears.voice or find_silero(ears.folder)
        voice = find_silero(voice) if voice is not None and voice.is_dir() else voice
        voiced = hashlib.sha256(voice.read_bytes()).hexdigest() if voice is not None else None
        held += [card.engine, card.version, card.name, card.files, voiced, ears.phrases]
    return hashlib.sha256(orjson.dumps(held)).hexdigest()


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


class Kept:
    """The results in one output folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[tuple[str, Key], Taken] = {}
        self._known: dict[Key, dict[str, Any]] = _read(folder)

    def find(self, task: Task) -> Taken | None:
        """The result of the same task in an earlier run, on today's clock."""
        key = key_of(task)
        found = self._known.get(key)
        if found is None:
            return None
        try:
            taken = _taken(task, found)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None  # written by hand or by another version: it is taken anew
        self._held[task.recording.id, key] = taken
        return taken

    def keep(self, taken: Taken) -> None:
        """Add a result and write all files anew; each is replaced whole, so that a kill loses nothing."""
        if taken.failed:
            return
        self._held[taken.task.recording.id, key_of(taken.task)] = taken
        self._write()

    def _write(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        ordered = sorted(self._held.items(), key=lambda item: (item[1].task.recording.file, item[0][1].sense))
        spoken = [_spoken(said) for _, taken in ordered for said in taken.utterances]
        seen = [_seen(text, taken.task.recording.id) for _, taken in ordered for text in taken.screen]
        hashes = {}
        for name, rows in ((TRANSCRIPT, spoken), (SCREEN, seen)):
            content = b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows)
            hashes[name] = hashlib.sha256(content).hexdigest()
            _replace(self._folder / name, content)
        about = {"files": hashes, "taken": [_about(key, taken) for (_, key), taken in ordered]}
        _replace(
            self._folder / ABOUT, orjson.dumps(about, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        )


def _read(folder: Path) -> dict[Key, dict[str, Any]]:
    """Earlier results by key; none when the files are not there, not whole or not as they were written."""
    try:
        about = orjson.loads((folder / ABOUT).read_bytes())
        rows: dict[str, list[dict[str, Any]]] = {}
        for name, digest in about["files"].items():
            if name not in (TRANSCRIPT, SCREEN):
                return {}
            content = (folder / name).read_bytes()
            if hashlib.sha256(content).hexdigest() != digest:
                return {}
            rows[name] = [orjson.loads(line) for line in content.splitlines()]
        known = {}
        for one in about["taken"]:
            key = Key(one["sense"], one["sha256"], one["settings"])
            own = [row for row in rows[_FILES[key.sense]] if row["recording"] == one["recording"]]
            known[key] = {**one, "rows": own}
        return known
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _taken(task: Task, found: dict[str, Any]) -> Taken:
    recording = task.recording
    then = replace(recording, stretches=tuple(Stretch(*one) for one in found["stretches"]))
    clock = _Clock(then, recording)
    problems = tuple(
        Problem(
            Place(recording.file, one["line"]), one["cause"], one["remedy"], one["severity"], one["count"]
        )
        for one in found["problems"]
    )
    model = ModelCard(**{**found["model"], "files": tuple(found["model"]["files"].items())})
    rows = found["rows"]
    if task.sense == "speech":
        return Taken(task, tuple(_utterance(row, clock) for row in rows), (), problems, model)
    return Taken(task, (), tuple(_screen_text(row, clock) for row in rows), problems, model)


class _Clock:
    """Moves times of an earlier run to today's clock, by way of the position in the recording."""

    def __init__(self, then: Recording, now: Recording) -> None:
        self._then, self.now = then, now
        self._same = then.stretches == now.stretches

    def moved(self, ms: int) -> int:
        if self._same:
            return ms
        position = self._then.position(ms)
        return ms if position is None else self.now.moment(position)


def _utterance(row: dict[str, Any], clock: _Clock) -> Utterance:
    recording = clock.now
    return Utterance(
        id=row["id"].replace(row["recording"], recording.id, 1),
        text=row["text"],
        start_ms=clock.moved(row["start_ms"]),
        end_ms=clock.moved(row["end_ms"]),
        speaker=row["speaker"],
        speaker_name=row["speaker_name"],
        confidence=row["confidence"],
        heard=row["heard"],
        sounds=_sounds(row["sounds"], clock),
        spotted=_sounds(row["spotted"], clock),
        recording_id=recording.id,
    )


def _sounds(rows: Sequence[Any], clock: _Clock) -> tuple[Sound, ...]:
    return tuple(
        Sound(text, Span(first, last), clock.moved(start), clock.moved(end), confidence)
        for text, first, last, start, end, confidence in rows
    )


def _screen_text(row: dict[str, Any], clock: _Clock) -> ScreenText:
    recording = clock.now
    return ScreenText(
        row["id"].replace(row["recording"], recording.id, 1),
        row["text"],
        None if row["start_ms"] is None else clock.moved(row["start_ms"]),
        None if row["end_ms"] is None else clock.moved(row["end_ms"]),
        row["confidence"],
        Place(recording.file),
        Box(*row["box"]) if row["box"] else None,
        None if recording.container == PICTURE else recording.id,
    )


def _spoken(said: Utterance) -> dict[str, Any]:
    return {
        "id": said.id,
        "recording": said.recording_id,
        "start_ms": said.start_ms,
        "end_ms": said.end_ms,
        "speaker": said.speaker,
        "speaker_name": said.speaker_name,
        "text": said.text,
        "confidence": said.confidence,
        "heard": said.heard,
        "sounds": [_sound(sound) for sound in said.sounds],
        "spotted": [_sound(sound) for sound in said.spotted],
    }


def _sound(sound: Sound) -> list[Any]:
    return [sound.text, *sound.span, sound.start_ms, sound.end_ms, sound.confidence]


def _seen(text: ScreenText, recording_id: str) -> dict[str, Any]:
    return {
        "id": text.id,
        "recording": recording_id,
        "start_ms": text.start_ms,
        "end_ms": text.end_ms,
        "text": text.text,
        "confidence": text.confidence,
        "box": list(text.box) if text.box else None,
    }


def _about(key: Key, taken: Taken) -> dict[str, Any]:
    recording = taken.task.recording
    return {
        **key._asdict(),
        "recording": recording.id,
        "file": recording.file,
        "stretches": [list(stretch) for stretch in recording.stretches],
        "model": taken.model.as_data() if taken.model else None,
        "rows": len(taken.utterances) + len(taken.screen),
        "seconds": round(taken.seconds, 2),
        "problems": [_problem(problem) for problem in taken.problems],
    }


def _problem(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.place.line,
        "cause": problem.cause,
        "remedy": problem.remedy,
        "severity": problem.severity,
        "count": problem.count,
    }


def _replace(path: Path, content: bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def merged(taken: Iterable[Taken]) -> tuple[ModelCard, ...]:
    """The models of several results, each once."""
    return tuple(dict.fromkeys(one.model for one in taken if one.model is not None))
