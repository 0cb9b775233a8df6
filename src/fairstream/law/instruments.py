"""Statutes as families of dated versions.

A family is one statute through time; a version is one text of it, in force over a half-open
interval. Rules cite the numbering of the family's reference version; `Family.article_in` gives the
number the same provision had in another version.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, get_args

from fairstream.errors import LawError

Kind = Literal[
    "law", "administrative_regulation", "department_rule", "judicial_interpretation", "guideline", "notice"
]
KIND_TITLES: dict[str, dict[str, str]] = {
    "law": {"zh": "法律", "en": "law"},
    "administrative_regulation": {"zh": "行政法规", "en": "administrative regulation"},
    "department_rule": {"zh": "部门规章", "en": "department rule"},
    "judicial_interpretation": {"zh": "司法解释", "en": "judicial interpretation"},
    "guideline": {"zh": "执法指南", "en": "enforcement guideline"},
    "notice": {"zh": "规范性文件", "en": "normative document"},
}


@dataclass(frozen=True, slots=True)
class Version:
    """One text of a statute, in force from `since` up to but not including `until`.

    Between `since` and `certain_from`, and from `certain_until` on, the text is our best knowledge
    but nobody has verified that it was the one in force; citations carry the doubt. `complete` is
    False when only an excerpt of the text is held.
    """

    slug: str
    title: Mapping[str, str]
    since: date
    until: date | None = None
    complete: bool = True
    certain_from: date | None = None
    certain_until: date | None = None
    note: Mapping[str, str] = field(default_factory=dict)

    def in_force(self, on: date) -> bool:
        """Whether this text applied on that day."""
        return self.since <= on and (self.until is None or on < self.until)

    def doubtful(self, on: date) -> bool:
        """Whether it is unverified that this text applied on that day."""
        early = self.certain_from is not None and on < self.certain_from
        late = self.certain_until is not None and on >= self.certain_until
        return early or late


@dataclass(frozen=True, slots=True)
class Concordance:
    """How a version numbers the provisions of the reference version.

    `articles` maps reference numbers to this version's; a number that is not listed keeps its number
    when `otherwise` is "same" and has no counterpart when it is "none".
    """

    articles: Mapping[str, str]
    otherwise: Literal["same", "none"] = "same"

    def number(self, article: str, detail: str = "") -> str | None:
        """This version's number of a provision, None when the version has no such provision.

        A paragraph that went elsewhere than its article is listed with its detail: ``14(5)``; one the
        version lacks has the number ``none``.
        """
        found = self.articles.get(article + detail) or self.articles.get(article)
        if found is None:
            return article if self.otherwise == "same" else None
        return None if found == "none" else found


@dataclass(frozen=True, slots=True)
class Family:
    """One statute through time. `changed` lists reference articles whose words differ between versions."""

    id: str
    title: Mapping[str, str]
    issuer: str
    kind: Kind
    versions: tuple[Version, ...]
    reference: str
    concordances: Mapping[str, Concordance] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    def version_on(self, on: date) -> Version | None:
        """The text in force on that day, None when it is not held."""
        return next((version for version in self.versions if version.in_force(on)), None)

    def version(self, slug: str) -> Version | None:
        """The version with that slug, None when the family has none."""
        return next((version for version in self.versions if version.slug == slug), None)

    def article_in(self, version: Version, article: str, detail: str = "") -> str | None:
        """The number a reference article has in `version`, None when it has no counterpart there."""
        concordance = self.concordances.get(version.slug)
        return concordance.number(article, detail) if concordance else article

    def doubtful(self, version: Version, article: str, on: date) -> bool:
        """Whether the words of that provision on that day are unverified.

        An open question which of two texts applied does not touch a provision both share.
        """
        if not version.doubtful(on):
            return False
        return len(self.versions) == 1 or article in self.changed


def read_family(entry: Mapping[str, Any], as_of: date, file: str) -> Family:
    """Build a family from its data entry; LawError names file and entry when it does not fit."""
    try:
        versions = tuple(
            sorted(
                (_version(item, entry["title"]) for item in entry["versions"]), key=lambda item: item.since
            )
        )
        kind = entry["kind"]
        if kind not in get_args(Kind):
            raise ValueError(f"unknown kind {kind!r}")
        family = Family(
            id=entry["id"],
            title=entry["title"],
            issuer=entry["issuer"],
            kind=kind,
            versions=versions,
            reference=entry.get("reference") or _reference(versions, as_of),
            concordances={
                slug: _concordance(item) for slug, item in (entry.get("concordance") or {}).items()
            },
            changed=frozenset(str(item) for item in entry.get("changed") or ()),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise LawError(
            f"statute {entry.get('id', '?')!r}: {_reason(error)}",
            file=file,
            remedy="give id, title {zh, en}, issuer, kind and versions with slug and from",
        ) from error
    _check_intervals(family, file)
    return family


def _reason(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)


def _version(item: Mapping[str, Any], title: Mapping[str, str]) -> Version:
    return Version(
        slug=item["slug"],
        title=item.get("title") or title,
        since=_day(item["from"]),
        until=_optional_day(item.get("until")),
        complete=bool(item.get("complete", True)),
        certain_from=_optional_day(item.get("certain_from")),
        certain_until=_optional_day(item.get("certain_until")),
        note=item.get("note") or {},
    )


def _day(value: str | date) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _optional_day(value: str | date | None) -> date | None:
    return None if value is None else _day(value)


def _reference(versions: tuple[Version, ...], as_of: date) -> str:
    held = [version for version in versions if version.in_force(as_of)]
    return (held or list(versions))[-1].slug


def _concordance(item: Mapping[str, Any]) -> Concordance:
    otherwise = item.get("otherwise", "same")
    if otherwise not in ("same", "none"):
        raise ValueError(f"otherwise is {otherwise!r}, not same or none")
    articles = {str(key): str(value) for key, value in (item.get("articles") or {}).items()}
    return Concordance(articles, otherwise)


def _check_intervals(family: Family, file: str) -> None:
    for earlier, later in zip(family.versions, family.versions[1:], strict=False):
        if earlier.until is None or earlier.until > later.since:
            raise LawError(
                f"versions {earlier.slug} and {later.slug} of {family.id!r} overlap",
                file=file,
                remedy="end the earlier version on the day the later one takes effect",
            )
    for version in family.versions:
        if version.until is not None and version.until <= version.since:
            raise LawError(
                f"version {version.slug} ends before it begins", file=file, remedy="correct from or until"
            )
