"""The work of `fairstream inspect`: a broadcast's files in, findings and a report out."""

import secrets
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import click
import orjson
from rich.console import Console

from fairstream.checks.library import load_checks
from fairstream.cli.options import cache_dir, today
from fairstream.detect.shipped import open_scanner
from fairstream.errors import FairstreamError, UsageError
from fairstream.facts import Facts
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.export import write_checks, write_consequences, write_jsonl, write_parquet
from fairstream.inspect.inspection import Inspection
from fairstream.inspect.report import render_index, write_report
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, Language, Problem
from fairstream.sources.facts import loose_fact_files, read_fact_files, read_facts
from fairstream.sources.folder import read_files, read_folder
from fairstream.sources.loaded import Loaded
from fairstream.sources.problems import in_language

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


@dataclass(frozen=True, slots=True)
class _Read:
    """A broadcast and the facts handed in with it."""

    broadcast: Broadcast
    facts: Loaded[Facts]

    @property
    def problems(self) -> tuple[Problem, ...]:
        return (*self.broadcast.problems, *self.facts.problems)


def run(job: Job) -> int:
    """Read, inspect and write; returns the exit code. Without `out` nothing is scanned or written."""
    talk = _Talk(job.language, job.quiet)
    works, failed = _read(job.paths, job.on, talk)
    if not any(map(_holds_words, works)):
        for work in works:
            _say_problems(work.problems, talk, always=True)
        talk.say("没有可检查的内容。", "There is nothing to inspect.")
        return 3
    if job.dry_run or job.out is None:
        return _told(works, talk, job.as_json) or failed
    inspections = _inspected(works, job.layers, job.language, talk)
    places = _write(inspections, job.out, job.language, talk)
    if job.as_json:
        summary = [_summary(one, place) for one, place in zip(inspections, places, strict=True)]
        click.echo(orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode())
    return 1 if failed or any(inspection.skipped for inspection in inspections) else 0


def _holds_words(work: _Read) -> bool:
    broadcast = work.broadcast
    words = broadcast.utterances or broadcast.chat or broadcast.screen or broadcast.listings
    return bool(words) or work.facts.records != (Facts(),)


class _Talk:
    """Messages to a person, on standard error, in one language."""

    def __init__(self, language: Language, quiet: bool) -> None:
        self._chinese = language == "zh"
        self._quiet = quiet
        self._console = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, zh: str, en: str) -> None:
        if not self._quiet:
            self._console.print(zh if self._chinese else en, markup=False)

    def fail(self, error: FairstreamError) -> None:
        """Errors are told even when quiet."""
        self._console.print(f"{'错误：' if self._chinese else 'Error: '}{error}", markup=False)

    def trouble(self, problem: Problem, *, always: bool = False) -> None:
        """What was repaired or left out, and how to mend it; `always` even when quiet."""
        if self._quiet and not always:
            return
        cause, remedy = in_language(problem, "zh" if self._chinese else "en")
        place = f"{problem.place.file}:{problem.place.line}" if problem.place.line else problem.place.file
        times = f" (×{problem.count:,})" if problem.count > 1 else ""
        mend = f"处理办法：{remedy}" if self._chinese else f"Remedy: {remedy}"
        self._console.print(f"  {place}: {cause}{times}. {mend}", markup=False)

    def busy(self, zh: str, en: str) -> AbstractContextManager[object]:
        """A spinner while something takes time; nothing when quiet or not a terminal."""
        if self._quiet or not self._console.is_terminal:
            return nullcontext()
        return self._console.status(zh if self._chinese else en)


def _read(paths: Sequence[Path], on: date | None, talk: _Talk) -> tuple[list[_Read], int]:
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
        return _Read(broadcast, read_facts(work, key=key, broadcast=broadcast))
    facts = loose_fact_files(work)
    broadcast = read_files([path for path in work if path not in facts], on=on, today=today(), key=key)
    return _Read(broadcast, read_fact_files(facts, key=key, broadcast=broadcast))


