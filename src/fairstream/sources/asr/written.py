"""A transcript with its sounds as a file of JSON lines, so that a recording need not be heard twice.

The first line says what was heard by what: the recording's SHA-256, the model with the SHA-256 of its files,
and the settings. Each further line is one utterance with its times, and with what was heard in it. Times are
positions in the file, in milliseconds; `placing.place` puts them on a broadcast's clock.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import orjson

from fairstream.errors import FormatError
from fairstream.records import Heard, Sound, Span, Speaker, Utterance
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.bytes import TEXT_LIMIT, Source, open_input, read_text
from fairstream.sources.jsontext import parse_json_lines
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import ProblemLog
from fairstream.sources.speakers import Cast

FORMAT: Final = "fairstream-heard/1"
_HEAD: Final = re.compile(r'\s*\{\s*"format"\s*:\s*"fairstream-heard/')
_SPEAKERS: Final[dict[str, Speaker]] = {speaker: speaker for speaker in get_args(Speaker)}
_HEARD: Final[dict[str, Heard]] = {heard: heard for heard in get_args(Heard)}
_LATEST_MS: Final = 100 * 3_600_000
_MOST_SOUNDS: Final = 20_000


class Heading(NamedTuple):
    """What was heard by what; equal headings mean that hearing it again would give the same."""

    file: str
    sha256: str
    model: ModelCard
    settings: Mapping[str, str | int]

    @property
    def key(self) -> str:
        """A name for this hearing: a hash over the recording, the model's files and the settings."""
        of = [self.sha256, self.model.engine, self.model.version, sorted(self.model.files)]
        whole = orjson.dumps([*of, sorted(self.settings.items())])
        return hashlib.sha256(whole).hexdigest()


def write_heard(path: Path, heading: Heading, utterances: Iterable[Utterance]) -> None:
    """Write a transcript; the file is there whole or not at all."""
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as file:
        file.write(orjson.dumps(_heading_row(heading)) + b"\n")
        for utterance in utterances:
            file.write(orjson.dumps(_row(utterance)) + b"\n")
    unfinished.replace(path)


def is_heard(head: str) -> bool:
    """Whether a text begins as these files do."""
    return _HEAD.match(head) is not None


def read_heading(path: Path) -> Heading | None:
    """The heading of such a file; None when there is none or it cannot be read."""
    try:
        with path.open("rb") as file:
            value = orjson.loads(file.readline(1_000_000))
        return _heading(value) if value["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def read_heard(
    source: Source,
    *,
    name: str | None = None,
    cast: Cast | None = None,
    prefix: str | None = None,
    limit: int = TEXT_LIMIT,
) -> Loaded[Utterance]:
    """The utterances of such a file; ids are as written, or `prefix` and a number.

    A speaker whom `cast` knows by name has the role it says. A row that cannot be used is left out with a
    problem. Raises `FormatError` for another kind of file.
    """
    file = open_input(source, name, limit)
    log = ProblemLog(file.name)
    text = read_text(file, log)
    if not is_heard(text[:200]):
        raise FormatError(
            "this is no transcript with sounds", file=file.name, remedy="write it with fairstream transcribe"
        )
    records: list[Utterance] = []
    for line, row in parse_json_lines(text, log):
        if "format" in row:
            continue
        utterance = _utterance(row, line, log)
        if utterance is not None:
            name = utterance.speaker_name
            if cast and name and cast.speaker(name) != "unknown":
                utterance = replace(utterance, speaker=cast.speaker(name))
            records.append(replace(utterance, id=f"{prefix}{len(records) + 1}") if prefix else utterance)
    return Loaded(tuple(records), log.problems)


def _heading_row(heading: Heading) -> dict[str, Any]:
    card = heading.model
    return {
        "format": FORMAT,
        "file": heading.file,
        "sha256": heading.sha256,
        "model": card.as_data(),
        "settings": dict(heading.settings),
        "key": heading.key,
    }


def _heading(value: dict[str, Any]) -> Heading:
    model = value["model"]
    card = ModelCard(
        str(model["engine"]), str(model["version"]), str(model["name"]), tuple(sorted(model["files"].items()))
    )
    return Heading(str(value["file"]), str(value["sha256"]), card, dict(value["settings"]))


def _row(utterance: Utterance) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": utterance.id,
        "start_ms": utterance.start_ms,
        "end_ms": utterance.end_ms,
        "speaker": utterance.speaker,
        "text": utterance.text,
        "confidence": utterance.confidence,
        "heard": utterance.heard,
        "sounds": [_sound_row(sound) for sound in utterance.sounds],
    }
    if utterance.speaker_name:
        row["speaker_name"] = utterance.speaker_name
    if utterance.spotted:
        row["spotted"] = [_sound_row(sound) for sound in utterance.spotted]
    return row


def _sound_row(sound: Sound) -> list[Any]:
    return [sound.text, *sound.span, sound.start_ms, sound.end_ms, sound.confidence]


def _utterance(row: dict[str, Any], line: int, log: ProblemLog) -> Utterance | None:
    text = row.get("text")
    if not isinstance(text, str) or not text:
        log.add("no_text", line)
        return None
    start, end = (_time(row.get(key)) for key in ("start_ms", "end_ms"))
    if start is None:
        log.add("bad_time", line)
    name = row.get("speaker_name")
    return Utterance(
        id=str(row.get("id") or f"u{line}"),
        text=text,
        start_ms=start,
        end_ms=end if end is not None and start is not None and end >= start else None,
        speaker=_SPEAKERS.get(str(row.get("speaker")), "host"),
        speaker_name=name if isinstance(name, str) else None,
        confidence=_share(row.get("confidence")),
        place=log.place(line),
        heard=_HEARD.get(str(row.get("heard")), "given"),
        sounds=_sounds(row.get("sounds"), len(text), line, log),
        spotted=_sounds(row.get("spotted"), len(text), line, log),
    )


def _sounds(rows: Any, length: int, line: int, log: ProblemLog) -> tuple[Sound, ...]:
    """The sounds of a row; those that lie outside the text are left out with a problem."""
    given = rows if isinstance(rows, list) else []
    sounds = tuple(sound for row in given[:_MOST_SOUNDS] if (sound := _sound(row, length)) is not None)
    if len(sounds) < len(given):
        log.add("sound_misfit", line, count=len(given) - len(sounds))
    return sounds


def _sound(row: Any, length: int) -> Sound | None:
    if not isinstance(row, list) or len(row) != 6 or not isinstance(row[0], str):
        return None
    start, end, from_ms, to_ms = row[1], row[2], _time(row[3]), _time(row[4])
    if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start <= end <= length:
        return None
    if from_ms is None or to_ms is None or to_ms < from_ms:
        return None
    return Sound(row[0], Span(start, end), from_ms, to_ms, _share(row[5]))


def _time(value: Any) -> int | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LATEST_MS
    return value if fits else None


def _share(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number and 0 <= value <= 1 else None
