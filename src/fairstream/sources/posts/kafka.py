"""Posts from Kafka while they come in: messages → micro-batches → Parquet parts in a folder.

Delivery is at least once: offsets are committed only when the part with the messages before them is on
disk, and `Landing` writes no item twice, so that neither a kill nor a rebalance loses or doubles an item.
A message is one JSON object in any shape that the readers of files know. `confluent-kafka` (the extra
`kafka`) is imported when listening begins.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, Protocol

import orjson
import pyarrow as pa

from fairstream.errors import InputError, UsageError
from fairstream.sources.posts.landing import Landing, Refused
from fairstream.text.masking import mask

POLL_S: Final = 0.5
"""Longest wait for the broker before the wish to stop is looked at."""
_OURS: Final = ("bootstrap.servers", "group.id", "enable.auto.commit", "enable.auto.offset.store")
_SILENCE_S: Final = 60.0
_KEPT_CHARACTERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Subscription:
    """What to listen to and how long.

    A part is written when `most` messages wait or the first of them has waited `every_s` seconds.
    `seconds` and `items` end the listening; `items` counts messages. `settings` go to librdkafka as they
    are. `keep_refused` lists refused messages with their content, which may name people.
    """

    brokers: str
    topic: str
    group: str
    seconds: float | None = None
    items: int | None = None
    most: int = 20_000
    every_s: float = 30.0
    newest_only: bool = False
    keep_refused: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Tally:
    """What happened: messages read; items written, in how many parts; items that were there; refused."""

    messages: int = 0
    items: int = 0
    parts: int = 0
    repeated: int = 0
    refused: int = 0
    uncommitted: int = 0


class Received(NamedTuple):
    """A message that is a JSON object."""

    partition: int
    offset: int
    size: int
    row: dict[str, Any]


class Convert(Protocol):
    """JSON objects → posts, and for every row that is no post its index and the cause."""

    def __call__(self, rows: Sequence[Received], topic: str) -> tuple[pa.Table, Mapping[int, str]]: ...


class Listener:
    """One consumer of a group, writing into one folder."""

    def __init__(
        self,
        subscription: Subscription,
        landing: Landing,
        convert: Convert,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        self.subscription = subscription
        self.landing = landing
        self.tally = Tally()
        self._convert = convert
        self._say = say
        self._good: list[Received] = []
        self._bad: list[Refused] = []
        self._next: dict[int, int] = {}
        self._since = 0.0

    def listen(self, stopped: Callable[[], bool] = lambda: False) -> Tally:
        """Read until `stopped`, the time or the number of messages; what was read is written before it
        returns. Raises `InputError` when no broker answers or the topic does not exist, `UsageError` when
        the extra is missing or a setting is not one."""
        kafka = _library()
        consumer = _consumer(kafka, self.subscription, self._say)
        try:
            _check_topic(kafka, consumer, self.subscription)
            consumer.subscribe(
                [self.subscription.topic],
                on_assign=lambda which, partitions: self._say(f"listening: {len(partitions)} partitions"),
                on_revoke=lambda which, partitions: self._flush(kafka, which),
                on_lost=lambda which, partitions: self._forget(partitions),
            )
            self._read(kafka, consumer, stopped)
            self._flush(kafka, consumer)
        finally:
            consumer.close()
        return self.tally

    def _read(self, kafka: Any, consumer: Any, stopped: Callable[[], bool]) -> None:
        wanted = self.subscription
        end = time.monotonic() + wanted.seconds if wanted.seconds is not None else float("inf")
        while not stopped() and time.monotonic() < end:
            left = wanted.most - self._waiting()
            if wanted.items is not None:
                left = min(left, wanted.items - self.tally.messages)
                if left <= 0 and self.tally.messages >= wanted.items:
                    return
            for message in consumer.consume(max(left, 1), POLL_S):
                self._take(kafka, message)
            due = self._waiting() and time.monotonic() - self._since >= wanted.every_s
            if due or self._waiting() >= wanted.most:
                self._flush(kafka, consumer)

    def _waiting(self) -> int:
        return len(self._good) + len(self._bad)

    def _take(self, kafka: Any, message: Any) -> None:
        error = message.error()
        if error:
            self._heed(kafka, error)
            return
        if not self._waiting():
            self._since = time.monotonic()
        self.tally.messages += 1
        self._next[message.partition()] = message.offset() + 1
        value = message.value()
        row, cause = _object(value)
        if row is None:
            self._refuse(message.partition(), message.offset(), cause, value or b"")
        else:
            self._good.append(Received(message.partition(), message.offset(), len(value), row))

    def _heed(self, kafka: Any, error: Any) -> None:
        """Errors that pass are said; those that do not end the listening."""
        unknown = (kafka.KafkaError.UNKNOWN_TOPIC_OR_PART, kafka.KafkaError.TOPIC_AUTHORIZATION_FAILED)
        if error.fatal() or error.code() in unknown:
            raise InputError(
                f"the broker refuses: {error.str()}",
                file=f"topic {self.subscription.topic}",
                remedy="check the topic's name and your rights to it",
            )
        if error.code() != kafka.KafkaError._PARTITION_EOF:
            self._say(f"Kafka: {error.str()}")

    def _refuse(self, partition: int, offset: int, cause: str, value: bytes) -> None:
        kept = mask(value.decode(errors="replace")[:_KEPT_CHARACTERS])
        self._bad.append(
            Refused(
                self.subscription.topic,
                partition,
                offset,
                cause,
                len(value),
                kept if self.subscription.keep_refused else None,
            )
        )

    def _flush(self, kafka: Any, consumer: Any) -> None:
        """Write what waits, then commit; in this order, so that nothing committed is unwritten."""
        if not self._next:
            return
        posts, causes = self._convert(self._good, self.subscription.topic)
        for at, cause in causes.items():
            one = self._good[at]
            self._refuse(one.partition, one.offset, cause, orjson.dumps(one.row))
        self.tally.refused += self.landing.refuse(self._bad)
        part, written = self.landing.add(posts)
        self.tally.items += written
        self.tally.repeated += posts.num_rows - written
        self.tally.parts += part is not None
        self._commit(kafka, consumer)
        if part:
            self._say(f"{part.name}: {written:,}; {self.tally.items:,} in all")
        self._good, self._bad, self._next = [], [], {}

    def _commit(self, kafka: Any, consumer: Any) -> None:
        topic = self.subscription.topic
        offsets = [kafka.TopicPartition(topic, one, after) for one, after in self._next.items()]
        try:
            consumer.commit(offsets=offsets, asynchronous=False)
            self.tally.uncommitted = 0
        except kafka.KafkaException as error:
            self.tally.uncommitted += self._waiting()
            self._say(f"Kafka: {error.args[0].str()}; these messages will be read again and not doubled")

    def _forget(self, partitions: Sequence[Any]) -> None:
        """Partitions that another consumer has already: it reads their uncommitted messages again."""
        lost = {one.partition for one in partitions}
        self._good = [one for one in self._good if one.partition not in lost]
        self._bad = [one for one in self._bad if one.partition not in lost]
        self._next = {one: after for one, after in self._next.items() if one not in lost}


class _Sparing:
    """Says an error of the connection once a minute; librdkafka tells it at every attempt."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._last: dict[int, float] = {}

    def __call__(self, error: Any) -> None:
        now = time.monotonic()
        if now - self._last.get(error.code(), -_SILENCE_S) >= _SILENCE_S:
            self._last[error.code()] = now
            self._say(f"Kafka: {error.str()}")


