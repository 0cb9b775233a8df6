"""What a check sees: who speaks, what goods a record is about, and where the words stand."""

import re
from datetime import date

import pytest

from fairstream.checks.scene import SPOKEN, Scene, Wording
from fairstream.records import (
    Broadcast,
    ChatMessage,
    Listing,
    Medium,
    Place,
    ScreenText,
    Side,
    Span,
    Utterance,
    Words,
)

CUP = Listing("a", "陶杯（虚构）", "手工陶杯", place=Place("listings.csv", 2))
LAMP = Listing("b", "竹灯（虚构）", place=Place("listings.csv", 3))
SAID = Utterance("u1", "这只陶杯很好", 1000, 2000, listing_id="b", place=Place("talk.srt", 4))
ASKED = Utterance("u2", "陶杯多少钱", 2000, 3000, speaker="customer")
LATER = Utterance("u3", "陶杯，陶杯", 3000, 4000, speaker="unknown")
SEEN = ScreenText("s1", "陶杯九折", 1500, 2500, place=Place("screen.csv", 5))
CUP_WORD = re.compile("陶杯")


def scene(*listings: Listing, goods: dict[str, str] | None = None) -> Scene:
    chat = (ChatMessage("c", "陶杯"),)
    broadcast = Broadcast(
        "x",
        "t",
        date(2026, 3, 1),
        utterances=(SAID, ASKED, LATER),
        chat=chat,
        screen=(SEEN,),
        listings=listings,
    )
    return Scene(broadcast, goods=goods or {})


def test_all_but_customers_speak_and_listings_are_one_text() -> None:
    assert scene(CUP, LAMP).wordings == (
        Wording("speech", "u1", "这只陶杯很好", "b", 1000, 2000, Place("talk.srt", 4)),
        Wording("speech", "u3", "陶杯，陶杯", None, 3000, 4000),
        Wording("screen", "s1", "陶杯九折", None, 1500, 2500, Place("screen.csv", 5)),
        Wording("listing", "a", "陶杯（虚构）\n手工陶杯", "a", place=Place("listings.csv", 2)),
        Wording("listing", "b", "竹灯（虚构）", "b", place=Place("listings.csv", 3)),
    )


def test_goods_are_as_recorded_then_as_told_then_the_only_ones() -> None:
    told = scene(CUP, LAMP, goods={"u1": "a", "u3": "a", "s1": "b"})
    assert [one.listing_id for one in told.wordings[:3]] == ["b", "a", "b"]
    assert [one.listing_id for one in scene(CUP).wordings[:3]] == ["b", "a", "a"]
    assert [one.listing_id for one in scene().wordings] == ["b", None, None]


def test_listings_and_day() -> None:
    assert scene(CUP, LAMP).listings == {"a": CUP, "b": LAMP}
    assert scene().on == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("media", "listing", "found"),
    [
        ((), None, [("u1", 2), ("u3", 0), ("u3", 3), ("s1", 0), ("a", 0), ("a", 9)]),
        (SPOKEN, None, [("u1", 2), ("u3", 0), ("u3", 3), ("s1", 0)]),
        (("screen",), None, [("s1", 0)]),
        (("screen", "listing"), None, [("s1", 0), ("a", 0), ("a", 9)]),
        ((), "a", [("a", 0), ("a", 9)]),
        (("speech",), "b", [("u1", 2)]),
        (("speech",), "a", []),
        (("chat",), None, []),
    ],
)
def test_find_keeps_to_media_and_goods(
    media: tuple[Medium, ...], listing: str | None, found: list[tuple[str, int]]
) -> None:
    hits = scene(CUP, LAMP).find(CUP_WORD, *media, listing_id=listing)
    assert [(hit.wording.unit, hit.span.start) for hit in hits] == found


def test_a_hit_is_a_side_with_words_as_published() -> None:
    (hit,) = scene(CUP, LAMP).find(re.compile("只陶杯"), "speech")
    assert (hit.quote, hit.span, hit.match.group()) == ("只陶杯", Span(1, 4), "只陶杯")
    assert hit.side == Side(
        Words("这只陶杯很好", "这只陶杯很好"),
        "只陶杯",
        medium="speech",
        unit="u1",
        span=Span(1, 4),
        start_ms=1000,
        end_ms=2000,
        place=Place("talk.srt", 4),
    )


def spoken(text: str) -> Scene:
    return Scene(Broadcast("x", "t", date(2026, 3, 1), utterances=(Utterance("u", text),)))


def test_readings_are_folded_and_spans_are_not() -> None:
    (hit,) = spoken("只要ＡＢ級").find(re.compile("ab级"))
    assert (hit.quote, hit.span) == ("ＡＢ級", Span(2, 5))


def test_of_hits_on_the_same_words_the_first_reading_counts() -> None:
    """Numbers are read twice, as written and in digits."""
    hits = list(spoken("卖九十九块，不是八十块").find(re.compile("[0-9九八十]+块")))
    assert [(hit.quote, hit.match.group()) for hit in hits] == [
        ("九十九块", "九十九块"),
        ("八十块", "八十块"),
    ]
    digits = list(spoken("卖九十九块，不是八十块").find(re.compile("[0-9]+块")))
    assert [(hit.quote, hit.match.group()) for hit in digits] == [("九十九块", "99块"), ("八十块", "80块")]


def test_hits_side_by_side_both_count_and_empty_ones_do_not() -> None:
    assert [hit.span for hit in spoken("陶杯陶杯").find(CUP_WORD)] == [(0, 2), (2, 4)]
    assert [hit.span for hit in spoken("甲陶杯乙").find(re.compile("(?:陶杯)?"))] == [(1, 3)]


def test_words_only_a_later_reading_has_are_found_behind_words_found_before() -> None:
    hits = spoken("卖九十九块，送八十块").find(re.compile("九十九块|99块|80块"))
    assert [(hit.quote, hit.span) for hit in hits] == [("九十九块", (1, 5)), ("八十块", (7, 10))]
