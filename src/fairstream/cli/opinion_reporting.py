"""The work of `fairstream opinion report`: count, write the paper, prove it, render it."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import click
import orjson

from fairstream import __version__
from fairstream.blocks import Number, Paper
from fairstream.cli.opinion_auditing import labels
from fairstream.cli.opinion_counting import dated
from fairstream.cli.opinion_titles import tips, titles
from fairstream.documents import docx, html, pdf
from fairstream.errors import UsageError
from fairstream.opinion.aggregate import Figures, Window
from fairstream.opinion.audit import known_topics
from fairstream.opinion.leads import Lead
from fairstream.opinion.report.build import paper
from fairstream.opinion.report.extras import gather
from fairstream.opinion.report.listing import Pages, address
from fairstream.opinion.report.listing import asked as asked_for
from fairstream.opinion.report.material import Material
from fairstream.opinion.report.numbers import Numbers
from fairstream.opinion.report.proof import counts, faults
from fairstream.opinion.report.words import said
from fairstream.opinion.select import where
from fairstream.opinion.taxonomy import load_taxonomy
from fairstream.records import Language, Words
from fairstream.store.annotated import Annotated

_OTHER: Final[dict[Language, Language]] = {"zh": "en", "en": "zh"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for on the command line."""

    annotated: Path
    start: date | None
    end: date | None
    out: Path
    compare: Path | None
    compare_from: date | None
    compare_to: date | None
    labels: Path | None
    lists: tuple[Path, ...]
    formats: tuple[str, ...]
    languages: tuple[str, ...]
    pages: bool
    quiet: bool
    as_json: bool


class Stages:
    """Says on standard error what is being done and how long each took."""

    def __init__(self, *, quiet: bool) -> None:
        self.quiet = quiet
        self.seconds = dict[str, float]()

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        begin = time.perf_counter()
        if not self.quiet:
            click.echo(f"{name} …", err=True, nl=False)
        yield
        self.seconds[name] = round(time.perf_counter() - begin, 2)
        if not self.quiet:
            click.echo(f" {self.seconds[name]:.1f} s", err=True)


def run(asked: Asked) -> int:
    """Write the report; 1 when a label could not be used or a number does not stand in the data."""
    stages = Stages(quiet=asked.quiet or not sys.stderr.isatty())
    _check_out(asked.out)
    with ExitStack() as stack:
        store = stack.enter_context(Annotated(asked.annotated))
        window = dated(store, asked.start, asked.end)
        earlier = _earlier(stack, store, asked)
        with stages("count"):
            material, skipped = _material(store, window, earlier, asked, stages)
            written = paper(material)
        with stages("proof"):
            wrong = faults(written, store)
        if wrong:
            for fault in wrong[:20]:
                click.echo(f"Error: {fault.what}: {fault.cause}", err=True)
            click.echo(
                f"{len(wrong)} numbers or quotations do not stand in the data; no report was written.",
                err=True,
            )
            return 1
        asked.out.mkdir(parents=True, exist_ok=True)
        pages = _pages(store, written, asked, material, stages)
        warnings = _render(written, asked, stages)
        _write_data(written, material, asked.out)
    _say(asked, window, material, pages, warnings, skipped, stages)
    return 1 if skipped else 0


