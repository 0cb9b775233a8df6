"""Labelled data: published cases with the words that were punished, and lawful texts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from fairstream.errors import FormatError
from fairstream.records import Medium, Speaker, Text

SCORED_FORMS = ("quoted", "indirect", "listing_title")
"""Forms of a claim in which the words themselves were published."""

MEDIUM: dict[str, Medium] = {
    "live": "speech",
    "short_video": "short_video",
    "listing": "listing",
    "chat": "chat",
    "consumer_post": "post",
}
SPEAKER: dict[str, Speaker] = {"live": "host", "consumer_post": "customer"}


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A published enforcement case: goods, words, channel and the conduct that was punished."""

    id: str
    product: str
    claims: tuple[str, ...]
    channel: str
    conduct: str
    conduct_also: tuple[str, ...]
    published: date | None

    @property
    def conducts(self) -> frozenset[str]:
        """Every conduct that would be the right name."""
        return frozenset((self.conduct, *self.conduct_also))

    def texts(self) -> list[Text]:
        """The claims as the scanner reads them: with the goods, the channel and the day."""
        medium: Medium = MEDIUM.get(self.channel, "document")
        return [
            Text(
                f"{self.id}#{number}",
                claim,
                self.product,
                medium=medium,
                speaker=SPEAKER.get(self.channel, "seller"),
                on=self.published,
            )
            for number, claim in enumerate(self.claims)
        ]


@dataclass(frozen=True, slots=True)
class LawfulText:
    """A lawful or harmless text; `hard` ones hold words that look suspicious."""

    id: str
    text: str
    channel: str
    kind: str
    real: bool
    hard: bool

    @property
    def seller_side(self) -> bool:
        """Whether a seller or host said it."""
        return self.channel != "consumer_post"

    def as_said(self) -> Text:
        """The text with its true speaker."""
        return self._text(SPEAKER.get(self.channel, "seller"))

    def as_seller(self) -> Text:
        """The text read as if a seller had said it: the harder test."""
        speaker: Speaker = "host" if self.channel == "live" else "seller"
        return self._text(speaker)

    def _text(self, speaker: Speaker) -> Text:
        return Text(self.id, self.text, medium=MEDIUM.get(self.channel, "document"), speaker=speaker)


def read_cases(path: Path) -> list[LabelledCase]:
    """Scorable cases of a JSON-lines file: those with at least one claim published as words.

    Raises `FormatError` with file and line.
    """
    return [
        LabelledCase(
            row["id"],
            row.get("product") or "",
            tuple(row["claims"]),
            row.get("channel") or "",
            row["conduct"],
            tuple(row.get("conduct_also") or ()),
            published_day(row.get("published")),
        )
        for row in json_rows(path, ("id", "claims", "conduct"))
        if row["claims"] and row.get("claim_form") in SCORED_FORMS
    ]


def read_lawful(path: Path) -> list[LawfulText]:
    """Lawful texts of a JSON-lines file. Raises `FormatError` with file and line."""
    return [
        LawfulText(
            row["id"],
            row["text"],
            row.get("channel") or "",
            row.get("kind") or "",
            row.get("origin") == "real",
            bool(row.get("hard_negative")),
        )
        for row in json_rows(path, ("id", "text"))
    ]


def published_day(value: object) -> date | None:
    """A day; of a bare month or year its first day."""
    text = str(value or "")
    for shape in (text, f"{text}-01", f"{text}-01-01"):
        try:
            return date.fromisoformat(shape)
        except ValueError:
            continue
    return None


def json_rows(path: Path, keys: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Every object of a JSON-lines file that has these keys. Raises `FormatError` with file and line."""
    return (row for _, row in numbered_rows(path, keys))


def numbered_rows(path: Path, keys: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The same with the 1-based number of the line."""
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise FormatError(
                f"not JSON: {error}", file=path, line=number, remedy="one object per line"
            ) from error
        missing = [key for key in keys if not isinstance(row, dict) or key not in row]
        if missing:
            cause = f"without {', '.join(missing)}"
            raise FormatError(cause, file=path, line=number, remedy="see the data's description of fields")
        yield number, row
