"""Listening to Kafka, over the wire protocol of librdkafka's built-in mock cluster (not a real broker)."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from fairstream.columns import POSTS
from fairstream.errors import InputError, UsageError
from fairstream.sources.posts.kafka import Listener, Received, Subscription, Tally
from fairstream.sources.posts.landing import Landing

kafka = pytest.importorskip("confluent_kafka", reason="the extra 'kafka' is not installed")

QUICK = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "500"}
"""A group forgets a killed member after six seconds; the mock cluster forms no group in less than three."""


class Cluster:
    """A mock cluster of one broker inside this process; other processes reach it at `address`."""

    def __init__(self) -> None:
        self.producer = kafka.Producer(
            {"test.mock.num.brokers": 1, "bootstrap.servers": "", "log_level": 0, "partitioner": "murmur2"}
        )
        broker = next(iter(self.producer.list_topics(timeout=10).brokers.values()))
        self.address = f"{broker.host}:{broker.port}"

    def send(self, topic: str, *values: Any, partitions: int = 4) -> None:
        for at, value in enumerate(values):
            data = value if isinstance(value, bytes) else orjson.dumps(value)
            self.producer.produce(topic, data, partition=at % partitions)
        assert self.producer.flush(20) == 0

    def subscription(self, topic: str, **keys: Any) -> Subscription:
        keys = {"group": topic, "every_s": 0.2, "seconds": 30, "settings": QUICK} | keys
        return Subscription(brokers=self.address, topic=topic, **keys)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    cluster = Cluster()
    yield cluster
    cluster.producer.purge()
    cluster.producer.flush(1)


def plain(rows: Sequence[Received], topic: str) -> tuple[pa.Table, Mapping[int, str]]:
    """Rows with id and text are posts."""
    good = [one.row for one in rows if "id" in one.row]
    causes = {at: "no id" for at, one in enumerate(rows) if "id" not in one.row}
    return pa.Table.from_pylist(good, schema=POSTS), causes


def items(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [{"id": f"k{n}", "text": f"虚构第{n}条", "channel": "抖音"} for n in range(start, start + count)]


def run(cluster: Cluster, topic: str, folder: Path, **keys: Any) -> Tally:
    with Landing(folder) as landing:
        return Listener(cluster.subscription(topic, **keys), landing, plain).listen()


def landed(folder: Path) -> list[str]:
    return sorted(
        one for part in folder.glob("part-*.parquet") for one in pq.read_table(part)["id"].to_pylist()
    )


def _refused(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.refused.jsonl")


def ids(count: int) -> list[str]:
    return sorted(one["id"] for one in items(count))


def test_messages_of_all_partitions_land_and_a_second_listening_goes_on_after_them(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.send("goes-on", *items(100))
    tally = run(cluster, "goes-on", tmp_path, items=100)
    assert (tally.messages, tally.items, tally.refused, tally.uncommitted) == (100, 100, 0, 0)
    cluster.send("goes-on", *items(20, 100))
    tally = run(cluster, "goes-on", tmp_path, items=20)
    assert (tally.messages, tally.items, tally.repeated) == (20, 20, 0)
    assert landed(tmp_path) == ids(120)


def test_a_part_holds_at_most_the_asked_number_of_messages(cluster: Cluster, tmp_path: Path) -> None:
    cluster.send("parts", *items(95))
    tally = run(cluster, "parts", tmp_path, items=95, most=30, every_s=60)
    sizes = [pq.read_metadata(part).num_rows for part in sorted(tmp_path.glob("part-*.parquet"))]
    assert sizes == [30, 30, 30, 5]
    assert tally.parts == 4


def test_bad_messages_are_listed_with_place_and_cause_and_lose_nothing_else(
    cluster: Cluster, tmp_path: Path
) -> None:
    bad = [b"{cut", b"", b"[1]", b"\xff\xfe", orjson.dumps({"nickname": "针"})]
    cluster.send("bad", *items(3), *bad, *items(3, 3), partitions=1)
    tally = run(cluster, "bad", tmp_path, items=11)
    assert (tally.items, tally.refused) == (6, 5)
    lines = [orjson.loads(line) for line in _refused(tmp_path).read_bytes().splitlines()]
    assert [(line["topic"], line["partition"], line["offset"]) for line in lines] == [
        ("bad", 0, offset) for offset in range(3, 8)
    ]
    assert [line["cause"].split(":")[0] for line in lines] == [
        "not JSON", "the message is empty", "not a JSON object", "not JSON", "no id",
    ]  # fmt: skip
    assert "针" not in _refused(tmp_path).read_text()


def test_content_of_refused_messages_is_kept_only_on_request_and_masked(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.send("kept", b"call 13812345678", partitions=1)
    run(cluster, "kept", tmp_path, items=1, keep_refused=True)
    (line,) = _refused(tmp_path).read_bytes().splitlines()
    assert orjson.loads(line)["value"] == "call 138******78"


def test_nothing_is_committed_when_writing_fails_and_nothing_is_lost(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.send("full", *items(10))
    with monkeypatch.context() as broken:
        broken.setattr(Landing, "add", _full_disk)
        with pytest.raises(OSError, match="No space"):
            run(cluster, "full", tmp_path, items=10)
    assert landed(tmp_path) == []
    assert run(cluster, "full", tmp_path, items=10).items == 10


def _full_disk(landing: Landing, posts: pa.Table) -> tuple[Path | None, int]:
    raise OSError(28, "No space left on device")


def test_a_kill_between_part_and_commit_doubles_nothing(cluster: Cluster, tmp_path: Path) -> None:
    cluster.send("killed", *items(60), b"bad")
    killed = _process(cluster, "killed", tmp_path, "Listener._commit = lambda *_: os.kill(os.getpid(), 9)")
    assert killed.wait(60) == -signal.SIGKILL
    before = landed(tmp_path)
    assert before
    tally = run(cluster, "killed", tmp_path, items=61)
    assert tally.messages == 61
    assert (tally.repeated, tally.items) == (len(before), 60 - len(before))
    assert landed(tmp_path) == ids(60)
    assert len(_refused(tmp_path).read_bytes().splitlines()) == 1


@pytest.mark.parametrize("after", [1, 4])
def test_a_kill_at_any_part_loses_and_doubles_nothing(cluster: Cluster, tmp_path: Path, after: int) -> None:
    topic = f"kill-{after}"
    cluster.send(topic, *items(200))
    killed = _process(cluster, topic, tmp_path, "", most=20)
    _until(lambda: len(list(tmp_path.glob("part-*.parquet"))) >= after)
    killed.kill()
    killed.wait(60)
    with Landing(tmp_path) as landing:
        listener = Listener(cluster.subscription(topic, seconds=60), landing, plain)
        listener.listen(lambda: len(landed(tmp_path)) >= 200)
    assert landed(tmp_path) == ids(200)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_writes_and_commits_what_was_read(
    cluster: Cluster, tmp_path: Path, sent: signal.Signals
) -> None:
    topic = f"signal-{sent.name}"
    cluster.send(topic, *items(50))
    options = [sys.executable, "-m", "fairstream", "opinion", "listen", "--brokers", cluster.address]
    options += ["--topic", topic, "--group", topic, "--out", str(tmp_path), "--every", "600", "--json"]
    options += [part for one in QUICK.items() for part in ("--set", "=".join(one))]
    with subprocess.Popen(options, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as listener:
        assert listener.stderr is not None
        assert listener.stderr.readline() == b"listening: 4 partitions\n"
        time.sleep(2)
        assert landed(tmp_path) == []
        listener.send_signal(sent)
        out, err = listener.communicate(timeout=30)
    assert listener.returncode == 0, err.decode()
    assert orjson.loads(out)["items"] == 50
    assert landed(tmp_path) == ids(50)
    assert run(cluster, topic, tmp_path, seconds=8).messages == 0


def test_a_second_listener_of_the_group_takes_over_partitions_without_loss_or_doubles(
    cluster: Cluster, tmp_path: Path
) -> None:
    cluster.send("shared", *items(100))
    folders = [tmp_path / "a", tmp_path / "b"]

    def complete() -> bool:
        return len(set(landed(folders[0]) + landed(folders[1]))) >= 200

    def join(folder: Path) -> threading.Thread:
        def work() -> None:
            with Landing(folder) as landing:
                Listener(cluster.subscription("shared", seconds=60), landing, plain).listen(complete)

        thread = threading.Thread(target=work)
        thread.start()
        return thread

    threads = [join(folders[0])]
    _until(lambda: len(landed(folders[0])) >= 1)
    threads.append(join(folders[1]))
    time.sleep(8)  # the mock cluster hands partitions over within the heartbeats of the first
    cluster.send("shared", *items(100, 100))
    for thread in threads:
        thread.join(70)
    assert sorted(landed(folders[0]) + landed(folders[1])) == ids(200)
    assert landed(folders[1])


def test_stopping_is_heard_while_nothing_comes(cluster: Cluster, tmp_path: Path) -> None:
    cluster.send("quiet", *items(1))
    stop = threading.Event()
    subscription = cluster.subscription("quiet", seconds=None)
    with Landing(tmp_path) as landing:
        listener = Listener(subscription, landing, plain, lambda line: threading.Timer(2, stop.set).start())
        tally = listener.listen(stop.is_set)
    assert (tally.messages, tally.items) == (1, 1)


def test_no_broker_is_said_plainly_and_not_at_every_attempt(tmp_path: Path) -> None:
    said: list[str] = []
    with Landing(tmp_path) as landing:
        nobody = Subscription("127.0.0.1:1", "t", "g")
        with pytest.raises(InputError, match=r"127\.0\.0\.1:1: no broker answers"):
            Listener(nobody, landing, plain, said.append).listen()
    assert 1 <= len(said) <= 3


def test_settings_that_the_promise_rests_on_cannot_be_changed(cluster: Cluster, tmp_path: Path) -> None:
    with Landing(tmp_path) as landing:
        for name, value, words in [
            ("enable.auto.commit", "true", "not free"),
            ("no.such.setting", "1", "No such configuration property"),
        ]:
            wanted = cluster.subscription("t", settings={name: value})
            with pytest.raises(UsageError, match=words):
                Listener(wanted, landing, plain).listen()


def test_the_missing_extra_is_named(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with Landing(tmp_path) as landing, pytest.raises(UsageError, match=r"fairstream\[kafka\]"):
        Listener(cluster.subscription("t"), landing, plain).listen()


def _process(
    cluster: Cluster, topic: str, folder: Path, first: str, **keys: Any
) -> "subprocess.Popen[bytes]":
    """Another process that listens as this module's `run` does, after the statement `first`."""
    keys = {"group": topic, "items": 200} | keys
    code = (
        "import os, sys; from pathlib import Path; from sources.posts import test_kafka as t\n"
        "from fairstream.sources.posts.kafka import Listener, Subscription\n"
        f"{first}\n"
        f"with t.Landing(Path({str(folder)!r})) as landing:\n"
        f"    keys = {keys!r} | dict(every_s=0.2, settings=t.QUICK)\n"
        f"    wanted = Subscription({cluster.address!r}, {topic!r}, **keys)\n"
        "    Listener(wanted, landing, t.plain).listen()\n"
    )
    tests = str(Path(__file__).parents[2])
    return subprocess.Popen([sys.executable, "-c", code], env=os.environ | {"PYTHONPATH": tests})


def _until(ready: Callable[[], bool], limit_s: float = 30) -> None:
    end = time.monotonic() + limit_s
    while not ready():
        assert time.monotonic() < end
        time.sleep(0.01)
