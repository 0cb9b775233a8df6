"""The pages of a package for people: its index in two languages and VERIFY.txt.

The index needs nothing outside of itself, runs no script, and prints on paper.
"""

import base64
import hashlib
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import quote

import jinja2

from fairstream.evidence.capture import CaptureRecord
from fairstream.evidence.custody import Entry
from fairstream.evidence.package_findings import Findings, clock, read_findings
from fairstream.evidence.package_saying import action, note, relation
from fairstream.evidence.package_words import WORDS
from fairstream.records import Language

MOST_ENTRIES: Final = 500


class Item(NamedTuple):
    """A file of the package: its path there, SHA-256, size in bytes, capture record, and where it came
    from."""

    path: str
    sha256: str
    size: int
    record: CaptureRecord | None
    source: Path


@dataclass(frozen=True, slots=True)
class Contents:
    """What the index tells. `outside` are names and hashes of originals that are not in the package, `found`
    the names of files that had no capture record until sealing."""

    name: str
    who: str
    at: datetime
    case: str
    items: tuple[Item, ...]
    outside: tuple[tuple[str, str], ...]
    entries: tuple[Entry, ...]
    found: tuple[str, ...]
    names: dict[str, str]
    """Name as received by SHA-256, for relations."""


def index_page(contents: Contents, language: Language) -> str:
    """The index as one HTML document."""
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return _page().render(
        c=contents,
        w={name: getattr(words, language) for name, words in WORDS.items()},
        language=language,
        other="en" if language == "zh" else "zh",
        style=style,
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        findings=list(_findings(contents, language)),
        entries=contents.entries[-MOST_ENTRIES:],
        most=MOST_ENTRIES,
    )


def verify_text(name: str, archive: str) -> str:
    """VERIFY.txt: the commands, in both languages. `name` is the package's folder, `archive` the zip that
    holds it, the same as `name` when there is none."""
    text = (files("fairstream.evidence") / "package_verify.txt").read_text(encoding="utf-8")
    environment = jinja2.Environment(keep_trailing_newline=True, trim_blocks=True)  # noqa: S701 - plain text
    environment.globals.update(q=shlex.quote)
    page = environment.from_string(text)
    return page.render(
        name=name,
        archive=archive,
        zipped=archive != name,
        FOLDER=shlex.quote(name),
        PACKAGE=shlex.quote(archive),
    )


def _findings(contents: Contents, language: Language) -> Iterable[Findings]:
    """The findings of every findings.jsonl among the items."""
    for item in contents.items:
        if item.path.rpartition("/")[2] == "findings.jsonl":
            yield read_findings(item.source, item.path, language)


@cache
def _style() -> str:
    return (files("fairstream.evidence") / "package_index.css").read_text(encoding="utf-8")


@cache
def _page() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("fairstream.evidence", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(
        clock=clock,
        link=lambda path: quote(path, safe="/"),
        second=_second,
        note=note,
        action=action,
        relation=relation,
    )
    return environment.get_template("package_index.html.j2")


def _second(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")