def _check_out(out: Path) -> None:
    """Before minutes of counting. Raises `UsageError` when the folder cannot be made or written to."""
    nearest = next(folder for folder in (out, *out.resolve().parents) if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise UsageError("no files can be written here", file=nearest, remedy="name another folder")


def _earlier(stack: ExitStack, store: Annotated, asked: Asked) -> tuple[Annotated, Window] | None:
    if asked.compare is None and asked.compare_from is None and asked.compare_to is None:
        return None
    if asked.compare is None or asked.compare.resolve() == asked.annotated.resolve():
        if asked.compare_from is None or asked.compare_to is None:
            raise UsageError(
                "an earlier window of the same items needs both its days",
                remedy="give --compare-from and --compare-to",
            )
        return store, dated(store, asked.compare_from, asked.compare_to)
    other = stack.enter_context(Annotated(asked.compare))
    return other, dated(other, asked.compare_from, asked.compare_to)


def _material(
    store: Annotated, window: Window, earlier: tuple[Annotated, Window] | None, asked: Asked, stages: Stages
) -> tuple[Material, int]:
    taxonomy = load_taxonomy(asked.lists)
    audit, skipped = None, 0
    if asked.labels is not None:
        known = frozenset(taxonomy.topics) | known_topics(store)
        audit, skipped = labels(store, window, asked.labels, known)
    made = said("made", version=Words(__version__, __version__))
    return Material(
        Figures(store, window),
        Numbers(window.selection, years=window.start.year != window.end.year),
        titles(taxonomy),
        gather((store, window), earlier),
        tips(taxonomy),
        Figures(*earlier) if earlier else None,
        audit,
        store.invented,
        made,
    ), skipped


def _pages(store: Annotated, written: Paper, asked: Asked, material: Material, stages: Stages) -> int:
    if not asked.pages:
        return 0
    conditions = asked_for(written)
    with stages("items"):
        found = counts([where(condition) for condition in conditions], store)
        pages = Pages(store, str(asked.annotated), material.titles, invented=store.invented)
        return pages.write(conditions, found, asked.out, _languages(asked))


def _languages(asked: Asked) -> list[Language]:
    return [language for language in ("zh", "en") if language in asked.languages]


def _render(written: Paper, asked: Asked, stages: Stages) -> list[str]:
    warnings = list[str]()
    for language in _languages(asked):
        stem = asked.out / f"report.{language}"
        if "html" in asked.formats:
            with stages(f"html {language}"):
                stem.with_name(f"{stem.name}.html").write_text(
                    _page(written, language, asked), encoding="utf-8"
                )
        for name, module in (("docx", docx), ("pdf", pdf)):
            if name in asked.formats:
                with stages(f"{name} {language}"):
                    made = module.render(written, language, stem.with_name(f"{stem.name}.{name}"))
                warnings += [
                    getattr(warning, language, str(warning)) for warning in getattr(made, "warnings", ())
                ]
    return list(dict.fromkeys(warnings))


def _page(written: Paper, language: Language, asked: Asked) -> str:
    links = (lambda query: f"{address(query)}.{language}.html") if asked.pages else None
    other = f"report.{_OTHER[language]}.html" if len(asked.languages) > 1 else None
    return html.render(written, language, links=links, other=other)


def _write_data(written: Paper, material: Material, out: Path) -> None:
    numbers = {key: _number(number) for key, number in material.numbers.held.items()}
    (out / "numbers.json").write_bytes(orjson.dumps(numbers, option=orjson.OPT_INDENT_2))
    lines = b"".join(orjson.dumps(_lead(lead)) + b"\n" for lead in material.extras.leads)
    (out / "leads.jsonl").write_bytes(lines)


def _number(number: Number) -> dict[str, Any]:
    found = asdict(number)
    found["shown"], found["meaning"] = number.shown._asdict(), number.meaning._asdict()
    return {name: value for name, value in found.items() if value is not None and name != "key"}


def _lead(lead: Lead) -> dict[str, Any]:
    reasons = [reason._asdict() for reason in lead.reasons]
    return asdict(lead) | {"reasons": reasons, "selection": str(lead.selection)}


def _say(
    asked: Asked,
    window: Window,
    material: Material,
    pages: int,
    warnings: list[str],
    skipped: int,
    stages: Stages,
) -> None:
    for warning in warnings:
        click.echo(f"Warning: {warning}", err=True)
    summary: Mapping[str, Any] = {
        "out": str(asked.out),
        "from": str(window.start),
        "to": str(window.end),
        "numbers": len(material.numbers.held),
        "pages": pages,
        "leads": len(material.extras.leads),
        "corrected": material.audit is not None,
        "labels_skipped": skipped,
        "invented": material.invented,
        "warnings": warnings,
        "seconds": stages.seconds,
    }
    if asked.as_json:
        sys.stdout.buffer.write(orjson.dumps(summary) + b"\n")
    else:
        found = len(material.numbers.held)
        click.echo(f"{asked.out}: {found:,} numbers, all found in the data; {pages:,} pages of items.")
