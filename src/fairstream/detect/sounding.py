"""What a recogniser's text may have been: words of the rules found in its syllables, and spotted phrases.

A recogniser that writes syllables wrecks characters: 燕之屋 comes out as 植物. So the words that rules look
for are searched in the syllables themselves, and the text is read once more with those words in their
places; the rules then run on that reading as on any other, with their gaps and guards.

Whether a word was said is decided as a decoder decides it: the words of the rules, with what it costs to have
misheard them so, are put into the lattice of all words the syllables may be, and those on the best way
through it are taken for said. So an ordinary word that fits better wins, and words never overlap.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from fairstream.records import Sound, Span, Text
from fairstream.text.confusions import confusion_costs
from fairstream.text.fold import Folder
from fairstream.text.heard import Heard
from fairstream.text.kinds import FoldKind
from fairstream.text.lattice import Further, Lattice
from fairstream.text.risky import RiskyTerms
from fairstream.text.spokenterms import SpokenTerms
from fairstream.text.syllables import parse, sounds_of
from fairstream.text.wordsounds import word_sounds

MISHEARD = (0.0, 0.0, 6.0, 8.0, 10.0, 12.0, 16.0)
"""How much mishearing (nats, `text.confusions`) a word of 0, 1, 2 … syllables may need."""
DOUBT = (0.0, 0.0, 0.5, 0.0, 2.0, 4.0, 4.0)
"""What is added to the cost of a word of 0, 1, 2 … syllables, in nats: it must explain that much more."""
WRITTEN_DOUBT = 4.0
"""The same where the recogniser wrote characters itself: it knew words, and mostly chose well."""
SAME_COST, TONE_ONLY_COST, NEAR_COST, FAR_COST = 0.15, 0.2, 0.3, 0.4
"""What lowers the score: same syllables; a tone otherwise; up to one near sound otherwise; more than that."""
SPOTTED_COST = 0.25
"""The same for a phrase that only the keyword spotter heard."""
_TONES_ONLY, _ONE_NEAR = 2.5, 7.9
_DRIFT = 3
_TOGETHER = 50_000
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
    doubt: tuple[float, ...] = DOUBT


class Sounding:
    """Finds the words of rules in what recognisers heard.

    `terms` are in folded form. `white` phrases win: no word takes a part of one away.
    """

    def __init__(self, terms: Iterable[str], white: Iterable[str] = (), limits: Limits | None = None) -> None:
        limits = limits or Limits()
        self._terms = SpokenTerms(terms, limits.misheard)
        widest = int(self._terms.lengths.max(initial=2))
        doubt = [limits.doubt[min(n, len(limits.doubt) - 1)] for n in range(widest + 1)]
        self._doubt = np.array(doubt, dtype=np.float32)
        self._white = RiskyTerms((), white)

    def heard(self, texts: Sequence[Text]) -> list[list[Heard]]:
        """For each text what stands in it under other characters."""
        return [one for part in _parts(texts) for one in self._heard(part)]

    def _heard(self, texts: Sequence[Text]) -> list[list[Heard]]:
        found = [list(spotted(text)) for text in texts]
        heard = syllables_of(texts)
        if not self._terms.terms:
            return found
        candidates = self._terms.candidates(heard.numbers, heard.tones)
        ends = candidates.position + self._terms.lengths[candidates.term]
        lengths = self._terms.lengths[candidates.term]
        costs = self._terms.costs[candidates.term] + candidates.cost + self._doubt[lengths]
        written = np.array([text.heard != "syllables" for text in texts])[heard.row[candidates.position]]
        costs += np.where(written, np.float32(WRITTEN_DOUBT), np.float32(0))
        lattice = Lattice(heard.numbers, heard.tones)
        for number in lattice.taken(Further(candidates.position, ends, costs)):
            position = int(candidates.position[number])
            row, start = int(heard.row[position]), int(heard.start[position])
            term = self._terms.terms[int(candidates.term[number])]
            cost = score_cost(float(candidates.cost[number]))
            found[row] += self._put(texts[row].text, start, term, cost)
        return found

    def _put(self, written: str, start: int, term: str, cost: float) -> Iterator[Heard]:
        """The characters of a term that are written otherwise, unless a white-list phrase stands there."""
        if self._white.is_white(written, start, start + len(term)):
            return
        for at, character in enumerate(term, start=start):
            if written[at] != character:
                yield Heard(at, at + 1, character, FoldKind.SOUND, cost)


def _parts(texts: Sequence[Text]) -> Iterator[Sequence[Text]]:
    """Texts in groups of about `_TOGETHER` characters: a lattice takes some 400 bytes for each."""
    begin, size = 0, 0
    for number, text in enumerate(texts):
        size += len(text.text)
        if size >= _TOGETHER:
            yield texts[begin : number + 1]
            begin, size = number + 1, 0
    if begin < len(texts):
        yield texts[begin:]


def score_cost(misheard: float) -> float:
    """How much less sure a finding is that rests on a word misheard by so many nats."""
    if misheard <= 0:
        return SAME_COST
    if misheard <= _TONES_ONLY:
        return TONE_ONLY_COST
    return NEAR_COST if misheard <= _ONE_NEAR else FAR_COST


def spotted(text: Text) -> Iterator[Heard]:
    """The phrases a keyword spotter heard in a text; those whose place makes no sense are left out.

    A spotter's times are not those of the syllables, so each phrase goes where its own syllables fit best,
    within `_DRIFT` characters of the place given.
    """
    for sound in text.spotted:
        begin, end = sound.span
        phrase = _folded(sound.text)
        if phrase and 0 <= begin < end <= len(text.text):
            begin, end = _fitted(text, phrase, begin, end)
            yield Heard(begin, end, phrase, FoldKind.SPOTTED, SPOTTED_COST)


def _fitted(text: Text, phrase: str, begin: int, end: int) -> tuple[int, int]:
    size = len(phrase)
    starts = range(max(0, begin - _DRIFT), min(len(text.text), end + _DRIFT) - size + 1)
    if not text.sounds or not starts:
        return begin, end
    here = text.text[starts[0] : starts[-1] + size]
    sounds = {sound.span.start: sound.text for sound in text.sounds if _is_one(sound, len(text.text))}
    heard = _numbers([sounds.get(at, "") for at in range(starts[0], starts[0] + len(here))])
    meant = _numbers(sounds_of(phrase))
    misheard = [
        (float(confusion_costs()[heard[at : at + size], meant].sum()), abs(starts[at] - begin), starts[at])
        for at in range(len(starts))
    ]
    best = min(misheard)[2]
    return best, best + size


def _numbers(sounds: Iterable[str]) -> list[int]:
    return [_code(sound) // _TONES for sound in sounds]


@lru_cache(maxsize=4096)
def _folded(phrase: str) -> str:
    return Folder().fold([phrase], evasion=False).reading(0)


def syllables_of(texts: Sequence[Text]) -> Syllables:
    """What was heard, one syllable a character; where a recogniser wrote characters, how those are read."""
    codes: list[int] = []
    starts: list[int] = []
    sizes: list[int] = []
    for text in texts:
        size = len(codes)
        if text.heard != "syllables" or not text.sounds:
            codes += map(_code, sounds_of(text.text))
            starts += range(len(codes) - size)
        else:
            _placed(text, codes, starts)
        codes.append(0)
        starts.append(len(text.text))
        sizes.append(len(codes) - size)
    code = np.array(codes, dtype=np.int64)
    row = np.repeat(np.arange(len(texts)), sizes)
    return Syllables(code // _TONES, code % _TONES, row, np.array(starts, dtype=np.int64))


def _placed(text: Text, codes: list[int], starts: list[int]) -> None:
    """Add the sounds that stand for one character, in order, and a break where one follows no other."""
    length = len(text.text)
    if [sound.span for sound in text.sounds] == list(pairwise(range(length + 1))):
        codes += [_code(sound.text) for sound in text.sounds]
        starts += range(length)
        return
    placed = {s.span.start: s.text for s in text.sounds if _is_one(s, length)}
    following = None
    for start, token in sorted(placed.items()):
        if following not in (None, start):
            codes.append(0)
            starts.append(start)
        codes.append(_code(token))
        starts.append(start)
        following = start + 1


_TONES = 8


@lru_cache(maxsize=8192)
def _code(token: str) -> int:
    """Number and tone of a token's syllable in one; 0 when it is none."""
    syllable = parse(token)
    return word_sounds().numbers[syllable.base] * _TONES + syllable.tone if syllable else 0


def _is_one(sound: Sound, length: int) -> bool:
    start, end = sound.span
    return 0 <= start < length and end == start + 1


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
