"""Findings for other programs."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import orjson
import pyarrow.parquet as pq
from inspect_scenes import PhraseScanner

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.export import rows, write_jsonl, write_parquet, write_spoken
from fairstream.inspect.inspection import Inspection
from fairstream.law.resolve import load_law
from fairstream.records import CHINA, Broadcast, ChatMessage, Utterance


def test_a_row_tells_place_law_and_parties_in_both_languages(inspected: Inspection):
    row = next(row for row in rows(inspected) if row["medium"] == "speech")
    assert row["broadcast"] == "demo"
    assert row["invented"] is True
    assert (row["unit"], row["start"], row["end"], row["quote"]) == ("u2", 2, 6, "全网最好")
    assert (row["start_ms"], row["file"], row["line"]) == (3000, "talk.srt", 2)
    assert row["at"] == "2026-03-14T20:00:03+08:00"
    assert (row["title_zh"], row["title_en"]) == ("宣称全网最好", "Says 全网最好")
    assert row["proof_needed_en"] == ["That it is an advertisement"]
    assert row["liable"][0] == {"role": "seller", "names": ["某公司"]}
    cited = row["citations"][0]
    assert (cited["article"], cited["title_en"], cited["gist_zh"]) == (
        "9",
        "Advertising Law",
        "不得使用最高级",
    )


def test_json_lines_and_parquet_hold_the_same(inspected: Inspection, tmp_path: Path):
    assert write_jsonl([inspected], tmp_path / "f.jsonl") == 4
    assert write_parquet([inspected], tmp_path / "f.parquet") == 4
    lines = [orjson.loads(line) for line in (tmp_path / "f.jsonl").read_bytes().splitlines()]
    assert lines == list(rows(inspected))
    assert pq.read_table(tmp_path / "f.parquet").to_pylist() == lines


def test_several_inspections_go_into_one_file(inspected: Inspection, tmp_path: Path):
    other = replace(inspected, broadcast=replace(inspected.broadcast, id="other"))
    assert write_jsonl([inspected, other], tmp_path / "f.jsonl") == 8


def test_no_findings_give_an_empty_table_with_the_same_columns(inspected: Inspection, tmp_path: Path):
    empty = inspect_broadcast(Broadcast("b", "", date(2026, 1, 1)), PhraseScanner(), load_law())
    write_parquet([empty], tmp_path / "empty.parquet")
    write_parquet([inspected], tmp_path / "full.parquet")
    table = pq.read_table(tmp_path / "empty.parquet")
    assert table.num_rows == 0
    assert table.schema == pq.read_table(tmp_path / "full.parquet").schema


def test_a_consumers_number_is_masked_in_the_quote(broadcast: Broadcast):
    class Flags(PhraseScanner):
        def scan(self, texts, language=None):
            given = super().scan([replace(text, speaker="unknown") for text in texts], language)
            return [
                [replace(finding, speaker=text.speaker) for finding in found]
                for text, found in zip(texts, given, strict=True)
            ]

    chat = (ChatMessage("c1", "加13812345678", 10), ChatMessage("c2", "加13912345678", 20, speaker="seller"))
    held = replace(broadcast, utterances=(), screen=(), listings=(), chat=chat)
    inspection = inspect_broadcast(held, Flags("加13812345678", "加13912345678"), load_law())
    assert [row["quote"] for row in rows(inspection)] == ["加138******78", "加13912345678"]


def test_what_was_said_is_written_whoever_wrote_it_down(broadcast: Broadcast, tmp_path: Path):
    said = (
        Utterance("u1", "这款加13812345678", 1500, 2500),
        Utterance("r1-u1", "我加13812345678", None, speaker="customer", heard="syllables", recording_id="r1"),
    )
    held = replace(broadcast, utterances=said, started_at=datetime(2026, 3, 1, 20, tzinfo=CHINA))
    inspection = inspect_broadcast(held, PhraseScanner("无"), load_law())
    assert write_spoken([inspection], tmp_path / "spoken.jsonl") == 2
    first, second = map(orjson.loads, (tmp_path / "spoken.jsonl").read_bytes().splitlines())
    assert (first["text"], first["start_ms"], first["end_ms"], first["heard"]) == (
        said[0].text,
        1500,
        2500,
        "given",
    )
    assert first["at"] == "2026-03-01T20:00:01.500000+08:00"
    assert (second["text"], second["at"], second["heard"]) == ("我加138******78", None, "syllables")
