"""Parses an official text into its articles.

Reads the shape of collected statutes (YAML front matter, ``第九条　…``, ``第一百四十二条之一``, chapter
headings) and any Markdown or plain text with 第…条 in Chinese or Arabic numerals. Guidelines without
articles are read by their numbered points (``五、…``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from fairstream.errors import EncodingError, FormatError, LimitError
from fairstream.law.citation import article_order
from fairstream.law.numerals import NUMERAL, parse_numeral
from fairstream.records import Place, Problem

MAX_BYTES = 8_000_000
"""The longest code is a quarter of a megabyte; more is not a statute."""

_MARKUP = r"[\s　]*(?:#{1,6}[\s　]*)?(?:[*_]{1,3})?[\s　]*"
_ARTICLE = re.compile(
    rf"{_MARKUP}第[\s　]*(?P<number>[{NUMERAL}]+)[\s　]*条(?:之(?P<sub>[{NUMERAL}]+))?"
    r"(?P<mark>[*_]{0,3})(?P<gap>[\s　:：]*)(?P<rest>.*)"
)
_POINT = re.compile(rf"{_MARKUP}(?P<number>[一二三四五六七八九十百]+)、(?P<rest>.*)")
_CHAPTER = re.compile(rf"{_MARKUP}第[\s　]*[{NUMERAL}]+[\s　]*[编章节][\s　*_].*|{_MARKUP}附[\s　]*则[*_]*")
# After these a line that begins with 第…条 is a sentence about an article, not its heading.
_MENTION = re.compile(r"^(?:[、，。；和与及或至到的]|第|规定|所列|所称|之规定)")


@dataclass(frozen=True, slots=True)
class TextArticle:
    """One article as published: its words (headings removed), the line it begins on, its chapter."""

    number: str
    words: str
    line: int
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class OfficialText:
    """A parsed text. `articles` keeps the order of the text; `front` is the front matter as given."""

    slug: str
    title: str
    file: str
    articles: Mapping[str, TextArticle]
    front: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_text_file(file: Path) -> OfficialText:
    """Parse one file. InputError (encoding, size, no article found) names the file and how to mend it."""
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise LimitError(f"{size} bytes is no statute", file=file, remedy="import one text per file")
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"not UTF-8 at byte {error.start}", file=file, remedy="save the text as UTF-8"
        ) from error
    return parse_text(content, file)


def parse_text(content: str, file: Path) -> OfficialText:
    """Parse the content of a file; FormatError when it holds no article."""
    lines = content.splitlines()
    front, first = _front_matter(lines, file)
    articles, problems = _collect(lines, first, file, _ARTICLE)
    if not articles:
        articles, problems = _collect(lines, first, file, _POINT)
    if not articles:
        raise FormatError(
            "no article (第…条) and no numbered point (一、) begins a line",
            file=file,
            line=first + 1,
            remedy="begin each article on a line of its own",
        )
    title = str(front.get("title_zh") or _first_heading(lines[first:]) or file.stem)
    slug = str(front.get("slug") or file.stem)
    return OfficialText(slug, title, str(file), articles, front, tuple(problems))


def _front_matter(lines: list[str], file: Path) -> tuple[Mapping[str, Any], int]:
    if not lines or lines[0].strip() != "---":
        return {}, 0
    end = next((number for number, line in enumerate(lines[1:], 1) if line.strip() == "---"), None)
    if end is None:
        raise FormatError("the front matter never ends", file=file, line=1, remedy="close it with ---")
    try:
        front = yaml.load("\n".join(lines[1:end]), Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise FormatError(
            f"the front matter is not YAML: {getattr(error, 'problem', error)}",
            file=file,
            line=mark.line + 2 if mark else 1,
            remedy="put texts with a colon in quotes",
        ) from error
    return _scalars(front), end + 1


def _scalars(front: object) -> dict[str, Any]:
    # Nested values say nothing about a statute, and aliases nested in each other can grow without end.
    items = front.items() if isinstance(front, dict) else ()
    return {str(key): value for key, value in items if isinstance(value, str | int | float | date)}


def _first_heading(lines: list[str]) -> str:
    for line in lines:
        text = line.strip().lstrip("#> ").strip()
        if text and not _ARTICLE.match(line):
            return text
    return ""


@dataclass
class _Collector:
    """Gathers articles line by line."""

    file: Path
    articles: dict[str, TextArticle] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    number: str = ""
    line: int = 0
    chapter: str = ""

    def begin(self, number: str, line: int, words: str) -> None:
        self.finish()
        self.number, self.line, self.words = number, line, [words] if words else []

    def finish(self) -> None:
        if self.number:
            words = "\n".join(self.words)
            self.articles[self.number] = TextArticle(self.number, words, self.line, self.chapter)
        self.number = ""

    def complain(self, line: int, cause: str) -> None:
        place = Place(str(self.file), line)
        self.problems.append(Problem(place, cause, "compare the text with the official one"))


def _collect(
    lines: list[str], first: int, file: Path, heading: re.Pattern[str]
) -> tuple[dict[str, TextArticle], list[Problem]]:
    collector = _Collector(file)
    for index, line in enumerate(lines[first:], first + 1):
        match = heading.fullmatch(line)
        if match and not _is_mention(match):
            _begin(collector, match, index)
        elif _CHAPTER.fullmatch(line):
            collector.finish()
            collector.chapter = line.strip().lstrip("#").strip("*_ 　")
        elif collector.number and line.strip() and not line.lstrip().startswith("#"):
            collector.words.append(_plain(line))
    collector.finish()
    return collector.articles, collector.problems


def _is_mention(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    return not groups.get("gap", " ") and bool(_MENTION.match(groups["rest"]))


def _begin(collector: _Collector, match: re.Match[str], line: int) -> None:
    groups = match.groupdict()
    try:
        number = str(parse_numeral(groups["number"]))
        if groups.get("sub"):
            number += f"-{parse_numeral(groups['sub'])}"
    except ValueError as error:
        collector.complain(line, f"the article's number cannot be read: {error}")
        return
    if number in collector.articles or number == collector.number:
        collector.complain(line, f"article {number} stands twice; the first is kept")
        collector.finish()
        return
    if collector.number and article_order(number) < article_order(collector.number):
        collector.complain(line, f"article {number} stands after article {collector.number}")
    collector.begin(number, line, _plain(groups["rest"]))


def _plain(line: str) -> str:
    return line.strip().lstrip(">").replace("**", "").strip()
