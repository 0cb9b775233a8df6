"""On two real workers of Spark: the same results as here, errors that say their cause, nothing lost.

`local-cluster[2,1,1024]` starts a master, two workers and an executor process for each, as a cluster of
Spark's own kind does, all bound to 127.0.0.1.
"""

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import fairstream
from fairstream.errors import FairstreamError, FormatError, InputError, LimitError, UsageError
from fairstream.opinion.aggregate import Window
from fairstream.opinion.annotate import READ, Settings
from fairstream.opinion.annotating import Done, Job, annotate
from fairstream.opinion.invented import part, plan
from fairstream.opinion.sparkframe import annotated
from fairstream.sources.posts.open import open_posts
from fairstream.store import spark
from fairstream.store.run import run as run_here
from store.works import Asking, Failing

TESTS = Path(__file__).parents[1]
WINDOW = Window(date(2022, 11, 1), date(2022, 11, 5))
PYSPARK = importlib.util.find_spec("pyspark")
JAVA = shutil.which("java", path=f"{os.environ['JAVA_HOME']}/bin" if "JAVA_HOME" in os.environ else None)
MISSING = (
    ""
    if PYSPARK and JAVA
    else f"the extra 'spark' needs {'Java' if PYSPARK else 'pyspark'}: .ci/run installs it"
)

