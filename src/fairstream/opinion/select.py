"""The small language in which a figure says which items it counted: `rights and complaint and topic:live`.

A selection is a list of conditions joined by `and`:

- `rights`, `complaint`, `praise`, `neither`; `first` (the first item of each group of copies); `suspicious`
- `topic:live.counterfeit`, `channel:微博`, `kind:review`, `conduct:fake_goods`, `aspect:rules:praise`,
  `entity:host:某某`, `suspicion:bot.flood`, `id:123`, `group:7`, `thread:9`; several values are joined by `|`
- `day:2022-11-11` or `day:2022-10-20..2022-11-13`, both ends included, days of China
- `phrase:尾款人`: the folded reading of the text holds it
- an empty value stands for one that is not known: `channel:""`
- `not` before a condition turns it round; a value with blanks stands in double quotes

The same words go into a query of the store, a link of a page and the command `fairstream opinion items`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from fairstream.errors import UsageError
from fairstream.text.fold import Folder

FLAGS: Final = ("rights", "complaint", "praise", "neither", "first", "suspicious")
LISTS: Final = {"topic": "topics", "aspect": "aspects", "entity": "entities", "conduct": "conducts",
                "suspicion": "suspicion"}  # fmt: skip
SCALARS: Final = {"channel": "channel", "kind": "kind", "id": "id", "thread": "thread", "place": "place"}
OTHERS: Final = ("day", "phrase", "group")
_WORD: Final = re.compile(r"\s*([a-z]+)(:?)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"-?[0-9]{1,18}")
_PLAIN: Final = re.compile(r"[^\s\"|\\]+")
DAY_SQL: Final = '(epoch_ms("at") + 28800000) // 86400000'
"""Days since 1970 in China, of the column `at`: the country has one zone and no summer time in the data."""


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """One condition: `name` as in the module's list, its `values` (any of them), turned round or not."""

    name: str
    values: tuple[str, ...] = ()
    turned: bool = False

    def __str__(self) -> str:
        word = f"{self.name}:{'|'.join(map(_quoted, self.values))}" if self.values else self.name
        return f"not {word}" if self.turned else word


@dataclass(frozen=True, slots=True)
class Selection:
    """All items that meet every condition; no condition means all items."""

    conditions: tuple[Condition, ...] = ()

    def __str__(self) -> str:
        return " and ".join(map(str, self.conditions))

    def __and__(self, other: "Selection") -> "Selection":
        """Items of both."""
        return Selection(tuple(dict.fromkeys((*self.conditions, *other.conditions))))

    def sql(self) -> tuple[str, list[object]]:
        """A condition for `store.Annotated.query` over its view `items`, and the values for its `?`."""
        parts, values = [], list[object]()
        for condition in self.conditions:
            text, given = _sql(condition)
            parts.append(f"NOT coalesce({text}, false)" if condition.turned else text)
            values += given
        return " AND ".join(parts) or "true", values


def where(*conditions: str | Condition | Selection) -> Selection:
    """A selection put together from words and selections. Raises `UsageError` for words it does not know."""
    found = list[Condition]()
    for condition in conditions:
        if isinstance(condition, Condition):
            found.append(condition)
        elif isinstance(condition, Selection):
            found += condition.conditions
        else:
            found += _parsed(condition)
    return Selection(tuple(dict.fromkeys(found)))


def named(name: str, values: Iterable[str]) -> Selection:
    """Items whose `name` is one of the values, which may hold any character."""
    return Selection((Condition(name, tuple(values)),))


def days(start: date, end: date) -> Selection:
    """Items of a window of days, both ends included."""
    return named("day", [f"{start}..{end}" if start != end else str(start)])


def _quoted(value: str) -> str:
    if _PLAIN.fullmatch(value):
        return value
    return '"' + re.sub(r'(["\\|])', r"\\\1", value) + '"'


