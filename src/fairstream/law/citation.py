"""Citations as rules write them: ``family#article``, e.g. ``advertising-law#9`` or ``criminal-law#142-1``.

The number is that of the family's reference version: the one in force on the day the data states.
A detail (paragraph, item) may follow in brackets: ``advertising-law#58(1)(14)``.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from fairstream.errors import LawError
from fairstream.records import Language

_CITATION = re.compile(
    r"(?P<family>[a-z0-9]+(?:-[a-z0-9]+)*)#(?P<article>[1-9][0-9]{0,3}(?:-[1-9][0-9]?)?)(?P<detail>(?:\([0-9]{1,2}\))*)"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A citation taken apart; says nothing yet about whether the article exists."""

    family: str
    article: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.family}#{self.article}{self.detail}"


def is_citation(text: str) -> bool:
    """Whether the text has the shape ``family#article``."""
    return _CITATION.fullmatch(text) is not None


def parse_citation(text: str, *, file: str | Path | None = None, line: int | None = None) -> Reference:
    """Take a citation apart; LawError when it has not the shape ``family#article``."""
    match = _CITATION.fullmatch(text.strip())
    if match is None:
        raise LawError(
            f"{text!r} is not a citation",
            file=file,
            line=line,
            remedy="write family#article, for example advertising-law#9 or criminal-law#142-1",
        )
    return Reference(match["family"], match["article"], match["detail"])


def article_title(article: str, language: Language = "zh") -> str:
    """The number as people write it: 第142条之1, art. 142-1; a detail stays in brackets."""
    if language == "en":
        return f"art. {article}"
    number, bracket, detail = article.partition("(")
    main, _, sub = number.partition("-")
    return f"第{main}条" + (f"之{sub}" if sub else "") + bracket + detail


def article_order(article: str) -> tuple[int, int]:
    """Key that sorts article numbers as the statute does: 142, 142-1, 143."""
    main, _, sub = article.partition("-")
    return int(main), int(sub or 0)
