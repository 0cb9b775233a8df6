"""Risky terms written with Latin letters: pinyin, pinyin mixed with characters, usual initials."""

from collections.abc import Iterator
from functools import cache
from itertools import chain, takewhile

import numpy as np
import numpy.typing as npt

from fairstream.text.base import Ints
from fairstream.text.kinds import COSTS, CharClass, FoldKind
from fairstream.text.lists import listed
from fairstream.text.phonetic import sound_table
from fairstream.text.rewrite import Edit
from fairstream.text.risky import RiskyTerms
from fairstream.text.view import Recovery, View

#: Pinyin without any character must have this many letters, or it is too likely a foreign word.
FEWEST_LETTERS = 5
_LONGEST_SYLLABLE = 6
_COST = float(COSTS[FoldKind.PINYIN])
_JOINTS = " '-"

Following = dict[str, list[tuple[str, int]]]


class Spellings:
    """What letters may stand for, given the risky terms."""

    def __init__(self, risky: RiskyTerms) -> None:
        self._risky = risky
        self._names = {c: _spelled(c) for c in risky.characters}
        #: Terms and the place in them, by syllable and by the character that follows ("" at the end).
        self._by_syllable: dict[str, Following] = {}
        for term in risky.terms:
            for index, character in enumerate(term):
                for name in self._names[character]:
                    following = self._by_syllable.setdefault(name, {})
                    following.setdefault(term[index + 1 : index + 2], []).append((term, index))
        self._listed = _listed_for(risky)
        self._openings, self._usual = np.zeros((2, 27, 27, 27), dtype=np.bool_)
        for name in self._by_syllable:
            self._openings[_opening(name, closed=False)] = True
        for spelling, offset, _ in (entry for entries in self._listed.values() for entry in entries):
            run = "".join(takewhile(_is_letter, spelling[offset:]))
            self._usual[_opening(run, closed=True)] = True

    def recoveries(self, view: View) -> Iterator[Recovery]:
        """Risky terms written in pinyin, initials, letters or signs."""
        starts = self._starts(view)
        text = view.text if len(starts) else ""
        for at in starts.tolist():
            for found in self._at(text, at):
                if not self._risky.is_white(text, found.begin, found.end):
                    yield found

    def _starts(self, view: View) -> Ints:
        """Where runs of letters begin that may spell something, judged by three letters."""
        words = np.flatnonzero(view.classes == CharClass.WORD)
        letters = _letter_numbers(view.codes[words])
        at = words[letters > 0]
        if not len(at):
            return at
        opens = np.flatnonzero(np.concatenate(([True], np.diff(at) != 1)))
        ends = at[np.concatenate((opens[1:], [len(at)])) - 1] + 1
        at = at[opens]
        last = len(view.codes) - 1
        first, second, third = (_letter_numbers(view.codes[np.minimum(at + step, last)]) for step in range(3))
        third[second == 0] = 0
        # A syllable alone between marks spells nothing; it needs a character beside it or more letters.
        beside = (view.classes[at - 1] == CharClass.HAN) | (view.classes[ends] == CharClass.HAN)
        enough = beside | (ends - at >= FEWEST_LETTERS) | (view.classes[ends] >= CharClass.SPACE)
        usual = self._usual[first, second, third]
        return np.asarray(at[usual | (enough & self._openings[first, second, third])])

    def _at(self, text: str, at: int) -> Iterator[Recovery]:
        for spelling, offset, term in self._listed.get(text[at], ()):
            begin = at - offset
            end = begin + len(spelling)
            if begin >= 0 and text.startswith(spelling, begin) and _stands_alone(text, begin, end):
                yield Recovery(begin, end, (Edit(begin, end, term, FoldKind.PINYIN, _COST * 2),))
        for size in range(1, _LONGEST_SYLLABLE + 1):
            following = self._by_syllable.get(text[at : at + size])
            if following:
                for term, index in self._continued(following, text, at + size):
                    if at >= index and text[at - index : at] == term[:index]:
                        yield from self._from(text, at, term, index)

    def _continued(self, following: Following, text: str, at: int) -> Iterator[tuple[str, int]]:
        """Terms that may go on with what stands after the syllable."""
        after = text[at : at + 1]
        if after and (_is_letter(after) or after in _JOINTS):
            start = at if _is_letter(after) else at + 1
            sizes = range(1, _LONGEST_SYLLABLE + 1)
            if after in _JOINTS or any(text[start : start + size] in self._by_syllable for size in sizes):
                yield from chain.from_iterable(following.values())
            return
        yield from following.get("", ())
        if after:
            yield from following.get(after, ())

    def _from(self, text: str, at: int, term: str, index: int) -> Iterator[Recovery]:
        for edits, end in self._rest(text, at, term, index):
            begin = at - index
            letters = sum(edit.end - edit.begin for edit in edits)
            if len(edits) == len(term) and letters < FEWEST_LETTERS:
                continue
            if _stands_alone(text, begin, end):
                yield Recovery(begin, end, edits)

    def _rest(self, text: str, at: int, term: str, index: int) -> Iterator[tuple[tuple[Edit, ...], int]]:
        """Ways to read `term[index:]` from `at` on, with the place where each ends."""
        if index == len(term):
            yield (), at
            return
        if text.startswith(term[index], at):
            for edits, end in self._rest(text, at + 1, term, index + 1):
                yield edits, end
            return
        joint = at + 1 if index and at and text[at : at + 1] in _JOINTS and _is_letter(text[at - 1]) else at
        for name in self._names[term[index]]:
            if text.startswith(name, joint):
                end = joint + len(name)
                own = Edit(joint, end, term[index], FoldKind.PINYIN, _COST)
                gap = (Edit(at, joint, "", FoldKind.SEPARATOR, 0.0),) if joint > at else ()
                for edits, last in self._rest(text, end, term, index + 1):
                    yield (*gap, own, *edits), last


