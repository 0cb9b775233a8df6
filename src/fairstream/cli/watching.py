"""The work of `fairstream watch`: rules and models opened, a watch run, and what it tells shown."""

import getpass
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from fairstream.cli.options import cache_dir, today
from fairstream.cli.settings import named_path
from fairstream.detect.shipped import open_scanner
from fairstream.records import Language
from fairstream.sources.asr.listening import open_listener
from fairstream.sources.ocr.opening import open_reader
from fairstream.sources.ocr.watching import ScreenWatcher
from fairstream.watch.live import Asked, Senses, Summary, Watch

_COLOURS = {"high": "bold red", "medium": "red", "low": "yellow"}


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    asked: Asked
    model: Path | None = None
    voice: Path | None = None
    screen: bool = False
    spot: int = 0
    longest_ms: int = 6_000
    as_json: bool = False
    layers: tuple[Path, ...] = ()


def run(job: Job) -> int:
    """Watch until the source ends or a signal comes; returns the exit code."""
    asked = replace(job.asked, who=job.asked.who or _account())
    lines = job.as_json or not sys.stdout.isatty()
    show = _Lines() if lines else _View(asked.language)
    with _stopping() as stop:
        summary = Watch(asked, partial(_senses, job), show=show).run(stop)
    _close(summary, asked)
    missed = (summary.missing, summary.skipped, summary.stopped, summary.lines_lost, summary.chat_problems)
    return 1 if any(missed) else 0


def _senses(job: Job) -> Senses:
    """Rules and models, which take seconds to load."""
    language = job.asked.language
    scanner = open_scanner(today=today(), layers=job.layers, language=language, cache=cache_dir())
    ears = None
    model = named_path("model", job.model)
    if model is not None:
        phrases = scanner.spoken_phrases(job.spot) if job.spot else ()
        voice = named_path("voice", job.voice)
        ears = open_listener(model, voice=voice, phrases=phrases, longest_ms=job.longest_ms)
    eyes = ScreenWatcher(open_reader(), every_ms=1000, early=True) if job.screen else None
    return Senses(scanner, ears, eyes)


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


@contextmanager
def _stopping() -> Iterator[threading.Event]:
    """An event that the first SIGINT or SIGTERM sets; the second has its usual effect."""
    stop = threading.Event()
    usual: dict[int, Any] = {}

    def asked(number: int, frame: object) -> None:
        stop.set()
        for signal_number, handler in usual.items():
            signal.signal(signal_number, handler)

    for number in (signal.SIGINT, signal.SIGTERM):
        usual[number] = signal.signal(number, asked)
    try:
        yield stop
    finally:
        for signal_number, handler in usual.items():
            signal.signal(signal_number, handler)


