"""What the report shows: rows, entries and the timeline, ready for the template."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from fairstream.detect.score import in_words
from fairstream.inspect.board import SideRow, board, side_rows
from fairstream.inspect.inspection import LANGUAGES, Inspection, Located
from fairstream.inspect.legal import blocks
from fairstream.inspect.marks import Mark, Marks, Segment, marks_of, segments
from fairstream.inspect.playing import ClipView, Playing
from fairstream.inspect.timeline import clock, length_ms, timeline
from fairstream.inspect.units import listing_text
from fairstream.inspect.words import MEDIUMS, SPEAKERS
from fairstream.law.citation import article_title
from fairstream.records import ChatMessage, Language, Listing, Medium, Problem, Words
from fairstream.sources.problems import in_language
from fairstream.text.masking import private

CHAT_AROUND = 2
"""Messages shown before and after one with a finding."""
MOST_ROWS = 300
"""Listings or screen texts shown in full; beyond it only those with findings."""


class Row(NamedTuple):
    """One utterance, message, screen text or listing in the report; `gap` rows before it are not shown.

    `seek` is the address fragment that plays its moment, `start` and `end` its milliseconds for captions,
    `heard` how it came to be text.
    """

    anchor: str
    clock: str
    who: Words
    name: str | None
    segments: tuple[Segment, ...]
    gap: int = 0
    listing: Listing | None = None
    seek: str = ""
    start: int | None = None
    end: int | None = None
    heard: Words | None = None


class Cited(NamedTuple):
    """An article in both languages, and since when its text applied."""

    article: Words
    title: Words
    gist: Words
    version: str
    since: str
    unverified: bool


class Entry(NamedTuple):
    """A finding as the report shows it."""

    number: int
    located: Located
    clock: str
    target: str
    title: Words
    why: Mapping[Language, tuple[str, ...]]
    proof: tuple[Words, ...]
    cited: tuple[Cited, ...]
    score: Words
    quote: str
    again: tuple[tuple[str, str], ...]
    goods: str
    said: tuple[SideRow, ...] = ()
    known: tuple[SideRow, ...] = ()
    clip: ClipView | None = None


class Spot(NamedTuple):
    """Findings that touch the same words, shown together; `lead` has the longest quote."""

    lead: Entry
    entries: tuple[Entry, ...]


def view(inspection: Inspection) -> dict[str, Any]:
    """Everything of the report that is computed, by the name the template uses."""
    marks = marks_of(inspection.findings)
    length = length_ms(inspection)
    playing = Playing(inspection)
    entries = list(_entries(inspection, _anchors(inspection), playing))
    recorded, gaps = playing.bands(length)
    return {
        "entries": entries,
        "spots": list(_spots(entries)),
        "speech": _speech(inspection, marks, playing),
        "screen": _screen(inspection, marks, playing),
        "listings": _listings(inspection, marks),
        "chat": _chat(inspection, marks, playing),
        "player": playing.data() if playing.shown else "",
        "clocks": playing.clock(),
        "recorded_bands": recorded,
        "gap_bands": gaps,
        "timeline": timeline(inspection.findings, length),
        "shops": {shop.id: shop.operator or shop.name for shop in inspection.broadcast.shops},
        "length": length,
        "board": board(inspection),
        "legal_blocks": blocks(inspection),
        "problems": [_problem(problem) for problem in inspection.problems],
    }


def _problem(problem: Problem) -> tuple[Problem, Words, Words]:
    (cause_zh, remedy_zh), (cause, remedy) = in_language(problem, "zh"), in_language(problem, "en")
    return problem, Words(cause_zh, cause), Words(remedy_zh, remedy)


def _anchors(inspection: Inspection) -> dict[tuple[Medium, str], str]:
    """Where each record stands in the page: u12 for the twelfth utterance, then s, p and c."""
    broadcast = inspection.broadcast
    kinds: tuple[tuple[Medium, str, Sequence[Any]], ...] = (
        ("speech", "u", broadcast.utterances),
        ("screen", "s", broadcast.screen),
        ("listing", "p", broadcast.listings),
        ("chat", "c", broadcast.chat),
    )
    return {
        (medium, record.id): f"{letter}{number}"
        for medium, letter, records in kinds
        for number, record in enumerate(records, 1)
    }


def _entries(
    inspection: Inspection, anchors: Mapping[tuple[Medium, str], str], playing: Playing
) -> Iterator[Entry]:
    goods = {listing.id: listing.title for listing in inspection.broadcast.listings}
    for number, located in enumerate(inspection.findings, 1):
        finding = located.finding
        zh, en = (located.words(language) for language in LANGUAGES)
        yield Entry(
            number,
            located,
            clock(finding.start_ms),
            anchors.get((finding.medium, finding.unit), ""),
            Words(zh.title, en.title),
            {"zh": zh.why, "en": en.why},
            _paired(zh.proof_needed, en.proof_needed),
            tuple(_cited(inspection, located)),
            Words(in_words(finding.score, "zh"), in_words(finding.score, "en")),
            private(finding.quote) if finding.speaker == "customer" else finding.quote,
            tuple(
                (clock(place.start_ms), anchors.get(place.pieces[0][:2], ""))
                for place in located.occurrences[1:]
            ),
            goods.get(located.listing_id or "", ""),
            side_rows(finding.said, anchors),
            side_rows(finding.known, anchors),
            playing.clip(located),
        )


def _spots(entries: Sequence[Entry]) -> Iterator[Spot]:
    """Neighbouring findings whose words overlap, gathered."""
    held: list[Entry] = []
    for entry in entries:
        if held and not any(_overlap(entry.located, other.located) for other in held):
            yield _spot(held)
            held = []
        held.append(entry)
    if held:
        yield _spot(held)


def _spot(entries: Sequence[Entry]) -> Spot:
    return Spot(max(entries, key=lambda entry: len(entry.quote)), tuple(entries))


def _overlap(one: Located, other: Located) -> bool:
    return any(
        a[:2] == b[:2] and a.span.start < b.span.end and b.span.start < a.span.end
        for a in one.occurrences[0].pieces
        for b in other.occurrences[0].pieces
    )


def _paired(zh: Sequence[str], en: Sequence[str]) -> tuple[Words, ...]:
    """Lists of the same length in two languages, item by item; the longer one fills the other."""
    longest = max(len(zh), len(en))
    filled = [(zh[i] if i < len(zh) else en[i], en[i] if i < len(en) else zh[i]) for i in range(longest)]
    return tuple(Words(*pair) for pair in filled)


def _cited(inspection: Inspection, located: Located) -> Iterator[Cited]:
    chinese, english = located.words("zh").citations, located.words("en").citations
    for zh, en in zip(chinese, english, strict=False):
        interval = inspection.versions.get(zh.version)
        yield Cited(
            Words(article_title(zh.article, "zh"), article_title(en.article, "en")),
            Words(zh.title, en.title),
            Words(zh.gist, en.gist),
            zh.version,
            interval.since.isoformat() if interval else "",
            zh.unverified,
        )


def _marked(text: str, marks: Sequence[Mark]) -> tuple[Segment, ...]:
    return tuple(segments(text, marks))


def _speech(inspection: Inspection, marks: Marks, playing: Playing) -> list[Row]:
    return [
        Row(
            f"u{number}",
            clock(said.start_ms),
            SPEAKERS[said.speaker],
            said.speaker_name,
            _marked(
                private(said.text) if said.speaker == "customer" else said.text,
                marks.get(("speech", said.id), ()),
            ),
            seek=playing.seek(said.start_ms),
            start=said.start_ms,
            end=said.end_ms,
            heard=playing.said_by(said),
        )
        for number, said in enumerate(inspection.broadcast.utterances, 1)
    ]


def _screen(inspection: Inspection, marks: Marks, playing: Playing) -> list[Row]:
    seen = inspection.broadcast.screen
    return [
        Row(
            f"s{number}",
            clock(text.start_ms),
            MEDIUMS["screen"],
            None,
            _marked(text.text, held),
            seek=playing.seek(text.start_ms),
        )
        for number, text in enumerate(seen, 1)
        if (held := marks.get(("screen", text.id), [])) or len(seen) <= MOST_ROWS
    ]


def _listings(inspection: Inspection, marks: Marks) -> list[Row]:
    goods = inspection.broadcast.listings
    return [
        Row(
            f"p{number}",
            clock(listing.shown_from_ms),
            MEDIUMS["listing"],
            None,
            _marked(listing_text(listing), held),
            listing=listing,
        )
        for number, listing in enumerate(goods, 1)
        if (held := marks.get(("listing", listing.id), [])) or len(goods) <= MOST_ROWS
    ]


def _chat(inspection: Inspection, marks: Marks, playing: Playing) -> list[Row]:
    """Messages with findings and a few around them; a room may have fifty thousand."""
    messages = inspection.broadcast.chat
    shown: set[int] = set()
    for number, message in enumerate(messages):
        if ("chat", message.id) in marks:
            shown.update(range(max(0, number - CHAT_AROUND), min(len(messages), number + CHAT_AROUND + 1)))
    rows, last = [], -1
    for number in sorted(shown):
        rows.append(_message(messages[number], number, number - last - 1, marks, playing))
        last = number
    return rows


def _message(message: ChatMessage, number: int, gap: int, marks: Marks, playing: Playing) -> Row:
    words = private(message.text) if message.speaker == "customer" else message.text
    held = marks.get(("chat", message.id), [])
    name = message.user[:6] if message.user else None
    return Row(
        f"c{number + 1}",
        clock(message.start_ms),
        SPEAKERS[message.speaker],
        name,
        _marked(words, held),
        gap,
        seek=playing.seek(message.start_ms),
    )
