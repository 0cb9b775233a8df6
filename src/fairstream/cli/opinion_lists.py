"""The work of `fairstream opinion taxonomy`: list, lint, test and try."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
import orjson

from fairstream.opinion.cases import given, run_cases
from fairstream.opinion.lint import lint as lint_lists
from fairstream.opinion.reading import Reader
from fairstream.opinion.taxonomy import load_taxonomy
from fairstream.records import Language
from fairstream.text.fold import Folder


def show(folders: tuple[Path, ...], language: Language, *, as_json: bool) -> int:
    """Print the topics; 1 when a file could not be loaded."""
    lists = load_taxonomy(folders)
    topics = [topic for _, topic in sorted(lists.topics.items())]
    if as_json:
        click.echo(orjson.dumps([topic.model_dump(mode="json", by_alias=True) for topic in topics]).decode())
    for topic in topics if not as_json else ():
        click.echo(f"{topic.id:32} {getattr(topic.title, language)}: {getattr(topic.about, language)}")
    if not as_json:
        click.echo(
            f"{len(topics)} topics, {len(lists.lexicons)} lexicons, {len(lists.rights)} parts of the gate, "
            f"{len(lists.aspects.aspects)} aspects, {len(lists.entities)} entities."
        )
    for issue in lists.issues:
        click.echo(str(issue), err=True)
    return 1 if lists.issues else 0


def lint(folders: tuple[Path, ...], *, as_json: bool) -> int:
    """Print the faults of the lists; 1 when there is one."""
    lists = load_taxonomy(folders)
    issues = lint_lists(lists)
    if as_json:
        click.echo(orjson.dumps([asdict(issue) for issue in issues]).decode())
    else:
        for issue in issues:
            click.echo(str(issue))
        click.echo(f"{len(lists.topics)} topics, {len(lists.lexicons)} lexicons: {len(issues)} issues.")
    return 1 if issues else 0


def test(names: tuple[str, ...], folders: tuple[Path, ...], *, as_json: bool) -> int:
    """Run the cases; 1 when one fails."""
    report = run_cases(Reader.open(folders), names)
    if names and not report.cases:
        raise click.UsageError(f"no cases for {', '.join(names)}; see fairstream opinion taxonomy list")
    if as_json:
        click.echo(orjson.dumps(asdict(report)).decode())
        return 1 if report.failures else 0
    for failure in report.failures:
        click.echo(str(failure))
    for place in report.mended:
        click.echo(f"{place}: passes now; take `todo` away")
    click.echo(f"{report.cases} cases: {len(report.failures)} failed, {report.known} known faults.")
    return 1 if report.failures else 0


def attempt(text: str, polarity: str, folders: tuple[Path, ...], *, as_json: bool) -> int:
    """Print what is read in a text and why."""
    reader = Reader.open(folders)
    folded = Folder().fold([text], evasion=False)
    reading = reader.read(folded, given([polarity]))
    found: dict[str, Any] = {name: value[0].as_py() for name, value in reading._asdict().items()}
    found["folded"] = folded.reading(0)
    found["why"] = [
        {"column": why.column, "words": why.words, "sign": why.unit.source.model_dump(exclude_none=True)}
        for why in reader.why(folded)
    ]
    if as_json:
        click.echo(orjson.dumps(found).decode())
        return 0
    for name in ("folded", "rights", "topics", "aspects", "entities", "conducts"):
        value = found[name]
        click.echo(f"{name:9} {', '.join(value) if isinstance(value, list) else value}")
    for why in found["why"]:
        click.echo(f"  {why['column']}: {' + '.join('|'.join(words) for words in why['words'])}")
    return 0
