"""The work of `fairstream inspect`: a broadcast's files in, findings and a report out."""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import click
import orjson

from fairstream.checks.library import load_checks
from fairstream.cli.hearing import Wish, hear, plan_in_words
from fairstream.cli.options import cache_dir, today
from fairstream.cli.playing import person, with_media
from fairstream.cli.talking import Talk
from fairstream.detect.shipped import open_scanner
from fairstream.errors import FairstreamError, UsageError
from fairstream.facts import Facts
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.captions import CAPTIONS, write_captions
from fairstream.inspect.export import (
    write_checks,
    write_consequences,
    write_jsonl,
    write_parquet,
    write_spoken,
)
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.provenance import files_of, took_in
from fairstream.inspect.recordings import NAME, write_recordings
from fairstream.inspect.report import render_index, write_report
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Language, Problem
from fairstream.sources.asr.card import ModelCard
from fairstream.sources.facts import loose_fact_files, read_fact_files, read_facts
from fairstream.sources.folder import read_files, read_folder
from fairstream.sources.loaded import Loaded

MOST_TOLD = 5
"""Problems named on the screen; the report has all of them."""


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    paths: tuple[Path, ...]
    out: Path | None
    on: date | None = None
    layers: tuple[Path, ...] = ()
    language: Language = "zh"
    quiet: bool = False
    dry_run: bool = False
    as_json: bool = False
    wish: Wish = field(default_factory=Wish)
    clips: bool = True
    play_whole: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class _Read:
    """A broadcast and the facts handed in with it, the paths they came from, and models used on it."""

    broadcast: Broadcast
    facts: Loaded[Facts]
    paths: tuple[Path, ...] = ()
    models: tuple[ModelCard, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.broadcast.problems, *self.facts.problems)


def run(job: Job) -> int:
    """Read, inspect and write; returns the exit code. Without `out` nothing is scanned or written."""
    talk = Talk(job.language, job.quiet)
    if job.out is not None:
        _stand_apart(job.paths, job.out)
    works, failed = _read(job.paths, job.on, talk)
    if not any(map(_holds_words, works)):
        for work in works:
            _say_problems(work.problems, talk, always=True)
        talk.say("没有可检查的内容。", "There is nothing to inspect.")
        return 3
    if job.dry_run or job.out is None:
        return _told(works, job.wish, talk, job.as_json) or failed
    ids = [work.broadcast.id for work in works]
    places = [job.out] if len(works) == 1 else [job.out / name for name in _names(ids)]
    inspections = _inspected(works, places, job, talk)
    _write(inspections, places, job.out, job.language, talk)
    if job.as_json:
        summary = [_summary(one, place) for one, place in zip(inspections, places, strict=True)]
        click.echo(orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode())
    return 1 if failed or any(inspection.skipped for inspection in inspections) else 0


def _holds_words(work: _Read) -> bool:
    broadcast = work.broadcast
    words = broadcast.utterances or broadcast.chat or broadcast.screen or broadcast.listings
    return bool(words or broadcast.recordings or broadcast.pictures) or work.facts.records != (Facts(),)


def _stand_apart(paths: Sequence[Path], out: Path) -> None:
    """What is written must not be read as evidence by the next run."""
    try:
        place = out.resolve()
    except RuntimeError as error:
        cause = "a link that leads nowhere or to itself"
        raise UsageError(cause, file=out, remedy="name a folder") from error
    for path in paths:
        if path.is_dir() and place.is_relative_to(path.resolve()):
            raise UsageError(
                "the output folder lies inside the broadcast's folder",
                file=out,
                remedy="write beside it, so that results are never read as evidence",
            )


def _read(paths: Sequence[Path], on: date | None, talk: Talk) -> tuple[list[_Read], int]:
    """Broadcasts of the paths with their facts, and 1 when some path gave none."""
    folders = [path for path in paths if path.is_dir()]
    loose = [path for path in paths if not path.is_dir()]
    found, failed = [], 0
    works: list[Path | list[Path]] = [*folders, *([loose] if loose else [])]
    for work in works:
        begun = time.perf_counter()
        try:
            with talk.busy(f"正在读取 {work}", f"Reading {work}"):
                read = _read_one(work, on)
        except UsageError:
            raise
        except FairstreamError as error:
            talk.fail(error)
            failed = 1
            continue
        found.append(read)
        _say_read(read.broadcast, time.perf_counter() - begun, talk)
    return found, failed