# One cluster for all of them, also where pytest runs on several processes.
pytestmark = pytest.mark.xdist_group("spark")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session on two workers. What they write lies in a folder of the tests, not beside the package."""
    if MISSING:
        pytest.skip(MISSING)
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(_home(tmp_path_factory.mktemp("spark"))))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("SPARK_LOCAL_HOSTNAME", "127.0.0.1")
        builder = SparkSession.builder.master("local-cluster[2,1,1024]").appName("tests")
        for name, value in SETTINGS.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        _two_executors(session)
        yield session
        _end(session)


SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "512m",
    "spark.executorEnv.PYTHONPATH": os.pathsep.join((str(TESTS), str(Path(fairstream.__file__).parents[1]))),
    "spark.log.level": "OFF",
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.task.maxFailures": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


def _home(folder: Path) -> Path:
    """The installed Spark by links, because a local cluster writes into its home."""
    assert PYSPARK is not None and PYSPARK.origin is not None
    for name in ("bin", "jars", "python"):
        (folder / name).symlink_to(Path(PYSPARK.origin).parent / name)
    return folder


def _two_executors(session: Any) -> None:
    """Wait for both: Spark begins as soon as one is there."""
    until = time.monotonic() + 60
    while session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() < 3:
        assert time.monotonic() < until, "the second worker of Spark did not start"
        time.sleep(0.1)


def _end(session: Any) -> None:
    """End the Java machine too, so that its pipe is not left to the collector."""
    context = type(session.sparkContext)
    gateway = context._gateway
    session.stop()
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(30)
    context._gateway = context._jvm = None


def test_units_are_spread_over_two_workers_that_open_the_work_once(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    heard: list[tuple[int, Any]] = []
    threads = set[int]()

    def done(index: int, result: Any) -> None:
        heard.append((index, result))
        threads.add(threading.get_ident())

    answers = spark.run(Asking(), range(100, 112), done=done)
    assert [answer[0] for answer in answers] == list(range(200, 224, 2))
    assert sorted(heard) == list(enumerate(answers))
    assert threads == {threading.get_ident()}
    assert len({parent for _, _, parent, _, _ in answers}) == 2
    assert os.getpid() not in {process for _, process, *_ in answers}
    assert {(opened, folder) for *_, opened, folder in answers} == {(1, str(tmp_path))}


def test_nothing_to_do_starts_nothing() -> None:
    assert spark.run(Asking(), []) == []


@pytest.mark.parametrize(
    ("way", "kind", "told"),
    [
        ("unit", UsageError, r"^thirteen Remedy: another number$"),
        ("open", FormatError, r"^model.bin:3: no model Remedy: another$"),
        ("unsendable", FairstreamError, r"^UnsendableError: 1 and 2$"),
        (
            "file",
            InputError,
            r"nowhere/a\.items: a Spark worker does not find it .*same path; see docs/admin/spark",
        ),
        ("always", LimitError, r"^Spark workers were lost, most likely for want of memory .*memoryOverhead"),
    ],
)
def test_an_error_says_its_cause_in_a_line(
    cluster: Any,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    way: str,
    kind: type[FairstreamError],
    told: str,
) -> None:
    with pytest.raises(kind) as caught:
        spark.run(Failing(way, tmp_path), range(40))
    assert type(caught.value) is kind
    assert re.search(told, str(caught.value))
    assert len(str(caught.value)) < 400
    notes = [*getattr(caught.value, "__notes__", ()), *getattr(caught.value.__cause__, "__notes__", ())]
    assert ("works.py" in "".join(notes)) == (way in ("unit", "open", "file"))
    assert capfd.readouterr() == ("", "")
    done = len(list(tmp_path.iterdir()))
    assert done < 39
    # Nothing goes on writing into a folder that is about to be removed.
    time.sleep(1)
    assert len(list(tmp_path.iterdir())) == done


def test_the_unit_of_a_lost_worker_is_done_again(cluster: Any, tmp_path: Path) -> None:
    heard: list[int] = []
    assert spark.run(Failing("once", tmp_path), range(4), done=lambda i, r: heard.append(i)) == [0, 1, 2, 3]
    assert sorted(heard) == [0, 1, 2, 3]
    assert (tmp_path / "died").exists()


def test_two_copies_of_a_task_at_a_time_are_refused(cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyspark import SparkConf

    settings = SparkConf(loadDefaults=False).set("spark.speculation", "true")
    monkeypatch.setattr(cluster.sparkContext, "getConf", lambda: settings)
    with pytest.raises(UsageError, match="speculation"):
        spark.run(Asking(), [1])


@pytest.fixture(scope="module")
def posts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three files of a made-up window and one of hostile rows."""
    made = plan(1500, WINDOW)
    whole = part(made, 0, slice(0, made.kinds.shape[1]), 5).posts
    folder = tmp_path_factory.mktemp("posts")
    for number, (start, stop) in enumerate([(0, 600), (600, 1200), (1200, 1500)]):
        pq.write_table(
            pa.concat_tables([whole.slice(start, stop - start), whole.slice(0, 20)]),
            folder / f"{number}.parquet",
        )
    lines = ["id,text", "a,\0\t", "b,转发微博", f"c,{'长' * 20_000}", "d", 'e,"//@甲：假货，退钱"']
    (folder / "3.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def _annotated(folder: Path, out: Path, engine: Callable[..., list[Any]]) -> tuple[Done, pa.Table]:
    units = open_posts([folder], salt=b"test").units
    return annotate(Job(units, out), engine=engine), pq.read_table(out)


@pytest.fixture(scope="module")
def here(posts: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Done, pa.Table]:
    """The same without Spark, by the relative path of the posts."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(posts.parent)
        return _annotated(Path(posts.name), tmp_path_factory.mktemp("here") / "out", run_here)


@pytest.mark.parametrize("name", ["out.parquet", "out"])
def test_every_column_is_the_same_as_without_spark(
    cluster: Any,
    posts: Path,
    here: tuple[Done, pa.Table],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    monkeypatch.chdir(posts.parent)
    done, table = _annotated(Path(posts.name), tmp_path / name, spark.run)
    local, expected = here
    assert len(table) == local.items > 1500
    assert table.schema.equals(expected.schema, check_metadata=True)
    for column in expected.column_names:
        assert table[column].equals(expected[column]), column
    assert replace(done, seconds={}) == replace(local, seconds={})
    assert local.repeated == 60 and local.problems
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_broken_model_is_named(cluster: Any, posts: Path, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"no model")
    job = Job(open_posts([posts]).units, tmp_path / "out", Settings(model=tmp_path / "model.bin"))
    with pytest.raises(InputError, match=r"model\.bin"):
        annotate(job, engine=spark.run)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.bin"]


@pytest.mark.parametrize(("partitions", "rows"), [(1, 10_000), (2, 7), (5, 100)])
def test_a_frame_gives_what_a_file_gives(cluster: Any, posts: Path, partitions: int, rows: int) -> None:
    table = pq.read_table(posts / "0.parquet").slice(0, 300)
    expected = pa.Table.from_batches([Settings().open()(batch).items for batch in table.to_batches()])
    cluster.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(rows))
    frame = cluster.createDataFrame(table).withColumnRenamed("likes", "further")
    found = annotated(frame.repartition(partitions, "id")).toArrow()
    assert found.column_names == READ.names
    order = {name: place for place, name in enumerate(expected["id"].to_pylist())}
    places = [order[name] for name in found["id"].to_pylist()]
    assert sorted(places) == list(range(300))
    for field in READ:
        same = found[field.name].cast(field.type)
        wanted = expected[field.name].take(pa.array(places))
        if field.name == "likes":
            assert wanted.null_count < same.null_count == 300
        else:
            assert same.combine_chunks().equals(wanted.combine_chunks()), field.name


def test_a_frame_of_little_and_odd_things(cluster: Any) -> None:
    frame = cluster.sql(
        "SELECT * FROM VALUES ('1', '主播卖假货不给退款', TIMESTAMP_NTZ '2022-11-03 08:00:00.123456', 3),"
        " (NULL, NULL, NULL, NULL), ('3', '', TIMESTAMP_NTZ '1960-01-01 00:00:00.000999', 0)"
        " t(id, text, at, likes)"
    )
    rows = annotated(frame.coalesce(1)).toArrow().to_pylist()
    assert [(row["id"], row["text"], row["likes"]) for row in rows] == [
        ("1", "主播卖假货不给退款", 3),
        (None, "", None),
        ("3", "", 0),
    ]
    assert rows[0]["polarity"] == "complaint"
    assert [row["at"] and row["at"].astimezone(UTC) for row in rows] == [
        datetime(2022, 11, 3, 0, 0, 0, 123_000, UTC),
        None,
        datetime(1959, 12, 31, 16, 0, 0, 0, UTC),
    ]


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT 1 AS id", "no column text"),
        ("SELECT '1' AS id, '好' AS text, '2022-11-03' AS at", "column at is string"),
        ("SELECT '1' AS id, array('好') AS text", "column text is list"),
        ("SELECT '1' AS id, '好' AS text, 'many' AS likes", "column likes is string, not int64"),
        ("SELECT '1' AS id, '好' AS text, '甲' AS text", "two columns"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused_at_once(cluster: Any, query: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        annotated(cluster.sql(query))


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(
        UsageError, match=r"extra 'spark' Remedy: install it: pip install \"fairstream\[spark\]\""
    ):
        spark.run(Asking(), [1])


def _command(posts: Path, out: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fairstream", "opinion", "annotate", str(posts), "--out", str(out)]
    command += ["--engine", "spark", "--workers", "2", "--no-rules", "--json"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SPARK", "PYSPARK"))}
    return subprocess.run(
        command, env=kept | environment, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.skipif(not PYSPARK, reason=MISSING)
def test_without_java_the_command_says_so(posts: Path, tmp_path: Path) -> None:
    told = _command(posts, tmp_path / "out.parquet", JAVA_HOME=str(tmp_path))
    assert told.returncode == 2
    assert "Error: Spark needs Java, and there is none in JAVA_HOME" in told.stderr
    assert "apt-get install openjdk-17-jre-headless" in told.stderr


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
def test_the_command_starts_spark_on_this_machine_alone(
    posts: Path, here: tuple[Done, pa.Table], tmp_path: Path
) -> None:
    told = _command(posts, tmp_path / "out.parquet")
    assert told.returncode == 1, told.stderr
    summary = json.loads(told.stdout)
    local, expected = here
    assert (summary["items"], summary["repeated"]) == (local.items, local.repeated)
    # Pseudonyms come from the key of this machine, and paths are as given.
    ours = [name for name in expected.column_names if name not in ("author", "file")]
    table = pq.read_table(tmp_path / "out.parquet")
    assert [name for name in ours if not table[name].equals(expected[name])] == []
    assert "\tat " not in told.stderr
