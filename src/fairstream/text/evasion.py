"""Extra readings of texts that spell risky terms evasively.

Two steps. First, what was pulled apart is put together again (`structure`): that makes a trial reading of
the segments concerned. Then risky terms written by sound, letters or look-alikes are looked for in the
base readings and in the trial readings. Every term found is a *recovery*, a list of edits of the base
reading; recoveries that do not overlap make one extra reading, those left over a second one.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from fairstream.text.base import Stream
from fairstream.text.homophones import PLAIN_PAIR, homophones
from fairstream.text.kinds import SENTENCE_MARKS, CharClass
from fairstream.text.lookalikes import Lookalikes
from fairstream.text.ordinary import crosses, levels
from fairstream.text.rewrite import Edit, Rewritten, rewrite
from fairstream.text.risky import RiskyTerms
from fairstream.text.spellings import Spellings
from fairstream.text.structure import Structure
from fairstream.text.table import EMOJI_BIT
from fairstream.text.view import Recovery, View

#: Extra readings of one segment at most.
EXTRA = 2
#: Adverbs that no clause ends with; a mark after one pulls a phrase apart.
_OPEN_ENDED = frozenset("最很更太第全超极绝唯独不没包特纯无零")
_STOPS = frozenset(SENTENCE_MARKS)


class Evasion:
    """The evasive passes for one set of risky terms."""

    def __init__(self, risky: RiskyTerms) -> None:
        self.risky = risky
        self._structure = Structure(risky)
        self._spellings = Spellings(risky)
        self._lookalikes = Lookalikes(risky)

    def readings(self, view: View, *, signs_only: bool = False) -> Stream | None:
        """Extra readings of the view's stream, None when there are none.

        With `signs_only` those alone that hold an emoji read as a character.
        """
        recoveries = [*self._written_otherwise(view), *self._pulled_apart(view)]
        if signs_only:
            recoveries = [
                *self._with_signs(view),
                *(found for found in recoveries if _holds_sign(view, found)),
            ]
        by_segment: dict[int, list[Recovery]] = {}
        numbers = view.segments_of([found.begin for found in recoveries])
        for number, found in zip(numbers, recoveries, strict=True):
            by_segment.setdefault(number, []).append(found)
        chosen = [(number, kept) for number, own in sorted(by_segment.items()) for kept in layers(own)]
        if not chosen:
            return None
        segments = view.segments([number for number, _ in chosen])
        edits = [[edit for found in kept for edit in found.edits] for _, kept in chosen]
        return rewrite(view.stream, segments, edits).stream

    def _written_otherwise(self, view: View) -> Iterator[Recovery]:
        yield from homophones(view, self.risky)
        yield from self._spellings.recoveries(view)
        yield from self._lookalikes.recoveries(view)

    def _with_signs(self, view: View) -> Iterator[Recovery]:
        """Terms that stand there once the emoji are read as characters."""
        for at in np.flatnonzero(view.stream.packed & np.uint32(EMOJI_BIT)).tolist():
            for begin, end in self.risky.covering(view.text, at, at):
                if not self.risky.is_white(view.text, begin, end):
                    yield Recovery(begin, end, ())

    def _pulled_apart(self, view: View) -> Iterator[Recovery]:
        edits = self._structure.edits(view)
        if not edits:
            return
        grouped: dict[int, list[Edit]] = {}
        numbers = view.segments_of([edit.begin for edit in edits])
        for number, edit in zip(numbers, edits, strict=True):
            grouped.setdefault(number, []).append(edit)
        segments = view.segments(list(grouped))
        trial = rewrite(view.stream, segments, list(grouped.values()))
        yield from self._from_trial(view, trial, edits)

    def _from_trial(self, view: View, trial: Rewritten, edits: Sequence[Edit]) -> Iterator[Recovery]:
        seen = View(trial.stream)
        mapping = _Mapping(trial, edits)
        for found in self._exact(seen, trial):
            recovery = mapping.back(found)
            if self._plausible(view, recovery):
                yield recovery
        for found in self._written_otherwise(seen):
            recovery = mapping.back(found)
            if mapping.touches(recovery):
                yield recovery

    def _exact(self, seen: View, trial: Rewritten) -> Iterator[Recovery]:
        """Terms of the trial reading that hold a character put in or joined."""
        at = np.unique(trial.changed)
        at = at[seen.classes[at] != CharClass.END]
        before = seen.codes[np.maximum(at - 1, 0)]
        after = seen.codes[np.minimum(at + 1, len(seen.codes) - 1)]
        own = seen.codes[at]
        hot = self.risky.adjacent(before, own) | self.risky.adjacent(own, after)
        spans = {
            span
            for position in at[hot].tolist()
            for span in self.risky.covering(seen.text, position, position)
        }
        for begin, end in sorted(spans):
            if not self.risky.is_white(seen.text, begin, end):
                yield Recovery(begin, end, ())

    def _plausible(self, view: View, found: Recovery) -> bool:
        """Whether marks between characters were put there to pull the term apart."""
        gaps = [edit for edit in found.edits if not edit.text]
        if not found.edits or self.risky.is_white(view.text, found.begin, found.end):
            return False
        if not gaps:
            return True
        text, classes = view.text, view.classes
        if crosses(text, found.begin) or crosses(text, found.end):
            return False
        real = [gap for gap in gaps if (classes[gap.begin : gap.end] == CharClass.STRONG).any()]
        if len(real) < len(gaps) or len(gaps) > 1 or not real:
            return True
        left, right = real[0].begin - 1, real[0].end
        if found.end - found.begin > 3 or _alone(text, left, -1) or _alone(text, right, 1):
            return True
        rare = int(levels()[view.narrow[left]]) + int(levels()[view.narrow[right]]) <= PLAIN_PAIR
        return rare or text[left] in _OPEN_ENDED


def _alone(text: str, at: int, step: int) -> bool:
    beyond = text[at + step : at + step + 1] if at + step >= 0 else ""
    return not beyond or not beyond.isalnum()


def _rank(found: Recovery) -> tuple[int, int, float, Recovery]:
    """Total, so that readings never depend on the order in which a set yields."""
    return found.begin - found.end, -sum(len(edit.text) for edit in found.edits), round(found.cost, 4), found


def _within(found: Recovery, other: Recovery) -> bool:
    """Whether the other recovery already makes what this one would."""
    if not (other.begin <= found.begin and found.end <= other.end):
        return False
    made = {(edit.begin, edit.text) for edit in other.edits}
    whole = len(other.edits) == 1 and all(edit.text in other.edits[0].text for edit in found.edits)
    return whole or made.issuperset((edit.begin, edit.text) for edit in found.edits)


def _holds_sign(view: View, found: Recovery) -> bool:
    return bool((view.stream.packed[found.begin : found.end] & np.uint32(EMOJI_BIT)).any())


def layers(recoveries: Iterable[Recovery]) -> Iterator[list[Recovery]]:
    """Recoveries sorted into readings: no two of one reading overlap, the longest and surest come first."""
    left = sorted(set(recoveries), key=_rank)
    for _ in range(EXTRA):
        kept: list[Recovery] = []
        ends: list[int] = []
        rest = []
        for found in left:
            at = bisect_left(ends, found.begin + 1)
            if at == len(kept) or kept[at].begin >= found.end:
                kept.insert(at, found)
                ends.insert(at, found.end)
            elif not any(_within(found, other) for other in kept[at : at + 1]):
                rest.append(found)
        if kept:
            yield kept
        left = rest


class _Mapping:
    """From the characters of a trial reading back to those of the stream it was made of."""

    def __init__(self, trial: Rewritten, edits: Sequence[Edit]) -> None:
        self._origin = trial.origin
        self._edits = {edit.begin: edit for edit in edits}
        self._begins = [edit.begin for edit in edits]
        self._ordered = edits

    def back(self, found: Recovery) -> Recovery:
        """A recovery in the trial reading as one in the reading it was made from."""
        begin = int(self._origin[found.begin])
        end = self._end(found.end - 1)
        own = [self._mapped(edit) for edit in found.edits]
        first = bisect_left(self._begins, begin)
        last = bisect_left(self._begins, end)
        inside = [
            edit
            for edit in self._ordered[first:last]
            if edit.end <= end and not any(o.begin < edit.end and edit.begin < o.end for o in own)
        ]
        return Recovery(begin, end, tuple(sorted([*own, *inside])))

    def touches(self, found: Recovery) -> bool:
        """Whether any of the edits that made the trial reading lies in the span."""
        first = bisect_left(self._begins, found.begin)
        return first < len(self._begins) and self._ordered[first].end <= found.end

    def _end(self, position: int) -> int:
        source = int(self._origin[position])
        edit = self._edits.get(source)
        return edit.end if edit and edit.text else source + 1

    def _mapped(self, edit: Edit) -> Edit:
        begin = int(self._origin[edit.begin])
        return Edit(begin, self._end(edit.end - 1), edit.text, edit.kind, edit.cost)
