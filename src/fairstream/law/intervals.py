"""Compares a version's interval and completeness with what the text says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from fairstream.law.instruments import Version
from fairstream.law.texts import OfficialText

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_EFFECTIVE = re.compile(r"effective (\d{4}-\d{2}-\d{2})")
_REPLACED = re.compile(r"replaced\b[^;]*?(\d{4}-\d{2}-\d{2})")
_LAST_DAY = re.compile(r"in force until (\d{4}-\d{2}-\d{2})")
_TAKES_EFFECT = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起施行")


@dataclass(frozen=True, slots=True)
class Finding:
    """A disagreement between the data and the text."""

    cause: str
    remedy: str


def check_version(version: Version, text: OfficialText, as_of: date) -> Iterator[Finding]:
    """Every way in which a version of the data disagrees with the text's front matter."""
    front = {key: str(value) for key, value in text.front.items()}
    if front.get("title_zh") and front["title_zh"] != version.title["zh"]:
        yield Finding(f"the text is called {front['title_zh']}", "correct the title")
    if "complete" in front and _is_yes(front["complete"]) != version.complete:
        yield Finding(f"the text says complete: {front['complete']}", "correct complete")
    yield from _check_since(version, text, front)
    yield from _check_until(version, front)
    yield from _check_in_force(version, front, as_of)


def _is_yes(value: str) -> bool:
    return value.lower() in ("yes", "true")


def _check_since(version: Version, text: OfficialText, front: dict[str, str]) -> Iterator[Finding]:
    stated = front.get("version", "")
    named = _days(" ".join((stated, front.get("note", ""))))
    effective = _EFFECTIVE.findall(stated)
    if effective:
        day = date.fromisoformat(effective[-1])
        later = {other for other in named if other > day}
        if version.since != day and version.since not in later:
            yield Finding(f"from is {version.since}, the text says effective {day}", "correct from")
        return
    printed = {day for article in text.articles.values() for day in _printed_days(article.words)}
    if version.since not in named | printed and version.certain_from is None:
        yield Finding(
            f"from is {version.since}, a day the text does not name",
            "take the day from the text, or mark it with certain_from",
        )


def _check_until(version: Version, front: dict[str, str]) -> Iterator[Finding]:
    stated = front.get("version", "")
    for day in _REPLACED.findall(stated):
        if version.until != date.fromisoformat(day):
            yield Finding(f"until is {version.until}, the text was replaced on {day}", "correct until")
    for day in _LAST_DAY.findall(stated):
        if version.until != date.fromisoformat(day) + timedelta(days=1):
            yield Finding(f"until is {version.until}, the text's last day is {day}", "correct until")


def _check_in_force(version: Version, front: dict[str, str], as_of: date) -> Iterator[Finding]:
    status = front.get("in_force", "").lower()
    agrees = {
        "yes": version.in_force(as_of),
        "true": version.in_force(as_of),
        "superseded": version.until is not None and version.until <= as_of,
        "not-yet": version.since > as_of,
    }
    if not agrees.get(status, True):
        yield Finding(
            f"the text says in_force: {status}, the interval says otherwise", "correct the interval"
        )


def _days(words: str) -> set[date]:
    return {date(int(year), int(month), int(day)) for year, month, day in _DAY.findall(words)}


def _printed_days(words: str) -> set[date]:
    return {date(int(year), int(month), int(day)) for year, month, day in _TAKES_EFFECT.findall(words)}