def _parsed(text: str) -> list[Condition]:
    if not text.isprintable() and re.search("[\ud800-\udfff]", text):
        raise UsageError("the condition is not valid UTF-8", remedy="type it again in a UTF-8 terminal")
    found, turned, at = list[Condition](), False, 0
    while text[at:].strip():
        word = _WORD.match(text, at)
        if word is None:
            raise _unknown(text[at:].strip())
        name, at = word[1].lower(), word.end()
        values, at = _values(text, at) if word[2] else ((), at)
        if at < len(text) and not text[at].isspace():
            raise _unknown(text[at:].strip())
        if name in ("and", "not") and not values:
            turned ^= name == "not"
            continue
        found.append(_checked(name, values, turned))
        turned = False
    return found


def _values(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """The values from `at` on, `a|b`, each perhaps in quotes; and where they end."""
    values, quoted = [""], False
    while at < len(text) and (quoted or not text[at].isspace()):
        character = text[at]
        if character == '"':
            quoted = not quoted
        elif character == "|" and not quoted:
            values.append("")
        else:
            at += quoted and character == "\\" and at + 1 < len(text)
            values[-1] += text[at]
        at += 1
    if quoted:
        raise UsageError("a quotation mark is never closed", remedy='write "…" around a value with blanks')
    return tuple(values), at


def _checked(name: str, values: tuple[str, ...], turned: bool) -> Condition:
    known = name in FLAGS if not values else name in LISTS or name in SCALARS or name in OTHERS
    if not known:
        raise _unknown(name)
    if name == "day":
        for value in values:
            _day_range(value)
    if name == "group" and not all(_NUMBER.fullmatch(value) for value in values):
        raise UsageError(f"'group' wants numbers, not {'|'.join(values)}", remedy="write it as group:17")
    return Condition(name, values, turned)


@cache
def _folder() -> Folder:
    return Folder()


def _folded(phrase: str) -> str:
    """A phrase as texts are read: `ＭＣＮ` finds what `mcn` finds."""
    return _folder().fold([phrase], evasion=False).reading(0)


def _unknown(words: str) -> UsageError:
    names = ", ".join((*FLAGS, *(f"{name}:…" for name in (*LISTS, *SCALARS, *OTHERS))))
    return UsageError(f"{words!r} is no condition", remedy=f"join these with 'and': {names}")


def _day_range(value: str) -> tuple[int, int]:
    """Days since 1970, both ends included."""
    first, _, last = value.partition("..")
    try:
        start = date.fromisoformat(first)
        end = date.fromisoformat(last) if last else start
    except ValueError as error:
        raise UsageError(
            f"{value!r} is not a day", remedy="write 2022-11-11 or 2022-10-20..2022-11-13"
        ) from error
    epoch = date(1970, 1, 1).toordinal()
    return start.toordinal() - epoch, end.toordinal() - epoch


def _sql(condition: Condition) -> tuple[str, list[object]]:
    name, values = condition.name, list(condition.values)
    flags = {
        "rights": "consumer_rights",
        "first": "duplicate_of IS NULL",
        "suspicious": "len(suspicion) > 0",
        **{polarity: f"polarity = '{polarity}'" for polarity in ("complaint", "praise", "neither")},
    }
    if name in flags:
        return flags[name], []
    if name in LISTS:
        return f"list_has_any({LISTS[name]}, ?::VARCHAR[])", [values]
    if name == "day":
        ranges = [_day_range(value) for value in values]
        return "(" + " OR ".join(f"{DAY_SQL} BETWEEN ? AND ?" for _ in ranges) + ")", [
            d for r in ranges for d in r
        ]
    if name == "phrase":
        read = [text for value in values if (text := _folded(value))]
        return "(" + (" OR ".join("contains(folded(text), ?)" for _ in read) or "false") + ")", [*read]
    if name == "group":
        return "copy_group IN (SELECT unnest(?::BIGINT[]))", [[int(value) for value in values]]
    return f"coalesce({SCALARS[name]}, '') IN (SELECT unnest(?::VARCHAR[]))", [values]
