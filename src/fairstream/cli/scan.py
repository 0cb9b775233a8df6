"""`fairstream scan`: texts in, findings out, for programs."""

import os
import sys
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

import click

from fairstream.cli.options import Day, cache_dir, language_option, layers_option, today
from fairstream.detect.engine import Scanner
from fairstream.detect.lines import MOST_LINE_BYTES, chunks, scan_lines
from fairstream.detect.shipped import open_scanner
from fairstream.errors import UsageError
from fairstream.records import Language

CHUNK_LINES = 8192
PARALLEL_BYTES = 4 * 1024 * 1024
"""Smaller inputs are scanned in this process: starting others would cost more than it saves."""

_worker_scanner: Scanner | None = None


@click.command()
@click.argument("source", metavar="IN.jsonl", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, allow_dash=True),
    help="Output file, - for stdout.",
)
@click.option("--on", "on", type=Day(), help="Day of conduct of texts that carry none; default today.")
@click.option(
    "--workers", type=click.IntRange(1, 64), help="Processes; default: processors for large files, else 1."
)
@click.option("--shadow", is_flag=True, help="Also run rules in shadow status.")
@click.option("--no-evasion", is_flag=True, help="Read plain spellings only.")
@click.option("--quiet", is_flag=True, help="No summary on standard error.")
@layers_option
@language_option
def scan(
    source: str,
    out: str,
    on: date | None,
    workers: int | None,
    shadow: bool,
    no_evasion: bool,
    quiet: bool,
    layers: tuple[Path, ...],
    language: Language,
) -> int:
    """Scan texts: one JSON object per line in, one per line out, in the same order.

    \b
    In:  {"id", "text"} and optionally product, product_class, medium
         (speech|listing|screen|chat|short_video|post|document),
         speaker (host|seller|customer|unknown), on (date)
    Out: {"id", "findings": [...]} or {"id", "error"} for a line that cannot be used

    \b
    Examples:
      fairstream scan texts.jsonl --out findings.jsonl
      echo '{"id": 1, "text": "喝了根治糖尿病"}' | fairstream scan - --out -

    Exit code 1 when some line could not be used.
    """
    if source != "-" and out != "-" and Path(out).exists() and Path(out).samefile(source):
        raise UsageError("input and output are the same file", file=out, remedy="write to another file")
    statuses = ("stable", "shadow") if shadow else ("stable",)
    settings = Settings(on or today(), layers, statuses, language, not no_evasion)
    size = 0 if source == "-" else Path(source).stat().st_size
    count = workers or (os.cpu_count() or 1 if size > PARALLEL_BYTES else 1)
    read = bad = 0
    with _opened(source, "rb") as lines_in, _opened(out, "wb") as lines_out:
        for written, lines, faults in _results(lines_in, settings, count, live=source == "-"):
            lines_out.write(written)
            if source == "-":
                lines_out.flush()
            read, bad = read + lines, bad + faults
    if not quiet:
        click.echo(f"{read:,} texts scanned, {bad:,} lines could not be used.", err=True)
    return 1 if bad else 0


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
        return open_scanner(
            today=self.on,
            layers=self.layers,
            statuses=self.statuses,
            language=self.language,
            evasion=self.evasion,
            cache=cache_dir(),
        )


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
    cache_warm = settings.open()  # a fault in the rules shows here, once, not in every worker
    del cache_warm
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
    written, bad = future.result()
    return written, count, bad


def _start_worker(settings: Settings) -> None:
    global _worker_scanner
    _worker_scanner = settings.open()


def _work(chunk: list[bytes], first: int) -> tuple[bytes, int]:
    if _worker_scanner is None:
        raise RuntimeError("worker used before it was started")
    return scan_lines(chunk, _worker_scanner, first)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Lines without their end; what goes beyond the limit of one line is read and dropped."""
    while line := stream.readline(MOST_LINE_BYTES + 2):
        if not line.endswith(b"\n") and len(line) > MOST_LINE_BYTES:
            while (rest := stream.readline(1 << 20)) and not rest.endswith(b"\n"):
                continue
        yield line.rstrip(b"\r\n")


def _live_chunks(stream: BinaryIO) -> Iterator[tuple[int, list[bytes]]]:
    """Whatever complete lines a pipe holds right now, so that an answer follows its line at once."""
    first, rest = 1, b""
    while block := os.read(stream.fileno(), 1 << 20):
        *complete, rest = (rest + block).split(b"\n")
        for begin in range(0, len(complete), CHUNK_LINES):
            chunk = [line.rstrip(b"\r") for line in complete[begin : begin + CHUNK_LINES]]
            yield first, chunk
            first += len(chunk)
        rest = rest[: MOST_LINE_BYTES + 1]  # enough to be refused; the memory stays bounded
    if rest:
        yield first, [rest]


def _opened(name: str, mode: str) -> BinaryIO:
    if name != "-":
        return Path(name).open(mode)  # type: ignore[return-value]
    stream = sys.stdin.buffer if mode == "rb" else sys.stdout.buffer
    return os.fdopen(os.dup(stream.fileno()), mode)  # type: ignore[return-value]
