"""The work of `fairstream scan`: lines in, lines out, on one process or several."""

import gc
import os
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click

from fairstream.cli.options import cache_dir, today
from fairstream.detect.engine import Scanner
from fairstream.detect.lines import MOST_LINE_BYTES, chunks, scan_lines
from fairstream.detect.shipped import open_scanner
from fairstream.errors import LimitError, UsageError
from fairstream.records import Language

CHUNK_LINES = 8192
PARALLEL_BYTES = 4 * 1024 * 1024
"""Smaller inputs are scanned in this process: starting others would cost more than it saves."""
_BOM = b"\xef\xbb\xbf"

_worker_scanner: Scanner | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for on the command line."""

    source: str
    out: str
    on: date | None = None
    workers: int | None = None
    statuses: tuple[str, ...] = ("stable",)
    evasion: bool = True
    quiet: bool = False
    layers: tuple[Path, ...] = ()
    language: Language = "zh"


def run(job: Job) -> int:
    """Scan and write; 1 when some line could not be used."""
    source, out = job.source, job.out
    if source != "-" and out != "-" and Path(out).exists() and Path(out).samefile(source):
        raise UsageError("input and output are the same file", file=out, remedy="write to another file")
    settings = Settings(job.on or today(), job.layers, job.statuses, job.language, job.evasion)
    size = 0 if source == "-" else Path(source).stat().st_size
    count = job.workers or (os.cpu_count() or 1 if size > PARALLEL_BYTES else 1)
    read = bad = 0
    begin = time.perf_counter()
    with (
        _opened(source, "rb") as lines_in,
        _opened(out, "wb") as lines_out,
        _progress(0 if job.quiet else size) as at,
    ):
        for written, lines, faults in _results(lines_in, settings, count, live=source == "-"):
            lines_out.write(written)
            if source == "-":
                lines_out.flush()
            elif lines_in.seekable():
                at(lines_in.tell())
            read, bad = read + lines, bad + faults
    if not job.quiet:
        seconds = time.perf_counter() - begin
        click.echo(f"{read:,} texts scanned, {bad:,} lines could not be used ({seconds:.1f} s).", err=True)
    return 1 if bad else 0


@contextmanager
def _progress(size: int) -> Iterator[Callable[[int], object]]:
    """A bar over the bytes read, for a person who waits on a large file; gives what moves it."""
    if size <= PARALLEL_BYTES or not sys.stderr.isatty():
        yield lambda _: None
        return
    with click.progressbar(length=size, label="scan", file=sys.stderr) as bar:
        yield lambda at: bar.update(at - bar.pos)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a worker process needs to open its own scanner."""

    on: date
    layers: tuple[Path, ...]
    statuses: tuple[str, ...]
    language: Language
    evasion: bool

    def open(self) -> Scanner:
        """The scanner of these settings."""
        scanner = open_scanner(
            today=self.on,
            layers=self.layers,
            statuses=self.statuses,
            language=self.language,
            evasion=self.evasion,
            cache=cache_dir(),
        )
        # What was opened stays to the end, and findings hold no cycles: spare the collector its walks.
        gc.freeze()
        gc.set_threshold(200_000, 50, 50)
        return scanner


def _results(
    lines: BinaryIO, settings: Settings, workers: int, *, live: bool
) -> Iterator[tuple[bytes, int, int]]:
    """Output lines, how many lines they answer, how many of those were bad; in order of the input."""
    if workers == 1:
        scanner = settings.open()
        for first, chunk in _live_chunks(lines) if live else chunks(_lines(lines), CHUNK_LINES):
            written, bad = scan_lines(chunk, scanner, first)
            yield written, len(chunk), bad
        return
    # A fault in the rules shows here, once, not in every worker; forked workers inherit what is opened here.
    global _worker_scanner
    _worker_scanner = settings.open()
    with ProcessPoolExecutor(workers, initializer=_start_worker, initargs=(settings,)) as pool:
        waiting: deque[tuple[int, Future[tuple[bytes, int]]]] = deque()
        for first, chunk in chunks(_lines(lines), CHUNK_LINES):
            waiting.append((len(chunk), pool.submit(_work, chunk, first)))
            if len(waiting) >= 2 * workers:
                yield _next(waiting)
        while waiting:
            yield _next(waiting)


def _next(waiting: deque[tuple[int, Future[tuple[bytes, int]]]]) -> tuple[bytes, int, int]:
    count, future = waiting.popleft()
    try:
        written, bad = future.result()
    except BrokenProcessPool as error:
        raise LimitError(
            "a scanning process was ended from outside, most likely for want of memory",
            remedy="scan with --workers 1, or cut long texts into several",
        ) from error
    return written, count, bad


def _start_worker(settings: Settings) -> None:
    global _worker_scanner
    _worker_scanner = _worker_scanner or settings.open()


def _work(chunk: list[bytes], first: int) -> tuple[bytes, int]:
    if _worker_scanner is None:
        raise RuntimeError("worker used before it was started")
    return scan_lines(chunk, _worker_scanner, first)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their end; what goes beyond the limit of one line is read and dropped."""
    first = True
    while line := stream.readline(MOST_LINE_BYTES + 2):
        if first:
            line, first = line.removeprefix(_BOM), False
        if not line.endswith(b"\n") and len(line) > MOST_LINE_BYTES:
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                continue
        yield line.rstrip(b"\r\n")


def _live_chunks(stream: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """Whatever complete lines a pipe holds right now, so that an answer follows its line at once."""
    first, pieces, held = 1, list[bytes](), 0
    while block := os.read(stream.fileno(), 1 << 20):
        *complete, rest = block.split(b"\n")
        if complete:
            complete[0] = b"".join([*pieces, complete[0]])
            complete[0] = complete[0].removeprefix(_BOM) if first == 1 else complete[0]
            pieces, held = [], 0
        for begin in range(0, len(complete), CHUNK_LINES):
            chunk = [line.rstrip(b"\r") for line in complete[begin : begin + CHUNK_LINES]]
            yield first, chunk
            first += len(chunk)
        if rest and held <= MOST_LINE_BYTES:  # enough to be refused; the memory stays bounded
            pieces.append(rest)
            held += len(rest)
    if pieces:
        yield first, [b"".join(pieces).removeprefix(_BOM) if first == 1 else b"".join(pieces)]


def _opened(name: str, mode: str) -> BinaryIO:
    if name != "-":
        return Path(name).open(mode)  # type: ignore[return-value]
    standard = sys.stdin if mode == "rb" else sys.stdout
    if standard is None:
        what = "input" if mode == "rb" else "output"
        raise UsageError(f"standard {what} is closed", remedy="name a file instead of -")
    stream = standard.buffer
    return os.fdopen(os.dup(stream.fileno()), mode)  # type: ignore[return-value]
