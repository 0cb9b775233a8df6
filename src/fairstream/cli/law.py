"""`fairstream law`: show, import and verify the law that findings cite."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
import orjson

from fairstream.checks import DATA as CHECKS
from fairstream.cli.options import Day, json_option, language_option, today
from fairstream.errors import LawError, UsageError
from fairstream.law.articles import EFFECT_TITLES, Article
from fairstream.law.citation import article_title
from fairstream.law.cited import Cited, cited_in_checks, cited_in_data, cited_in_rules
from fairstream.law.instruments import KIND_TITLES
from fairstream.law.penalties import Penalty
from fairstream.law.resolve import Law, load_law
from fairstream.law.shelf import Shelf, default_shelf, import_texts
from fairstream.law.verify import Verification
from fairstream.law.verify import verify as verify_law
from fairstream.law.wording import in_words
from fairstream.records import Citation, Language
from fairstream.rules.library import SHIPPED

library_option = click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of imported official texts; by default the user's data folder.",
)
extra_option = click.option(
    "--extra",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of local law data laid over the shipped data.",
)
WORDS: dict[str, dict[Language, str]] = {
    "official": {"zh": "官方原文", "en": "Official words"},
    "gist": {"zh": "要点（自述，非原文）", "en": "Gist (our words)"},
    "no_gist": {"zh": "（尚无要点）", "en": "(no gist written yet)"},
    "effect": {"zh": "性质", "en": "Effect"},
    "conduct": {"zh": "行为类别", "en": "Conduct"},
    "sanctions": {"zh": "罚则", "en": "Sanctions"},
    "unverified": {
        "zh": "未核实：该日是否适用此文本存疑",
        "en": "UNVERIFIED: it is in doubt whether this text applied",
    },
    "not_imported": {
        "zh": "官方原文未导入：fairstream law import 目录",
        "en": "Official words not imported: fairstream law import DIR",
    },
}


@click.group()
def law() -> None:
    """Show, import and verify the law that findings cite.

    \b
    Examples:
      fairstream law show advertising-law#9 --on 2026-03-01
      fairstream law show anti-unfair-competition-law#9 --on 2025-08-01 --lang en
      fairstream law import my-statutes/
      fairstream law verify --statutes my-statutes/
    """


@law.command()
@click.argument("citation")
@click.option("--on", type=Day(), help="Day of the conduct, as 2026-03-01; default today in China.")
@language_option
@library_option
@extra_option
@json_option
def show(
    citation: str,
    on: date | None,
    language: Language,
    library: Path | None,
    extra: Path | None,
    as_json: bool,
) -> int:
    """Show an article as it stood on a day: version, gist, sanctions, official words when imported.

    CITATION is family#article in the numbering of the version in force on the day the data describes.

    \b
    Examples:
      fairstream law show advertising-law#9 --on 2026-03-01
      fairstream law show criminal-law#142-1 --lang en --json
    """
    day = on or today()
    known = load_law(extra)
    try:
        resolved = known.resolve(citation, day, language)
    except LawError as error:
        raise UsageError(error.cause, remedy=error.remedy) from error
    article = known.article(citation)
    penalties = known.penalties(citation=citation, on=day)
    words = Shelf(library or default_shelf()).quote(resolved)
    if as_json:
        click.echo(orjson.dumps(_as_json(resolved, article, penalties, words, day)).decode())
    else:
        click.echo("\n".join(_as_text(known, resolved, article, penalties, words, day, language)))
    return 0


def _as_json(
    resolved: Citation, article: Article | None, penalties: tuple[Penalty, ...], words: str | None, day: date
) -> dict[str, Any]:
    return {
        **asdict(resolved),
        "on": day,
        "effect": article.effect if article else None,
        "conduct": article.conduct if article else [],
        "penalties": [asdict(penalty) for penalty in penalties],
        "official_words": words,
    }


def _as_text(
    known: Law,
    resolved: Citation,
    article: Article | None,
    penalties: tuple[Penalty, ...],
    words: str | None,
    day: date,
    language: Language,
) -> Iterator[str]:
    yield f"{resolved.title} {article_title(resolved.article, language)}  [{_interval(known, resolved)}]"
    if resolved.unverified:
        yield f"! {WORDS['unverified'][language]}"
    yield f"{WORDS['gist'][language]}: {resolved.gist or WORDS['no_gist'][language]}"
    if article:
        yield f"{WORDS['effect'][language]}: {EFFECT_TITLES[article.effect][language]}"
        yield f"{WORDS['conduct'][language]}: {' '.join(article.conduct) or '-'}"
    if penalties:
        yield f"{WORDS['sanctions'][language]}:"
    for penalty in penalties:
        provision = known.resolve(penalty.reference, day, language)
        number = article_title(provision.article, language)
        yield f"  {provision.title} {number}  {in_words(penalty, known.table, language)}"
    if words is None:
        yield WORDS["not_imported"][language]
    else:
        yield f"{WORDS['official'][language]}:\n{words}"


def _interval(known: Law, resolved: Citation) -> str:
    version = known.family(resolved.instrument).version(resolved.version)
    return f"{resolved.version} {version.since} – {version.until or ''}" if version else resolved.version


@law.command("import")
@click.argument("folder", type=click.Path(exists=True, path_type=Path), metavar="DIR")
@library_option
@extra_option
@click.option("--dry-run", is_flag=True, help="Read and report, store nothing.")
@json_option
def import_(folder: Path, library: Path | None, extra: Path | None, dry_run: bool, as_json: bool) -> int:
    """Read official texts (Markdown or text with 第…条) into your library; exit code 1 when one was skipped.

    A file is recognised by its front matter, its name (fairstream law list shows the names) or its title.
    Importing twice changes nothing.

    \b
    Examples:
      fairstream law import my-statutes/ --dry-run
      fairstream law import 广告法.txt --library ./statutes
    """
    shelf = Shelf(library or default_shelf())
    report = import_texts(load_law(extra), folder, shelf, dry_run=dry_run)
    if as_json:
        files = [asdict(item) for item in report.files]
        click.echo(
            orjson.dumps({"library": str(shelf.folder), "counts": report.counts(), "files": files}).decode()
        )
    else:
        for problem in report.problems:
            place = f"{problem.place.file}:{problem.place.line}" if problem.place.line else problem.place.file
            click.echo(f"{place}: {problem.cause} Remedy: {problem.remedy}", err=True)
        counted = ", ".join(f"{count} {outcome}" for outcome, count in sorted(report.counts().items()))
        click.echo(f"{shelf.folder}: {counted}{' (dry run)' if dry_run else ''}.")
    return 1 if report.problems else 0


@law.command()
@click.option(
    "--statutes",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of official texts with front matter.",
)
@click.option(
    "--rules",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    multiple=True,
    help="Further folder of rules whose citations are checked; may be repeated.",
)
@extra_option
@json_option
def verify(statutes: Path, rules: tuple[Path, ...], extra: Path | None, as_json: bool) -> int:
    """Prove every citation and figure against official texts; exit code 1 when something does not hold.

    \b
    Example:
      fairstream law verify --statutes my-statutes/
    """
    result = verify_law(load_law(extra), statutes, _citations(rules, extra))
    if as_json:
        click.echo(orjson.dumps(asdict(result)).decode())
        return 0 if result.fine else 1
    for issue in result.issues:
        click.echo(str(issue), err=True)
    click.echo(_summary(result))
    return 0 if result.fine else 1


def _citations(rules: tuple[Path, ...], extra: Path | None) -> Iterator[Cited]:
    yield from cited_in_data()
    if extra is not None:
        yield from cited_in_data(extra)
    for folder in (SHIPPED, *rules):
        yield from cited_in_rules(folder)
    yield from cited_in_checks(CHECKS)


def _summary(result: Verification) -> str:
    return (
        f"{result.citations} citations of {result.articles} articles checked against {result.versions} texts "
        f"({result.checks} checks, {result.without_counterpart} without counterpart in a version), "
        f"{result.figures} figures: {len(result.issues)} issues."
    )


@law.command("list")
@click.option("--on", type=Day(), help="Mark the version in force on this day; default today in China.")
@language_option
@extra_option
@json_option
def list_(on: date | None, language: Language, extra: Path | None, as_json: bool) -> int:
    """List the statutes with their versions and intervals; * marks the text in force.

    \b
    Example:
      fairstream law list --on 2027-01-01 --lang en
    """
    day = on or today()
    families = sorted(load_law(extra).families.values(), key=lambda family: family.id)
    if as_json:
        click.echo(orjson.dumps([asdict(family) for family in families], default=sorted).decode())
        return 0
    for family in families:
        click.echo(f"{family.id}  {family.title[language]} ({KIND_TITLES[family.kind][language]})")
        for version in family.versions:
            mark = "*" if version.in_force(day) else " "
            note = f"  {version.note[language]}" if version.note else ""
            click.echo(f"  {mark} {version.slug}  {version.since} – {version.until or ''}{note}")
    return 0


@law.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@language_option
@json_option
def consequences(file: Path, language: Language, as_json: bool) -> int:
    """Say who answers, what it may cost and which measure fits, for the matters in FILE.

    FILE is YAML or JSON: conduct, day, articles and whatever is known of parties, amounts and circumstances;
    several matters stand under `matters:`. What is left out is unknown and stays unknown. Exit code 1 when
    a part of the file was left out.

    \b
    Examples:
      fairstream law consequences examples/matters/live-room.yaml
      fairstream law consequences matter.yaml --lang en --json
    """
    # Reading files and rules of law takes a moment to import; --help should not wait for it.
    from fairstream.cli import lawmatters

    return lawmatters.show_consequences(file, language, as_json=as_json)


@law.command()
@language_option
@json_option
def limits(language: Language, as_json: bool) -> int:
    """List the time limits of the law with the event each runs from.

    \b
    Example:
      fairstream law limits --lang en
    """
    from fairstream.cli import lawmatters

    return lawmatters.show_limits(language, as_json=as_json)


@law.command()
@click.argument("limit")
@click.option(
    "--from", "start", required=True, help="Day (2026-03-01) or moment (2026-03-01T20:00+08:00) of the event."
)
@click.option("--extended", default=0, show_default=True, help="How many extensions were granted.")
@click.option(
    "--holidays",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Table of days off and worked weekends, over the shipped one; may be repeated.",
)
@language_option
@json_option
def due(
    limit: str, start: str, extended: int, holidays: tuple[Path, ...], language: Language, as_json: bool
) -> int:
    """Compute the last day of a time limit, with the counting in words; exit code 1 when it cannot be told.

    \b
    Examples:
      fairstream law due case-lead-check --from 2026-04-20
      fairstream law due case-lead-check --from 2026-04-20 --extended 1 --lang en
    """
    from fairstream.cli import lawmatters

    return lawmatters.show_due(limit, start, extended, holidays, language, as_json=as_json)