def _read_one(work: Path | list[Path], on: date | None) -> _Read:
    """One broadcast; a viewer has the same pseudonym in its chat and its facts."""
    key = secrets.token_bytes(32)
    if isinstance(work, Path):
        broadcast = read_folder(work, on=on, today=today(), key=key)
        return _Read(broadcast, read_facts(work, key=key, broadcast=broadcast), (work,))
    facts = loose_fact_files(work)
    broadcast = read_files([path for path in work if path not in facts], on=on, today=today(), key=key)
    return _Read(broadcast, read_fact_files(facts, key=key, broadcast=broadcast), tuple(work))


def _say_read(broadcast: Broadcast, seconds: float, talk: Talk) -> None:
    """What was found. Of recordings their length is told: what is said in them is not known yet."""
    minutes = sum(recording.duration_ms for recording in broadcast.recordings) / 60_000
    recorded, spoken, pictures = map(len, (broadcast.recordings, broadcast.utterances, broadcast.pictures))
    parts = [
        (
            recorded,
            f"录像 {recorded:,} 个共 {minutes:,.1f} 分钟",
            f"{recorded:,} recording{'s' * (recorded > 1)} of {minutes:,.1f} min",
        ),
        (pictures, f"图片 {pictures:,} 张", f"{pictures:,} picture{'s' * (pictures > 1)}"),
        (spoken or not recorded, f"口播 {spoken:,} 段", f"{spoken:,} utterances"),
        (True, f"弹幕 {len(broadcast.chat):,} 条", f"{len(broadcast.chat):,} chat messages"),
        (
            broadcast.screen or not recorded,
            f"画面文字 {len(broadcast.screen):,} 条",
            f"{len(broadcast.screen):,} screen texts",
        ),
        (True, f"商品 {len(broadcast.listings):,} 件", f"{len(broadcast.listings):,} listings"),
    ]
    told = [(zh, en) for there, zh, en in parts if there]
    talk.say(
        f"{broadcast.id}：{'，'.join(zh for zh, _ in told)}，读取用时 {seconds:.1f} 秒",
        f"{broadcast.id}: {', '.join(en for _, en in told)} read in {seconds:.1f} s",
    )


