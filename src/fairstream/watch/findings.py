"""Findings as words come in, the same that `fairstream inspect` finds in all of them afterwards.

Speech is read in the windows of `fairstream.inspect.windows`: each new utterance makes the last window
longer, and only windows that changed are scanned. What a longer window explains away (a warning, a
quotation) is withdrawn, so what stands at the end is what inspection would say.
"""

import threading
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final, NamedTuple

from fairstream.inspect.broadcast import TextScanner
from fairstream.inspect.inspection import Located
from fairstream.inspect.locate import Locator, without_echoes
from fairstream.inspect.shelf import Shelf
from fairstream.inspect.units import Unit, units_of
from fairstream.records import Broadcast, ChatMessage, Finding, Language, ScreenText, Utterance

_CHUNKS: Final = 3
"""Windows of speech that can still change or hide a finding of a neighbour."""
_CONTEXT: Final = 6

_Window = tuple[str, tuple[str, ...], bool]


class Told(NamedTuple):
    """A finding as it is told: the `repeat`-th time that these words were found under this rule.

    `withdrawn` takes back one told before; `replaces` is the id of one told before of which this is the
    longer or shorter form, now that more has been said.
    """

    finding: Finding
    repeat: int = 1
    withdrawn: bool = False
    replaces: str | None = None


@dataclass(slots=True)
class _Held:
    """A window that has been scanned, and its findings at their places."""

    key: _Window
    located: tuple[Located, ...]


class LiveFindings:
    """Scans what is said, written and shown in one broadcast; may be called from several threads."""

    def __init__(
        self, scanner: TextScanner, *, started_at: datetime, on: date, name: str, language: Language = "zh"
    ) -> None:
        self._scanner = scanner
        self._language: Language = language
        self._broadcast = Broadcast(id=name, title=name, on=on, started_at=started_at)
        self._lock = threading.Lock()
        self._open: list[Utterance] = []
        self._before: list[Utterance] = []
        self._frozen: list[_Held] = []
        self._held: dict[_Window, _Held] = {}
        self._told: dict[str, Finding] = {}
        self._times: dict[tuple[str, str, str], int] = {}

    def heard(self, utterances: Sequence[Utterance]) -> list[Told]:
        """What new utterances, in the order they were said, add or take back."""
        with self._lock:
            self._open.extend(utterance for utterance in utterances if utterance.text)
            if not self._open:
                return []
            units = units_of(replace(self._broadcast, utterances=tuple(self._open)), Shelf(()))
            windows = self._scanned(units)
            told = self._compared(windows)
            self._let_go(units, windows)
            return told

    def wrote(self, messages: Sequence[ChatMessage]) -> list[Told]:
        """Findings in new chat."""
        with self._lock:
            return self._alone(replace(self._broadcast, chat=tuple(messages)))

    def seen(self, texts: Sequence[ScreenText]) -> list[Told]:
        """Findings in text that came into the picture; the same words under the same rule are told once."""
        with self._lock:
            return [
                told
                for told in self._alone(replace(self._broadcast, screen=tuple(texts)))
                if told.repeat == 1
            ]

    def _alone(self, broadcast: Broadcast) -> list[Told]:
        """Findings of texts that no other text touches."""
        units = units_of(broadcast, Shelf(()))
        scanned = self._scanner.scan([unit.text for unit in units], self._language)
        hits = [(unit, findings) for unit, findings in zip(units, scanned, strict=True) if findings]
        if not hits:
            return []
        locator = Locator(replace(broadcast, chat=()))
        return [
            self._tell(located.finding)
            for unit, findings in hits
            for located in without_echoes(self._located(locator, unit, findings))
        ]

    def _scanned(self, units: Sequence[Unit]) -> list[_Held]:
        """The windows as they are now; those that are new or longer are scanned."""
        fresh = [unit for unit in units if _key(unit) not in self._held]
        scanned = self._scanner.scan([unit.text for unit in fresh], self._language)
        if any(scanned):
            locator = Locator(replace(self._broadcast, utterances=(*self._before, *self._open)))
        for unit, findings in zip(fresh, scanned, strict=True):
            located = self._located(locator, unit, findings) if findings else ()
            self._held[_key(unit)] = _Held(_key(unit), tuple(located))
        windows = [self._held[_key(unit)] for unit in units]
        self._held = {held.key: held for held in windows}
        return windows

    def _located(self, locator: Locator, unit: Unit, findings: Iterable[Finding]) -> list[Located]:
        places = (locator.locate(unit, {self._language: finding}, self._language) for finding in findings)
        return [place for place in places if place is not None]

    def _compared(self, windows: Sequence[_Held]) -> list[Told]:
        """What is found now against what has been told of these windows."""
        found = [located for held in (*self._frozen, *windows) for located in held.located]
        now = {located.finding.id: located.finding for located in without_echoes(found)}
        gone = [one for name, one in self._told.items() if name not in now]
        for one in gone:
            del self._told[one.id]
            self._times[_words(one)] -= 1
        told = []
        fresh = [finding for name, finding in now.items() if name not in self._told]
        for finding in sorted(fresh, key=lambda one: (one.start_ms or 0, one.span.start, one.rule)):
            self._told[finding.id] = finding
            before = next((one for one in gone if _same_place(one, finding)), None)
            if before is not None:
                gone.remove(before)
            told.append(self._tell(finding)._replace(replaces=before.id if before else None))
        return [*(Told(one, withdrawn=True) for one in gone), *told]

    def _tell(self, finding: Finding) -> Told:
        times = self._times[_words(finding)] = self._times.get(_words(finding), 0) + 1
        return Told(finding, times)

    def _let_go(self, units: Sequence[Unit], windows: Sequence[_Held]) -> None:
        """Drop the oldest windows once nothing that is still to come can change them."""
        chunks = [number for number, unit in enumerate(units) if not unit.crossing]
        if len(chunks) <= _CHUNKS:
            return
        first = {part.unit for part in units[chunks[-_CHUNKS]].parts[:1]}
        keep = next(number for number, one in enumerate(self._open) if one.id in first)
        old, self._open = self._open[:keep], self._open[keep:]
        self._before = [*self._before, *old][-_CONTEXT:]
        kept = {utterance.id for utterance in self._open}
        self._frozen = [held for held in windows if not kept.issuperset(held.key[1])]
        alive = {located.finding.id for held in (*self._frozen, *windows) for located in held.located}
        self._told = {name: finding for name, finding in self._told.items() if name in alive}


def _key(unit: Unit) -> _Window:
    return unit.text.text, tuple(part.unit for part in unit.parts), unit.crossing


def _same_place(one: Finding, other: Finding) -> bool:
    """Whether two findings of a rule stand in the same characters, as far as they begin in one utterance."""
    same = (one.rule, one.unit) == (other.rule, other.unit)
    return same and one.span.start < other.span.end and other.span.start < one.span.end


def _words(finding: Finding) -> tuple[str, str, str]:
    """Rule, medium and quote without signs, width and case: what counts as the same words found again."""
    folded = unicodedata.normalize("NFKC", finding.quote).casefold()
    plain = "".join(character for character in folded if character.isalnum())
    return finding.rule, finding.medium, plain or finding.quote