def _say_read(broadcast: Broadcast, seconds: float, talk: _Talk) -> None:
    counts = (len(broadcast.utterances), len(broadcast.chat), len(broadcast.screen), len(broadcast.listings))
    talk.say(
        "{}：口播 {:,} 段，弹幕 {:,} 条，画面文字 {:,} 条，商品 {:,} 件，读取用时 {:.1f} 秒".format(
            broadcast.id, *counts, seconds
        ),
        "{}: {:,} utterances, {:,} chat messages, {:,} screen texts, {:,} listings read in {:.1f} s".format(
            broadcast.id, *counts, seconds
        ),
    )


def _say_problems(
    problems: Sequence[Problem], talk: _Talk, *, most: int = MOST_TOLD, always: bool = False
) -> None:
    """The first problems, those that cost content before those that were repaired."""
    ordered = sorted(problems, key=lambda problem: problem.severity != "skipped")
    for problem in ordered[:most]:
        talk.trouble(problem, always=always)
    if len(ordered) > most:
        more = len(ordered) - most
        talk.say(f"  另有 {more:,} 处", f"  and {more:,} more")


def _told(works: Sequence[_Read], talk: _Talk, as_json: bool) -> int:
    """What a dry run tells: days, counts and problems; 1 when something was skipped."""
    rows = []
    for work in works:
        _say_problems(work.problems, talk, most=len(work.problems))
        broadcast = work.broadcast
        counts = _problem_counts(work.problems)
        rows.append({"broadcast": broadcast.id, "on": broadcast.on.isoformat(), **counts})
    talk.say("试运行：未扫描，未写入任何文件。", "Dry run: nothing was scanned or written.")
    if as_json:
        click.echo(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode())
    return 1 if any(row["skipped"] for row in rows) else 0


def _problem_counts(problems: Sequence[Problem]) -> dict[str, int]:
    kinds = ("repaired", "skipped")
    return {kind: sum(p.count for p in problems if p.severity == kind) for kind in kinds}


def _inspected(
    works: Sequence[_Read], layers: Sequence[Path], language: Language, talk: _Talk
) -> list[Inspection]:
    with talk.busy("正在装载规则与法规", "Loading rules and law"):
        scanner = open_scanner(today=today(), layers=layers, language=language, cache=cache_dir())
        law, checks = load_law(), load_checks()
    inspections = []
    for work in works:
        broadcast = work.broadcast
        with talk.busy(f"正在巡查 {broadcast.id}", f"Inspecting {broadcast.id}"):
            done = inspect_broadcast(
                broadcast,
                scanner,
                law,
                language,
                facts=work.facts,
                checks=checks,
                rules=scanner.rule_set.fingerprint,
            )
        inspections.append(done)
        high, medium, low = done.by_severity().values()
        talk.say(
            f"{broadcast.id}：{len(done.findings)} 条线索（严重 {high}，中等 {medium}，较轻 {low}），"
            f"读取 {done.texts:,} 条 {done.characters:,} 字，用时 {done.seconds:.1f} 秒",
            f"{broadcast.id}: {len(done.findings)} findings ({high} high, {medium} medium, {low} low) in "
            f"{done.texts:,} texts, {done.characters:,} characters, {done.seconds:.1f} s",
        )
        suspected, clear, undecidable = done.by_verdict().values()
        talk.say(
            f"  交叉核对：疑似不符 {suspected}，相符 {clear}，缺资料无法判断 {undecidable}",
            f"  cross-checks: {suspected} suspected, {clear} clear, {undecidable} without their facts",
        )
    return inspections


def _write(inspections: Sequence[Inspection], out: Path, language: Language, talk: _Talk) -> list[Path]:
    """Write report and findings; returns the folder of each inspection."""
    places = [out] if len(inspections) == 1 else [out / name for name in _names(inspections)]
    for inspection, place in zip(inspections, places, strict=True):
        place.mkdir(parents=True, exist_ok=True)
        write_jsonl([inspection], place / "findings.jsonl")
        write_parquet([inspection], place / "findings.parquet")
        write_checks([inspection], place / "checks.jsonl")
        write_consequences([inspection], place / "consequences.jsonl")
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
    return places


def _names(inspections: Sequence[Inspection]) -> list[str]:
    """A folder name per broadcast: its id without what file systems refuse, numbered when taken."""
    names: list[str] = []
    for inspection in inspections:
        plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in inspection.broadcast.id)
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