def _object(value: bytes | None) -> tuple[dict[str, Any] | None, str]:
    """The message as a JSON object, or why it is none."""
    if not value:
        return None, "the message is empty"
    try:
        row = orjson.loads(value)
    except orjson.JSONDecodeError as error:
        return None, f"not JSON: {error.msg} (character {error.pos})"
    return (row, "") if isinstance(row, dict) else (None, "not a JSON object")


def _library() -> Any:
    try:
        import confluent_kafka
    except ImportError as error:
        raise UsageError(
            "listening to Kafka needs the extra 'kafka'",
            remedy='install it: pip install "fairstream[kafka]"',
        ) from error
    return confluent_kafka


def _consumer(kafka: Any, wanted: Subscription, say: Callable[[str], None]) -> Any:
    for name in _OURS:
        if name in wanted.settings:
            raise UsageError(f"the setting {name} is not free", remedy="leave it out; the options say it")
    settings: dict[str, Any] = {
        "auto.offset.reset": "latest" if wanted.newest_only else "earliest",
        "client.id": "fairstream",
        "log_level": 2,
        **wanted.settings,
        "bootstrap.servers": wanted.brokers,
        "group.id": wanted.group,
        "enable.auto.commit": False,
        "enable.auto.offset.store": False,
        "error_cb": _Sparing(say),
    }
    try:
        return kafka.Consumer(settings)
    except (kafka.KafkaException, TypeError, ValueError) as error:
        cause = error.args[0].str() if isinstance(error, kafka.KafkaException) else str(error)
        raise UsageError(f"Kafka settings: {cause}", remedy="correct the setting") from error


def _check_topic(kafka: Any, consumer: Any, wanted: Subscription) -> None:
    """Raise `InputError` when no broker answers or there is no such topic."""
    try:
        found = consumer.list_topics(wanted.topic, timeout=10).topics.get(wanted.topic)
    except kafka.KafkaException as error:
        raise InputError(
            f"no broker answers ({error.args[0].str()})",
            file=wanted.brokers,
            remedy="check host and port, and that the broker advertises a name this machine can reach",
        ) from error
    if found is None or found.error is not None:
        raise InputError("there is no such topic", file=f"topic {wanted.topic}", remedy="check its name")
