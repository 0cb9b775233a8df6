"""Neighbouring utterances read together, so that a cut in mid-sentence hides nothing.

Each stretch of one speaker about one product is read twice. Joined by a comma it shows the words in
their neighbourhood, clause by clause. Joined directly it shows phrases that the recogniser cut in two;
of that reading only findings that run over a joint count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fairstream.records import Heard, Listing, Sound, Span, Utterance

NEAR_MS = 1500
"""A longer silence ends a stretch."""
MOST_CHARACTERS = 70
"""A window is about seventeen seconds of speech. On the invented broadcasts longer ones let guards of
one sentence excuse another, shorter ones took warnings and quotations for claims."""
MS_PER_CHARACTER = 250
"""Usual pace (240 characters a minute), for utterances whose end is not given."""

_ENDS = "，。！？；：、,.!?;:…~～—\n"
_SENTENCE_ENDS = "。！？；!?;…\n"


@dataclass(frozen=True, slots=True)
class Window:
    """Utterances joined to one text, where each begins in it, and when each ends."""

    text: str
    utterances: tuple[Utterance, ...]
    offsets: tuple[int, ...]
    ends: Mapping[str, int]
    crossing: bool = False

    @property
    def heard(self) -> Heard:
        """How the words came to be text; the same for all utterances of a window."""
        return self.utterances[0].heard

    @property
    def sounds(self) -> tuple[Sound, ...]:
        """What was heard, spans counted in the window's text."""
        return tuple(
            moved(sound, offset)
            for utterance, offset in zip(self.utterances, self.offsets, strict=True)
            for sound in utterance.sounds
        )

    @property
    def spotted(self) -> tuple[Sound, ...]:
        """Phrases that a spotter heard, spans counted in the window's text."""
        return tuple(
            moved(sound, offset)
            for utterance, offset in zip(self.utterances, self.offsets, strict=True)
            for sound in utterance.spotted
        )


def moved(sound: Sound, by: int) -> Sound:
    """A sound whose span counts from `by` characters earlier."""
    return sound._replace(span=Span(sound.span.start + by, sound.span.end + by)) if by else sound


def windows(utterances: Sequence[Utterance], goods: Mapping[str, Listing | None]) -> Iterator[Window]:
    """Windows over `utterances` in their order; `goods` says which listing each is about."""
    ends = {u.id: end for u, end in _ends(utterances)}
    for stretch in _stretches([u for u in utterances if u.text], goods, ends):
        chunks = list(_chunks(stretch))
        for chunk in chunks:
            yield _joined(chunk, ends)
        for chunk, following in zip(chunks, [*chunks[1:], []], strict=True):
            if len(chunk) + len(following) > 1:
                yield _joined(chunk + following[:1], ends, crossing=True)


def _stretches(
    utterances: Sequence[Utterance], goods: Mapping[str, Listing | None], ends: Mapping[str, int]
) -> Iterator[list[Utterance]]:
    stretch: list[Utterance] = []
    for utterance in utterances:
        if stretch and not _belong(stretch[-1], utterance, goods, ends):
            yield stretch
            stretch = []
        stretch.append(utterance)
    if stretch:
        yield stretch


def _belong(
    one: Utterance, other: Utterance, goods: Mapping[str, Listing | None], ends: Mapping[str, int]
) -> bool:
    same = (one.speaker, one.speaker_name, one.heard) == (other.speaker, other.speaker_name, other.heard)
    if not same or goods.get(one.id) != goods.get(other.id):
        return False
    if other.start_ms is None or one.id not in ends:
        return one.start_ms is None and other.start_ms is None
    return other.start_ms - ends[one.id] < NEAR_MS


def _chunks(stretch: Sequence[Utterance]) -> Iterator[list[Utterance]]:
    """Cut at sentence ends once half full, and anywhere when full."""
    chunk: list[Utterance] = []
    length = 0
    for utterance in stretch:
        closed = bool(chunk) and chunk[-1].text[-1] in _SENTENCE_ENDS and length > MOST_CHARACTERS // 2
        if chunk and (closed or length + len(utterance.text) > MOST_CHARACTERS):
            yield chunk
            chunk, length = [], 0
        chunk.append(utterance)
        length += len(utterance.text)
    if chunk:
        yield chunk


def _joined(utterances: Sequence[Utterance], ends: Mapping[str, int], *, crossing: bool = False) -> Window:
    text = ""
    offsets = []
    for utterance in utterances:
        if text and not crossing and text[-1] not in _ENDS:
            text += "，"
        offsets.append(len(text))
        text += utterance.text
    return Window(text, tuple(utterances), tuple(offsets), ends, crossing)


def _ends(utterances: Sequence[Utterance]) -> Iterator[tuple[Utterance, int]]:
    """When each timed utterance ends: as given, else by pace but not beyond the next start."""
    timed = [u for u in utterances if u.start_ms is not None]
    for utterance, following in pairwise([*timed, None]):
        if utterance is None or utterance.start_ms is None:
            continue
        end = utterance.end_ms
        if end is None or end < utterance.start_ms:
            end = utterance.start_ms + MS_PER_CHARACTER * len(utterance.text)
            start = following.start_ms if following else None
            if start is not None and start >= utterance.start_ms:
                end = min(end, start)
        yield utterance, end
