"""Citations of a rule or check → the articles in force on the day, with a note for those that were not."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from fairstream.errors import LawError
from fairstream.records import Citation, Language, ProductClass


class CitationSource(Protocol):
    """Resolves a citation as written in a rule to the article in force on a day."""

    def resolve(self, citation: str, on: date, language: Language) -> Citation:
        """Raises `LawError` when no text of that day is held or the provision did not exist then."""
        ...

    def speaks_of(self, citation: str, product_class: ProductClass) -> bool:
        """Whether the cited provision speaks of goods of this class."""
        ...


class Citer:
    """Resolves citations once per day and language."""

    def __init__(self, law: CitationSource) -> None:
        self._law = law
        self._known: dict[tuple[str, date, Language], Citation | None] = {}

    def cited(
        self, cites: Iterable[str], on: date, language: Language
    ) -> tuple[tuple[Citation, ...], tuple[str, ...]]:
        """The articles in force on the day; a note, in `language`, names those without a text of that day."""
        found, missing = [], []
        for cite in cites:
            citation = self._resolved(cite, on, language)
            if citation is None:
                missing.append(cite)
            else:
                found.append(citation)
        if not missing:
            return tuple(found), ()
        note = (
            f"以下依据在{on.isoformat()}没有可引用的现行文本，未引用：{'、'.join(missing)}。"
            if language == "zh"
            else f"No text in force on {on.isoformat()} is held for {', '.join(missing)}; not cited."
        )
        return tuple(found), (note,)

    def _resolved(self, cite: str, on: date, language: Language) -> Citation | None:
        key = (cite, on, language)
        if key not in self._known:
            try:
                self._known[key] = self._law.resolve(cite, on, language)
            except LawError:
                self._known[key] = None
        return self._known[key]
