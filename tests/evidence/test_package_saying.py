"""What records note in fixed words is said in the page's language; what a person typed stays."""

import json
from typing import Any

import pytest

from fairstream.evidence.package_saying import ACTIONS, action, note, relation
from fairstream.records import Language

CUT: dict[str, Any] = {
    "parent": "0" * 64, "parent_name": "rec.flv", "method": "stream_copy", "asked_from_ms": 3000,
    "asked_to_ms": 10000, "from_ms": 2064, "to_ms": 10104,
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("no capture record until sealing", "封存前没有提取记录"),
        ("cut → clip.mp4", "截取 → clip.mp4"),
        ("received: 平台提供的U盘", "接收：平台提供的U盘"),
        ("computer ws-3", "计算机 ws-3"),
        ("wang (account)", "wang（系统账户）"),
        (
            "rec.flv 64-60104 ms, stream_copy; original untouched",
            "rec.flv 0:00:00.064–0:01:00.104，原样复制，未重新编码；原件未改动",
        ),
        ("21 files copied; case 2026-17", "已复制 21 个文件；案号 2026-17"),
        ("U盘: 王某", "U盘: 王某"),
        ("https://shop.example/p/1", "https://shop.example/p/1"),
        ("", ""),
        ("{}", "{}"),
        ('{"from_ms": 1', '{"from_ms": 1'),
        ("[" * 100_000, "[" * 100_000),
    ],
)
def test_fixed_words_are_said_in_chinese_and_typed_words_stay(text: str, zh: str) -> None:
    assert note(text, "zh") == zh
    assert note(text, "en") == text


SAID = {
    "zh": "要求 0:00:03.000–0:00:10.000，实得 0:00:02.064–0:00:10.104；原样复制，未重新编码；原件 rec.flv",
    "en": "asked for 0:00:03.000–0:00:10.000, holds 0:00:02.064–0:00:10.104; "
    "copied without coding anew; original rec.flv",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_cut_is_said_in_words(language: Language) -> None:
    assert note(json.dumps(CUT), language) == SAID[language]
    odd = json.dumps(CUT | {"from_ms": "2064"})
    assert note(odd, language) == odd


def test_actions_and_relations_have_words() -> None:
    assert {action(name, "zh") for name in ACTIONS} & set(ACTIONS) == set()
    assert action("other", "zh") == "other"
    assert relation("clip:stream_copy", "zh") == "片段 (原样复制，未重新编码)"
    assert relation("redacted:re_encoded", "en") == "redacted copy (coded anew)"
    assert relation("playable copy", "zh") == "可播放副本"
    assert relation("other:thing", "en") == "other (thing)"
