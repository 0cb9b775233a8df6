"""`fairstream opinion listen`: posts from Kafka into a folder of Parquet parts, while they come in."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

import click
import orjson

from fairstream.cli.options import json_option
from fairstream.errors import UsageError


@click.command()
@click.option("--brokers", required=True, metavar="HOST:PORT,…", help="Kafka brokers to ask first.")
@click.option("--topic", required=True, help="Topic to listen to.")
@click.option("--group", required=True, help="Consumer group; it remembers what was read.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder of parts."
)
@click.option("--seconds", type=click.FloatRange(0, min_open=True), help="Stop after so long.")
@click.option("--items", type=click.IntRange(1), help="Stop after so many messages.")
@click.option(
    "--every", default=30.0, show_default=True, type=click.FloatRange(0.1), help="Seconds to a part."
)
@click.option("--most", default=20_000, show_default=True, type=click.IntRange(1), help="Messages to a part.")
@click.option("--newest", is_flag=True, help="A new group begins with messages still to come.")
@click.option("--keep-refused", is_flag=True, help="List refused messages with content; it may name people.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Setting of librdkafka.")
@click.option(
    "--settings",
    "settings_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File of NAME=VALUE lines, for passwords.",
)
@json_option
def listen(
    brokers: str,
    topic: str,
    group: str,
    out: Path,
    seconds: float | None,
    items: int | None,
    every: float,
    most: int,
    newest: bool,
    keep_refused: bool,
    settings: tuple[str, ...],
    settings_file: Path | None,
    as_json: bool,
) -> int:
    """Listen to a Kafka topic and write posts as Parquet parts; Ctrl-C ends it cleanly.

    A message is one JSON object as any known collector writes it, or with the plain columns id, text, at,
    channel. Offsets are committed after the part is on disk, and no item is written twice, also after a
    crash. What cannot be used is listed in OUT.refused.jsonl with partition, offset and cause. Every listener
    needs a folder of its own. Needs the extra: pip install "fairstream[kafka]".

    \b
    Examples:
      fairstream opinion listen --brokers kafka:9092 --topic posts --group monitor --out live/
      fairstream opinion listen --brokers kafka:9092 --topic posts --group g --out live/ --seconds 3600 --json
      fairstream opinion annotate live/ --out annotated.parquet

    Exit code 1 when some message could not be used.
    """
    # Arrow takes a while to import; --help should not wait for it.
    from fairstream.sources.posts.kafka import Listener, Subscription
    from fairstream.sources.posts.landing import Landing
    from fairstream.sources.posts.messages import Messages

    wanted = Subscription(
        brokers, topic, group, seconds, items, most, every, newest, keep_refused,
        _settings(settings, settings_file),
    )  # fmt: skip
    with _stopping() as stopped, Landing(out) as landing:
        tally = Listener(wanted, landing, Messages(), _say).listen(stopped)
    if as_json:
        click.echo(orjson.dumps(asdict(tally)))
    else:
        click.echo(
            f"{tally.messages:,} messages → {tally.items:,} items in {tally.parts} parts; "
            f"{tally.repeated:,} there already, {tally.refused:,} refused"
            + (f" (see {landing.refused})" if tally.refused else "")
        )
    return 1 if tally.refused else 0


def _say(line: str) -> None:
    click.echo(line, err=True)
    sys.stderr.flush()


def _settings(pairs: tuple[str, ...], file: Path | None) -> dict[str, str]:
    lines = file.read_text("utf-8").splitlines() if file else []
    found = {}
    for line in (*lines, *pairs):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals:
            raise UsageError(
                "a setting is not NAME=VALUE", file=file, remedy="write security.protocol=SASL_SSL"
            )
        found[name.strip()] = value.strip()
    return found


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """True once the process was asked to end; a second signal ends it at once."""
    stop = threading.Event()
    kept: dict[signal.Signals, Any] = {}

    def hear(number: int, frame: FrameType | None) -> None:
        stop.set()
        for one, before in kept.items():
            signal.signal(one, before)

    for one in (signal.SIGINT, signal.SIGTERM):
        kept[one] = signal.signal(one, hear)
    try:
        yield stop.is_set
    finally:
        for one, before in kept.items():
            signal.signal(one, before)
