"""Web archives (WARC, WACZ) → the pages they hold, with every digest checked, and their content.

A capture of a page is evidence of what an address answered at a time. `read_archive` lists what is there
and says of each digest whether it holds; `extract` writes the content out under names of our own, never
under a path from the archive.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Final, NamedTuple

from fairstream.errors import LimitError, UsageError
from fairstream.evidence.pages_warc import PageCapture, Reader
from fairstream.evidence.wacz import Check, opened_wacz
from fairstream.records import Problem

_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/css": ".css",
    "text/javascript": ".js",
    "application/javascript": ".js",
    "application/json": ".json",
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/svg+xml": ".svg",
    "video/mp4": ".mp4",
    "audio/mpeg": ".mp3",
    "application/pdf": ".pdf",
}
_PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
_ZIP: Final = b"PK\x03\x04"
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_LISTS: Final = frozenset({"dd", "dl", "dt", "li", "ol", "option", "ul", "table", "td", "th", "tr"})
_PARTS: Final = frozenset(
    {"address", "article", "aside", "footer", "form", "header", "main", "nav", "section"}
)
_BLOCKS: Final = _HEADINGS | _LISTS | _PARTS | {"blockquote", "br", "div", "fieldset", "hr", "p", "pre"}


@dataclass(frozen=True, slots=True)
class Archive:
    """What a web archive holds. `checks` are the WACZ's own hashes and signature; a bare WARC has none."""

    file: str
    kind: str
    captures: tuple[PageCapture, ...]
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def pages(self) -> tuple[PageCapture, ...]:
        """The captures that are pages: those the WACZ lists, else every HTML document that was answered."""
        listed = tuple(one for one in self.captures if one.page)
        return listed or tuple(
            one for one in self.captures if one.mime in _PAGES and (one.status or 200) < 300
        )

    @property
    def sound(self) -> bool:
        """Whether nothing was broken: no hash, no digest, no record."""
        return (
            not self.problems
            and all(check.state != "broken" for check in self.checks)
            and all(capture.digest_state != "broken" for capture in self.captures)
        )


class PageText(NamedTuple):
    """What a reader sees of a page: its title, and its text without tags, scripts and styles."""

    title: str
    text: str


def read_archive(path: Path, *, name: str | None = None) -> Archive:
    """List what a .warc, .warc.gz or .wacz holds, every digest checked.

    Raises `FormatError` when it is none, `LimitError` when it unpacks out of all proportion or a path in it
    climbs out.
    """
    name = name or path.name
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            file.seek(0)
            reader = Reader(file, name)
            captures = tuple(reader.captures())
            return Archive(name, "warc", captures, problems=tuple(reader.problems))
    with opened_wacz(path, name=name) as wacz:
        found: list[PageCapture] = []
        problems = list(wacz.problems)
        for inner in wacz.warcs:
            with wacz.open(inner) as file:
                reader = Reader(file, inner)
                found.extend(reader.captures())
                problems.extend(reader.problems)
        titles = {(page.url, page.at): page.title for page in wacz.pages}
        captures = tuple(
            replace(one, page=True, title=titles[one.url, one.at]) if (one.url, one.at) in titles else one
            for one in found
        )
        missing = set(titles) - {(one.url, one.at) for one in found}
        checks = (*wacz.checks, *(_unfound(url) for url, _ in sorted(missing, key=str)))
        return Archive(name, "wacz", captures, checks, tuple(problems))


def bodies(
    path: Path, wanted: Callable[[PageCapture], bool] = lambda _: True
) -> Iterator[tuple[PageCapture, bytes]]:
    """The captures asked for with their content; transfer and content codings undone.

    A revisit has the content of the capture it names, when that one is in the archive too.
    """
    again: list[PageCapture] = []

    def first(capture: PageCapture) -> bool:
        if capture.kind == "revisit" and wanted(capture):
            again.append(capture)
            return False
        return wanted(capture)

    for reader in _readers(path):
        yield from reader.bodies(first)
    if again:
        yield from _revisited(path, again)


def _revisited(path: Path, again: list[PageCapture]) -> Iterator[tuple[PageCapture, bytes]]:
    for reader in _readers(path):
        for original, body in reader.bodies(lambda one: any(_same(one, other) for other in again)):
            for other in again:
                if _same(original, other):
                    yield replace(other, size=len(body), mime=other.mime or original.mime), body


def _same(original: PageCapture, revisit: PageCapture) -> bool:
    """Whether a capture holds the content a revisit names."""
    if original.kind == "revisit" or revisit.same_as is None:
        return False
    if revisit.digest and original.digest:
        return revisit.digest == original.digest
    return revisit.same_as == (original.url, original.at)


def _readers(path: Path) -> Iterator[Reader]:
    with path.open("rb") as file:
        if file.read(4) != _ZIP:
            file.seek(0)
            yield Reader(file, path.name)
            return
    with opened_wacz(path) as wacz:
        for inner in wacz.warcs:
            with wacz.open(inner) as opened:
                yield Reader(opened, inner)


def body_of(path: Path, url: str, *, at: datetime | None = None) -> bytes:
    """The content kept for an address (at a time, else the first). Raises `UsageError` when there is none."""
    for _, body in bodies(path, lambda one: one.url == url and (at is None or one.at == at)):
        return body
    raise UsageError(
        f"no capture of {url}", file=path.name, remedy="list what it holds: fairstream evidence pages"
    )


def extract(
    path: Path, folder: Path, *, wanted: Callable[[PageCapture], bool] = lambda _: True, most: int = 100_000
) -> tuple[tuple[PageCapture, Path], ...]:
    """Write the content of captures into a folder, numbered, under names of our own.

    Raises `LimitError` beyond `most` captures.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[tuple[PageCapture, Path]] = []
    for number, (capture, body) in enumerate(bodies(path, wanted), 1):
        if number > most:
            raise LimitError(f"more than {most:,} captures", file=path.name, remedy="choose addresses")
        target = folder / f"{number:05}-{_slug(capture.url)}{_ENDINGS.get(capture.mime, '.bin')}"
        target.write_bytes(body)
        written.append((capture, target))
    return tuple(written)


def page_text(html: str) -> PageText:
    """The title and the visible text of an HTML page, a line a block; scripts and styles left out."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    lines = (" ".join(line.split()) for line in "".join(parser.parts).splitlines())
    return PageText(" ".join("".join(parser.title).split()), "\n".join(line for line in lines if line))


def _unfound(url: str) -> Check:
    return Check("page", url, "broken", "the list of pages names it, but no record holds it")


def _slug(url: str) -> str:
    """A readable part of an address that is safe as a file name anywhere."""
    bare = re.sub(r"^[a-z]+://", "", url.split("?")[0].split("#")[0], flags=re.IGNORECASE)
    return re.sub(r"[^A-Za-z0-9]+", "-", bare).strip("-")[:60] or "page"


class _Text(HTMLParser):
    """Collects title and text; the standard library's parser forgives what browsers forgive."""

    _HIDDEN: Final = frozenset({"script", "style", "noscript", "template"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title: list[str] = []
        self._in_title = False
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden += 1
        elif tag == "title":
            self._in_title = True
        elif tag in _BLOCKS:
            self.parts.append("\n")
        elif tag == "img":
            self.parts.extend(f" {value} " for name, value in attrs if name == "alt" and value)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._HIDDEN:
            self._hidden = max(0, self._hidden - 1)
        elif tag == "title":
            self._in_title = False
        elif tag in _BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._hidden:
            self.parts.append(data)
