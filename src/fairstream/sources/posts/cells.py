"""Whole columns of a source → columns of `POSTS`. Rows that are written as usual never reach Python.

Every function takes an Arrow array of whatever type a reader gave and keeps its length.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.compute as pc

from fairstream.columns import AT
from fairstream.sources.posts.values import EARLIEST, LATEST, count, epoch, moment, place

_ISO: Final = r"^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?$"
_ZONED: Final = r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d{1,3})?(?:Z|[+-]\d\d:?\d\d)$"
_NUMBER: Final = r"^\d{1,18}$"
_EIGHT_HOURS: Final = 8 * 3_600_000
_FIRST_MS: Final = round(EARLIEST.timestamp() * 1000)
_LAST_MS: Final = round(LATEST.timestamp() * 1000)
_ESCAPES: Final = (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r"), ("\t", "\\t"))


def strings(values: Any) -> Any:
    """The column as strings; blank cells are null."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.dictionary_decode()
        kind = values.type
    if pa.types.is_null(kind):
        return pa.nulls(len(values), pa.string())
    if pa.types.is_string(kind):
        found = values
    elif pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_integer(kind):
        found = values.cast(pa.string())
    else:
        found = pa.array([cell(value) for value in values.to_pylist()], pa.string())
    blank = pc.equal(pc.binary_length(found), 0)
    if pc.any(blank).as_py():
        found = pc.if_else(blank, pa.scalar(None, pa.string()), found)
    return found


def trimmed(values: Any) -> Any:
    """The column as strings without white space around them; blank cells are null."""
    return strings(pc.utf8_trim_whitespace(strings(values)))


