"""How numbers are written, and the register of those a paper holds.

Chinese reports write counts in full, or rounded in 万 or 亿; shares have two decimals as the published
reports print them; changes between shares are percentage points (个百分点).
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from fairstream.blocks import Number
from fairstream.opinion.aggregate import Count
from fairstream.opinion.prevalence import Estimate
from fairstream.opinion.report.words import said
from fairstream.opinion.select import Selection, where
from fairstream.records import Words

NONE: Final = Words("—", "—")
_ONCE: Final = where("first")
_MONTHS: Final = ("January", "February", "March", "April", "May", "June")
_MONTHS_LATE: Final = ("July", "August", "September", "October", "November", "December")


def whole(n: float) -> Words:
    """A count, with thousands set apart."""
    text = f"{n:,.0f}"
    return Words(text, text)


def rounded(n: float) -> Words:
    """About how many: 1,957,224 → 195.7万, 1.957 million."""
    if abs(n) < 10_000:
        return whole(n)
    zh = f"{n / 1e8:,.2f}亿" if abs(n) >= 1e8 else f"{n / 1e4:,.1f}万"
    en = f"{n / 1e6:,.3f} million" if abs(n) >= 1e6 else f"{n:,.0f}"
    return Words(zh, en)


def percent(share: float | None, digits: int = 2) -> Words:
    """A share 0–1 in per cent; a dash for a share of nothing."""
    if share is None:
        return NONE
    text = f"{share * 100:.{digits}f}%"
    return Words(text, text)


def day(on: date) -> Words:
    """A day in words."""
    return Words(
        f"{on.year}年{on.month}月{on.day}日", f"{on.day} {(*_MONTHS, *_MONTHS_LATE)[on.month - 1]} {on.year}"
    )


def short_day(on: date) -> Words:
    """A day whose year is clear from the window."""
    return Words(f"{on.month}月{on.day}日", day(on).en.rsplit(" ", 1)[0])


def span(start: date, end: date) -> Words:
    """A window in words."""
    return Words(f"{day(start).zh}至{day(end).zh}", f"{day(start).en} to {day(end).en}")


class Numbers:
    """All numbers of one paper, by key; a key given twice must mean the same number.

    Days are written with their year only when the window spans `years`.
    """

    def __init__(self, within: Selection, *, years: bool = False) -> None:
        self._within, self._day = within, day if years else short_day
        self._held: dict[str, Number] = {}

    @property
    def held(self) -> Mapping[str, Number]:
        """What was registered, in order."""
        return self._held

    def add(self, number: Number) -> Number:
        """Register a number. Raises `ValueError` when its key already means another."""
        known = self._held.setdefault(number.key, number)
        if known != number:
            raise ValueError(f"the key {number.key} means two numbers: {known.value} and {number.value}")
        return known

    def items(self, key: str, count: Count, meaning: Words, selection: Selection) -> Number:
        """How many items a selection has, copies included."""
        return self._counted(key, count.items, meaning, self._within & selection)

    def firsts(self, key: str, count: Count, meaning: Words, selection: Selection) -> Number:
        """How many it has when each text counts once."""
        told = said("without_copies", what=meaning)
        return self._counted(key, count.first, told, self._within & selection & _ONCE)

    def share(
        self,
        key: str,
        share: float | None,
        part: int,
        meaning: Words,
        selection: Selection,
        whole: Selection,
        *,
        first: bool = False,
    ) -> Number:
        """A share of the items of `whole`; the items behind it are those of its part."""
        within = self._within & _ONCE if first else self._within
        value = -1.0 if share is None else share
        return self.add(
            Number(key, percent(share), value, meaning, str(within & selection), part, str(within & whole))
        )

    def corrected(self, key: str, found: Estimate, meaning: Words) -> Number:
        """A share corrected by labels, with its limits; or that there is too little data to say."""
        if found.value is None:
            return self.add(Number(key, said("too_little"), -1.0, meaning))
        low, high = percent(found.low).zh, percent(found.high).zh
        shown = Words(
            f"{percent(found.value).zh}（{low}～{high}）", f"{percent(found.value).en} ({low}–{high})"
        )
        return self.add(
            Number(key, shown, found.value, meaning, None, found.labels, None, found.low, found.high, 0.95)
        )

    def mean(self, key: str, count: Count, length: int, meaning: Words, selection: Selection) -> Number:
        """Items a day, as a mean over the days of the window."""
        value = count.items / length
        number = Number(key, rounded(value), value, meaning, str(self._within & selection), count.items)
        return self.add(number)

    def on(self, key: str, on: date, meaning: Words, selection: Selection, count: int) -> Number:
        """A day of the window, with the items of that day behind it."""
        return self.add(Number(key, self._day(on), on.isoformat(), meaning, str(selection), count))

    def plain(self, key: str, shown: Words, value: float | str, meaning: Words) -> Number:
        """A number without items behind it: a length, a test's figure, a change between two shares."""
        return self.add(Number(key, shown, value, meaning))

    def asked(
        self, key: str, shown: Words, value: float | str, meaning: Words, selection: Selection, count: int
    ) -> Number:
        """Any other number, with the selection it was computed from."""
        return self.add(Number(key, shown, value, meaning, str(selection), count))

    def _counted(self, key: str, n: int, meaning: Words, selection: Selection) -> Number:
        return self.add(Number(key, whole(n), float(n), meaning, str(selection), n))
