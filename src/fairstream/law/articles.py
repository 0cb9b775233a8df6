"""What the cited articles say, in our own words, and what they serve.

The official words are never part of the product: a user imports them (see `fairstream.law.texts`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from fairstream.errors import LawError

Effect = Literal[
    "definition", "duty", "ban", "penalty", "procedure", "liability", "exception", "power", "crime"
]
EFFECT_TITLES: dict[str, dict[str, str]] = {
    "definition": {"zh": "定义与范围", "en": "definition or scope"},
    "duty": {"zh": "义务", "en": "duty"},
    "ban": {"zh": "禁止", "en": "ban"},
    "penalty": {"zh": "处罚", "en": "penalty"},
    "procedure": {"zh": "程序", "en": "procedure"},
    "liability": {"zh": "民事责任", "en": "civil liability"},
    "exception": {"zh": "例外", "en": "exception"},
    "power": {"zh": "职权", "en": "power of the authority"},
    "crime": {"zh": "犯罪", "en": "crime"},
}


@dataclass(frozen=True, slots=True)
class Article:
    """One article in the reference numbering: gist in our words, effect, conduct codes served.

    `by_version` holds the gists of versions whose content differs.
    """

    family: str
    article: str
    gist: Mapping[str, str]
    effect: Effect
    conduct: tuple[str, ...] = ()
    by_version: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def gist_in(self, version: str, language: str) -> str:
        """The gist that fits a version, in `zh` or `en`."""
        return self.by_version.get(version, self.gist)[language]


def read_articles(document: Mapping[str, Any], file: str) -> dict[str, Article]:
    """Build the articles of one data file, keyed by article number."""
    family = document.get("family")
    articles: dict[str, Article] = {}
    for number, entry in (document.get("articles") or {}).items():
        try:
            articles[str(number)] = _article(str(family), str(number), entry)
        except (KeyError, TypeError, ValueError) as error:
            raise LawError(
                f"article {number} of {family!r}: {error}",
                file=file,
                remedy="give gist {zh, en} and does (one of " + ", ".join(get_args(Effect)) + ")",
            ) from error
    return articles


def _article(family: str, number: str, entry: Mapping[str, Any]) -> Article:
    effect = entry["does"]
    if effect not in get_args(Effect):
        raise ValueError(f"unknown effect {effect!r}")
    gists = [entry["gist"], *(entry.get("versions") or {}).values()]
    if any(not gist.get(language) for gist in gists for language in ("zh", "en")):
        raise ValueError("the gist lacks zh or en")
    return Article(
        family=family,
        article=number,
        gist=entry["gist"],
        effect=effect,
        conduct=tuple(entry.get("conduct") or ()),
        by_version=entry.get("versions") or {},
    )
