"""Entities: names from lists with their aliases, and shops and rooms whose names follow a pattern.

A name from a list is safe to publish: somebody put it there. A name by pattern (“…旗舰店”, “…直播间”) is
taken from the text, so its edges are checked closely, and nothing that may name a consumer is taken.
"""

import re
from collections.abc import Sequence
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import BeforeValidator, Field, model_validator

from fairstream.rules.node import Strict
from fairstream.rules.rule import Bilingual

Kind = Literal["platform", "brand", "host", "shop", "place", "room"]


def _words(value: Any) -> Any:
    if not isinstance(value, list):
        return [] if value is None else value
    return [str(word) if type(word) in (int, float) else word for word in value]


Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=32)]], BeforeValidator(_words)]


class EntityName(Strict):
    """Other names of one entity.

    The canonical name and `aliases` stand for it wherever they stand, unless they are listed as `ambiguous`:
    those count only when one of the words `needs` stands in the same text. Overlapped by one of `not`
    none counts.
    """

    aliases: Names = []
    ambiguous: Names = []
    needs: Names = []
    not_: Names = Field(default=[], alias="not")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"aliases": value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _both(self) -> "EntityName":
        if bool(self.ambiguous) != bool(self.needs):
            raise ValueError("`ambiguous` names and the words they `needs` go together")
        return self


class EntityFile(Strict):
    """Entities of one kind by canonical name; null takes a name of a lower layer away."""

    kind: Kind
    title: Bilingual
    names: dict[Annotated[str, Field(min_length=1, max_length=32)], EntityName | None]


class PatternFile(Strict):
    """Endings of names by kind; words that cannot be a part of a name, be one alone, or end one."""

    endings: dict[Literal["shop", "room"], Names] = {}
    stops: Names = []
    generic: Names = []
    persons: Names = []


LONGEST_NAME: Final = 14
"""Characters of a name before its ending."""
SHORTEST_NAME: Final = 2


class Found(NamedTuple):
    """An ending that was found: its kind and where it stands in the folded text."""

    kind: str
    begin: int
    end: int


class NameReader:
    """Reads the name that stands before an ending in folded text."""

    def __init__(self, stops: Sequence[str], generic: Sequence[str], persons: Sequence[str]) -> None:
        longest_first = sorted(set(stops), key=lambda stop: (-len(stop), stop))
        # Looked ahead, so that stops may overlap: at every place the longest that begins there.
        self._stops = re.compile(f"(?=({'|'.join(map(re.escape, longest_first))}))") if stops else None
        self._generic = frozenset(generic)
        self._persons = tuple(persons)

    def read(
        self, text: str, broken: Sequence[bool], begin: int, names: Sequence[int], cuts: Sequence[int] = ()
    ) -> str | None:
        """The whole name with its ending, which ends the text; None when no safe name is there.

        `broken[i]` says that something was dropped before character i of the text (it may have been
        the @ of a mention). `names` are where names from lists begin: one at the edge or inside is where
        the pattern's name begins. `cuts` are the ends of names that are no part of it (platforms).
        """
        low = max([self._left(text, begin), *(cut for cut in cuts if cut <= begin)])
        known = [at for at in names if low <= at < begin]
        if known:
            low = min(known)
        elif any(broken[low : begin + 1]):
            return None
        name = text[low:begin]
        if not known and (len(name) < SHORTEST_NAME or name in self._generic or name.endswith(self._persons)):
            return None
        return text[low:] if name else None

    def _left(self, text: str, begin: int) -> int:
        """Where the characters that may belong to a name begin."""
        low = begin
        while low > 0 and begin - low < LONGEST_NAME and _in_name(text[low - 1]):
            low -= 1
        if low > 0 and begin - low == LONGEST_NAME and _in_name(text[low - 1]):
            low = begin if not self._stop_in(text[low:begin]) else low
        cut = self._stop_in(text[low:begin])
        return low + cut

    def _stop_in(self, name: str) -> int:
        """The end of the last stop word of a name; 0 when there is none."""
        if self._stops is None:
            return 0
        return max((match.end(1) for match in self._stops.finditer(name)), default=0)


def _in_name(character: str) -> bool:
    return character.isalnum() and (character.isascii() or "㐀" <= character <= "鿿")
