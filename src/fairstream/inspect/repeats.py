"""Near-identical findings → one finding with a count and its times."""

import unicodedata
from collections.abc import Iterable
from dataclasses import replace

from fairstream.inspect.inspection import Located
from fairstream.records import Finding, Language


def fold_repeats(found: Iterable[Located]) -> list[Located]:
    """One finding per rule, medium and folded quote: the earliest, with the places of all.

    Words that have to be listened to are not counted with the same words that were read.
    """
    groups: dict[tuple[str, str, str, bool], list[Located]] = {}
    for located in sorted(found, key=in_time):
        finding = located.finding
        key = (finding.rule, finding.medium, _plain(finding.quote), finding.listen)
        groups.setdefault(key, []).append(located)
    return sorted((_one(group) for group in groups.values()), key=in_time)


def in_time(located: Located) -> tuple[bool, int, str, int, str]:
    """Sort key: by time, what has none last."""
    finding = located.finding
    start = finding.start_ms
    return start is None, start or 0, finding.unit, finding.span.start, finding.rule


def _plain(quote: str) -> str:
    """Letters and digits of a quote, width and case folded."""
    folded = unicodedata.normalize("NFKC", quote).casefold()
    return "".join(character for character in folded if character.isalnum()) or quote


def _one(group: list[Located]) -> Located:
    first = group[0]
    if len(group) == 1:
        return first
    places = tuple(occurrence for located in group for occurrence in located.occurrences)
    times = tuple(place.start_ms for place in places if place.start_ms is not None)

    def counted(finding: Finding) -> Finding:
        return replace(finding, count=len(places), times=times)

    translations: dict[Language, Finding] = {
        language: counted(finding) for language, finding in first.translations.items()
    }
    return replace(first, finding=counted(first.finding), translations=translations, occurrences=places)
