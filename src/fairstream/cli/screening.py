"""The work of `fairstream screen`: recordings and screenshots → the texts in the picture."""

import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click
import orjson

from fairstream.cli.talking import Talk
from fairstream.errors import FairstreamError, FormatError, UsageError
from fairstream.records import Language, Problem, Recording, ScreenText
from fairstream.sources.asr.engine import sha256_of
from fairstream.sources.media import probe
from fairstream.sources.ocr.opening import open_reader
from fairstream.sources.ocr.pictures import SUFFIXES, picture_texts
from fairstream.sources.ocr.reader import PictureReader
from fairstream.sources.ocr.watching import ScreenWatcher, screen_texts
from fairstream.sources.problems import ProblemLog


@dataclass(frozen=True, slots=True)
class Job:
    """What the command was asked to do."""

    files: tuple[Path, ...]
    every_ms: int
    out: Path | None
    threads: int
    quiet: bool
    as_json: bool
    language: Language


@dataclass(frozen=True, slots=True)
class _Read:
    """One file and what was read in it; `readings` counts whole frames' worth; not `done` when it failed."""

    file: str
    done: bool
    sha256: str | None = None
    texts: tuple[ScreenText, ...] = ()
    problems: tuple[Problem, ...] = ()
    looked_at: int = 0
    readings: float = 0.0
    seconds: float = 0.0


def run(job: Job) -> int:
    """Do it and return the exit code."""
    talk = Talk(job.language, job.quiet)
    reader = open_reader(job.threads)
    read = []
    with ExitStack() as stack:
        out: TextIO | None = None if job.as_json else sys.stdout
        if job.out is not None:
            out = stack.enter_context(job.out.open("w", encoding="utf-8", newline="\n"))
        for path in job.files:
            one = _read(job, path, reader, talk)
            read.append(one)
            if out is not None:
                out.writelines(_rows(one.texts))
            _tell(one, talk)
    if job.as_json:
        click.echo(orjson.dumps(_summary(job, reader, read), option=orjson.OPT_INDENT_2).decode())
    if not any(one.done for one in read):
        return 3
    skipped = any(problem.severity == "skipped" for one in read for problem in one.problems)
    return 1 if skipped or not all(one.done for one in read) else 0


def _read(job: Job, path: Path, reader: PictureReader, talk: Talk) -> _Read:
    log = ProblemLog(path.name)
    try:
        if path.suffix.lower() in SUFFIXES:
            return _picture(path, reader)
        return _film(job, path, reader, talk)
    except UsageError:
        raise
    except FairstreamError as error:
        log.add("unreadable", cause=error.cause, remedy=error.remedy or "check the file")
    except OSError as error:
        log.add("unreadable", cause=str(error.strerror or error), remedy="check the name and its rights")
    return _Read(path.name, False, problems=log.problems)


def _picture(path: Path, reader: PictureReader) -> _Read:
    began = time.monotonic()
    loaded = picture_texts(path, reader)
    seconds = time.monotonic() - began
    return _Read(path.name, True, sha256_of(path), loaded.records, loaded.problems, 1, 1.0, seconds)


def _film(job: Job, path: Path, reader: PictureReader, talk: Talk) -> _Read:
    began = time.monotonic()
    recording, problems = _recording(path)
    watcher = ScreenWatcher(reader, every_ms=job.every_ms)
    total = max(recording.duration_ms, 1)
    with talk.bar() as bar:
        task = bar.add_task(path.name, total=total, minutes="0.0", pace="")

        def reached(position_ms: int) -> None:
            pace = position_ms / 1000 / max(time.monotonic() - began, 1e-3)
            minutes = f"{position_ms / 60000:.1f}/{total / 60000:.1f}"
            bar.update(task, completed=position_ms, minutes=minutes, pace=f"{pace:.1f}×")

        loaded = screen_texts(recording, reader, every_ms=job.every_ms, watcher=watcher, progress=reached)
    return _Read(
        path.name,
        True,
        recording.sha256,
        loaded.records,
        (*problems, *loaded.problems),
        watcher.frames,
        watcher.pixels_read,
        time.monotonic() - began,
    )


def _recording(path: Path) -> tuple[Recording, tuple[Problem, ...]]:
    """The recording alone, on no broadcast's clock: times are positions in the file."""
    found = probe(path, name=path.name)
    if found.video_codec is None:
        raise FormatError("there are no pictures in this recording", file=path.name, remedy="check the file")
    recording = Recording(
        "r1",
        path.name,
        path,
        sha256_of(path),
        found.size,
        found.container,
        found.duration_ms or 0,
        has_video=True,
        has_audio=found.audio_codec is not None,
    )
    return recording, found.problems


def _rows(texts: Iterable[ScreenText]) -> Iterator[str]:
    """One JSON object a line, as the reader of `screen` files takes it."""
    for text in texts:
        row = {
            "start_ms": text.start_ms,
            "end_ms": text.end_ms,
            "text": text.text,
            "confidence": text.confidence,
            "box": [round(share, 4) for share in text.box] if text.box else None,
            "file": text.place.file if text.place else None,
        }
        kept = {key: value for key, value in row.items() if value is not None}
        yield orjson.dumps(kept).decode() + "\n"


def _tell(read: _Read, talk: Talk) -> None:
    if read.done:
        talk.say(
            f"{read.file}：{len(read.texts)} 条画面文字；查看 {read.looked_at} 帧，"
            f"识别量相当于 {read.readings:.1f} 整帧，用时 {read.seconds:.1f} 秒",
            f"{read.file}: {len(read.texts)} texts in the picture; {read.looked_at} frames looked at, "
            f"as much read as {read.readings:.1f} whole frames, {read.seconds:.1f} s",
        )
    for problem in read.problems:
        talk.trouble(problem, always=not read.done)


def _summary(job: Job, reader: PictureReader, read: Sequence[_Read]) -> dict[str, Any]:
    card = reader.card
    return {
        "model": card.as_data(),
        "every_ms": job.every_ms,
        "files": [
            {
                "file": one.file,
                "sha256": one.sha256,
                "frames": one.looked_at,
                "whole_frames_read": round(one.readings, 2),
                "seconds": round(one.seconds, 3),
                "texts": [orjson.loads(row) for row in _rows(one.texts)],
                "problems": [
                    {"cause": p.cause, "remedy": p.remedy, "severity": p.severity, "count": p.count}
                    for p in one.problems
                ],
            }
            for one in read
        ],
    }
