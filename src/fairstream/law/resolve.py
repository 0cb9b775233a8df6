"""The law of the day: from a citation and a date to the article in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from fairstream.errors import LawError, UnknownCitation
from fairstream.law.articles import Article, read_articles
from fairstream.law.citation import Reference, article_order, parse_citation
from fairstream.law.goods import Goods, read_goods, speaks_of
from fairstream.law.instruments import Family, Version, read_family
from fairstream.law.penalties import Penalty, PenaltyTable, read_penalties
from fairstream.law.source import DATA, read_documents
from fairstream.records import Citation, Language, ProductClass


@dataclass(frozen=True)
class Law:
    """All statutes, gists and sanctions known to the product. `as_of` is the day the data describes."""

    as_of: date
    families: Mapping[str, Family]
    articles: Mapping[str, Mapping[str, Article]]
    table: PenaltyTable
    goods: Mapping[str, Goods] = field(default_factory=dict)

    def speaks_of(self, citation: str, product_class: ProductClass) -> bool:
        """Whether the cited provision speaks of goods of this class; an unknown class is not ruled out.

        LawError when the citation is malformed.
        """
        return speaks_of(self.goods, parse_citation(citation), product_class)

    def family(self, family: str) -> Family:
        """The statute with that id; UnknownCitation when there is none."""
        found = self.families.get(family)
        if found is None:
            raise UnknownCitation(f"no statute has the id {family!r}", remedy=self._suggestion(family))
        return found

    def resolve(
        self, citation: str | Reference, on: date | None = None, language: Language = "zh"
    ) -> Citation:
        """The article in force on a day (default: the day the data describes).

        Raises LawError when the citation is malformed, UnknownCitation when the statute is unknown, its
        text of that day is not held, or the provision did not exist then. Whether the article exists in
        the official text is proved by `fairstream law verify`, which holds the texts.
        """
        reference = parse_citation(citation) if isinstance(citation, str) else citation
        day = on or self.as_of
        family = self.family(reference.family)
        version = family.version_on(day)
        if version is None:
            raise _not_held(family, day)
        number = family.article_in(version, reference.article, reference.detail)
        if number is None:
            raise UnknownCitation(
                f"{reference} has no counterpart in {version.slug}, in force on {day}",
                remedy="cite another provision for conduct of that day",
            )
        return Citation(
            instrument=family.id,
            article=number + self._detail(family, version, reference, number),
            version=version.slug,
            title=version.title[language],
            gist=self.gist(reference, version, language),
            unverified=family.doubtful(version, reference.article, day),
        )

    def gist(self, reference: Reference, version: Version, language: Language = "zh") -> str:
        """What the provision says in that version, in our words; empty when no gist was written."""
        article = self.articles.get(reference.family, {}).get(reference.article)
        return article.gist_in(version.slug, language) if article else ""

    def article(self, citation: str | Reference) -> Article | None:
        """Gist, effect and conduct codes of a cited article, None when none were written."""
        reference = parse_citation(citation) if isinstance(citation, str) else citation
        return self.articles.get(self.family(reference.family).id, {}).get(reference.article)

    def citations(self) -> tuple[str, ...]:
        """Every citation the law data itself makes: articles with gists, and what penalties cite."""
        written = {f"{family}#{number}" for family, items in self.articles.items() for number in items}
        for penalty in self.table.penalties:
            written.update((str(penalty.reference), *penalty.basis))
        return tuple(sorted(written, key=_citation_order))

    def penalties(
        self, *, citation: str | None = None, conduct: str | None = None, on: date | None = None
    ) -> tuple[Penalty, ...]:
        """The sanctions an article threatens or enforces, for a conduct code, as the law stood on a day."""
        day = on or self.as_of
        return tuple(
            penalty
            for penalty in self.table.penalties
            if (conduct is None or conduct in penalty.conduct)
            and (citation is None or _concerns(penalty, parse_citation(citation)))
            and self._applies(penalty, day)
        )

    def _applies(self, penalty: Penalty, day: date) -> bool:
        version = self.family(penalty.reference.family).version_on(day)
        return version is not None and (not penalty.versions or version.slug in penalty.versions)

    def _detail(self, family: Family, version: Version, reference: Reference, number: str) -> str:
        # Paragraphs and items are known for the reference version only.
        same_words = version.slug == family.reference or (
            number == reference.article and reference.article not in family.changed
        )
        return reference.detail if same_words else ""

    def _suggestion(self, family: str) -> str:
        for known in self.families.values():
            if known.version(family):
                return f"{family} is one version; cite {known.id}#…, numbered as in {known.reference}"
        parts = set(family.split("-"))
        ranked = sorted(self.families, key=lambda name: (-len(parts & set(name.split("-"))), name))
        return f"did you mean {' or '.join(ranked[:2])}?" if ranked else "load law data first"


def load_law(extra: Path | None = None) -> Law:
    """The shipped law data, with the entries of a user's folder of the same shape laid over it.

    An entry of `extra` replaces the shipped one with the same id (statute, penalty) or number (article).
    Cached for the life of the process. LawError names the file that does not fit.
    """
    return _load(extra)


@lru_cache(maxsize=4)
def _load(extra: Path | None) -> Law:
    if extra is not None and not extra.is_dir():
        raise LawError("no such folder of law data", file=extra, remedy="name a folder with *.yaml files")
    folders = [DATA] if extra is None else [DATA, extra]
    return build_law(read_documents(folders))


def build_law(documents: list[dict[str, Any]]) -> Law:
    """Assemble the law from parsed data documents; later entries replace earlier ones."""
    as_of = date.fromisoformat(
        next(
            (str(item["content"]["as_of"]) for item in documents if "as_of" in item["content"]), "2026-11-22"
        )
    )
    families: dict[str, Family] = {}
    articles: dict[str, dict[str, Article]] = {}
    penalties: dict[str, Penalty] = {}
    goods: dict[str, Goods] = {}
    words: dict[str, dict[str, Any]] = {"conditions": {}, "measures": {}, "actors": {}}
    for document in documents:
        content, file = document["content"], document["file"]
        for entry in content.get("statutes") or ():
            family = read_family(entry, as_of, file)
            families[family.id] = family
        if "articles" in content:
            articles.setdefault(str(content.get("family")), {}).update(read_articles(content, file))
        goods.update(read_goods(content, file))
        for name, known in words.items():
            known.update(content.get(name) or {})
        table = read_penalties({**content, **words}, file)
        penalties.update({penalty.id: penalty for penalty in table.penalties})
    return Law(as_of, families, articles, PenaltyTable(tuple(penalties.values()), **words), goods)


def _concerns(penalty: Penalty, wanted: Reference) -> bool:
    cited = [penalty.reference, *(parse_citation(basis) for basis in penalty.basis)]
    return any((item.family, item.article) == (wanted.family, wanted.article) for item in cited)


def _citation_order(citation: str) -> tuple[str, tuple[int, int], str]:
    reference = parse_citation(citation)
    return reference.family, article_order(reference.article), reference.detail


def _not_held(family: Family, day: date) -> UnknownCitation:
    intervals = "; ".join(
        f"{version.slug} from {version.since}" + (f" until {version.until}" if version.until else "")
        for version in family.versions
    )
    return UnknownCitation(
        f"the text of {family.id} in force on {day} is not held",
        remedy=f"texts held: {intervals}; find the text of that day and add it with an extra law folder",
    )
