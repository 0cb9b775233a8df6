"""A broadcast → the texts handed to the scanner, each knowing the records it is made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from fairstream.inspect.inspection import Piece
from fairstream.inspect.shelf import Shelf
from fairstream.inspect.windows import Window, windows
from fairstream.records import Broadcast, Listing, Medium, Place, Sound, Span, Speaker, Text, Utterance

READ_CHAT = ("chat", "paid", "notice")
"""Kinds of chat that hold words; gifts and guards hold a name and a number."""


class Part(NamedTuple):
    """One record inside a scanned text: where it begins there, its words, its times.

    `spoken` words stand where their `sounds` were heard; without those they run evenly from start to end.
    Other media stand for the whole interval.
    """

    unit: str
    offset: int
    text: str
    start_ms: int | None = None
    end_ms: int | None = None
    at: datetime | None = None
    place: Place | None = None
    spoken: bool = False
    sounds: tuple[Sound, ...] = ()

    @property
    def stop(self) -> int:
        return self.offset + len(self.text)

    def moment(self, character: int, *, end: bool = False) -> int | None:
        """The time at a character of this record, milliseconds from the start of the recording."""
        if self.start_ms is None or self.end_ms is None or not self.spoken:
            return self.end_ms if end else self.start_ms
        heard = self._heard_at(character, end=end)
        if heard is not None:
            return heard
        share = character / len(self.text) if self.text else 0.0
        return self.start_ms + round((self.end_ms - self.start_ms) * share)

    def _heard_at(self, character: int, *, end: bool) -> int | None:
        """The time of the sound at a character: the one behind it for a start, before it for an end.

        Characters nobody heard (punctuation) take the next sound, or the one before. Inside a word of
        several characters time runs evenly.
        """
        if end:
            sound = next((s for s in reversed(self.sounds) if s.span.start < character), None)
        else:
            sound = next((s for s in self.sounds if s.span.end > character), None)
        if sound is None or sound.span.end <= sound.span.start:
            return None
        inside = min(max(character - sound.span.start, 0), sound.span.end - sound.span.start)
        share = inside / (sound.span.end - sound.span.start)
        return sound.start_ms + round((sound.end_ms - sound.start_ms) * share)


@dataclass(frozen=True, slots=True)
class Unit:
    """A text to be scanned and its parts.

    With `crossing` only findings that run over a joint between two parts count: the rest was read in
    another unit.
    """

    text: Text
    parts: tuple[Part, ...]
    listing: Listing | None = None
    crossing: bool = False

    def pieces(self, span: Span) -> tuple[tuple[Part, Piece], ...]:
        """The parts a span touches, with the characters it covers in each."""
        found = []
        for part in self.parts:
            start, end = max(span.start, part.offset), min(span.end, part.stop)
            if start < end:
                inside = Span(start - part.offset, end - part.offset)
                found.append((part, Piece(self.text.medium, part.unit, inside)))
        return tuple(found)


def units_of(broadcast: Broadcast, shelf: Shelf) -> list[Unit]:
    """Everything of the broadcast that has words: speech, screen, listings, chat."""
    return [
        *_speech(broadcast, shelf),
        *_screen(broadcast, shelf),
        *_listings(broadcast),
        *_chat(broadcast, shelf),
    ]


def listing_text(listing: Listing) -> str:
    """The words of a product page as one text; spans of its findings count from here."""
    return f"{listing.title}\n{listing.description}" if listing.description else listing.title


def wall_clock(broadcast: Broadcast, ms: int | None) -> datetime | None:
    """The wall-clock time of a moment of the recording, when its start is known."""
    if ms is None or broadcast.started_at is None:
        return None
    return broadcast.started_at + timedelta(milliseconds=ms)


def _speech(broadcast: Broadcast, shelf: Shelf) -> Iterator[Unit]:
    goods = {utterance.id: shelf.of(utterance) for utterance in broadcast.utterances}
    for number, window in enumerate(windows(broadcast.utterances, goods)):
        first = window.utterances[0]
        listing = goods[first.id]
        name = f"{'cross' if window.crossing else 'speech'}:{number}"
        text = _text(name, window.text, listing, "speech", first.speaker, broadcast.on)
        text = replace(text, heard=window.heard, sounds=window.sounds, spotted=window.spotted)
        yield Unit(text, _spoken_parts(window, broadcast), listing, window.crossing)


def _spoken_parts(window: Window, broadcast: Broadcast) -> tuple[Part, ...]:
    return tuple(
        Part(
            utterance.id,
            offset,
            utterance.text,
            utterance.start_ms,
            window.ends.get(utterance.id),
            wall_clock(broadcast, utterance.start_ms),
            utterance.place,
            spoken=True,
            sounds=utterance.sounds,
        )
        for offset, utterance in zip(window.offsets, window.utterances, strict=True)
    )


def _screen(broadcast: Broadcast, shelf: Shelf) -> Iterator[Unit]:
    for seen in broadcast.screen:
        listing = shelf.named_in(seen.text) or shelf.shown_at(seen.start_ms)
        at = wall_clock(broadcast, seen.start_ms)
        part = Part(seen.id, 0, seen.text, seen.start_ms, seen.end_ms, at, seen.place)
        # What stands in the picture was put there by the room.
        text = _text(f"screen:{seen.id}", seen.text, listing, "screen", "host", broadcast.on)
        yield Unit(text, (part,), listing)


def _listings(broadcast: Broadcast) -> Iterator[Unit]:
    for listing in broadcast.listings:
        words = listing_text(listing)
        part = Part(listing.id, 0, words, place=listing.place)
        yield Unit(
            _text(f"listing:{listing.id}", words, listing, "listing", "seller", broadcast.on),
            (part,),
            listing,
        )


def _chat(broadcast: Broadcast, shelf: Shelf) -> Iterator[Unit]:
    for message in broadcast.chat:
        if message.kind not in READ_CHAT or not message.text:
            continue
        listing = shelf.shown_at(message.start_ms) if message.speaker != "customer" else None
        at = message.at or wall_clock(broadcast, message.start_ms)
        part = Part(message.id, 0, message.text, message.start_ms, None, at, message.place)
        text = _text(f"chat:{message.id}", message.text, listing, "chat", message.speaker, broadcast.on)
        yield Unit(text, (part,), listing)


def _text(name: str, words: str, listing: Listing | None, medium: Medium, speaker: Speaker, on: date) -> Text:
    product = " ".join(filter(None, (listing.title, listing.category))) if listing else ""
    product_class = listing.product_class if listing else "unknown"
    return Text(name, words, product, product_class, medium, speaker, on)


def spoken_ms(utterances: Sequence[Utterance]) -> int | None:
    """From the first to the last moment of speech, None when nothing is timed."""
    starts = [u.start_ms for u in utterances if u.start_ms is not None]
    ends = [u.end_ms for u in utterances if u.end_ms is not None]
    return max(starts + ends) - min(starts) if starts else None
