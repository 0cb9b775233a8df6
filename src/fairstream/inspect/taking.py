"""Recordings → what is said and shown in them: one task per recording and sense, in several processes.

A process opens its model once and works through tasks. Hearing takes little memory, reading pictures more
than half a gigabyte, so that no more than two processes read pictures.
"""

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from queue import Empty
from typing import Any, Final, Literal, NamedTuple

from fairstream.errors import FairstreamError, UsageError
from fairstream.records import Problem, Recording, ScreenText, Utterance
from fairstream.sources.asr.engine import ModelCard
from fairstream.sources.asr.listening import Listener, listen, open_listener
from fairstream.sources.loaded import Loaded
from fairstream.sources.ocr.opening import open_reader
from fairstream.sources.ocr.pictures import picture_texts
from fairstream.sources.ocr.reader import PictureReader
from fairstream.sources.ocr.watching import screen_texts
from fairstream.sources.problems import ProblemLog
from fairstream.sources.recordings import PICTURE

Sense = Literal["speech", "screen"]
PAYS_MS: Final = 60_000
"""Sound and picture below this length are taken in this process: starting another takes a second or two."""
MOST_READERS: Final = 2
_PICTURE_MS: Final = 10_000
"""How much recording takes as long as a picture, which is read in whole."""
_TOLD_EVERY: Final = 0.3


class Ears(NamedTuple):
    """How speech is heard: the model's folder, the voice detector, phrases to be spotted."""

    folder: Path
    voice: Path | None = None
    phrases: tuple[str, ...] = ()


class Task(NamedTuple):
    """One recording to be heard (`ears` given) or looked at, or one picture."""

    sense: Sense
    recording: Recording
    ears: Ears | None = None
    every_ms: int = 1000


class Taken(NamedTuple):
    """What a task gave. `seconds` is processor time; `model` is None when the task failed before it."""

    task: Task
    utterances: tuple[Utterance, ...] = ()
    screen: tuple[ScreenText, ...] = ()
    problems: tuple[Problem, ...] = ()
    model: ModelCard | None = None
    seconds: float = 0.0
    failed: bool = False


Progress = Callable[[int, int], None]
"""Told the number of a task and the position it reached, in milliseconds."""


def take(
    tasks: Sequence[Task], *, processes: int, progress: Progress = lambda _n, _ms: None
) -> Iterator[Taken]:
    """Work through tasks, yielding each as it is done, in any order.

    With more than one process the senses go side by side. A task that fails gives its problem; a missing
    library or model raises `UsageError`.
    """
    total = sum(max(task.recording.duration_ms, _PICTURE_MS) for task in tasks)
    if processes < 2 or len(tasks) < 2 or total < PAYS_MS:
        for number, task in enumerate(tasks):
            yield run(task, _paced(lambda ms, n=number: progress(n, ms)))  # type: ignore[misc]
        return
    yield from _side_by_side(tasks, processes, progress)


def run(task: Task, progress: Callable[[int], None] | None = None) -> Taken:
    """Do one task in this process. Raises `UsageError` when a library or model is missing."""
    begun = time.process_time()
    try:
        if task.sense == "speech" and task.ears is not None:
            listener = _listener(task.ears)
            heard = listen(task.recording, listener, progress=progress)
            done = Taken(task, heard.records, (), heard.problems, listener.engine.card)
        else:
            reader = _reader()
            seen = _seen(task, reader, progress)
            done = Taken(task, (), seen.records, seen.problems, reader.card)
    except UsageError:
        raise
    except (FairstreamError, OSError, MemoryError, RuntimeError, ValueError) as error:
        done = failure(task, error)  # engines raise the last two in the middle of a recording
    return done._replace(seconds=time.process_time() - begun)


def _seen(task: Task, reader: PictureReader, progress: Callable[[int], None] | None) -> Loaded[ScreenText]:
    recording = task.recording
    if recording.container == PICTURE:
        return picture_texts(recording.path, reader, name=recording.file, prefix=f"{recording.id}-s")
    return screen_texts(recording, reader, every_ms=task.every_ms, progress=progress)


def failure(task: Task, error: BaseException) -> Taken:
    """A task that gave nothing, with its problem."""
    log = ProblemLog(task.recording.file)
    if isinstance(error, FairstreamError):
        log.add("unreadable", error.line, cause=error.cause, remedy=error.remedy or "ask for the file again")
    else:
        log.add("unreadable", cause=f"it could not be worked through: {error}"[:300], remedy="run it again")
    return Taken(task, problems=log.problems, failed=True)


def _side_by_side(tasks: Sequence[Task], processes: int, progress: Progress) -> Iterator[Taken]:
    """Pictures first, for they take longest, and long recordings before short ones."""
    context = multiprocessing.get_context("spawn")
    told = context.Queue()
    order = sorted(
        range(len(tasks)), key=lambda n: (tasks[n].sense != "screen", -tasks[n].recording.duration_ms)
    )
    with ExitStack() as stack:
        shared = _pool(context, min(processes, MOST_READERS, len(tasks)), told)
        own = _pool(context, processes - MOST_READERS, told) if processes > MOST_READERS else shared
        pools: dict[Sense, ProcessPoolExecutor] = {"screen": shared, "speech": own}
        stack.callback(_stop, tuple(dict.fromkeys(pools.values())))
        waiting = {pools[tasks[n].sense].submit(_work, n, tasks[n]): n for n in order}
        while waiting:
            done, _ = wait(waiting, timeout=_TOLD_EVERY, return_when=FIRST_COMPLETED)
            _tell(told, progress)
            for future in done:
                yield _result(future, tasks[waiting.pop(future)])


def _pool(context: Any, workers: int, told: Any) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(told,))


def _result(future: "Future[Taken]", task: Task) -> Taken:
    try:
        return future.result()
    except BrokenProcessPool as error:
        return failure(task, error)


def _stop(pools: Sequence[ProcessPoolExecutor]) -> None:
    """End workers at once when nobody waits for them any more (an error, Ctrl-C)."""
    for pool in pools:
        workers = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.join(5)


def _tell(told: Any, progress: Progress) -> None:
    while True:
        try:
            number, position = told.get_nowait()
        except Empty:
            return
        progress(number, position)


_queue: Any = None


def _begin(told: Any) -> None:
    """A new process: Ctrl-C is the parent's, which ends this one."""
    global _queue
    _queue = told
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _work(number: int, task: Task) -> Taken:
    return run(task, _paced(lambda ms: _queue.put((number, ms))))


def _paced(tell: Callable[[int], None]) -> Callable[[int], None]:
    """Tells at most a few times a second."""
    last = 0.0

    def paced(position_ms: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _TOLD_EVERY:
            last = now
            tell(position_ms)

    return paced


@cache
def _listener(ears: Ears) -> Listener:
    return open_listener(ears.folder, voice=ears.voice, phrases=ears.phrases)


@cache
def _reader() -> PictureReader:
    return open_reader()
