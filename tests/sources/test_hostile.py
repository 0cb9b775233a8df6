"""Every reader against every kind of nonsense: a clear error or records, soon, and nothing else."""

import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fairstream.errors import FairstreamError
from fairstream.sources.chat import read_chat
from fairstream.sources.danmaku import read_danmaku
from fairstream.sources.listings import read_listings, read_shops
from fairstream.sources.manifest import read_manifest
from fairstream.sources.subtitles import read_subtitles
from fairstream.sources.timedrows import read_screen, read_timed_utterances
from fairstream.sources.transcripts import read_funasr, read_transcript, read_whisper

READERS: tuple[Callable[..., Any], ...] = (
    read_danmaku,
    read_subtitles,
    read_transcript,
    read_whisper,
    read_funasr,
    read_chat,
    read_listings,
    read_shops,
    read_timed_utterances,
    read_screen,
    read_manifest,
)
SEEDS = (
    b"1\n00:00:01,000 --> 00:00:02,000\nabc\n",
    b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v a>b\n",
    b"[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,a{\\b1}\n",
    b"[00:01.00]abc\n[00:02.00]d\n",
    b'<i><d p="1,1,25,1,1772366400000,0,3,0" user="a">b</d><sc ts="1" user="a">b</sc></i>',
    b'{"segments":[{"start":0,"end":1,"text":"a","avg_logprob":-0.1}]}',
    b'[{"key":"a","text":"b","timestamp":[[0,1]]}]',
    b'{"user":"a","text":"b","start_ms":1}\n{"user":"a","text":"c"}\n',
    b"title,price\na,1\n",
    b"id: a\non: 2026-03-01\nparties:\n- {role: host, name: a}\n",
)
NONSENSE = {
    "empty": b"",
    "noise": random.Random(1).randbytes(100_000),
    "nulls": b"\0" * 100_000,
    "deep lists": b"[" * 200_000 + b"]" * 200_000,
    "deep objects": b'{"a":' * 100_000,
    "one line": ("一二三，" * 300_000).encode(),
    "quotes": b'"' * 500_001,
    "less-than": b"<" * 500_000,
    "endless attribute": b'<i><d p="' + b"1" * 2_000_000 + b'">x</d></i>',
    "many quotes": b'<i><d p="1" user="' + b'" ' * 300_000 + b'">x</d></i>',
    "many attributes": b"<i><d " + b'a="b" ' * 200_000 + b">x</d></i>",
    "open tag": b"<i><d" + b" " * 2_000_000,
    "arrows": b"-->" * 300_000,
    "digits": b"1" * 3_000_000,
    "colons": b"1:" * 1_000_000,
    "commas": b"," * 2_000_000,
    "brackets": "（".encode() * 300_000,
    "stamps": b"[00:01]" * 300_000,
    "voices": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 500_000,
    "styles": b"[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,a,b,0,0,0,," + b"{" * 200_000,
    "repeats": b'{"segments":[{"text":"' + b"ab" * 300_000 + b'","start":0,"end":1}]}',
    "spaces": b" " * 2_000_000 + b"x",
    "console": "【聊天msg】[1]".encode() * 100_000,
    "numbers": b'{"text":"a","user":"b","timestamp":99999999999999999999,"t":1e999}',
    "long number": b'{"text":"a","t":' + b"9" * 100_000 + b"}",
    "yaml bomb": b"a: &a [x,x]\nb: &b [*a,*a]\n",
    "zip": b"PK\x03\x04" + b"\xff" * 10_000,
    "surrogates": b'{"segments":[{"text":"\\ud800\\udfff\\ud800","start":0,"end":1}]}',
}


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_gives_an_error_or_records_soon(reader: Callable[..., Any], name: str) -> None:
    started = time.perf_counter()
    try:
        loaded = reader(NONSENSE[name], name="bad")
    except FairstreamError as error:
        assert error.file == "bad"
        assert error.remedy
        assert len(str(error)) < 500
    else:
        assert loaded.records or loaded.problems
    assert time.perf_counter() - started < 15


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 200), st.binary(max_size=6)), max_size=6))
def test_any_change_of_a_good_file_gives_an_error_or_records(
    seed: bytes, changes: list[tuple[int, bytes]]
) -> None:
    data = seed
    for at, piece in changes:
        data = data[:at] + piece + data[at + len(piece) // 2 :]
    for reader in READERS:
        try:
            loaded = reader(data, name="bad")
        except FairstreamError:
            continue
        for record in loaded.records:
            repr(record).encode()


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@pytest.mark.parametrize("seed", SEEDS, ids=range(len(SEEDS)))
def test_files_cut_anywhere(reader: Callable[..., Any], seed: bytes) -> None:
    for cut in range(len(seed)):
        try:
            reader(seed[:cut], name="bad")
        except FairstreamError as error:
            assert error.remedy


def test_ten_million_characters_in_one_line_take_bounded_memory() -> None:
    data = ("一二三，" * 2_500_000).encode()
    tracemalloc.start()
    loaded = read_transcript(data, name="talk.txt")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(len(cue.text) for cue in loaded.records) == 10_000_000
    assert peak < 12 * len(data)
