"""Two hours of speech and fifty thousand messages, from records to report and Parquet."""

import random
import time
from datetime import date
from pathlib import Path

from fairstream.detect.shipped import open_scanner
from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.export import write_jsonl, write_parquet
from fairstream.inspect.report import write_report
from fairstream.law.resolve import load_law
from fairstream.records import Broadcast, ChatMessage, Utterance
from fairstream.sources.folder import read_folder

EXAMPLES = Path(__file__).parents[2] / "examples" / "broadcasts"
MOST_SECONDS = 10.0
"""The promise of the product, on two cores; a quiet machine needs about 3 s."""


def long_broadcast() -> Broadcast:
    """Words of the invented broadcasts in random order."""
    order = random.Random(7)
    held = [read_folder(folder) for folder in sorted(EXAMPLES.iterdir())]
    said = [utterance.text for one in held for utterance in one.utterances]
    typed = [message.text for one in held for message in one.chat]
    utterances, start = [], 0
    while start < 7_200_000:
        text = order.choice(said)
        utterances.append(Utterance(f"u{len(utterances)}", text, start, start + 250 * len(text)))
        start += 250 * len(text) + 300
    chat = tuple(
        ChatMessage(f"c{n}", order.choice(typed), n * 144, speaker="customer") for n in range(50_000)
    )
    return Broadcast("long", "两小时", date(2026, 3, 1), utterances=tuple(utterances), chat=chat)


def test_two_hours_and_fifty_thousand_messages_in_ten_seconds(tmp_path: Path):
    scanner, law, broadcast = open_scanner(today=date(2026, 3, 1)), load_law(), long_broadcast()
    begun = time.perf_counter()
    inspection = inspect_broadcast(broadcast, scanner, law)
    write_jsonl([inspection], tmp_path / "f.jsonl")
    write_parquet([inspection], tmp_path / "f.parquet")
    write_report(inspection, tmp_path / "r.html")
    taken = time.perf_counter() - begun
    assert taken <= MOST_SECONDS
    assert inspection.read["chat"].texts == 50_000
    assert inspection.findings
    assert any(located.finding.count > 5 for located in inspection.findings)
    assert (tmp_path / "r.html").stat().st_size < 8_000_000