class _Lines:
    """JSON lines on standard output. When nobody reads any more the watch goes on."""

    def __init__(self) -> None:
        self._open = True

    def __call__(self, lines: list[dict[str, Any]], data: bytes) -> None:
        if not self._open:
            return
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except (BrokenPipeError, ValueError):
            self._open = False
            # Python would complain once more when it flushes at its end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _View:
    """What a person reads: words and findings as they come, chat as a count."""

    def __init__(self, language: Language) -> None:
        self._chinese = language == "zh"
        self._console = Console(highlight=False, soft_wrap=True)
        self._counts: Counter[str] = Counter()

    def __call__(self, lines: list[dict[str, Any]], data: bytes) -> None:
        for line in lines:
            self._counts[line["kind"]] += 1
            self._one(line)

    def _one(self, line: dict[str, Any]) -> None:
        clock = datetime.fromisoformat(line["at"]).strftime("%H:%M:%S")
        kind = line["kind"]
        if kind == "utterance":
            self._say(clock, f"  {line['text']}", "")
        elif kind == "screen" and not line["ended"]:
            self._say(clock, f"▢ {line['text']}", "cyan")
        elif kind == "finding":
            self._finding(clock, line)
        elif kind == "gap":
            said = "缺口" if self._chinese else "gap"
            self._say(clock, f"✂ {said} {line['seconds']:.1f} s: {line['cause']}", "magenta")
        elif kind == "segment":
            self._say(clock, f"● {line['name']}  {line['sha256'][:16]}…  {self._so_far()}", "dim")
        elif kind == "status":
            self._say(clock, f"· {self._state(line)}", "dim")

    def _finding(self, clock: str, line: dict[str, Any]) -> None:
        if line["withdrawn"]:
            said = "撤回" if self._chinese else "withdrawn"
            self._say(clock, f"✗ {said}: {line['quote']}", "dim")
            return
        law = "; ".join(f"{one['title']} {one['article']}" for one in line["citations"][:2])
        again = f" ×{line['repeat']}" if line["repeat"] > 1 else ""
        listen = (" （请回听）" if self._chinese else " (listen first)") if line["listen"] else ""
        text = f"⚑ {line['title']}{again}: 「{line['quote']}」 {line['score']:.2f}{listen} {law}"
        self._say(clock, text, _COLOURS.get(line["severity"], ""))

    def _so_far(self) -> str:
        counts = [self._counts[kind] for kind in ("utterance", "chat", "screen", "finding")]
        if self._chinese:
            return "口播 {:,} 段 弹幕 {:,} 条 画面 {:,} 处 线索 {:,} 条".format(*counts)
        return "{:,} utterances {:,} chat {:,} screen {:,} findings".format(*counts)

    def _state(self, line: dict[str, Any]) -> str:
        zh, en = _STATES.get(line["state"], (line["state"], line["state"]))
        more = " ".join(str(line[key]) for key in ("source", "container", "attempt", "cause") if key in line)
        return f"{zh if self._chinese else en} {more}"

    def _say(self, clock: str, text: str, style: str) -> None:
        self._console.print(Text(f"{clock} {text}", style=style))


_STATES = {
    "started": ("开始监看", "watching"),
    "connected": ("已连接", "connected"),
    "lost": ("连接中断，重试", "lost, trying again"),
    "joined": ("新的一段", "a new part"),
    "behind": ("识别落后，录像照常；跳过部分请回听", "recognition is behind; recording goes on"),
    "caught_up": ("识别已跟上", "recognition has caught up"),
    "hearing_stopped": ("语音识别停止，录像照常", "hearing stopped; recording goes on"),
    "reading_stopped": ("画面识别停止，录像照常", "reading pictures stopped; recording goes on"),
    "chat_stopped": ("弹幕跟随停止，录像照常", "following chat stopped; recording goes on"),
    "ended": ("监看结束", "watch ended"),
}


def _close(summary: Summary, asked: Asked) -> None:
    """The result, on standard error, in one line and the next step."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    gone = sum(to_at - from_at for from_at, to_at in summary.missing)
    unheard = sum(one.to_at - one.from_at for one in summary.skipped)
    counts = [summary.counts.get(kind, 0) for kind in ("utterance", "chat", "finding")]
    zh = (
        f"{summary.ended.zh}：录像 {summary.segments} 段，重连 {summary.reconnects} 次，"
        f"缺口 {len(summary.missing)} 处（{gone:.1f} 秒），未听 {unheard:.1f} 秒；"
        f"口播 {counts[0]:,} 段，弹幕 {counts[1]:,} 条，线索 {counts[2]:,} 条。\n"
        f"下一步：fairstream inspect {asked.folder} --out DIR"
    )
    en = (
        f"{summary.ended.en}: {summary.segments} segments, {summary.reconnects} reconnects, "
        f"{len(summary.missing)} gaps ({gone:.1f} s), {unheard:.1f} s not heard; {counts[0]:,} utterances, "
        f"{counts[1]:,} chat messages, {counts[2]:,} findings.\n"
        f"Next: fairstream inspect {asked.folder} --out DIR"
    )
    console.print(zh if asked.language == "zh" else en, markup=False)
