"""What the law is asked about, and the shape of its answers.

A `Matter` is one suspected conduct with what is known of it; roles, sanctions, measures and deadlines are
pure functions of it. Every answer is a proposal with its grounds; a person decides and signs.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from fairstream.facts import AdContract, Amounts, Circumstances, HostFacts, PlatformFacts
from fairstream.records import Conduct, Party, ProductClass, Words

Holding = Literal["held", "possible", "not_held"]
"""How sure an answer is: its conditions are met, some are unknown, or one fails."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One suspected conduct on one day. `articles` are the provisions a finding cites, ``family#article``.

    `decided_on` is the day of the decision, when another version of the law may be the lighter one; None is
    today's unknown. Facts that are None or empty are unknown and stay unknown.
    """

    conduct: Conduct
    on: date
    articles: tuple[str, ...] = ()
    conduct_also: tuple[Conduct, ...] = ()
    decided_on: date | None = None
    product_class: ProductClass = "unknown"
    parties: tuple[Party, ...] = ()
    platform: PlatformFacts | None = None
    hosts: tuple[HostFacts, ...] = ()
    contracts: tuple[AdContract, ...] = ()
    seller_displayed: bool | None = None
    amounts: Amounts = field(default_factory=Amounts)
    circumstances: Circumstances = field(default_factory=Circumstances)


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason: what it says, whether it holds (None: unknown), the provision, the fact it was read from.

    `citation` is ``family#article`` or empty for an inference; `unverified` marks what no text proves.
    """

    words: Words
    holds: bool | None = None
    citation: str = ""
    fact: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the law: a code (role, measure, deadline), how sure, why, and what would change it."""

    code: str
    title: Words
    holding: Holding
    grounds: tuple[Ground, ...] = ()
    would_change: tuple[Words, ...] = ()
    subject: str = ""
