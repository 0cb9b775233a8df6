"""The items behind each number as small pages, so that a reader can follow any number without a program."""

import hashlib
import shlex
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import jinja2

from fairstream.blocks import Chart, Number, Paper, Paragraph, Table
from fairstream.opinion.aggregate import Store
from fairstream.opinion.report.numbers import whole
from fairstream.opinion.report.words import said
from fairstream.opinion.select import where
from fairstream.records import Language, Words

SHOWN: Final = 25
"""Items on a page; a command on it lists them all."""
_LOCALES: Final = {"zh": "zh-Hans", "en": "en"}


def address(query: str) -> str:
    """Where the page of a condition lies, seen from the report."""
    return f"items/{hashlib.sha256(query.encode()).hexdigest()[:12]}"


def asked(paper: Paper) -> dict[str, Words]:
    """Every condition of a paper that a page is made for, with what it counts in words."""
    found = dict[str, Words]()
    for block in paper.blocks:
        for number in _numbers(block):
            if number.query is not None:
                found.setdefault(number.query, number.meaning)
        if isinstance(block, Chart):
            for series in block.series:
                for category, query in zip(block.categories, series.queries, strict=False):
                    if query is not None:
                        label = Words(
                            f"{series.name.zh} · {category.zh}", f"{series.name.en} · {category.en}"
                        )
                        found.setdefault(query, label)
    return found


def _numbers(block: object) -> Iterable[Number]:
    if isinstance(block, Paragraph):
        return [held for held in block.holds.values() if isinstance(held, Number)]
    if isinstance(block, Table):
        return [cell for row in block.rows for cell in row if isinstance(cell, Number)]
    return ()


class Pages:
    """Writes the pages. `name` is how the annotated items are called in the command that lists them all."""

    def __init__(self, store: Store, name: str, titles: Mapping[str, Words], *, invented: bool) -> None:
        self._store, self._name, self._titles, self._invented = store, name, titles, invented

    def write(
        self,
        conditions: Mapping[str, Words],
        counts: Mapping[str, int],
        folder: Path,
        languages: Iterable[Language],
        heard: Callable[[int, int], object] = lambda done, total: None,
    ) -> int:
        """One page for each condition and language under `folder`; gives how many were written."""
        chosen = tuple(languages)
        (folder / "items").mkdir(parents=True, exist_ok=True)
        for done, (query, meaning) in enumerate(conditions.items(), 1):
            rows = self._rows(query)
            for language in chosen:
                page = self._page(query, meaning, rows, counts[str(where(query))], language)
                (folder / f"{address(query)}.{language}.html").write_text(page, encoding="utf-8")
            heard(done, len(conditions))
        return len(conditions) * len(chosen)

    def _rows(self, query: str) -> list[Mapping[str, Any]]:
        condition, values = where(query).sql()
        return self._store.rows(
            'SELECT id, "at", channel, polarity, complaint_score, topics, text, duplicate_of, file, line '
            f"FROM items WHERE {condition} LIMIT {SHOWN}",
            values,
        )

    def _page(
        self, query: str, meaning: Words, rows: list[Mapping[str, Any]], count: int, language: Language
    ) -> str:
        at = 0 if language == "zh" else 1
        command = f"fairstream opinion items {shlex.quote(self._name)} --where {shlex.quote(query)} --limit 0"
        environment = _environment()
        environment.filters["title_of"] = lambda name: self._titles.get(name, Words(name, name))[at]
        return environment.get_template("items.html.j2").render(
            at=at,
            locale=_LOCALES[language],
            heading=meaning[at],
            said=said,
            invented=self._invented,
            shown=whole(len(rows)),
            total=whole(count),
            query=query,
            command=command,
            back=f"../report.{language}.html",
            rows=rows,
        )


@cache
def _environment() -> jinja2.Environment:
    text = files(__package__).joinpath("items.html.j2").read_text(encoding="utf-8")
    return jinja2.Environment(
        loader=jinja2.DictLoader({"items.html.j2": text}),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )
