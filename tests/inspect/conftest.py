"""A broadcast in the hand; everything in it is invented."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from inspect_scenes import CHINA, PhraseScanner, talk

from fairstream.inspect.broadcast import inspect_broadcast
from fairstream.inspect.inspection import Inspection
from fairstream.law.resolve import load_law
from fairstream.records import (
    Broadcast,
    ChatMessage,
    Listing,
    Party,
    ScreenText,
    Shop,
    Utterance,
)


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
            ("欢迎大家来到直播间",),
            ("这是全网最",),
            ("好的茶叶",),
            ("我电话13812345678多少钱", "customer"),
            ("九块九",),
        ),
        chat=(
            ChatMessage("c1", "全网最好是真的吗", 3000, user="ab12cd34"),
            ChatMessage("c2", "下单加微信13912345678", 3500, user="ff00", speaker="seller"),
            ChatMessage("c3", "小花 ×1", 3600, user="ff01", kind="gift"),
        ),
        screen=(ScreenText("s1", "全网最好", 1000, 5000),),
        listings=(
            Listing(
                "L1",
                "山茶 一级",
                "全网最好的山茶",
                "ordinary_food",
                brand="某山",
                price_fen=990,
                shop_id="S1",
            ),
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