def _opening(run: str, *, closed: bool) -> tuple[int | slice, ...]:
    """First three letters of a run as an index; after a shorter one anything or, if closed, no letter."""
    rest: int | slice = 0 if closed else slice(None)
    return tuple(ord(run[i]) - 96 if i < len(run) else rest for i in range(3))


def _letter_numbers(codes: npt.NDArray[np.uint32]) -> Ints:
    """1 for a to 26 for z, 0 for everything else."""
    numbers = codes.astype(np.int64) - 96
    numbers[(numbers < 0) | (numbers > 26)] = 0
    return numbers


def _spelled(character: str) -> tuple[str, ...]:
    """Pinyin of a character without tones; ü as v and as u."""
    table = sound_table()
    names = [table.names[s] for s in table.readings(character)]
    return tuple(dict.fromkeys([*names, *(name.replace("v", "u") for name in names)]))


def _listed_for(risky: RiskyTerms) -> dict[str, list[tuple[str, int, str]]]:
    """By first letter: spelling, where that letter stands in it, and the term meant."""
    index: dict[str, list[tuple[str, int, str]]] = {}
    for term, spellings in _usual_spellings():
        if term not in risky.terms:
            continue
        for spelling in spellings:
            offset = next((i for i, c in enumerate(spelling) if _is_letter(c)), None)
            if offset is not None and spelling not in risky.terms:
                index.setdefault(spelling[offset], []).append((spelling, offset, term))
    return index


@cache
def _usual_spellings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((term, tuple(spellings.split())) for term, spellings in listed("spelling.tsv"))


def _is_letter(character: str) -> bool:
    return "a" <= character <= "z"


def _stands_alone(text: str, begin: int, end: int) -> bool:
    """Whether no letter or digit runs on beyond letters at the ends of the span."""
    before, after = text[begin - 1 : begin], text[end : end + 1]
    open_left = _is_letter(text[begin]) and before.isascii() and before.isalnum()
    open_right = _is_letter(text[end - 1]) and after.isascii() and after.isalnum()
    return not (open_left or open_right)
