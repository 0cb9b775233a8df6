"""Running one function over units of work on Apache Spark: what `store.run.run` does, on other machines.

Each unit is a partition of its own, so a task is a unit. A worker process of Spark opens the work once and
keeps it for the units that come to it later. Units, results and errors travel as `multiprocessing` sends
them (pickled); the files that the work reads and writes do not travel: all workers must see them under the
same path. Relative paths mean the same as here when the working folder is there on the worker too.

An error of the function is an answer like any other: it comes back whole and ends the run at once, instead of
being tried again and told as a trace of the Java machine. Spark tries a unit again only when its worker was
lost; the work therefore has to bear being done twice, one after the other. Two copies of a task at the same
time (speculation) are refused, because both would write the same file.
"""

import atexit
import os
import pickle
import re
import shutil
import sys
import time
import traceback
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import chdir, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from fairstream.errors import FairstreamError, InputError, LimitError, UsageError
from fairstream.store.run import Result, Unit, Work

GUIDE: Final = "docs/admin/spark.md"
ANSWERS: Final = pa.schema([("index", pa.int64()), ("answer", pa.binary())])
"""What a worker yields for each unit: its place, and the pickled pair (went well, result or error)."""
QUIET: Final = {
    "spark.app.name": "fairstream",
    "spark.log.level": "FATAL",
    "spark.speculation": "false",
}
"""Settings unless Spark's own configuration says otherwise."""
ALONE: Final = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
}
"""The same where driver and workers are one machine: no door is opened to the network."""

_POLL: Final = 0.1
_ENDING: Final = 30.0
"""Seconds that cancelled tasks get to end before their files are taken away."""
_LOST: Final = re.compile(
    r"ExecutorLostFailure|Lost executor|worker exited unexpectedly|Connection reset|OutOfMemory|been killed"
)
_MISSING: Final = re.compile(r"ModuleNotFoundError: (No module named '[^']+')")
_CAUSE: Final = re.compile(r"^(?:[\w.]+\.)?[A-Z]\w*(?:Error|Exception): .+$", re.MULTILINE)


def run(
    work: Work[Unit, Result],
    units: Sequence[Unit],
    *,
    workers: int = 1,
    done: Callable[[int, Result], object] = lambda index, result: None,
) -> list[Result]:
    """The result of each unit, in the order of the units; `done` hears of each once, as soon as it is there.

    How many units run at a time is for the cluster to say; `workers` counts where Spark's configuration names
    no cluster and everything runs on this machine. Errors of the function are raised here. Raises
    `UsageError` when Spark or Java is missing or the workers lack this package, `InputError` when a worker
    does not see a file, `LimitError` when workers were lost.
    """
    if not units:
        return []
    spark = session(workers)
    context = _context(spark)
    heard = context.accumulator([], _Appending())
    payload = pickle.dumps((work, list(units)))
    task = _Task(uuid.uuid4().hex, payload, str(Path.cwd()), heard)
    frame = spark.range(0, len(units), 1, len(units)).mapInArrow(task.answers, "index long, answer binary")
    found: dict[int, Result] = {}

    def hear(answers: Sequence[tuple[int, bytes]]) -> None:
        for index, answer in answers:
            if index not in found:
                found[index] = _result(answer)
                done(index, found[index])

    with _collecting(spark, frame, type(work).__name__) as collecting:
        while not collecting.done():
            wait([collecting], timeout=_POLL)
            hear(_taken(heard.value))
        hear(_rows(collecting))
    return [found[index] for index in range(len(units))]


def session(workers: int = 1) -> Any:
    """The Spark session of this process; started when there is none, and left running until the process ends.

    The cluster is named as everywhere with Spark: `spark-defaults.conf`, `PYSPARK_SUBMIT_ARGS` or `MASTER`.
    Without any, `workers` threads on this machine run the units. Raises `UsageError` when it does not start.
    """
    library = _library()
    active = library.sql.SparkSession.getActiveSession()
    if active is not None:
        return active
    _need_java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        with _default("MASTER", f"local[{workers}]"):
            # The Java side reads all of Spark's configuration, and only then is it known where it will run.
            library.SparkContext._ensure_initialized()
        settings = library.SparkConf()
        local = settings.get("spark.master", "").startswith("local")
        for name, value in (QUIET | (ALONE if local else {})).items():
            settings.setIfMissing(name, value)
        settings.set("spark.ui.showConsoleProgress", "false")
        started = library.sql.SparkSession.builder.config(conf=settings).getOrCreate()
    except library.errors.PySparkException as error:
        raise UsageError(
            f"Spark did not start ({_short(str(error))})", remedy=f"Java 17 or later is needed; see {GUIDE}"
        ) from error
    atexit.register(started.stop)
    return started


@contextmanager
def _default(name: str, value: str) -> Iterator[None]:
    """An environment variable for a moment, unless there is one."""
    if name in os.environ:
        yield
        return
    os.environ[name] = value
    try:
        yield
    finally:
        del os.environ[name]


def _library() -> Any:
    try:
        # Slow to import, and an extra.
        import pyspark.errors
        import pyspark.sql
        import pyspark.sql.pandas.utils
    except ImportError as error:
        raise UsageError(
            "working on Spark needs the extra 'spark'", remedy='install it: pip install "fairstream[spark]"'
        ) from error
    try:
        pyspark.sql.pandas.utils.require_minimum_pandas_version()
    except ImportError as error:
        raise UsageError(
            "PySpark needs pandas", remedy='install the extra: pip install "fairstream[spark]"'
        ) from error
    return pyspark


def _need_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=str(Path(home) / "bin") if home else None):
        raise UsageError(
            f"Spark needs Java, and there is none in JAVA_HOME ({home})" if home else "Spark needs Java",
            remedy="install Java 17 or later, on Debian: apt-get install openjdk-17-jre-headless",
        )


