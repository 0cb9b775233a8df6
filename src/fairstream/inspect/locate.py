"""Findings of scanned texts → findings at their second, with neighbours and parties."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from fairstream.detect.engine import finding_id
from fairstream.inspect.inspection import Located, Occurrence
from fairstream.inspect.liable import Parties
from fairstream.inspect.units import Part, Unit, wall_clock
from fairstream.records import Broadcast, Finding, Language, Span
from fairstream.text.masking import private

NEIGHBOURS = 40
"""Characters of context on either side."""
MOST_ACROSS = 16
LEAST_ACROSS = 0.7
"""Longest quote and least score over a joint of two utterances: a guess about a guess is left out."""


class Speech:
    """The transcript as one line of words, to show what was said just before and after."""

    def __init__(self, broadcast: Broadcast) -> None:
        spoken = broadcast.utterances
        texts = [private(u.text) if u.speaker == "customer" else u.text for u in spoken]
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        self._line = " ".join(texts)
        self._start = {utterance.id: start for utterance, start in zip(spoken, starts, strict=False)}

    def around(self, first: tuple[str, int], last: tuple[str, int]) -> tuple[str, str]:
        """Words before a character of one utterance and after a character of another."""
        start, end = self._start[first[0]] + first[1], self._start[last[0]] + last[1]
        return self._line[max(0, start - NEIGHBOURS) : start], self._line[end : end + NEIGHBOURS]


class Locator:
    """Puts findings of one broadcast in their place."""

    def __init__(self, broadcast: Broadcast) -> None:
        self._broadcast = broadcast
        self._parties = Parties(broadcast)
        self._speech = Speech(broadcast)

    def locate(
        self, unit: Unit, translated: Mapping[Language, Finding], language: Language
    ) -> Located | None:
        """The finding at its place, or None when a unit read for its joints found nothing across one."""
        finding = translated[language]
        pieces = unit.pieces(finding.span)
        if not pieces or (unit.crossing and not (len(pieces) > 1 and _cut_in_two(finding))):
            return None
        first, last = pieces[0], pieces[-1]
        start = first[0].moment(first[1].span.start)
        end = last[0].moment(last[1].span.end, end=True)
        quote = "".join(part.text[piece.span.start : piece.span.end] for part, piece in pieces)
        before, after = self._around(unit, first[0], first[1].span.start, last[0], last[1].span.end)

        span = Span(first[1].span.start, first[1].span.start + len(quote))

        def placed(found: Finding) -> Finding:
            return replace(
                found,
                id=finding_id(f"{unit.text.medium}:{first[1].unit}", found.rule, span),
                quote=quote,
                span=span,
                unit=first[1].unit,
                context=before + quote + after,
                start_ms=start,
                end_ms=end,
                at=wall_clock(self._broadcast, start) or first[0].at,
                place=first[0].place,
                times=() if start is None else (start,),
                listing_id=unit.listing.id if unit.listing else None,
            )

        return Located(
            placed(finding),
            {name: placed(found) for name, found in translated.items()},
            (Occurrence(tuple(piece for _, piece in pieces), start, end),),
            self._parties.answerable(finding.liable, unit.listing),
            before,
            after,
            unit.listing.id if unit.listing else None,
        )

    def _around(self, unit: Unit, first: Part, start: int, last: Part, end: int) -> tuple[str, str]:
        if unit.text.medium == "speech":
            return self._speech.around((first.unit, start), (last.unit, end))
        words = private(first.text) if unit.text.speaker == "customer" else first.text
        return words[max(0, start - NEIGHBOURS) : start], words[end : end + NEIGHBOURS]


def _cut_in_two(finding: Finding) -> bool:
    """Whether words over a joint are one phrase, and sure enough not to be two sentences run together."""
    return finding.span.end - finding.span.start <= MOST_ACROSS and finding.score >= LEAST_ACROSS


def without_echoes(found: Sequence[Located]) -> Iterator[Located]:
    """Findings without those of the same rule that touch the same characters again.

    A stretch of speech is read twice; the finding that covers more characters is kept, of equal ones that
    which stands in the characters before that which was matched by sound.
    """
    seen: dict[tuple[str, str, str], list[Span]] = {}
    for located in sorted(found, key=_longest_first):
        pieces = located.occurrences[0].pieces
        keys = [(located.finding.rule, piece.medium, piece.unit) for piece in pieces]
        if any(
            piece.span.start < other.end and other.start < piece.span.end
            for key, piece in zip(keys, pieces, strict=True)
            for other in seen.get(key, ())
        ):
            continue
        for key, piece in zip(keys, pieces, strict=True):
            seen.setdefault(key, []).append(piece.span)
        yield located


def _longest_first(located: Located) -> tuple[int, bool]:
    """The longest quote first; of equal ones that which need not be listened to."""
    return -len(located.finding.quote), located.finding.listen
