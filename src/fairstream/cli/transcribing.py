"""The work of `fairstream transcribe`: recordings → what is said in them, as lines, subtitles or text."""

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from fairstream.cli.talking import Talk
from fairstream.errors import FairstreamError, UsageError
from fairstream.records import Language, Problem, Recording, Utterance, Words
from fairstream.sources.asr.card import sha256_of
from fairstream.sources.asr.listening import Listener, heading_of, listen, open_listener
from fairstream.sources.asr.opening import KINDS, Kind
from fairstream.sources.asr.spotter import Spotter
from fairstream.sources.asr.subtitled import WRITERS, as_text
from fairstream.sources.asr.written import write_heard
from fairstream.sources.bytes import open_input, read_text
from fairstream.sources.media import probe
from fairstream.sources.problems import ProblemLog

_SUFFIXES: Final = (".jsonl", *WRITERS)
_MOST_PHRASE_BYTES: Final = 1_000_000
_HEARD: Final = Words(
    "{file}：{minutes} 分钟，{count} 段，{times} 倍速（实时）",
    "{file}: {minutes} min, {count} utterances, {times} × real time",
)
_GUESS: Final = Words(
    "该模型只写音节，汉字为推测，不能作为引文；请回听录音。",
    "This model writes syllables: the characters are a guess and not to be quoted; listen to the recording.",
)
_LOUDNESS: Final = Words(
    "未找到语音检测模型，以音量代替。", "No voice detector was found: loudness stands in for it."
)


@dataclass(frozen=True, slots=True)
class Job:
    """What the command was asked to do."""

    files: tuple[Path, ...]
    model: Path
    kind: str
    voice: Path | None
    out: Path | None
    form: str | None
    phrases: Path | None
    threads: int
    quiet: bool
    as_json: bool
    language: Language

    def say(self, words: Words, **values: object) -> None:
        """A message on standard error."""
        if not self.quiet:
            click.echo(getattr(words, self.language).format(**values), err=True)


@dataclass(frozen=True, slots=True)
class _Heard:
    """One recording and what was heard in it; `recording` is None when it could not be read."""

    file: str
    recording: Recording | None
    utterances: tuple[Utterance, ...]
    problems: tuple[Problem, ...]
    written: str | None
    seconds: float


def run(job: Job) -> int:
    """Do it and return the exit code."""
    targets = _targets(job)
    listener = _listener(job)
    if listener.engine.writes == "syllables":
        job.say(_GUESS)
    if not listener.by_model:
        job.say(_LOUDNESS)
    heard = []
    with _bar(job) as progress:
        for path, target in zip(job.files, targets, strict=True):
            heard.append(_hear(job, listener, path, target, progress))
    if job.as_json:
        click.echo(orjson.dumps(_summary(listener, heard), option=orjson.OPT_INDENT_2).decode())
    talk = Talk(job.language, job.quiet)
    for one in heard:
        for problem in one.problems:
            talk.trouble(problem, always=one.recording is None)
    if not any(one.recording for one in heard):
        return 3
    return 1 if any(problem.severity == "skipped" for one in heard for problem in one.problems) else 0


def _targets(job: Job) -> list[Path | None]:
    """Where to write for each recording; None for standard output."""
    if job.out is None:
        return [None] * len(job.files)
    suffix = job.out.suffix.lower()
    if suffix in _SUFFIXES and job.form is None:
        if len(job.files) > 1:
            raise UsageError(
                "several recordings cannot go into one file",
                file=job.out,
                remedy="name a folder with --out, and --format if it is not to be jsonl",
            )
        return [job.out]
    if suffix and job.form is None and not job.out.is_dir():
        raise UsageError(
            f"nothing is written as {suffix}", file=job.out, remedy=f"use one of {', '.join(_SUFFIXES)}"
        )
    ending = f".{job.form or 'jsonl'}"
    stems = [path.stem for path in job.files]
    if len(set(stems)) < len(stems):
        stems = [f"{number}-{stem}" for number, stem in enumerate(stems, 1)]
    job.out.mkdir(parents=True, exist_ok=True)
    return [job.out / (stem + ending) for stem in stems]