def _context(spark: Any) -> Any:
    """The context of a session; Spark Connect has none."""
    library = _library()
    try:
        context = spark.sparkContext
    except library.errors.PySparkException as error:
        raise UsageError(
            "units of work need a session on the cluster itself, not over Spark Connect",
            remedy="name the cluster in spark-defaults.conf or PYSPARK_SUBMIT_ARGS, and unset SPARK_REMOTE",
        ) from error
    if context.getConf().get("spark.speculation", "false").lower() == "true":
        raise UsageError(
            "spark.speculation is on: two copies of a task would write the same file",
            remedy="set spark.speculation=false for this application",
        )
    return context


@contextmanager
def _collecting(spark: Any, frame: Any, title: str) -> Iterator[Future[list[Any]]]:
    """Rows of a frame, computed in the background; leaving early ends the tasks first."""
    context, group = spark.sparkContext, uuid.uuid4().hex

    def collect() -> list[Any]:
        context.setJobGroup(group, f"fairstream {title}", interruptOnCancel=True)
        return list(frame.collect())

    with ThreadPoolExecutor(1, thread_name_prefix="fairstream-spark") as pool:
        collecting = pool.submit(_library().inheritable_thread_target(spark)(collect))
        try:
            yield collecting
        except BaseException:
            if not collecting.done():
                context.cancelJobGroup(group)
                wait([collecting], timeout=_ENDING)
            _let_end(context.statusTracker(), group)
            raise


def _let_end(tracker: Any, group: str) -> None:
    """Wait until no task of a cancelled job is at work: its folder is about to be removed."""
    until = time.monotonic() + _ENDING
    while time.monotonic() < until:
        jobs = [tracker.getJobInfo(number) for number in tracker.getJobIdsForGroup(group)]
        stages = [tracker.getStageInfo(stage) for job in jobs if job for stage in job.stageIds]
        if not any(stage.numActiveTasks for stage in stages if stage):
            return
        time.sleep(_POLL)


def _taken(heard: list[tuple[int, bytes]]) -> list[tuple[int, bytes]]:
    """What has come since the last look. The list is filled in another thread, so it is not replaced."""
    taken = heard[:]
    del heard[: len(taken)]
    return taken


def _rows(collecting: Future[list[Any]]) -> list[tuple[int, bytes]]:
    try:
        return [(row["index"], bytes(row["answer"])) for row in collecting.result()]
    except Exception as error:
        raise _explained(error) from error


def _result(answer: bytes) -> Any:
    well, value = pickle.loads(answer)  # noqa: S301 - from our own worker
    if well:
        return value
    if isinstance(value, FileNotFoundError):
        raise InputError(
            f"a Spark worker does not find it ({value})",
            file=value.filename,
            remedy=f"put input and output where every worker sees them under the same path; see {GUIDE}",
        ) from value
    raise value


def _explained(error: Exception) -> FairstreamError:
    """What Spark tells in two hundred lines, in one."""
    told = str(error)
    if missing := _MISSING.search(told):
        return UsageError(
            f"a Spark worker lacks a package ({missing[1]})",
            remedy=f"give the workers the same environment; see {GUIDE}",
        )
    if lost := _LOST.search(told):
        return LimitError(
            f"Spark workers were lost, most likely for want of memory ({lost[0]})",
            remedy=f"give executors more memory outside Java (spark.executor.memoryOverhead); see {GUIDE}",
        )
    return FairstreamError(f"Spark gave up: {_short(told)}", remedy=f"look at Spark's own log; see {GUIDE}")


def _short(told: str) -> str:
    """The line of a trace that names the cause."""
    causes = _CAUSE.findall(told)
    return (causes[0] if causes else told.strip().partition("\n")[0])[:300]


class _Appending:
    """Gathers answers of tasks; Spark calls it where a task runs and, when it has ended well, here."""

    def zero(self, value: list[Any]) -> list[Any]:
        return []

    def addInPlace(self, one: list[Any], other: list[Any]) -> list[Any]:  # noqa: N802 - Spark's name
        one.extend(other)
        return one


@dataclass(frozen=True, slots=True)
class _Task:
    """What is sent to the workers."""

    run: str
    payload: bytes
    folder: str
    heard: Any

    def answers(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """One row for each unit named in the first column."""
        for batch in batches:
            for index in batch.column(0).to_pylist():
                answer = self._answer(index)
                self.heard.add([(index, answer)])
                yield pa.record_batch([pa.array([index]), pa.array([answer], pa.binary())], schema=ANSWERS)

    def _answer(self, index: int) -> bytes:
        with chdir(self.folder) if Path(self.folder).is_dir() else nullcontext():
            try:
                function, units = _opened(self.run, self.payload)
                return pickle.dumps((True, function(units[index])))
            except Exception as error:
                return _packed(error)


_open: tuple[str, Callable[[Any], Any], list[Any]] | None = None


def _opened(run: str, payload: bytes) -> tuple[Callable[[Any], Any], list[Any]]:
    """The function of this worker process, and all units; opened when the first unit of a run comes."""
    global _open
    if _open is None or _open[0] != run:
        _open = None
        work, units = pickle.loads(payload)  # noqa: S301 - from our own driver
        _open = run, work.open(), units
    return _open[1:]


def _packed(error: Exception) -> bytes:
    """An error as an answer, with its trace as a note; one that cannot be sent is described."""
    error.add_note("".join(traceback.format_exception(error)))
    try:
        packed = pickle.dumps((False, error))
        pickle.loads(packed)  # noqa: S301 - made in the line above
    except Exception:
        return pickle.dumps((False, FairstreamError(f"{type(error).__name__}: {error}")))
    return packed
