"""Rows that do not stand under their header: which value belongs to which column, where that can be proved.

Collectors that append to a CSV file write the header once; when their columns change in between, later rows
are longer, shorter or shifted. Other files of the same tool show headers that may be the right one; else up
to two columns may have gone or come. A reading counts only if every value fits what its column holds, and
only what all readings that fit agree on is believed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, permutations
from typing import Final

from fairstream.sources.posts.shapes import Header, Shape
from fairstream.sources.posts.values import count, moment

_NAMES: Final = (
    (re.compile(r"url|link|href|avatar|链接|网址", re.I), "link"),
    (re.compile(r"(?:^|_)(?:ts|time|at|date)$|时间|日期", re.I), "moment"),
    (re.compile(r"count$|_num$|^total_|点赞|评论数|转发数|播放", re.I), "count"),
    (re.compile(r"hash$", re.I), "hash"),
    (re.compile(r"(?:^|_)(?:id|uid)$|编号", re.I), "id"),
)
_LINK: Final = re.compile(r"https?://|//|www\.")
_ID: Final = re.compile(r"[\w:/.=+-]{1,200}", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{8,64}")
_MOST_CHANGED: Final = 2
_LEAST_PROOF: Final = 3


class Layouts:
    """Readings of odd rows of one table. `others` are headers of other files of the same shape."""

    def __init__(
        self,
        shape: Shape,
        columns: Sequence[str],
        sample: Iterable[Sequence[str]],
        others: Iterable[tuple[str, ...]] = (),
    ) -> None:
        self.shape = shape
        self.columns = tuple(columns)
        self._others = list(dict.fromkeys(other for other in others if other != self.columns))
        self._learned = _learned(self.columns, sample)
        header = Header(self.columns)
        text = shape.columns["text"]
        self._text = {found for part in text.parts for found in header.all(part)}

    def adopt(self, cells: Sequence[str]) -> bool:
        """Whether the cells are a header themselves; then later rows may stand under it."""
        header = Header(cells)
        if not all(header.first(names) for names in self.shape.needs):
            return False
        if tuple(cells) != self.columns:
            self._others.insert(0, tuple(cells))
        return True

    def place(self, cells: Sequence[str]) -> dict[str, str] | None:
        """Values by column, those in doubt left out; None when nothing is proved about the text."""
        known = [other for other in self._others if len(other) == len(cells)]
        fitting = [row for row in (self._read(header, cells) for header in known) if row is not None]
        if not fitting:
            fitting = [row for row in self._changed(cells) if row is not None]
        if not any(row.get(name) for row in fitting for name in self._text):
            return None
        agreed = {
            name: value
            for name, value in fitting[0].items()
            if all(row.get(name) == value for row in fitting)
        }
        text_agrees = all(
            row.get(name, "") == fitting[0].get(name, "") for row in fitting for name in self._text
        )
        return agreed if text_agrees else None

    def halves(self, cells: Sequence[str], delimiter: str) -> list[list[str]] | None:
        """The two rows that a stray quotation mark joined in one cell; None unless both are whole and fit."""
        for at, cell in enumerate(cells):
            before, line_end, after = cell.partition("\n")
            if not line_end or "\n" in after:
                continue
            first = [*cells[:at], *before.split(delimiter)]
            second = [*after.split(delimiter), *cells[at + 1 :]]
            whole = len(first) == len(second) == len(cells)
            if whole and all(self._read(self.columns, half, 1) for half in (first, second)):
                return [first, second]
        return None

    def _changed(self, cells: Sequence[str]) -> Iterator[dict[str, str] | None]:
        columns = self.columns
        gone = len(columns) - len(cells)
        if not -_MOST_CHANGED <= gone <= _MOST_CHANGED:
            return
        if gone > 0:
            for lost in combinations(range(len(columns)), gone):
                yield self._read([name for at, name in enumerate(columns) if at not in lost], cells)
        elif gone < 0:
            for new in combinations(range(len(cells)), -gone):
                yield self._read(_spread(columns, new, len(cells)), cells)
        else:
            for out, into in permutations(range(len(columns)), 2):
                left = columns[:out] + columns[out + 1 :]
                yield self._read(_spread(left, (into,), len(cells)), cells)

    def _read(
        self, header: Sequence[str], cells: Sequence[str], least: int = _LEAST_PROOF
    ) -> dict[str, str] | None:
        """Values by column if all fit; columns without a name are new and unknown."""
        proof = 0
        for name, value in zip(header, cells, strict=True):
            value = value.strip()
            if not name or not value:
                continue
            kind = self._kind(name)
            if not _fits(kind, value):
                return None
            proof += kind != "any"
        if proof < least:
            return None
        return {name: value for name, value in zip(header, cells, strict=True) if name and value}

    def _kind(self, name: str) -> str:
        return self._learned.get(name) or kind_by_name(name)


def kind_by_name(name: str) -> str:
    """What a column holds, told from its name: link, moment, count, hash, id or any."""
    return next((kind for pattern, kind in _NAMES if pattern.search(name)), "any")


def _spread(columns: Sequence[str], new: Sequence[int], size: int) -> list[str]:
    names = iter(columns)
    return ["" if at in new else next(names) for at in range(size)]


def _learned(columns: Sequence[str], sample: Iterable[Sequence[str]]) -> dict[str, str]:
    """Kinds of columns whose values all agree in the first rows, where the name does not tell."""
    rows = [row for row in sample if len(row) == len(columns)]
    found: dict[str, str] = {}
    for at, name in enumerate(columns):
        values = [row[at].strip() for row in rows if row[at].strip()]
        if kind_by_name(name) != "any" or len(values) < 3:
            continue
        for kind in ("hash", "link", "count"):
            if all(_fits(kind, value) for value in values):
                found[name] = kind
                break
    return found


def _fits(kind: str, value: str) -> bool:
    if kind == "link":
        return _LINK.match(value) is not None
    if kind == "moment":
        return value == "0" or moment(value) is not None or value.endswith("前")
    if kind == "count":
        return count(value) is not None
    if kind == "hash":
        return _HASH.fullmatch(value) is not None
    if kind == "id":
        return _ID.fullmatch(value) is not None
    return True