def _listener(job: Job) -> Listener:
    if job.kind not in KINDS:
        raise UsageError(f"no such kind of model: {job.kind}", remedy=f"use one of {', '.join(KINDS)}")
    kind: Kind = next(known for known in KINDS if known == job.kind)
    phrases: Sequence[str] = ()
    if job.phrases:
        file = open_input(job.phrases, job.phrases.name, _MOST_PHRASE_BYTES)
        lines = read_text(file, ProblemLog(file.name)).split("\n")
        phrases = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
        if not Spotter.fits(job.model):
            raise UsageError(
                "this model cannot listen for phrases",
                file=job.model,
                remedy="use a streaming transducer, or leave --phrases out",
            )
    return open_listener(job.model, kind=kind, voice=job.voice, phrases=phrases, threads=job.threads)


def _hear(job: Job, listener: Listener, path: Path, target: Path | None, progress: "_Bar") -> _Heard:
    begin = time.monotonic()
    log = ProblemLog(path.name)
    try:
        recording = _recording(path)
    except (FairstreamError, OSError) as error:
        cause = error.cause if isinstance(error, FairstreamError) else str(error.strerror or error)
        remedy = error.remedy if isinstance(error, FairstreamError) else None
        log.add("unreadable", cause=cause, remedy=remedy or "check the name and the rights of the file")
        return _Heard(path.name, None, (), log.problems, None, 0.0)
    with progress.of(recording) as reached:
        loaded = listen(recording, listener, progress=reached)
    if isinstance(listener.spotter, Spotter) and listener.spotter.skipped:
        named = "、".join(listener.spotter.skipped[:5])
        log.add("phrases_unheard", count=len(listener.spotter.skipped), phrases=named)
    _write(job, listener, recording, loaded.records, target)
    seconds = time.monotonic() - begin
    job.say(_HEARD, file=path.name, minutes=f"{recording.duration_ms / 60000:.1f}", count=len(loaded.records),
            times=f"{recording.duration_ms / 1000 / max(seconds, 1e-3):.1f}")  # fmt: skip
    problems = (*log.problems, *loaded.problems)
    return _Heard(path.name, recording, loaded.records, problems, str(target) if target else None, seconds)


def _recording(path: Path) -> Recording:
    """The recording alone, without a place on any broadcast's clock: times are positions in the file."""
    about = probe(path, name=path.name)
    return Recording(
        id="r1",
        file=path.name,
        path=path,
        sha256=sha256_of(path),
        size=about.size,
        container=about.container,
        duration_ms=about.duration_ms or 0,
        has_video=about.video_codec is not None,
        has_audio=about.audio_codec is not None,
    )


def _write(
    job: Job, listener: Listener, recording: Recording, utterances: tuple[Utterance, ...], target: Path | None
) -> None:
    if target is None:
        if not job.as_json:
            sys.stdout.writelines(as_text(utterances))
    elif target.suffix.lower() == ".jsonl":
        write_heard(target, heading_of(recording, listener), utterances)
    else:
        with target.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(WRITERS[target.suffix.lower()](utterances))


def _summary(listener: Listener, heard: Sequence[_Heard]) -> dict[str, Any]:
    card = listener.engine.card
    return {
        "model": card.as_data(),
        "writes": listener.engine.writes,
        "settings": listener.settings,
        "recordings": [
            {
                "file": one.file,
                "sha256": one.recording.sha256 if one.recording else None,
                "duration_ms": one.recording.duration_ms if one.recording else None,
                "utterances": len(one.utterances),
                "written": one.written,
                "seconds": round(one.seconds, 3),
                "problems": [
                    {"cause": p.cause, "remedy": p.remedy, "severity": p.severity, "count": p.count}
                    for p in one.problems
                ],
            }
            for one in heard
        ],
    }


class _Bar:
    """Minutes of sound heard, on standard error; nothing when it is no terminal."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    @contextmanager
    def of(self, recording: Recording) -> Iterator[Any]:
        """A function that is told the position reached in a recording."""
        task: TaskID = self._progress.add_task(recording.file, total=max(recording.duration_ms / 60000, 0.01))
        yield lambda position_ms: self._progress.update(task, completed=position_ms / 60000)
        self._progress.remove_task(task)


@contextmanager
def _bar(job: Job) -> Iterator[_Bar]:
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.1f}/{task.total:.1f} min"),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=job.quiet or not console.is_terminal
    ) as progress:
        yield _Bar(progress)