def cell(value: object) -> str | None:
    """One value of any kind as text: no useless fraction, lists joined by "、", objects as JSON."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        if value != value:  # NaN is how tables write "nothing"
            return None
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else str(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
        return "、".join(map(str, value)) or None
    if isinstance(value, dict | list):
        return orjson.dumps(value, default=str).decode("utf-8", "replace") if value else None
    return str(value)


def coalesced(columns: Sequence[Any]) -> Any:
    """The first filled value of every row, as strings."""
    found = [trimmed(column) for column in columns]
    return found[0] if len(found) == 1 else pc.coalesce(*found)


def joined_text(parts: Sequence[Any]) -> Any:
    """Parts of a text, title first, joined by a line end; a title that the body repeats is not doubled."""
    columns = [strings(part) for part in parts]
    if len(columns) == 1:
        return columns[0]
    filled = [column for column in columns if column.null_count < len(column)]
    if len(filled) <= 1:
        return filled[0] if filled else columns[0]
    rows = zip(*(column.to_pylist() for column in filled), strict=True)
    return pa.array([_joined([part for part in row if part]) for row in rows], pa.string())


def _joined(parts: list[str]) -> str | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    kept = [part.strip() for part in parts]
    begin = kept[0].rstrip(".…。 ")
    if begin and kept[1].startswith(begin):
        kept = kept[1:]
    return "\n".join(dict.fromkeys(part for part in kept if part)) or None


def moments(values: Any, collected: Any = None) -> tuple[Any, Any]:
    """Moments of a column, and bool[n] of the cells that are filled and name none.

    Numbers are seconds, milliseconds, micro- or nanoseconds since 1970, told by their size, or Excel days.
    Times without a zone are China's. Nulls, blanks and 0 are unknown. `collected` is a column of moments.
    """
    kind = values.type
    if pa.types.is_timestamp(kind):
        ms = values.cast(pa.timestamp("ms", kind.tz), safe=False).cast(pa.int64())
        return _bounded(ms, 0 if kind.tz else _EIGHT_HOURS)
    if pa.types.is_date(kind):
        return _bounded(values.cast(pa.timestamp("ms")).cast(pa.int64()), _EIGHT_HOURS)
    if pa.types.is_integer(kind):
        return _bounded(_epoch_ms(values), 0)
    if pa.types.is_floating(kind):
        found = [None if v is None or v != v or v == 0 else epoch(v) for v in values.to_pylist()]
        filled = pc.fill_null(pc.not_equal(values, 0.0), False)
        array = pa.array(found, AT)
        return array, pc.and_(pc.and_(filled, pc.invert(pc.is_nan(pc.fill_null(values, 0)))), array.is_null())
    return _written_moments(trimmed(values), collected)


def _epoch_ms(values: Any) -> Any:
    """int64 milliseconds of epoch numbers in any unit; 0 is null."""
    numbers = values.cast(pa.int64(), safe=False)
    raw = np.asarray(pc.fill_null(numbers, 0))
    ms = np.where(raw < 100_000_000_000, raw * np.int64(1000), raw)
    ms = np.where(raw >= 100_000_000_000_000, raw // 1000, ms)
    ms = np.where(raw >= 100_000_000_000_000_000, raw // 1_000_000, ms)
    days = (raw > 30_000) & (raw < 80_000)
    ms = np.where(days, (raw - 25_569) * np.int64(86_400_000) - _EIGHT_HOURS, ms)
    if ((raw >= 19_900_101) & (raw < 21_000_101)).any():  # 20221111 as a number
        return _compact_days(raw, ms)
    return pa.array(ms, mask=raw == 0)


def _compact_days(raw: Any, ms: Any) -> Any:
    whole = (raw >= 19_900_101) & (raw < 21_000_101)
    for day in np.unique(raw[whole]):
        found = moment(str(day))
        ms[raw == day] = -1 if found is None else round(found.timestamp() * 1000)
    return pa.array(ms, mask=raw == 0)


def _bounded(ms: Any, shift: int) -> tuple[Any, Any]:
    """`AT` from milliseconds after taking `shift` away; what is out of bounds is null and told."""
    if shift:
        ms = pc.subtract(ms, shift)
    within = pc.and_(pc.greater_equal(ms, _FIRST_MS), pc.less(ms, _LAST_MS))
    wrong = pc.fill_null(pc.invert(within), False)
    if pc.any(wrong).as_py():
        ms = pc.if_else(wrong, pa.scalar(None, pa.int64()), ms)
    return ms.view(AT), wrong


def _written_moments(texts: Any, collected: Any) -> tuple[Any, Any]:
    if texts.null_count == len(texts):
        return pa.nulls(len(texts), AT), pa.array(np.zeros(len(texts), np.bool_))
    # Most columns are written in one way throughout.
    for pattern, convert in ((_NUMBER, _of_numbers), (_ISO, _of_iso), (_ZONED, _of_zoned)):
        if pc.all(pc.match_substring_regex(texts, pattern)).as_py():
            found = convert(texts)
            if found is not None:
                return found
    return _of_any(texts, collected)


def _of_numbers(texts: Any) -> tuple[Any, Any] | None:
    if pc.any(pc.equal(pc.binary_length(texts), 14)).as_py():
        return None  # 20221111080000
    return moments(texts.cast(pa.int64()))


def _of_iso(texts: Any) -> tuple[Any, Any] | None:
    try:
        return moments(texts.cast(pa.timestamp("ms")))
    except pa.ArrowInvalid:  # 2022-02-30
        return None


def _of_zoned(texts: Any) -> tuple[Any, Any] | None:
    try:
        return moments(texts.cast(pa.timestamp("ms", "UTC")))
    except pa.ArrowInvalid:
        return None


def _of_any(texts: Any, collected: Any) -> tuple[Any, Any]:
    cells = texts.to_pylist()
    if collected is None or collected.null_count == len(collected):
        known = {text: moment(text) for text in set(cells) if text is not None}
        found = [None if text is None else known[text] for text in cells]
    else:
        seen = collected.to_pylist()
        found = [None if text is None else moment(text, at) for text, at in zip(cells, seen, strict=True)]
    bad = [
        moment_found is None and text is not None and text.strip("0. -:") != ""
        for text, moment_found in zip(cells, found, strict=True)
    ]
    return pa.array(found, AT), pa.array(bad, pa.bool_())


def counts(values: Any) -> tuple[Any, Any]:
    """Counts of a column as int64, and bool[n] of the cells that are filled and hold none."""
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        whole = pc.if_else(pc.is_nan(values), None, values) if pa.types.is_floating(kind) else values
        number = pc.cast(whole, pa.int64(), safe=False)
        wrong = pc.fill_null(pc.less(number, 0), False)
        return pc.if_else(wrong, pa.scalar(None, pa.int64()), number), pa.array(
            np.zeros(len(values), np.bool_)
        )
    texts = trimmed(values)
    if texts.null_count == len(texts):
        return pa.nulls(len(texts), pa.int64()), pa.array(np.zeros(len(texts), np.bool_))
    if pc.all(pc.match_substring_regex(texts, _NUMBER)).as_py():
        return texts.cast(pa.int64()), pa.array(np.zeros(len(texts), np.bool_))
    cells = texts.to_pylist()
    known = {text: count(text) for text in set(cells) if text is not None}
    found = [None if text is None else known[text] for text in cells]
    bad = [
        number is None and text is not None and any(map(str.isdigit, text)) and not text.startswith("-")
        for text, number in zip(cells, found, strict=True)
    ]
    return pa.array(found, pa.int64()), pa.array(bad, pa.bool_())


def places(values: Any) -> Any:
    """Regions without "IP属地：" before them."""
    return _each(trimmed(values), place)


def translated(values: Any, words: Mapping[str, str], said: Callable[[str], str]) -> Any:
    """`values` through `words`, whose keys are as `said` makes them; null for what is not among them."""
    return _each(trimmed(values), lambda text: words.get(said(text)))


def _each(texts: Any, change: Callable[[str], str | None]) -> Any:
    """One function over the distinct strings of a column."""
    coded = texts.dictionary_encode()
    changed = [None if text is None else change(text) for text in coded.dictionary.to_pylist()]
    return pa.array(changed, pa.string()).take(coded.indices)


def objects(columns: Mapping[str, Any]) -> Any:
    """JSON objects of strings from columns by name, without what is empty; null for an empty one."""
    pieces = []
    for name, column in columns.items():
        text = strings(column)
        if text.null_count == len(text):
            continue
        for plain, escaped in _ESCAPES:
            text = pc.replace_substring(text, plain, escaped)
        text = pc.replace_substring_regex(text, "[\x01-\x1f]", "\ufffd")
        text = pc.replace_substring(text, "\x00", "\ufffd")
        opening = "," + orjson.dumps(name).decode() + ':"'
        # Empty pieces instead of null_handling="skip", which loses rows where every piece is null.
        pieces.append(pc.fill_null(pc.binary_join_element_wise(opening, text, '"', ""), ""))
    if not pieces:
        return None
    inside = pc.utf8_slice_codeunits(pc.binary_join_element_wise(*pieces, ""), 1)
    whole = pc.binary_join_element_wise("{", inside, "}", "")
    return pc.if_else(pc.equal(pc.binary_length(inside), 0), pa.scalar(None, pa.string()), whole)
