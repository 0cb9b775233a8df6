"""What a recogniser's text may have been: words of the rules found in its syllables, and spotted phrases.

A recogniser that writes syllables wrecks characters: 燕之屋 comes out as 植物. So the words that rules look
for are searched in the syllables themselves, and the text is read once more with those words in their
places; the rules then run on that reading as on any other, with their gaps and guards.

Whether a word was said is decided as a decoder would decide it: by what the best way through the whole text
costs with the word at that place (the word's own likelihood, its misheard syllables, and the best words on
both sides) compared with the best way without it. `LOSS` says how much dearer a word may be, by its length.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.records import Sound, Span, Text
from fairstream.text.fold import Folder
from fairstream.text.heard import Heard
from fairstream.text.kinds import FoldKind
from fairstream.text.lattice import Lattice
from fairstream.text.risky import RiskyTerms
from fairstream.text.spokenterms import Candidates, SpokenTerms
from fairstream.text.syllables import parse, sounds_of
from fairstream.text.wordsounds import word_sounds

MISHEARD = (0.0, 0.0, 3.0, 7.0, 9.0, 11.0, 13.0)
"""How much mishearing (nats, `text.confusions`) a word of 0, 1, 2 … syllables may need."""
LOSS = (0.0, 0.0, 0.0, 3.0, 5.0, 7.0, 8.0)
"""How much dearer the text may become with a word of 0, 1, 2 … syllables in it, in nats."""
SAME_COST, TONE_ONLY_COST, NEAR_COST, FAR_COST = 0.15, 0.2, 0.3, 0.4
"""What lowers the score: same syllables; a tone otherwise; up to one near sound otherwise; more than that."""
SPOTTED_COST = 0.25
"""The same for a phrase that only the keyword spotter heard."""
_TONES_ONLY, _ONE_NEAR = 2.5, 5.3
LOW_CONFIDENCE = 0.5
"""A recogniser's words with a less sure sound among them are to be listened to."""


class Syllables(NamedTuple):
    """The syllables of several texts in one row, a 0 after each text and at each break within one."""

    numbers: npt.NDArray[np.int64]
    tones: npt.NDArray[np.int64]
    row: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Limits:
    """What may be taken for a word of a rule, by its number of syllables (the last for all longer ones)."""

    misheard: tuple[float, ...] = MISHEARD
    loss: tuple[float, ...] = LOSS


class Sounding:
    """Finds the words of rules in what recognisers heard.

    `terms` are in folded form. `white` phrases win: no word takes a part of one away.
    """

    def __init__(self, terms: Iterable[str], white: Iterable[str] = (), limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._terms = SpokenTerms(terms, limits.misheard)
        widest = int(self._terms.lengths.max(initial=2))
        self._loss = np.array([limits.loss[min(n, len(limits.loss) - 1)] for n in range(widest + 1)])
        self._white = RiskyTerms((), white)

    def heard(self, texts: Sequence[Text]) -> list[list[Heard]]:
        """For each text what stands in it under other characters."""
        found: list[list[Heard]] = [spotted(text) for text in texts]
        heard = syllables_of(texts)
        if not len(heard.numbers) or not self._terms.terms:
            return found
        chosen = self._believed(heard, self._terms.candidates(heard.numbers, heard.tones))
        for position, number, cost in zip(*(part.tolist() for part in chosen), strict=True):
            row, start = int(heard.row[position]), int(heard.start[position])
            term = self._terms.terms[number]
            end = start + len(term)
            written = texts[row].text
            if written[start:end] != term and not self._white.is_white(written, start, end):
                found[row].append(Heard(start, end, term, FoldKind.SOUND, score_cost(cost)))
        return found

    def _believed(self, heard: Syllables, candidates: Candidates) -> Candidates:
        """The candidates whose words fit the rest of the text well enough."""
        if not len(candidates.position):
            return candidates
        lattice = Lattice(heard.numbers.tolist(), heard.tones.tolist())
        forward, backward = np.array(lattice.forward), np.array(lattice.backward)
        lengths = self._terms.lengths[candidates.term]
        whole = forward[candidates.position] + backward[candidates.position + lengths]
        loss = whole + self._terms.costs[candidates.term] + candidates.cost - forward[-1]
        keep = loss <= self._loss[lengths]
        return Candidates(candidates.position[keep], candidates.term[keep], candidates.cost[keep])


def score_cost(misheard: float) -> float:
    """How much less sure a finding is that rests on a word misheard by so many nats."""
    if misheard <= 0:
        return SAME_COST
    if misheard <= _TONES_ONLY:
        return TONE_ONLY_COST
    return NEAR_COST if misheard <= _ONE_NEAR else FAR_COST


def spotted(text: Text) -> list[Heard]:
    """The phrases a keyword spotter heard in a text; those whose place makes no sense are left out."""
    return [
        Heard(sound.span.start, sound.span.end, _folded(sound.text), FoldKind.SPOTTED, SPOTTED_COST)
        for sound in text.spotted
        if sound.text and 0 <= sound.span.start < sound.span.end <= len(text.text)
    ]


@lru_cache(maxsize=4096)
def _folded(phrase: str) -> str:
    return Folder().fold([phrase], evasion=False).reading(0)


def syllables_of(texts: Sequence[Text]) -> Syllables:
    """What was heard, one syllable a character; where a recogniser wrote characters, how those are read."""
    names = word_sounds().numbers
    found: list[tuple[int, int, int, int]] = []
    for row, text in enumerate(texts):
        following = None
        for start, token in _tokens(text):
            if following not in (None, start):
                found.append((0, 0, row, start))
            syllable = parse(token)
            found.append(
                (names[syllable.base] if syllable else 0, syllable.tone if syllable else 0, row, start)
            )
            following = start + 1
        found.append((0, 0, row, len(text.text)))
    columns = np.array(found, dtype=np.int64).reshape(-1, 4).T
    return Syllables(*columns)


def _tokens(text: Text) -> Iterable[tuple[int, str]]:
    """Characters with what was heard for them, in order."""
    if text.heard != "syllables" or not text.sounds:
        return enumerate(sounds_of(text.text))
    placed = {s.span.start: s.text for s in text.sounds if _is_one(s, len(text.text))}
    return sorted(placed.items())


def _is_one(sound: Sound, length: int) -> bool:
    return 0 <= sound.span.start < length and sound.span.end == sound.span.start + 1


def _within(text: Text, span: Span) -> list[Sound]:
    return [s for s in text.sounds if s.span.start < span.end and span.start < s.span.end]


def syllables_at(text: Text, span: Span) -> str:
    """What the recogniser heard in a span, as it wrote it; empty when it told no sounds."""
    return " ".join(sound.text for sound in _within(text, span))


def is_unsure(text: Text, span: Span) -> bool:
    """Whether a sound in the span is less sure than `LOW_CONFIDENCE`, or nothing tells how sure guessed
    characters are."""
    told = [s.confidence for s in _within(text, span) if s.confidence is not None]
    return min(told) < LOW_CONFIDENCE if told else text.heard == "syllables"
