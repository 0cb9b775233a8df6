"""Findings → the matters the law is asked about: one per conduct and class of goods."""

from collections.abc import Iterable

from fairstream.facts import Facts
from fairstream.inspect.inspection import Located
from fairstream.law.matter import Matter
from fairstream.records import Broadcast, Conduct, Finding, ProductClass


def matters_of(broadcast: Broadcast, facts: Facts, found: Iterable[Located]) -> tuple[Matter, ...]:
    """One matter per conduct, with every provision its findings cite; leads alone make none.

    What a finding may also be is left to the person who decides: it is no matter of its own.
    """
    groups: dict[Conduct, list[Finding]] = {}
    for located in found:
        if not located.finding.lead:
            groups.setdefault(located.finding.conduct, []).append(located.finding)
    return tuple(_matter(broadcast, facts, conduct, group) for conduct, group in groups.items())


def _matter(broadcast: Broadcast, facts: Facts, conduct: Conduct, group: list[Finding]) -> Matter:
    return Matter(
        conduct=conduct,
        on=broadcast.on,
        articles=tuple(dict.fromkeys(cite for finding in group for cite in finding.cites)),
        decided_on=facts.decided_on,
        product_class=_class(group),
        parties=broadcast.parties,
        platform=facts.platform,
        hosts=facts.hosts,
        contracts=facts.contracts,
        seller_displayed=_displayed(facts),
        amounts=facts.amounts,
        circumstances=facts.circumstances,
    )


def _class(group: list[Finding]) -> ProductClass:
    """The class of the goods when all findings that know it agree."""
    known = {finding.product_class for finding in group} - {"unknown"}
    return known.pop() if len(known) == 1 else "unknown"


def _displayed(facts: Facts) -> bool | None:
    """Whether the room showed who the seller is, when the facts tell."""
    display = facts.seller_display
    if display is None:
        return None
    if display.shown is not None:
        return bool(display.shown)
    return True if display.seller_name else None
