"""Proves the law data against the official texts.

Every citation names an article that exists in each version of its statute, intervals agree with the
texts' front matter, every figure of the penalty data stands in the article's words, and every cited
article has a gist. Only whoever holds the texts can run it; the shipped data has been through it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fairstream.errors import InputError, LawError, UnknownCitation
from fairstream.law.amounts import names_amount, stands_in
from fairstream.law.citation import Reference, parse_citation
from fairstream.law.cited import Cited
from fairstream.law.instruments import Family, Version
from fairstream.law.intervals import Finding, check_version
from fairstream.law.penalties import Penalty, Range
from fairstream.law.resolve import Law
from fairstream.law.source import DATA
from fairstream.law.texts import OfficialText, read_text_file

INSTRUMENTS = DATA / "instruments.yaml"
PENALTIES = DATA / "penalties.yaml"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that does not hold: where it is written, why it is wrong, how to mend it."""

    file: str
    line: int | None
    cause: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.cause} Remedy: {self.remedy}"


@dataclass(frozen=True, slots=True)
class Verification:
    """What was checked and what does not hold.

    `citations` counts places that cite, `articles` the distinct articles, `checks` article × version;
    `without_counterpart` are the checks where the concordance says a version lacks the provision.
    """

    citations: int
    articles: int
    checks: int
    without_counterpart: int
    versions: int
    figures: int
    issues: tuple[Issue, ...]

    @property
    def fine(self) -> bool:
        """Whether everything holds."""
        return not self.issues


@dataclass
class _Tally:
    issues: list[Issue] = field(default_factory=list)
    checks: int = 0
    without_counterpart: int = 0
    figures: int = 0


def verify(law: Law, statutes: Path, citations: Iterable[Cited]) -> Verification:
    """Check citations and law data against a folder of official texts.

    InputError when the folder does not exist. A text that cannot be read is an issue, not an end.
    """
    if not statutes.is_dir():
        raise InputError(
            "no such folder of official texts", file=statutes, remedy="name it with --statutes DIR"
        )
    tally = _Tally()
    texts = _read_texts(statutes, tally)
    for family in law.families.values():
        for version in family.versions:
            _check_version(law, version, texts, tally)
    _check_unclaimed(law, texts, tally)
    places = list(citations)
    seen = {str(reference) for place in places if (reference := _check_place(law, place, texts, tally))}
    for penalty in law.table.penalties:
        _check_penalty(law, penalty, texts, tally)
    return Verification(
        citations=len(places),
        articles=len({name.partition("(")[0] for name in seen}),
        checks=tally.checks,
        without_counterpart=tally.without_counterpart,
        versions=sum(len(family.versions) for family in law.families.values()),
        figures=tally.figures,
        issues=tuple(tally.issues),
    )


def _read_texts(statutes: Path, tally: _Tally) -> dict[str, OfficialText]:
    texts: dict[str, OfficialText] = {}
    for file in sorted(statutes.glob("*.md")):
        try:
            text = read_text_file(file)
        except (InputError, OSError) as error:
            tally.issues.append(Issue(str(file), None, str(error), "mend the text"))
            continue
        texts[text.slug] = text
        tally.issues.extend(
            Issue(problem.place.file, problem.place.line, problem.cause, problem.remedy)
            for problem in text.problems
        )
    return texts


def _check_version(law: Law, version: Version, texts: dict[str, OfficialText], tally: _Tally) -> None:
    text = texts.get(version.slug)
    if text is None:
        tally.issues.append(
            Issue(
                *_line_of(INSTRUMENTS, version.slug),
                f"no text of {version.slug} in the folder",
                "add the text",
            )
        )
        return
    tally.issues.extend(_issue(version.slug, finding) for finding in check_version(version, text, law.as_of))


def _issue(slug: str, finding: Finding) -> Issue:
    return Issue(*_line_of(INSTRUMENTS, slug), f"{slug}: {finding.cause}", finding.remedy)


def _check_unclaimed(law: Law, texts: dict[str, OfficialText], tally: _Tally) -> None:
    claimed = {version.slug for family in law.families.values() for version in family.versions}
    tally.issues.extend(
        Issue(text.file, None, f"no statute has a version {slug}", "add it to instruments.yaml")
        for slug, text in texts.items()
        if slug not in claimed
    )


def _check_place(law: Law, place: Cited, texts: dict[str, OfficialText], tally: _Tally) -> Reference | None:
    try:
        reference = parse_citation(place.citation)
        family = law.family(reference.family)
    except (LawError, UnknownCitation) as error:
        tally.issues.append(Issue(place.file, place.line, error.cause, error.remedy or "correct it"))
        return None
    for version in family.versions:
        cause = _missing(family, version, reference, texts, tally)
        if cause:
            remedy = "cite an article of the version in force on the data's day, or add a concordance"
            tally.issues.append(Issue(place.file, place.line, cause, remedy))
    if law.article(reference) is None:
        remedy = f"write one in articles/{family.id}.yaml"
        tally.issues.append(Issue(place.file, place.line, f"{reference} has no gist", remedy))
    return reference


def _missing(
    family: Family, version: Version, reference: Reference, texts: dict[str, OfficialText], tally: _Tally
) -> str | None:
    tally.checks += 1
    number = family.article_in(version, reference.article, reference.detail)
    if number is None:
        tally.without_counterpart += 1
        return None
    text = texts.get(version.slug)
    if text is None or number in text.articles:
        return None
    held = "" if version.complete else " (only an excerpt is held)"
    return f"{reference} would be article {number} of {version.slug}, which has none{held}"


def _check_penalty(law: Law, penalty: Penalty, texts: dict[str, OfficialText], tally: _Tally) -> None:
    family = law.families.get(penalty.reference.family)
    if family is None:
        return
    for version in family.versions:
        if penalty.versions and version.slug not in penalty.versions:
            continue
        text = texts.get(version.slug)
        number = family.article_in(version, penalty.reference.article)
        article = text.articles.get(number) if text and number else None
        if article is None:
            continue
        for item in penalty.ranges:
            for cause in _wrong_figures(item, article.words, tally):
                file, line = _line_of(PENALTIES, penalty.id)
                told = f"{penalty.id}: {cause} in article {number} of {version.slug}"
                tally.issues.append(Issue(file, line, told, "compare the figure with the article's words"))


def _wrong_figures(item: Range, words: str, tally: _Tally) -> Iterator[str]:
    if item.fen is not None:
        tally.figures += 1
        if not stands_in(words, "fen", *item.fen):
            yield f"the sum {_yuan(item.fen[0])} to {_yuan(item.fen[1])} does not stand"
    if item.times is not None:
        tally.figures += 1
        if not stands_in(words, "times", *item.times):
            yield f"the multiple {item.times[0]} to {item.times[1]} does not stand"
    for amount in item.threshold.figures if item.threshold else ():
        tally.figures += 1
        if not names_amount(words, amount):
            yield f"the threshold {_yuan(amount)} does not stand"


def _yuan(fen: int | None) -> str:
    return "no bound" if fen is None else f"{fen // 100} yuan"


def _line_of(file: Path, name: str) -> tuple[str, int | None]:
    lines = file.read_text(encoding="utf-8").splitlines()
    ends = (f"slug: {name}", f"id: {name}")
    return str(file), next((number for number, line in enumerate(lines, 1) if line.endswith(ends)), None)
