"""Articles as published decisions print them (广告法 第五十八条第一款第（二）项) → citations of the law data.

Decisions cite the numbering of their day and seldom name its version. The version is the one whose article of
that number fits the conduct of the case; among equals the newest that was in force when it was published.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from fairstream.errors import UnknownCitation
from fairstream.law.instruments import Concordance, Family, Version
from fairstream.law.numerals import NUMERAL, parse_numeral
from fairstream.law.resolve import Law

_PRINTED: Final = re.compile(
    rf"(?P<title>.+?)\s*第(?P<article>[{NUMERAL}]+)条(?:之(?P<sub>[{NUMERAL}]+))?"
    rf"(?:第(?P<paragraph>[{NUMERAL}]+)款)?(?:第?[(（]?(?P<item>[{NUMERAL}]+)[)）]?项)?"
)
_COUNTRY: Final = "中华人民共和国"
_EDITION: Final = re.compile(r"[(（][^)）]*[)）]$")
_VAGUE: Final = re.compile(r"\s*[有相]关规定$")
_SAME: Final = Concordance({})


@dataclass(frozen=True, slots=True)
class Printed:
    """An article as printed: title of the statute, number in its day's numbering, paragraph and item."""

    title: str
    article: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the printed articles of a case lead.

    `articles` are citations of the data, `on` a day on which the text they were read in was in force. The
    others are printed articles of statutes that are not in the data, and of texts older than those held.
    """

    articles: tuple[str, ...]
    on: date
    unknown: tuple[str, ...]
    older: tuple[str, ...]


def read_printed(text: str) -> Printed | None:
    """Take a printed article apart; None when it names no article (广告法 有关规定)."""
    match = _PRINTED.fullmatch(text.strip())
    if match is None:
        return None
    number = str(parse_numeral(match["article"])) + (
        f"-{parse_numeral(match['sub'])}" if match["sub"] else ""
    )
    detail = "".join(f"({parse_numeral(part)})" for part in (match["paragraph"], match["item"]) if part)
    return Printed(match["title"].strip("《》 "), number, detail)


def short_title(title: str) -> str:
    """A title without the country and the edition: 反不正当竞争法."""
    return _EDITION.sub("", title.strip("《》 ")).removeprefix(_COUNTRY)


def families_by_title(law: Law) -> Mapping[str, Family]:
    """Every statute by the short titles of its versions."""
    named: dict[str, Family] = {}
    for family in law.families.values():
        for title in (family.title, *(version.title for version in family.versions)):
            named.setdefault(short_title(title["zh"]), family)
    return named


def statute_named(text: str, law: Law) -> Family | None:
    """The statute a text without an article names (广告法 有关规定); None when it is not in the data."""
    return families_by_title(law).get(short_title(_VAGUE.sub("", text.strip())))


def place(texts: Iterable[str], conducts: frozenset[str], published: date, law: Law) -> Placed:
    """Find the citations printed articles mean, for a case of these conducts published on that day."""
    titles = families_by_title(law)
    grouped: dict[str, list[Printed]] = {}
    unknown, older = [], []
    for text in texts:
        printed = read_printed(text)
        if printed is None:
            continue
        family = titles.get(short_title(printed.title))
        if family is None:
            unknown.append(text)
        elif published < family.versions[0].since:
            older.append(text)
        else:
            grouped.setdefault(family.id, []).append(printed)
    articles, days = [], [published]
    for name, found in grouped.items():
        version = _version(law, law.family(name), found, conducts, published)
        articles += [item for item in (_reference(law.family(name), version, one) for one in found) if item]
        if version.until is not None and version.until <= published:
            days.append(version.until - timedelta(days=1))
    return Placed(tuple(articles), min(days), tuple(unknown), tuple(older))


def _version(
    law: Law, family: Family, found: Sequence[Printed], conducts: frozenset[str], published: date
) -> Version:
    held = [version for version in family.versions if version.since <= published]
    return max(held, key=lambda version: (_fit(law, family, version, found, conducts), version.since))


def _fit(
    law: Law, family: Family, version: Version, found: Sequence[Printed], conducts: frozenset[str]
) -> int:
    cited = (_reference(family, version, printed) for printed in found)
    return sum(bool(conducts & _conducts(law, citation)) for citation in cited if citation)


def _reference(family: Family, version: Version, printed: Printed) -> str | None:
    """The citation in the reference numbering; a detail is kept only where both texts read the same."""
    numbers = {
        number for number in family.concordances.get(version.slug, _SAME).articles if "(" not in number
    }
    numbers |= {printed.article}
    number = next(
        (item for item in sorted(numbers) if family.article_in(version, item) == printed.article), None
    )
    if number is None:
        return None
    same = version.slug == family.reference or number not in family.changed
    return f"{family.id}#{number}{printed.detail if same else ''}"


def _conducts(law: Law, citation: str) -> frozenset[str]:
    try:
        article = law.article(citation)
    except UnknownCitation:
        return frozenset()
    return frozenset(article.conduct if article else ())
