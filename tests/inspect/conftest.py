"""A broadcast in the hand, and a scanner small enough to reason about."""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection
from fairstream.law.resolve import load_law
from fairstream.records import (
    Broadcast,
    ChatMessage,
    Citation,
    Finding,
    Language,
    Listing,
    Party,
    Place,
    ScreenText,
    Shop,
    Span,
    Text,
    Utterance,
)

CHINA = timezone(timedelta(hours=8))


class PhraseScanner:
    """Flags literal phrases; remembers what it was given. Customers' words are never flagged."""

    def __init__(self, *phrases: str) -> None:
        self.phrases = phrases
        self.given: list[list[Text]] = []

    def scan(self, texts: Sequence[Text], language: Language | None = None) -> list[list[Finding]]:
        self.given.append(list(texts))
        return [self._of(text, language or "zh") for text in texts]

    def _of(self, text: Text, language: Language) -> list[Finding]:
        if text.speaker == "customer":
            return []
        return [
            self._finding(text, phrase, Span(*match.span()), language)
            for phrase in self.phrases
            for match in re.finditer(re.escape(phrase), text.text)
        ]

    def _finding(self, text: Text, phrase: str, span: Span, language: Language) -> Finding:
        zh = language == "zh"
        return Finding(
            id=f"{text.id}/{phrase}/{span.start}",
            rule=f"test/{phrase}",
            title=f"宣称{phrase}" if zh else f"Says {phrase}",
            conduct="ad_superlative",
            severity="high",
            score=0.9,
            span=span,
            quote=text.text[span.start : span.end],
            why=("绝对化用语",) if zh else ("An absolute term",),
            citations=(
                Citation(
                    "advertising-law",
                    "9",
                    "advertising-law",
                    "广告法" if zh else "Advertising Law",
                    "不得使用最高级" if zh else "No superlatives",
                ),
            ),
            liable=("seller", "host", "mcn"),
            proof_needed=("属于商业广告",) if zh else ("That it is an advertisement",),
            product_class=text.product_class,
            medium=text.medium,
            speaker=text.speaker,
            unit=text.id,
        )


def talk(*lines: tuple[Any, ...], gap: int = 200, speaker: str = "host") -> tuple[Utterance, ...]:
    """Utterances of two seconds each, `gap` ms apart; a line is (text,) or (text, speaker)."""
    said, start = [], 0
    for number, line in enumerate(lines, 1):
        text, who = line if len(line) == 2 else (line[0], speaker)
        place = Place("talk.srt", number)
        said.append(Utterance(f"u{number}", text, start, start + 2000, who, place=place))
        start += 2000 + gap
    return tuple(said)


@pytest.fixture
def broadcast() -> Broadcast:
    """Three kinds of goods, two speakers, chat and screen; everything invented."""
    return Broadcast(
        id="demo",
        title="演示 <专场>",
        on=date(2026, 3, 14),
        started_at=datetime(2026, 3, 14, 20, 0, tzinfo=CHINA),
        platform="某平台",
        invented=True,
        parties=(Party("host", "主播甲"), Party("seller", "某公司"), Party("room_operator", "某公司")),
        utterances=talk(
            ("欢迎大家来到直播间",), ("这是全网最",), ("好的茶叶",), ("我电话13812345678多少钱", "customer"), ("九块九",)
        ),
        chat=(
            ChatMessage("c1", "全网最好是真的吗", 3000, user="ab12cd34"),
            ChatMessage("c2", "下单加微信13912345678", 3500, user="ff00", speaker="seller"),
            ChatMessage("c3", "小花 ×1", 3600, user="ff01", kind="gift"),
        ),
        screen=(ScreenText("s1", "全网最好", 1000, 5000),),
        listings=(
            Listing("L1", "山茶 一级", "全网最好的山茶", "ordinary_food", brand="某山", price_fen=990, shop_id="S1"),
            Listing("L2", "布袋子", shown_from_ms=0, shown_until_ms=60_000, category="箱包"),
        ),
        shops=(Shop("S1", "某店", "某店经营者"),),
    )


@pytest.fixture
def inspected(broadcast: Broadcast) -> Inspection:
    return inspect_broadcast(broadcast, PhraseScanner("全网最好", "微信"), load_law())


@pytest.fixture
def scan_talk() -> Callable[..., Inspection]:
    """Inspect bare utterances for phrases."""

    def run(utterances: tuple[Utterance, ...], *phrases: str, **more: Any) -> Inspection:
        held = Broadcast("b", "b", date(2026, 3, 14), utterances=utterances, **more)
        return inspect_broadcast(held, PhraseScanner(*phrases), load_law())

    return run
