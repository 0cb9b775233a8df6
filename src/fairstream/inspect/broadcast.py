"""One broadcast, everything held about it → findings with law, parties and what is still to be proved."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from fairstream.checks.library import Check
from fairstream.facts import Facts
from fairstream.inspect.checking import Suspicions, goods_of, run_checks
from fairstream.inspect.inspection import LANGUAGES, Count, InForce, Inspection, Located
from fairstream.inspect.locate import Locator, without_echoes
from fairstream.inspect.matters import matters_of
from fairstream.inspect.repeats import fold_repeats, in_time
from fairstream.inspect.shelf import Shelf
from fairstream.inspect.units import Unit, spoken_ms, units_of
from fairstream.law.citing import Citer
from fairstream.law.consequences import consequences, provisions
from fairstream.law.resolve import Law
from fairstream.records import Broadcast, Finding, Language, Medium, ProductClass, Text
from fairstream.sources.loaded import Loaded

Progress = Callable[[str], None]


class TextScanner(Protocol):
    """What finds suspect words: `fairstream.detect.engine.Scanner`, or a test's own."""

    def scan(self, texts: Sequence[Text], language: Language | None = None) -> list[list[Finding]]:
        """Findings of each text, citations resolved for the day in `Text.on`."""
        ...

    def classes(self, texts: Sequence[Text]) -> list[ProductClass]:
        """The class of goods each text speaks of."""
        ...


def inspect_broadcast(
    broadcast: Broadcast,
    scanner: TextScanner,
    law: Law,
    language: Language = "zh",
    *,
    facts: Loaded[Facts] | None = None,
    checks: Sequence[Check] = (),
    rules: str = "",
    clock: Callable[[], float] = time.perf_counter,
) -> Inspection:
    """Scan all words of a broadcast and put every finding at its second.

    `facts` are held against the words by `checks`; what they suspect joins the findings. `rules` is the
    fingerprint of the rule set, repeated in the outputs. Texts with findings are scanned once more for the
    other language, so that a report can show both.
    """
    begun = clock()
    units = units_of(broadcast, Shelf(broadcast.listings))
    found = without_echoes(_found(broadcast, units, scanner, language))
    known = facts.records[0] if facts and facts.records else Facts()
    findings = fold_repeats(found)
    goods = goods_of(broadcast, units, _classes(broadcast, units, scanner))
    checked = run_checks(broadcast, known, findings, goods, checks)
    suspicions = Suspicions(broadcast, goods, Citer(law), language)
    findings = sorted([*findings, *suspicions.located(checked)], key=in_time)
    legal = tuple(consequences(matter, law) for matter in matters_of(broadcast, known, findings))
    return Inspection(
        broadcast=broadcast,
        language=language,
        findings=tuple(findings),
        read=_read(units),
        problems=(*broadcast.problems, *(facts.problems if facts else ())),
        seconds=clock() - begun,
        speech_ms=spoken_ms(broadcast.utterances),
        versions=_in_force(findings, law),
        rules=rules,
        facts=known,
        checked=checked,
        consequences=legal,
        provisions=provisions(legal, law),
    )


def _classes(broadcast: Broadcast, units: Iterable[Unit], scanner: TextScanner) -> list[ProductClass]:
    """The class of each listing, as told or as its own words tell."""
    texts = {unit.listing.id: unit.text for unit in units if unit.listing and unit.text.medium == "listing"}
    return scanner.classes([texts[listing.id] for listing in broadcast.listings])


def _found(
    broadcast: Broadcast, units: Sequence[Unit], scanner: TextScanner, language: Language
) -> list[Located]:
    scanned = scanner.scan([unit.text for unit in units], language)
    hits = [(unit, findings) for unit, findings in zip(units, scanned, strict=True) if findings]
    texts = [unit.text for unit, _ in hits]
    others = {name: scanner.scan(texts, name) for name in LANGUAGES if name != language}
    locator = Locator(broadcast)
    located = []
    for row, (unit, findings) in enumerate(hits):
        translated = {name: {finding.id: finding for finding in scans[row]} for name, scans in others.items()}
        for finding in findings:
            words = {name: known[finding.id] for name, known in translated.items() if finding.id in known}
            place = locator.locate(unit, {language: finding, **words}, language)
            if place is not None:
                located.append(place)
    return located


def _read(units: Iterable[Unit]) -> Mapping[Medium, Count]:
    """Records read per medium; those read twice for their joints count once."""
    texts: Counter[Medium] = Counter()
    characters: Counter[Medium] = Counter()
    for unit in units:
        if not unit.crossing:
            texts[unit.text.medium] += len(unit.parts)
            characters[unit.text.medium] += sum(len(part.text) for part in unit.parts)
    return {medium: Count(texts[medium], characters[medium]) for medium in texts}


def _in_force(findings: Iterable[Located], law: Law) -> dict[str, InForce]:
    """When each version that the findings cite was in force."""
    cited = {
        (citation.instrument, citation.version)
        for located in findings
        for citation in located.finding.citations
    }
    intervals = {}
    for instrument, slug in sorted(cited):
        family = law.families.get(instrument)
        version = family.version(slug) if family else None
        if version is not None:
            intervals[slug] = InForce(version.since, version.until)
    return intervals