def _say_problems(
    problems: Sequence[Problem], talk: Talk, *, most: int = MOST_TOLD, always: bool = False
) -> None:
    """The first problems, those that cost content before those that were repaired."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "skipped")
    for problem in ordered[:most]:
        talk.trouble(problem, always=always)
    if len(ordered) > most:
        more = len(ordered) - most
        talk.say(f"  另有 {more:,} 处", f"  and {more:,} more")


def _told(works: Sequence[_Read], wish: Wish, talk: Talk, as_json: bool) -> int:
    """What a dry run tells: days, counts and problems; 1 when something was skipped."""
    rows = []
    for work in works:
        _say_problems(work.problems, talk, most=len(work.problems))
        broadcast = work.broadcast
        plan_in_words(broadcast, wish, talk)
        counts = _problem_counts(work.problems)
        held = {"recordings": len(broadcast.recordings)}
        rows.append({"broadcast": broadcast.id, "on": broadcast.on.isoformat(), **held, **counts})
    talk.say("试运行：未扫描，未写入任何文件。", "Dry run: nothing was scanned or written.")
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    return 1 if any(row["skipped"] for row in rows) else 0


def _problem_counts(problems: Sequence[Problem]) -> dict[str, int]:
    kinds = ("repaired", "skipped")
    return {kind: sum(p.count for p in problems if p.severity == kind) for kind in kinds}


def _inspected(works: Sequence[_Read], places: Sequence[Path], job: Job, talk: Talk) -> list[Inspection]:
    with talk.busy("正在装载规则与法规", "Loading rules and law"):
        scanner = open_scanner(today=today(), layers=job.layers, language=job.language, cache=cache_dir())
        law, checks = load_law(), load_checks()
    inspections = []
    who = person(job.who)
    for work, place in zip(works, places, strict=True):
        place.mkdir(parents=True, exist_ok=True)
        lost = took_in(files_of(work.paths, without=job.out), work.broadcast, place, who=who)
        heard = hear(work.broadcast, place, job.wish, lambda most: scanner.spoken_phrases(most), talk)
        broadcast = replace(heard.broadcast, problems=(*heard.broadcast.problems, *lost))
        with talk.busy(f"正在巡查 {broadcast.id}", f"Inspecting {broadcast.id}"):
            done = inspect_broadcast(
                broadcast,
                scanner,
                law,
                job.language,
                facts=work.facts,
                checks=checks,
                rules=scanner.rule_set.fingerprint,
            )
        _say_found(done, talk)
        inspections.append(
            with_media(
                done, place, heard.models, clips=job.clips, play_whole=job.play_whole, who=who, talk=talk
            )
        )
    return inspections


def _say_found(done: Inspection, talk: Talk) -> None:
    name = done.broadcast.id
    high, medium, low = done.by_severity().values()
    talk.say(
        f"{name}：{len(done.findings)} 条线索（严重 {high}，中等 {medium}，较轻 {low}），"
        f"读取 {done.texts:,} 条 {done.characters:,} 字，用时 {done.seconds:.1f} 秒",
        f"{name}: {len(done.findings)} findings ({high} high, {medium} medium, {low} low) in "
        f"{done.texts:,} texts, {done.characters:,} characters, {done.seconds:.1f} s",
    )
    listen = sum(located.finding.listen for located in done.findings)
    if listen:
        talk.say(
            f"  其中 {listen} 条由读音推定，须先听录音再作判断",
            f"  {listen} of them rest on sounds: listen before deciding",
        )
    suspected, clear, undecidable = done.by_verdict().values()
    talk.say(
        f"  交叉核对：疑似不符 {suspected}，相符 {clear}，缺资料无法判断 {undecidable}",
        f"  cross-checks: {suspected} suspected, {clear} clear, {undecidable} without their facts",
    )


def _write(
    inspections: Sequence[Inspection], places: Sequence[Path], out: Path, language: Language, talk: Talk
) -> None:
    """Write report and findings of each inspection into its folder."""
    for inspection, place in zip(inspections, places, strict=True):
        write_jsonl([inspection], place / "findings.jsonl")
        write_parquet([inspection], place / "findings.parquet")
        write_checks([inspection], place / "checks.jsonl")
        write_consequences([inspection], place / "consequences.jsonl")
        write_spoken([inspection], place / "spoken.jsonl")
        if inspection.broadcast.recordings:
            write_recordings(inspection, place / NAME)
            write_captions(inspection, place / CAPTIONS)
        write_report(inspection, place / "report.html")
        if inspection.skipped:
            talk.say(
                f"{inspection.broadcast.id}：跳过 {inspection.skipped:,} 处，原因见报告",
                f"{inspection.broadcast.id}: {inspection.skipped:,} left out; the report says why",
            )
            _say_problems(inspection.problems, talk)
    report = places[0] / "report.html"
    if len(inspections) > 1:
        report = out / "index.html"
        reports = [(one, f"{place.name}/report.html") for one, place in zip(inspections, places, strict=True)]
        report.write_text(render_index(reports, language), encoding="utf-8", errors="replace")
    talk.say(f"报告：{report.resolve()}", f"Report: {report.resolve()}")


def _names(ids: Sequence[str]) -> list[str]:
    """A folder name per broadcast: its id without what file systems refuse, numbered when taken."""
    names: list[str] = []
    for given in ids:
        plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in given)
        plain = plain.strip(".")[:80] or "broadcast"
        name, number = plain, 2
        while name.casefold() in (taken.casefold() for taken in names):
            name, number = f"{plain}-{number}", number + 1
        names.append(name)
    return names


def _summary(inspection: Inspection, place: Path) -> dict[str, object]:
    return {
        "broadcast": inspection.broadcast.id,
        "invented": inspection.broadcast.invented,
        "on": inspection.broadcast.on.isoformat(),
        "findings": len(inspection.findings),
        "listen": sum(located.finding.listen for located in inspection.findings),
        "recordings": len(inspection.broadcast.recordings),
        "clips": len(inspection.media.clips),
        "occurrences": inspection.occurrences,
        "severity": inspection.by_severity(),
        "conduct": inspection.by_conduct(),
        "checks": inspection.by_verdict(),
        "missing_facts": list(inspection.missing()),
        "texts": inspection.texts,
        "characters": inspection.characters,
        "skipped": inspection.skipped,
        "seconds": round(inspection.seconds, 3),
        "report": str(place / "report.html").encode(errors="replace").decode(),
    }
