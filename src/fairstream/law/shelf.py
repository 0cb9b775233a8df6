"""The user's shelf of official texts: imported once, then quoted on screens and in papers.

A shelf is a folder of JSON files, one per version of a statute. It belongs to the user; the product
ships no official words.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import orjson
from platformdirs import user_data_path

from fairstream.errors import FormatError, InputError, LawError
from fairstream.law.resolve import Law
from fairstream.law.texts import OfficialText, read_text_file
from fairstream.records import Citation, Place, Problem

SUFFIXES = (".md", ".markdown", ".txt")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
Outcome = Literal["added", "updated", "unchanged", "skipped"]


def default_shelf() -> Path:
    """Where the texts live unless the user names another folder."""
    return user_data_path("fairstream") / "statutes"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file; `known` is False when no statute of the law data has that version."""

    file: str
    slug: str
    outcome: Outcome
    articles: int = 0
    known: bool = True
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of every file of a folder."""

    files: tuple[Imported, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Everything that was skipped or repaired, over all files."""
        return tuple(problem for item in self.files for problem in item.problems)

    def counts(self) -> dict[str, int]:
        """How many files were added, updated, unchanged, skipped."""
        return dict(Counter(item.outcome for item in self.files))


@dataclass(frozen=True)
class Shelf:
    """A folder of imported texts; reading is lazy, one file per version asked for."""

    folder: Path = field(default_factory=default_shelf)

    def slugs(self) -> tuple[str, ...]:
        """The versions held."""
        return tuple(sorted(file.stem for file in self.folder.glob("*.json")))

    def words(self, version: str, article: str) -> str | None:
        """The official words of an article, None when the shelf lacks the version or the article.

        LawError when the stored file was damaged.
        """
        stored = self._read(version)
        if stored is None:
            return None
        words = stored["articles"].get(article.partition("(")[0])
        return str(words) if words is not None else None

    def quote(self, citation: Citation) -> str | None:
        """The official words of a resolved citation, None when they are not on the shelf."""
        return self.words(citation.version, citation.article)

    def _file(self, version: str) -> Path:
        return self.folder / f"{version}.json"

    def _read(self, version: str) -> dict[str, Any] | None:
        file = self._file(version)
        if not file.is_file():
            return None
        try:
            stored = orjson.loads(file.read_bytes())
        except orjson.JSONDecodeError as error:
            raise LawError(
                "the stored text is damaged", file=file, remedy="import the statute again"
            ) from error
        if not isinstance(stored, dict) or not isinstance(stored.get("articles"), dict):
            raise LawError("the stored text has no articles", file=file, remedy="import the statute again")
        return stored

    def store(self, text: OfficialText, *, dry_run: bool = False) -> Outcome:
        """Put a text on the shelf; the same content twice changes nothing."""
        content = _serialised(text)
        file = self._file(text.slug)
        held = file.read_bytes() if file.is_file() else None
        if held == content:
            return "unchanged"
        if not dry_run:
            self.folder.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_bytes(content)
            part.replace(file)
        return "added" if held is None else "updated"


def import_texts(law: Law, folder: Path, shelf: Shelf, *, dry_run: bool = False) -> ImportReport:
    """Read every text file of a folder (or one file) onto the shelf.

    A file that cannot be read is reported and skipped. InputError when the folder does not exist or
    holds no text file.
    """
    files = _text_files(folder)
    if not files:
        raise InputError(
            "no text to import", file=folder, remedy="name a folder with " + ", ".join(SUFFIXES) + " files"
        )
    taken: dict[str, str] = {}
    return ImportReport(tuple(_import_one(law, file, shelf, taken, dry_run) for file in files))


def _text_files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise InputError(
            "no such folder", file=folder, remedy="name the folder that holds the official texts"
        )
    return sorted(file for file in folder.rglob("*") if file.is_file() and file.suffix.lower() in SUFFIXES)


def _import_one(law: Law, file: Path, shelf: Shelf, taken: dict[str, str], dry_run: bool) -> Imported:
    try:
        text = read_text_file(file)
        slug = _slug(law, text)
        if slug in taken:
            raise FormatError(
                f"{slug} was already read from {taken[slug]}",
                file=file,
                remedy="keep one file per version, or name the versions apart",
            )
    except (InputError, OSError) as error:
        cause = error.cause if isinstance(error, InputError) else str(error)
        remedy = (error.remedy if isinstance(error, InputError) else None) or "check the file"
        line = error.line if isinstance(error, InputError) else None
        return Imported(
            str(file), file.stem, "skipped", problems=(Problem(Place(str(file), line), cause, remedy),)
        )
    taken[slug] = str(file)
    outcome = shelf.store(replace(text, slug=slug), dry_run=dry_run)
    known = any(family.version(slug) for family in law.families.values())
    return Imported(str(file), slug, outcome, len(text.articles), known, text.problems)


def _slug(law: Law, text: OfficialText) -> str:
    """The version a text is: by its slug, or by its title when only one version bears it."""
    versions = [version for family in law.families.values() for version in family.versions]
    if any(version.slug == text.slug for version in versions):
        return text.slug
    bearing = [version.slug for version in versions if version.title["zh"] == text.title]
    if len(bearing) == 1:
        return bearing[0]
    if not _is_slug(text.slug):
        raise FormatError(
            f"cannot tell which statute {text.title!r} is",
            file=text.file,
            line=1,
            remedy="name the file after the version (fairstream law list) or give it front matter with slug",
        )
    return text.slug


def _is_slug(name: str) -> bool:
    return _SLUG.fullmatch(name) is not None


def _serialised(text: OfficialText) -> bytes:
    articles = {number: article.words for number, article in text.articles.items()}
    digest = hashlib.sha256(orjson.dumps(articles)).hexdigest()
    return orjson.dumps(
        {"slug": text.slug, "title": text.title, "sha256": digest, "articles": articles},
        option=orjson.OPT_INDENT_2,
    )
