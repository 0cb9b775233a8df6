"""What was written → records of `fairstream.facts`; what does not fit is a problem, the rest is kept.

Consumers are replaced by pseudonyms here, and numbers in their words are starred, so that nothing of them
leaves the reader.
"""

import difflib
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from fairstream.facts import Interval
from fairstream.records import Broadcast, Place
from fairstream.sources import factvalues as values
from fairstream.sources.crowd import Crowd
from fairstream.sources.factnames import PERSONAL
from fairstream.sources.factplan import Plan, named, plans_of
from fairstream.sources.money import money_fen
from fairstream.sources.problems import ProblemLog
from fairstream.sources.tables import column_key as _column_key
from fairstream.sources.times import wall_clock
from fairstream.sources.written import Entry, Written
from fairstream.text.masking import mask

_NAMES: Final = {("Review", "author"), ("Prize", "winners"), ("Prize", "winners_inside")}
_CONSUMERS_WORDS: Final = {("Review", "text"), ("AfterSale", "refusal_words")}
_ENDS: Final = frozenset(("expires_on", "valid_until"))
_WANTED: Final = {
    "text": "a text",
    "truth": "yes or no (是, 否)",
    "count": "a whole number of zero or more",
    "number": "a number of zero or more",
    "day": "a day like 2026-03-01",
    "moment": "a time like 2026-03-01T20:00:00+08:00",
    "mark": "a mark like 0:05:30 or a number of seconds",
    "money": "yuan, like 9.90",
    "permille": "a share like 20%",
    "interval": "a stretch like 0:01:00-0:05:30",
    "shares": "percent by name, like 棉60%、涤纶40%",
    "record": "keys with values",
}
_SIMPLE: Final[dict[str, Callable[[str], Any]]] = {
    "text": str,
    "truth": values.truth,
    "count": values.count,
    "number": values.number,
    "interval": values.interval,
    "shares": values.shares,
}
_SHOWN: Final = 40
column_key: Final = lru_cache(4096)(_column_key)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reader needs beside the file: pseudonyms, the start of the recording, goods and own people."""

    crowd: Crowd
    started_at: datetime | None = None
    goods: dict[str, str] = field(default_factory=dict)
    own_people: tuple[str, ...] = ()

    @classmethod
    def of(cls, broadcast: Broadcast | None, key: bytes | None) -> "Surroundings":
        """Those of a broadcast; goods are known by id and by title."""
        if broadcast is None:
            return cls(Crowd(key))
        goods: dict[str, str] = {}
        for listing in broadcast.listings:
            goods.setdefault(listing.title, listing.id)
        goods |= {listing.id: listing.id for listing in broadcast.listings}
        own_people = tuple(party.name for party in broadcast.parties)
        return cls(Crowd(key), broadcast.started_at, goods, own_people)


class FactReader:
    """Records of one file."""

    def __init__(self, log: ProblemLog, around: Surroundings) -> None:
        self.log = log
        self._around = around

    def records(self, written: Written, record: type, kind: str) -> Iterator[Any]:
        """The entries of a list; one entry may stand without the list."""
        items = written.items if written.items is not None else () if written.empty else (written,)
        for item in items:
            found = self.record(item, record, kind)
            if found is not None:
                yield found

    def record(self, written: Written, record: type, kind: str) -> Any | None:
        """One entry; None, with a problem, when it is no mapping or lacks what it cannot do without."""
        if written.entries is None:
            self.log.add("row_shape", written.line)
            return None
        found = self.fields(written, record)
        lacking = [plan.name for plan in plans_of(record) if plan.required and found.get(plan.name) is None]
        if lacking:
            self.log.add("fact_lacking", written.line, kind=kind, key=lacking[0])
            return None
        if "place" in record.__dataclass_fields__:  # type: ignore[attr-defined]
            found["place"] = Place(self.log.file, written.line)
        return record(**found)

    def fields(self, written: Written, record: type) -> dict[str, Any]:
        """The values of an entry by field; those not given or not read are left out."""
        found: dict[str, Any] = {}
        for entry, plan in self._known(written.entries or (), record):
            if plan.name in found:
                self.log.add("fact_same_key", entry.line, key=entry.key)
                continue
            value = self._value(entry.value, entry, plan, record)
            if value is not None:
                found[plan.name] = value
        return found

    def _known(self, entries: tuple[Entry, ...], record: type) -> Iterator[tuple[Entry, Plan]]:
        names = named(record)
        for entry in entries:
            key = column_key(entry.key)
            if key in names:
                yield entry, names[key]
            elif key in PERSONAL:
                self.log.add("fact_personal", entry.line, key=entry.key)
            elif key != "place":
                known = [plan.name for plan in plans_of(record)]
                near = difflib.get_close_matches(entry.key, known, 1, 0.6)
                nearest = f"; did you mean '{near[0]}'?" if near else f"; known: {', '.join(known)}"
                self.log.add("unknown_key", entry.line, key=mask(entry.key), nearest=nearest)

    def _value(self, written: Written, entry: Entry, plan: Plan, record: type) -> Any | None:
        if written.empty:
            return None
        if not plan.many:
            return self._one(written, entry, plan, record)
        if written.text is not None and values.folded(written.text) in values.NONE_AT_ALL:
            return ()
        found = [self._one(item, entry, plan, record) for item in _pieces(written, plan)]
        read = tuple(value for value in found if value is not None)
        # A list of which nothing could be read is not known; only one written empty says there is nothing.
        return read if read or not found else None

    def _one(self, written: Written, entry: Entry, plan: Plan, record: type) -> Any | None:
        """A single value, with a complaint when it does not fit."""
        if plan.record is not None:
            return self.record(written, plan.record, plan.name)
        value = self._of_entries(written, plan) if written.text is None else None
        if written.text is not None:
            nothing = not plan.required and values.folded(written.text) in values.NOTHING
            value = self._of_text(written.text, entry, plan) if not nothing or plan.form == "word" else None
            if nothing and value is None:
                return None
        if value is None:
            self._complain(written, entry, plan)
        elif value is not _TOLD:
            return self._private(value, plan, record)
        return None

    def _of_text(self, text: str, entry: Entry, plan: Plan) -> Any | None:
        if plan.name == "listing_id":
            return self._listing(text, entry)
        if plan.form in _SIMPLE:
            return _SIMPLE[plan.form](text)
        if plan.form == "word":
            return plan.words.get(column_key(text))
        if plan.form == "day":
            return values.last_day(text) if plan.name in _ENDS else values.day(text)
        if plan.form == "moment":
            return self._moment(text, entry)
        exact = column_key(entry.key) in plan.exact or _says_small_unit(entry.key)
        if plan.form == "money":
            return _fen(text, exact)
        if plan.form == "permille":
            return values.permille(text, bare=1 if exact else 10)
        return self._mark(text, entry, 1 if exact else 1000)

    def _of_entries(self, written: Written, plan: Plan) -> Any | None:
        """Stretches and shares may be written as mappings."""
        if plan.form == "shares" and written.entries is not None:
            found = {entry.key: values.share(entry.value.text or "") for entry in written.entries}
            return None if None in found.values() else found
        if plan.form == "interval" and written.entries is not None:
            ends = self.fields(written, Interval)
            if ends.keys() == {"start_ms", "end_ms"} and ends["start_ms"] < ends["end_ms"]:
                return Interval(**ends)
        return None

    def _moment(self, text: str, entry: Entry) -> Any | None:
        """A moment; a bare day is its beginning, a mark counts from the start of the recording."""
        day = values.day(text) if ":" not in text else None
        if day is not None:
            self.log.add("fact_day", entry.line, key=entry.key)
            return values.moment_of_day(day)
        moment = wall_clock(text)
        if moment is not None:
            return moment
        mark = values.mark(text) if ":" in text else None
        if mark is None:
            return None
        if self._around.started_at is None:
            self.log.add("fact_clock", entry.line, key=entry.key)
            return _TOLD
        return self._around.started_at + timedelta(milliseconds=mark)

    def _mark(self, text: str, entry: Entry, unit_ms: int) -> Any | None:
        """Milliseconds into the recording; a wall clock counts from the start of it."""
        mark = values.mark(text, unit_ms=unit_ms)
        moment = wall_clock(text) if mark is None else None
        if moment is None:
            return mark
        if self._around.started_at is None:
            self.log.add("fact_clock", entry.line, key=entry.key)
            return _TOLD
        after = (moment - self._around.started_at) // timedelta(milliseconds=1)
        return after if after >= 0 else None

    def _listing(self, text: str, entry: Entry) -> str:
        """The id of the goods, which may be given by their title."""
        goods = self._around.goods
        if goods and text not in goods:
            self.log.add("fact_listing", entry.line, key=mask(text[:_SHOWN]))
        return goods.get(text, text)

    def _private(self, value: Any, plan: Plan, record: type) -> Any:
        held = (record.__name__, plan.name)
        if held in _NAMES:
            return self._around.crowd.pseudonym(value)
        return mask(value) if held in _CONSUMERS_WORDS else value

    def _complain(self, written: Written, entry: Entry, plan: Plan) -> None:
        shown = "a list or mapping" if written.text is None else f"'{mask(written.text)[:_SHOWN]}'"
        wanted = _WANTED.get(plan.form) or ", ".join(dict.fromkeys(plan.words.values()))
        self.log.add("bad_value", written.line, key=entry.key, value=shown, wanted=wanted)


_TOLD: Final = object()
"""A value that cannot be used, and whose problem has been told."""


def _pieces(written: Written, plan: Plan) -> tuple[Written, ...]:
    """The items of a list, or of a text that holds several."""
    if written.items is not None:
        return written.items
    if written.text is None:
        return (written,)
    text = written.text
    for separator in ("；", "、", "|", "\n", *(() if plan.form == "text" else (",", "，"))):
        text = text.replace(separator, ";")
    return tuple(Written(written.line, part.strip()) for part in text.split(";") if part.strip())


def _says_small_unit(key: str) -> bool:
    """Whether a column says (分), (毫秒) or (‰) of its numbers."""
    plain = unicodedata.normalize("NFKC", key).casefold()
    return any(unit in plain for unit in ("(分)", "(fen)", "(毫秒)", "(ms)", "(‰)"))


def _fen(text: str, exact: bool) -> int | None:
    """Money in yuan, or in whole fen when the key says so."""
    return values.count(text) if exact else money_fen(text)
