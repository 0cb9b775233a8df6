"""Rows as a source has them → record batches of `POSTS`, one shape at a time, column by column."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.columns import POSTS
from fairstream.sources.posts import cells
from fairstream.sources.posts.kernels import blank
from fairstream.sources.posts.prepared import STEPS
from fairstream.sources.posts.privacy import private_column, pseudonyms, string_parts
from fairstream.sources.posts.shapes import KINDS, REST, Field, Header, Shape, said
from fairstream.sources.problems import ProblemLog

BATCH: Final = 16_384
"""Most rows of one batch."""

NUMBERS: Final = ("likes", "comments", "reposts", "views")
_PLAIN: Final = ("thread", "keyword", "respondent", "url")
_MASKED: Final = frozenset({"text", "more", "respondent", "place", "keyword"})
_EXACT: Final = 2**53
_ROUNDED: Final = r"^(?:\d{15}0{2,}|\d(?:\.\d+)?[eE]\+\d+)$"
_PERSONAL: Final = re.compile(
    "昵称|用户|姓名|手机|电话|联系|身份证|证件|邮箱|地址|头像|微信|收件|银行卡"
    "|avatar|nick|phone|mobile|mail|user|author|uid|address|wechat",
    re.IGNORECASE,
)
"""Columns about persons, by their names: never carried along unnamed."""


class Raw(NamedTuple):
    """Rows of a source: columns by their names there (dotted paths for nested JSON) in any Arrow type, and
    the 1-based line or row of each in its file (int64)."""

    batch: pa.RecordBatch
    lines: pa.Array


def wanted_columns(shape: Shape, columns: Sequence[str]) -> list[str]:
    """Columns of a source that `shape` reads, in their order there."""
    if any(REST in column.names for column in shape.columns.values()):
        return list(columns)
    header = Header(columns)
    names = {name for column in shape.columns.values() for name in column.names} | set(shape.collected)
    named = [*names, *(name for part in shape.needs for name in part)]
    found = set(header.all(tuple(named)))
    return [column for column in columns if column in found]


def note_drift(shape: Shape, columns: Sequence[str], log: ProblemLog) -> None:
    """Name columns that `shape` does not know, and usual ones that are missing. Nested JSON is compared by
    its outermost names."""
    if shape.usual:
        return
    header = Header(columns)
    known = {found for name in shape.named if (found := header.find(name)) is not None}
    outer = {name.split(".")[0] for name in shape.named}
    takes_rest = REST in shape.known or any(REST in column.names for column in shape.columns.values())
    for column in header.columns:
        if "." not in column and column not in known and column not in outer and not takes_rest:
            log.add("posts_new", column=column[:60], shape=shape.id)
    for field, source in shape.columns.items():
        missing = source.parts and not any(header.first(part) for part in source.parts)
        if missing and field not in shape.optional and not (field == "more" or source.default):
            log.add("posts_missing", column=source.parts[0][0], shape=shape.id, field=field)


@dataclass(frozen=True, slots=True)
class Converter:
    """Reads rows of one table by its shape. `file` is written into every row; `key` makes pseudonyms."""

    shape: Shape
    file: str
    key: bytes
    log: ProblemLog

    def batches(self, raw: Raw) -> Iterator[pa.RecordBatch]:
        """Batches of `POSTS` of at most `BATCH` rows; rows without text are left out and logged."""
        for start in range(0, raw.batch.num_rows, BATCH):
            found = self.convert(Raw(raw.batch.slice(start, BATCH), raw.lines.slice(start, BATCH)))
            if found.num_rows:
                yield found

    def convert(self, raw: Raw) -> pa.RecordBatch:
        """One batch of `POSTS`."""
        batch, lines = raw
        if self.shape.prepare:
            batch = STEPS[self.shape.prepare](batch)
        texts = self._text(batch, Header(batch.schema.names))
        empty = blank(*string_parts(texts))
        if empty.any():
            self.note("no_text", empty, lines)
            kept = pa.array(~empty)
            batch, lines, texts = batch.filter(kept), lines.filter(kept), texts.filter(kept)
        return _Rows(self, batch, lines, texts).posts()

    def _text(self, batch: pa.RecordBatch, header: Header) -> Any:
        parts = self.shape.columns["text"].parts
        sources = [header.all(part) for part in parts]
        columns = [_coalesce_raw([batch.column(name) for name in names]) for names in sources if names]
        return cells.joined_text(columns) if columns else pa.nulls(batch.num_rows, pa.string())

    def note(self, code: str, rows: Any, lines: Any, **values: object) -> None:
        """Log the rows of a bool[n] with the line of the first."""
        places = np.flatnonzero(np.asarray(rows))
        if len(places):
            self.log.add(code, lines[int(places[0])].as_py(), len(places), **values)


def _coalesce_raw(columns: list[Any]) -> Any:
    found = [cells.strings(column) for column in columns]
    return found[0] if len(found) == 1 else pc.coalesce(*found)


class _Rows:
    """The rows of one batch that have text, on their way to `POSTS`."""

    def __init__(self, converter: Converter, batch: pa.RecordBatch, lines: Any, texts: Any) -> None:
        self.shape = converter.shape
        self.converter = converter
        self.batch = batch
        self.header = Header(batch.schema.names)
        self.lines = lines
        self.texts = texts
        self.size = batch.num_rows

    def posts(self) -> pa.RecordBatch:
        found: dict[str, Any] = {"text": self.texts, "at": self.moments(), "kind": self.kind()}
        found["channel"] = self.words("channel")
        for name in NUMBERS:
            found[name] = self.counts(name)
        for name in _PLAIN:
            found[name] = self.words(name)
        source = self.sources("place")
        found["place"] = cells.places(cells.coalesced(source)) if source else self.words("place")
        found["more"] = self.more()
        found["author"] = self.authors(found["channel"])
        found["id"] = self.ids(found)
        for name in _MASKED:
            if found[name] is not None:
                found[name] = private_column(found[name])
        found["file"] = pa.repeat(pa.scalar(self.converter.file, pa.string()), self.size)
        found["line"] = self.lines
        columns = [
            pa.nulls(self.size, field.type) if found[field.name] is None else found[field.name]
            for field in POSTS
        ]
        return pa.RecordBatch.from_arrays(columns, schema=POSTS)

    def sources(self, name: str) -> list[Any]:
        field = self.shape.columns.get(name)
        if field is None or not field.parts:
            return []
        return [self.batch.column(column) for column in self.header.all(field.parts[0])]

    def words(self, name: str) -> Any:
        """A column of strings: the source, translated where the shape says so, else the default."""
        field = self.shape.columns.get(name, Field())
        source = self.sources(name)
        if not source:
            return None if field.default is None else self.repeated(field.default)
        found = cells.coalesced(source)
        if field.values:
            ours = cells.translated(found, field.values, said)
            found = ours if name == "kind" else pc.coalesce(ours, found)
        return found if field.default is None else pc.fill_null(found, field.default)

    def repeated(self, value: str) -> Any:
        return pa.repeat(pa.scalar(value, pa.string()), self.size)

    def kind(self) -> Any:
        found = self.words("kind")
        if found is None or not self.sources("kind"):
            return found
        known = pc.is_in(found, pa.array(sorted(KINDS)))
        field = self.shape.columns["kind"]
        given = cells.coalesced(self.sources("kind"))
        strange = pc.and_(pc.is_valid(given), pc.invert(pc.fill_null(known, False)))
        if field.default is None:
            self.converter.note("posts_kind", strange, self.lines, field="kind")
        return pc.if_else(known, found, pa.scalar(None, pa.string()))

    def moments(self) -> Any:
        collected = None
        if names := self.header.all(self.shape.collected):
            collected, _ = cells.moments(_single([self.batch.column(name) for name in names]))
        source = self.sources("at")
        if not source:
            return None
        found, wrong = cells.moments(_single(source), collected)
        self.converter.note("posts_time", wrong, self.lines)
        return found

    def counts(self, name: str) -> Any:
        source = self.sources(name)
        if not source:
            return None
        found, wrong = cells.counts(_single(source))
        self.converter.note("posts_count", wrong, self.lines, field=name)
        return found

    def authors(self, channels: Any) -> Any:
        source = self.sources("author")
        if not source:
            return None
        channels = self.repeated("") if channels is None else channels
        return pseudonyms(cells.coalesced(source), channels, self.converter.key)

    def more(self) -> Any:
        field = self.shape.columns.get("more")
        if field is None:
            return None
        columns: dict[str, Any] = {}
        for part in field.parts:
            if part == (REST,):
                used = set(self.header.all(tuple(self.shape.named)))
                free = (name for name in self.header.columns if name not in used)
                names = [name for name in free if not _PERSONAL.search(name)]
            else:
                names = self.header.all(part)
            columns |= {name: self.batch.column(name) for name in names}
        return cells.objects(columns) if columns else None

    def ids(self, found: dict[str, Any]) -> Any:
        """The source's id; where it has none, 128 bits of channel, moment, pseudonym and text."""
        source = self.sources("id")
        given = None
        if source:
            given = cells.coalesced(source)
            self.note_rounded(source[0], given)
            if given.null_count == 0:
                return given
        made = pa.array(self.made_ids(found), pa.string())
        return made if given is None else pc.coalesce(given, made)

    def note_rounded(self, column: Any, texts: Any) -> None:
        """Ids that a spreadsheet or a data frame took for numbers have lost their last digits."""
        if pa.types.is_floating(column.type):
            lost = pc.fill_null(pc.greater(pc.abs(column), float(_EXACT)), False)
        else:
            lost = pc.fill_null(pc.match_substring_regex(texts, _ROUNDED), False)
            if not len(lost) or 10 * pc.sum(lost).as_py() < 9 * len(lost):
                return
        self.converter.note("posts_rounded", lost, self.lines)

    def made_ids(self, found: dict[str, Any]) -> list[str]:
        blank = [None] * self.size
        moments = blank if found["at"] is None else found["at"].cast(pa.int64()).to_pylist()
        channels = blank if found["channel"] is None else found["channel"].to_pylist()
        authors = blank if found["author"] is None else found["author"].to_pylist()
        rows = zip(channels, moments, authors, found["text"].to_pylist(), strict=True)
        return [
            blake2b("\0".join(map(str, row)).encode("utf-8", "replace"), digest_size=16).hexdigest()
            for row in rows
        ]


def _single(columns: list[Any]) -> Any:
    """One column as it is, or the first filled value of several as strings."""
    return columns[0] if len(columns) == 1 else cells.coalesced(columns)
